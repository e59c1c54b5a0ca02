/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/hcs36x.h"

/* The two bits in the order sent are its bits 0 and 1 (DS41189A, eq. 3-1). */
static unsigned crc_of(const struct bits *b, unsigned low_battery)
{
    unsigned crc0 = 0, crc1 = 0;

    for (size_t i = 0; i < 65; i++) {
        unsigned in = i < 64 ? b->value[i] : low_battery;
        unsigned sum = crc0 ^ in;
        crc0 = sum ^ crc1;
        crc1 = sum;
    }
    return crc1 << 1 | crc0;
}

enum verdict hcs36x_check(const struct bits *b)
{
    uint64_t crc = bits_lsb(b, 65, 2);

    if (bits_are_constant(b, 0, 60)) /* a stuck carrier, not a fob */
        return VERDICT_DAMAGED;
    if (crc == crc_of(b, 0) || (b->value[64] == 1 && crc == crc_of(b, 1)))
        return VERDICT_PLAUSIBLE;
    return VERDICT_DAMAGED;
}
