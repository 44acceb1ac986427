/* policy.h - what an office has set for the work of its reviewers.
 *
 * Kept in the store, a value for each name. A change is audited with the old
 * and the new value.
 */
#ifndef AW_REVIEW_POLICY_H
#define AW_REVIEW_POLICY_H

#include "base/buf.h"
#include "base/clock.h"
#include "store/store.h"

/* X(name, least, most, what it is at first)
 * second_severity: a confirmation of this severity or more needs a second
 *   officer; 0: none does.
 * second_new_publisher: 1: so does the first one of a publisher.
 * second_random_percent: of a hundred confirmations and dismissals, so many
 *   are looked at by another officer who does not see the first decision.
 * precision_bound: percent; a rule below it is called out.
 * session_hours: after so many hours a session ends, whatever is done in it.
 */
#define AW_POLICY_LIST(X)               \
    X(second_severity, 0, 9, 3)         \
    X(second_new_publisher, 0, 1, 1)    \
    X(second_random_percent, 0, 100, 5) \
    X(precision_bound, 0, 100, 90)      \
    X(session_hours, 1, 168, 12)

struct aw_policy {
#define X(name, least, most, first) int64_t name;
    AW_POLICY_LIST(X)
#undef X
};

aw_rc aw_policy_load(struct aw_store *store, struct aw_policy *out,
                     struct aw_err *err) AW_MUST_USE;

/* Writes what differs from what is set, each with its audit row, all or
 * nothing. AW_INVALID: a value is out of its bounds. */
aw_rc aw_policy_save(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_str who, const struct aw_policy *policy,
                     struct aw_err *err) AW_MUST_USE;

/* Appends {"second_severity", ..., "reasons":[{"code","zh","en"}],
 * "classes":[{"code","zh"}]} under this name (NULL: as the outermost value).
 * second_new_publisher is a bool there, precision_bound a share: 0.9. */
void aw_policy_json(struct aw_buf *out, const char *name,
                    const struct aw_policy *policy);

#endif
