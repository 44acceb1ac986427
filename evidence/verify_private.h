/* verify_private.h - the checks of what a bundle says; for verify*.c alone.
 *
 * Each is an item of the table in verify.c: it writes what it found to `what`,
 * or fails with what is false. The bag's manifests may be false too.
 */
#ifndef AW_EVIDENCE_VERIFY_PRIVATE_H
#define AW_EVIDENCE_VERIFY_PRIVATE_H

#include "evidence/bag.h"

#define AW_WHAT_MAX 1024

/* finding.json and provisions.json parse; the finding is confirmed. */
aw_rc aw_verify_finding(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                        struct aw_err *err) AW_MUST_USE;

/* Every WARC file is one of captures.json, with the payload it tells. */
aw_rc aw_verify_captures(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Screenshots, rendered pages and originals are what captures.json tells, and
 * all that is there is told. */
aw_rc aw_verify_exhibits(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Each WACZ file is made of the WARC file beside it. */
aw_rc aw_verify_wacz(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                     struct aw_err *err) AW_MUST_USE;

/* Blocks make the text; each quote stands where it is said to. */
aw_rc aw_verify_texts(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

/* What AW_REDACTED_LIST tells was changed is, with its marks, and what is left
 * out is not there. */
aw_rc aw_verify_redaction(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                          struct aw_err *err) AW_MUST_USE;

/* What was taken out of a copy: NULL where the bundle is a whole one. For
 * checks that miss a file, or find another than is told. */
struct aw_parsed;
aw_rc aw_redactions_load(const struct aw_bag_view *view,
                         struct aw_parsed **out,
                         struct aw_err *err) AW_MUST_USE;
bool aw_redactions_left_out(const struct aw_parsed *list, struct aw_str name);
bool aw_redactions_changed(const struct aw_parsed *list, struct aw_str name);

/* Do both say the same, but for marks in a copy? */
bool aw_redactions_same(const struct aw_parsed *list, struct aw_str a,
                        struct aw_str b);

/* Hashes and links of the decisions; they confirm the finding. */
aw_rc aw_verify_decisions(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                          struct aw_err *err) AW_MUST_USE;

/* The head of the audit chain is the number and the hash of a row. */
aw_rc aw_verify_audit(struct aw_bag_view *view, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

#endif
