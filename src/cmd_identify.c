/* cmd_identify - what is this fob?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/button_words.h"
#include "src/check_inputs.h"
#include "src/check_live.h"
#include "src/draft.h"
#include "src/fingerprint.h"
#include "src/identify_options.h"
#include "src/log.h"
#include "src/report_identify.h"
#include "src/report_json.h"

enum { NAME_BYTES = 64, PRESSES = 4 /* of each button, as a rule */ };

/* Another fob that this one is compared with. */
struct other {
    struct sitting sitting;
    struct check_inputs inputs;
    struct fob_frames frames;
    char name[NAME_BYTES], why[FINGERPRINT_WHY];
};

/* One run of the command. */
struct identify {
    struct options options; /* with what was asked for */
    struct identify_answers answers;
    char buttons[BUTTON_WORDS]; /* as they were typed */
    const volatile sig_atomic_t *stop;
    struct sitting sitting;
    struct check_inputs inputs;
    struct identify_subject subject;
    struct identify_facts facts;
    struct identification id;
    struct inferrer inferrer;
    struct knowledge *knowledge;
    struct other *other[IDENTIFY_LIKES_MAX];
    size_t n_others;
    enum status status; /* of what could not be read */
};

static void fail(struct identify *x, const struct err *e)
{
    log_say(LOG_ERROR, "%s", e->text);
    x->status = STATUS_INPUT;
}

/* Whether they are of one recording, or of one press of one fob. */
static bool has_same_frame(const struct fob_frames *a,
                           const struct fob_frames *b)
{
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            const struct bits *x = &a->frame[i]->bits, *y = &b->frame[k]->bits;

            if (x->n == y->n && memcmp(x->value, y->value, x->n) == 0)
                return true;
        }
    return false;
}

/* The fob of other recordings. False, told: there is none to compare with. */
static bool play_other(struct identify *x, const char *operand,
                       const struct options *o, struct other *y)
{
    sitting_init(&y->sitting, 1, false);
    check_inputs_init(&y->inputs, o, &y->sitting, x->stop);
    check_inputs_play(&y->inputs, operand);
    if (y->inputs.status != STATUS_OK)
        x->status = y->inputs.status;
    sitting_settle(&y->sitting);
    fob_frames_collect(&y->frames, &y->sitting);
    if (y->inputs.files.n > 0 && has_same_frame(&x->subject.frames, &y->frames))
        log_say(LOG_WARNING, "--like %s: has the same frames: it tells nothing",
                operand);
    return y->inputs.files.n > 0 &&
           !has_same_frame(&x->subject.frames, &y->frames);
}

/* Whether it is of the same family, and what its owner said of it. */
static void compare(struct identify *x, const char *operand, struct other *y)
{
    struct identify_like *like = &x->facts.like[x->facts.n_likes];
    struct options none = x->options;
    struct identify_owner owner;
    struct err e = { "" };
    enum fingerprint_answer answer;

    /* What is said on the command line is said of the first fob. */
    none.owner = (struct owner_words){ 0 };
    none.cell = none.built = none.market = none.fcc = none.prompts = NULL;
    if (!play_other(x, operand, &none, y))
        return;
    answer = fingerprint_compare(&x->subject.frames, &y->frames, &x->inferrer,
                                 y->why);
    if (answer == FINGERPRINT_OPEN) {
        log_say(LOG_WARNING, "--like %s: cannot be compared: %s", operand,
                y->why);
        return;
    }
    if (answer == FINGERPRINT_SAME)
        identify_subject_join(&x->subject, &y->frames, &x->inferrer);
    snprintf(y->name, sizeof y->name, "%s",
             strrchr(operand, '/') != NULL ? strrchr(operand, '/') + 1
                                           : operand);
    *like = (struct identify_like){
        .name = y->name,
        .is_same_family = answer == FINGERPRINT_SAME,
        .why = y->why,
    };
    if (identify_options_take(&owner, &none, &y->inputs.files, &e) == 0)
        like->is_known =
            identify_owner_says(&owner, x->knowledge, like->generation);
    x->facts.n_likes++;
}

