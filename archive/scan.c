#include "archive/warc_private.h"

void aw_warc_scan_init(struct aw_warc_scan *scan)
{
    *scan = (struct aw_warc_scan){0};
    scan->failed_at = -1;
    aw_buf_init(&scan->lines, AW_CDXJ_MAX);
}

void aw_warc_scan_deinit(struct aw_warc_scan *scan)
{
    aw_buf_deinit(&scan->lines);
}

static aw_rc scan_record(struct aw_warc_scan *scan,
                         struct aw_warc_reader *reader, struct aw_err *err)
{
    struct aw_warc_record record;
    struct aw_warc_place place;
    aw_rc rc = aw_warc_next(reader, &record, &place, err);

    if (rc != AW_OK)
        return rc;
    scan->records++;
    scan->end = aw_warc_reader_tell(reader);
    aw_cdxj_put(&scan->lines, &record, &place);
    return aw_buf_check(&scan->lines, err);
}

aw_rc aw_warc_scan_file(struct aw_warc_scan *scan, const char *path,
                        struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    aw_rc rc = aw_warc_reader_new(&reader, path, 0, err);

    while (rc == AW_OK)
        rc = scan_record(scan, reader, err);
    if (rc == AW_MISSING && reader) {
        scan->end = aw_warc_reader_tell(reader);
        rc = AW_OK;
    }
    if (reader) {
        scan->torn = aw_warc_reader_torn(reader);
        scan->sums = aw_warc_reader_sums(reader);
        if (rc != AW_OK)
            scan->failed_at = aw_warc_reader_start(reader);
    }
    aw_warc_reader_free(reader);
    return rc;
}

aw_rc aw_warc_index_each(struct aw_str bytes, const char *name,
                         aw_warc_visit_fn *visit, void *self,
                         struct aw_buf *out, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place place;
    struct aw_buf lines;
    aw_rc rc = aw_warc_reader_of(&reader, bytes, name, err);

    aw_buf_init(&lines, AW_CDXJ_MAX);
    while (rc == AW_OK) {
        rc = aw_warc_next(reader, &record, &place, err);
        if (rc == AW_OK)
            rc = visit(self, &record, &place, err);
        if (rc == AW_OK) {
            aw_cdxj_put(&lines, &record, &place);
            rc = aw_buf_check(&lines, err);
        }
    }
    if (rc == AW_MISSING)
        rc = aw_cdxj_sort(aw_buf_str(&lines), out, err);
    aw_buf_deinit(&lines);
    aw_warc_reader_free(reader);
    return rc;
}

static aw_rc pass(void *self, const struct aw_warc_record *record,
                  const struct aw_warc_place *place, struct aw_err *err)
{
    (void)self;
    (void)record;
    (void)place;
    (void)err;
    return AW_OK;
}

aw_rc aw_warc_index(struct aw_str bytes, const char *name, struct aw_buf *out,
                    struct aw_err *err)
{
    return aw_warc_index_each(bytes, name, pass, NULL, out, err);
}
