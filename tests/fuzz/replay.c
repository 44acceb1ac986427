/* replay.c - gives files to a fuzzer, in a build that needs no libFuzzer.
 *
 *     replay FILE|FOLDER...    prints how many files were read
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/hold.h"

#define SEED_MAX ((long)16 << 20) /* bytes */
#define NAME_BYTES 4096

static int files;

/* A copy of just so many bytes: a sanitizer sees what reads behind it. */
static uint8_t *slurp(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data;
    long len;

    if (!file || fseek(file, 0, SEEK_END) != 0 || (len = ftell(file)) < 0 ||
        len > SEED_MAX)
        return NULL;
    rewind(file);
    data = malloc(len > 0 ? (size_t)len : 1);
    *size = (size_t)len;
    if (data && fread(data, 1, *size, file) != *size) {
        free(data);
        data = NULL;
    }
    (void)fclose(file);
    return data;
}

static void replay_file(const char *path)
{
    size_t size = 0;
    uint8_t *data = slurp(path, &size);

    if (!data) {
        (void)fprintf(stderr, "replay: cannot read '%s'\n", path);
        exit(1);
    }
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    files++;
}

static void replay_folder(const char *path)
{
    char inner[NAME_BYTES];
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        (void)snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            replay_file(inner);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
}

int main(int argc, char **argv)
{
    struct stat st;

    for (int i = 1; i < argc; i++)
        if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            replay_folder(argv[i]);
        else
            replay_file(argv[i]);
    printf("%d seeds\n", files);
    return files > 0 ? 0 : 1;
}
