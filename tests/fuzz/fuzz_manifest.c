/* A list of hand-ins: JSON Lines where it begins with "{", else CSV. */
#include "crawler/manifest.h"
#include "tests/fuzz/hold.h"

#define NOW_MS INT64_C(1795752000000)

static int64_t lines_of(struct aw_str text)
{
    int64_t lines = 0;

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n' ||
            (text.ptr[i] == '\r' &&
             (i + 1 == text.len || text.ptr[i + 1] != '\n')))
            lines++;
    return lines;
}

/* Nobody's name is in a row that is taken. */
static void hold_good(const struct aw_manifest_row *row)
{
    struct aw_err err;

    HOLD(!row->is_masked && row->facts.channel < AW_CHANNEL_COUNT);
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

/* What is archived keeps its lines, whatever was left out of it. */
static void hold_masked(const struct aw_manifest *manifest)
{
    struct aw_buf out;

    aw_buf_init(&out, manifest->text.len + 1);
    aw_manifest_masked(manifest, &out);
    HOLD(out.rc == AW_OK);
    hold_text(aw_buf_str(&out), manifest->text.len + 1);
    HOLD(manifest->masked > 0 || aw_str_eq(aw_buf_str(&out), manifest->text));
    HOLD(lines_of(aw_buf_str(&out)) == lines_of(manifest->text));
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
        hold_masked(&manifest);
    }
    aw_manifest_deinit(&manifest);
    return 0;
}
