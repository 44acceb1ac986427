/* lexicon.h - rules, contexts and exemptions, read from lexicons/.
 *
 * lexicons/README.md says what they mean. A lexicon is read whole, checked,
 * and not changed afterwards, but that its patterns become machine code when
 * they are first matched; after aw_lexicon_warm it may be shared between
 * threads. Its lists are put in.
 *
 * Mistakes are collected as problems, each with file and line, so that
 * `lexicon check` can show all of them: "lexicons/claims/capital.yaml:14:
 * rule CP-003: example 2 is not found".
 */
#ifndef AW_CLASSIFY_LEXICON_H
#define AW_CLASSIFY_LEXICON_H

#include "base/cache.h"
#include "base/hash.h"
#include "classify/classify.h"
#include "classify/pattern.h"
#include "classify/problem.h"
#include "classify/severity.h"

#define AW_LEXICON_FILE_MAX ((size_t)1 << 20) /* bytes */
#define AW_LEXICON_RULES_MAX 2000
#define AW_LEXICON_CONTEXTS_MAX 1000 /* exemptions with them */
#define AW_LEXICON_PROVISIONS_MAX 500
#define AW_LEXICON_PATTERNS_MAX 32  /* of one context, all and none each */
#define AW_LEXICON_EXAMPLES_MAX 200 /* of one rule, hit and miss each */
#define AW_LEXICON_LISTS_MAX 300
#define AW_LEXICON_ITEMS_MAX 1000 /* of one list */
#define AW_LEXICON_TEXT_MAX 4096  /* bytes of one text as written */

enum aw_effect { AW_EFFECT_VOID, AW_EFFECT_EXEMPT, AW_EFFECT_WEIGH };

enum aw_where {
    AW_WHERE_BEFORE,
    AW_WHERE_AFTER,
    AW_WHERE_INSIDE,
    AW_WHERE_SENTENCE,
    AW_WHERE_AROUND,
    AW_WHERE_DOCUMENT,
    AW_WHERE_WHOLE /* of the document, beside no rule: effect weigh */
};

struct aw_context {
    struct aw_str id;
    struct aw_str why;
    size_t number; /* its place in the lexicon's contexts */
    int version;
    enum aw_effect effect;
    enum aw_where where;
    size_t within; /* code points; 0: as far as the sentence goes */
    double weight; /* log-odds, where effect is weigh */
    bool is_exemption;
    struct aw_pattern **all, **none;
    struct aw_str *all_texts, *none_texts; /* of them, lists put in */
    size_t all_count, none_count;
    const char *file;
    int line; /* after aw_lexicon_read; likewise below */
};

struct aw_example {
    struct aw_str text;
    int line;
};

struct aw_rule {
    struct aw_str id;
    struct aw_str version; /* a whole number, as text */
    struct aw_str provision;
    struct aw_str code;
    struct aw_str why;
    enum aw_claim_class class;
    int severity;
    struct aw_str pattern_text; /* lists put in */
    struct aw_pattern *pattern;
    struct aw_str absent_text; /* likewise */
    struct aw_pattern *absent; /* no_risk_warning: what must not be there */
    bool beside; /* counts only in a document that has another claim */
    const struct aw_context **contexts; /* exemptions too */
    size_t context_count;
    struct aw_example *hits, *misses;
    size_t hit_count, miss_count;
    const char *file;
    int line;
};

struct aw_lexicon {
    struct aw_arena arena;
    struct aw_rule *rules;
    size_t rule_count, rule_cap;
    struct aw_context *contexts; /* exemptions too */
    size_t context_count, context_cap;
    struct aw_str *provisions; /* ids */
    size_t provision_count, provision_cap;
    size_t list_count, file_count;
    const struct aw_severity *severity; /* or NULL: it has no table */
    size_t severity_count;              /* entries of that table */
    char hash[AW_SHA256_HEX_MAX];       /* over all files, by path */
    struct aw_problems problems;
    struct aw_cached kept; /* texts may lie in it (lexicon_kept.h) */
};

/* Reads dir. AW_CONFIG with the first problem where there is an error. */
aw_rc aw_lexicon_new(struct aw_lexicon **out, const char *dir,
                     struct aw_err *err) AW_MUST_USE;

/* The same; what comes of the files is kept in cache_dir (or NULL) for the
 * next start. */
aw_rc aw_lexicon_new_kept(struct aw_lexicon **out, const char *dir,
                          const char *cache_dir,
                          struct aw_err *err) AW_MUST_USE;

/* Reads dir as far as it goes: *out is set where memory and dir allow, and
 * its problems say what is wrong. */
aw_rc aw_lexicon_read(struct aw_lexicon **out, const char *dir,
                      struct aw_err *err) AW_MUST_USE;
void aw_lexicon_free(struct aw_lexicon *lexicon);

/* Makes machine code of all patterns now: afterwards matching needs no memory
 * that may be executed. */
void aw_lexicon_warm(struct aw_lexicon *lexicon);

/* The number of the rule with that id, or -1. */
ptrdiff_t aw_lexicon_find_rule(const struct aw_lexicon *lexicon,
                               struct aw_str id);

#endif
