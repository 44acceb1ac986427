/* query.h - a link's query in its page's charset, as browsers send it. (URL
 * Standard, 1.3 "percent-encode after encoding"; Encoding Standard, 4.3)
 *
 * Path and host are UTF-8 always; characters beyond ASCII in the query are
 * percent-encoded in the charset of the page, and those that it does not have
 * as "&#NNNN;", percent-encoded too. A page in UTF-16 counts as UTF-8.
 *
 * charset.h reads GB2312 and GBK as GB18030; the query is written as GBK,
 * which is what nearly all of these pages declare.
 */
#ifndef AW_EXTRACT_QUERY_H
#define AW_EXTRACT_QUERY_H

#include "base/buf.h"

struct aw_query;

/* charset is a name of charset.h. *out is NULL, which stands for UTF-8, where
 * it is that, or not known. */
void aw_query_new(struct aw_query **out, struct aw_str charset);
void aw_query_free(struct aw_query *query);

/* Appends text, well-formed UTF-8, as it goes into a URL behind "?". ASCII
 * stays as it is, but for controls, space, quotes, "<", ">" and "#". */
void aw_query_put(struct aw_query *query, struct aw_buf *out,
                  struct aw_str text);

#endif
