#include "evidence/pack.h"

#include <stdio.h>

#include "crawler/captured.h"
#include "crawler/url.h"
#include "evidence/members.h"
#include "evidence/records.h"

#define INFO_PREFIX "urn:pageinfo:"
#define RESOURCES_MAX 1000 /* of one page */

/* ---- the page itself ----------------------------------------------------
 */

static aw_rc add_capture(struct aw_records *records,
                         const struct aw_capture *capture,
                         enum aw_record_role role, struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(capture);
    aw_rc rc = aw_records_add(records, &at.place, role, at.digest, err);

    /* Where it does not lie behind its response. */
    at.place.offset = capture->request_offset;
    at.place.length = capture->request_length;
    if (rc == AW_OK && capture->request_length > 0)
        rc = aw_records_add(records, &at.place, role, AW_STR(""), err);
    return rc;
}

static aw_rc add_plain(struct aw_packing *p, struct aw_records *records,
                       const struct aw_case_capture *capture,
                       struct aw_err *err)
{
    for (size_t i = 0; i < p->c->capture_count; i++)
        if (p->c->captures[i].capture.id == capture->capture.plain)
            return add_capture(records, &p->c->captures[i].capture,
                               AW_RECORD_PLAIN, err);
    return AW_OK;
}

/* The way to the page and away from it: of the page that it stands for. */
static aw_rc add_ways(struct aw_packing *p, struct aw_records *records,
                      const struct aw_case_capture *capture,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < p->c->capture_count && rc == AW_OK; i++) {
        const struct aw_case_capture *other = &p->c->captures[i];

        if (other->of != capture->of)
            continue;
        if (other->part == AW_PART_REDIRECT)
            rc =
                add_capture(records, &other->capture, AW_RECORD_REDIRECT, err);
        else if (other->part == AW_PART_LANDING)
            rc = add_capture(records, &other->capture, AW_RECORD_LANDING, err);
    }
    return rc;
}

static aw_rc add_robots(struct aw_records *records,
                        const struct aw_capture *capture, struct aw_err *err)
{
    struct aw_url_parts parts;
    struct aw_err ignored;
    char url[AW_URL_MAX + 16];
    size_t missing = records->left_out;
    aw_rc rc;

    if (aw_url_parse(capture->url, &parts, &ignored) != AW_OK)
        return AW_OK;
    (void)snprintf(url, sizeof url, "%.*s/robots.txt",
                   AW_STR_ARG(parts.origin));
    rc = aw_records_find(records, aw_str_of(url), capture->fetched_ms,
                         AW_RECORD_ROBOTS, err);
    records->left_out = missing; /* a host may have none */
    return rc;
}

/* ---- what the browser loaded --------------------------------------------
 */

static aw_rc add_shots(struct aw_records *records,
                       const struct aw_case_capture *capture,
                       struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < capture->shot_count && rc == AW_OK; i++) {
        const struct aw_shot_row *shot = &capture->shots[i];
        struct aw_warc_place place = {.offset = shot->warc_offset,
                                      .length = shot->warc_length};

        (void)snprintf(place.file, sizeof place.file, "%.*s",
                       AW_STR_ARG(shot->warc_file));
        rc = aw_records_add(records, &place, AW_RECORD_SCREENSHOT,
                            shot->digest, err);
    }
    return rc;
}

static aw_rc add_info(struct aw_records *records,
                      const struct aw_capture *capture, struct aw_err *err)
{
    char uri[sizeof INFO_PREFIX + AW_URL_MAX];

    (void)snprintf(uri, sizeof uri, INFO_PREFIX "%.*s",
                   AW_STR_ARG(capture->url));
    return aw_records_find(records, aw_str_of(uri), capture->fetched_ms,
                           AW_RECORD_PAGEINFO, err);
}

/* ---- what the records tell of their fetching ----------------------------
 */

/* The answer whose way is told: the page's own. */
static struct aw_str answer_of(const struct aw_records *records)
{
    static const enum aw_record_role roles[] = {AW_RECORD_PLAIN,
                                                AW_RECORD_MAIN};

    for (size_t r = 0; r < 2; r++)
        for (size_t i = 0; i < records->count; i++)
            if (records->items[i].role == roles[r] &&
                records->items[i].payload.len > 0)
                return records->items[i].id;
    return AW_STR("");
}

static aw_rc take_fact(void *self, const struct aw_warc_record *record,
                       const struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_err ignored;
    aw_rc rc = aw_facts_add(self, record, &ignored);

    (void)place;
    /* A record that tells it falsely is in the bundle as it is. */
    return rc == AW_NOMEM ? aw_fail(err, rc, "%s", ignored.msg) : AW_OK;
}

