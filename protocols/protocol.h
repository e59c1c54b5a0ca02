/* protocol - what a format looks like on the air, and what its bits mean.
 *
 * A descriptor is a constant table. The shared stages acquire, decode and
 * check a frame by it; its fields and their roles drive JSON, tables and
 * comparison. Nothing about a format is written anywhere else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PROTOCOLS_PROTOCOL_H
#define PROTOCOLS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsp/iq.h"
#include "protocols/bits.h"

/* What check() found. Never an error: all of these are normal input. */
enum verdict {
    VERDICT_NOT_MINE,  /* another format; try the next descriptor */
    VERDICT_DAMAGED,   /* this format, but a check failed */
    VERDICT_PLAUSIBLE, /* fits; the format has no check to prove it */
    VERDICT_PROVEN,    /* fits, and its check in the clear holds */
};

/* How bits become chips (a chip is one TE on or off, mark or space). */
enum line_kind {
    LINE_PWM,             /* fixed period, short high 1, long high 0 */
    LINE_PPM,             /* fixed pulse, long gap 1, short gap 0 */
    LINE_MANCHESTER,      /* high then low 1, low then high 0 */
    LINE_DIFF_MANCHESTER, /* edge at each boundary; edge in the middle 0 */
    LINE_NRZ,             /* high 1, low 0 */
    LINE_PIWM,            /* level changes each bit: one chip 1, two chips 0 */
};

/* A bit as chips, first chip first, '1' on (mark) and '0' off (space). Only
 * PWM and PPM have a choice of them; the others follow from the kind. */
struct symbols {
    const char *zero, *one;
};

/* One way a format is put on the air. Lengths are in chips, and TE is measured
 * anew in each burst: cheap fobs run on RC oscillators.
 *
 *   preamble    header   lead     wake, sync  data           guard
 *   _-_-_-_-_-__________|------__|-_-__-..   |-__--_-__     |__________
 *   pulses      low      chips    bits in the line code
 */
struct waveform {
    unsigned modulations; /* set of 1u << enum modulation */
    enum line_kind kind;
    struct symbols symbols;            /* PWM, PPM */
    float te_us, te_min_us, te_max_us; /* nominal, and the accepted range */
    uint8_t preamble_pulses;           /* one chip on, one off; 0: none */
    uint8_t preamble_sure; /* so many of them, the last, are always sent */
    uint8_t header;        /* low between the last pulse and what follows;
                             * without a preamble: at least so much */
    const char *lead;      /* chips after the header, "1" and "0", or NULL */
    const char *wake;      /* bit repeated before sync: "0", "1" or NULL */
    uint8_t wake_sure;     /* so many wake bits are always sent */
    const char *sync;      /* bits before the data, "" for none; a start bit
                             * is part of it */
    const char *stop;      /* chips after the data, or NULL */
    uint8_t guard;         /* low after the frame that is always there */
    uint16_t n_bits;       /* data bits */
    bool is_inverted;      /* the line code's 0 and 1 stand for 1 and 0 */
};

/* What a comparison of two frames expects of a field. */
enum field_role {
    ROLE_IDENTITY, /* the same in every frame of a fob */
    ROLE_ACTION,   /* follows the button */
    ROLE_STATUS,   /* battery, repeat, flags */
    ROLE_COUNTER,  /* rises with each press, in clear */
    ROLE_ROLLING,  /* changes with each press, unpredictably */
    ROLE_CHECK,    /* computed from the other bits */
    ROLE_FIXED,    /* the same in every frame of the format */
};

/* How the bits of a field make its number. */
enum field_order {
    ORDER_LSB,      /* first bit sent is the lowest */
    ORDER_MSB,      /* first bit sent is the highest */
    ORDER_BYTES_LE, /* bytes highest bit first, lowest byte first */
    ORDER_S3012,    /* Microchip's buttons: sent S3 S0 S1 S2, S0 is 1 */
};

/* The key a field has at the top level of the JSON line, with rtl_433's type;
 * SHOW_NONE leaves it to "fob.fields". */
enum field_show {
    SHOW_NONE,
    SHOW_HEX,     /* upper-case hex string as wide as the field */
    SHOW_INT,     /* integer */
    SHOW_NOT_FLAG /* one bit, printed 1 - value: battery_ok of a low flag */
};

struct field {
    const char *name; /* JSON key and archive column; never renamed */
    uint16_t at;      /* first bit */
    uint16_t bits;    /* 1 .. 64 */
    enum field_role role;
    enum field_order order;
    enum field_show show;
    const char *key; /* top-level JSON key, NULL with SHOW_NONE */
};

/* Names of the values of the action field: "Lock", "Unlock"; ends with NULL. */
struct action {
    uint64_t value;
    const char *name;
};

struct protocol {
    const char *name;   /* [a-z0-9_]+, stored in the archive; never reused */
    const char *model;  /* rtl_433's where it has the format: Maker-Model */
    const char *title;  /* for people */
    const char *source; /* document the layout was taken from */
    const struct waveform *waveforms; /* ends with n_bits of 0 */
    /* Ends with a name of NULL. A field may lie beyond the bits of a shorter
     * waveform: then that frame does not have it. */
    const struct field *fields;
    const struct action *actions; /* may be NULL */
    unsigned check_bits; /* bits of redundancy that check() tests; 0: none */
    const char *mic;     /* rtl_433's "CRC", "CHECKSUM", "PARITY" or NULL */
    bool is_rolling;     /* false: a fixed code, never called rolling */
    /* Called only with the n_bits of one of the waveforms. Pure. */
    enum verdict (*check)(const struct bits *b);
};

extern const struct protocol *const protocols[]; /* ends with NULL */

/* Whether f lies inside b: a shorter frame may not have it. */
bool field_is_inside(const struct field *f, const struct bits *b);

/* The first field of that role in such bits. NULL: p is, or it has none. */
const struct field *field_find(const struct protocol *p, const struct bits *b,
                               enum field_role role);

/* The number a field holds. f must lie inside b. */
uint64_t field_value(const struct field *f, const struct bits *b);

/* "identity" ..., "pwm" ...: in JSON, never renamed. */
const char *field_role_name(enum field_role r);
const char *line_kind_name(enum line_kind k);

/* "ASK" or "FSK", as rtl_433 has it. */
const char *modulation_name(enum modulation m);

#endif
