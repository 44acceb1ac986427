#include <stdio.h>
#include <string.h>

#include "crawler/crawl_private.h"
#include "crawler/finding.h"
#include "crawler/schedule.h"

/* ---- earlier visits ----------------------------------------------------- */

aw_rc aw_visit_recall(struct aw_page *page, struct aw_err *err)
{
    aw_rc rc;

    if (!page->row.was_visited)
        return AW_OK;
    rc = aw_store_page_get(page->crawl->in->store, &page->arena, page->row.id,
                           &page->known, err);
    page->is_known = rc == AW_OK;
    return rc == AW_MISSING ? AW_OK : rc;
}

void aw_visit_rules(const struct aw_crawl *c, const struct aw_beat *beat,
                    char out[AW_RULES_MAX])
{
    (void)snprintf(out, AW_RULES_MAX, "%.*s+%.*s+%s", AW_RULES_PART,
                   aw_reader_pool_lexicon_hash(c->readers), AW_RULES_PART,
                   aw_reader_pool_model_hash(c->readers), beat->follows);
}

bool aw_visit_may_skip(const struct aw_page *page)
{
    char rules[AW_RULES_MAX];

    if (!page->is_known || page->known.has_finding ||
        page->known.record.len == 0)
        return false;
    aw_visit_rules(page->crawl, page->beat, rules);
    return aw_str_eq(page->known.rules, aw_str_of(rules));
}

bool aw_visit_is_same(struct aw_page *page, const struct aw_fetch_result *r)
{
    char digest[AW_SHA256_HEX_MAX];

    if (!aw_visit_may_skip(page) || page->is_cut)
        return false;
    if (r->status == 304)
        return true;
    if (r->status != 200 || r->body.len == 0)
        return false;
    aw_sha256_hex(r->body, digest);
    return aw_str_eq(page->known.payload_digest, aw_str_of(digest));
}

/* ---- the next visit ----------------------------------------------------- */

/* How this visit went, for the schedule. */
struct visit {
    const char *state, *reason;
    bool changed, gone, failed_for_now;
};

static int64_t next_priority(const struct aw_page *page)
{
    int64_t priority = aw_url_priority(page->row.via, page->row.depth);

    if (page->known.has_finding)
        return AW_PRIORITY_FINDING;
    return priority < AW_PRIORITY_LINK
               ? priority
               : priority + AW_PRIORITY_AGAIN - AW_PRIORITY_LINK;
}

/* The URL's work is done: its row says so, and when it is due again. */
static aw_rc end_url(struct aw_page *page, const struct visit *visit,
                     struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    int64_t now = aw_clock_wall(c->in->clock);
    struct aw_visit_facts facts = {
        .first = !page->is_known,
        .changed = visit->changed,
        .gone = visit->gone,
        .failed_for_now = visit->failed_for_now,
        .has_finding = page->known.has_finding,
        .is_start =
            page->row.via == AW_VIA_START || page->row.via == AW_VIA_SITEMAP,
        .interval_s = page->known.interval_s,
        .now_ms = now,
    };
    struct aw_url_end end = {
        .state = visit->state,
        .reason = visit->reason,
        .status = page->capture.status,
        .asked = true,
        .priority = next_priority(page),
    };
    struct aw_next_visit next;

    next = aw_schedule(&c->in->config->crawl, &facts);
    page->known.interval_s = next.interval_s;
    end.due_ms = next.due_ms;
    c->stats->queued--;
    return aw_frontier_end(c->frontier, page->host, page->row.id, &end, now,
                           err);
}

static aw_rc keep_page(struct aw_page *page, struct aw_err *err)
{
    page->known.url = page->row.id;
    return aw_store_page_put(page->crawl->in->store, &page->known, err);
}

/* ---- a list that has stopped growing ------------------------------------ */

