/* test_sigmf_archive - what is refused, what comes out, what goes in.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/sigmf_archive.h"
#include "tests/src/tarred.h"

#define CORPUS "tests/fuzz/corpus/sigmf_archive/"

static char folder[] = "/tmp/fobscope-test-XXXXXX";
static struct sigmf_archive_pair pairs[SIGMF_ARCHIVE_RECORDINGS];
static struct err e;
static const struct sigmf_archive_limits small = { .bytes = 4 << 20,
                                                   .ratio = 100,
                                                   .free_bytes = 1 << 20 };

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/fobscope-test-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int count_files(bool and_remove)
{
    DIR *dir = opendir(folder);
    struct dirent *file;
    int n = 0;

    assert_non_null(dir);
    while ((file = readdir(dir)) != NULL) {
        if (file->d_name[0] == '.')
            continue;
        n++;
        if (and_remove)
            assert_int_equal(unlinkat(dirfd(dir), file->d_name, 0), 0);
    }
    closedir(dir);
    return n;
}

static int remove_folder(void **state)
{
    (void)state;
    count_files(true);
    return rmdir(folder);
}

static int unpack(int fd, const struct sigmf_archive_limits *limits)
{
    memset(&e, 0, sizeof e);
    return sigmf_archive_unpack(fd, "a.sigmf", folder, limits, pairs, &e);
}

static int unpack_file(const char *path)
{
    int fd = open(path, O_RDONLY);

    assert_true(fd >= 0);
    int r = unpack(fd, &small);
    close(fd);
    return r;
}

/* Nothing is left, and the sentence says why. */
static void assert_refused(int r, int code, const char *why)
{
    assert_int_equal(r, code);
    assert_int_equal(count_files(false), 0);
    if (strncmp(e.text, "a.sigmf: ", 9) != 0 || !strstr(e.text, why))
        fail_msg("%s: does not say: %s", e.text, why);
}

/* The tar that was put together refuses to come out. */
static void assert_tar_refused(struct tarred *t, int code, const char *why)
{
    int fd = tarred_finish(t);

    assert_refused(unpack(fd, &small), code, why);
    close(fd);
}

static void a_pair_comes_out_under_our_names(void **state)
{
    char path[PATH_MAX];
    struct stat st;
    mode_t last = umask(0777);
    int r = unpack_file(CORPUS "two.tar");

    (void)state;
    umask(last);
    assert_int_equal(r, 2);
    assert_int_equal(count_files(false), 4);
    assert_string_equal(pairs[0].name, "x/a");
    assert_string_equal(pairs[1].name, "x/b");
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%03d.sigmf-%s", folder, i / 2,
                 i % 2 ? "data" : "meta");
        assert_int_equal(lstat(path, &st), 0);
        assert_true(S_ISREG(st.st_mode));
        assert_int_equal(st.st_mode & 07777, 0600);
        if (i % 2 == 0)
            assert_string_equal(pairs[i / 2].meta, path);
    }
}

/* tar by Python, GNU tar and libarchive; packed; zip. */
static void every_kind_comes_out(void **state)
{
    static const struct {
        const char *file;
        int n;
        const char *name;
    } kinds[] = {
        { "one.tar", 1, "one" },      { "one.tar.gz", 1, "one" },
        { "two.tar.xz", 2, "x/a" },   { "two.tar.zst", 2, "x/a" },
        { "one.zip", 1, "z/z" },      { "utf8.zip", 2, "\u00e9" },
        { "latin1.tar", 1, "q\xe9" }, { "mac.tar", 1, "m" },
        { "sparse.tar", 1, "s" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, CORPUS "%s", kinds[i].file);
        int r = unpack_file(path);
        if (r != kinds[i].n)
            fail_msg("%s: %s", path, e.text);
        assert_string_equal(pairs[0].name, kinds[i].name);
        assert_int_equal(count_files(true), 2 * r);
    }
    assert_int_equal(unpack_file(CORPUS "utf8.tar"), 2);
    assert_int_equal(strlen(pairs[1].name), 180);
    assert_memory_equal(pairs[1].name, "\u00e8\u00e8", 4);
}

