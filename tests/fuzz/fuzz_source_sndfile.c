/* fuzz_source_sndfile - bytes as a WAV, RF64, W64 or FLAC file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_file("wav:", data, size);
    return 0;
}
