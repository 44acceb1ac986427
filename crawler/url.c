#include "crawler/url.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <string.h>

#include "crawler/url_private.h"

#define TEXT_MAX AW_URL_TEXT_MAX
#define SHOWN_MAX 80 /* bytes of a scheme in a message */

/* Query parameters that tell how a visitor came, or which visit it is, and
 * never what the page shows. Short names that some sites use for content
 * ("from", "sid", "scm") stay. "*" stands for any ending. */
static const char *const dropped[] = {
    "utm_*",
    /* advertising and mail: Google, Meta, Microsoft, X, TikTok, HubSpot */
    "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source",
    "gad_campaignid", "srsltid", "_ga", "_gl", "fbclid", "igshid", "msclkid",
    "twclid", "ttclid", "yclid", "_openstat", "mc_cid", "mc_eid", "_hsenc",
    "_hsmi", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id",
    /* Alibaba, Baidu and its Tongji, 360, Bilibili, Sina */
    "spm", "spm_id_from", "bd_vid", "hmsr", "hmpl", "hmcu", "hmkw", "hmci",
    "qhclickid", "vd_source", "sudaref",
    /* sessions: PHP, Java, ASP */
    "phpsessid", "jsessionid", "aspsessionid*"};

/* A URL reference taken apart, not yet in canonical form. */
struct reference {
    struct aw_str scheme; /* empty: there is none */
    struct aw_str authority;
    struct aw_str path;
    struct aw_str query;
    bool has_authority;
    bool has_query;
};

static struct aw_str shown(struct aw_str s)
{
    return aw_str_sub(s, 0, SHOWN_MAX);
}

static bool is_one_of(char c, const char *set)
{
    while (*set && *set != c)
        set++;
    return *set != '\0';
}

/* The place of the first octet of s that is one of set, or s.len. Sets are
 * short: a call of strchr for each octet would cost more. */
static size_t span_until(struct aw_str s, const char *set)
{
    size_t i = 0;

    while (i < s.len && !is_one_of(s.ptr[i], set))
        i++;
    return i;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static bool is_c0_or_space(char c)
{
    return (unsigned char)c <= ' ';
}

static struct aw_str skip(struct aw_str s, size_t len)
{
    return aw_str_sub(s, len, s.len);
}

/* Appends s without what a browser takes out before it looks at a URL. */
static void put_clean(struct aw_buf *out, struct aw_str s)
{
    while (s.len > 0 && is_c0_or_space(s.ptr[0]))
        s = skip(s, 1);
    while (s.len > 0 && is_c0_or_space(s.ptr[s.len - 1]))
        s.len--;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '\t' && s.ptr[i] != '\n' && s.ptr[i] != '\r')
            aw_buf_putc(out, s.ptr[i]);
}

/* The scheme in front of text, or empty. */
static struct aw_str scheme_of(struct aw_str text)
{
    size_t i = 0;

    if (text.len == 0 || !aw_ascii_alpha(text.ptr[0]))
        return (struct aw_str){0};
    while (i < text.len &&
           (aw_ascii_alpha(text.ptr[i]) || aw_ascii_digit(text.ptr[i]) ||
            (text.ptr[i] && strchr("+-.", text.ptr[i]))))
        i++;
    if (i == text.len || text.ptr[i] != ':')
        return (struct aw_str){0};
    return aw_str_sub(text, 0, i);
}

static bool is_web_scheme(struct aw_str scheme)
{
    return aw_str_eq_nocase(scheme, AW_STR("http")) ||
           aw_str_eq_nocase(scheme, AW_STR("https"));
}

static size_t count_slashes(struct aw_str s)
{
    size_t n = 0;

    while (s.ptr && n < s.len && is_slash(s.ptr[n]))
        n++;
    return n;
}

/* A scheme and two slashes stand alone; another scheme is refused anyway. */
static bool needs_base(struct aw_str text)
{
    struct aw_str scheme = scheme_of(text);

    if (scheme.len > 0 && !is_web_scheme(scheme))
        return false;
    return scheme.len == 0 || count_slashes(skip(text, scheme.len + 1)) < 2;
}

