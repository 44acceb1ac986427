#include "extract/show.h"

#include "extract/charset.h"
#include "extract/inflate.h"
#include "extract/replay.h"

#define DECODED_MAX (4 * AW_EXTRACT_BYTES_MAX + AW_CHARSET_ROOM)

static aw_rc undo_coding(const struct aw_extract_input *input,
                         struct aw_buf *inflated, struct aw_document *doc,
                         struct aw_str *bytes, struct aw_err *err)
{
    struct aw_inflate_limits limits = {AW_EXTRACT_BYTES_MAX,
                                       AW_INFLATE_RATIO_MAX};
    enum aw_inflate_end end = AW_INFLATE_WHOLE;
    aw_rc rc;

    if (input->decoded_max > 0 &&
        input->decoded_max < (int64_t)limits.decoded_max)
        limits.decoded_max = (size_t)input->decoded_max;
    if (input->ratio_max > 0)
        limits.ratio_max = input->ratio_max;
    rc = aw_inflate_body(input->content_encoding, input->bytes, &limits,
                         inflated, &end, err);
    if (rc != AW_OK)
        return rc;
    *bytes = aw_str_sub(aw_buf_str(inflated), 0, limits.decoded_max);
    if (end != AW_INFLATE_WHOLE || inflated->len > bytes->len)
        doc->note = AW_STR("cut");
    return AW_OK;
}

static aw_rc put_text(const struct aw_extract_input *input, struct aw_str text,
                      struct aw_document *doc, struct aw_buf *out,
                      struct aw_err *err)
{
    struct aw_replay_from from = {.url = input->url,
                                  .charset = doc->charset,
                                  .dom = input->show == AW_SHOW_DOM,
                                  .parts = input->show == AW_SHOW_PARTS};
    bool cut = false;
    aw_rc rc = AW_OK;

    if (input->show == AW_SHOW_STYLE)
        rc = aw_replay_css(text, &from, out, &cut, err);
    else if (input->show != AW_SHOW_SOURCE)
        rc = aw_replay_html(text, &from, out, &cut, err);
    else
        aw_buf_put(out, aw_str_sub(text, 0, out->max - out->len));
    if (cut)
        doc->note = AW_STR("cut");
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}

static aw_rc show_bytes(const struct aw_extract_input *input,
                        struct aw_str bytes, struct aw_document *doc,
                        struct aw_buf *out, struct aw_err *err)
{
    struct aw_charset_hints hints = {input->charset,
                                     aw_charset_param(input->content_type)};
    struct aw_charset charset;
    struct aw_buf decoded;
    struct aw_str text;
    aw_rc rc = aw_charset_decide(bytes, &hints, &charset, err);

    aw_buf_init(&decoded, DECODED_MAX);
    if (rc == AW_OK)
        rc = aw_arena_dup(&doc->arena, aw_str_of(charset.name), &doc->charset,
                          err);
    if (rc == AW_OK)
        rc = aw_charset_decode(bytes, &charset, &decoded, &text, err);
    if (rc == AW_OK) {
        doc->charset_why = aw_str_of(charset.why);
        rc = put_text(input, text, doc, out, err);
    }
    aw_buf_deinit(&decoded);
    return rc;
}

aw_rc aw_extract_show(const struct aw_extract_input *input,
                      struct aw_document *doc, struct aw_buf *out,
                      struct aw_err *err)
{
    struct aw_buf inflated;
    struct aw_str bytes;
    aw_rc rc;

    aw_buf_init(&inflated, AW_EXTRACT_BYTES_MAX + ((size_t)1 << 20));
    rc = undo_coding(input, &inflated, doc, &bytes, err);
    if (rc == AW_OK)
        rc = show_bytes(input, bytes, doc, out, err);
    aw_buf_deinit(&inflated);
    return rc;
}
