/* site.h - which hosts are one site: the registrable domain by the public
 * suffix list (publicsuffix.org), read by libpsl.
 *
 * The newer of two lists counts: the one that libpsl was built with, and the
 * system's file (Debian's package publicsuffix, under
 * /usr/share/publicsuffix). Both of its sections count, so that tenants of a
 * hosting or CDN suffix ("a.github.io", "b.github.io") are sites of their own.
 *
 * Hosts are as in a canonical URL (url.h): lower case, A-labels, IPv6 in
 * brackets.
 */
#ifndef AW_CRAWLER_SITE_H
#define AW_CRAWLER_SITE_H

#include "base/error.h"
#include "base/str.h"

/* The longest name that DNS has, in bytes (RFC 1035, 2.3.4). */
#define AW_SITE_HOST_MAX 253

struct aw_sites;

/* Fails only for want of memory. Safe to share between threads. */
aw_rc aw_sites_new(struct aw_sites **out, struct aw_err *err) AW_MUST_USE;
void aw_sites_free(struct aw_sites *sites); /* NULL is fine */

/* The registrable domain of host, a view into it: "example.com.cn" of
 * "www.example.com.cn". The host itself where it has none: an IP address, a
 * public suffix, a single label, a name over AW_SITE_HOST_MAX. Under a TLD
 * that no list knows, the last two labels. A dot at the end is left out. */
struct aw_str aw_site_of(const struct aw_sites *sites, struct aw_str host);

/* A name under which anyone can register: "com.cn", "github.io". */
bool aw_site_is_suffix(const struct aw_sites *sites, struct aw_str host);

#endif
