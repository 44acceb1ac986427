#include <stdio.h>

#include "crawler/crawl_private.h"
#include "crawler/head.h"

#define HEAD_MAX ((size_t)17 << 20)

/* "Text/HTML; charset=x" gives "text/html" in the page's arena. */
static aw_rc set_mime(struct aw_page *page, struct aw_str content_type,
                      struct aw_err *err)
{
    struct aw_str mime = {0};
    char *text;
    aw_rc rc;

    (void)aw_str_split(&content_type, ';', &mime);
    mime = aw_str_sub(aw_str_trim(mime), 0, 100);
    rc = aw_arena_dup(&page->arena, mime, &mime, err);
    if (rc != AW_OK)
        return rc;
    text = (char *)mime.ptr;
    for (size_t i = 0; i < mime.len; i++)
        text[i] = mime.ptr[i] > ' ' && mime.ptr[i] < 0x7F
                      ? aw_ascii_lower(mime.ptr[i])
                      : '?';
    page->capture.mime = mime;
    return AW_OK;
}

/* A revisit points at the record that has the payload; what the server said
 * this time is in its head. */
static void make_revisit(const struct aw_page *page,
                         const struct aw_fetch_result *r,
                         struct aw_warc_record *record)
{
    record->type = AW_WARC_REVISIT;
    record->profile =
        r->status == 304 ? AW_WARC_NOT_MODIFIED : AW_WARC_IDENTICAL_PAYLOAD;
    record->body = AW_STR("");
    (void)snprintf(record->payload_digest, sizeof record->payload_digest,
                   "%.*s", AW_STR_ARG(page->known.payload_digest));
    record->refers_to = page->known.record;
    record->refers_to_uri = page->row.url;
    record->refers_to_date_ms = page->known.record_ms;
}

static aw_rc append_response(struct aw_page *page,
                             const struct aw_fetch_result *r, bool full,
                             struct aw_warc_record *record,
                             struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, HEAD_MAX);
    aw_head_put_archived(&head, r->response_head);
    rc = aw_buf_check(&head, err);
    *record = (struct aw_warc_record){
        .type = AW_WARC_RESPONSE,
        .date_ms = r->started_ms,
        .target_uri = page->row.url,
        .ip = r->ip,
        .protocol = r->protocol,
        .content_type = AW_STR("application/http;msgtype=response"),
        .truncated = aw_str_of(r->truncated),
        .head = aw_buf_str(&head),
        .body = r->body,
        .status = r->status,
        .mime = page->capture.mime,
    };
    if (!full)
        make_revisit(page, r, record);
    if (rc == AW_OK)
        rc = aw_warc_append(page->crawl->warc, record, place, err);
    aw_buf_deinit(&head);
    return rc;
}

