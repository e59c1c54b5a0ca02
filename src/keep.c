/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/keep.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsp/convert.h"
#include "src/notes.h"
#include "src/now.h"
#include "src/pipeline.h"
#include "src/playback.h"
#include "src/recording.h"

/* Stretches that are no further apart are one: copies of a press are not
 * (press.c). */
#define QUIET_SECONDS 0.6

enum {
    BLOCK_SAMPLES = 65536,
    /* A quarter of what a file can have: gaps of its own part them further. */
    STRETCHES_MAX = RECORDING_SEGMENTS_MAX / 4,
};

/* Positions from first up to end. */
struct stretch {
    uint64_t first, end;
};

struct keep {
    const struct keep_cfg *cfg;
    const struct source_info *info;
    struct recording file; /* all of it */
    struct recording cut;  /* of that, what is around bursts */
    struct notes notes;
    struct sigmf_note sorted[NOTES_MAX];
    struct stretch *bursts; /* where they are; n of them */
    size_t n, room;
    int code; /* of what went wrong within a callback */
    uint8_t block[BLOCK_SAMPLES * PLAYBACK_BYTES];
};

static void on_frame(void *user, const struct frame *f, unsigned press)
{
    struct keep *k = user;

    notes_add_frame(&k->notes, f, press, k->info->centre_hz, NAN);
}

/* True: there is room for one more. */
static bool make_room(struct keep *k)
{
    const size_t room = 2 * k->room + 64;
    struct stretch *grown;

    if (k->n < k->room)
        return true;
    grown = realloc(k->bursts, room * sizeof *grown);
    if (grown == NULL)
        return false;
    k->bursts = grown;
    k->room = room;
    return true;
}

static void on_burst(void *user, const struct burst_report *b)
{
    struct keep *k = user;
    const uint64_t pre = (uint64_t)(k->cfg->pre_s * k->info->rate_hz);
    const uint64_t post = (uint64_t)(k->cfg->post_s * k->info->rate_hz);

    notes_add_burst(&k->notes, b, k->info->centre_hz, NAN);
    if (!k->cfg->is_cut)
        return;
    if (!make_room(k))
        k->code = -ENOMEM;
    else
        k->bursts[k->n++] = (struct stretch){
            .first = b->at > pre ? b->at - pre : 0,
            .end = b->at + b->samples + post,
        };
}

/* The n samples in block, which begin at position at; of those missing before them
 * `skipped` are so on purpose. */
static int write_block(struct keep *k, uint64_t at, uint64_t skipped, size_t n)
{
    int status = 0;

    if (at != recording_end(&k->file)) {
        status = recording_segment(&k->file, at, k->info->centre_hz, NAN);
        if (status == 0)
            recording_leave_out(&k->file, skipped);
    }
    return status < 0 ? status : recording_write(&k->file, k->block, n);
}

/* The whole source, into the pipeline and the file. */
static int read_all(struct keep *k, struct source *s, struct pipeline *p,
                    struct err *e)
{
    for (;;) {
        const ssize_t n = playback_step(s, p, k->block, BLOCK_SAMPLES, e);
        const uint64_t now = pipeline_position(p);
        int status = k->code;

        if (n < 0 && !(n == -EINTR && !*k->cfg->stop))
            return (int)n;
        if (*k->cfg->stop)
            return err_set(e, -EINTR, "%s: stopped", source_name(s));
        if (n == 0)
            break;
        if (status == 0 && n > 0)
            status = write_block(k, now - (uint64_t)n, source_gap(s).skipped,
                                 (size_t)n);
        if (status < 0)
            return err_set(e, status, "%s: %s", source_name(s),
                           status == -EFBIG ? "has too many gaps"
                                            : strerror(-status));
        progress_update(k->cfg->progress, now);
    }
    pipeline_flush(p);
    return k->file.written > 0
               ? 0
               : err_set(e, -ENODATA, "%s: holds no samples", source_name(s));
}

static int by_first(const void *a, const void *b)
{
    const struct stretch *x = a, *y = b;

    return x->first < y->first ? -1 : x->first > y->first;
}

/* Makes one of those that overlap or are nearer than apart. Sorted. */
static size_t join(struct stretch *s, size_t n, uint64_t apart)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && s[i].first <= s[kept - 1].end + apart) {
            if (s[i].end > s[kept - 1].end)
                s[kept - 1].end = s[i].end;
        } else {
            s[kept++] = s[i];
        }
    }
    return kept;
}

/* Few enough that each can be a segment of the file. */
static void join_bursts(struct keep *k)
{
    uint64_t apart = (uint64_t)(QUIET_SECONDS * k->info->rate_hz);

    if (k->n > 0)
        qsort(k->bursts, k->n, sizeof *k->bursts, by_first);
    do {
        k->n = join(k->bursts, k->n, apart);
        apart *= 2;
    } while (k->n > STRETCHES_MAX);
}

/* Samples that are not in the whole file between two positions. */
static uint64_t missing(const struct keep *k, uint64_t from, uint64_t to)
{
    return to - from -
           (recording_index(&k->file, to) - recording_index(&k->file, from));
}

/* Of those, the ones that somebody else left out. */
static uint64_t left_out(const struct keep *k, uint64_t from, uint64_t to)
{
    uint64_t n = 0;

    for (size_t i = 0; i < k->file.n_segments; i++)
        if (k->file.segments[i].global > from &&
            k->file.segments[i].global <= to)
            n += k->file.segments[i].left_out;
    return n;
}

