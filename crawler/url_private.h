/* url_private.h - what url.c, url_host.c and url_plain.c share. */
#ifndef AW_CRAWLER_URL_PRIVATE_H
#define AW_CRAWLER_URL_PRIVATE_H

#include "crawler/url.h"

/* Percent-encoding makes three octets of one. */
#define AW_URL_TEXT_MAX ((size_t)4 * AW_URL_MAX)

/* What browsers escape besides controls, space, and all that is not ASCII
 * (WHATWG URL, 1.3: the path and the special-query percent-encode sets). */
#define AW_URL_IN_PATH "\"#<>?^`{}"
#define AW_URL_IN_QUERY "\"#<>'"

/* The octet that the escape at s[i] stands for, or -1 where none is. */
int aw_url_escaped_octet(struct aw_str s, size_t i);

/* Appends s with every octet written in the one way it has: escapes of
 * unreserved octets undone, others in upper case, octets of set escaped. A
 * "%" that is no escape stays, as in browsers; nothing joins it to become
 * one. */
void aw_url_put_encoded(struct aw_buf *out, struct aw_str s, const char *set);

/* A query parameter of this name is one that canonical URLs do not have. */
bool aw_url_is_dropped(struct aw_str name);

/* The short way of most links: appends the canonical form where it is plain
 * from a look at the octets, as for "/a/b.html?c=1" on "http://d.example/e".
 * False, and out as it was, where it is not: that says nothing of href. */
bool aw_url_put_plain(struct aw_buf *out, struct aw_str base,
                      struct aw_str href);

/* Appends host, which is not empty, in its one form: A-labels in lower case,
 * an IPv4 address as four numbers, an IPv6 address between its brackets. */
aw_rc aw_url_put_host(struct aw_buf *out, struct aw_str host,
                      struct aw_err *err) AW_MUST_USE;

/* AW_INVALID: host "..." why. The host is shown with its escapes: it may hold
 * anything. */
aw_rc aw_url_fail_host(struct aw_err *err, struct aw_str host,
                       const char *why);

#endif
