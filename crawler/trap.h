/* trap.h - is this URL part of a trap, where links never end?
 *
 * Some are told by the URL alone:
 *
 * - the same segment AW_TRAP_REPEATS times in its path, or segments in a row
 *   that often ("/a/b/a/b/a/b"); AW_TRAP_PLAIN_REPEATS times where the segment
 *   is a number or no longer than two characters, as in "/2011/11/11/11/";
 * - more than AW_TRAP_SEGMENTS_MAX segments, more than AW_TRAP_URL_MAX bytes;
 * - more than AW_TRAP_PARAMS_MAX parameters, one of them AW_TRAP_SAME_PARAM
 *   times (but for "name[]").
 *
 * Others by what was asked before, host by host:
 *
 * - calendars: more than AW_TRAP_DATED_MAX URLs that differ in nothing but a
 *   date ("/kalender/2031/5", "?day=2031-05-06");
 * - generators: more than AW_TRAP_NUMBERED_MAX that differ in numbers alone;
 *   real lists and archives are long, so this is far off;
 * - facets: more than AW_TRAP_FACETS_MAX combinations on one path of at least
 *   three parameters that vary, where values come back: each value in
 *   AW_TRAP_FACETS_FACTOR combinations. A list of articles brings a new value
 *   with each URL and is none;
 * - chains: more than AW_TRAP_CHAIN_MAX pages in a row of which each only
 *   makes the path (or the query) of the page before longer.
 *
 * What is told is the URL that goes over the limit, and those after it; asking
 * twice about one URL counts once. Counts above 64 are estimates from the 64
 * smallest hashes (k minimum values: Bar-Yossef and others, 2002), 13 % more
 * or less. The memory is bounded: AW_TRAP_RECORDS shapes and paths, of which
 * the one with the fewest URLs gives way, and AW_TRAP_CHAINS pages.
 *
 * For one run and one thread.
 */
#ifndef AW_CRAWLER_TRAP_H
#define AW_CRAWLER_TRAP_H

#include "base/buf.h"

#define AW_TRAP_REPEATS 3
#define AW_TRAP_PLAIN_REPEATS 5
#define AW_TRAP_SEGMENTS_MAX 30
#define AW_TRAP_URL_MAX 2000
#define AW_TRAP_PARAMS_MAX 30
#define AW_TRAP_SAME_PARAM 3
#define AW_TRAP_DATED_MAX 500
#define AW_TRAP_NUMBERED_MAX 20000
#define AW_TRAP_FACETS_MAX 200
#define AW_TRAP_FACETS_FACTOR 10
#define AW_TRAP_CHAIN_MAX 12

/* At most 16 MB in all. */
#define AW_TRAP_RECORDS (1 << 14)
#define AW_TRAP_CHAINS (1 << 16)

struct aw_trap;

/* Fails only for want of memory. */
aw_rc aw_trap_new(struct aw_trap **out, struct aw_err *err) AW_MUST_USE;
void aw_trap_free(struct aw_trap *trap); /* NULL is fine */

/* True where the URL is part of a trap; appends why to reason, with the piece
 * that shows it: "trap: path segment 'kalender' stands 4 times". url and
 * found_on are canonical; found_on is empty where no page links to url. */
bool aw_trap_check(struct aw_trap *trap, struct aw_str url,
                   struct aw_str found_on, struct aw_buf *reason);

#endif
