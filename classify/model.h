/* model.h - what training learned, as one file that is mapped and checked.
 *
 * The file is a head (magic, version, sizes, checksum of what follows), then
 * the parameters, the rules' strengths and the naive-Bayes tables, in the
 * machine's byte order, which the head names. Nothing in it is used before
 * sizes and checksum were checked; a model from elsewhere can make wrong
 * scores, and nothing worse.
 */
#ifndef AW_CLASSIFY_MODEL_H
#define AW_CLASSIFY_MODEL_H

#include "base/hash.h"
#include "classify/bayes.h"
#include "classify/logit.h"

#define AW_MODEL_VERSION 5
#define AW_MODEL_MAX ((size_t)16 << 20) /* bytes */
#define AW_MODEL_RULES_MAX 4096
#define AW_MODEL_RULE_ID 16     /* bytes, with the NUL */
#define AW_MODEL_VALUE_MOST 1e6 /* of a weight; a fitted one is below 100 */

/* How far a rule's hits were right in training, in log-odds. */
struct aw_model_rule {
    char id[AW_MODEL_RULE_ID];
    double strength;
    uint32_t hits, right;
};

struct aw_model_params {
    double kind_scale; /* a kind's log-odds to a calibrated one */
    double kind_bias[AW_DOC_KIND_COUNT];
    struct aw_logit claim;     /* a rule's hit */
    struct aw_logit sentence;  /* a sentence without a hit */
    struct aw_logit absent;    /* no warning of risk */
    struct aw_logit document;  /* all of them together */
    double threshold;          /* of a claim by itself, as a probability */
    double document_threshold; /* of all together */
    double precision, recall;  /* with both, as the folds of training tell */
    uint64_t documents;        /* trained on */
    uint64_t passages;
};

struct aw_model {
    struct aw_model_params params;
    const struct aw_model_rule *rules; /* sorted by id */
    size_t rule_count;
    const aw_bayes_row *table;       /* AW_FEATURES rows */
    const aw_bayes_classes *classes; /* likewise */
    char hash[AW_SHA256_HEX_MAX];    /* aw_model_hash */
    void *mapped;                    /* or NULL: the owner frees the arrays */
    size_t mapped_len;
};

/* AW_CONFIG with what to do where there is none, it is torn, or of another
 * version. */
aw_rc aw_model_load(struct aw_model *out, const char *path,
                    struct aw_err *err) AW_MUST_USE;
void aw_model_unload(struct aw_model *model);

/* SHA-256 of the file, reckoned once; empty where it is from none. */
const char *aw_model_hash(struct aw_model *model);

/* Writes it so that a crash leaves the old file or the new one. */
aw_rc aw_model_save(const struct aw_model *model, const char *path,
                    struct aw_err *err) AW_MUST_USE;

/* NULL where training never saw this rule. */
const struct aw_model_rule *aw_model_rule(const struct aw_model *model,
                                          struct aw_str id);

#endif