static void compare_one(struct identify *x, const char *operand)
{
    struct other *y;

    if (x->n_others == IDENTIFY_LIKES_MAX) {
        log_say(LOG_WARNING, "--like %s: one more than %d, left out", operand,
                IDENTIFY_LIKES_MAX);
        return;
    }
    y = calloc(1, sizeof *y);
    if (y == NULL) {
        fail(x, &(struct err){ "out of memory" });
        return;
    }
    x->other[x->n_others++] = y;
    compare(x, operand, y);
}

/* --like A,B. */
static void compare_all(struct identify *x)
{
    char *operands, *rest = NULL;

    if (x->options.like == NULL)
        return;
    operands = strdup(x->options.like);
    if (operands == NULL) {
        fail(x, &(struct err){ "out of memory" });
        return;
    }
    for (char *operand = strtok_r(operands, ",", &rest);
         operand != NULL && !*x->stop; operand = strtok_r(NULL, ",", &rest))
        compare_one(x, operand);
    free(operands);
}

/* A format of its own: a draft of it. */
static enum status emit(const struct identify *x)
{
    struct inferred_protocol p;

    if (!x->subject.is_inferred) {
        log_say(LOG_ERROR,
                x->subject.frames.best != NULL &&
                        x->subject.frames.best->protocol != NULL
                    ? "the format is known: there is nothing to draft"
                    : "too few presses were read to infer a format");
        return STATUS_INCONCLUSIVE;
    }
    inference_describe(&x->subject.inference, x->subject.frames.best, &p);
    draft_descriptor(stdout, &x->subject.inference, &p.protocol);
    fputs("\n/* rtl_433 counts bits from the start of a row, which may begin "
          "with the\n * preamble: then the fields are further on.\n *\n"
          " *   rtl_433 -R 0 -X '",
          stdout);
    if (!draft_flex(stdout, &p.protocol))
        fputs("(it has none for this line code over FSK)", stdout);
    fputs("'\n */\n", stdout);
    return STATUS_OK;
}

static enum status report(struct identify *x)
{
    const struct report_identify r = {
        .subject = &x->subject,
        .radio = &x->facts.radio,
        .id = &x->id,
        .knowledge = x->knowledge,
        .status =
            x->subject.frames.best != NULL ? STATUS_OK : STATUS_INCONCLUSIVE,
        .is_synthetic = x->inputs.files.is_synthetic,
        .is_full = x->options.is_full,
    };
    struct report_table table;

    if (x->options.is_emitted)
        return emit(x);
    if (x->options.format == OUTPUT_JSON) {
        report_json_print(report_identify_json(&r));
    } else {
        report_table_init(&table, stdout);
        report_identify_text(&r, &table);
    }
    return r.status;
}

static enum status conclude(struct identify *x)
{
    struct identify_owner *owner = &x->facts.owner;
    struct err e = { "" };

    if (identify_options_take(owner, &x->options, &x->inputs.files, &e) < 0) {
        log_say(LOG_ERROR, "%s", e.text);
        return STATUS_USAGE;
    }
    sitting_settle(&x->sitting);
    identify_subject_gather(&x->subject, &x->sitting, &x->inferrer);
    identify_subject_radio(&x->subject,
                           owner->has_sticker ? &owner->sticker : NULL,
                           &x->facts.radio);
    compare_all(x);
    if (x->subject.is_inferred && x->subject.inference.fobs > 1)
        identify_subject_radio(&x->subject,
                               owner->has_sticker ? &owner->sticker : NULL,
                               &x->facts.radio); /* it shows more now */
    identify_judge(&x->id, &x->facts, x->knowledge);
    return report(x);
}

/* At a receiver: guided presses, then what the owner sees. */
static enum status listen(struct identify *x)
{
    const char *buttons = button_words_usual(x->options.owner.buttons);
    char words[BUTTON_WORDS];
    struct guide guide;
    struct check_live_cfg cfg = { .options = &x->options,
                                  .sitting = &x->sitting,
                                  .guide = &guide,
                                  .stop = x->stop };
    struct err e = { "" };

