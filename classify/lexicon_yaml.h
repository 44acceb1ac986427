/* lexicon_yaml.h - lexicon files as plain structs (libcyaml, strict).
 *
 * Only the syntax is checked here: that each file has its one top key, that
 * keys are known and not missing, that numbers are numbers, and the limits of
 * lexicon.h. No anchors and aliases, which can make a small file large.
 * lexicon.c gives all of it a meaning. Strings and arrays are in the arena
 * given and end with it; a key that is left out is NULL, 0 or empty.
 */
#ifndef AW_CLASSIFY_LEXICON_YAML_H
#define AW_CLASSIFY_LEXICON_YAML_H

#include "classify/yaml_lines.h"

/* What the keys mean is told in lexicons/README.md; here they only have their
 * types. */

/* Words that a pattern names as {{name}}. */
struct aw_yaml_list {
    char *name;
    char **items;
    unsigned items_count;
};

/* A context, or an exemption: they have the same keys. */
struct aw_yaml_context {
    char *id, *effect, *where, *why;
    int version;
    double weight;
    unsigned within;
    char **all, **none;
    unsigned all_count, none_count;
};

/* A rule with its examples: texts that it must hit, and must miss. */
struct aw_yaml_rule {
    char *id, *class, *provision, *code, *pattern, *absent, *why;
    int version, severity;
    bool beside;
    char **contexts, **exemptions, **hit, **miss;
    unsigned contexts_count, exemptions_count, hit_count, miss_count;
};

/* Whoever shows provisions reads the rest: title, text, dates of effect. */
struct aw_yaml_provision {
    char *id;
};

/* A row of the table of points. */
struct aw_yaml_severity {
    char *part, *id, *why;
    int points;
    char **words;
    unsigned words_count;
};

enum aw_yaml_kind {
    AW_YAML_LISTS,
    AW_YAML_RULES,
    AW_YAML_CONTEXTS,
    AW_YAML_EXEMPTIONS,
    AW_YAML_PROVISIONS,
    AW_YAML_SEVERITY
};

/* A file's entries, by its kind, and the lines that they stand on. */
struct aw_yaml_file {
    union {
        struct aw_yaml_list *lists;
        struct aw_yaml_rule *rules;
        struct aw_yaml_context *contexts; /* exemptions too */
        struct aw_yaml_provision *provisions;
        struct aw_yaml_severity *severity;
        void *entries;
    };
    unsigned count;
    struct aw_yaml_lines lines;
};

/* Fails with AW_CONFIG and "LINE: what is wrong"; a file that is empty, or
 * of comments alone, was cut off and fails too. Without with_lines no line
 * is known afterwards, and it takes half the time. */
aw_rc aw_yaml_file_read(struct aw_yaml_file *out, enum aw_yaml_kind kind,
                        struct aw_str text, bool with_lines,
                        struct aw_arena *arena,
                        struct aw_err *err) AW_MUST_USE;

#endif
