/* source_pulses - edges from text: Flipper .sub RAW, rtl_433 .ook and .fsk.
 *
 *   Filetype: Flipper SubGhz RAW File     ;pulse data
 *   Frequency: 433920000                  ;timescale 1us
 *   Preset: FuriHalSubGhzPresetOok650...  ;ook 42 pulses
 *   RAW_Data: 361 -740 361 ...            ;freq1 433920000
 *                                         361 740
 *                                         ;end
 *
 * One byte at a time drives a small machine, so a line may be as long as it
 * likes and memory stays what it is:
 *
 *   LINE --letter or ;--> KEY --: or space--> VALUE --newline--> LINE
 *     |                    '--RAW_Data:--> GAP
 *     '----digit or sign--> WORD <--> GAP --newline--> LINE
 *
 *   source  Flipper: documentation/file_formats/SubGhzFileFormats.md;
 *           rtl_433: what its -w writes to a .ook file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "src/pulse_gate.h"
#include "src/source_impl.h"

enum {
    KEY_MAX = 32,
    VALUE_MAX = 320,          /* a custom preset: 3 characters x 2 x 47 regs */
    HEADER_MAX = 1 << 20,     /* bytes in front of the first pulse */
    PACKAGE_GAP_US = 1000000, /* between the packages of an .ook file */
    QUEUE = 4,                /* one value completes two runs at most */
};

enum place { LINE, KEY, VALUE, GAP, WORD };

struct pulses {
    bool is_flipper;
    enum place place;
    char key[KEY_MAX], value[VALUE_MAX];
    size_t key_n, value_n;

    bool is_negative, is_broken, is_started; /* the number in hand */
    double number, scale;                    /* scale: 0 before a point */
    unsigned column;                         /* of the number in its line */

    double us_per_unit;
    bool has_pulses, in_package, skips; /* .ook packages */
    bool has_modulation, is_key_file, is_foreign;
    double freq1_hz, freq2_hz, centre_hz;

    int32_t run; /* not yet ended; 0: none */
    pulse_us queue[QUEUE];
    size_t queue_at, queue_n;
    uint64_t broken, skipped; /* words, pulses left out */
    bool is_done;
    struct pulse_gate gate;
};

static void push(struct pulses *p, pulse_us us)
{
    assert(p->queue_n < QUEUE);
    p->queue[p->queue_n++] = us;
}

/* Adds to the run of the same sign, or ends it. */
static void add_run(struct pulses *p, int32_t us)
{
    if (us == 0)
        return;
    if (p->run != 0 && (p->run > 0) != (us > 0)) {
        push(p, p->run);
        p->run = 0;
    }
    p->run += us; /* both within 10 s: no overflow */
    if (p->run > PULSE_MAX_US)
        p->run = PULSE_MAX_US;
    if (p->run < -PULSE_MAX_US)
        p->run = -PULSE_MAX_US;
}

static void add_value(struct pulses *p, double us, bool is_off)
{
    if (!p->is_flipper && !p->in_package) {
        if (p->has_pulses)
            add_run(p, -PACKAGE_GAP_US);
        p->in_package = true;
    }
    us = us < PULSE_MAX_US ? round(us) : PULSE_MAX_US;
    p->has_pulses = true;
    add_run(p, is_off ? -(int32_t)us : (int32_t)us);
}

static void end_word(struct pulses *p)
{
    unsigned column = p->column++;
    if (p->skips) {
        p->skipped++;
        return;
    }
    /* .ook: a pulse, its gap, and nothing else */
    bool is_pair = !p->is_negative && column < 2;
    if (p->is_broken || !p->is_started || (!p->is_flipper && !is_pair)) {
        p->broken++;
        return;
    }
    double us = p->number * p->us_per_unit;
    add_value(p, us, p->is_flipper ? p->is_negative : column == 1);
}

