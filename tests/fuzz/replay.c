/* replay - feed files to a fuzz target where there is no fuzzer.
 *
 *   replay FILE_OR_DIRECTORY...
 *
 * Each file is one input, as is the empty one. Names are sorted, so that a
 * failure comes at the same place each time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;

    if (f == NULL || fstat(fileno(f), &st) != 0) {
        perror(path);
        if (f != NULL)
            fclose(f);
        return 1;
    }
    /* As long as the file and no longer: a read past the end shows. */
    size_t n = (size_t)st.st_size;
    uint8_t *data = malloc(n > 0 ? n : 1);
    int failed = data == NULL || fread(data, 1, n, f) != n;
    fclose(f);
    if (failed)
        perror(path);
    else
        LLVMFuzzerTestOneInput(data, n);
    free(data);
    return failed;
}

static int replay_directory(const char *path)
{
    struct dirent **names = NULL;
    int n = scandir(path, &names, NULL, alphasort);
    int failed = n < 0;

    if (n < 0)
        perror(path);
    for (int i = 0; i < n; i++) {
        char file[4096];
        int m = snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && m > 0 && (size_t)m < sizeof file)
            failed |= replay_file(file);
        free(names[i]);
    }
    free(names);
    return failed;
}

int main(int argc, char **argv)
{
    static const uint8_t nothing[1];
    int failed = 0;

    LLVMFuzzerTestOneInput(nothing, 0);
    for (int i = 1; i < argc; i++) {
        struct stat st;
        if (stat(argv[i], &st) != 0) {
            perror(argv[i]);
            failed = 1;
        } else if (S_ISDIR(st.st_mode)) {
            failed |= replay_directory(argv[i]);
        } else {
            failed |= replay_file(argv[i]);
        }
    }
    return failed;
}
