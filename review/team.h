/* team.h - several people at one finding: who has it in hand, who is to look
 * at it, what they say to one another, and what they correct.
 *
 * A user sees findings of the own place alone (stand.h): elsewhere AW_MISSING.
 * All but leases are audited, in the same transaction.
 */
#ifndef AW_REVIEW_TEAM_H
#define AW_REVIEW_TEAM_H

#include "review/stand.h"
#include "store/team.h"

/* ---- leases -------------------------------------------------------------
 *
 * Not a lock: it is renewed while the finding is looked at and ends by itself.
 * Who decides gives it up. */

#define AW_LEASE_MS INT64_C(60000)

struct aw_lease {
    int64_t user;
    struct aw_str name; /* in the arena */
    int64_t until_ms;
};

/* Takes or renews it. AW_BUSY: another has it, and *out tells who; a
 * supervisor takes it over. */
aw_rc aw_lease_take(struct aw_store *store, const struct aw_clock *clock,
                    struct aw_arena *arena, const struct aw_user *by,
                    int64_t finding, struct aw_lease *out,
                    struct aw_err *err) AW_MUST_USE;
aw_rc aw_lease_drop(struct aw_store *store, const struct aw_user *by,
                    int64_t finding, struct aw_err *err) AW_MUST_USE;

/* ---- comments and assignment -------------------------------------------- */

#define AW_COMMENT_MAX 4000 /* code points */

/* Fills the id. AW_INVALID: no text, or not as review/text.h wants it. */
aw_rc aw_comment_add(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_user *by, int64_t finding,
                     struct aw_str text, int64_t *id,
                     struct aw_err *err) AW_MUST_USE;

/* Gives the finding to a user, 0: to nobody. AW_INVALID: the user is not
 * active, may not decide, or does not see the finding. */
aw_rc aw_assign(struct aw_store *store, const struct aw_clock *clock,
                const struct aw_user *by, int64_t finding, int64_t user,
                struct aw_err *err) AW_MUST_USE;

/* ---- corrections --------------------------------------------------------
 *
 * What the classifier quoted is corrected within what the store has of the
 * text: the words before the quote, the quote, the words after it. So it is
 * certain what stands there. */

struct aw_correction_input {
    int64_t finding, claim;
    struct aw_str class; /* words.h; empty: as it was */
    bool has_span;
    int64_t start, end; /* code points of the claim's block */
    bool has_version;   /* of the finding, as it was seen */
    int64_t version;
};

/* *out: what was written down, its texts in the arena; *version: of the
 * finding since. AW_INVALID: an unknown class, a span that is empty or reaches
 * beyond the words around the claim, a span where nothing is quoted, or
 * nothing is changed. AW_BUSY: the finding is not as it was seen. */
aw_rc aw_correct(struct aw_store *store, const struct aw_clock *clock,
                 struct aw_arena *arena, const struct aw_user *by,
                 const struct aw_correction_input *input,
                 struct aw_correction *out, int64_t *version,
                 struct aw_err *err) AW_MUST_USE;

/* The part of a claim's text, with the words around it, from start to end:
 * AW_INVALID where these lie outside. Joined into the arena. */
aw_rc aw_claim_span(const struct aw_claim_row *claim, int64_t start,
                    int64_t end, struct aw_arena *arena, struct aw_str *out,
                    struct aw_err *err) AW_MUST_USE;

#endif
