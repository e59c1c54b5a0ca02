/* cmd_check - does this fob transmit?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/button_words.h"
#include "src/check_batch.h"
#include "src/check_inputs.h"
#include "src/check_live.h"
#include "src/check_save.h"
#include "src/cmd_archive.h"
#include "src/knowledge.h"
#include "src/log.h"
#include "src/options.h"
#include "src/report_check.h"
#include "src/report_json.h"
#include "src/verdict.h"

enum {
    KEPT_MAX = 200, /* recordings of one sitting */
};

/* One run of the command. */
struct check {
    const struct options *options;
    struct sitting *sitting;
    enum status status; /* of what could not be opened or read */
    struct check_batch batch;
    /* --save: */
    struct archive *archive;
    char kept[KEPT_MAX][ENTRY_NAME];
    size_t n_kept;
    char waiting[PATH_MAX]; /* the newest recording: what is asked for after it
                             * is noted in it, if it is the last; "": none */
    size_t noted;           /* prompts that recordings speak of */
    int take_code;          /* of the archive, from within a callback */
    struct err fault;
};

static void fail(struct check *c, const char *name, const struct err *e)
{
    log_fault(name, e);
    c->status = STATUS_INPUT;
}

/* NAN: not said. */
static double market_hz(const struct options *o)
{
    struct knowledge *k = NULL;
    struct err e = { "" };
    double hz = NAN;

    if (o->market == NULL)
        return NAN;
    if (knowledge_open(&k, &e) < 0)
        log_say(LOG_ERROR, "%s", e.text);
    else
        hz = knowledge_market_hz(k, o->market);
    knowledge_close(k);
    return hz;
}

static enum status report(struct check *c)
{
    const struct options *o = c->options;
    const struct verdict_cfg cfg = { .market_hz = market_hz(o) };
    struct verdict_result v;
    const struct report_check r = { .sitting = c->sitting,
                                    .verdict = &v,
                                    .car = o->owner.car,
                                    .is_full = o->is_full };
    struct report_table table;

    sitting_settle(c->sitting);
    verdict_judge(&v, c->sitting, &cfg);
    if (o->format == OUTPUT_JSON) {
        report_json_print(report_check_json(&r));
    } else {
        report_table_init(&table, stdout);
        report_check_text(&r, &table);
    }
    return v.status;
}

static void on_board(void *user);

/* The recording that waits goes into the archive. */
static void keep_waiting(struct check *c, bool is_last)
{
    struct entry t;
    bool is_old;

    if (c->waiting[0] == '\0' || c->take_code < 0)
        return;
    c->take_code =
        check_save_asked(c->waiting, c->sitting, &c->noted, is_last, &c->fault);
    if (c->take_code == 0)
        c->take_code =
            archive_take(c->archive, c->waiting, &t, &is_old, &c->fault);
    if (c->take_code == 0 && c->n_kept < KEPT_MAX)
        memcpy(c->kept[c->n_kept++], t.name, sizeof t.name);
    c->waiting[0] = '\0';
}

static void on_saved(void *user, const struct recorder_saved *r)
{
    struct check *c = user;

    keep_waiting(c, false);
    snprintf(c->waiting, sizeof c->waiting, "%s", r->path);
}

/* The recordings of one sitting belong together. */
static void close_sitting(struct check *c)
{
    const struct options *o = c->options;
    char title[TITLE_MAX], collection[ENTRY_NAME];
    struct err e = { "" };

    keep_waiting(c, true);
    if (c->take_code < 0) {
        log_say(LOG_ERROR, "%s", c->fault.text);
        c->status = STATUS_INPUT;
    } else if (c->n_kept > 0) {
        snprintf(title, sizeof title, "check%s%s%s%s",
                 o->owner.label != NULL ? ": " : "",
                 o->owner.label != NULL ? o->owner.label : "",
                 o->owner.car != NULL ? ", " : "",
                 o->owner.car != NULL ? o->owner.car : "");
        if (archive_collect(c->archive, title,
                            (const char(*)[ENTRY_NAME])c->kept, c->n_kept,
                            collection, &e) < 0)
            fail(c, NULL, &e);
        else
            log_say(LOG_NOTE, "%zu recordings kept, as %s", c->n_kept,
                    collection);
    }
}

