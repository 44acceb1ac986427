/* frozen.h - what the rules and provisions said by which a finding was made.
 *
 * Rules are changed all the time, and law now and then: a bundle that is made
 * weeks later must not tell the words of today for those of then. So with each
 * finding that is added the store keeps the words of its rules, and of the
 * provisions that its claims cite in the version of the day on which it was
 * seen (store/wordings.h): as JSON, as finding-<id>.json tells them.
 */
#ifndef AW_EVIDENCE_FROZEN_H
#define AW_EVIDENCE_FROZEN_H

#include "base/buf.h"
#include "classify/lexicon.h"
#include "reports/provisions.h"
#include "store/store.h"

/* What a claim names as its rule where none hit: the model found it. */
#define AW_NO_RULE "model"

/* While it lives it keeps for each finding that is added to the store. The
 * lexicon is read with the first of them. Where it is not the finding's, or
 * cannot be read, since somebody changes it while a run goes on, nothing is
 * kept of that one. */
struct aw_freezer;
aw_rc aw_freezer_new(struct aw_freezer **out, struct aw_store *store,
                     const char *lexicon_dir, struct aw_err *err) AW_MUST_USE;
void aw_freezer_free(struct aw_freezer *freezer); /* NULL is allowed */

/* JSON objects. */
struct aw_frozen {
    struct aw_str *rules, *provisions;
    size_t rule_count, provision_count;
};

/* All that was kept for a finding, in the order of its claims, in the arena;
 * nothing at all where the words of one of its rules or provisions were not
 * kept. Of a provision that was not known then it was kept that it was not. */
aw_rc aw_frozen_read(struct aw_store *store, struct aw_arena *arena,
                     const struct aw_finding *finding, struct aw_frozen *out,
                     struct aw_err *err) AW_MUST_USE;

/* {"id","version","why","code","provision","severity","pattern","absent",
 * "beside","contexts":[...]} as a member of an array. */
void aw_rule_json(struct aw_buf *out, const struct aw_rule *rule);

/* {"id","known"} with what is known: {"short","law","article","text",
 * "summary","from","to","status","to_be_checked","source","codes":[...]};
 * provision NULL: it is not. */
void aw_provision_json(struct aw_buf *out, struct aw_str id,
                       const struct aw_provision *provision);

#endif
