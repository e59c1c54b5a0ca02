/* cmd_compare - two fobs side by side.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/button_words.h"
#include "src/check_live.h"
#include "src/compare_inputs.h"
#include "src/log.h"
#include "src/report_compare.h"
#include "src/report_json.h"

enum { NAME_BYTES = 64, LINE_BYTES = 16 };

/* One fob. */
struct side {
    struct sitting sitting;
    struct check_inputs inputs;
    struct identify_subject subject;
    struct verdict_result verdict;
    char name[NAME_BYTES];
};

/* One run of the command. */
struct compare {
    struct options options;
    const volatile sig_atomic_t *stop;
    struct side *side[COMPARE_FOBS_MAX];
    struct compare_fob fob[COMPARE_FOBS_MAX];
    struct comparison comparison[COMPARE_FOBS_MAX - 1];
    size_t n;
    struct inferrer inferrer;
    bool is_synthetic;
    enum status status; /* of what could not be opened or read */
};

static void fail(struct compare *x, const struct err *e)
{
    log_say(LOG_ERROR, "%s", e->text);
    x->status = STATUS_INPUT;
}

static struct side *new_side(struct compare *x, const char *name)
{
    struct side *y = calloc(1, sizeof *y);

    if (y == NULL) {
        fail(x, &(struct err){ "out of memory" });
        return NULL;
    }
    snprintf(y->name, sizeof y->name, "%s", name);
    x->side[x->n++] = y;
    return y;
}

static const char *last_part(const char *path)
{
    return strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
}

static void read_all(struct compare *x)
{
    for (size_t i = 0; i < x->options.n_operands && !*x->stop; i++) {
        const char *operand = x->options.operands[i];
        struct side *y = new_side(x, last_part(operand));

        if (y == NULL)
            return;
        sitting_init(&y->sitting, 1, false);
        check_inputs_init(&y->inputs, &x->options, &y->sitting, x->stop);
        compare_inputs_play(&y->inputs, operand);
        if (y->inputs.status != STATUS_OK)
            x->status = STATUS_INPUT;
        else if (y->inputs.files.n == 0 && !*x->stop)
            fail(x, &(struct err){ "an empty FILE names no recording" });
        x->is_synthetic |= y->inputs.files.is_synthetic;
    }
}

/* The next fob is taken into the hand. */
static void wait_for_fob(struct guide *g, const char *which)
{
    char line[LINE_BYTES];

    guide_say(g, "%s", which);
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "Enter, when you have it in your hand: ");
    fflush(stderr);
    if (fgets(line, sizeof line, stdin) == NULL)
        fputc('\n', stderr);
}

/* One after the other in one place, the second at the first one's gain. */
static void listen_all(struct compare *x)
{
    static const char *const which[] = {
        "Fob A first: the one that works.",
        "Now fob B, at the same place and distance.",
    };
    struct asking_cfg asking = { .presses = x->options.presses > 0
                                                ? (unsigned)x->options.presses
                                                : 3 };
    char words[BUTTON_WORDS];
    struct guide guide;
    struct err e = { "" };

    if (!button_words_parse(button_words_usual(x->options.owner.buttons), words,
                            &asking)) {
        x->status = STATUS_USAGE;
        return;
    }
    guide_init(&guide, x->options.is_guide_plain);
    for (int i = 0; i < 2 && x->status == STATUS_OK && !*x->stop; i++) {
        struct side *y = new_side(x, i == 0 ? "fob A" : "fob B");
        const struct check_live_cfg cfg = {
            .options = &x->options,
            .asking = asking,
            .sitting = y != NULL ? &y->sitting : NULL,
            .guide = &guide,
            .stop = x->stop,
        };

        if (y == NULL)
            return;
        wait_for_fob(&guide, which[i]);
        if (!*x->stop && check_live_run(&cfg, &e) < 0 && !*x->stop)
            fail(x, &e);
        guide_hide(&guide);
        if (isfinite(y->sitting.gain_db))
            x->options.gain_db = y->sitting.gain_db;
    }
}

/* Each fob by itself, then the others beside the first. What was heard of the first
 * proves, live, that the others would have been heard. */
static void judge(struct compare *x)
{
    const struct compare_cfg cfg = { .is_one_sitting = x->options.is_live };

    for (size_t i = 0; i < x->n; i++) {
        struct side *y = x->side[i];
        const struct verdict_cfg how = {
            .market_hz = NAN,
            .has_reference = x->options.is_live && i > 0 &&
                             x->side[0]->subject.facts.sure > 0,
        };

        sitting_settle(&y->sitting);
        identify_subject_gather(&y->subject, &y->sitting, &x->inferrer);
        verdict_judge(&y->verdict, &y->sitting, &how);
        x->fob[i] = (struct compare_fob){ y->name, &y->subject, &y->verdict };
        if (i > 0)
            compare_judge(&x->comparison[i - 1], &x->fob[0], &x->fob[i], &cfg,
                          &x->inferrer);
    }
}

static enum status report(struct compare *x)
{
    const struct report_compare r = {
        .fob = x->fob,
        .comparison = x->comparison,
        .n = x->n,
        .is_one_sitting = x->options.is_live,
        .is_synthetic = x->is_synthetic,
        .is_full = x->options.is_full,
    };
    struct report_table table;

    if (x->options.format == OUTPUT_JSON) {
        report_json_print(report_compare_json(&r));
    } else {
        report_table_init(&table, stdout);
        report_compare_text(&r, &table);
    }
    return report_compare_status(&r);
}

/* Two fobs are compared as far as they were read; one is not. */
static enum status run(struct compare *x)
{
    enum status status;

    if (x->options.is_live)
        listen_all(x);
    else
        read_all(x);
    if (x->status != STATUS_OK || x->n < 2)
        return *x->stop ? STATUS_INTERRUPTED : x->status;
    judge(x);
    status = report(x);
    return *x->stop ? STATUS_INTERRUPTED : status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct compare *x = calloc(1, sizeof *x);
    enum status status = STATUS_INPUT;

    if (x == NULL) {
        log_say(LOG_ERROR, "out of memory");
        return STATUS_INPUT;
    }
    x->options = *o;
    x->stop = stop;
    if (inferrer_init(&x->inferrer) < 0)
        fail(x, &(struct err){ "out of memory" });
    else
        status = run(x);
    inferrer_finish(&x->inferrer);
    for (size_t i = 0; i < x->n; i++)
        free(x->side[i]);
    free(x);
    return status;
}

const struct cmd cmd_compare = {
    .name = "compare",
    .operands = "[FILE...]",
    .summary = "two fobs side by side, difference by difference",
    .description =
        "Holds one fob against another, the one that works first: band, "
        "carrier, level, coding, chip length and its jitter, copies, buttons, "
        "and what their frames carry by its role. What was measured is called "
        "another only where it differs by more than its own scatter makes of "
        "it once in 20,000 times. FILE: a recording of one fob, or an ID of "
        "the "
        "archive; several of one fob with commas between them, or as a pattern "
        "in quotes. More than two are each held against the first. With --live "
        "it asks for the presses of one, then of the other. The exit status "
        "says whether they agree.",
    .set = CMD_COMPARE,
    .exec = exec,
};
