/* test_sigmf_archive_pack - what goes in comes out, and tells nothing else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/sigmf_archive.h"

enum { DATA_BYTES = 300001, ARCHIVE_MAX = 400000 };

static char folder[] = "/tmp/fobscope-test-XXXXXX";
static char data_path[PATH_MAX];
static char data[DATA_BYTES];
static struct err e;

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fobscope-test-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 2654435761u >> 13);
    snprintf(data_path, sizeof data_path, "%s/data", folder);
    FILE *f = fopen(data_path, "wb");
    if (f == NULL || fwrite(data, 1, sizeof data, f) != sizeof data)
        return -1;
    return fclose(f);
}

static int remove_folder(void **state)
{
    (void)state;
    return unlink(data_path) | rmdir(folder);
}

static int new_file(void)
{
    char path[] = "/tmp/fobscope-test-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    return fd;
}

/* The whole file from its first byte; how many. */
static size_t bytes_of(int fd, char bytes[ARCHIVE_MAX])
{
    ssize_t n = pread(fd, bytes, ARCHIVE_MAX, 0);

    assert_true(n >= 0 && n < ARCHIVE_MAX);
    return (size_t)n;
}

static int pack_at(int fd, const char *name)
{
    char meta[64], half[64];

    snprintf(meta, sizeof meta, "%s.sigmf-meta", name);
    snprintf(half, sizeof half, "%s.sigmf-data", name);
    const struct sigmf_archive_file files[] = {
        { .name = meta, .bytes = "{\"global\":{}}", .n = 13 },
        { .name = half, .path = data_path },
        { .name = "empty.png", .bytes = "", .n = 0 },
    };
    return sigmf_archive_pack(fd, "a.sigmf", files, 3, NULL, &e);
}

static void assert_file(const char *path, const void *bytes, size_t n)
{
    static char have[ARCHIVE_MAX];
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(bytes_of(fd, have), n);
    assert_memory_equal(have, bytes, n);
    close(fd);
    assert_int_equal(unlink(path), 0);
}

static void what_goes_in_comes_out(void **state)
{
    static const char *const names[] = {
        "g001",
        "x/g001",
        "\u00e9 \u6f22",
        "\xe9",
        "a-name-that-is-long-and-goes-on-for-some-time",
    };
    static struct sigmf_archive_pair pairs[SIGMF_ARCHIVE_RECORDINGS];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        int fd = new_file();
        if (pack_at(fd, names[i]) != 0)
            fail_msg("%s", e.text);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        if (sigmf_archive_unpack(fd, "a.sigmf", folder, &sigmf_archive_limits,
                                 pairs, &e) != 1)
            fail_msg("%s", e.text);
        close(fd);
        assert_string_equal(pairs[0].name, names[i]);
        assert_file(pairs[0].meta, "{\"global\":{}}", 13);
        snprintf(path, sizeof path, "%s/000.sigmf-data", folder);
        assert_file(path, data, sizeof data);
    }
}

static void the_same_files_give_the_same_bytes(void **state)
{
    static char first[ARCHIVE_MAX], second[ARCHIVE_MAX];
    const struct timespec old[] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
    int a = new_file(), b = new_file();

    (void)state;
    assert_int_equal(pack_at(a, "g001"), 0);
    assert_int_equal(utimensat(AT_FDCWD, data_path, old, 0), 0);
    assert_int_equal(chmod(data_path, 0400), 0);
    assert_int_equal(pack_at(b, "g001"), 0);
    size_t n = bytes_of(a, first);
    assert_int_equal(bytes_of(b, second), n);
    assert_memory_equal(first, second, n);
    /* mode, uid, gid, size, mtime; magic, and no names of owners */
    assert_memory_equal(first, "g001.sigmf-meta", 16);
    assert_memory_equal(first + 100, "000644 ", 7);
    assert_memory_equal(first + 108, "000000 ", 7);
    assert_memory_equal(first + 116, "000000 ", 7);
    assert_memory_equal(first + 124, "00000000015 ", 12);
    assert_memory_equal(first + 136, "00000000000 ", 12);
    assert_memory_equal(first + 257,
                        "ustar\0"
                        "00\0",
                        9);
    assert_int_equal(first[297], 0);
    close(a);
    close(b);
}

