#include <stdio.h>

#include "crawler/ingest_private.h"

void aw_ingest_uri(const char *digest, char out[AW_HANDED_IN_URI_MAX])
{
    (void)snprintf(out, AW_HANDED_IN_URI_MAX, AW_HANDED_IN_URI "%s", digest);
}

/* ---- what a crash left ---------------------------------------------------
 */

static aw_rc read_date(struct aw_ingest *g, const struct aw_warc_place *place,
                       int64_t *date_ms, struct aw_err *err)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    aw_rc rc = aw_warc_open_place(&reader, g->in->archive_dir, place, err);

    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, err);
    if (rc == AW_OK)
        *date_ms = record.date_ms;
    aw_warc_reader_free(reader);
    return rc;
}

/* A record whose rows were not committed any more: it is not written twice.
 * One that cannot be had is. */
static bool find_record(struct aw_ingest *g, struct aw_str uri,
                        struct aw_warc_place *place, int64_t *date_ms)
{
    struct aw_warc_source source = {.dir = g->in->archive_dir};
    struct aw_warc_query query = {{uri}, AW_WARC_NEWEST};
    struct aw_err ignored;

    return g->after_crash &&
           aw_warc_find(&source, &query, place, &ignored) == AW_OK &&
           read_date(g, place, date_ms, &ignored) == AW_OK;
}

/* ---- records -------------------------------------------------------------
 */

static aw_rc append(struct aw_ingest *g, struct aw_str uri,
                    struct aw_str bytes, struct aw_str type,
                    struct aw_warc_place *place, int64_t *date_ms,
                    struct aw_err *err)
{
    struct aw_warc_record record = {
        .type = AW_WARC_RESOURCE,
        .date_ms = aw_clock_wall(g->in->clock),
        .target_uri = uri,
        .content_type = type,
        .body = bytes,
        .mime = type,
    };

    *date_ms = record.date_ms;
    return aw_warc_append(g->warc, &record, place, err);
}

aw_rc aw_ingest_archive(struct aw_ingest *g, struct aw_str bytes,
                        struct aw_str type, struct aw_arena *arena,
                        struct aw_capture *capture, struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    char uri[AW_HANDED_IN_URI_MAX];
    struct aw_warc_place place = {0};
    aw_rc rc = AW_OK;

    aw_sha256_hex(bytes, digest);
    aw_ingest_uri(digest, uri);
    if (!find_record(g, aw_str_of(uri), &place, &capture->fetched_ms))
        rc = append(g, aw_str_of(uri), bytes, type, &place,
                    &capture->fetched_ms, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_of(place.file), &capture->warc_file,
                          err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_of(uri), &capture->url, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_of(digest), &capture->payload_digest,
                          err);
    capture->mime = type;
    capture->body_bytes = (int64_t)bytes.len;
    capture->warc_offset = place.offset;
    capture->warc_length = place.length;
    return rc;
}

aw_rc aw_ingest_note(struct aw_ingest *g, struct aw_str uri, int64_t date_ms,
                     struct aw_str fields, struct aw_err *err)
{
    struct aw_warc_record record = {
        .type = AW_WARC_METADATA,
        .date_ms = aw_clock_wall(g->in->clock),
        .target_uri = uri,
        .content_type = AW_STR("application/warc-fields"),
        .refers_to_uri = uri,
        .refers_to_date_ms = date_ms,
        .body = fields,
    };
    struct aw_warc_place place;

    return aw_warc_append(g->warc, &record, &place, err);
}

/* ---- what is said of it --------------------------------------------------
 */

/* One line, whatever it holds. */
void aw_ingest_field(struct aw_buf *out, const char *name, struct aw_str value)
{
    if (value.len == 0)
        return;
    aw_buf_printf(out, "%s: ", name);
    for (size_t i = 0; i < value.len; i++)
        aw_buf_putc(out,
                    (unsigned char)value.ptr[i] < 0x20 ? ' ' : value.ptr[i]);
    aw_buf_puts(out, "\r\n");
}

void aw_ingest_facts(struct aw_buf *out, const struct aw_facts *facts)
{
    char time[AW_TIME_MAX] = "";

    if (facts->seen_unit != AW_SEEN_UNKNOWN)
        aw_time_iso(facts->seen_ms, time);
    aw_ingest_field(out, "place", facts->place);
    aw_ingest_field(out, "seen", aw_str_of(time));
    aw_ingest_field(out, "seen-exact-to",
                    aw_str_of(aw_seen_unit_name(facts->seen_unit)));
    aw_ingest_field(out, "who", facts->who);
    aw_ingest_field(out, "channel",
                    aw_str_of(aw_channel_name(facts->channel)));
    aw_ingest_field(out, "note", facts->note);
}
