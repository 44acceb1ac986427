/* render_record.h - what a browser saw, as records of the archive.
 *
 * What the page asked for: response, request and metadata, as the fetcher's
 * pages have them, so that it replays. What it looked like: resource records
 * under the page's URL with a word before it, as other crawlers have it:
 *
 *     urn:dom:URL        the page's HTML after its scripts ran, UTF-8
 *     urn:view:URL       PNG of the first screen
 *     urn:fullPage:URL   PNG of the whole page
 *     urn:pageinfo:URL   JSON: the browser, sizes, counts, what was left out,
 *                        and each answer that it got, with its record's id
 */
#ifndef AW_CRAWLER_RENDER_RECORD_H
#define AW_CRAWLER_RENDER_RECORD_H

#include "archive/warc.h"
#include "crawler/render.h"

#define AW_RENDER_PREFIX_MAX 16 /* of these words */

#define AW_RENDER_LISTED_MAX 5000                /* answers of one page */
#define AW_RENDER_LISTED_BYTES ((size_t)4 << 20) /* of their JSON */

/* What a page in a browser got, so that all of it can be found again. */
struct aw_render_answers {
    struct aw_fetch_chains *chains; /* of the archive that it goes to */
    bool given; /* the page itself was given, and not asked for */
    /* Of its own answer, where it was asked for: the last one. */
    char page_record[AW_UUID_URN_MAX];
    char page_digest[AW_SHA256_HEX_MAX];
    int page_status;
    struct aw_buf list; /* members of a JSON array */
    size_t count;
    bool cut; /* there are more than are listed */
};

void aw_render_answers_init(struct aw_render_answers *answers,
                            struct aw_fetch_chains *chains, bool given);
void aw_render_answers_deinit(struct aw_render_answers *answers);

/* Its browser crashed and it begins anew. */
void aw_render_answers_reset(struct aw_render_answers *answers);

/* via: the URL of the page that asked for it. AW_INVALID and AW_LIMIT where
 * the archive refuses this one answer; else it is listed. */
aw_rc aw_render_put_answer(struct aw_warc_writer *warc,
                           struct aw_render_answers *answers,
                           const struct aw_render_fetched *fetched,
                           struct aw_str via, struct aw_err *err) AW_MUST_USE;

/* record: as it was written, with its digest; its texts have died. */
struct aw_render_record {
    char uri[AW_RENDER_PREFIX_MAX + 8192 + 1];
    char digest[AW_SHA256_HEX_MAX]; /* SHA-256 of the payload */
    struct aw_warc_place place;
    int64_t date_ms;
};

aw_rc aw_render_put_dom(struct aw_warc_writer *warc, struct aw_str url,
                        struct aw_str html, struct aw_render_record *record,
                        struct aw_err *err) AW_MUST_USE;
aw_rc aw_render_put_shot(struct aw_warc_writer *warc, struct aw_str url,
                         const struct aw_render_shot *shot,
                         struct aw_render_record *record,
                         struct aw_err *err) AW_MUST_USE;
aw_rc aw_render_put_info(struct aw_warc_writer *warc, struct aw_str url,
                         const struct aw_render_result *result,
                         const struct aw_render_answers *answers,
                         struct aw_render_record *record,
                         struct aw_err *err) AW_MUST_USE;

/* Appends the members of the JSON object that describes a result, but its
 * resources and screenshots: {"url","title","status","viewport":{...},...}. */
void aw_render_info(struct aw_buf *out, const struct aw_render_result *result);

#endif
