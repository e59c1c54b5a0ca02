/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/guide.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/log.h"
#include "src/report_table.h"

#define SHOW_EVERY_S 0.1
/* The ends of the bar: a dongle's noise, and its full scale. */
#define BAR_LOW_DBFS -50.0
enum { WORD = 10, BAR = 10, INDENT = 4 };

static const char *const words[] = {
    [GUIDE_WAIT] = "WAIT",
    [GUIDE_LISTENING] = "LISTENING",
    [GUIDE_HEARD] = "HEARD",
    [GUIDE_DECODED] = "DECODED",
    [GUIDE_TOO_STRONG] = "TOO STRONG",
};

/* A line can be written over. */
static bool can_erase(void)
{
    const char *term = getenv("TERM");

    return isatty(fileno(log_stream())) == 1 && term != NULL &&
           strcmp(term, "dumb") != 0;
}

void guide_init(struct guide *g, bool is_plain)
{
    struct report_table table;

    report_table_init(&table, log_stream());
    *g = (struct guide){ .is_plain = is_plain || !can_erase(),
                         .is_bold = table.is_bold,
                         .width = table.width,
                         .level_dbfs = NAN };
}

void guide_hide(struct guide *g)
{
    if (g->is_shown)
        fputs("\r\033[K", log_stream());
    g->is_shown = false;
}

static void put_bar(const struct guide *g, char bar[BAR + 4])
{
    double share = 1 - g->level_dbfs / BAR_LOW_DBFS;

    strcpy(bar, "[..........] ");
    for (int i = 0; i < BAR; i++)
        if (share * BAR > i)
            bar[1 + i] = '#';
}

/* The line as it is now: the word, the bar if there is room for it, what to do.
 * Two columns stay free, for the terminal's ^C. In one write, what was there goes
 * last: nothing flickers. */
static void show(struct guide *g)
{
    const size_t room = g->width - 2 - (WORD + 1);
    char rest[GUIDE_TEXT + BAR + 4], bar[BAR + 4] = "";

    if (BAR + 3 + strlen(g->text) <= room)
        put_bar(g, bar);
    snprintf(rest, sizeof rest, "%s%s", bar, g->text);
    fprintf(log_stream(), "\r%s%-*s%s %.*s\033[K", g->is_bold ? "\033[1m" : "",
            WORD, words[g->word], g->is_bold ? "\033[m" : "", (int)room, rest);
    fflush(log_stream());
    g->is_shown = true;
}

static void tell(struct guide *g)
{
    if (!g->is_plain) {
        show(g);
        return;
    }
    if (g->word <= GUIDE_LISTENING)
        fprintf(log_stream(), "%s: ", words[g->word]);
    fprintf(log_stream(), "%s\n", g->text);
    fflush(log_stream());
}

void guide_ask(struct guide *g, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(g->text, sizeof g->text, format, args);
    va_end(args);
    tell(g);
}

void guide_word(struct guide *g, enum guide_word word)
{
    if (g->word == word)
        return;
    g->word = word;
    /* what to do has been said, and does not change with the word; it comes
     * with the first two */
    if (g->is_plain && word > GUIDE_LISTENING)
        fprintf(log_stream(), "%s\n", words[word]);
    else if (!g->is_plain)
        show(g);
}

void guide_level(struct guide *g, double now_s, double level_dbfs)
{
    if (g->is_plain || now_s - g->shown_s < SHOW_EVERY_S)
        return;
    g->shown_s = now_s;
    if (isfinite(level_dbfs)) /* not while the receiver changes bands */
        g->level_dbfs = level_dbfs;
    show(g);
}

void guide_say(struct guide *g, const char *format, ...)
{
    const struct report_table table = { .out = log_stream(),
                                        .width = g->width };
    const bool was_shown = g->is_shown;
    char text[2 * GUIDE_TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    guide_hide(g);
    if (g->is_plain) /* whole: somebody else folds it */
        fprintf(log_stream(), "%s\n", text);
    else
        report_table_text(&table, text, INDENT);
    if (was_shown)
        show(g);
}
