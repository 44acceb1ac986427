#include "crawler/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uidna.h>

/* Percent-encoding makes three octets of one. */
#define TEXT_MAX ((size_t)4 * AW_URL_MAX)
#define HOST_MAX 1024
#define SHOWN_MAX 80 /* bytes of a host or scheme in a message */

/* What browsers escape besides controls, space, and all that is not ASCII
 * (WHATWG URL, 1.3: the path and the special-query percent-encode sets). */
#define ESCAPED_IN_PATH "\"#<>?^`{}"
#define ESCAPED_IN_QUERY "\"#<>'"

/* No host name holds these (WHATWG URL, 3.1: forbidden domain code points);
 * controls and 7F neither. */
#define NEVER_IN_HOST " #/:<>?@[\\]^|%"

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

/* The place of the first octet of s that is one of set, or s.len. */
static size_t span_until(struct aw_str s, const char *set)
{
    size_t i = 0;

    while (i < s.len && (s.ptr[i] == '\0' || !strchr(set, s.ptr[i])))
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

    while (n < s.len && is_slash(s.ptr[n]))
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

/* The octet that the escape at s[i] stands for, or -1 where none is. */
static int escaped_octet(struct aw_str s, size_t i)
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

/* Appends s with every octet written in the one way it has: escapes of
 * unreserved octets undone, others in upper case, octets of set escaped. A
 * "%" that is no escape stays, as in browsers; nothing joins it to become
 * one. */
static void put_encoded(struct aw_buf *out, struct aw_str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++) {
        int octet = escaped_octet(s, i);
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

/* Appends s with its escapes undone. */
static void put_decoded(struct aw_buf *out, struct aw_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        int octet = escaped_octet(s, i);

        if (octet < 0) {
            aw_buf_putc(out, s.ptr[i]);
        } else {
            aw_buf_putc(out, (char)octet);
            i += 2;
        }
    }
}

/* The host is shown with its escapes: it may hold anything. */
static aw_rc fail_host(struct aw_err *err, struct aw_str host, const char *why)
{
    struct aw_buf text;

    aw_buf_init(&text, TEXT_MAX);
    put_encoded(&text, shown(host), ESCAPED_IN_PATH);
    (void)aw_fail(err, AW_INVALID, "host \"%.*s\" %s",
                  AW_STR_ARG(shown(aw_buf_str(&text))), why);
    aw_buf_deinit(&text);
    return AW_INVALID;
}

/* Appends the IPv6 address between brackets. inet_ntop ends some addresses
 * in dotted form, which no browser does. */
static aw_rc put_ipv6(struct aw_buf *out, struct aw_str host,
                      struct aw_err *err)
{
    char text[INET6_ADDRSTRLEN] = "";
    unsigned char bytes[16];
    size_t len = host.len;

    if (len < 4 || len - 2 >= sizeof text || host.ptr[len - 1] != ']')
        return fail_host(err, host, "is no IPv6 address");
    memcpy(text, host.ptr + 1, len - 2);
    if (memchr(text, '\0', len - 2) || inet_pton(AF_INET6, text, bytes) != 1)
        return fail_host(err, host, "is no IPv6 address");
    (void)inet_ntop(AF_INET6, bytes, text, sizeof text);
    if (strchr(text, '.'))
        aw_buf_printf(out, "[%.*s:%x:%x]", (int)(strrchr(text, ':') - text),
                      text, (unsigned)(bytes[12] << 8 | bytes[13]),
                      (unsigned)(bytes[14] << 8 | bytes[15]));
    else
        aw_buf_printf(out, "[%s]", text);
    return AW_OK;
}

/* All of the name is ASCII, and no label of it is in Punycode. */
static bool is_plain_name(struct aw_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] >= 0x80)
            return false;
    return aw_str_find_nocase(name, AW_STR("xn--")) < 0;
}

/* Of the errors of UTS 46, those that a browser lets pass: hyphens, lengths
 * and empty labels are up to DNS (WHATWG URL, 3.3: beStrict is false). */
#define IDNA_LENIENT                                                 \
    (UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG |          \
     UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN | \
     UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4)

