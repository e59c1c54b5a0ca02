/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dsp/spectrum.h"

#include <errno.h>
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>

#include "dsp/vector.h"

#define PI 3.14159265358979323846

int spectrum_init(struct spectrum *s, size_t n)
{
    *s = (struct spectrum){ .n = n };
    if (n < 8 || n > 65536 || (n & (n - 1)))
        return -EINVAL;
    s->window = malloc(n * sizeof *s->window);
    s->buffer = fftwf_malloc(2 * n * sizeof *s->buffer);
    s->bins = fftwf_malloc(2 * n * sizeof *s->bins);
    if (!s->window || !s->buffer || !s->bins)
        goto fail;
    /* ESTIMATE: a measured plan differs from run to run, and so would the last
     * digits of the output. */
    fftwf_complex *x = (fftwf_complex *)s->buffer;
    fftwf_complex *y = (fftwf_complex *)s->bins;
    s->plan = fftwf_plan_dft_1d((int)n, x, y, FFTW_FORWARD, FFTW_ESTIMATE);
    if (!s->plan)
        goto fail;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double w =
            0.5 - 0.5 * cos(2 * PI * ((double)i + 0.5) / (double)n);
        s->window[i] = (float)w;
        sum += w * w;
    }
    for (size_t i = 0; i < n; i++)
        s->window[i] /= (float)sqrt(sum);
    return 0;
fail:
    spectrum_finish(s);
    return -ENOMEM;
}

void spectrum_finish(struct spectrum *s)
{
    if (s->plan)
        fftwf_destroy_plan(s->plan);
    fftwf_free(s->buffer);
    fftwf_free(s->bins);
    free(s->window);
    *s = (struct spectrum){ 0 };
}

iq *spectrum_input(struct spectrum *s)
{
    return (iq *)s->buffer;
}

DSP_VECTOR static void add_power(const float *restrict x, size_t n,
                                 float *restrict sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += x[2 * i] * x[2 * i] + x[2 * i + 1] * x[2 * i + 1];
}

DSP_VECTOR static void apply_window(float *restrict x, const float *restrict w,
                                    size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[2 * i] *= w[i];
        x[2 * i + 1] *= w[i];
    }
}

void spectrum_add(struct spectrum *s, float *sum)
{
    const size_t n = s->n;
    apply_window(s->buffer, s->window, n);
    fftwf_execute(s->plan);
    const float *y = s->bins;
    add_power(y + n, n / 2, sum); /* negative frequencies first */
    add_power(y, n / 2, sum + n / 2);
}

const char *spectrum_library_version(void)
{
    return fftwf_version;
}
