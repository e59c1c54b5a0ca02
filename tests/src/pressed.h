/* pressed - frames made by hand, and what a press_grouper tells of them, for
 * tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_PRESSED_H
#define TESTS_SRC_PRESSED_H

#include "protocols/sighting.h"
#include "src/press.h"

extern const struct protocol protocol_hcs200;

#define RATE 250e3

enum { SEEN_MAX = 32 };

struct log {
    struct frame frame[SEEN_MAX];
    unsigned press[SEEN_MAX];
    size_t n;
};

static struct log came;
static struct press_grouper grouper;

static inline void keep(void *user, const struct frame *f, unsigned press)
{
    struct log *l = user;

    assert_true(l->n < SEEN_MAX);
    l->frame[l->n] = *f;
    l->press[l->n++] = press;
}

/* 100 ms of a frame whose content follows from a number. */
static inline struct frame copy_of(uint64_t content, double seconds, float llr)
{
    struct frame f = { .protocol = &protocol_hcs200,
                       .kind = LINE_PWM,
                       .te_us = 400,
                       .at = (uint64_t)(seconds * RATE),
                       .samples = (uint64_t)(0.1 * RATE),
                       .bits = { .n = 66 },
                       .copies = 1,
                       .reception = { .level_dbfs = -20, .snr_db = 20 } };

    for (size_t i = 0; i < 66; i++) {
        content = content * 6364136223846793005u + 1442695040888963407u;
        f.bits.value[i] = content >> 60 & 1;
        f.bits.llr[i] = f.bits.value[i] ? llr : -llr;
    }
    f.bits.value[60] = 1; /* a button */
    f.bits.llr[60] = llr;
    sighting_judge(f.protocol, &f.bits, &f.verdict, &f.confidence);
    return f;
}

#endif
