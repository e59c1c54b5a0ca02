/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_table.h"

#include "src/options.h"
#include "src/pipeline.h"

#define CENTRE_MAX_HZ 100e9
#define SECONDS_MAX   31536000 /* a year */

/* What prints frames, what opens a receiver. */
#define PRINTING   (CMD_DECODE | CMD_LISTEN)
#define LIVE       (CMD_LISTEN | CMD_CAPTURE | CMD_DOCTOR)

#define AT(member) .offset = offsetof(struct options, member)

/* clang-format off */
const struct option_entry options_table[N_OPTIONS] = {
    { .name = "json", .commands = PRINTING | CMD_DOCTOR,
      .type = OPTION_FORMAT, .value = OUTPUT_JSON,
      .text = "one JSON document, with the name of its schema" },
    { .name = "jsonl", .commands = PRINTING,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "one JSON object a line, with the keys of rtl_433" },
    { .name = "csv", .commands = PRINTING,
      .type = OPTION_FORMAT, .value = OUTPUT_CSV,
      .text = "comma-separated values, the first line names the columns" },
    { .name = "every", .commands = PRINTING,
      .type = OPTION_FLAG, AT(is_every),
      .text = "each copy of a frame on its own, not one line for a run of "
              "identical copies" },
    { .name = "all", .commands = PRINTING,
      .type = OPTION_FLAG, AT(is_all),
      .text = "damaged frames and those of less than even odds as well" },
    { .name = "bursts", .commands = PRINTING,
      .type = OPTION_FLAG, AT(has_bursts),
      .text = "bursts of energy too, whether or not bits came out of them" },
    { .name = "bits", .commands = PRINTING,
      .type = OPTION_FLAG, AT(has_bits),
      .text = "the bits of each frame below its line of the table; JSON and "
              "CSV always have them" },
    { .name = "chips", .commands = PRINTING,
      .type = OPTION_FLAG, AT(has_chips),
      .text = "the chips of each burst: # sure on, + weak on, - weak off, "
              ". sure off (sure is 99 %); in JSON, log-likelihood ratios" },
    { .name = "pulses", .commands = PRINTING,
      .type = OPTION_FLAG, AT(has_pulses),
      .text = "the chips of each burst as stretches of on (+) and off (-), "
              "in microseconds" },
    { .name = "summary", .commands = PRINTING,
      .type = OPTION_FLAG, AT(has_summary),
      .text = "at the end, what was read and found" },
    { .name = "rate", .letter = 'r', .argument = "HZ",
      .commands = CMD_DECODE, .type = OPTION_HZ, AT(rate_hz),
      .low = PIPELINE_RATE_MIN_HZ, .high = PIPELINE_RATE_MAX_HZ,
      .text = "sample rate of inputs that do not say (250k, 2.4M)" },
    { .name = "freq", .letter = 'f', .argument = "HZ",
      .commands = CMD_DECODE, .type = OPTION_HZ, AT(centre_hz),
      .low = 0, .high = CENTRE_MAX_HZ,
      .text = "centre frequency of inputs that do not say (433.92M)" },
    { .name = "rate", .letter = 'r', .argument = "HZ",
      .commands = LIVE, .type = OPTION_HZ, AT(rate_hz),
      .low = PIPELINE_RATE_MIN_HZ, .high = PIPELINE_RATE_MAX_HZ,
      .text = "sample rate, as a rule 2.048M; a dongle has 226k to 300k and "
              "901k to 3.2M" },
    { .name = "freq", .letter = 'f', .argument = "HZ",
      .commands = CMD_LISTEN | CMD_CAPTURE, .type = OPTION_HZ,
      AT(centre_hz), .low = 0, .high = CENTRE_MAX_HZ,
      .text = "the one carrier to listen for (433.92M); the receiver is tuned up "
              "to 200 kHz below it, away from its own DC spur" },
    { .name = "device", .letter = 'd', .argument = "DEVICE", .commands = LIVE,
      .type = OPTION_STRING, AT(device),
      .text = "0 (the first dongle, as a rule), :SERIAL, rtl_tcp:HOST:PORT, "
              "or a recording" },
    { .name = "band", .letter = 'b', .argument = "BANDS",
      .commands = CMD_LISTEN | CMD_CAPTURE, .type = OPTION_BANDS,
      .low = 24e6, .high = 1766e6,
      .text = "carriers to listen for: one or more of 315, 433 (433.92M), 868 "
              "(868.35M), or frequencies such as 390M or 434.4, with commas "
              "between them; all (as a rule) is 315,433,868" },
    { .name = "gain", .letter = 'g', .argument = "DB", .commands = LIVE,
      .type = OPTION_GAIN, AT(gain_db), .low = 0, .high = 60,
      .text = "gain of the tuner in decibels; auto (as a rule) begins with 28 "
              "and steps down when the receiver is overloaded" },
    { .name = "ppm", .letter = 'p', .argument = "N", .commands = LIVE,
      .type = OPTION_WHOLE, AT(ppm), .low = -200, .high = 200,
      .text = "error of the dongle's crystal, in parts per million" },
    { .name = "seconds", .letter = 'T', .argument = "S",
      .commands = CMD_LISTEN, .type = OPTION_REAL, AT(seconds),
      .low = 0, .high = SECONDS_MAX, .text = "stop after S seconds" },
    { .name = "seconds", .letter = 'T', .argument = "S",
      .commands = CMD_CAPTURE, .type = OPTION_REAL, AT(seconds),
      .low = 0, .high = SECONDS_MAX,
      .text = "record all of one band for S seconds, whatever is sent" },
    { .name = "reconnect", .commands = CMD_LISTEN | CMD_CAPTURE,
      .type = OPTION_FLAG, AT(is_reconnecting),
      .text = "when an rtl_tcp server goes away, wait until it is back" },
    { .name = "pre", .argument = "S", .commands = CMD_CAPTURE,
      .type = OPTION_REAL, AT(pre_s), .low = 0, .high = 0.5,
      .text = "seconds to keep in front of the first burst, as a rule 0.1" },
    { .name = "post", .argument = "S", .commands = CMD_CAPTURE,
      .type = OPTION_REAL, AT(post_s), .low = 0, .high = 0.5,
      .text = "seconds to keep after the last burst, as a rule 0.1" },
    { .name = "count", .letter = 'n', .argument = "N",
      .commands = CMD_CAPTURE, .type = OPTION_COUNT, AT(count),
      .low = 1, .high = 1e6, .text = "stop after N recordings" },
    { .name = "cu8", .commands = CMD_CAPTURE,
      .type = OPTION_FLAG, AT(is_plain),
      .text = "write the samples alone, for rtl_433, not a SigMF pair" },
    { .name = "verbose", .letter = 'v', .commands = LIVE,
      .type = OPTION_FLAG, AT(is_verbose),
      .text = "show what librtlsdr says, and each change of band" },
    { .name = "block-size", .argument = "N", .commands = CMD_DECODE,
      .type = OPTION_COUNT, AT(block_samples),
      .low = 1, .high = OPTIONS_BLOCK_MAX,
      .text = "samples per read, 1 to 4194304, as a rule 65536; what is "
              "printed does not depend on it" },
    { .name = "output", .letter = 'o', .argument = "FILE",
      .commands = PRINTING, .type = OPTION_STRING, AT(output),
      .text = "write to FILE, not to standard output" },
    { .name = "output", .letter = 'o', .argument = "FOLDER",
      .commands = CMD_CAPTURE, .type = OPTION_STRING, AT(output),
      .text = "write recordings into FOLDER, not where it runs" },
    { .name = "help", .letter = 'h',
      .commands = CMD_PROGRAM | CMD_DECODE | CMD_DEMO | LIVE,
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

const struct cmd *const options_commands[] = {
    &cmd_decode, &cmd_listen, &cmd_capture, &cmd_doctor, &cmd_demo, NULL,
};

const char *const options_shells[] = { "bash", "zsh", "fish", NULL };

const struct status_entry options_statuses[] = {
    { STATUS_OK,          "it ran, whether or not there were frames" },
    { STATUS_FAULT,       "doctor: something is wrong" },
    { STATUS_USAGE,       "wrong usage" },
    { STATUS_INPUT,       "a file or a receiver could not be opened, read or "
                          "written" },
    { STATUS_LOST,        "samples were lost on their way from the receiver" },
    { STATUS_BUG,         "a bug in fobscope" },
    { STATUS_INTERRUPTED, "stopped by the user; what came before is there" },
    { 0 },
};
/* clang-format on */