/* An id keeps its URL for ever. */
static aw_rc look_up_via(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_url_row from;
    aw_rc rc = aw_store_url_get(c->in->store, &page->arena, page->row.found_on,
                                &from, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_reset(&c->via_url);
    aw_buf_put(&c->via_url, from.url);
    rc = aw_buf_check(&c->via_url, err);
    c->via = rc == AW_OK ? page->row.found_on : 0;
    return rc;
}

/* The URL of the page where this one was found; empty for a start page. */
static aw_rc find_via(struct aw_page *page, struct aw_str *via,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *via = AW_STR("");
    if (page->is_robots || page->row.found_on == 0)
        return AW_OK;
    if (page->crawl->via != page->row.found_on)
        rc = look_up_via(page, err);
    if (rc == AW_OK)
        *via = aw_buf_str(&page->crawl->via_url);
    return rc;
}

/* How the crawl came here (fields as Heritrix names them). */
static aw_rc append_metadata(struct aw_page *page,
                             const struct aw_fetch_result *r,
                             const struct aw_warc_record *response,
                             struct aw_err *err)
{
    struct aw_warc_record record = {
        .type = AW_WARC_METADATA,
        .date_ms = r->started_ms,
        .target_uri = page->row.url,
        .content_type = AW_STR("application/warc-fields"),
        .concurrent_to = aw_str_of(response->id),
    };
    struct aw_warc_place place;
    struct aw_str via;
    struct aw_buf fields;
    aw_rc rc = find_via(page, &via, err);

    aw_buf_init(&fields, AW_WARC_HEADER_MAX);
    if (via.len > 0)
        aw_buf_printf(&fields, "via: %.*s\r\n", AW_STR_ARG(via));
    aw_buf_printf(&fields,
                  "foundAs: %s\r\nhopsFromSeed: %lld\r\n"
                  "redirectsInARow: %lld\r\nfetchTimeMs: %lld\r\n",
                  page->is_robots ? "robots" : aw_via_name(page->row.via),
                  (long long)page->row.depth, (long long)page->row.hops,
                  (long long)r->elapsed_ms);
    aw_fetch_put_facts(&fields, &r->facts);
    record.body = aw_buf_str(&fields);
    if (rc == AW_OK)
        rc = aw_buf_check(&fields, err);
    if (rc == AW_OK)
        rc = aw_warc_append(page->crawl->warc, &record, &place, err);
    aw_buf_deinit(&fields);
    return rc;
}

static aw_rc append_request(struct aw_page *page,
                            const struct aw_fetch_result *r,
                            const struct aw_warc_record *response,
                            struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_warc_record record = {
        .type = AW_WARC_REQUEST,
        .date_ms = r->started_ms,
        .target_uri = page->row.url,
        .ip = r->ip,
        .protocol = r->protocol,
        .content_type = AW_STR("application/http;msgtype=request"),
        .concurrent_to = aw_str_of(response->id),
        .head = r->request_head,
    };

    return aw_warc_append(page->crawl->warc, &record, place, err);
}

static aw_rc fill_capture(struct aw_page *page,
                          const struct aw_fetch_result *r,
                          const struct aw_warc_record *response,
                          const struct aw_warc_place *at,
                          const struct aw_warc_place *request_at,
                          struct aw_err *err)
{
    struct aw_capture *capture = &page->capture;
    bool same_file =
        aw_str_eq(aw_str_of(at->file), aw_str_of(request_at->file));
    aw_rc rc = aw_arena_dup(&page->arena, r->ip, &capture->ip, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, r->tls_organisation,
                          &capture->tls_organisation, err);
    capture->run = page->crawl->run;
    capture->fetched_ms = r->started_ms;
    capture->url = page->row.url;
    capture->source = aw_str_of(page->beat->source->name);
    capture->status = r->status;
    capture->protocol = r->protocol; /* a literal of fetch.c */
    capture->warc_offset = at->offset;
    capture->warc_length = at->length;
    capture->request_offset = same_file ? request_at->offset : 0;
    capture->request_length = same_file ? request_at->length : 0;
    capture->body_bytes = (int64_t)r->body.len;
    capture->elapsed_ms = r->elapsed_ms;
    capture->reader = AW_STR("skipped");
    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, aw_str_of(at->file),
                          &capture->warc_file, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, aw_str_of(response->payload_digest),
                          &capture->payload_digest, err);
    return rc;
}

/* What a revisit will point at. */
static aw_rc keep_record(struct aw_page *page,
                         const struct aw_warc_record *response,
                         struct aw_err *err)
{
    page->record_ms = response->date_ms;
    return aw_arena_dup(&page->arena, aw_str_of(response->id), &page->record,
                        err);
}

aw_rc aw_page_archive(struct aw_page *page, const struct aw_fetch_result *r,
                      bool full, struct aw_err *err)
{
    struct aw_warc_record response;
    struct aw_warc_place at;
    struct aw_warc_place request_at;
    aw_rc rc = set_mime(page, r->content_type, err);

    if (rc == AW_OK)
        rc = aw_fetch_put_chain(&page->crawl->chains, page->crawl->warc,
                                &r->facts, r->started_ms, err);
    if (rc == AW_OK)
        rc = append_response(page, r, full, &response, &at, err);
    if (rc == AW_OK)
        rc = append_request(page, r, &response, &request_at, err);
    if (rc == AW_OK)
        rc = append_metadata(page, r, &response, err);
    if (rc == AW_OK)
        rc = fill_capture(page, r, &response, &at, &request_at, err);
    if (rc == AW_OK && full)
        rc = keep_record(page, &response, err);
    return rc == AW_OK ? rc : aw_fail_in(err, "archive");
}
