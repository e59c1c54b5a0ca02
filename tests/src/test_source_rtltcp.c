/* Samples from an rtl_tcp server, whatever that does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/src/served.h"

static int open_fails(const struct server *s, const char *words)
{
    struct source *source = NULL;
    struct err e = { "" };
    int r = source_open_device(&source, s->spec, &tuning, &e);

    assert_true(r < 0);
    assert_null(source);
    explains(e.text, s->spec, words);
    return r;
}

/* Twelve bytes, then samples until there are enough of them. */
static void send_samples(struct server *s)
{
    accept_client(s);
    put_header(s, 5, 29, s->variant == 1 ? 1 : 12);
    get_commands(s, SETTINGS_BYTES);
    if (s->variant == 2) {
        struct synth_random random = { 1 };
        while (s->next < ENOUGH)
            put_samples(s, 4096, 1 + synth_random_u64(&random) % 999);
    }
    put_samples(s, ENOUGH - (s->next < ENOUGH ? s->next : ENOUGH), PIECE);
    wait_for_close(s);
}

static void samples_arrive_by(bool is_v6, unsigned variant)
{
    const double begin_s = seconds(CLOCK_REALTIME);
    struct heard h = { 0 };
    struct server s;

    if (!server_begin(&s, is_v6, send_samples, variant))
        skip();
    struct source *source = open_ok(&s, &tuning);
    const struct source_info *i = source_info(source);
    assert_int_equal(i->kind, SOURCE_IQ);
    assert_int_equal(i->format, SAMPLE_CU8);
    assert_true(i->rate_hz == RATE && i->centre_hz == 433.92e6);
    assert_true(i->is_live);
    assert_int_equal(i->total, 0);
    assert_string_equal(source_name(source), s.spec);
    hear_enough(source, &h, ENOUGH / 2);
    assert_true(h.skipped > 0); /* until the settings have their effect */
    assert_int_equal(h.lost, 0);
    const double start_s = source_start_time(source);
    assert_true(start_s > begin_s - 10 &&
                start_s < seconds(CLOCK_REALTIME) + 1);
    source_close(source);
    server_end(&s);
}

static void samples_arrive(void **state)
{
    (void)state;
    samples_arrive_by(false, 0);
}

static void over_ipv6_as_well(void **state)
{
    (void)state;
    samples_arrive_by(true, 0);
}

static void a_header_may_come_in_pieces(void **state)
{
    (void)state;
    samples_arrive_by(false, 1);
}

/* I stays I when a read ends between it and Q. */
static void half_samples_keep_in_step(void **state)
{
    (void)state;
    samples_arrive_by(false, 2);
}

/* ---- what is not as it should be */

static void send_part(struct server *s)
{
    accept_client(s);
    put_bytes(s, "RTL0\0\0\0\5\0\0\0\35", s->variant, 12);
}

static void a_short_header_is_a_fault(void **state)
{
    const unsigned sizes[] = { 0, 1, 4, 11 };
    struct server s;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        server_begin(&s, false, send_part, sizes[i]);
        open_fails(&s, "closed rtl_tcp");
        server_end(&s);
    }
}

static void send_other(struct server *s)
{
    accept_client(s);
    put_bytes(s, "HTTP/1.1 400 Bad Request\r\n", 26, 26);
    is_ready(s->fd, POLLIN, 10000);
}

static void another_server_is_a_fault(void **state)
{
    struct server s;

    (void)state;
    server_begin(&s, false, send_other, 0);
    assert_int_equal(open_fails(&s, "no rtl_tcp server"), -EPROTO);
    server_end(&s);
}

static void send_absurd(struct server *s)
{
    accept_client(s);
    put_header(s, 5, s->variant, 12);
    is_ready(s->fd, POLLIN, 10000);
}

static void an_absurd_number_of_gains_is_a_fault(void **state)
{
    const unsigned gains[] = { 0xffffffff, 0x1d000000, 100000 };
    struct server s;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        server_begin(&s, false, send_absurd, gains[i]);
        open_fails(&s, "gains");
        server_end(&s);
    }
}

