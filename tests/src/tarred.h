/* tarred - a tar by hand, for names and types that no packer would write.
 *
 * Include <cmocka.h> and what it needs before this.
 *
 *   source  POSIX.1-2001, pax, "ustar Interchange Format"
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TESTS_SRC_TARRED_H
#define TESTS_SRC_TARRED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAR_BLOCK = 512 };

struct tarred {
    char *bytes;
    size_t n, room;
};

/* n bytes, zeros where they are NULL, and zeros up to a block. */
static inline void tarred_put(struct tarred *t, const void *bytes, size_t n)
{
    size_t whole = (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;

    if (t->n + whole > t->room) {
        t->room = 2 * (t->n + whole);
        t->bytes = realloc(t->bytes, t->room);
        assert_non_null(t->bytes);
    }
    memset(t->bytes + t->n, 0, whole);
    if (bytes != NULL)
        memcpy(t->bytes + t->n, bytes, n);
    t->n += whole;
}

static inline void tarred_add(struct tarred *t, const char *name, char type,
                              const void *bytes, size_t n)
{
    char header[TAR_BLOCK] = "";
    unsigned sum = 0;

    assert_true(strlen(name) < 100);
    memcpy(header, name, strlen(name));
    snprintf(header + 100, 8, "%07o", 0644u);
    snprintf(header + 108, 8, "%07o", 0u);
    snprintf(header + 116, 8, "%07o", 0u);
    snprintf(header + 124, 12, "%011zo", n);
    snprintf(header + 136, 12, "%011o", 0u);
    memset(header + 148, ' ', 8);
    header[156] = type;
    if (type == '1' || type == '2')
        strcpy(header + 157, "/etc/passwd");
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    tarred_put(t, header, TAR_BLOCK);
    tarred_put(t, bytes, n);
}

static inline void tarred_pair(struct tarred *t, const char *name)
{
    char half[TAR_BLOCK];

    snprintf(half, sizeof half, "%s.sigmf-meta", name);
    tarred_add(t, half, '0', "{}", 2);
    snprintf(half, sizeof half, "%s.sigmf-data", name);
    tarred_add(t, half, '0', "samples", 7);
}

/* The mark of its end, and all of it as a file; at its first byte. */
static inline int tarred_finish(struct tarred *t)
{
    FILE *f = tmpfile();

    tarred_put(t, NULL, 2 * TAR_BLOCK);
    assert_non_null(f);
    assert_int_equal(fwrite(t->bytes, 1, t->n, f), t->n);
    assert_int_equal(fflush(f), 0);
    int fd = dup(fileno(f));
    fclose(f);
    free(t->bytes);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

#endif
