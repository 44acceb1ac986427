#include "base/document_json.h"

#include "base/clock.h"
#include "base/json.h"

/* What is not known is left out. */
static void put_region(struct aw_buf *out, const struct aw_region *at)
{
    const int box[] = {at->x, at->y, at->w, at->h};

    if (at->page > 0)
        aw_json_int(out, "page", at->page);
    if (at->w > 0) {
        aw_json_open(out, "box", '[');
        for (size_t i = 0; i < sizeof box / sizeof *box; i++)
            aw_json_int(out, NULL, box[i]);
        aw_json_close(out, ']');
    }
    if (at->confidence >= 0)
        aw_json_int(out, "confidence", at->confidence);
}

static void put_blocks(struct aw_buf *out, const struct aw_document *doc)
{
    aw_json_open(out, "blocks", '[');
    for (size_t i = 0; i < doc->block_count; i++) {
        const struct aw_block *block = &doc->blocks[i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", aw_str_of(aw_block_kind_name(block->kind)));
        aw_json_text(out, "text", block->text);
        aw_json_bool(out, "hidden", block->hidden != AW_HIDDEN_NONE);
        if (block->hidden != AW_HIDDEN_NONE)
            aw_json_text(out, "hidden_why",
                         aw_str_of(aw_hidden_name(block->hidden)));
        if (block->font_px != 0)
            aw_json_int(out, "font_px", block->font_px);
        if (block->frame.len > 0)
            aw_json_text(out, "frame", block->frame);
        put_region(out, &block->region);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_links(struct aw_buf *out, const struct aw_document *doc)
{
    aw_json_open(out, "links", '[');
    for (size_t i = 0; i < doc->link_count; i++)
        aw_json_text(out, NULL, doc->links[i].url);
    aw_json_close(out, ']');
}

static void put_link_detail(struct aw_buf *out, const struct aw_link *link)
{
    char time[AW_TIME_MAX];

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "url", link->url);
    aw_json_text(out, "kind", aw_str_of(aw_link_kind_name(link->kind)));
    if (link->nofollow)
        aw_json_bool(out, "nofollow", true);
    if (link->kind == AW_LINK_EMBEDDED)
        aw_json_bool(out, "embedded", true);
    if (link->lastmod_ms != 0) {
        aw_time_iso(link->lastmod_ms, time);
        aw_json_text(out, "lastmod", aw_str_of(time));
    }
    aw_json_close(out, '}');
}

static void put_link_details(struct aw_buf *out, const struct aw_document *doc)
{
    aw_json_open(out, "link_details", '[');
    for (size_t i = 0; i < doc->link_count; i++)
        put_link_detail(out, &doc->links[i]);
    aw_json_close(out, ']');
}

static void put_parties_of(struct aw_buf *out, const struct aw_document *doc,
                           enum aw_party_kind kind)
{
    aw_json_open(out, aw_party_kind_name(kind), '[');
    for (size_t i = 0; i < doc->party_count; i++)
        if (doc->parties[i].kind == kind)
            aw_json_text(out, NULL, doc->parties[i].value);
    aw_json_close(out, ']');
}

static void put_place(struct aw_buf *out, const struct aw_party *party)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "kind", aw_str_of(aw_party_kind_name(party->kind)));
    aw_json_text(out, "value", party->value);
    aw_json_int(out, "block", (int64_t)party->block);
    aw_json_int(out, "start", (int64_t)party->start);
    aw_json_int(out, "end", (int64_t)party->end);
    aw_json_close(out, '}');
}

/* Of those that stand in the text. */
static void put_places(struct aw_buf *out, const struct aw_document *doc)
{
    aw_json_open(out, "places", '[');
    for (size_t i = 0; i < doc->party_count; i++)
        if (doc->parties[i].end > 0)
            put_place(out, &doc->parties[i]);
    aw_json_close(out, ']');
}

static void put_parties(struct aw_buf *out, const char *name,
                        const struct aw_document *doc)
{
    aw_json_open(out, name, '{');
    for (int kind = 0; kind < AW_PARTY_KIND_COUNT; kind++)
        put_parties_of(out, doc, (enum aw_party_kind)kind);
    put_places(out, doc);
    aw_json_close(out, '}');
}

aw_rc aw_document_json(const struct aw_document *doc, struct aw_buf *out,
                       struct aw_err *err)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "url", doc->url);
    aw_json_text(out, "charset", doc->charset);
    aw_json_text(out, "charset_why", doc->charset_why);
    aw_json_text(out, "title", doc->title);
    aw_json_text(out, "channel", aw_str_of(aw_channel_name(doc->channel)));
    aw_json_text(out, "canonical", doc->canonical);
    aw_json_text(out, "sitemap",
                 aw_str_of(aw_sitemap_kind_name(doc->sitemap)));
    aw_json_text(out, "text_digest", doc->text_digest);
    put_blocks(out, doc);
    put_links(out, doc);
    put_link_details(out, doc);
    if (doc->links_cut)
        aw_json_bool(out, "links_cut", true);
    put_parties(out, "parties", doc);
    aw_apps_json(out, "apps", doc->apps, doc->app_count);
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}

aw_rc aw_document_parties_json(const struct aw_document *doc,
                               struct aw_buf *out, struct aw_err *err)
{
    put_parties(out, NULL, doc);
    return aw_buf_check(out, err);
}
