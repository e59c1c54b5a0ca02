/* export - a recording as a file that other programs read: WAV, FLAC, cu8.
 *
 *   errors  negative errno, and a sentence that names file and fault
 *   files   written as PATH.part, for the user alone (0600), and given their
 *           name when they are whole; nothing is ever overwritten
 *
 * What is missing in a recording is not made up for: the file goes on with the
 * samples that come next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_EXPORT_H
#define SRC_EXPORT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"
#include "src/source.h"

enum export_format {
    EXPORT_WAV, /* 16 bits, with auxi; RF64 where WAV is too short */
    EXPORT_FLAC,
    EXPORT_CU8,
};

struct export_cfg {
    enum export_format format;
    uint64_t rf64_bytes; /* of samples, from which WAV is RF64; 0: as a rule */
    const volatile sig_atomic_t *stop; /* true: -EINTR; may be NULL */
};

struct export_done {
    uint64_t samples;
    double scale;            /* by which levels were multiplied; 1 as a rule */
    uint64_t clipped;        /* samples that did not fit */
    uint64_t lost, left_out; /* samples that are missing in the recording */
    bool is_exact;      /* every sample can be had back, divided by scale */
    struct err warning; /* of the recording, as source_warning; "": none */
};

/* The recording `spec` (see source.h), which must be a file, into a new file at
 * path. -EEXIST where there is one already. *done is untouched on failure. */
int export_write(const char *spec, const char *path,
                 const struct export_cfg *cfg, struct export_done *done,
                 struct err *e);

enum { EXPORT_NAME_MAX = 128, EXPORT_ID_MAX = 32 };

/* The file name that other programs take date, centre and rate from, without
 * what is not known: fob_20260329_112700Z_433920000Hz_ID_IQ.wav for SDR#, SDR++
 * and SDRangel, fob_20260329T112700Z_433.92M_2048k_ID.cu8 for rtl_433. id tells
 * recordings of one second apart: hexadecimal digits, at most EXPORT_ID_MAX;
 * NULL: none. */
void export_name(char text[EXPORT_NAME_MAX], const struct source_info *info,
                 enum export_format format, const char *id);

#endif