static aw_rc note_stopped(struct aw_page *page, struct aw_err *err)
{
    char note[AW_REASON_MAX];

    (void)snprintf(note, sizeof note,
                   "%.*s brought new links at each visit, and none at the last"
                   " %lld: is it still the list?",
                   AW_STR_ARG(aw_str_sub(page->row.url, 0, AW_NAME_SHOWN)),
                   (long long)page->known.still);
    return aw_beat_note(page->crawl, page->beat, note, err);
}

/* Changes page->known; sitemaps grow as they like. */
static aw_rc visit_list(struct aw_page *page, bool has_new_links,
                        struct aw_err *err)
{
    struct aw_list_visits list = {page->known.grew, page->known.still};

    if (page->row.via != AW_VIA_START)
        return AW_OK;
    aw_list_visited(&list, has_new_links);
    page->known.grew = list.grew;
    page->known.still = list.still;
    return aw_list_has_stopped(&list) ? note_stopped(page, err) : AW_OK;
}

aw_rc aw_visit_linked(struct aw_page *page, int64_t new_links,
                      struct aw_err *err)
{
    aw_rc rc = visit_list(page, new_links > 0, err);

    return rc == AW_OK && page->row.via == AW_VIA_START ? keep_page(page, err)
                                                        : rc;
}

/* ---- as before ---------------------------------------------------------- */

/* The capture says what the one that was read said. */
static aw_rc copy_reading(struct aw_page *page, struct aw_err *err)
{
    struct aw_capture *capture = &page->capture;
    struct aw_capture before = {0};
    aw_rc rc = aw_store_capture_get(page->crawl->in->store, &page->arena,
                                    page->known.capture, &before, err);

    capture->reader = AW_STR("as before");
    capture->charset = before.charset;
    capture->charset_why = before.charset_why;
    capture->title = before.title;
    capture->verdict = before.verdict;
    capture->doc_kind = before.doc_kind;
    capture->doc_score = before.doc_score;
    return rc;
}

aw_rc aw_visit_unchanged(struct aw_page *page, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct visit visit = {.state = "done", .reason = "not changed"};
    aw_rc rc = copy_reading(page, err);

    if (rc == AW_OK)
        rc = aw_store_capture_add(c->in->store, &page->capture, err);
    if (rc == AW_OK)
        rc = aw_store_listings_same(c->in->store, page->row.url,
                                    page->known.capture,
                                    page->capture.fetched_ms, err);
    if (rc == AW_OK)
        rc = visit_list(page, false, err);
    if (rc == AW_OK)
        rc = end_url(page, &visit, err);
    AW_COUNT(c, page->beat, fetched, 1);
    AW_COUNT(c, page->beat, unchanged, 1);
    return rc == AW_OK ? keep_page(page, err) : rc;
}

/* ---- read anew ---------------------------------------------------------- */

/* page->known becomes what this visit saw; true where its text changed. What
 * has no text changes with its bytes. */
static aw_rc learn(struct aw_page *page, struct aw_str text_digest,
                   bool *changed, struct aw_err *err)
{
    struct aw_page_row *known = &page->known;
    char rules[AW_RULES_MAX];
    aw_rc rc;

    *changed = page->is_known && (text_digest.len == 0 ||
                                  !aw_str_eq(known->text_digest, text_digest));
    if (*changed)
        known->changed_ms = page->capture.fetched_ms;
    aw_visit_rules(page->crawl, page->beat, rules);
    rc = aw_arena_dup(&page->arena, aw_str_of(rules), &known->rules, err);
    known->etag = page->etag;
    known->last_modified = page->last_modified;
    known->record = page->record;
    known->record_ms = page->record_ms;
    known->text_digest = text_digest;
    known->payload_digest =
        page->is_cut ? AW_STR("") : page->capture.payload_digest;
    known->capture = page->capture.id;
    return rc;
}

