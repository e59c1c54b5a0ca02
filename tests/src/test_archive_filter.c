/* test_archive_filter - what a list of the archive is asked for, one thing and all
 * together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/src/indexed.h"

static void filters_one_by_one(void **state)
{
    static const double b433 = 433.92e6, b868 = 868.35e6, b315 = 315e6;
    const double both[] = { b433, b868 };
    struct entry_heard h = { .model = "Microchip-HCS200", .fob = "0C0FFEE" };
    char pseudonym[ENTRY_PSEUDONYM];
    struct archive_index *x = filled();

    (void)state;
    entry_pseudonym(pseudonym, key, &h);
    lists(x, ALL, "a1a0a4a3a2");
    lists(x, FILTER(.label = "good"), "a0a2");
    lists(x, FILTER(.label = "KEY"), "a0a4");
    lists(x, FILTER(.label = "100%_"), "a1");
    lists(x, FILTER(.label = "%"), "a1");
    lists(x, FILTER(.label = "_"), "a1");
    lists(x, FILTER(.label = "note"), ""); /* is another of the words */
    lists(x, FILTER(.model = "HCS200"), "a0a4a2");
    lists(x, FILTER(.model = "Continental-KR5V2X"), "a1");
    lists(x, FILTER(.model = "Unknown"), "a0");
    lists(x, FILTER(.model = "x%"), "");
    lists(x, FILTER(.fob = "0C0FFEE"), "a0a4");
    lists(x, FILTER(.fob = pseudonym), "a0a4");
    lists(x, FILTER(.fob = "0C0FFE"), "");
    lists(x, FILTER(.fob = "fob-"), "");
    lists(x, FILTER(.verdict = "proven"), "a0");
    lists(x, FILTER(.verdict = "plausible"), "a1a4");
    lists(x, FILTER(.verdict = "damaged"), "a2");
    lists(x, FILTER(.verdict = "none"), "a3");
    lists(x, FILTER(.band_hz = &b868, .n_bands = 1), "a1");
    lists(x, FILTER(.band_hz = &b433, .n_bands = 1), "a0a3");
    lists(x, FILTER(.band_hz = &b315, .n_bands = 1), "a4a2");
    lists(x, FILTER(.band_hz = both, .n_bands = 2), "a1a0a3");
    lists(x, FILTER(.band_hz = both, .n_bands = 0), "a1a0a4a3a2");
    archive_index_close(x);
}

/* From then on, and up to then. */
static void bounds_of_time(void **state)
{
    struct archive_index *x = filled();

    (void)state;
    lists(x, BETWEEN(1000, NAN, .label = NULL), "a0a4a3a2");
    lists(x, BETWEEN(1000.5, NAN, .label = NULL), "a4a3a2");
    lists(x, BETWEEN(NAN, 1000, .label = NULL), "a1a0");
    lists(x, BETWEEN(NAN, 999.5, .label = NULL), "a1");
    lists(x, BETWEEN(NAN, 1.7e9, .label = NULL), "a1a0a4");
    lists(x, BETWEEN(1.8e9, NAN, .label = NULL),
          "a3a2"); /* when it was added */
    lists(x, BETWEEN(1.9e9, NAN, .label = NULL), "a2");
    lists(x, BETWEEN(2e9, NAN, .label = NULL), "");
    lists(x, BETWEEN(1000, 1000, .label = NULL), "a0");
    lists(x, BETWEEN(500, 2000, .label = NULL), "a1a0a4");
    archive_index_close(x);
}

static void filters_together(void **state)
{
    static const double b315 = 315e6;
    struct archive_index *x = filled();

    (void)state;
    lists(x, FILTER(.label = "key", .model = "hcs"), "a0a4");
    lists(x, FILTER(.label = "key", .verdict = "proven"), "a0");
    lists(x, FILTER(.label = "key", .verdict = "none"), "");
    lists(x,
          BETWEEN(2000, 2001, .label = "key", .model = "HCS200",
                  .fob = "0C0FFEE", .verdict = "plausible", .band_hz = &b315,
                  .n_bands = 1),
          "a4");
    lists(x, BETWEEN(1500, NAN, .fob = "0C0FFEE"), "a4");
    lists(x, FILTER(.model = "HCS200", .band_hz = &b315, .n_bands = 1), "a4a2");
    archive_index_close(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(filters_one_by_one),
        TEST(bounds_of_time),
        TEST(filters_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
