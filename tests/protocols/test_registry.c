/* What every descriptor must obey. Runs from the root of the sources.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include "tests/protocols/vector.h"

#define must(p, condition)                                                     \
    do {                                                                       \
        if (!(condition))                                                      \
            fail_msg("%s: %s", (p)->name, #condition);                         \
    } while (0)

static bool is_made_of(const char *s, const char *letters)
{
    return s != NULL && s[strspn(s, letters)] == '\0';
}

static void there_are_formats(void **state)
{
    (void)state;
    assert_non_null(protocols[0]);
}

static void names_are_legal_and_unique(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        must(p, is_made_of(p->name, "abcdefghijklmnopqrstuvwxyz0123456789_"));
        must(p, p->name[0] != '\0' && strlen(p->name) < 32);
        must(p, p->model != NULL && strpbrk(p->model, " /\"\\") == NULL);
        must(p, p->model[0] != '\0' && strcmp(p->model, "Unknown") != 0);
        must(p, p->title != NULL && p->title[0] != '\0');
        must(p, p->source != NULL && p->source[0] != '\0');
        for (size_t k = 0; k < i; k++) {
            must(p, strcmp(p->name, protocols[k]->name) != 0);
            must(p, strcmp(p->model, protocols[k]->model) != 0);
        }
    }
}

static void every_format_has_a_test(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        char path[128];
        snprintf(path, sizeof path, "tests/protocols/test_%s.c",
                 protocols[i]->name);
        FILE *f = fopen(path, "r");
        must(protocols[i], f != NULL);
        fclose(f);
    }
}

static void symbols_fit_the_line_code(const struct protocol *p,
                                      const struct waveform *w)
{
    const char *zero = w->symbols.zero, *one = w->symbols.one;

    if (w->kind != LINE_PWM && w->kind != LINE_PPM) {
        must(p, zero == NULL && one == NULL);
        return;
    }
    must(p, is_made_of(zero, "01") && is_made_of(one, "01"));
    must(p, zero[0] == '1' && one[0] == '1'); /* pulse, then gap */
    must(p, zero[strlen(zero) - 1] == '0' && one[strlen(one) - 1] == '0');
    must(p, strstr(zero, "01") == NULL && strstr(one, "01") == NULL);
    must(p, strcmp(zero, one) != 0);
    if (w->kind == LINE_PWM)
        must(p, strlen(zero) == strlen(one));
}

static void waveforms_are_sane(void **state)
{
    unsigned known = 1u << MODULATION_OOK | 1u << MODULATION_FSK;

    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        must(p, p->waveforms != NULL && p->waveforms[0].n_bits != 0);
        for (const struct waveform *w = p->waveforms; w->n_bits != 0; w++) {
            must(p, w->modulations != 0 && (w->modulations & ~known) == 0);
            must(p, w->te_min_us >= 40 && w->te_max_us <= 2000);
            must(p, w->te_min_us < w->te_us && w->te_us < w->te_max_us);
            must(p, w->n_bits <= BITS_MAX);
            must(p, w->preamble_sure <= w->preamble_pulses);
            must(p, is_made_of(w->sync, "01"));
            must(p, w->wake == NULL || strcmp(w->wake, "0") == 0 ||
                        strcmp(w->wake, "1") == 0);
            must(p, w->wake != NULL || w->wake_sure == 0);
            /* something to find it by */
            must(p, w->header > 0 || w->lead != NULL || strlen(w->sync) >= 8);
            symbols_fit_the_line_code(p, w);
        }
    }
}

static bool is_shown_rightly(const struct field *f)
{
    switch (f->show) {
    case SHOW_NONE:
        return f->key == NULL;
    case SHOW_HEX:
        return is_made_of(f->key, "abcdefghijklmnopqrstuvwxyz_");
    case SHOW_INT:
        return is_made_of(f->key, "abcdefghijklmnopqrstuvwxyz_") &&
               f->bits <= 53; /* JSON numbers are doubles */
    case SHOW_NOT_FLAG:
        return strcmp(f->key, "battery_ok") == 0 && f->bits == 1;
    }
    return false;
}

