#include <libpsl.h>

#include "extract/party.h"
#include "extract/party_scan.h"

#define HOST_MAX 253 /* bytes of a name (RFC 1035, 2.3.4) */

/* Under these a bare "a.b" is a domain; under others it may be a file, and
 * needs "www." or "http://" in front. */
static const char *const usual[] = {"com",  "cn",     "net",  "org",   "top",
                                    "xyz",  "vip",    "cc",   "info",  "biz",
                                    "site", "shop",   "wang", "ltd",   "group",
                                    "club", "online", "tech", "store", "hk",
                                    "tw",   "io",     "co",   NULL};

/* Mailboxes there are nobody's domain. */
static const char *const mailers[] = {
    "qq.com",     "163.com",   "126.com",     "139.com",     "189.cn",
    "sina.com",   "sina.cn",   "sohu.com",    "yeah.net",    "foxmail.com",
    "aliyun.com", "gmail.com", "outlook.com", "hotmail.com", "188.com",
    "21cn.com",   "tom.com",   "icloud.com",  "live.cn",     "live.com",
    "msn.com",    "yahoo.com", "wo.cn",       NULL};

static bool is_listed(struct aw_str text, const char *const *list)
{
    for (; *list; list++)
        if (aw_str_eq(text, aw_str_of(*list)))
            return true;
    return false;
}

static bool is_address(struct aw_str host)
{
    return host.len == 0 || host.ptr[0] == '[' ||
           aw_ascii_digit(host.ptr[host.len - 1]);
}

/* The registrable domain of a host in lower case, a view into it; empty where
 * it has none. The list is that of libpsl itself: a reader opens no files. */
static struct aw_str registrable(struct aw_str host)
{
    char name[HOST_MAX + 1];
    const char *domain;

    if (host.len > HOST_MAX || is_address(host))
        return (struct aw_str){0};
    memcpy(name, host.ptr, host.len);
    name[host.len] = '\0';
    domain = psl_registrable_domain(psl_builtin(), name);
    return domain ? from(host, (size_t)(domain - name)) : (struct aw_str){0};
}

bool aw_party_is_mailer(struct aw_str domain)
{
    return is_listed(registrable(domain), mailers);
}

static bool is_host_byte(char c)
{
    return is_alnum(c) || c == '-' || c == '.';
}

static bool starts_before(struct aw_str text, size_t pos, struct aw_str mark)
{
    return aw_str_ends(aw_str_sub(text, 0, pos), mark);
}

/* "3.85.cn": a figure, and then something else. */
static bool is_figure(struct aw_str host)
{
    size_t i = 0;
    int dots = 0;

    for (; i < host.len && !aw_ascii_alpha(host.ptr[i]); i++)
        dots += host.ptr[i] == '.';
    return dots >= 2;
}

static bool is_named(struct aw_str text, size_t start, struct aw_str host)
{
    ptrdiff_t dot = -1;

    if (starts_before(text, start, AW_STR("//")) ||
        aw_str_starts(host, AW_STR("www.")))
        return true;
    for (size_t i = 0; i < host.len; i++)
        if (host.ptr[i] == '.')
            dot = (ptrdiff_t)i;
    return is_listed(from(host, (size_t)(dot + 1)), usual);
}

/* Behind a slash, a path; behind "@", a mailbox. */
static void try_host(struct aw_party_scan *scan, size_t start, size_t end)
{
    char lower[HOST_MAX];
    struct aw_str host = {lower, end - start};
    bool is_at = start > 0 && scan->text.ptr[start - 1] == '@';
    bool is_mail = is_at && start > 1 && is_alnum(scan->text.ptr[start - 2]);
    struct aw_str domain;

    if (host.len > sizeof lower || is_at != is_mail ||
        (starts_before(scan->text, start, AW_STR("/")) &&
         !starts_before(scan->text, start, AW_STR("//"))))
        return;
    for (size_t i = 0; i < host.len; i++)
        lower[i] = aw_ascii_lower(scan->text.ptr[start + i]);
    if (!is_mail && (byte_at(scan->text, end) == '@' ||
                     !is_named(scan->text, start, host)))
        return;
    domain = registrable(host);
    if (domain.len > 0 && !is_figure(host) &&
        !(is_mail && is_listed(domain, mailers)))
        aw_party_found(scan, AW_PARTY_DOMAIN, domain, start, end);
}

/* From a dot back and on: both ends of the word it is in. */
void aw_party_scan_domains(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    size_t dot = aw_party_find_first(scan, AW_PARTY_MARK_DOT, AW_STR("."));

    while (dot < text.len) {
        size_t start = dot;
        size_t end = dot;
        size_t next;

        while (start > 0 && is_host_byte(text.ptr[start - 1]))
            start--;
        while (is_host_byte(byte_at(text, end)))
            end++;
        next = end;
        while (end > dot && !is_alnum(text.ptr[end - 1]))
            end--;
        while (start < dot && !is_alnum(text.ptr[start]))
            start++;
        if (start < dot && end > dot && aw_ascii_alpha(text.ptr[end - 1]))
            try_host(scan, start, end);
        dot = find_from(text, next, AW_STR("."));
    }
}

/* "https://user@www.a.example:8/": "www.a.example"; empty where none. */
static struct aw_str host_of(struct aw_str url)
{
    ptrdiff_t scheme = aw_str_find(url, AW_STR("://"));
    struct aw_str rest;
    size_t len = 0;

    if (scheme < 0)
        return (struct aw_str){0};
    rest = from(url, (size_t)scheme + 3);
    while (len < rest.len && !strchr("/?#:", rest.ptr[len]))
        len++;
    return aw_str_sub(rest, 0, len);
}

aw_rc aw_party_add_host(struct aw_document *doc, struct aw_err *err)
{
    struct aw_party party = {.kind = AW_PARTY_DOMAIN};

    party.value = registrable(host_of(doc->url));
    return party.value.len > 0 ? aw_party_add(doc, party, err) : AW_OK;
}
