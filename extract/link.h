/* link.h - href to absolute URL, by libcurl's URL API.
 *
 * A linker holds the base of one page. It reads an href as browsers do: white
 * space around it and tabs and line ends within it do not count, backslashes
 * before the query are slashes, the fragment is no part of it. Only http and
 * https are links. Where the page has no URL, relative ones stay as written.
 */
#ifndef AW_EXTRACT_LINK_H
#define AW_EXTRACT_LINK_H

#include "base/document.h"

#define AW_LINK_BYTES_MAX AW_DOCUMENT_URL_MAX /* longer ones are dropped */

struct aw_linker;

/* url is the page's, or empty. */
aw_rc aw_linker_new(struct aw_linker **out, struct aw_str url,
                    struct aw_err *err) AW_MUST_USE;
void aw_linker_free(struct aw_linker *linker);

/* <base href>: only the first one counts. */
void aw_linker_base(struct aw_linker *linker, struct aw_str href);

/* The page of a frame begins here: a <base> in it counts for it alone. One
 * level; false where memory was short, as aw_linker_check tells. */
bool aw_linker_enter(struct aw_linker *linker);
void aw_linker_leave(struct aw_linker *linker);

/* What the page is in (a name of charset.h): queries are written in it. UTF-8
 * where nothing is said. */
void aw_linker_charset(struct aw_linker *linker, struct aw_str charset);

/* False where href is no link. *out holds until the next call. References in
 * href must be undone. */
bool aw_linker_resolve(struct aw_linker *linker, struct aw_str href,
                       struct aw_str *out);

/* AW_NOMEM where a link was dropped since memory was short. */
aw_rc aw_linker_check(const struct aw_linker *linker,
                      struct aw_err *err) AW_MUST_USE;

/* Does url name its scheme? */
bool aw_link_absolute(struct aw_str url);

#endif
