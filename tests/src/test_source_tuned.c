/* What an rtl_tcp server is told, at once and after it was away.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <errno.h>
#include <math.h>
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

static void send_all(struct server *s)
{
    accept_client(s);
    put_header(s, 5, 29, 12);
    get_commands(s, SETTINGS_BYTES);
    put_samples(s, ENOUGH + TOO_EARLY, PIECE);
    wait_for_close(s);
}

static void send_and_close(struct server *s)
{
    accept_client(s);
    put_header(s, 5, 29, 12);
    get_commands(s, SETTINGS_BYTES);
    put_samples(s, ENOUGH, PIECE);
}

static void is_command(const struct server *s, size_t i, unsigned id,
                       uint32_t value)
{
    const uint8_t *b = s->got + COMMAND_BYTES * i;

    assert_true(COMMAND_BYTES * (i + 1) <= s->n_got);
    assert_int_equal(b[0], id);
    assert_int_equal((uint32_t)b[1] << 24 | (uint32_t)b[2] << 16 |
                         (uint32_t)b[3] << 8 | b[4],
                     value);
}

static void are_settings(const struct server *s, size_t first, uint32_t gain,
                         uint32_t frequency)
{
    is_command(s, first, 0x02, 250000);
    is_command(s, first + 1, 0x05, (uint32_t)-7);
    is_command(s, first + 2, 0x08, 0);
    is_command(s, first + 3, 0x03, 1);
    is_command(s, first + 4, 0x04, gain);
    is_command(s, first + 5, 0x01, frequency);
}

static void obey(struct server *s)
{
    accept_client(s);
    put_header(s, s->variant, 29, 12);
    get_commands(s, SETTINGS_BYTES);
    put_samples(s, ENOUGH, PIECE);
    get_commands(s, 2 * (size_t)COMMAND_BYTES); /* new ones */
    put_samples(s, ENOUGH, PIECE);
}

/* Samples go on, as they do: however long the client takes between its command
 * and what it skips, some follow. */
static void obey_to_the_end(struct server *s)
{
    obey(s);
    for (int i = 0; i < 500 && !is_ready(s->fd, POLLIN, 20); i++)
        put_samples(s, 10000, PIECE);
    wait_for_close(s);
}

static void commands_are_what_was_asked_for(void **state)
{
    struct server s;

    (void)state;
    for (unsigned tuner = 5; tuner <= 6; tuner++) {
        struct heard h = { 0 };
        double gain_db = 20;
        server_begin(&s, false, obey_to_the_end, tuner);
        struct source *source = open_ok(&s, &tuning);
        hear_enough(source, &h, 1000);
        assert_int_equal(source_set_gain(source, &gain_db, &h.e), 0);
        assert_float_equal((float)gain_db, 19.7f, 1e-4f);
        const uint64_t skipped = h.skipped;
        assert_int_equal(source_tune(source, 315e6, &h.e), 0);
        assert_true(source_info(source)->centre_hz == 315e6);
        while (h.read + h.skipped <= ENOUGH) /* it has got them by then */
            assert_true(hear(source, &h) > 0);
        assert_true(h.skipped > skipped);
        source_close(source);
        server_end(&s);
        assert_int_equal(s.n_got, SETTINGS_BYTES + 2 * COMMAND_BYTES);
        are_settings(&s, 0, 280, 433920000);
        is_command(&s, 6, 0x04, 197);
        is_command(&s, 7, 0x01, 315000000);
    }
}

static void a_frequency_may_be_out_of_range(void **state)
{
    const double hz[] = { -1, 5e9, NAN, INFINITY };
    struct heard h = { 0 };
    struct server s;

    (void)state;
    server_begin(&s, false, send_all, 0);
    struct source *source = open_ok(&s, &tuning);
    for (size_t i = 0; i < 4; i++) {
        assert_true(source_tune(source, hz[i], &h.e) < 0);
        explains(h.e.text, s.spec, "tuned");
        assert_true(source_info(source)->centre_hz == 433.92e6);
    }
    hear_enough(source, &h, 1000);
    source_close(source);
    server_end(&s);
}

