/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/notes.h"

#include <stdlib.h>

/* Edges of an annotation around a carrier whose width is not known. */
#define HALF_WIDTH_HZ 5e3

static void add(struct notes *s, const struct note *n)
{
    if (s->n == NOTES_MAX)
        s->left_out++;
    else
        s->note[s->n++] = *n;
}

void notes_add_frame(struct notes *s, const struct frame *f, unsigned press,
                     double centre_hz, double gain_db)
{
    const double carrier_hz = centre_hz + f->reception.carrier_hz;
    const double half_hz =
        HALF_WIDTH_HZ + (f->reception.modulation == MODULATION_FSK
                             ? f->reception.deviation_hz
                             : 0);

    add(s, &(struct note){ .at = f->at,
                           .count = f->samples,
                           .low_hz = carrier_hz - half_hz,
                           .high_hz = carrier_hz + half_hz,
                           .is_frame = true,
                           .frame = *f,
                           .press = press,
                           .centre_hz = centre_hz,
                           .gain_db = gain_db });
}

void notes_add_burst(struct notes *s, const struct burst_report *b,
                     double centre_hz, double gain_db)
{
    const double carrier_hz = centre_hz + b->reception.carrier_hz;

    if (b->n_frames == 0)
        add(s, &(struct note){ .at = b->at,
                               .count = b->samples,
                               .low_hz = carrier_hz - b->bandwidth_hz / 2,
                               .high_hz = carrier_hz + b->bandwidth_hz / 2,
                               .centre_hz = centre_hz,
                               .gain_db = gain_db });
}

void notes_shift(struct notes *s, uint64_t at, uint64_t n)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->note[i].at >= at)
            s->note[i].at += n;
}

void notes_clear(struct notes *s)
{
    s->n = s->left_out = 0;
}

static const char *label_of(const struct note *n)
{
    if (!n->is_frame)
        return "burst";
    return n->frame.protocol ? n->frame.protocol->model : "Unknown";
}

static struct json *about(const struct note *n,
                          const struct report_origin *origin)
{
    struct report_origin then = *origin;
    struct frame f = n->frame;

    then.centre_hz = n->centre_hz;
    then.gain_db = n->gain_db;
    f.at = n->at;
    return n->is_frame ? report_json_frame(&f, n->press, &then) : NULL;
}

static int by_start(const void *a, const void *b)
{
    const struct sigmf_note *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

size_t notes_write(const struct notes *s, const struct recording *file,
                   uint64_t first, uint64_t length,
                   const struct report_origin *origin,
                   struct sigmf_note *sorted)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const struct note *note = &s->note[i];
        const uint64_t start = recording_index(file, note->at);
        const uint64_t end = recording_index(file, note->at + note->count);

        if (note->at + note->count <= first || start >= length || start >= end)
            continue;
        sorted[n++] = (struct sigmf_note){
            .start = start,
            .count = (end < length ? end : length) - start,
            .low_hz = note->low_hz,
            .high_hz = note->high_hz,
            .label = label_of(note),
            .about = about(note, origin),
        };
    }
    qsort(sorted, n, sizeof *sorted, by_start);
    return n;
}
