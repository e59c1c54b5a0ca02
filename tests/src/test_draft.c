/* test_draft - drafts of formats: as C that compiles, and as decoders that rtl_433
 * takes and that read the same fields.
 *
 * Without a compiler, or without rtl_433, what needs them is left out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <unistd.h>

#include "src/draft.h"
#include "tests/src/reported.h"

enum { FORMATS = 30, COMMAND = 4096, GETTERS_MAX = 8 /* of rtl_433 22.11 */ };

static struct reported report;
static struct inferred_protocol inferred;
static char root[PATH_MAX], folder[] = "/tmp/test_draft_XXXXXX";

static int open_all(void **state)
{
    (void)state;
    if (getcwd(root, sizeof root) == NULL || mkdtemp(folder) == NULL)
        return -1;
    return reported_open(&report);
}

static int close_all(void **state)
{
    char command[COMMAND];

    (void)state;
    reported_close(&report);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static bool has_program(const char *name)
{
    char command[COMMAND];

    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
    return system(command) == 0;
}

/* A format of which there are presses enough. */
static const struct protocol *make(uint64_t seed, const struct drawn_cfg *how)
{
    reported_unknown(&report, seed, how);
    assert_true(report.subject.is_inferred);
    inference_describe(&report.subject.inference, report.subject.frames.best,
                       &inferred);
    return &inferred.protocol;
}

static struct drawn_cfg of_kind(enum line_kind kind, enum modulation m)
{
    struct drawn_cfg how = drawn_usual;

    how.kind = how.sent = kind;
    how.modulation = m;
    how.te_us = 312.4;
    return how;
}

static char *descriptor(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    draft_descriptor(f, &report.subject.inference, &inferred.protocol);
    assert_int_equal(fclose(f), 0);
    return text;
}

static char *flex(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);

    assert_non_null(f);
    const bool has_decoder = draft_flex(f, &inferred.protocol);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(has_decoder, n > 0);
    assert_null(strchr(text, '\n')); /* it goes into a command line */
    return text;
}

static const char *role_of(enum field_role r)
{
    static const char *const names[] = {
        [ROLE_IDENTITY] = "ROLE_IDENTITY", [ROLE_ACTION] = "ROLE_ACTION",
        [ROLE_STATUS] = "ROLE_STATUS",     [ROLE_COUNTER] = "ROLE_COUNTER",
        [ROLE_ROLLING] = "ROLE_ROLLING",   [ROLE_CHECK] = "ROLE_CHECK",
        [ROLE_FIXED] = "ROLE_FIXED",
    };

    return names[r];
}

/* All its fields, in order; between the lines of the table there is nothing else. */
static void has_fields(const char *text)
{
    static const char start[] = "static const struct field fields[] = {\n";
    char want[4096];
    size_t n = (size_t)snprintf(want, sizeof want, "%s", start), lines = 0;

    for (const struct field *f = inferred.protocol.fields; f->name;
         f++, lines++)
        n += (size_t)snprintf(
            want + n, sizeof want - n,
            "    { \"%s\", %u, %u, %s, %s, SHOW_NONE, NULL },\n", f->name,
            f->at, f->bits, role_of(f->role),
            f->order == ORDER_LSB ? "ORDER_LSB" : "ORDER_MSB");
    snprintf(want + n, sizeof want - n, "    { 0 },\n};\n");
    assert_true(lines > 0);
    if (strstr(text, want) == NULL)
        fail_msg("no\n%s in\n%s", want, text);
}

