/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/fob_frames.h"

#include <string.h>

static bool is_usable(const struct sitting *s, size_t i)
{
    const struct frame *f = &s->press[i].frame;

    return sitting_is_fobs(s, i) && f->bits.n > 0 &&
           f->confidence >= FOB_FRAMES_SURE;
}

static bool is_same_format(const struct frame *a, const struct frame *b)
{
    return a->protocol == b->protocol && a->kind == b->kind;
}

/* The frame whose format most presses have. NULL: there are no frames. */
static const struct frame *find_usual(const struct sitting *s)
{
    const struct frame *usual = NULL;
    size_t most = 0;

    for (size_t i = 0; i < s->n_presses; i++) {
        const struct frame *f = &s->press[i].frame;
        size_t n = 0;

        if (!is_usable(s, i))
            continue;
        for (size_t j = 0; j < s->n_presses; j++)
            n += is_usable(s, j) && is_same_format(&s->press[j].frame, f);
        if (n > most) {
            most = n;
            usual = f;
        }
    }
    return usual;
}

/* The first prompt for the same button. */
static int button_of(const struct sitting *s, const struct sitting_press *p)
{
    if (p->prompt < 0 || s->prompt[p->prompt].button[0] == '\0')
        return -1;
    for (int i = 0; i < p->prompt; i++)
        if (strcmp(s->prompt[i].button, s->prompt[p->prompt].button) == 0)
            return i;
    return p->prompt;
}

void fob_frames_collect(struct fob_frames *f, const struct sitting *s)
{
    const struct frame *usual = find_usual(s);

    f->n = 0;
    f->best = NULL;
    for (size_t i = 0; i < s->n_presses && usual != NULL; i++) {
        const struct sitting_press *p = &s->press[i];

        if (!is_usable(s, i) || !is_same_format(&p->frame, usual))
            continue;
        f->frame[f->n] = &p->frame;
        f->button[f->n++] = button_of(s, p);
        if (f->best == NULL || p->frame.confidence > f->best->confidence)
            f->best = &p->frame;
    }
}

size_t fob_frames_present(const struct fob_frames *f, unsigned fob,
                          struct inference_frame *out, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n && n < room; i++)
        out[n++] = (struct inference_frame){ .bits = &f->frame[i]->bits,
                                             .fob = fob,
                                             .button = f->button[i] };
    return n;
}