/* Takes the fragment off, then the query. */
static void split_query(struct aw_str *text, struct reference *ref)
{
    size_t query;

    text->len = span_until(*text, "#");
    query = span_until(*text, "?");
    ref->has_query = query < text->len;
    ref->query = skip(*text, query + 1);
    text->len = query;
}

/* Takes text apart. With a scheme, one slash or none still leads to a host,
 * as in "http:host"; but "http:g" is relative on a page of the same scheme. */
static aw_rc split(struct aw_str text, const struct reference *base,
                   struct reference *out, struct aw_err *err)
{
    struct reference ref = {.scheme = scheme_of(text)};
    size_t slashes;

    if (ref.scheme.len > 0 && !is_web_scheme(ref.scheme))
        return aw_fail(err, AW_INVALID,
                       "scheme \"%.*s\" is neither http nor https",
                       AW_STR_ARG(shown(ref.scheme)));
    if (ref.scheme.len > 0)
        text = skip(text, ref.scheme.len + 1);
    split_query(&text, &ref);
    slashes = count_slashes(text);
    ref.has_authority =
        slashes >= 2 ||
        (ref.scheme.len > 0 && !aw_str_eq_nocase(ref.scheme, base->scheme));
    if (ref.has_authority) {
        text = skip(text, slashes);
        ref.authority = aw_str_sub(text, 0, span_until(text, "/\\"));
        text = skip(text, ref.authority.len);
    }
    ref.path = text;
    *out = ref;
    return AW_OK;
}

/* Appends path as it reads from the folder of base (RFC 3986, 5.2.3). libcurl
 * would do it, but up to 7.88 loses a slash of ".//x" and takes "1:x" for a
 * URL. */
static void put_merged(struct aw_buf *out, struct aw_str base,
                       struct aw_str path)
{
    while (base.len > 0 && base.ptr[base.len - 1] != '/')
        base.len--;
    aw_buf_put(out, base);
    aw_buf_put(out, path);
}

/* Fills in what ref leaves to base (RFC 3986, 5.2.2); merged keeps the path
 * where it is a new one. */
static aw_rc complete(struct reference *ref, const struct reference *base,
                      struct aw_buf *merged, struct aw_err *err)
{
    if ((!ref->has_authority || ref->scheme.len == 0) && base->scheme.len == 0)
        return aw_fail(err, AW_INVALID, "relative, and no base is known");
    if (ref->scheme.len == 0)
        ref->scheme = base->scheme;
    if (ref->has_authority)
        return AW_OK;
    ref->authority = base->authority;
    if (ref->path.len == 0) {
        ref->path = base->path;
        ref->query = ref->has_query ? ref->query : base->query;
        ref->has_query = ref->has_query || base->has_query;
    } else if (!is_slash(ref->path.ptr[0])) {
        put_merged(merged, base->path, ref->path);
        ref->path = aw_buf_str(merged);
    }
    return aw_buf_check(merged, err);
}

