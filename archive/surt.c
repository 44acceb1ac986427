#include "archive/warc_private.h"

#include <stdlib.h>
#include <string.h>

/* Hidden escapes ("%2561") are undone as often as it takes, up to this. */
#define UNESCAPE_ROUNDS 8

static size_t unescape_once(char *text, size_t len)
{
    size_t to = 0;

    for (size_t i = 0; i < len; i++) {
        int high =
            i + 2 < len && text[i] == '%' ? aw_hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? aw_hex_value(text[i + 2]) : -1;

        if (low >= 0) {
            text[to++] = (char)(high << 4 | low);
            i += 2;
        } else {
            text[to++] = text[i];
        }
    }
    return to;
}

static bool needs_escape(unsigned char c)
{
    return c <= 0x20 || c >= 0x7F || c == '#' || c == '%';
}

static void put_lower(struct aw_buf *out, struct aw_str text)
{
    char *to = aw_buf_reserve(out, text.len * 3);

    for (size_t i = 0; to && i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (needs_escape(c)) {
            *to++ = '%';
            *to++ = "0123456789abcdef"[c >> 4];
            *to++ = "0123456789abcdef"[c & 15];
            out->len += 3;
        } else {
            *to++ = aw_ascii_lower((char)c);
            out->len++;
        }
    }
    if (to)
        *to = '\0';
}

/* One spelling for each part of a URL: unescaped, what cannot stand bare
 * escaped again, lower case. */
static void put_plain(struct aw_buf *out, struct aw_str part)
{
    struct aw_buf copy;
    size_t before;

    aw_buf_init(&copy, part.len);
    aw_buf_put(&copy, part);
    before = copy.len + 1;
    for (int i = 0; i < UNESCAPE_ROUNDS && copy.len < before; i++) {
        before = copy.len;
        copy.len = unescape_once(copy.ptr, copy.len);
    }
    put_lower(out, aw_buf_str(&copy));
    if (copy.rc != AW_OK)
        out->rc = copy.rc;
    aw_buf_deinit(&copy);
}

static struct aw_str cut_at(struct aw_str *rest, const char *stops)
{
    size_t len = 0;
    struct aw_str part;

    while (len < rest->len && !strchr(stops, rest->ptr[len]))
        len++;
    part = aw_str_sub(*rest, 0, len);
    *rest = aw_str_sub(*rest, len, rest->len);
    return part;
}

static bool is_ip(struct aw_str host)
{
    if (host.len > 0 && host.ptr[0] == '[')
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (!aw_ascii_digit(host.ptr[i]) && host.ptr[i] != '.')
            return false;
    return true;
}

static struct aw_str without_www(struct aw_str host)
{
    size_t at = 3;

    if (!aw_str_starts_nocase(host, AW_STR("www")))
        return host;
    while (at < host.len && aw_ascii_digit(host.ptr[at]))
        at++;
    if (at + 1 >= host.len || host.ptr[at] != '.')
        return host;
    return aw_str_sub(host, at + 1, host.len);
}

static void put_host(struct aw_buf *out, struct aw_str host)
{
    if (is_ip(host)) {
        put_plain(out, host);
        return;
    }
    host = without_www(host);
    for (size_t end = host.len; end > 0;) {
        size_t start = end;

        while (start > 0 && host.ptr[start - 1] != '.')
            start--;
        if (end < host.len)
            aw_buf_putc(out, ',');
        put_plain(out, aw_str_sub(host, start, end - start));
        end = start > 0 ? start - 1 : 0;
    }
}

/* "user@host:port" without the user, and without the port that the scheme
 * has anyway. */
static void put_authority(struct aw_buf *out, struct aw_str authority,
                          struct aw_str default_port)
{
    size_t from = authority.len;
    size_t colon;

    while (from > 0 && authority.ptr[from - 1] != '@')
        from--;
    authority = aw_str_sub(authority, from, authority.len);
    colon = authority.len;
    while (colon > 0 && aw_ascii_digit(authority.ptr[colon - 1]))
        colon--;
    if (colon == 0 || authority.ptr[colon - 1] != ':') {
        put_host(out, authority);
        return;
    }
    put_host(out, aw_str_sub(authority, 0, colon - 1));
    if (colon < authority.len &&
        !aw_str_eq(aw_str_sub(authority, colon, authority.len), default_port))
        aw_buf_printf(out, ":%.*s", (int)(authority.len - colon),
                      authority.ptr + colon);
}

static int cmp_argument(const void *a, const void *b)
{
    struct aw_str left = *(const struct aw_str *)a;
    struct aw_str right = *(const struct aw_str *)b;
    int cmp = aw_str_cmp(cut_at(&left, "="), cut_at(&right, "="));

    return cmp != 0 ? cmp : aw_str_cmp(left, right);
}

static void put_sorted(struct aw_buf *out, struct aw_str query)
{
    struct aw_buf list;
    struct aw_str part;
    struct aw_str *args;
    size_t count;

    aw_buf_init(&list, (query.len + 1) * sizeof part);
    while (aw_str_split(&query, '&', &part))
        aw_buf_append(&list, &part, sizeof part);
    args = (struct aw_str *)(void *)list.ptr;
    count = list.len / sizeof part;
    if (count > 1)
        qsort(args, count, sizeof part, cmp_argument);
    for (size_t i = 0; i < count; i++) {
        aw_buf_putc(out, i == 0 ? '?' : '&');
        aw_buf_put(out, args[i]);
    }
    if (list.rc != AW_OK)
        out->rc = list.rc;
    aw_buf_deinit(&list);
}

static void put_query(struct aw_buf *out, struct aw_str query)
{
    struct aw_buf plain;

    if (query.len == 0)
        return;
    aw_buf_init(&plain, query.len * 3);
    put_plain(&plain, query);
    put_sorted(out, aw_buf_str(&plain));
    if (plain.rc != AW_OK)
        out->rc = plain.rc;
    aw_buf_deinit(&plain);
}

static void put_path(struct aw_buf *out, struct aw_str path)
{
    if (path.len == 0)
        path = AW_STR("/");
    else if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    put_plain(out, path);
}

void aw_surt_put(struct aw_buf *out, struct aw_str url)
{
    struct aw_str http = AW_STR("http://");
    struct aw_str https = AW_STR("https://");
    bool secure = aw_str_starts_nocase(url, https);

    if (!secure && !aw_str_starts_nocase(url, http)) {
        put_plain(out, url);
        return;
    }
    url = aw_str_sub(url, secure ? https.len : http.len, url.len);
    put_authority(out, cut_at(&url, "/?#"),
                  secure ? AW_STR("443") : AW_STR("80"));
    aw_buf_putc(out, ')');
    put_path(out, cut_at(&url, "?#"));
    if (url.len > 0 && url.ptr[0] == '?') {
        url = aw_str_sub(url, 1, url.len);
        put_query(out, cut_at(&url, "#"));
    }
}
