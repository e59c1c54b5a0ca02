/* journal - what happened to a dongle, a line each, for a test to read.
 *
 * FOBSCOPE_DONGLE_LOG names the file, which is added to; without it nothing
 * is written.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_DONGLE_JOURNAL_H
#define TESTS_DONGLE_JOURNAL_H

/* Where `to` is not NULL it is the serial number of the dongle; it ends the
 * line as dongle=NUMBER. */
void journal(void *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
