/* identify_heard - what was heard tells of the generation: little.
 *
 *   source  design/DOMAIN.md 2, 7; shares and certainties: knowledge.json
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/identify_impl.h"

#include <math.h>
#include <string.h>

#define MHZ 1e6

enum { CODES_OF_THREE = 3 };

/* The carrier the fob is made for: of a harmonic that of its fundamental. */
static double fundamental_of(const struct identify_radio *r,
                             const struct knowledge *k)
{
    return r->is_harmonic ? r->carrier_hz / knowledge_number(k, "harmonic")
                          : r->carrier_hz;
}

double identify_band_hz(const struct identify_radio *r,
                        const struct knowledge *k)
{
    static const char *const bands[] = { "band_315_hz", "band_433_hz",
                                         "band_868_hz" };
    const double within = knowledge_number(k, "band_within_hz");
    const double spread =
        isfinite(r->carrier_spread_hz) ? fabs(r->carrier_spread_hz) : 0;

    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++) {
        const double hz = knowledge_number(k, bands[i]);

        if (fabs(fundamental_of(r, k) - hz) <= within + fmin(spread, within))
            return hz;
    }
    return NAN;
}

static bool is_known_hz(const struct identify_radio *r,
                        const struct knowledge *k)
{
    return isfinite(r->carrier_hz) && r->carrier_hz > 0 &&
           !(r->carrier_spread_hz > knowledge_number(k, "band_within_hz"));
}

/* Where the second harmonic of a fob in the 433.92 MHz band lies. */
static bool is_like_harmonic(double carrier_hz, const struct knowledge *k)
{
    const double times = knowledge_number(k, "harmonic");

    return fabs(carrier_hz / times - knowledge_number(k, "band_433_hz")) <=
           knowledge_number(k, "band_within_hz");
}

static bool is_fsk(const struct identify_radio *r)
{
    return r->has_modulation && r->modulation == MODULATION_FSK;
}

static const char *band_value(const struct identify_radio *r,
                              const struct knowledge *k)
{
    const double band_hz = identify_band_hz(r, k);

    if (band_hz == knowledge_number(k, "band_868_hz"))
        return is_fsk(r) ? "868_fsk" : "868_other";
    if (isfinite(band_hz))
        return "shared";
    return is_like_harmonic(r->carrier_hz, k) ? "868_other" : "elsewhere";
}

/* What a known format says of band, line code and rolling is the format's. */
static void not_again(const struct identify_radio *r, struct evidence *e)
{
    if (r->protocol != NULL)
        evidence_implied(e, "it goes with the format");
}

static bool band(const struct identify_facts *f, const struct knowledge *k,
                 struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const struct knowledge_row *row;

    if (!is_known_hz(r, k))
        return false;
    row = knowledge_find(k, "band", band_value(r, k));
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%.2f MHz: %s", fundamental_of(r, k) / MHZ, row->says);
    not_again(r, e);
    return true;
}

static bool harmonic(const struct identify_facts *f, const struct knowledge *k,
                     struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const struct knowledge_row *row = knowledge_find(k, "harmonic", "yes");

    if (!r->is_harmonic || !is_known_hz(r, k) || !evidence_take(e, row))
        return false;
    evidence_say(e, "%.2f MHz: %s", r->carrier_hz / MHZ, row->says);
    return true;
}

/* Whether the car can hear it; of the generation it tells nothing. */
static bool market(const struct identify_facts *f, const struct knowledge *k,
                   struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const char *name = f->owner.market;
    const double hz = name == NULL ? NAN : knowledge_market_hz(k, name);
    const struct knowledge_row *row;

    if (!isfinite(hz) || !is_known_hz(r, k))
        return false;
    row = knowledge_find(k, "market", name);
    if (!evidence_take(e, row))
        return false;
    if (identify_band_hz(r, k) == hz)
        evidence_say(e, "%.2f MHz is the band of fobs for %s", hz / MHZ,
                     row->says);
    else
        evidence_say(e,
                     "it sends at %.2f MHz, but fobs for %s are made for "
                     "%.2f MHz: a car of that market does not hear it",
                     fundamental_of(r, k) / MHZ, row->says, hz / MHZ);
    return true;
}

