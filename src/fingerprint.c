/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/fingerprint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "protocols/protocol.h"

/* What is seen in one frame of each. False: they differ, and why. */
static bool agrees(const struct frame *a, const struct frame *b,
                   char why[FINGERPRINT_WHY])
{
    if (a->reception.modulation != b->reception.modulation)
        snprintf(why, FINGERPRINT_WHY, "one is %s, the other %s",
                 modulation_name(a->reception.modulation),
                 modulation_name(b->reception.modulation));
    else if (a->kind != b->kind)
        snprintf(why, FINGERPRINT_WHY, "line codes %s and %s",
                 line_kind_name(a->kind), line_kind_name(b->kind));
    else if (fabs(a->te_us - b->te_us) >
             FINGERPRINT_TE * fmax(a->te_us, b->te_us))
        snprintf(why, FINGERPRINT_WHY, "chips of %.0f and %.0f us", a->te_us,
                 b->te_us);
    else if (a->bits.n != b->bits.n)
        snprintf(why, FINGERPRINT_WHY, "frames of %zu and %zu bits", a->bits.n,
                 b->bits.n);
    else if (a->protocol != b->protocol)
        snprintf(why, FINGERPRINT_WHY, "formats %s and %s",
                 a->protocol != NULL ? a->protocol->model : "Unknown",
                 b->protocol != NULL ? b->protocol->model : "Unknown");
    else
        return true;
    return false;
}

/* Nats by which the frames of both go better together than apart; NAN: too few. */
static double gain_together(const struct fob_frames *a,
                            const struct fob_frames *b, struct inferrer *m)
{
    struct inference_frame *all = malloc(INFERENCE_FRAMES_MAX * sizeof *all);
    const size_t half = INFERENCE_FRAMES_MAX / 2;
    struct fob_buttons names = { .n = 0 };
    struct inference together, first, second;
    double gain = NAN;

    if (all != NULL) {
        const size_t n = fob_frames_present(a, 0, &names, all, half);
        const size_t k = fob_frames_present(b, 1, &names, all + n, half);

        if (inference_find(m, all, n, a->best->kind, &first) &&
            inference_find(m, all + n, k, b->best->kind, &second) &&
            inference_find(m, all, n + k, a->best->kind, &together))
            gain = together.evidence - first.evidence - second.evidence;
    }
    free(all);
    return gain;
}

enum fingerprint_answer fingerprint_compare(const struct fob_frames *a,
                                            const struct fob_frames *b,
                                            struct inferrer *m,
                                            char why[FINGERPRINT_WHY])
{
    double gain;

    if (a->best == NULL || b->best == NULL) {
        snprintf(why, FINGERPRINT_WHY, "no frame of one of them was read");
        return FINGERPRINT_OPEN;
    }
    if (!agrees(a->best, b->best, why))
        return FINGERPRINT_OTHER;
    snprintf(why, FINGERPRINT_WHY, "%s, chips of %.0f us, %zu bits",
             a->best->reception.modulation == MODULATION_FSK ? "FSK" : "OOK",
             a->best->te_us, a->best->bits.n);
    if (a->best->protocol != NULL)
        return FINGERPRINT_SAME;
    gain = gain_together(a, b, m);
    if (!(fabs(gain) >= FINGERPRINT_NATS)) {
        snprintf(why, FINGERPRINT_WHY, "too few presses of one of them");
        return FINGERPRINT_OPEN;
    }
    if (gain > 0)
        return FINGERPRINT_SAME;
    snprintf(why, FINGERPRINT_WHY, "their fields differ");
    return FINGERPRINT_OTHER;
}
