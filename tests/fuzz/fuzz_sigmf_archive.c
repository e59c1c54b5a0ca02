/* fuzz_sigmf_archive - bytes as a .sigmf archive: all of it comes out, or
 * nothing does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "src/sigmf_archive.h"
#include "tests/fuzz/fuzz_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { START = 7 }; /* bytes in front of it, which are not the archive's */

static char folder[] = "/tmp/fuzz_XXXXXX";
static int archive = -1;

static void remove_folder(void)
{
    assert(rmdir(folder) == 0); /* so it is empty */
}

static void make_folder(void)
{
    char path[] = "/tmp/fuzz_XXXXXX";

    archive = mkstemp(path);
    assert(archive >= 0 && unlink(path) == 0 && mkdtemp(folder) != NULL);
    assert(atexit(remove_folder) == 0);
}

/* How many there are; they are removed. Plain, small, and for us alone. */
static int take_files(off_t most)
{
    DIR *dir = opendir(folder);
    struct dirent *file;
    struct stat st;
    off_t bytes = 0;
    int n = 0;

    assert(dir != NULL);
    while ((file = readdir(dir)) != NULL) {
        if (strcmp(file->d_name, ".") == 0 || strcmp(file->d_name, "..") == 0)
            continue;
        assert(fstatat(dirfd(dir), file->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
               0);
        assert(S_ISREG(st.st_mode) && (st.st_mode & 0777) == 0600);
        bytes += st.st_size;
        assert(unlinkat(dirfd(dir), file->d_name, 0) == 0);
        n++;
    }
    closedir(dir);
    assert(bytes <= most);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sigmf_archive_limits limits = { .bytes = 1 << 20,
                                                        .ratio = 20,
                                                        .free_bytes = 1 << 16 };
    static struct sigmf_archive_pair pairs[SIGMF_ARCHIVE_RECORDINGS];
    struct err e = { "" };

    if (archive < 0)
        make_folder();
    assert(ftruncate(archive, 0) == 0);
    assert(pwrite(archive, data, size, START) == (ssize_t)size);
    assert(lseek(archive, START, SEEK_SET) == START);
    int n = sigmf_archive_unpack(archive, "fuzz", folder, &limits, pairs, &e);
    assert(n != 0 && n <= SIGMF_ARCHIVE_RECORDINGS);
    if (n < 0)
        fuzz_check_sentence(e.text);
    for (int i = 0; i < n; i++)
        assert(pairs[i].name[0] != '\0' &&
               strncmp(pairs[i].meta, folder, strlen(folder)) == 0 &&
               access(pairs[i].meta, R_OK) == 0);
    assert(take_files((off_t)limits.bytes) == (n < 0 ? 0 : 2 * n));
    return 0;
}
