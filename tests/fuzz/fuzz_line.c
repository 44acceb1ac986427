/* What `classify` reads from JSON Lines: a line each. */
#include <cjson/cJSON.h>

#include "base/utf8.h"
#include "classify/classify.h"
#include "cli/document_line.h"
#include "tests/fuzz/hold.h"

#define LINES_MOST 64
#define OUT_MAX ((size_t)64 << 20)

/* What is printed of it is one line of JSON, with the same id. */
static void hold_printed(const struct aw_document *doc)
{
    const struct aw_verdict verdict = {.doc_kind = AW_DOC_OTHER};
    struct aw_err err;
    struct aw_buf out;
    const cJSON *id;
    cJSON *read;

    aw_buf_init(&out, OUT_MAX);
    HOLD(aw_verdict_json(doc, &verdict, &out, &err) == AW_OK);
    hold_text(aw_buf_str(&out), OUT_MAX);
    HOLD(aw_str_find(aw_buf_str(&out), AW_STR("\n")) < 0);
    read = cJSON_ParseWithLength(out.ptr, out.len);
    id = cJSON_GetObjectItemCaseSensitive(read, "id");
    HOLD(cJSON_IsString(id));
    if (aw_utf8_valid(doc->id))
        HOLD(aw_str_eq(aw_str_of(id->valuestring), doc->id));
    cJSON_Delete(read);
    aw_buf_deinit(&out);
}

static void hold_line(struct aw_str line)
{
    struct aw_document doc;
    struct aw_err err = {0};
    aw_rc rc;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    rc = aw_document_line_read(&doc, line, &err);
    HOLD(rc == AW_OK || err.msg[0] != '\0');
    HOLD(rc == AW_OK || rc == AW_INVALID || rc == AW_LIMIT);
    if (rc == AW_OK) {
        hold_blocks(&doc);
        hold_printed(&doc);
    }
    aw_document_deinit(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str rest = {(const char *)data, size};

    for (int i = 0; i < LINES_MOST && rest.len > 0; i++) {
        ptrdiff_t end = aw_str_find(rest, AW_STR("\n"));
        size_t len = end < 0 ? rest.len : (size_t)end;
        struct aw_str line = aw_str_trim(aw_str_sub(rest, 0, len));

        if (line.len > 0)
            hold_line(line);
        rest = aw_str_sub(rest, len + 1, rest.len);
    }
    return 0;
}
