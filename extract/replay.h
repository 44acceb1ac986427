/* replay.h - an archived page as it may be looked at again: nothing in it
 * runs, nothing in it leads away, and all that it loads comes from one folder.
 *
 * HTML is cut into tags (token.h) and written anew. Left out are scripts,
 * frames, plugins, refreshes, <base>, animations, event handlers, targets of
 * links and forms; of frames the pages that stand in their srcdoc are kept,
 * written anew as well, three deep. What remains to be loaded (images, style
 * sheets, media, and url() and @import in CSS) is resolved against the page's
 * URL and named by one segment of a path: the absolute URL with all but
 * letters, digits and
 * "-._~" as %XX. So under /ANYTHING/ENCODED-URL-OF-THE-PAGE every such
 * reference leads to /ANYTHING/ENCODED-URL, and none elsewhere.
 *
 * This makes a replay whole, not safe: who shows it says by its headers that
 * nothing else is loaded and nothing runs. Text is UTF-8, as extract decodes
 * it. The work is linear in the bytes.
 */
#ifndef AW_EXTRACT_REPLAY_H
#define AW_EXTRACT_REPLAY_H

#include "base/buf.h"

/* Bytes written for each byte read, and besides; what would be longer is cut
 * behind a whole tag or rule. */
#define AW_REPLAY_GROWTH 4
#define AW_REPLAY_FREE ((size_t)64 << 10)
#define AW_REPLAY_PIECE_MAX ((size_t)8 << 20) /* kept free in out */

struct aw_replay_from {
    struct aw_str url;     /* of the page or style sheet; may be empty */
    struct aw_str charset; /* in which queries are written; may be empty */
    bool dom;   /* a browser wrote it: what stands in noscript is not shown */
    bool parts; /* for aw_replay_references, not to be looked at: the src of
                 * scripts and frames stands in it as those of pictures do */
};

/* Append to out, whose limit also counts and is above AW_REPLAY_PIECE_MAX.
 * *cut: not all is there. */
aw_rc aw_replay_html(struct aw_str html, const struct aw_replay_from *from,
                     struct aw_buf *out, bool *cut,
                     struct aw_err *err) AW_MUST_USE;
aw_rc aw_replay_css(struct aw_str css, const struct aw_replay_from *from,
                    struct aw_buf *out, bool *cut,
                    struct aw_err *err) AW_MUST_USE;

/* Appends an absolute URL as one segment of a path. */
void aw_replay_put_url(struct aw_buf *out, struct aw_str url);

/* Calls visit with each URL of the web that stands as such a segment in what
 * was written; longer ones than AW_REPLAY_URL_MAX are passed over. Text that
 * looks like one counts as well: the page could have loaded it. The URL lives
 * until visit returns. */
#define AW_REPLAY_URL_MAX 8192
typedef void aw_replay_visit_fn(void *self, struct aw_str url);
void aw_replay_references(struct aw_str written, aw_replay_visit_fn *visit,
                          void *self);

#endif
