#include "reader/protocol.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/document_json.h"
#include "base/utf8.h"

#define FRAME_MAGIC 0x41574652u /* "AWFR" */

struct frame_numbers {
    uint32_t magic, head, body, job;
};

void aw_frame_put(struct aw_buf *out, const struct aw_frame *frame)
{
    struct frame_numbers n = {FRAME_MAGIC, (uint32_t)frame->head.len,
                              (uint32_t)frame->body.len, frame->job};

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

/* cJSON wants NUL-ended strings; a NUL inside cuts, which is well here: no
 * text of a document holds one. */
static void add_text(cJSON *to, const char *key, struct aw_str text)
{
    char *copy = cJSON_malloc(text.len + 1);

    if (!copy)
        return;
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    cJSON_AddStringToObject(to, key, copy);
    cJSON_free(copy);
}

static aw_rc put_json(struct aw_buf *out, uint32_t job, cJSON *head,
                      struct aw_str body, struct aw_err *err)
{
    char *text = cJSON_PrintUnformatted(head);
    struct aw_frame frame = {job, aw_str_of(text), body};

    if (!text)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_frame_put(out, &frame);
    cJSON_free(text);
    return aw_buf_check(out, err);
}

aw_rc aw_question_put(struct aw_buf *out, uint32_t job,
                      const struct aw_extract_input *input, struct aw_err *err)
{
    cJSON *head = cJSON_CreateObject();
    aw_rc rc;

    add_text(head, "url", input->url);
    add_text(head, "content_type", input->content_type);
    add_text(head, "content_encoding", input->content_encoding);
    add_text(head, "charset", input->charset);
    add_text(head, "channel", aw_str_of(aw_channel_name(input->channel)));
    rc = put_json(out, job, head, input->bytes, err);
    cJSON_Delete(head);
    return rc;
}

/* Copies the string at key; a missing one is empty, another type an error. */
static aw_rc get_text(const cJSON *from, const char *key,
                      struct aw_arena *arena, struct aw_str *out,
                      struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    struct aw_str text;

    if (!item) {
        *out = AW_STR("");
        return AW_OK;
    }
    if (!cJSON_IsString(item))
        return aw_fail(err, AW_READER, "\"%s\" is no string", key);
    text = aw_str_of(item->valuestring);
    if (text.len > AW_ANSWER_TEXT_MAX || !aw_utf8_valid(text))
        return aw_fail(err, AW_READER, "\"%s\" is too long or no UTF-8", key);
    return aw_arena_dup(arena, text, out, err);
}

struct text_field {
    const char *key;
    struct aw_str *out;
};

static aw_rc get_texts(const cJSON *from, const struct text_field *fields,
                       size_t count, struct aw_arena *arena,
                       struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = get_text(from, fields[i].key, arena, fields[i].out, err);
    return rc;
}

static aw_rc get_number(const cJSON *from, const char *key, double most,
                        double *out, struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    double value = item ? item->valuedouble : 0;

    if (item && !cJSON_IsNumber(item))
        return aw_fail(err, AW_READER, "\"%s\" is no number", key);
    if (!isfinite(value) || value < 0 || value > most)
        return aw_fail(err, AW_READER, "\"%s\" is not 0 to %g", key, most);
    *out = value;
    return AW_OK;
}

static aw_rc get_count(const cJSON *from, const char *key, int64_t *out,
                       struct aw_err *err)
{
    double value = 0;
    aw_rc rc = get_number(from, key, 1e9, &value, err);

    if (rc == AW_OK)
        *out = (int64_t)value;
    return rc;
}

/* The item at key printed again: a reader's JSON never goes on as it came. */
static aw_rc get_json(const cJSON *from, const char *key, const char *missing,
                      struct aw_arena *arena, struct aw_str *out,
                      struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    char *text = item ? cJSON_PrintUnformatted(item) : NULL;
    struct aw_str view = aw_str_of(text ? text : missing);
    aw_rc rc = AW_OK;

    if (view.len > AW_ANSWER_TEXT_MAX * 4 || !aw_utf8_valid(view))
        rc = aw_fail(err, AW_READER, "\"%s\" is too long or no UTF-8", key);
    else
        rc = aw_arena_dup(arena, view, out, err);
    cJSON_free(text);
    return rc;
}

aw_rc aw_question_get(const struct aw_frame *frame, struct aw_arena *arena,
                      struct aw_extract_input *input, struct aw_err *err)
{
    cJSON *head = cJSON_ParseWithLength(frame->head.ptr, frame->head.len);
    struct aw_str channel = {0};
    const struct text_field fields[] = {
        {"url", &input->url},
        {"content_type", &input->content_type},
        {"content_encoding", &input->content_encoding},
        {"charset", &input->charset},
        {"channel", &channel},
    };
    aw_rc rc =
        get_texts(head, fields, sizeof fields / sizeof *fields, arena, err);

    if (rc == AW_OK && !aw_channel_parse(channel, &input->channel))
        rc = aw_fail(err, AW_READER, "a question names no channel");
    input->bytes = frame->body;
    cJSON_Delete(head);
    return rc;
}

/* ---- answers ---------------------------------------------------------- */

static void add_links(cJSON *to, const struct aw_document *doc)
{
    cJSON *links = cJSON_AddArrayToObject(to, "links");

    for (size_t i = 0; i < doc->link_count; i++) {
        cJSON *link = cJSON_CreateObject();

        add_text(link, "url", doc->links[i].url);
        if (doc->links[i].nofollow)
            cJSON_AddTrueToObject(link, "nofollow");
        if (doc->links[i].embedded)
            cJSON_AddTrueToObject(link, "embedded");
        cJSON_AddItemToArray(links, link);
    }
}

/* What stands in the block on both sides of the claim. */
static cJSON *context_of(const struct aw_document *doc,
                         const struct aw_claim *claim)
{
    cJSON *context = cJSON_CreateObject();
    struct aw_str text = {0};
    size_t first, start, end, last;

    if (claim->end > 0 && claim->block < doc->block_count)
        text = doc->blocks[claim->block].text;
    first = claim->start > AW_CONTEXT_POINTS ? claim->start - AW_CONTEXT_POINTS
                                             : 0;
    first = aw_utf8_offset(text, first);
    start = aw_utf8_offset(text, claim->start);
    end = aw_utf8_offset(text, claim->end);
    last = end +
           aw_utf8_offset(aw_str_sub(text, end, text.len), AW_CONTEXT_POINTS);
    add_text(context, "before", aw_str_sub(text, first, start - first));
    add_text(context, "after", aw_str_sub(text, end, last - end));
    return context;
}

static aw_rc add_verdict(cJSON *to, const struct aw_document *doc,
                         const struct aw_verdict *verdict, struct aw_err *err)
{
    cJSON *contexts = cJSON_AddArrayToObject(to, "context");
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_FRAME_HEAD_MAX);
    rc = aw_verdict_json(doc, verdict, &text, err);
    if (rc == AW_OK)
        cJSON_AddRawToObject(to, "verdict", text.ptr);
    for (size_t i = 0; i < verdict->claim_count; i++)
        cJSON_AddItemToArray(contexts, context_of(doc, &verdict->claims[i]));
    aw_buf_deinit(&text);
    return rc;
}

