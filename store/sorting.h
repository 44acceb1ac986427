/* sorting.h - findings sorted for the queue, once each: what is like what,
 * and whose it is.
 *
 * review/sort.h says how; here is what is kept. Findings are sorted in the
 * order of their ids, so that the last one tells which are left. One that is
 * like none before it leads a group.
 */
#ifndef AW_STORE_SORTING_H
#define AW_STORE_SORTING_H

#include "base/arena.h"

struct aw_store;

struct aw_sorted_row {
    int64_t finding;
    int64_t bunch;          /* id of the finding that leads its group */
    uint64_t simhash;       /* 0: its text says too little */
    struct aw_str creative; /* digest of the picture that it was; or empty */
    int64_t publisher;      /* 0: not known */
    int64_t classes;        /* of its claims, a bit each: sort.h */
    struct aw_str sectors;  /* ids of severity.yaml, with commas between */
    struct aw_str place;    /* code of a division, or of a zone; or empty */
    struct aw_str audience; /* id of severity.yaml; or empty */
    int64_t adverts;        /* that led to its page by then */
};

/* What the search finds it by. */
struct aw_sorted_text {
    struct aw_str title, claims, parties;
};

/* The ids of the next findings to sort, at most `most`, in their order. */
aw_rc aw_store_unsorted(struct aw_store *store, size_t most, int64_t *out,
                        size_t *count, struct aw_err *err) AW_MUST_USE;

/* The caller is in a transaction for all of these. */
aw_rc aw_store_sorted_add(struct aw_store *store,
                          const struct aw_sorted_row *row,
                          const struct aw_sorted_text *text,
                          struct aw_err *err) AW_MUST_USE;

/* Sorted findings up to *upto have been looked at for what they say in
 * disguise; 0: none. */
aw_rc aw_store_folded(struct aw_store *store, int64_t *upto,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_folded_put(struct aw_store *store, int64_t upto,
                          struct aw_err *err) AW_MUST_USE;

/* The ids of the next that are sorted and not looked at, above `above`. */
aw_rc aw_store_unfolded(struct aw_store *store, int64_t above, size_t most,
                        int64_t *out, size_t *count,
                        struct aw_err *err) AW_MUST_USE;

/* More texts that a search finds it by; once for each finding. */
aw_rc aw_store_fold_add(struct aw_store *store, int64_t finding,
                        const struct aw_sorted_text *text,
                        struct aw_err *err) AW_MUST_USE;

/* All leaders, in the order of their ids, above `above`. */
typedef aw_rc aw_leader_fn(void *self, int64_t finding, uint64_t simhash,
                           struct aw_err *err);
aw_rc aw_store_leaders(struct aw_store *store, int64_t above,
                       aw_leader_fn *visit, void *self,
                       struct aw_err *err) AW_MUST_USE;

/* The group of the first finding with that creative; 0: there is none. */
aw_rc aw_store_creative_bunch(struct aw_store *store, struct aw_str creative,
                              int64_t *bunch, struct aw_err *err) AW_MUST_USE;

/* The group of the first finding of that publisher with those classes whose
 * text says too little; 0: there is none. */
aw_rc aw_store_terse_bunch(struct aw_store *store, int64_t publisher,
                           int64_t classes, int64_t *bunch,
                           struct aw_err *err) AW_MUST_USE;

/* The digest of what a capture holds where that is a picture; else empty. */
aw_rc aw_store_creative_of(struct aw_store *store, int64_t capture,
                           struct aw_arena *arena, struct aw_str *out,
                           struct aw_err *err) AW_MUST_USE;

/* How many advertisements led to that URL. */
aw_rc aw_store_adverts_of(struct aw_store *store, struct aw_str url,
                          int64_t *count, struct aw_err *err) AW_MUST_USE;

/* The publisher known by one of these keys, the strongest first; made where
 * there is none, with all of them. One that is known by a weaker key, but has
 * another of the strongest one's kind, is somebody else. The kind is what
 * stands before the colon. */
aw_rc aw_store_publisher(struct aw_store *store, const struct aw_str *keys,
                         size_t count, struct aw_str name, int64_t now_ms,
                         int64_t *id, struct aw_err *err) AW_MUST_USE;

#endif
