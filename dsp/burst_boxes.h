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

struct burst_box {
    bool is_open, is_cut_before, is_cut_after; /* of a longer one */
    size_t low, high;                          /* bins, inclusive */
    uint64_t first, last;                      /* rows, inclusive */
};

struct burst_boxes { /* zeroed: none */
    struct burst_box at[BURST_BOXES_MAX];
    size_t tolerance; /* bins between hits of one box */
};

/* A hit in bins low .. high and rows first .. last, the newest: to the open box
 * that it touches, or to a new one. */
void burst_boxes_add(struct burst_boxes *b, size_t low, size_t high,
                     uint64_t first, uint64_t last);

/* Boxes that have grown together are one. */
void burst_boxes_join(struct burst_boxes *b);

#endif
