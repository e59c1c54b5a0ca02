/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/post.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/new_file.h"
#include "src/post_html_impl.h"

/* post_html.css, embedded. */
extern const unsigned char post_html_css[];
extern const size_t post_html_css_size;

const char *page_fob(const struct page *g, size_t i, char name[PAGE_NAME])
{
    const char *own = g->post->fob[i].name;
    const char letter[2] = { (char)('A' + i), '\0' };

    if (g->post->n == 1)
        snprintf(name, PAGE_NAME, "The fob");
    else if (own == NULL || strcmp(own, letter) == 0)
        snprintf(name, PAGE_NAME, "Fob %s", letter);
    else
        snprintf(name, PAGE_NAME, "Fob %s: %.80s", letter, own);
    return name;
}

static const char *headline(const struct post *p)
{
    return p->comparison != NULL ? p->comparison->conclusion
                                 : p->fob[0].verdict->headline;
}

static void put_head(const struct page *g)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
          "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, "
          "initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<meta name=\"generator\" content=\"fobscope " FOBSCOPE_VERSION
          "\">\n",
          g->out);
    html_element(g->out, "title", "fobscope: %s", headline(g->post));
    fputs("<style>\n", g->out);
    fwrite(post_html_css, 1, post_html_css_size, g->out);
    fputs("</style>\n</head>\n<body>\n", g->out);
}

static void put_banners(const struct page *g)
{
    if (g->post->is_full)
        html_element(g->out, "p class=\"banner loud\" role=\"note\"",
                     "Serials and codes are in this file: do not post it.");
    if (g->post->is_synthetic)
        html_element(g->out, "p class=\"banner\" role=\"note\"",
                     "Computed recordings: no fob was there.");
}

/* "fob-a" is the place of a fob's section. */
static void put_place(const struct page *g, size_t i)
{
    char name[PAGE_NAME];

    fprintf(g->out, "<li><a href=\"#fob-%c\">", (char)('a' + i));
    html_text(g->out, page_fob(g, i, name));
    fputs("</a></li>\n", g->out);
}

static void put_contents(const struct page *g)
{
    static const char figures[] = "<li><a href=\"#figures\">Figures</a></li>\n";

    fputs("<nav aria-label=\"Contents\"><ul>\n", g->out);
    if (g->post->comparison != NULL)
        fprintf(g->out, "<li><a href=\"#differences\">Differences</a></li>\n%s",
                figures);
    for (size_t i = 0; i < g->post->n; i++)
        put_place(g, i);
    if (g->post->comparison == NULL)
        fputs(figures, g->out);
    fputs("<li><a href=\"#receiver\">Receiver</a></li>\n"
          "<li><a href=\"#about\">About this page</a></li>\n"
          "</ul></nav>\n",
          g->out);
}

/* What each is, in a line. */
static void put_cards(const struct page *g)
{
    char name[PAGE_NAME], text[IDENTIFY_TEXT];

    fputs("<div class=\"cards\">\n", g->out);
    for (size_t i = 0; i < g->post->n; i++) {
        const struct post_fob *f = &g->post->fob[i];

        fprintf(g->out, "<div class=\"card %s\">\n",
                finding_weight_name(f->verdict->finding[0].weight));
        if (g->post->n > 1 || f->car != NULL)
            html_element(g->out, "p class=\"who\"", "%s%s%s",
                         page_fob(g, i, name), f->car != NULL ? ", " : "",
                         f->car != NULL ? f->car : "");
        if (g->post->comparison != NULL)
            html_element(g->out, "p class=\"what\"", "%s",
                         f->verdict->headline);
        html_element(g->out, "p", "%s",
                     identify_conclusion(f->id, text, sizeof text));
        fputs("</div>\n", g->out);
    }
    fputs("</div>\n", g->out);
}

static void put_top(const struct page *g)
{
    const struct comparison *c = g->post->comparison;

    fputs("<header>\n", g->out);
    html_element(g->out, "p class=\"kind\"", "%s",
                 c != NULL ? "fobscope: two fobs side by side"
                           : "fobscope: one fob");
    html_element(g->out, "h1", "%s", headline(g->post));
    if (c != NULL && c->follows[0] != '\0')
        html_element(g->out, "p class=\"lead\"", "%s", c->follows);
    put_banners(g);
    put_cards(g);
    put_contents(g);
    fputs("</header>\n<main>\n", g->out);
}

