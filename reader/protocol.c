#include "reader/protocol.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/document_json.h"
#include "base/json.h"
#include "base/utf8.h"

#define FRAME_MAGIC 0x41574652u /* "AWFR" */
#define PLACE_MAX 1000000000    /* code points; above any document's */
#define SEVERITY_MAX 3
#define TIME_MAX_MS 253402300799999 /* the last one of the year 9999 */

struct frame_numbers {
    uint32_t magic, head, body, job;
};

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

/* Puts a frame whose head is a JSON object that its caller has closed. */
static aw_rc put_head(struct aw_buf *out, uint32_t job, struct aw_buf *head,
                      struct aw_str body, struct aw_err *err)
{
    struct aw_frame frame = {job, aw_buf_str(head), body};
    aw_rc rc = aw_buf_check(head, err);

    if (rc != AW_OK)
        return rc;
    aw_frame_put(out, &frame);
    return aw_buf_check(out, err);
}

/* A header of HTTP may hold any bytes, and any number of them. */
static void put_cut(struct aw_buf *out, const char *key, struct aw_str value)
{
    struct aw_buf clean;

    aw_buf_init(&clean, AW_ANSWER_TEXT_MAX * 3);
    aw_utf8_clean(&clean, aw_str_sub(value, 0, AW_ANSWER_TEXT_MAX));
    if (clean.rc != AW_OK)
        out->rc = clean.rc;
    aw_json_text(out, key,
                 aw_utf8_cut(aw_buf_str(&clean), AW_ANSWER_TEXT_MAX));
    aw_buf_deinit(&clean);
}

aw_rc aw_question_put(struct aw_buf *out, uint32_t job,
                      const struct aw_extract_input *input, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_json_open(&head, NULL, '{');
    aw_json_text(&head, "url", input->url);
    put_cut(&head, "content_type", input->content_type);
    put_cut(&head, "content_encoding", input->content_encoding);
    aw_json_text(&head, "charset", input->charset);
    put_cut(&head, "agent", input->agent);
    if (input->sitemap)
        aw_json_bool(&head, "sitemap", true);
    aw_json_text(&head, "channel", aw_str_of(aw_channel_name(input->channel)));
    aw_json_int(&head, "decoded_max", input->decoded_max);
    aw_json_int(&head, "ratio_max", input->ratio_max);
    aw_json_close(&head, '}');
    rc = put_head(out, job, &head, input->bytes, err);
    aw_buf_deinit(&head);
    return rc;
}

/* The whole text as one JSON object, or an error. */
static aw_rc parse(struct aw_str text, cJSON **out, struct aw_err *err)
{
    const char *end = NULL;
    cJSON *json;

    if (aw_json_too_many(text, AW_ANSWER_VALUES_MAX))
        return aw_fail(err, AW_READER, "more than %d values",
                       AW_ANSWER_VALUES_MAX);
    json = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
    if (!cJSON_IsObject(json) || end != text.ptr + text.len) {
        cJSON_Delete(json);
        return aw_fail(err, AW_READER, "a frame's head is no JSON object");
    }
    *out = json;
    return AW_OK;
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

static aw_rc get_count(const cJSON *from, const char *key, int64_t most,
                       int64_t *out, struct aw_err *err)
{
    double value = 0;
    aw_rc rc = get_number(from, key, (double)most, &value, err);

    if (rc == AW_OK)
        *out = (int64_t)value;
    return rc;
}

static bool is_true(const cJSON *from, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(from, key));
}

static bool is_text_array(const cJSON *item)
{
    const cJSON *text;

    if (!cJSON_IsArray(item))
        return false;
    cJSON_ArrayForEach (text, item)
        if (!cJSON_IsString(text))
            return false;
    return true;
}

static bool is_party_key(const char *key)
{
    for (int i = 0; i < AW_PARTY_KIND_COUNT; i++)
        if (strcmp(key, aw_party_kind_name((enum aw_party_kind)i)) == 0)
            return true;
    return false;
}

static bool is_parties(const cJSON *item)
{
    const cJSON *kind;

    if (!cJSON_IsObject(item))
        return false;
    cJSON_ArrayForEach (kind, item)
        if (!is_party_key(kind->string) || !is_text_array(kind))
            return false;
    return true;
}

/* What a JSON value is, how much of it is allowed, and what is meant where it
 * is missing. */
struct json_shape {
    bool (*holds)(const cJSON *item);
    const char *missing;
    size_t most; /* bytes */
};

static const struct json_shape text_array = {is_text_array, "[]",
                                             AW_ANSWER_TEXT_MAX * 4};
static const struct json_shape parties_object = {is_parties, "{}",
                                                 AW_ANSWER_PARTIES_MAX};

