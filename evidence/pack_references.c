#include "evidence/pack.h"

#include <stdio.h>

#include "crawler/captured.h"
#include "extract/replay.h"

#define NAMED_MAX 300 /* URLs of one page, those of its style sheets too */
#define SHEETS_MAX 20 /* style sheets that are read for more */

/* What a page and its style sheets name, each once, in that order. */
struct named {
    struct aw_arena *arena;
    struct aw_str urls[NAMED_MAX];
    size_t count, more;
    aw_rc rc;
    struct aw_err *err;
};

static void take_url(void *self, struct aw_str url)
{
    struct named *named = self;

    for (size_t i = 0; i < named->count; i++)
        if (aw_str_eq(named->urls[i], url))
            return;
    if (named->count == NAMED_MAX)
        named->more++;
    else if (named->rc == AW_OK)
        named->rc = aw_arena_dup(named->arena, url,
                                 &named->urls[named->count++], named->err);
}

static aw_rc take_all(struct named *named, const struct aw_sighted *seen)
{
    aw_replay_references(seen->source, take_url, named);
    return named->rc;
}

/* ---- style sheets -------------------------------------------------------
 */

static const struct aw_case_record *style_of(const struct aw_records *records,
                                             struct aw_str url)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].is_style && records->items[i].payload.len > 0 &&
            aw_str_eq(records->items[i].url, url))
            return &records->items[i];
    return NULL;
}

static aw_rc ask(struct aw_packing *p, const struct aw_captured *captured,
                 struct aw_str url, struct aw_sighted *seen,
                 struct aw_err *err)
{
    const struct aw_config *config = p->config->config;
    struct aw_extract_input input = {
        .url = url,
        .content_type =
            aw_warc_http_field(captured->head, AW_STR("Content-Type")),
        .content_encoding =
            aw_warc_http_field(captured->head, AW_STR("Content-Encoding")),
        .decoded_max = config ? config->crawl.decoded_max : 0,
        .ratio_max = config ? config->crawl.ratio_max : 0,
        .bytes = captured->body,
        .show = AW_SHOW_STYLE};

    return aw_sight_ask(p->config->sight, &input, &p->c->arena, seen, err);
}

/* Fonts, pictures and other style sheets; one that cannot be read has none. */
static aw_rc read_style(struct aw_packing *p,
                        const struct aw_case_record *record,
                        struct named *named)
{
    struct aw_captured_at at = {.place = {.offset = record->from_offset,
                                          .length = record->length},
                                .digest = record->payload};
    struct aw_captured captured = {0};
    struct aw_sighted seen;
    struct aw_err why;
    aw_rc rc;

    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(record->from));
    rc = aw_captured_open(&captured, p->config->archive_dir, &at, &why);
    if (rc == AW_OK)
        rc = ask(p, &captured, record->url, &seen, &why);
    aw_captured_close(&captured);
    if (rc == AW_NOMEM)
        return aw_fail(named->err, rc, "%s", why.msg);
    return rc == AW_OK ? take_all(named, &seen) : AW_OK;
}

/* ---- all ----------------------------------------------------------------
 */

/* The list grows while it is gone through. */
static aw_rc add_named(struct aw_packing *p, const struct aw_capture *capture,
                       struct aw_records *records, struct named *named)
{
    size_t sheets = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < named->count && rc == AW_OK; i++) {
        const struct aw_case_record *style;

        rc = aw_records_find(records, named->urls[i], capture->fetched_ms,
                             AW_RECORD_RESOURCE, named->err);
        style = style_of(records, named->urls[i]);
        if (rc == AW_OK && style && sheets++ < SHEETS_MAX)
            rc = read_style(p, style, named);
    }
    records->left_out += named->more;
    return rc;
}

static bool is_html(const struct aw_capture *capture)
{
    return capture->plain > 0 ||
           aw_str_find_nocase(capture->mime, AW_STR("html")) >= 0;
}

aw_rc aw_pack_references(struct aw_packing *p,
                         const struct aw_capture *capture,
                         struct aw_records *records, struct aw_err *err)
{
    struct named *named;
    struct aw_sighted seen;
    struct aw_err why;
    aw_rc rc;

    if (!is_html(capture))
        return AW_OK;
    rc = aw_pack_sight(p, capture, AW_SHOW_PARTS, &seen, &why);
    if (rc == AW_READER)
        return AW_OK;
    if (rc != AW_OK)
        return aw_fail(err, rc, "%s", why.msg);
    named = aw_arena_alloc(&p->c->arena, sizeof *named);
    if (!named)
        return aw_arena_fail(&p->c->arena, err);
    *named = (struct named){.arena = &p->c->arena, .err = err};
    rc = take_all(named, &seen);
    return rc == AW_OK ? add_named(p, capture, records, named) : rc;
}