static void put_bands(const struct page *g, size_t i)
{
    static const char *const heads[] = { "#centre, MHz", "#width, kHz",
                                         "#watched, s", "#noise, dBFS", NULL };
    const struct sitting *s = g->post->fob[i].sitting;
    char name[PAGE_NAME], caption[PAGE_NAME + 32];

    snprintf(caption, sizeof caption, "%s: bands that were watched",
             page_fob(g, i, name));
    html_table_begin(g->out, caption, heads);
    for (size_t k = 0; k < s->n_bands; k++) {
        fputs("<tr>", g->out);
        html_real(g->out, 3, s->band[k].centre_hz / 1e6);
        html_real(g->out, 0, s->band[k].width_hz / 1e3);
        html_real(g->out, 1, s->band[k].watched_s);
        html_real(g->out, 1, s->band[k].noise_dbfs);
        fputs("</tr>\n", g->out);
    }
    html_table_end(g->out);
}

static void put_receiver(const struct page *g)
{
    char name[PAGE_NAME], gain[32];

    fputs("<section id=\"receiver\">\n<h2>Receiver</h2>\n", g->out);
    for (size_t i = 0; i < g->post->n; i++) {
        const struct sitting *s = g->post->fob[i].sitting;

        snprintf(gain, sizeof gain, "%.1f dB", s->gain_db);
        html_element(g->out, "p",
                     "%s: %s; gain %s; %llu samples lost; overloaded %u "
                     "time%s.",
                     page_fob(g, i, name),
                     s->is_live ? "heard live" : "read from recordings",
                     isfinite(s->gain_db) ? gain : "not known",
                     (unsigned long long)s->lost, s->overloads,
                     s->overloads == 1 ? "" : "s");
        if (s->n_bands > 0)
            put_bands(g, i);
    }
    fputs("</section>\n", g->out);
}

/* The document, behind what is for people. */
static void put_data(struct page *g)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    int status = f != NULL ? json_document(g->post->document, f) : -ENOMEM;

    if (f != NULL && fclose(f) != 0 && status == 0)
        status = -ENOMEM;
    if (status < 0) {
        g->status = err_set(g->e, -ENOMEM, "out of memory");
    } else {
        fputs("<script type=\"application/json\" id=\"fobscope\">\n", g->out);
        html_json(g->out, text, n);
        fputs("</script>\n", g->out);
    }
    free(text);
}

static void put_about(struct page *g)
{
    fputs("<section id=\"about\">\n<h2>About this page</h2>\n", g->out);
    html_element(g->out, "p", "%s",
                 g->post->is_full
                     ? "Nothing is left out: serials, codes, and the course "
                       "of the carrier from which they can be read."
                     : "Serials, codes, stickers and names of files are left "
                       "out, and what is shown of the signal is too coarse to "
                       "read them from it.");
    html_element(g->out, "p",
                 "All of it is also in this file as JSON, in the element with "
                 "the id fobscope. The page has no script, and loads nothing.");
    html_element(g->out, "p",
                 "What one may listen to differs by country: record only your "
                 "own fob, while you test it. fobscope receives only; it "
                 "sends nothing, and holds no keys.");
    html_element(g->out, "p", "Made by fobscope %s.", FOBSCOPE_VERSION);
    fputs("</section>\n</main>\n", g->out);
}

static void put_page(struct page *g)
{
    put_head(g);
    put_top(g);
    if (g->post->comparison != NULL) {
        page_comparison(g);
        page_figures(g);
    }
    for (size_t i = 0; i < g->post->n; i++)
        page_fob_section(g, i);
    if (g->post->comparison == NULL)
        page_figures(g);
    put_receiver(g);
    put_about(g);
    if (g->status == 0)
        put_data(g);
    fputs("</body>\n</html>\n", g->out);
}

/* Into the open file. */
static int put_file(int fd, const char *path, const struct post *p,
                    struct err *e)
{
    const int own = dup(fd);
    struct page g = { .post = p, .e = e };
    bool is_written;

    g.out = own >= 0 ? fdopen(own, "w") : NULL;
    if (g.out == NULL) {
        if (own >= 0)
            close(own);
        return err_set(e, -EIO, "%.300s: cannot be written", path);
    }
    put_page(&g);
    is_written = ferror(g.out) == 0;
    is_written = fclose(g.out) == 0 && is_written;
    if (g.status == 0 && !is_written)
        return err_set(e, -EIO, "%.300s: cannot be written", path);
    return g.status;
}

int post_html(const char *path, const struct post *p, struct err *e)
{
    struct new_file f;
    int status = new_file_open(&f, path, e);

    if (status < 0)
        return status;
    status = put_file(f.fd, path, p, e);
    if (status == 0)
        return new_file_keep(&f, e);
    new_file_drop(&f);
    return status;
}
