/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "src/err.h"
#include "src/report_json.h"

#define WIDTH_DEFAULT 80
#define CELL_MAX      32
#define SURE_LLR      4.6f /* ln 99: 99 % */
#define INDENT        2    /* of lines below a row */

/* One column: its text for a frame goes into cell. Missing text is "-". */
struct column {
    const char *title;
    size_t width;
    bool is_right;
    void (*get)(char cell[CELL_MAX], const struct json *frame);
};

static double fob_number(const struct json *frame, const char *key)
{
    return json_number(json_get(frame, "fob"), key, NAN);
}

static void put_text(char cell[CELL_MAX], const char *text)
{
    if (text == NULL)
        return;
    snprintf(cell, CELL_MAX, "%s", text);
    err_clean(cell); /* of a recording that may come from anywhere */
}

static void put_number(char cell[CELL_MAX], double x, int decimals)
{
    if (isfinite(x))
        snprintf(cell, CELL_MAX, "%.*f", decimals, x);
}

/* As many decimals as the six columns hold. */
static void get_time(char cell[CELL_MAX], const struct json *frame)
{
    const char *time = json_text(frame, "time");
    double s = fob_number(frame, "elapsed_s"); /* live */

    if (time != NULL && *time == '@')
        s = strtod(time + 1, NULL);
    put_number(cell, s, s < 99.9995 ? 3 : s < 999.995 ? 2 : s < 9999.95);
}

static void get_model(char cell[CELL_MAX], const struct json *frame)
{
    put_text(cell, json_text(frame, "model"));
}

/* rtl_433 writes some as text, some as numbers. */
static void get_id(char cell[CELL_MAX], const struct json *frame)
{
    put_number(cell, json_number(frame, "id", NAN), 0);
    put_text(cell, json_text(frame, "id"));
}

static void get_button(char cell[CELL_MAX], const struct json *frame)
{
    put_number(cell, json_number(frame, "button_code", NAN), 0);
    put_number(cell, json_number(frame, "button", NAN), 0);
    put_text(cell, json_text(frame, "button_str"));
}

/* The part that changes; of an unknown format only how long it is. */
static void get_code(char cell[CELL_MAX], const struct json *frame)
{
    const char *bits = json_text(json_get(frame, "fob"), "bits");
    const char *protocol = json_text(json_get(frame, "fob"), "protocol");

    put_text(cell, json_text(frame, "encrypted"));
    if (bits != NULL && protocol != NULL && strcmp(protocol, "unknown") == 0)
        snprintf(cell, CELL_MAX, "%zu bits", strlen(bits));
}

static void get_verdict(char cell[CELL_MAX], const struct json *frame)
{
    put_text(cell, json_text(json_get(frame, "fob"), "verdict"));
}

/* Rounded down: 100 % is never sure. */
static void get_sure(char cell[CELL_MAX], const struct json *frame)
{
    double p = fob_number(frame, "confidence");

    if (isfinite(p))
        snprintf(cell, CELL_MAX, "%.0f%%", fmin(floor(100.0 * p + 1e-9), 99.0));
}

static void get_copies(char cell[CELL_MAX], const struct json *frame)
{
    put_number(cell, fob_number(frame, "copies"), 0);
}

static void get_freq(char cell[CELL_MAX], const struct json *frame)
{
    put_number(cell, json_number(frame, "freq", NAN), 3);
}

static void get_snr(char cell[CELL_MAX], const struct json *frame)
{
    put_number(cell, json_number(frame, "snr", NAN), 0);
}

/* clang-format off */
static const struct column columns[] = {
    { "time s",   6, true,  get_time },
    { "model",   18, false, get_model },
    { "id",       8, false, get_id },
    { "button",   6, false, get_button },
    { "code",     8, false, get_code },
    { "verdict",  9, false, get_verdict },
    { "sure",     4, true,  get_sure },
    { "n",        2, true,  get_copies },
    { "MHz",      7, true,  get_freq },
    { "dB",       2, true,  get_snr },
};
/* clang-format on */

#define N_COLUMNS (sizeof columns / sizeof *columns)

static size_t terminal_width(FILE *out)
{
    const char *text = getenv("COLUMNS");
    struct winsize size;
    size_t width = WIDTH_DEFAULT;

    if (text != NULL && strtoul(text, NULL, 10) > 0)
        width = strtoul(text, NULL, 10);
    else if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        width = size.ws_col;
    if (width > TABLE_WIDTH_MAX)
        return TABLE_WIDTH_MAX;
    return width < TABLE_WIDTH_MIN ? TABLE_WIDTH_MIN : width;
}

