/* source - where samples or pulses come from: a file, standard input, a dongle.
 *
 * A source is named as rtl_433 names it: a path, "-", or a path with overrides
 * in front: cu8:433.92M:250k:PATH, in any order. What no override says comes
 * from the container (SigMF, WAV), then from the file's name
 * (g001_433.92M_250k.cu8), then from the defaults given.
 *
 * A receiver that is there now is named as rtl_433's -d names it: "0" or ":SERIAL"
 * is an RTL-SDR dongle, rtl_tcp:HOST:PORT one behind a server.
 *
 *   memory  create and destroy belong together; one source, one thread
 *   errors  negative errno, and a sentence that names file and fault
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SOURCE_H
#define SRC_SOURCE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "dsp/iq.h"
#include "src/err.h"

enum source_kind {
    SOURCE_IQ,
    SOURCE_PULSES, /* Flipper .sub RAW, rtl_433 .ook: edges, no samples */
};

/* What was found out about the input before its first sample. */
struct source_info {
    enum source_kind kind;
    enum sample_format format;  /* what read() delivers; IQ only */
    double rate_hz;             /* > 0; pulses: 1e6, one sample a microsecond */
    double centre_hz;           /* NAN: not known */
    uint64_t total;             /* samples (pulses: 0); 0: not known */
    double recorded_unix_s;     /* recordings: the time of sample 0, where the
                                 * container says it; NAN: not known */
    enum modulation modulation; /* pulses: how the receiver demodulated */
    bool is_live;               /* samples come as time passes, without end */
    double gain_db;             /* live: of the tuner */
    double settle_s;            /* live: what is skipped when it is tuned */
    double late_s;              /* live: a loss is known after so long */
};

/* For inputs that do not say; 0 or NAN: no default. */
struct source_defaults {
    double rate_hz, centre_hz;
};

/* How a live receiver is to be set. */
struct source_tuning {
    double rate_hz, centre_hz; /* what becomes of them: struct source_info */
    /* Of the tuner, the nearest it has; its own AGC stays off. */
    double gain_db;
    double ppm;           /* error of its crystal, to be made up for */
    bool is_reconnecting; /* rtl_tcp: comes back when the server does */
    /* True: whoever opens does not wait any longer. May be NULL. */
    const volatile sig_atomic_t *stop;
    /* What the receiver's library says on standard error, a line a call, from
     * within source_ functions; NULL: nobody listens. */
    void (*talk)(void *user, const char *line);
    void *user;
};

/* Samples that are missing in front of those that the last read gave. */
struct source_gap {
    uint64_t lost;    /* by the receiver, the transport or this program */
    uint64_t skipped; /* on purpose: the receiver was being tuned; the recording
                       * left quiet out */
    uint64_t late;    /* lost earlier, and found out only now: */
    uint64_t ago;     /* so many samples before these */
    bool is_slow;     /* samples have come too slowly, little by little */
};

/* A stretch of carrier on (positive) or off (negative), in microseconds, never
 * 0. Two of one sign in a row do not come out: they are added up. */
typedef int32_t pulse_us;

struct source;

/* Opens and reads the headers. *ret is untouched on failure. */
int source_open(struct source **ret, const char *spec,
                const struct source_defaults *d, struct err *e);

/* The same, called `name` in sentences and by source_name(). NULL: its path. */
int source_open_as(struct source **ret, const char *spec, const char *name,
                   const struct source_defaults *d, struct err *e);

/* A live receiver; any other spec is a recording, and t->rate_hz and centre_hz
 * its defaults. */
int source_open_device(struct source **ret, const char *spec,
                       const struct source_tuning *t, struct err *e);

/* Whether spec names a live receiver; one behind a server. */
bool source_is_device(const char *spec);
bool source_is_rtltcp(const char *spec);

const struct source_info *source_info(const struct source *s);

/* What it was called, or the path without its overrides; "stdin" for "-". */
const char *source_name(const struct source *s);

/* Up to n whole samples, as stored (see dsp/convert.h), into out. Returns how
 * many; 0: the end; negative errno. A file that ends early or in half a sample
 * is not an error: see source_warning. Live: waits for samples; -EINTR after a
 * signal, and now and then while nothing comes; -ETIMEDOUT where nothing has
 * come for long; -ENODEV or -ECONNRESET when the receiver is gone. */
ssize_t source_read(struct source *s, void *out, size_t n, struct err *e);

/* Of the last read; a SigMF recording tells of its own. */
struct source_gap source_gap(const struct source *s);

/* Live: another centre; what was received before it is skipped. 0; -ENOTSUP for
 * a recording; negative errno. */
int source_tune(struct source *s, double centre_hz, struct err *e);

/* Live: the tuner's gain; what it has become is in *gain_db. */
int source_set_gain(struct source *s, double *gain_db, struct err *e);

/* Live: nothing more is received; what was can still be read, and the last gap
 * comes with the end. A recording goes on. */
void source_stop(struct source *s);

/* Live: the Unix time of sample 0; NAN before it came, and for recordings. */
double source_start_time(const struct source *s);

/* The same for SOURCE_PULSES. */
ssize_t source_read_pulses(struct source *s, pulse_us *out, size_t n,
                           struct err *e);

/* After the end: a sentence about what was left out ("a.cu8: 1 odd byte at the
 * end left out"), or NULL. Live: after it was opened or tuned, about what is not
 * as it should be. */
const char *source_warning(const struct source *s);

void source_close(struct source *s); /* takes NULL */

/* Name and version of the library that reads WAV and FLAC. */
const char *source_library_version(void);

#endif
