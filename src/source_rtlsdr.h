/* source_rtlsdr - what else than samples librtlsdr can tell, for the doctor.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOURCE_RTLSDR_H
#define SRC_SOURCE_RTLSDR_H

#include <stdbool.h>
#include <stddef.h>

enum { RTLSDR_TEXT = 256 }; /* of librtlsdr's strings */

struct rtlsdr_dongle {
    const char *name; /* by its USB numbers */
    bool is_readable; /* the strings could be read; "" otherwise */
    char manufacturer[RTLSDR_TEXT], product[RTLSDR_TEXT], serial[RTLSDR_TEXT];
};

/* How many dongles there are; of the first n, what they are. */
size_t source_rtlsdr_list(struct rtlsdr_dongle *out, size_t n);

bool source_rtlsdr_is_v4(const struct rtlsdr_dongle *d);

/* The file that librtlsdr was loaded from; "librtlsdr" if that is not known. */
const char *source_rtlsdr_library(void);

/* Whether that file has anything about the Blog V4 in it. */
bool source_rtlsdr_knows_v4(void);

#endif
