/* protocol.h - what the crawler and a reader process say to one another.
 *
 * Frames over a socketpair: four numbers of 32 bits in host order (magic,
 * bytes of the head, bytes of the body, number of the job), the head, the
 * body. Both ends are the same program: a head is its fields one after the
 * other, in one fixed order, as wire.h writes them, and nothing names them.
 *
 * A question has its fields as head and the page's bytes as body; an answer
 * has only a head: answer_put.c and answer_get.c have its fields, side by
 * side. It tells what a page holds, or in words why it could not be read, or
 * that it is large (see quick_max of struct aw_extract_input). Where a person
 * wants to look at the page (enum aw_show), what is shown of it comes last:
 * answer_shown.c. The first frame
 * of a reader (job 0) says that it is ready: the hashes of its rules and its
 * model, or why it cannot be.
 *
 * What a reader answers is untrusted: all of it meets a limit here.
 */
#ifndef AW_READER_PROTOCOL_H
#define AW_READER_PROTOCOL_H

#include "base/buf.h"
#include "classify/classify.h"
#include "extract/extract.h"
#include "extract/show.h"

#define AW_FRAME_HEAD_MAX ((size_t)64 << 20)
#define AW_FRAME_BODY_MAX ((size_t)256 << 20)
#define AW_ANSWER_LINKS_MAX AW_DOCUMENT_LINKS_MAX
#define AW_ANSWER_TEXT_MAX ((size_t)64 << 10) /* one string of an answer */
#define AW_ANSWER_TITLE_MAX 2048
#define AW_ANSWER_IMAGES_MAX 20 /* of one page, that may be posters */
#define AW_ANSWER_LINK_BYTES_MAX ((size_t)16 << 20) /* of all URLs */
#define AW_ANSWER_PARTIES_MAX ((size_t)4 << 20)
#define AW_ANSWER_APPS_BYTES_MAX ((size_t)8 << 20) /* of all their texts */
#define AW_ANSWER_SHOWN_MAX ((size_t)4 << 20)      /* of all blocks' texts */
#define AW_CONTEXT_POINTS 60 /* code points on each side of a quote */

struct aw_frame {
    uint32_t job;
    struct aw_str head;
    struct aw_str body;
};

void aw_frame_put(struct aw_buf *out, const struct aw_frame *frame);

/* The same with a head that was just written, which is freed; where that, or
 * out, is broken: its failure. */
aw_rc aw_frame_put_head(struct aw_buf *out, uint32_t job, struct aw_buf *head,
                        struct aw_str body, struct aw_err *err) AW_MUST_USE;

/* Finds a whole frame at the front of bytes: *size is what it takes up.
 * AW_MISSING: more bytes are needed; AW_READER: this is no frame. */
aw_rc aw_frame_get(struct aw_str bytes, struct aw_frame *frame, size_t *size,
                   struct aw_err *err) AW_MUST_USE;

/* A question's frame, and back into an input of views into the frame. */
aw_rc aw_question_put(struct aw_buf *out, uint32_t job,
                      const struct aw_extract_input *input,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_question_get(const struct aw_frame *frame,
                      struct aw_extract_input *input,
                      struct aw_err *err) AW_MUST_USE;

/* Makes quick_max 0 in a frame of aw_question_put. */
void aw_question_set_unhurried(struct aw_buf *question);

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

/* A text of the page, and where rules see it otherwise (classify/seen.h) as
 * they do. Where even that is too much, without its end. */
struct aw_answer_block {
    struct aw_str kind, hidden; /* names of document.h */
    struct aw_str text, seen;   /* seen is empty where it is the same */
};

/* A reader's answer. Its texts, each ended by a NUL, are views into the head
 * that it was read from; lists and JSON live in the arena. */
struct aw_answer {
    bool ok;
    bool is_large;       /* not ok: ask again with quick_max 0 */
    struct aw_str error; /* where neither: what extract or classify said */
    struct aw_str charset, charset_why, title;
    struct aw_str note;    /* why not all of the page was read, or empty */
    struct aw_str channel; /* the document's, which extract may have changed */
    bool nofollow;
    struct aw_str canonical;   /* absolute URL, or empty */
    struct aw_str text_digest; /* 64 hex digits, or empty */
    struct aw_str sitemap;     /* name of an aw_sitemap_kind; empty: a page */
    int64_t blocks;  /* of text; 0: there was nothing to read in it */
    int64_t shown;   /* code points of text that a visitor reads */
    int64_t scripts; /* elements that run code */
    bool links_cut;  /* there were more */
    struct aw_answer_link *links;
    size_t link_count;
    struct aw_str parties; /* JSON object; "{}" where there are none */
    struct aw_app *apps;
    size_t app_count;
    struct aw_str verdict, doc_kind;
    double score, doc_score;
    struct aw_answer_claim *claims;
    size_t claim_count;
    struct aw_answer_block *texts; /* AW_SHOW_BLOCKS */
    size_t text_count;
    bool texts_cut;       /* there are more, or longer ones */
    struct aw_str source; /* AW_SHOW_SOURCE and what comes behind it */
};

aw_rc aw_answer_put(struct aw_buf *out, uint32_t job,
                    const struct aw_document *doc,
                    const struct aw_verdict *verdict,
                    struct aw_err *err) AW_MUST_USE;
/* The same with what is shown: the texts of doc (show is AW_SHOW_BLOCKS), or
 * source. */
aw_rc aw_answer_put_shown(struct aw_buf *out, uint32_t job,
                          const struct aw_document *doc,
                          const struct aw_verdict *verdict, enum aw_show show,
                          struct aw_str source,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_answer_put_error(struct aw_buf *out, uint32_t job,
                          const struct aw_err *failure,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_answer_put_large(struct aw_buf *out, uint32_t job,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_answer_get(struct aw_str head, struct aw_arena *arena,
                    struct aw_answer *answer, struct aw_err *err) AW_MUST_USE;

aw_rc aw_ready_put(struct aw_buf *out, const char *lexicon_hash,
                   const char *model_hash, struct aw_err *err) AW_MUST_USE;
/* Views into head. AW_CONFIG with the reader's own words where it cannot
 * start. */
aw_rc aw_ready_get(struct aw_str head, struct aw_str *lexicon_hash,
                   struct aw_str *model_hash, struct aw_err *err) AW_MUST_USE;

#endif
