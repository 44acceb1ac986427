/* protocol.h - what the crawler and a reader process say to one another.
 *
 * Frames over a socketpair: four numbers of 32 bits in host order (magic,
 * bytes of the head, bytes of the body, number of the job), the head as JSON,
 * the body as bytes. A question has the page's bytes as body and
 * {"url","content_type","content_encoding","charset","agent","sitemap",
 * "channel","decoded_max","ratio_max"} as head; an answer has only a head:
 *
 *   {"ok":true,"charset","charset_why","title","note","channel","nofollow",
 *    "canonical","text_digest","sitemap","links_cut","blocks",
 *    "links":[{"url","nofollow","kind","lastmod"}],"parties":{...},
 *    "verdict":{...as classify prints...},
 *    "context":[{"before","after"}, one for each claim]}
 *
 * or {"error"} where the page could not be read. The first frame of a reader
 * (job 0) says that it is ready: {"lexicon_hash","model_hash"}, or why it
 * cannot be: {"error"}.
 *
 * What a reader answers is untrusted: all of it meets a limit here.
 */
#ifndef AW_READER_PROTOCOL_H
#define AW_READER_PROTOCOL_H

#include "base/buf.h"
#include "classify/classify.h"
#include "extract/extract.h"

#define AW_FRAME_HEAD_MAX ((size_t)64 << 20)
#define AW_FRAME_BODY_MAX ((size_t)256 << 20)
#define AW_ANSWER_LINKS_MAX AW_DOCUMENT_LINKS_MAX
#define AW_ANSWER_TEXT_MAX ((size_t)64 << 10) /* one string of an answer */
#define AW_ANSWER_TITLE_MAX 2048
#define AW_ANSWER_LINK_BYTES_MAX ((size_t)16 << 20) /* of all URLs */
#define AW_ANSWER_PARTIES_MAX ((size_t)2 << 20)
#define AW_ANSWER_VALUES_MAX (1 << 20) /* values of JSON in one head */
#define AW_CONTEXT_POINTS 60 /* code points on each side of a quote */

struct aw_frame {
    uint32_t job;
    struct aw_str head;
    struct aw_str body;
};

void aw_frame_put(struct aw_buf *out, const struct aw_frame *frame);

/* Finds a whole frame at the front of bytes: *size is what it takes up.
 * AW_MISSING: more bytes are needed; AW_READER: this is no frame. */
aw_rc aw_frame_get(struct aw_str bytes, struct aw_frame *frame, size_t *size,
                   struct aw_err *err) AW_MUST_USE;

/* A question's frame, and back into an input of views into the frame; the
 * arena holds what JSON had escaped. */
aw_rc aw_question_put(struct aw_buf *out, uint32_t job,
                      const struct aw_extract_input *input,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_question_get(const struct aw_frame *frame, struct aw_arena *arena,
                      struct aw_extract_input *input,
                      struct aw_err *err) AW_MUST_USE;

struct aw_answer_link {
    struct aw_str url;
    bool nofollow;
    enum aw_link_kind kind;
    int64_t lastmod_ms; /* 0: not known */
};

struct aw_answer_claim {
    struct aw_str class, quote, before, after;
    int64_t block, start, end, severity;
    struct aw_str rule, rule_version, code, exempt_by;
    struct aw_str law, why; /* JSON arrays of strings */
    double score;
};

/* A reader's answer; all text lives in the arena that it was read into. */
struct aw_answer {
    bool ok;
    struct aw_str error; /* where not ok: what extract or classify said */
    struct aw_str charset, charset_why, title;
    struct aw_str note;    /* why not all of the page was read, or empty */
    struct aw_str channel; /* the document's, which extract may have changed */
    bool nofollow;
    struct aw_str canonical;   /* absolute URL, or empty */
    struct aw_str text_digest; /* 64 hex digits, or empty */
    struct aw_str sitemap;     /* name of an aw_sitemap_kind; empty: a page */
    int64_t blocks; /* of text; 0: there was nothing to read in it */
    bool links_cut; /* there were more */
    struct aw_answer_link *links;
    size_t link_count;
    struct aw_str parties; /* JSON object */
    struct aw_str verdict, doc_kind;
    double score, doc_score;
    struct aw_answer_claim *claims;
    size_t claim_count;
};

aw_rc aw_answer_put(struct aw_buf *out, uint32_t job,
                    const struct aw_document *doc,
                    const struct aw_verdict *verdict,
                    struct aw_err *err) AW_MUST_USE;
aw_rc aw_answer_put_error(struct aw_buf *out, uint32_t job,
                          const struct aw_err *failure,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_answer_get(struct aw_str head, struct aw_arena *arena,
                    struct aw_answer *answer, struct aw_err *err) AW_MUST_USE;

aw_rc aw_ready_put(struct aw_buf *out, const char *lexicon_hash,
                   const char *model_hash, struct aw_err *err) AW_MUST_USE;
/* AW_CONFIG with the reader's own words where it cannot start. */
aw_rc aw_ready_get(struct aw_str head, struct aw_arena *arena,
                   struct aw_str *lexicon_hash, struct aw_str *model_hash,
                   struct aw_err *err) AW_MUST_USE;

#endif