/* The item at key printed again: a reader's JSON never goes on as it came. */
static aw_rc get_json(const cJSON *from, const char *key,
                      const struct json_shape *shape, struct aw_arena *arena,
                      struct aw_str *out, struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, key);
    struct aw_str view = aw_str_of(shape->missing);
    char *text = NULL;
    aw_rc rc;

    if (item && !shape->holds(item))
        return aw_fail(err, AW_READER, "\"%s\" has another shape", key);
    if (item) {
        text = cJSON_PrintUnformatted(item);
        if (!text)
            return aw_fail(err, AW_NOMEM, "out of memory");
        view = aw_str_of(text);
    }
    if (view.len > shape->most || !aw_utf8_valid(view))
        rc = aw_fail(err, AW_READER, "\"%s\" is too long or no UTF-8", key);
    else
        rc = aw_arena_dup(arena, view, out, err);
    cJSON_free(text);
    return rc;
}

aw_rc aw_question_get(const struct aw_frame *frame, struct aw_arena *arena,
                      struct aw_extract_input *input, struct aw_err *err)
{
    struct aw_extract_input got = {.bytes = frame->body};
    struct aw_str channel = {0};
    const struct text_field fields[] = {
        {"url", &got.url},
        {"content_type", &got.content_type},
        {"content_encoding", &got.content_encoding},
        {"charset", &got.charset},
        {"agent", &got.agent},
        {"channel", &channel},
    };
    cJSON *head = NULL;
    aw_rc rc = parse(frame->head, &head, err);

    if (rc == AW_OK)
        rc = get_texts(head, fields, sizeof fields / sizeof *fields, arena,
                       err);
    if (rc == AW_OK && !aw_channel_parse(channel, &got.channel))
        rc = aw_fail(err, AW_READER, "a question names no channel");
    got.sitemap = is_true(head, "sitemap");
    if (rc == AW_OK)
        rc = get_count(head, "decoded_max", INT32_MAX, &got.decoded_max, err);
    if (rc == AW_OK)
        rc = get_count(head, "ratio_max", INT32_MAX, &got.ratio_max, err);
    if (rc == AW_OK)
        *input = got;
    cJSON_Delete(head);
    return rc;
}

/* ---- answers ---------------------------------------------------------- */

/* The first ones, up to a limit: links alone must not make an answer too
 * long to be given. Images are not told: nobody follows them. */
static void put_links(struct aw_buf *out, const struct aw_document *doc)
{
    bool cut = doc->links_cut;
    size_t bytes = 0;

    aw_json_open(out, "links", '[');
    for (size_t i = 0; i < doc->link_count; i++) {
        const struct aw_link *link = &doc->links[i];

        if (link->kind == AW_LINK_IMAGE)
            continue;
        bytes += link->url.len;
        cut |= bytes > AW_ANSWER_LINK_BYTES_MAX;
        if (bytes > AW_ANSWER_LINK_BYTES_MAX)
            break;
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "url", link->url);
        if (link->nofollow)
            aw_json_bool(out, "nofollow", true);
        if (link->kind != AW_LINK_LINK)
            aw_json_text(out, "kind",
                         aw_str_of(aw_link_kind_name(link->kind)));
        if (link->lastmod_ms > 0)
            aw_json_int(out, "lastmod", link->lastmod_ms);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    if (cut)
        aw_json_bool(out, "links_cut", true);
}

/* What stands in the block on both sides of the claim. */
static void put_context(struct aw_buf *out, const struct aw_document *doc,
                        const struct aw_claim *claim)
{
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
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "before", aw_str_sub(text, first, start - first));
    aw_json_text(out, "after", aw_str_sub(text, end, last - end));
    aw_json_close(out, '}');
}

static aw_rc put_verdict(struct aw_buf *out, const struct aw_document *doc,
                         const struct aw_verdict *verdict, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_FRAME_HEAD_MAX);
    rc = aw_verdict_json(doc, verdict, &text, err);
    if (rc == AW_OK)
        aw_json_raw(out, "verdict", aw_buf_str(&text));
    aw_buf_deinit(&text);
    aw_json_open(out, "context", '[');
    for (size_t i = 0; i < verdict->claim_count; i++)
        put_context(out, doc, &verdict->claims[i]);
    aw_json_close(out, ']');
    return rc;
}

