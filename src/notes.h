/* notes - what is said of stretches of a recording: its bursts and frames, on
 * their way to its annotations.
 *
 * Positions are those of the stream that was listened to; the file may leave out
 * some of it.
 *
 *   memory  fixed: NOTES_MAX, the rest is counted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_NOTES_H
#define SRC_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/frame.h"
#include "src/pipeline.h"
#include "src/recording.h"
#include "src/report_json.h"
#include "src/sigmf_write.h"

enum { NOTES_MAX = 1000 };

/* About positions at .. at + count. */
struct note {
    uint64_t at, count;
    double low_hz, high_hz;
    bool is_frame;
    struct frame frame; /* its at is the note's */
    unsigned press;
    double centre_hz, gain_db; /* of the receiver then; NAN: not known */
};

struct notes { /* zeroed: none */
    struct note note[NOTES_MAX];
    size_t n, left_out; /* those that found no room */
};

void notes_add_frame(struct notes *s, const struct frame *f, unsigned press,
                     double centre_hz, double gain_db);

/* A burst from which frames came is told by them, and adds nothing. */
void notes_add_burst(struct notes *s, const struct burst_report *b,
                     double centre_hz, double gain_db);

/* Found out late: what came from position at on is n further on. */
void notes_shift(struct notes *s, uint64_t at, uint64_t n);

void notes_clear(struct notes *s);

/* Those of which some lies within the first `length` samples of file, which
 * begin with position `first`, by start, as its annotations. origin: its centre and
 * gain are each note's own. sorted has room for NOTES_MAX. */
size_t notes_write(const struct notes *s, const struct recording *file,
                   uint64_t first, uint64_t length,
                   const struct report_origin *origin,
                   struct sigmf_note *sorted);

#endif
