#include "evidence/sealed.h"

#include <stdlib.h>

#include "base/fs.h"
#include "evidence/chain.h"

#define TAG_MANIFEST "tagmanifest-sha256.txt"

static aw_rc add_file(struct aw_sealed *sealed,
                      const struct aw_zip_entry *entry, struct aw_err *err)
{
    const size_t dir = sizeof AW_SEAL_DIR - 1;
    struct aw_seal_file *file = &sealed->files[sealed->count];

    if (sealed->count == AW_SEAL_FILES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d files in " AW_SEAL_DIR,
                       AW_SEAL_FILES_MAX);
    if (entry->data.len > AW_SEAL_FILE_MAX)
        return aw_fail(err, AW_LIMIT, "'%.*s' is larger than %zu bytes",
                       AW_STR_ARG(entry->name), AW_SEAL_FILE_MAX);
    file->name = aw_str_sub(entry->name, dir, entry->name.len);
    file->bytes = entry->data;
    sealed->count++;
    return AW_OK;
}

aw_rc aw_sealed_of(const struct aw_bagit_view *bag, struct aw_sealed *out,
                   struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *out = (struct aw_sealed){.folder = bag->folder};
    if (!aw_bagit_find(bag, AW_STR(TAG_MANIFEST), &out->tagmanifest))
        return aw_fail(err, AW_INVALID, "there is no " TAG_MANIFEST);
    (void)aw_bagit_find(bag, AW_STR(AW_CHAIN_NAME), &out->chain);
    for (size_t i = 0; i < bag->count && rc == AW_OK; i++)
        if (aw_str_starts(bag->files[i].name, AW_STR(AW_SEAL_DIR)))
            rc = add_file(out, &bag->files[i], err);
    return rc;
}

bool aw_sealed_find(const struct aw_sealed *sealed, const char *name,
                    struct aw_str *bytes)
{
    for (size_t i = 0; i < sealed->count; i++) {
        if (aw_str_eq(sealed->files[i].name, aw_str_of(name))) {
            *bytes = sealed->files[i].bytes;
            return true;
        }
    }
    return false;
}

struct aw_sealed_file {
    struct aw_buf bytes;
    struct aw_bagit_view bag;
    struct aw_sealed sealed;
};

static aw_rc read_file(struct aw_sealed_file *file, const char *path,
                       struct aw_err *err)
{
    struct aw_zip_entry *entries = calloc(AW_ZIP_ENTRIES_MAX, sizeof *entries);
    size_t count = 0;
    aw_rc rc = aw_file_read(path, &file->bytes, err);

    if (rc == AW_OK && !entries)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_zip_read(aw_buf_str(&file->bytes), entries, &count, err);
    if (rc == AW_OK)
        rc = aw_bagit_open(&file->bag, entries, count, err);
    if (rc == AW_OK)
        rc = aw_sealed_of(&file->bag, &file->sealed, err);
    free(entries);
    return rc;
}

aw_rc aw_sealed_open(struct aw_sealed_file **out, const char *path,
                     struct aw_err *err)
{
    struct aw_sealed_file *file = calloc(1, sizeof *file);
    aw_rc rc;

    if (!file)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_init(&file->bytes, AW_ZIP_MAX);
    rc = read_file(file, path, err);
    if (rc != AW_OK) {
        aw_sealed_free(file);
        return aw_fail_in(err, "'%s'", path);
    }
    *out = file;
    return AW_OK;
}

const struct aw_sealed *aw_sealed_get(const struct aw_sealed_file *file)
{
    return &file->sealed;
}

void aw_sealed_free(struct aw_sealed_file *file)
{
    if (!file)
        return;
    aw_buf_deinit(&file->bytes);
    free(file);
}
