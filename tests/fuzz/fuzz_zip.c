/* A zip, as a bundle and a WACZ are: what is taken has no byte that belongs to
 * nothing, and libarchive sees the same. */
#include "evidence/zip_private.h"
#include "tests/fuzz/hold.h"

/* The entries, made anew by the writer's headers, are the whole file. */
static void hold_whole(const struct aw_zip *zip)
{
    struct aw_zip_directory directory = {.count = zip->count};
    struct aw_buf made, central;

    aw_buf_init(&made, zip->bytes.len);
    aw_buf_init(&central, zip->bytes.len);
    for (size_t i = 0; i < zip->count; i++) {
        const struct aw_zip_entry *entry = &zip->entries[i];
        struct aw_zip_head head = {entry->name,  entry->data.len, made.len,
                                   entry->crc32, entry->time,     entry->date};

        HOLD(!aw_zip_name_fault(entry->name));
        HOLD(entry->time == zip->entries->time &&
             entry->date == zip->entries->date);
        aw_zip_local_put(&made, &head);
        aw_buf_put(&made, entry->data);
        aw_zip_central_put(&central, &head);
    }
    directory.offset = made.len;
    directory.len = central.len;
    aw_buf_put(&made, aw_buf_str(&central));
    aw_zip_directory_put(&made, &directory);
    HOLD(aw_str_eq(aw_buf_str(&made), zip->bytes));
    aw_buf_deinit(&made);
    aw_buf_deinit(&central);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str bytes = {(const char *)data, size};
    struct aw_err err = {0};
    struct aw_zip zip;

    if (aw_zip_read(&zip, bytes, &err) != AW_OK) {
        HOLD(err.msg[0] != '\0' && !zip.entries && zip.count == 0);
        return 0;
    }
    if (zip.layout == AW_ZIP_PLAIN)
        hold_whole(&zip);
    if (zip.layout == AW_ZIP_PLAIN && zip.count > 0)
        HOLD(aw_zip_agree(&zip, &err) == AW_OK);
    aw_zip_deinit(&zip);
    return 0;
}
