#include "base/hash.h"
#include "evidence/zip_private.h"

/* Adds one entry, and its central header to the directory. */
static void put_entry(struct aw_buf *out, struct aw_buf *central, size_t start,
                      const struct aw_zip_entry *entry, int64_t wall_ms)
{
    struct aw_zip_head head = {.name = entry->name,
                               .size = entry->data.len,
                               .offset = out->len - start,
                               .crc32 = aw_crc32(0, entry->data)};

    aw_zip_set_time(&head, wall_ms);
    aw_zip_local_put(out, &head);
    aw_buf_put(out, entry->data);
    aw_zip_central_put(central, &head);
}

aw_rc aw_zip_lay(struct aw_buf *out, const struct aw_zip_entry *entries,
                 size_t count, int64_t wall_ms, struct aw_err *err)
{
    struct aw_zip_directory directory = {.count = count};
    size_t start = out->len;
    struct aw_buf central;
    aw_rc rc;

    aw_buf_init(&central, out->max);
    for (size_t i = 0; i < count; i++)
        put_entry(out, &central, start, &entries[i], wall_ms);
    directory.offset = out->len - start;
    directory.len = central.len;
    aw_buf_put(out, aw_buf_str(&central));
    aw_zip_directory_put(out, &directory);
    rc = aw_buf_check(&central, err);
    if (rc == AW_OK)
        rc = aw_buf_check(out, err);
    aw_buf_deinit(&central);
    return rc;
}

bool aw_zip_is_of(const struct aw_zip *zip, int64_t wall_ms)
{
    struct aw_zip_head head = {0};

    aw_zip_set_time(&head, wall_ms);
    return zip->layout == AW_ZIP_PLAIN &&
           (zip->count == 0 || (zip->entries[0].time == head.time &&
                                zip->entries[0].date == head.date));
}
