/* inference_describe - an inferred table in the form of a descriptor.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "protocols/inference.h"

#include <string.h>

#include <assert.h>

/* A descriptor's TE is good for other fobs of the kind: RC oscillators are this far
 * apart (DS40138: -30 to +55 %; of known chips here, half of it). */
#define TE_SPREAD 0.2f

enum { PART_BITS = 64 };

static const char *base_name(enum field_role role)
{
    static const char *const names[] = {
        [ROLE_IDENTITY] = "id",     [ROLE_ACTION] = "button",
        [ROLE_STATUS] = "status",   [ROLE_COUNTER] = "counter",
        [ROLE_ROLLING] = "rolling", [ROLE_CHECK] = "check",
        [ROLE_FIXED] = "fixed",
    };

    assert(role < sizeof names / sizeof *names);
    return names[role];
}

/* "id", "id_2", "id_3". */
static void put_name(char name[INFERRED_NAME], const char *base,
                     unsigned number)
{
    size_t n = strlen(base);

    assert(n + sizeof "_999" <= INFERRED_NAME && number <= 999);
    memcpy(name, base, n);
    if (number > 1) {
        name[n++] = '_';
        for (unsigned unit = number > 99  ? 100
                             : number > 9 ? 10
                                          : 1;
             unit > 0; unit /= 10)
            name[n++] = (char)('0' + number / unit % 10);
    }
    name[n] = '\0';
}

/* Nothing of an inferred format proves a frame. */
static enum verdict check(const struct bits *b)
{
    (void)b;
    return VERDICT_PLAUSIBLE;
}

/* Fields hold 64 bits at most: longer ones come in parts. */
static void put_fields(const struct inference *i, struct inferred_protocol *p)
{
    unsigned count[ROLE_FIXED + 1] = { 0 };
    size_t n = 0;

    for (size_t k = 0; k < i->n; k++) {
        const struct inference_field *f = &i->field[k];

        for (unsigned at = 0; at < f->bits && n < INFERRED_FIELDS_MAX;
             at += PART_BITS, n++) {
            const unsigned left = f->bits - at;

            put_name(p->names[n], base_name(f->role), ++count[f->role]);
            p->fields[n] = (struct field){
                .name = p->names[n],
                .at = (uint16_t)(f->at + at),
                .bits = (uint16_t)(left < PART_BITS ? left : PART_BITS),
                .role = f->role,
                .order = f->order,
            };
        }
        p->protocol.is_rolling |=
            f->role == ROLE_ROLLING || f->role == ROLE_COUNTER;
        if (f->role == ROLE_CHECK)
            p->protocol.check_bits += f->bits;
    }
    p->fields[n].name = NULL;
}

static void put_waveform(const struct inference *i, const struct frame *f,
                         struct waveform *w)
{
    const float te = (float)f->te_us;

    *w = (struct waveform){
        .modulations = 1u << f->reception.modulation,
        .kind = i->kind,
        .symbols = f->symbols,
        .te_us = te,
        .te_min_us = te * (1 - TE_SPREAD),
        .te_max_us = te * (1 + TE_SPREAD),
        .preamble_pulses =
            (uint8_t)(f->preamble_chips / 2 < UINT8_MAX ? f->preamble_chips / 2
                                                        : UINT8_MAX),
        .header =
            (uint8_t)(f->sync_chips < UINT8_MAX ? f->sync_chips : UINT8_MAX),
        .sync = "",
        .n_bits = (uint16_t)i->n_bits,
    };
    w->preamble_sure = w->preamble_pulses;
}

void inference_describe(const struct inference *i, const struct frame *f,
                        struct inferred_protocol *p)
{
    memset(p, 0, sizeof *p);
    put_fields(i, p);
    put_waveform(i, f, &p->waveforms[0]);
    p->protocol.name = "unknown";
    p->protocol.model = "Unknown";
    p->protocol.title = "unknown format, fields inferred";
    p->protocol.source = "inferred from presses";
    p->protocol.waveforms = p->waveforms;
    p->protocol.fields = p->fields;
    p->protocol.check = check;
}
