/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/post_gather.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/compare_inputs.h"
#include "src/fingerprint.h"
#include "src/identify_options.h"
#include "src/inputs.h"
#include "src/log.h"
#include "src/report_check.h"
#include "src/report_compare.h"
#include "src/report_identify.h"

/* One fob. */
struct side {
    struct sitting sitting;
    struct check_inputs inputs;
    struct identify_subject subject;
    struct verdict_result verdict;
    struct identify_facts facts;
    struct identification id;
    struct scene *scene;
    char why[FINGERPRINT_WHY]; /* it is, or is not, of the other one's family */
};

struct post_gather {
    const struct options *options;
    const volatile sig_atomic_t *stop;
    struct side *side[POST_FOBS_MAX];
    struct compare_fob fob[POST_FOBS_MAX];
    size_t n;
    struct comparison comparison;
    struct inferrer inferrer;
    struct knowledge *knowledge;
    struct json *document;
    struct post post;
    enum status status; /* of what could not be opened or read */
};

/* A name of a file may be a serial: none is in a report. */
static const char *name_of(const struct post_gather *g, size_t i)
{
    return g->n == 1 ? "the fob" : i == 0 ? "A" : "B";
}

static void fail(struct post_gather *g, const char *name, const struct err *e)
{
    log_fault(name, e);
    g->status = STATUS_INPUT;
}

int post_gather_create(struct post_gather **ret, const struct options *o,
                       const volatile sig_atomic_t *stop, struct err *e)
{
    struct post_gather *g = calloc(1, sizeof *g);
    int status = g == NULL ? -ENOMEM : inferrer_init(&g->inferrer);

    if (status == 0) {
        g->options = o;
        g->stop = stop;
        g->n = o->n_operands < POST_FOBS_MAX ? o->n_operands
                                             : (size_t)POST_FOBS_MAX;
        status = knowledge_open(&g->knowledge, e);
    } else {
        err_set(e, status, "out of memory");
    }
    for (size_t i = 0; status == 0 && i < g->n; i++) {
        g->side[i] = calloc(1, sizeof *g->side[i]);
        if (g->side[i] == NULL)
            status = err_set(e, -ENOMEM, "out of memory");
    }
    if (status == 0)
        *ret = g;
    else
        post_gather_destroy(g);
    return status;
}

void post_gather_destroy(struct post_gather *g)
{
    if (g == NULL)
        return;
    for (size_t i = 0; i < POST_FOBS_MAX; i++) {
        if (g->side[i] != NULL)
            scene_destroy(g->side[i]->scene);
        free(g->side[i]);
    }
    json_free(g->document);
    knowledge_close(g->knowledge);
    inferrer_finish(&g->inferrer);
    free(g);
}

const struct post *post_gather_post(const struct post_gather *g)
{
    return &g->post;
}

enum status post_gather_status(const struct post_gather *g)
{
    return g->n == 2 ? g->comparison.status : g->side[0]->verdict.status;
}

/* The look at one recording. */
struct look {
    struct post_gather *gather;
    struct side *side;
    bool is_taken; /* of the first recording only */
};

/* What can be read but once, such as a pipe, was read when it was checked. */
static bool is_file(const char *spec)
{
    const char *colon = strrchr(spec, ':');
    struct stat st;

    return (stat(spec, &st) == 0 && S_ISREG(st.st_mode)) ||
           (colon != NULL && stat(colon + 1, &st) == 0 && S_ISREG(st.st_mode));
}

static void look_at_item(void *user, const struct input_item *item)
{
    struct look *l = user;
    struct post_gather *g = l->gather;
    const struct source_defaults defaults = { g->options->rate_hz,
                                              g->options->centre_hz };
    struct progress progress;
    const struct scene_cfg cfg = { .is_full = g->options->is_full,
                                   .stop = g->stop,
                                   .progress = &progress };
    struct source *s = NULL;
    struct err e = { "" };
    int status;

    if (l->is_taken || *g->stop || !is_file(item->spec))
        return;
    l->is_taken = true;
    status = source_open_as(&s, item->spec, item->name, &defaults, &e);
    if (status == 0) {
        progress_init(&progress, source_name(s), source_info(s)->total,
                      source_info(s)->rate_hz);
        status = scene_create(&l->side->scene, s, &cfg, &e);
        progress_hide(&progress);
    }
    if (status < 0 && !*g->stop)
        fail(g, item->name, &e);
    source_close(s);
}

