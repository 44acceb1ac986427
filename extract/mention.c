#include "extract/mention.h"

#include <string.h>

#include "base/buf.h"
#include "extract/link.h"

struct scan {
    struct aw_document *doc;
    struct aw_err *err;
    aw_rc rc;
    struct aw_linker *linker;
    struct aw_buf href;
    size_t count;
};

static bool is_host_char(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '.';
}

static bool is_url_char(char c)
{
    return c > ' ' && c < 0x7F && !strchr("\"<>\\^`{|}", c);
}

/* What ends a sentence or a bracket ends no address; ")" does where its "("
 * is inside. */
static bool ends_sentence(struct aw_str url)
{
    char last = url.ptr[url.len - 1];

    if (last == ')')
        return aw_str_find(url, AW_STR("(")) < 0;
    return strchr(".,;:!?'*]", last) != NULL;
}

static struct aw_str url_at(struct aw_str text)
{
    size_t n = 0;

    while (n < text.len && n <= AW_DOCUMENT_URL_MAX &&
           is_url_char(text.ptr[n]))
        n++;
    text.len = n;
    while (text.len > 0 && ends_sentence(text))
        text.len--;
    return text;
}

/* "a.example", "a.example:80/b": with a dot between two parts of a host. */
static bool begins_with_host(struct aw_str text)
{
    size_t n = 0;
    size_t dot = 0;

    for (; n < text.len && is_host_char(text.ptr[n]); n++) {
        if (text.ptr[n] != '.')
            continue;
        if (n == 0 || text.ptr[n - 1] == '.')
            return false;
        dot = n;
    }
    return dot > 0 && n > dot + 1;
}

static bool is_known(const struct aw_document *doc, struct aw_str url)
{
    for (size_t i = 0; i < doc->link_count; i++)
        if (aw_str_eq(doc->links[i].url, url))
            return true;
    return false;
}

static void add(struct scan *s, const char *scheme, struct aw_str rest)
{
    struct aw_link link = {.kind = AW_LINK_TEXT};

    aw_buf_reset(&s->href);
    aw_buf_puts(&s->href, scheme);
    aw_buf_put(&s->href, rest);
    if (s->rc != AW_OK || s->count >= AW_MENTIONS_MAX ||
        s->doc->link_count >= AW_DOCUMENT_LINKS_MAX || s->href.rc != AW_OK ||
        !begins_with_host(rest) ||
        !aw_linker_resolve(s->linker, aw_buf_str(&s->href), &link.url))
        return;
    s->count++;
    if (!is_known(s->doc, link.url))
        s->rc = aw_document_add_link(s->doc, link, s->err);
}

/* text[at] is a colon: of "http://" or "https://"? */
static void try_scheme(struct scan *s, struct aw_str text, size_t at)
{
    struct aw_str before = aw_str_sub(text, 0, at);
    struct aw_str rest = aw_str_sub(text, at + 1, text.len);
    size_t n = at < 5 ? at : 5;
    struct aw_str scheme = aw_str_sub(before, at - n, n);

    if (!aw_str_starts(rest, AW_STR("//")))
        return;
    rest = url_at(aw_str_sub(rest, 2, rest.len));
    if (aw_str_eq_nocase(scheme, AW_STR("https")))
        add(s, "https://", rest);
    else if (n >= 4 &&
             aw_str_eq_nocase(aw_str_sub(scheme, n - 4, 4), AW_STR("http")))
        add(s, "http://", rest);
}

/* text[at] is a dot: of a "www." that begins a word? */
static void try_www(struct scan *s, struct aw_str text, size_t at)
{
    char before = at > 3 ? text.ptr[at - 4] : ' ';
    struct aw_str url;

    if (at < 3 ||
        !aw_str_eq_nocase(aw_str_sub(text, at - 3, 3), AW_STR("www")) ||
        is_host_char(before) || (before < 0x7F && strchr("/@_=", before)))
        return;
    url = url_at(aw_str_sub(text, at - 3, text.len));
    if (begins_with_host(aw_str_sub(url, 4, url.len)))
        add(s, "http://", url);
}

typedef void try_fn(struct scan *s, struct aw_str text, size_t at);

static void scan_for(struct scan *s, struct aw_str text, char mark,
                     try_fn *try_at)
{
    const char *end = text.ptr + text.len;
    const char *at = text.ptr;

    while (at < end && s->count < AW_MENTIONS_MAX &&
           (at = memchr(at, mark, (size_t)(end - at)))) {
        try_at(s, text, (size_t)(at - text.ptr));
        at++;
    }
}

aw_rc aw_mention_scan(struct aw_document *doc, struct aw_err *err)
{
    struct scan s = {.doc = doc, .err = err};

    aw_buf_init(&s.href, AW_DOCUMENT_URL_MAX + 16);
    s.rc = aw_linker_new(&s.linker, AW_STR(""), err);
    for (size_t i = 0; i < doc->block_count && s.rc == AW_OK; i++) {
        if (!aw_block_visible(&doc->blocks[i]))
            continue;
        scan_for(&s, doc->blocks[i].text, ':', try_scheme);
        scan_for(&s, doc->blocks[i].text, '.', try_www);
    }
    if (s.rc == AW_OK && s.href.rc == AW_NOMEM)
        s.rc = aw_buf_check(&s.href, err);
    if (s.rc == AW_OK)
        s.rc = aw_linker_check(s.linker, err);
    aw_linker_free(s.linker);
    aw_buf_deinit(&s.href);
    return s.rc;
}
