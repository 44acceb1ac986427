#include "cli/document_line.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cli/flat_line.h"
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
    bool seen[AW_FLAT_MEMBERS] = {false};
    const cJSON *item;
    aw_rc rc = AW_OK;

    cJSON_ArrayForEach (item, line)
        for (int i = 0; rc == AW_OK && i < AW_FLAT_MEMBERS; i++)
            if (strcmp(item->string, aw_flat_names[i]) == 0)
                rc = check_member(item, &seen[i], i != AW_FLAT_ID, err);
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

static aw_rc read_members(struct aw_document *doc,
                          const struct aw_flat_line *line, struct aw_err *err)
{
    struct aw_extract_input input = {
        .url = line->value[AW_FLAT_URL],
        .content_type = AW_STR("text/html; charset=utf-8"),
        .channel = doc->channel,
        .bytes = line->value[AW_FLAT_HTML],
    };

    if (line->is_there[AW_FLAT_HTML])
        return aw_document_page_read(&input, doc, err);
    if (!line->is_there[AW_FLAT_TEXT])
        return aw_fail(err, AW_INVALID, "\"text\" or \"html\" is missing");
    return read_text(doc, line->value[AW_FLAT_TEXT],
                     line->value[AW_FLAT_TITLE], err);
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

static aw_rc set_channel(struct aw_document *doc, struct aw_str channel,
                         struct aw_err *err)
{
    if (channel.len > 0 && !aw_channel_parse(channel, &doc->channel))
        return aw_fail(err, AW_INVALID,
                       "channel '%.*s' is none of web, poster, app, sms, "
                       "call, seminar",
                       AW_STR_ARG(aw_str_sub(channel, 0, 60)));
    return AW_OK;
}

static aw_rc read_object(struct aw_document *doc, const cJSON *object,
                         struct aw_err *err)
{
    struct aw_flat_line line = {0};
    aw_rc rc;

    for (int i = AW_FLAT_ID + 1; i < AW_FLAT_MEMBERS; i++) {
        line.value[i] = text_at(object, aw_flat_names[i]);
        line.is_there[i] = cJSON_IsString(
            cJSON_GetObjectItemCaseSensitive(object, aw_flat_names[i]));
    }
    rc = set_channel(doc, line.value[AW_FLAT_CHANNEL], err);
    if (rc == AW_OK)
        rc = read_id(doc, cJSON_GetObjectItemCaseSensitive(object, "id"), err);
    return rc == AW_OK ? read_members(doc, &line, err) : rc;
}

static aw_rc read_flat(struct aw_document *doc,
                       const struct aw_flat_line *line, struct aw_err *err)
{
    aw_rc rc = set_channel(doc, line->value[AW_FLAT_CHANNEL], err);

    if (rc == AW_OK && line->is_there[AW_FLAT_ID])
        rc = aw_arena_dup(&doc->arena, line->value[AW_FLAT_ID], &doc->id, err);
    return rc == AW_OK ? read_members(doc, line, err) : rc;
}

aw_rc aw_document_line_read(struct aw_document *doc, struct aw_str line,
                            struct aw_err *err)
{
    struct aw_flat_line flat;
    cJSON *object = NULL;
    aw_rc rc;

    if (aw_flat_line_read(&flat, line))
        return read_flat(doc, &flat, err);
    rc = parse_line(line, &object, err);
    if (rc == AW_OK)
        rc = check_members(object, err);
    if (rc == AW_OK)
        rc = read_object(doc, object, err);
    cJSON_Delete(object);
    return rc;
}
