#include "archive/warc_private.h"

#include <string.h>

size_t aw_http_head_len(struct aw_str block)
{
    size_t at = 0;

    while (at < block.len) {
        const char *line = block.ptr + at;
        const char *end = memchr(line, '\n', block.len - at);

        if (!end)
            return 0;
        at = (size_t)(end - block.ptr) + 1;
        if (end == line || (end == line + 1 && line[0] == '\r'))
            return at;
    }
    return 0;
}

struct aw_str aw_warc_http_field(struct aw_str head, struct aw_str name)
{
    struct aw_str line;

    while (aw_str_split(&head, '\n', &line)) {
        if (line.len <= name.len || line.ptr[name.len] != ':' ||
            !aw_str_starts_nocase(line, name))
            continue;
        return aw_str_trim(aw_str_sub(line, name.len + 1, line.len));
    }
    return (struct aw_str){0};
}

bool aw_warc_is_http(const struct aw_warc_record *record)
{
    return (record->type == AW_WARC_REQUEST ||
            record->type == AW_WARC_RESPONSE ||
            record->type == AW_WARC_REVISIT) &&
           aw_str_starts_nocase(aw_warc_content_type(record),
                                AW_STR("application/http"));
}

bool aw_warc_has_payload(const struct aw_warc_record *record)
{
    return record->type == AW_WARC_RESPONSE ||
           record->type == AW_WARC_REVISIT || record->type == AW_WARC_RESOURCE;
}

/* "HTTP/1.1 200 OK" gives 200; 0 where there is no such number. */
static int status_of(struct aw_str head)
{
    struct aw_str line, part;
    int64_t status;

    if (!aw_str_starts(head, AW_STR("HTTP/")) ||
        !aw_str_split(&head, '\n', &line) || !aw_str_split(&line, ' ', &part))
        return 0;
    line = aw_str_sub(aw_str_trim(line), 0, 3);
    if (line.len != 3 || !aw_str_to_int(line, &status) || status < 100)
        return 0;
    return (int)status;
}

static struct aw_str without_parameters(struct aw_str type)
{
    struct aw_str part = {0};

    if (!aw_str_split(&type, ';', &part))
        return part;
    return aw_str_trim(part);
}

void aw_warc_describe(struct aw_warc_record *record)
{
    record->status = 0;
    record->mime = (struct aw_str){0};
    if (record->type == AW_WARC_RESOURCE) {
        record->mime = without_parameters(aw_warc_content_type(record));
    } else if (record->type != AW_WARC_REQUEST && aw_warc_is_http(record)) {
        record->status = status_of(record->head);
        record->mime = without_parameters(
            aw_warc_http_field(record->head, AW_STR("content-type")));
    }
}
