#include "evidence/pack.h"

#include <stdio.h>

#include "base/json.h"
#include "store/about.h"

#define HISTORY_MAX ((size_t)16 << 20) /* bytes */
#define READ_MAX 20 /* versions whose text is read for this alone */

/* The captures of a page, as the store has them, the newest first. */
struct history {
    struct aw_arena *arena;
    struct aw_capture *items;
    size_t count, cap;
    size_t read; /* versions that were read */
};

static aw_rc keep_capture(void *self, const struct aw_capture *capture,
                          struct aw_err *err)
{
    struct history *h = self;
    void *items = h->items;
    struct aw_capture *kept;
    aw_rc rc = aw_arena_grow(h->arena, &items, h->count, &h->cap,
                             sizeof *h->items, err);

    h->items = items;
    if (rc != AW_OK)
        return rc;
    kept = &h->items[h->count];
    *kept = *capture;
    rc = aw_arena_dup(h->arena, capture->url, &kept->url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(h->arena, capture->source, &kept->source, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(h->arena, capture->warc_file, &kept->warc_file, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(h->arena, capture->payload_digest,
                          &kept->payload_digest, err);
    h->count += rc == AW_OK;
    return rc;
}

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX];
    char beijing[64];

    if (wall_ms == 0)
        return;
    aw_time_iso_ms(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
    (void)snprintf(beijing, sizeof beijing, "%s_beijing", name);
    aw_time_beijing(wall_ms, text);
    aw_json_text(out, beijing, aw_str_of(text));
}

/* ---- versions -----------------------------------------------------------
 */

/* What of the bundle has the same bytes was read already. */
static struct aw_str known_text(const struct aw_packed *all, size_t count,
                                const struct aw_capture *capture)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].seen && aw_str_eq(all[i].capture->capture.payload_digest,
                                     capture->payload_digest))
            return all[i].seen->text_digest;
    return AW_STR("");
}

/* Empty where it cannot be read. */
static aw_rc text_of(struct aw_packing *p, struct history *h,
                     const struct aw_packed *all, size_t count,
                     const struct aw_capture *capture, struct aw_str *out,
                     struct aw_err *err)
{
    struct aw_sighted seen = {0};
    struct aw_err why;
    aw_rc rc;

    *out = known_text(all, count, capture);
    if (out->len > 0 || capture->status >= 300 || h->read >= READ_MAX)
        return AW_OK;
    h->read++;
    rc = aw_pack_sight(p, capture, AW_SHOW_BLOCKS, &seen, &why);
    *out = seen.text_digest;
    return rc == AW_NOMEM ? aw_fail(err, rc, "%s", why.msg) : AW_OK;
}

/* How many captures in a row, from the oldest of these on, are the same. */
static size_t run_of(const struct history *h, size_t at)
{
    size_t count = 1;

    while (count <= at && aw_str_eq(h->items[at - count].payload_digest,
                                    h->items[at].payload_digest))
        count++;
    return count;
}

/* One kind at a time: a browser's page has other bytes each time. */
static aw_rc put_versions(struct aw_packing *p, struct history *h,
                          const struct aw_packed *all, size_t count,
                          struct aw_buf *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_json_open(out, "versions", '[');
    for (size_t left = h->count; left > 0 && rc == AW_OK;) {
        size_t at = left - 1;
        size_t run = run_of(h, at);
        struct aw_str text;

        rc = text_of(p, h, all, count, &h->items[at], &text, err);
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "payload_digest", h->items[at].payload_digest);
        aw_json_text(out, "text_digest", text);
        aw_json_int(out, "captures", (int64_t)run);
        put_time(out, "first", h->items[at].fetched_ms);
        put_time(out, "last", h->items[at + 1 - run].fetched_ms);
        aw_json_close(out, '}');
        left -= run;
    }
    aw_json_close(out, ']');
    return rc;
}

static void put_captures(const struct history *h, struct aw_buf *out)
{
    aw_json_open(out, "captures", '[');
    for (size_t i = h->count; i > 0; i--) {
        const struct aw_capture *c = &h->items[i - 1];

        aw_json_open(out, NULL, '{');
        aw_json_int(out, "id", c->id);
        put_time(out, "fetched", c->fetched_ms);
        aw_json_bool(out, "rendered", c->plain > 0);
        aw_json_int(out, "status", c->status);
        aw_json_text(out, "payload_digest", c->payload_digest);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

/* ---- what was found on the page -----------------------------------------
 */

static aw_rc put_span(void *self, const struct aw_finding_span *span,
                      struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", span->id);
    aw_json_text(out, "state", span->state);
    put_time(out, "first_seen", span->first_seen_ms);
    put_time(out, "last_seen", span->last_seen_ms);
    put_time(out, "gone", span->gone_ms);
    if (span->gone_ms > 0)
        aw_json_text(out, "gone_why", span->gone_why);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc put_spans(struct aw_store *store, struct aw_str url,
                       struct aw_buf *out, struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(out, "findings", '[');
    rc = aw_store_finding_spans(store, url, put_span, out, err);
    aw_json_close(out, ']');
    return rc;
}

/* ---- the file -----------------------------------------------------------
 */

static void put_head(const struct aw_finding *f, const struct history *h,
                     struct aw_buf *out)
{
    aw_json_int(out, "finding", f->id);
    aw_json_text(out, "url", f->url);
    put_time(out, "first_seen", f->first_seen_ms);
    put_time(out, "last_seen", f->last_seen_ms);
    put_time(out, "gone", f->gone_ms);
    if (f->gone_ms > 0)
        aw_json_text(out, "gone_why", f->gone_why);
    aw_json_bool(out, "captures_cut", h->count == AW_ABOUT_CAPTURES_MAX);
}

static aw_rc put_all(struct aw_packing *p, struct aw_store *store,
                     const struct aw_finding *f, const struct aw_packed *all,
                     size_t count, struct aw_buf *out, struct aw_err *err)
{
    struct history h = {.arena = &p->c->arena};
    aw_rc rc = aw_store_captures(store, f->url, keep_capture, &h, err);

    aw_json_open(out, NULL, '{');
    put_head(f, &h, out);
    put_captures(&h, out);
    if (rc == AW_OK)
        rc = put_versions(p, &h, all, count, out, err);
    if (rc == AW_OK)
        rc = put_spans(store, f->url, out, err);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}

aw_rc aw_pack_history(struct aw_packing *p, struct aw_store *store,
                      const struct aw_case_finding *finding,
                      const struct aw_packed *all, size_t count,
                      struct aw_err *err)
{
    const struct aw_finding *f = &finding->finding;
    char name[AW_ZIP_NAME_MAX];
    struct aw_buf json;
    aw_rc rc;

    (void)snprintf(name, sizeof name,
                   AW_BUNDLE_FINDINGS_DIR "history-%lld.json",
                   (long long)f->id);
    aw_buf_init(&json, HISTORY_MAX);
    rc = put_all(p, store, f, all, count, &json, err);
    if (rc == AW_OK)
        rc = aw_packing_put_derived(p, name, aw_buf_str(&json),
                                    f->last_seen_ms, err);
    aw_buf_deinit(&json);
    return rc;
}
