/* rendered.h - pages for a browser, and what it saw.
 *
 * A page that a browser is to look at is a row of its own, by the capture of
 * the page as fetched: `queued` until its work is committed. What the browser
 * made of it is a capture like any other, with `plain` set, and screenshots
 * with the boxes of claims.
 *
 * Part of the interface in store.h, which includes it.
 */
#ifndef AW_STORE_RENDERED_H
#define AW_STORE_RENDERED_H

#include "base/arena.h"

#define AW_SHOTS_MAX 8    /* of a finding, read */
#define AW_BOXES_MAX 2000 /* of a screenshot, read */

struct aw_store;
struct aw_capture;

struct aw_render_row {
    int64_t id;
    int64_t capture;     /* of the page as fetched */
    int64_t url;         /* id */
    struct aw_str cause; /* why it is rendered: "source", "scripts" ... */
    struct aw_str state; /* queued, done, failed, skipped */
    struct aw_str reason, note;
    int64_t tries;
    int64_t rendered; /* capture, or 0 */
    bool mobile;
    int64_t resources, refused, bytes, elapsed_ms;
};

/* Queues it, or keeps it as skipped, as row->state says. Fills row->id. */
aw_rc aw_store_render_add(struct aw_store *store, struct aw_render_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* AW_MISSING. */
aw_rc aw_store_render_row(struct aw_store *store, struct aw_arena *arena,
                          int64_t id, struct aw_render_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* Those that are queued, by id. */
typedef aw_rc aw_store_queued_render_fn(void *self, int64_t id, int64_t source,
                                        struct aw_str cause,
                                        struct aw_err *err);
aw_rc aw_store_render_queued(struct aw_store *store,
                             aw_store_queued_render_fn *visit, void *self,
                             struct aw_err *err) AW_MUST_USE;

/* Is the page, as this capture has it, what the last visit found? One that
 * found the same bytes does not count. */
aw_rc aw_store_render_is_newest(struct aw_store *store,
                                const struct aw_capture *plain, bool *newest,
                                struct aw_err *err) AW_MUST_USE;

/* Keeps what became of row->id. */
aw_rc aw_store_render_end(struct aw_store *store,
                          const struct aw_render_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* By its capture, of either kind; AW_MISSING. */
aw_rc aw_store_render_get(struct aw_store *store, struct aw_arena *arena,
                          int64_t capture, struct aw_render_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* ---- screenshots -------------------------------------------------------- */

/* Pixels from the left upper corner; which claim: its id, and as it is read
 * with a finding its index there. */
struct aw_box_row {
    int64_t claim, x, y, width, height;
};

struct aw_shot_row {
    int64_t id, capture;
    struct aw_str kind; /* first, full */
    struct aw_str uri;  /* of its record */
    struct aw_str warc_file;
    int64_t warc_offset, warc_length;
    struct aw_str digest; /* SHA-256, hex */
    int64_t width, height;
    struct aw_box_row *boxes;
    size_t box_count;
};

/* Those of one capture, AW_SHOTS_MAX of them, with the boxes of this
 * finding's claims. */
struct aw_finding;
aw_rc aw_store_shots_of(struct aw_store *store, struct aw_arena *arena,
                        const struct aw_finding *finding, int64_t capture,
                        struct aw_shot_row **out, size_t *count,
                        struct aw_err *err) AW_MUST_USE;

/* With its boxes. Fills shot->id. */
aw_rc aw_store_shot_add(struct aw_store *store, struct aw_shot_row *shot,
                        struct aw_err *err) AW_MUST_USE;

/* ---- findings ----------------------------------------------------------- */

/* The claims of the findings that either capture showed last. */
typedef aw_rc aw_store_claim_fn(void *self, int64_t id, struct aw_str class,
                                struct aw_str quote, int64_t capture,
                                struct aw_err *err);
aw_rc aw_store_claims_shown(struct aw_store *store, int64_t plain,
                            int64_t rendered, aw_store_claim_fn *visit,
                            void *self, struct aw_err *err) AW_MUST_USE;

/* As aw_store_findings_gone, where the page was seen both ways. */
aw_rc aw_store_findings_gone_rendered(struct aw_store *store,
                                      struct aw_str url, int64_t plain,
                                      int64_t rendered, const char *why,
                                      int64_t now_ms,
                                      struct aw_err *err) AW_MUST_USE;

/* Is there a finding on this URL, not gone, that a browser saw last? */
aw_rc aw_store_is_seen_rendered(struct aw_store *store, struct aw_str url,
                                bool *seen, struct aw_err *err) AW_MUST_USE;

/* The page shows its text to a browser alone: it is read at its next visit,
 * whatever its server says of its bytes. */
aw_rc aw_store_page_is_scripted(struct aw_store *store, int64_t url,
                                struct aw_err *err) AW_MUST_USE;

/* The page has a finding where one on its URL is not gone. */
aw_rc aw_store_page_findings(struct aw_store *store, int64_t url,
                             struct aw_err *err) AW_MUST_USE;

#endif
