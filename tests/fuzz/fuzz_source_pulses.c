/* fuzz_source_pulses - bytes as a Flipper .sub and as rtl_433's pulse text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_file("sub:", data, size);
    fuzz_file("ook:", data, size);
    return 0;
}
