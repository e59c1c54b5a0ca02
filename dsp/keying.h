/* keying - a burst as the modem sees it: its tones, and how strong they are;
 * no code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_KEYING_H
#define DSP_KEYING_H

#include "dsp/tone.h"

struct keying {
    enum modulation modulation;
    struct tone mark;  /* carrier on, or the upper tone */
    struct tone space; /* FSK only: the lower tone, same rate and length */
    float power;       /* of the carrier while on, linear, per sample */
};

#endif
