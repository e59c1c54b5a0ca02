/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/recorder.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/convert.h"
#include "src/recording.h"
#include "src/report_json.h"

/* Copies of a press are no further apart (press.c), so one file holds them. */
#define QUIET_SECONDS 0.6
/* Edges of an annotation around a carrier whose width is not known. */
#define HALF_WIDTH_HZ 5e3

enum { BLOCK_BYTES = 65536, SUMMARY_MAX = 64 };

/* About positions at .. at + count. */
struct note {
    uint64_t at, count;
    double low_hz, high_hz;
    bool is_frame;
    const char *label; /* a model's name, which lives for ever */
    struct json *about;
};

struct recorder {
    struct recorder_cfg cfg;
    const struct live *live;
    double centre_hz, gain_db;
    unsigned number; /* of the last recording; they count on over the bands */
    struct recording file;
    uint64_t first, next; /* positions of its first sample, the next to write */
    uint64_t busy_until;  /* position of the last burst's end */
    uint64_t lost;
    struct note notes[RECORDER_NOTES_MAX];
    size_t n_notes;
    struct sigmf_note sorted[RECORDER_NOTES_MAX];
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
    *ret = r;
    return 0;
}

void recorder_follow(struct recorder *r, const struct live *l)
{
    r->live = l;
}

static void drop_notes(struct recorder *r)
{
    for (size_t i = 0; i < r->n_notes; i++)
        json_free(r->notes[i].about);
    r->n_notes = 0;
}

void recorder_destroy(struct recorder *r)
{
    if (r == NULL)
        return;
    recording_abandon(&r->file);
    drop_notes(r);
    free(r);
}

static uint64_t samples_of(const struct recorder *r, double seconds)
{
    return (uint64_t)(seconds * live_info(r->live)->rate_hz);
}

static bool is_under_way(const struct recorder *r)
{
    return r->file.file != NULL && r->code == 0;
}

/* Keeps the first fault. True: there is one. */
static bool fail(struct recorder *r, int code)
{
    char path[PATH_MAX];

    if (code == 0 || r->code < 0)
        return r->code < 0;
    recording_path(&r->file, path);
    r->code = err_set(
        &r->fault, code, "%s: %s%s", path, strerror(-code),
        r->file.file != NULL ? "; what came before is in the .part file" : "");
    return true;
}

static void add_segment(struct recorder *r)
{
    fail(r, recording_segment(&r->file, r->next, r->centre_hz, r->gain_db));
}

static void begin(struct recorder *r, uint64_t from)
{
    const uint64_t oldest = pipeline_oldest(live_pipeline(r->live));

    if (fail(r, recording_open(&r->file, r->cfg.folder, r->cfg.is_plain,
                               live_info(r->live), &r->number)))
        return;
    r->lost = 0;
    r->first = r->next = from > oldest ? from : oldest;
    r->busy_until = r->next;
    add_segment(r);
}

/* All up to now; what cannot be had any more is a gap. */
static void write_samples(struct recorder *r)
{
    const struct pipeline *p = live_pipeline(r->live);
    const uint64_t now = pipeline_position(p), oldest = pipeline_oldest(p);
    const size_t room = BLOCK_BYTES / convert_size(live_info(r->live)->format);

    if (r->next < oldest) {
        r->next = oldest;
        add_segment(r);
    }
    while (r->next < now && r->code == 0) {
        const uint64_t left = now - r->next;
        const size_t n = left < room ? (size_t)left : room;

        if (!pipeline_copy_raw(p, r->next, n, r->block) ||
            fail(r, recording_write(&r->file, r->block, n)))
            return;
        r->next += n;
    }
}

static int by_start(const void *a, const void *b)
{
    const struct sigmf_note *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

/* The notes that lie within the first samples of the file; the others are
 * freed. */
static size_t take_notes(struct recorder *r, uint64_t length)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_notes; i++) {
        const struct note *note = &r->notes[i];
        const uint64_t start = recording_index(&r->file, note->at);
        const uint64_t end = recording_index(&r->file, note->at + note->count);

        if (note->at + note->count <= r->first || start >= length) {
            json_free(note->about);
            continue;
        }
        r->sorted[n++] = (struct sigmf_note){
            .start = start,
            .count = (end < length ? end : length) - start,
            .low_hz = note->low_hz,
            .high_hz = note->high_hz,
            .label = note->label,
            .about = note->about,
        };
    }
    r->n_notes = 0;
    qsort(r->sorted, n, sizeof *r->sorted, by_start);
    return n;
}

/* Model and id of the first frame. */
static void summarise(const struct recorder *r, char summary[SUMMARY_MAX],
                      size_t *frames)
{
    *frames = 0;
    summary[0] = '\0';
    for (size_t i = 0; i < r->n_notes; i++) {
        const struct note *n = &r->notes[i];
        const char *id = json_text(n->about, "id");

        if (!n->is_frame || n->at + n->count <= r->first)
            continue;
        if ((*frames)++ == 0)
            snprintf(summary, SUMMARY_MAX, "%s%s%s", n->label,
                     id != NULL ? " " : "", id != NULL ? id : "");
    }
}

