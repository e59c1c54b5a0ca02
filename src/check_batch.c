/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_batch.h"

#include <math.h>
#include <stdio.h>

#include "src/finding.h"
#include "src/json.h"
#include "src/log.h"

enum { WHY_MAX = 128, NAME_MAX_BYTES = OWNER_WORD_MAX + 16 };

/* What is said of one board. */
struct board {
    char name[NAME_MAX_BYTES];
    struct check_measures measures;
    const struct verdict_result *verdict;
    const char *model;
    bool is_good;
    char why[WHY_MAX]; /* not */
};

/* Too few presses to say whether it rolls are enough to pass a board. */
static bool is_healthy(const struct verdict_result *v)
{
    return v->finding[0].weight != WEIGHT_FAULT &&
           (v->finding[0].weight != WEIGHT_DOUBT ||
            v->finding[0].kind == FINDING_FEW_PRESSES);
}

static void judge(struct board *x, const struct check_batch *b,
                  const struct sitting *s)
{
    check_measure(&x->measures, s);
    x->model = "-";
    if (s->fob >= 0 && s->source[s->fob].frame.bits.n > 0)
        x->model = s->source[s->fob].frame.protocol != NULL
                       ? s->source[s->fob].frame.protocol->model
                       : "Unknown";
    x->is_good = is_healthy(x->verdict);
    snprintf(x->why, sizeof x->why, "%s",
             x->is_good ? "" : finding_name(x->verdict->finding[0].kind));
    if (x->is_good && b->limits != NULL)
        x->is_good =
            check_limits_hold(b->limits, &x->measures, x->why, sizeof x->why);
}

static void print_json(const struct board *x)
{
    struct json *o = json_new_object();

    json_set_string(o, "schema", "fobscope.check-board/1");
    json_set_string(o, "board", x->name);
    json_set_bool(o, "pass", x->is_good);
    json_set_string(o, "verdict", finding_name(x->verdict->finding[0].kind));
    json_set_string(o, "why", x->why[0] != '\0' ? x->why : NULL);
    json_set_string(o, "model", x->model);
    json_set_int(o, "presses", x->measures.presses);
    json_set_real(o, "carrier_hz", x->measures.carrier_hz);
    json_set_real(o, "level_dbfs", x->measures.level_dbfs);
    json_set_real(o, "te_us", x->measures.te_us);
    json_line(o, stdout);
    json_free(o);
}

/* In 80 columns: what failed counts for more than the model. */
static void print_line(const struct board *x)
{
    printf("%-4s %-12s %7.3f MHz %4.0f dBFS %4.0f us %2u press%-2s  %s\n",
           x->is_good ? "PASS" : "FAIL", x->name, x->measures.carrier_hz / 1e6,
           x->measures.level_dbfs, x->measures.te_us, x->measures.presses,
           x->measures.presses == 1 ? "" : "es",
           x->why[0] != '\0' ? x->why : x->model);
}

void check_batch_board(struct check_batch *b, struct sitting *s,
                       const struct verdict_cfg *cfg)
{
    const char *label = b->options->owner.label;
    struct verdict_result v;
    struct board x = { .verdict = &v };

    sitting_settle(s);
    verdict_judge(&v, s, cfg);
    judge(&x, b, s);
    if (x.measures.presses == 0)
        return; /* nothing that could be a board */
    b->n++;
    b->failed += !x.is_good;
    snprintf(x.name, sizeof x.name, "%s%s%03zu", label != NULL ? label : "",
             label != NULL ? "-" : "", b->n);
    if (b->options->format == OUTPUT_JSONL)
        print_json(&x);
    else
        print_line(&x);
    fflush(stdout);
}

enum status check_batch_end(const struct check_batch *b)
{
    if (b->n == 0) {
        log_say(LOG_NOTE, "no board was heard");
        return STATUS_INCONCLUSIVE;
    }
    return b->failed > 0 ? STATUS_FAULT : STATUS_OK;
}
