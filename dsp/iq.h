/* iq - the sample types that cross the borders between stages; no code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_IQ_H
#define DSP_IQ_H

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

/* Complex baseband; full scale of a converter is amplitude 1.0 on one rail. */
typedef float complex iq;

/* How a sample is stored. Two rails, interleaved I then Q, little endian. */
enum sample_format {
    SAMPLE_CU8,  /* unsigned 8 bits, zero at 127.5, as an RTL-SDR delivers */
    SAMPLE_CS8,  /* signed 8 bits */
    SAMPLE_CS16, /* signed 16 bits */
    SAMPLE_CF32, /* IEEE 754 binary32, full scale 1.0 */
};

/* How a transmitter keys its carrier. */
enum modulation {
    MODULATION_OOK, /* carrier on and off; "ASK" in rtl_433's JSON */
    MODULATION_FSK, /* two tones; mark is the upper one */
};

#endif