static aw_rc add_parties(cJSON *to, const struct aw_document *doc,
                         struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_FRAME_HEAD_MAX);
    rc = aw_document_parties_json(doc, &text, err);
    if (rc == AW_OK)
        cJSON_AddRawToObject(to, "parties", text.ptr);
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_answer_put(struct aw_buf *out, uint32_t job,
                    const struct aw_document *doc,
                    const struct aw_verdict *verdict, struct aw_err *err)
{
    cJSON *head = cJSON_CreateObject();
    aw_rc rc;

    cJSON_AddTrueToObject(head, "ok");
    add_text(head, "charset", doc->charset);
    add_text(head, "charset_why", doc->charset_why);
    add_text(head, "title", aw_utf8_cut(doc->title, 2048));
    add_text(head, "channel", aw_str_of(aw_channel_name(doc->channel)));
    if (doc->nofollow)
        cJSON_AddTrueToObject(head, "nofollow");
    add_links(head, doc);
    rc = add_parties(head, doc, err);
    if (rc == AW_OK)
        rc = add_verdict(head, doc, verdict, err);
    if (rc == AW_OK)
        rc = put_json(out, job, head, AW_STR(""), err);
    cJSON_Delete(head);
    return rc;
}

aw_rc aw_answer_put_error(struct aw_buf *out, uint32_t job,
                          const struct aw_err *failure, struct aw_err *err)
{
    cJSON *head = cJSON_CreateObject();
    aw_rc rc;

    cJSON_AddStringToObject(head, "error", failure->msg);
    rc = put_json(out, job, head, AW_STR(""), err);
    cJSON_Delete(head);
    return rc;
}

