/* vector - loops that are worth being compiled for wider vectors too.
 *
 * DSP_VECTOR before a function has gcc compile it twice, for any x86-64 and for
 * AVX2; the loader takes the one the processor has. The sums are the same, in
 * the same order: without FMA and -ffast-math the results do not differ by a bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef DSP_VECTOR_H
#define DSP_VECTOR_H

/* clang 14 does not inline into such functions; sanitizers are not ready yet
 * when the loader asks which one to take. */
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) &&          \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                   \
    !defined(__SANITIZE_THREAD__)
#define DSP_VECTOR __attribute__((target_clones("avx2", "default")))
#else
#define DSP_VECTOR
#endif

#endif
