/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/burst_finder.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/burst_ends.h"
#include "dsp/vector.h"

enum { LENGTHS = 4, SUM4_ROWS = 8, WIDEN_ROWS = 12, MARGIN_ROWS = 3 };
static const size_t length_rows[LENGTHS] = { 1, 4, 16, 32 };
/* Whatever can be decoded is hot in a sum of four rows: the longest tells
 * carriers that are 11 dB weaker. */
enum { BRIEF_LENGTHS = 2 };

/* Gaussian equivalent of the false-alarm rate: 1024 bins, 290 rows a second and
 * four lengths are 4e9 trials an hour at 2.4 MS/s; 6.7 sigma is 1e-11 each. */
#define SIGMA 6.7
/* Hann bins are correlated: the sum of three has the spread of 1.86. */
#define THREE_BINS 1.86
/* The tones of an FSK fob, or its skirts, lie this close (Continental KR5V2X:
 * 60 kHz apart). */
#define TOLERANCE_HZ 70e3
/* Copies of a frame are 10 to 50 ms apart: HCS301 16 ms, HCS362 up to 77 ms
 * (DS40189, guard time), which is just within it. No longer: a frame is to be
 * told within 100 ms. */
#define HANG_SECONDS 0.078
/* A floor so far over the usual one is a carrier's; those this near to a burst
 * are told, for they leak into its channel. */
#define STEADY          4.0f
#define STEADY_REACH_HZ 130e3
#define CLIP            1e6f /* 60 dB over the floor is as good as more */

static double row_seconds(const struct burst_finder_cfg *c)
{
    return (double)c->bins * c->hops / c->rate_hz;
}

static void set_thresholds(struct burst_finder *f)
{
    for (size_t i = 0; i < LENGTHS; i++) {
        const double rows = (double)length_rows[i];
        for (int wide = 0; wide < 2; wide++) {
            const double k = rows * f->cfg.hops * (wide ? THREE_BINS : 1);
            const double v = 1 / (9 * k);
            const double q = pow(1 - v + SIGMA * sqrt(v), 3);
            if (wide)
                f->three_bins[i] = (float)(3 * rows * q);
            else
                f->one_bin[i] = (float)(rows * q);
        }
    }
}

static size_t power_of_two(size_t n)
{
    size_t p = 1;
    while (p < n)
        p *= 2;
    return p;
}

static int allocate(struct burst_finder *f)
{
    const size_t bins = f->cfg.bins;
    const size_t most = bins > f->history ? bins : f->history;
    f->ring = calloc(f->history * bins, sizeof *f->ring);
    f->sum4_ring = calloc(SUM4_ROWS * bins, sizeof *f->sum4_ring);
    f->scratch = calloc(2 * most, sizeof *f->scratch);
    f->hot = calloc(bins, 1);
    for (size_t i = 0; i < 3; i++) {
        f->sums[i] = calloc(bins, sizeof *f->sums[i]);
        if (!f->sums[i])
            return -ENOMEM;
    }
    return f->ring && f->sum4_ring && f->scratch && f->hot ? 0 : -ENOMEM;
}

int burst_finder_init(struct burst_finder *f,
                      const struct burst_finder_cfg *cfg)
{
    *f = (struct burst_finder){ .cfg = *cfg };
    if (!(cfg->rate_hz > 0) || cfg->bins < 8 || (cfg->bins & (cfg->bins - 1)) ||
        !cfg->hops || !(cfg->max_seconds > 0.2))
        return -EINVAL;
    f->max_rows = (size_t)(cfg->max_seconds / row_seconds(cfg)) + 1;
    f->history = power_of_two(f->max_rows + 160);
    f->boxes.tolerance =
        1 + (size_t)(TOLERANCE_HZ * (double)cfg->bins / cfg->rate_hz);
    set_thresholds(f);
    const struct noise_floor_cfg floor = { .bins = cfg->bins,
                                           .hops = cfg->hops,
                                           .row_seconds = row_seconds(cfg) };
    int e = noise_floor_init(&f->floor, &floor);
    if (!e)
        e = allocate(f);
    if (e)
        burst_finder_finish(f);
    return e;
}

void burst_finder_finish(struct burst_finder *f)
{
    noise_floor_finish(&f->floor);
    free(f->ring);
    free(f->sum4_ring);
    free(f->scratch);
    free(f->hot);
    for (size_t i = 0; i < 3; i++)
        free(f->sums[i]);
    *f = (struct burst_finder){ 0 };
}

static float *ring_row(const struct burst_finder *f, uint64_t row)
{
    return f->ring + (row & (f->history - 1)) * f->cfg.bins;
}

