/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/knowledge.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/json.h"

enum {
    ROWS_MAX = 128,
    NUMBERS_MAX = 48,
    TYPED_MAX = 256, /* of what somebody typed; the rest is not looked at */
};

#define SCHEMA "fobscope.knowledge/1"
/* Shares are decimal fractions: their sum is 1 but for rounding. */
#define SUM_WITHIN 1e-9

const char *const generation_names[GENERATIONS] = {
    [GENERATION_ROVER] = "rover_2_button",
    [GENERATION_E46] = "e46_3_button",
    [GENERATION_NEITHER] = "neither",
};

const char *const knowledge_needed[] = { "prior_rover",
                                         "prior_e46",
                                         "prior_neither",
                                         "mixed_up",
                                         "sticker_in_clear",
                                         "sticker_ratio_max",
                                         "same_family_within",
                                         "same_family_neither",
                                         "same_family_across",
                                         "band_315_hz",
                                         "band_433_hz",
                                         "band_868_hz",
                                         "band_within_hz",
                                         "harmonic",
                                         "centred_hz",
                                         "mini_since_year",
                                         "change_year",
                                         "change_month",
                                         "change_uncertain_months",
                                         "later_since_year",
                                         NULL };

struct number {
    const char *name;
    double value;
};

struct knowledge {
    struct json *doc;
    struct knowledge_row row[ROWS_MAX];
    const char *words[ROWS_MAX]; /* "R50|R53"; NULL: the row has none */
    double market_hz[ROWS_MAX];  /* NAN where the row is no market */
    size_t n_rows;
    struct number number[NUMBERS_MAX];
    size_t n_numbers;
};

/* knowledge.json, by embed.py. */
extern const unsigned char knowledge_json[];
extern const size_t knowledge_json_size;

static bool is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static int broken(struct err *e, const char *where, const char *what)
{
    return err_set(e, -EINVAL, "knowledge.json: %s: %s",
                   is_empty(where) ? "a row" : where, what);
}

/* How often a statement of this certainty is wrong. NAN: there is no such. */
static double wrong_of(const struct knowledge *k, const char *tag)
{
    const struct json *all = json_get(k->doc, "certainties");

    for (size_t i = 0; i < json_size(all); i++) {
        const char *text = json_text(json_at(all, i), "tag");

        if (text != NULL && tag != NULL && strcmp(text, tag) == 0)
            return json_number(json_at(all, i), "wrong", NAN);
    }
    return NAN;
}

static int read_certainties(struct knowledge *k, struct err *e)
{
    const struct json *all = json_get(k->doc, "certainties");

    if (json_size(all) == 0)
        return broken(e, "certainties", "there are none");
    for (size_t i = 0; i < json_size(all); i++) {
        const struct json *j = json_at(all, i);
        const char *tag = json_text(j, "tag");
        const double wrong = json_number(j, "wrong", NAN);

        if (is_empty(tag) || is_empty(json_text(j, "says")))
            return broken(e, "certainties", "tag or says is missing");
        if (!(wrong >= 0 && wrong <= 1))
            return broken(e, tag, "wrong is not between 0 and 1");
    }
    return 0;
}

/* What every row has, of whatever kind. */
static int check_said(const struct knowledge *k, const struct json *j,
                      const char *where, struct err *e)
{
    if (is_empty(where))
        return broken(e, where, "it has no name");
    if (is_empty(json_text(j, "says")))
        return broken(e, where, "says is missing");
    if (is_empty(json_text(j, "source")))
        return broken(e, where, "source is missing");
    if (isnan(wrong_of(k, json_text(j, "certainty"))))
        return broken(e, where, "certainty is none of the list");
    return 0;
}

/* The row's likelihoods are those of a remark. */
static int add_row(struct knowledge *k, const struct json *j, const char *fact,
                   const char *value, struct err *e)
{
    struct knowledge_row *row = &k->row[k->n_rows];
    const int r = check_said(k, j, value, e);

    if (r < 0)
        return r;
    if (is_empty(fact))
        return broken(e, value, "fact is missing");
    if (knowledge_find(k, fact, value) != NULL)
        return broken(e, fact, "a value is there twice");
    if (k->n_rows == ROWS_MAX)
        return broken(e, fact, "too many rows");
    *row = (struct knowledge_row){ .fact = fact,
                                   .value = value,
                                   .says = json_text(j, "says"),
                                   .is_remark = true,
                                   .certainty = json_text(j, "certainty"),
                                   .source = json_text(j, "source") };
    for (size_t g = 0; g < GENERATIONS; g++)
        row->likelihood[g] = 1;
    k->words[k->n_rows] = json_text(j, "words");
    k->market_hz[k->n_rows++] = NAN;
    return 0;
}