static void a_port_without_a_server_is_a_fault(void **state)
{
    struct server s = { .fd = -1 };
    char port[16];

    (void)state;
    assert_true(bind_any(&s, false)); /* and does not listen */
    snprintf(port, sizeof port, "%u", s.port);
    assert_int_equal(open_fails(&s, port), -ECONNREFUSED);
    close(s.listener);
}

static void a_name_may_be_too_long(void **state)
{
    char spec[1000] = "rtl_tcp:";
    struct source *source = NULL;
    struct err e = { "" };

    (void)state;
    memset(spec + 8, 'n', sizeof spec - 9);
    assert_true(source_open_device(&source, spec, &tuning, &e) < 0);
    assert_null(source);
    explains(e.text, "nnnn", "long");
}

static void send_and_close(struct server *s)
{
    accept_client(s);
    put_header(s, 5, 29, 12);
    get_commands(s, SETTINGS_BYTES);
    put_samples(s, ENOUGH, PIECE);
    put_bytes(s, "x", 1, 1); /* half a sample */
}

/* First all that it has sent. */
static void a_server_may_close(void **state)
{
    struct heard h = { 0 };
    struct server s;

    (void)state;
    server_begin(&s, false, send_and_close, 0);
    struct source *source = open_ok(&s, &tuning);
    while (hear(source, &h) > 0)
        ;
    assert_true(hear(source, &h) < 0); /* no end, and it stays so */
    explains(h.e.text, s.spec, "closed");
    assert_int_equal(h.read + h.skipped, ENOUGH);
    source_close(source);
    server_end(&s);
}

/* ---- five seconds of silence, before the header and after some samples */

static void send_nothing(struct server *s)
{
    accept_client(s);
    if (s->variant == 1) {
        put_header(s, 5, 29, 12);
        get_commands(s, SETTINGS_BYTES);
        put_samples(s, ENOUGH, PIECE);
    }
    wait_for_close(s);
}

static struct {
    struct server server;
    struct err e;
    int r;
} mute;

static void *open_mute(void *user)
{
    struct source *source = NULL;

    (void)user;
    mute.r = source_open_device(&source, mute.server.spec, &tuning, &mute.e);
    return NULL;
}

static void a_silent_server_is_a_fault(void **state)
{
    const double begin_s = seconds(CLOCK_MONOTONIC);
    struct heard h = { 0 };
    struct server s;
    pthread_t thread;
    ssize_t n;

    (void)state;
    server_begin(&mute.server, false, send_nothing, 0);
    server_begin(&s, false, send_nothing, 1);
    assert_int_equal(pthread_create(&thread, NULL, open_mute, NULL), 0);
    struct source *source = open_ok(&s, &tuning);
    while ((n = hear(source, &h)) > 0)
        ;
    assert_int_equal(n, -ETIMEDOUT);
    explains(h.e.text, s.spec, "no samples");
    assert_int_equal(h.read + h.skipped, ENOUGH);
    source_close(source);
    server_end(&s);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(mute.r, -ETIMEDOUT);
    explains(mute.e.text, mute.server.spec, "12 bytes");
    server_end(&mute.server);
    assert_true(seconds(CLOCK_MONOTONIC) - begin_s < 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_arrive),
        cmocka_unit_test(over_ipv6_as_well),
        cmocka_unit_test(a_header_may_come_in_pieces),
        cmocka_unit_test(half_samples_keep_in_step),
        cmocka_unit_test(a_short_header_is_a_fault),
        cmocka_unit_test(another_server_is_a_fault),
        cmocka_unit_test(an_absurd_number_of_gains_is_a_fault),
        cmocka_unit_test(a_port_without_a_server_is_a_fault),
        cmocka_unit_test(a_name_may_be_too_long),
        cmocka_unit_test(a_server_may_close),
        cmocka_unit_test(a_silent_server_is_a_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