/* Weakest of the rows in the last third of a box that is too long. */
static uint64_t weakest_row(const struct burst_finder *f,
                            const struct burst_box *b)
{
    uint64_t best = b->last;
    float least = HUGE_VALF;
    for (uint64_t r = b->last - f->max_rows / 3; r < b->last; r++) {
        const float *q = ring_row(f, r);
        float sum = 0;
        for (size_t i = b->low; i <= b->high; i++)
            sum += q[i];
        if (sum < least) {
            least = sum;
            best = r;
        }
    }
    return best;
}

/* Mean power over the floor of each bin of the box, less 1, into mean[]. */
static void mean_excess(const struct burst_finder *f, const struct burst_box *b,
                        float *mean)
{
    const size_t width = b->high - b->low + 1;
    const float n = (float)(b->last - b->first + 1);
    memset(mean, 0, width * sizeof *mean);
    for (uint64_t r = b->first; r <= b->last; r++) {
        const float *q = ring_row(f, r) + b->low;
        for (size_t i = 0; i < width; i++)
            mean[i] += q[i];
    }
    for (size_t i = 0; i < width; i++)
        mean[i] = mean[i] / n - 1;
}

/* Power over the noise in each of n rows from first on, in the bins of the box
 * whose mean is above limit; returns how many those are. */
static size_t sum_bins(const struct burst_finder *f, const struct burst_box *b,
                       const float *mean, float limit, float *profile)
{
    const size_t n = (size_t)(b->last - b->first + 1);
    const size_t width = b->high - b->low + 1;
    size_t bins = 0;
    for (size_t i = 0; i < width; i++)
        bins += mean[i] >= limit;
    for (size_t r = 0; r < n; r++) {
        const float *q = ring_row(f, b->first + r) + b->low;
        profile[r] = 0;
        for (size_t i = 0; i < width; i++)
            profile[r] += mean[i] >= limit ? q[i] - 1 : 0;
    }
    return bins;
}

/* First and last row of the box that belong to the burst: long sums reach out
 * to both sides of it. bins[] are those above limit. */
static void trim(const struct burst_finder *f, struct burst_box *b,
                 const float *mean, float limit, float *profile)
{
    const size_t n = (size_t)(b->last - b->first + 1);
    const size_t bins = sum_bins(f, b, mean, limit, profile);
    const float noise = sqrtf((float)bins / (float)f->cfg.hops);
    const struct burst_ends e = burst_ends_find(profile, n, noise);
    b->last = b->first + e.last;
    b->first += e.first;
}

/* Steady carriers in and around the box: bins whose floor stands out of the
 * band's. */
static void list_steady(const struct burst_finder *f,
                        const struct burst_box *box, float usual,
                        struct burst *b)
{
    const size_t bins = f->cfg.bins;
    const double bin_hz = f->cfg.rate_hz / (double)bins;
    const float *level = f->floor.floor;
    const float limit = STEADY * usual;
    const size_t reach = (size_t)(STEADY_REACH_HZ / bin_hz) + 1;
    const size_t from = box->low > reach + 1 ? box->low - reach : 1;
    const size_t to =
        box->high + reach < bins - 1 ? box->high + reach : bins - 2;
    for (size_t i = from; i <= to && b->n_steady < BURST_STEADY_MAX; i++)
        if (level[i] > limit && level[i] >= level[i - 1] &&
            level[i] > level[i + 1])
            b->steady_hz[b->n_steady++] =
                (double)i * bin_hz - f->cfg.rate_hz / 2;
}

/* Takes in rows on both sides, as far as they are known and not another's. */
static void widen(const struct burst_finder *f, struct burst_box *b,
                  uint64_t rows)
{
    const uint64_t oldest = f->row > f->max_rows ? f->row - f->max_rows : 0;
    const uint64_t newest = f->row > b->last ? f->row - 1 : f->row;
    if (!b->is_cut_before) {
        b->first = b->first > rows ? b->first - rows : 0;
        b->first = b->first > oldest ? b->first : oldest;
    }
    if (!b->is_cut_after && b->last < newest)
        b->last = b->last + rows < newest ? b->last + rows : newest;
}

