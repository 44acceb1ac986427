/* members.h - a few WARC records in memory, checked. */
#ifndef AW_EVIDENCE_MEMBERS_H
#define AW_EVIDENCE_MEMBERS_H

#include "archive/warc.h"

/* Reads every record, in their order: form, lengths and stated digests.
 * place.file means nothing. AW_INVALID says what is false. */
aw_rc aw_members_each(struct aw_str bytes, aw_warc_visit_fn *visit, void *self,
                      struct aw_err *err) AW_MUST_USE;

#endif
