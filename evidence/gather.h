/* gather.h - the rows of a case, read from the store.
 *
 * Only what was confirmed is gathered, and only where the chains of decisions
 * and of the audit hold: what is false must not be sealed.
 */
#ifndef AW_EVIDENCE_GATHER_H
#define AW_EVIDENCE_GATHER_H

#include "evidence/bundle.h"
#include "evidence/case.h"

#define AW_CASE_HOPS_MAX 10    /* redirects on the way to a page */
#define AW_CASE_LANDINGS_MAX 5 /* of one page */
#define AW_CASE_CITED_MAX 64   /* provisions of one finding */
#define AW_CASE_ARENA_MAX ((size_t)512 << 20)

void aw_case_init(struct aw_case *c);
void aw_case_deinit(struct aw_case *c);

/* What holds for all findings: the chains, the law, who seals. */
aw_rc aw_case_begin(struct aw_case *c, struct aw_store *store,
                    const struct aw_bundle_config *config,
                    struct aw_err *err) AW_MUST_USE;

/* Fills findings and captures with these alone; those before are let go.
 * AW_INVALID: one is not confirmed; AW_LIMIT: more than
 * AW_CASE_FINDINGS_MAX. */
aw_rc aw_case_gather(struct aw_case *c, struct aw_store *store,
                     const struct aw_bundle_config *config,
                     const int64_t *findings, size_t count,
                     struct aw_err *err) AW_MUST_USE;

#endif