static struct burst close_box(struct burst_finder *f, struct burst_box *b)
{
    const struct burst_finder_cfg *c = &f->cfg;
    const double bin_hz = c->rate_hz / (double)c->bins;
    float *mean = f->scratch;
    float *profile = f->scratch + (c->bins > f->history ? c->bins : f->history);
    /* the long sums are looked at now and then, and a weak burst's ends are not
     * hot by themselves */
    widen(f, b, WIDEN_ROWS);
    mean_excess(f, b, mean);
    size_t peak = 0;
    for (size_t i = 0; i <= b->high - b->low; i++)
        peak = mean[i] > mean[peak] ? i : peak;
    const float noise =
        4 / sqrtf((float)(b->last - b->first + 1) * (float)c->hops);
    trim(f, b, mean, fmaxf(0.02f * mean[peak], fminf(noise, mean[peak])),
         profile);
    mean_excess(f, b, mean);
    const size_t bin = b->low + peak;
    const double snr_db = 10 * log10(fmax(mean[peak], 1e-3));
    /* mean is in the same scratch; a steady carrier is no noise */
    const float usual = noise_floor_usual(&f->floor, f->scratch);
    const float level = f->floor.floor[bin];
    const uint64_t row_samples = (uint64_t)c->bins * c->hops;
    const struct burst_box seen = *b;
    widen(f, b, MARGIN_ROWS);
    burst_boxes_close(b);
    struct burst out = {
        .at = b->first * row_samples,
        .samples = (b->last - b->first + 1) * row_samples,
        .seen_at = seen.first * row_samples,
        .seen_samples = (seen.last - seen.first + 1) * row_samples,
        .low_hz = ((double)b->low - 0.5) * bin_hz - c->rate_hz / 2,
        .high_hz = ((double)b->high + 0.5) * bin_hz - c->rate_hz / 2,
        .peak_hz = (double)bin * bin_hz - c->rate_hz / 2,
        .floor = level > STEADY * usual ? usual : level,
        .snr_db = snr_db,
    };
    list_steady(f, b, usual, &out);
    return out;
}

DSP_VECTOR static bool mark_hot(const float *restrict s, size_t n, float one,
                                float three, unsigned char *restrict hot)
{
    unsigned any = 0;
    hot[0] = hot[n - 1] = 0; /* the edges alias */
    for (size_t i = 1; i + 1 < n; i++) {
        const unsigned h = (unsigned)(s[i] > one) |
                           (unsigned)(s[i - 1] + s[i] + s[i + 1] > three);
        hot[i] = (unsigned char)h;
        any |= h;
    }
    return any;
}

static void find_hits(struct burst_finder *f, const float *sum, size_t length)
{
    const size_t n = f->cfg.bins;
    if (!mark_hot(sum, n, f->one_bin[length], f->three_bins[length], f->hot))
        return;
    const size_t rows = length_rows[length];
    struct burst_hit hit = {
        .first = f->row + 1 >= rows ? f->row + 1 - rows : 0,
        .last = f->row,
        .is_brief = length < BRIEF_LENGTHS,
    };
    for (size_t i = 1; i < n; i++) { /* bin 0 is never hot: 0 is none yet */
        if (!f->hot[i])
            continue;
        if (hit.low && i > hit.high + f->boxes.tolerance) {
            burst_boxes_add(&f->boxes, &hit);
            hit.low = i;
        }
        hit.low = hit.low ? hit.low : i;
        hit.high = i;
    }
    burst_boxes_add(&f->boxes, &hit);
    burst_boxes_join(&f->boxes);
}

DSP_VECTOR static void add_rows(float *restrict out, const float *restrict a,
                                size_t n, bool is_first)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (is_first ? 0 : out[i]) + a[i];
}

/* Sums of 4 rows every other row, of 16 every fourth, of 32 every eighth. */
static void update_sums(struct burst_finder *f)
{
    const size_t n = f->cfg.bins;
    const uint64_t t = f->row;
    find_hits(f, ring_row(f, t), 0);
    if (t % 2 == 1 && t >= 3) {
        for (uint64_t r = 0; r < 4; r++)
            add_rows(f->sums[0], ring_row(f, t - r), n, r == 0);
        find_hits(f, f->sums[0], 1);
    }
    if (t % 4 != 3)
        return;
    memcpy(f->sum4_ring + t / 4 % SUM4_ROWS * n, f->sums[0], n * sizeof(float));
    if (t >= 15) {
        for (uint64_t r = 0; r < 4; r++)
            add_rows(f->sums[1], f->sum4_ring + (t / 4 - r) % SUM4_ROWS * n, n,
                     r == 0);
        find_hits(f, f->sums[1], 2);
    }
    if (t % 8 == 7 && t >= 31) {
        memcpy(f->sums[2], f->sums[1], n * sizeof(float));
        for (uint64_t r = 4; r < 8; r++)
            add_rows(f->sums[2], f->sum4_ring + (t / 4 - r) % SUM4_ROWS * n, n,
                     false);
        find_hits(f, f->sums[2], 3);
    }
}

static size_t close_ended(struct burst_finder *f, struct burst *out)
{
    const uint64_t hang = (uint64_t)ceil(HANG_SECONDS / row_seconds(&f->cfg));
    const uint64_t longest = length_rows[LENGTHS - 1];
    size_t n = 0;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        struct burst_box *b = &f->boxes.at[i];
        if (!b->is_open)
            continue;
        if (f->row - b->last >= hang) {
            out[n++] = close_box(f, b);
        } else if (f->row - b->first >= f->max_rows) {
            struct burst_box rest = *b;
            rest.first = weakest_row(f, b);
            rest.is_cut_before = true;
            b->last = rest.first;
            b->is_cut_after = true;
            out[n++] = close_box(f, b);
            *b = rest;
        }
    }
    if (f->row >= longest)
        burst_boxes_forget(&f->boxes, f->row - longest);
    return n;
}

