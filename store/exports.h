/* exports.h - what hangs on a finding besides its row and claims, for a list
 * that is handed on: evidence, publisher, comments, decisions.
 *
 * Texts are copied into the arena that is given.
 */
#ifndef AW_STORE_EXPORTS_H
#define AW_STORE_EXPORTS_H

#include "store/store.h"
#include "store/team.h"

#define AW_EXPORT_DECISIONS_MAX 200 /* of a finding, the newest */

struct aw_export_facts {
    struct aw_str first_digest, last_digest; /* of payloads: SHA-256, hex */
    struct aw_str place, sectors, publisher; /* empty: not known, not sorted */
    /* In their order; of decisions, there may have been more before. */
    struct aw_comment *comments;
    size_t comment_count;
    struct aw_decision_row *decisions;
    size_t decision_count;
};

aw_rc aw_store_export_facts(struct aw_store *store, struct aw_arena *arena,
                            const struct aw_finding *finding,
                            struct aw_export_facts *out,
                            struct aw_err *err) AW_MUST_USE;

#endif
