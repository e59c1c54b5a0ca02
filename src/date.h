/* date - a Unix time as the date it is in UTC, and as text.
 *
 *   source  RFC 3339; days counted by the Gregorian calendar, also before it
 *           was in use; no time zone, no locale, no leap second
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_DATE_H
#define SRC_DATE_H

#include <stdbool.h>
#include <stddef.h>

struct date {
    int year;       /* 1 to 9999 */
    int month, day; /* from 1 */
    int weekday;    /* 0: Sunday; date_to_unix does not look at it */
    int hour, minute, second;
    int microsecond;
};

/* To the nearest microsecond. False: no date has so few or so many seconds. */
bool date_from_unix(struct date *ret, double unix_s);

/* False, and *unix_s as it was: there is no such date. */
bool date_to_unix(const struct date *d, double *unix_s);

/* 2026-03-29T11:27:00.000000Z into text[n]; "" where there is no such date. */
void date_format(char *text, size_t n, double unix_s);

/* The reverse; a fraction may be missing or of any length, +00:00 stand for Z.
 * False, and *unix_s as it was, for anything else. */
bool date_parse(const char *text, double *unix_s);

#endif
