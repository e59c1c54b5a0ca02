/* make_post - the page of src/post.h from recordings, for tests.
 *
 *   make_post [-f] [-c CAR] [-s STICKER] [-p PROMPTS] PAGE FILE [FILE]
 *
 * One fob a FILE, as compare and identify read them. -f: nothing is left out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/check_inputs.h"
#include "src/compare_inputs.h"
#include "src/identify_options.h"
#include "src/post.h"
#include "src/report_compare.h"
#include "src/report_identify.h"

struct side {
    struct sitting sitting;
    struct check_inputs inputs;
    struct identify_subject subject;
    struct identify_facts facts;
    struct verdict_result verdict;
    struct identification id;
    struct scene *scene;
};

struct made {
    struct options options;
    const char *prompts;
    struct side side[POST_FOBS_MAX];
    struct comparison comparison;
    struct inferrer inferrer;
    struct knowledge *knowledge;
    struct post post;
};

static const volatile sig_atomic_t never;

static _Noreturn void die(const char *why)
{
    fprintf(stderr, "make_post: %s\n", why);
    exit(1);
}

static void look(struct made *m, struct side *x, const char *path)
{
    const struct source_defaults defaults = { m->options.rate_hz,
                                              m->options.centre_hz };
    const struct scene_cfg cfg = { .is_full = m->post.is_full };
    struct source *s = NULL;
    struct err e = { "" };

    if (source_open(&s, path, &defaults, &e) < 0 ||
        scene_create(&x->scene, s, &cfg, &e) < 0)
        die(e.text);
    source_close(s);
}

static void hear(struct made *m, struct side *x, const char *path)
{
    struct err e = { "" };

    sitting_init(&x->sitting, 1, false);
    check_inputs_init(&x->inputs, &m->options, &x->sitting, &never);
    x->inputs.files.has_prompts = m->prompts != NULL;
    if (m->prompts != NULL &&
        check_files_read_prompts(&x->sitting, m->prompts, &e) < 0)
        die(e.text);
    compare_inputs_play(&x->inputs, path);
    if (x->inputs.status != STATUS_OK || x->inputs.files.n == 0)
        die("a recording cannot be read");
    if (identify_options_take(&x->facts.owner, &m->options, &x->inputs.files,
                              &e) < 0)
        die(e.text);
}

static void judge(struct made *m, struct side *x)
{
    const struct verdict_cfg cfg = { .market_hz = NAN };
    const struct identify_owner *owner = &x->facts.owner;

    sitting_settle(&x->sitting);
    identify_subject_gather(&x->subject, &x->sitting, &m->inferrer);
    verdict_judge(&x->verdict, &x->sitting, &cfg);
    identify_subject_radio(&x->subject,
                           owner->has_sticker ? &owner->sticker : NULL,
                           &x->facts.radio);
    identify_judge(&x->id, &x->facts, m->knowledge);
}

static void add(struct made *m, const char *path)
{
    static const char *const names[] = { "A", "B" };
    const size_t i = m->post.n++;
    struct side *x = &m->side[i];

    hear(m, x, path);
    judge(m, x);
    look(m, x, path);
    m->post.is_synthetic |= x->inputs.files.is_synthetic;
    m->post.fob[i] = (struct post_fob){ .name = names[i],
                                        .car = x->facts.owner.car,
                                        .sitting = &x->sitting,
                                        .subject = &x->subject,
                                        .radio = &x->facts.radio,
                                        .verdict = &x->verdict,
                                        .id = &x->id,
                                        .scene = x->scene };
}

static struct json *compare(struct made *m)
{
    const struct compare_fob fob[] = {
        { "A", &m->side[0].subject, &m->side[0].verdict },
        { "B", &m->side[1].subject, &m->side[1].verdict },
    };
    const struct compare_cfg cfg = { .is_one_sitting = false };
    const struct report_compare r = { .fob = fob,
                                      .comparison = &m->comparison,
                                      .n = 2,
                                      .is_synthetic = m->post.is_synthetic,
                                      .is_full = m->post.is_full };

    compare_judge(&m->comparison, &fob[0], &fob[1], &cfg, &m->inferrer);
    m->post.comparison = &m->comparison;
    return report_compare_json(&r);
}

static struct json *identify(struct made *m)
{
    const struct report_identify r = { .subject = &m->side[0].subject,
                                       .radio = &m->side[0].facts.radio,
                                       .id = &m->side[0].id,
                                       .knowledge = m->knowledge,
                                       .is_synthetic = m->post.is_synthetic,
                                       .is_full = m->post.is_full };

    return report_identify_json(&r);
}

static void take_options(struct made *m, int argc, char **argv)
{
    options_init(&m->options);
    for (int c; (c = getopt(argc, argv, "fc:s:p:")) != -1;) {
        if (c == 'f')
            m->post.is_full = m->options.is_full = true;
        else if (c == 'c')
            m->options.owner.car = optarg;
        else if (c == 's')
            m->options.owner.sticker = optarg;
        else if (c == 'p')
            m->prompts = optarg;
        else
            die("usage");
    }
    if (argc - optind < 2 || argc - optind > 1 + POST_FOBS_MAX)
        die("usage");
}

int main(int argc, char **argv)
{
    struct made *m = calloc(1, sizeof *m);
    struct json *document;
    struct err e = { "" };

    if (m == NULL || inferrer_init(&m->inferrer) < 0 ||
        knowledge_open(&m->knowledge, &e) < 0)
        die("out of memory");
    take_options(m, argc, argv);
    m->post.knowledge = m->knowledge;
    for (int i = optind + 1; i < argc; i++)
        add(m, argv[i]);
    m->post.document = document = m->post.n > 1 ? compare(m) : identify(m);
    if (post_html(argv[optind], &m->post, &e) < 0)
        die(e.text);
    json_free(document);
    for (size_t i = 0; i < m->post.n; i++)
        scene_destroy(m->side[i].scene);
    knowledge_close(m->knowledge);
    inferrer_finish(&m->inferrer);
    free(m);
    return 0;
}
