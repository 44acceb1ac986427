/* item.h - what a file of a bundle is, for the list of evidence (证据清单):
 * who made it, how, and what it proves. By its name (bundle_names.h), and by
 * what its capture is to the case: what was handed in was fetched by nobody.
 */
#ifndef AW_EVIDENCE_ITEM_H
#define AW_EVIDENCE_ITEM_H

#include "evidence/case.h"

/* Fills made_by, made_how and proves, in c->kept; empty where nothing is
 * known. The capture that the name tells of is among those at hand. */
aw_rc aw_item_describe(struct aw_item *item, struct aw_case *c,
                       struct aw_str name, struct aw_err *err) AW_MUST_USE;

#endif