static bool is_unreserved(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void put_escape(struct aw_buf *out, unsigned octet)
{
    static const char digits[] = "0123456789ABCDEF";
    char text[3] = {'%', digits[octet >> 4 & 15], digits[octet & 15]};

    aw_buf_append(out, text, sizeof text);
}

int aw_url_escaped_octet(struct aw_str s, size_t i)
{
    int high, low;

    if (s.len - i < 3 || s.ptr[i] != '%')
        return -1;
    high = aw_hex_value(s.ptr[i + 1]);
    low = aw_hex_value(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* True where c after text would make an escape of a "%" that is none. */
static bool would_complete(struct aw_str text, char c)
{
    size_t len = text.len;

    if (aw_hex_value(c) < 0)
        return false;
    if (len >= 1 && text.ptr[len - 1] == '%')
        return true;
    return len >= 2 && text.ptr[len - 2] == '%' &&
           aw_hex_value(text.ptr[len - 1]) >= 0;
}

void aw_url_put_encoded(struct aw_buf *out, struct aw_str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++) {
        int octet = aw_url_escaped_octet(s, i);
        char c = s.ptr[i];

        if (octet >= 0) {
            i += 2;
            c = (char)octet;
            if (is_unreserved(c) && !would_complete(aw_buf_str(out), c))
                aw_buf_putc(out, c);
            else
                put_escape(out, (unsigned)octet);
        } else if (is_c0_or_space(c) || (unsigned char)c >= 0x7F ||
                   strchr(set, c)) {
            put_escape(out, (unsigned char)c);
        } else {
            aw_buf_putc(out, c);
        }
    }
}

/* Appends ":port", or nothing where the colon has none behind it, or the
 * scheme's own. */
static aw_rc put_port(struct aw_buf *out, struct aw_str port, int64_t own,
                      struct aw_err *err)
{
    int64_t number = 0;

    if (port.len == 0)
        return AW_OK;
    if (!aw_ascii_digit(port.ptr[0]) || !aw_str_to_int(port, &number) ||
        number > UINT16_MAX)
        return aw_fail(err, AW_INVALID, "the port is not from 0 to 65535");
    if (number != own)
        aw_buf_printf(out, ":%" PRId64, number);
    return AW_OK;
}

/* Appends host and port; what stands before "@" is dropped. */
static aw_rc put_authority(struct aw_buf *out, struct aw_str authority,
                           int64_t own_port, struct aw_err *err)
{
    size_t start = authority.len;
    struct aw_str host, port;
    aw_rc rc;

    while (start > 0 && authority.ptr[start - 1] != '@')
        start--;
    host = skip(authority, start);
    if (host.len > 0 && host.ptr[0] == '[') {
        port = skip(host, span_until(host, "]") + 1);
        host.len -= port.len;
    } else {
        port = skip(host, span_until(host, ":"));
        host.len -= port.len;
    }
    if (host.len == 0)
        return aw_fail(err, AW_INVALID, "no host");
    if (port.len > 0 && port.ptr[0] != ':')
        return aw_url_fail_host(err, host, "has something behind it");
    rc = aw_url_put_host(out, host, err);
    return rc == AW_OK ? put_port(out, skip(port, 1), own_port, err) : rc;
}

/* Appends path without ";jsessionid=..." in any of its segments. This comes
 * before dot segments are resolved: ".." may be what is left. */
static void put_without_session(struct aw_buf *out, struct aw_str path)
{
    for (;;) {
        ptrdiff_t at = aw_str_find_nocase(path, AW_STR(";jsessionid="));

        if (at < 0)
            break;
        aw_buf_put(out, aw_str_sub(path, 0, (size_t)at));
        path = skip(path, (size_t)at + 1);
        path = skip(path, span_until(path, ";/"));
    }
    aw_buf_put(out, path);
}

/* Appends path in its encoded form, with slashes for backslashes. */
static void put_encoded_path(struct aw_buf *out, struct aw_str path,
                             bool whole)
{
    struct aw_buf text;

    aw_buf_init(&text, TEXT_MAX);
    aw_url_put_encoded(&text, path, AW_URL_IN_PATH);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\\')
            text.ptr[i] = '/';
    if (whole)
        aw_buf_put(out, aw_buf_str(&text));
    else
        put_without_session(out, aw_buf_str(&text));
    if (text.rc != AW_OK)
        out->rc = text.rc;
    aw_buf_deinit(&text);
}

/* "utm_*" matches what starts with it. */
bool aw_url_is_dropped(struct aw_str name)
{
    char first = name.len > 0 ? aw_ascii_lower(name.ptr[0]) : '\0';

    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
        struct aw_str entry = {0};
        bool open;

        if (dropped[i][0] != first)
            continue;
        entry = aw_str_of(dropped[i]);
        open = aw_str_ends(entry, AW_STR("*"));
        entry.len -= open;
        if (open ? aw_str_starts_nocase(name, entry)
                 : aw_str_eq_nocase(name, entry))
            return true;
    }
    return false;
}

/* Appends "?" and the parameters that count. A query that was empty stays,
 * one that is empty now goes. */
static void put_params(struct aw_buf *out, struct aw_str query)
{
    struct aw_str rest = query.ptr ? query : AW_STR("");
    size_t start = out->len;
    struct aw_str param;
    char mark = '?';

    while (aw_str_split(&rest, '&', &param)) {
        if (aw_url_is_dropped(aw_str_sub(param, 0, span_until(param, "="))))
            continue;
        aw_buf_putc(out, mark);
        aw_buf_put(out, param);
        mark = '&';
    }
    if (query.len > 0 && out->len == start + 1) {
        out->len = start;
        out->ptr[start] = '\0';
    }
}

static aw_rc put_query(struct aw_buf *out, struct aw_str query, bool whole,
                       struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    aw_url_put_encoded(&text, query, AW_URL_IN_QUERY);
    rc = aw_buf_check(&text, err);
    if (whole) {
        aw_buf_putc(out, '?');
        aw_buf_put(out, aw_buf_str(&text));
    } else {
        put_params(out, aw_buf_str(&text));
    }
    aw_buf_deinit(&text);
    return rc;
}

/* Appends path without its dot segments, as libcurl takes them out; an empty
 * one is "/". libcurl sees another host: it refuses names that browsers do
 * not, with which it is not asked here. */
static aw_rc put_without_dots(struct aw_buf *out, struct aw_str path,
                              struct aw_err *err)
{
    CURLU *handle = curl_url();
    CURLUcode code = CURLUE_OUT_OF_MEMORY;
    char *text = NULL;
    struct aw_buf url;

    aw_buf_init(&url, TEXT_MAX);
    aw_buf_puts(&url, "http://h");
    aw_buf_put(&url, path);
    if (handle && url.rc == AW_OK)
        code = curl_url_set(handle, CURLUPART_URL, url.ptr, 0);
    if (code == CURLUE_OK)
        code = curl_url_get(handle, CURLUPART_PATH, &text, 0);
    if (code == CURLUE_OK)
        aw_buf_puts(out, text);
    aw_buf_deinit(&url);
    curl_free(text);
    curl_url_cleanup(handle);
    if (code == CURLUE_OUT_OF_MEMORY)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    if (code != CURLUE_OK)
        return aw_fail(err, AW_INVALID, "libcurl: %s",
                       curl_url_strerror(code));
    return AW_OK;
}

static aw_rc put_path(struct aw_buf *out, struct aw_str path, bool whole,
                      struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    put_encoded_path(&text, path, whole);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK && text.len > 0 && text.ptr[0] == '/' &&
        aw_str_find(aw_buf_str(&text), AW_STR("/.")) < 0)
        aw_buf_put(out, aw_buf_str(&text)); /* most have none */
    else if (rc == AW_OK)
        rc = put_without_dots(out, aw_buf_str(&text), err);
    aw_buf_deinit(&text);
    return rc;
}