static void hostile_files_are_refused(void **state)
{
    static const struct {
        const char *file;
        int code;
        const char *why;
    } files[] = {
        { "bomb.tar.gz", -EFBIG, "more than the " },
        { "bomb_passed_over.tar.gz", -EFBIG, "more than the " },
        { "zeros_behind.tar.xz", -EFBIG, "too much for its size" },
        { "sparse_huge.tar", -EFBIG, "more than the " },
        { "sparse_backwards.tar", -EINVAL, "s.sigmf-data overlaps itself" },
        { "one.tar.gz.gz", -EILSEQ, "is no tar" },
        { "damaged.tar.xz", -EILSEQ, "is damaged" },
        { "checksum.zip", -EINVAL, "CRC" },
        { "encrypted.zip", -EINVAL, "z.sigmf-meta is encrypted" },
        { "too_long.tar", -EINVAL, "has too long a name" },
        { "dotdot.tar", -EINVAL, "../a.sigmf-meta leads out of" },
        { "deep.tar", -EINVAL, "has no name" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, CORPUS "%s", files[i].file);
        assert_refused(unpack_file(path), files[i].code, files[i].why);
    }
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    static const struct {
        const char *name, *why;
    } names[] = {
        { "/tmp/a.sigmf-data", "/tmp/a.sigmf-data has an absolute name" },
        { "../a.sigmf-data", "../a.sigmf-data leads out of its folder" },
        { "x/../../a.sigmf-data", "leads out of its folder" },
        { "x/..", "leads out of its folder" },
        { "..", "leads out of its folder" },
        { "", "an entry has no name" },
        { "\x1b[2J.png", "?[2J.png has control characters" },
        { ".sigmf-data", "has no name before its ending" },
        { "x/.sigmf-data", "has no name before its ending" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct tarred t = { 0 };
        tarred_pair(&t, "good");
        tarred_add(&t, names[i].name, '0', "x", 1);
        assert_tar_refused(&t, -EINVAL, names[i].why);
    }
}

static void what_is_no_plain_file_is_refused(void **state)
{
    static const char types[] = "123456"; /* links, devices, folder, pipe */

    (void)state;
    for (const char *type = types; *type; type++) {
        struct tarred t = { 0 };
        tarred_pair(&t, "good");
        tarred_add(&t, "a.sigmf-data", *type, NULL, 0);
        assert_tar_refused(&t, -EINVAL, "a.sigmf-data is no plain file");
        t = (struct tarred){ 0 };
        tarred_pair(&t, "good");
        tarred_add(&t, "a.png", *type, NULL, 0);
        int fd = tarred_finish(&t);
        assert_int_equal(unpack(fd, &small), 1);
        assert_int_equal(count_files(true), 2);
        close(fd);
    }
}

static void halves_are_there_once_and_both(void **state)
{
    struct tarred t = { 0 };

    (void)state;
    tarred_pair(&t, "x/a");
    tarred_add(&t, "./x//a.sigmf-data", '0', "y", 1);
    assert_tar_refused(&t, -EINVAL, "x/a.sigmf-data is there twice");
    t = (struct tarred){ 0 };
    tarred_pair(&t, "x/a");
    tarred_add(&t, "x/b.sigmf-meta", '0', "{}", 2);
    tarred_add(&t, "b.sigmf-data", '0', "y", 1);
    assert_tar_refused(&t, -EINVAL,
                       "x/b.sigmf-meta is there, but no .sigmf-data");
    t = (struct tarred){ 0 };
    tarred_pair(&t, "a");
    tarred_add(&t, "b.sigmf-data", '0', "y", 1);
    assert_tar_refused(&t, -EINVAL,
                       "b.sigmf-data is there, but no .sigmf-meta");
    t = (struct tarred){ 0 };
    tarred_add(&t, "b.png", '0', "y", 1);
    assert_tar_refused(&t, -ENODATA, "has no recording in it");
}

static void there_are_not_too_many(void **state)
{
    struct tarred t = { 0 };
    char name[32];

    (void)state;
    for (int i = 0; i <= SIGMF_ARCHIVE_RECORDINGS; i++) {
        snprintf(name, sizeof name, "a%d", i);
        tarred_pair(&t, name);
    }
    assert_tar_refused(&t, -EFBIG, "has more than 1000 recordings");
    t = (struct tarred){ 0 };
    tarred_pair(&t, "a");
    for (int i = 0; i < 10000; i++)
        tarred_add(&t, "a.png", '0', NULL, 0);
    assert_tar_refused(&t, -EFBIG, "has more than 10000 entries");
}

static void no_half_is_too_long(void **state)
{
    const size_t n = (8 << 20) + 1;
    struct tarred t = { 0 };
    char *zeros = calloc(1, n);

    (void)state;
    assert_non_null(zeros);
    tarred_add(&t, "a.sigmf-meta", '0', zeros, n);
    assert_tar_refused(&t, -EFBIG, "a.sigmf-meta is over 8 MiB");
    t = (struct tarred){ 0 };
    tarred_add(&t, "a.sigmf-data", '0', zeros, n);
    assert_tar_refused(&t, -EFBIG, "more than the 4194304 bytes");
    free(zeros);
}

/* At any byte but in the end's mark. */
static void a_cut_archive_is_refused(void **state)
{
    struct tarred t = { 0 };

    (void)state;
    tarred_pair(&t, "a");
    tarred_pair(&t, "b");
    size_t whole = t.n;
    int fd = tarred_finish(&t);
    for (size_t cut = whole; cut > 0; cut--) {
        assert_int_equal(ftruncate(fd, (off_t)cut), 0);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        assert_true(unpack(fd, &small) < 0);
        assert_int_equal(count_files(false), 0);
        assert_true(strlen(e.text) > strlen("a.sigmf: "));
    }
    close(fd);
}

/* From where it stands. */
static void an_archive_comes_from_any_fd(void **state)
{
    struct tarred t = { 0 };

    (void)state;
    tarred_pair(&t, "a");
    int fd = tarred_finish(&t);
    char bytes[8192];
    ssize_t n = read(fd, bytes, sizeof bytes);
    assert_true(n > 0);
    assert_int_equal(pwrite(fd, bytes, (size_t)n, 5), n);
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    assert_int_equal(unpack(fd, &small), 1);
    close(fd);
    assert_int_equal(count_files(true), 2);
    fd = open(folder, O_RDONLY);
    assert_int_equal(unpack(fd, &small), -EISDIR);
    close(fd);
    fd = open("/dev/null", O_RDONLY);
    assert_int_equal(unpack(fd, &small), -ENODATA);
    assert_string_equal(e.text, "a.sigmf: is empty");
    close(fd);
}

static int unpack_through_pipe(const char *path)
{
    char bytes[16384];
    int ends[2], fd = open(path, O_RDONLY);
    ssize_t n = read(fd, bytes, sizeof bytes); /* a pipe holds as much */

    assert_true(n > 0);
    close(fd);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, (size_t)n), n);
    close(ends[1]);
    int r = unpack(ends[0], &small);
    close(ends[0]);
    return r;
}

