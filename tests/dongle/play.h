/* play - a recording on the air.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_PLAY_H
#define TESTS_DONGLE_PLAY_H

#include "tests/dongle/air.h"

/* Format, rate and frequency by the name of a file as rtl_433 writes it,
 * g001_433.92M_250k.cu8; a number is left alone where the name has none. False
 * if the extension is not cu8, cs16 or cf32. */
bool play_name(const char *path, enum sample_format *format, double *rate_hz,
               double *centre_hz);

/* Adds what a recording that began at begin_s gives to a chunk; hz is where
 * its centre comes out. Nothing is filtered: what lies beyond the band folds
 * back. */
void play_add(struct air *a, const struct emitter *e, double begin_s, double hz,
              double gain_db, uint64_t at, size_t n);

#endif
