/* sigmf_archive - the only module that knows libarchive: .sigmf archives, which
 * are tar files of SigMF pairs, packed and unpacked.
 *
 * An archive comes from anywhere: no name in it ever becomes the name of a file
 * here, what it unpacks to is bounded, and nothing but regular files counts.
 *
 *   errors  negative errno, and a sentence that names archive, entry and fault
 *   source  SigMF 1.2.5, "SigMF Archive"; POSIX.1-2001 tar
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SRC_SIGMF_ARCHIVE_H
#define SRC_SIGMF_ARCHIVE_H

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "src/err.h"

enum {
    SIGMF_ARCHIVE_RECORDINGS = 1000, /* in one archive */
    SIGMF_ARCHIVE_NAME = 256,        /* bytes of a recording's name */
};

/* A pair that was unpacked. */
struct sigmf_archive_pair {
    char name[SIGMF_ARCHIVE_NAME]; /* as the archive has it, with its folder and
                                    * without its ending; to be shown, never to
                                    * be opened; no C0 controls in it, but not
                                    * always UTF-8 */
    char meta[PATH_MAX];           /* FOLDER/N.sigmf-meta; the data is beside */
};

struct sigmf_archive_limits {
    uint64_t bytes; /* that may come out of it */
    uint64_t ratio; /* and so many times its own size, beyond `free_bytes` */
    uint64_t free_bytes;
};

/* 16 GiB; 100 times its own size beyond 64 MiB: noise of a receiver does not
 * pack better than 2.5 times (ECOSYSTEM.md 2.4). */
extern const struct sigmf_archive_limits sigmf_archive_limits;

/* Unpacks what fd holds from where it stands, a tar, plain or packed once (gzip,
 * xz, zstd), or, where it can be sought in, a zip; into an existing folder. pairs
 * has room for SIGMF_ARCHIVE_RECORDINGS. Returns how many; on failure all that
 * came out is removed again. name is for sentences. A file that is no recording
 * (a picture, a collection) is passed over. */
int sigmf_archive_unpack(int fd, const char *name, const char *folder,
                         const struct sigmf_archive_limits *limits,
                         struct sigmf_archive_pair *pairs, struct err *e);

/* A file to be packed. */
struct sigmf_archive_file {
    const char *name; /* in the archive */
    const char *path; /* where its bytes are; NULL: they are */
    const void *bytes;
    size_t n;
};

/* Packs n files into a new archive at fd, in this order, with nothing in it that
 * tells when and by whom: the same files give the same bytes. On failure what is
 * at fd is no archive. *stop, which may be NULL, ends it: -EINTR. */
int sigmf_archive_pack(int fd, const char *name,
                       const struct sigmf_archive_file *files, size_t n,
                       const volatile sig_atomic_t *stop, struct err *e);

const char *sigmf_archive_library_version(void);

#endif
