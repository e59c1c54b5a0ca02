/* fuzz_file - gives a fuzzer's bytes to source_open as a file, and reads it
 * to its end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_FUZZ_FUZZ_FILE_H
#define TESTS_FUZZ_FUZZ_FILE_H

#undef NDEBUG /* a fuzzer without asserts finds nothing */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/source.h"

enum { FUZZ_READS = 100000, FUZZ_BLOCK = 509 };

/* Every sentence ends, and none moves a terminal's cursor. */
static inline void fuzz_check_sentence(const char *text)
{
    assert(text[0] != '\0' && strlen(text) < sizeof((struct err *)0)->text);
    for (; *text; text++)
        assert((unsigned char)*text >= 0x20 && *text != 0x7f);
}

/* Durations alternate in sign and are bounded, 10 s and none of 0. */
static inline void fuzz_check_pulses(const pulse_us *p, ssize_t n, int *sign)
{
    for (ssize_t i = 0; i < n; i++) {
        assert(p[i] != 0 && p[i] <= 10000000 && p[i] >= -10000000);
        assert(*sign == 0 || (p[i] > 0) != (*sign > 0));
        *sign = p[i] > 0 ? 1 : -1;
    }
}

static inline void fuzz_read_all(struct source *s)
{
    static char block[FUZZ_BLOCK * 8];
    pulse_us pulses[FUZZ_BLOCK];
    ssize_t r = 1;
    int sign = 0;
    for (int i = 0; i < FUZZ_READS && r > 0; i++) {
        if (source_info(s)->kind == SOURCE_PULSES) {
            r = source_read_pulses(s, pulses, FUZZ_BLOCK, NULL);
            fuzz_check_pulses(pulses, r, &sign);
        } else {
            r = source_read(s, block, FUZZ_BLOCK, NULL);
        }
        assert(r <= FUZZ_BLOCK);
    }
    if (source_warning(s))
        fuzz_check_sentence(source_warning(s));
}

/* overrides: "cu8:250k:", or "". */
static inline void fuzz_file(const char *overrides, const uint8_t *data,
                             size_t n)
{
    char path[] = "/tmp/fuzz_XXXXXX", spec[128];
    struct source *s = NULL;
    struct err e = { "" };
    int fd = mkstemp(path);
    if (fd < 0)
        return;
    if (write(fd, data, n) == (ssize_t)n) {
        snprintf(spec, sizeof spec, "%s%s", overrides, path);
        if (source_open(&s, spec, NULL, &e) < 0)
            fuzz_check_sentence(e.text);
        else
            fuzz_read_all(s);
        source_close(s);
    }
    close(fd);
    unlink(path);
}

#endif
