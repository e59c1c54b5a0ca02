/* source - finds out what an input is and at which rate and centre.
 *
 * What an override says goes before what the container says, that before the
 * name, that before the defaults.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "src/source.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/sigmf.h"
#include "src/source_impl.h"

/* Below 20 kHz no fob's frame fits; 61.44 MHz is the fastest converter sold to
 * hobbyists (AD9361). Above 10 GHz nothing of ours transmits. */
static const double rate_min_hz = 20e3, rate_max_hz = 61.44e6;
static const double centre_max_hz = 10e9;

enum { MAGIC_BYTES = 64 }; /* looked at to tell a container */

/* The first bytes of containers; "?" stands for any byte. */
static const struct magic {
    const char *bytes;
    size_t n;
    enum input_kind kind;
} magics[] = {
    { "RIFF????WAVE", 12, INPUT_SNDFILE },
    { "RIFX????WAVE", 12, INPUT_SNDFILE },
    { "RF64????WAVE", 12, INPUT_SNDFILE },
    { "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", 12, INPUT_SNDFILE },
    { "fLaC", 4, INPUT_SNDFILE },
    { "Filetype: Flipper SubGhz", 24, INPUT_SUB },
    { ";pulse data", 11, INPUT_OOK },
};

static const struct input_type *type_of_magic(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *m = &magics[i];
        size_t j = 0;
        while (j < m->n && j < n &&
               (m->bytes[j] == '?' || (unsigned char)m->bytes[j] == p[j]))
            j++;
        if (j == m->n)
            return source_type_of_kind(m->kind);
    }
    return NULL;
}

/* libsndfile reads thirty formats, and has had holes in most: it is shown only
 * the four that recorders write. */
static int start_sndfile(struct source *s, struct err *e)
{
    ssize_t n = input_peek(&s->in, MAGIC_BYTES, e);
    if (n < 0)
        return (int)n;
    const struct input_type *t =
        type_of_magic(s->in.bytes + s->in.at, (size_t)n);
    if (n == 0)
        return err_set(e, -ENODATA, "%s: is empty", s->shown);
    if (!t || t->kind != INPUT_SNDFILE)
        return err_set(e, -EINVAL, "%s: is not a WAV, RF64, W64 or FLAC file",
                       s->shown);
    return source_sndfile_start(s, e);
}

/* What was packed by another program, in a word; NULL if nothing was. */
static const char *packed_by(const unsigned char *p, size_t n)
{
    static const struct {
        const char *bytes, *with;
    } packers[] = {
        { "\x1f\x8b", "gzip" },
        { "\xfd"
          "7zXZ",
          "xz" },
        { "\x28\xb5\x2f\xfd", "zstd" },
        { "PK\x03\x04", "zip" },
    };
    for (size_t i = 0; i < sizeof packers / sizeof *packers; i++) {
        size_t m = strlen(packers[i].bytes);
        if (n >= m && memcmp(p, packers[i].bytes, m) == 0)
            return packers[i].with;
    }
    return NULL;
}

/* A container shows itself whatever its name, so that a WAV named .cu8 is not
 * heard as noise; then the ending counts, then a word in the name. */
static int find_input_type(struct source *s, const struct source_facts *name,
                           const struct input_type **ret, struct err *e)
{
    ssize_t n = input_peek(&s->in, MAGIC_BYTES, e);
    if (n < 0)
        return (int)n;
    if (n == 0)
        return err_set(e, -ENODATA, "%s: is empty", s->shown);
    const unsigned char *p = s->in.bytes + s->in.at;
    const struct input_type *t = type_of_magic(p, (size_t)n);
    if (!t)
        t = source_type_of_ending(s->path);
    const char *packer = t ? NULL : packed_by(p, (size_t)n);
    if (!t)
        t = name->type;
    if (packer)
        return err_set(e, -EINVAL, "%s: is packed with %s: unpack it first",
                       s->shown, packer);
    if (!t)
        return err_set(e, -EINVAL,
                       "%s: sample format is not known: put it before the "
                       "name, cu8:433.92M:250k:%s",
                       s->shown, strcmp(s->shown, "stdin") ? s->shown : "-");
    *ret = t;
    return 0;
}

