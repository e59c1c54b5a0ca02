/* inference_impl - what the inference*.c files share; nobody else includes it.
 *
 *   frames ──align──▶ columns ──stories──▶ segments ──fields──▶ table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_INFERENCE_IMPL_H
#define PROTOCOLS_INFERENCE_IMPL_H

#include "protocols/inference.h"

enum { FOBS_MAX = 16, BUTTONS_MAX = 16 }; /* of more fobs frames are left out */

/* Whether a bit that is 1 with probability p is in doubt: wrong once in 20. */
bool inference_is_doubtful(float p);

/* Frames on common columns. A bit that a frame has not is 1 with probability 0.5.
 */
struct aligned {
    size_t n_bits, n;                        /* n: frames */
    float p[INFERENCE_FRAMES_MAX][BITS_MAX]; /* of being 1, as received */
    uint8_t value[INFERENCE_FRAMES_MAX][BITS_MAX];
    bool is_clean[INFERENCE_FRAMES_MAX]; /* no bit is in doubt */
    unsigned fob[INFERENCE_FRAMES_MAX];  /* 0 .. fobs - 1 */
    int button[INFERENCE_FRAMES_MAX];    /* 0 .. buttons - 1; -1: not known */
    unsigned fobs, buttons;
    int label[BUTTONS_MAX]; /* of each button, as in the frames given */
    bool varies[BITS_MAX];  /* beyond doubt, from frame to frame */
    bool moves[BITS_MAX];   /* of one fob */
    unsigned left_out, slipped;
};

/* frames[n] into a. False: fewer than INFERENCE_PRESSES_MIN fit. */
bool inference_align(struct aligned *a, const struct inference_frame *frames,
                     size_t n);

/* Ways to explain a stretch of bits. */
enum story {
    STORY_CONSTANT, /* one fob: the same in all its frames */
    STORY_FIXED,    /* several fobs: the same in all frames, */
    STORY_IDENTITY, /* or in all of one fob */
    STORY_ACTION,
    STORY_STATUS,
    STORY_COUNTER,
    STORY_ROLLING,
    STORY_CHECK,
    STORIES
};

enum {
    COUNTER_BITS_MAX = 32,
    ACTION_BITS_MAX = 12,
    STATUS_BITS_MAX = 4,
};

/* The best way to count in a stretch. */
struct counting {
    float gain; /* all ways together */
    uint8_t is_lsb;
    int8_t step;
};

enum { SIDES = 2 };

/* The likeliest explanation of the bits before one: how its last segment begins, and
 * what was before that. */
struct best_way {
    double nats;
    uint16_t at;
    uint8_t story, side;
};

/* How well each story explains each stretch, in nats over "any bits", and the
 * likeliest sequence of them. */
struct explained {
    const struct aligned *aligned;
    /* Sums of columns before the i-th: */
    double fixed[BITS_MAX + 1], identity[BITS_MAX + 1], status[BITS_MAX + 1];
    struct counting counting[BITS_MAX][COUNTER_BITS_MAX + 1]; /* at, bits */
    float acting[BITS_MAX][ACTION_BITS_MAX + 1]; /* the same of buttons */
    struct relation_list relations;
    /* ln of all explanations of the bits before the i-th whose last story is
     * that, and of all of the bits from the i-th on before which it was; with an
     * identity among the stories before (1) or without: */
    double forward[BITS_MAX + 1][STORIES][SIDES],
        backward[BITS_MAX + 1][STORIES][SIDES];
    double total;
    struct best_way best[BITS_MAX + 1][STORIES][SIDES];
};

/* Frames whose bits are read as another line code. */
struct read_otherwise {
    struct bits bits[INFERENCE_FRAMES_MAX];
    struct inference_frame frame[INFERENCE_FRAMES_MAX];
};

struct segment {
    enum story story;
    size_t at, bits;
};

/* Reckons all of it. */
void explained_reckon(struct explained *x, const struct aligned *a);

/* The likeliest sequence; out has room for BITS_MAX. Returns how many. */
size_t explained_best(struct explained *x, struct segment *out);

/* The probability that such a segment begins at bit `at`; ends before it; that bit
 * i is in one. */
double explained_begins(const struct explained *x, enum story s, size_t at);
double explained_ends(const struct explained *x, enum story s, size_t end);
void explained_inside(const struct explained *x, enum story s,
                      double inside[BITS_MAX]);

/* Nats over "any bits" of a stretch; -INFINITY: it cannot be. */
double explained_evidence(const struct explained *x, enum story s, size_t at,
                          size_t bits);

/* Nats over "any bits" of a stretch, with the likelihood of its width before
 * anything was seen; -INFINITY: it cannot be. */
double explained_gain(const struct explained *x, enum story s, size_t at,
                      size_t bits);

/* inference_width.c: ln of how likely it is before anything was seen that such a
 * field is so wide. */
double inference_width(enum story s, size_t bits);

/* ln(e^a + e^b). */
double inference_add_logs(double a, double b);

/* inference_count.c: */
void inference_count(struct explained *x);

/* inference_act.c: */
void inference_act(struct explained *x);

/* Nats, over "any bits", of one value of bit k in all frames of a button; all
 * frames, or those of a fob: -1. */
double inference_same(const struct aligned *a, size_t k, int fob, int button);

#endif
