#include "extract/html_page.h"

/* How far up a tag looks for what it closes: with it the time for a page of
 * nothing but unmatched tags stays linear. */
#define CLOSE_LEVELS_MAX 256

static size_t lowest_level(const struct aw_page *page)
{
    return page->depth > CLOSE_LEVELS_MAX ? page->depth - CLOSE_LEVELS_MAX : 0;
}

/* Ends the elements of these groups, with all inside them, but looks no
 * further than one that stops: a group or a flag. */
static void close_group(struct aw_page *page, unsigned groups, unsigned stops,
                        unsigned stop_flags)
{
    size_t low = lowest_level(page);

    for (size_t i = page->depth; i-- > low;) {
        const struct aw_tag *tag = page->stack[i].tag;

        if (tag->group & groups)
            page->depth = i;
        else if (tag->group & stops || tag->flags & stop_flags)
            return;
    }
}

void aw_page_close_implied(struct aw_page *page, const struct aw_tag *tag)
{
    if (tag->flags & AW_TAG_BLOCK && !(tag->flags & AW_TAG_TABLE))
        close_group(page, AW_GROUP_P, 0, AW_TAG_SCOPE);
    if (tag->closes)
        close_group(page, tag->closes, tag->stops, 0);
}

static uint32_t name_hash(struct aw_str name)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)aw_ascii_lower(name.ptr[i])) * 16777619u;
    return hash;
}

void aw_page_push(struct aw_page *page, const struct aw_token *token,
                  struct aw_how how, const struct aw_look *look)
{
    if (page->depth == AW_HTML_DEPTH_MAX) {
        page->over++;
        return;
    }
    page->stack[page->depth++] =
        (struct aw_page_open){token->tag, name_hash(token->text), how, *look};
}

/* May an end tag of `tag` close something outside of `open`? */
static bool stops_end_tag(const struct aw_tag *tag, const struct aw_tag *open)
{
    if (tag->flags & AW_TAG_TABLE)
        return (open->group & AW_GROUP_TABLE) != 0;
    return (open->flags &
            (tag->flags & AW_TAG_BLOCK ? AW_TAG_SCOPE : AW_TAG_BLOCK)) != 0;
}

void aw_page_pop(struct aw_page *page, const struct aw_token *token)
{
    uint32_t name = name_hash(token->text);
    size_t low = lowest_level(page);

    if (page->over > 0) {
        page->over--;
        return;
    }
    for (size_t i = page->depth; i-- > low;) {
        const struct aw_page_open *open = &page->stack[i];

        if (open->tag == token->tag && open->name == name) {
            page->depth = i;
            return;
        }
        if (stops_end_tag(token->tag, open->tag))
            return;
    }
}
