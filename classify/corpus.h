/* corpus.h - the labelled examples (corpus/README.md), read and checked.
 *
 * Every mistake is a problem with file and line: "corpus/web.jsonl:14:
 * web-0014: quote '保本' is not in the text". A corpus with errors is not
 * used.
 */
#ifndef AW_CLASSIFY_CORPUS_H
#define AW_CLASSIFY_CORPUS_H

#include "classify/lexicon.h"

#define AW_CORPUS_FILE_MAX ((size_t)64 << 20) /* bytes */
#define AW_CORPUS_TEXTS_MAX 100000
#define AW_CORPUS_SPANS_MAX 64 /* of one text */

struct aw_span {
    enum aw_claim_class class;
    size_t start, end; /* code points; both 0: no_risk_warning */
};

struct aw_corpus_text {
    struct aw_str id;
    struct aw_str family; /* the id where it has none */
    struct aw_str text;
    enum aw_channel channel;
    enum aw_doc_kind kind;
    enum aw_verdict_kind label;
    struct aw_span *spans;
    size_t span_count;
};

struct aw_corpus {
    struct aw_arena arena;
    struct aw_corpus_text *texts;
    size_t count, cap;
    size_t files;
    size_t spans;
    size_t by_channel[AW_CHANNEL_COUNT];
    size_t by_kind[AW_DOC_KIND_COUNT];
    size_t by_label[AW_VERDICT_COUNT];
    struct aw_problems problems;
};

/* Reads a folder's *.jsonl, or one file; fills corpus, which need not be
 * initialised before; the caller deinits it also after a failure. AW_CONFIG
 * with the first error where there is any; all are in the problems. */
aw_rc aw_corpus_read(struct aw_corpus *corpus, const char *path,
                     struct aw_err *err) AW_MUST_USE;

/* The same into a corpus that was read: its texts stand behind those. */
aw_rc aw_corpus_read_more(struct aw_corpus *corpus, const char *path,
                          struct aw_err *err) AW_MUST_USE;
void aw_corpus_deinit(struct aw_corpus *corpus);

#endif
