/* post_text - the block of text of a report: for forums, which show a fixed font and
 * break long lines.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "src/post_parts.h"

enum {
    WORDS = 1600,       /* bytes of one paragraph */
    INDENT = 12,        /* of its lines, below what it is of */
    FOOT_LINES = 2,     /* kept free for the end */
    UNTESTED_LINES = 4, /* kept free for what was not tested */
    FINDINGS_MAX = 3,
    REASONS_MAX = 3,
    ROWS_MAX = 8,  /* of what differs */
    CODES_MAX = 3, /* presses whose codes are told */
};

struct block {
    char line[POST_TEXT_LINES][POST_TEXT_COLUMNS + 1];
    size_t n, most; /* lines that are written, and may be */
};

/* A letter that is not ASCII becomes one '?', whatever its bytes. */
static void make_ascii(char *text)
{
    bool is_letter = false; /* begun, of several bytes */
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        const unsigned char c = (unsigned char)*from;

        if (is_letter && c >= 0x80 && c < 0xc0)
            continue;
        is_letter = c >= 0xc0;
        *to++ = c >= 0x20 && c < 0x7f ? (char)c : '?';
    }
    *to = '\0';
}

static void put_line(struct block *b, const char *text)
{
    size_t n = strlen(text);

    if (b->n >= b->most)
        return;
    n = n < POST_TEXT_COLUMNS ? n : POST_TEXT_COLUMNS;
    while (n > 0 && text[n - 1] == ' ')
        n--;
    snprintf(b->line[b->n++], sizeof b->line[0], "%.*s", (int)n, text);
}

static void put_rule(struct block *b, char c)
{
    char line[POST_TEXT_COLUMNS + 1];

    memset(line, c, POST_TEXT_COLUMNS);
    line[POST_TEXT_COLUMNS] = '\0';
    put_line(b, line);
}

/* How much of text goes into one line. */
static size_t piece(const char *text, size_t room)
{
    size_t n = strlen(text), at = room;

    if (n <= room)
        return n;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : room; /* a word longer than a line is cut */
}

/* "what        text", folded, at most so many lines; cut off, it ends in "...". */
static void put_item(struct block *b, const char *what, size_t indent,
                     size_t most, const char *text)
{
    const size_t room = POST_TEXT_COLUMNS - indent;
    char words[WORDS], line[POST_TEXT_COLUMNS + 1];
    const char *rest = words;

    snprintf(words, sizeof words, "%s", text);
    make_ascii(words);
    if (most > b->most - b->n)
        most = b->most - b->n;
    for (size_t i = 0; i < most && (*rest != '\0' || i == 0); i++) {
        const bool is_last = i + 1 == most && strlen(rest) > room;
        const size_t n = piece(rest, is_last ? room - 4 : room);

        snprintf(line, sizeof line, "%-*.*s%.*s%s", (int)indent,
                 indent > 0 ? (int)indent - 1 : 0, i == 0 ? what : "", (int)n,
                 rest, is_last ? " ..." : "");
        put_line(b, line);
        rest += n;
        rest += strspn(rest, " ");
    }
}

static void __attribute__((format(printf, 4, 5)))
put_format(struct block *b, const char *what, size_t most, const char *format,
           ...)
{
    char words[WORDS];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    put_item(b, what, INDENT, most, words);
}

/* Adds to text, with what goes between; nothing where it is full. */
static void __attribute__((format(printf, 4, 5)))
add(char *text, size_t room, const char *between, const char *format, ...)
{
    const size_t n = strlen(text);
    va_list args;

    if (n + strlen(between) + 1 >= room)
        return;
    if (n > 0)
        strcpy(text + n, between);
    va_start(args, format);
    vsnprintf(text + strlen(text), room - strlen(text), format, args);
    va_end(args);
}

