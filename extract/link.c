#include "extract/link.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "extract/query.h"

struct aw_linker {
    CURLU *base;  /* NULL: not known */
    bool based;   /* a <base> was seen */
    CURLU *outer; /* while in a frame: the base of its page */
    bool outer_based;
    bool starved;         /* memory was short once */
    struct aw_buf root;   /* of the base: "http://a.example" */
    struct aw_buf folder; /* of the base: "http://a.example/b/" */
    struct aw_query *coder;
    struct aw_buf query;
    struct aw_buf href;
    struct aw_buf url;
};

/* libcurl takes the percents of a host apart, whatever bytes come of it. */
static bool has_clean_host(CURLU *url)
{
    char *host = NULL;
    bool clean = curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                 aw_utf8_valid(aw_str_of(host));

    curl_free(host);
    return clean;
}

static CURLU *parse(CURLU *base, const char *text)
{
    CURLU *url = base ? curl_url_dup(base) : curl_url();

    if (url && (curl_url_set(url, CURLUPART_URL, text, CURLU_URLENCODE) != 0 ||
                !has_clean_host(url))) {
        curl_url_cleanup(url);
        return NULL;
    }
    return url;
}

static bool is_edge(char c)
{
    return (unsigned char)c <= ' ';
}

static struct aw_str trim_edges(struct aw_str href)
{
    while (href.len > 0 && is_edge(href.ptr[0]))
        href = aw_str_sub(href, 1, href.len);
    while (href.len > 0 && is_edge(href.ptr[href.len - 1]))
        href.len--;
    return href;
}

/* The bytes of href up to its fragment or, in the path, its query: without
 * tabs and line ends, in the path with slashes for backslashes. */
static size_t put_part(struct aw_buf *out, struct aw_str href, bool path)
{
    size_t from = 0;
    size_t i = 0;

    for (; i < href.len && href.ptr[i] != '#'; i++) {
        char c = href.ptr[i];

        if (path && c == '?')
            break;
        if (c != '\t' && c != '\n' && c != '\r' && !(path && c == '\\'))
            continue;
        aw_buf_append(out, href.ptr + from, i - from);
        if (c == '\\')
            aw_buf_putc(out, '/');
        from = i + 1;
    }
    if (i > from)
        aw_buf_append(out, href.ptr + from, i - from);
    return i;
}

static void put_query(struct aw_linker *linker, struct aw_str query)
{
    aw_buf_reset(&linker->query);
    (void)put_part(&linker->query, query, false);
    if (linker->query.rc != AW_OK)
        linker->href.rc = linker->query.rc;
    aw_query_put(linker->coder, &linker->href, aw_buf_str(&linker->query));
}

/* Fills linker->href; false where nothing is left or it is too long. */
static bool clean(struct aw_linker *linker, struct aw_str href)
{
    size_t path;

    href = trim_edges(href);
    aw_buf_reset(&linker->href);
    path = put_part(&linker->href, href, true);
    if (path < href.len && href.ptr[path] == '?')
        put_query(linker, aw_str_sub(href, path, href.len));
    return linker->href.len > 0 && linker->href.rc == AW_OK;
}

/* The length of "scheme", without its colon; 0 where there is none. */
static size_t scheme_len(struct aw_str href)
{
    size_t n = 0;

    if (href.len == 0 || !aw_ascii_alpha(href.ptr[0]))
        return 0;
    while (n < href.len &&
           (aw_ascii_alpha(href.ptr[n]) || aw_ascii_digit(href.ptr[n]) ||
            href.ptr[n] == '+' || href.ptr[n] == '-' || href.ptr[n] == '.'))
        n++;
    return n < href.len && href.ptr[n] == ':' ? n : 0;
}

bool aw_link_absolute(struct aw_str url)
{
    return scheme_len(url) > 0;
}

