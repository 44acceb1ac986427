#include "evidence/wacz_private.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/warc.h"
#include "base/arena.h"
#include "base/json.h"

#define VALUES_MAX 64 /* of a line of JSON */

struct check {
    struct aw_arena arena; /* of the texts read */
    struct aw_zip zip;
    struct aw_wacz_source source;
    struct aw_wacz_page pages[AW_WACZ_PAGES_MAX];
    struct aw_wacz_made made; /* as they should be */
};

/* --- reading what is free ---------------------------------------------- */

/* The caller deletes it. */
static aw_rc parse(struct aw_str text, cJSON **out, struct aw_err *err)
{
    cJSON *json = aw_json_too_many(text, VALUES_MAX)
                      ? NULL
                      : cJSON_ParseWithLength(text.ptr, text.len);

    if (!cJSON_IsObject(json)) {
        cJSON_Delete(json);
        return aw_fail(err, AW_INVALID, "not a line of JSON");
    }
    *out = json;
    return AW_OK;
}

/* Copies a text; where there is none it is empty. */
static aw_rc take_text(struct check *c, const cJSON *json, const char *name,
                       struct aw_str *out, struct aw_err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    return aw_arena_dup(&c->arena, aw_str_of(cJSON_GetStringValue(item)), out,
                        err);
}

static aw_rc take_time(struct check *c, const cJSON *json, const char *name,
                       int64_t *out, struct aw_err *err)
{
    struct aw_str text = {0};
    aw_rc rc = take_text(c, json, name, &text, err);

    if (rc == AW_OK && !aw_warc_time_parse(text, out))
        rc = aw_fail(err, AW_INVALID, "'%s' is no time", name);
    return rc;
}

static aw_rc read_page(struct check *c, struct aw_str line,
                       struct aw_wacz_page *page, struct aw_err *err)
{
    cJSON *json = NULL;
    aw_rc rc = parse(line, &json, err);

    if (rc == AW_OK)
        rc = take_text(c, json, "url", &page->url, err);
    if (rc == AW_OK)
        rc = take_text(c, json, "title", &page->title, err);
    if (rc == AW_OK)
        rc = take_text(c, json, "text", &page->text, err);
    if (rc == AW_OK)
        rc = take_time(c, json, "ts", &page->ts_ms, err);
    cJSON_Delete(json);
    return rc;
}

static aw_rc read_pages(struct check *c, struct aw_err *err)
{
    struct aw_str rest = c->zip.entries[AW_WACZ_PAGES].data;
    struct aw_str line;
    size_t count = 0;
    aw_rc rc = AW_OK;

    if (rest.len > AW_WACZ_PAGE_MAX)
        return aw_fail(err, AW_LIMIT, "more than %zu bytes", AW_WACZ_PAGE_MAX);
    (void)aw_str_split(&rest, '\n', &line); /* the header */
    while (rc == AW_OK && aw_str_split(&rest, '\n', &line) && line.len > 0) {
        if (count == AW_WACZ_PAGES_MAX)
            return aw_fail(err, AW_LIMIT, "more than %d pages",
                           AW_WACZ_PAGES_MAX);
        rc = read_page(c, line, &c->pages[count++], err);
    }
    c->source.pages = c->pages;
    c->source.page_count = count;
    return rc;
}

static aw_rc read_package(struct check *c, struct aw_err *err)
{
    cJSON *json = NULL;
    aw_rc rc = parse(c->zip.entries[AW_WACZ_PACKAGE].data, &json, err);

    if (rc == AW_OK)
        rc = take_text(c, json, "title", &c->source.title, err);
    if (rc == AW_OK)
        rc = take_text(c, json, "software", &c->source.software, err);
    if (rc == AW_OK)
        rc = take_time(c, json, "created", &c->source.created_ms, err);
    cJSON_Delete(json);
    return rc;
}

/* --- making anew, and comparing ---------------------------------------- */

static aw_rc check_names(struct check *c, struct aw_str wacz,
                         struct aw_err *err)
{
    aw_rc rc = aw_zip_read(&c->zip, wacz, err);

