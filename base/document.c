#include "base/document.h"

#include <string.h>

static const char *const channel_names[] = {
#define X(name, text) text,
    AW_CHANNEL_LIST(X)
#undef X
};

static const char *const block_kind_names[] = {
#define X(name, text) text,
    AW_BLOCK_KIND_LIST(X)
#undef X
};

static const char *const hidden_names[] = {
#define X(name, text) text,
    AW_HIDDEN_LIST(X)
#undef X
};

static const char *const party_kind_names[] = {
#define X(name, text) text,
    AW_PARTY_KIND_LIST(X)
#undef X
};

static const char *const link_kind_names[] = {
#define X(name, text) text,
    AW_LINK_KIND_LIST(X)
#undef X
};

static const char *const sitemap_kind_names[] = {
#define X(name, text) text,
    AW_SITEMAP_KIND_LIST(X)
#undef X
};

const char *aw_channel_name(enum aw_channel channel)
{
    return channel_names[channel];
}

const char *aw_block_kind_name(enum aw_block_kind kind)
{
    return block_kind_names[kind];
}

const char *aw_hidden_name(enum aw_hidden hidden)
{
    return hidden_names[hidden];
}

const char *aw_party_kind_name(enum aw_party_kind kind)
{
    return party_kind_names[kind];
}

const char *aw_link_kind_name(enum aw_link_kind kind)
{
    return link_kind_names[kind];
}

const char *aw_sitemap_kind_name(enum aw_sitemap_kind kind)
{
    return sitemap_kind_names[kind];
}

/* The index of name among count names, or count. */
static int find_name(struct aw_str name, const char *const *names, int count)
{
    int i = 0;

    while (i < count && !aw_str_eq(name, aw_str_of(names[i])))
        i++;
    return i;
}

bool aw_channel_parse(struct aw_str name, enum aw_channel *out)
{
    int i = find_name(name, channel_names, AW_CHANNEL_COUNT);

    if (i < AW_CHANNEL_COUNT)
        *out = (enum aw_channel)i;
    return i < AW_CHANNEL_COUNT;
}

bool aw_link_kind_parse(struct aw_str name, enum aw_link_kind *out)
{
    int i = find_name(name, link_kind_names, AW_LINK_KIND_COUNT);

    if (i < AW_LINK_KIND_COUNT)
        *out = (enum aw_link_kind)i;
    return i < AW_LINK_KIND_COUNT;
}

bool aw_sitemap_kind_parse(struct aw_str name, enum aw_sitemap_kind *out)
{
    int i = find_name(name, sitemap_kind_names, AW_SITEMAP_KIND_COUNT);

    if (i < AW_SITEMAP_KIND_COUNT)
        *out = (enum aw_sitemap_kind)i;
    return i < AW_SITEMAP_KIND_COUNT;
}

bool aw_block_visible(const struct aw_block *block)
{
    static const bool unread[AW_BLOCK_KIND_COUNT] = {
        [AW_BLOCK_META] = true,   [AW_BLOCK_ATTRIBUTE] = true,
        [AW_BLOCK_JSONLD] = true, [AW_BLOCK_SCRIPT] = true,
        [AW_BLOCK_STATE] = true,
    };

    return block->hidden == AW_HIDDEN_NONE && !unread[block->kind];
}

void aw_document_init(struct aw_document *doc, enum aw_channel channel)
{
    *doc = (struct aw_document){.channel = channel};
    aw_arena_init(&doc->arena, AW_DOCUMENT_ARENA_MAX);
}

void aw_document_deinit(struct aw_document *doc)
{
    aw_arena_deinit(&doc->arena);
    *doc = (struct aw_document){0};
}

static aw_rc add_block(struct aw_document *doc, struct aw_block block,
                       struct aw_err *err)
{
    struct aw_str text = block.text;
    void *blocks = doc->blocks;
    aw_rc rc;