static bool is_fetchable(struct aw_str href)
{
    struct aw_str scheme = aw_str_sub(href, 0, scheme_len(href));

    return scheme.len == 0 || aw_str_eq_nocase(scheme, AW_STR("http")) ||
           aw_str_eq_nocase(scheme, AW_STR("https"));
}

/* "http:x" is "x" where the base is of that scheme, and "//x" where not; any
 * number of slashes from two on is two. (URL Standard, 4.4, special schemes)
 */
static bool mend_authority(struct aw_linker *linker)
{
    struct aw_str href = aw_buf_str(&linker->href);
    size_t scheme = scheme_len(href);
    size_t at = scheme > 0 ? scheme + 1 : 0;
    size_t slashes = 0;
    bool same = linker->root.len > at &&
                aw_str_starts_nocase(aw_buf_str(&linker->root),
                                     aw_str_sub(href, 0, at));

    while (at + slashes < href.len && href.ptr[at + slashes] == '/')
        slashes++;
    if (slashes == 2 || (slashes < 2 && scheme == 0))
        return true;
    aw_buf_reset(&linker->query);
    if (slashes > 2 || !same) {
        aw_buf_put(&linker->query, aw_str_sub(href, 0, at));
        aw_buf_puts(&linker->query, "//");
        at += slashes;
    }
    aw_buf_put(&linker->query, aw_str_sub(href, at, href.len));
    aw_buf_reset(&linker->href);
    aw_buf_put(&linker->href, aw_buf_str(&linker->query));
    return linker->query.rc == AW_OK && linker->href.len > 0;
}

/* What plain links are put behind: see join_plain. */
static void note_base(struct aw_linker *linker)
{
    char *text = NULL;
    struct aw_str rest;
    struct aw_str url = {0};
    ptrdiff_t host;
    size_t path;

    aw_buf_reset(&linker->root);
    aw_buf_reset(&linker->folder);
    if (curl_url_get(linker->base, CURLUPART_URL, &text, 0) != CURLUE_OK)
        return;
    rest = aw_str_of(text);
    (void)aw_str_split(&rest, '?', &url);
    host = aw_str_find(url, AW_STR("://"));
    path = host < 0 ? url.len : (size_t)host + 3;
    while (path < url.len && url.ptr[path] != '/')
        path++;
    aw_buf_put(&linker->root, aw_str_sub(url, 0, path));
    while (url.len > path && url.ptr[url.len - 1] != '/')
        url.len--;
    aw_buf_put(&linker->folder, url);
    curl_free(text);
}

static void set_base(struct aw_linker *linker, struct aw_str href)
{
    CURLU *base;

    if (!clean(linker, href) || !is_fetchable(aw_buf_str(&linker->href)) ||
        !mend_authority(linker)) {
        linker->starved |= linker->href.rc == AW_NOMEM;
        return;
    }
    base = parse(linker->base, linker->href.ptr);
    if (!base)
        return;
    curl_url_cleanup(linker->base);
    linker->base = base;
    note_base(linker);
}

aw_rc aw_linker_new(struct aw_linker **out, struct aw_str url,
                    struct aw_err *err)
{
    struct aw_linker *linker = calloc(1, sizeof *linker);

    if (!linker)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_buf_init(&linker->root, AW_LINK_BYTES_MAX);
    aw_buf_init(&linker->folder, AW_LINK_BYTES_MAX);
    aw_buf_init(&linker->query, AW_LINK_BYTES_MAX);
    aw_buf_init(&linker->href, AW_LINK_BYTES_MAX);
    aw_buf_init(&linker->url, AW_LINK_BYTES_MAX);
    set_base(linker, url);
    *out = linker;
    return AW_OK;
}

void aw_linker_free(struct aw_linker *linker)
{
    if (!linker)
        return;
    curl_url_cleanup(linker->base);
    curl_url_cleanup(linker->outer);
    aw_query_free(linker->coder);
    aw_buf_deinit(&linker->root);
    aw_buf_deinit(&linker->folder);
    aw_buf_deinit(&linker->query);
    aw_buf_deinit(&linker->href);
    aw_buf_deinit(&linker->url);
    free(linker);
}