static bool modulation(const struct identify_facts *f,
                       const struct knowledge *k, struct evidence *e)
{
    const struct knowledge_row *row =
        knowledge_find(k, "modulation", is_fsk(&f->radio) ? "fsk" : "ook");

    if (!f->radio.has_modulation || !evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    return true;
}

const char *identify_line_title(enum line_kind k)
{
    static const char *const names[] = {
        [LINE_PWM] = "PWM",
        [LINE_PPM] = "PPM",
        [LINE_MANCHESTER] = "Manchester",
        [LINE_DIFF_MANCHESTER] = "differential Manchester",
        [LINE_NRZ] = "NRZ",
        [LINE_PIWM] = "PIWM",
    };

    return names[k];
}

static bool line_code(const struct identify_facts *f, const struct knowledge *k,
                      struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const bool is_diff = r->kind == LINE_DIFF_MANCHESTER;
    const struct knowledge_row *row =
        knowledge_find(k, "line_code", is_diff ? "diff_manchester" : "other");

    if (!r->has_code || !evidence_take(e, row))
        return false;
    evidence_say(e, "%s%s%s", is_diff ? "" : identify_line_title(r->kind),
                 is_diff ? "" : ": ", row->says);
    not_again(r, e);
    return true;
}

/* Never more than the format: a shape that many share names no car. */
static bool format(const struct identify_facts *f, const struct knowledge *k,
                   struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const struct knowledge_row *known, *row;

    if (r->protocol == NULL) {
        row = knowledge_find(k, "format", "unknown");
        if (!r->has_code || !evidence_take(e, row))
            return false;
        evidence_say(e, "%s", row->says);
        return true;
    }
    known = knowledge_find(k, "format", r->protocol->name);
    row = r->is_proven ? known : knowledge_find(k, "format", "plausible");
    if (!evidence_take(e, row))
        return false;
    evidence_say(e, "%s: %s", r->protocol->name, row->says);
    return true;
}

static bool rolling(const struct identify_facts *f, const struct knowledge *k,
                    struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const struct knowledge_row *row =
        knowledge_find(k, "rolling", r->is_rolling == TRUTH_YES ? "yes" : "no");

    if (r->is_rolling == TRUTH_UNKNOWN || !evidence_take(e, row))
        return false;
    evidence_say(e, "%s", row->says);
    not_again(r, e);
    return true;
}

/* With no more codes than the owner counts buttons, both tell the same. */
static bool actions(const struct identify_facts *f, const struct knowledge *k,
                    struct evidence *e)
{
    const unsigned n = f->radio.actions;
    const struct knowledge_row *row =
        knowledge_find(k, "actions",
                       n > CODES_OF_THREE    ? "more"
                       : n == CODES_OF_THREE ? "three"
                                             : "fewer");

    if (n == 0 || !evidence_take(e, row))
        return false;
    evidence_say(e, "%u distinct button code%s: %s", n, n == 1 ? "" : "s",
                 row->says);
    if (f->owner.buttons >= n)
        evidence_implied(e, "the owner has counted the buttons");
    return true;
}

static bool centred(const struct identify_facts *f, const struct knowledge *k,
                    struct evidence *e)
{
    const struct identify_radio *r = &f->radio;
    const struct knowledge_row *row = knowledge_find(k, "centred", "yes");
    const double within = knowledge_number(k, "centred_hz");

    /* an uncertainty that is not known is not small */
    if (!is_known_hz(r, k) || !(fabs(r->carrier_spread_hz) <= within) ||
        !(fabs(fundamental_of(r, k) - identify_band_hz(r, k)) <= within) ||
        !evidence_take(e, row))
        return false;
    evidence_say(e, "%.3f MHz: %s", fundamental_of(r, k) / MHZ, row->says);
    return true;
}

/* How often a hit or a miss is so in generation g. By chance, for a fob without the
 * code in clear; never less than a copied code or a trial makes it. */
static double hit_likelihood(const struct sticker_result *s,
                             const struct knowledge *k, enum generation g)
{
    const double clear = knowledge_number(k, "sticker_in_clear");
    const double least = clear / knowledge_number(k, "sticker_ratio_max");
    const double chance = isfinite(s->chance) ? s->chance : 1;
    const double stray = fmin(fmax(chance, least), clear);
    const double hit = g == GENERATION_ROVER ? clear : stray;

    return s->is_hit ? hit : 1 - (g == GENERATION_ROVER ? clear : least);
}

static void say_hit(struct evidence *e, const struct sticker_result *s,
                    const char *says)
{
    char how[64];

    sticker_transform_name(s->transform, how, sizeof how);
    evidence_say(e, "%s: at bit %zu of %u presses, %s, %s; 1 in %.0f by chance",
                 says, s->at, s->with_code, sticker_view_name(s->view), how,
                 1 / fmax(s->chance, 1e-12));
}

static bool sticker_in_frames(const struct identify_facts *f,
                              const struct knowledge *k, struct evidence *e)
{
    const struct sticker_result *s = &f->radio.sticker;
    const bool is_few = s->presses < STICKER_PRESSES_MIN;
    const struct knowledge_row *row = knowledge_find(k, "sticker_in_frames",
                                                     s->is_hit ? "hit"
                                                     : is_few  ? "few"
                                                               : "miss");

    if (!f->radio.has_sticker_result || !evidence_take(e, row))
        return false;
    if (s->is_hit)
        say_hit(e, s, row->says);
    else
        evidence_say(e, "%s", row->says);
    for (int g = 0; g < GENERATIONS; g++)
        if (s->is_hit || !is_few)
            e->likelihood[g] = hit_likelihood(s, k, (enum generation)g);
    return true;
}

/* That a fob of generation g looks like one whose owner's facts say `other`, a
 * probability each. */
static double same_likelihood(const double other[GENERATIONS],
                              const struct knowledge *k, size_t g)
{
    const double within =
        knowledge_number(k, g == GENERATION_NEITHER ? "same_family_neither"
                                                    : "same_family_within");
    const double across = knowledge_number(k, "same_family_across");

    return other[g] * within + (1 - other[g]) * across;
}

/* Several comparisons look at one signal of this fob, so one of them counts: the
 * first alike, or else the first that is not. */
static bool is_like_counted(const struct identify_facts *f, size_t i)
{
    size_t best = f->n_likes;

    for (size_t j = f->n_likes; j-- > 0;)
        if (f->like[j].is_known &&
            (best == f->n_likes || f->like[j].is_same_family ||
             !f->like[best].is_same_family))
            best = j;
    return i == best;
}

bool identify_like_item(const struct identify_facts *f,
                        const struct knowledge *k, size_t i, struct evidence *e)
{
    const struct identify_like *x = &f->like[i];
    const struct knowledge_row *row =
        knowledge_find(k, "likes", x->is_same_family ? "same" : "different");
    const char *why = x->why == NULL ? "" : x->why;
    int best = 0;

    if (!evidence_take(e, row))
        return false;
    for (int g = 1; g < GENERATIONS; g++)
        if (x->generation[g] > x->generation[best])
            best = g;
    evidence_say(e, "%s %.40s, by its owner's word: %s%s%.100s", row->says,
                 x->name == NULL ? "another fob" : x->name,
                 x->is_known ? identify_title((enum generation)best, false)
                             : "not said what it is",
                 *why == '\0' ? "" : "; ", why);
    if (!x->is_known)
        return true;
    for (size_t g = 0; g < GENERATIONS; g++) {
        const double same = same_likelihood(x->generation, k, g);

        e->likelihood[g] = x->is_same_family ? same : 1 - same;
    }
    if (!is_like_counted(f, i))
        evidence_implied(e, "another comparison counts");
    return true;
}

/* clang-format off */
const struct identify_item identify_heard_items[] = {
    { "band", band },
    { "harmonic", harmonic },
    { "market", market },
    { "modulation", modulation },
    { "line_code", line_code },
    { "format", format },
    { "rolling", rolling },
    { "actions", actions },
    { "centred", centred },
    { "sticker_in_frames", sticker_in_frames },
    { NULL, NULL },
};
/* clang-format on */
