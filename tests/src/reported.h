/* reported - reports of a sitting's fob, and what must not be in them, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_REPORTED_H
#define TESTS_SRC_REPORTED_H

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "src/report_fields.h"
#include "src/report_identify.h"
#include "tests/src/drawn.h"

enum {
    REPORTED_SECRET_MIN = 16, /* bits of a number that is nobody's business */
    REPORTED_DIGITS_MIN = 4,  /* of it; fewer are anywhere */
    REPORTED_BITS_SHOWN = 16, /* of a frame */
};

/* All of a report, from the sitting on. */
struct reported {
    struct inferrer inferrer;
    struct knowledge *knowledge;
    struct identify_subject subject;
    struct identify_facts facts;
    struct identification id;
};

static inline int reported_open(struct reported *x)
{
    struct err e = { "" };

    memset(x, 0, sizeof *x);
    return knowledge_open(&x->knowledge, &e) < 0 ? -1
                                                 : inferrer_init(&x->inferrer);
}

static inline void reported_close(struct reported *x)
{
    inferrer_finish(&x->inferrer);
    knowledge_close(x->knowledge);
}

/* Of a sitting that has settled; x->facts.owner says what is known besides. */
static inline void reported_judge(struct reported *x, const struct sitting *s)
{
    struct identify_owner *owner = &x->facts.owner;

    identify_subject_gather(&x->subject, s, &x->inferrer);
    identify_subject_radio(&x->subject,
                           owner->has_sticker ? &owner->sticker : NULL,
                           &x->facts.radio);
    identify_judge(&x->id, &x->facts, x->knowledge);
}

/* Eight presses of two buttons, of a format that nobody knows. */
static inline void reported_unknown(struct reported *x, uint64_t seed,
                                    const struct drawn_cfg *how)
{
    static struct sitting s;
    const struct presses_cfg cfg = { .fobs = 1, .buttons = 2, .presses = 8 };

    drawn_sit(&s, drawn_presses(seed, &cfg), 0, how);
    reported_judge(x, &s);
}

/* Of a known format, of two buttons in turn; NULL: nothing is heard at all. */
static inline void reported_known(struct reported *x, const struct protocol *p,
                                  uint64_t serial, unsigned presses)
{
    struct sat a = sat_file(433.92e6, 600);
    struct sat_fob fob = sat_fob(p);

    fob.serial = serial;
    for (unsigned i = 0; i < presses && p != NULL; i++)
        sat_send(a.s, &fob, 3 * i + 1, 1 + i % 2);
    sat_end(&a);
    reported_judge(x, a.s);
}

static inline void reported_unsaid(struct reported *x)
{
    x->facts = (struct identify_facts){ .n_likes = 0 };
}

/* All that an owner may say of it. */
static inline void reported_said(struct reported *x, const char *sticker)
{
    struct identify_owner *o = &x->facts.owner;
    struct err e = { "" };

    reported_unsaid(x);
    o->buttons = 2;
    o->cell = CELL_SEALED;
    o->car = "MINI R53 2004";
    o->market = "us";
    o->fcc = "LX8FZV";
    o->built_year = 2004;
    o->built_month = 3;
    o->has_sticker = true;
    assert_int_equal(sticker_parse(&o->sticker, sticker, &e), 0);
}

static inline struct report_identify reported_of(const struct reported *x)
{
    return (struct report_identify){ .subject = &x->subject,
                                     .radio = &x->facts.radio,
                                     .id = &x->id,
                                     .knowledge = x->knowledge,
                                     .status = STATUS_OK };
}

/* The caller frees them. */
static inline char *reported_document(const struct json *j)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    assert_int_equal(json_document(j, f), 0);
    assert_int_equal(fclose(f), 0);
    return text;
}

static inline struct json *reported_json(const struct reported *x, bool is_full)
{
    struct report_identify r = reported_of(x);

    r.is_full = is_full;
    return report_identify_json(&r);
}

static inline char *reported_text(const struct reported *x, size_t width)
{
    const struct report_identify r = reported_of(x);
    struct report_table t = { .width = width };
    char *text = NULL;
    size_t n = 0;

    t.out = open_memstream(&text, &n);
    assert_non_null(t.out);
    report_identify_text(&r, &t);
    assert_int_equal(fclose(t.out), 0);
    return text;
}

static inline bool reported_is_inside(char c)
{
    return isalnum((unsigned char)c) || c == '.';
}

/* As a word of its own, or, of six characters and more, anywhere. Capitals and
 * small letters are alike. */
static inline bool reported_has(const char *text, const char *what)
{
    const size_t n = strlen(what);

    for (const char *c = text; *c != '\0'; c++) {
        size_t i = 0;

        while (i < n &&
               toupper((unsigned char)c[i]) == toupper((unsigned char)what[i]))
            i++;
        if (i == n && (n >= 6 || (!reported_is_inside(c[n]) &&
                                  (c == text || !reported_is_inside(c[-1])))))
            return true;
    }
    return false;
}

static inline bool reported_has_number(const char *text, uint64_t value,
                                       unsigned bits)
{
    char hex[32], padded[32], decimal[32];

    snprintf(hex, sizeof hex, "%" PRIX64, value);
    snprintf(padded, sizeof padded, "%0*" PRIX64, (int)(bits + 3) / 4, value);
    snprintf(decimal, sizeof decimal, "%" PRIu64, value);
    return strlen(hex) >= REPORTED_DIGITS_MIN &&
           (reported_has(text, hex) || reported_has(text, padded) ||
            reported_has(text, decimal));
}

/* A number of the frame, in either order of its bits. */
static inline bool reported_has_field(const char *text, const struct bits *b,
                                      size_t at, size_t n)
{
    return n >= REPORTED_SECRET_MIN && n <= 64 && at + n <= b->n &&
           (reported_has_number(text, bits_lsb(b, at, n), (unsigned)n) ||
            reported_has_number(text, bits_msb(b, at, n), (unsigned)n) ||
            (n % 8 == 0 &&
             reported_has_number(text, bits_bytes_le(b, at, n), (unsigned)n)));
}

/* Some of its bits, as they are. */
static inline bool reported_has_bits(const char *text, const struct bits *b)
{
    char bits[BITS_MAX + 1];

    synth_bits_text(b, bits);
    for (size_t i = 0; i + REPORTED_BITS_SHOWN <= b->n; i++) {
        char some[REPORTED_BITS_SHOWN + 1];

        memcpy(some, bits + i, REPORTED_BITS_SHOWN);
        some[REPORTED_BITS_SHOWN] = '\0';
        if (strstr(text, some) != NULL)
            return true;
    }
    return false;
}

#endif
