/* custody_private.h - what the files of custody.h share, for them alone, in
 * reading order: custody.c writes down, custody_way.c reads what was written,
 * custody_export.c copies.
 */
#ifndef AW_EVIDENCE_CUSTODY_PRIVATE_H
#define AW_EVIDENCE_CUSTODY_PRIVATE_H

#include "evidence/custody.h"
#include "review/audit.h"

#define AW_CUSTODY_ARENA_MAX ((size_t)64 << 20)
#define AW_CUSTODY_SUBJECT_MAX (AW_CUSTODY_NAME_MAX + 16)

/* The code of an action, as a row has it. */
struct aw_str aw_custody_code(enum aw_custody_action action);

/* Subject and detail of the audit row that tells of a row. What says nothing
 * is left out. */
void aw_custody_subject(struct aw_str bundle,
                        char out[AW_CUSTODY_SUBJECT_MAX]);
void aw_custody_detail(struct aw_buf *out, const struct aw_custody_row *row);

/* The steps so far, without the audit chain: within the caller's transaction.
 */
aw_rc aw_custody_steps(struct aw_store *store, struct aw_arena *arena,
                       struct aw_str bundle, struct aw_custody_way *way,
                       struct aw_err *err) AW_MUST_USE;

/* A row's step at the end of the way; the row's texts are not copied. */
struct aw_custody_step aw_custody_step(const struct aw_custody_way *way,
                                       const struct aw_custody_row *row);

/* Is the row one of the way that hands over? */
bool aw_custody_was_sent(const struct aw_custody_way *way, int64_t row);

#endif
