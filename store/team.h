/* team.h - several people at one finding: leases, comments, to whom it is
 * given, and what they correct. What these mean is review/team.h. */
#ifndef AW_STORE_TEAM_H
#define AW_STORE_TEAM_H

#include "store/store.h"

/* Written over whatever lease there was: the caller looked first, in the same
 * transaction (aw_store_stand). */
aw_rc aw_store_lease_put(struct aw_store *store, int64_t finding, int64_t user,
                         int64_t until_ms, struct aw_err *err) AW_MUST_USE;
/* The user's own, where there is one. */
aw_rc aw_store_lease_drop(struct aw_store *store, int64_t finding,
                          int64_t user, struct aw_err *err) AW_MUST_USE;

struct aw_comment {
    int64_t id, finding, at_ms;
    struct aw_str who, text;
};

/* Fills comment->id. */
aw_rc aw_store_comment_add(struct aw_store *store, struct aw_comment *comment,
                           struct aw_err *err) AW_MUST_USE;
typedef aw_rc aw_store_comment_fn(void *self, const struct aw_comment *comment,
                                  struct aw_err *err);
/* Of a finding, in their order. */
aw_rc aw_store_comments(struct aw_store *store, int64_t finding,
                        aw_store_comment_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

/* user 0: nobody. */
aw_rc aw_store_assign(struct aw_store *store, int64_t finding, int64_t user,
                      struct aw_err *err) AW_MUST_USE;

/* What a reviewer says of one claim instead of the classifier. */
struct aw_correction {
    int64_t id, finding, claim, at_ms;
    struct aw_str who, class, quote;
    int64_t start, end; /* code points of the block, as of the claim */
};

/* Fills correction->id; the finding's version grows by one. */
aw_rc aw_store_correction_add(struct aw_store *store,
                              struct aw_correction *correction,
                              struct aw_err *err) AW_MUST_USE;
typedef aw_rc aw_store_correction_fn(void *self,
                                     const struct aw_correction *correction,
                                     struct aw_err *err);
/* Of a finding, in their order: of two of one claim the later one counts. */
aw_rc aw_store_corrections(struct aw_store *store, int64_t finding,
                           aw_store_correction_fn *visit, void *self,
                           struct aw_err *err) AW_MUST_USE;

/* One claim of a finding; AW_MISSING. */
aw_rc aw_store_claim_get(struct aw_store *store, struct aw_arena *arena,
                         int64_t finding, int64_t claim,
                         struct aw_claim_row *out,
                         struct aw_err *err) AW_MUST_USE;

#endif