static bool can_bold(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(fileno(out)) == 1 && (no_color == NULL || !*no_color) &&
           term != NULL && strcmp(term, "dumb") != 0;
}

void report_table_init(struct report_table *t, FILE *out)
{
    *t = (struct report_table){
        .out = out,
        .width = terminal_width(out),
        .is_bold = can_bold(out),
    };
}

/* A line in bold, where that can be. */
static void put_title(const struct report_table *t, const char *text)
{
    fprintf(t->out, "%s%s%s\n", t->is_bold ? "\033[1m" : "", text,
            t->is_bold ? "\033[m" : "");
}

/* How much of text goes on a line: up to a space, if there is one. */
static size_t line_length(const char *text, size_t width)
{
    size_t n = strlen(text);

    if (n <= width)
        return n;
    for (n = width; n > 0; n--)
        if (text[n] == ' ')
            return n;
    return width;
}

void report_table_heading(struct report_table *t, const char *text)
{
    struct err clean;
    char line[TABLE_WIDTH_MAX + 1];

    err_set(&clean, 0, "%s", text);
    for (char *s = clean.text; *s != '\0'; s++)
        if ((unsigned char)*s > 126)
            *s = '?';
    for (const char *s = clean.text; *s != '\0';) {
        size_t n = line_length(s, t->width);

        snprintf(line, sizeof line, "%.*s", (int)n, s);
        put_title(t, line);
        s += n;
        s += strspn(s, " ");
    }
    t->is_started = false;
}

/* A line: what is typed or read may have any bytes. */
static void put_ascii(const struct report_table *t, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fputc(text[i] >= ' ' && text[i] <= '~' ? text[i] : '?', t->out);
    fputc('\n', t->out);
}

void report_table_text(const struct report_table *t, const char *text,
                       size_t indent)
{
    const size_t room = t->width - indent;

    do {
        const size_t n = line_length(text, room);

        put_ascii(t, text, n);
        text += n;
        text += strspn(text, " ");
        if (*text != '\0')
            fprintf(t->out, "%*s", (int)indent, "");
    } while (*text != '\0');
}

/* Adds a cell to the line at *at, unless it would pass the width. What is too
 * long for its column is cut, with ".." for the rest. */
static bool add_cell(const struct report_table *t, char *line, size_t *at,
                     const struct column *c, const char *cell)
{
    char cut[CELL_MAX];
    size_t gap = *at > 0 ? 1 : 0;

    if (*at + gap + c->width > t->width)
        return false;
    snprintf(cut, sizeof cut, "%s", cell);
    if (strlen(cut) > c->width && c->width > 2)
        snprintf(cut + c->width - 2, 3, "..");
    else if (strlen(cut) > c->width)
        snprintf(cut, sizeof cut, "%.*s", (int)c->width, "**");
    *at += (size_t)snprintf(line + *at, TABLE_WIDTH_MAX + 1 - *at, "%*s%*s",
                            (int)gap, "",
                            c->is_right ? (int)c->width : -(int)c->width, cut);
    return true;
}

static void trim(char *line)
{
    size_t n = strlen(line);

    while (n > 0 && line[n - 1] == ' ')
        line[--n] = '\0';
}

static void put_header(struct report_table *t)
{
    char line[TABLE_WIDTH_MAX + 1];
    size_t at = 0;

    if (t->is_started)
        return;
    t->is_started = true;
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (!add_cell(t, line, &at, &columns[i], columns[i].title))
            break;
    trim(line);
    put_title(t, line);
}

/* text in pieces of the width, below a row. */
static void put_folded(const struct report_table *t, const char *text)
{
    size_t room = t->width - INDENT;

    for (size_t n = strlen(text); n > 0;) {
        size_t piece = n < room ? n : room;

        fprintf(t->out, "%*s%.*s\n", INDENT, "", (int)piece, text);
        text += piece;
        n -= piece;
    }
}

static void put_frame(struct report_table *t, const struct json *j)
{
    const char *bits = json_text(json_get(j, "fob"), "bits");
    char line[TABLE_WIDTH_MAX + 1];
    size_t at = 0;

    put_header(t);
    for (size_t i = 0; i < N_COLUMNS; i++) {
        char cell[CELL_MAX] = "-";

        columns[i].get(cell, j);
        if (!add_cell(t, line, &at, &columns[i], cell))
            break;
    }
    trim(line);
    fprintf(t->out, "%s\n", line);
    if (t->has_bits && bits != NULL)
        put_folded(t, bits);
}