/* Appends the name as A-labels (UTS 46, nontransitional). */
static aw_rc put_a_labels(struct aw_buf *out, struct aw_str name,
                          struct aw_err *err)
{
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    char text[HOST_MAX];
    UIDNA *idna = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII |
                                      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ,
                                  &status);
    int32_t len = uidna_nameToASCII_UTF8(idna, name.ptr, (int32_t)name.len,
                                         text, sizeof text, &info, &status);

    uidna_close(idna);
    if (status == U_MEMORY_ALLOCATION_ERROR)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    if (U_FAILURE(status) || (info.errors & ~(uint32_t)IDNA_LENIENT) != 0)
        return fail_host(err, name, "is no internationalised name (UTS 46)");
    aw_buf_append(out, text, (size_t)len);
    return AW_OK;
}

static bool is_possible_name(struct aw_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (is_c0_or_space(name.ptr[i]) || name.ptr[i] == 0x7F ||
            strchr(NEVER_IN_HOST, name.ptr[i]))
            return false;
    return name.len > 0;
}

/* The last label is a decimal or hexadecimal number, so that the whole can
 * only be an IPv4 address (WHATWG URL, 3.5: ends in a number). */
static bool ends_in_number(struct aw_str name)
{
    size_t start = name.len;
    size_t i;

    while (start > 0 && name.ptr[start - 1] != '.')
        start--;
    name = skip(name, start);
    if (aw_str_starts_nocase(name, AW_STR("0x"))) {
        for (i = 2; i < name.len && aw_hex_value(name.ptr[i]) >= 0;)
            i++;
        return i == name.len;
    }
    for (i = 0; i < name.len && aw_ascii_digit(name.ptr[i]);)
        i++;
    return i > 0 && i == name.len;
}

/* Appends name, which is ASCII and in lower case, or the IPv4 address that it
 * is in any of the old ways: "0x7f.1", "2130706433". */
static aw_rc put_name(struct aw_buf *out, struct aw_str name,
                      struct aw_err *err)
{
    char text[INET_ADDRSTRLEN * 4] = "";
    struct aw_str bare = name;
    struct in_addr address;

    if (!is_possible_name(name))
        return fail_host(err, name, "is not possible");
    if (bare.ptr[bare.len - 1] == '.')
        bare.len--;
    if (!ends_in_number(bare)) {
        aw_buf_put(out, name);
        return AW_OK;
    }
    if (bare.len < sizeof text)
        memcpy(text, bare.ptr, bare.len);
    if (text[0] == '\0' || inet_aton(text, &address) == 0)
        return fail_host(err, name, "is no IPv4 address");
    (void)inet_ntop(AF_INET, &address, text, sizeof text);
    aw_buf_puts(out, text);
    return AW_OK;
}

static aw_rc put_domain(struct aw_buf *out, struct aw_str host,
                        struct aw_err *err)
{
    struct aw_buf name, ascii;
    aw_rc rc;

    aw_buf_init(&name, AW_URL_MAX);
    aw_buf_init(&ascii, AW_URL_MAX);
    put_decoded(&name, host);
    rc = aw_buf_check(&name, err);
    if (rc == AW_OK && is_plain_name(aw_buf_str(&name)))
        for (size_t i = 0; i < name.len; i++)
            aw_buf_putc(&ascii, aw_ascii_lower(name.ptr[i]));
    else if (rc == AW_OK)
        rc = put_a_labels(&ascii, aw_buf_str(&name), err);
    if (rc == AW_OK)
        rc = aw_buf_check(&ascii, err);
    if (rc == AW_OK)
        rc = put_name(out, aw_buf_str(&ascii), err);
    aw_buf_deinit(&ascii);
    aw_buf_deinit(&name);
    return rc;
}

/* Appends ":port", or nothing where the colon has none behind it. */
static aw_rc put_port(struct aw_buf *out, struct aw_str port,
                      struct aw_err *err)
{
    int64_t number = 0;

    if (port.len == 0)
        return AW_OK;
    if (!aw_ascii_digit(port.ptr[0]) || !aw_str_to_int(port, &number) ||
        number < 1 || number > UINT16_MAX)
        return aw_fail(err, AW_INVALID, "the port is not from 1 to 65535");
    aw_buf_printf(out, ":%" PRId64, number);
    return AW_OK;
}

