#include "evidence/records.h"

#include <stdio.h>
#include <string.h>

void aw_records_init(struct aw_records *records, struct aw_arena *arena,
                     const char *archive_dir)
{
    *records = (struct aw_records){.archive_dir = archive_dir, .arena = arena};
    aw_buf_init(&records->bytes, AW_RECORDS_BYTES_MAX);
}

void aw_records_deinit(struct aw_records *records)
{
    aw_buf_deinit(&records->bytes);
}

const char *aw_record_role_name(enum aw_record_role role)
{
    static const char *const names[] = {
#define X(name, text) text,
        AW_RECORD_ROLE_LIST(X)
#undef X
    };

    return names[role];
}

bool aw_records_has(const struct aw_records *records, enum aw_record_role role)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].role == role)
            return true;
    return false;
}

bool aw_records_has_url(const struct aw_records *records, struct aw_str url)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].payload.len > 0 &&
            aw_str_eq(records->items[i].url, url))
            return true;
    return false;
}

/* ---- one member ---------------------------------------------------------
 */

static bool has_place(const struct aw_records *records,
                      const struct aw_warc_place *place)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].from_offset == place->offset &&
            aw_str_eq(records->items[i].from, aw_str_of(place->file)))
            return true;
    return false;
}

static aw_rc next_item(struct aw_records *records, struct aw_err *err)
{
    void *items = records->items;
    aw_rc rc;

    if (records->count >= AW_RECORDS_MAX)
        return aw_fail(err, AW_LIMIT, "a capture of more than %d records",
                       AW_RECORDS_MAX);
    rc = aw_arena_grow(records->arena, &items, records->count, &records->cap,
                       sizeof *records->items, err);
    records->items = items;
    return rc;
}

static aw_rc dup_texts(struct aw_records *records,
                       const struct aw_warc_record *record,
                       const struct aw_warc_place *place,
                       struct aw_case_record *item, struct aw_err *err)
{
    static const char *const types[] = {
#define X(name, text) text,
        AW_WARC_TYPE_LIST(X)
#undef X
    };
    const struct {
        struct aw_str from, *to;
    } texts[] = {{aw_str_of(record->id), &item->id},
                 {record->target_uri, &item->url},
                 {aw_str_of(record->payload_digest), &item->payload},
                 {aw_str_of(place->file), &item->from}};
    aw_rc rc = AW_OK;

    item->type = aw_str_of(types[record->type]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == AW_OK; i++)
        rc = aw_arena_dup(records->arena, texts[i].from, texts[i].to, err);
    return rc;
}

/* The record was read, so that its digests hold. */
static aw_rc copy_member(struct aw_records *records,
                         const struct aw_warc_record *record,
                         const struct aw_warc_place *place,
                         enum aw_record_role role, struct aw_err *err)
{
    struct aw_case_record item = {
        .role = role,
        .date_ms = record->date_ms,
        .offset = (int64_t)records->bytes.len,
        .length = place->length,
        .from_offset = place->offset,
        .is_style =
            aw_str_starts_nocase(aw_warc_http_field(record->head,
                                                    AW_STR("Content-Type")),
                                 AW_STR("text/css")),
    };
    aw_rc rc = next_item(records, err);

    if (rc == AW_OK)
        rc = dup_texts(records, record, place, &item, err);
    if (rc == AW_OK)
        rc = aw_warc_copy(records->archive_dir, place, &records->bytes, err);
    if (rc == AW_OK)
        records->items[records->count++] = item;
    return rc;
}

/* ---- a file's own record ------------------------------------------------
 */

/* Before the first record of each file of the archive stands its warcinfo. */
static aw_rc add_info(struct aw_records *records, const char *file,
                      struct aw_err *err)
{
    struct aw_warc_source source = {.dir = records->archive_dir};
    struct aw_warc_place place = {.length = 1}; /* whatever it has */
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    aw_rc rc;

    (void)snprintf(place.file, sizeof place.file, "%s", file);
    if (has_place(records, &place))
        return AW_OK;
    rc = aw_warc_open_found(&reader, &source, &place, err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, &place, err);
    (void)snprintf(place.file, sizeof place.file, "%s", file);
    if (rc == AW_OK && record.type == AW_WARC_WARCINFO)
        rc = copy_member(records, &record, &place, AW_RECORD_INFO, err);
    aw_warc_reader_free(reader);
    return rc;
}

