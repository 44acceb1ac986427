/* members.h - a few WARC records in memory, checked. */
#ifndef AW_EVIDENCE_MEMBERS_H
#define AW_EVIDENCE_MEMBERS_H

#include "archive/warc.h"

struct aw_members {
    size_t records;
    char id[AW_UUID_URN_MAX]; /* of the response, revisit or resource */
    char payload_digest[AW_SHA256_HEX_MAX];
    size_t payloads; /* how many of those there are */
};

/* Reads every record: form, lengths and stated digests. AW_INVALID says what
 * is false. */
aw_rc aw_members_check(struct aw_str bytes, struct aw_members *out,
                       struct aw_err *err) AW_MUST_USE;

#endif
