/* post_html_impl - what the parts of a post's page share.
 *
 * Private to post_html*.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_POST_HTML_IMPL_H
#define SRC_POST_HTML_IMPL_H

#include "src/html.h"
#include "src/post.h"
#include "src/post_parts.h"

enum { PAGE_NAME = 96 };

struct page {
    FILE *out;
    const struct post *post;
    unsigned pictures; /* so far */
    int status;        /* of the first thing that failed, */
    struct err *e;     /* and why */
};

/* "Fob A", "Fob A: NAME", "The fob". */
const char *page_fob(const struct page *g, size_t i, char name[PAGE_NAME]);

/* What differs, and what that means. */
void page_comparison(const struct page *g);

/* Verdict, identification, fields and presses of one. */
void page_fob_section(const struct page *g, size_t i);

/* What was heard and read of it: generation, evidence, format, fields. */
void page_identification(const struct page *g, size_t i);

/* All of them, each with its numbers. */
void page_figures(struct page *g);

/* Begins a figure and its picture: what is drawn goes to the box. label: what can
 * be seen, for those who do not see it. NULL: it failed. */
struct draw *page_picture_begin(struct page *g, const char *label, unsigned w,
                                unsigned h);

/* Ends the picture; then come the numbers, and page_figure_end. Takes NULL. */
void page_picture_end(struct page *g, struct draw *d, const char *caption);
void page_figure_end(struct page *g);

/* The numbers behind the pictures. */
void page_bursts_table(const struct page *g, size_t i);
void page_envelopes_table(const struct page *g);
void page_spectra_table(const struct page *g);
void page_lengths_table(const struct page *g);
void page_bits_table(const struct page *g, size_t i);

#endif
