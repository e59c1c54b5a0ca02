/* posted - posts of sittings made by hand, for tests.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_POSTED_H
#define TESTS_SRC_POSTED_H

#include "src/post.h"
#include "tests/src/compared.h"

struct posted {
    struct compared_side side[2];
    struct comparison comparison;
    struct identify_facts facts[2];
    struct identification id[2];
    struct inferrer inferrer;
    struct knowledge *knowledge;
    struct json *document;
    struct post post;
};

/* Two fobs, or one where n is 1; without a picture of a recording. */
static inline struct posted *posted_create(const struct compared_fob *a,
                                           const struct compared_fob *b,
                                           size_t n)
{
    static const char *const names[] = { "A", "B" };
    struct posted *x = calloc(1, sizeof *x);
    struct err e = { "" };

    assert_non_null(x);
    assert_int_equal(inferrer_init(&x->inferrer), 0);
    assert_int_equal(knowledge_open(&x->knowledge, &e), 0);
    compared_judge(&x->comparison, x->side, a, b, false, &x->inferrer);
    x->document = json_new_object();
    x->post = (struct post){ .n = n,
                             .comparison = n == 2 ? &x->comparison : NULL,
                             .knowledge = x->knowledge,
                             .document = x->document };
    for (size_t i = 0; i < n; i++) {
        struct compared_side *y = &x->side[i];

        identify_subject_radio(&y->subject, NULL, &x->facts[i].radio);
        identify_judge(&x->id[i], &x->facts[i], x->knowledge);
        x->post.fob[i] = (struct post_fob){ .name = names[i],
                                            .sitting = &y->sitting,
                                            .subject = &y->subject,
                                            .radio = &x->facts[i].radio,
                                            .verdict = &y->verdict,
                                            .id = &x->id[i] };
    }
    return x;
}

static inline void posted_destroy(struct posted *x)
{
    json_free(x->document);
    knowledge_close(x->knowledge);
    inferrer_finish(&x->inferrer);
    free(x);
}

#endif
