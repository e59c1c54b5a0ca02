/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_table.h"

#include "src/options.h"
#include "src/pipeline.h"

#define CENTRE_MAX_HZ 100e9

#define AT(member)    .offset = offsetof(struct options, member)

/* clang-format off */
const struct option_entry options_table[N_OPTIONS] = {
    { .name = "json", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_JSON,
      .text = "one JSON document, schema fobscope.decode/1" },
    { .name = "jsonl", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "one JSON object a line, with the keys of rtl_433" },
    { .name = "csv", .commands = CMD_DECODE,
      .type = OPTION_FORMAT, .value = OUTPUT_CSV,
      .text = "comma-separated values, the first line names the columns" },
    { .name = "every", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(is_every),
      .text = "each copy of a frame on its own, not one line for a run of "
              "identical copies" },
    { .name = "all", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(is_all),
      .text = "damaged frames and those of less than even odds as well" },
    { .name = "bursts", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_bursts),
      .text = "bursts of energy too, whether or not bits came out of them" },
    { .name = "bits", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_bits),
      .text = "the bits of each frame below its line of the table; JSON and "
              "CSV always have them" },
    { .name = "chips", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_chips),
      .text = "the chips of each burst: # sure on, + weak on, - weak off, "
              ". sure off (sure is 99 %); in JSON, log-likelihood ratios" },
    { .name = "pulses", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_pulses),
      .text = "the chips of each burst as stretches of on (+) and off (-), "
              "in microseconds" },
    { .name = "summary", .commands = CMD_DECODE,
      .type = OPTION_FLAG, AT(has_summary),
      .text = "at the end, what was read and found" },
    { .name = "rate", .letter = 'r', .argument = "HZ", .commands = CMD_DECODE,
      .type = OPTION_HZ, AT(rate_hz),
      .low = PIPELINE_RATE_MIN_HZ, .high = PIPELINE_RATE_MAX_HZ,
      .text = "sample rate of inputs that do not say (250k, 2.4M)" },
    { .name = "freq", .letter = 'f', .argument = "HZ", .commands = CMD_DECODE,
      .type = OPTION_HZ, AT(centre_hz), .low = 0, .high = CENTRE_MAX_HZ,
      .text = "centre frequency of inputs that do not say (433.92M)" },
    { .name = "block-size", .argument = "N", .commands = CMD_DECODE,
      .type = OPTION_COUNT, AT(block_samples),
      .low = 1, .high = OPTIONS_BLOCK_MAX,
      .text = "samples per read, 1 to 4194304, as a rule 65536; what is "
              "printed does not depend on it" },
    { .name = "output", .letter = 'o', .argument = "FILE",
      .commands = CMD_DECODE, .type = OPTION_STRING, AT(output),
      .text = "write to FILE, not to standard output" },
    { .name = "help", .letter = 'h',
      .commands = CMD_PROGRAM | CMD_DECODE | CMD_DEMO,
      .type = OPTION_ASK, .value = ASK_HELP, .text = "this help" },
    { .name = "version", .letter = 'V', .commands = CMD_PROGRAM,
      .type = OPTION_ASK, .value = ASK_VERSION,
      .text = "versions of the program and its libraries" },
    { .name = "generate-completion", .argument = "SHELL",
      .commands = CMD_PROGRAM, .type = OPTION_SHELL, .value = ASK_COMPLETION,
      AT(shell) },
    { .name = "generate-man", .commands = CMD_PROGRAM,
      .type = OPTION_ASK, .value = ASK_MAN },
};

const struct cmd *const options_commands[] = { &cmd_decode, &cmd_demo, NULL };

const char *const options_shells[] = { "bash", "zsh", "fish", NULL };

const struct status_entry options_statuses[] = {
    { STATUS_OK,          "it ran, whether or not there were frames" },
    { STATUS_USAGE,       "wrong usage" },
    { STATUS_INPUT,       "a file could not be opened, read or written" },
    { STATUS_BUG,         "a bug in fobscope" },
    { STATUS_INTERRUPTED, "stopped by the user; what came before is there" },
    { 0 },
};
/* clang-format on */
