/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/burst_boxes.h"

static bool touches(const struct burst_boxes *v, const struct burst_box *b,
                    size_t low, size_t high)
{
    return low <= b->high + v->tolerance && b->low <= high + v->tolerance;
}

static void enlarge(struct burst_box *b, const struct burst_box *by)
{
    b->low = by->low < b->low ? by->low : b->low;
    b->high = by->high > b->high ? by->high : b->high;
    b->first = by->first < b->first ? by->first : b->first;
    b->last = by->last > b->last ? by->last : b->last;
    b->is_cut_before |= by->is_cut_before;
    b->is_cut_after |= by->is_cut_after;
}

void burst_boxes_add(struct burst_boxes *v, size_t low, size_t high,
                     uint64_t first, uint64_t last)
{
    const struct burst_box hit = {
        .is_open = true, .low = low, .high = high, .first = first, .last = last
    };
    struct burst_box *free_box = NULL;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        struct burst_box *b = &v->at[i];
        if (!b->is_open) {
            free_box = b;
        } else if (touches(v, b, low, high)) {
            enlarge(b, &hit);
            return;
        }
    }
    if (free_box)
        *free_box = hit;
}

void burst_boxes_join(struct burst_boxes *v)
{
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        struct burst_box *a = &v->at[i];
        for (size_t j = i + 1; a->is_open && j < BURST_BOXES_MAX; j++) {
            struct burst_box *b = &v->at[j];
            if (!b->is_open || !touches(v, a, b->low, b->high))
                continue;
            enlarge(a, b);
            b->is_open = false;
        }
    }
}
