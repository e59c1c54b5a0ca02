/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/recorder.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "src/notes.h"
#include "src/now.h"
#include "src/recording.h"

/* Copies of a press are no further apart (press.c), so one file holds them. */
#define QUIET_SECONDS 0.6

enum { BLOCK_BYTES = 65536, SUMMARY_MAX = 64 };

/* A recording, and what is said of it. */
struct job {
    struct recording file;
    uint64_t first, next; /* positions of its first sample, the next to write */
    uint64_t busy_until;  /* position of the last burst's end */
    uint64_t length;      /* samples that are kept */
    uint64_t lost;
    struct notes notes;
};

struct recorder {
    struct recorder_cfg cfg;
    const struct live *live;
    double centre_hz, gain_db;
    unsigned number; /* of the last recording; they count on over the bands */
    struct job jobs[2];
    struct job *job; /* under way; without a file it only gathers notes */
    struct job *old; /* ended, and waiting for word of losses; NULL: none */
    struct sigmf_note sorted[NOTES_MAX];
    /* What went wrong within a callback, for recorder_update. */
    int code;
    struct err fault;
    uint8_t block[BLOCK_BYTES];
};

int recorder_create(struct recorder **ret, const struct recorder_cfg *cfg)
{
    struct recorder *r = calloc(1, sizeof *r);

    if (r == NULL)
        return -ENOMEM;
    r->cfg = *cfg;
    r->centre_hz = r->gain_db = NAN;
    r->job = r->jobs;
    *ret = r;
    return 0;
}

void recorder_follow(struct recorder *r, const struct live *l)
{
    r->live = l;
}

void recorder_destroy(struct recorder *r)
{
    if (r == NULL)
        return;
    recording_abandon(&r->jobs[0].file);
    recording_abandon(&r->jobs[1].file);
    free(r);
}

static uint64_t samples_of(const struct recorder *r, double seconds)
{
    return (uint64_t)(seconds * live_info(r->live)->rate_hz);
}

static bool is_under_way(const struct recorder *r)
{
    return r->job->file.file != NULL && r->code == 0;
}

/* Keeps the first fault. True: there is one. */
static bool fail(struct recorder *r, const struct job *j, int code)
{
    char path[PATH_MAX];

    if (code == 0 || r->code < 0)
        return r->code < 0;
    recording_path(&j->file, path);
    r->code = err_set(&r->fault, code, "%s: %s%s", path, strerror(-code),
                      j->file.file != NULL && !r->cfg.is_archived
                          ? "; what came before is in the .part file"
                          : "");
    return true;
}

static void add_segment(struct recorder *r)
{
    fail(r, r->job,
         recording_segment(&r->job->file, r->job->next, r->centre_hz,
                           r->gain_db));
}

static void begin(struct recorder *r, uint64_t from)
{
    const uint64_t oldest = pipeline_oldest(live_pipeline(r->live));
    struct job *j = r->job;

    if (fail(r, j,
             recording_open(&j->file, r->cfg.folder, r->cfg.is_plain,
                            live_info(r->live), &r->number)))
        return;
    j->lost = 0;
    j->first = j->next = from > oldest ? from : oldest;
    j->busy_until = j->next;
    add_segment(r);
}

/* All up to now; what cannot be had any more is a gap. */
static void write_samples(struct recorder *r)
{
    const struct pipeline *p = live_pipeline(r->live);
    const uint64_t now = pipeline_position(p), oldest = pipeline_oldest(p);
    const size_t room = BLOCK_BYTES / convert_size(live_info(r->live)->format);
    struct job *j = r->job;

    if (j->next < oldest) {
        j->next = oldest;
        add_segment(r);
    }
    while (j->next < now && r->code == 0) {
        const uint64_t left = now - j->next;
        const size_t n = left < room ? (size_t)left : room;

        if (!pipeline_copy_raw(p, j->next, n, r->block) ||
            fail(r, j, recording_write(&j->file, r->block, n)))
            return;
        j->next += n;
    }
}

static size_t sort_notes(struct recorder *r, const struct job *j)
{
    const struct source_info *info = live_info(r->live);
    const struct report_origin origin = {
        .rate_hz = info->rate_hz,
        .is_live = info->is_live,
        .start_unix_s = live_start_time(r->live),
    };

    return notes_write(&j->notes, &j->file, j->first, j->length, &origin,
                       r->sorted);
}

/* Model and id of the first frame. */
static void summarise(const struct sigmf_note *notes, size_t n,
                      char summary[SUMMARY_MAX], size_t *frames)
{
    *frames = 0;
    summary[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *id = json_text(notes[i].about, "id");

        if (notes[i].about != NULL && (*frames)++ == 0)
            snprintf(summary, SUMMARY_MAX, "%s%s%s", notes[i].label,
                     id != NULL ? " " : "", id != NULL ? id : "");
    }
}

/* Gives the files their names, and says so. */
static void close_job(struct recorder *r, struct job *j)
{
    const struct sigmf_origin origin = {
        .start_unix_s = live_start_time(r->live),
        .hardware = live_info(r->live)->is_live ? "RTL-SDR" : NULL,
        .added_unix_s = r->cfg.is_archived ? now_unix_s() : NAN,
        .owner = r->cfg.owner,
    };
    const size_t n = sort_notes(r, j);
    char summary[SUMMARY_MAX], path[PATH_MAX];
    size_t frames;

    summarise(r->sorted, n, summary, &frames);
    recording_path(&j->file, path);
    if (fail(r, j, recording_close(&j->file, j->length, &origin, r->sorted, n)))
        return;
    if (r->cfg.saved != NULL)
        r->cfg.saved(r->cfg.user, &(struct recorder_saved){
                                      .path = path,
                                      .seconds = (double)j->length /
                                                 live_info(r->live)->rate_hz,
                                      .frames = frames,
                                      .left_out = j->notes.left_out,
                                      .lost = j->lost,
                                      .summary = summary,
                                  });
    notes_clear(&j->notes);
}

