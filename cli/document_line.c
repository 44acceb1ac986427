#include "cli/document_line.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "extract/extract.h"
#include "extract/text.h"

#define ID_MAX 9007199254740991.0 /* 2^53 - 1: a double holds it */

static struct aw_str text_at(const cJSON *line, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, key);

    return aw_str_of(cJSON_IsString(item) ? item->valuestring : NULL);
}

/* A member that is left unread, for its type or because the name stood there
 * before, would be told as clear. */
static aw_rc check_member(const cJSON *item, bool *seen, bool is_text,
                          struct aw_err *err)
{
    if (*seen)
        return aw_fail(err, AW_INVALID, "\"%s\" stands there twice",
                       item->string);
    *seen = true;
    if (is_text && !cJSON_IsNull(item) && !cJSON_IsString(item))
        return aw_fail(err, AW_INVALID, "\"%s\" is no string", item->string);
    return AW_OK;
}

static aw_rc check_members(const cJSON *line, struct aw_err *err)
{
    static const char *const names[] = {"id",    "channel", "url",
                                        "title", "text",    "html"};
    bool seen[sizeof names / sizeof *names] = {false};
    const cJSON *item;
    aw_rc rc = AW_OK;

    cJSON_ArrayForEach (item, line)
        for (size_t i = 0; rc == AW_OK && i < sizeof names / sizeof *names;
             i++)
            if (strcmp(item->string, names[i]) == 0)
                rc = check_member(item, &seen[i], i > 0, err);
    return rc;
}

static aw_rc read_id(struct aw_document *doc, const cJSON *id,
                     struct aw_err *err)
{
    char number[32];

    if (!id || cJSON_IsNull(id))
        return AW_OK;
    if (cJSON_IsString(id))
        return aw_arena_dup(&doc->arena, aw_str_of(id->valuestring), &doc->id,
                            err);
    if (!cJSON_IsNumber(id) || fabs(id->valuedouble) > ID_MAX ||
        trunc(id->valuedouble) < id->valuedouble ||
        trunc(id->valuedouble) > id->valuedouble)
        return aw_fail(err, AW_INVALID,
                       "\"id\" is neither a string nor a whole number below "
                       "2^53: write it as a string");
    (void)snprintf(number, sizeof number, "%.0f", id->valuedouble);
    return aw_arena_dup(&doc->arena, aw_str_of(number), &doc->id, err);
}

aw_rc aw_document_page_read(const struct aw_extract_input *input,
                            struct aw_document *doc, struct aw_err *err)
{
    aw_rc rc = aw_extract(input, doc, err);

    if (rc == AW_OK && doc->block_count == 0)
        return aw_fail(err, AW_INVALID, "no text in it");
    return rc;
}

/* Text as it stands, in one block: offsets count in it. */
static aw_rc read_text(struct aw_document *doc, struct aw_str text,
                       struct aw_str title, struct aw_err *err)
{
    enum aw_block_kind kind =
        doc->channel == AW_CHANNEL_POSTER ? AW_BLOCK_OCR : AW_BLOCK_MESSAGE;
    aw_rc rc = aw_text_whole(doc, kind, text, err);

    return rc == AW_OK ? aw_text_whole(doc, AW_BLOCK_TITLE, title, err) : rc;
}

static aw_rc read_object(struct aw_document *doc, const cJSON *line,
                         struct aw_err *err)
{
    struct aw_extract_input input = {
        .url = text_at(line, "url"),
        .content_type = AW_STR("text/html; charset=utf-8"),
        .channel = doc->channel,
        .bytes = text_at(line, "html"),
    };
    aw_rc rc = read_id(doc, cJSON_GetObjectItemCaseSensitive(line, "id"), err);

    if (rc != AW_OK)
        return rc;
    if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(line, "html")))
        return aw_document_page_read(&input, doc, err);
    if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(line, "text")))
        return aw_fail(err, AW_INVALID, "\"text\" or \"html\" is missing");
    return read_text(doc, text_at(line, "text"), text_at(line, "title"), err);
}

/* A NUL, as it is or as an escape: cJSON would end the text there. */
static bool has_nul(struct aw_str line)
{
    if (line.len > 0 && memchr(line.ptr, '\0', line.len))
        return true;
    while (line.len > 0) {
        const char *at = memchr(line.ptr, '\\', line.len);

        if (!at)
            return false;
        line = aw_str_sub(line, (size_t)(at - line.ptr), line.len);
        if (aw_str_starts(line, AW_STR("\\u0000")))
            return true;
        line = aw_str_sub(line, 2, line.len);
    }
    return false;
}

static aw_rc parse_line(struct aw_str text, cJSON **out, struct aw_err *err)
{
    const char *end = NULL;
    cJSON *line;

    if (has_nul(text))
        return aw_fail(err, AW_INVALID,
                       "there is a NUL (\\u0000) in it, which no text has: "
                       "take it out");
    if (aw_json_too_many(text, AW_LINE_VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "more than %zu values",
                       AW_LINE_VALUES_MAX);
    line = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
    if (!cJSON_IsObject(line) || end != text.ptr + text.len) {
        cJSON_Delete(line);
        return aw_fail(err, AW_INVALID, "this is no JSON object");
    }
    *out = line;
    return AW_OK;
}

static aw_rc set_channel(struct aw_document *doc, const cJSON *line,
                         struct aw_err *err)
{
    struct aw_str channel = text_at(line, "channel");

    if (channel.len > 0 && !aw_channel_parse(channel, &doc->channel))
        return aw_fail(err, AW_INVALID,
                       "channel '%.*s' is none of web, poster, app, sms, "
                       "call, seminar",
                       AW_STR_ARG(aw_str_sub(channel, 0, 60)));
    return AW_OK;
}

aw_rc aw_document_line_read(struct aw_document *doc, struct aw_str line,
                            struct aw_err *err)
{
    cJSON *object = NULL;
    aw_rc rc = parse_line(line, &object, err);

    if (rc == AW_OK)
        rc = check_members(object, err);
    if (rc == AW_OK)
        rc = set_channel(doc, object, err);
    if (rc == AW_OK)
        rc = read_object(doc, object, err);
    cJSON_Delete(object);
    return rc;
}
