/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/playback.h"

/* What is missing in front of the samples that come next. */
static void pass_gap(struct pipeline *p, const struct source_gap *gap)
{
    if (gap->lost > 0)
        pipeline_lose(p, gap->lost);
    if (gap->skipped > 0)
        pipeline_skip(p, gap->skipped);
}

ssize_t playback_step(struct source *s, struct pipeline *p, void *block,
                      size_t room, struct err *e)
{
    ssize_t n;

    if (source_info(s)->kind == SOURCE_PULSES) {
        n = source_read_pulses(s, block, room, e);
        if (n > 0)
            pipeline_process_pulses(p, block, (size_t)n);
        return n;
    }
    n = source_read(s, block, room, e);
    if (n > 0) {
        const struct source_gap gap = source_gap(s);

        pass_gap(p, &gap);
        pipeline_process(p, block, (size_t)n);
    }
    return n;
}
