#include "evidence/bagit.h"

#include <stdio.h>

#include "base/hash.h"

#define DECLARATION "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#define MANIFEST "manifest-sha256.txt"
#define TAG_MANIFEST "tagmanifest-sha256.txt"
#define HEX_LEN (AW_SHA256_HEX_MAX - 1)

static bool is_payload(struct aw_str name)
{
    return aw_str_starts(name, AW_STR("data/"));
}

/* --- making ---------------------------------------------------------- */

void aw_bagit_deinit(struct aw_bagit *bag)
{
    for (size_t i = 0; i < bag->count; i++)
        aw_buf_deinit(&bag->files[i].data);
    bag->count = 0;
}

struct aw_buf *aw_bagit_add(struct aw_bagit *bag, const char *name)
{
    struct aw_bagit_file *file = &bag->files[bag->count];

    if (bag->count == AW_BAGIT_FILES_MAX)
        return NULL;
    bag->count++;
    (void)snprintf(file->name, sizeof file->name, "%s", name);
    aw_buf_init(&file->data, AW_BAGIT_FILE_MAX);
    return &file->data;
}

static aw_rc check_files(const struct aw_bagit *bag, struct aw_err *err)
{
    for (size_t i = 0; i < bag->count; i++)
        if (aw_buf_check(&bag->files[i].data, err) != AW_OK)
            return aw_fail_in(err, "'%s'", bag->files[i].name);
    return AW_OK;
}

/* Adds a manifest of the files that are, or are not, payload. */
static aw_rc add_manifest(struct aw_bagit *bag, const char *name, bool payload,
                          struct aw_err *err)
{
    size_t before = bag->count;
    struct aw_buf *out = aw_bagit_add(bag, name);
    char hex[AW_SHA256_HEX_MAX];

    if (!out)
        return aw_fail(err, AW_LIMIT, "more than %d files in a bag",
                       AW_BAGIT_FILES_MAX);
    for (size_t i = 0; i < before; i++) {
        const struct aw_bagit_file *file = &bag->files[i];

        if (is_payload(aw_str_of(file->name)) != payload)
            continue;
        aw_sha256_hex(aw_buf_str(&file->data), hex);
        aw_buf_printf(out, "%s  %s\n", hex, file->name);
    }
    return aw_buf_check(out, err);
}

/* Bytes and files below data/, as "4711.12". */
static void put_oxum(struct aw_buf *out, const struct aw_bagit *bag)
{
    size_t bytes = 0;
    size_t files = 0;

    for (size_t i = 0; i < bag->count; i++) {
        if (!is_payload(aw_str_of(bag->files[i].name)))
            continue;
        bytes += bag->files[i].data.len;
        files++;
    }
    aw_buf_printf(out, "Payload-Oxum: %zu.%zu\n", bytes, files);
}

aw_rc aw_bagit_seal(struct aw_bagit *bag, const char *info, struct aw_err *err)
{
    struct aw_buf *declaration = aw_bagit_add(bag, "bagit.txt");
    struct aw_buf *infos = aw_bagit_add(bag, "bag-info.txt");
    aw_rc rc;

    if (!declaration || !infos)
        return aw_fail(err, AW_LIMIT, "more than %d files in a bag",
                       AW_BAGIT_FILES_MAX);
    aw_buf_puts(declaration, DECLARATION);
    aw_buf_puts(infos, info);
    put_oxum(infos, bag);
    rc = check_files(bag, err);
    if (rc == AW_OK)
        rc = add_manifest(bag, MANIFEST, true, err);
    if (rc == AW_OK)
        rc = add_manifest(bag, TAG_MANIFEST, false, err);
    return rc;
}

aw_rc aw_bagit_write(const struct aw_bagit *bag, const char *folder,
                     const char *path, int64_t wall_ms, struct aw_err *err)
{
    char names[AW_BAGIT_FILES_MAX][2 * AW_ZIP_NAME_MAX];
    struct aw_zip_entry entries[AW_BAGIT_FILES_MAX];

    for (size_t i = 0; i < bag->count; i++) {
        int len = snprintf(names[i], sizeof names[i], "%s/%s", folder,
                           bag->files[i].name);

        if (len < 0 || len > AW_ZIP_NAME_MAX)
            return aw_fail(err, AW_LIMIT, "the name '%s' is longer than %d",
                           bag->files[i].name, AW_ZIP_NAME_MAX);
        entries[i] = (struct aw_zip_entry){{names[i], (size_t)len},
                                           aw_buf_str(&bag->files[i].data)};
    }
    return aw_zip_write(path, entries, bag->count, wall_ms, err);
}

/* --- checking -------------------------------------------------------- */

aw_rc aw_bagit_open(struct aw_bagit_view *bag,
                    const struct aw_zip_entry *entries, size_t count,
                    struct aw_err *err)
{
    bag->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct aw_str rest = entries[i].name;
        struct aw_str folder;

        (void)aw_str_split(&rest, '/', &folder);
        if (i == 0)
            bag->folder = folder;
        if (rest.len == 0 || !aw_str_eq(folder, bag->folder))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' is not in the bag's one folder",
                           AW_STR_ARG(entries[i].name));
        bag->files[bag->count++] =
            (struct aw_zip_entry){rest, entries[i].data};
    }
    return AW_OK;
}

