/* post_html_compare - the differences of two fobs as a table: what matters first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post_html_impl.h"

#include <string.h>

/* In the order in which rows stand. */
enum rank { MATTERS, NOTED, FOLLOWS, EXPECTED, SAME, NOT_JUDGED, RANKS };

static const struct {
    const char *word, *class;
} ranks[RANKS] = {
    [MATTERS] = { "differs, and matters", "fault" },
    [NOTED] = { "differs", "doubt" },
    [FOLLOWS] = { "follows from another row", "fact" },
    [EXPECTED] = { "differs, as between any two", "fact" },
    [SAME] = { "same", "good" },
    [NOT_JUDGED] = { "not judged", "fact" },
};

static enum rank rank_of(const struct compare_row *r)
{
    if (r->is_consequence)
        return FOLLOWS;
    if (compare_is_noted(r))
        return r->matters ? MATTERS : NOTED;
    return r->answer == COMPARE_SAME    ? SAME
           : r->answer == COMPARE_OTHER ? EXPECTED
                                        : NOT_JUDGED;
}

static bool is_empty(const struct compare_row *r)
{
    return r->answer == COMPARE_OPEN && strcmp(r->a, "-") == 0 &&
           strcmp(r->b, "-") == 0;
}

static void put_row(const struct page *g, const struct compare_row *r)
{
    const enum rank rank = rank_of(r);

    fprintf(g->out, "<tr class=\"%s\">", ranks[rank].class);
    html_element(g->out, "th scope=\"row\"", "%s", r->title);
    fprintf(g->out, "<td><span class=\"tag %s\">%s</span></td>",
            ranks[rank].class, ranks[rank].word);
    html_cell(g->out, "%s", r->a);
    html_cell(g->out, "%s", r->b);
    html_cell(g->out, "%s", r->difference[0] != '\0' ? r->difference : "-");
    html_cell(g->out, "%s", r->why);
    fputs("</tr>\n", g->out);
}

static void put_rows(const struct page *g)
{
    static const char *const heads[] = { "what",     "judgment", "A", "B",
                                         "B less A", "meaning",  NULL };
    const struct comparison *c = g->post->comparison;

    html_table_begin(g->out, "Fob A beside fob B", heads);
    for (unsigned rank = 0; rank < RANKS; rank++)
        for (size_t i = 0; i < c->n; i++)
            if (rank_of(&c->row[i]) == rank && !is_empty(&c->row[i]))
                put_row(g, &c->row[i]);
    html_table_end(g->out);
}

void page_comparison(const struct page *g)
{
    const struct comparison *c = g->post->comparison;

    fputs("<section id=\"differences\">\n<h2>Differences</h2>\n", g->out);
    put_rows(g);
    html_element(g->out, "p class=\"small\"",
                 "What was measured is called other only where it differs by "
                 "more than its own scatter makes of it once in %.0f times; "
                 "of %d quantities together that is less than once in %.0f.",
                 1 / COMPARE_CHANCE, COMPARE_TESTS,
                 1 / (COMPARE_CHANCE * COMPARE_TESTS));
    if (c->n_not_tested > 0) {
        fputs("<h3>Not tested</h3>\n<ul>\n", g->out);
        for (size_t i = 0; i < c->n_not_tested; i++)
            html_element(g->out, "li", "%s", c->not_tested[i]);
        fputs("</ul>\n", g->out);
    }
    fputs("</section>\n", g->out);
}
