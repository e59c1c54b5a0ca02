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
    b->is_clear |= by->is_clear;
}

/* Whether the hit is hot by rows that the box has already. */
static bool is_afterglow(const struct burst_box *b, const struct burst_hit *hit)
{
    return b->is_clear && hit->first <= b->last;
}

void burst_boxes_add(struct burst_boxes *v, const struct burst_hit *hit)
{
    struct burst_box it = { .is_open = true,
                            .is_clear = hit->is_brief,
                            .low = hit->low,
                            .high = hit->high,
                            .first = hit->first,
                            .last = hit->last };
    struct burst_box *room = NULL, *open = NULL;
    bool is_old = false;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        struct burst_box *b = &v->at[i];
        const bool is_near = touches(v, b, hit->low, hit->high);
        if (b->is_open && is_near && !open)
            open = b;
        if (b->is_over && is_near && is_afterglow(b, hit)) {
            /* the rows of that one are not another's */
            it.first = b->last + 1 > it.first ? b->last + 1 : it.first;
            is_old = true;
        }
        if (!b->is_open && (!room || room->is_over))
            room = b;
    }
    if (open) {
        if (is_afterglow(open, hit))
            it.last = open->last;
        if (it.first <= it.last)
            enlarge(open, &it);
    } else if (room && !is_old) {
        *room = it;
    }
}

void burst_boxes_close(struct burst_box *b)
{
    b->is_open = false;
    b->is_over = b->is_clear;
}

void burst_boxes_forget(struct burst_boxes *v, uint64_t row)
{
    for (size_t i = 0; i < BURST_BOXES_MAX; i++)
        if (v->at[i].last <= row)
            v->at[i].is_over = false;
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
