/* Line codes: there and back, and against all strings of bits one by one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocols/line_code.h"
#include "tests/support/keyed.h"

#define RATE  40e3
#define TE    12.0 /* samples */
#define TE_US (TE / RATE * 1e6)

enum { ROOM = 1400 };

static struct likelihood table;
static struct line_decoder decoder;
static char bits[BITS_MAX + 1], drawn[BITS_MAX * 4 + 1];

struct code {
    struct line_code code;
    const char *one, *zero, *text; /* the chips of "1", of "0" and of "1001" */
};

/* As protocol.h has them. */
static const struct code codes[] = {
    { { LINE_PWM, { "110", "100" } }, "100", "110", "100110110100" },
    { { LINE_PWM, { "1000", "1110" } }, "1110", "1000", "1110100010001110" },
    { { LINE_PPM, { "10", "1000" } }, "1000", "10", "100010101000" },
    { { LINE_PPM, { "10", "100" } }, "100", "10", "1001010100" },
    { { .kind = LINE_MANCHESTER }, "10", "01", "10010110" },
    { { .kind = LINE_DIFF_MANCHESTER }, "11", "10", "11010100" },
    { { .kind = LINE_NRZ }, "1", "0", "1001" },
    { { .kind = LINE_PIWM }, "1", "11", "100110" },
};
enum { CODES = sizeof codes / sizeof codes[0] };

static void random_bits(struct synth_random *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bits[i] = synth_random_u64(r) & 1 ? '1' : '0';
    bits[n] = '\0';
}

static size_t draw(const struct code *c)
{
    size_t n = line_code_encode(&c->code, bits, drawn);

    drawn[n] = '\0';
    return n;
}

struct reading {
    struct chips chips;
    void *memory;
};

/* The chips of drawn[] after two of silence, four of them after it. */
static struct reading hear(enum modulation m, double e_n0_db, uint64_t seed)
{
    struct synth_train t = { 0 };
    struct keyed_cfg c = { .train = &t,
                           .rate_hz = RATE,
                           .modulation = m,
                           .before = 2 * TE,
                           .after = 4 * TE,
                           .power = pow(10, e_n0_db / 10) / TE,
                           .noise = 1,
                           .seed = seed };
    struct reading r;
    size_t n = strlen(drawn) + 6;

    synth_chips(&t, drawn, TE_US);
    struct keyed k = keyed_make(&c);
    r.memory = calloc(1, chips_bytes(n));
    assert_non_null(r.memory);
    chips_attach(&r.chips, r.memory, n);
    chips_measure(&r.chips, &table, &k.keying, (struct lattice){ 0, TE }, n,
                  CHIPS_RUN_MAX);
    keyed_free(&k);
    synth_free(&t);
    return r;
}

static void codes_are_those_of_protocol_h(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        const struct line_code *c = &codes[i].code;
        unsigned one = (unsigned)strlen(codes[i].one);
        unsigned zero = (unsigned)strlen(codes[i].zero);
        strcpy(bits, "1");
        draw(&codes[i]);
        assert_string_equal(drawn, codes[i].one);
        strcpy(bits, "0");
        draw(&codes[i]);
        assert_string_equal(drawn, codes[i].zero);
        strcpy(bits, "1001");
        draw(&codes[i]);
        assert_string_equal(drawn, codes[i].text);
        assert_int_equal(line_code_length(c, 1), one);
        assert_int_equal(line_code_length(c, 0), zero);
        assert_int_equal(line_code_shortest(c), one < zero ? one : zero);
        assert_int_equal(line_code_longest(c), one > zero ? one : zero);
        assert_int_equal(line_code_period(c), one == zero ? one : 0);
    }
}

