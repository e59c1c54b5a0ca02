/* fuzz_options - any command line: words end in a zero byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/options.h"
#include "src/pipeline.h"

#define ARGS_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* What options.h promises of what was let through. */
static void check(const struct options *o, int argc)
{
    must(o->ask != ASK_RUN || o->cmd != NULL);
    must(o->ask != ASK_COMPLETION || o->shell != NULL);
    must(o->block_samples >= 1 && o->block_samples <= OPTIONS_BLOCK_MAX);
    must(o->rate_hz == 0 || (o->rate_hz >= PIPELINE_RATE_MIN_HZ &&
                             o->rate_hz <= PIPELINE_RATE_MAX_HZ));
    must(isnan(o->centre_hz) || o->centre_hz >= 0);
    must(o->n_operands < (size_t)argc);
    for (size_t i = 0; i < o->n_operands; i++)
        must(o->operands[i] != NULL);
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
