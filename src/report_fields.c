/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "src/report_fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <assert.h>

#include "protocols/protocol.h"

/* Of a field that is less sure no bit is given away. */
#define HIDDEN_BELOW 0.95
/* A border that is less sure than this is said to be. */
#define BORDER_SURE 0.9

enum { WHAT_COLUMN = 34 };

static const char *order_name(enum field_order o)
{
    static const char *const names[] = {
        [ORDER_LSB] = "lsb",
        [ORDER_MSB] = "msb",
        [ORDER_BYTES_LE] = "bytes_le",
        [ORDER_S3012] = "s3012",
    };

    assert(o < sizeof names / sizeof *names);
    return names[o];
}

/* The inferred field that f of the descriptor is, or is a part of. NULL: f's format
 * is a known one. */
static const struct inference_field *
inferred_of(const struct identify_subject *x, const struct field *f)
{
    if (!x->is_inferred)
        return NULL;
    for (size_t i = 0; i < x->inference.n; i++) {
        const struct inference_field *g = &x->inference.field[i];

        if (f->at >= g->at && f->at < g->at + g->bits)
            return g;
    }
    return NULL;
}

static struct json *new_relation(const struct relation *r)
{
    struct json *o = json_new_object();
    char hex[16];

    json_set_string(o, "kind", relation_name(r->kind));
    json_set_int(o, "from", r->from);
    json_set_int(o, "from_bits", r->from_bits);
    if (r->unit > 0)
        json_set_int(o, "unit", r->unit);
    if (r->kind == RELATION_CRC) {
        snprintf(hex, sizeof hex, "%" PRIX32, r->polynomial);
        json_set_string(o, "polynomial", hex);
    }
    snprintf(hex, sizeof hex, "%" PRIX32, r->constant);
    json_set_string(o, "constant", hex);
    json_set_real(o, "confidence", r->confidence);
    return o;
}

static void set_inferred(struct json *o, const struct inference_field *g)
{
    json_set_real(o, "confidence", g->confidence);
    json_set_real(o, "begins", g->begins);
    json_set_real(o, "ends", g->ends);
    json_set_real(o, "evidence_nats", g->gain);
    if (g->role == ROLE_COUNTER) {
        json_set_int(o, "step", g->step);
        json_set_int(o, "reach", g->reach);
    }
    if (g->relation.kind != RELATION_NONE)
        json_set(o, "check", new_relation(&g->relation));
}

static struct json *new_values(const struct identify_subject *x,
                               const struct field *f)
{
    struct json *list = json_new_array();
    struct bits bits;
    char hex[24];

    for (size_t i = 0; i < x->frames.n; i++) {
        identify_subject_bits(x, i, &bits);
        if (!field_is_inside(f, &bits)) {
            json_append_string(list, "");
            continue;
        }
        snprintf(hex, sizeof hex, "%0*" PRIX64, (f->bits + 3) / 4,
                 field_value(f, &bits));
        json_append_string(list, hex);
    }
    return list;
}

struct json *report_fields_json(const struct identify_subject *x, bool is_full)
{
    struct inferred_protocol inferred;
    const struct protocol *p = identify_subject_format(x, &inferred);
    struct json *list = json_new_array();

    if (p == NULL)
        return list;
    for (const struct field *f = p->fields; f->name != NULL; f++) {
        const struct inference_field *g = inferred_of(x, f);
        struct json *o = json_new_object();

        json_set_string(o, "name", f->name);
        json_set_string(o, "role", field_role_name(f->role));
        json_set_int(o, "at", f->at);
        json_set_int(o, "bits", f->bits);
        json_set_string(o, "order", order_name(f->order));
        if (g != NULL)
            set_inferred(o, g);
        if (is_full)
            json_set(o, "values", new_values(x, f));
        json_append(list, o);
    }
    return list;
}

/* What a field of that role does, and how. */
static void describe(const struct inference *i, const struct inference_field *g,
                     char *text, size_t room)
{
    static const char *const words[] = {
        [ROLE_IDENTITY] = "the same in all presses",
        [ROLE_ACTION] = "follows the button",
        [ROLE_STATUS] = "a flag",
        [ROLE_COUNTER] = "counts",
        [ROLE_ROLLING] = "changes with each press",
        [ROLE_CHECK] = "computed from other bits",
        [ROLE_FIXED] = "the same in all presses",
    };
    const struct relation *r = &g->relation;

    assert(g->role < sizeof words / sizeof *words);
    if (g->role == ROLE_COUNTER && g->reach > 0)
        snprintf(text, room,
                 "counts by %d, %s bit first; its upper bits may be %u more",
                 g->step, g->order == ORDER_LSB ? "lowest" : "highest",
                 g->reach);
    else if (g->role == ROLE_COUNTER)
        snprintf(text, room, "counts by %d, %s bit first", g->step,
                 g->order == ORDER_LSB ? "lowest" : "highest");
    else if (g->role == ROLE_IDENTITY && i->fobs > 1)
        snprintf(text, room, "each fob's own");
    else if (g->role == ROLE_FIXED && i->fobs > 1)
        snprintf(text, room, "the same in all fobs");
    else if (r->kind == RELATION_CRC)
        snprintf(text, room, "CRC, polynomial %" PRIX32 "h, of bits %u-%u",
                 r->polynomial, r->from, r->from + r->from_bits - 1);
    else if (r->kind == RELATION_XOR_PLUS)
        snprintf(text, room, "xor of bits %u-%u, plus %" PRIu32, r->from,
                 r->from + r->from_bits - 1, r->constant);
    else if (g->role == ROLE_CHECK)
        snprintf(text, room, "%s of bits %u-%u", relation_name(r->kind),
                 r->from, r->from + r->from_bits - 1);
    else
        snprintf(text, room, "%s", words[g->role]);
}

