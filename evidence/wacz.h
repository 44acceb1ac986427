/* wacz.h - a web archive in one file that replays by itself: WACZ 1.1.1.
 *
 * A zip, nothing compressed in it but the WARC's own members:
 *
 *     indexes/index.cdx         the WARC's index (CDXJ), one line a record;
 *                               without revisits of status 304
 *     pages/pages.jsonl         what to open first, with text for searching
 *     archive/data.warc.gz      the WARC, its bytes as they are
 *     datapackage.json          SHA-256 of these three
 *     datapackage-digest.json   SHA-256 of that
 *
 * The index is not cut into blocks (index.cdx.gz with index.idx): a capture
 * has some dozens of records. Nothing is random: the same source gives the
 * same bytes. No signature of WACZ-Auth: the bundle around it is signed.
 *
 * Source: WACZ 1.1.1 and CDXJ 0.1.0, specs.webrecorder.net; the names and the
 * order of members are those of npm's @harvard-lil/js-wacz.
 */
#ifndef AW_EVIDENCE_WACZ_H
#define AW_EVIDENCE_WACZ_H

#include "base/buf.h"
#include "base/hash.h"

#define AW_WACZ_PAGES_MAX 256
#define AW_WACZ_INDEX_MAX ((size_t)64 << 20) /* bytes of index.cdx */
#define AW_WACZ_PAGE_MAX ((size_t)16 << 20)  /* bytes of pages.jsonl */

/* A page of the list: a response or revisit of the WARC with this URL (http or
 * https) and date. What a browser made of it (urn:...) is a record and no
 * page. */
struct aw_wacz_page {
    struct aw_str url;
    int64_t ts_ms;       /* WARC-Date of the response */
    struct aw_str title; /* empty: the URL is shown */
    struct aw_str text;  /* of the page; may be empty */
};

/* What a WARC file is called in it, and in its index. */
#define AW_WACZ_WARC_NAME "data.warc.gz"

/* Of a WARC file that was read already, so that it is not read again. */
struct aw_wacz_known {
    struct aw_str index; /* aw_warc_index, of that name */
    uint32_t crc32;
    char sha256[AW_SHA256_HEX_MAX];
};

struct aw_wacz_source {
    struct aw_str warc;                /* whole, one gzip member a record */
    const struct aw_wacz_known *known; /* of it; NULL: nothing */
    const struct aw_wacz_page *pages;  /* the main page first; may be none */
    size_t page_count;
    struct aw_str title;
    struct aw_str software; /* "adwatch 0.1.0" */
    int64_t created_ms;     /* for the same bytes: the same time */
};

/* Appends the WACZ to out, whose limit is the caller's. AW_INVALID: the WARC
 * is false, or a page is not in it. AW_LIMIT. */
aw_rc aw_wacz_make(struct aw_buf *out, const struct aw_wacz_source *source,
                   struct aw_err *err) AW_MUST_USE;

#define AW_WACZ_WHAT_MAX 128 /* bytes of what was found, with the NUL */

/* For verify: wacz is one that aw_wacz_make made of warc, with each byte in
 * its place. Its WARC is warc, its index what the records give, each page one
 * of them, each digest right. AW_INVALID or AW_LIMIT with what is false;
 * otherwise `what` says what was found. known: of warc, or NULL. */
aw_rc aw_wacz_check(struct aw_str wacz, struct aw_str warc,
                    const struct aw_wacz_known *known,
                    char what[AW_WACZ_WHAT_MAX],
                    struct aw_err *err) AW_MUST_USE;

#endif
