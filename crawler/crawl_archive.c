#include "crawler/crawl_private.h"

#define HEAD_MAX ((size_t)17 << 20)

/* libcurl has undone chunking, so that header no longer tells of the body
 * that follows: it is kept under another name. */
static void put_head(struct aw_buf *out, struct aw_str head)
{
    struct aw_str line;

    while (aw_str_split(&head, '\n', &line)) {
        if (aw_str_starts_nocase(line, AW_STR("transfer-encoding:")))
            aw_buf_puts(out, "X-Archive-");
        aw_buf_put(out, line);
        if (head.ptr)
            aw_buf_putc(out, '\n');
    }
}

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

static aw_rc append_response(struct aw_page *page,
                             const struct aw_fetch_result *r,
                             struct aw_warc_record *record,
                             struct aw_warc_place *place, struct aw_err *err)
{
    struct aw_buf head;
    aw_rc rc;

    aw_buf_init(&head, HEAD_MAX);
    put_head(&head, r->response_head);
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
    if (rc == AW_OK)
        rc = aw_warc_append(page->crawl->warc, record, place, err);
    aw_buf_deinit(&head);
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

    capture->run = page->crawl->run;
    capture->fetched_ms = r->started_ms;
    capture->url = page->row.url;
    capture->source = page->row.source;
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

aw_rc aw_page_archive(struct aw_page *page, const struct aw_fetch_result *r,
                      struct aw_err *err)
{
    struct aw_warc_record response;
    struct aw_warc_place at;
    struct aw_warc_place request_at;
    aw_rc rc = set_mime(page, r->content_type, err);

    if (rc == AW_OK)
        rc = append_response(page, r, &response, &at, err);
    if (rc == AW_OK)
        rc = append_request(page, r, &response, &request_at, err);
    if (rc == AW_OK)
        rc = fill_capture(page, r, &response, &at, &request_at, err);
    return rc == AW_OK ? rc : aw_fail_in(err, "archive");
}