static void put_head(struct block *b, const struct post *p)
{
    char line[2 * POST_TEXT_COLUMNS];

    snprintf(line, sizeof line, "%-*.*s%s", POST_TEXT_COLUMNS - 15, 57,
             p->n == 2 ? "Two key fobs, side by side" : "A key fob",
             "fobscope " FOBSCOPE_VERSION);
    put_line(b, line);
    put_rule(b, '=');
    if (p->is_full)
        put_line(b, "*** NOT FOR POSTING: serials and codes of the fob are in "
                    "here ***");
    if (p->is_synthetic)
        put_line(b, "Computed recordings: no fob was there.");
}

static const char *line_title(const struct post_fob *x)
{
    return identify_line_title(identify_subject_kind(x->subject));
}

/* "315 MHz, carrier 314.985 MHz; OOK, Manchester, chips of 249 us, 73 bits". */
static void put_sends(struct block *b, const struct post *p,
                      const struct post_fob *x, const char *what)
{
    const struct frame *f = x->subject->frames.best;
    const double nominal_hz = identify_band_hz(x->radio, p->knowledge);
    char text[WORDS] = "";

    if (isfinite(nominal_hz))
        add(text, sizeof text, "", "%.6g MHz", nominal_hz / 1e6);
    if (x->subject->facts.is_on_air)
        add(text, sizeof text, ", ", "carrier %.3f MHz",
            x->subject->facts.carrier_hz / 1e6);
    if (f != NULL)
        add(text, sizeof text, "; ", "%s, %s, chips of %.0f us, %zu bits",
            f->reception.modulation == MODULATION_FSK ? "FSK" : "OOK",
            line_title(x), f->te_us, f->bits.n);
    if (f != NULL)
        add(text, sizeof text, "; ", "%s",
            f->protocol != NULL ? f->protocol->title
                                : "a format that is not known");
    if (text[0] == '\0')
        snprintf(text, sizeof text, "no frame was read");
    put_item(b, what, INDENT, 2, text);
}

/* What stands where: "33 bits identity, 24 rolling, 8 action, 8 check". */
static void put_fields(struct block *b, const struct post_fob *x,
                       const char *what)
{
    struct inferred_protocol inferred;
    const struct protocol *format =
        identify_subject_format(x->subject, &inferred);
    const struct frame *best = x->subject->frames.best;
    char text[WORDS] = "";
    struct bits bits;

    if (format == NULL || best == NULL || x->subject->frames.n == 0)
        return;
    identify_subject_bits(x->subject, 0, &bits);
    for (const struct field *f = format->fields; f->name != NULL; f++)
        if (field_is_inside(f, &bits))
            add(text, sizeof text, ", ", "%u %s", (unsigned)f->bits,
                field_role_name(f->role));
    put_format(b, what, 2, "%s (bits, in the order sent%s)", text,
               best->protocol == NULL ? "; inferred" : "");
}

/* "lock 4 of 4, unlock 4 of 4"; "8 presses". */
static void put_heard(struct block *b, const struct post_fob *x,
                      const char *what)
{
    const struct facts *f = &x->subject->facts;
    char text[WORDS] = "";

    for (size_t i = 0; i < f->n_buttons; i++)
        add(text, sizeof text, ", ", "%s %u of %u", f->button[i].name,
            f->button[i].answered, f->button[i].asked);
    put_format(b, what, 2, "%u press%s, %u with a frame%s%s", f->presses,
               f->presses == 1 ? "" : "es", f->with_frame,
               text[0] != '\0' ? ": " : "", text);
}

