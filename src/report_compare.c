/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/report_check.h"

enum {
    TEXT_BYTES = 1600,
    TITLE = 12, /* columns of the matrix */
    CELL_MAX_BYTES = 22,
};

/* What is lost goes first: nothing is sure then. */
enum status report_compare_status(const struct report_compare *r)
{
    enum status worst = STATUS_OK;

    for (size_t i = 0; i + 1 < r->n; i++) {
        const enum status s = r->comparison[i].status;

        if (s == STATUS_LOST || worst == STATUS_LOST)
            worst = STATUS_LOST;
        else if (s == STATUS_FAULT || worst == STATUS_OK)
            worst = s;
    }
    return worst;
}

static struct json *new_fob(const struct report_compare *r, size_t i)
{
    const struct compare_fob *x = &r->fob[i];
    const struct report_check check = { .sitting = x->subject->sitting,
                                        .verdict = x->verdict,
                                        .is_full = r->is_full };
    struct json *o = report_check_json(&check);

    json_free(json_take(o, "schema"));
    json_free(json_take(o, "redacted"));
    json_set_string(o, "name", x->name);
    return o;
}

static struct json *new_row(const struct compare_row *row)
{
    struct json *o = json_new_object();

    json_set_string(o, "name", row->name);
    if (isfinite(row->a_value))
        json_set_real(o, "a", row->a_value);
    else
        json_set_string(o, "a", strcmp(row->a, "-") != 0 ? row->a : NULL);
    if (isfinite(row->b_value))
        json_set_real(o, "b", row->b_value);
    else
        json_set_string(o, "b", strcmp(row->b, "-") != 0 ? row->b : NULL);
    json_set_string(o, "unit", row->unit);
    json_set_real(o, "delta", row->delta);
    json_set_real(o, "uncertainty", row->uncertainty);
    json_set_real(o, "limit", row->limit);
    if (row->answer == COMPARE_OPEN)
        json_set_null(o, "same");
    else
        json_set_bool(o, "same", row->answer == COMPARE_SAME);
    json_set_bool(o, "noted", compare_is_noted(row));
    json_set_bool(o, "matters", compare_is_noted(row) && row->matters);
    json_set_string(o, "why", row->why);
    return o;
}

static struct json *new_rows(const struct comparison *c)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < c->n; i++)
        json_append(list, new_row(&c->row[i]));
    return list;
}

/* What is noted, as evidence of check is. */
static struct json *new_evidence(const struct comparison *c)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < c->n; i++) {
        const struct compare_row *row = &c->row[i];
        struct json *o;
        char text[TEXT_BYTES];

        if (!compare_is_noted(row))
            continue;
        snprintf(text, sizeof text, "%s: %s and %s; %s", row->title, row->a,
                 row->b, row->why);
        o = json_new_object();
        json_set_string(o, "name", row->name);
        json_set_string(o, "weight", /* one number twice is no fault */
                        row->matters && row->answer == COMPARE_OTHER ? "fault"
                                                                     : "fact");
        json_set_string(o, "finding", text);
        json_append(list, o);
    }
    return list;
}

static const char *verdict_word(enum status s)
{
    return s == STATUS_OK      ? "alike"
           : s == STATUS_FAULT ? "differ"
           : s == STATUS_LOST  ? "samples_lost"
                               : "inconclusive";
}

static void set_conclusion(struct json *o, const struct comparison *c)
{
    json_set_string(o, "relation", compare_relation_name(c->relation));
    json_set_string(o, "headline", c->conclusion);
    json_set_string(o, "follows", c->follows);
}

static struct json *new_untested(const struct comparison *c)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < c->n_not_tested; i++)
        json_append_string(list, c->not_tested[i]);
    return list;
}

/* How the tolerances were made. */
static struct json *new_chance(void)
{
    struct json *o = json_new_object();

    json_set_real(o, "each", COMPARE_CHANCE);
    json_set_int(o, "quantities", COMPARE_TESTS);
    json_set_real(o, "sum", COMPARE_CHANCE * COMPARE_TESTS);
    return o;
}

