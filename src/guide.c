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
enum { BAR = 10 };

static const char *const words[] = {
    [GUIDE_WAIT] = "WAIT",
    [GUIDE_LISTENING] = "LISTENING",
    [GUIDE_HEARD] = "HEARD",
    [GUIDE_DECODED] = "DECODED",
    [GUIDE_TOO_STRONG] = "TOO STRONG",
};

void guide_init(struct guide *g, bool is_plain)
{
    struct report_table table;

    report_table_init(&table, log_stream());
    *g = (struct guide){ .is_plain =
                             is_plain || isatty(fileno(log_stream())) != 1,
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

static void put_bar(const struct guide *g, char bar[BAR + 3])
{
    double share = 1 - g->level_dbfs / BAR_LOW_DBFS;

    strcpy(bar, "[..........]");
    for (int i = 0; i < BAR; i++)
        if (share * BAR > i)
            bar[1 + i] = '#';
}

/* The line as it is now: the word, the bar, what to do; cut to the terminal. */
static void show(struct guide *g)
{
    char line[GUIDE_TEXT + 64], bar[BAR + 3];

    put_bar(g, bar);
    snprintf(line, sizeof line, "%-10s %s %s", words[g->word], bar, g->text);
    guide_hide(g);
    fprintf(log_stream(), "%s%.*s%s%.*s", g->is_bold ? "\033[1m" : "", 10, line,
            g->is_bold ? "\033[0m" : "", (int)g->width - 11, line + 10);
    fflush(log_stream());
    g->is_shown = true;
}

static void tell(struct guide *g)
{
    if (!g->is_plain) {
        show(g);
        return;
    }
    fprintf(log_stream(), "%s: %s\n", words[g->word], g->text);
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
    /* what to do has been said, and does not change with the word */
    if (g->is_plain && word != GUIDE_LISTENING)
        fprintf(log_stream(), "%s\n", words[word]);
    else if (!g->is_plain)
        show(g);
}

void guide_level(struct guide *g, double now_s, double level_dbfs)
{
    if (g->is_plain || now_s - g->shown_s < SHOW_EVERY_S)
        return;
    g->shown_s = now_s;
    g->level_dbfs = level_dbfs;
    show(g);
}

void guide_say(struct guide *g, const char *format, ...)
{
    const bool was_shown = g->is_shown;
    va_list args;

    guide_hide(g);
    va_start(args, format);
    vfprintf(log_stream(), format, args);
    va_end(args);
    fputc('\n', log_stream());
    if (was_shown)
        show(g);
}
