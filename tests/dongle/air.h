/* air - what a dongle's antenna and converter deliver, as bytes.
 *
 *   in      what is on the air, and how the dongle is set
 *   out     cu8, I then Q, zero at 127.5; a pure function of the number of
 *           the sample, whatever is asked for at a time
 *   memory  an emitter's is the caller's and is kept; air_init allocates
 *           nothing
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_AIR_H
#define TESTS_DONGLE_AIR_H

#include "tests/support/synth.h"

enum emitter_kind { EMITTER_PRESS, EMITTER_CARRIER, EMITTER_PLAY };

struct emitter {
    enum emitter_kind kind;
    double at_s, seconds; /* infinity: for ever */
    double every_s;       /* again and again; 0: once */
    double hz, level_dbfs;

    /* EMITTER_PRESS */
    struct synth_train train;
    enum modulation modulation;
    double deviation_hz;
    uint64_t seed;

    /* EMITTER_PLAY */
    enum sample_format format;
    const uint8_t *bytes;
    size_t n;
    double rate_hz;
};

struct air_cfg {
    double noise_dbfs;         /* in 1 MHz */
    double dc_dbfs, spur_dbfs; /* -infinity: none */
    const struct emitter *emitter;
    size_t n_emitters;
    uint64_t seed;
};

/* How a dongle is set. */
struct tuning {
    double rate_hz, centre_hz; /* as they truly are */
    double xtal_hz;            /* its harmonics are heard */
    double gain_db;            /* levels are meant for R82XX_REFERENCE_DB */
    bool is_mirrored, is_counting;
};

#define AIR_NOISES 65536
#define AIR_CHUNK  4096

struct air {
    struct air_cfg cfg;
    struct tuning tuning;
    uint64_t since; /* the sample from which on the tuning holds */
    double since_s; /* and its time */
    float dc;
    float unit[AIR_NOISES];    /* deviates, in order; all 0 before the first
                                * air_tune */
    float noise[AIR_NOISES];   /* a rail's, without the DC */
    uint8_t quiet[AIR_NOISES]; /* what the converter makes of it */
    iq x[AIR_CHUNK];
};

void air_init(struct air *a, const struct air_cfg *cfg);

/* From sample `at` on, which is not before any filled. */
void air_tune(struct air *a, const struct tuning *tuning, uint64_t at);

/* Seconds since sample 0. */
double air_time_s(const struct air *a, uint64_t at);

/* Samples `at` to at + n of the tuning that holds. */
void air_fill(struct air *a, uint64_t at, uint8_t *out, size_t n);

#endif
