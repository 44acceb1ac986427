/* robots.h - may this agent fetch this URL? (RFC 9309)
 *
 * A struct aw_robots is made from the bytes of one robots.txt and answers any
 * number of questions. It copies what it needs: the bytes may go away. Not
 * thread-safe while being made; safe to share afterwards. Any bytes make one:
 * lines that are no records are passed over.
 *
 * - The rules of all groups that name the agent are taken together; where no
 *   group does, those of the groups for "*" (2.2.1).
 * - The longest pattern that matches wins, in octets; Allow wins a tie; where
 *   none matches, the URL is allowed (2.2.2). "*" is any octets, "$" at the
 *   end of a pattern is the end of the URL (2.2.3).
 * - Patterns and paths are compared in one form: octets that are not
 *   unreserved percent-encoded alike, upper-case hex, unreserved ones as they
 *   are. A "/" or ":" in a query is the same as its escape, one in the path is
 *   not. A pattern without "?" finds an escape in a query as it stands, too.
 * - Sitemap and Crawl-delay are read and end no group (2.2.4).
 * - At most AW_ROBOTS_MAX bytes are read (2.5); the line that crosses the
 *   limit and the rest are ignored.
 *
 * What the HTTP status of robots.txt means (2.3.1) is up to the caller.
 */
#ifndef AW_CRAWLER_ROBOTS_H
#define AW_CRAWLER_ROBOTS_H

#include "base/error.h"
#include "base/str.h"

/* Bytes of robots.txt that are read, and of a path asked for. */
#define AW_ROBOTS_MAX ((size_t)500 * 1024)
#define AW_ROBOTS_PATH_MAX ((size_t)64 * 1024)

/* Longer delays count as this one. */
#define AW_ROBOTS_DELAY_MAX_MS ((int64_t)60 * 60 * 1000)

struct aw_robots;

/* Fails only for want of memory. Free it with aw_robots_free. */
aw_rc aw_robots_new(struct aw_robots **out, struct aw_str bytes,
                    struct aw_err *err) AW_MUST_USE;
void aw_robots_free(struct aw_robots *robots); /* NULL is fine */

/* May agent fetch path_and_query ("/a?b=c")? agent is a product token
 * ("adwatch"); what follows the token ("/1.0") does not count. "/robots.txt"
 * itself is always allowed; a path over AW_ROBOTS_PATH_MAX never is, nor one
 * for which there is no memory.
 *
 * *rule, where rule is not NULL: the line that decided, as it stands in the
 * file, or empty. It lives as long as robots. */
bool aw_robots_allowed(const struct aw_robots *robots, struct aw_str agent,
                       struct aw_str path_and_query, struct aw_str *rule);

/* The longest Crawl-delay of the groups that hold for agent, in ms: 0 to
 * AW_ROBOTS_DELAY_MAX_MS, or -1 where they have none. */
int64_t aw_robots_delay_ms(const struct aw_robots *robots,
                           struct aw_str agent);

/* The values of Sitemap lines, in the file's order; not checked. index is
 * below the count. They live as long as robots. */
size_t aw_robots_sitemap_count(const struct aw_robots *robots);
struct aw_str aw_robots_sitemap(const struct aw_robots *robots, size_t index);

/* Whether X-Robots-Tag headers, a line for the value of each, forbid agent to
 * follow the page's links: "nofollow" or "none" among the directives that name
 * no agent ("noindex, nofollow") or this one ("adwatch: nofollow"). An agent
 * holds for what stands behind it, up to the next agent or the line's end. */
bool aw_robots_tag_nofollow(struct aw_str values, struct aw_str agent);

#endif
