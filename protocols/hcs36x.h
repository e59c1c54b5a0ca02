/* hcs36x - what the HCS360, 361 and 362 have in common: 65 bits and their CRC.
 *
 * The CRC is taken over the 65 bits before it. V, the low voltage flag, is
 * sampled twice, once for the CRC and once to be sent, and the battery sags in
 * between (warning in DS41189A, 3.1.4.4): a frame that says 1 may carry the CRC
 * of 0, as the known ones do (a Hyundai fob). With V set two of four values are
 * right, so the check is worth one bit, and by itself proves nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_HCS36X_H
#define PROTOCOLS_HCS36X_H

#include "protocols/protocol.h"

enum { HCS36X_CHECK_BITS = 1 };

/* b has 67 bits or more. DAMAGED or PLAUSIBLE. */
enum verdict hcs36x_check(const struct bits *b);

#endif
