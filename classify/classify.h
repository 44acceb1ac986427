/* classify.h - document in, verdict out.
 *
 * A classifier holds a lexicon (lexicon.h) and a naive-Bayes model (bayes.h).
 * It normalises each block (normalise.h), finds rules' hits, weighs them with
 * contexts, exemptions and the model, and says for each claim what is quoted,
 * where, by which rule and provision, and why. It never says that something
 * is illegal.
 *
 * A classifier is used by one thread at a time.
 */
#ifndef AW_CLASSIFY_CLASSIFY_H
#define AW_CLASSIFY_CLASSIFY_H

#include "base/buf.h"
#include "base/document.h"

#define AW_CLAIM_CLASS_LIST(X)                  \
    X(CAPITAL_PROTECTION, "capital_protection") \
    X(NO_RISK, "no_risk")                       \
    X(GUARANTEED_RETURN, "guaranteed_return")   \
    X(ASSURED_PROMISE, "assured_promise")       \
    X(ENDORSEMENT, "endorsement")               \
    X(NO_RISK_WARNING, "no_risk_warning")

enum aw_claim_class {
#define X(name, text) AW_CLAIM_##name,
    AW_CLAIM_CLASS_LIST(X)
#undef X
        AW_CLAIM_CLASS_COUNT
};

#define AW_VERDICT_LIST(X) \
    X(CLEAR, "clear")      \
    X(EXEMPT, "exempt")    \
    X(SUSPECTED, "suspected")

enum aw_verdict_kind {
#define X(name, text) AW_VERDICT_##name,
    AW_VERDICT_LIST(X)
#undef X
        AW_VERDICT_COUNT
};

#define AW_DOC_KIND_LIST(X) \
    X(ADVERT, "advert")     \
    X(WARNING, "warning")   \
    X(NEWS, "news")         \
    X(NOTICE, "notice")     \
    X(OTHER, "other")

enum aw_doc_kind {
#define X(name, text) AW_DOC_##name,
    AW_DOC_KIND_LIST(X)
#undef X
        AW_DOC_KIND_COUNT
};

#define AW_CLAIM_LAWS_MAX 4
#define AW_CLAIM_WHY_MAX 10
#define AW_CLAIM_PARTS_MAX 6
#define AW_CLAIMS_MAX 256 /* of one document; the strongest stay */

/* One part of a claim's severity (severity.h): "audience", "elderly", 2
 * points, told by this word of the text. */
struct aw_claim_part {
    const char *part;
    struct aw_str id, why;
    int points;
    struct aw_str word; /* or empty */
};

/* Strings live in the verdict's arena or in the classifier, whichever: they
 * last as long as the shorter of the two. */
struct aw_claim {
    enum aw_claim_class class;
    size_t block;      /* index into the document's blocks */
    size_t start, end; /* code points in that block; both 0: absent warning */
    struct aw_str quote;
    struct aw_str rule; /* rule id, or "model" */
    struct aw_str rule_version;
    struct aw_str code;                   /* SAMR code, or empty */
    struct aw_str law[AW_CLAIM_LAWS_MAX]; /* provision ids */
    size_t law_count;
    int severity; /* 1 hint, 2 clear, 3 grave */
    int points;   /* that it comes from */
    struct aw_claim_part parts[AW_CLAIM_PARTS_MAX];
    size_t part_count;       /* 0: it is the rule's own */
    double score;            /* 0 to 1 */
    struct aw_str exempt_by; /* id of the exemption or context, or empty */
    struct aw_str why[AW_CLAIM_WHY_MAX];
    size_t why_count;
};

struct aw_verdict {
    struct aw_arena arena;
    enum aw_verdict_kind kind;
    double score; /* of the strongest claim that is not exempt; or 0 */
    /* Of a suspected one its score, of any other the threshold at and below
     * which it would be suspected: how near it was. For measuring. */
    double leaning;
    enum aw_doc_kind doc_kind;
    double doc_score;
    struct aw_claim *claims; /* in order of block and place */
    size_t claim_count;
};

struct aw_classifier_config {
    const char *lexicon_dir;
    const char *model_path; /* NULL: rules alone, for `lexicon check` */
    double threshold;       /* of suspicion; 0 means the model's own */
    const char *cache_dir; /* base/cache.h: what makes a start fast; or NULL */
    bool lazy; /* rules are made ready when they are first needed */
};

struct aw_classifier;

/* Bad rules: AW_CONFIG, with file and line. A model that is not there, torn
 * or of another version: AW_CONFIG, with what to do. */
aw_rc aw_classifier_new(struct aw_classifier **out,
                        const struct aw_classifier_config *config,
                        struct aw_err *err) AW_MUST_USE;
void aw_classifier_free(struct aw_classifier *classifier);

/* SHA-256 over all lexicon files by path, and of the model file. */
const char *aw_classifier_lexicon_hash(const struct aw_classifier *c);
const char *aw_classifier_model_hash(struct aw_classifier *c);

/* Fills verdict, which need not be initialised before; the caller deinits it
 * also after a failure. */
aw_rc aw_classifier_run(struct aw_classifier *classifier,
                        const struct aw_document *doc,
                        struct aw_verdict *verdict,
                        struct aw_err *err) AW_MUST_USE;
void aw_verdict_deinit(struct aw_verdict *verdict);

const char *aw_claim_class_name(enum aw_claim_class class);
const char *aw_verdict_name(enum aw_verdict_kind kind);
const char *aw_doc_kind_name(enum aw_doc_kind kind);
bool aw_claim_class_parse(struct aw_str name, enum aw_claim_class *out);
bool aw_verdict_parse(struct aw_str name, enum aw_verdict_kind *out);
bool aw_doc_kind_parse(struct aw_str name, enum aw_doc_kind *out);

/* Appends the verdict as one line of JSON, without line break
 * (docs/04-commands.md):
 * {"id","verdict","score","document":{"kind","score"},"claims":[...]}. A claim
 * has "block" too, where the document has several; exempt claims have
 * "exempt":"<id>". */
aw_rc aw_verdict_json(const struct aw_document *doc,
                      const struct aw_verdict *verdict, struct aw_buf *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