DSP_VECTOR static void over_floor(float *restrict q,
                                  const float *restrict inverse, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float v = q[i] * inverse[i];
        q[i] = v < CLIP ? v : CLIP;
    }
}

/* The row at f->row is in the ring, as power; divides it by the floor. */
static size_t process_row(struct burst_finder *f, struct burst *out)
{
    float *q = ring_row(f, f->row);
    noise_floor_process(&f->floor, q);
    over_floor(q, f->floor.inverse, f->cfg.bins);
    update_sums(f);
    const size_t n = close_ended(f, out);
    f->row++;
    return n;
}

static size_t end_priming(struct burst_finder *f, struct burst *out)
{
    const size_t rows = f->primed;
    f->primed = SIZE_MAX;
    if (!rows)
        return 0;
    noise_floor_prime(&f->floor, f->ring, rows, f->scratch);
    size_t n = 0;
    for (size_t r = 0; r < rows; r++)
        n += process_row(f, out + n);
    return n;
}

size_t burst_finder_process(struct burst_finder *f, const float *sum,
                            struct burst *out)
{
    const bool is_priming = f->primed != SIZE_MAX;
    float *q = ring_row(f, is_priming ? f->primed : f->row);
    const float scale = 1 / (float)f->cfg.hops;
    for (size_t i = 0; i < f->cfg.bins; i++)
        q[i] = sum[i] * scale;
    if (!is_priming)
        return process_row(f, out);
    if (++f->primed < BURST_FINDER_PRIME_ROWS)
        return 0;
    f->is_primed = true;
    return end_priming(f, out);
}

void burst_finder_complete(const struct burst_finder *f, float *sum,
                           unsigned hops)
{
    const float whole = (float)f->cfg.hops, missing = whole - (float)hops;
    for (size_t i = 0; i < f->cfg.bins; i++)
        if (f->primed == SIZE_MAX)
            sum[i] += missing * f->floor.floor[i];
        else
            sum[i] *= whole / (float)hops;
}

size_t burst_finder_bound(const struct burst_finder *f)
{
    (void)f;
    /* a box needs the hang time of more than 4 rows to end */
    return BURST_BOXES_MAX * (BURST_FINDER_PRIME_ROWS / 4 + 1);
}

size_t burst_finder_flush(struct burst_finder *f, struct burst *out)
{
    size_t n = f->primed == SIZE_MAX ? 0 : end_priming(f, out);
    for (size_t i = 0; i < BURST_BOXES_MAX; i++)
        if (f->boxes.at[i].is_open) {
            f->boxes.at[i].last =
                f->boxes.at[i].last < f->row ? f->boxes.at[i].last : f->row - 1;
            out[n++] = close_box(f, &f->boxes.at[i]);
        }
    return n;
}

void burst_finder_reset(struct burst_finder *f)
{
    f->row = 0;
    f->primed = f->is_primed ? SIZE_MAX : 0;
    memset(f->boxes.at, 0, sizeof f->boxes.at);
}

bool burst_finder_is_settled(const struct burst_finder *f)
{
    return f->is_primed;
}

struct noise_floor_view burst_finder_floor(const struct burst_finder *f,
                                           size_t aside)
{
    return noise_floor_view(&f->floor, aside, f->scratch);
}

double burst_finder_busy_hz(const struct burst_finder *f)
{
    const double bin_hz = f->cfg.rate_hz / (double)f->cfg.bins;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        const struct burst_box *b = &f->boxes.at[i];
        if (b->is_open && b->is_clear)
            return (double)(b->low + b->high) / 2 * bin_hz - f->cfg.rate_hz / 2;
    }
    return NAN;
}

bool burst_finder_is_busy(const struct burst_finder *f)
{
    return !isnan(burst_finder_busy_hz(f));
}

uint64_t burst_finder_settled(const struct burst_finder *f)
{
    /* the longest sum may yet open a box that far back, and widen it */
    const uint64_t reach = length_rows[LENGTHS - 1] + WIDEN_ROWS;
    uint64_t settled = f->row > reach ? f->row - reach : 0;
    for (size_t i = 0; i < BURST_BOXES_MAX; i++) {
        const struct burst_box *b = &f->boxes.at[i];
        if (b->is_open && b->first < settled)
            settled = b->first;
    }
    return settled;
}

size_t burst_finder_memory_rows(const struct burst_finder *f)
{
    /* the longest burst, and the wait for its end */
    return f->max_rows + 40 + BURST_FINDER_PRIME_ROWS;
}