static unsigned count(const char *text, const char *what)
{
    unsigned n = 0;

    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

static void fields_and_checks(void **state)
{
    unsigned all = 0;

    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        unsigned checks = 0;

        make(seed, &drawn_usual);
        char *text = descriptor();
        has_fields(text);
        for (size_t k = 0; k < report.subject.inference.n; k++) {
            const struct inference_field *g =
                &report.subject.inference.field[k];
            char line[128];

            if (g->role != ROLE_CHECK)
                continue;
            checks++;
            snprintf(
                line, sizeof line, " *   bits %u to %u: %s of bits %u to %u",
                g->at, g->at + g->bits - 1, relation_name(g->relation.kind),
                g->relation.from, g->relation.from + g->relation.from_bits - 1);
            assert_non_null(strstr(text, line));
        }
        assert_int_equal(count(text, " *   bits "), checks);
        assert_non_null(strstr(text, inferred.protocol.is_rolling
                                         ? ".is_rolling = true"
                                         : ".is_rolling = false"));
        assert_non_null(strstr(text, "from 8 presses of 1 fob."));
        assert_non_null(strstr(text, "SPDX-License-Identifier"));
        free(text);
        all += checks;
    }
    assert_true(all >= 5);
}

static void the_waveform(void **state)
{
    static const struct {
        enum line_kind kind;
        enum modulation modulation;
        const char *says[3];
    } rows[] = {
        { LINE_PWM,
          MODULATION_OOK,
          { "1u << MODULATION_OOK", "LINE_PWM",
            ".zero = \"110\", .one = \"100\"" } },
        { LINE_PPM,
          MODULATION_FSK,
          { "1u << MODULATION_FSK", "LINE_PPM",
            ".zero = \"100\", .one = \"1000\"" } },
        { LINE_MANCHESTER, MODULATION_OOK, { "LINE_MANCHESTER", "", "" } },
        { LINE_NRZ, MODULATION_FSK, { "LINE_NRZ", "", "" } },
        { LINE_PIWM, MODULATION_OOK, { "LINE_PIWM", "", "" } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct drawn_cfg how = of_kind(rows[i].kind, rows[i].modulation);

        make(2, &how);
        char *text = descriptor(), n_bits[32];
        for (size_t k = 0; k < 3; k++)
            if (strstr(text, rows[i].says[k]) == NULL)
                fail_msg("no %s in %s", rows[i].says[k], text);
        snprintf(n_bits, sizeof n_bits, ".n_bits = %u ",
                 inferred.waveforms[0].n_bits);
        assert_non_null(strstr(text, n_bits));
        assert_non_null(strstr(text, ".preamble_pulses = 12,"));
        assert_non_null(strstr(text, ".header = 10,"));
        assert_non_null(strstr(text, ".te_us = 312"));
        free(text);
    }
}

/* Of any line code, with a TE of 312.4 us. */
static void it_compiles(void **state)
{
    static const enum line_kind kinds[] = { LINE_PWM, LINE_PPM, LINE_MANCHESTER,
                                            LINE_NRZ, LINE_PIWM };

    (void)state;
    if (!has_program("cc"))
        skip();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct drawn_cfg how = of_kind(kinds[i], MODULATION_OOK);
        char path[64], command[COMMAND + 2 * PATH_MAX];

        make(i, &how);
        snprintf(path, sizeof path, "%s/draft.c", folder);
        char *text = descriptor();
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        assert_int_equal(fclose(f), 0);
        snprintf(command, sizeof command,
                 "cc -std=c17 -Wall -Wextra -Werror -fsyntax-only -I '%s' "
                 "'%s' 2>'%s/why'",
                 root, path, folder);
        if (system(command) != 0)
            fail_msg("cc refuses:\n%.700s", text);
        free(text);
    }
}

/* Where fields are, not what is in them. */
static void no_secrets(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        struct format f;

        make(seed, &drawn_usual);
        formats_draw(&f, seed);
        char *text = descriptor(), *line = flex();
        for (size_t i = 0; i < report.subject.frames.n; i++) {
            const struct bits *b = &report.subject.frames.frame[i]->bits;

            assert_false(reported_has_bits(text, b));
            for (size_t k = 0; k < f.n; k++)
                if (f.field[k].role != ROLE_FIXED) {
                    assert_false(reported_has_field(text, b, f.field[k].at,
                                                    f.field[k].bits));
                    assert_false(reported_has_field(line, b, f.field[k].at,
                                                    f.field[k].bits));
                }
        }
        free(text);
        free(line);
    }
}