static int run_live(struct check *c, const struct asking_cfg *asking,
                    const volatile sig_atomic_t *stop)
{
    const struct options *o = c->options;
    const struct recorder_cfg recorder = {
        .folder = c->archive != NULL ? archive_work(c->archive) : NULL,
        .is_archived = true,
        .owner = o->owner,
        .pre_s = o->pre_s,
        .post_s = o->post_s,
        .saved = on_saved,
        .user = c,
    };
    struct guide guide;
    struct check_live_cfg cfg = { .options = o,
                                  .asking = *asking,
                                  .sitting = c->sitting,
                                  .guide = &guide,
                                  .stop = stop };
    struct err e = { "" };
    int status = 0;

    if (o->is_batch) {
        cfg.board = on_board;
        cfg.user = c;
    }
    guide_init(&guide, o->is_guide_plain);
    if (c->archive != NULL)
        status = recorder_create(&cfg.recorder, &recorder);
    if (status < 0)
        err_set(&e, status, "out of memory");
    else
        status = check_live_run(&cfg, &e);
    recorder_destroy(cfg.recorder);
    if (status < 0 && !*stop)
        fail(c, NULL, &e);
    return status;
}

static enum status check_guided(struct check *c,
                                const volatile sig_atomic_t *stop)
{
    const struct options *o = c->options;
    struct asking_cfg asking = { .presses = o->presses > 0
                                                ? (unsigned)o->presses
                                                : 3 };
    char words[BUTTON_WORDS], line[BUTTON_WORDS];
    const char *buttons = o->owner.buttons;
    enum status status = STATUS_OK;
    int code;

    if (buttons == NULL)
        buttons = button_words_ask(line, stop);
    if (*stop)
        return STATUS_INTERRUPTED;
    if (!button_words_parse(buttons, words, &asking))
        return STATUS_USAGE;
    if (o->is_saved)
        status = cmd_archive_open(&c->archive, o, ARCHIVE_WRITES);
    if (status != STATUS_OK)
        return status;
    code = run_live(c, &asking, stop);
    if (c->archive != NULL)
        close_sitting(c);
    archive_close(c->archive);
    /* what was heard before Ctrl-C, or before the receiver failed, is kept */
    if (code == 0 || c->sitting->n_presses > 0)
        status = report(c);
    if (*stop && status != STATUS_LOST)
        return STATUS_INTERRUPTED;
    return code < 0 ? STATUS_INPUT : status;
}

static void on_board(void *user)
{
    struct check *c = user;
    const struct verdict_cfg cfg = { .market_hz = market_hz(c->options) };

    check_batch_board(&c->batch, c->sitting, &cfg);
}

/* Until Ctrl-C, which is how it ends. */
static enum status check_boards(struct check *c,
                                const volatile sig_atomic_t *stop)
{
    const struct options *o = c->options;
    const struct asking_cfg asking = { .button = { "" },
                                       .n_buttons = 1,
                                       .presses = 1 };
    struct check_limits limits;
    struct err e = { "" };

    c->batch = (struct check_batch){ .options = o };
    if (o->limits != NULL) {
        if (check_limits_read(&limits, o->limits, &e) < 0) {
            fail(c, NULL, &e);
            return STATUS_INPUT;
        }
        c->batch.limits = &limits;
    }
    if (run_live(c, &asking, stop) < 0 && !*stop)
        return STATUS_INPUT;
    return check_batch_end(&c->batch);
}

static enum status check_recordings(struct check *c,
                                    const volatile sig_atomic_t *stop)
{
    enum status status = STATUS_INPUT;
    struct check_inputs in;

    sitting_init(c->sitting, 1, false);
    check_inputs_init(&in, c->options, c->sitting, stop);
    check_inputs_play_all(&in);
    c->status = in.status;
    if (in.files.n > 0) /* what was collected, after Ctrl-C as well */
        status = report(c);
    return *stop ? STATUS_INTERRUPTED : status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct check *c = calloc(1, sizeof *c);
    enum status status = STATUS_INPUT;

    if (c != NULL)
        c->sitting = calloc(1, sizeof *c->sitting);
    if (c == NULL || c->sitting == NULL) {
        log_say(LOG_ERROR, "out of memory");
        free(c);
        return STATUS_INPUT;
    }
    c->options = o;
    status = o->n_operands > 0 ? check_recordings(c, stop)
             : o->is_batch     ? check_boards(c, stop)
                               : check_guided(c, stop);
    if (c->status != STATUS_OK && status != STATUS_INTERRUPTED)
        status = c->status;
    free(c->sitting);
    free(c);
    return status;
}

const struct cmd cmd_check = {
    .name = "check",
    .operands = "[FILE...]",
    .summary = "does this fob transmit? A verdict, with its proof",
    .description =
        "Asks for one button after the other, listens, and says what the "
        "presses tell of the "
        "fob: whether it transmits, on which carrier, whether its code rolls, "
        "which button is silent, whether its cell gives way; with the "
        "evidence, "
        "what that does not tell, and what to do. Without --band it looks for "
        "the fob on 315, 433.92 and 868.35 MHz. A fob that is not heard is "
        "called silent only when another remote was heard in the same place. "
        "With FILE, recordings of one fob or IDs of the archive, it judges "
        "those; --prompts says which button was pressed when. The exit status "
        "is the verdict.",
    .set = CMD_CHECK,
    .exec = exec,
};
