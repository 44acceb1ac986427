/* address.h - may we connect to this socket address?
 *
 * A link on a hostile page can name any host, and any host can resolve to an
 * address inside our own network. So the fetcher asks here, with the address
 * it is about to connect to, after every redirect and every DNS answer.
 *
 * Yes for globally reachable unicast addresses, and for the ranges that the
 * config allows; no for all else. What is not global comes from the IANA
 * special-purpose address registries (RFC 6890, 8190). An address that
 * carries an IPv4 address (mapped, NAT64 64:ff9b::/96, 6to4, Teredo) is
 * judged by that one too.
 */
#ifndef AW_CRAWLER_ADDRESS_H
#define AW_CRAWLER_ADDRESS_H

#include <sys/socket.h>

#include "base/error.h"
#include "base/str.h"

#define AW_ADDRESS_RANGES_MAX 64
#define AW_ADDRESS_TEXT_MAX 64 /* bytes with the NUL */

struct aw_address_range {
    int family;        /* AF_INET or AF_INET6 */
    uint8_t bytes[16]; /* network order; the first 4 for AF_INET */
    unsigned bits;     /* how many of them count */
};

/* Holds no memory of its own; needs no deinit. A zeroed one allows global
 * addresses only. Safe to share between threads once made. */
struct aw_address_policy {
    struct aw_address_range ranges[AW_ADDRESS_RANGES_MAX];
    size_t count;
};

/* allow: n texts like "10.0.0.0/8", "fd00::/8" or "127.0.0.1", which need not
 * live on. Bits behind the prefix are ignored. AW_CONFIG, with the text, where
 * one is none of these, or on more than AW_ADDRESS_RANGES_MAX. */
aw_rc aw_address_policy_init(struct aw_address_policy *policy,
                             const char *const *allow, size_t n,
                             struct aw_err *err) AW_MUST_USE;

/* address: a whole sockaddr_in or sockaddr_in6 by its family; false for other
 * families. The port does not count. */
bool aw_address_allowed(const struct aw_address_policy *policy,
                        const struct sockaddr *address);

/* The address without port or brackets, "192.0.2.1" or "2001:db8::1"; for
 * other families "unknown". */
void aw_address_text(const struct sockaddr *address,
                     char out[AW_ADDRESS_TEXT_MAX]);

#endif