/* Appends the canonical form of ref, which is complete. */
static aw_rc put_reference(struct aw_buf *out, const struct reference *ref,
                           bool whole, struct aw_err *err)
{
    bool secure = aw_str_eq_nocase(ref->scheme, AW_STR("https"));
    aw_rc rc;

    aw_buf_puts(out, secure ? "https://" : "http://");
    rc = put_authority(out, ref->authority, secure ? 443 : 80, err);
    if (rc == AW_OK)
        rc = put_path(out, ref->path, whole, err);
    if (rc == AW_OK && ref->has_query)
        rc = put_query(out, ref->query, whole, err);
    return rc;
}

/* Puts the canonical form of base into text, and its parts into ref. */
static aw_rc read_base(struct aw_str base, struct aw_buf *text,
                       struct reference *ref, struct aw_err *err)
{
    static const struct reference none;
    aw_rc rc;

    if (base.len == 0)
        return AW_OK;
    rc = aw_url_whole((struct aw_str){0}, base, text, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "base");
    return split(aw_buf_str(text), &none, ref, err);
}

static aw_rc put_canonical(struct aw_buf *out, struct aw_str base,
                           struct aw_str href, bool whole, struct aw_err *err)
{
    struct aw_buf clean, base_text, merged;
    struct reference from = {0}, ref = {0};
    aw_rc rc;

