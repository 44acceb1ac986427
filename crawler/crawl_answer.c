#include <string.h>

#include "base/hash.h"
#include "crawler/crawl_private.h"
#include "crawler/finding.h"
#include "crawler/listing.h"
#include "crawler/url.h"

#define CUT "read up to body_max: it is longer"

/* ---- links -------------------------------------------------------------- */

/* Links of one page, on their way into the queue. */
struct links {
    struct aw_page *page;
    struct aw_buf url;  /* canonical, of one of them */
    struct aw_str kind; /* of a sitemap, or empty */
    bool nofollow;      /* the page says so */
    bool is_advert;     /* what lies one click beyond is looked at */
    int landings, images;
};

/* The entries of an index are sitemaps themselves; other entries, as any link,
 * are one step further from the start. */
static struct aw_url_row row_of(const struct links *links,
                                const struct aw_answer_link *link)
{
    const struct aw_url_row *from = &links->page->row;
    struct aw_url_row row = {
        .url = aw_buf_str(&links->url),
        .via = AW_VIA_LINK,
        .depth = from->depth + 1,
        .found_on = from->id,
        .changed_ms = link->lastmod_ms,
    };

    if (aw_str_eq(links->kind, AW_STR("index"))) {
        row.via = AW_VIA_SITEMAP;
        row.depth = from->depth;
        row.hops = from->hops + 1;
    }
    row.priority = aw_url_priority(row.via, row.depth);
    return row;
}

static bool is_too_far(const struct links *links, const struct aw_url_row *row)
{
    return row->depth > links->page->beat->source->depth ||
           (row->via == AW_VIA_SITEMAP && row->hops > AW_SITEMAP_NESTING);
}

/* Off the beat, one click beyond an advertisement (Order 72, art. 18). */
static aw_rc add_landing(struct links *links, struct aw_err *err)
{
    struct aw_page *page = links->page;
    struct aw_url_row row = {
        .url = aw_buf_str(&links->url),
        .via = AW_VIA_LANDING,
        .priority = AW_PRIORITY_LANDING,
        .depth = page->row.depth + 1,
        .found_on = page->row.id,
    };
    aw_rc rc;

    if (links->landings++ >= AW_LANDINGS_MAX)
        return AW_OK;
    rc =
        aw_beat_queue(page->crawl, page->beat, &row, page->row.url, true, err);
    return rc == AW_OK ? aw_store_landing_add(page->crawl->in->store,
                                              page->row.id, row.url, err)
                       : rc;
}

/* An image that may be a poster is part of the page, wherever it lies. */
static aw_rc add_image(struct links *links, struct aw_err *err)
{
    struct aw_page *page = links->page;
    struct aw_url_row row = {
        .url = aw_buf_str(&links->url),
        .via = AW_VIA_IMAGE,
        .priority = AW_PRIORITY_LANDING,
        .depth = page->row.depth + 1,
        .found_on = page->row.id,
    };

    if (!page->beat->source->images || links->images++ >= AW_IMAGES_MAX)
        return AW_OK;
    return aw_beat_queue(page->crawl, page->beat, &row, page->row.url, true,
                         err);
}

/* An index beyond the beat, which robots.txt named, may name sitemaps beside
 * itself, and no host of a third. */
static bool is_beside(const struct links *links)
{
    struct aw_url_parts here, there;
    struct aw_err ignored;

    return aw_str_eq(links->kind, AW_STR("index")) &&
           aw_url_parse(links->page->row.url, &here, &ignored) == AW_OK &&
           aw_url_parse(aw_buf_str(&links->url), &there, &ignored) == AW_OK &&
           aw_str_eq(here.host, there.host);
}

static bool leads_away(const struct links *links,
                       const struct aw_answer_link *link)
{
    return links->is_advert &&
           (link->kind == AW_LINK_LINK || link->kind == AW_LINK_EMBEDDED ||
            link->kind == AW_LINK_SCRIPT);
}

static aw_rc add_link(struct links *links, const struct aw_answer_link *link,
                      struct aw_err *err)
{
    struct aw_page *page = links->page;
    struct aw_err false_url;
    struct aw_url_row row;

    aw_buf_reset(&links->url);
    if (aw_url_canonical(page->row.url, link->url, &links->url, &false_url) !=
        AW_OK)
        return AW_OK;
    if (link->kind == AW_LINK_IMAGE)
        return add_image(links, err);
    if (!aw_scope_holds(page->beat->scope, aw_buf_str(&links->url), NULL) &&
        !is_beside(links))
        return leads_away(links, link) ? add_landing(links, err) : AW_OK;
    row = row_of(links, link);
    if (link->nofollow || is_too_far(links, &row))
        return AW_OK;
    return aw_beat_queue(page->crawl, page->beat, &row, page->row.url, false,
                         err);
}

