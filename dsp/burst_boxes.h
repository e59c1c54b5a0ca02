/* burst_boxes - hits that touch in frequency, gathered in boxes while those are
 * open.
 *
 *   memory  none beyond struct burst_boxes; cannot fail: beyond
 *           BURST_BOXES_MAX at once, hits are left out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_BURST_BOXES_H
#define DSP_BURST_BOXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BURST_BOXES_MAX = 16 };

/* Bins and rows that are hot together, both ends inclusive. */
struct burst_hit {
    size_t low, high;
    uint64_t first, last; /* last: the newest row */
    bool is_brief;        /* so few rows that a burst's end shows at once */
};

struct burst_box {
    bool is_open, is_cut_before, is_cut_after; /* of a longer one */
    bool is_clear; /* strong enough for brief hits */
    bool is_over;  /* closed, but long sums still hold its rows */
    size_t low, high;
    uint64_t first, last;
};

struct burst_boxes { /* zeroed: none */
    struct burst_box at[BURST_BOXES_MAX];
    size_t tolerance; /* bins between hits of one box */
};

/* To the open box that the hit touches, or to a new one. A sum over many rows
 * stays hot after a clear burst has ended; while it holds rows of that burst it
 * says nothing about later ones, and moves no end. */
void burst_boxes_add(struct burst_boxes *b, const struct burst_hit *hit);

/* Not open any more. */
void burst_boxes_close(struct burst_box *box);

/* Rows up to `row` are in no sum any more: boxes that are over by then go. */
void burst_boxes_forget(struct burst_boxes *b, uint64_t row);

/* Boxes that have grown together are one. */
void burst_boxes_join(struct burst_boxes *b);

#endif
