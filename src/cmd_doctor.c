/* cmd_doctor - the doctor's findings, for people or as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/cmd.h"

#include <stdio.h>
#include <string.h>

#include "src/doctor.h"
#include "src/json.h"
#include "src/log.h"
#include "src/report_table.h"

static const char *const words[] = {
    [DOCTOR_OK] = "ok",
    [DOCTOR_NOTE] = "note",
    [DOCTOR_FAULT] = "FAULT",
    [DOCTOR_SKIPPED] = "skipped",
};

static const char *const statuses[] = {
    [DOCTOR_OK] = "ok",
    [DOCTOR_NOTE] = "note",
    [DOCTOR_FAULT] = "fault",
    [DOCTOR_SKIPPED] = "skipped",
};

enum { INDENT = 19 }; /* of what a finding says, behind its status and name */

static void on_line(void *user, const struct doctor_check *c)
{
    const struct report_table *t = user;

    fprintf(t->out, "%-8s %-9s ", words[c->status], c->name);
    report_table_text(t, c->text, INDENT);
    if (c->command[0] != '\0') {
        fprintf(t->out, "%*srun: ", INDENT, "");
        report_table_text(t, c->command, INDENT + 5);
    }
    fflush(t->out);
}

static void on_object(void *user, const struct doctor_check *c)
{
    struct json *o = json_new_object();

    json_set_string(o, "name", c->name);
    json_set_string(o, "status", statuses[c->status]);
    json_set_string(o, "text", c->text);
    if (c->command[0] != '\0')
        json_set_string(o, "command", c->command);
    json_append(user, o);
}

static void on_busy(void *user, const char *text)
{
    (void)user;
    log_say(LOG_NOTE, "%s", text);
}

static enum status exec_json(const struct options *o,
                             const volatile sig_atomic_t *stop)
{
    struct json *document = json_new_object();
    struct json *checks = json_new_array();
    const struct doctor_sink sink = { .user = checks, .check = on_object };
    const enum status status = doctor_run(o, &sink, stop);

    json_set_string(document, "schema", "fobscope.doctor/1");
    json_set_int(document, "exit", (int64_t)status);
    json_set(document, "checks", checks);
    json_document(document, stdout);
    json_free(document);
    return status;
}

static enum status exec(const struct options *o,
                        const volatile sig_atomic_t *stop)
{
    struct report_table table;
    const struct doctor_sink sink = { .user = &table,
                                      .check = on_line,
                                      .busy = on_busy };

    if (o->format == OUTPUT_JSON)
        return exec_json(o, stop);
    report_table_init(&table, stdout);
    return doctor_run(o, &sink, stop);
}

const struct cmd cmd_doctor = {
    .name = "doctor",
    .operands = "",
    .summary = "what is wrong with the receiver, and what to do",
    .description =
        "Looks at the library, the dongle, the permission to open it, five "
        "seconds of samples, the noise of each band, and whether the tuner is "
        "where it says it is. Each line is fine, or has one cause and one "
        "command to run. It needs no fob, and no dongle to say what is "
        "missing.",
    .set = CMD_DOCTOR,
    .exec = exec,
};