/* The pair's other file: same name, another ending. To be freed. */
static char *sibling(const char *path, const char *ending)
{
    size_t stem = strlen(path) - strlen("sigmf-meta");
    char *p = malloc(stem + strlen(ending) + 1);
    if (!p)
        return NULL;
    memcpy(p, path, stem);
    strcpy(p + stem, ending);
    return p;
}

static int keep_gaps(struct source *s, const struct sigmf_meta *meta,
                     struct err *e)
{
    const size_t bytes = meta->n_gaps * sizeof *s->gaps;
    if (bytes == 0)
        return 0;
    s->gaps = malloc(bytes);
    if (!s->gaps)
        return err_set(e, -ENOMEM, "%s: out of memory", s->shown);
    memcpy(s->gaps, meta->gaps, bytes);
    s->n_gaps = meta->n_gaps;
    return 0;
}

static int open_sigmf(struct source *s, const struct input_type *format,
                      struct err *e)
{
    struct sigmf_meta meta;
    char *meta_path = sibling(s->path, "sigmf-meta");
    char *data_path = sibling(s->path, "sigmf-data");
    int r = -ENOMEM;
    if (!meta_path || !data_path) {
        err_set(e, r, "%s: out of memory", s->shown);
        goto done;
    }
    r = sigmf_read(&meta, meta_path, e);
    if (r < 0)
        goto done;
    source_show(s->shown, s->name ? s->name : data_path);
    r = input_open(&s->in, data_path, s->shown, e);
    if (r < 0)
        goto done;
    s->info.rate_hz = meta.rate_hz;
    s->info.centre_hz = meta.centre_hz;
    s->info.recorded_unix_s = meta.start_unix_s;
    r = keep_gaps(s, &meta, e);
    if (r < 0)
        goto done;
    if (meta.is_retuned)
        err_set(&s->warning, 0,
                "%s: was retuned while recording; read as if it was not",
                s->shown);
    r = source_raw_start(s, format ? format->format : meta.format,
                         meta.header_bytes, e);
done:
    free(meta_path);
    free(data_path);
    return r;
}

static int open_plain(struct source *s, const char *path,
                      const struct input_type *t,
                      const struct source_facts *name, struct err *e)
{
    int r = input_open(&s->in, path, s->shown, e);
    if (r == 0 && !t)
        r = find_input_type(s, name, &t, e);
    if (r < 0)
        return r;
    switch (t->kind) {
    case INPUT_RAW:
        return source_raw_start(s, t->format, 0, e);
    case INPUT_SNDFILE:
        return start_sndfile(s, e);
    case INPUT_SUB:
    case INPUT_OOK:
    case INPUT_FSK:
        return source_pulses_start(s, t->kind, e);
    case INPUT_SIGMF_META:
    case INPUT_SIGMF_DATA:
    case INPUT_SIGMF_ARCHIVE:
        break;
    }
    return err_set(e, -EINVAL,
                   "%s: is a SigMF archive: decode and archive add read it",
                   s->shown);
}

static int open_container(struct source *s, const char *path,
                          const struct source_facts *given,
                          const struct source_facts *name, struct err *e)
{
    const struct input_type *ending = source_type_of_ending(path);
    bool is_meta = ending && ending->kind == INPUT_SIGMF_META;
    bool is_data = ending && ending->kind == INPUT_SIGMF_DATA;
    if (is_meta && given->type && given->type->kind != INPUT_RAW)
        return err_set(e, -EINVAL, "%s: is SigMF, not %s", s->shown,
                       given->type->word);
    /* Data whose format is given needs no meta to be read. */
    if (is_meta || (is_data && !given->type))
        return open_sigmf(s, given->type, e);
    return open_plain(s, path, given->type, name, e);
}

bool source_is_rate(double hz)
{
    return hz >= rate_min_hz && hz <= rate_max_hz;
}

bool source_is_centre(double hz)
{
    return hz >= 0 && hz <= centre_max_hz;
}

static double first_known(double a, double b, double c, double d)
{
    return isfinite(a) ? a : isfinite(b) ? b : isfinite(c) ? c : d;
}