    if (text.len == 0)
        return AW_OK;
    if (doc->block_count >= AW_DOCUMENT_BLOCKS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d blocks of text",
                       AW_DOCUMENT_BLOCKS_MAX);
    rc = aw_arena_grow(&doc->arena, &blocks, doc->block_count, &doc->block_cap,
                       sizeof block, err);
    doc->blocks = blocks; /* its cap has grown, whatever comes now */
    if (rc == AW_OK)
        rc = aw_arena_dup(&doc->arena, text, &block.text, err);
    if (rc != AW_OK)
        return rc;
    doc->blocks[doc->block_count++] = block;
    return AW_OK;
}

aw_rc aw_document_add_block(struct aw_document *doc, enum aw_block_kind kind,
                            enum aw_hidden hidden, struct aw_str text,
                            struct aw_err *err)
{
    struct aw_block block = {.kind = kind,
                             .hidden = hidden,
                             .text = text,
                             .frame = doc->frame,
                             .region.confidence = -1};

    return add_block(doc, block, err);
}

static bool is_side(int pixels)
{
    return pixels >= 0 && pixels <= AW_REGION_SIDE_MAX;
}

static bool has_place(const struct aw_region *at)
{
    return is_side(at->x) && is_side(at->y) && is_side(at->w) &&
           is_side(at->h) && at->h > 0;
}

aw_rc aw_document_add_region(struct aw_document *doc, struct aw_str text,
                             struct aw_region region, struct aw_err *err)
{
    struct aw_block block = {.kind = AW_BLOCK_OCR,
                             .text = text,
                             .region = region};

    if (!has_place(&region))
        block.region.x = block.region.y = block.region.w = block.region.h = 0;
    if (region.page < 0 || region.page > AW_REGION_PAGE_MAX)
        block.region.page = 0;
    if (region.confidence > 100)
        block.region.confidence = 100;
    return add_block(doc, block, err);
}

aw_rc aw_document_add_link(struct aw_document *doc, struct aw_link link,
                           struct aw_err *err)
{
    void *links = doc->links;
    aw_rc rc;

    if (doc->link_count >= AW_DOCUMENT_LINKS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d links",
                       AW_DOCUMENT_LINKS_MAX);
    rc = aw_arena_grow(&doc->arena, &links, doc->link_count, &doc->link_cap,
                       sizeof link, err);
    doc->links = links;
    if (rc == AW_OK)
        rc = aw_arena_dup(&doc->arena, link.url, &link.url, err);
    if (rc != AW_OK)
        return rc;
    doc->links[doc->link_count++] = link;
    return AW_OK;
}

aw_rc aw_document_add_party(struct aw_document *doc, struct aw_party party,
                            struct aw_err *err)
{
    void *parties = doc->parties;
    aw_rc rc;

    if (doc->party_count >= AW_DOCUMENT_PARTIES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d parties",
                       AW_DOCUMENT_PARTIES_MAX);
    rc = aw_arena_grow(&doc->arena, &parties, doc->party_count,
                       &doc->party_cap, sizeof party, err);
    doc->parties = parties;
    if (rc == AW_OK)
        rc = aw_arena_dup(&doc->arena, party.value, &party.value, err);
    if (rc != AW_OK)
        return rc;
    doc->parties[doc->party_count++] = party;
    return AW_OK;
}

static bool has_app(const struct aw_document *doc, struct aw_str key)
{
    for (size_t i = 0; i < doc->app_count; i++)
        if (aw_str_eq(doc->apps[i].key, key))
            return true;
    return false;
}

aw_rc aw_document_add_app(struct aw_document *doc, const struct aw_app *app,
                          struct aw_err *err)
{
    struct aw_app copy = {0};
    void *apps = doc->apps;
    aw_rc rc;

    if (has_app(doc, app->key))
        return AW_OK;
    if (doc->app_count >= AW_DOCUMENT_APPS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d apps",
                       AW_DOCUMENT_APPS_MAX);
    rc = aw_arena_grow(&doc->arena, &apps, doc->app_count, &doc->app_cap,
                       sizeof copy, err);
    doc->apps = apps;
    if (rc == AW_OK)
        rc = aw_app_dup(app, &doc->arena, &copy, err);
    if (rc != AW_OK)
        return rc;
    doc->apps[doc->app_count++] = copy;
    return AW_OK;
}
