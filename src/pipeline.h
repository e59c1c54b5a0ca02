/* pipeline - samples or pulses in, bursts and frames out.
 *
 * One way through the house: spectrum, burst finder, channel, modem, line code,
 * protocol, press. Plain calls on one thread, so the same samples give the same
 * frames whatever the size of the blocks they came in.
 *
 *   delay   a burst comes out when it has ended and the finder is sure of it
 *   memory  fixed at creation, whatever the length of the input
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_PIPELINE_H
#define SRC_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "protocols/frame.h"
#include "src/err.h"
#include "src/source.h"

/* A burst of energy, whether or not frames came out of it. Its level is NAN
 * where no chip clock was found, and snr_db then that of its strongest bin. */
struct burst_report {
    uint64_t at, samples;
    struct reception reception;
    double bandwidth_hz;
    bool is_modulation_known; /* false: reception.modulation says nothing */
    double te_us;             /* 0: no chip clock was found */
    size_t n_frames;
};

/* The chips of a burst on its lattice, for --chips: one log-likelihood ratio a
 * chip (positive: on, or mark). Valid during the call. */
struct chip_report {
    uint64_t at; /* first sample of the first chip */
    enum modulation modulation;
    double carrier_hz, te_us;
    const float *llr;
    size_t n;
};

/* What the pipeline calls; any may be NULL. Order: chips and frames of a burst
 * first, then the burst. */
struct pipeline_sink {
    void *user;
    /* One object per frame of INTERFACE.md. press counts from 1. */
    void (*frame)(void *user, const struct frame *f, unsigned press);
    void (*burst)(void *user, const struct burst_report *b);
    void (*chips)(void *user, const struct chip_report *c);
};

#define PIPELINE_BANDS_MAX 8

struct pipeline_cfg {
    struct source_info input;
    bool is_every;  /* each copy on its own, not one frame per run of copies */
    bool is_all;    /* damaged frames and those under 0.5 confidence as well */
    bool is_prompt; /* a run comes out with its burst, not when its press ends;
                     * again if later copies make it proven */
    unsigned bands; /* that the input may be tuned to, each with a noise floor
                     * of its own; 0 is 1; at most PIPELINE_BANDS_MAX */
    struct pipeline_sink sink;
};

struct pipeline_totals {
    uint64_t samples, lost;
    uint64_t bursts, frames;
};

struct pipeline;

/* -EINVAL: a rate outside PIPELINE_RATE_MIN_HZ .. PIPELINE_RATE_MAX_HZ;
 * -ENOMEM. */
#define PIPELINE_RATE_MIN_HZ 20e3
#define PIPELINE_RATE_MAX_HZ 61.44e6
int pipeline_create(struct pipeline **ret, const struct pipeline_cfg *cfg,
                    struct err *e);

/* n samples as stored in cfg.input.format. */
void pipeline_process(struct pipeline *p, const void *samples, size_t n);

/* The next n samples of the input are not there: skipped on purpose, or lost.
 * What is open ends; positions go on as if they had come. */
void pipeline_skip(struct pipeline *p, uint64_t n);
void pipeline_lose(struct pipeline *p, uint64_t n);

/* n samples turned out to have been lost a while ago, unseen. */
void pipeline_lose_late(struct pipeline *p, uint64_t n);

/* What is open ends, as at the end of the input; a skip, a loss, another band, or
 * the end follows. */
void pipeline_cut(struct pipeline *p);

/* The samples that follow come from another band; what is open ends. */
void pipeline_select(struct pipeline *p, unsigned band);

/* Whether something is being sent now that may be a fob; where, from the centre,
 * or NAN. */
bool pipeline_is_busy(const struct pipeline *p);
double pipeline_busy_hz(const struct pipeline *p);

/* Whether the noise floor of the selected band is known. */
bool pipeline_is_settled(const struct pipeline *p);

/* What is there all the time in the selected band; noise_dbfs NAN: not known. */
struct pipeline_floor {
    double noise_dbfs;           /* white noise, in the whole band */
    double steady_hz, steady_db; /* the strongest carrier that never stops, from
                                  * the centre; its bin over the noise's */
};
struct pipeline_floor pipeline_floor(const struct pipeline *p);

/* Of the sample that comes next: those received, skipped and lost before it. */
uint64_t pipeline_position(const struct pipeline *p);

/* Of the oldest sample that can be copied: none before the last gap can. */
uint64_t pipeline_oldest(const struct pipeline *p);

/* n raw samples from position at on into out; false if some are not there any
 * more, or not yet. */
bool pipeline_copy_raw(const struct pipeline *p, uint64_t at, size_t n,
                       void *out);

/* n pulses, where cfg.input.kind is SOURCE_PULSES. */
void pipeline_process_pulses(struct pipeline *p, const pulse_us *pulses,
                             size_t n);

/* End of the input: what is still inside comes out. */
void pipeline_flush(struct pipeline *p);

struct pipeline_totals pipeline_totals(const struct pipeline *p);

void pipeline_destroy(struct pipeline *p); /* takes NULL */

#endif
