/* framing_shape - whether chips that hold a frame's bits have its shape too.
 *
 * A frame gains so much by its bits that a wrong preamble or header, one bit
 * more or less, hardly counts: a look-alike would carry another's name. Where
 * the chips leave no doubt, each of them has to fit; where they do, only the
 * sum counts, and that is not the business of this module.
 *
 *   in      struct chips, decoded
 *   out     yes or no
 *   memory  none
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_FRAMING_SHAPE_H
#define PROTOCOLS_FRAMING_SHAPE_H

#include "protocols/framing_template.h"

/* A frame in chips: its template from chip at on, its data up to chip end. */
struct framing_shape {
    const struct likelihood *likelihood;
    const struct chips *chips;
    const struct line_code *code;
    const struct waveform *waveform;
    const struct framing_template *template;
    size_t at, end;
};

bool framing_shape_fits(const struct framing_shape *s);

/* So strong that a chip which does not fit is no accident. */
bool framing_shape_is_sure(const struct chips *c);

/* Pulses of one chip on and one off, one after the other, that end before chip
 * n. */
size_t framing_shape_pulses(const struct chips *c, size_t n);

#endif