static aw_rc read_facts(struct aw_packing *p, struct aw_packed *packed,
                        const struct aw_records *records, struct aw_err *err)
{
    struct aw_facts *facts = packed->facts;

    if (!facts)
        facts = aw_arena_alloc(&p->c->arena, sizeof *facts);
    if (!facts)
        return aw_arena_fail(&p->c->arena, err);
    aw_facts_init(facts, &p->c->arena, answer_of(records));
    packed->facts = facts;
    packed->capture->facts = facts;
    return aw_members_each(aw_buf_str(&records->bytes), take_fact, facts, err);
}

/* The browser's own list; what it was given by us is in the archive too. */
static aw_rc add_resources(struct aw_packing *p, struct aw_records *records,
                           const struct aw_capture *capture,
                           const struct aw_facts *facts, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (facts->resource_count == 0)
        return aw_pack_references(p, capture, records, err);
    for (size_t i = 0;
         i < facts->resource_count && i < RESOURCES_MAX && rc == AW_OK; i++)
        rc = aw_records_find(records, facts->resources[i].url,
                             capture->fetched_ms, AW_RECORD_RESOURCE, err);
    return rc;
}

static aw_rc add_chain(struct aw_packing *p, struct aw_packed *packed,
                       struct aw_records *records, struct aw_err *err)
{
    char urn[sizeof AW_TLS_CHAIN_URN + AW_SHA256_HEX_MAX];
    aw_rc rc;

    if (packed->facts->tls_chain.len == 0)
        return AW_OK;
    (void)snprintf(urn, sizeof urn, AW_TLS_CHAIN_URN "%.*s",
                   AW_STR_ARG(packed->facts->tls_chain));
    rc = aw_records_find(records, aw_str_of(urn),
                         packed->capture->capture.fetched_ms, AW_RECORD_TLS,
                         err);
    return rc == AW_OK ? read_facts(p, packed, records, err) : rc;
}

/* ---- all ----------------------------------------------------------------
 */

static aw_rc add_page_parts(struct aw_packing *p, struct aw_packed *packed,
                            struct aw_records *records, struct aw_err *err)
{
    const struct aw_case_capture *capture = packed->capture;
    aw_rc rc = AW_OK;

    if (capture->rendered)
        rc = add_plain(p, records, capture, err);
    if (rc == AW_OK && capture->rendered)
        rc = add_shots(records, capture, err);
    if (rc == AW_OK && capture->rendered)
        rc = add_info(records, &capture->capture, err);
    if (rc == AW_OK)
        rc = read_facts(p, packed, records, err);
    if (rc == AW_OK)
        rc = add_resources(p, records, &capture->capture, packed->facts, err);
    if (rc == AW_OK)
        rc = add_ways(p, records, capture, err);
    return rc == AW_OK ? add_robots(records, &capture->capture, err) : rc;
}

static bool is_page(enum aw_capture_part part)
{
    return part == AW_PART_PAGE || part == AW_PART_PLAIN ||
           part == AW_PART_RENDERED;
}

static aw_rc gather(struct aw_packing *p, struct aw_packed *packed,
                    struct aw_records *records, struct aw_err *err)
{
    struct aw_case_capture *capture = packed->capture;
    aw_rc rc = add_capture(records, &capture->capture, AW_RECORD_MAIN, err);

    if (rc == AW_OK && is_page(capture->part))
        rc = add_page_parts(p, packed, records, err);
    else if (rc == AW_OK)
        rc = read_facts(p, packed, records, err);
    if (rc == AW_OK && capture->part == AW_PART_LANDING)
        rc = aw_pack_references(p, &capture->capture, records, err);
    return rc == AW_OK ? add_chain(p, packed, records, err) : rc;
}

aw_rc aw_pack_records(struct aw_packing *p, struct aw_packed *packed,
                      struct aw_buf *warc, struct aw_err *err)
{
    struct aw_case_capture *capture = packed->capture;
    struct aw_records records;
    aw_rc rc;

    aw_records_init(&records, &p->c->arena, p->config->archive_dir);
    rc = gather(p, packed, &records, err);
    if (rc == AW_OK)
        rc = aw_packing_name(p, &packed->warc, err,
                             AW_BUNDLE_CAPTURES_DIR "capture-%lld.warc.gz",
                             (long long)capture->capture.id);
    if (rc == AW_OK)
        rc = aw_packing_put(p, packed->warc.ptr, aw_buf_str(&records.bytes),
                            capture->capture.fetched_ms, err);
    capture->records = records.items;
    capture->record_count = records.count;
    packed->left_out = records.left_out;
    *warc = records.bytes;
    return rc;
}
