/* url.h - the one form of a URL under which it is queued, fetched and stored.
 *
 * The canonical form is what a browser would ask for (WHATWG URL), with the
 * equivalences of RFC 3986, 6.2.2 applied and with what tells visits apart
 * but not pages taken out:
 *
 *     HTTP://Example.COM:80/a/./b/../c d?utm_source=x&q=%7e#top
 *     http://example.com/a/c%20d?q=~
 *
 * - Only http and https; the host in lower case, as A-label (UTS 46,
 *   nontransitional), IPv4 as four decimal numbers, IPv6 in brackets and as
 *   short as it goes; the default port and user names left out.
 * - Backslashes count as slashes; tabs and line breaks are no part of a URL.
 * - Dot segments resolved (RFC 3986, 5.2.4), an empty path is "/", fragments
 *   are gone.
 * - Octets that need it are percent-encoded, in upper-case hex; unreserved
 *   ones are not. Text that is not ASCII counts as UTF-8, in queries too: the
 *   caller recodes links of pages in other charsets where that matters.
 * - Tracking parameters (utm_*, gclid, spm ...) and session ids (PHPSESSID,
 *   ;jsessionid=) are dropped: lists in url.c.
 *
 * The canonical form of a canonical URL is itself.
 *
 * A browser keeps user names, fragments, tracking parameters, the case of
 * escapes and escapes of unreserved octets; it writes U+FFFD for octets that
 * are not UTF-8, where they are escaped as they stand here. Names under IDNA
 * follow UTS 46 to the letter: labels that mix directions, and Punycode that
 * stands for ASCII alone, are refused, as the standard has it and some
 * browsers do not. Not every canonical URL can be fetched: port 0, and hosts
 * like "a!b" that libcurl refuses, fail when they are asked.
 */
#ifndef AW_CRAWLER_URL_H
#define AW_CRAWLER_URL_H

#include "base/buf.h"

/* The longest URL, in bytes: href as it is given, and the canonical form. */
#define AW_URL_MAX 8192

/* Views into a canonical URL. */
struct aw_url_parts {
    struct aw_str scheme; /* "http" or "https" */
    struct aw_str host;   /* IPv6 with its brackets */
    uint16_t port;        /* the one to connect to: 80 and 443 too */
    struct aw_str origin; /* "http://host", "http://host:8080" */
    struct aw_str target; /* path and query, as a request line has them */
    struct aw_str path;   /* starts with "/" */
    struct aw_str query;  /* without "?"; empty where there is none */
};

/* Appends the canonical form of href, resolved against base, to out. base is
 * an absolute URL in any form, or empty; it is looked at only where href is
 * relative.
 *
 * AW_INVALID with the reason: another scheme, no host, a host or port that
 * cannot be, a relative href without a base, over AW_URL_MAX. AW_LIMIT where
 * out is full. On failure out is as it was before. */
aw_rc aw_url_canonical(struct aw_str base, struct aw_str href,
                       struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* The same, but for tracking parameters and session ids, which stay. */
aw_rc aw_url_whole(struct aw_str base, struct aw_str href, struct aw_buf *out,
                   struct aw_err *err) AW_MUST_USE;

/* Takes a canonical URL apart; AW_INVALID where canonical lacks the shape of
 * one. It does not check that the parts are canonical. */
aw_rc aw_url_parse(struct aw_str canonical, struct aw_url_parts *out,
                   struct aw_err *err) AW_MUST_USE;

#endif
