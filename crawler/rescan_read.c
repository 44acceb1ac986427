#include <stdio.h>

#include "archive/warc.h"
#include "crawler/finding.h"
#include "crawler/listing.h"
#include "crawler/rescan_private.h"
#include "crawler/url.h"
#include "extract/image.h"
#include "extract/ocr.h"
#include "extract/pdf.h"

/* ---- to the reader -------------------------------------------------------
 */

static aw_rc refuse(struct aw_rescan_slot *slot, const char *why,
                    struct aw_err *err)
{
    slot->is_read = true;
    return aw_arena_dup(&slot->arena, aw_str_of(why), &slot->why, err);
}

static aw_rc set_mapping(struct aw_rescan_slot *slot,
                         struct aw_extract_input *input, struct aw_err *err)
{
    const struct aw_source *source =
        aw_config_source(slot->rescan->in->config, slot->capture.source.ptr);

    return source && source->listing
               ? aw_listing_mapping(source, &slot->arena, &input->mapping, err)
               : AW_OK;
}

/* As ingest asks. */
static aw_rc fill_handed_in(struct aw_rescan_slot *slot,
                            const struct aw_warc_record *record,
                            struct aw_extract_input *input, struct aw_err *err)
{
    input->content_type = record->content_type;
    if (!aw_channel_parse(slot->channel, &input->channel))
        input->channel = AW_CHANNEL_POSTER;
    return set_mapping(slot, input, err);
}

/* As a crawl asks for the page in a browser, and for the page as fetched. */
static aw_rc fill_crawled(struct aw_rescan_slot *slot,
                          const struct aw_warc_record *record,
                          struct aw_extract_input *input, struct aw_err *err)
{
    const struct aw_config *config = slot->rescan->in->config;

    input->url = slot->capture.url;
    input->channel = AW_CHANNEL_WEB;
    input->agent = aw_str_of(config->agent.name);
    if (slot->capture.plain > 0) {
        input->content_type = AW_STR("text/html; charset=utf-8");
        input->charset = AW_STR("utf-8");
        return AW_OK;
    }
    input->content_type =
        aw_warc_http_field(record->head, AW_STR("Content-Type"));
    input->content_encoding =
        aw_warc_http_field(record->head, AW_STR("Content-Encoding"));
    input->decoded_max = config->crawl.decoded_max;
    input->ratio_max = config->crawl.ratio_max;
    return set_mapping(slot, input, err);
}

/* The pages of a PDF are rendered before, as ingest does. */
static struct aw_str readable(const struct aw_rescan_slot *slot,
                              struct aw_str bytes, struct aw_buf *pages)
{
    int64_t most_ms =
        slot->rescan->in->config->crawl.image_ms * AW_OCR_PAGES_MAX;
    struct aw_err ignored; /* the reader says that there is no text */

    if (slot->channel.len > 0 && aw_image_sniff(bytes) == AW_IMAGE_PDF &&
        aw_pdf_pages(bytes, most_ms, pages, &ignored) == AW_OK)
        return aw_buf_str(pages);
    return bytes;
}

static aw_rc ask(struct aw_rescan_slot *slot,
                 const struct aw_warc_record *record, struct aw_err *err)
{
    struct aw_extract_input input = {0};
    struct aw_buf pages;
    aw_rc rc = slot->channel.len > 0
                   ? fill_handed_in(slot, record, &input, err)
                   : fill_crawled(slot, record, &input, err);

    aw_buf_init(&pages, AW_PDF_BYTES_MAX);
    input.bytes = readable(slot, record->body, &pages);
    if (rc == AW_OK)
        rc = aw_reader_pool_ask(slot->rescan->readers, &input, slot, err);
    aw_buf_deinit(&pages);
    return rc;
}

static aw_rc check(const struct aw_rescan_slot *slot,
                   const struct aw_warc_record *record, struct aw_err *err)
{
    if (aw_str_eq(aw_str_of(record->payload_digest),
                  slot->capture.payload_digest) ||
        slot->capture.plain > 0)
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "the archive holds another payload than was captured");
}

