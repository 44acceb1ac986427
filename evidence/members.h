/* members.h - a few WARC records in memory, checked. */
#ifndef AW_EVIDENCE_MEMBERS_H
#define AW_EVIDENCE_MEMBERS_H

#include "archive/warc.h"

/* Told of each record, in their order; place.file means nothing. */
typedef aw_rc aw_members_fn(void *self, const struct aw_warc_record *record,
                            const struct aw_warc_place *place,
                            struct aw_err *err);

/* Reads every record: form, lengths and stated digests. AW_INVALID says what
 * is false. */
aw_rc aw_members_each(struct aw_str bytes, aw_members_fn *visit, void *self,
                      struct aw_err *err) AW_MUST_USE;

#endif
