/* fuzz_sigmf - bytes as a .sigmf-meta: what it says, and by which rules.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sigmf.h"
#include "src/sigmf_rules.h"
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *user, const char *sentence)
{
    size_t *n = user;

    fuzz_check_sentence(sentence);
    ++*n;
}

static void check_rules(const struct json *document, uint64_t samples)
{
    size_t heard = 0;
    size_t faults = sigmf_rules_check(document, samples, hear, &heard);

    assert(heard == (faults < 20 ? faults : 20));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sigmf_meta m;
    struct err e = { "" };
    if (sigmf_parse(&m, (const char *)data, size, "fuzz", &e) < 0)
        fuzz_check_sentence(e.text);
    else
        assert(m.header_bytes <= UINT64_C(1) << 40 &&
               (unsigned)m.format <= SAMPLE_CF32);
    struct json *j = json_load((const char *)data, size, "fuzz", NULL);
    if (j) {
        check_rules(j, 100);
        check_rules(j, UINT64_MAX);
    }
    json_free(j);
    return 0;
}
