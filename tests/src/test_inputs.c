/* test_inputs - what an operand stands for, and what is left when it was read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "src/inputs.h"
#include "src/sigmf_archive.h"
#include "tests/src/archived.h"

enum { ITEMS_MAX = 8 };

/* What came. */
static struct {
    size_t n;
    char name[ITEMS_MAX][PATH_MAX], spec[ITEMS_MAX][PATH_MAX];
    char id[ITEMS_MAX][ENTRY_ID];
    uint64_t samples[ITEMS_MAX];
} came;

static void on_item(void *user, const struct input_item *item)
{
    struct source *s = NULL;
    struct err e = { "" };

    assert_ptr_equal(user, &came);
    assert_true(came.n < ITEMS_MAX);
    if (source_open_as(&s, item->spec, item->name, NULL, &e) < 0)
        fail_msg("%s", e.text);
    strcpy(came.spec[came.n], item->spec);
    strcpy(came.name[came.n], source_name(s));
    strcpy(came.id[came.n], item->entry ? item->entry->id : "");
    came.samples[came.n++] = source_info(s)->total;
    source_close(s);
}

static int each(struct inputs *in, const char *operand, struct err *e)
{
    came.n = 0;
    e->text[0] = '\0';
    return inputs_each(in, operand, on_item, &came, e);
}

static void each_ok(struct inputs *in, const char *operand, size_t n)
{
    struct err e = { "" };

    if (each(in, operand, &e) < 0)
        fail_msg("%s", e.text);
    assert_int_equal(came.n, n);
}

static void a_file(void **state)
{
    struct inputs in;

    (void)state;
    put_noise("a_250k.cu8", 1, 200);
    inputs_open(&in, "nowhere", NULL);
    each_ok(&in, "a_250k.cu8", 1);
    assert_string_equal(came.name[0], "a_250k.cu8");
    assert_string_equal(came.id[0], "");
    assert_int_equal(came.samples[0], 100);
    each_ok(&in, "cs8:250k:a_250k.cu8", 1);
    assert_false(inputs_is_several("a_250k.cu8"));
    inputs_close(&in);
    assert_false(there_is("nowhere")); /* nobody asked for an archive */
}

/* By the archive's place, and by one that is open. */
static void an_id(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "l");
    struct inputs in;
    char prefix[4] = "";

    (void)state;
    memcpy(prefix, t.id, 3);
    inputs_open(&in, "p", NULL);
    each_ok(&in, prefix, 1);
    assert_string_equal(came.id[0], t.id);
    assert_int_equal(came.samples[0], SAMPLES);
    assert_non_null(strstr(came.spec[0], t.name));
    inputs_close(&in);
    inputs_open(&in, "elsewhere", a);
    each_ok(&in, t.id, 1);
    assert_string_equal(came.id[0], t.id);
    inputs_close(&in);
    assert_int_equal(archive_find(a, t.id, &(struct entry){ 0 }, NULL), 0);
    assert_false(there_is("elsewhere"));
    archive_close(a);
}

/* ./ABC, and abc in the archive: who types a name that is there means it. */
static void a_file_goes_before_an_id(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "l");
    struct inputs in;

    (void)state;
    inputs_open(&in, NULL, a);
    each_ok(&in, t.id, 1);
    assert_string_equal(came.id[0], t.id);
    put_noise(t.id, 2, 200);
    char spec[64];
    snprintf(spec, sizeof spec, "cu8:250k:%s", t.id);
    each_ok(&in, spec, 1);
    assert_int_equal(came.samples[0], 100);
    assert_string_equal(came.id[0], "");
    unlink(t.id);
    each_ok(&in, t.id, 1);
    assert_string_equal(came.id[0], t.id);
    inputs_close(&in);
    archive_close(a);
}

static void on_file_only(void *user, const struct input_item *item)
{
    ++*(int *)user;
    assert_null(item->entry);
}

static void a_file_of_an_ids_name(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    const struct entry t = add_small(a, 1, "l");
    struct inputs in;
    struct err e = { "" };
    int n = 0;

    (void)state;
    put_noise(t.id, 2, 200);
    inputs_open(&in, NULL, a);
    assert_int_equal(inputs_each(&in, t.id, on_file_only, &n, &e), 0);
    assert_int_equal(n, 1);
    inputs_close(&in);
    archive_close(a);
}

