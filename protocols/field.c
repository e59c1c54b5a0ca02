/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "protocols/protocol.h"

#include <assert.h>

/* S3, S0, S1, S2 in the order sent; S0 is 1, S3 is 8. */
static uint64_t s3012(const struct bits *b, size_t at)
{
    return bits_lsb(b, at + 1, 3) | bits_lsb(b, at, 1) << 3;
}

bool field_is_inside(const struct field *f, const struct bits *b)
{
    return f->bits <= 64 && (size_t)f->at + f->bits <= b->n;
}

const struct field *field_find(const struct protocol *p, const struct bits *b,
                               enum field_role role)
{
    if (p == NULL)
        return NULL;
    for (const struct field *f = p->fields; f->name != NULL; f++)
        if (f->role == role && field_is_inside(f, b))
            return f;
    return NULL;
}

const char *field_role_name(enum field_role r)
{
    static const char *const names[] = {
        [ROLE_IDENTITY] = "identity", [ROLE_ACTION] = "action",
        [ROLE_STATUS] = "status",     [ROLE_COUNTER] = "counter",
        [ROLE_ROLLING] = "rolling",   [ROLE_CHECK] = "check",
        [ROLE_FIXED] = "fixed",
    };

    assert(r < sizeof names / sizeof *names);
    return names[r];
}

const char *line_kind_name(enum line_kind k)
{
    static const char *const names[] = {
        [LINE_PWM] = "pwm",
        [LINE_PPM] = "ppm",
        [LINE_MANCHESTER] = "manchester",
        [LINE_DIFF_MANCHESTER] = "diff_manchester",
        [LINE_NRZ] = "nrz",
        [LINE_PIWM] = "piwm",
    };

    assert(k < sizeof names / sizeof *names);
    return names[k];
}

const char *modulation_name(enum modulation m)
{
    return m == MODULATION_FSK ? "FSK" : "ASK";
}

uint64_t field_value(const struct field *f, const struct bits *b)
{
    assert(f->order <= ORDER_S3012);
    switch (f->order) {
    case ORDER_LSB:
        return bits_lsb(b, f->at, f->bits);
    case ORDER_MSB:
        return bits_msb(b, f->at, f->bits);
    case ORDER_BYTES_LE:
        return bits_bytes_le(b, f->at, f->bits);
    case ORDER_S3012:
        assert(f->bits == 4);
        return s3012(b, f->at);
    }
    return 0;
}