    aw_buf_init(&clean, AW_URL_MAX);
    aw_buf_init(&base_text, AW_URL_MAX);
    aw_buf_init(&merged, TEXT_MAX);
    put_clean(&clean, href);
    rc = aw_buf_check(&clean, err);
    if (rc == AW_OK && needs_base(aw_buf_str(&clean)))
        rc = read_base(base, &base_text, &from, err);
    if (rc == AW_INVALID && scheme_of(aw_buf_str(&clean)).len > 0)
        rc = AW_OK; /* "http:host" stands alone where the base is no page */
    if (rc == AW_OK)
        rc = split(aw_buf_str(&clean), &from, &ref, err);
    if (rc == AW_OK)
        rc = complete(&ref, &from, &merged, err);
    if (rc == AW_OK)
        rc = put_reference(out, &ref, whole, err);
    aw_buf_deinit(&merged);
    aw_buf_deinit(&base_text);
    aw_buf_deinit(&clean);
    return rc;
}

static aw_rc append_url(struct aw_str base, struct aw_str href, bool whole,
                        struct aw_buf *out, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    if (href.len > AW_URL_MAX)
        return aw_fail(err, AW_INVALID, "more than %d bytes", AW_URL_MAX);
    if (aw_url_put_plain(out, base, href))
        return aw_buf_check(out, err);
    aw_buf_init(&text, TEXT_MAX);
    rc = put_canonical(&text, base, href, whole, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&text, err);
    if (rc == AW_OK && text.len > AW_URL_MAX)
        rc = aw_fail(err, AW_INVALID, "more than %d bytes when escaped",
                     AW_URL_MAX);
    if (rc == AW_OK) {
        aw_buf_put(out, aw_buf_str(&text));
        rc = aw_buf_check(out, err);
    }
    aw_buf_deinit(&text);
    return rc;
}

aw_rc aw_url_canonical(struct aw_str base, struct aw_str href,
                       struct aw_buf *out, struct aw_err *err)
{
    return append_url(base, href, false, out, err);
}

aw_rc aw_url_whole(struct aw_str base, struct aw_str href, struct aw_buf *out,
                   struct aw_err *err)
{
    return append_url(base, href, true, out, err);
}

/* Sets host and port from "host" or "host:port". */
static bool parse_authority(struct aw_str text, struct aw_url_parts *parts)
{
    size_t from =
        text.len > 0 && text.ptr[0] == '[' ? span_until(text, "]") : 0;
    size_t colon = from + span_until(skip(text, from), ":");
    int64_t port = aw_str_eq(parts->scheme, AW_STR("https")) ? 443 : 80;

    parts->host = aw_str_sub(text, 0, colon);
    if (parts->host.len == 0)
        return false;
    if (colon < text.len && (!aw_str_to_int(skip(text, colon + 1), &port) ||
                             port < 0 || port > UINT16_MAX))
        return false;
    parts->port = (uint16_t)port;
    return true;
}

aw_rc aw_url_parse(struct aw_str canonical, struct aw_url_parts *out,
                   struct aw_err *err)
{
    struct aw_url_parts parts = {.scheme = scheme_of(canonical)};
    struct aw_str rest = skip(canonical, parts.scheme.len);
    struct aw_str authority;

    if (!aw_str_starts(rest, AW_STR("://")) ||
        (!aw_str_eq(parts.scheme, AW_STR("http")) &&
         !aw_str_eq(parts.scheme, AW_STR("https"))))
        return aw_fail(err, AW_INVALID, "not a canonical http or https URL");
    rest = skip(rest, 3);
    authority = aw_str_sub(rest, 0, span_until(rest, "/?#"));
    parts.target = skip(rest, authority.len);
    if (parts.target.len == 0 || parts.target.ptr[0] != '/' ||
        !parse_authority(authority, &parts))
        return aw_fail(err, AW_INVALID,
                       "not a canonical URL: host, port or"
                       " path is missing");
    parts.origin = aw_str_sub(canonical, 0, canonical.len - parts.target.len);
    parts.path = aw_str_sub(parts.target, 0, span_until(parts.target, "?"));
    parts.query = skip(parts.target, parts.path.len + 1);
    *out = parts;
    return AW_OK;
}