/* A certainty that is nobody's is not printed. */
static double percent_of(double p)
{
    return fmin(floor(100 * p), 99);
}

/* "begins 40 %, ends 85 %": borders that are not sure. */
static void describe_borders(const struct inference_field *g, char *text,
                             size_t room)
{
    size_t n = 0;

    text[0] = '\0';
    if (g->reach > 0)
        return; /* that says it */
    if (g->begins < BORDER_SURE)
        n = (size_t)snprintf(text, room, "; begins there: %.0f %%",
                             percent_of(g->begins));
    if (g->ends < BORDER_SURE && n < room)
        snprintf(text + n, room - n, "%s ends there: %.0f %%",
                 n > 0 ? "," : ";", percent_of(g->ends));
}

static void put_inferred(const struct inference *i, struct report_table *t)
{
    fprintf(t->out, "\n%.*s\n", (int)t->width,
            "   bits  width  role      sure  what");
    for (size_t k = 0; k < i->n; k++) {
        const struct inference_field *g = &i->field[k];
        char what[96], borders[64], line[sizeof what + sizeof borders];

        describe(i, g, what, sizeof what);
        describe_borders(g, borders, sizeof borders);
        fprintf(t->out, "%3u-%3u  %5u  %-8s %4.0f %%  ", g->at,
                g->at + g->bits - 1, g->bits, field_role_name(g->role),
                percent_of(g->confidence));
        snprintf(line, sizeof line, "%s%s", what, borders);
        report_table_text(t, line, WHAT_COLUMN);
    }
}

static void put_known(const struct protocol *p, struct report_table *t)
{
    fprintf(t->out, "\n%.*s\n", (int)t->width,
            "   bits  width  role      name");
    for (const struct field *f = p->fields; f->name != NULL; f++)
        fprintf(t->out, "%3u-%3u  %5u  %-8s  %s\n", f->at, f->at + f->bits - 1,
                f->bits, field_role_name(f->role), f->name);
}

void report_fields_text(const struct identify_subject *x,
                        struct report_table *t)
{
    if (x->frames.best == NULL)
        return;
    if (x->is_inferred)
        put_inferred(&x->inference, t);
    else if (x->frames.best->protocol != NULL)
        put_known(x->frames.best->protocol, t);
}

void report_fields_hide(const struct inference *i, bool hidden[BITS_MAX])
{
    for (size_t k = 0; k < i->n; k++)
        for (size_t n = i->field[k].at;
             n < BITS_MAX && n < (size_t)i->field[k].at + i->field[k].bits; n++)
            hidden[n] |= i->field[k].role == ROLE_FIXED ||
                         i->field[k].confidence < HIDDEN_BELOW;
}

static const char *button_name(const struct identify_subject *x, int button)
{
    return button >= 0 && (size_t)button < x->buttons.n
               ? x->buttons.name[button]
               : NULL;
}

void report_fields_want(const struct identify_subject *x,
                        const struct inference_want *w, char text[REPORT_WANT])
{
    const char *s = w->presses == 1 ? "" : "es";
    const char *button = button_name(x, w->button);
    char where[48];

    snprintf(where, sizeof where, "bits %u-%u", w->at, w->at + w->bits - 1);
    switch (w->kind) {
    case WANT_PRESSES:
        snprintf(text, REPORT_WANT, "%u more press%s%s%s, for %s", w->presses,
                 s, button != NULL ? " of " : "", button != NULL ? button : "",
                 w->bits > 0 ? where : "the rest");
        return;
    case WANT_BUTTON:
        snprintf(text, REPORT_WANT,
                 "%u press%s of another button: only one was pressed, so what "
                 "follows it is not seen",
                 w->presses, s);
        return;
    case WANT_SAME_BUTTON:
        snprintf(text, REPORT_WANT,
                 "each button once again: what follows it looks like what "
                 "changes each time");
        return;
    case WANT_FOB:
        snprintf(text, REPORT_WANT,
                 "another fob of the kind (--like): which of the bits that "
                 "stay are its own");
        return;
    case WANT_LABELS:
        snprintf(text, REPORT_WANT,
                 "which button was pressed when (--prompts): what follows it "
                 "is a guess so far");
        return;
    }
    text[0] = '\0';
}
