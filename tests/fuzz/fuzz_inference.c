/* fuzz_inference - bytes as the frames of several presses; their fields, and these as a
 * descriptor.
 *
 *   byte 0      line code; whether frames repeat the first but for some bits
 *   byte 1      frames
 *   byte 2      their usual length
 *   the rest    a frame: fob and button, length, bits; each with likelihoods, if its
 *               first byte says so, one for each eight bits
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#undef NDEBUG /* a fuzzer without asserts finds nothing */
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "protocols/frame.h"
#include "protocols/inference.h"

/* With sanitizers and coverage 12 frames of 40 bits take some 20 ms. Those of BITS_MAX
 * would take seconds: they are in tests/protocols/test_inference_hostile.c. */
enum {
    FRAMES_MAX = 12,
    LENGTH_MAX = 40,
    LONG_FRAMES_MAX = 3,
    LONG_BITS_MAX = 100,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bits bits[FRAMES_MAX];
static struct inference_frame frames[FRAMES_MAX];

/* What is left of the input; zeros where there is none. */
struct source {
    const uint8_t *data;
    size_t n;
};

static unsigned take(struct source *s)
{
    if (s->n == 0)
        return 0;
    s->n--;
    return *s->data++;
}

static float likelihood(unsigned byte)
{
    static const float odd[8] = { NAN,   INFINITY, -INFINITY, 0,
                                  1e30f, -1e30f,   1e-30f,    0.5f };

    return byte < 8 ? odd[byte] : (float)byte / 8 - 16;
}

/* Values of b from first, changed where a bit of the input is set. */
static void fill(struct source *s, struct bits *b, const struct bits *first,
                 bool has_likelihoods)
{
    for (size_t k = 0; k < b->n; k += 8) {
        const unsigned byte = take(s);
        const float llr = has_likelihoods ? likelihood(take(s)) : 30;

        for (size_t i = k; i < k + 8 && i < b->n; i++) {
            const unsigned before =
                first != NULL && i < first->n ? first->value[i] : 0;

            b->value[i] = (uint8_t)((byte >> (i - k) & 1) ^ before);
            b->llr[i] = b->value[i] ? llr : -llr;
        }
    }
}

static struct inference_frame make_frame(struct source *s, struct bits *b,
                                         size_t usual, size_t most,
                                         const struct bits *first)
{
    static const int buttons[8] = { 0, 1, 2, -1, INT_MAX, INT_MIN, 77, 3 };
    const unsigned how = take(s);
    struct inference_frame f = { b, how & 7, buttons[how >> 3 & 7] };

    memset(b, 0, sizeof *b);
    if ((how & 7) == 7)
        f.fob = UINT_MAX - take(s);
    b->n = usual;
    if (how & 64)
        b->n = (usual + take(s)) % (most + 1);
    fill(s, b, first, (how & 128) != 0);
    return f;
}

static void check_wants(const struct inference *r)
{
    assert(r->n_wants <= INFERENCE_WANTS_MAX);
    for (size_t i = 0; i < r->n_wants; i++) {
        assert(r->want[i].kind <= WANT_LABELS);
        assert(r->want[i].presses >= 1);
        assert(r->want[i].at + r->want[i].bits <= r->n_bits);
    }
}

static bool is_share(double p)
{
    return p >= 0 && p <= 1;
}

static void check_fields(const struct inference *r)
{
    size_t at = 0;

    assert(r->n >= 1 && r->n <= INFERENCE_FIELDS_MAX);
    for (size_t i = 0; i < r->n; i++) {
        const struct inference_field *f = &r->field[i];
        const struct relation *c = &f->relation;

        assert(f->at == at && f->bits >= 1);
        assert(f->role <= ROLE_FIXED && f->order <= ORDER_MSB);
        assert(is_share(f->confidence) && is_share(f->begins));
        assert(is_share(f->ends) && isfinite(f->gain) != 0);
        assert((f->role == ROLE_CHECK) == (c->kind != RELATION_NONE));
        if (c->kind != RELATION_NONE)
            assert(c->from + c->from_bits <= f->at && is_share(c->confidence));
        at += f->bits;
    }
    assert(at <= r->n_bits &&
           (at == r->n_bits || r->n == INFERENCE_FIELDS_MAX));
}

static void check_described(const struct inference *r, const struct bits *b)
{
    static struct inferred_protocol p;
    const struct frame f = { .kind = r->kind,
                             .te_us = 400,
                             .preamble_chips = 1000,
                             .sync_chips = 1000,
                             .bits = *b };
    uint64_t sum = 0;
    size_t at = 0;

    inference_describe(r, &f, &p);
    for (const struct field *k = p.protocol.fields; k->name != NULL; k++) {
        assert(k->bits >= 1 && k->bits <= 64 && k->at == at);
        assert(strlen(k->name) < INFERRED_NAME);
        for (const struct field *j = p.protocol.fields; j < k; j++)
            assert(strcmp(j->name, k->name) != 0);
        at += k->bits;
        if (at <= b->n)
            sum += field_value(k, b);
    }
    assert(at <= r->n_bits);
    assert(p.protocol.check(b) == VERDICT_PLAUSIBLE || sum == 0);
}

/* There and back again: the values are the same. */
static void check_readings(const struct bits *b)
{
    struct bits other, back;

    inference_read_as(b, LINE_MANCHESTER, LINE_DIFF_MANCHESTER, &other);
    inference_read_as(&other, LINE_DIFF_MANCHESTER, LINE_MANCHESTER, &back);
    assert(back.n == b->n && memcmp(back.value, b->value, b->n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source s = { data, size };
    struct inferrer m = { 0 };
    struct inference r;
    const unsigned how = take(&s);
    const bool is_long = how >> 4 == 15;
    const size_t n =
        take(&s) % (is_long ? LONG_FRAMES_MAX + 1u : FRAMES_MAX + 1u);
    const size_t most = is_long ? LONG_BITS_MAX : LENGTH_MAX;
    const size_t usual = take(&s) % (most + 1);

    for (size_t i = 0; i < n; i++) {
        frames[i] = make_frame(&s, &bits[i], usual, most,
                               how & 8 && i > 0 ? &bits[0] : NULL);
        check_readings(&bits[i]);
    }
    if (inferrer_init(&m) != 0)
        abort();
    if (inference_find(&m, frames, n, (enum line_kind)((how & 7) % 6), &r)) {
        assert(r.frames >= 2 && r.frames + r.left_out == n);
        assert(r.fobs >= 1 && r.buttons <= r.frames);
        assert(isfinite(r.kind_gain) != 0 && r.kind_gain >= 0);
        check_fields(&r);
        check_wants(&r);
        for (size_t i = 0; i < n; i++)
            check_described(&r, &bits[i]);
    } else {
        assert(r.n == 0);
    }
    inferrer_finish(&m);
    return 0;
}
