#include "reader/protocol.h"

#include <string.h>

#include "reader/wire.h"

#define FRAME_MAGIC 0x41574653u /* "AWFS" */
#define HASH_MAX 256            /* bytes of the name of rules or a model */

struct frame_numbers {
    uint32_t magic, head, body, job;
};

/* ---- frames ------------------------------------------------------------- */

void aw_frame_put(struct aw_buf *out, const struct aw_frame *frame)
{
    struct frame_numbers n = {FRAME_MAGIC, (uint32_t)frame->head.len,
                              (uint32_t)frame->body.len, frame->job};

    /* in one piece, for the body may be long */
    (void)aw_buf_reserve(out, sizeof n + frame->head.len + frame->body.len);
    aw_buf_append(out, &n, sizeof n);
    aw_buf_put(out, frame->head);
    aw_buf_put(out, frame->body);
}

aw_rc aw_frame_get(struct aw_str bytes, struct aw_frame *frame, size_t *size,
                   struct aw_err *err)
{
    struct frame_numbers n;

    if (bytes.len < sizeof n)
        return aw_fail(err, AW_MISSING, "a frame is not there yet");
    memcpy(&n, bytes.ptr, sizeof n);
    if (n.magic != FRAME_MAGIC || n.head > AW_FRAME_HEAD_MAX ||
        n.body > AW_FRAME_BODY_MAX)
        return aw_fail(err, AW_READER, "this is no frame");
    *size = sizeof n + n.head + n.body;
    if (bytes.len < *size)
        return aw_fail(err, AW_MISSING, "a frame is not whole yet");
    frame->job = n.job;
    frame->head = aw_str_sub(bytes, sizeof n, n.head);
    frame->body = aw_str_sub(bytes, sizeof n + n.head, n.body);
    return AW_OK;
}

aw_rc aw_frame_put_head(struct aw_buf *out, uint32_t job, struct aw_buf *head,
                        struct aw_str body, struct aw_err *err)
{
    struct aw_frame frame = {job, aw_buf_str(head), body};
    aw_rc rc = aw_buf_check(head, err);

    if (rc == AW_OK) {
        aw_frame_put(out, &frame);
        rc = aw_buf_check(out, err);
    }
    aw_buf_deinit(head);
    return rc;
}

/* ---- questions ---------------------------------------------------------- */

/* A header of HTTP may have any number of bytes. */
static void put_cut(struct aw_buf *out, struct aw_str value)
{
    struct aw_str cut = aw_str_sub(value, 0, AW_ANSWER_TEXT_MAX / 3);

    aw_wire_put_text(out, cut); /* which may make three bytes of one */
}

/* quick_max stands first, where aw_question_set_unhurried finds it. */
aw_rc aw_question_put(struct aw_buf *out, uint32_t job,
                      const struct aw_extract_input *input, struct aw_err *err)
{
    struct aw_buf head;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_wire_put_number(&head, (uint64_t)input->quick_max);
    aw_wire_put_text(&head, input->url);
    put_cut(&head, input->content_type);
    put_cut(&head, input->content_encoding);
    aw_wire_put_text(&head, input->charset);
    put_cut(&head, input->agent);
    aw_wire_put_text(&head, input->mapping);
    aw_wire_put_number(&head, input->sitemap);
    aw_wire_put_number(&head, (uint64_t)input->channel);
    aw_wire_put_number(&head, (uint64_t)input->decoded_max);
    aw_wire_put_number(&head, (uint64_t)input->ratio_max);
    aw_wire_put_number(&head, (uint64_t)input->show);
    return aw_frame_put_head(out, job, &head, input->bytes, err);
}

void aw_question_set_unhurried(struct aw_buf *question)
{
    memset(question->ptr + sizeof(struct frame_numbers), 0, sizeof(uint64_t));
}

aw_rc aw_question_get(const struct aw_frame *frame,
                      struct aw_extract_input *input, struct aw_err *err)
{
    struct aw_extract_input got = {.bytes = frame->body};
    struct aw_wire wire;
    aw_rc rc;

    aw_wire_init(&wire, frame->head, NULL, err);
    got.quick_max = (int64_t)aw_wire_number(&wire, "quick_max", INT32_MAX);
    got.url = aw_wire_text(&wire, "url", AW_ANSWER_TEXT_MAX);
    got.content_type = aw_wire_text(&wire, "content_type", AW_ANSWER_TEXT_MAX);
    got.content_encoding =
        aw_wire_text(&wire, "content_encoding", AW_ANSWER_TEXT_MAX);
    got.charset = aw_wire_text(&wire, "charset", AW_ANSWER_TEXT_MAX);
    got.agent = aw_wire_text(&wire, "agent", AW_ANSWER_TEXT_MAX);
    got.mapping = aw_wire_text(&wire, "mapping", AW_ANSWER_TEXT_MAX);
    got.sitemap = aw_wire_flag(&wire, "sitemap");
    got.channel = (enum aw_channel)aw_wire_number(&wire, "channel",
                                                  AW_CHANNEL_COUNT - 1);
    got.decoded_max = (int64_t)aw_wire_number(&wire, "decoded_max", INT32_MAX);
    got.ratio_max = (int64_t)aw_wire_number(&wire, "ratio_max", INT32_MAX);
    got.show = (enum aw_show)aw_wire_number(&wire, "show", AW_SHOW_COUNT - 1);
    rc = aw_wire_end(&wire);
    if (rc == AW_OK)
        *input = got;
    return rc;
}

/* ---- ready -------------------------------------------------------------- */

aw_rc aw_ready_put(struct aw_buf *out, const char *lexicon_hash,
                   const char *model_hash, struct aw_err *err)
{
    struct aw_buf head;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_wire_put_number(&head, AW_WIRE_OK);
    aw_wire_put_text(&head, aw_str_of(lexicon_hash));
    aw_wire_put_text(&head, aw_str_of(model_hash));
    return aw_frame_put_head(out, 0, &head, AW_STR(""), err);
}

static aw_rc get_start_error(struct aw_wire *wire, struct aw_err *err)
{
    struct aw_str error = aw_wire_text(wire, "error", AW_ANSWER_TEXT_MAX);
    aw_rc rc = aw_wire_end(wire);

    return rc == AW_OK ? aw_fail(err, AW_CONFIG, "%.*s", AW_STR_ARG(error))
                       : rc;
}

aw_rc aw_ready_get(struct aw_str head, struct aw_str *lexicon_hash,
                   struct aw_str *model_hash, struct aw_err *err)
{
    struct aw_str lexicon, model;
    struct aw_wire wire;
    aw_rc rc;

    aw_wire_init(&wire, head, NULL, err);
    if (aw_wire_number(&wire, "kind", AW_WIRE_OK) == AW_WIRE_FAILED)
        return get_start_error(&wire, err);
    lexicon = aw_wire_text(&wire, "lexicon", HASH_MAX);
    model = aw_wire_text(&wire, "model", HASH_MAX);
    if (lexicon.len == 0)
        aw_wire_fail(&wire, "lexicon", "it has no name");
    rc = aw_wire_end(&wire);
    if (rc != AW_OK)
        return rc;
    *lexicon_hash = lexicon;
    *model_hash = model;
    return AW_OK;
}
