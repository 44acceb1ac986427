#include <stdlib.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/finding.h"
#include "crawler/url.h"

#define CUT "read up to body_max: it is longer"

/* ---- links -------------------------------------------------------------- */

static aw_rc add_link(struct aw_page *page, struct aw_str href,
                      struct aw_buf *url, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct aw_err false_url;
    struct aw_url_row row = {
        .source = page->row.source,
        .depth = page->row.depth + 1,
        .found_on = page->row.id,
    };

    aw_buf_reset(url);
    if (aw_url_canonical(page->row.url, href, url, &false_url) != AW_OK)
        return AW_OK;
    row.url = aw_buf_str(url);
    if (!aw_scope_holds(page->scope->scope, row.url, NULL))
        return AW_OK;
    return aw_scope_queue(c, page->scope, &row, err);
}

static aw_rc add_links(struct aw_page *page, const struct aw_answer *answer,
                       struct aw_err *err)
{
    struct aw_buf url;
    aw_rc rc = AW_OK;

    if (answer->nofollow || page->row.depth >= page->scope->source->depth)
        return AW_OK;
    aw_buf_init(&url, AW_URL_MAX);
    for (size_t i = 0; i < answer->link_count && rc == AW_OK; i++)
        if (!answer->links[i].nofollow &&
            answer->links[i].kind != AW_LINK_IMAGE)
            rc = add_link(page, answer->links[i].url, &url, err);
    aw_buf_deinit(&url);
    return rc;
}

static aw_rc add_finding(struct aw_page *page, const struct aw_answer *answer,
                         struct aw_err *err)
{
    const struct aw_crawl *c = page->crawl;
    struct aw_url_parts parts = {0};
    struct aw_finding_from from = {
        .capture = &page->capture,
        .answer = answer,
        .lexicon_hash = aw_reader_pool_lexicon_hash(c->readers),
        .model_hash = aw_reader_pool_model_hash(c->readers),
    };
    bool added = false;
    aw_rc rc = aw_url_parse(page->row.url, &parts, err);

    from.host = parts.host;
    if (rc == AW_OK)
        rc = aw_finding_record(c->in->store, &from, &page->arena, &added, err);
    c->stats->findings += added;
    return rc;
}

/* ---- the answer --------------------------------------------------------- */

static aw_rc keep_answer(struct aw_page *page, const struct aw_answer *answer,
                         struct aw_err *err)
{
    struct aw_capture *capture = &page->capture;
    aw_rc rc;

    aw_capture_fill(capture, answer);
    rc = aw_store_capture_add(page->crawl->in->store, capture, err);
    if (rc == AW_OK && answer->ok)
        rc = add_finding(page, answer, err);
    if (rc == AW_OK && answer->ok)
        rc = add_links(page, answer, err);
    return rc;
}

/* The page's bytes stay archived; its URL is failed with the reader's end. */
static aw_rc keep_failure(struct aw_page *page, const char *why,
                          struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;

    c->stats->failed++;
    aw_log(c->in->log, AW_LOG_WARN, "page not read", "url", page->row.url.ptr,
           "why", why, (char *)NULL);
    page->capture.reader = aw_str_of(why);
    return aw_store_capture_add(c->in->store, &page->capture, err);
}

void aw_page_answered(void *self, void *job, aw_rc rc,
                      const struct aw_answer *answer, const char *why)
{
    struct aw_crawl *c = self;
    struct aw_page *page = job;
    struct aw_err err;
    bool ok = rc == AW_OK && answer->ok;

    c->reading--;
    c->uncommitted++;
    c->stats->pages += ok;
    if (rc == AW_OK)
        why = !ok ? answer->error.ptr : page->is_cut ? CUT : answer->note.ptr;
    rc = ok ? keep_answer(page, answer, &err) : keep_failure(page, why, &err);
    if (rc == AW_OK)
        rc =
            aw_store_url_end(c->in->store, page->row.id,
                             ok ? "done" : "failed", why, page->capture.status,
                             aw_clock_wall(c->in->clock), &err);
    if (rc != AW_OK)
        aw_crawl_fatal(c, &err);
    aw_page_free(page);
}