/* ---- a server that is away for a while */

enum { AWAY_MS = 400 };

static void obey_and_leave(struct server *s)
{
    obey(s);
    close(s->fd);
    s->fd = -1;
    is_ready(-1, 0, AWAY_MS); /* how long it is away */
    accept_client(s);
    put_header(s, 5, 29, 12);
    get_commands(s, SETTINGS_BYTES);
    put_samples(s, ENOUGH + TOO_EARLY, PIECE);
    wait_for_close(s);
}

static void a_server_may_come_back(void **state)
{
    struct source_tuning t = tuning;
    struct heard h = { 0 };
    double gain_db = 49;
    struct server s;

    (void)state;
    t.is_reconnecting = true;
    server_begin(&s, false, obey_and_leave, 5);
    struct source *source = open_ok(&s, &t);
    hear_enough(source, &h, 1000);
    assert_int_equal(source_set_gain(source, &gain_db, &h.e), 0);
    assert_int_equal(source_tune(source, 868.3e6, &h.e), 0);
    const double begin_s = seconds(CLOCK_MONOTONIC);
    while (h.read + h.skipped < 3 * ENOUGH)
        if (hear(source, &h) <= 0)
            fail_msg("%s", h.e.text);
    const double passed_s = seconds(CLOCK_MONOTONIC) - begin_s;
    assert_true((double)h.lost > 0.9 * AWAY_MS / 1e3 * RATE);
    assert_true((double)h.lost < passed_s * RATE + TOO_EARLY);
    source_close(source);
    server_end(&s);
    are_settings(&s, 0, 280, 433920000);
    is_command(&s, 6, 0x04, 496);
    is_command(&s, 7, 0x01, 868300000);
    are_settings(&s, 8, 496, 868300000); /* as they are now */
    assert_int_equal(s.n_got, 2 * SETTINGS_BYTES + 2 * COMMAND_BYTES);
}

/* Waiting for one that does not come back ends when asked. */
static void waiting_for_a_server_can_end(void **state)
{
    const double begin_s = seconds(CLOCK_MONOTONIC);
    struct source_tuning t = tuning;
    struct heard h = { 0 };
    struct server s;

    (void)state;
    t.is_reconnecting = true;
    server_begin(&s, false, send_and_close, 0);
    struct source *source = open_ok(&s, &t);
    while (h.read + h.skipped < ENOUGH)
        assert_true(hear(source, &h) > 0);
    server_end(&s);
    source_close(source);
    assert_true(seconds(CLOCK_MONOTONIC) - begin_s < 10);
}

static void recordings_are_no_receivers(void **state)
{
    char path[] = "/tmp/test_rtltcp_XXXXXX", spec[64];
    const int fd = mkstemp(path);
    struct source *source = NULL;
    double gain_db = 1;

    (void)state;
    assert_true(fd >= 0 && write(fd, "0123", 4) == 4);
    close(fd);
    snprintf(spec, sizeof spec, "cu8:%s", path);
    assert_false(source_is_device(spec));
    assert_true(source_is_device("rtl_tcp"));
    assert_true(source_is_device("rtl_tcp:[::1]:1234"));
    assert_true(source_is_device("0"));
    assert_true(source_is_device(":00000001"));
    assert_false(source_is_device("-"));
    assert_int_equal(source_open_device(&source, spec, &tuning, NULL), 0);
    assert_true(source_info(source)->rate_hz == RATE);
    assert_true(source_info(source)->centre_hz == 433.92e6);
    assert_false(source_info(source)->is_live);
    assert_int_equal(source_tune(source, 1e6, NULL), -ENOTSUP);
    assert_int_equal(source_set_gain(source, &gain_db, NULL), -ENOTSUP);
    assert_true(isnan(source_start_time(source)));
    source_close(source);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_what_was_asked_for),
        cmocka_unit_test(a_frequency_may_be_out_of_range),
        cmocka_unit_test(a_server_may_come_back),
        cmocka_unit_test(waiting_for_a_server_can_end),
        cmocka_unit_test(recordings_are_no_receivers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
