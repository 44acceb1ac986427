/* verify_private.h - the checks of what a bundle says; for verify*.c alone.
 *
 * Each writes what it found to `what`, or fails with what is false.
 */
#ifndef AW_EVIDENCE_VERIFY_PRIVATE_H
#define AW_EVIDENCE_VERIFY_PRIVATE_H

#include "evidence/bagit.h"

#define AW_WHAT_MAX 256

/* finding.json and provisions.json parse; the finding is confirmed. */
aw_rc aw_verify_finding(const struct aw_bagit_view *bag,
                        char what[AW_WHAT_MAX],
                        struct aw_err *err) AW_MUST_USE;

/* Every WARC file is one of captures.json, with the payload it tells. */
aw_rc aw_verify_captures(const struct aw_bagit_view *bag,
                         char what[AW_WHAT_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Hashes and links of the decisions; they confirm the finding. */
aw_rc aw_verify_decisions(const struct aw_bagit_view *bag,
                          char what[AW_WHAT_MAX],
                          struct aw_err *err) AW_MUST_USE;

/* The head of the audit chain is the number and the hash of a row. */
aw_rc aw_verify_audit(const struct aw_bagit_view *bag, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

#endif