static void start_word(struct pulses *p)
{
    p->place = WORD;
    p->is_negative = p->is_broken = p->is_started = false;
    p->number = 0;
    p->scale = 0;
}

static void word_byte(struct pulses *p, char c)
{
    if (c >= '0' && c <= '9') {
        double digit = c - '0';
        p->is_started = true;
        if (p->scale > 0) {
            p->number += digit * p->scale;
            p->scale /= 10;
        } else if (p->number < PULSE_MAX_US * 1e6) { /* ns at the least */
            p->number = p->number * 10 + digit;
        }
    } else if (c == '.' && p->scale == 0) {
        p->scale = 0.1;
    } else if (c == '-' && !p->is_started) {
        p->is_negative = true;
    } else if (c != '+' || p->is_started) {
        p->is_broken = true;
    }
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, n) == 0)
            return true;
    return false;
}

/* Decimal number in front of text, NAN if there is none. */
static double leading_number(const char *text, const char **rest)
{
    bool is_negative = *text == '-';
    double value = 0;
    const char *p = text += is_negative;
    for (; *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (*p - '0');
    if (rest)
        *rest = p;
    return p == text ? NAN : is_negative ? -value : value;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at;
    at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* A custom preset is a list of CC1101 registers, address and value in hex up
 * to 00 00. MDMCFG2 (0x12) bits 6:4 are MOD_FORMAT, 3 is ASK/OOK (CC1101
 * datasheet SWRS061, table of MDMCFG2). */
static enum modulation registers_modulation(const char *p)
{
    int pair[2], n = 0;
    while (*p) {
        int high = hex_digit(p[0]);
        int low = high >= 0 ? hex_digit(p[1]) : -1;
        if (low < 0) {
            p++;
            continue;
        }
        pair[n++] = high << 4 | low;
        p += 2;
        if (n < 2)
            continue;
        if (pair[0] == 0 && pair[1] == 0)
            break;
        if (pair[0] == 0x12)
            return (pair[1] >> 4 & 7) == 3 ? MODULATION_OOK : MODULATION_FSK;
        n = 0;
    }
    return MODULATION_OOK;
}

static void flipper_line(struct source *s, struct pulses *p)
{
    if (strcasecmp(p->key, "Filetype") == 0)
        p->is_key_file = has_word(p->value, "Key File");
    else if (strcasecmp(p->key, "Protocol") == 0)
        p->is_foreign = strcasecmp(p->value, "RAW") != 0;
    else if (strcasecmp(p->key, "Frequency") == 0)
        p->centre_hz = leading_number(p->value, NULL);
    else if (strcasecmp(p->key, "Custom_preset_data") == 0)
        s->info.modulation = registers_modulation(p->value);
    else if (strcasecmp(p->key, "Preset") == 0)
        s->info.modulation = has_word(p->value, "FSK") ||
                                     has_word(p->value, "MSK") ||
                                     strncasecmp(p->value, "FM", 2) == 0
                                 ? MODULATION_FSK
                                 : MODULATION_OOK;
}

static double timescale(const char *text)
{
    double value = leading_number(text, &text);
    while (*text == ' ')
        text++;
    double unit = strncasecmp(text, "ns", 2) == 0   ? 1e-3
                  : strncasecmp(text, "ms", 2) == 0 ? 1e3
                  : strncasecmp(text, "s", 1) == 0  ? 1e6
                                                    : 1;
    return value > 0 && value < PULSE_MAX_US ? value * unit : 1;
}

/* Packages of the other modulation cannot be mixed in: the first decides. */
static void start_package(struct source *s, struct pulses *p,
                          enum modulation modulation)
{
    if (!p->has_modulation && !p->has_pulses)
        s->info.modulation = modulation;
    p->has_modulation = true;
    p->skips = s->info.modulation != modulation;
    p->in_package = false;
}

static void rtl433_line(struct source *s, struct pulses *p)
{
    bool is_header = !p->has_pulses;
    if (strcasecmp(p->key, ";ook") == 0)
        start_package(s, p, MODULATION_OOK);
    else if (strcasecmp(p->key, ";fsk") == 0)
        start_package(s, p, MODULATION_FSK);
    else if (strcasecmp(p->key, ";end") == 0 ||
             strcasecmp(p->key, ";pulse") == 0)
        p->in_package = false;
    else if (strcasecmp(p->key, ";timescale") == 0)
        p->us_per_unit = timescale(p->value);
    else if (is_header && strcasecmp(p->key, ";freq1") == 0)
        p->freq1_hz = leading_number(p->value, NULL);
    else if (is_header && strcasecmp(p->key, ";freq2") == 0)
        p->freq2_hz = leading_number(p->value, NULL);
    else if (is_header && strcasecmp(p->key, ";centerfreq") == 0)
        p->centre_hz = leading_number(p->value, NULL);
}

static void end_line(struct source *s, struct pulses *p)
{
    while (p->value_n > 0 && p->value[p->value_n - 1] == ' ')
        p->value_n--;
    p->key[p->key_n] = p->value[p->value_n] = '\0';
    if (p->is_flipper)
        flipper_line(s, p);
    else
        rtl433_line(s, p);
}

static void start_line(struct pulses *p)
{
    p->place = LINE;
    p->key_n = p->value_n = 0;
    p->column = 0;
}

static void key_byte(struct pulses *p, char c)
{
    bool ends = p->is_flipper ? c == ':' : c == ' ';
    p->key[p->key_n] = '\0';
    if (ends && p->is_flipper && strcasecmp(p->key, "RAW_Data") == 0)
        p->place = GAP;
    else if (ends)
        p->place = VALUE;
    else if (p->key_n < KEY_MAX - 1)
        p->key[p->key_n++] = c;
}

static void feed(struct source *s, struct pulses *p, char c)
{
    bool is_end = c == '\n' || c == '\r';
    bool is_gap = c == ' ' || c == '\t' || c == ',' || c == '\0';
    if (p->place == WORD && (is_end || is_gap)) {
        end_word(p);
        p->place = GAP;
    }
    if (is_end) {
        if (p->place == KEY || p->place == VALUE)
            end_line(s, p);
        start_line(p);
        return;
    }
    if (p->place == LINE && !is_gap) {
        bool is_number = (c >= '0' && c <= '9') || c == '-' || c == '+';
        p->place = is_number ? GAP : KEY;
    }
    if (p->place == GAP && !is_gap)
        start_word(p);
    if (p->place == WORD)
        word_byte(p, c);
    else if (p->place == KEY)
        key_byte(p, c);
    else if (p->place == VALUE && p->value_n < VALUE_MAX - 1 &&
             (p->value_n > 0 || c != ' '))
        p->value[p->value_n++] = c;
}

/* The last line may lack its newline, the last run its end. */
static void finish(struct source *s, struct pulses *p)
{
    feed(s, p, '\n');
    if (p->run != 0)
        push(p, p->run);
    p->run = 0;
    p->is_done = true;
    if (p->broken > 0)
        err_set(&s->warning, 0,
                "%s: %" PRIu64 " word%s left out that %s no durations",
                s->shown, p->broken, p->broken == 1 ? "" : "s",
                p->broken == 1 ? "is" : "are");
    else if (p->skipped > 0)
        err_set(&s->warning, 0, "%s: packages of another modulation left out",
                s->shown);
}

/* Takes bytes until a pulse is in the queue, or the end, or limit bytes are
 * used up. 0, or a negative errno. */
static int advance(struct source *s, uint64_t *limit, struct err *e)
{
    struct pulses *p = s->state;
    if (p->queue_at == p->queue_n)
        p->queue_at = p->queue_n = 0;
    while (p->queue_n == 0 && !p->is_done && *limit > 0) {
        ssize_t have = input_peek(&s->in, 1, e);
        if (have < 0)
            return (int)have;
        if (have == 0) {
            finish(s, p);
            break;
        }
        feed(s, p, (char)s->in.bytes[s->in.at++]);
        --*limit;
    }
    return 0;
}

/* As they are written. Less than n: these are the last, or *status, a negative
 * errno, says why no more come. */
static size_t read_written(struct source *s, pulse_us *out, size_t n,
                           int *status, struct err *e)
{
    struct pulses *p = s->state;
    size_t got = 0;
    *status = 0;
    while (got < n && *status == 0) {
        uint64_t limit = UINT64_MAX;
        if (p->queue_at < p->queue_n)
            out[got++] = p->queue[p->queue_at++];
        else if (p->is_done)
            break;
        else
            *status = advance(s, &limit, e);
    }
    return got;
}

/* What has come before a fault goes through first; the next call meets the fault
 * again. */
static ssize_t pulses_read(struct source *s, pulse_us *out, size_t n,
                           struct err *e)
{
    struct pulses *p = s->state;
    size_t got;
    while ((got = pulse_gate_take(&p->gate, out, n)) == 0) {
        size_t room;
        int status;
        pulse_us *at = pulse_gate_room(&p->gate, &room);
        const size_t have = read_written(s, at, room, &status, e);
        if (status == -EINTR) {
            pulse_gate_put(&p->gate, have, false);
            return status;
        }
        pulse_gate_put(&p->gate, have, have < room);
        if (have == 0 && p->gate.n_out == 0)
            return status;
    }
    return (ssize_t)got;
}

static void pulses_close(struct source *s)
{
    free(s->state);
}

static const struct source_reader pulses_reader = {
    .read_pulses = pulses_read,
    .close = pulses_close,
};

/* freq1 is where the carrier was, but an offset where rtl_433 did not know its
 * centre; no transmitter of ours is below 1 MHz. Of FSK the middle counts. */
static double find_centre(const struct pulses *p, enum modulation modulation)
{
    double hz = p->freq1_hz;
    if (modulation == MODULATION_FSK && p->freq2_hz > 1e6)
        hz = (p->freq1_hz + p->freq2_hz) / 2;
    if (hz > 1e6 && p->centre_hz != 0)
        return hz;
    return p->centre_hz > 0 ? p->centre_hz : NAN;
}

static int no_pulses(const struct source *s, struct err *e)
{
    const struct pulses *p = s->state;
    if (p->is_flipper && (p->is_key_file || p->is_foreign))
        return err_set(e, -ENODATA, "%s: is a key file without a recording",
                       s->shown);
    if (s->in.is_regular && s->in.size == 0)
        return err_set(e, -ENODATA, "%s: is empty", s->shown);
    return err_set(e, -ENODATA, "%s: holds no pulses; is it %s?", s->shown,
                   p->is_flipper ? "a Flipper RAW file"
                                 : "rtl_433's pulse data");
}

int source_pulses_start(struct source *s, enum input_kind kind, struct err *e)
{
    struct pulses *p = calloc(1, sizeof *p);
    if (!p)
        return err_set(e, -ENOMEM, "%s: out of memory", s->shown);
    s->state = p;
    s->reader = &pulses_reader; /* from here source_close cleans up */
    s->info.kind = SOURCE_PULSES;
    s->info.modulation = kind == INPUT_FSK ? MODULATION_FSK : MODULATION_OOK;
    p->is_flipper = kind == INPUT_SUB;
    p->us_per_unit = 1;
    p->freq1_hz = p->freq2_hz = p->centre_hz = NAN;
    uint64_t limit = HEADER_MAX;
    int r = advance(s, &limit, e);
    if (r < 0)
        return r;
    if (p->queue_n == 0)
        return no_pulses(s, e);
    s->info.centre_hz = find_centre(p, s->info.modulation);
    return 0;
}
