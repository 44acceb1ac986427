/* user_private.h - what user.c and session.c share: rows of the store read as
 * users, and what is done to users put down in the audit. For these two alone.
 */
#ifndef AW_REVIEW_USER_PRIVATE_H
#define AW_REVIEW_USER_PRIVATE_H

#include "review/audit.h"
#include "review/user.h"
#include "store/users.h"

/* The row read as a user. Texts are those of the row, and live as long as it
 * does; the password's hash does not come along. *out is filled on success
 * alone. AW_STORE: the row has a role that this program does not know. */
aw_rc aw_user_of_row(const struct aw_user_row *row, struct aw_user *out,
                     struct aw_err *err) AW_MUST_USE;

/* Adds a row to the audit chain (audit.h), in the transaction that the caller
 * has open for what it tells of: either both are kept or neither. who: the
 * name of who did it, or "nobody". id: the user that it was done to, the row's
 * subject "user ID"; 0: one that is not known (a name that failed to log in),
 * and no subject. detail: one JSON object, as audit.h has it for the action.
 * Errors are those of aw_audit_add. */
aw_rc aw_user_audit(struct aw_store *store, const struct aw_clock *clock,
                    struct aw_str who, enum aw_audit_action action, int64_t id,
                    struct aw_str detail, struct aw_err *err) AW_MUST_USE;

#endif