aw_rc aw_visit_read(struct aw_page *page, const struct aw_answer *answer,
                    const char *reason, struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    struct visit visit = {.state = "done", .reason = reason};
    bool had_finding = page->is_known && page->known.has_finding;
    aw_rc rc = learn(page, answer->text_digest, &visit.changed, err);

    page->known.canonical = answer->canonical;
    /* Where a browser looks as well, that tells; if it cannot, the finding
     * stays. */
    page->known.has_finding =
        aw_str_eq(answer->verdict, AW_STR("suspected")) ||
        (had_finding && (page->is_cut || page->to_render));
    if (rc == AW_OK && had_finding && !page->is_cut && !page->to_render)
        rc =
            aw_store_findings_gone(c->in->store, page->row.url,
                                   page->capture.id,
                                   visit.changed ? "the page no longer says so"
                                                 : "by other rules",
                                   page->capture.fetched_ms, err);
    if (rc == AW_OK)
        rc = end_url(page, &visit, err);
    AW_COUNT(c, page->beat, fetched, 1);
    AW_COUNT(c, page->beat, read, 1);
    AW_COUNT(c, page->beat, read_bytes, page->capture.body_bytes);
    return rc == AW_OK ? keep_page(page, err) : rc;
}

aw_rc aw_visit_read_again(struct aw_page *page, struct aw_err *err)
{
    page->known.rules = AW_STR("");
    return keep_page(page, err);
}

/* ---- nothing to read ---------------------------------------------------- */

/* The server says that there is no such page; other failures say nothing
 * about it. */
static bool is_gone(int status)
{
    return status == 404 || status == 410;
}

/* A page that had a finding is no longer there, or leads elsewhere. That we
 * could not read it says nothing of it. */
static aw_rc tell_gone(struct aw_page *page, const char *state,
                       const char *reason, struct aw_err *err)
{
    bool was_there = page->is_known && page->known.has_finding;

    if (!was_there ||
        !(is_gone(page->capture.status) || strcmp(state, "done") == 0))
        return AW_OK;
    /* If it comes back as it was, it is read all the same. */
    page->known.has_finding = false;
    page->known.record = AW_STR("");
    return aw_store_findings_gone(page->crawl->in->store, page->row.url, 0,
                                  reason, page->capture.fetched_ms, err);
}

static void count_end(struct aw_page *page, const char *state,
                      const char *reason)
{
    struct aw_crawl *c = page->crawl;

    if (strcmp(state, "failed") != 0) {
        AW_COUNT(c, page->beat, fetched, 1);
        return;
    }
    AW_COUNT(c, page->beat, failed, 1);
    c->stats->starts_failed += page->row.via == AW_VIA_START;
    aw_log(c->in->log,
           page->row.via == AW_VIA_START ? AW_LOG_WARN : AW_LOG_INFO,
           "page not fetched", "url", page->row.url.ptr, "why", reason,
           (char *)NULL);
}

/* A file without text need not be had again as long as it is the same. */
static bool is_file(const struct aw_page *page, const char *state)
{
    return strcmp(state, "done") == 0 && page->capture.status == 200;
}

aw_rc aw_visit_end(struct aw_page *page, const char *state, const char *reason,
                   struct aw_err *err)
{
    struct aw_crawl *c = page->crawl;
    bool has_capture = page->capture.warc_file.len > 0;
    bool keep = page->is_known || is_file(page, state);
    struct visit visit = {.state = state, .reason = reason};
    aw_rc rc = AW_OK;

    visit.gone = has_capture && is_gone(page->capture.status);
    visit.failed_for_now = strcmp(state, "failed") == 0 && !visit.gone;
    count_end(page, state, reason);
    if (has_capture)
        rc = aw_store_capture_add(c->in->store, &page->capture, err);
    if (rc == AW_OK && has_capture)
        rc = tell_gone(page, state, reason, err);
    if (rc == AW_OK && is_file(page, state))
        rc = learn(page, AW_STR(""), &visit.changed, err);
    if (rc == AW_OK)
        rc = end_url(page, &visit, err);
    return rc == AW_OK && keep ? keep_page(page, err) : rc;
}
