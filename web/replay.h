/* replay.h - captured pages shown again, on an origin of their own.
 *
 * A page is at /PASS/URL, its URL as one segment (extract/replay.h), and so is
 * all that it loads: from the archive, the record nearest to the page's time.
 * Nothing is ever fetched from elsewhere; what the archive does not have is
 * 404. PASS is a secret of 32 bytes that opens this one page, for
 * AW_FRAMES_PASS_MS, and what it was seen to be made of: of the URLs that the
 * page and its style sheets named when they were shown under this pass (at
 * most AW_PARTS_MAX), images, style sheets and fonts; never another page. It
 * dies with the session that it was made in.
 *
 * Every reply is sandboxed by its own headers, wherever it is opened: no
 * scripts, no forms, no navigation of what is around it, an origin that is no
 * other's, nothing loaded but from below its own pass. Types are told by the
 * bytes or a table; nothing of an archived head is sent on.
 *
 * docs/decisions/0054 has the reasons.
 */
#ifndef AW_WEB_REPLAY_H
#define AW_WEB_REPLAY_H

#include "reader/sight.h"
#include "web/http.h"
#include "web/stores.h"

#include "store/store.h"

#define AW_FRAMES_PASS_MS 600000
#define AW_FRAMES_PASSES_MAX 4096 /* at a time; the oldest go */
#define AW_FRAMES_BODY_MAX ((size_t)32 << 20)
#define AW_FRAMES_HOPS_MAX 5 /* redirects of an archived image */
#define AW_FRAMES_URL_MAX 8192

/* The texts must outlive it. */
struct aw_frames_config {
    const char *archive_dir;
    const struct aw_config *config;
    const struct aw_clock *clock;
    struct aw_sight *sight;
    struct aw_stores *stores;     /* to see whether a session is open */
    struct aw_str origin;         /* of the page that may frame it */
    struct aw_str capture_origin; /* its own */
};

struct aw_frames;

aw_rc aw_frames_new(struct aw_frames **out,
                    const struct aw_frames_config *config,
                    struct aw_err *err) AW_MUST_USE;
void aw_frames_free(struct aw_frames *frames); /* NULL is allowed */

/* Appends "/PASS/URL" of a capture; channel: of its finding; session: the key
 * of the one that asks. Whoever calls knows that the user may see it, and
 * keeps an audit. */
aw_rc aw_frames_pass(struct aw_frames *frames,
                     const struct aw_capture *capture, struct aw_str channel,
                     struct aw_str session, struct aw_buf *path,
                     struct aw_err *err) AW_MUST_USE;

/* Answers a request to the capture origin. */
void aw_frames_answer(struct aw_frames *frames,
                      const struct aw_http_request *request,
                      struct aw_http_reply *reply);

#endif