/* Samples from index on up to `end` of the whole file, which is open at from. */
static int copy_samples(struct keep *k, FILE *from, uint64_t index,
                        uint64_t end)
{
    const size_t size = convert_size(k->info->format);
    int status = 0;

    if (fseeko(from, (off_t)(index * size), SEEK_SET) != 0)
        return -errno;
    while (index < end && status == 0) {
        const size_t n =
            end - index < BLOCK_SAMPLES ? (size_t)(end - index) : BLOCK_SAMPLES;

        if (fread(k->block, size, n, from) != n)
            return -EIO;
        status = recording_write(&k->cut, k->block, n);
        index += n;
    }
    return status;
}

/* The piece of segment i of the whole file that lies in s. *last: position
 * behind what was copied before. */
static int copy_piece(struct keep *k, FILE *from, size_t i,
                      const struct stretch *s, uint64_t *last)
{
    const struct sigmf_segment *g = &k->file.segments[i];
    const uint64_t stop =
        i + 1 < k->file.n_segments ? g[1].start : k->file.written;
    const uint64_t length = stop - g->start;
    const uint64_t first = s->first > g->global ? s->first : g->global;
    const uint64_t end =
        s->end < g->global + length ? s->end : g->global + length;
    uint64_t index;
    int status;

    if (first >= end)
        return 0;
    index = g->start + (first - g->global);
    status = recording_segment(&k->cut, first, g->centre_hz, g->gain_db);
    if (status < 0)
        return status;
    recording_leave_out(&k->cut, first - *last - missing(k, *last, first) +
                                     left_out(k, *last, first));
    *last = end;
    return copy_samples(k, from, index, index + (end - first));
}

static int copy_stretches(struct keep *k, FILE *from)
{
    uint64_t last = 0;
    int status = 0;

    for (size_t j = 0; j < k->n && status == 0; j++)
        for (size_t i = 0; i < k->file.n_segments && status == 0; i++)
            status = copy_piece(k, from, i, &k->bursts[j], &last);
    return status;
}

/* What is around the bursts of the whole file, which goes. */
static int cut(struct keep *k, struct err *e)
{
    char path[PATH_MAX];
    unsigned number = 0;
    FILE *from;
    int status;

    if (k->n == 0)
        return err_set(e, -ENODATA, "no burst in it: nothing to keep of it");
    join_bursts(k);
    recording_path(&k->file, path);
    status = recording_close(&k->file, k->file.written,
                             &(struct sigmf_origin){ 0 }, NULL, 0);
    from = status == 0 ? fopen(path, "rb") : NULL;
    if (status == 0 && from == NULL)
        status = -errno;
    if (status == 0)
        status =
            recording_open(&k->cut, k->cfg->folder, false, k->info, &number);
    if (status == 0)
        status = copy_stretches(k, from);
    if (from != NULL)
        fclose(from);
    unlink(path);
    return status < 0 ? err_set(e, status, "%s", strerror(-status)) : 0;
}

/* The pair, with all that is said of it. */
static int close_pair(struct keep *k, struct recording *r, char meta[PATH_MAX],
                      struct err *e)
{
    const struct report_origin frames = { .rate_hz = k->info->rate_hz };
    const struct sigmf_origin origin = {
        .start_unix_s = k->info->recorded_unix_s,
        .added_unix_s = now_unix_s(),
        .owner = k->cfg->owner,
        .former = k->cfg->former,
        .is_cut = k->cfg->is_cut,
    };
    const size_t n = notes_write(&k->notes, r, r->segments[0].global,
                                 r->written, &frames, k->sorted);
    int status;

    recording_path(r, meta);
    status = recording_close(r, r->written, &origin, k->sorted, n);
    return status < 0 ? err_set(e, status, "%s: %s", meta, strerror(-status))
                      : 0;
}

static int keep_all(struct keep *k, struct source *s, char meta[PATH_MAX],
                    struct err *e)
{
    const struct pipeline_cfg cfg = {
        .input = *k->info,
        .sink = { .user = k, .frame = on_frame, .burst = on_burst },
    };
    struct pipeline *p;
    unsigned number = 0;
    struct err why;
    int status = pipeline_create(&p, &cfg, &why);

    if (status < 0)
        return err_set(e, status, "%s: %s", source_name(s), why.text);
    status = recording_open(&k->file, k->cfg->folder, k->cfg->is_cut, k->info,
                            &number);
    if (status < 0)
        err_set(e, status, "%s: %s", k->cfg->folder, strerror(-status));
    else
        status = read_all(k, s, p, e);
    pipeline_destroy(p);
    if (status == 0 && k->cfg->is_cut)
        status = cut(k, e);
    return status < 0
               ? status
               : close_pair(k, k->cfg->is_cut ? &k->cut : &k->file, meta, e);
}

int keep_recording(struct source *s, const struct keep_cfg *cfg,
                   char meta[PATH_MAX], size_t *left_out, struct err *e)
{
    struct keep *k;
    int status;

    if (source_info(s)->kind != SOURCE_IQ)
        return err_set(
            e, -EINVAL,
            "%s: holds edges, not samples: the archive keeps samples",
            source_name(s));
    k = calloc(1, sizeof *k);
    if (k == NULL)
        return err_set(e, -ENOMEM, "out of memory");
    k->cfg = cfg;
    k->info = source_info(s);
    status = keep_all(k, s, meta, e);
    *left_out = k->notes.left_out;
    recording_abandon(&k->file);
    recording_abandon(&k->cut);
    free(k->bursts);
    free(k);
    return status;
}