static void look_at(void *user, const char *recording)
{
    struct look *l = user;
    struct inputs in;
    struct err e = { "" };

    if (l->is_taken)
        return;
    inputs_open(&in, l->gather->options->archive, NULL);
    if (inputs_each(&in, recording, look_at_item, l, &e) < 0)
        fail(l->gather, NULL, &e);
    inputs_close(&in);
}

static void read_fob(struct post_gather *g, size_t i)
{
    const struct options *o = g->options;
    struct side *y = g->side[i];
    struct look look = { .gather = g, .side = y };
    struct err e = { "" };

    sitting_init(&y->sitting, 1, false);
    check_inputs_init(&y->inputs, o, &y->sitting, g->stop);
    y->inputs.files.has_prompts = o->prompts != NULL;
    if (o->prompts != NULL &&
        check_files_read_prompts(&y->sitting, o->prompts, &e) < 0) {
        fail(g, NULL, &e);
        return;
    }
    compare_inputs_play(&y->inputs, o->operands[i]);
    if (y->inputs.status != STATUS_OK || y->inputs.files.n == 0)
        g->status = STATUS_INPUT;
    if (g->status == STATUS_OK && !*g->stop)
        compare_inputs_each(o->operands[i], g->stop, look_at, &look);
    g->post.is_synthetic |= y->inputs.files.is_synthetic;
}

static void check(struct post_gather *g, size_t i)
{
    const struct options *o = g->options;
    struct side *y = g->side[i];
    const struct verdict_cfg how = {
        .market_hz = o->market != NULL
                         ? knowledge_market_hz(g->knowledge, o->market)
                         : NAN,
    };

    sitting_settle(&y->sitting);
    identify_subject_gather(&y->subject, &y->sitting, &g->inferrer);
    verdict_judge(&y->verdict, &y->sitting, &how);
    g->fob[i] = (struct compare_fob){ name_of(g, i), &y->subject, &y->verdict };
}

/* Each is the other's kin, or is not, as identify --like has it. */
static void set_likes(struct post_gather *g)
{
    struct side *a = g->side[0], *b = g->side[1];
    const struct fob_frames of_a = a->subject.frames;
    const enum fingerprint_answer answer = fingerprint_compare(
        &a->subject.frames, &b->subject.frames, &g->inferrer, a->why);

    if (answer == FINGERPRINT_OPEN ||
        g->comparison.relation == RELATION_SAME_FOB)
        return;
    memcpy(b->why, a->why, sizeof b->why);
    if (answer == FINGERPRINT_SAME) {
        identify_subject_join(&a->subject, &b->subject.frames, &g->inferrer);
        identify_subject_join(&b->subject, &of_a, &g->inferrer);
    }
    for (size_t i = 0; i < 2; i++) {
        struct identify_facts *x = &g->side[i]->facts;

        x->like[0] = (struct identify_like){
            .name = name_of(g, 1 - i),
            .is_same_family = answer == FINGERPRINT_SAME,
            .why = g->side[i]->why,
        };
        x->like[0].is_known = identify_owner_says(
            &g->side[1 - i]->facts.owner, g->knowledge, x->like[0].generation);
        x->n_likes = 1;
    }
}

/* False, told: an option makes no sense. */
static bool take_owners(struct post_gather *g)
{
    struct err e = { "" };

    for (size_t i = 0; i < g->n; i++)
        if (identify_options_take(&g->side[i]->facts.owner, g->options,
                                  &g->side[i]->inputs.files, &e) < 0) {
            log_say(LOG_ERROR, "%s", e.text);
            return false;
        }
    return true;
}

