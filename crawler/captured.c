#include "crawler/captured.h"

#include <stdio.h>

#include "extract/image.h"
#include "extract/mapping.h"
#include "extract/ocr.h"
#include "extract/pdf.h"

/* ---- opening --------------------------------------------------------------
 */

struct aw_captured_at aw_captured_at(const struct aw_capture *capture)
{
    struct aw_captured_at at = {
        .place = {.offset = capture->warc_offset,
                  .length = capture->warc_length},
        .digest = capture->payload_digest,
    };

    (void)snprintf(at.place.file, sizeof at.place.file, "%.*s",
                   AW_STR_ARG(capture->warc_file));
    return at;
}

static aw_rc open_record(struct aw_warc_reader **reader,
                         struct aw_warc_record *record, const char *dir,
                         const struct aw_warc_place *place, struct aw_err *err)
{
    aw_rc rc = aw_warc_open_place(reader, dir, place, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_warc_next(*reader, record, NULL, err);
    return rc == AW_MISSING
               ? aw_fail(err, AW_INVALID, "the archive has no record there")
               : rc;
}

/* A revisit has the head; its payload lies elsewhere. */
static aw_rc open_original(struct aw_captured *c, const char *dir,
                           struct aw_err *err)
{
    struct aw_warc_source source = {.dir = dir};
    struct aw_warc_record record = {0};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find_original(&source, &c->record, &place, err);

    if (rc == AW_OK)
        rc = open_record(&c->original, &record, dir, &place, err);
    if (rc == AW_OK)
        c->body = record.body;
    return rc;
}

aw_rc aw_captured_open(struct aw_captured *out, const char *archive_dir,
                       const struct aw_captured_at *at, struct aw_err *err)
{
    struct aw_captured c = {0};
    aw_rc rc = open_record(&c.reader, &c.record, archive_dir, &at->place, err);

    aw_buf_init(&c.pages, AW_PDF_BYTES_MAX);
    if (rc == AW_OK && at->digest.len > 0 &&
        !aw_str_eq(aw_str_of(c.record.payload_digest), at->digest))
        rc = aw_fail(err, AW_INVALID,
                     "the archive holds another payload than was captured");
    if (rc == AW_OK) {
        c.head = c.record.head;
        c.body = c.record.body;
        if (c.record.type == AW_WARC_REVISIT)
            rc = open_original(&c, archive_dir, err);
    }
    if (rc == AW_OK)
        *out = c;
    else
        aw_captured_close(&c);
    return rc;
}

void aw_captured_close(struct aw_captured *captured)
{
    aw_warc_reader_free(captured->original);
    aw_warc_reader_free(captured->reader);
    aw_buf_deinit(&captured->pages);
    *captured = (struct aw_captured){0};
}

/* ---- asking about it ------------------------------------------------------
 */

static aw_rc set_mapping(const struct aw_capture *capture,
                         const struct aw_config *config,
                         struct aw_arena *arena, struct aw_extract_input *out,
                         struct aw_err *err)
{
    const struct aw_source *source =
        config ? aw_config_source(config, capture->source.ptr) : NULL;
    struct aw_buf json;
    aw_rc rc;

    if (!source || !source->listing)
        return AW_OK;
    aw_buf_init(&json, AW_MAPPING_BYTES_MAX);
    aw_mapping_put(&json, source->listing, source->name);
    rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&json), &out->mapping, err);
    aw_buf_deinit(&json);
    return rc;
}

/* The pages of a PDF are rendered before, as ingest does. */
static void set_handed_in(struct aw_captured *captured,
                          const struct aw_config *config,
                          struct aw_str channel, struct aw_extract_input *out)
{
    struct aw_err ignored; /* the reader says that there is no text */

    out->content_type = captured->record.content_type;
    if (!aw_channel_parse(channel, &out->channel))
        out->channel = AW_CHANNEL_POSTER;
    if (aw_image_sniff(out->bytes) == AW_IMAGE_PDF && config &&
        aw_pdf_pages(out->bytes, config->crawl.image_ms * AW_OCR_PAGES_MAX,
                     &captured->pages, &ignored) == AW_OK)
        out->bytes = aw_buf_str(&captured->pages);
}

static void set_crawled(const struct aw_captured *captured,
                        const struct aw_capture *capture,
                        const struct aw_config *config,
                        struct aw_extract_input *out)
{
    out->url = capture->url;
    out->channel = AW_CHANNEL_WEB;
    if (config) {
        out->agent = aw_str_of(config->agent.name);
        out->decoded_max = config->crawl.decoded_max;
        out->ratio_max = config->crawl.ratio_max;
    }
    if (capture->plain > 0) {
        out->content_type = AW_STR("text/html; charset=utf-8");
        out->charset = AW_STR("utf-8");
        return;
    }
    out->content_type =
        aw_warc_http_field(captured->head, AW_STR("Content-Type"));
    out->content_encoding =
        aw_warc_http_field(captured->head, AW_STR("Content-Encoding"));
}

aw_rc aw_captured_input(struct aw_captured *captured,
                        const struct aw_capture *capture,
                        const struct aw_config *config, struct aw_str channel,
                        struct aw_arena *arena, struct aw_extract_input *out,
                        struct aw_err *err)
{
    *out = (struct aw_extract_input){.bytes = captured->body};
    if (aw_str_starts(capture->url, AW_STR("urn:")))
        set_handed_in(captured, config, channel, out);
    else
        set_crawled(captured, capture, config, out);
    return capture->plain > 0 ? AW_OK
                              : set_mapping(capture, config, arena, out, err);
}
