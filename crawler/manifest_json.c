#include <cjson/cJSON.h>

#include "base/json.h"
#include "crawler/manifest_private.h"

#define VALUES_MAX ((size_t)1000) /* of one line */

struct line {
    struct aw_manifest_reading *reading;
    struct aw_manifest_cells cells;
    struct aw_buf names; /* of attachments */
};

static aw_rc keep(struct line *line, enum aw_manifest_column column,
                  struct aw_str text)
{
    if (line->cells.at[column].len > 0)
        return AW_OK;
    return aw_arena_dup(&line->reading->manifest->arena, aw_str_trim(text),
                        &line->cells.at[column], line->reading->err);
}

/* Attachments may be an array of names. */
static aw_rc keep_names(struct line *line, const cJSON *names)
{
    const cJSON *name;

    aw_buf_reset(&line->names);
    cJSON_ArrayForEach (name, names) {
        if (!cJSON_IsString(name)) {
            line->cells.error = "attachments are no array of texts";
            return AW_OK;
        }
        aw_buf_puts(&line->names, name->valuestring);
        aw_buf_putc(&line->names, '\n');
    }
    if (line->names.rc == AW_LIMIT) {
        line->cells.error = "the names of its attachments are too long";
        return AW_OK;
    }
    return keep(line, AW_COLUMN_ATTACHMENTS, aw_buf_str(&line->names));
}

static aw_rc take_value(struct line *line, const cJSON *value)
{
    struct aw_str key = aw_str_of(value->string);
    enum aw_manifest_column column = aw_manifest_column(key);
    aw_rc rc = aw_manifest_note_heading(line->reading, key, column);

    if (rc != AW_OK || column >= AW_COLUMN_COUNT || cJSON_IsNull(value))
        return rc;
    if (cJSON_IsString(value))
        return keep(line, column, aw_str_of(value->valuestring));
    if (column == AW_COLUMN_ATTACHMENTS && cJSON_IsArray(value))
        return keep_names(line, value);
    line->cells.error = "a value is no text";
    return AW_OK;
}

static aw_rc take_object(struct line *line, struct aw_str text)
{
    const char *end = NULL;
    const cJSON *value;
    cJSON *object = NULL;
    aw_rc rc = AW_OK;

    if (!aw_json_too_many(text, VALUES_MAX))
        object = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, 0);
    if (!cJSON_IsObject(object) || end != text.ptr + text.len)
        line->cells.error = "the line is no JSON object";
    else
        cJSON_ArrayForEach (value, object) {
            rc = take_value(line, value);
            if (rc != AW_OK)
                break;
        }
    cJSON_Delete(object);
    return rc == AW_OK ? aw_manifest_add_row(line->reading, &line->cells) : rc;
}

aw_rc aw_manifest_read_jsonl(struct aw_manifest_reading *reading)
{
    struct aw_str rest = reading->manifest->text;
    struct line line = {.reading = reading};
    aw_rc rc = AW_OK;

    aw_buf_init(&line.names, AW_MANIFEST_CELL_MAX);
    for (int64_t n = 1; rest.len > 0 && rc == AW_OK; n++) {
        struct aw_str text = aw_str_trim(aw_manifest_line(&rest));

        line.cells = (struct aw_manifest_cells){.line = n, .last_line = n};
        if (text.len > 0)
            rc = take_object(&line, text);
    }
    aw_buf_deinit(&line.names);
    if (rc == AW_OK && reading->manifest->row_count == 0)
        rc = aw_fail(reading->err, AW_INVALID, "it is empty");
    return rc;
}