static void identify(struct side *y, const struct knowledge *k)
{
    const struct identify_owner *owner = &y->facts.owner;

    identify_subject_radio(&y->subject,
                           owner->has_sticker ? &owner->sticker : NULL,
                           &y->facts.radio);
    identify_judge(&y->id, &y->facts, k);
}

static struct json *new_check(const struct post_gather *g, size_t i)
{
    const struct side *y = g->side[i];
    const struct report_check r = { .sitting = &y->sitting,
                                    .verdict = &y->verdict,
                                    .car = y->facts.owner.car,
                                    .is_full = g->options->is_full };

    return report_check_json(&r);
}

static struct json *new_identify(const struct post_gather *g, size_t i)
{
    const struct side *y = g->side[i];
    const struct report_identify r = {
        .subject = &y->subject,
        .radio = &y->facts.radio,
        .id = &y->id,
        .knowledge = g->knowledge,
        .status =
            y->subject.frames.best != NULL ? STATUS_OK : STATUS_INCONCLUSIVE,
        .is_synthetic = y->inputs.files.is_synthetic,
        .is_full = g->options->is_full,
    };

    return report_identify_json(&r);
}

/* Arrays of one or two: A, then B. */
static struct json *new_document(const struct post_gather *g)
{
    const struct report_compare r = {
        .fob = g->fob,
        .comparison = &g->comparison,
        .n = g->n,
        .is_synthetic = g->post.is_synthetic,
        .is_full = g->options->is_full,
    };
    struct json *o = json_new_object();
    struct json *checks = json_new_array(), *ids = json_new_array();

    for (size_t i = 0; i < g->n; i++) {
        json_append(checks, new_check(g, i));
        json_append(ids, new_identify(g, i));
    }
    json_set_string(o, "schema", "fobscope.report/1");
    json_set_bool(o, "redacted", !g->options->is_full);
    json_set_bool(o, "synthetic", g->post.is_synthetic);
    json_set_int(o, "exit", (int64_t)post_gather_status(g));
    json_set(o, "check", checks);
    json_set(o, "identify", ids);
    if (g->n == 2)
        json_set(o, "compare", report_compare_json(&r));
    else
        json_set_null(o, "compare");
    return o;
}

static void fill_post(struct post_gather *g)
{
    struct post *p = &g->post;

    g->document = new_document(g);
    p->n = g->n;
    p->knowledge = g->knowledge;
    p->document = g->document;
    p->comparison = g->n == 2 ? &g->comparison : NULL;
    p->is_full = g->options->is_full;
    for (size_t i = 0; i < g->n; i++) {
        const struct side *y = g->side[i];

        p->fob[i] = (struct post_fob){
            .name = name_of(g, i),
            .car = y->facts.owner.car,
            .sitting = &y->sitting,
            .subject = &y->subject,
            .radio = &y->facts.radio,
            .verdict = &y->verdict,
            .id = &y->id,
            .scene = y->scene,
        };
    }
}

enum status post_gather_run(struct post_gather *g)
{
    const struct compare_cfg apart = { .is_one_sitting = false };

    if (!take_owners(g)) /* before anything is read */
        return STATUS_USAGE;
    for (size_t i = 0; i < g->n && !*g->stop; i++)
        read_fob(g, i);
    if (*g->stop)
        return STATUS_INTERRUPTED;
    if (g->status != STATUS_OK)
        return g->status;
    if (!take_owners(g)) /* with what was kept */
        return STATUS_USAGE;
    for (size_t i = 0; i < g->n; i++)
        check(g, i);
    if (g->n == 2) {
        compare_judge(&g->comparison, &g->fob[0], &g->fob[1], &apart,
                      &g->inferrer);
        set_likes(g);
    }
    for (size_t i = 0; i < g->n; i++)
        identify(g->side[i], g->knowledge);
    fill_post(g);
    return STATUS_OK;
}
