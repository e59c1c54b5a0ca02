/* sent - frames with random contents, as the modem sees them, for tests.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_PROTOCOLS_SENT_H
#define TESTS_PROTOCOLS_SENT_H

#include <string.h>

#include "protocols/protocol.h"
#include "tests/support/keyed.h"

enum { SENT_TE = 16, SENT_AROUND = 60 }; /* samples; chips of noise */

/* Random bits that the protocol's check() does not object to. */
static inline struct bits sent_bits(const struct protocol *p, size_t n,
                                    struct synth_random *r)
{
    struct bits b = { .n = n };

    for (;;) {
        for (size_t i = 0; i < n; i++)
            b.value[i] = synth_random_u64(r) & 1;
        for (unsigned x = 0; x < 256; x++) {
            for (const struct field *f = p->fields; f->name != NULL; f++)
                if (f->role == ROLE_CHECK)
                    synth_set_field(&b, f, x);
            if (p->check(&b) >= VERDICT_PLAUSIBLE)
                return b;
        }
    }
}

/* As the descriptor has it. */
static inline void sent_frame(struct synth_train *t, const struct waveform *w,
                              double te_us, const struct bits *b)
{
    synth_frame(t, w, &(struct synth_style){ .te_us = te_us }, b);
}

/* TE is SENT_TE samples, with SENT_AROUND chips and 0.3 of noise before. */
static inline struct keyed sent_keyed(const struct synth_train *t,
                                      enum modulation m, double te_us,
                                      double e_n0_db, uint64_t seed)
{
    const struct keyed_cfg c = { .train = t,
                                 .rate_hz = SENT_TE / te_us * 1e6,
                                 .modulation = m,
                                 .before = (SENT_AROUND + 0.3) * SENT_TE,
                                 .after = SENT_AROUND * SENT_TE,
                                 .power = pow(10, e_n0_db / 10) / SENT_TE,
                                 .noise = 1,
                                 .seed = seed };

    return keyed_make(&c);
}

#endif