/* Serials and codes, of the first presses. */
static void put_codes(struct block *b, const struct post_fob *x,
                      const char *what)
{
    struct inferred_protocol inferred;
    const struct protocol *format =
        identify_subject_format(x->subject, &inferred);
    char text[WORDS] = "";
    struct bits bits;

    for (size_t i = 0; i < x->subject->frames.n && i < CODES_MAX; i++) {
        identify_subject_bits(x->subject, i, &bits);
        if (format == NULL) {
            for (size_t k = 0; k < bits.n; k++)
                add(text, sizeof text, k == 0 ? "; " : "", "%d", bits.value[k]);
            continue;
        }
        for (const struct field *f = format->fields; f->name != NULL; f++) {
            const bool is_identity = f->role == ROLE_IDENTITY;

            if (!field_is_inside(f, &bits) ||
                !((is_identity && i == 0) || f->role == ROLE_ROLLING ||
                  f->role == ROLE_COUNTER))
                continue;
            add(text, sizeof text, ", ", "%s %0*" PRIX64, f->name,
                (f->bits + 3) / 4, field_value(f, &bits));
        }
    }
    if (text[0] != '\0')
        put_item(b, what, INDENT, 2, text);
}

/* The conclusion, and the weightiest of what was found. */
static void put_identity(struct block *b, const struct post_fob *x)
{
    const struct evidence *reason[REASONS_MAX];
    const size_t n = post_parts_reasons(x->id, reason, REASONS_MAX);
    char text[IDENTIFY_TEXT], ratio[32];

    put_item(b, "it is", INDENT, 3,
             identify_conclusion(x->id, text, sizeof text));
    for (size_t i = 0; i < n; i++)
        put_format(b, i == 0 ? "as" : "", 3, "%s: %s",
                   post_parts_ratio(reason[i], ratio), reason[i]->finding);
}

static void put_list(struct block *b, const char *what, const char *const *list,
                     size_t n)
{
    char text[WORDS] = "";

    for (size_t i = 0; i < n; i++)
        add(text, sizeof text, "; ", "%s", list[i]);
    if (n > 0)
        put_item(b, what, INDENT, UNTESTED_LINES, text);
}

static void put_one(struct block *b, const struct post *p)
{
    const struct post_fob *x = &p->fob[0];
    const struct verdict_result *v = x->verdict;

    b->most -= UNTESTED_LINES;
    put_item(b, "", 0, 2, v->headline);
    put_line(b, "");
    if (x->car != NULL)
        put_item(b, "car", INDENT, 1, x->car);
    for (size_t i = 0; i < v->n && i < FINDINGS_MAX; i++)
        put_item(b, i == 0 ? "because" : "", INDENT, 2, v->finding[i].evidence);
    put_heard(b, x, "heard");
    if (v->finding[0].cannot != NULL)
        put_item(b, "cannot tell", INDENT, 2, v->finding[0].cannot);
    if (v->finding[0].advice != NULL)
        put_item(b, "what to do", INDENT, 2, v->finding[0].advice);
    put_line(b, "");
    put_identity(b, x);
    put_sends(b, p, x, "it sends");
    put_fields(b, x, "fields");
    if (p->is_full)
        put_codes(b, x, "codes");
    b->most += UNTESTED_LINES;
    put_list(b, "not tested", v->not_tested, v->n_not_tested);
}

/* Cut where it does not fit. */
static void put_cell(char *line, size_t room, size_t width, const char *text)
{
    const size_t n = strlen(line);

    snprintf(line + n, room - n, "%-*.*s%s ", (int)width,
             strlen(text) > width ? (int)width - 1 : (int)width, text,
             strlen(text) > width ? "~" : "");
}

/* "* carrier  315.0096 MHz  314.9853 MHz  -24.27 +- 0.077 kHz"; wide: without
 * the difference. */
static void put_row(struct block *b, const struct compare_row *row,
                    bool is_wide)
{
    const size_t cell = is_wide ? 28 : 17;
    char line[256];

    snprintf(line, sizeof line, "%s %-10.10s ", row->matters ? "!" : "*",
             row->title);
    put_cell(line, sizeof line, cell, row->a);
    put_cell(line, sizeof line, cell, row->b);
    if (!is_wide)
        put_cell(line, sizeof line, 22, row->difference);
    make_ascii(line);
    put_line(b, line);
}

/* What differs in numbers has a difference; words have none. */
static bool is_wide(const struct comparison *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (compare_is_noted(&c->row[i]) && c->row[i].difference[0] == '\0')
            return true;
    return false;
}

