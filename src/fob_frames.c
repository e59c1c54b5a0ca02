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

static const char *button_of(const struct sitting *s,
                             const struct sitting_press *p)
{
    if (p->prompt < 0 || s->prompt[p->prompt].button[0] == '\0')
        return NULL;
    return s->prompt[p->prompt].button;
}

/* How many frames have as many bits. */
static size_t count_length(const struct fob_frames *f, size_t bits)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += f->frame[i]->bits.n == bits;
    return n;
}

static void find_best(struct fob_frames *f)
{
    size_t most = 0;

    f->best = NULL;
    for (size_t i = 0; i < f->n; i++) {
        const struct frame *x = f->frame[i];
        const size_t n = count_length(f, x->bits.n);

        if (n > most || (n == most && x->confidence > f->best->confidence)) {
            most = n;
            f->best = x;
        }
    }
}

void fob_frames_collect(struct fob_frames *f, const struct sitting *s)
{
    const struct frame *usual = find_usual(s);

    f->n = 0;
    for (size_t i = 0; i < s->n_presses && usual != NULL; i++) {
        const struct sitting_press *p = &s->press[i];

        if (!is_usable(s, i) || !is_same_format(&p->frame, usual))
            continue;
        f->frame[f->n] = &p->frame;
        f->button[f->n++] = button_of(s, p);
    }
    find_best(f);
}

/* -1: it has none, or there are too many. */
static int number_of(struct fob_buttons *names, const char *name)
{
    for (size_t i = 0; i < names->n && name != NULL; i++)
        if (strcmp(names->name[i], name) == 0)
            return (int)i;
    if (name == NULL || names->n == SITTING_PROMPTS_MAX)
        return -1;
    names->name[names->n] = name;
    return (int)names->n++;
}

size_t fob_frames_present(const struct fob_frames *f, unsigned fob,
                          struct fob_buttons *names,
                          struct inference_frame *out, size_t room)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n && n < room; i++)
        out[n++] = (struct inference_frame){
            .bits = &f->frame[i]->bits,
            .fob = fob,
            .button = number_of(names, f->button[i]),
        };
    return n;
}
