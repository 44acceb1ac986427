/* moment.h - when a sitemap's entry was last changed. */
#ifndef AW_EXTRACT_MOMENT_H
#define AW_EXTRACT_MOMENT_H

#include "base/str.h"

/* A W3C datetime (YYYY, YYYY-MM, YYYY-MM-DD, with Thh:mm, seconds, fraction
 * and zone; none is UTC), or a date of a feed (RFC 822: "Mon, 23 Nov 2026
 * 10:20:30 +0800"), as wall time in ms; a year or a month counts from its
 * first day. 0 where text is neither or before 1970. */
int64_t aw_moment_parse(struct aw_str text);

#endif
