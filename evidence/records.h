/* records.h - the records of one capture, as members of one WARC file.
 *
 * The archive's bytes are copied as they are, member by member, behind the
 * warcinfo of the file that they came from: so a reader of WARCs reads
 * them, and every digest in them still holds. Each is read before it is
 * copied, for what is false must not be sealed. No record is copied twice; a
 * revisit has the record with its payload beside it.
 */
#ifndef AW_EVIDENCE_RECORDS_H
#define AW_EVIDENCE_RECORDS_H

#include "archive/warc.h"
#include "evidence/case.h"

#define AW_RECORDS_MAX 4000                       /* of one capture */
#define AW_RECORDS_BYTES_MAX ((size_t)300 << 20)  /* of its members */
#define AW_RESOURCE_BYTES_MAX ((int64_t)64 << 20) /* of one member */

struct aw_records {
    const char *archive_dir;
    struct aw_arena *arena; /* holds the list */
    struct aw_case_record *items;
    size_t count, cap;
    struct aw_buf bytes; /* of all members */
    size_t left_out;     /* resources that are not in the archive, or over a
                          * limit */
};

void aw_records_init(struct aw_records *records, struct aw_arena *arena,
                     const char *archive_dir);
void aw_records_deinit(struct aw_records *records);

/* Adds the record at place, its request and its metadata, and what a revisit
 * refers to. digest: of its payload, or empty. AW_INVALID: the archive holds
 * something else there. */
aw_rc aw_records_add(struct aw_records *records,
                     const struct aw_warc_place *place,
                     enum aw_record_role role, struct aw_str digest,
                     struct aw_err *err) AW_MUST_USE;

/* Adds the one of this URL that lies nearest to that time; where there is
 * none, or it is too large, it only counts. */
aw_rc aw_records_find(struct aw_records *records, struct aw_str url,
                      int64_t at_ms, enum aw_record_role role,
                      struct aw_err *err) AW_MUST_USE;

/* Is there one of this role, or of this URL with a payload? */
bool aw_records_has(const struct aw_records *records,
                    enum aw_record_role role);
bool aw_records_has_url(const struct aw_records *records, struct aw_str url);

const char *aw_record_role_name(enum aw_record_role role);

#endif
