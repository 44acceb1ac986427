/* user_private.h - what user.c and session.c share. */
#ifndef AW_REVIEW_USER_PRIVATE_H
#define AW_REVIEW_USER_PRIVATE_H

#include "review/audit.h"
#include "review/user.h"
#include "store/users.h"

/* AW_STORE: the row has a role that there is not. Texts are the row's. */
aw_rc aw_user_of_row(const struct aw_user_row *row, struct aw_user *out,
                     struct aw_err *err) AW_MUST_USE;

/* An audit row about "user ID", in the caller's transaction. */
aw_rc aw_user_audit(struct aw_store *store, const struct aw_clock *clock,
                    struct aw_str who, enum aw_audit_action action, int64_t id,
                    struct aw_str detail, struct aw_err *err) AW_MUST_USE;

#endif
