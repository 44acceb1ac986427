/* queue_rows.h - findings as the queue keeps them in memory, and what it asks
 * the store for beside.
 */
#ifndef AW_STORE_QUEUE_ROWS_H
#define AW_STORE_QUEUE_ROWS_H

#include "base/arena.h"

struct aw_store;

/* Texts last until visit returns. */
struct aw_queue_row {
    int64_t id, touched, version, assigned, first_seen_ms, severity;
    int64_t bunch; /* 0: not sorted yet; so are the following */
    int64_t publisher, classes, adverts;
    int64_t times; /* handed in */
    double score;
    struct aw_str state, channel, host, source;
    struct aw_str sectors, place, audience;
};

/* The number of the last change; 0: there is no finding. */
aw_rc aw_store_touched(struct aw_store *store, int64_t *touched,
                       struct aw_err *err) AW_MUST_USE;

/* Those changed since, in the order of their changes; since -1: all, in the
 * order of their ids. */
typedef aw_rc aw_queue_row_fn(void *self, const struct aw_queue_row *row,
                              struct aw_err *err);
aw_rc aw_store_queue_rows(struct aw_store *store, int64_t since,
                          aw_queue_row_fn *visit, void *self,
                          struct aw_err *err) AW_MUST_USE;

/* Ids above `above` of findings whose text holds `text`: any text of UTF-8
 * without controls but the empty one. An id may come more than once. By lists
 * where there are some (spots.h); else by the index of trigrams. */
typedef aw_rc aw_queue_hit_fn(void *self, int64_t id, struct aw_err *err);
aw_rc aw_store_queue_search(struct aw_store *store, struct aw_str text,
                            int64_t above, aw_queue_hit_fn *visit, void *self,
                            struct aw_err *err) AW_MUST_USE;

/* The same by the index alone. */
aw_rc aw_store_index_search(struct aw_store *store, struct aw_str text,
                            int64_t above, aw_queue_hit_fn *visit, void *self,
                            struct aw_err *err) AW_MUST_USE;

/* The last finding that was sorted, and so can be found by its text; 0: none.
 */
aw_rc aw_store_sorted_last(struct aw_store *store, int64_t *id,
                           struct aw_err *err) AW_MUST_USE;

/* The name of a publisher, of a user; empty where there is none. */
aw_rc aw_store_publisher_name(struct aw_store *store, int64_t id,
                              struct aw_arena *arena, struct aw_str *out,
                              struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_user_name(struct aw_store *store, int64_t id,
                         struct aw_arena *arena, struct aw_str *out,
                         struct aw_err *err) AW_MUST_USE;

/* What a row of a list shows beside what the queue knows. */
struct aw_shown_row {
    int64_t severity, last_seen_ms, gone_ms;
    struct aw_str url, host, source, channel, title;
    /* Its gravest claim. */
    struct aw_str class, quote, before, after;
    int64_t lease_user, lease_until_ms; /* 0: none that holds now */
    struct aw_str lease_name, assigned_name;
};

aw_rc aw_store_shown_row(struct aw_store *store, int64_t id, int64_t now_ms,
                         struct aw_arena *arena, struct aw_shown_row *out,
                         struct aw_err *err) AW_MUST_USE;

#endif
