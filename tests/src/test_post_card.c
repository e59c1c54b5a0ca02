/* test_post_card - the picture: its size, that nothing but the picture is in it, and
 * that the same gives the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/src/posted.h"

enum { PATH = 64, BYTES_MAX = 1 << 22 };

static char folder[PATH];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/fobscope-card-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* The card as bytes, to be freed; its file is gone. */
static uint8_t *card_of(const struct post *p, size_t *n)
{
    uint8_t *bytes = malloc(BYTES_MAX);
    char path[PATH + 16];
    struct err e = { "" };
    FILE *f;

    assert_non_null(bytes);
    snprintf(path, sizeof path, "%s/card.png", folder);
    if (post_card(path, p, &e) != 0)
        fail_msg("%s", e.text);
    assert_int_equal(post_card(path, p, &e), -17); /* EEXIST: not over it */
    f = fopen(path, "rb");
    assert_non_null(f);
    *n = fread(bytes, 1, BYTES_MAX, f);
    fclose(f);
    unlink(path);
    return bytes;
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* Sizes, samples, and the colour of the paper: no text, no date. */
static void check_png(const uint8_t *png, size_t n)
{
    static const char *const allowed = "IHDR bKGD IDAT IEND";
    size_t at = 8;

    assert_true(n > 5000);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(be32(png + 16), POST_CARD_W);
    assert_int_equal(be32(png + 20), POST_CARD_H);
    while (at + 12 <= n) {
        char name[5] = "";

        memcpy(name, png + at + 4, 4);
        assert_non_null(strstr(allowed, name));
        at += 12 + be32(png + at);
    }
    assert_int_equal(at, n);
}

static void check_same(const struct compared_fob *a,
                       const struct compared_fob *b, size_t n)
{
    size_t n_first, n_second;
    struct posted *x = posted_create(a, b, n);
    uint8_t *first = card_of(&x->post, &n_first), *second;

    posted_destroy(x);
    x = posted_create(a, b, n);
    second = card_of(&x->post, &n_second);
    check_png(first, n_first);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    free(first);
    free(second);
    posted_destroy(x);
}

static void test_same(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200), b = a, c = a;

    (void)state;
    b.fob.serial = 0x5EED1;
    c.is_unheard = true;
    check_same(&a, &b, 1);
    check_same(&a, &b, 2);
    check_same(&c, &b, 2);
    check_same(&c, &c, 1);
}

/* Of two fobs that differ in serial and code only the card is the same, unless
 * all is asked for. */
static void test_redacted(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200), b = a;
    struct posted *x, *y;

    (void)state;
    b.fob.serial ^= 0x0FF0F0F;
    b.fob.seed += 4242;
    x = posted_create(&a, &a, 1);
    y = posted_create(&b, &b, 1);
    for (int is_full = 0; is_full < 2; is_full++) {
        size_t n, m;
        uint8_t *p, *q;

        x->post.is_full = y->post.is_full = is_full;
        p = card_of(&x->post, &n);
        q = card_of(&y->post, &m);
        check_png(p, n);
        assert_int_equal(n == m && memcmp(p, q, n) == 0, !is_full);
        free(p);
        free(q);
    }
    posted_destroy(x);
    posted_destroy(y);
}

/* Any words, and fobs of two formats. */
static void test_hostile(void **state)
{
    struct compared_fob a = compared_fob(&protocol_hcs200);
    struct compared_fob b = compared_fob(&protocol_hcs361);
    struct posted *x = posted_create(&a, &b, 2);
    char car[4000];
    uint8_t *png;
    size_t n;

    (void)state;
    for (size_t i = 0; i < sizeof car - 1; i++)
        car[i] = (char)(0x80 + i % 0x7f);
    car[sizeof car - 1] = '\0';
    x->post.fob[0].car = car;
    png = card_of(&x->post, &n);
    check_png(png, n);
    free(png);
    posted_destroy(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_redacted),
        cmocka_unit_test(test_hostile),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
