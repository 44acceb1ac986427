/* audit.h - who did what, in a chain that shows where it was touched.
 *
 * Every decision, comment, assignment, correction, view of a capture, export,
 * login and setting is a row that is never changed or taken away. Each row
 * holds the hash of the row before it and its own: SHA-256 over the canonical
 * JSON (RFC 8785) of
 *
 *     {"action","at_ms","detail","id","previous","subject","who"}
 *
 * where "previous" is empty in the first row, and "detail" is the text of a
 * JSON object, as a text. Ids count up from 1 without a gap. So a row that is
 * changed, put in or taken out is found without any secret. Rows cut off at
 * the end are not: for these the head of the chain (id and hash of its last
 * row) has to be known elsewhere. Bundles carry it, and so does the report of
 * each night.
 *
 * The first row (AW_AUDIT_BEGIN) names the last decision that was taken before
 * there was a chain; each later decision has a row of its own that holds its
 * hash. So the two chains vouch for each other.
 */
#ifndef AW_REVIEW_AUDIT_H
#define AW_REVIEW_AUDIT_H

#include "base/clock.h"
#include "base/hash.h"
#include "review/text.h"
#include "store/audit.h"

#define AW_AUDIT_SUBJECT_MAX 300                /* code points */
#define AW_AUDIT_DETAIL_MAX ((size_t)128 << 10) /* bytes */

/* What is audited, by its names: all that aw_audit_add takes. The subject of a
 * row is "finding 7", "decision 12", "capture 9", "shot 3", "user 2", the name
 * of a setting, or empty. */
#define AW_AUDIT_LIST(X)                                               \
    X(BEGIN, "begin")               /* the chain's first row */        \
    X(DECISION, "decision")         /* subject: decision N */          \
    X(COMMENT, "comment")           /* finding N, as all these: */     \
    X(ASSIGNMENT, "assignment")     /* ... */                          \
    X(CORRECTION, "correction")     /* ... */                          \
    X(VIEW, "view")                 /* capture N, shot N */            \
    X(EXPORT, "export")             /* format and count in detail */   \
    X(BUNDLE, "bundle")             /* finding N: sealed */            \
    X(CUSTODY, "custody")           /* bundle NAME: its way */         \
    X(SEAL, "seal")                 /* bundle NAME: by an officer */   \
    X(STAMP, "stamp")               /* bundle NAME: by an authority */ \
    X(LOGIN, "login")               /* user N */                       \
    X(LOGIN_FAILED, "login_failed") /* ... */                          \
    X(LOGOUT, "logout")             /* ... */                          \
    X(USER, "user")                 /* user N: made or changed */      \
    X(SETTING, "setting")           /* its name; old and new value */

enum aw_audit_action {
#define X(name, code) AW_AUDIT_##name,
    AW_AUDIT_LIST(X)
#undef X
        AW_AUDIT_COUNT
};

/* The action's code: what aw_audit_add wants. */
const char *aw_audit_code(enum aw_audit_action action);

/* Appends a row. Within the caller's transaction where there is one: then it
 * stands or falls with what it tells of. Else in one of its own.
 *
 * detail_json is a JSON object as base/json.h writes it; empty: {}.
 * AW_INVALID: an unknown action, who is empty, or a text is not as
 * review/text.h wants it. */
aw_rc aw_audit_add(struct aw_store *store, const struct aw_clock *clock,
                   struct aw_str who, const char *action,
                   struct aw_str subject, struct aw_str detail_json,
                   struct aw_err *err) AW_MUST_USE;

/* Begins the chain where there is none, in the caller's transaction; who is
 * about to write a decision asks for it before. */
aw_rc aw_audit_begin(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_err *err) AW_MUST_USE;

/* The last row of a chain; id 0 and an empty hash: there is none yet. */
struct aw_audit_head {
    int64_t id;
    char hash[AW_SHA256_HEX_MAX];
};
#define AW_AUDIT_HEAD_MAX (AW_SHA256_HEX_MAX + 21) /* "ID:HASH", its NUL */

aw_rc aw_audit_head(struct aw_store *store, struct aw_audit_head *out,
                    struct aw_err *err) AW_MUST_USE;

/* Reads "ID:HASH", as it is written below. */
bool aw_audit_head_parse(struct aw_str text, struct aw_audit_head *out);
void aw_audit_head_text(const struct aw_audit_head *head,
                        char out[AW_AUDIT_HEAD_MAX]);

/* Reckons the hash of a row from its other fields; row->hash is not read.
 * AW_INVALID where a text is not UTF-8. */
aw_rc aw_audit_hash(const struct aw_audit_row *row,
                    char out[AW_SHA256_HEX_MAX],
                    struct aw_err *err) AW_MUST_USE;

/* Walks the whole chain, and that of the decisions (aw_decisions_verify): no
 * row was changed, put in or taken out, each decision has its audit row and
 * each such row its decision. known: a head that stands elsewhere and must be
 * in the chain, so that a cut-off end is found; NULL: there is none.
 *
 * *count gets the number of rows that are right before the first false one,
 * also on failure, and *head the last right one. AW_INVALID names the false
 * row. Nobody who writes waits for it. */
aw_rc aw_audit_verify(struct aw_store *store,
                      const struct aw_audit_head *known, int64_t *count,
                      struct aw_audit_head *head,
                      struct aw_err *err) AW_MUST_USE;

#endif
