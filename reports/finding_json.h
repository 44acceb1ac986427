/* finding_json.h - a finding as JSON, for `triage --json` and for a bundle.
 *
 *     {"id","state","urgency","score","severity","url","host","source",
 *      "channel","title","document":{"kind","score"},"first_seen",
 *      "last_seen","capture","parties":{...},"claims":[{"class","quote",
 *      "before","after","block","start","end","rule","rule_version","code",
 *      "law":[...],"severity","score","why":[...]}],"screenshots":[{"kind",
 *      "capture","uri","warc_file","warc_offset","warc_length","sha256",
 *      "width","height","boxes":[{"claim","x","y","width","height"}]}],
 *      "lexicon","model","tool"}
 *
 * Times are ISO 8601 in UTC; "capture" is the id of the last capture; start
 * and end count code points of the block; lexicon and model are hashes. A box
 * is in pixels from the left upper corner of its screenshot; its claim is the
 * index into claims.
 */
#ifndef AW_REPORTS_FINDING_JSON_H
#define AW_REPORTS_FINDING_JSON_H

#include "store/store.h"

#include "base/buf.h"

/* Appends the members without the braces, so that a caller can add its own.
 * AW_STORE: the row holds JSON that does not parse. */
aw_rc aw_finding_json(struct aw_buf *out, const struct aw_finding *finding,
                      struct aw_err *err) AW_MUST_USE;

/* Appends the members of a claim without the braces. AW_STORE likewise. */
aw_rc aw_claim_json(struct aw_buf *out, const struct aw_claim_row *claim,
                    struct aw_err *err) AW_MUST_USE;

/* Appends what the store keeps as JSON, once it is known to be so. */
aw_rc aw_json_kept(struct aw_buf *out, const char *name, struct aw_str json,
                   const char *if_empty, struct aw_err *err) AW_MUST_USE;

/* Appends the member "boxes". */
void aw_boxes_json(struct aw_buf *out, const struct aw_shot_row *shot);

/* Appends the member "screenshots". */
void aw_shots_json(struct aw_buf *out, const struct aw_shot_row *shots,
                   size_t count);

/* Appends {"id","finding","at","at_ms","who","action","reason","class","code",
 * "batch","undoes","previous","hash"} as a member of an array; class, code,
 * batch and undoes where they are not empty or 0. */
void aw_decision_json(struct aw_buf *out, const struct aw_decision_row *row);

/* Calls visit for each text of a JSON array of texts, as `law` and `why` of a
 * claim are kept. */
typedef void aw_text_fn(void *self, struct aw_str text);
aw_rc aw_json_texts(struct aw_str json, aw_text_fn *visit, void *self,
                    struct aw_err *err) AW_MUST_USE;

#endif