static aw_rc put_parties(struct aw_buf *out, const struct aw_document *doc,
                         struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_FRAME_HEAD_MAX);
    rc = aw_document_parties_json(doc, &text, err);
    if (rc == AW_OK)
        aw_json_raw(out, "parties", aw_buf_str(&text));
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_answer_put(struct aw_buf *out, uint32_t job,
                    const struct aw_document *doc,
                    const struct aw_verdict *verdict, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_json_open(&head, NULL, '{');
    aw_json_bool(&head, "ok", true);
    aw_json_text(&head, "charset", doc->charset);
    aw_json_text(&head, "charset_why", doc->charset_why);
    aw_json_text(&head, "title", aw_utf8_cut(doc->title, AW_ANSWER_TITLE_MAX));
    if (doc->note.len > 0)
        aw_json_text(&head, "note", doc->note);
    aw_json_text(&head, "channel", aw_str_of(aw_channel_name(doc->channel)));
    if (doc->nofollow)
        aw_json_bool(&head, "nofollow", true);
    aw_json_text(&head, "canonical", doc->canonical);
    aw_json_text(&head, "text_digest", doc->text_digest);
    aw_json_text(&head, "sitemap",
                 aw_str_of(aw_sitemap_kind_name(doc->sitemap)));
    aw_json_int(&head, "blocks", (int64_t)doc->block_count);
    put_links(&head, doc);
    rc = put_parties(&head, doc, err);
    if (rc == AW_OK)
        rc = put_verdict(&head, doc, verdict, err);
    aw_json_close(&head, '}');
    if (rc == AW_OK)
        rc = put_head(out, job, &head, AW_STR(""), err);
    aw_buf_deinit(&head);
    return rc;
}

