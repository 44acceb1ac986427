/* item.h - what a file of a bundle is, for the list of evidence (证据清单):
 * who made it, how, and what it proves. By its name (bundle_names.h). */
#ifndef AW_EVIDENCE_ITEM_H
#define AW_EVIDENCE_ITEM_H

#include "evidence/case.h"

/* Fills made_by, made_how and proves; empty where nothing is known. */
void aw_item_describe(struct aw_item *item, struct aw_str name);

#endif
