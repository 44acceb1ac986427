#include "evidence/members.h"

aw_rc aw_members_each(struct aw_str bytes, aw_warc_visit_fn *visit, void *self,
                      struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place place;
    aw_rc rc = aw_warc_reader_of(&reader, bytes, "warc", err);

    while (rc == AW_OK) {
        rc = aw_warc_next(reader, &record, &place, err);
        if (rc == AW_OK)
            rc = visit(self, &record, &place, err);
    }
    aw_warc_reader_free(reader);
    return rc == AW_MISSING ? AW_OK : rc;
}
