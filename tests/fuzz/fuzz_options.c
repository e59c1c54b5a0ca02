/* fuzz_options - any command line: words end in a zero byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/age.h"
#include "src/now.h"
#include "src/options.h"
#include "src/pipeline.h"

#define ARGS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_archive(const struct options *o)
{
    const char *const ages[] = { o->since, o->until, o->older };
    const char *const words[] = { o->owner.label,   o->owner.car,
                                  o->owner.buttons, o->owner.sticker,
                                  o->owner.note,    o->collection };
    double unix_s;

    must(o->archive == NULL || o->archive[0] != '\0');
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
        must(ages[i] == NULL ||
             age_parse(ages[i], now_unix_s(), &unix_s, NULL) == 0);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        must(words[i] == NULL || (strlen(words[i]) <= OWNER_WORD_MAX &&
                                  strpbrk(words[i], "\n\x1b\x7f") == NULL));
}

/* What options.h promises of what was let through. */
static void check(const struct options *o, int argc)
{
    must(o->ask != ASK_RUN || o->cmd != NULL);
    must(o->group == NULL || o->ask == ASK_USAGE || o->ask == ASK_HELP);
    must(o->group == NULL || o->cmd == NULL);
    must(o->ask != ASK_COMPLETION || o->shell != NULL);
    must(o->block_samples >= 1 && o->block_samples <= OPTIONS_BLOCK_MAX);
    must(o->rate_hz == 0 || (o->rate_hz >= PIPELINE_RATE_MIN_HZ &&
                             o->rate_hz <= PIPELINE_RATE_MAX_HZ));
    must(isnan(o->centre_hz) || o->centre_hz >= 0);
    must(o->n_operands < (size_t)argc);
    for (size_t i = 0; i < o->n_operands; i++)
        must(o->operands[i] != NULL);
    check_archive(o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char program[] = "fobscope";
    char *argv[ARGS_MAX + 1] = { program };
    char *words = malloc(n + 1);
    struct err e = { .text = "" };
    struct options o;
    int argc = 1;

    if (words == NULL)
        return 0;
    memcpy(words, data, n);
    words[n] = '\0';
    for (size_t at = 0; at < n && argc < ARGS_MAX; at += strlen(words + at) + 1)
        argv[argc++] = words + at;
    if (options_parse(&o, argc, argv, &e) == 0)
        check(&o, argc);
    else
        must(e.text[0] != '\0' && strpbrk(e.text, "\n\x1b\x7f") == NULL);
    free(words);
    return 0;
}