    if (rc == AW_OK && c->zip.count != AW_WACZ_MEMBERS)
        rc = aw_fail(err, AW_INVALID, "%zu members and not %d", c->zip.count,
                     AW_WACZ_MEMBERS);
    for (size_t i = 0; i < AW_WACZ_MEMBERS && rc == AW_OK; i++)
        if (!aw_str_eq(c->zip.entries[i].name, aw_wacz_member_name(i)))
            rc = aw_fail(err, AW_INVALID, "member %zu is '%.*s' and not '%s'",
                         i + 1, AW_STR_ARG(c->zip.entries[i].name),
                         aw_wacz_member_name(i).ptr);
    return rc;
}

static aw_rc check_warc(const struct check *c, struct aw_err *err)
{
    if (aw_str_eq(c->zip.entries[AW_WACZ_WARC].data, c->source.warc))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "the WARC in it is not the one that lies beside it");
}

static aw_rc read_free(struct check *c, struct aw_err *err)
{
    aw_rc rc = read_pages(c, err);

    if (rc != AW_OK)
        return aw_fail_in(err, "pages.jsonl");
    rc = read_package(c, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "datapackage.json");
}

static aw_rc compare_members(const struct check *c, struct aw_err *err)
{
    for (size_t i = 0; i < AW_WACZ_MEMBERS; i++)
        if (!aw_str_eq(c->zip.entries[i].data, c->made.entries[i].data))
            return aw_fail(err, AW_INVALID,
                           "'%s' is not what the rest of it gives",
                           aw_wacz_member_name(i).ptr);
    return AW_OK;
}

static uint32_t crc_of(const struct check *c, size_t member)
{
    return member == AW_WACZ_WARC && c->source.known
               ? c->source.known->crc32
               : aw_crc32(0, c->zip.entries[member].data);
}

/* The zip's own bytes: what is left is CRC-32 and times in its headers. */
static aw_rc check_headers(const struct check *c, struct aw_err *err)
{
    bool same = aw_zip_is_of(&c->zip, c->source.created_ms);

    for (size_t i = 0; i < AW_WACZ_MEMBERS; i++)
        same = same && c->zip.entries[i].crc32 == crc_of(c, i);
    return same ? AW_OK
                : aw_fail(err, AW_INVALID,
                          "the zip's headers are not those of a WACZ by "
                          "adwatch");
}

static aw_rc check_all(struct check *c, struct aw_str wacz, struct aw_err *err)
{
    aw_rc rc = check_names(c, wacz, err);

    if (rc == AW_OK)
        rc = check_warc(c, err);
    if (rc == AW_OK)
        rc = read_free(c, err);
    if (rc == AW_OK)
        rc = aw_wacz_make_members(&c->made, &c->source, err);
    if (rc == AW_OK)
        rc = compare_members(c, err);
    return rc == AW_OK ? check_headers(c, err) : rc;
}

static size_t count_lines(struct aw_str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n';
    return count;
}

aw_rc aw_wacz_check(struct aw_str wacz, struct aw_str warc,
                    const struct aw_wacz_known *known,
                    char what[AW_WACZ_WHAT_MAX], struct aw_err *err)
{
    struct check *c = calloc(1, sizeof *c);
    aw_rc rc;

    if (!c)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&c->arena, 2 * AW_WACZ_PAGE_MAX);
    aw_wacz_made_init(&c->made);
    c->source.warc = warc;
    c->source.known = known;
    rc = check_all(c, wacz, err);
    if (rc == AW_OK)
        (void)snprintf(what, AW_WACZ_WHAT_MAX,
                       "WACZ 1.1.1: %zu lines of index, %zu pages",
                       count_lines(c->zip.entries[AW_WACZ_INDEX].data),
                       c->source.page_count);
    else
        rc = aw_fail_in(err, "wacz");
    aw_wacz_made_deinit(&c->made);
    aw_zip_deinit(&c->zip);
    aw_arena_deinit(&c->arena);
    free(c);
    return rc;
}