static void starts_with(const char *text, const char *start)
{
    if (strncmp(text, start, strlen(start)) != 0)
        fail_msg("%s does not start with %s", text, start);
}

/* What always stands tells nothing; rtl_433's numbers are ints. */
static bool is_gotten(const struct field *f)
{
    return f->role != ROLE_FIXED && f->bits <= 31;
}

static void the_flex_line(void **state)
{
    struct drawn_cfg how = drawn_usual;
    char want[128];

    (void)state;
    for (uint64_t seed = 0; seed < FORMATS; seed++) {
        const struct protocol *p = make(seed, &how);
        char *text = flex();

        /* 100 and 110 of 400 us; a gap of 2, one more, and two more */
        starts_with(text, "n=draft,m=OOK_PWM,s=400,l=800,r=2000,g=1200,bits>=");
        snprintf(want, sizeof want, ",bits>=%zu,",
                 report.subject.inference.n_bits);
        assert_non_null(strstr(text, want));
        assert_null(strchr(text, '\''));
        assert_null(strchr(text, ' '));
        const char *at = strstr(text, want) + strlen(want) - 1;
        for (const struct field *f = p->fields; f->name != NULL; f++) {
            if (!is_gotten(f))
                continue;
            snprintf(want, sizeof want, ",get=@%u:{%u}:%s", f->at, f->bits,
                     f->name);
            starts_with(at, want);
            at += strlen(want);
        }
        assert_string_equal(at, "");
        free(text);
    }
    how = of_kind(LINE_PPM, MODULATION_OOK);
    how.te_us = 400;
    make(0, &how);
    char *text = flex();
    starts_with(text, "n=draft,m=OOK_PPM,s=800,l=1200,r=2400,g=1600,bits>=");
    free(text);
}

/* rtl_433 on a file, with its answer in folder/out. */
static int rtl_433(const char *spec, const char *file)
{
    char command[2 * COMMAND];

    snprintf(command, sizeof command,
             "cd '%s' && timeout 10 rtl_433 -R 0 -X '%s' -r '%s' -F json >out "
             "2>err",
             folder, spec, file);
    return system(command);
}

static void put_file(const char *name, const char *text)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void is_taken(enum line_kind kind, enum modulation m)
{
    const struct drawn_cfg how = of_kind(kind, m);
    uint64_t seed = 0;

    if (!has_program("rtl_433"))
        skip();
    do
        make(seed++, &how);
    while (identify_subject_kind(&report.subject) != kind);
    put_file("empty.ook", ";pulse data\n;version 1\n;end\n");
    char *text = flex();
    if (rtl_433(text, "empty.ook") != 0)
        fail_msg("rtl_433 does not take %s", text);
    free(text);
}

static void rtl_433_takes_it(void **state)
{
    (void)state;
    is_taken(LINE_PWM, MODULATION_OOK);
    is_taken(LINE_PWM, MODULATION_FSK);
    is_taken(LINE_PPM, MODULATION_OOK);
    is_taken(LINE_MANCHESTER, MODULATION_OOK);
    is_taken(LINE_MANCHESTER, MODULATION_FSK);
    is_taken(LINE_NRZ, MODULATION_OOK);
    is_taken(LINE_NRZ, MODULATION_FSK);
    is_taken(LINE_DIFF_MANCHESTER, MODULATION_OOK); /* with a tolerance, */
    is_taken(LINE_PIWM, MODULATION_OOK);            /* as this one */
}

