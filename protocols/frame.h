/* frame - what one code word of a fob was, and how sure that is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAME_H
#define PROTOCOLS_FRAME_H

#include "protocols/protocol.h"

/* Where and how strongly it was received. Pulses come without levels: NAN. */
struct reception {
    enum modulation modulation;
    double carrier_hz;             /* from the centre of the recording */
    double carrier_uncertainty_hz; /* one standard deviation */
    double deviation_hz;           /* FSK: half the shift; OOK: 0 */
    double level_dbfs;             /* power while on, over 1.0 squared */
    double noise_dbfs;             /* in the whole sample bandwidth */
    double snr_db;                 /* level over noise */
    bool is_overload;              /* samples at the end stops */
};

struct frame {
    const struct protocol *protocol; /* NULL: of no known format */
    enum verdict verdict;
    enum line_kind kind;
    struct symbols symbols; /* PWM, PPM */
    double te_us;
    uint64_t at, samples; /* first sample of the first chip, and length */
    struct bits bits;     /* without preamble, header, sync, start bits */
    unsigned preamble_chips, sync_chips; /* unknown formats; else 0 */
    unsigned copies;   /* copies whose likelihoods were added, >= 1 */
    double confidence; /* probability that every bit is right */
    struct reception reception;
};

#endif
