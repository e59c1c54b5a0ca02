/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/check_limits.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/json.h"
#include "src/sigmf.h"
#include "src/verdict_facts.h"

void check_measure(struct check_measures *m, const struct sitting *s)
{
    double carrier[SITTING_PRESSES_MAX], level[SITTING_PRESSES_MAX];
    double te[SITTING_PRESSES_MAX];
    size_t n = 0, levels = 0, tes = 0;

    for (size_t i = 0; i < s->n_presses; i++) {
        const struct sitting_press *p = &s->press[i];

        if (!sitting_is_fobs(s, i))
            continue;
        carrier[n++] = p->carrier_hz;
        if (isfinite(p->level_dbfs))
            level[levels++] = p->level_dbfs;
        if (p->te_us > 0)
            te[tes++] = p->te_us;
    }
    *m = (struct check_measures){ .carrier_hz = facts_median(carrier, n),
                                  .level_dbfs = facts_median(level, levels),
                                  .te_us = facts_median(te, tes),
                                  .presses = (unsigned)n };
}

/* Of the good fob's presses in a check document. */
static double median_of(const struct json *presses, const char *key)
{
    double x[SITTING_PRESSES_MAX];
    size_t n = 0;

    for (size_t i = 0; i < json_size(presses) && n < SITTING_PRESSES_MAX; i++) {
        const struct json *p = json_at(presses, i);
        const double value = json_number(p, key, NAN);

        if (json_flag(p, "is_fob") && isfinite(value))
            x[n++] = value;
    }
    return facts_median(x, n);
}

static int take(struct check_limits *l, const struct json *j, const char *path,
                struct err *e)
{
    const struct json *presses = json_get(j, "presses");
    const char *schema = json_text(j, "schema");

    if (schema == NULL || strcmp(schema, "fobscope.check/1") != 0)
        return err_set(e, -EINVAL,
                       "%s: is not what \"fobscope check --json\" said of a "
                       "good fob",
                       path);
    l->carrier_hz = median_of(presses, "carrier_hz");
    l->level_dbfs = median_of(presses, "level_dbfs");
    l->te_us = median_of(presses, "te_us");
    l->off_hz = 1e3 * json_number(j, "carrier_khz", 75);
    l->weaker_db = fabs(json_number(j, "level_db", 6));
    l->te_share = json_number(j, "te_percent", 10) / 100;
    if (isnan(l->carrier_hz))
        return err_set(e, -EINVAL, "%s: has no press of a fob", path);
    if (!(l->off_hz > 0 && l->weaker_db > 0 && l->te_share > 0))
        return err_set(e, -EINVAL, "%s: its limits must be above 0", path);
    return 0;
}

int check_limits_read(struct check_limits *l, const char *path, struct err *e)
{
    struct json *j;
    int status = sigmf_load(&j, path, e);

    if (status < 0)
        return status;
    status = take(l, j, path, e);
    json_free(j);
    return status;
}

/* One more reason, behind those before it. */
static void add_reason(char *text, size_t n, const char *reason)
{
    const size_t at = strlen(text);

    snprintf(text + at, n - at, "%s%s", at > 0 ? ", " : "", reason);
}

bool check_limits_hold(const struct check_limits *l,
                       const struct check_measures *m, char *text, size_t n)
{
    const double off_hz = m->carrier_hz - l->carrier_hz;
    const double weaker_db = l->level_dbfs - m->level_dbfs;
    const double te_share = m->te_us / l->te_us - 1;
    char why[64];

    text[0] = '\0';
    snprintf(why, sizeof why, "carrier %+.0f kHz", off_hz / 1e3);
    if (!(fabs(off_hz) <= l->off_hz))
        add_reason(text, n, isnan(off_hz) ? "no carrier" : why);
    snprintf(why, sizeof why, "level %.1f dB", -weaker_db);
    if (isfinite(l->level_dbfs) && !(weaker_db <= l->weaker_db))
        add_reason(text, n, isnan(weaker_db) ? "no level" : why);
    snprintf(why, sizeof why, "TE %+.0f %%", 100 * te_share);
    if (isfinite(l->te_us) && !(fabs(te_share) <= l->te_share))
        add_reason(text, n, isnan(te_share) ? "no TE" : why);
    return text[0] == '\0';
}