/* The share of value j of a fact. NAN: it has none, or one that cannot be. */
static double share_of(const struct json *j, size_t g)
{
    const double share =
        json_number(json_get(j, "share"), generation_names[g], NAN);

    return share >= 0 && share <= 1 ? share : NAN;
}

/* A statement that is wrong tells nothing: then all generations share its value
 * alike. The values exclude each other, so one that is wrong makes others wrong,
 * and the fact is as sure as its weakest row. */
static int weigh(struct knowledge *k, const struct json *values, size_t first,
                 struct err *e)
{
    double wrong = 0, sum[GENERATIONS] = { 0 };

    for (size_t i = first; i < k->n_rows; i++)
        wrong = fmax(wrong, wrong_of(k, k->row[i].certainty));
    for (size_t i = first; i < k->n_rows; i++) {
        struct knowledge_row *row = &k->row[i];
        const struct json *j = json_at(values, i - first);
        double mean = 0;

        row->is_remark = false;
        for (size_t g = 0; g < GENERATIONS; g++)
            mean += share_of(j, g) / GENERATIONS;
        if (!(mean > 0))
            return broken(e, row->value,
                          "shares are missing or not from 0 to 1");
        for (size_t g = 0; g < GENERATIONS; g++) {
            sum[g] += share_of(j, g);
            row->likelihood[g] = (1 - wrong) * share_of(j, g) + wrong * mean;
            if (!(row->likelihood[g] > 0))
                return broken(e, row->value, "nothing can rule it out wholly");
        }
    }
    for (size_t g = 0; g < GENERATIONS; g++)
        if (!(fabs(sum[g] - 1) < SUM_WITHIN))
            return broken(e, k->row[first].fact, "shares do not add up to 1");
    return 0;
}

static int read_fact(struct knowledge *k, const struct json *j, struct err *e)
{
    const struct json *values = json_get(j, "values");
    const char *fact = json_text(j, "fact");
    const size_t first = k->n_rows;

    if (is_empty(fact))
        return broken(e, "facts", "fact is missing");
    if (knowledge_next(k, fact, &(size_t){ 0 }) != NULL)
        return broken(e, fact, "the fact is there twice");
    if (is_empty(json_text(j, "why")))
        return broken(e, fact, "why is missing: what its shares are from");
    if (json_size(values) < 2)
        return broken(e, fact, "fewer than two values");
    for (size_t i = 0; i < json_size(values); i++) {
        const struct json *row = json_at(values, i);
        const int r = add_row(k, row, fact, json_text(row, "value"), e);

        if (r < 0)
            return r;
    }
    return weigh(k, values, first, e);
}

static int read_remark(struct knowledge *k, const struct json *j, struct err *e)
{
    return add_row(k, j, json_text(j, "fact"), json_text(j, "value"), e);
}

static int read_market(struct knowledge *k, const struct json *j, struct err *e)
{
    const char *name = json_text(j, "market");
    const double hz = json_number(j, "hz", NAN);
    const int r = add_row(k, j, "market", name, e);

    if (r < 0)
        return r;
    if (!(hz > 0))
        return broken(e, name, "hz is no frequency");
    k->market_hz[k->n_rows - 1] = hz;
    return 0;
}

static int read_number(struct knowledge *k, const struct json *j, struct err *e)
{
    const char *name = json_text(j, "name");
    const double value = json_number(j, "value", NAN);
    const int r = check_said(k, j, name, e);

    if (r < 0)
        return r;
    if (!(value > 0))
        return broken(e, name, "value is no number above 0");
    if (!isnan(knowledge_number(k, name)))
        return broken(e, name, "it is there twice");
    if (k->n_numbers == NUMBERS_MAX)
        return broken(e, name, "too many numbers");
    k->number[k->n_numbers++] = (struct number){ name, value };
    return 0;
}

/* Each member of the array under key. */
static int read_all(struct knowledge *k, const char *key,
                    int (*read)(struct knowledge *k, const struct json *j,
                                struct err *e),
                    struct err *e)
{
    const struct json *all = json_get(k->doc, key);
    int r = 0;

    if (json_size(all) == 0)
        return broken(e, key, "there are none");
    for (size_t i = 0; i < json_size(all) && r == 0; i++)
        r = read(k, json_at(all, i), e);
    return r;
}

