#include "tests/fuzz/hold.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "reader/protocol.h"

#define ANSWER_MAX ((size_t)256 << 20)

void hold_fail(const char *promise, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: not held: %s\n", file, line, promise);
    abort();
}

void hold_text(struct aw_str text, size_t most)
{
    HOLD(text.len <= most);
    HOLD(text.len == 0 || !memchr(text.ptr, '\0', text.len));
    HOLD(aw_utf8_valid(text));
}

static void hold_region(const struct aw_region *region)
{
    HOLD(region->page >= 0 && region->page <= AW_REGION_PAGE_MAX);
    HOLD(region->confidence <= 100);
    if (region->w == 0)
        return;
    HOLD(region->x >= 0 && region->x <= AW_REGION_SIDE_MAX);
    HOLD(region->y >= 0 && region->y <= AW_REGION_SIDE_MAX);
    HOLD(region->w > 0 && region->w <= AW_REGION_SIDE_MAX);
    HOLD(region->h > 0 && region->h <= AW_REGION_SIDE_MAX);
}

void hold_blocks(const struct aw_document *doc)
{
    HOLD(doc->block_count <= AW_DOCUMENT_BLOCKS_MAX);
    for (size_t i = 0; i < doc->block_count; i++) {
        const struct aw_block *block = &doc->blocks[i];

        HOLD(block->kind < AW_BLOCK_KIND_COUNT);
        HOLD(block->hidden < AW_HIDDEN_COUNT);
        HOLD(block->text.len > 0);
        hold_text(block->text, AW_DOCUMENT_ARENA_MAX);
        hold_region(&block->region);
    }
}

static void hold_url(struct aw_str url)
{
    hold_text(url, AW_DOCUMENT_URL_MAX);
    HOLD(aw_str_starts(url, AW_STR("http://")) ||
         aw_str_starts(url, AW_STR("https://")));
    HOLD(aw_str_find(url, AW_STR("#")) < 0);
}

static void hold_links(const struct aw_document *doc)
{
    HOLD(doc->link_count <= AW_DOCUMENT_LINKS_MAX);
    for (size_t i = 0; i < doc->link_count; i++) {
        HOLD(doc->links[i].kind < AW_LINK_KIND_COUNT);
        hold_url(doc->links[i].url);
    }
    if (doc->canonical.len > 0)
        hold_url(doc->canonical);
}

static void hold_parties(const struct aw_document *doc)
{
    HOLD(doc->party_count <= AW_DOCUMENT_PARTIES_MAX);
    for (size_t i = 0; i < doc->party_count; i++) {
        const struct aw_party *party = &doc->parties[i];

        HOLD(party->kind < AW_PARTY_KIND_COUNT);
        HOLD(party->value.len > 0);
        hold_text(party->value, AW_DOCUMENT_ARENA_MAX);
        if (party->start == 0 && party->end == 0)
            continue; /* it is in no text */
        HOLD(party->block < doc->block_count);
        HOLD(party->start < party->end);
        HOLD(party->end <= aw_utf8_count(doc->blocks[party->block].text));
    }
}

static void hold_apps(const struct aw_document *doc)
{
    HOLD(doc->app_count <= AW_DOCUMENT_APPS_MAX);
    for (size_t i = 0; i < doc->app_count; i++) {
        HOLD(doc->apps[i].key.len > 0);
        hold_text(doc->apps[i].key, AW_APP_KEY_MAX);
        for (int f = 0; f < AW_APP_FIELD_COUNT; f++)
            hold_text(doc->apps[i].fields[f], AW_APP_TEXT_MAX);
    }
}

static void hold_answer(const struct aw_document *doc)
{
    const struct aw_verdict verdict = {.doc_kind = AW_DOC_OTHER};
    struct aw_frame frame = {0};
    struct aw_answer answer = {0};
    struct aw_arena arena;
    struct aw_err err;
    struct aw_buf out;
    size_t size = 0;

    aw_buf_init(&out, ANSWER_MAX);
    aw_arena_init(&arena, ANSWER_MAX);
    HOLD(aw_answer_put(&out, 1, doc, &verdict, &err) == AW_OK);
    HOLD(aw_frame_get(aw_buf_str(&out), &frame, &size, &err) == AW_OK);
    HOLD(aw_answer_get(frame.head, &arena, &answer, &err) == AW_OK);
    HOLD(answer.ok && answer.blocks == (int64_t)doc->block_count);
    aw_arena_deinit(&arena);
    aw_buf_deinit(&out);
}

void hold_document(const struct aw_document *doc)
{
    HOLD(doc->channel < AW_CHANNEL_COUNT);
    HOLD(doc->sitemap < AW_SITEMAP_KIND_COUNT);
    hold_text(doc->title, AW_DOCUMENT_ARENA_MAX);
    hold_text(doc->note, AW_DOCUMENT_ARENA_MAX);
    HOLD(doc->text_digest.len == 0 ||
         doc->text_digest.len == AW_DOCUMENT_DIGEST_LEN);
    hold_blocks(doc);
    hold_links(doc);
    hold_parties(doc);
    hold_apps(doc);
    hold_answer(doc);
}

aw_rc hold_extract(const struct aw_extract_input *input)
{
    struct aw_document doc;
    struct aw_err err;
    aw_rc rc;

    aw_document_init(&doc, input->channel);
    doc.url = input->url;
    rc = aw_extract(input, &doc, &err);
    if (rc == AW_OK)
        hold_document(&doc);
    aw_document_deinit(&doc);
    return rc;
}

void hold_clean(struct aw_buf *out, const uint8_t *data, size_t size)
{
    struct aw_str bytes = {(const char *)data, size};

    aw_buf_init(out, 3 * size + 1); /* U+FFFD is three bytes */
    aw_utf8_clean(out, bytes);
    HOLD(out->rc == AW_OK);
    for (size_t i = 0; i < out->len; i++)
        if (out->ptr[i] == '\0')
            out->ptr[i] = ' ';
}