static int settle(struct source *s, const struct source_facts *given,
                  const struct source_facts *name,
                  const struct source_defaults *d, struct err *e)
{
    struct source_info *i = &s->info;
    double rate = d && d->rate_hz > 0 ? d->rate_hz : NAN;
    double centre = d && d->centre_hz > 0 ? d->centre_hz : NAN;
    i->centre_hz =
        first_known(given->centre_hz, i->centre_hz, name->centre_hz, centre);
    if (!isnan(i->centre_hz) && !source_is_centre(i->centre_hz))
        return err_set(e, -ERANGE,
                       "%s: centre frequency %.10g Hz is out of range, 0 to "
                       "%g GHz",
                       s->shown, i->centre_hz, centre_max_hz / 1e9);
    if (i->kind == SOURCE_PULSES) {
        i->rate_hz = 1e6;
        return 0;
    }
    i->rate_hz = first_known(given->rate_hz, i->rate_hz, name->rate_hz, rate);
    if (isnan(i->rate_hz))
        return err_set(e, -EINVAL,
                       "%s: sample rate is not known: put it before the name, "
                       "%s:433.92M:250k:%s",
                       s->shown, source_format_word(i->format),
                       strcmp(s->shown, "stdin") ? s->shown : "-");
    if (!source_is_rate(i->rate_hz))
        return err_set(e, -ERANGE,
                       "%s: sample rate %.10g Hz is out of range, %g kHz to "
                       "%g MHz",
                       s->shown, i->rate_hz, rate_min_hz / 1e3,
                       rate_max_hz / 1e6);
    return 0;
}

void source_show(char shown[SHOWN_MAX], const char *path)
{
    size_t n = strlen(path);
    if (n < SHOWN_MAX) {
        memcpy(shown, path, n + 1);
        return;
    }
    static const char cut[] = "...";
    size_t keep = SHOWN_MAX - sizeof cut;
    memcpy(shown, cut, sizeof cut - 1);
    memcpy(shown + sizeof cut - 1, path + n - keep, keep + 1);
}

static int open_all(struct source *s, const char *spec,
                    const struct source_defaults *d, struct err *e)
{
    struct source_facts given, name;
    const char *path = source_spec_parse(spec, &given);
    if (*path == '\0')
        return err_set(e, -EINVAL, "no file name in \"%.80s\"", spec);
    s->path = strdup(source_is_stdin(path) ? "stdin" : path);
    if (!s->path)
        return err_set(e, -ENOMEM, "out of memory");
    source_show(s->shown, s->name ? s->name : s->path);
    source_name_parse(source_is_stdin(path) ? "" : path, &name);
    s->info.rate_hz = s->info.centre_hz = s->info.recorded_unix_s = NAN;
    int r = open_container(s, path, &given, &name, e);
    return r < 0 ? r : settle(s, &given, &name, d, e);
}

int source_open(struct source **ret, const char *spec,
                const struct source_defaults *d, struct err *e)
{
    return source_open_as(ret, spec, NULL, d, e);
}

int source_open_as(struct source **ret, const char *spec, const char *name,
                   const struct source_defaults *d, struct err *e)
{
    struct source *s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, -ENOMEM, "out of memory");
    s->in.fd = -1;
    s->name = name ? strdup(name) : NULL;
    int r = open_all(s, spec, d, e);
    if (r < 0) {
        source_close(s);
        return r;
    }
    *ret = s;
    return 0;
}

bool source_is_device(const char *spec)
{
    const size_t digits = strspn(spec, "0123456789");

    return spec[0] == ':' || source_is_rtltcp(spec) ||
           (digits > 0 && digits <= 3 && spec[digits] == '\0');
}

/* What the RTL2832U can do, behind a server as well (rtl-sdr.h,
 * rtlsdr_set_sample_rate). */
static int check_rate(double hz, const char *shown, struct err *e)
{
    if ((hz > 225e3 && hz <= 300e3) || (hz > 900e3 && hz <= 3.2e6))
        return 0;
    return err_set(e, -ERANGE,
                   "%s: no dongle has a sample rate of %g kHz: 226 to 300 or "
                   "901 to 3200, as a rule 250, 1024 or 2048",
                   shown, hz / 1e3);
}

