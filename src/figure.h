/* figure - the pictures of reports: what was measured, drawn into a box.
 *
 * Each takes where to draw, and plain arrays that stay the caller's. Of two fobs
 * the first, A, is drawn dark and solid, the second, B, light and dashed. A value
 * that is NAN is left out, and a line broken there. Where nothing is left to draw
 * the box says why. Sizes of letters are for a picture of about 1200 by 900
 * (draw_scale for others); a box smaller than FIGURE_W_MIN by FIGURE_H_MIN stays
 * empty.
 *
 *   memory  none is kept
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_FIGURE_H
#define SRC_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocols/protocol.h"
#include "src/draw.h"

enum {
    FIGURE_W_MIN = 160,
    FIGURE_H_MIN = 110,
    FIGURE_CELLS_MAX = 1 << 21,  /* of a spectrogram */
    FIGURE_POINTS_MAX = 1 << 16, /* of a line; further ones are left out */
    FIGURE_LENGTHS_MAX = 1 << 16,
    FIGURE_PRESSES_MAX = 400,
    FIGURE_ROWS_MAX = 64
};

/* What all of them have. */
struct figure_text {
    const char *title;
    const char
        *why_empty;      /* "pulses have no spectrum"; NULL: nothing was read */
    const char *note;    /* small, beside the title; NULL: none */
    const char *name[2]; /* of the fobs; NULL: "A", "B" */
};

struct figure_burst {
    double start_s, end_s;
    double low_hz, high_hz; /* from the centre */
};

struct figure_spectrogram {
    struct figure_text text;
    const float *power_dbfs; /* [columns * rows], a column after the other, the
                              * lowest frequency first; NAN: not received */
    size_t columns, rows;    /* at most DRAW_IMAGE_MAX */
    double start_s, column_s;
    double low_hz, high_hz; /* outer edges of the rows, from the centre */
    double centre_hz;       /* NAN: not known */
    const struct figure_burst *burst; /* numbered from 1 in this order */
    size_t n_bursts;
};
void figure_spectrogram(struct draw *d, struct box b,
                        const struct figure_spectrogram *f);

/* A line: levels at equal steps. */
struct figure_line {
    const float *level_db;
    size_t n;
    double first, step;
};

struct figure_spectra {
    struct figure_text text;
    const char *unit;         /* "power [dBFS per kHz]"; NULL: "power [dB]" */
    struct figure_line of[2]; /* steps of Hz, from the carrier */
    size_t n;                 /* fobs: 0 .. 2 */
};
void figure_spectra(struct draw *d, struct box b,
                    const struct figure_spectra *f);

struct figure_envelopes {
    struct figure_text text;
    bool is_keying;           /* no levels: 1 is on, 0 is off */
    struct figure_line of[2]; /* steps of ms, from the preamble's first edge */
    size_t n;
};
void figure_envelopes(struct draw *d, struct box b,
                      const struct figure_envelopes *f);

/* How long the carrier is on, and off, at a time. */
struct figure_length {
    const float *high_us, *low_us;
    size_t n_highs, n_lows;
};
struct figure_lengths {
    struct figure_text text;
    bool is_fsk; /* "mark" and "space", not "on" and "off" */
    struct figure_length of[2];
    size_t n;
};
void figure_lengths(struct draw *d, struct box b,
                    const struct figure_lengths *f);

/* One value a press: its level, the length of its chips. */
struct figure_press {
    const double *value;
    const char *const *button; /* names, or NULL: not known; one may be NULL */
    size_t n;                  /* FIGURE_PRESSES_MAX are drawn */
};
struct figure_presses {
    struct figure_text text;
    const char *unit; /* "level [dBFS]", "chip length [us]" */
    double span_min;  /* the axis covers so much at least */
    struct figure_press of[2];
    size_t n;
};
void figure_presses(struct draw *d, struct box b,
                    const struct figure_presses *f);

/* Bits by their role in the frame, a row a press. */
struct figure_row {
    const uint8_t *bit; /* 0 or 1 */
    size_t n;           /* at most BITS_MAX */
    const char *label;  /* "1 lock", "B 3"; may be NULL */
};
struct figure_bits {
    struct figure_text text;
    const struct figure_row *row; /* those that there is room for are drawn */
    size_t n_rows;
    const struct field *field; /* ends with a name of NULL; NULL: roles are not
                                * known. Only at, bits, role, name are read */
    bool is_redacted; /* what may tell a serial or a code is not written: only
                       * action, status and fixed bits are */
    const bool *is_hidden; /* [BITS_MAX]: of those, what is not either: roles
                            * that were inferred, and are not sure; or NULL */
};
void figure_bits(struct draw *d, struct box b, const struct figure_bits *f);

#endif
