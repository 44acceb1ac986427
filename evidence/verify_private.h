/* verify_private.h - the checks of what a bundle says; for verify*.c alone.
 *
 * Each is an item of the table in verify.c: it writes what it found to `what`,
 * or fails with what is false. The bag's manifests may be false too.
 */
#ifndef AW_EVIDENCE_VERIFY_PRIVATE_H
#define AW_EVIDENCE_VERIFY_PRIVATE_H

#include "evidence/sealed.h"

#define AW_WHAT_MAX 1024

/* A bundle that is looked at, item by item, and what earlier ones read. */
struct aw_parsed;
struct aw_redactions;
struct aw_verifying {
    struct aw_bag_view *view;
    struct aw_parsed *captures;       /* NULL before aw_verifying_load */
    struct aw_redactions *redactions; /* NULL: the same, or a whole bundle */
    struct aw_parsed *decisions;      /* NULL before aw_verify_decisions */
    struct aw_sealed sealed;          /* without its bag: not looked for yet */
    size_t whole; /* captures, from the first one, whose WACZ is good */
};

/* Reads AW_BUNDLE_CAPTURES and AW_REDACTED_LIST, once. */
aw_rc aw_verifying_load(struct aw_verifying *v,
                        struct aw_err *err) AW_MUST_USE;
void aw_verifying_deinit(struct aw_verifying *v);

/* The WACZ file of a capture, where it has one, holds the WARC file beside it.
 * known: of that file, or NULL. */
struct aw_wacz_known;
aw_rc aw_verify_capture_wacz(const struct aw_verifying *v,
                             const struct aw_parsed *capture,
                             const struct aw_wacz_known *known,
                             struct aw_err *err) AW_MUST_USE;

/* The payload has the files that a bundle of its format must have, and none
 * that it may not have (AW_BUNDLE_FILES). */
aw_rc aw_verify_names(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

/* finding.json and provisions.json parse; the finding is confirmed. */
aw_rc aw_verify_finding(struct aw_verifying *v, char what[AW_WHAT_MAX],
                        struct aw_err *err) AW_MUST_USE;

/* Every WARC file is one of captures.json, with the payload it tells. */
aw_rc aw_verify_captures(struct aw_verifying *v, char what[AW_WHAT_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Screenshots, rendered pages and originals are what captures.json tells, and
 * all that is there is told. */
aw_rc aw_verify_exhibits(struct aw_verifying *v, char what[AW_WHAT_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Each WACZ file is made of the WARC file beside it. */
aw_rc aw_verify_wacz(struct aw_verifying *v, char what[AW_WHAT_MAX],
                     struct aw_err *err) AW_MUST_USE;

/* Blocks make the text; each quote stands where it is said to. */
aw_rc aw_verify_texts(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

/* What AW_REDACTED_LIST tells was changed is, with its marks, and what is left
 * out is not there. */
aw_rc aw_verify_redaction(struct aw_verifying *v, char what[AW_WHAT_MAX],
                          struct aw_err *err) AW_MUST_USE;

/* What was taken out of a copy: NULL where the bundle is a whole one. For
 * checks that miss a file, or find another than is told. AW_INVALID: a file is
 * told twice. */
aw_rc aw_redactions_load(const struct aw_bag_view *view,
                         struct aw_redactions **out,
                         struct aw_err *err) AW_MUST_USE;
void aw_redactions_free(struct aw_redactions *taken); /* or NULL */
bool aw_redactions_left_out(const struct aw_redactions *taken,
                            struct aw_str name);
bool aw_redactions_changed(const struct aw_redactions *taken,
                           struct aw_str name);

/* Were the words of that decision taken? */
bool aw_redactions_decision(const struct aw_redactions *taken, int64_t id);

/* Do both say the same, but for marks in a copy? */
bool aw_redactions_same(const struct aw_redactions *taken, struct aw_str a,
                        struct aw_str b);

/* What all findings quote, each read once. A copy's findings may have marks in
 * it. AW_LIMIT. */
struct aw_quotes;
aw_rc aw_quotes_new(struct aw_quotes **out, const struct aw_bag_view *view,
                    struct aw_err *err) AW_MUST_USE;
void aw_quotes_free(struct aw_quotes *quotes); /* or NULL */

/* The quote of a claim, counted from 0; empty: there is none. */
struct aw_str aw_quotes_of(const struct aw_quotes *quotes, int64_t finding,
                           int64_t claim);

/* The rules and the law that a finding tells are those of its claims, of the
 * lexicon that made it; or it tells none, as that lexicon is gone. */
aw_rc aw_verify_rules(const struct aw_parsed *finding,
                      struct aw_err *err) AW_MUST_USE;

/* What captures.json tells of pages: a finding has the URL of its last capture
 * and the title of one of that page. They live no longer than v's captures. */
struct aw_told_pages;
aw_rc aw_told_pages_new(struct aw_told_pages **out, struct aw_verifying *v,
                        struct aw_err *err) AW_MUST_USE;
void aw_told_pages_free(struct aw_told_pages *pages); /* or NULL */
aw_rc aw_told_pages_check(const struct aw_told_pages *pages,
                          const struct aw_parsed *finding,
                          struct aw_err *err) AW_MUST_USE;

/* The members that a reader relies on are in the JSON of histories, captures
 * that are compared, tool and environment, each of its kind. */
aw_rc aw_verify_shapes(const struct aw_bag_view *view,
                       struct aw_err *err) AW_MUST_USE;

/* Is it a finding's file, of any format? */
bool aw_is_finding_file(struct aw_str name);

/* Hashes and links of the decisions; they confirm the finding. */
aw_rc aw_verify_decisions(struct aw_verifying *v, char what[AW_WHAT_MAX],
                          struct aw_err *err) AW_MUST_USE;

/* The head of the audit chain is the number and the hash of a row. */
aw_rc aw_verify_audit(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err) AW_MUST_USE;

#endif
