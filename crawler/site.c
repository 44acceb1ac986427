#include "crawler/site.h"

#include <libpsl.h>
#include <string.h>

/* A struct aw_sites is a psl_ctx_t under another name. */
static const psl_ctx_t *list_of(const struct aw_sites *sites)
{
    return (const psl_ctx_t *)(const void *)sites;
}

aw_rc aw_sites_new(struct aw_sites **out, struct aw_err *err)
{
    psl_ctx_t *list = psl_latest(NULL);

    if (!list)
        return aw_fail(err, AW_NOMEM, "public suffix list: %s",
                       aw_rc_text(AW_NOMEM));
    *out = (struct aw_sites *)(void *)list;
    return AW_OK;
}

void aw_sites_free(struct aw_sites *sites)
{
    psl_free((psl_ctx_t *)(void *)sites);
}

/* In a canonical URL a host whose last label is a number is an IPv4 address,
 * and one with a bracket an IPv6 address. */
static bool is_address(struct aw_str host)
{
    size_t i = host.len;

    if (host.len > 0 && host.ptr[0] == '[')
        return true;
    while (i > 0 && aw_ascii_digit(host.ptr[i - 1]))
        i--;
    return i < host.len && (i == 0 || host.ptr[i - 1] == '.');
}

/* Copies host, ended by a NUL, for libpsl; false where it can be no name. */
static bool read_name(char name[AW_SITE_HOST_MAX + 1], struct aw_str host)
{
    if (host.len == 0 || host.len > AW_SITE_HOST_MAX || is_address(host) ||
        memchr(host.ptr, '\0', host.len))
        return false;
    memcpy(name, host.ptr, host.len);
    name[host.len] = '\0';
    return true;
}

struct aw_str aw_site_of(const struct aw_sites *sites, struct aw_str host)
{
    char name[AW_SITE_HOST_MAX + 1];
    const char *domain;

    if (aw_str_ends(host, AW_STR(".")))
        host.len--;
    if (!read_name(name, host))
        return host;
    domain = psl_registrable_domain(list_of(sites), name);
    return domain ? aw_str_sub(host, (size_t)(domain - name), host.len) : host;
}

bool aw_site_is_suffix(const struct aw_sites *sites, struct aw_str host)
{
    char name[AW_SITE_HOST_MAX + 1];

    if (aw_str_ends(host, AW_STR(".")))
        host.len--;
    return read_name(name, host) &&
           psl_is_public_suffix(list_of(sites), name) != 0;
}
