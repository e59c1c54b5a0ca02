/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/options_table.h"

#include "src/options.h"
#include "src/pipeline.h"

#define CENTRE_MAX_HZ 100e9
#define SECONDS_MAX   31536000 /* a year */

/* What prints frames, what opens a receiver. */
#define PRINTING (CMD_DECODE | CMD_LISTEN)
#define LIVE     (CMD_LISTEN | CMD_CAPTURE | CMD_DOCTOR)
#define TUNED    (LIVE | SITTING)
/* What asks for presses, or takes recordings of fobs: of one, or of more. */
#define ONE_FOB (CMD_CHECK | CMD_IDENTIFY)
#define SITTING (ONE_FOB | CMD_COMPARE)
#define FILES   (SITTING | CMD_REPORT)

/* What is told what the owner sees of the fob. */
#define IDENTIFYING (CMD_IDENTIFY | CMD_REPORT)

#define ARCHIVE                                                                \
    (CMD_ARCHIVE_ADD | CMD_ARCHIVE_LIST | CMD_ARCHIVE_SHOW |                   \
     CMD_ARCHIVE_VERIFY | CMD_ARCHIVE_EXPORT | CMD_ARCHIVE_FORGET |            \
     CMD_ARCHIVE_PURGE | CMD_ARCHIVE_REINDEX | CMD_ARCHIVE_DIFF)

/* What takes the words of a fob's owner, and what shows the archive. */
#define KEEPING    (CMD_ARCHIVE_ADD | CMD_CAPTURE)
#define SHOWING    (CMD_ARCHIVE_LIST | CMD_ARCHIVE_SHOW | CMD_ARCHIVE_DIFF)

#define AT(member) .offset = offsetof(struct options, member)