static struct json *new_others(const struct report_compare *r)
{
    struct json *list = json_new_array();

    for (size_t i = 1; i + 1 < r->n; i++) {
        struct json *o = json_new_object();

        json_set(o, "fob", new_fob(r, i + 1));
        set_conclusion(o, &r->comparison[i]);
        json_set_int(o, "exit", (int64_t)r->comparison[i].status);
        json_set(o, "evidence", new_evidence(&r->comparison[i]));
        json_set(o, "not_tested", new_untested(&r->comparison[i]));
        json_set(o, "differences", new_rows(&r->comparison[i]));
        json_append(list, o);
    }
    return list;
}

struct json *report_compare_json(const struct report_compare *r)
{
    const struct comparison *c = &r->comparison[0];
    const enum status status = report_compare_status(r);
    struct json *o = json_new_object(), *receiver = json_new_object();

    json_set_string(o, "schema", "fobscope.compare/1");
    if (!r->is_full)
        json_set_bool(o, "redacted", true);
    if (r->is_synthetic)
        json_set_bool(o, "synthetic", true);
    json_set_string(o, "verdict", verdict_word(status));
    set_conclusion(o, c);
    json_set_int(o, "exit", (int64_t)status);
    json_set(o, "evidence", new_evidence(c));
    json_set(o, "not_tested", new_untested(c));
    json_set(o, "differences", new_rows(c));
    json_set(o, "false_difference", new_chance());
    json_set_bool(receiver, "is_one_sitting", r->is_one_sitting);
    json_set(o, "receiver", receiver);
    json_set(o, "a", new_fob(r, 0));
    json_set(o, "b", new_fob(r, 1));
    if (r->n > 2)
        json_set(o, "more", new_others(r));
    return o;
}

/* "carrier     A 433.9201 MHz, B 433.9611 MHz (+41.00 +- 0.08 kHz). It ..." */
static void put_noted(const struct report_table *t,
                      const struct compare_row *row)
{
    const bool has = row->difference[0] != '\0';
    char text[TEXT_BYTES];

    snprintf(text, sizeof text, "A %s, B %s%s%s%s. %s: %s.", row->a, row->b,
             has ? " (" : "", row->difference, has ? ")" : "",
             row->matters ? "It matters" : "It need not matter", row->why);
    report_table_item(t, row->title, text);
}

/* Titles and values of rows that are so, in one paragraph. */
static void put_rows(const struct report_table *t, const struct comparison *c,
                     const char *what, enum compare_answer answer)
{
    char text[TEXT_BYTES] = "";
    size_t n = 0;

    for (size_t i = 0; i < c->n && n < sizeof text; i++) {
        const struct compare_row *row = &c->row[i];
        const bool is_same = answer == COMPARE_SAME;

        if (compare_is_noted(row) || row->is_consequence ||
            (row->answer != COMPARE_OPEN) != is_same)
            continue;
        if (!is_same && strcmp(row->a, "-") == 0 && strcmp(row->b, "-") == 0)
            continue; /* there is none */
        n += (size_t)snprintf(text + n, sizeof text - n,
                              is_same && (row->answer == COMPARE_SAME ||
                                          strcmp(row->a, row->b) == 0)
                                  ? "%s%s %s"
                                  : "%s%s %s and %s",
                              n > 0 ? "; " : "", row->title, row->a, row->b);
    }
    if (n > 0)
        report_table_item(t, what, text);
}

static void put_consequences(const struct report_table *t,
                             const struct comparison *c)
{
    char text[TEXT_BYTES] = "";
    size_t n = 0;

    for (size_t i = 0; i < c->n && n < sizeof text; i++)
        if (c->row[i].is_consequence)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %s and %s",
                                  n > 0 ? "; " : "", c->row[i].title,
                                  c->row[i].a, c->row[i].b);
    if (n > 0)
        report_table_item(t, "with it", text);
}

