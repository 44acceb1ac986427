#include "archive/warc_private.h"

#define TIMESTAMP_LEN 14

/* A field may have no space, and may not be empty. */
static void put_field(struct aw_buf *out, struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c <= ' ' || c == 0x7F)
            aw_buf_printf(out, "%%%02X", c);
        else
            aw_buf_putc(out, (char)c);
    }
    aw_buf_puts(out, text.len > 0 ? " " : "- ");
}

static aw_rc put_sha1(struct aw_buf *out, struct aw_str payload,
                      struct aw_err *err)
{
    struct aw_warc_digest digest = {.algorithm = "SHA1"};
    aw_rc rc = aw_warc_digest_make(&digest, &payload, 1, err);

    if (rc == AW_OK)
        aw_warc_digest_base32(out, &digest);
    aw_buf_putc(out, ' ');
    return rc;
}

static void put_number(struct aw_buf *out, int64_t number)
{
    if (number > 0)
        aw_buf_printf(out, "%lld ", (long long)number);
    else
        aw_buf_puts(out, "- ");
}

aw_rc aw_warc_cdx_put(struct aw_buf *out, const struct aw_warc_record *record,
                      const struct aw_warc_place *place, struct aw_err *err)
{
    char time[AW_TIME_MAX];
    aw_rc rc;

    if (!aw_warc_has_payload(record) || record->type == AW_WARC_REVISIT)
        return AW_OK;
    aw_time_compact(record->date_ms, time);
    aw_surt_put(out, record->target_uri);
    aw_buf_printf(out, " %.*s ", TIMESTAMP_LEN, time);
    put_field(out, record->target_uri);
    put_field(out, record->mime);
    put_number(out, record->status);
    rc = put_sha1(out, record->body, err);
    aw_buf_printf(out, "- - %lld %lld ", (long long)place->length,
                  (long long)place->offset);
    put_field(out, aw_str_of(place->file));
    aw_buf_printf(out, "<%s>\n", record->id);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
