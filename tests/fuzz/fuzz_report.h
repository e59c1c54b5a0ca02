/* fuzz_report - what is reported of a fuzzer's bytes is whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_FUZZ_FUZZ_REPORT_H
#define TESTS_FUZZ_FUZZ_REPORT_H

#include "src/cmd.h"
#include "src/json.h"
#include "src/report_table.h"
#include "tests/fuzz/fuzz_file.h"

/* The document can be read again, and has this exit status; it is freed. Then
 * print(r, table) is called, which may write what it likes. */
static inline void
fuzz_report(struct json *j, enum status status, size_t width,
            void (*print)(const void *r, struct report_table *t), const void *r)
{
    struct report_table t = { .width = width };
    struct err e;
    char *text = NULL;
    size_t n = 0;

    t.out = open_memstream(&text, &n);
    if (t.out == NULL)
        abort();
    assert(json_document(j, t.out) == 0);
    json_free(j);
    fflush(t.out);
    j = json_load(text, n, "report", &e);
    assert(j != NULL && json_number(j, "exit", -1) == (double)status);
    json_free(j);
    print(r, &t);
    fclose(t.out);
    free(text);
}

#endif