void aw_linker_base(struct aw_linker *linker, struct aw_str href)
{
    if (linker->based)
        return;
    linker->based = true;
    set_base(linker, href);
}

bool aw_linker_enter(struct aw_linker *linker)
{
    CURLU *inner = linker->base ? curl_url_dup(linker->base) : NULL;

    if (linker->base && !inner) {
        linker->starved = true;
        return false;
    }
    linker->outer = linker->base;
    linker->outer_based = linker->based;
    linker->base = inner;
    linker->based = false;
    return true;
}

void aw_linker_leave(struct aw_linker *linker)
{
    curl_url_cleanup(linker->base);
    linker->base = linker->outer;
    linker->based = linker->outer_based;
    linker->outer = NULL;
    aw_buf_reset(&linker->root);
    aw_buf_reset(&linker->folder);
    if (linker->base)
        note_base(linker);
}

void aw_linker_charset(struct aw_linker *linker, struct aw_str charset)
{
    aw_query_free(linker->coder);
    aw_query_new(&linker->coder, charset);
}

static bool is_plain(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '_' ||
           c == '.' || c == '/' || c == '?' || c == '=' || c == '&' ||
           c == '%' || c == '+' || c == ',';
}

/* Nothing to encode, no scheme, no authority, no dot segment. */
static bool is_plain_path(struct aw_str href)
{
    char before = '/';

    if (href.ptr[0] == '?' || aw_str_starts(href, AW_STR("//")))
        return false;
    for (size_t i = 0; i < href.len; before = href.ptr[i++])
        if (!is_plain(href.ptr[i]) || (before == '/' && href.ptr[i] == '.'))
            return false;
    return true;
}

/* Most links of a page: joined without libcurl, twenty times as fast and with
 * the same result. */
static bool join_plain(struct aw_linker *linker)
{
    struct aw_str href = aw_buf_str(&linker->href);

    if (linker->root.len == 0 || linker->folder.len == 0 ||
        !is_plain_path(href))
        return false;
    aw_buf_put(&linker->url, aw_buf_str(href.ptr[0] == '/' ? &linker->root
                                                           : &linker->folder));
    aw_buf_put(&linker->url, href);
    return true;
}

static void join_any(struct aw_linker *linker)
{
    CURLU *url = parse(linker->base, linker->href.ptr);
    char *text = NULL;

    if (url && curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK)
        aw_buf_puts(&linker->url, text);
    curl_free(text);
    curl_url_cleanup(url);
}

static bool join(struct aw_linker *linker)
{
    aw_buf_reset(&linker->url);
    if (!join_plain(linker))
        join_any(linker);
    return linker->url.len > 0 && linker->url.rc == AW_OK;
}

static bool resolve(struct aw_linker *linker, struct aw_str href,
                    struct aw_str *out)
{
    struct aw_str cleaned;

    if (!clean(linker, href) || !is_fetchable(aw_buf_str(&linker->href)) ||
        !mend_authority(linker))
        return false;
    cleaned = aw_buf_str(&linker->href);
    if (!linker->base && scheme_len(cleaned) == 0) {
        *out = cleaned;
        return true;
    }
    if (!join(linker))
        return false;
    *out = aw_buf_str(&linker->url);
    return aw_str_starts_nocase(*out, AW_STR("http"));
}

bool aw_linker_resolve(struct aw_linker *linker, struct aw_str href,
                       struct aw_str *out)
{
    if (resolve(linker, href, out))
        return true;
    linker->starved |= linker->href.rc == AW_NOMEM ||
                       linker->query.rc == AW_NOMEM ||
                       linker->url.rc == AW_NOMEM;
    return false;
}

aw_rc aw_linker_check(const struct aw_linker *linker, struct aw_err *err)
{
    return linker->starved ? aw_fail(err, AW_NOMEM, "out of memory") : AW_OK;
}
