#include "extract/html_page.h"
#include "extract/text.h"

/* "5; url='next.html'": the part that is the URL. (HTML Living Standard,
 * 4.2.5.3) */
static struct aw_str refresh_url(struct aw_str content)
{
    struct aw_str url = aw_str_trim(content);
    char quote;

    while (url.len > 0 && (aw_ascii_digit(url.ptr[0]) || url.ptr[0] == '.'))
        url = aw_str_sub(url, 1, url.len);
    url = aw_str_trim(url);
    if (url.len == 0 || (url.ptr[0] != ';' && url.ptr[0] != ','))
        return (struct aw_str){0};
    url = aw_str_trim(aw_str_sub(url, 1, url.len));
    if (aw_str_starts_nocase(url, AW_STR("url"))) {
        struct aw_str more = aw_str_trim(aw_str_sub(url, 3, url.len));

        if (aw_str_starts(more, AW_STR("=")))
            url = aw_str_trim(aw_str_sub(more, 1, more.len));
    }
    quote = url.len > 0 ? url.ptr[0] : '\0';
    if (quote == '"' || quote == '\'') {
        struct aw_str quoted = aw_str_sub(url, 1, url.len);

        (void)aw_str_split(&quoted, quote, &url);
    }
    return url;
}

static bool is_described_by(struct aw_str name)
{
    static const struct aw_str names[] = {
        {"description", 11},
        {"keywords", 8},
        {"og:title", 8},
        {"og:description", 14},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_str_eq_nocase(name, names[i]))
            return true;
    return false;
}

static struct aw_str meta_name(const struct aw_token *token)
{
    static const enum aw_attr_id ids[] = {AW_ATTR_NAME, AW_ATTR_PROPERTY,
                                          AW_ATTR_ITEMPROP};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (aw_token_has(token, ids[i]))
            return aw_str_trim(aw_token_attr(token, ids[i]));
    return (struct aw_str){0};
}

static void on_robots(struct aw_page *page, struct aw_str content)
{
    struct aw_str part;

    while (aw_str_split(&content, ',', &part)) {
        part = aw_str_trim(part);
        if (aw_str_eq_nocase(part, AW_STR("nofollow")) ||
            aw_str_eq_nocase(part, AW_STR("none")))
            page->doc->nofollow = true;
    }
}

/* The names that are there to be read always count, others (author,
 * copyright, anything a site invents) where they hold Chinese. */
void aw_page_on_meta(struct aw_page *page, const struct aw_token *token,
                     struct aw_how how)
{
    struct aw_str content = aw_page_value(page, token, AW_ATTR_CONTENT);
    struct aw_str name = meta_name(token);

    (void)how;
    if (aw_page_attr_is(token, AW_ATTR_HTTP_EQUIV, AW_STR("refresh")))
        aw_discover_add(&page->links, refresh_url(content), AW_LINK_EMBEDDED,
                        false);
    else if (aw_str_eq_nocase(name, AW_STR("robots")) ||
             (name.len > 0 && aw_str_eq_nocase(name, page->agent)))
        on_robots(page, content);
    else if (is_described_by(name) || aw_text_has_han(content))
        aw_flow_aside(&page->flow, AW_BLOCK_META,
                      aw_page_unseen(AW_HIDDEN_ELEMENT), content);
}
