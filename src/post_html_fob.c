/* post_html_fob - what one fob does: the verdict and its evidence, and every press.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/post_html_impl.h"

#include <math.h>

#include "src/report_check.h"

static void put_finding(const struct page *g, const struct finding *x)
{
    const char *weight = finding_weight_name(x->weight);

    fprintf(g->out,
            "<li class=\"finding %s\"><span class=\"tag %s\">%s</span> ",
            weight, weight, weight);
    html_text(g->out, x->evidence);
    if (x->cannot != NULL)
        html_element(g->out, "p", "What that cannot tell: %s", x->cannot);
    if (x->advice != NULL)
        html_element(g->out, "p", "What to do: %s", x->advice);
    fputs("</li>\n", g->out);
}

/* "lock 3 of 3, unlock 0 of 3": presses heard of presses asked for. */
static void put_buttons(const struct page *g, const struct facts *f)
{
    if (f->n_buttons == 0)
        return;
    fputs("<p>Heard of the presses that were asked for: ", g->out);
    for (size_t i = 0; i < f->n_buttons; i++)
        html_say(g->out, "%s%s %u of %u", i > 0 ? ", " : "", f->button[i].name,
                 f->button[i].answered, f->button[i].asked);
    fputs(".</p>\n", g->out);
}

static void put_verdict(const struct page *g, const struct post_fob *f)
{
    const struct verdict_result *v = f->verdict;

    fputs("<h3>Verdict</h3>\n", g->out);
    html_element(g->out, "p class=\"what\"", "%s", v->headline);
    fputs("<ul class=\"findings\">\n", g->out);
    for (size_t i = 0; i < v->n; i++)
        put_finding(g, &v->finding[i]);
    fputs("</ul>\n", g->out);
    put_buttons(g, &f->subject->facts);
    if (v->n_not_tested > 0) {
        fputs("<p>Not tested:</p>\n<ul>\n", g->out);
        for (size_t i = 0; i < v->n_not_tested; i++)
            html_element(g->out, "li", "%s", v->not_tested[i]);
        fputs("</ul>\n", g->out);
    }
}

static const char *format_of(const struct frame *f)
{
    if (f->bits.n == 0)
        return "no frame";
    return f->protocol != NULL ? f->protocol->model : "Unknown";
}

static void put_press(const struct page *g, const struct sitting *s,
                      const struct sitting_press *p)
{
    char button[SITTING_BUTTON_MAX];

    report_check_button(s, p, button);
    fputs("<tr>", g->out);
    html_real(g->out, 2, p->start_s);
    html_real(g->out, 2, p->end_s - p->start_s);
    html_cell(g->out, "%s", button);
    html_number(g->out, "%u", p->copies);
    html_number(g->out, "%u", p->cut_offs);
    html_real(g->out, 3, p->carrier_hz / 1e6);
    html_real(g->out, 1, p->level_dbfs);
    html_real(g->out, 1, p->snr_db);
    html_real(g->out, 1, p->sag_db);
    html_real(g->out, 1, p->te_us > 0 ? p->te_us : NAN);
    html_cell(g->out, "%s%s", format_of(&p->frame),
              p->is_overload ? ", overloaded" : "");
    fputs("</tr>\n", g->out);
}

static void put_presses(const struct page *g, size_t i)
{
    static const char *const heads[] = {
        "#at, s",   "#held, s",      "button", "#copies",
        "#cut off", "#carrier, MHz", "#dBFS",  "#SNR, dB",
        "#sag, dB", "#chip, us",     "format", NULL
    };
    const struct sitting *s = g->post->fob[i].sitting;
    char name[PAGE_NAME], caption[PAGE_NAME + 32];

    fputs("<h3>Presses</h3>\n", g->out);
    if (g->post->fob[i].subject->facts.presses == 0) {
        html_element(g->out, "p", "None was heard.");
        return;
    }
    snprintf(caption, sizeof caption, "%s: every press", page_fob(g, i, name));
    html_table_begin(g->out, caption, heads);
    for (size_t k = 0; k < s->n_presses; k++)
        if (sitting_is_fobs(s, k))
            put_press(g, s, &s->press[k]);
    html_table_end(g->out);
    if (s->left_out > 0)
        html_element(g->out, "p", "%zu more found no room.", s->left_out);
}

void page_fob_section(const struct page *g, size_t i)
{
    const struct post_fob *f = &g->post->fob[i];
    char name[PAGE_NAME];

    fprintf(g->out, "<section id=\"fob-%c\">\n", (char)('a' + i));
    html_element(g->out, "h2", "%s", page_fob(g, i, name));
    if (f->car != NULL)
        html_element(g->out, "p", "Car, as its owner says: %s", f->car);
    put_verdict(g, f);
    page_identification(g, i);
    put_presses(g, i);
    fputs("</section>\n", g->out);
}