/* A shorter waveform may lack the last fields. */
static unsigned longest_of(const struct protocol *p)
{
    unsigned n = 0;
    for (const struct waveform *w = p->waveforms; w->n_bits != 0; w++)
        n = w->n_bits > n ? w->n_bits : n;
    return n;
}

static void fields_are_inside_and_apart(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        unsigned taken[BITS_MAX] = { 0 };
        for (const struct field *f = p->fields; f->name != NULL; f++) {
            must(p, is_made_of(f->name, "abcdefghijklmnopqrstuvwxyz0123456789"
                                        "_"));
            must(p, f->bits >= 1 && f->bits <= 64);
            must(p, f->at + f->bits <= longest_of(p));
            for (unsigned k = f->at; k < f->at + f->bits; k++)
                must(p, taken[k]++ == 0);
            must(p, f->order != ORDER_S3012 || f->bits == 4);
            must(p, f->order != ORDER_BYTES_LE || f->bits % 8 == 0);
            must(p, is_shown_rightly(f));
            for (const struct field *g = p->fields; g != f; g++) {
                must(p, strcmp(f->name, g->name) != 0);
                must(p, f->key == NULL || g->key == NULL ||
                            strcmp(f->key, g->key) != 0);
            }
        }
    }
}

static unsigned fields_of(const struct protocol *p, enum field_role role)
{
    unsigned n = 0;

    for (const struct field *f = p->fields; f->name != NULL; f++)
        n += f->role == role;
    return n;
}

static void roles_agree_with_the_rest(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        must(p, fields_of(p, ROLE_IDENTITY) >= 1);
        must(p, p->is_rolling == (fields_of(p, ROLE_ROLLING) > 0));
        must(p, (p->check_bits > 0) == (p->mic != NULL));
        must(p, (p->check_bits > 0) == (fields_of(p, ROLE_CHECK) > 0));
        if (p->actions != NULL) {
            must(p, fields_of(p, ROLE_ACTION) == 1);
            must(p, p->actions[0].name != NULL);
        }
    }
}

/* Random bits pass as rarely as check_bits says, and a format with less than
 * 8 bits of check never calls a single frame proven. */
static void checks_are_worth_what_they_say(void **state)
{
    enum { TRIES = 16384 };

    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        struct synth_random r = { .state = i };
        unsigned passed = 0;
        must(p, p->check != NULL);
        for (unsigned k = 0; k < TRIES; k++) {
            struct bits b = { .n = p->waveforms[0].n_bits };
            for (size_t j = 0; j < b.n; j++)
                b.value[j] = (uint8_t)(synth_random_u64(&r) >> 63);
            enum verdict v = p->check(&b);
            passed += v == VERDICT_PROVEN || v == VERDICT_PLAUSIBLE;
            must(p, p->check_bits >= 8 || v != VERDICT_PROVEN);
        }
        /* 5 standard deviations of the expected count are allowed. */
        double want = TRIES / (double)(1u << p->check_bits);
        double over = passed - want;
        must(p, over <= 0.0 || over * over < 25.0 * want);
    }
}

static void constant_bits_are_never_a_frame(void **state)
{
    (void)state;
    for (size_t i = 0; protocols[i] != NULL; i++) {
        const struct protocol *p = protocols[i];
        for (uint8_t value = 0; value < 2; value++) {
            struct bits b = vector_constant(p->waveforms[0].n_bits, value);
            enum verdict v = p->check(&b);
            must(p, v == VERDICT_DAMAGED || v == VERDICT_NOT_MINE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_formats),
        cmocka_unit_test(names_are_legal_and_unique),
        cmocka_unit_test(every_format_has_a_test),
        cmocka_unit_test(waveforms_are_sane),
        cmocka_unit_test(fields_are_inside_and_apart),
        cmocka_unit_test(roles_agree_with_the_rest),
        cmocka_unit_test(checks_are_worth_what_they_say),
        cmocka_unit_test(constant_bits_are_never_a_frame),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
