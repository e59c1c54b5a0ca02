/* sitting - one fob in front of one receiver that does not move: what was heard, as
 * presses.
 *
 * Bursts and the copies of frames in them are put together to what a person did:
 * a press has a start, a duration, copies, a level. Copies of one press may be
 * lost, another transmitter may send in between, a button may be held. What sends
 * alike is one source; which of the sources is the fob is told by when it sends:
 * while it is asked for (prompts), or, where nobody asked, most often.
 *
 *   in      frames one a copy (pipeline_cfg.is_every), and bursts, by time
 *   out     struct sitting: plain data, from which verdict.h judges
 *   memory  fixed; what finds no room is counted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SITTING_H
#define SRC_SITTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/frame.h"
#include "src/pipeline.h"

enum {
    SITTING_PRESSES_MAX = 400,
    SITTING_SOURCES_MAX = 32,
    SITTING_PROMPTS_MAX = 100,
    SITTING_BANDS_MAX = PIPELINE_BANDS_MAX,
    SITTING_BUTTON_MAX = 24, /* bytes of a button's name */
};

struct sitting_press {
    double start_s, end_s; /* of the sitting */
    unsigned copies;       /* whole frames */
    unsigned cut_offs;     /* keyed bursts from which no frame came */
    unsigned bursts;
    double carrier_hz; /* on the air, where the centre is known; else from it */
    double carrier_uncertainty_hz;
    double drift_hz;   /* of the last copy from the first; NAN: one copy */
    double level_dbfs; /* of the strongest copy; NAN: pulses */
    double snr_db;
    double sag_db; /* first copy's level less the last's; NAN: one copy */
    double first_level_dbfs;
    double te_us;    /* 0: no chip clock */
    double gain_db;  /* of the receiver when it began; NAN: not known */
    double period_s; /* from one copy's end to the next one's; NAN: one copy, */
    double gap_s;    /* and to its beginning */
    bool is_overload;
    bool is_keyed;      /* it was more than a carrier */
    struct frame frame; /* the best copy; bits.n 0: no frame */
    unsigned
        doubtful_bits; /* of the longest frame that is too doubtful to be told */
    int source;        /* in sitting.source */
    int prompt;        /* in sitting.prompt that it answers; -1: none */
    double copied_s;   /* when the last copy ended; NAN: none did */
};

/* What sends alike: one fob, or something else. */
struct sitting_source {
    unsigned presses;   /* those with frames, */
    unsigned answers;   /* and those that answer a prompt */
    double carrier_hz;  /* of the last press */
    struct frame frame; /* of its first press with one; bits.n 0: none */
};

/* A button that was asked for. */
struct sitting_prompt {
    char button[SITTING_BUTTON_MAX]; /* "lock"; "": any */
    double start_s, end_s;
    bool is_control; /* another remote was asked for, to show that all works */
    bool is_search;  /* bands were gone round: a short press may be missed */
};

struct sitting_band {
    double centre_hz, width_hz; /* NAN: not known */
    double watched_s;
    double noise_dbfs; /* in the width; NAN: not known */
    /* The strongest carrier that never stops, over the noise of its 1 to 2 kHz: */
    double steady_hz, steady_db; /* db 0: none */
};

struct sitting {
    struct sitting_press press[SITTING_PRESSES_MAX];
    size_t n_presses, left_out;
    struct sitting_source source[SITTING_SOURCES_MAX];
    size_t n_sources;
    struct sitting_prompt prompt[SITTING_PROMPTS_MAX];
    size_t n_prompts;
    struct sitting_band band[SITTING_BANDS_MAX];
    size_t n_bands, tuned; /* tuned: which is listened to, */
    double centre_hz;      /* and what to: of more bands than there is room for
                            * the last ones share one; NAN: not known */
    double gain_db;        /* NAN: not known */
    uint64_t lost;
    unsigned overloads; /* times the receiver was */
    double rate_hz;
    double offset_s;  /* the time of position 0 */
    double watched_s; /* the time up to which it was watched */
    double chips_s;   /* when the last chips began, */
    bool is_all_on;   /* and whether hardly one of them is off */
    bool is_live;
    int fob; /* the source that is the fob; -1: none was heard */
};

/* rate_hz: of positions in frames and bursts. */
void sitting_init(struct sitting *s, double rate_hz, bool is_live);

/* What follows is another recording of the same fob, of this rate: its position 0
 * is some seconds after all that came before. */
void sitting_join(struct sitting *s, double rate_hz);

/* From here on, at position `at`, samples are of this centre. */
void sitting_tune(struct sitting *s, uint64_t at, double centre_hz,
                  double gain_db);

/* The gain with which what follows was recorded; NAN: not known. */
void sitting_set_gain(struct sitting *s, double gain_db);

/* Up to position at the tuned band was listened to. */
void sitting_watch(struct sitting *s, uint64_t at);

/* What is there all the time in the tuned band. */
void sitting_floor(struct sitting *s, const struct pipeline_floor *f);

void sitting_frame(struct sitting *s, const struct frame *f);

/* Before the burst that they are of: whether it was keyed. */
void sitting_chips(struct sitting *s, const struct chip_report *c);
void sitting_burst(struct sitting *s, const struct burst_report *b);
void sitting_overload(struct sitting *s);
void sitting_lose(struct sitting *s, uint64_t n);

/* The time of a position. */
double sitting_seconds(const struct sitting *s, uint64_t at);

/* Asks for a button from now on; its end comes with the next one or with
 * sitting_stop_asking. False: no room. */
bool sitting_ask(struct sitting *s, double now_s, const char *button,
                 bool is_control);

/* Of what was asked for last: whether bands were gone round meanwhile. */
void sitting_search(struct sitting *s, bool is_search);

void sitting_stop_asking(struct sitting *s, double now_s);

/* Whether a frame is told of: of even odds at least. */
bool sitting_is_told(const struct frame *f);

/* Which source is the fob, which press answers which prompt; bursts that are but a
 * stronger one's shadow in the receiver go. Can be called again when more has
 * come. */
void sitting_settle(struct sitting *s);

/* Whether press i is the fob's. */
bool sitting_is_fobs(const struct sitting *s, size_t i);

#endif
