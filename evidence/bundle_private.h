/* bundle_private.h - what the files that make a bundle share, in reading
 * order: bundle.c gathers and seals, bundle_json.c and bundle_page.c write.
 */
#ifndef AW_EVIDENCE_BUNDLE_PRIVATE_H
#define AW_EVIDENCE_BUNDLE_PRIVATE_H

#include "evidence/bagit.h"
#include "evidence/bundle.h"
#include "evidence/bundle_names.h"
#include "evidence/members.h"
#include "reports/provisions.h"
#include "review/audit.h"

/* One capture, and its name in the bag. */
struct aw_exhibit {
    struct aw_capture capture;
    char name[AW_ZIP_NAME_MAX];
    struct aw_members members;
};

/* A provision that a claim cites; NULL where the lexicon has none for that
 * day. */
struct aw_cited {
    struct aw_str id;
    const struct aw_provision *provision;
};

#define AW_CITED_MAX 64
#define AW_EXHIBITS_MAX 4 /* first and last, each with its plain page */

/* All that goes into the bundle; texts live in the arena. */
struct aw_evidence {
    const struct aw_bundle_config *config;
    struct aw_arena arena;
    int64_t made_ms;
    struct aw_finding finding;
    struct aw_decision_row *decisions;
    size_t decision_count, decision_cap;
    struct aw_audit_head audit;
    struct aw_exhibit exhibits[AW_EXHIBITS_MAX];
    size_t exhibit_count;
    struct aw_provisions *provisions;
    struct aw_cited cited[AW_CITED_MAX];
    size_t cited_count;
};

/* Each appends one file of the bundle (bundle_names.h) from what was gathered:
 * the first five as JSON, by bundle_json.c, the last as HTML for people, by
 * bundle_page.c. They change nothing, so that the order does not matter. A
 * buffer that is full tells it at its check (buf.h). */
aw_rc aw_evidence_finding(const struct aw_evidence *evidence,
                          struct aw_buf *out, struct aw_err *err) AW_MUST_USE;
void aw_evidence_captures(const struct aw_evidence *evidence,
                          struct aw_buf *out);
void aw_evidence_provisions(const struct aw_evidence *evidence,
                            struct aw_buf *out);
void aw_evidence_decisions(const struct aw_evidence *evidence,
                           struct aw_buf *out);
void aw_evidence_audit(const struct aw_evidence *evidence, struct aw_buf *out);
aw_rc aw_evidence_page(const struct aw_evidence *evidence, struct aw_buf *out,
                       struct aw_err *err) AW_MUST_USE;

#endif
