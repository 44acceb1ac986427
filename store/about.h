/* about.h - what the store knows about one finding beside its own row: where
 * its page was captured, who publishes it, and where else it says so.
 *
 * Everything is limited: the newest or first so many. Where a place is given
 * (GB/T 2260 prefix; empty: all), only findings of that place are told: see
 * docs/decisions/0047.
 */
#ifndef AW_STORE_ABOUT_H
#define AW_STORE_ABOUT_H

#include "base/buf.h"
#include "store/store.h"

#define AW_ABOUT_CAPTURES_MAX 100
#define AW_ABOUT_ELSEWHERE_MAX 20
#define AW_ABOUT_RECENT_MAX 10
#define AW_ABOUT_LANDINGS_MAX 50

/* Who asks. */
struct aw_viewer {
    struct aw_str place; /* sees what lies there; empty: all */
    /* Answers second looks: findings at which a blind one of another is open
     * have the state 'second'. Empty: answers none. */
    struct aw_str veiled_from;
};

/* May who works at this place see the finding? One that is not sorted yet has
 * no place, and is seen by those of all places alone. */
aw_rc aw_store_finding_is_of(struct aw_store *store, int64_t id,
                             struct aw_str place, bool *is_of,
                             struct aw_err *err) AW_MUST_USE;

/* ---- captures ----------------------------------------------------------- */

/* All captures of a URL, the newest first. */
typedef aw_rc aw_store_capture_fn(void *self, const struct aw_capture *capture,
                                  struct aw_err *err);
aw_rc aw_store_captures(struct aw_store *store, struct aw_str url,
                        aw_store_capture_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

/* The capture of its URL that came before this one, of the same kind (as
 * fetched, or in a browser); 0: there is none. */
aw_rc aw_store_capture_before(struct aw_store *store,
                              const struct aw_capture *capture,
                              int64_t *before, struct aw_err *err) AW_MUST_USE;

/* What a browser made of this capture; 0: nothing. */
aw_rc aw_store_capture_rendered(struct aw_store *store, int64_t capture,
                                int64_t *rendered,
                                struct aw_err *err) AW_MUST_USE;

/* The capture of a URL, as fetched, that lies nearest to that time; 0: there
 * is none. */
aw_rc aw_store_capture_nearest(struct aw_store *store, struct aw_str url,
                               int64_t at_ms, int64_t *capture,
                               struct aw_err *err) AW_MUST_USE;

/* The findings that are confirmed, by a decision that was taken from from_ms
 * on and before to_ms; those of one URL one behind the other. */
typedef aw_rc aw_store_finding_id_fn(void *self, int64_t finding,
                                     struct aw_err *err);
aw_rc aw_store_confirmed(struct aw_store *store, int64_t from_ms,
                         int64_t to_ms, aw_store_finding_id_fn *visit,
                         void *self, struct aw_err *err) AW_MUST_USE;

/* Appends the URL of a finding's page. AW_MISSING. */
aw_rc aw_store_finding_url(struct aw_store *store, int64_t finding,
                           struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* By its id; boxes are not read. AW_MISSING. */
aw_rc aw_store_shot_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t id, struct aw_shot_row *shot,
                        struct aw_err *err) AW_MUST_USE;

/* The newest capture of a URL; 0: there is none. */
aw_rc aw_store_capture_newest(struct aw_store *store, struct aw_str url,
                              int64_t *capture,
                              struct aw_err *err) AW_MUST_USE;

/* The newest finding whose page has this URL; 0: there is none. */
aw_rc aw_store_finding_of_url(struct aw_store *store, struct aw_str url,
                              struct aw_str place, int64_t *finding,
                              struct aw_err *err) AW_MUST_USE;

/* Is there a view in the audit by this person, of this subject ("capture 9"),
 * since then, whose detail has these words? */
aw_rc aw_store_is_viewed(struct aw_store *store, struct aw_str who,
                         struct aw_str subject, struct aw_str words,
                         int64_t since_ms, bool *viewed,
                         struct aw_err *err) AW_MUST_USE;

/* ---- publisher, and the same elsewhere ---------------------------------- */

struct aw_publisher_row {
    int64_t id;
    struct aw_str key, name;
};
/* The publisher of a finding; AW_MISSING: it is not known. */
aw_rc aw_store_publisher_of(struct aw_store *store, struct aw_arena *arena,
                            int64_t finding, struct aw_publisher_row *out,
                            struct aw_err *err) AW_MUST_USE;

struct aw_other_row {
    int64_t id, first_seen_ms;
    struct aw_str state, url, host, title, quote;
};
typedef aw_rc aw_store_other_fn(void *self, const struct aw_other_row *other,
                                struct aw_err *err);
/* The newest of its findings but this one; quote is empty. */
aw_rc aw_store_publisher_recent(struct aw_store *store, int64_t publisher,
                                int64_t finding,
                                const struct aw_viewer *viewer,
                                aw_store_other_fn *visit, void *self,
                                struct aw_err *err) AW_MUST_USE;

/* Other findings with a claim in the very same words, the newest first; then
 * those that are sorted into the same bunch: AW_ABOUT_ELSEWHERE_MAX of both.
 * Of words that stand on very many pages the newest are looked at. */
aw_rc aw_store_elsewhere(struct aw_store *store, int64_t finding,
                         const struct aw_viewer *viewer,
                         aw_store_other_fn *visit, void *self,
                         struct aw_err *err) AW_MUST_USE;

#endif
