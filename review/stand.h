/* stand.h - a finding as one user may see it. */
#ifndef AW_REVIEW_STAND_H
#define AW_REVIEW_STAND_H

#include "review/user.h"
#include "store/deciding.h"

/* Is a finding of this place within what the user may see? Without a user
 * (NULL: a store that has none) everything is; a finding whose place is not
 * known, for users of all places alone. */
bool aw_user_sees(const struct aw_user *user, struct aw_str place);

/* Where the finding stands. AW_MISSING: there is none, or the user may not see
 * it: nobody learns which. */
aw_rc aw_stand_for(struct aw_store *store, struct aw_arena *arena,
                   const struct aw_user *user, int64_t finding,
                   struct aw_stand *out, struct aw_err *err) AW_MUST_USE;

/* Has another user a lease on it that is not over? The work of a supervisor
 * goes before a lease. */
bool aw_stand_leased(const struct aw_stand *stand, const struct aw_user *user,
                     int64_t now_ms);

#endif
