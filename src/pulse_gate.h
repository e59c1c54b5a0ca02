/* pulse_gate - lets a transmitter's pulses through and makes noise silence.
 *
 * A Flipper's FSK receiver writes noise wherever no carrier is, thousands of pulses
 * a second, without a gap that would tell one press from the next. squelch.h
 * says what of a block is keyed; the rest counts as low for as long as it was. A
 * block with noise alone goes through as it is: nothing tells that it is noise.
 * What is let through has a quarter of a block on both sides that was looked at
 * with it, so that a frame is seen whole wherever a border is.
 *
 *   in      pulses, highs and lows in turn, in blocks
 *   out     the same, noise as part of the low before it; no time is lost
 *   memory  struct pulse_gate, 200 KB
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_PULSE_GATE_H
#define SRC_PULSE_GATE_H

#include "dsp/squelch.h"
#include "src/source.h"

enum {
    PULSE_MAX_US = 10000000 /* 10 s: no fob is silent longer in one press */
};

struct pulse_gate { /* private */
    struct squelch squelch;
    pulse_us in[SQUELCH_PULSES];
    size_t n_in, passed;              /* of them; kept for those behind them */
    pulse_us out[SQUELCH_PULSES + 1]; /* and the run from before */
    size_t at, n_out;
    pulse_us run; /* not yet ended; 0: none */
};

/* Where pulses are to be put, and how many at most. */
pulse_us *pulse_gate_room(struct pulse_gate *g, size_t *n);

/* n more are there. Without room for more, or when is_last says that none will
 * come, they are judged, and those that are through can be taken: all of them,
 * before more are put in. */
void pulse_gate_put(struct pulse_gate *g, size_t n, bool is_last);

/* Of those that are through, at most n; 0: none are left. */
size_t pulse_gate_take(struct pulse_gate *g, pulse_us *out, size_t n);

#endif