aw_rc aw_answer_put_error(struct aw_buf *out, uint32_t job,
                          const struct aw_err *failure, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_json_open(&head, NULL, '{');
    aw_json_text(&head, "error",
                 aw_str_of(failure->msg[0] ? failure->msg : "failed"));
    aw_json_close(&head, '}');
    rc = put_head(out, job, &head, AW_STR(""), err);
    aw_buf_deinit(&head);
    return rc;
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

static aw_rc get_link(const cJSON *item, struct aw_arena *arena,
                      struct aw_answer_link *link, struct aw_err *err)
{
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(item, "kind");
    aw_rc rc = get_text(item, "url", arena, &link->url, err);

    link->nofollow = is_true(item, "nofollow");
    if (rc == AW_OK && kind &&
        !aw_link_kind_parse(aw_str_of(cJSON_GetStringValue(kind)),
                            &link->kind))
        rc = aw_fail(err, AW_READER, "a link has no known kind");
    return rc == AW_OK ? get_count(item, "lastmod", TIME_MAX_MS,
                                   &link->lastmod_ms, err)
                       : rc;
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
        rc = get_link(item, arena, &answer->links[answer->link_count++], err);
        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

static aw_rc get_claim_numbers(const cJSON *item, struct aw_answer_claim *c,
                               struct aw_err *err)
{
    aw_rc rc =
        get_count(item, "block", AW_DOCUMENT_BLOCKS_MAX, &c->block, err);

    if (rc == AW_OK)
        rc = get_count(item, "start", PLACE_MAX, &c->start, err);
    if (rc == AW_OK)
        rc = get_count(item, "end", PLACE_MAX, &c->end, err);
    if (rc == AW_OK)
        rc = get_count(item, "severity", SEVERITY_MAX, &c->severity, err);
    if (rc == AW_OK)
        rc = get_number(item, "score", 1, &c->score, err);
    if (rc == AW_OK && c->start > c->end)
        rc = aw_fail(err, AW_READER, "a claim ends before it starts");
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
        rc = get_json(item, "law", &text_array, arena, &c->law, err);
    if (rc == AW_OK)
        rc = get_json(item, "why", &text_array, arena, &c->why, err);
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
    enum aw_doc_kind doc_kind;
    aw_rc rc = get_text(verdict, "verdict", arena, &answer->verdict, err);

    if (rc == AW_OK && !aw_verdict_parse(answer->verdict, &kind))
        rc = aw_fail(err, AW_READER, "no known verdict");
    if (rc == AW_OK)
        rc = get_text(doc, "kind", arena, &answer->doc_kind, err);
    if (rc == AW_OK && !aw_doc_kind_parse(answer->doc_kind, &doc_kind))
        rc = aw_fail(err, AW_READER, "no known kind of document");
    if (rc == AW_OK)
        rc = get_number(doc, "score", 1, &answer->doc_score, err);
    if (rc == AW_OK)
        rc = get_number(verdict, "score", 1, &answer->score, err);
    return rc == AW_OK ? get_claims(head, verdict, arena, answer, err) : rc;
}

static bool is_digest(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (aw_hex_value(text.ptr[i]) < 0 ||
            text.ptr[i] != aw_ascii_lower(text.ptr[i]))
            return false;
    return text.len == 0 || text.len == AW_DOCUMENT_DIGEST_LEN;
}

/* What recrawl and discovery want to know of a page. */
static aw_rc get_facts(const cJSON *head, struct aw_arena *arena,
                       struct aw_answer *answer, struct aw_err *err)
{
    const struct text_field fields[] = {{"canonical", &answer->canonical},
                                        {"text_digest", &answer->text_digest},
                                        {"sitemap", &answer->sitemap}};
    enum aw_sitemap_kind kind;
    aw_rc rc =
        get_texts(head, fields, sizeof fields / sizeof *fields, arena, err);

    if (rc != AW_OK)
        return rc;
    if (answer->canonical.len > AW_DOCUMENT_URL_MAX)
        return aw_fail(err, AW_READER, "\"canonical\" is too long");
    if (!is_digest(answer->text_digest))
        return aw_fail(err, AW_READER, "\"text_digest\" is none");
    if (!aw_sitemap_kind_parse(answer->sitemap, &kind))
        return aw_fail(err, AW_READER, "no known kind of sitemap");
    return AW_OK;
}

static aw_rc get_answer(const cJSON *head, struct aw_arena *arena,
                        struct aw_answer *answer, struct aw_err *err)
{
    const struct text_field fields[] = {
        {"error", &answer->error},     {"charset", &answer->charset},
        {"title", &answer->title},     {"charset_why", &answer->charset_why},
        {"channel", &answer->channel}, {"note", &answer->note},
    };
    enum aw_channel channel;
    aw_rc rc =
        get_texts(head, fields, sizeof fields / sizeof *fields, arena, err);

    answer->ok = is_true(head, "ok");
    answer->nofollow = is_true(head, "nofollow");
    answer->links_cut = is_true(head, "links_cut");
    if (rc != AW_OK)
        return rc;
    if (!answer->ok)
        return answer->error.len > 0
                   ? AW_OK
                   : aw_fail(err, AW_READER, "neither ok nor an error");
    if (!aw_channel_parse(answer->channel, &channel))
        return aw_fail(err, AW_READER, "no known channel");
    rc = get_count(head, "blocks", AW_DOCUMENT_BLOCKS_MAX, &answer->blocks,
                   err);
    if (rc == AW_OK)
        rc = get_facts(head, arena, answer, err);
    if (rc == AW_OK)
        rc = get_json(head, "parties", &parties_object, arena,
                      &answer->parties, err);
    if (rc == AW_OK)
        rc = get_links(head, arena, answer, err);
    return rc == AW_OK ? get_verdict(head, arena, answer, err) : rc;
}

aw_rc aw_answer_get(struct aw_str text, struct aw_arena *arena,
                    struct aw_answer *answer, struct aw_err *err)
{
    struct aw_answer got = {0};
    cJSON *head = NULL;
    aw_rc rc = parse(text, &head, err);

    if (rc == AW_OK)
        rc = get_answer(head, arena, &got, err);
    if (rc == AW_OK)
        *answer = got;
    cJSON_Delete(head);
    return rc;
}

aw_rc aw_ready_put(struct aw_buf *out, const char *lexicon_hash,
                   const char *model_hash, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_json_open(&head, NULL, '{');
    aw_json_text(&head, "lexicon_hash", aw_str_of(lexicon_hash));
    aw_json_text(&head, "model_hash", aw_str_of(model_hash));
    aw_json_close(&head, '}');
    rc = put_head(out, 0, &head, AW_STR(""), err);
    aw_buf_deinit(&head);
    return rc;
}

static aw_rc get_ready(const cJSON *head, struct aw_arena *arena,
                       struct aw_str *lexicon_hash, struct aw_str *model_hash,
                       struct aw_err *err)
{
    struct aw_str error = {0};
    const struct text_field fields[] = {{"error", &error},
                                        {"lexicon_hash", lexicon_hash},
                                        {"model_hash", model_hash}};
    aw_rc rc = get_texts(head, fields, 3, arena, err);

    if (rc != AW_OK)
        return rc;
    if (error.len > 0)
        return aw_fail(err, AW_CONFIG, "%.*s", AW_STR_ARG(error));
    if (lexicon_hash->len == 0)
        return aw_fail(err, AW_READER, "a reader names no lexicon");
    return AW_OK;
}

aw_rc aw_ready_get(struct aw_str text, struct aw_arena *arena,
                   struct aw_str *lexicon_hash, struct aw_str *model_hash,
                   struct aw_err *err)
{
    cJSON *head = NULL;
    aw_rc rc = parse(text, &head, err);

    if (rc == AW_OK)
        rc = get_ready(head, arena, lexicon_hash, model_hash, err);
    cJSON_Delete(head);
    return rc;
}