bool aw_bagit_find(const struct aw_bagit_view *bag, struct aw_str name,
                   struct aw_str *data)
{
    for (size_t i = 0; i < bag->count; i++) {
        if (aw_str_eq(bag->files[i].name, name)) {
            *data = bag->files[i].data;
            return true;
        }
    }
    return false;
}

static aw_rc need(const struct aw_bagit_view *bag, const char *name,
                  struct aw_str *data, struct aw_err *err)
{
    if (aw_bagit_find(bag, aw_str_of(name), data))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "there is no %s", name);
}

aw_rc aw_bagit_check_info(const struct aw_bagit_view *bag, struct aw_err *err)
{
    size_t bytes = 0;
    size_t files = 0;
    struct aw_str data = {0};
    char oxum[64];
    aw_rc rc = need(bag, "bagit.txt", &data, err);

    if (rc == AW_OK && !aw_str_eq(data, AW_STR(DECLARATION)))
        return aw_fail(err, AW_INVALID,
                       "bagit.txt does not say BagIt 1.0 in UTF-8");
    for (size_t i = 0; i < bag->count; i++) {
        if (!is_payload(bag->files[i].name))
            continue;
        bytes += bag->files[i].data.len;
        files++;
    }
    (void)snprintf(oxum, sizeof oxum, "\nPayload-Oxum: %zu.%zu\n", bytes,
                   files);
    if (rc == AW_OK)
        rc = need(bag, "bag-info.txt", &data, err);
    if (rc == AW_OK && aw_str_find(data, aw_str_of(oxum)) < 0)
        rc = aw_fail(err, AW_INVALID,
                     "bag-info.txt tells another number of bytes or files "
                     "than are there");
    return rc;
}

/* One line "HEX  NAME" of a manifest, strictly. */
static aw_rc check_line(const struct aw_bagit_view *bag, struct aw_str line,
                        bool payload, struct aw_err *err)
{
    struct aw_str name = aw_str_sub(line, HEX_LEN + 2, line.len);
    struct aw_str data = {0};
    char hex[AW_SHA256_HEX_MAX];

    if (line.len <= HEX_LEN + 2 || line.ptr[HEX_LEN] != ' ' ||
        line.ptr[HEX_LEN + 1] != ' ' || is_payload(name) != payload)
        return aw_fail(err, AW_INVALID, "the line '%.*s' is false",
                       AW_STR_ARG(line));
    if (!aw_bagit_find(bag, name, &data))
        return aw_fail(err, AW_INVALID, "'%.*s' is listed, but not there",
                       AW_STR_ARG(name));
    aw_sha256_hex(data, hex);
    if (!aw_str_eq(aw_str_sub(line, 0, HEX_LEN), aw_str_of(hex)))
        return aw_fail(err, AW_INVALID, "'%.*s' was changed (SHA-256)",
                       AW_STR_ARG(name));
    return AW_OK;
}

static bool is_listed(struct aw_str manifest, struct aw_str name)
{
    struct aw_str line;

    while (aw_str_split(&manifest, '\n', &line))
        if (aw_str_eq(aw_str_sub(line, HEX_LEN + 2, line.len), name))
            return true;
    return false;
}

static aw_rc check_listed(const struct aw_bagit_view *bag,
                          struct aw_str manifest, bool payload,
                          struct aw_err *err)
{
    for (size_t i = 0; i < bag->count; i++) {
        struct aw_str name = bag->files[i].name;

        if (is_payload(name) == payload &&
            !aw_str_eq(name, AW_STR(TAG_MANIFEST)) &&
            !is_listed(manifest, name))
            return aw_fail(err, AW_INVALID, "'%.*s' is there, but not listed",
                           AW_STR_ARG(name));
    }
    return AW_OK;
}

static aw_rc check_manifest(const struct aw_bagit_view *bag, const char *name,
                            bool payload, size_t *lines, struct aw_err *err)
{
    struct aw_str manifest = {0};
    struct aw_str rest, line;
    size_t count = 0;
    aw_rc rc = need(bag, name, &manifest, err);

    if (rc == AW_OK && !aw_str_ends(manifest, AW_STR("\n")))
        rc = aw_fail(err, AW_INVALID, "the last line has no end");
    rest =
        rc == AW_OK ? aw_str_sub(manifest, 0, manifest.len - 1) : AW_STR("");
    for (; rc == AW_OK && aw_str_split(&rest, '\n', &line); count++)
        rc = check_line(bag, line, payload, err);
    if (rc == AW_OK)
        rc = check_listed(bag, manifest, payload, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "%s", name);
    *lines = count;
    return AW_OK;
}

aw_rc aw_bagit_check_manifest(const struct aw_bagit_view *bag, size_t *lines,
                              struct aw_err *err)
{
    return check_manifest(bag, MANIFEST, true, lines, err);
}

aw_rc aw_bagit_check_tags(const struct aw_bagit_view *bag, size_t *lines,
                          struct aw_err *err)
{
    return check_manifest(bag, TAG_MANIFEST, false, lines, err);
}