/* What came through it is its size. A zip's directory cannot be sought. */
static void a_pipe_is_bounded_as_well(void **state)
{
    (void)state;
    assert_int_equal(unpack_through_pipe(CORPUS "two.tar.xz"), 2);
    assert_int_equal(count_files(true), 4);
    assert_refused(unpack_through_pipe(CORPUS "bomb.tar.gz"), -EFBIG,
                   "more than the 1884676 bytes");
    assert_refused(unpack_through_pipe(CORPUS "one.zip"), -EILSEQ, "is no tar");
}

static void holes_are_zeros(void **state)
{
    static char bytes[20001];
    char path[PATH_MAX];

    (void)state;
    assert_int_equal(unpack_file(CORPUS "sparse.tar"), 1);
    snprintf(path, sizeof path, "%s/000.sigmf-data", folder);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fread(bytes, 1, sizeof bytes, f), 20000);
    fclose(f);
    assert_memory_equal(bytes + 10000, "DATA", 4);
    memset(bytes + 10000, 0, 4);
    for (size_t i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], 0);
}

static void nothing_of_others_is_touched(void **state)
{
    char path[PATH_MAX];

    (void)state;
    snprintf(path, sizeof path, "%s/000.sigmf-data", folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(unpack_file(CORPUS "one.tar"), -EEXIST);
    assert_int_equal(count_files(false), 1);
    assert_int_equal(unlink(path), 0);
}

static void a_full_disk_is_told(void **state)
{
    struct rlimit last;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &last), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit now = { .rlim_cur = 500, .rlim_max = last.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
    int r = unpack_file(CORPUS "one.tar");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &last), 0);
    assert_refused(r, -EFBIG, "cannot be unpacked in /tmp/fobscope-test-");
}

int main(void)
{
#define IN_FOLDER(f)                                                           \
    cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_pair_comes_out_under_our_names),
        IN_FOLDER(every_kind_comes_out),
        IN_FOLDER(hostile_files_are_refused),
        IN_FOLDER(names_that_lead_elsewhere_are_refused),
        IN_FOLDER(what_is_no_plain_file_is_refused),
        IN_FOLDER(halves_are_there_once_and_both),
        IN_FOLDER(there_are_not_too_many),
        IN_FOLDER(no_half_is_too_long),
        IN_FOLDER(a_cut_archive_is_refused),
        IN_FOLDER(an_archive_comes_from_any_fd),
        IN_FOLDER(a_pipe_is_bounded_as_well),
        IN_FOLDER(holes_are_zeros),
        IN_FOLDER(nothing_of_others_is_touched),
        IN_FOLDER(a_full_disk_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
