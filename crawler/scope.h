/* scope.h - does a URL lie on the beat of its source?
 *
 * A struct aw_scope is made from one source of the config and answers any
 * number of questions about canonical URLs (url.h). In this order:
 *
 * 1. a start page of the source is on the beat;
 * 2. what a pattern of `exclude` names is off it;
 * 3. what `scope` covers is on it: the start pages' hosts, their sites
 *    (site.h), their folders, or nothing (`listed`);
 * 4. what a pattern of `include` names is on it;
 * 5. all else is off it.
 *
 * A pattern is one of
 *
 *     host:www.example.invalid   this host, any port and scheme
 *     site:example.invalid       this registrable domain, all its hosts
 *     prefix:https://...         URLs that begin so, in canonical form
 *     regex:...                  URLs in which PCRE2 finds it, in at most
 *                                AW_SCOPE_STEPS steps
 *     ...                        a glob over the whole URL: "*" any text,
 *                                "?" any one character
 *
 * Host names may be written as U-labels, and octets of prefixes and globs
 * that a URL has escaped may stand unescaped if they are not ASCII.
 *
 * One scope is asked by one thread at a time.
 */
#ifndef AW_CRAWLER_SCOPE_H
#define AW_CRAWLER_SCOPE_H

#include "base/arena.h"
#include "base/config.h"
#include "crawler/site.h"

/* Of one regex on one URL: match limit and depth limit of PCRE2, and heap in
 * KiB. A regex that needs more does not hold. */
#define AW_SCOPE_STEPS 200000
#define AW_SCOPE_HEAP 4096

struct aw_scope;

/* config, sites and arena, which holds the scope's texts, must outlive the
 * scope; index is that of the source.
 * AW_CONFIG with file and line: a start that is no URL, a pattern that is
 * none. */
aw_rc aw_scope_new(struct aw_scope **out, const struct aw_config *config,
                   unsigned index, const struct aw_sites *sites,
                   struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;
void aw_scope_free(struct aw_scope *scope); /* NULL is fine */

/* *why, where why is not NULL and the URL is off the beat: the reason, which
 * lives as long as scope: "excluded by 'prefix:...' of its source", "off the
 * beat of its source". */
bool aw_scope_holds(const struct aw_scope *scope, struct aw_str url,
                    const char **why);

/* The start pages in canonical form, in the config's order. */
struct aw_str aw_scope_start(const struct aw_scope *scope, unsigned index);

#endif