static bool is_true(const cJSON *from, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(from, key));
}

static aw_rc array_of(const cJSON *from, const char *key, int most,
                      const cJSON **array, struct aw_err *err)
{
    *array = cJSON_GetObjectItemCaseSensitive(from, key);
    if (!cJSON_IsArray(*array) || cJSON_GetArraySize(*array) > most)
        return aw_fail(err, AW_READER, "\"%s\" is no array of at most %d", key,
                       most);
    return AW_OK;
}

static aw_rc get_links(const cJSON *head, struct aw_arena *arena,
                       struct aw_answer *answer, struct aw_err *err)
{
    const cJSON *array = NULL;
    const cJSON *item;
    aw_rc rc = array_of(head, "links", AW_ANSWER_LINKS_MAX, &array, err);

    if (rc != AW_OK)
        return rc;
    answer->links =
        aw_arena_array(arena, (size_t)cJSON_GetArraySize(array) + 1,
                       sizeof *answer->links);
    if (!answer->links)
        return aw_arena_fail(arena, err);
    cJSON_ArrayForEach (item, array) {
        struct aw_answer_link *link = &answer->links[answer->link_count++];

        rc = get_text(item, "url", arena, &link->url, err);
        if (rc != AW_OK)
            return rc;
        link->nofollow = is_true(item, "nofollow");
        link->embedded = is_true(item, "embedded");
    }
    return AW_OK;
}

static aw_rc get_claim_numbers(const cJSON *item, struct aw_answer_claim *c,
                               struct aw_err *err)
{
    aw_rc rc = get_count(item, "block", &c->block, err);

    if (rc == AW_OK)
        rc = get_count(item, "start", &c->start, err);
    if (rc == AW_OK)
        rc = get_count(item, "end", &c->end, err);
    if (rc == AW_OK)
        rc = get_count(item, "severity", &c->severity, err);
    if (rc == AW_OK)
        rc = get_number(item, "score", 1, &c->score, err);
    return rc;
}

static aw_rc get_claim(const cJSON *item, const cJSON *context,
                       struct aw_arena *arena, struct aw_answer_claim *c,
                       struct aw_err *err)
{
    const struct text_field fields[] = {
        {"class", &c->class}, {"quote", &c->quote},
        {"rule", &c->rule},   {"rule_version", &c->rule_version},
        {"code", &c->code},   {"exempt", &c->exempt_by},
    };
    const struct text_field around[] = {{"before", &c->before},
                                        {"after", &c->after}};
    enum aw_claim_class class;
    aw_rc rc =
        get_texts(item, fields, sizeof fields / sizeof *fields, arena, err);

    if (rc == AW_OK && !aw_claim_class_parse(c->class, &class))
        rc = aw_fail(err, AW_READER, "a claim has no known class");
    if (rc == AW_OK)
        rc = get_texts(context, around, 2, arena, err);
    if (rc == AW_OK)
        rc = get_json(item, "law", "[]", arena, &c->law, err);
    if (rc == AW_OK)
        rc = get_json(item, "why", "[]", arena, &c->why, err);
    return rc == AW_OK ? get_claim_numbers(item, c, err) : rc;
}

static aw_rc get_claims(const cJSON *head, const cJSON *verdict,
                        struct aw_arena *arena, struct aw_answer *answer,
                        struct aw_err *err)
{
    const cJSON *array = NULL;
    const cJSON *contexts = NULL;
    const cJSON *item;
    const cJSON *context;
    aw_rc rc = array_of(verdict, "claims", AW_CLAIMS_MAX, &array, err);