/* The same links stand on all pages of a site: those that were looked at for
 * this source, at this depth, need no second look. */
static bool is_familiar(struct links *links, const struct aw_answer_link *link)
{
    const struct aw_page *page = links->page;
    int64_t hash = aw_store_url_hash(page->crawl->in->store, link->url);
    uint64_t salt = (uint64_t)page->beat->did.source * 256 +
                    (uint64_t)(page->row.depth & 0x7F) * 2;

    salt *= 0x9E3779B97F4A7C15u;
    return !links->is_advert && link->lastmod_ms == 0 &&
           !aw_seen_add(page->crawl->looked_at, (hash ^ (int64_t)salt) | 1);
}

/* Images are part of the page, also of a landing page, whatever may be
 * followed. What lies behind a landing page is not asked for on its account.
 * rel=nofollow is meant for search engines. A visitor who clicks on the link
 * of an advertisement lands there all the same. */
static bool is_followed(const struct links *links,
                        const struct aw_answer_link *link)
{
    if (link->kind == AW_LINK_IMAGE)
        return true;
    return !links->nofollow && !links->page->nofollow &&
           links->page->row.via != AW_VIA_LANDING &&
           (!link->nofollow || leads_away(links, link));
}

aw_rc aw_page_add_links(struct aw_page *page, const struct aw_answer *answer,
                        struct aw_err *err)
{
    struct links links = {
        .page = page,
        .kind = answer->sitemap,
        .is_advert = page->known.has_finding && page->beat->source->landing &&
                     page->row.via != AW_VIA_LANDING,
    };
    aw_rc rc = AW_OK;

    if (page->row.via == AW_VIA_IMAGE) /* whatever it is: a part of a page */
        return AW_OK;
    links.nofollow = answer->nofollow;
    aw_buf_init(&links.url, AW_URL_MAX);
    for (size_t i = 0; i < answer->link_count && rc == AW_OK; i++)
        if (is_followed(&links, &answer->links[i]) &&
            !is_familiar(&links, &answer->links[i]))
            rc = add_link(&links, &answer->links[i], err);
    aw_buf_deinit(&links.url);
    return rc;
}

/* ---- the finding -------------------------------------------------------- */

aw_rc aw_page_add_finding(struct aw_page *page, const struct aw_answer *answer,
                          struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
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
    AW_COUNT(c, page->beat, findings, added);
    page->is_new_finding = added;
    return rc;
}

/* ---- the answer --------------------------------------------------------- */

static aw_rc keep_answer(struct aw_page *page, const struct aw_answer *answer,
                         const char *reason, struct aw_err *err)
{
    struct aw_capture *capture = &page->capture;
    int64_t dropped = page->beat->dropped;
    int64_t added = page->beat->added;
    aw_rc rc;

    aw_capture_fill(capture, answer);
    rc = aw_store_capture_add(page->crawl->in->store, capture, err);
    if (rc == AW_OK)
        rc = aw_page_add_finding(page, answer, err);
    if (rc == AW_OK && !page->is_cut)
        rc = aw_listing_record(page->crawl->in->store, capture, answer,
                               capture->url, err);
    if (rc == AW_OK)
        rc = aw_render_want(page, answer, err);
    if (rc == AW_OK)
        rc = aw_visit_read(page, answer, reason, err);
    if (rc == AW_OK)
        rc = aw_page_add_links(page, answer, err);
    if (rc == AW_OK)
        rc = aw_visit_linked(page, page->beat->added - added, err);
    if (rc == AW_OK)
        rc = aw_render_wanted(page, err);
    if (rc == AW_OK && page->beat->dropped > dropped)
        rc = aw_visit_read_again(page, err);
    return rc;
}

/* The page's bytes stay archived; its URL is failed with the reader's end. */
static aw_rc keep_failure(struct aw_page *page, const char *why,
                          struct aw_err *err)
{
    page->capture.reader = aw_str_of(why);
    return aw_visit_end(page, "failed", why, err);
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
    if (page->render) {
        aw_render_answered(page, rc, answer, why);
        return;
    }
    if (rc == AW_OK)
        why = !ok ? answer->error.ptr : page->is_cut ? CUT : answer->note.ptr;
    rc = ok ? keep_answer(page, answer, why, &err)
            : keep_failure(page, why, &err);
    if (rc != AW_OK)
        aw_crawl_fatal(c, &err);
    aw_page_free(page);
}
