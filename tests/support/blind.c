/* blind - the fields of a format that nobody has described, from frames as text.
 *
 *   blind [ROLE:AT:BITS[:ORDER]...] <FRAMES
 *
 * FRAMES: lines "FOB BUTTON BITS", one a press in the order sent; BUTTON -1 if it
 * is not known; BITS of 0 and 1. Prints a field a line,
 *
 *   ROLE AT BITS ORDER CONFIDENCE BEGINS ENDS RELATION FROM FROM_BITS POLYNOMIAL
 *   STEP
 *
 * then "want KIND PRESSES AT BITS". With the truth as arguments, fields in order
 * that cover the frame, it adds what tests/support/score.h makes of it: "unit
 * KIND AT BITS RESULT" for each that is shown, "false ROLE AT BITS" for each false
 * claim. Exit 1: nothing was found; 2: it was called wrongly.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/score.h"
#include "tests/support/synth.h"

static const char *const roles[] = { "identity", "action", "status", "counter",
                                     "rolling",  "check",  "fixed" };
static const char *const orders[] = { "lsb", "msb", "bytes_le", "s3012" };
static const char *const relations[] = { "none",   "copy",         "inverse",
                                         "parity", "xor",          "xor_plus",
                                         "sum",    "negative_sum", "crc" };
static const char *const wants[] = { "presses", "button", "same_button", "fob",
                                     "labels" };

#define COUNT(names) (sizeof(names) / sizeof(names)[0])

static _Noreturn void __attribute__((format(printf, 1, 2)))
die(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("blind: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static size_t place_of(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    die("%s: no such name", name);
}

static void read_frames(FILE *in, struct presses *p)
{
    char bits[BITS_MAX + 1];
    unsigned fob = 0;
    int button = 0;

    /* 512 is BITS_MAX. */
    while (fscanf(in, "%u %d %512[01]", &fob, &button, bits) == 3) {
        if (p->n == PRESSES_MAX)
            die("more than %d frames", PRESSES_MAX);
        synth_bits_from(&p->sent[p->n], bits);
        if (p->sent[p->n].n != p->sent[0].n)
            die("frames of several lengths");
        p->button[p->n] = button;
        p->frame[p->n] = (struct inference_frame){ .bits = &p->sent[p->n],
                                                   .fob = fob,
                                                   .button = button };
        p->n++;
    }
    if (!feof(in))
        die("frame %zu: not \"FOB BUTTON BITS\"", p->n + 1);
}

static void read_truth(char **args, int n, size_t n_bits, struct format *f)
{
    *f = (struct format){ .n_bits = n_bits };
    for (int i = 0; i < n; i++) {
        char role[16] = "", order[16] = "msb";
        unsigned at = 0, bits = 0;
        size_t covered = f->n > 0 ? f->field[f->n - 1].at : 0;
        covered += f->n > 0 ? f->field[f->n - 1].bits : 0;
        if (sscanf(args[i], "%15[a-z]:%u:%u:%15s", role, &at, &bits, order) <
                3 ||
            at != covered || at + bits > n_bits || bits == 0 ||
            f->n == FORMATS_FIELDS_MAX)
            die("%s: no field, or not in its place", args[i]);
        f->field[f->n++] = (struct format_field){
            .role = (enum field_role)place_of(role, roles, COUNT(roles)),
            .order = (enum field_order)place_of(order, orders, COUNT(orders)),
            .at = (uint16_t)at,
            .bits = (uint16_t)bits,
        };
        covered = at + bits;
        if (i + 1 == n && covered != n_bits)
            die("%s: the frame has %zu bits", args[i], n_bits);
    }
}

static void print_table(const struct inference *found)
{
    for (size_t i = 0; i < found->n; i++) {
        const struct inference_field *f = &found->field[i];
        const struct relation *r = &f->relation;
        printf("%s %u %u %s %.4f %.4f %.4f %s %u %u 0x%" PRIX32 " %d\n",
               roles[f->role], f->at, f->bits, orders[f->order], f->confidence,
               f->begins, f->ends, relations[r->kind], r->from, r->from_bits,
               r->polynomial, f->step);
    }
    for (size_t i = 0; i < found->n_wants; i++) {
        const struct inference_want *w = &found->want[i];
        printf("want %s %u %u %u\n", wants[w->kind], w->presses, w->at,
               w->bits);
    }
}

static void print_score(const struct inference *found, const struct score *s)
{
    for (size_t i = 0; i < s->units; i++)
        printf("unit %s %u %u %s\n", score_kind_name(s->unit[i].kind),
               s->unit[i].at, s->unit[i].bits,
               score_result_name(s->unit[i].result));
    for (size_t i = 0; i < found->n; i++)
        if (s->is_false[i])
            printf("false %s %u %u\n", roles[found->field[i].role],
                   found->field[i].at, found->field[i].bits);
}

int main(int argc, char **argv)
{
    static struct presses presses;
    static struct inference found;
    struct inferrer inferrer;
    struct format truth;
    struct score score;

    read_frames(stdin, &presses);
    if (presses.n == 0)
        die("no frames");
    read_truth(argv + 1, argc - 1, presses.sent[0].n, &truth);
    if (inferrer_init(&inferrer) != 0)
        die("no memory");
    bool is_found =
        inference_find(&inferrer, presses.frame, presses.n, LINE_PWM, &found);
    inferrer_finish(&inferrer);
    print_table(&found);
    if (truth.n > 0) {
        score_inference(&truth, &presses, &found, &score);
        print_score(&found, &score);
    }
    return is_found ? 0 : 1;
}
