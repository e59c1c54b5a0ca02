/* line_code - chips to bits, softly.
 *
 * A line code is the set of chip patterns that a bit may have. Every decision
 * is made on likelihoods: a bit's reliability comes from all patterns that the
 * code allows, those of its neighbours included where a pulse runs across the
 * border between two bits.
 *
 *   in      struct chips
 *   out     struct bits
 *   memory  struct line_decoder, the caller's
 *   source  forward-backward: Bahl, Cocke, Jelinek, Raviv, IEEE Trans.
 *           Information Theory 20, 1974
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_LINE_CODE_H
#define PROTOCOLS_LINE_CODE_H

#include "dsp/chips.h"
#include "protocols/protocol.h"

enum {
    LINE_CODE_VARIABLE_BITS_MAX = 160, /* of codes with bits of two lengths */
    LINE_CODE_STRETCH_MAX = 2,         /* chips, longer over shorter */
    LINE_CODE_ALONE = 3, /* level of a Manchester bit without a neighbour */
};

struct line_code {
    enum line_kind kind;
    struct symbols symbols; /* PWM, PPM; else unused */
};

struct line_decoder { /* private: forward and backward sums */
    float forward[LINE_CODE_VARIABLE_BITS_MAX + 1]
                 [LINE_CODE_VARIABLE_BITS_MAX * LINE_CODE_STRETCH_MAX + 1];
    float backward[LINE_CODE_VARIABLE_BITS_MAX + 1]
                  [LINE_CODE_VARIABLE_BITS_MAX * LINE_CODE_STRETCH_MAX + 1];
    float pair[BITS_MAX][4];
};

struct line_code line_code_of(const struct waveform *w);

/* Chips of a bit; 0: the two differ in length. */
unsigned line_code_period(const struct line_code *c);

/* Chips of the shorter and the longer bit. */
unsigned line_code_shortest(const struct line_code *c);
unsigned line_code_longest(const struct line_code *c);

/* The same kind, and the same symbols where that has a choice. */
bool line_code_is_same(const struct line_code *a, const struct line_code *b);

/* Chips of the longest run of one level within a bit, at most 3; and across the
 * border of two bits, where line_code_decode() looks for one. */
unsigned line_code_longest_run(const struct line_code *c);
unsigned line_code_most_run(const struct line_code *c);

/* Chips of n bits, all of the longer kind. */
size_t line_code_most_chips(const struct line_code *c, size_t n);

/* Chips of this bit. */
unsigned line_code_length(const struct line_code *c, unsigned bit);

/* Codes with memory have a level: the one a bit starts at (PIWM, differential
 * Manchester), or that the bit before ended at, so that a run may go on
 * (Manchester). */
bool line_code_has_memory(const struct line_code *c);

/* The level of the first bit of a frame. */
unsigned line_code_first(const struct line_code *c);

/* The level of the bit after this one. */
unsigned line_code_next(const struct line_code *c, unsigned bit,
                        unsigned level);

/* Log-likelihood of one bit at chip k. k + line_code_longest() <= c->n. */
float line_code_metric(const struct line_code *l, const struct chips *c,
                       size_t k, unsigned bit, unsigned level);

/* For every chip k, either bit's likelihood were one to start there, into
 * out[c->n]; -INFINITY where it would not fit. Only codes with a period. */
void line_code_evidence(const struct line_code *l, const struct likelihood *t,
                        const struct chips *c, float *out);

/* The chips, '0' and '1', of a string of bits into out, which has room for
 * longest() for each, from high on. Returns how many. */
size_t line_code_encode(const struct line_code *l, const char *bits, char *out);

/* The probability of each chip being on, as far as the bits are known, into out,
 * which has room for longest() for each. Of codes with memory or with bits of
 * two lengths, whose chips hang together, it is 0 or 1. Returns how many. */
size_t line_code_expect(const struct line_code *l, const struct bits *b,
                        float *out);

/* Decodes n bits from chip k on (n <= BITS_MAX; LINE_CODE_VARIABLE_BITS_MAX
 * where period() is 0). *ret_end is the chip after the last bit. Returns the
 * log-likelihood of the chips under this code, all bits equally likely before;
 * -INFINITY where the chips end too early, and then nothing is written. */
float line_code_decode(struct line_decoder *d, const struct line_code *l,
                       const struct likelihood *t, const struct chips *c,
                       size_t k, size_t n, struct bits *out, size_t *ret_end);

#endif