/* clang-format off */
const struct option_entry options_table[N_OPTIONS] = {
    { .name = "json", .commands = PRINTING | CMD_DOCTOR | SHOWING |
                                  CMD_ARCHIVE_ADD | CMD_ARCHIVE_VERIFY |
                                  SITTING,
      .type = OPTION_FORMAT, .value = OUTPUT_JSON,
      .text = "one JSON document, with the name of its schema" },
    { .name = "jsonl", .commands = PRINTING,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "one JSON object a line, with the keys of rtl_433" },
    { .name = "jsonl", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "one JSON object a line" },
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
      .commands = FILES | CMD_DECODE | CMD_VIEW | CMD_ARCHIVE_ADD,
      .type = OPTION_HZ, AT(rate_hz),
      .low = PIPELINE_RATE_MIN_HZ, .high = PIPELINE_RATE_MAX_HZ,
      .text = "sample rate of inputs that do not say (250k, 2.4M)" },
    { .name = "freq", .letter = 'f', .argument = "HZ",
      .commands = FILES | CMD_DECODE | CMD_VIEW | CMD_ARCHIVE_ADD,
      .type = OPTION_HZ, AT(centre_hz), .low = 0, .high = CENTRE_MAX_HZ,
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
    { .name = "device", .letter = 'd', .argument = "DEVICE", .commands = TUNED,
      .type = OPTION_STRING, AT(device),
      .text = "0 (the first dongle, as a rule), :SERIAL, rtl_tcp:HOST:PORT, "
              "or a recording" },
    { .name = "band", .letter = 'b', .argument = "BANDS",
      .commands = SITTING | CMD_LISTEN | CMD_CAPTURE, .type = OPTION_BANDS,
      .low = 24e6, .high = 1766e6,
      .text = "carriers to listen for: one or more of 315, 433 (433.92M), 868 "
              "(868.35M), or frequencies such as 390M or 434.4, with commas "
              "between them; all (as a rule) is 315,433,868" },
    { .name = "gain", .letter = 'g', .argument = "DB", .commands = TUNED,
      .type = OPTION_GAIN, AT(gain_db), .low = 0, .high = 60,
      .text = "gain of the tuner in decibels; auto (as a rule) begins with 28 "
              "and steps down when the receiver is overloaded" },
    { .name = "ppm", .letter = 'p', .argument = "N", .commands = TUNED,
      .type = OPTION_WHOLE, AT(ppm), .low = -200, .high = 200,
      .text = "error of the dongle's crystal, in parts per million" },
    { .name = "seconds", .letter = 'T', .argument = "S",
      .commands = CMD_LISTEN, .type = OPTION_REAL, AT(seconds),
      .low = 0, .high = SECONDS_MAX, .text = "stop after S seconds" },
    { .name = "seconds", .letter = 'T', .argument = "S",
      .commands = CMD_CAPTURE, .type = OPTION_REAL, AT(seconds),
      .low = 0, .high = SECONDS_MAX,
      .text = "record all of one band for S seconds, whatever is sent" },
    { .name = "reconnect", .commands = SITTING | CMD_LISTEN | CMD_CAPTURE,
      .type = OPTION_FLAG, AT(is_reconnecting),
      .text = "when an rtl_tcp server goes away, wait until it is back" },
    { .name = "label", .argument = "TEXT", .commands = KEEPING,
      .type = OPTION_WORDS, AT(owner.label),
      .text = "a name for the recording in the archive, to find it by" },
    { .name = "car", .argument = "TEXT", .commands = KEEPING,
      .type = OPTION_WORDS, AT(owner.car),
      .text = "which car the fob belongs to" },
    { .name = "buttons", .argument = "TEXT", .commands = KEEPING,
      .type = OPTION_WORDS, AT(owner.buttons),
      .text = "the buttons of the fob: how many, or their names" },
    { .name = "sticker", .argument = "TEXT", .commands = KEEPING,
      .type = OPTION_WORDS, AT(owner.sticker),
      .text = "what is written on the fob or its board" },
    { .name = "note", .argument = "TEXT", .commands = KEEPING,
      .type = OPTION_WORDS, AT(owner.note),
      .text = "what else there is to remember" },
    { .name = "collection", .argument = "TITLE", .commands = CMD_ARCHIVE_ADD,
      .type = OPTION_WORDS, AT(collection),
      .text = "the files belong together: one SigMF collection of this title" },
    { .name = "cut", .commands = CMD_ARCHIVE_ADD,
      .type = OPTION_FLAG, AT(is_cut),
      .text = "keep only what is around bursts" },
    { .name = "pre", .argument = "S", .commands = CMD_ARCHIVE_ADD,
      .type = OPTION_REAL, AT(pre_s), .low = 0, .high = 0.5,
      .text = "with --cut, seconds to keep in front of the first burst, as a "
              "rule 0.1" },
    { .name = "post", .argument = "S", .commands = CMD_ARCHIVE_ADD,
      .type = OPTION_REAL, AT(post_s), .low = 0, .high = 0.5,
      .text = "with --cut, seconds to keep after the last burst, as a rule "
              "0.1" },
    { .name = "label", .argument = "TEXT", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_WORDS, AT(owner.label),
      .text = "only those with this in their label, in capitals or not" },
    { .name = "model", .argument = "NAME", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_WORDS, AT(model),
      .text = "only those with a frame of this model, or part of its name" },
    { .name = "id", .argument = "ID", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_WORDS, AT(fob),
      .text = "only those of this fob: its pseudonym (fob-xxxxxxxx) or serial" },
    { .name = "band", .letter = 'b', .argument = "BAND",
      .commands = CMD_ARCHIVE_LIST, .type = OPTION_BANDS,
      .low = 1e4, .high = CENTRE_MAX_HZ,
      .text = "only those in this band: 315, 433, 868, or a frequency such "
              "as 390M" },
    { .name = "verdict", .argument = "WORD", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_CHOICE, AT(verdict), .choices = "proven plausible none",
      .text = "only those whose best frame is proven, or plausible, or those "
              "with none" },
    { .name = "since", .argument = "DATE", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_AGE, AT(since),
      .text = "only those from then on: 2026-03-29, 2026-03-29T11:27Z (in UTC), or an age "
              "such as 12h, 7d, 8w, 6m, 1y" },
    { .name = "until", .argument = "DATE", .commands = CMD_ARCHIVE_LIST,
      .type = OPTION_AGE, AT(until),
      .text = "only those up to then, a day as a whole" },
    { .name = "older", .argument = "AGE", .commands = CMD_ARCHIVE_PURGE,
      .type = OPTION_AGE, AT(older),
      .text = "how old: 90d, 12h, 8w, 6m (of 30 days), 1y, or a date such as "
              "2026-03-29" },
    { .name = "dry-run", .commands = CMD_ARCHIVE_PURGE,
      .type = OPTION_FLAG, AT(is_dry_run),
      .text = "say which they are, and keep them" },
    { .name = "wav", .commands = CMD_ARCHIVE_EXPORT,
      .type = OPTION_EXPORT, .value = EXPORT_TO_WAV,
      .text = "a WAV file of 16 bits each, which SDR programs open" },
    { .name = "flac", .commands = CMD_ARCHIVE_EXPORT,
      .type = OPTION_EXPORT, .value = EXPORT_TO_FLAC,
      .text = "a FLAC file each: small, and nothing is lost" },
    { .name = "cu8", .commands = CMD_ARCHIVE_EXPORT,
      .type = OPTION_EXPORT, .value = EXPORT_TO_CU8,
      .text = "the samples alone, for rtl_433" },
    { .name = "sigmf", .commands = CMD_ARCHIVE_EXPORT,
      .type = OPTION_EXPORT, .value = EXPORT_TO_SIGMF,
      .text = "one .sigmf archive of them all, with what was found in them" },
    { .name = "output", .letter = 'o', .argument = "PATH",
      .commands = CMD_ARCHIVE_EXPORT, .type = OPTION_FOLDER, AT(output),
      .text = "the file to write, or the folder to write into; as a rule, "
              "where it runs" },
    { .name = "full", .commands = SHOWING,
      .type = OPTION_FLAG, AT(is_full),
      .text = "serials of fobs, not their pseudonyms" },
    { .name = "full", .commands = CMD_ARCHIVE_EXPORT,
      .type = OPTION_FLAG, AT(is_full),
      .text = "with --sigmf, label, car, buttons, sticker and note too; as a "
              "rule, they stay here" },
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
    { .name = "verbose", .letter = 'v', .commands = TUNED,
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
      .text = "write recordings into FOLDER, not into the archive" },
    { .name = "prompts", .argument = "FILE",
      .commands = ONE_FOB | CMD_REPORT, .type = OPTION_STRING, AT(prompts),
      .text = "which button was pressed when: lines of \"SECONDS BUTTON\", by "
              "time" },
    { .name = "market", .argument = "LAND",
      .commands = ONE_FOB | CMD_REPORT, .type = OPTION_CHOICE, AT(market), .choices = "us ca au eu uk",
      .text = "where the car was sold: us, ca and au listen on 315 MHz, eu and "
              "uk on 433.92 MHz" },
    { .name = "live", .commands = CMD_COMPARE,
      .type = OPTION_FLAG, AT(is_live),
      .text = "ask for the presses of one fob, then of the other, at a "
              "receiver" },
    { .name = "buttons", .argument = "NAMES",
      .commands = CMD_CHECK | CMD_COMPARE,
      .type = OPTION_WORDS, AT(owner.buttons),
      .text = "the buttons to ask for, with commas between them: "
              "lock,unlock,boot; as a rule it asks which there are" },
    { .name = "presses", .argument = "N", .commands = CMD_CHECK | CMD_COMPARE,
      .type = OPTION_COUNT, AT(presses), .low = 1, .high = 12,
      .text = "how often each button is asked for, as a rule 3" },
    { .name = "presses", .argument = "N", .commands = CMD_IDENTIFY,
      .type = OPTION_COUNT, AT(presses), .low = 1, .high = 12,
      .text = "how often each button is asked for, as a rule 4" },
    { .name = "plain", .commands = SITTING,
      .type = OPTION_FLAG, AT(is_guide_plain),
      .text = "a line for each change, none that is written over: for screen "
              "readers and logs" },
    { .name = "batch", .commands = CMD_CHECK,
      .type = OPTION_FLAG, AT(is_batch),
      .text = "boards one after the other, a line each, until Ctrl-C; nothing "
              "is asked for" },
    { .name = "limits", .argument = "FILE", .commands = CMD_CHECK,
      .type = OPTION_STRING, AT(limits),
      .text = "with --batch, what check --json said of a good fob: 75 kHz, 6 dB "
              "and 10 % of chip length from it are allowed" },
    { .name = "jsonl", .commands = CMD_CHECK,
      .type = OPTION_FORMAT, .value = OUTPUT_JSONL,
      .text = "with --batch, one JSON object a board" },
    { .name = "save", .commands = CMD_CHECK,
      .type = OPTION_FLAG, AT(is_saved),
      .text = "keep what is recorded in the archive" },
    { .name = "label", .argument = "TEXT", .commands = CMD_CHECK,
      .type = OPTION_WORDS, AT(owner.label),
      .text = "a name for the fob: with --save and --batch" },
    { .name = "car", .argument = "TEXT", .commands = CMD_CHECK,
      .type = OPTION_WORDS, AT(owner.car),
      .text = "which car the fob belongs to, for the report" },
    { .name = "full", .commands = SITTING,
      .type = OPTION_FLAG, AT(is_full),
      .text = "serials and codes too, in JSON" },
    { .name = "buttons", .argument = "N|NAMES", .commands = IDENTIFYING,
      .type = OPTION_WORDS, AT(owner.buttons),
      .text = "how many buttons the fob has, or which: 2, or lock,unlock,boot" },
    { .name = "cell", .argument = "coin|sealed", .commands = IDENTIFYING,
      .type = OPTION_CHOICE, AT(cell), .choices = "coin sealed",
      .text = "whether its cell can be changed, or its shell is sealed" },
    { .name = "sticker", .argument = "CODE", .commands = IDENTIFYING,
      .type = OPTION_WORDS, AT(owner.sticker),
      .text = "the code on its board, such as 3FAC55 or N3D7643, or a line of "
              "its printed label: it is looked for in what the fob sends; "
              "none if the board has none" },
    { .name = "car", .argument = "TEXT", .commands = IDENTIFYING,
      .type = OPTION_WORDS, AT(owner.car),
      .text = "the car's model, such as \"MINI R53\"" },
    { .name = "built", .argument = "MONTH", .commands = IDENTIFYING,
      .type = OPTION_STRING, AT(built),
      .text = "when the car was built: 2004-03, or 2004" },
    { .name = "fcc", .argument = "ID", .commands = IDENTIFYING,
      .type = OPTION_WORDS, AT(fcc),
      .text = "the FCC ID on the fob or in the car's manual, such as LX8FZV" },
    { .name = "like", .argument = "ID,...", .commands = CMD_IDENTIFY,
      .type = OPTION_STRING, AT(like),
      .text = "other fobs, recordings or IDs of the archive: are they of the "
              "same family? What was said of them when they were kept counts" },
    { .name = "emit", .commands = CMD_IDENTIFY,
      .type = OPTION_FLAG, AT(is_emitted),
      .text = "print a draft of the inferred format only: a descriptor in C, "
              "and a line for rtl_433 -X" },
    { .name = "output", .letter = 'o', .argument = "PATH",
      .commands = CMD_VIEW, .type = OPTION_FOLDER, AT(output),
      .text = "the picture to write, an SVG if it ends in .svg, else a PNG; or "
              "the folder to write into; as a rule FILE's name with .png, "
              "where it runs" },
    { .name = "size", .argument = "WxH", .commands = CMD_VIEW,
      .type = OPTION_SIZE, AT(size),
      .text = "width and height in pixels, 400x300 to 4096x4096, as a rule "
              "1200x900" },
    { .name = "full", .commands = CMD_VIEW,
      .type = OPTION_FLAG, AT(is_full),
      .text = "serials and codes too: every bit, and levels as fine as they "
              "are" },
    { .name = "output", .letter = 'o', .argument = "FOLDER",
      .commands = CMD_REPORT, .type = OPTION_FOLDER, AT(output),
      .text = "the folder to write into; as a rule fobscope-report where it "
              "runs, or a name beside it that is free" },
    { .name = "share", .commands = CMD_REPORT,
      .type = OPTION_FLAG, AT(is_shared),
      .text = "without serials, stickers, codes and samples, as a rule" },
    { .name = "full", .commands = CMD_REPORT,
      .type = OPTION_FLAG, AT(is_full),
      .text = "with serials and codes: for yourself, not to be posted" },
    { .name = "archive", .argument = "DIR",
      .commands = ARCHIVE | CMD_DECODE | CMD_VIEW | CMD_CAPTURE | FILES,
      .type = OPTION_FOLDER, AT(archive),
      .text = "where the archive is; else $FOBSCOPE_ARCHIVE, else "
              "$XDG_DATA_HOME/fobscope, else ~/.local/share/fobscope" },
    { .name = "help", .letter = 'h',
      .commands = CMD_PROGRAM | CMD_GROUP | CMD_DECODE | CMD_DEMO | LIVE |
                  ARCHIVE | FILES | CMD_VIEW,
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
    &cmd_check,
    &cmd_compare,
    &cmd_identify,
    &cmd_report,
    &cmd_decode,
    &cmd_view,
    &cmd_listen,
    &cmd_capture,
    &cmd_archive_add,
    &cmd_archive_list,
    &cmd_archive_show,
    &cmd_archive_verify,
    &cmd_archive_export,
    &cmd_archive_forget,
    &cmd_archive_purge,
    &cmd_archive_reindex,
    &cmd_archive_diff,
    &cmd_doctor,
    &cmd_demo,
    NULL,
};

const struct cmd_group options_groups[] = {
    { .name = "archive",
      .summary = "recordings kept, found, checked, given away",
      .description =
          "Keeps recordings as SigMF pairs that only you may read, with an "
          "index to find them by. Each has an ID of ten hexadecimal digits, "
          "which \"fobscope archive list\" shows; the first three or more "
          "are enough where an ID is wanted. The archive is a folder: "
          "--archive DIR names it, else $FOBSCOPE_ARCHIVE does, else it is "
          "$XDG_DATA_HOME/fobscope or ~/.local/share/fobscope." },
    { 0 },
};

const char options_about[] = "receives car key fobs; never transmits";
const char options_legal[] =
    "Listening is not lawful everywhere: use it on your own fob, and know the "
    "law where you are.";

const char *const options_shells[] = { "bash", "zsh", "fish", NULL };

const struct status_entry options_statuses[] = {
    { STATUS_OK,          "it ran, whether or not there were frames; check: the "
                          "fob transmits as it should; compare: one family, "
                          "and all healthy; identify: frames of it were "
                          "read; report: as check of one, as compare of "
                          "two" },
    { STATUS_FAULT,       "check, report: the fob has a fault; doctor, archive verify: "
                          "something is wrong; compare, report: they differ in "
                          "what matters; archive diff: they differ" },
    { STATUS_USAGE,       "wrong usage" },
    { STATUS_INCONCLUSIVE, "check, compare, report: nothing can be concluded; "
                           "identify: no frame was read" },
    { STATUS_INPUT,       "a file or a receiver could not be opened, read or "
                          "written" },
    { STATUS_LOST,        "samples were lost on their way from the receiver" },
    { STATUS_BUG,         "a bug in fobscope" },
    { STATUS_INTERRUPTED, "stopped by the user; what came before is there" },
    { 0 },
};
/* clang-format on */