/* The synthesiser and the coder were written apart. */
static void codes_are_those_of_the_synthesiser(void **state)
{
    struct synth_random r = { 1 };

    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        struct waveform w = { .kind = codes[i].code.kind,
                              .symbols = codes[i].code.symbols };
        struct synth_train t = { 0 }, chips = { 0 };
        random_bits(&r, 100);
        draw(&codes[i]);
        synth_bits(&t, &w, bits, 1);
        synth_chips(&chips, drawn, 1);
        assert_int_equal(t.n, chips.n);
        for (size_t k = 0; k < t.n; k++) {
            assert_int_equal(t.piece[k].level, chips.piece[k].level);
            assert_true(t.piece[k].us == chips.piece[k].us);
        }
        struct line_code c = line_code_of(&w);
        assert_int_equal(c.kind, codes[i].code.kind);
        synth_free(&t);
        synth_free(&chips);
    }
}

/* decode() of n bits from chip 2 on gives bits[], and says where they end. A
 * low at the end of a last bit of two lengths is like the silence after it:
 * that one cannot be told. */
static void is_read(const struct code *c, enum modulation m, double e_n0_db,
                    size_t n, struct synth_random *r)
{
    struct bits out = { 0 };
    size_t end = 0;

    random_bits(r, n);
    size_t chips = draw(c);
    struct reading h = hear(m, e_n0_db, synth_random_u64(r));
    float score = line_code_decode(&decoder, &c->code, &table, &h.chips, 2, n,
                                   &out, &end);
    assert_true(isfinite(score));
    assert_int_equal(out.n, n);
    size_t sure = n;
    if (line_code_period(&c->code) == 0 && drawn[chips - 1] == '0')
        sure--;
    else
        assert_int_equal(end, 2 + chips);
    for (size_t i = 0; i < sure; i++) {
        assert_int_equal(out.value[i], bits[i] == '1');
        assert_true(out.value[i] ? out.llr[i] > 0 : out.llr[i] < 0);
        assert_true(isfinite(out.llr[i]));
    }
    free(h.memory);
}

static void what_was_sent_is_read(void **state)
{
    struct synth_random r = { 2 };

    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        bool is_fixed = line_code_period(&codes[i].code) != 0;
        is_read(&codes[i], MODULATION_OOK, 19, 1, &r);
        is_read(&codes[i], MODULATION_OOK, 19, 2, &r);
        is_read(&codes[i], MODULATION_OOK, 19, 66, &r);
        is_read(&codes[i], MODULATION_OOK, 25,
                is_fixed ? 300 : LINE_CODE_VARIABLE_BITS_MAX, &r);
        is_read(&codes[i], MODULATION_FSK, 17, 66, &r);
    }
}

static void the_longest_frame_is_read(void **state)
{
    struct synth_random r = { 3 };

    (void)state;
    is_read(&codes[4], MODULATION_OOK, 25, BITS_MAX, &r);
    is_read(&codes[6], MODULATION_FSK, 25, BITS_MAX, &r);
}

/* Mean size of the likelihood of 100 bits. */
static double reliability(const struct code *c, double e_n0_db)
{
    struct synth_random r = { 4 };
    struct bits out = { 0 };
    size_t end;
    double sum = 0;

    random_bits(&r, 100);
    draw(c);
    struct reading h = hear(MODULATION_OOK, e_n0_db, 5);
    line_code_decode(&decoder, &c->code, &table, &h.chips, 2, 100, &out, &end);
    for (size_t i = 0; i < out.n; i++)
        sum += (double)fabsf(out.llr[i]) / 100;
    free(h.memory);
    return sum;
}

static void reliability_falls_with_noise(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        double last = 1e9;
        for (double db = 18; db > -6; db -= 4) {
            double now = reliability(&codes[i], db);
            assert_true(now > 0 && now < last);
            last = now;
        }
    }
}

/* ln of the likelihood of drawn[] from chip k on, by its runs; what comes
 * after it is off. Runs go on over the borders of bits but in NRZ; in front of
 * the first bit of Manchester is a low. */
