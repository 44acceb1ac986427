/* compare.h - a page fetched twice: do both say the same?
 *
 * Once it was fetched plainly, once a browser asked for it by itself. What is
 * held against each other: the status, the bytes of the answers (SHA-256), the
 * text that a visitor reads, and the quotes of the claims. It says what is
 * equal and what is not; what follows from that is for people.
 *
 * Text in common is counted over runs of three code points, each kind once,
 * white space and hidden text left out, of the first AW_COMPARE_TEXT_MAX code
 * points of either.
 */
#ifndef AW_EVIDENCE_COMPARE_H
#define AW_EVIDENCE_COMPARE_H

#include "base/buf.h"
#include "base/document.h"

#define AW_COMPARE_TEXT_MAX ((size_t)2 << 20) /* code points */
#define AW_COMPARE_QUOTES_MAX 2000

/* What came of it. The code is for programs, the words are for people. */
#define AW_COMPARED_LIST(X)                         \
    X(SAME, "same", "一致")                         \
    X(SAME_TEXT, "same-text", "文字一致而字节不同") \
    X(DIFFERENT, "different", "不一致")             \
    X(ONE_FETCH, "one-fetch", "只获取一次：浏览器使用的即是普通获取的网页")

enum aw_compared {
#define X(name, code, words) AW_COMPARED_##name,
    AW_COMPARED_LIST(X)
#undef X
};

struct aw_compare_side {
    int64_t capture;
    int64_t fetched_ms; /* wall */
    int status;         /* of the page's own answer */
    /* SHA-256 of that answer's payload, hex; empty: not known. */
    struct aw_str payload_digest;
    const struct aw_document *document; /* as read */
};

struct aw_compare_input {
    struct aw_compare_side plain, rendered;
    /* The browser asked for the page by itself; else it was given the other
     * one's. */
    bool independent;
    const struct aw_str *quotes; /* of the claims */
    size_t quote_count;
};

struct aw_comparison {
    enum aw_compared outcome;
    bool same_status, same_bytes, same_text;
    int64_t grams_plain, grams_rendered, grams_both; /* kinds of runs */
    int64_t in_both, in_plain, in_rendered, in_none; /* quotes: each once */
    bool cut; /* a text was longer than is looked at */
};

/* AW_LIMIT: more quotes than AW_COMPARE_QUOTES_MAX. AW_NOMEM. */
aw_rc aw_compare(const struct aw_compare_input *input,
                 struct aw_comparison *out, struct aw_err *err) AW_MUST_USE;

/* Appends one JSON object, with a line end: what was compared, what came of
 * it, a sentence in Chinese. */
aw_rc aw_compare_json(struct aw_buf *out, const struct aw_compare_input *input,
                      struct aw_err *err) AW_MUST_USE;

#endif
