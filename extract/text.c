#include "extract/text.h"

#include "base/utf8.h"

aw_rc aw_text_whole(struct aw_document *doc, enum aw_block_kind kind,
                    struct aw_str text, struct aw_err *err)
{
    struct aw_buf clean;
    aw_rc rc;

    if (aw_utf8_valid(text))
        return aw_document_add_block(doc, kind, false, text, err);
    aw_buf_init(&clean, AW_DOCUMENT_ARENA_MAX);
    aw_utf8_clean(&clean, text);
    rc = aw_buf_check(&clean, err);
    if (rc == AW_OK)
        rc = aw_document_add_block(doc, kind, false, aw_buf_str(&clean), err);
    aw_buf_deinit(&clean);
    return rc;
}

/* The paragraph that *text begins with, without its blank lines. */
static struct aw_str take_paragraph(struct aw_str *text)
{
    struct aw_str whole = *text;
    struct aw_str line;
    size_t len = 0;

    while (aw_str_split(text, '\n', &line)) {
        bool blank = aw_str_trim(line).len == 0;

        if (blank && len > 0)
            break;
        if (!blank)
            len = (size_t)(line.ptr + line.len - whole.ptr);
    }
    return aw_str_trim(aw_str_sub(whole, 0, len));
}

aw_rc aw_text_paragraphs(struct aw_document *doc, enum aw_block_kind kind,
                         struct aw_str text, struct aw_err *err)
{
    while (text.len > 0) {
        aw_rc rc = aw_text_whole(doc, kind, take_paragraph(&text), err);

        if (rc == AW_LIMIT)
            return AW_OK;
        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

aw_rc aw_text_by_channel(struct aw_str text, struct aw_document *doc,
                         struct aw_err *err)
{
    if (doc->channel == AW_CHANNEL_POSTER)
        return aw_text_whole(doc, AW_BLOCK_OCR, text, err);
    return aw_text_paragraphs(doc,
                              doc->channel == AW_CHANNEL_WEB
                                  ? AW_BLOCK_BODY
                                  : AW_BLOCK_MESSAGE,
                              text, err);
}

bool aw_text_has_han(struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;)
        if (aw_is_han(aw_utf8_next(text, &pos)))
            return true;
    return false;
}
