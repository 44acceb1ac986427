#include "base/json.h"
#include "crawler/manifest.h"

static void put_text(struct aw_buf *out, const char *name, struct aw_str text)
{
    if (text.len > 0)
        aw_json_text(out, name, text);
}

static void put_row(struct aw_buf *out, const struct aw_manifest_row *row)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "line", row->line);
    for (int i = 0; i < AW_COLUMN_COUNT; i++)
        put_text(out, aw_manifest_column_name(i), row->said[i]);
    if (row->attachment_count > 0) {
        aw_json_open(out, aw_manifest_column_name(AW_COLUMN_ATTACHMENTS), '[');
        for (size_t i = 0; i < row->attachment_count; i++)
            aw_json_text(out, NULL, row->attachments[i]);
        aw_json_close(out, ']');
    }
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

aw_rc aw_manifest_kept(const struct aw_manifest *manifest, struct aw_buf *out,
                       struct aw_err *err)
{
    struct aw_buf row;
    aw_rc rc = AW_OK;

    aw_buf_init(&row, AW_MANIFEST_KEPT_MAX);
    for (size_t i = 0; i < manifest->row_count && rc == AW_OK; i++) {
        if (manifest->rows[i].error.len > 0)
            continue;
        aw_buf_reset(&row);
        put_row(&row, &manifest->rows[i]);
        rc = aw_buf_check(&row, err);
        aw_buf_put(out, aw_buf_str(&row));
    }
    aw_buf_deinit(&row);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