/* ---- a response and what belongs to it ----------------------------------
 */

/* Request and metadata lie behind their response, as the writer has them.
 * What cannot be read there is not of this record: it ends the search. */
static aw_rc add_followers(struct aw_records *records,
                           struct aw_warc_reader *reader, const char *file,
                           struct aw_str id, enum aw_record_role role,
                           struct aw_err *err)
{
    struct aw_warc_record record;
    struct aw_warc_place place;
    struct aw_err ignored;
    aw_rc rc = AW_OK;

    while (
        rc == AW_OK &&
        aw_warc_next(reader, &record, &place, &ignored) == AW_OK &&
        aw_str_eq(record.concurrent_to, id) &&
        (record.type == AW_WARC_REQUEST || record.type == AW_WARC_METADATA)) {
        (void)snprintf(place.file, sizeof place.file, "%s", file);
        if (!has_place(records, &place))
            rc = copy_member(records, &record, &place, role, err);
    }
    return rc;
}

static aw_rc add_original(struct aw_records *records,
                          const struct aw_warc_record *revisit,
                          struct aw_err *err)
{
    struct aw_warc_source source = {.dir = records->archive_dir};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find_original(&source, revisit, &place, err);

    if (rc == AW_MISSING)
        return aw_fail(err, AW_MISSING,
                       "the archive lacks the record that has the payload of "
                       "%s",
                       revisit->id);
    return rc == AW_OK ? aw_records_add(records, &place, AW_RECORD_ORIGINAL,
                                        AW_STR(""), err)
                       : rc;
}

static aw_rc add_open(struct aw_records *records,
                      struct aw_warc_reader *reader,
                      const struct aw_warc_place *at, enum aw_record_role role,
                      struct aw_str digest, struct aw_err *err)
{
    struct aw_warc_record record = {0};
    struct aw_warc_place place;
    struct aw_str id;
    aw_rc rc = aw_warc_next(reader, &record, &place, err);

    if (rc != AW_OK)
        return rc == AW_MISSING ? aw_fail(err, AW_INVALID,
                                          "the archive has no record there")
                                : rc;
    if (digest.len > 0 && !aw_str_eq(digest, aw_str_of(record.payload_digest)))
        return aw_fail(err, AW_INVALID,
                       "the archive holds another payload than was captured");
    memcpy(place.file, at->file, sizeof place.file);
    rc = copy_member(records, &record, &place, role, err);
    if (rc == AW_OK && record.type == AW_WARC_REVISIT)
        rc = add_original(records, &record, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(records->arena, aw_str_of(record.id), &id, err);
    return rc == AW_OK
               ? add_followers(records, reader, at->file, id, role, err)
               : rc;
}

aw_rc aw_records_add(struct aw_records *records,
                     const struct aw_warc_place *place,
                     enum aw_record_role role, struct aw_str digest,
                     struct aw_err *err)
{
    struct aw_warc_source source = {.dir = records->archive_dir};
    struct aw_warc_reader *reader = NULL;
    aw_rc rc;

    if (has_place(records, place))
        return AW_OK;
    rc = aw_warc_open_found(&reader, &source, place, err);
    if (rc == AW_OK)
        rc = add_info(records, place->file, err);
    if (rc == AW_OK)
        rc = add_open(records, reader, place, role, digest, err);
    aw_warc_reader_free(reader);
    return rc;
}

aw_rc aw_records_find(struct aw_records *records, struct aw_str url,
                      int64_t at_ms, enum aw_record_role role,
                      struct aw_err *err)
{
    struct aw_warc_source source = {.dir = records->archive_dir};
    struct aw_warc_query query = {.urls = {url}, .at_ms = at_ms};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find(&source, &query, &place, err);

    if (rc == AW_MISSING ||
        (rc == AW_OK && (place.length > AW_RESOURCE_BYTES_MAX ||
                         records->count + 8 > AW_RECORDS_MAX ||
                         records->bytes.len + (size_t)place.length >
                             AW_RECORDS_BYTES_MAX / 2))) {
        records->left_out++;
        return AW_OK;
    }
    return rc == AW_OK ? aw_records_add(records, &place, role, AW_STR(""), err)
                       : rc;
}
