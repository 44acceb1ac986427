#include <cjson/cJSON.h>

#include "base/json.h"
#include "crawler/manifest_private.h"

#define VALUES_MAX ((size_t)1000) /* of one line */

struct line {
    struct aw_manifest_reading *reading;
    struct aw_manifest_cells cells;
};

/* Attachments may be an array of names, each of them taken whole. */
static aw_rc keep_names(struct line *line, const cJSON *names)
{
    struct aw_arena *arena = &line->reading->manifest->arena;
    struct aw_manifest_cells *cells = &line->cells;
    const cJSON *name;
    aw_rc rc = AW_OK;

    if (cells->names || cells->at[AW_COLUMN_ATTACHMENTS].len > 0)
        return AW_OK;
    cells->names = aw_arena_array(arena, (size_t)cJSON_GetArraySize(names) + 1,
                                  sizeof *cells->names);
    if (!cells->names)
        return aw_arena_fail(arena, line->reading->err);
    cJSON_ArrayForEach (name, names) {
        struct aw_str text = aw_str_of(cJSON_GetStringValue(name));

        if (!cJSON_IsString(name))
            cells->error = "attachments are no array of texts";
        else if (aw_str_trim(text).len > 0 && rc == AW_OK)
            rc = aw_arena_dup(arena, text, &cells->names[cells->name_count++],
                              line->reading->err);
    }
    return rc;
}

static aw_rc take_value(struct line *line, const cJSON *value)
{
    struct aw_str key = aw_str_of(value->string);
    enum aw_manifest_column column = aw_manifest_column(key);
    aw_rc rc = aw_manifest_note_heading(line->reading, key, column);

    if (rc != AW_OK || column >= AW_COLUMN_COUNT || cJSON_IsNull(value))
        return rc;
    if (cJSON_IsString(value))
        return aw_manifest_keep_cell(line->reading, &line->cells, column,
                                     aw_str_of(value->valuestring));
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

    for (int64_t n = 1; rest.len > 0 && rc == AW_OK; n++) {
        struct aw_str text = aw_str_trim(aw_manifest_line(&rest));

        line.cells = (struct aw_manifest_cells){.line = n, .last_line = n};
        if (text.len > 0)
            rc = take_object(&line, text);
    }
    if (rc == AW_OK && reading->manifest->row_count == 0)
        rc = aw_fail(reading->err, AW_INVALID, "it is empty");
    return rc;
}
