/* A list of hand-ins: JSON Lines where it begins with "{", else CSV. */
#include "crawler/manifest.h"
#include "tests/fuzz/hold.h"

#define NOW_MS INT64_C(1795752000000)

/* Nobody's name is in a row that is taken. */
static void hold_good(const struct aw_manifest_row *row)
{
    struct aw_err err;

    HOLD(row->facts.channel < AW_CHANNEL_COUNT);
    HOLD(row->facts.who.len == 0 ||
         aw_hand_in_code(row->facts.who, &err) == AW_OK);
    hold_text(row->text, AW_MANIFEST_CELL_MAX);
    hold_text(row->facts.place, AW_HAND_IN_TEXT_MAX);
    hold_text(row->facts.note, AW_HAND_IN_TEXT_MAX);
    for (size_t i = 0; i < row->attachment_count; i++)
        hold_text(row->attachments[i], AW_MANIFEST_NAME_MAX);
}

static void hold_row(const struct aw_manifest_row *row)
{
    HOLD(row->line >= 1 && row->last_line >= row->line);
    HOLD(row->attachment_count <= AW_MANIFEST_ATTACHMENTS_MAX);
    hold_text(row->error, AW_ERR_MAX);
    if (row->error.len == 0)
        hold_good(row);
}

/* What is archived of it is a list again, of the same rows. */
static void hold_kept(const struct aw_manifest *manifest,
                      const struct aw_facts *missing)
{
    struct aw_manifest again;
    struct aw_buf out;
    struct aw_err err;
    size_t good = 0;

    aw_buf_init(&out, AW_MANIFEST_KEPT_MAX);
    HOLD(aw_manifest_kept(manifest, &out, &err) == AW_OK);
    hold_text(aw_buf_str(&out), AW_MANIFEST_KEPT_MAX);
    if (out.len > 0 && out.len <= AW_MANIFEST_BYTES_MAX) {
        HOLD(aw_manifest_read(&again, aw_buf_str(&out), AW_MANIFEST_JSONL,
                              missing, NOW_MS, &err) == AW_OK);
        for (size_t i = 0; i < again.row_count; i++)
            hold_row(&again.rows[i]);
        for (size_t i = 0; i < manifest->row_count; i++)
            good += manifest->rows[i].error.len == 0;
        HOLD(again.row_count == good);
        aw_manifest_deinit(&again);
    }
    aw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct aw_facts missing = {.channel = AW_CHANNEL_POSTER,
                                     .place = AW_STR("某街道")};
    struct aw_str bytes = {(const char *)data, size};
    enum aw_manifest_form form = aw_str_starts(bytes, AW_STR("{"))
                                     ? AW_MANIFEST_JSONL
                                     : AW_MANIFEST_CSV;
    struct aw_manifest manifest;
    struct aw_err err;

    if (aw_manifest_read(&manifest, bytes, form, &missing, NOW_MS, &err) ==
        AW_OK) {
        for (size_t i = 0; i < manifest.row_count; i++)
            hold_row(&manifest.rows[i]);
        hold_kept(&manifest, &missing);
    }
    aw_manifest_deinit(&manifest);
    return 0;
}
