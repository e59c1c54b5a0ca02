/* fuzz_source_file - the first line is a spec and a name; what follows is the
 * file, raw in the format that the line's length chooses or told by its magic.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/source_impl.h"
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SPEC_MAX = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const overrides[] = {
        "", "cu8:250k:", "cs8:433M:1M:", "cs16:250k:", "cf32:2Msps:", "300k:",
    };
    char spec[SPEC_MAX];
    struct source_facts f;
    size_t n = 0;
    for (; n < size && n < SPEC_MAX - 1 && data[n] != '\n'; n++)
        spec[n] = (char)data[n];
    spec[n] = '\0';
    const char *path = source_spec_parse(spec, &f);
    assert(path >= spec && path <= spec + strlen(spec));
    source_name_parse(path, &f);
    size_t rest = n < size ? n + 1 : size;
    fuzz_file(overrides[n % (sizeof overrides / sizeof *overrides)],
              data + rest, size - rest);
    return 0;
}
