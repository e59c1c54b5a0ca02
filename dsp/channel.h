/* channel - one stretch of the band: mixed to zero, filtered, decimated.
 *
 *   in      iq at the input's rate
 *   out     iq at rate / decimation; out[j] belongs to in[j * decimation], the
 *           filters' delay is taken out; flat to 0.4 of the output's rate
 *   memory  allocated by init
 *   source  Kaiser windows by liquid-dsp; its own decimator, scalar in Debian's
 *           build, takes 2.6 times as long as the loop here
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_CHANNEL_H
#define DSP_CHANNEL_H

#include "dsp/iq.h"

enum {
    CHANNEL_STAGES = 2,
    CHANNEL_DECIMATION_MAX = 4096,
    CHANNEL_TURN = 64,
    CHANNEL_LANES = 8,
    CHANNEL_CHUNK = 1024
};

struct channel_stage { /* private */
    unsigned factor;   /* 1: nothing to do */
    size_t taps;       /* a multiple of CHANNEL_LANES / 2 */
    float *weights;    /* each tap twice, for I and for Q, oldest first */
    iq *buffer;        /* the last taps, and a chunk */
    size_t have, next; /* samples in it; newest of the next output */
};

struct channel { /* private */
    unsigned decimation;
    struct channel_stage stage[CHANNEL_STAGES];
    double phase, step; /* cycles, cycles a sample */
    float turn_re[CHANNEL_TURN], turn_im[CHANNEL_TURN];
    size_t skip;  /* outputs that come before in[0] */
    size_t delay; /* inputs that flush pushes */
};

/* decimation: 1 .. 4096. 0, -EINVAL, -ENOMEM; finish() takes a zeroed struct.
 */
int channel_init(struct channel *c, unsigned decimation);
void channel_finish(struct channel *c);

/* A decimation that the two stages can share, not above wish. */
unsigned channel_decimation(double wish);

/* Forgets the signal; frequency is in cycles an input sample. */
void channel_reset(struct channel *c, double frequency);

/* The most outputs of n inputs and a flush. */
size_t channel_bound(const struct channel *c, size_t n);

size_t channel_process(struct channel *c, const iq *in, size_t n, iq *out);

/* The outputs that the delay still held back. */
size_t channel_flush(struct channel *c, iq *out);

const char *channel_library_version(void);

#endif