static int read_document(struct knowledge *k, struct err *e)
{
    const char *schema = json_text(k->doc, "schema");
    int r;

    if (schema == NULL || strcmp(schema, SCHEMA) != 0)
        return broken(e, "schema", "is not " SCHEMA);
    if ((r = read_certainties(k, e)) < 0 ||
        (r = read_all(k, "numbers", read_number, e)) < 0 ||
        (r = read_all(k, "markets", read_market, e)) < 0 ||
        (r = read_all(k, "facts", read_fact, e)) < 0 ||
        (r = read_all(k, "remarks", read_remark, e)) < 0)
        return r;
    for (size_t i = 0; knowledge_needed[i] != NULL; i++)
        if (isnan(knowledge_number(k, knowledge_needed[i])))
            return broken(e, knowledge_needed[i], "the number is missing");
    return 0;
}

int knowledge_parse(struct knowledge **ret, const char *text, size_t n,
                    struct err *e)
{
    struct knowledge *k = calloc(1, sizeof *k);
    int r;

    if (k == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    k->doc = json_load(text, n, "knowledge.json", e);
    r = k->doc == NULL ? -EINVAL : read_document(k, e);
    if (r < 0) {
        knowledge_close(k);
        return r;
    }
    *ret = k;
    return 0;
}

int knowledge_open(struct knowledge **ret, struct err *e)
{
    return knowledge_parse(ret, (const char *)knowledge_json,
                           knowledge_json_size, e);
}

void knowledge_close(struct knowledge *k)
{
    if (k == NULL)
        return;
    json_free(k->doc);
    free(k);
}

const struct knowledge_row *knowledge_find(const struct knowledge *k,
                                           const char *fact, const char *value)
{
    const struct knowledge_row *row;
    size_t i = 0;

    while ((row = knowledge_next(k, fact, &i)) != NULL)
        if (strcmp(row->value, value) == 0)
            return row;
    return NULL;
}

const struct knowledge_row *knowledge_next(const struct knowledge *k,
                                           const char *fact, size_t *i)
{
    while (*i < k->n_rows) {
        const struct knowledge_row *row = &k->row[(*i)++];

        if (fact == NULL || strcmp(row->fact, fact) == 0)
            return row;
    }
    return NULL;
}

/* " MINI COOPER S R53 ": words between single spaces, capitals. The text ends at
 * its zero or after n bytes. */
static void plain_words(char words[TYPED_MAX], const char *text, size_t n)
{
    size_t k = 0;

    words[k++] = ' ';
    for (size_t i = 0; i < n && text[i] != '\0' && k < TYPED_MAX - 2; i++)
        if (isalnum((unsigned char)text[i]))
            words[k++] = (char)toupper((unsigned char)text[i]);
        else if (words[k - 1] != ' ')
            words[k++] = ' ';
    if (words[k - 1] != ' ')
        words[k++] = ' ';
    words[k] = '\0';
}

/* Whether one of "R50|R53" stands in the typed words. */
static bool has_word(const char *typed, const char *list)
{
    while (*list != '\0') {
        const size_t n = strcspn(list, "|");
        char word[TYPED_MAX];

        plain_words(word, list, n);
        if (word[1] != '\0' && strstr(typed, word) != NULL)
            return true;
        list += n + (list[n] == '|');
    }
    return false;
}

const struct knowledge_row *knowledge_recognise(const struct knowledge *k,
                                                const char *fact,
                                                const char *text)
{
    char typed[TYPED_MAX];

    plain_words(typed, text, strlen(text));
    for (size_t i = 0; i < k->n_rows; i++)
        if (strcmp(k->row[i].fact, fact) == 0 && k->words[i] != NULL &&
            has_word(typed, k->words[i]))
            return &k->row[i];
    return NULL;
}

double knowledge_number(const struct knowledge *k, const char *name)
{
    for (size_t i = 0; i < k->n_numbers; i++)
        if (strcmp(k->number[i].name, name) == 0)
            return k->number[i].value;
    return NAN;
}

void knowledge_prior(const struct knowledge *k, double prior[GENERATIONS])
{
    const double parts[GENERATIONS] = {
        [GENERATION_ROVER] = knowledge_number(k, "prior_rover"),
        [GENERATION_E46] = knowledge_number(k, "prior_e46"),
        [GENERATION_NEITHER] = knowledge_number(k, "prior_neither"),
    };
    double sum = 0;

    for (size_t g = 0; g < GENERATIONS; g++)
        sum += parts[g];
    for (size_t g = 0; g < GENERATIONS; g++)
        prior[g] = parts[g] / sum;
}

double knowledge_market_hz(const struct knowledge *k, const char *market)
{
    for (size_t i = 0; i < k->n_rows; i++)
        if (strcmp(k->row[i].fact, "market") == 0 &&
            strcmp(k->row[i].value, market) == 0)
            return k->market_hz[i];
    return NAN;
}