/* Appends host and port; what stands before "@" is dropped. */
static aw_rc put_authority(struct aw_buf *out, struct aw_str authority,
                           struct aw_err *err)
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
        return fail_host(err, host, "has something behind it");
    rc = host.ptr[0] == '[' ? put_ipv6(out, host, err)
                            : put_domain(out, host, err);
    return rc == AW_OK ? put_port(out, skip(port, 1), err) : rc;
}

/* Appends path without ";jsessionid=..." in any of its segments. This comes
 * before dot segments are resolved: ".." may be what is left. */
static void put_path(struct aw_buf *out, struct aw_str path)
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
static aw_rc put_encoded_path(struct aw_buf *out, struct aw_str path,
                              struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    put_encoded(&text, path, ESCAPED_IN_PATH);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\\')
            text.ptr[i] = '/';
    rc = aw_buf_check(&text, err);
    put_path(out, aw_buf_str(&text));
    aw_buf_deinit(&text);
    return rc;
}

/* "utm_*" matches what starts with it. */
static bool is_dropped(struct aw_str name)
{
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++) {
        struct aw_str entry = aw_str_of(dropped[i]);
        bool open = aw_str_ends(entry, AW_STR("*"));

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
        if (is_dropped(aw_str_sub(param, 0, span_until(param, "="))))
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

static aw_rc put_query(struct aw_buf *out, struct aw_str query,
                       struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    put_encoded(&text, query, ESCAPED_IN_QUERY);
    rc = aw_buf_check(&text, err);
    put_params(out, aw_buf_str(&text));
    aw_buf_deinit(&text);
    return rc;
}

/* Appends url as libcurl, which fetches it later, understands it: with dot
 * segments resolved, the path no longer empty and no default port. */
static aw_rc put_resolved(struct aw_buf *out, const char *url,
                          struct aw_err *err)
{
    CURLU *handle = curl_url();
    CURLUcode code = CURLUE_OUT_OF_MEMORY;
    char *text = NULL;

    if (handle)
        code = curl_url_set(handle, CURLUPART_URL, url, 0);
    if (code == CURLUE_OK)
        code =
            curl_url_get(handle, CURLUPART_URL, &text, CURLU_NO_DEFAULT_PORT);
    if (code == CURLUE_OK)
        aw_buf_puts(out, text);
    curl_free(text);
    curl_url_cleanup(handle);
    if (code == CURLUE_OUT_OF_MEMORY)
        return aw_fail(err, AW_NOMEM, "%s", aw_rc_text(AW_NOMEM));
    if (code != CURLUE_OK)
        return aw_fail(err, AW_INVALID, "libcurl: %s",
                       curl_url_strerror(code));
    return AW_OK;
}

/* Appends the canonical form of ref, which is complete. */
static aw_rc put_reference(struct aw_buf *out, const struct reference *ref,
                           struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < ref->scheme.len; i++)
        aw_buf_putc(&text, aw_ascii_lower(ref->scheme.ptr[i]));
    aw_buf_puts(&text, "://");
    rc = put_authority(&text, ref->authority, err);
    if (rc == AW_OK)
        rc = put_encoded_path(&text, ref->path, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        rc = put_resolved(out, text.ptr, err);
    if (rc == AW_OK && ref->has_query)
        rc = put_query(out, ref->query, err);
    aw_buf_deinit(&text);
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
    rc = aw_url_canonical((struct aw_str){0}, base, text, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "base");
    return split(aw_buf_str(text), &none, ref, err);
}

static aw_rc put_canonical(struct aw_buf *out, struct aw_str base,
                           struct aw_str href, struct aw_err *err)
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
    if (rc == AW_OK)
        rc = split(aw_buf_str(&clean), &from, &ref, err);
    if (rc == AW_OK)
        rc = complete(&ref, &from, &merged, err);
    if (rc == AW_OK)
        rc = put_reference(out, &ref, err);
    aw_buf_deinit(&merged);
    aw_buf_deinit(&base_text);
    aw_buf_deinit(&clean);
    return rc;
}

aw_rc aw_url_canonical(struct aw_str base, struct aw_str href,
                       struct aw_buf *out, struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    if (href.len > AW_URL_MAX)
        return aw_fail(err, AW_INVALID, "more than %d bytes", AW_URL_MAX);
    aw_buf_init(&text, TEXT_MAX);
    rc = put_canonical(&text, base, href, err);
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
                             port < 1 || port > UINT16_MAX))
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
