/* A WARC file, plain or of gzip members, as other programs write it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/warc.h"
#include "tests/fuzz/hold.h"

#define OUT_MAX ((size_t)16 << 20)

/* The reader takes a path: that of a file in memory. */
static void put_file(char path[64], const uint8_t *data, size_t size)
{
    static int fd = -1;

    if (fd < 0)
        fd = memfd_create("warc", MFD_CLOEXEC);
    HOLD(fd >= 0);
    HOLD(ftruncate(fd, 0) == 0);
    HOLD(pwrite(fd, data, size, 0) == (ssize_t)size);
    (void)snprintf(path, 64, "/proc/self/fd/%d", fd);
}

static bool is_line_or_nothing(struct aw_str text)
{
    return text.len == 0 ||
           aw_str_find(text, AW_STR("\n")) == (ptrdiff_t)text.len - 1;
}

static void hold_record(const struct aw_warc_record *record,
                        const struct aw_warc_place *place, size_t size)
{
    struct aw_buf out;
    struct aw_err err;

    HOLD(record->type < AW_WARC_TYPE_COUNT);
    HOLD(place->offset >= 0 && place->length > 0);
    HOLD((size_t)(place->offset + place->length) <= size);
    HOLD(record->segment >= 0);
    aw_buf_init(&out, OUT_MAX);
    (void)aw_warc_http_field(record->head, AW_STR("content-type"));
    HOLD(aw_warc_unchunk(record->body, &out, &err) == AW_OK || out.len == 0);
    aw_buf_reset(&out);
    HOLD(aw_warc_cdx_put(&out, record, place, &err) == AW_OK);
    HOLD(is_line_or_nothing(aw_buf_str(&out)));
    aw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place place;
    struct aw_err err;
    char path[64];

    put_file(path, data, size);
    if (aw_warc_reader_new(&reader, path, 0, &err) != AW_OK)
        return 0;
    while (aw_warc_next(reader, &record, &place, &err) == AW_OK) {
        HOLD(aw_warc_reader_raw(reader).len > 0);
        hold_record(&record, &place, size);
    }
    aw_warc_reader_free(reader);
    return 0;
}
