/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/age.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define HOUR_S 3600
#define DAY_S  86400

/* So many of the smallest unit are more than a century. */
#define AGE_DIGITS_MAX 6

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether text is of a form: a 0 stands for any digit. */
static bool has_form(const char *text, const char *form)
{
    for (; *form != '\0'; text++, form++)
        if (*form == '0' ? !is_digit(*text) : *text != *form)
            return false;
    return *text == '\0';
}

/* The n digits at text. */
static int number(const char *text, size_t n)
{
    int x = 0;

    for (size_t i = 0; i < n; i++)
        x = 10 * x + (text[i] - '0');
    return x;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && is_leap);
}

/* Days from 1970-01-01; the year is not before 1970. */
static int days_before(int year, int month, int day)
{
    const int last = year - 1; /* whose leap days are all over */
    int n = 365 * (year - 1970) + (last / 4 - 1969 / 4) -
            (last / 100 - 1969 / 100) + (last / 400 - 1969 / 400);

    for (int m = 1; m < month; m++)
        n += days_of_month(year, m);
    return n + day - 1;
}

static int parse_date(const char *text, double *unix_s, struct err *e)
{
    const size_t n = strlen(text);
    const int year = number(text, 4);
    const int month = number(text + 5, 2);
    const int day = number(text + 8, 2);
    const int hour = n > 10 ? number(text + 11, 2) : 0;
    const int minute = n > 10 ? number(text + 14, 2) : 0;
    const int second = n > 17 ? number(text + 17, 2) : 0;

    if (year < 1970)
        return err_set(e, -EINVAL, "%s: before 1970", text);
    if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
        return err_set(e, -EINVAL, "%s: there is no such day", text);
    if (hour > 23 || minute > 59 || second > 59)
        return err_set(e, -EINVAL, "%s: there is no such time of day", text);
    *unix_s = (double)days_before(year, month, day) * DAY_S + hour * HOUR_S +
              minute * 60 + second;
    return 0;
}

/* Seconds of a unit; 0: there is none of this letter. */
static double unit_s(char letter)
{
    switch (letter) {
    case 'h':
        return HOUR_S;
    case 'd':
        return DAY_S;
    case 'w':
        return 7.0 * DAY_S;
    case 'm':
        return 30.0 * DAY_S;
    case 'y':
        return 365.0 * DAY_S;
    default:
        return 0;
    }
}

static bool is_age(const char *text)
{
    const size_t digits = strspn(text, "0123456789");

    return digits > 0 && unit_s(text[digits]) > 0 && text[digits + 1] == '\0';
}

static int parse_age(const char *text, double now_unix_s, double *unix_s,
                     struct err *e)
{
    const char *from = text + strspn(text, "0");
    const size_t digits = strspn(from, "0123456789");
    const int n = number(from, digits <= AGE_DIGITS_MAX ? digits : 0);
    const double then_s = now_unix_s - n * unit_s(from[digits]);

    if (digits == 0)
        return err_set(e, -EINVAL, "%s: an age begins at 1%c", text, *from);
    if (digits > AGE_DIGITS_MAX || then_s < 0)
        return err_set(e, -EINVAL, "%s: before 1970", text);
    *unix_s = then_s;
    return 0;
}

int age_parse(const char *text, double now_unix_s, double *unix_s,
              struct err *e)
{
    if (has_form(text, "0000-00-00") || has_form(text, "0000-00-00T00:00Z") ||
        has_form(text, "0000-00-00T00:00:00Z"))
        return parse_date(text, unix_s, e);
    if (is_age(text))
        return parse_age(text, now_unix_s, unix_s, e);
    return err_set(e, -EINVAL,
                   "%s: not a date (2026-03-29, 2026-03-29T11:27Z) or an age "
                   "(12h, 7d, 8w, 6m, 1y)",
                   text);
}
