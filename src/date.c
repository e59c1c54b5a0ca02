/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/date.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    DAY_SECONDS = 86400,
    MICROSECONDS = 1000000,
    DAYS_400_YEARS = 146097, /* after these the calendar repeats */
    DAYS_1_TO_1970 = 719162, /* from 0001-01-01 to 1970-01-01 */
    THURSDAY = 4,            /* 1970-01-01 was one */
    FRACTION_DIGITS = 15,    /* that a double can hold */
};

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* From 0001-01-01 to the first day of a year. */
static int64_t days_before(int year)
{
    const int64_t y = year - 1;

    return y * 365 + y / 4 - y / 100 + y / 400;
}

static bool is_in(int value, int low, int high)
{
    return value >= low && value <= high;
}

static bool is_date(const struct date *d)
{
    return is_in(d->year, 1, 9999) && is_in(d->month, 1, 12) &&
           is_in(d->day, 1, days_of_month(d->year, d->month)) &&
           is_in(d->hour, 0, 23) && is_in(d->minute, 0, 59) &&
           is_in(d->second, 0, 59) && is_in(d->microsecond, 0, 999999);
}

bool date_to_unix(const struct date *d, double *unix_s)
{
    int64_t days;

    if (!is_date(d))
        return false;
    days = days_before(d->year) - DAYS_1_TO_1970 + d->day - 1;
    for (int month = 1; month < d->month; month++)
        days += days_of_month(d->year, month);
    *unix_s = (double)(days * DAY_SECONDS + d->hour * 3600 + d->minute * 60 +
                       d->second) +
              d->microsecond / (double)MICROSECONDS;
    return true;
}

/* Of days since 0001-01-01. */
static void set_day(struct date *d, int64_t days)
{
    int64_t rest = days % DAYS_400_YEARS;

    /* an estimate that is never too late: the longest year */
    d->year = (int)(days / DAYS_400_YEARS * 400 + rest / 366 + 1);
    while (days_before(d->year + 1) <= days)
        d->year++;
    rest = days - days_before(d->year);
    d->month = 1;
    while (rest >= days_of_month(d->year, d->month))
        rest -= days_of_month(d->year, d->month++);
    d->day = (int)rest + 1;
}

bool date_from_unix(struct date *ret, double unix_s)
{
    /* not in one step: a double has no room for microseconds of 2000 years */
    const double whole = floor(unix_s);
    const double fraction = isfinite(whole) ? unix_s - whole : 0;
    const int64_t us = llround(fraction * MICROSECONDS);
    int64_t second, days;

    if (!(fabs(whole) < 1e12)) /* nor has an integer for all of its seconds */
        return false;
    second = (int64_t)whole + us / MICROSECONDS;
    second += (int64_t)DAYS_1_TO_1970 * DAY_SECONDS;
    days = second / DAY_SECONDS;
    if (second < 0 || days >= days_before(10000))
        return false;
    set_day(ret, days);
    ret->weekday = (int)((days - DAYS_1_TO_1970 % 7 + 7 + THURSDAY) % 7);
    ret->hour = (int)(second % DAY_SECONDS / 3600);
    ret->minute = (int)(second / 60 % 60);
    ret->second = (int)(second % 60);
    ret->microsecond = (int)(us % MICROSECONDS);
    return true;
}

void date_format(char *text, size_t n, double unix_s)
{
    struct date d;

    text[0] = '\0';
    if (date_from_unix(&d, unix_s))
        snprintf(text, n, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", d.year,
                 d.month, d.day, d.hour, d.minute, d.second, d.microsecond);
}

/* Exactly n digits at *text, which is moved behind them. */
static bool take_digits(const char **text, int n, int *ret)
{
    int value = 0;

    for (; n > 0; n--, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        value = value * 10 + (**text - '0');
    }
    *ret = value;
    return true;
}

static bool take_char(const char **text, char c)
{
    if (**text != c)
        return false;
    (*text)++;
    return true;
}

/* A point and digits, or nothing. */
static bool take_fraction(const char **text, double *ret)
{
    double digits = 0, scale = 1;
    int n = 0;

    *ret = 0;
    if (!take_char(text, '.'))
        return true;
    for (; **text >= '0' && **text <= '9'; (*text)++, n++) {
        if (n >= FRACTION_DIGITS)
            continue;
        digits = digits * 10 + (**text - '0');
        scale *= 10;
    }
    *ret = digits / scale;
    return n > 0;
}

bool date_parse(const char *text, double *unix_s)
{
    struct date d = { 0 };
    double fraction, whole;

    if (!take_digits(&text, 4, &d.year) || !take_char(&text, '-') ||
        !take_digits(&text, 2, &d.month) || !take_char(&text, '-') ||
        !take_digits(&text, 2, &d.day) || !take_char(&text, 'T') ||
        !take_digits(&text, 2, &d.hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &d.minute) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &d.second) || !take_fraction(&text, &fraction))
        return false;
    if (strcmp(text, "Z") != 0 && strcmp(text, "+00:00") != 0)
        return false;
    if (!date_to_unix(&d, &whole))
        return false;
    *unix_s = whole + fraction;
    return true;
}
