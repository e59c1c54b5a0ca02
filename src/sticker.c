/* sticker - reads what was typed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/sticker.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Code 39, ISO/IEC 16388: a character's place is its value, and the check
 * character is the sum of the values modulo their number. */
static const char code_39[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

enum {
    BASE_DIGITS = 6, /* DOMAIN.md 3.1 */
    BASE_BITS = 4 * BASE_DIGITS,
    BASE_MASK = (1 << BASE_BITS) - 1,
    LONG_DIGITS = 7, /* one report has so many */
    LEAD_DIGITS = 8, /* F's before an inverted code */
    SHOWN = 40,      /* of what was typed, in a sentence */
};

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

/* Number of hexadecimal digits that all n characters are; false: they are not. */
static bool read_hex(const char *text, size_t n, uint32_t *ret)
{
    uint32_t value = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is_hex(text[i]))
            return false;
        value = value << 4 | (uint32_t)(is_letter(text[i]) ? text[i] - 'A' + 10
                                                           : text[i] - '0');
    }
    *ret = value;
    return true;
}

/* Capitals, no spaces. False: too long for any code. */
static bool tidy(char *out, const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '\t')
            continue;
        if (n + 1 == STICKER_TEXT_MAX)
            return false;
        out[n++] =
            *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
    }
    out[n] = '\0';
    return true;
}

static void add_code(struct sticker *s, uint32_t value, unsigned bits)
{
    assert(s->n_codes < STICKER_CODES_MAX);
    s->code[s->n_codes++] =
        (struct sticker_code){ value & ((UINT32_C(1) << bits) - 1), bits };
}

static bool read_digits(struct sticker *s)
{
    const size_t n = strlen(s->text);
    uint32_t value;

    /* a letter in front, which may be a digit as well */
    for (size_t lead = 0; lead <= 1 && lead < n; lead++) {
        const size_t digits = n - lead;

        if ((digits != BASE_DIGITS && digits != LONG_DIGITS) ||
            (lead && !is_letter(s->text[0])) ||
            !read_hex(s->text + lead, digits, &value))
            continue;
        if (digits == LONG_DIGITS)
            add_code(s, value, 4 * LONG_DIGITS);
        add_code(s, value, BASE_BITS);
        return true;
    }
    return false;
}

/* The code of the line, which is n characters without its check character. */
static bool read_line(const char *line, size_t *ret_n, uint32_t *ret_code,
                      uint32_t *ret_variable)
{
    static const char lead[] = "FFFFFFFF";
    uint32_t code, variable;

    if (!strncmp(line, lead, LEAD_DIGITS) &&
        read_hex(line + LEAD_DIGITS, BASE_DIGITS, &code)) {
        *ret_n = LEAD_DIGITS + BASE_DIGITS;
        *ret_code = ~code & BASE_MASK;
        *ret_variable = (*ret_code - 1) & BASE_MASK;
        return true;
    }
    if (line[0] == 'N' && read_hex(line + 1, BASE_DIGITS, &code) &&
        read_hex(line + 1 + BASE_DIGITS, BASE_DIGITS, &variable) &&
        !strncmp(line + 1 + 2 * BASE_DIGITS, "FF", 2)) {
        *ret_n = 1 + 2 * BASE_DIGITS + 2;
        *ret_code = code;
        *ret_variable = variable;
        return true;
    }
    return false;
}

static char check_of(const char *line, size_t n)
{
    size_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (size_t)(strchr(code_39, line[i]) - code_39);
    return code_39[sum % (sizeof code_39 - 1)];
}

/* NULL, or what is expected of a line of a label. "": it is none. */
static const char *read_label(struct sticker *s)
{
    uint32_t code, variable;
    char check;
    size_t n;

    if (!read_line(s->text, &n, &code, &variable))
        return "";
    check = check_of(s->text, n);
    /* a check character may be a space, and these are gone */
    if (s->text[n] == '\0' && check != ' ')
        return "a line of the label ends in a check character, which is "
               "expected here as well";
    if (s->text[n] != '\0' &&
        (s->text[n + 1] != '\0' || !strchr(code_39, s->text[n])))
        return "a line of the label is expected to end in one check "
               "character, a capital, a digit or one of -.$/+%";
    if (variable != ((code - 1) & BASE_MASK))
        return "the second six digits of this line of the label are expected "
               "to be its first six less one";
    s->check = s->text[n] == '\0' || s->text[n] == check ? STICKER_CHECK_RIGHT
                                                         : STICKER_CHECK_WRONG;
    add_code(s, code, BASE_BITS);
    return NULL;
}

int sticker_parse(struct sticker *s, const char *text, struct err *e)
{
    struct sticker x = { .check = STICKER_CHECK_NONE };
    const bool has_room = tidy(x.text, text);
    const char *why = "";

    if (!has_room || (!read_digits(&x) && (why = read_label(&x)) != NULL))
        return err_set(e, -EINVAL, "%.*s: %s", SHOWN,
                       has_room && x.text[0] == '\0' ? "nothing" : text,
                       why[0] != '\0'
                           ? why
                           : "expected the 6 or 7 hexadecimal digits from the "
                             "fob's board, with or without a letter in "
                             "front, or a line of its label with the check "
                             "character");
    *s = x;
    return 0;
}

const char *sticker_view_name(enum sticker_view v)
{
    static const char *const names[] = { "as decoded", "differential",
                                         "integrated", "chips" };

    return names[v];
}

void sticker_transform_name(unsigned transform, char *text, size_t room)
{
    /* in the order in which they are done */
    static const struct {
        unsigned transform;
        const char *name;
    } names[] = { { STICKER_MINUS_ONE, "minus one" },
                  { STICKER_INVERTED, "inverted" },
                  { STICKER_BITS_REVERSED, "bits reversed" },
                  { STICKER_BYTES_REVERSED, "bytes reversed" } };
    size_t n = 0;

    assert(room > 0);
    snprintf(text, room, "%s", transform ? "" : "plain");
    for (size_t i = 0; i < sizeof names / sizeof *names && n < room; i++)
        if (transform & names[i].transform)
            n += (size_t)snprintf(text + n, room - n, "%s%s", n ? ", " : "",
                                  names[i].name);
}
