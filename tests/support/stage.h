/* stage - the laws that every stage of dsp/ obeys, as checks for cmocka tests.
 *
 * A test fills a struct stage with callbacks that hide the stage's types, and
 * calls the laws on inputs of its own:
 *
 *     static int begin(void *s) { return widget_init(s, &cfg); }
 *     static size_t feed(void *s, const void *in, size_t n, void *out)
 *     {
 *         return widget_process(s, in, n, out);
 *     }
 *     static const struct stage stage = {
 *         .state_bytes = sizeof(struct widget),
 *         .in_bytes = sizeof(float), .out_bytes = sizeof(struct thing),
 *         .init = begin, .reset = again, .bound = most, .process = feed };
 *
 *     stage_ignores_block_size(&stage, samples, n);
 *     stage_reset_is_fresh(&stage, samples, n);
 *     stage_keeps_to_bound(&stage, samples, n);
 *     stage_survives(&stage, harm, n, samples, n);
 *     stage_is_silent(&stage, zeros, n);
 *
 * Include <cmocka.h> and what it needs before this.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SUPPORT_STAGE_H
#define TESTS_SUPPORT_STAGE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    size_t state_bytes, in_bytes, out_bytes;
    int (*init)(void *s);                /* 0 */
    void (*reset)(void *s, uint64_t at); /* NULL: the stage has none */
    size_t (*bound)(const void *s, size_t n);
    size_t (*process)(void *s, const void *in, size_t n, void *out);
    size_t (*flush)(void *s, void *out); /* at most bound(s, 0); or NULL */
    void (*finish)(void *s);             /* NULL: nothing to release */
    /* NULL: memcmp. For outputs with padding or pointers in them. */
    bool (*is_equal)(const void *a, const void *b);
};

/* What came out of a stage. */
struct stage_output {
    unsigned char *data;
    size_t n;
};

enum { STAGE_GUARD_BYTES = 64 };

static inline void *stage_begin(const struct stage *g)
{
    void *s = calloc(1, g->state_bytes);

    if (s == NULL)
        abort();
    if (g->init(s) != 0)
        abort();
    return s;
}

static inline void stage_end(const struct stage *g, void *s)
{
    if (g->finish != NULL)
        g->finish(s);
    free(s);
}

/* One call, into exactly the room that was promised and a guard behind it. */
static inline void stage_call(const struct stage *g, void *s, const void *in,
                              size_t n, bool is_flush, struct stage_output *o)
{
    size_t room = g->bound(s, n);
    size_t bytes = room * g->out_bytes;
    unsigned char *out = malloc(bytes + STAGE_GUARD_BYTES);

    if (out == NULL)
        abort();
    memset(out, 0xA5, bytes + STAGE_GUARD_BYTES);
    size_t made = is_flush ? g->flush(s, out) : g->process(s, in, n, out);
    assert_true(made <= room);
    for (size_t i = 0; i < STAGE_GUARD_BYTES; i++)
        assert_int_equal(out[bytes + i], 0xA5);
    if (made > 0) {
        unsigned char *more = realloc(o->data, (o->n + made) * g->out_bytes);
        if (more == NULL)
            abort();
        memcpy(more + o->n * g->out_bytes, out, made * g->out_bytes);
        o->data = more;
        o->n += made;
    }
    free(out);
}

/* All of in, in blocks of `block` or of 1 to 1,000 where block is 0, and the
 * flush at the end. */
static inline struct stage_output stage_run(const struct stage *g, void *s,
                                            const void *in, size_t n,
                                            size_t block)
{
    const unsigned char *p = in;
    struct stage_output o = { NULL, 0 };
    uint32_t random = 1;

    for (size_t at = 0; at < n;) {
        /* Numerical Recipes' quick and dirty generator will do. */
        random = random * 1664525u + 1013904223u;
        size_t k = block > 0 ? block : 1 + (random >> 16) % 1000;
        if (k > n - at)
            k = n - at;
        stage_call(g, s, p + at * g->in_bytes, k, false, &o);
        at += k;
    }
    if (g->flush != NULL)
        stage_call(g, s, NULL, 0, true, &o);
    return o;
}