static void close_old(struct recorder *r)
{
    if (r->old != NULL && r->code == 0)
        close_job(r, r->old);
    r->old = NULL;
}

/* Where the file ends if nothing more comes. */
static uint64_t length_of(const struct recorder *r)
{
    const struct job *j = r->job;

    return r->cfg.is_continuous
               ? j->file.written
               : recording_index(&j->file,
                                 j->busy_until + samples_of(r, r->cfg.post_s));
}

/* The job under way has ended; whether samples of it were lost will show. */
static void put_aside(struct recorder *r)
{
    close_old(r);
    r->job->length = length_of(r);
    r->old = r->job;
    r->job = r->job == r->jobs ? r->jobs + 1 : r->jobs;
    notes_clear(&r->job->notes);
}

static int report(struct recorder *r, struct err *e)
{
    return r->code < 0 ? err_set(e, r->code, "%s", r->fault.text) : 0;
}

static bool is_quiet(const struct recorder *r)
{
    const struct pipeline *p = live_pipeline(r->live);

    return !r->cfg.is_continuous && !pipeline_is_busy(p) &&
           pipeline_position(p) >
               r->job->busy_until + samples_of(r, QUIET_SECONDS);
}

/* A burst may open the next file at once. */
static bool is_full(const struct recorder *r)
{
    return !r->cfg.is_continuous && r->job->notes.n == NOTES_MAX;
}

int recorder_update(struct recorder *r, struct err *e)
{
    const struct pipeline *p = live_pipeline(r->live);
    const double late_s = live_info(r->live)->late_s;

    if (r->cfg.is_continuous && r->job->file.file == NULL && r->code == 0 &&
        pipeline_position(p) > pipeline_oldest(p))
        begin(r, pipeline_oldest(p));
    if (is_under_way(r))
        write_samples(r);
    if (is_under_way(r) && (is_quiet(r) || is_full(r)))
        put_aside(r);
    if (r->old != NULL &&
        pipeline_position(p) >= r->old->next + samples_of(r, late_s))
        close_old(r);
    return report(r, e);
}

void recorder_leave(struct recorder *r)
{
    if (is_under_way(r))
        write_samples(r);
    if (is_under_way(r))
        put_aside(r);
}

int recorder_finish(struct recorder *r, struct err *e)
{
    recorder_leave(r);
    close_old(r);
    return report(r, e);
}

/* A change of gain begins a segment of its own; one of the centre, a file. */
void recorder_tuned(struct recorder *r, double centre_hz, double gain_db)
{
    const bool is_new = gain_db != r->gain_db;

    r->centre_hz = centre_hz;
    r->gain_db = gain_db;
    if (!is_new || !is_under_way(r))
        return;
    write_samples(r);
    if (is_under_way(r))
        add_segment(r);
}

/* Late: what came from position at on is n further on. */
static void shift(struct recorder *r, struct job *j, uint64_t at, uint64_t n)
{
    notes_shift(&j->notes, at, n);
    if (j->file.file == NULL || at >= j->next)
        return;
    if (at + n > j->first)
        j->lost += n;
    fail(r, j, recording_shift(&j->file, at, n));
    j->next += n;
    j->first += j->first >= at ? n : 0;
    j->busy_until += j->busy_until >= at ? n : 0;
}

void recorder_lost(struct recorder *r, uint64_t at, uint64_t n)
{
    if (is_under_way(r))
        write_samples(r);
    if (r->code < 0)
        return;
    if (is_under_way(r) && at >= r->job->next) {
        r->job->lost += n; /* here and now: write_samples will see the gap */
        return;
    }
    shift(r, r->job, at, n);
    if (r->old != NULL)
        shift(r, r->old, at, n);
}

/* Old ones that no recording took. */
static void drop_old_notes(struct recorder *r, uint64_t at)
{
    struct job *j = r->job;

    if (j->file.file == NULL && j->notes.n > 0 &&
        at > j->notes.note[j->notes.n - 1].at +
                 samples_of(r, QUIET_SECONDS + 2 * r->cfg.pre_s))
        notes_clear(&j->notes);
}

void recorder_frame(struct recorder *r, const struct frame *f, unsigned press)
{
    drop_old_notes(r, f->at);
    notes_add_frame(&r->job->notes, f, press, r->centre_hz, r->gain_db);
}

void recorder_burst(struct recorder *r, const struct burst_report *b)
{
    const uint64_t pre = samples_of(r, r->cfg.pre_s);

    drop_old_notes(r, b->at);
    notes_add_burst(&r->job->notes, b, r->centre_hz, r->gain_db);
    if (r->job->file.file == NULL && r->code == 0 &&
        b->at + b->samples > pipeline_oldest(live_pipeline(r->live)))
        begin(r, b->at > pre ? b->at - pre : 0);
    if (!is_under_way(r))
        return;
    write_samples(r);
    if (b->at + b->samples > r->job->busy_until)
        r->job->busy_until = b->at + b->samples;
}
