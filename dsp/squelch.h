/* squelch - which pulses of a train a transmitter keyed, and which are what a
 * receiver's slicer makes of noise.
 *
 * A recording of pulses has no level, so that nothing but their widths tells
 * noise from a signal: a transmitter's are one to four times the same TE, one
 * after the other; noise has any. Two states in turn, and for each TE the
 * likeliest way through them (Viterbi). The TE that explains most is taken, then
 * the one that explains most of the rest: there may be several fobs. Some pulses
 * on both sides of what is keyed go with it.
 *
 *   in      widths in us, highs and lows in turn
 *   out     for each whether it is keyed
 *   memory  struct squelch, 70 KB
 *   cost    3 ms and 0.25 us a pulse for each fob, and once more
 *   source  G. D. Forney, "The Viterbi algorithm", Proc. IEEE 61(3), 1973
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_SQUELCH_H
#define DSP_SQUELCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SQUELCH_PULSES = 16384,   /* the longest train */
    SQUELCH_WIDTHS = 700,     /* told apart: 1 % each */
    SQUELCH_SHORTEST_US = 20, /* shorter ones count as that */
};

struct squelch { /* private */
    size_t n;
    uint16_t width[SQUELCH_PULSES]; /* index into gain */
    uint8_t came[SQUELCH_PULSES];   /* from the other state, a bit for each */
    bool keyed[SQUELCH_PULSES];
    float gain[SQUELCH_WIDTHS + 1]; /* ln likelihood of keyed over noise */
};

/* Takes the widths of a train, n <= SQUELCH_PULSES, and says whether much of it
 * is noise around pulses that are keyed: then keyed[] has which. Otherwise,
 * where nothing is told from noise, or where there is little of it, false, and
 * keyed[] says nothing. */
bool squelch_find(struct squelch *s, const int32_t *widths_us, size_t n);

#endif
