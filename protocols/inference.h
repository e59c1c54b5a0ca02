/* inference - the fields of a format that nobody has described, from the frames of
 * several presses.
 *
 * Each stretch of bits is explained by the likeliest story: the same in every frame,
 * the same in every frame of a fob, following the button, counting, changing each
 * time, computed from the bits before it. A story that fits explains its bits with
 * fewer free choices than "any bits", so the borders and the roles come out
 * together, each with the probability that it is right. What the presses cannot
 * show is said to be open, with what would show it.
 *
 *   in      frames of one format, one a press, in the order they were sent; which fob
 *           and which button, where that is known; the line code they were decoded by
 *   out     struct inference: plain data
 *   memory  allocated by init
 *   source  forward-backward over segments (hidden semi-Markov model): S. Yu,
 *           "Hidden semi-Markov models", Artificial Intelligence 174, 2010;
 *           J. Rissanen, "Modeling by shortest data description", 1978
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_INFERENCE_H
#define PROTOCOLS_INFERENCE_H

#include "protocols/frame.h"
#include "protocols/relation.h"

enum {
    INFERENCE_FRAMES_MAX = 400,
    INFERENCE_FIELDS_MAX = BITS_MAX,
    INFERENCE_WANTS_MAX = 8,
    INFERENCE_PRESSES_MIN = 2, /* fewer show nothing of what changes */
    INFERRED_FIELDS_MAX = INFERENCE_FIELDS_MAX + BITS_MAX / 64,
    INFERRED_NAME = 16,
};

/* One press. */
struct inference_frame {
    const struct bits *bits;
    unsigned fob; /* 0: the first; presses of one fob have one number */
    int button;   /* 0, 1, ..: which; -1: not known */
};

/* What a stretch of bits is, and how sure that is. */
struct inference_field {
    enum field_role role; /* IDENTITY of one fob's frames: the same in all of
                           * them; what of it is every fob's, one cannot show */
    enum field_order order;
    uint16_t at, bits;
    double confidence;   /* that all these bits have this role */
    double begins, ends; /* that it begins, and ends, just there */
    double gain;    /* nats over "any bits": the evidence behind the role */
    int step;       /* of a counter: what it is mostly raised by; else 0 */
    uint16_t reach; /* of a counter: so many bits above its highest that changed
                     * may be its own too; they are those of its neighbour here */
    struct relation relation; /* of a check: what it is computed from */
};

/* What more presses would settle. */
enum inference_want_kind {
    WANT_PRESSES,     /* of any button: what is open is where a field ends */
    WANT_BUTTON,      /* a second button: what follows it cannot be told */
    WANT_SAME_BUTTON, /* each button again: each was pressed but once */
    WANT_FOB,         /* a second fob: what is every fob's cannot be told */
    WANT_LABELS,      /* which button was pressed when */
};

struct inference_want {
    enum inference_want_kind kind;
    unsigned presses;  /* more, of each button it is about */
    int button;        /* as in the frames; -1: any */
    uint16_t at, bits; /* what it would settle; bits 0: all */
};

struct inference {
    size_t n_bits; /* of a frame, aligned */
    /* What the bits are read as: Manchester and its differential kind have the same
     * chips, and which of them it is shows only in what frames have in common. */
    enum line_kind kind;
    double
        kind_gain; /* nats, over the kind as which they were decoded; 0: it is */
    unsigned frames, fobs, buttons; /* buttons: told apart; 0: none known */
    unsigned left_out;              /* frames that did not fit to the others */
    unsigned slipped; /* frames with a bit too few or too many, aligned */
    double evidence;  /* nats of all of it, over "any bits" */
    double rolls;     /* probability that some bits roll or count */
    struct inference_field field[INFERENCE_FIELDS_MAX]; /* all bits, in order */
    size_t n;
    struct inference_want want[INFERENCE_WANTS_MAX];
    size_t n_wants;
};

struct inferrer { /* private */
    struct aligned *aligned;
    struct explained *explained;
    struct read_otherwise *other;
};

int inferrer_init(struct inferrer *m); /* -ENOMEM */
void inferrer_finish(struct inferrer *m);

/* False: fewer than INFERENCE_PRESSES_MIN frames that fit to each other; *ret then
 * has n 0. */
bool inference_find(struct inferrer *m, const struct inference_frame *frames,
                    size_t n, enum line_kind kind, struct inference *ret);

/* Bits that were decoded as kind `from`, read as kind `to`: Manchester as
 * differential Manchester, or the other way; any other pair leaves them as they
 * are. */
void inference_read_as(const struct bits *in, enum line_kind from,
                       enum line_kind to, struct bits *out);

/* The table in a descriptor's form. */
struct inferred_protocol {
    struct protocol protocol; /* name "unknown", model "Unknown" */
    struct field fields[INFERRED_FIELDS_MAX + 1];
    struct waveform waveforms[2];
    char names[INFERRED_FIELDS_MAX][INFERRED_NAME];
};

/* f: one of the frames, for how it is sent. p points into itself: it is not to be
 * copied. */
void inference_describe(const struct inference *i, const struct frame *f,
                        struct inferred_protocol *p);

#endif
