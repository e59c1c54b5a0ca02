/* err - one sentence about what went wrong, written where it happened.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ERR_H
#define SRC_ERR_H

struct err {
    char text[512]; /* "captures/a.cu8: is a directory"; no full stop, no \n */
};

/* Control characters, and what is no UTF-8, become '?'. */
void err_clean(char *text);

/* Writes the sentence; returns code, a negative errno, for `return err_set(…)`.
 * Control characters of names are shown as '?'. e may be NULL. */
int err_set(struct err *e, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
