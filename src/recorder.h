/* recorder - what is sent, written to files with what was before and after it.
 *
 * Follows a pipeline that listens live: a burst opens a recording, further bursts
 * prolong it, and quiet ends it. The captures of a recording say where samples
 * are missing, its annotations what each burst and frame is.
 *
 *   memory  fixed, but for up to NOTES_MAX annotations
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_RECORDER_H
#define SRC_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"
#include "src/live.h"
#include "src/owner.h"
#include "src/pipeline.h"

/* A recording that is whole. */
struct recorder_saved {
    const char *path; /* of the .sigmf-meta, or of the .cu8 */
    double seconds;
    size_t frames;
    size_t left_out;     /* frames and bursts beyond NOTES_MAX (notes.h) */
    uint64_t lost;       /* samples that are missing within it */
    const char *summary; /* "Microchip-HCS200 0C0FFEE" of the first frame; "" */
};

struct recorder_cfg {
    const char *folder; /* NULL: the current one */
    bool is_plain;      /* .cu8 (or what the format is), no metadata */
    bool is_continuous; /* from the first sample to the last */
    double pre_s, post_s;
    bool is_archived;         /* its files are on their way to the archive */
    struct owner_words owner; /* of the fob */
    void (*saved)(void *user, const struct recorder_saved *s);
    void *user;
};

struct recorder;

int recorder_create(struct recorder **ret, const struct recorder_cfg *cfg);

/* Whose samples are written; before anything else. */
void recorder_follow(struct recorder *r, const struct live *l);

/* From within the callbacks of live: */
void recorder_tuned(struct recorder *r, double centre_hz, double gain_db);
void recorder_lost(struct recorder *r, uint64_t at, uint64_t n);
void recorder_frame(struct recorder *r, const struct frame *f, unsigned press);
void recorder_burst(struct recorder *r, const struct burst_report *b);

/* After each step of live: writes what is due. -errno with a sentence. */
int recorder_update(struct recorder *r, struct err *e);

/* Another band comes: what is under way has ended. It is saved when it is known
 * whether samples of it were lost. */
void recorder_leave(struct recorder *r);

/* The end of all, live_finish() included. */
int recorder_finish(struct recorder *r, struct err *e);

/* Unfinished files stay as they are. Takes NULL. */
void recorder_destroy(struct recorder *r);

#endif