static int open_live(struct source *s, const char *spec,
                     const struct source_tuning *t, struct err *e)
{
    const bool is_rtltcp = source_is_rtltcp(spec);
    struct err shown;

    s->path = strdup(spec);
    if (!s->path)
        return err_set(e, -ENOMEM, "out of memory");
    s->info.recorded_unix_s = NAN;
    err_set(&shown, 0, is_rtltcp ? "%.120s" : "dongle %.120s", spec);
    source_show(s->shown, shown.text);
    if (check_rate(t->rate_hz, s->shown, e) < 0)
        return -ERANGE;
    return is_rtltcp ? source_rtltcp_start(s, spec, t, e)
                     : source_rtlsdr_start(s, spec, t, e);
}

int source_open_device(struct source **ret, const char *spec,
                       const struct source_tuning *t, struct err *e)
{
    const struct source_defaults d = { t->rate_hz, t->centre_hz };
    struct source *s;
    int r;

    if (!source_is_device(spec))
        return source_open(ret, spec, &d, e);
    s = calloc(1, sizeof *s);
    if (!s)
        return err_set(e, -ENOMEM, "out of memory");
    s->in.fd = -1;
    r = open_live(s, spec, t, e);
    if (r < 0) {
        source_close(s);
        return r;
    }
    *ret = s;
    return 0;
}

const struct source_info *source_info(const struct source *s)
{
    return &s->info;
}

const char *source_name(const struct source *s)
{
    return s->name ? s->name : s->path;
}

/* Takes the gap in front of the next sample, if there is one; how many of n
 * samples come before the one after it. */
static size_t up_to_gap(struct source *s, size_t n)
{
    s->gap = (struct source_gap){ 0 };
    while (s->next_gap < s->n_gaps && s->gaps[s->next_gap].start <= s->read) {
        s->gap.lost += s->gaps[s->next_gap].lost;
        s->gap.skipped += s->gaps[s->next_gap++].left_out;
    }
    if (s->next_gap < s->n_gaps && s->gaps[s->next_gap].start - s->read < n)
        n = (size_t)(s->gaps[s->next_gap].start - s->read);
    return n;
}

ssize_t source_read(struct source *s, void *out, size_t n, struct err *e)
{
    ssize_t have;

    assert(s->info.kind == SOURCE_IQ);
    if (s->info.is_live)
        return s->reader->read(s, out, n, e);
    n = up_to_gap(s, n);
    have = s->reader->read(s, out, n, e);
    if (have > 0)
        s->read += (uint64_t)have;
    return have;
}

ssize_t source_live_read(struct source *s, void *out, size_t n, struct err *e)
{
    struct err fault = { "" };
    ssize_t have;

    s->gap = (struct source_gap){ 0 };
    have = feed_read(s->feed, out, n, &s->gap, &fault);

    if (have == -ETIMEDOUT)
        return err_set(e, (int)have, "%s: %s: it has stopped sending; %s",
                       s->shown, fault.text, s->reader->when_silent);
    if (have < 0)
        return err_set(e, (int)have, "%s", fault.text);
    return have;
}

struct source_gap source_gap(const struct source *s)
{
    return s->gap;
}

int source_tune(struct source *s, double centre_hz, struct err *e)
{
    if (!s->reader->tune)
        return err_set(e, -ENOTSUP, "%s: a recording cannot be tuned",
                       s->shown);
    return s->reader->tune(s, centre_hz, e);
}

int source_set_gain(struct source *s, double *gain_db, struct err *e)
{
    if (!s->reader->set_gain)
        return err_set(e, -ENOTSUP, "%s: a recording has no gain to set",
                       s->shown);
    return s->reader->set_gain(s, gain_db, e);
}

void source_stop(struct source *s)
{
    if (s->reader->stop)
        s->reader->stop(s);
}

double source_start_time(const struct source *s)
{
    return s->feed ? feed_start_time(s->feed) : NAN;
}

ssize_t source_read_pulses(struct source *s, pulse_us *out, size_t n,
                           struct err *e)
{
    assert(s->info.kind == SOURCE_PULSES);
    return s->reader->read_pulses(s, out, n, e);
}

const char *source_warning(const struct source *s)
{
    return s->warning.text[0] ? s->warning.text : NULL;
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->reader && s->reader->close)
        s->reader->close(s);
    input_close(&s->in);
    free(s->gaps);
    free(s->path);
    free(s->name);
    free(s);
}
