/* cmd_archive_stub - what `archive` says of itself, and no more yet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    (void)o;
    (void)stop;
    return STATUS_BUG;
}

const struct cmd cmd_archive_add = {
    .name = "archive add",
    .operands = "FILE...",
    .summary = "keeps recordings, with what you know of the fob",
    .description =
        "Decodes each file and keeps it in the archive as a SigMF pair that "
        "only you may read. A FILE is any input of decode but pulses, a "
        ".sigmf archive with any number of recordings, or what is in the "
        "archive already: a file of the same samples, or an ID. That is not "
        "kept twice, but gets the new label, car, buttons, sticker and note, "
        "as far as they are given. What you type in is for you: export leaves "
        "it out.",
    .set = CMD_ARCHIVE_ADD,
    .exec = exec,
};

const struct cmd cmd_archive_list = {
    .name = "archive list",
    .operands = "",
    .summary = "the recordings there are, a line each, newest last",
    .description =
        "Prints a line for each recording, the newest last: its ID, when it "
        "was made, what was sent and by which fob. With filters such as "
        "--label or --since, only the recordings that pass all of them. Fobs "
        "have pseudonyms, the same each time, so that the list can be shown "
        "to others; --full has their serials.",
    .set = CMD_ARCHIVE_LIST,
    .exec = exec,
};

const struct cmd cmd_archive_show = {
    .name = "archive show",
    .operands = "ID...",
    .summary = "all that is known of a recording",
    .description =
        "Prints all that the archive knows of each recording: where and when "
        "it was made, the bursts and frames in it, and what you said of the "
        "fob.",
    .set = CMD_ARCHIVE_SHOW,
    .exec = exec,
};

const struct cmd cmd_archive_verify = {
    .name = "archive verify",
    .operands = "[ID...]",
    .summary = "whether files and index are as they were",
    .description =
        "Reads each recording, or those named, and checks its hash, the rules "
        "of its metadata, and that the index agrees with the files. Says each "
        "damage; the exit status is then 1. It mends nothing: reindex makes "
        "the index anew.",
    .set = CMD_ARCHIVE_VERIFY,
    .exec = exec,
};

const struct cmd cmd_archive_export = {
    .name = "archive export",
    .operands = "ID...",
    .summary = "copies of recordings, to give away or to open",
    .description =
        "Writes copies of recordings in one of four forms: --wav, --flac and "
        "--cu8 a file each, --sigmf all of them into one .sigmf archive, "
        "without what you typed in unless --full is given. A recording holds "
        "the codes of its fob: think before you give it away.",
    .set = CMD_ARCHIVE_EXPORT,
    .exec = exec,
};

const struct cmd cmd_archive_forget = {
    .name = "archive forget",
    .operands = "ID...",
    .summary = "removes recordings for good",
    .description =
        "Removes recordings from the archive, files and all. Nothing brings "
        "them back; what was exported stays where it is.",
    .set = CMD_ARCHIVE_FORGET,
    .exec = exec,
};

const struct cmd cmd_archive_purge = {
    .name = "archive purge",
    .operands = "",
    .summary = "removes old recordings for good",
    .description =
        "Removes the recordings that are older than --older says, as forget "
        "does; --older must be given. With --dry-run it says which they are, "
        "and removes none.",
    .set = CMD_ARCHIVE_PURGE,
    .exec = exec,
};

const struct cmd cmd_archive_reindex = {
    .name = "archive reindex",
    .operands = "",
    .summary = "makes the index anew from the files",
    .description =
        "Makes the index anew from the files, which hold all there is to "
        "know: after a damage that verify found, or when files were put into "
        "the folder or taken out by hand.",
    .set = CMD_ARCHIVE_REINDEX,
    .exec = exec,
};

const struct cmd cmd_archive_diff = {
    .name = "archive diff",
    .operands = "ID ID",
    .summary = "what is different between two recordings",
    .description =
        "Compares two recordings, of one fob at two times or of two fobs, and "
        "prints what is different. The exit status is 0 if nothing is, 1 if "
        "something is.",
    .set = CMD_ARCHIVE_DIFF,
    .exec = exec,
};
