#include <stdio.h>
#include <stdlib.h>

#include "evidence/bag_private.h"

/* --- opening ----------------------------------------------------------- */

aw_rc aw_bag_view_of(struct aw_bag_view **out, struct aw_str bytes,
                     struct aw_err *err)
{
    struct aw_bag_view *view = calloc(1, sizeof *view);

    if (!view)
        return aw_fail(err, AW_NOMEM, "out of memory");
    view->zip.bytes = bytes;
    *out = view;
    return AW_OK;
}

aw_rc aw_bag_map(struct aw_bag_view **out, const char *path,
                 struct aw_err *err)
{
    struct aw_bag_map *map = NULL;
    aw_rc rc = aw_bag_map_new(&map, path, err);

    if (rc == AW_OK)
        rc = aw_bag_view_of(out, aw_bag_map_bytes(map), err);
    if (rc == AW_OK)
        (*out)->map = map;
    else
        aw_bag_map_free(map);
    return rc;
}

aw_rc aw_bag_open(struct aw_bag_view **out, const char *path,
                  struct aw_err *err)
{
    struct aw_bag_view *view = NULL;
    aw_rc rc = aw_bag_map(&view, path, err);

    if (rc == AW_OK)
        rc = aw_bag_read_zip(view, err);
    if (rc == AW_OK)
        rc = aw_bag_read_folder(view, err);
    if (rc == AW_OK)
        *out = view;
    else
        aw_bag_view_free(view);
    return rc;
}

void aw_bag_view_free(struct aw_bag_view *view)
{
    if (!view)
        return;
    aw_bag_map_free(view->map);
    aw_zip_deinit(&view->zip);
    free(view->files);
    free(view->by_name);
    free(view);
}

aw_rc aw_bag_unchanged(const struct aw_bag_view *view, struct aw_err *err)
{
    return view->map ? aw_bag_map_unchanged(view->map, err) : AW_OK;
}

aw_rc aw_bag_read_zip(struct aw_bag_view *view, struct aw_err *err)
{
    aw_rc rc = aw_zip_read(&view->zip, view->zip.bytes, err);

    if (rc != AW_OK)
        return rc;
    view->files = calloc(view->zip.count + 1, sizeof *view->files);
    if (!view->files)
        return aw_fail(err, AW_NOMEM, "out of memory");
    view->count = view->zip.count;
    for (size_t i = 0; i < view->count; i++) {
        const struct aw_zip_entry *entry = &view->zip.entries[i];

        view->files[i].name = entry->name;
        view->files[i].bytes = entry->data;
        view->files[i].crc32 = entry->crc32;
    }
    return AW_OK;
}

static int by_name(const void *a, const void *b, void *files)
{
    const struct aw_bag_file *f = files;

    return aw_str_cmp(f[*(const size_t *)a].name, f[*(const size_t *)b].name);
}

aw_rc aw_bag_read_folder(struct aw_bag_view *view, struct aw_err *err)
{
    for (size_t i = 0; i < view->count; i++) {
        struct aw_str rest = view->files[i].name;
        struct aw_str folder;

        (void)aw_str_split(&rest, '/', &folder);
        if (i == 0)
            view->folder = folder;
        if (rest.len == 0 || !aw_str_eq(folder, view->folder))
            return aw_fail(err, AW_INVALID,
                           "'%.*s' is not in the bag's one folder",
                           AW_STR_ARG(view->files[i].name));
        view->files[i].name = rest;
    }
    view->by_name = calloc(view->count + 1, sizeof *view->by_name);
    if (!view->by_name)
        return aw_fail(err, AW_NOMEM, "out of memory");
    for (size_t i = 0; i < view->count; i++)
        view->by_name[i] = i;
    qsort_r(view->by_name, view->count, sizeof *view->by_name, by_name,
            view->files);
    return AW_OK;
}

const struct aw_bag_file *aw_bag_file(const struct aw_bag_view *view,
                                      struct aw_str name)
{
    size_t from = 0;
    size_t to = view->by_name ? view->count : 0;

    while (from < to) {
        size_t mid = from + (to - from) / 2;
        const struct aw_bag_file *file = &view->files[view->by_name[mid]];
        int order = aw_str_cmp(name, file->name);

        if (order == 0)
            return file;
        if (order < 0)
            to = mid;
        else
            from = mid + 1;
    }
    return NULL;
}

bool aw_bag_find(const struct aw_bag_view *view, struct aw_str name,
                 struct aw_str *bytes)
{
    const struct aw_bag_file *file = aw_bag_file(view, name);

    if (file)
        *bytes = file->bytes;
    return file != NULL;
}

/* --- digests ----------------------------------------------------------- */

static aw_rc measure_file(struct aw_bag_file *file, struct aw_hasher *hasher,
                          bool with_sm3, struct aw_err *err)
{
    aw_rc rc;

    aw_hasher_begin(hasher, with_sm3);
    aw_hasher_put(hasher, file->bytes);
    rc = aw_hasher_end(hasher, &file->digests, err);
    if (rc == AW_OK && file->digests.crc32 != file->crc32)
        rc =
            aw_fail(err, AW_INVALID, "'%.*s': its bytes were changed (CRC-32)",
                    AW_STR_ARG(file->name));
    return rc;
}

aw_rc aw_bag_measure(struct aw_bag_view *view, struct aw_err *err)
{
    bool with_sm3 = view->zip.layout == AW_ZIP_PLAIN;
    struct aw_hasher *hasher = NULL;
    aw_rc rc = aw_hasher_new(&hasher, err);

    if (rc == AW_OK && view->map)
        aw_bag_map_read_on(view->map, true);
    for (size_t i = 0; i < view->count && rc == AW_OK; i++)
        rc = measure_file(&view->files[i], hasher, with_sm3, err);
    if (view->map)
        aw_bag_map_read_on(view->map, false);
    aw_hasher_free(hasher);
    return rc;
}