static void put_untested(const struct report_table *t,
                         const struct comparison *c)
{
    char text[TEXT_BYTES] = "";
    size_t n = 0;

    for (size_t i = 0; i < c->n_not_tested && n < sizeof text; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
                              n > 0 ? "; " : "", c->not_tested[i]);
    report_table_item(t, "not tested", text);
}

static void put_fob(const struct report_table *t, char letter,
                    const struct compare_fob *x)
{
    const char name[2] = { letter, '\0' };
    char text[TEXT_BYTES];

    snprintf(text, sizeof text, "%s: %s", x->name, x->verdict->headline);
    report_table_item(t, name, text);
}

static void put_made_up(const struct report_compare *r,
                        const struct report_table *t)
{
    if (r->is_synthetic)
        report_table_item(t, "note", "computed recordings: no fob was there");
}

static void put_pair(const struct report_compare *r, struct report_table *t)
{
    const struct comparison *c = &r->comparison[0];

    report_table_heading(t, c->conclusion);
    report_table_item(t, "so", c->follows);
    put_fob(t, 'A', &r->fob[0]);
    put_fob(t, 'B', &r->fob[1]);
    fputc('\n', t->out);
    for (int matters = 1; matters >= 0; matters--)
        for (size_t i = 0; i < c->n; i++)
            if (compare_is_noted(&c->row[i]) && c->row[i].matters == matters)
                put_noted(t, &c->row[i]);
    put_consequences(t, c);
    put_rows(t, c, "the same", COMPARE_SAME);
    put_rows(t, c, "not judged", COMPARE_OPEN);
    put_untested(t, c);
    put_made_up(r, t);
}

/* So that all fobs fit. */
static int cell_of(const struct report_compare *r, const struct report_table *t)
{
    const size_t width = (t->width - TITLE) / r->n - 2;

    return width > CELL_MAX_BYTES ? CELL_MAX_BYTES : (int)width;
}

/* Without what is blank at its end. */
static void put_line(const struct report_table *t, const char *line)
{
    size_t n = strlen(line);

    n = n > t->width ? t->width : n;
    while (n > 0 && line[n - 1] == ' ')
        n--;
    fprintf(t->out, "%.*s\n", (int)n, line);
}

/* A line a row; what is noted has a star. */
static void put_matrix(const struct report_compare *r, struct report_table *t)
{
    const int cell = cell_of(r, t);
    char line[TABLE_WIDTH_MAX];
    size_t n = (size_t)snprintf(line, sizeof line, "%-*s", TITLE, "");

    for (size_t k = 0; k < r->n; k++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%-*c  ", cell,
                              (int)('A' + k));
    put_line(t, line);
    for (size_t i = 0; i < r->comparison[0].n; i++) {
        const struct compare_row *first = &r->comparison[0].row[i];

        n = (size_t)snprintf(line, sizeof line, "%-*.*s%-*.*s  ", TITLE, TITLE,
                             first->title, cell, cell, first->a);
        for (size_t k = 0; k + 1 < r->n; k++) {
            const struct compare_row *row =
                compare_find(&r->comparison[k], first->name);

            n += (size_t)snprintf(line + n, sizeof line - n, "%-*.*s%s ", cell,
                                  cell, row != NULL ? row->b : "-",
                                  row != NULL && compare_is_noted(row) ? "*"
                                                                       : " ");
        }
        put_line(t, line);
    }
}

void report_compare_text(const struct report_compare *r, struct report_table *t)
{
    char text[TEXT_BYTES];

    if (r->n == 2) {
        put_pair(r, t);
        return;
    }
    report_table_heading(t, "Beside the first fob, A:");
    for (size_t k = 0; k < r->n; k++) {
        const char name[2] = { (char)('A' + k), '\0' };

        snprintf(text, sizeof text, "%s: %s", r->fob[k].name,
                 k == 0 ? r->fob[0].verdict->headline
                        : r->comparison[k - 1].conclusion);
        report_table_item(t, name, text);
    }
    fputs("\n(* other than with two sound fobs of one family)\n", t->out);
    put_matrix(r, t);
    put_untested(t, &r->comparison[0]);
    put_made_up(r, t);
}