aw_rc aw_rescan_ask(struct aw_rescan_slot *slot, struct aw_err *err)
{
    struct aw_warc_place place = {.offset = slot->capture.warc_offset,
                                  .length = slot->capture.warc_length};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    struct aw_err bad;
    aw_rc rc;

    (void)snprintf(place.file, sizeof place.file, "%.*s",
                   AW_STR_ARG(slot->capture.warc_file));
    rc = aw_warc_open_place(&reader, slot->rescan->in->archive_dir, &place,
                            &bad);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, &bad);
    if (rc == AW_OK)
        rc = check(slot, &record, &bad);
    rc = rc == AW_OK ? ask(slot, &record, err) : refuse(slot, bad.msg, err);
    aw_warc_reader_free(reader);
    return rc;
}

/* ---- and back ------------------------------------------------------------
 */

static aw_rc own_all(struct aw_arena *arena, struct aw_str *const *texts,
                     size_t count, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, *texts[i], texts[i], err);
    return rc;
}

static aw_rc own_claim(struct aw_arena *arena, struct aw_claim_row *c,
                       struct aw_err *err)
{
    struct aw_str *const texts[] = {&c->class, &c->quote, &c->before,
                                    &c->after, &c->rule,  &c->rule_version,
                                    &c->code,  &c->law,   &c->why};

    return own_all(arena, texts, sizeof texts / sizeof *texts, err);
}

/* It outlasts the answer. */
static aw_rc own_finding(struct aw_arena *arena, struct aw_finding *f,
                         struct aw_err *err)
{
    struct aw_str *const texts[] = {&f->url,       &f->host,
                                    &f->source,    &f->channel,
                                    &f->title,     &f->doc_kind,
                                    &f->parties,   &f->lexicon_hash,
                                    &f->model_hash};
    aw_rc rc = own_all(arena, texts, sizeof texts / sizeof *texts, err);

    for (size_t i = 0; i < f->claim_count && rc == AW_OK; i++)
        rc = own_claim(arena, &f->claims[i], err);
    return rc;
}

static aw_rc keep_finding(struct aw_rescan_slot *slot,
                          const struct aw_answer *answer, struct aw_err *err)
{
    struct aw_url_parts parts = {0};
    struct aw_finding_from from = {
        .capture = &slot->capture,
        .answer = answer,
        .lexicon_hash = aw_reader_pool_lexicon_hash(slot->rescan->readers),
        .model_hash = aw_reader_pool_model_hash(slot->rescan->readers),
    };
    aw_rc rc = AW_OK;

    if (slot->channel.len == 0)
        rc = aw_url_parse(slot->capture.url, &parts, err);
    from.host = parts.host;
    if (rc == AW_OK)
        rc = aw_finding_make(&from, &slot->arena, &slot->now, err);
    return rc == AW_OK ? own_finding(&slot->arena, &slot->now, err) : rc;
}

/* Rules that a reader which was started anew found changed on disk are not
 * those of this rescan. */
static bool is_of_these_rules(const struct aw_rescan *r)
{
    return aw_str_eq(aw_str_of(aw_reader_pool_lexicon_hash(r->readers)),
                     r->row.lexicon_hash) &&
           aw_str_eq(aw_str_of(aw_reader_pool_model_hash(r->readers)),
                     r->row.model_hash);
}

void aw_rescan_answered(void *self, void *job, aw_rc rc,
                        const struct aw_answer *answer, const char *why)
{
    struct aw_rescan *r = self;
    struct aw_rescan_slot *slot = job;

    slot->is_read = true;
    if (rc != AW_OK)
        slot->rc = refuse(slot, why, &slot->err);
    else if (!answer->ok)
        slot->rc = refuse(slot, answer->error.ptr, &slot->err);
    else if (!is_of_these_rules(r))
        slot->rc = aw_fail(&slot->err, AW_CONFIG,
                           "rules or model were changed during the rescan: "
                           "run it again");
    else if (answer->blocks > 0 && aw_finding_is_due(answer)) {
        slot->is_suspected = true;
        slot->rc = keep_finding(slot, answer, &slot->err);
    }
}