    if (buttons == NULL) {
        log_say(LOG_ERROR,
                "--buttons %s: name them, such as lock,unlock,boot,panic",
                x->options.owner.buttons);
        return STATUS_USAGE;
    }
    if (x->options.owner.buttons == NULL)
        buttons = button_words_ask(x->buttons, x->stop);
    if (buttons == x->buttons) /* typed: so many it has */
        x->options.owner.buttons = x->buttons;
    cfg.asking.presses =
        x->options.presses > 0 ? (unsigned)x->options.presses : PRESSES;
    if (*x->stop)
        return STATUS_INTERRUPTED;
    if (!button_words_parse(buttons, words, &cfg.asking))
        return STATUS_USAGE;
    guide_init(&guide, x->options.is_guide_plain);
    if (check_live_run(&cfg, &e) < 0 && !*x->stop)
        fail(x, &e);
    if (x->sitting.n_presses > 0 && !*x->stop)
        identify_options_ask(&x->options, &x->answers, x->stop);
    return x->status;
}

static enum status play(struct identify *x)
{
    sitting_init(&x->sitting, 1, false);
    check_inputs_play_all(&x->inputs);
    x->status = x->inputs.status;
    if (x->inputs.files.n > 0)
        return STATUS_OK;
    return *x->stop ? STATUS_INTERRUPTED : STATUS_INPUT;
}

/* What is wrong with the options is said before anything is done. */
static bool is_usable(struct identify *x)
{
    struct err e = { "" };

    if (identify_options_take(&x->facts.owner, &x->options, NULL, &e) == 0)
        return true;
    log_say(LOG_ERROR, "%s", e.text);
    return false;
}

static enum status run(struct identify *x)
{
    enum status status;

    if (!is_usable(x))
        return STATUS_USAGE;
    status = x->options.n_operands == 0 ? listen(x) : play(x);
    if (status != STATUS_OK && x->sitting.n_presses == 0)
        return status;
    status = conclude(x);
    if (*x->stop)
        return STATUS_INTERRUPTED;
    return x->status != STATUS_OK ? x->status : status;
}

static void finish(struct identify *x)
{
    for (size_t i = 0; i < IDENTIFY_LIKES_MAX; i++)
        free(x->other[i]);
    inferrer_finish(&x->inferrer);
    knowledge_close(x->knowledge);
    free(x);
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct identify *x = calloc(1, sizeof *x);
    struct err e = { "" };
    enum status status = STATUS_INPUT;

    if (x == NULL) {
        log_say(LOG_ERROR, "out of memory");
        return STATUS_INPUT;
    }
    x->options = *o;
    x->stop = stop;
    check_inputs_init(&x->inputs, &x->options, &x->sitting, stop);
    if (knowledge_open(&x->knowledge, &e) < 0)
        fail(x, &e);
    else if (inferrer_init(&x->inferrer) < 0)
        fail(x, &(struct err){ "out of memory" });
    else
        status = run(x);
    finish(x);
    return status;
}

const struct cmd cmd_identify = {
    .name = "identify",
    .operands = "[FILE...]",
    .summary = "what is this fob? Band, coding, fields, generation",
    .description =
        "Says of a fob, from several of its presses, on which band and how it "
        "sends, what its frames carry where, and, for a MINI, which "
        "generation it is of: with every piece of evidence, its weight and its "
        "source, or that it cannot be told. The fields of a format that nobody "
        "has described are inferred: what stays, follows the button, counts, "
        "rolls, is computed from the rest. FILE: recordings of one fob, or IDs "
        "of the archive; without, it listens and asks for presses as check "
        "does. What you can see of the fob decides more than its radio: "
        "--buttons, --cell, --sticker, --car, --built.",
    .set = CMD_IDENTIFY,
    .exec = exec,
};