static void a_full_disk_is_told(void **state)
{
    int fd = open("/dev/full", O_WRONLY);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(pack_at(fd, "g001"), -ENOSPC);
    assert_string_equal(e.text,
                        "a.sigmf: cannot be written: No space left on device");
    close(fd);
}

static void what_is_no_plain_file_is_not_packed(void **state)
{
    char pipe_path[PATH_MAX];
    struct sigmf_archive_file file = { .name = "a", .path = pipe_path };
    int fd = new_file();

    (void)state;
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe", folder);
    assert_int_equal(sigmf_archive_pack(fd, "a.sigmf", &file, 1, NULL, &e),
                     -ENOENT);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_int_equal(sigmf_archive_pack(fd, "a.sigmf", &file, 1, NULL, &e),
                     -EINVAL);
    assert_non_null(strstr(e.text, "pipe: is no plain file"));
    assert_int_equal(unlink(pipe_path), 0);
    close(fd);
}

struct reader {
    int fd;
    off_t length; /* of the data from its first byte that is read on */
    char head[2048];
};

/* Once the header has come the packer has seen how long the file is; no more
 * than the pipe and a block are read before the rest is asked for. */
static void *change_and_read(void *arg)
{
    struct reader *r = arg;
    char rest[4096];
    size_t n = 0;

    while (n < sizeof r->head) {
        ssize_t got = read(r->fd, r->head + n, sizeof r->head - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    if (r->length >= 0 && truncate(data_path, r->length) == 0)
        while (read(r->fd, rest, sizeof rest) > 0)
            ;
    close(r->fd);
    return NULL;
}

/* length < 0: it is read no further. */
static int pack_to_reader(struct reader *r, off_t length)
{
    const struct sigmf_archive_file file = { .name = "a", .path = data_path };
    pthread_t thread;
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    r->fd = ends[0];
    r->length = length;
    assert_int_equal(pthread_create(&thread, NULL, change_and_read, r), 0);
    int status = sigmf_archive_pack(ends[1], "a.sigmf", &file, 1, NULL, &e);
    close(ends[1]);
    assert_int_equal(pthread_join(thread, NULL), 0);
    return status;
}

static void a_file_that_changes_is_told(void **state)
{
    static struct reader r;

    (void)state;
    assert_int_equal(pack_to_reader(&r, DATA_BYTES - 1), -EBUSY);
    assert_non_null(
        strstr(e.text, "/data: became shorter while it was packed"));
    assert_int_equal(pack_to_reader(&r, DATA_BYTES), -EBUSY);
    assert_non_null(strstr(e.text, "/data: became longer while it was packed"));
    assert_int_equal(pack_to_reader(&r, DATA_BYTES), 0);
}

/* Its size is more than eleven octal digits hold: pax tells it. */
static void more_than_8_gib_have_room(void **state)
{
    static struct reader r;

    (void)state;
    assert_int_equal(truncate(data_path, (off_t)9 << 30), 0);
    assert_int_equal(pack_to_reader(&r, -1), -EPIPE);
    assert_int_equal(r.head[156], 'x');
    assert_memory_equal(r.head + 512, "19 size=9663676416\n", 19);
}

int main(void)
{
#define IN_FOLDER(f)                                                           \
    cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(what_goes_in_comes_out),
        IN_FOLDER(the_same_files_give_the_same_bytes),
        IN_FOLDER(a_full_disk_is_told),
        IN_FOLDER(what_is_no_plain_file_is_not_packed),
        IN_FOLDER(a_file_that_changes_is_told),
        IN_FOLDER(more_than_8_gib_have_room),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
