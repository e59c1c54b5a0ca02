/* entry - what the archive knows of one recording: what stands in its metadata,
 * in the form in which it is looked for, listed and shown.
 *
 *   memory  none: an entry is a plain struct
 *   errors  negative errno, and a sentence that names file and fault
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_ENTRY_H
#define SRC_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"
#include "src/hash.h"
#include "src/json.h"
#include "src/owner.h"

enum {
    /* The first digits of the samples' SHA-512: 40 bits, two of 20,000 recordings
     * share them once in 5,000 archives. */
    ENTRY_ID_DIGITS = 10,
    ENTRY_ID = ENTRY_ID_DIGITS + 1,
    ENTRY_NAME = 128,
    ENTRY_WORD = 48,      /* a model, a serial */
    ENTRY_HEARD_MAX = 32, /* fobs in one recording */
    ENTRY_PSEUDONYM = 13, /* fob-3f9a12bc */
};

/* A fob, or, where nothing tells fobs apart, a format. */
struct entry_heard {
    char model[ENTRY_WORD];   /* "Microchip-HCS200", "Unknown" */
    char fob[ENTRY_WORD];     /* its serial; "": the format has none */
    char verdict[ENTRY_WORD]; /* the best of its frames: "proven" ... */
    unsigned frames;
    double carrier_hz; /* of the first; NAN: not known */
};

struct entry {
    char id[ENTRY_ID];
    char name[ENTRY_NAME]; /* of its two files, without endings */
    char sha512[HASH_HEX]; /* of its samples */
    char datatype[ENTRY_WORD];
    double rate_hz, centre_hz;         /* centre: NAN: not known */
    double added_unix_s, start_unix_s; /* NAN: not known */
    uint64_t samples, lost;            /* there; missing between them */
    bool is_synthetic;                 /* no fob was there: it was computed */
    char owner[OWNER_WORDS][OWNER_WORD_MAX + 1]; /* "": not said */
    struct entry_heard heard[ENTRY_HEARD_MAX];
    size_t n_heard;
};

/* From the metadata FOLDER/NAME.sigmf-meta and the size of its data, of which
 * there may be none. *ret is untouched on failure. */
int entry_read(struct entry *ret, const char *folder, const char *name,
               struct err *e);

/* The same where the document is loaded already. bytes: of the data. */
int entry_from(struct entry *ret, const struct json *document, uint64_t bytes,
               const char *name, struct err *e);

/* Whether a name from elsewhere can be one in the archive: of one file in one
 * folder. */
bool entry_is_name(const char *name);

/* The name that a recording gets in the archive: fob_ID_DATE_CENTRE_RATE, which
 * rtl_433 and others can read centre and rate from. */
void entry_make_name(char name[ENTRY_NAME], const struct entry *t);

/* When it was recorded, or else added; NAN: neither is known. */
double entry_time(const struct entry *t);

/* Of the best frame in it: "proven", "plausible", "damaged"; "none". */
const char *entry_verdict(const struct entry *t);

/* What is different between two, in a word ("samples"); NULL: nothing. */
const char *entry_difference(const struct entry *a, const struct entry *b);

/* A name for a fob that tells nobody its serial: the same in one archive for the
 * same fob. "" for what has no serial. */
void entry_pseudonym(char text[ENTRY_PSEUDONYM],
                     const uint8_t key[HASH_KEY_BYTES],
                     const struct entry_heard *h);

#endif