/* Adds an item to line, unless it would pass the width. */
static void add(const struct report_table *t, char line[TABLE_WIDTH_MAX + 1],
                const char *format, ...) __attribute__((format(printf, 3, 4)));

static void add(const struct report_table *t, char line[TABLE_WIDTH_MAX + 1],
                const char *format, ...)
{
    size_t n = strlen(line);
    size_t room = t->width - n;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(line + n, room + 1, format, args);
    va_end(args);
    if (length < 0 || (size_t)length > room)
        line[n] = '\0';
}

static void put_burst(struct report_table *t, const struct json *j)
{
    const char *mod = json_text(j, "mod");
    double freq = json_number(j, "freq", NAN);
    double offset_hz = fob_number(j, "carrier_offset_hz");
    double snr = json_number(j, "snr", NAN);
    double te_us = fob_number(j, "te_us");
    double bandwidth_hz = fob_number(j, "bandwidth_hz");
    char line[TABLE_WIDTH_MAX + 1] = "";
    char time[CELL_MAX] = "-";

    put_header(t);
    get_time(time, j);
    add(t, line, "%6s burst: %s, %.1f ms", time, mod != NULL ? mod : "?",
        fob_number(j, "duration_ms"));
    add(t, line, ", %.0f frames", fob_number(j, "frames"));
    if (isfinite(freq))
        add(t, line, ", %.3f MHz", freq);
    else if (isfinite(offset_hz))
        add(t, line, ", %+.1f kHz", offset_hz / 1e3);
    if (isfinite(snr))
        add(t, line, ", %.0f dB", snr);
    if (isfinite(te_us))
        add(t, line, ", te %.0f us", te_us);
    if (isfinite(bandwidth_hz))
        add(t, line, ", %.1f kHz wide", bandwidth_hz / 1e3);
    fprintf(t->out, "%s\n", line);
}

void report_table_item(const struct report_table *t, const char *what,
                       const char *text)
{
    fprintf(t->out, "%-11s ", what);
    report_table_text(t, text, 12);
}

void report_table_row(struct report_table *t, const struct json *j)
{
    const char *model = json_text(j, "model");

    if (model != NULL && strcmp(model, "Burst") == 0)
        put_burst(t, j);
    else
        put_frame(t, j);
}

static void put_lattice_title(const struct report_table *t, const char *what,
                              const struct chip_report *c, double rate_hz)
{
    char line[TABLE_WIDTH_MAX + 1] = "";

    add(t, line, "%s at %.6f s, %s, te %.2f us, %zu chips", what,
        (double)c->at / rate_hz,
        c->modulation == MODULATION_FSK ? "FSK" : "ASK", c->te_us, c->n);
    fprintf(t->out, "%s\n", line);
}

static char chip_character(float llr)
{
    if (llr > 0)
        return llr >= SURE_LLR ? '#' : '+';
    return llr <= -SURE_LLR ? '.' : '-';
}

void report_table_chips(struct report_table *t, const struct chip_report *c,
                        double rate_hz)
{
    size_t room = t->width - INDENT;

    put_lattice_title(t, "chips", c, rate_hz);
    for (size_t i = 0; i < c->n; i++) {
        if (i % room == 0)
            fprintf(t->out, "%s%*s", i > 0 ? "\n" : "", INDENT, "");
        fputc(chip_character(c->llr[i]), t->out);
    }
    fputs(c->n > 0 ? "\n" : "", t->out);
}

void report_table_pulses(struct report_table *t, const struct chip_report *c,
                         double rate_hz)
{
    size_t at = 0;

    put_lattice_title(t, "pulses", c, rate_hz);
    for (size_t i = 0; i < c->n;) {
        char text[CELL_MAX];
        size_t n = (size_t)snprintf(text, sizeof text, "%+.0f",
                                    report_pulse_us(c, &i));

        if (at == 0 || at + 1 + n > t->width) {
            fprintf(t->out, "%s%*s", at > 0 ? "\n" : "", INDENT - 1, "");
            at = INDENT - 1;
        }
        fprintf(t->out, " %s", text);
        at += 1 + n;
    }
    fputs(c->n > 0 ? "\n" : "", t->out);
}

void report_table_summary(struct report_table *t,
                          const struct pipeline_totals *totals, size_t files)
{
    fprintf(t->out, "frames: %" PRIu64 ", bursts: %" PRIu64, totals->frames,
            totals->bursts);
    if (files > 1)
        fprintf(t->out, ", files: %zu", files);
    fprintf(t->out, "\nsamples: %" PRIu64 ", lost: %" PRIu64 "\n",
            totals->samples, totals->lost);
}