static double likelihood_of(const struct line_code *l, const struct chips *c,
                            size_t k)
{
    double sum = 0;
    const bool has_runs = l->kind != LINE_NRZ;

    if (l->kind == LINE_MANCHESTER && drawn[0] == '0')
        sum += (double)(c->off[1][k - 1] - c->off[0][k - 1] - c->off[0][k]);

    for (const char *p = drawn; *p != '\0';) {
        size_t m = 1;
        while (has_runs && m < CHIPS_RUN_MAX && p[m] == p[0])
            m++;
        sum += (double)(*p == '1' ? c->on[m - 1][k] : c->off[m - 1][k]);
        p += m;
        k += m;
    }
    return sum;
}

static double add(double a, double b)
{
    return fmax(a, b) + (a == b ? log(2) : log1p(exp(-fabs(a - b))));
}

/* All 2^n strings, each with its own likelihood. A sum of two in the decoder
 * is good to 0.02; it makes about two a bit. */
static void is_as_counted(const struct code *c, const struct chips *h, size_t n)
{
    double either[2][8], all = -1e30;
    struct bits out = { 0 };
    size_t end;
    float tolerance = 0.05f + 0.04f * (float)n;

    for (size_t i = 0; i < 8; i++)
        either[0][i] = either[1][i] = -1e30;
    for (unsigned code = 0; code < 1u << n; code++) {
        for (size_t i = 0; i < n; i++)
            bits[i] = code >> i & 1 ? '1' : '0';
        bits[n] = '\0';
        draw(c);
        double one = likelihood_of(&c->code, h, 2);
        all = add(all, one);
        for (size_t i = 0; i < n; i++)
            either[code >> i & 1][i] = add(either[code >> i & 1][i], one);
    }
    float score =
        line_code_decode(&decoder, &c->code, &table, h, 2, n, &out, &end);
    assert_float_equal(score, (float)(all - (double)n * log(2)), tolerance);
    for (size_t i = 0; i < n; i++)
        assert_float_equal(out.llr[i], (float)(either[1][i] - either[0][i]),
                           tolerance);
}

/* Signals from which bits cannot be told for sure, and noise alone. */
static void decisions_are_sums_over_all_strings(void **state)
{
    struct synth_random r = { 6 };

    (void)state;
    for (size_t i = 0; i < CODES; i++)
        for (size_t n = 1; n <= 8; n++)
            for (int round = 0; round < 8; round++) {
                /* of variable codes only OOK's silence has no chips */
                bool is_fsk = round % 2 && line_code_period(&codes[i].code);
                random_bits(&r, n);
                draw(&codes[i]);
                strcat(drawn, "00000000000000000000000000");
                struct reading h =
                    hear(is_fsk ? MODULATION_FSK : MODULATION_OOK,
                         round < 2 ? -20 : 4, synth_random_u64(&r));
                is_as_counted(&codes[i], &h.chips, n);
                free(h.memory);
            }
}

/* One bit less than asked for: nothing is written. */
static void chips_that_end_too_early_are_no_frame(void **state)
{
    struct synth_random r = { 7 };

    (void)state;
    for (size_t i = 0; i < CODES; i++) {
        struct bits out = { .value = { 7, 7, 7 } };
        size_t end = 99;
        random_bits(&r, 20);
        draw(&codes[i]);
        struct reading h = hear(MODULATION_OOK, 20, 8);
        size_t n = h.chips.n / line_code_shortest(&codes[i].code) + 1;
        float score = line_code_decode(&decoder, &codes[i].code, &table,
                                       &h.chips, 2, n, &out, &end);
        assert_true(isinf(score) && score < 0);
        assert_memory_equal(out.value, ((uint8_t[]){ 7, 7, 7, 0 }), 4);
        assert_int_equal(end, 99);
        free(h.memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_protocol_h),
        cmocka_unit_test(codes_are_those_of_the_synthesiser),
        cmocka_unit_test(what_was_sent_is_read),
        cmocka_unit_test(the_longest_frame_is_read),
        cmocka_unit_test(reliability_falls_with_noise),
        cmocka_unit_test(decisions_are_sums_over_all_strings),
        cmocka_unit_test(chips_that_end_too_early_are_no_frame),
    };

    likelihood_init(&table);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