static void neither(void **state)
{
    struct archive *a = archive_ok("p", ARCHIVE_WRITES);
    static const char *const operands[] = { "abc", "0123456789", "none.sigmf" };
    struct inputs in;
    struct err e = { "" };

    (void)state;
    inputs_open(&in, NULL, a);
    for (size_t i = 0; i < 3; i++) {
        assert_true(each(&in, operands[i], &e) < 0);
        assert_non_null(strstr(e.text, operands[i]));
        assert_int_equal(came.n, 0);
    }
    inputs_close(&in);
    archive_close(a);
    inputs_open(&in, "nowhere", NULL); /* there is no archive at all */
    assert_true(each(&in, "abc", &e) < 0);
    assert_string_not_equal(e.text, "");
    inputs_close(&in);
    assert_false(there_is("nowhere"));
}

/* A folder of this test's own, for temporary ones. */
static const char *use_tmp(void)
{
    static char tmp[PATH_MAX];
    char cwd[PATH_MAX / 2];

    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(tmp, sizeof tmp, "%s/tmp", cwd);
    assert_int_equal(mkdir(tmp, 0700), 0);
    assert_int_equal(setenv("TMPDIR", tmp, 1), 0);
    return tmp;
}

/* two.sigmf: a/one and a/two. */
static void put_archive(void)
{
    static const char meta[] =
        "{\"global\":{\"core:datatype\":\"cu8\",\"core:sample_rate\":250000,"
        "\"core:version\":\"1.2.5\"},\"captures\":[{\"core:sample_start\":0}],"
        "\"annotations\":[]}";
    char one[200], two[400];
    struct err e = { "" };

    memset(one, 127, sizeof one);
    memset(two, 128, sizeof two);
    const struct sigmf_archive_file files[] = {
        { .name = "a/one.sigmf-meta", .bytes = meta, .n = sizeof meta - 1 },
        { .name = "a/one.sigmf-data", .bytes = one, .n = sizeof one },
        { .name = "a/two.sigmf-meta", .bytes = meta, .n = sizeof meta - 1 },
        { .name = "a/two.sigmf-data", .bytes = two, .n = sizeof two },
    };
    int fd = open("two.sigmf", O_RDWR | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(sigmf_archive_pack(fd, "two.sigmf", files, 4, NULL, &e),
                     0);
    close(fd);
}

static void two_recordings_in_one_file(void **state)
{
    struct inputs in;

    (void)state;
    put_archive();
    const char *tmp = use_tmp();
    assert_true(inputs_is_several("two.sigmf"));
    inputs_open(&in, "nowhere", NULL);
    assert_int_equal(count_files("tmp"), 0);
    each_ok(&in, "two.sigmf", 2);
    assert_int_equal(came.samples[0], 100);
    assert_int_equal(came.samples[1], 200);
    assert_non_null(strstr(came.name[0], "one"));
    assert_non_null(strstr(came.name[1], "two"));
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(strstr(came.name[i], "two.sigmf"));
        assert_memory_equal(came.spec[i], tmp, strlen(tmp));
        assert_string_equal(came.id[i], "");
    }
    each_ok(&in, "two.sigmf", 2); /* once more with the same folder */
    inputs_close(&in);
    assert_int_equal(count_files("tmp"), 0);
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_false(there_is("nowhere"));
}

/* Nothing is left behind where it goes wrong. */
static void a_broken_one(void **state)
{
    struct inputs in;
    struct err e = { "" };
    size_t n;

    (void)state;
    put_archive();
    char *bytes = bytes_of("two.sigmf", &n);
    assert_true(n > 3000);
    put("half.sigmf", bytes, 2600); /* in the second pair */
    put("none.sigmf", "not a tar", 9);
    free(bytes);
    use_tmp();
    inputs_open(&in, NULL, NULL);
    assert_true(each(&in, "none.sigmf", &e) < 0);
    assert_non_null(strstr(e.text, "none.sigmf"));
    assert_true(each(&in, "half.sigmf", &e) < 0);
    assert_non_null(strstr(e.text, "half.sigmf"));
    assert_int_equal(came.n, 0);
    each_ok(&in, "two.sigmf", 2);
    inputs_close(&in);
    assert_int_equal(count_files("tmp"), 0);
    assert_int_equal(setenv("TMPDIR", "/no such folder", 1), 0);
    inputs_open(&in, NULL, NULL);
    assert_true(each(&in, "two.sigmf", &e) < 0);
    assert_string_not_equal(e.text, "");
    inputs_close(&in);
    assert_int_equal(unsetenv("TMPDIR"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file),
        TEST(an_id),
        TEST(a_file_goes_before_an_id),
        TEST(a_file_of_an_ids_name),
        TEST(neither),
        TEST(two_recordings_in_one_file),
        TEST(a_broken_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