/* What matters first. How many are told of. */
static size_t put_noted(struct block *b, const struct comparison *c,
                        bool matters, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n; i++) {
        const struct compare_row *row = &c->row[i];

        if (!compare_is_noted(row) || row->matters != matters)
            continue;
        if (n < most)
            put_row(b, row, is_wide(c));
        n++;
    }
    return n;
}

static void put_rows(struct block *b, const struct comparison *c)
{
    char line[POST_TEXT_COLUMNS + 1];
    size_t all = 0, n;

    for (size_t i = 0; i < c->n; i++)
        all += compare_is_noted(&c->row[i]);
    if (all == 0) {
        put_item(b, "", 0, 2,
                 "Nothing differs but what two sound fobs of one family "
                 "differ in.");
        return;
    }
    snprintf(line, sizeof line,
             is_wide(c) ? "%-13s%-29s%s" : "%-13s%-18s%-18sB less A", "differs",
             "A", "B");
    put_line(b, line);
    n = put_noted(b, c, true, ROWS_MAX);
    put_noted(b, c, false, n < ROWS_MAX ? ROWS_MAX - n : 0);
    if (all > ROWS_MAX)
        put_format(b, "", 1, "and %zu more", all - ROWS_MAX);
    if (n > 0)
        put_line(b, "! it matters: a car may take one and not the other");
    if (n < all)
        put_line(b, "* it need not matter: two sound fobs may differ so");
}

static void put_same(struct block *b, const struct comparison *c)
{
    char text[WORDS] = "";

    for (size_t i = 0; i < c->n; i++) {
        const struct compare_row *row = &c->row[i];

        if (compare_is_noted(row) || row->is_consequence ||
            row->answer != COMPARE_SAME)
            continue;
        add(text, sizeof text, "; ", "%s %s", row->title, row->a);
    }
    if (text[0] != '\0')
        put_item(b, "the same", INDENT, 4, text);
}

static void put_two(struct block *b, const struct post *p)
{
    static const char *const names[] = { "A", "B" };
    const struct comparison *c = p->comparison;
    char text[IDENTIFY_TEXT], words[WORDS];

    put_item(b, "", 0, 3, c->conclusion);
    put_item(b, "so", INDENT, 4, c->follows);
    if (p->fob[0].car != NULL)
        put_item(b, "car", INDENT, 1, p->fob[0].car);
    put_line(b, "");
    for (size_t i = 0; i < 2; i++) {
        const struct post_fob *x = &p->fob[i];

        snprintf(words, sizeof words, "%s %s", x->verdict->headline,
                 identify_conclusion(x->id, text, sizeof text));
        put_item(b, names[i], INDENT, 2, words);
        put_heard(b, x, "");
        put_sends(b, p, x, "");
        if (p->is_full)
            put_codes(b, x, "");
    }
    put_line(b, "");
    b->most -= UNTESTED_LINES;
    put_rows(b, c);
    put_same(b, c);
    b->most += UNTESTED_LINES;
    put_list(b, "not tested", c->not_tested, c->n_not_tested);
}

static void put_foot(struct block *b, const struct post *p)
{
    put_rule(b, '-');
    put_line(b, p->is_full
                    ? "*** NOT FOR POSTING: serials and codes of the fob are "
                      "in here ***"
                    : "No serial, sticker, code or sample of a fob is in "
                      "this. Receive only.");
}

void post_text(FILE *out, const struct post *p)
{
    struct block b = { .most = POST_TEXT_LINES - FOOT_LINES };

    assert(p->n >= 1 && p->n <= POST_FOBS_MAX);
    put_head(&b, p);
    if (p->n == 2)
        put_two(&b, p);
    else
        put_one(&b, p);
    b.most = POST_TEXT_LINES;
    put_foot(&b, p);
    for (size_t i = 0; i < b.n; i++)
        fprintf(out, "%s\n", b.line[i]);
}
