/* script - the scenario file: which dongles there are, and what is on the air.
 *
 * README.md has the form.
 *
 *   in      text
 *   out     struct script
 *   memory  trains and recordings are allocated and stay for ever
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_SCRIPT_H
#define TESTS_DONGLE_SCRIPT_H

#include <stdio.h>

#include "tests/dongle/dongle.h"

#define SCRIPT_DONGLES  8
#define SCRIPT_EMITTERS 256

struct script {
    struct air_cfg air;
    struct dongle_cfg dongle[SCRIPT_DONGLES];
    size_t n_dongles;
    struct emitter emitter[SCRIPT_EMITTERS];
    double speed, fifo;
};

/* 0, or the number of the line that has a fault, and what it is. air points
 * into the script, which must not move. */
unsigned script_read(struct script *s, FILE *f, char *why, size_t room);

#endif