/* length: samples of the file that are kept. */
static void finish(struct recorder *r, uint64_t length)
{
    const char *hardware =
        live_info(r->live)->is_live ? "RTL-SDR" : "a recording";
    char summary[SUMMARY_MAX], path[PATH_MAX];
    size_t frames, n;

    summarise(r, summary, &frames);
    n = take_notes(r, length);
    if (fail(r, recording_close(&r->file, length, live_start_time(r->live),
                                hardware, r->sorted, n)))
        return;
    recording_path(&r->file, path);
    if (r->cfg.saved != NULL)
        r->cfg.saved(r->cfg.user, &(struct recorder_saved){
                                      .path = path,
                                      .seconds = (double)r->file.written /
                                                 live_info(r->live)->rate_hz,
                                      .frames = frames,
                                      .lost = r->lost,
                                      .summary = summary,
                                  });
}

static int report(struct recorder *r, struct err *e)
{
    return r->code < 0 ? err_set(e, r->code, "%s", r->fault.text) : 0;
}

/* Where the file ends if nothing more comes. */
static uint64_t end_of(const struct recorder *r)
{
    return r->cfg.is_continuous
               ? r->file.written
               : recording_index(&r->file,
                                 r->busy_until + samples_of(r, r->cfg.post_s));
}

int recorder_update(struct recorder *r, struct err *e)
{
    const struct pipeline *p = live_pipeline(r->live);
    const uint64_t quiet = samples_of(r, QUIET_SECONDS);

    if (r->cfg.is_continuous && r->file.file == NULL && r->code == 0 &&
        pipeline_position(p) > pipeline_oldest(p))
        begin(r, pipeline_oldest(p));
    if (is_under_way(r))
        write_samples(r);
    if (is_under_way(r) && !r->cfg.is_continuous && !pipeline_is_busy(p) &&
        pipeline_position(p) > r->busy_until + quiet)
        finish(r, end_of(r));
    return report(r, e);
}

int recorder_finish(struct recorder *r, struct err *e)
{
    if (is_under_way(r))
        write_samples(r);
    if (is_under_way(r))
        finish(r, end_of(r));
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

void recorder_lost(struct recorder *r, uint64_t at, uint64_t n)
{
    if (!is_under_way(r))
        return;
    write_samples(r);
    if (at + n > r->first)
        r->lost += n;
    if (at >= r->next)
        return; /* here and now: write_samples will see the gap */
    fail(r, recording_shift(&r->file, at, n));
    for (size_t i = 0; i < r->n_notes; i++)
        if (r->notes[i].at >= at)
            r->notes[i].at += n;
    r->next += n;
    r->first += r->first >= at ? n : 0;
    r->busy_until += r->busy_until >= at ? n : 0;
}

static void add_note(struct recorder *r, const struct note *n)
{
    /* old ones that no recording took */
    if (r->file.file == NULL && r->n_notes > 0) {
        const uint64_t last = r->notes[r->n_notes - 1].at;

        if (n->at > last + samples_of(r, QUIET_SECONDS + 2 * r->cfg.pre_s))
            drop_notes(r);
    }
    if (r->n_notes < RECORDER_NOTES_MAX)
        r->notes[r->n_notes++] = *n;
    else
        json_free(n->about);
}

void recorder_frame(struct recorder *r, const struct frame *f, unsigned press)
{
    const struct report_origin origin = {
        .rate_hz = live_info(r->live)->rate_hz,
        .centre_hz = r->centre_hz,
        .is_live = live_info(r->live)->is_live,
        .start_unix_s = live_start_time(r->live),
        .gain_db = r->gain_db,
    };
    const double carrier_hz = r->centre_hz + f->reception.carrier_hz;
    const double half_hz =
        HALF_WIDTH_HZ + (f->reception.modulation == MODULATION_FSK
                             ? f->reception.deviation_hz
                             : 0);

    add_note(r, &(struct note){
                    .at = f->at,
                    .count = f->samples,
                    .low_hz = carrier_hz - half_hz,
                    .high_hz = carrier_hz + half_hz,
                    .is_frame = true,
                    .label = f->protocol ? f->protocol->model : "Unknown",
                    .about = report_json_frame(f, press, &origin),
                });
}

void recorder_burst(struct recorder *r, const struct burst_report *b)
{
    const uint64_t pre = samples_of(r, r->cfg.pre_s);
    const double carrier_hz = r->centre_hz + b->reception.carrier_hz;

    if (b->n_frames == 0)
        add_note(r, &(struct note){
                        .at = b->at,
                        .count = b->samples,
                        .low_hz = carrier_hz - b->bandwidth_hz / 2,
                        .high_hz = carrier_hz + b->bandwidth_hz / 2,
                        .label = "burst",
                    });
    if (r->file.file == NULL && r->code == 0 &&
        b->at + b->samples > pipeline_oldest(live_pipeline(r->live)))
        begin(r, b->at > pre ? b->at - pre : 0);
    if (!is_under_way(r))
        return;
    write_samples(r);
    if (b->at + b->samples > r->busy_until)
        r->busy_until = b->at + b->samples;
}