    if (rc == AW_OK)
        rc = array_of(head, "context", AW_CLAIMS_MAX, &contexts, err);
    if (rc != AW_OK)
        return rc;
    answer->claims =
        aw_arena_array(arena, (size_t)cJSON_GetArraySize(array) + 1,
                       sizeof *answer->claims);
    if (!answer->claims)
        return aw_arena_fail(arena, err);
    context = contexts->child;
    cJSON_ArrayForEach (item, array) {
        rc = get_claim(item, context, arena,
                       &answer->claims[answer->claim_count++], err);
        if (rc != AW_OK)
            return rc;
        context = context ? context->next : NULL;
    }
    return AW_OK;
}

static aw_rc get_verdict(const cJSON *head, struct aw_arena *arena,
                         struct aw_answer *answer, struct aw_err *err)
{
    const cJSON *verdict = cJSON_GetObjectItemCaseSensitive(head, "verdict");
    const cJSON *doc = cJSON_GetObjectItemCaseSensitive(verdict, "document");
    enum aw_verdict_kind kind;
    aw_rc rc = get_text(verdict, "verdict", arena, &answer->verdict, err);

    if (rc == AW_OK && !aw_verdict_parse(answer->verdict, &kind))
        rc = aw_fail(err, AW_READER, "no known verdict");
    if (rc == AW_OK)
        rc = get_text(doc, "kind", arena, &answer->doc_kind, err);
    if (rc == AW_OK)
        rc = get_number(doc, "score", 1, &answer->doc_score, err);
    if (rc == AW_OK)
        rc = get_number(verdict, "score", 1, &answer->score, err);
    return rc == AW_OK ? get_claims(head, verdict, arena, answer, err) : rc;
}

static aw_rc get_answer(const cJSON *head, struct aw_arena *arena,
                        struct aw_answer *answer, struct aw_err *err)
{
    const struct text_field fields[] = {
        {"error", &answer->error},     {"charset", &answer->charset},
        {"title", &answer->title},     {"charset_why", &answer->charset_why},
        {"channel", &answer->channel},
    };
    aw_rc rc =
        get_texts(head, fields, sizeof fields / sizeof *fields, arena, err);

    answer->ok = is_true(head, "ok");
    answer->nofollow = is_true(head, "nofollow");
    if (rc != AW_OK || !answer->ok)
        return rc;
    rc = get_json(head, "parties", "{}", arena, &answer->parties, err);
    if (rc == AW_OK)
        rc = get_links(head, arena, answer, err);
    return rc == AW_OK ? get_verdict(head, arena, answer, err) : rc;
}

aw_rc aw_answer_get(struct aw_str text, struct aw_arena *arena,
                    struct aw_answer *answer, struct aw_err *err)
{
    cJSON *head = cJSON_ParseWithLength(text.ptr, text.len);
    aw_rc rc;

    *answer = (struct aw_answer){0};
    if (!cJSON_IsObject(head))
        rc = aw_fail(err, AW_READER, "the answer is no JSON object");
    else
        rc = get_answer(head, arena, answer, err);
    cJSON_Delete(head);
    return rc;
}

aw_rc aw_ready_put(struct aw_buf *out, const char *lexicon_hash,
                   const char *model_hash, struct aw_err *err)
{
    cJSON *head = cJSON_CreateObject();
    aw_rc rc;

    cJSON_AddStringToObject(head, "lexicon_hash", lexicon_hash);
    cJSON_AddStringToObject(head, "model_hash", model_hash);
    rc = put_json(out, 0, head, AW_STR(""), err);
    cJSON_Delete(head);
    return rc;
}

aw_rc aw_ready_get(struct aw_str text, struct aw_arena *arena,
                   struct aw_str *lexicon_hash, struct aw_str *model_hash,
                   struct aw_err *err)
{
    cJSON *head = cJSON_ParseWithLength(text.ptr, text.len);
    const struct text_field fields[] = {{"lexicon_hash", lexicon_hash},
                                        {"model_hash", model_hash}};
    aw_rc rc = get_texts(head, fields, 2, arena, err);

    cJSON_Delete(head);
    return rc;
}
