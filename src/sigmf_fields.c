/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/sigmf_fields.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

#define DIGITS     "0123456789"
#define HEX_DIGITS DIGITS "abcdefABCDEF"

/* Holds text against a picture of it: 0 stands for a digit, x for a hexadecimal
 * one, anything else for itself. Returns what follows; NULL if it differs. */
static const char *match(const char *text, const char *picture)
{
    for (; *picture != '\0'; picture++, text++) {
        const char *set = *picture == '0'   ? DIGITS
                          : *picture == 'x' ? HEX_DIGITS
                                            : NULL;
        if (*text == '\0' || (set ? !strchr(set, *text) : *text != *picture))
            return NULL;
    }
    return text;
}

static bool is_version(const char *text)
{
    for (int i = 0; i < 3; i++) {
        size_t n = strspn(text, DIGITS);
        if (n == 0 || text[n] != (i < 2 ? '.' : '\0'))
            return false;
        text += n + 1;
    }
    return true;
}

/* Specification, "Dataset Format": bytes have no order, all else has one. */
static bool is_datatype(const char *text)
{
    static const char *const bytes[] = { "i8", "u8" };
    static const char *const words[] = { "f32", "f64", "i32",
                                         "i16", "u32", "u16" };
    if (*text != 'c' && *text != 'r')
        return false;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
        if (strcmp(text + 1, bytes[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *order = match(text + 1, words[i]);
        if (order)
            return strcmp(order, "_le") == 0 || strcmp(order, "_be") == 0;
    }
    return false;
}

static bool is_sha512(const char *text)
{
    return strlen(text) == 128 && strspn(text, HEX_DIGITS) == 128;
}

/* RFC 4122, section 3. */
static bool is_uuid(const char *text)
{
    const char *end = match(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    return end && *end == '\0';
}

/* A name without a folder, that each system takes (pattern of the schema). */
static bool is_file_name(const char *text)
{
    return *text != '\0' && !strpbrk(text, "/\\:*?\"<>|");
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Gregorian, RFC 3339, appendix C. */
static int days_of(int year, int month)
{
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (month == 2)
        return is_leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* RFC 3339, section 5.6; of the offsets Z alone. 60: a leap second. */
static bool is_date(const char *text)
{
    const char *end = match(text, "0000-00-00T00:00:00");
    if (!end)
        return false;
    if (*end == '.') {
        size_t n = strspn(end + 1, DIGITS);
        if (n == 0)
            return false;
        end += 1 + n;
    }
    const int year = two_digits(text) * 100 + two_digits(text + 2);
    const int month = two_digits(text + 5), day = two_digits(text + 8);

    return strcmp(end, "Z") == 0 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of(year, month) && two_digits(text + 11) <= 23 &&
           two_digits(text + 14) <= 59 && two_digits(text + 17) <= 60;
}

static const struct sigmf_form version = { "a version X.Y.Z", is_version };
static const struct sigmf_form datatype = { "a datatype of SigMF",
                                            is_datatype };
static const struct sigmf_form sha512 = { "128 hexadecimal digits", is_sha512 };
static const struct sigmf_form uuid = { "a UUID", is_uuid };
static const struct sigmf_form file = { "a file's name", is_file_name };
static const struct sigmf_form date = { "a date as 2001-02-03T04:05:06Z",
                                        is_date };

#define HZ_MAX           1e12 /* of rates and frequencies, in the schema */
#define TYPED_MAX        200 /* bytes of what the owner types; fob.sigmf-ext.md */
#define FREQUENCY        .low = -HZ_MAX, .high = HZ_MAX
#define RATE             .low = DBL_TRUE_MIN, .high = HZ_MAX /* above 0 */
#define FROM_1           .low = 1, .high = (double)INT64_MAX
#define TYPED            .high = TYPED_MAX
#define REQUIRED         .is_required = true
#define FORM(f)          .form = &(f)

#define FIELD(p, n, t)   .place = (p), .name = (n), .type = (t)
#define GLOBAL(n, t)     FIELD(SIGMF_GLOBAL, n, SIGMF_##t)
#define CAPTURE(n, t)    FIELD(SIGMF_CAPTURES, n, SIGMF_##t)
#define ANNOTATION(n, t) FIELD(SIGMF_ANNOTATIONS, n, SIGMF_##t)

const char *const sigmf_places[SIGMF_PLACES] = {
    [SIGMF_GLOBAL] = "global",
    [SIGMF_CAPTURES] = "captures",
    [SIGMF_ANNOTATIONS] = "annotations",
};

const struct sigmf_field sigmf_fields[N_SIGMF_FIELDS] = {
    { GLOBAL("core:datatype", TEXT), REQUIRED, FORM(datatype) },
    { GLOBAL("core:version", TEXT), REQUIRED, FORM(version) },
    { GLOBAL("core:sample_rate", NUMBER), RATE },
    { GLOBAL("core:num_channels", UINT), FROM_1 },
    { GLOBAL("core:sha512", TEXT), FORM(sha512) },
    { GLOBAL("core:offset", UINT) },
    { GLOBAL("core:description", TEXT) },
    { GLOBAL("core:author", TEXT) },
    { GLOBAL("core:meta_doi", TEXT) },
    { GLOBAL("core:data_doi", TEXT) },
    { GLOBAL("core:recorder", TEXT) },
    { GLOBAL("core:license", TEXT) },
    { GLOBAL("core:hw", TEXT) },
    { GLOBAL("core:dataset", TEXT), FORM(file) },
    { GLOBAL("core:trailing_bytes", UINT) },
    { GLOBAL("core:metadata_only", BOOL) },
    { GLOBAL("core:geolocation", POINT) },
    { GLOBAL("core:extensions", ARRAY) },
    { GLOBAL("core:collection", TEXT) },
    { GLOBAL("fob:label", TEXT), TYPED },
    { GLOBAL("fob:car", TEXT), TYPED },
    { GLOBAL("fob:buttons", TEXT), TYPED },
    { GLOBAL("fob:sticker", TEXT), TYPED },
    { GLOBAL("fob:note", TEXT), TYPED },
    { GLOBAL("fob:added", TEXT), FORM(date) },
    { GLOBAL("fob:device", TEXT) },
    { GLOBAL("fob:unanswered", TEXT) },
    { GLOBAL("fob:synthetic", BOOL) },
    { GLOBAL("fob:seed", UINT) },
    { GLOBAL("fob:noise_dbfs", NUMBER) },
    { CAPTURE("core:sample_start", UINT), REQUIRED },
    { CAPTURE("core:global_index", UINT) },
    { CAPTURE("core:header_bytes", UINT) },
    { CAPTURE("core:frequency", NUMBER), FREQUENCY },
    { CAPTURE("core:datetime", TEXT), FORM(date) },
    { CAPTURE("core:geolocation", POINT) },
    { CAPTURE("fob:gain_db", NUMBER) },
    { CAPTURE("fob:left_out", UINT) },
    { ANNOTATION("core:sample_start", UINT), REQUIRED },
    { ANNOTATION("core:sample_count", UINT) },
    { ANNOTATION("core:freq_lower_edge", NUMBER), FREQUENCY },
    { ANNOTATION("core:freq_upper_edge", NUMBER), FREQUENCY },
    { ANNOTATION("core:label", TEXT) },
    { ANNOTATION("core:comment", TEXT) },
    { ANNOTATION("core:generator", TEXT) },
    { ANNOTATION("core:uuid", TEXT), FORM(uuid) },
    { ANNOTATION("fob:asked", TEXT) },
    { ANNOTATION("fob:frame", OBJECT) },
    { ANNOTATION("fob:carrier_offset_hz", NUMBER) },
    { ANNOTATION("fob:snr_db", NUMBER) },
    { ANNOTATION("fob:te_us", NUMBER) },
    { ANNOTATION("fob:copies", UINT) },
};

const struct sigmf_field *sigmf_fields_find(enum sigmf_place place,
                                            const char *name)
{
    for (size_t i = 0; i < N_SIGMF_FIELDS; i++)
        if (sigmf_fields[i].place == place &&
            strcmp(sigmf_fields[i].name, name) == 0)
            return &sigmf_fields[i];
    return NULL;
}
