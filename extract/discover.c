#include "extract/discover.h"

#include "extract/link.h"
#include "extract/script.h"

aw_rc aw_discover_init(struct aw_discover *d, struct aw_document *doc,
                       struct aw_err *err)
{
    *d = (struct aw_discover){.doc = doc, .err = err};
    return aw_linker_new(&d->linker, doc->url, err);
}

void aw_discover_deinit(struct aw_discover *d)
{
    aw_linker_free(d->linker);
}

static bool has_room(struct aw_discover *d, enum aw_link_kind kind)
{
    if (kind == AW_LINK_IMAGE)
        return d->images++ < AW_DISCOVER_IMAGES_MAX;
    return true;
}

void aw_discover_add(struct aw_discover *d, struct aw_str href,
                     enum aw_link_kind kind, bool nofollow)
{
    struct aw_link link = {.nofollow = nofollow, .kind = kind};
    aw_rc rc;

    if (d->rc != AW_OK)
        return;
    if (!aw_linker_resolve(d->linker, href, &link.url)) {
        d->rc = aw_linker_check(d->linker, d->err);
        return;
    }
    if (!has_room(d, kind))
        return;
    rc = d->doc->link_count < AW_DOCUMENT_LINKS_MAX
             ? aw_document_add_link(d->doc, link, d->err)
             : AW_LIMIT;
    d->doc->links_cut |= rc == AW_LIMIT;
    if (rc != AW_LIMIT)
        d->rc = rc;
}

/* --- srcset --- */

/* Behind the candidate's descriptors: at the next comma outside of
 * parentheses. */
static struct aw_str skip_descriptors(struct aw_str text)
{
    bool inside = false;
    size_t n = 0;

    for (; n < text.len && (inside || text.ptr[n] != ','); n++) {
        if (text.ptr[n] == '(' || text.ptr[n] == ')')
            inside = text.ptr[n] == '(';
    }
    return aw_str_sub(text, n, text.len);
}

void aw_discover_srcset(struct aw_discover *d, struct aw_str srcset)
{
    while (srcset.len > 0) {
        size_t n = 0;
        size_t end;

        while (n < srcset.len &&
               (srcset.ptr[n] == ',' || aw_ascii_space(srcset.ptr[n])))
            n++;
        srcset = aw_str_sub(srcset, n, srcset.len);
        for (n = 0; n < srcset.len && !aw_ascii_space(srcset.ptr[n]);)
            n++;
        for (end = n; end > 0 && srcset.ptr[end - 1] == ',';)
            end--;
        aw_discover_add(d, aw_str_sub(srcset, 0, end), AW_LINK_IMAGE, false);
        srcset = aw_str_sub(srcset, n, srcset.len);
        if (end == n)
            srcset = skip_descriptors(srcset);
    }
}

/* --- <link> --- */

static bool has_word(struct aw_str list, struct aw_str word)
{
    struct aw_str part;

    while (aw_str_split(&list, ' ', &part))
        if (aw_str_eq_nocase(aw_str_trim(part), word))
            return true;
    return false;
}

/* The first one counts; it is a fact of the page and no link. */
static void set_canonical(struct aw_discover *d, struct aw_str href)
{
    struct aw_str url = {0};

    if (d->rc == AW_OK && d->doc->canonical.len == 0 &&
        aw_linker_resolve(d->linker, href, &url) && aw_link_absolute(url))
        d->rc = aw_arena_dup(&d->doc->arena, url, &d->doc->canonical, d->err);
}

/* A page or a feed: no style sheet, no description of an interface. */
static bool is_page_type(struct aw_str type)
{
    return type.len == 0 || (aw_str_find_nocase(type, AW_STR("oembed")) < 0 &&
                             (aw_str_find_nocase(type, AW_STR("html")) >= 0 ||
                              aw_str_find_nocase(type, AW_STR("xml")) >= 0));
}

void aw_discover_rel(struct aw_discover *d, struct aw_str rel,
                     struct aw_str type, struct aw_str href)
{
    static const struct aw_str followed[] = {{"alternate", 9},
                                             {"next", 4},
                                             {"prev", 4}};

    if (has_word(rel, AW_STR("canonical")))
        set_canonical(d, href);
    if (has_word(rel, AW_STR("stylesheet")) || !is_page_type(type))
        return;
    for (size_t i = 0; i < sizeof followed / sizeof followed[0]; i++) {
        if (has_word(rel, followed[i])) {
            aw_discover_add(d, href, AW_LINK_ALTERNATE,
                            has_word(rel, AW_STR("nofollow")));
            return;
        }
    }
}

/* --- scripts --- */

void aw_discover_script(struct aw_discover *d, struct aw_str code)
{
    char plain[AW_DOCUMENT_URL_MAX];
    struct aw_str url;

    code = aw_str_sub(code, 0, AW_DISCOVER_SCRIPT_MAX);
    while (aw_script_next(&code, plain, sizeof plain, &url))
        aw_discover_add(d, url, AW_LINK_SCRIPT, false);
}

void aw_discover_data_attr(struct aw_discover *d, struct aw_str value)
{
    value = aw_str_trim(value);
    if (aw_script_is_address(value))
        aw_discover_add(d, value, AW_LINK_SCRIPT, false);
}
