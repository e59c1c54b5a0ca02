/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sound_tag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/date.h"

/* Where in auxi it stands. */
enum {
    AUXI_START = 0,
    AUXI_STOP = 16,
    AUXI_CENTRE = 32,
    AUXI_RATE = 36, /* of the converter */
    AUXI_BANDWIDTH = 44,
};

/* The words of a SYSTEMTIME. */
enum {
    TIME_YEAR,
    TIME_MONTH,
    TIME_WEEKDAY,
    TIME_DAY,
    TIME_HOUR,
    TIME_MINUTE,
    TIME_SECOND,
    TIME_MS,
    TIME_WORDS,
};

static const char mark[] = "fobscope ";

static void put_number(unsigned char *to, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t get_number(const unsigned char *from, size_t bytes)
{
    uint32_t value = 0;

    while (bytes-- > 0)
        value = value << 8 | from[bytes];
    return value;
}

/* 0 where it has no room. */
static void put_hz(unsigned char *to, double hz)
{
    const double whole = round(hz);

    put_number(to, whole > 0 && whole <= UINT32_MAX ? (uint32_t)whole : 0, 4);
}

static void put_time(unsigned char *to, double unix_s)
{
    struct date d;

    if (!date_from_unix(&d, round(unix_s * 1e3) / 1e3))
        return;
    const int words[TIME_WORDS] = {
        [TIME_YEAR] = d.year,       [TIME_MONTH] = d.month,
        [TIME_WEEKDAY] = d.weekday, [TIME_DAY] = d.day,
        [TIME_HOUR] = d.hour,       [TIME_MINUTE] = d.minute,
        [TIME_SECOND] = d.second,   [TIME_MS] = d.microsecond / 1000,
    };
    for (size_t i = 0; i < TIME_WORDS; i++)
        put_number(to + 2 * i, (uint32_t)words[i], 2);
}

static double get_time(const unsigned char *from)
{
    int words[TIME_WORDS];
    double unix_s;

    for (size_t i = 0; i < TIME_WORDS; i++)
        words[i] = (int)get_number(from + 2 * i, 2);
    const struct date d = {
        .year = words[TIME_YEAR],
        .month = words[TIME_MONTH],
        .day = words[TIME_DAY],
        .hour = words[TIME_HOUR],
        .minute = words[TIME_MINUTE],
        .second = words[TIME_SECOND],
        .microsecond = words[TIME_MS] * 1000,
    };
    return date_to_unix(&d, &unix_s) ? unix_s : NAN;
}

void sound_tag_to_auxi(const struct sound_tag *t,
                       unsigned char auxi[SOUND_AUXI_BYTES])
{
    memset(auxi, 0, SOUND_AUXI_BYTES);
    put_time(auxi + AUXI_START, t->start_unix_s);
    put_time(auxi + AUXI_STOP, t->stop_unix_s);
    put_hz(auxi + AUXI_CENTRE, t->centre_hz);
    put_hz(auxi + AUXI_RATE, t->rate_hz);
    put_hz(auxi + AUXI_BANDWIDTH, t->rate_hz);
}

/* SDR Console writes XML under the same name, in UTF-8 or UTF-16, with or
 * without a byte order mark. One byte of that is not enough: the years 2031,
 * 2047 and 2108 begin so. */
static bool is_xml(const unsigned char *auxi)
{
    const bool is_tag = auxi[0] == '<' && (auxi[1] == 0 || auxi[1] > ' ');

    return is_tag || memcmp(auxi, "\xef\xbb\xbf", 3) == 0 ||
           memcmp(auxi, "\xff\xfe", 2) == 0 || memcmp(auxi, "\xfe\xff", 2) == 0;
}

void sound_tag_from_auxi(struct sound_tag *t,
                         const unsigned char auxi[SOUND_AUXI_READ])
{
    t->centre_hz = t->start_unix_s = NAN;
    if (is_xml(auxi))
        return;
    t->start_unix_s = get_time(auxi + AUXI_START);
    if (get_number(auxi + AUXI_CENTRE, 4) > 0)
        t->centre_hz = get_number(auxi + AUXI_CENTRE, 4);
}

void sound_tag_to_comment(const struct sound_tag *t,
                          char text[SOUND_COMMENT_MAX])
{
    char centre[40] = "", start[48] = "", date[40];

    if (isfinite(t->centre_hz))
        snprintf(centre, sizeof centre, " centre=%.10g", t->centre_hz);
    date_format(date, sizeof date, t->start_unix_s);
    if (date[0] != '\0')
        snprintf(start, sizeof start, " start=%s", date);
    snprintf(text, SOUND_COMMENT_MAX, "%srate=%.10g%s%s scale=%.10g", mark,
             t->rate_hz, centre, start, t->scale);
}

/* A number as %.10g prints it. strtod alone takes hex, "inf" and spaces. */
static bool parse_number(const char *text, double *ret)
{
    char *end;

    if (text[0] < '0' || text[0] > '9' ||
        text[strspn(text, "0123456789.e+-")] != '\0')
        return false;
    *ret = strtod(text, &end);
    return *end == '\0' && isfinite(*ret);
}

/* key=value; a key that is not known says nothing. */
static bool parse_pair(struct sound_tag *t, char *pair)
{
    char *value = strchr(pair, '=');

    if (value == NULL)
        return false;
    *value++ = '\0';
    if (strcmp(pair, "rate") == 0)
        return parse_number(value, &t->rate_hz);
    if (strcmp(pair, "centre") == 0)
        return parse_number(value, &t->centre_hz);
    if (strcmp(pair, "start") == 0)
        return date_parse(value, &t->start_unix_s);
    if (strcmp(pair, "scale") == 0)
        return parse_number(value, &t->scale);
    return true;
}

bool sound_tag_from_comment(struct sound_tag *ret, const char *text)
{
    struct sound_tag t = { NAN, NAN, NAN, NAN, 1 };
    char copy[SOUND_COMMENT_MAX], *rest = copy;
    const size_t n = strnlen(text, SOUND_COMMENT_MAX);

    if (n == SOUND_COMMENT_MAX || strncmp(text, mark, sizeof mark - 1) != 0)
        return false;
    memcpy(copy, text + sizeof mark - 1, n - (sizeof mark - 1) + 1);
    for (char *pair; (pair = strtok_r(rest, " ", &rest)) != NULL;)
        if (!parse_pair(&t, pair))
            return false;
    if (isnan(t.rate_hz))
        return false;
    *ret = t;
    return true;
}

int sound_tag_flac_rate(double rate_hz)
{
    if (rate_hz >= 655355) /* which would be rounded to 655,360 */
        return (int)fmax(round(fmin(rate_hz, 1e12) / 1e3), 1);
    if (rate_hz >= 65535.5)
        return (int)(round(rate_hz / 10) * 10);
    return (int)fmax(round(rate_hz), 1);
}