static inline void stage_same(const struct stage *g,
                              const struct stage_output *a,
                              const struct stage_output *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const unsigned char *x = a->data + i * g->out_bytes;
        const unsigned char *y = b->data + i * g->out_bytes;
        if (g->is_equal != NULL)
            assert_true(g->is_equal(x, y));
        else
            assert_memory_equal(x, y, g->out_bytes);
    }
}

/* However the stream is cut, the same comes out, empty blocks included. */
static inline void stage_ignores_block_size(const struct stage *g,
                                            const void *in, size_t n)
{
    const size_t blocks[] = { 1, 7, 997, 4096, 0 };
    void *s = stage_begin(g);
    struct stage_output whole = stage_run(g, s, in, n, n > 0 ? n : 1);

    stage_end(g, s);
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        s = stage_begin(g);
        struct stage_output cut = { NULL, 0 };
        stage_call(g, s, in, 0, false, &cut);
        assert_int_equal(cut.n, 0);
        free(cut.data);
        cut = stage_run(g, s, in, n, blocks[i]);
        stage_same(g, &whole, &cut);
        free(cut.data);
        stage_end(g, s);
    }
    free(whole.data);
}

/* After in and a reset to 0 the stage is as one just made. */
static inline void stage_reset_is_fresh(const struct stage *g, const void *in,
                                        size_t n)
{
    void *s = stage_begin(g);
    struct stage_output first = stage_run(g, s, in, n, 0);

    g->reset(s, 0);
    struct stage_output again = stage_run(g, s, in, n, 0);
    stage_same(g, &first, &again);
    /* In the middle of things too. */
    g->reset(s, 0);
    struct stage_output half = { NULL, 0 };
    stage_call(g, s, in, n / 2, false, &half);
    g->reset(s, 0);
    free(again.data);
    again = stage_run(g, s, in, n, 0);
    stage_same(g, &first, &again);
    free(half.data);
    free(again.data);
    free(first.data);
    stage_end(g, s);
}

/* Each call writes at most bound(n) outputs and nothing behind them. */
static inline void stage_keeps_to_bound(const struct stage *g, const void *in,
                                        size_t n)
{
    for (size_t block = 1; block <= n; block = block * 3 + 1) {
        void *s = stage_begin(g);
        struct stage_output o = stage_run(g, s, in, n, block);
        free(o.data);
        stage_end(g, s);
    }
}

/* bad (NaN, infinities, full scale, zeros: stage_harm makes them) does no harm:
 * it is taken, and after a reset the stage is as one just made. */
static inline void stage_survives(const struct stage *g, const void *bad,
                                  size_t n_bad, const void *in, size_t n)
{
    void *s = stage_begin(g);
    struct stage_output want = stage_run(g, s, in, n, 0);

    stage_end(g, s);
    s = stage_begin(g);
    struct stage_output o = stage_run(g, s, bad, n_bad, 0);
    free(o.data);
    g->reset(s, 0);
    o = stage_run(g, s, in, n, 0);
    stage_same(g, &want, &o);
    free(o.data);
    free(want.data);
    stage_end(g, s);
}

/* Nothing comes out of in: silence, or noise. */
static inline void stage_is_silent(const struct stage *g, const void *in,
                                   size_t n)
{
    void *s = stage_begin(g);
    struct stage_output o = stage_run(g, s, in, n, 0);

    assert_int_equal(o.n, 0);
    free(o.data);
    stage_end(g, s);
}

/* n floats that no receiver delivers and every stage must take. */
static inline void stage_harm(float *out, size_t n)
{
    const float harm[] = { NAN,  INFINITY, -INFINITY, 0.0f,     -0.0f,
                           1.0f, -1.0f,    3.4e38f,   -3.4e38f, 1e-45f };

    for (size_t i = 0; i < n; i++)
        out[i] = harm[(i / 3 + i) % (sizeof harm / sizeof harm[0])];
}

#endif
