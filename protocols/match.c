/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/match.h"

#include <stdlib.h>
#include <string.h>

#include "protocols/candidates.h"

enum {
    PULSES_MIN = 1,   /* of a preamble: receivers lose the first ones */
    HEADER_SLACK = 1, /* chips: a header runs on the preamble's clock */
    EXTRA_MAX = 3,    /* stop bits after the data */
};

/* Preamble and header, as far as the waveform has them. */
static bool has_head(const struct sighting *s, const struct waveform *w)
{
    const unsigned pulses = (s->preamble_chips + 1) / 2;
    const int off = (int)s->sync_chips - (int)w->header;
    if (!w->header)
        return true;
    if (!w->preamble_sure) /* silence, or a low of at least this length */
        return pulses == 0 || off >= -HEADER_SLACK;
    return pulses >= PULSES_MIN && pulses <= w->preamble_pulses &&
           abs(off) <= HEADER_SLACK;
}

/* Where the data starts: after the sync, which wake bits may precede; at the
 * first bit where there is none. b->n: nowhere. */
static size_t find_data(const struct bits *b, const struct waveform *w)
{
    const size_t n = strlen(w->sync);
    for (size_t i = 0; i + n + w->n_bits <= b->n; i++) {
        size_t j = 0;
        while (j < n && b->value[i + j] == (w->sync[j] == '1'))
            j++;
        if (j == n)
            return i + n;
        if (!n)
            break;
    }
    return b->n;
}

static bool has_length(const struct bits *b, const struct waveform *w,
                       size_t data)
{
    const size_t left = b->n - data;
    if (*w->sync)
        return left <= w->n_bits + (size_t)EXTRA_MAX;
    return left == w->n_bits;
}

static void cut(struct bits *b, size_t from, size_t n)
{
    memmove(b->value, b->value + from, n);
    memmove(b->llr, b->llr + from, n * sizeof *b->llr);
    b->n = n;
}

static bool match_waveform(struct sighting *s, const struct protocol *p,
                           const struct waveform *w)
{
    const size_t data = find_data(&s->bits, w);
    if (data == s->bits.n || !has_length(&s->bits, w, data))
        return false;
    struct bits b = s->bits;
    enum verdict verdict;
    double confidence;
    cut(&b, data, w->n_bits);
    sighting_judge(p, &b, &verdict, &confidence);
    if (verdict < VERDICT_PLAUSIBLE)
        return false;
    s->protocol = p;
    s->waveform = w;
    s->bits = b;
    s->verdict = verdict;
    s->confidence = confidence;
    s->preamble_chips = s->sync_chips = 0;
    return true;
}

bool match_protocol(struct sighting *s, enum modulation m, double te_us)
{
    struct candidates c;
    candidates_list(&c, m, te_us);
    for (size_t i = 0; i < c.n; i++)
        if (line_code_is_same(&s->code, &c.at[i].code) &&
            has_head(s, c.at[i].waveform) &&
            match_waveform(s, c.at[i].protocol, c.at[i].waveform))
            return true;
    return false;
}