/* With FSK it has PCM, PWM and Manchester alone. */
static void rtl_433_has_no_decoder(void **state)
{
    static const enum line_kind kinds[] = { LINE_PPM, LINE_DIFF_MANCHESTER,
                                            LINE_PIWM };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct drawn_cfg how = of_kind(kinds[i], MODULATION_FSK);
        uint64_t seed = 0;

        do
            make(seed++, &how);
        while (identify_subject_kind(&report.subject) != kinds[i]);
        char *text = flex();
        assert_string_equal(text, "");
        free(text);
    }
}

/* It takes eight: one format in 200 has nine fields. */
static void not_too_many_getters(void **state)
{
    struct field many[16] = { { .name = "f", .bits = 4, .role = ROLE_FIXED },
                              { .name = "w", .bits = 32 } };
    static const char want[] =
        ",get=@8:{31}:n,get=@12:{31}:n,get=@16:{31}:n,get=@20:{31}:n,"
        "get=@24:{31}:n,get=@28:{31}:n,get=@32:{31}:n,get=@36:{31}:n";

    (void)state;
    make(0, &drawn_usual);
    for (uint16_t i = 2; i < 15; i++)
        many[i] =
            (struct field){ .name = "n", .at = (uint16_t)(4 * i), .bits = 31 };
    inferred.protocol.fields = many;
    char *text = flex();
    assert_string_equal(strstr(text, ",get="), want);
    free(text);
}

/* A frame as pulses and gaps; zero and one: chips, high first. One pulse more ends
 * the last gap. */
static void put_pulses(const struct bits *b, const struct symbols *s)
{
    char text[32 * BITS_MAX];
    size_t n = (size_t)snprintf(text, sizeof text,
                                ";pulse data\n;version 1\n;timescale 1us\n"
                                ";ook %zu pulses\n;freq1 433920000\n",
                                b->n + 1);

    for (size_t i = 0; i < b->n; i++) {
        const char *chips = b->value[i] ? s->one : s->zero;
        const size_t high = strspn(chips, "1"), low = strlen(chips) - high;

        n += (size_t)snprintf(text + n, sizeof text - n, "%zu %zu\n",
                              400 * high, 400 * low);
    }
    snprintf(text + n, sizeof text - n, "400 20000\n;end\n");
    put_file("frame.ook", text);
}

static void has_values(const struct bits *b)
{
    char path[64], out[16384], want[64];
    size_t n;

    snprintf(path, sizeof path, "%s/out", folder);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    n = fread(out, 1, sizeof out - 1, f);
    out[n] = '\0';
    fclose(f);
    for (const struct field *x = inferred.protocol.fields; x->name; x++) {
        if (!is_gotten(x))
            continue;
        snprintf(want, sizeof want, "\"%s\" : %" PRIu64, x->name,
                 bits_msb(b, x->at, x->bits));
        if (strstr(out, want) == NULL)
            fail_msg("no %s in %s", want, out);
    }
}

/* What rtl_433 makes of a frame with our line. */
static void rtl_433_reads_the_same(void **state)
{
    static const enum line_kind kinds[] = { LINE_PWM, LINE_PPM };

    (void)state;
    if (!has_program("rtl_433"))
        skip();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct drawn_cfg how = of_kind(kinds[i], MODULATION_OOK);
        uint64_t seed = 10 * i;

        how.te_us = 400;
        do
            make(seed++, &how);
        while (report.subject.inference.n > GETTERS_MAX ||
               report.subject.inference.n < 4);
        const struct frame *f = report.subject.frames.best;
        char *text = flex();
        put_pulses(&f->bits, &f->symbols);
        assert_int_equal(rtl_433(text, "frame.ook"), 0);
        has_values(&f->bits);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_checks),
        cmocka_unit_test(the_waveform),
        cmocka_unit_test(it_compiles),
        cmocka_unit_test(no_secrets),
        cmocka_unit_test(the_flex_line),
        cmocka_unit_test(rtl_433_takes_it),
        cmocka_unit_test(rtl_433_has_no_decoder),
        cmocka_unit_test(not_too_many_getters),
        cmocka_unit_test(rtl_433_reads_the_same),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
