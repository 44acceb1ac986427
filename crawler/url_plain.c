#include <arpa/inet.h>
#include <string.h>

#include "crawler/url_private.h"

#define HOST_MAX 253

/* Octets that stay as they are in paths and queries alike. Not ";", before
 * which a session id may stand. */
static bool is_kept(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) ||
           (c != '\0' && strchr("/-_.=&~!$()*+,:@", c));
}

static bool is_upper_hex(char c)
{
    return aw_ascii_digit(c) || (c >= 'A' && c <= 'F');
}

/* The escape of an octet that is not ASCII, in upper case. */
static bool is_kept_escape(struct aw_str s, size_t i)
{
    return s.ptr[i] == '%' && s.len - i >= 3 && is_upper_hex(s.ptr[i + 1]) &&
           s.ptr[i + 1] >= '8' && is_upper_hex(s.ptr[i + 2]);
}

static bool is_all_kept(struct aw_str s)
{
    size_t i = 0;

    while (i < s.len) {
        if (is_kept(s.ptr[i]))
            i++;
        else if (is_kept_escape(s, i))
            i += 3;
        else
            return false;
    }
    return true;
}

static bool is_plain_path(struct aw_str path)
{
    for (size_t i = 1; i < path.len; i++)
        if (path.ptr[i] == '.' && path.ptr[i - 1] == '/')
            return false;
    return is_all_kept(path);
}

static bool is_plain_query(struct aw_str query)
{
    struct aw_str rest = query;
    struct aw_str param;

    if (query.len == 0 || !is_all_kept(query))
        return false;
    while (aw_str_split(&rest, '&', &param)) {
        const char *sign = memchr(param.ptr, '=', param.len);

        if (sign)
            param.len = (size_t)(sign - param.ptr);
        if (aw_url_is_dropped(param))
            return false;
    }
    return true;
}

/* inet_pton takes the one form with four decimal numbers alone. */
static bool is_dotted_quad(struct aw_str host)
{
    char text[INET_ADDRSTRLEN];
    struct in_addr address;

    if (host.len >= sizeof text)
        return false;
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    return inet_pton(AF_INET, text, &address) == 1;
}

/* A last label that begins with a letter is no number. */
static bool is_plain_host(struct aw_str host)
{
    size_t label = host.len;

    if (host.len == 0 || host.len > HOST_MAX)
        return false;
    while (label > 0 && host.ptr[label - 1] != '.')
        label--;
    if (label == host.len || !aw_ascii_alpha(host.ptr[label]))
        return is_dotted_quad(host);
    return aw_str_find(host, AW_STR("xn--")) < 0;
}

static bool is_plain_port(struct aw_str port, int64_t own)
{
    int64_t number;

    return port.len > 0 && port.len <= 5 && port.ptr[0] >= '1' &&
           port.ptr[0] <= '9' && aw_str_to_int(port, &number) &&
           number <= UINT16_MAX && number != own;
}

static size_t span(struct aw_str s, size_t from, const char *others)
{
    size_t i = from;

    while (i < s.len &&
           (aw_ascii_digit(s.ptr[i]) || (s.ptr[i] >= 'a' && s.ptr[i] <= 'z') ||
            (s.ptr[i] != '\0' && strchr(others, s.ptr[i]))))
        i++;
    return i - from;
}

static size_t scheme_len(struct aw_str url)
{
    return aw_str_starts(url, AW_STR("http://"))    ? 7
           : aw_str_starts(url, AW_STR("https://")) ? 8
                                                    : 0;
}

/* The length of "http://host:port" where it is canonical and a slash follows;
 * or 0. */
static size_t origin_len(struct aw_str url)
{
    size_t scheme = scheme_len(url);
    size_t host = scheme ? span(url, scheme, "-.") : 0;
    size_t end = scheme + host;
    size_t port;

    if (!is_plain_host(aw_str_sub(url, scheme, host)))
        return 0;
    if (end < url.len && url.ptr[end] == ':') {
        port = span(url, end + 1, "");
        if (!is_plain_port(aw_str_sub(url, end + 1, port),
                           scheme == 8 ? 443 : 80))
            return 0;
        end += 1 + port;
    }
    return end < url.len && url.ptr[end] == '/' ? end : 0;
}

static size_t before(struct aw_str s, char mark)
{
    const char *at = s.len ? memchr(s.ptr, mark, s.len) : NULL;

    return at ? (size_t)(at - s.ptr) : s.len;
}

/* A reference, taken apart: origin, folder, path and query in a row are the
 * URL. */
struct plain {
    struct aw_str origin, folder, path, query;
    bool has_query;
};

/* "/path" or "name/of/path" below base. */
static bool resolve(struct plain *plain, struct aw_str base)
{
    size_t end = origin_len(base);
    struct aw_str path = plain->path;

    if (end == 0 || path.len == 0)
        return false;
    plain->origin = aw_str_sub(base, 0, end);
    if (path.ptr[0] == '/')
        return path.len == 1 || path.ptr[1] != '/';
    if ((!aw_ascii_alpha(path.ptr[0]) && !aw_ascii_digit(path.ptr[0])) ||
        before(path, ':') < path.len)
        return false;
    base = aw_str_sub(base, end, base.len);
    base.len = before(base, '#');
    base.len = before(base, '?');
    if (!is_plain_path(base)) /* backslashes count as slashes */
        return false;
    while (base.ptr[base.len - 1] != '/')
        base.len--;
    plain->folder = base;
    return true;
}

static bool take_apart(struct plain *plain, struct aw_str base,
                       struct aw_str href)
{
    href.len = before(href, '#');
    plain->path = aw_str_sub(href, 0, before(href, '?'));
    plain->has_query = plain->path.len < href.len;
    plain->query = aw_str_sub(href, plain->path.len + 1, href.len);
    if (scheme_len(href) == 0)
        return resolve(plain, base);
    plain->origin = aw_str_sub(href, 0, origin_len(href));
    plain->path = aw_str_sub(plain->path, plain->origin.len, href.len);
    return plain->origin.len > 0;
}

/* Three octets of each: what is longer may not fit once it is escaped. */
static bool is_short(struct aw_str s)
{
    return s.len <= AW_URL_MAX / 6;
}

bool aw_url_put_plain(struct aw_buf *out, struct aw_str base,
                      struct aw_str href)
{
    struct plain plain = {.has_query = false};

    if (!is_short(base) || !is_short(href) ||
        out->max - out->len <= base.len + href.len ||
        !take_apart(&plain, base, href) || !is_plain_path(plain.path) ||
        (plain.has_query && !is_plain_query(plain.query)) ||
        !aw_buf_reserve(out, base.len + href.len))
        return false;
    aw_buf_put(out, plain.origin);
    aw_buf_put(out, plain.folder);
    aw_buf_put(out, plain.path);
    if (plain.has_query)
        aw_buf_putc(out, '?');
    aw_buf_put(out, plain.query);
    return true;
}
