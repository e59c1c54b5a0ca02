/* fuzz_sigmf - bytes as a .sigmf-meta.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sigmf.h"
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sigmf_meta m;
    struct err e = { "" };
    if (sigmf_parse(&m, (const char *)data, size, "fuzz", &e) < 0)
        fuzz_check_sentence(e.text);
    else
        assert(m.header_bytes <= UINT64_C(1) << 40 &&
               (unsigned)m.format <= SAMPLE_CF32);
    return 0;
}
