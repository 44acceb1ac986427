#include "classify/lexicon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "classify/lexicon_kept.h"

#define ARENA_MAX ((size_t)512 << 20)
#define ID_MAX 64 /* bytes */

struct list {
    struct aw_str name;
    struct aw_str group; /* the items as a pattern: (?:...) */
};

/* What is needed while reading, and not afterwards. */
struct loader {
    struct aw_lexicon *lexicon;
    struct list lists[AW_LEXICON_LISTS_MAX];
    const char *path; /* of the file that is being read */
    struct aw_yaml_file file;
    struct aw_lexicon_kept kept;
    struct aw_buf all; /* all files' paths and digests, for the hash */
    size_t root_len;   /* of the lexicon's folder, with the slash */
    bool with_lines;   /* else all problems are told of line 1 */
};

#define PROBLEM(loader, line, ...) problem_at(loader, line, "" __VA_ARGS__)

static void problem_at(struct loader *l, int line, const char *fmt, ...)
    AW_PRINTF(3, 4);
static void problem_at(struct loader *l, int line, const char *fmt, ...)
{
    char text[AW_ERR_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    aw_problem_add(&l->lexicon->problems, false, "%s:%d: %s", l->path, line,
                   text);
}

static int line_of(const struct loader *l, size_t entry, const char *key)
{
    return aw_yaml_line(&l->file.lines, entry, key, AW_YAML_WHOLE);
}

static struct aw_str text_of(const char *text)
{
    return aw_str_of(text);
}

static bool is_id(struct aw_str text)
{
    if (text.len == 0 || text.len > ID_MAX)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!aw_ascii_alpha(c) && !aw_ascii_digit(c) && c != '-')
            return false;
    }
    return true;
}

/* Lists. */

static int longest_first(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    size_t x_len = strlen(*x), y_len = strlen(*y);

    if (x_len != y_len)
        return x_len < y_len ? 1 : -1;
    return strcmp(*x, *y);
}

static void put_escaped(struct aw_buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\^$.|?*+()[]{}#-", *text))
            aw_buf_putc(out, '\\');
        aw_buf_putc(out, *text);
    }
}

static aw_rc keep(struct loader *l, struct aw_buf *made, struct aw_str *out,
                  struct aw_err *err)
{
    aw_rc rc = aw_buf_check(made, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(&l->lexicon->arena, aw_buf_str(made), out, err);
    aw_buf_deinit(made);
    return rc;
}

static const struct list *find_list(const struct loader *l, struct aw_str name)
{
    for (size_t i = 0; i < l->lexicon->list_count; i++)
        if (aw_str_eq(l->lists[i].name, name))
            return &l->lists[i];
    return NULL;
}

static aw_rc add_list(struct loader *l, size_t entry, struct aw_err *err)
{
    const struct aw_yaml_list *from = &l->file.lists[entry];
    struct aw_lexicon *lexicon = l->lexicon;
    struct aw_buf group;
    struct list list = {.name = text_of(from->name)};
    aw_rc rc;

    if (find_list(l, list.name) || lexicon->list_count == AW_LEXICON_LISTS_MAX)
        PROBLEM(l, line_of(l, entry, "name"), "list %s is there already",
                from->name);
    if (find_list(l, list.name) || lexicon->list_count == AW_LEXICON_LISTS_MAX)
        return AW_OK;
    if (from->items_count == 0)
        PROBLEM(l, line_of(l, entry, "items"), "list %s is empty", from->name);
    else
        qsort(from->items, from->items_count, sizeof *from->items,
              longest_first);
    aw_buf_init(&group, AW_LEXICON_FILE_MAX);
    aw_buf_puts(&group, "(?:");
    for (unsigned i = 0; i < from->items_count; i++) {
        aw_buf_puts(&group, i ? "|" : "");
        put_escaped(&group, from->items[i]);
    }
    aw_buf_puts(&group, ")");
    rc = keep(l, &group, &list.group, err);
    if (rc == AW_OK)
        l->lists[lexicon->list_count++] = list;
    return rc;
}

/* Puts lists in; tells of one that is not there. */
static aw_rc expand(struct loader *l, const char *pattern, int line,
                    struct aw_str *out, struct aw_err *err)
{
    struct aw_str rest = text_of(pattern);
    struct aw_buf made;
    ptrdiff_t at;

    aw_buf_init(&made, AW_PATTERN_MAX);
    while ((at = aw_str_find(rest, AW_STR("{{"))) >= 0) {
        struct aw_str name = aw_str_sub(rest, (size_t)at + 2, rest.len);
        ptrdiff_t end = aw_str_find(name, AW_STR("}}"));
        const struct list *list;

        if (end < 0)
            break;
        name = aw_str_sub(name, 0, (size_t)end);
        list = find_list(l, name);
        if (!list)
            PROBLEM(l, line, "there is no list '%.*s' in lists.yaml",
                    AW_STR_ARG(name));
        aw_buf_put(&made, aw_str_sub(rest, 0, (size_t)at));
        aw_buf_put(&made, list ? list->group : AW_STR("x"));
        rest = aw_str_sub(rest, (size_t)(at + end) + 4, rest.len);
    }
    aw_buf_put(&made, rest);
    if (made.rc == AW_LIMIT) {
        PROBLEM(l, line, "pattern is longer than %d bytes with its lists",
                AW_PATTERN_MAX);
        aw_buf_reset(&made);
        aw_buf_puts(&made, "x");
    }
    return keep(l, &made, out, err);
}

/* NULL where it does not compile; that is told. */
static aw_rc compile(struct loader *l, const char *pattern, bool may_be_empty,
                     int line, struct aw_str *text, struct aw_pattern **out,
                     struct aw_err *err)
{
    struct aw_err why;
    aw_rc rc = expand(l, pattern, line, text, err);

    if (rc != AW_OK)
        return rc;
    rc = l->kept.found ? aw_pattern_new_known(out, *text, &why)
                       : aw_pattern_new(out, *text, may_be_empty, &why);
    if (rc == AW_NOMEM)
        *err = why;
    else if (rc != AW_OK)
        PROBLEM(l, line, "%s", why.msg);
    return rc == AW_NOMEM ? rc : AW_OK;
}

/* Provisions. */

static bool has_provision(const struct aw_lexicon *lexicon, struct aw_str id)
{
    for (size_t i = 0; i < lexicon->provision_count; i++)
        if (aw_str_eq(lexicon->provisions[i], id))
            return true;
    return false;
}

static aw_rc add_provision(struct loader *l, size_t entry, struct aw_err *err)
{
    struct aw_lexicon *lexicon = l->lexicon;
    struct aw_str id = text_of(l->file.provisions[entry].id);
    void *items = lexicon->provisions;
    aw_rc rc;

    rc = aw_arena_grow(&lexicon->arena, &items, lexicon->provision_count,
                       &lexicon->provision_cap, sizeof id, err);
    if (rc != AW_OK)
        return rc;
    lexicon->provisions = items;
    lexicon->provisions[lexicon->provision_count++] = id;
    return AW_OK;
}

/* Contexts and exemptions. */

static const char *const effect_names[] = {"void", "exempt", "weigh"};
static const char *const where_names[] = {"before",   "after",  "inside",
                                          "sentence", "around", "document",
                                          "whole"};

/* The number of text in names, or -1 and a problem that lists them. */
static int pick(struct loader *l, size_t entry, const char *key,
                const char *text, const char *const *names, size_t count)
{
    char all[160] = "";

    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(all);

        if (strcmp(names[i], text) == 0)
            return (int)i;
        (void)snprintf(all + len, sizeof all - len, "%s%s", i ? ", " : "",
                       names[i]);
    }
    PROBLEM(l, line_of(l, entry, key), "%s '%s' is not one of %s", key, text,
            all);
    return -1;
}

static const struct aw_context *find_context(const struct aw_lexicon *lexicon,
                                             struct aw_str id)
{
    for (size_t i = 0; i < lexicon->context_count; i++)
        if (aw_str_eq(lexicon->contexts[i].id, id))
            return &lexicon->contexts[i];
    return NULL;
}

static aw_rc compile_all(struct loader *l, size_t entry, const char *key,
                         char *const *texts, size_t count,
                         struct aw_pattern ***out, struct aw_str **out_texts,
                         size_t *out_count, struct aw_err *err)
{
    struct aw_arena *arena = &l->lexicon->arena;
    struct aw_pattern **patterns =
        aw_arena_array(arena, count, sizeof *patterns);
    struct aw_str *expanded = aw_arena_array(arena, count, sizeof *expanded);

    if (!patterns || !expanded)
        return aw_arena_fail(arena, err);
    *out = patterns;
    *out_texts = expanded;
    for (size_t i = 0; i < count; i++) {
        int line = aw_yaml_line(&l->file.lines, entry, key, i);
        aw_rc rc =
            compile(l, texts[i], true, line, &expanded[i], &patterns[i], err);

        if (rc != AW_OK)
            return rc;
        if (patterns[i])
            *out_count = i + 1;
    }
    return AW_OK;
}

static void check_context(struct loader *l, size_t entry, int how, int where)
{
    const struct aw_yaml_context *from = &l->file.contexts[entry];
    struct aw_str id = text_of(from->id);
    int most = where == AW_WHERE_WHOLE ? 0 : 20; /* that is only doubted */

    if (!is_id(id))
        PROBLEM(l, line_of(l, entry, "id"),
                "id '%s' is not of letters, digits and dashes", from->id);
    if (find_context(l->lexicon, id))
        PROBLEM(l, line_of(l, entry, "id"), "id '%s' is there already",
                from->id);
    if (from->all_count == 0)
        PROBLEM(l, line_of(l, entry, "all"), "context %s: all is empty",
                from->id);
    if (how == AW_EFFECT_WEIGH ? from->weight == 0 : from->weight != 0)
        PROBLEM(l, line_of(l, entry, "weight"),
                "context %s: a weight belongs to effect weigh, and only there",
                from->id);
    if (where == AW_WHERE_WHOLE && how != AW_EFFECT_WEIGH)
        PROBLEM(
            l, line_of(l, entry, "effect"),
            "context %s: where whole only weighs: its effect must be weigh",
            from->id);
    if (from->weight < -20 || from->weight > most)
        PROBLEM(l, line_of(l, entry, "weight"),
                "context %s: weight is not within -20 and %d", from->id, most);
}

static aw_rc add_context(struct loader *l, size_t entry, bool is_exemption,
                         struct aw_err *err)
{
    const struct aw_yaml_context *from = &l->file.contexts[entry];
    struct aw_lexicon *lexicon = l->lexicon;
    int effect = pick(l, entry, "effect", from->effect, effect_names, 3);
    int where = pick(l, entry, "where", from->where, where_names, 7);
    struct aw_context context = {.id = text_of(from->id),
                                 .why = text_of(from->why),
                                 .number = lexicon->context_count,
                                 .version = from->version,
                                 .effect =
                                     (enum aw_effect)(effect < 0 ? 0 : effect),
                                 .where =
                                     (enum aw_where)(where < 0 ? 0 : where),
                                 .within = from->within,
                                 .weight = from->weight,
                                 .is_exemption = is_exemption,
                                 .file = l->path,
                                 .line = line_of(l, entry, "")};
    struct aw_context *kept;
    void *items = lexicon->contexts;
    aw_rc rc;

    check_context(l, entry, effect, where);
    if (is_exemption && effect != AW_EFFECT_EXEMPT)
        PROBLEM(l, line_of(l, entry, "effect"),
                "exemption %s: its effect must be exempt", from->id);
    if (lexicon->context_count >= AW_LEXICON_CONTEXTS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d contexts",
                       AW_LEXICON_CONTEXTS_MAX);
    rc = aw_arena_grow(&lexicon->arena, &items, lexicon->context_count,
                       &lexicon->context_cap, sizeof context, err);
    if (rc != AW_OK)
        return rc;
    lexicon->contexts = items;
    kept = &lexicon->contexts[lexicon->context_count++];
    *kept = context;
    rc = compile_all(l, entry, "all", from->all, from->all_count, &kept->all,
                     &kept->all_texts, &kept->all_count, err);
    if (rc != AW_OK)
        return rc;
    return compile_all(l, entry, "none", from->none, from->none_count,
                       &kept->none, &kept->none_texts, &kept->none_count, err);
}

/* Rules. */

static const char *const class_prefixes[AW_CLAIM_CLASS_COUNT] = {
    [AW_CLAIM_CAPITAL_PROTECTION] = "CP", [AW_CLAIM_NO_RISK] = "NR",
    [AW_CLAIM_GUARANTEED_RETURN] = "GR",  [AW_CLAIM_ASSURED_PROMISE] = "AP",
    [AW_CLAIM_ENDORSEMENT] = "EN",        [AW_CLAIM_NO_RISK_WARNING] = "RW"};

ptrdiff_t aw_lexicon_find_rule(const struct aw_lexicon *lexicon,
                               struct aw_str id)
{
    for (size_t i = 0; i < lexicon->rule_count; i++)
        if (aw_str_eq(lexicon->rules[i].id, id))
            return (ptrdiff_t)i;
    return -1;
}

static bool is_rule_id(struct aw_str id, enum aw_claim_class class)
{
    return id.len == 6 && id.ptr[2] == '-' &&
           aw_str_starts(id, aw_str_of(class_prefixes[class])) &&
           aw_ascii_digit(id.ptr[3]) && aw_ascii_digit(id.ptr[4]) &&
           aw_ascii_digit(id.ptr[5]);
}

static void check_rule_id(struct loader *l, size_t entry,
                          enum aw_claim_class class)
{
    const struct aw_yaml_rule *from = &l->file.rules[entry];
    ptrdiff_t other = aw_lexicon_find_rule(l->lexicon, text_of(from->id));
    int line = line_of(l, entry, "id");

    if (!is_rule_id(text_of(from->id), class))
        PROBLEM(l, line,
                "rule %s: an id of class %s is %s, dash, three digits",
                from->id, from->class, class_prefixes[class]);
    if (other >= 0)
        PROBLEM(l, line, "rule %s is there already, in %s:%d", from->id,
                l->lexicon->rules[other].file, l->lexicon->rules[other].line);
}

static void check_rule(struct loader *l, size_t entry,
                       enum aw_claim_class class)
{
    const struct aw_yaml_rule *from = &l->file.rules[entry];

    check_rule_id(l, entry, class);
    if (from->severity < 1 || from->severity > 3)
        PROBLEM(l, line_of(l, entry, "severity"),
                "rule %s: severity is 1, 2 or 3", from->id);
    if (from->version < 1)
        PROBLEM(l, line_of(l, entry, "version"),
                "rule %s: version starts at 1", from->id);
    if (!has_provision(l->lexicon, text_of(from->provision)))
        PROBLEM(l, line_of(l, entry, "provision"),
                "rule %s: provision '%s' is not in provisions/", from->id,
                from->provision);
    if (!from->absent == (class == AW_CLAIM_NO_RISK_WARNING))
        PROBLEM(l, line_of(l, entry, ""),
                "rule %s: absent belongs to class no_risk_warning, and only "
                "there",
                from->id);
    if (from->beside && !from->absent)
        PROBLEM(l, line_of(l, entry, "beside"),
                "rule %s: beside belongs to a rule with absent", from->id);
    if (from->hit_count == 0)
        PROBLEM(l, line_of(l, entry, "hit"), "rule %s: hit is empty",
                from->id);
}

static void add_references(struct loader *l, struct aw_rule *rule,
                           size_t entry, const char *key, char *const *ids,
                           size_t count, bool is_exemption)
{
    for (size_t i = 0; i < count; i++) {
        const struct aw_context *context =
            find_context(l->lexicon, text_of(ids[i]));

        if (context && context->is_exemption == is_exemption &&
            context->where != AW_WHERE_WHOLE)
            rule->contexts[rule->context_count++] = context;
        else if (context && context->where == AW_WHERE_WHOLE)
            PROBLEM(l, aw_yaml_line(&l->file.lines, entry, key, i),
                    "rule %.*s: '%s' is of where whole, and goes with no rule",
                    AW_STR_ARG(rule->id), ids[i]);
        else
            PROBLEM(l, aw_yaml_line(&l->file.lines, entry, key, i),
                    "rule %.*s: '%s' is not in %s/", AW_STR_ARG(rule->id),
                    ids[i], key);
    }
}

static aw_rc add_examples(struct loader *l, size_t entry, const char *key,
                          char *const *texts, size_t count,
                          struct aw_example **out, size_t *out_count,
                          struct aw_err *err)
{
    struct aw_example *examples =
        aw_arena_array(&l->lexicon->arena, count, sizeof *examples);

    if (!examples)
        return aw_arena_fail(&l->lexicon->arena, err);
    for (size_t i = 0; i < count; i++)
        examples[i] =
            (struct aw_example){text_of(texts[i]),
                                aw_yaml_line(&l->file.lines, entry, key, i)};
    *out = examples;
    *out_count = count;
    return AW_OK;
}

static aw_rc fill_patterns(struct loader *l, struct aw_rule *rule,
                           size_t entry, struct aw_err *err)
{
    const struct aw_yaml_rule *from = &l->file.rules[entry];
    aw_rc rc = compile(l, from->pattern, false, line_of(l, entry, "pattern"),
                       &rule->pattern_text, &rule->pattern, err);

    if (rc == AW_OK && from->absent)
        rc = compile(l, from->absent, false, line_of(l, entry, "absent"),
                     &rule->absent_text, &rule->absent, err);
    return rc;
}

static aw_rc fill_rule(struct loader *l, struct aw_rule *rule, size_t entry,
                       struct aw_err *err)
{
    const struct aw_yaml_rule *from = &l->file.rules[entry];
    struct aw_arena *arena = &l->lexicon->arena;
    size_t most = (size_t)from->contexts_count + from->exemptions_count;
    char version[16];
    aw_rc rc;

    rule->contexts = aw_arena_array(arena, most, sizeof *rule->contexts);
    if (!rule->contexts)
        return aw_arena_fail(arena, err);
    add_references(l, rule, entry, "contexts", from->contexts,
                   from->contexts_count, false);
    add_references(l, rule, entry, "exemptions", from->exemptions,
                   from->exemptions_count, true);
    rule->beside = from->beside;
    (void)snprintf(version, sizeof version, "%d", from->version);
    rc = aw_arena_dup(arena, aw_str_of(version), &rule->version, err);
    if (rc == AW_OK)
        rc = fill_patterns(l, rule, entry, err);
    if (rc == AW_OK)
        rc = add_examples(l, entry, "hit", from->hit, from->hit_count,
                          &rule->hits, &rule->hit_count, err);
    if (rc == AW_OK)
        rc = add_examples(l, entry, "miss", from->miss, from->miss_count,
                          &rule->misses, &rule->miss_count, err);
    return rc;
}

static bool pick_class(struct loader *l, size_t entry,
                       enum aw_claim_class *class)
{
    const char *names[AW_CLAIM_CLASS_COUNT];
    int number;

    for (int i = 0; i < AW_CLAIM_CLASS_COUNT; i++)
        names[i] = aw_claim_class_name((enum aw_claim_class)i);
    number = pick(l, entry, "class", l->file.rules[entry].class, names,
                  AW_CLAIM_CLASS_COUNT);
    *class = (enum aw_claim_class)(number < 0 ? 0 : number);
    return number >= 0;
}

static aw_rc add_rule(struct loader *l, size_t entry, struct aw_err *err)
{
    const struct aw_yaml_rule *from = &l->file.rules[entry];
    struct aw_lexicon *lexicon = l->lexicon;
    struct aw_rule rule = {.id = text_of(from->id),
                           .provision = text_of(from->provision),
                           .code = text_of(from->code),
                           .why = text_of(from->why),
                           .severity = from->severity,
                           .file = l->path,
                           .line = line_of(l, entry, "")};
    void *items = lexicon->rules;
    aw_rc rc;

    if (!pick_class(l, entry, &rule.class))
        return AW_OK;
    check_rule(l, entry, rule.class);
    if (lexicon->rule_count >= AW_LEXICON_RULES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d rules",
                       AW_LEXICON_RULES_MAX);
    rc = aw_arena_grow(&lexicon->arena, &items, lexicon->rule_count,
                       &lexicon->rule_cap, sizeof rule, err);
    if (rc != AW_OK)
        return rc;
    lexicon->rules = items;
    lexicon->rules[lexicon->rule_count++] = rule;
    return fill_rule(l, &lexicon->rules[lexicon->rule_count - 1], entry, err);
}

static aw_rc add_entry(struct loader *l, enum aw_yaml_kind kind, size_t entry,
                       struct aw_err *err)
{
    switch (kind) {
    case AW_YAML_LISTS:
        return add_list(l, entry, err);
    case AW_YAML_PROVISIONS:
        return add_provision(l, entry, err);
    case AW_YAML_RULES:
        return add_rule(l, entry, err);
    default:
        return add_context(l, entry, kind == AW_YAML_EXEMPTIONS, err);
    }
}

static aw_rc add_entries(struct loader *l, enum aw_yaml_kind kind,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    l->lexicon->file_count++;
    for (size_t i = 0; rc == AW_OK && i < l->file.count; i++)
        rc = add_entry(l, kind, i, err);
    return rc;
}

/* What the arena keeps of a file's text is what cyaml copied from it. */
static aw_rc load_text(struct loader *l, enum aw_yaml_kind kind,
                       struct aw_str text, struct aw_err *err)
{
    struct aw_err why;
    aw_rc rc = aw_yaml_file_read(&l->file, kind, text, l->with_lines,
                                 &l->lexicon->arena, &why);

    if (rc == AW_CONFIG) {
        aw_problem_add(&l->lexicon->problems, false, "%s:%s", l->path,
                       why.msg);
        return AW_OK;
    }
    if (rc != AW_OK) {
        *err = why;
        return aw_fail_in(err, "%s", l->path);
    }
    aw_lexicon_kept_add(&l->kept, kind, l->path + l->root_len, &l->file);
    return add_entries(l, kind, err);
}

static aw_rc load_file(struct loader *l, enum aw_yaml_kind kind,
                       const char *path, struct aw_err *err)
{
    struct aw_str kept;
    struct aw_buf text;
    aw_rc rc = aw_arena_dup(&l->lexicon->arena, aw_str_of(path), &kept, err);

    if (rc != AW_OK)
        return rc;
    l->path = kept.ptr;
    if (aw_lexicon_kept_take(&l->kept, kind, path + l->root_len,
                             &l->lexicon->arena, &l->file))
        return add_entries(l, kind, err);
    aw_buf_init(&text, AW_LEXICON_FILE_MAX);
    rc = aw_file_read(path, &text, err);
    if (rc == AW_OK)
        rc = load_text(l, kind, aw_buf_str(&text), err);
    else if (rc == AW_LIMIT)
        rc = aw_fail(err, AW_CONFIG, "%s:1: the file is larger than %zu bytes",
                     path, AW_LEXICON_FILE_MAX);
    aw_buf_deinit(&text);
    return rc;
}

struct visit {
    struct loader *loader;
    enum aw_yaml_kind kind;
};

static aw_rc visit_file(void *self, const char *path, struct aw_err *err)
{
    const struct visit *visit = self;

    return load_file(visit->loader, visit->kind, path, err);
}

static aw_rc hash_file(void *self, const char *path, struct aw_err *err)
{
    struct loader *l = self;
    char digest[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_sha256_file(path, digest, err);

    if (rc == AW_OK)
        aw_buf_printf(&l->all, "%s  %s\n", digest, path + l->root_len);
    return rc;
}

static aw_rc hash_all(struct loader *l, const char *dir,
                      char hash[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    aw_rc rc;

    aw_buf_reset(&l->all);
    rc = aw_dir_walk(dir, ".yaml", hash_file, l, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&l->all, err);
    if (rc == AW_OK)
        aw_sha256_hex(aw_buf_str(&l->all), hash);
    return rc;
}

/* A file that was saved while others were read is not what its digest says:
 * such a lexicon serves once, and is not kept. */
static void keep_if_unchanged(struct loader *l, const char *dir)
{
    char hash[AW_SHA256_HEX_MAX];
    struct aw_err err;

    if (hash_all(l, dir, hash, &err) == AW_OK &&
        strcmp(hash, l->lexicon->hash) == 0)
        aw_lexicon_kept_put(&l->kept);
}

static aw_rc load_folder(struct loader *l, const char *dir, const char *name,
                         enum aw_yaml_kind kind, struct aw_err *err)
{
    struct visit visit = {l, kind};
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, dir, name, err);

    if (rc != AW_OK)
        return rc;
    if (aw_str_ends(aw_str_of(name), AW_STR(".yaml")))
        return load_file(l, kind, path, err);
    return aw_dir_walk(path, ".yaml", visit_file, &visit, err);
}

static aw_rc load(struct loader *l, const char *dir, const char *cache_dir,
                  struct aw_err *err)
{
    static const struct {
        const char *name;
        enum aw_yaml_kind kind;
    } parts[] = {{"lists.yaml", AW_YAML_LISTS},
                 {"provisions", AW_YAML_PROVISIONS},
                 {"contexts", AW_YAML_CONTEXTS},
                 {"exemptions", AW_YAML_EXEMPTIONS},
                 {"claims", AW_YAML_RULES}};
    aw_rc rc = hash_all(l, dir, l->lexicon->hash, err);

    aw_lexicon_kept_init(&l->kept, rc == AW_OK ? cache_dir : NULL,
                         l->lexicon->hash);
    for (size_t i = 0; rc == AW_OK && i < sizeof parts / sizeof parts[0]; i++)
        rc = load_folder(l, dir, parts[i].name, parts[i].kind, err);
    if (rc == AW_OK)
        rc = aw_severity_read(l->lexicon, dir, &l->kept, l->with_lines, err);
    if (rc == AW_OK && l->lexicon->rule_count == 0)
        aw_problem_add(&l->lexicon->problems, false, "%s/claims: no rules",
                       dir);
    if (rc == AW_OK && l->lexicon->problems.errors == 0)
        keep_if_unchanged(l, dir);
    return rc;
}

static aw_rc read_lexicon(struct aw_lexicon **out, const char *dir,
                          const char *cache_dir, bool with_lines,
                          struct aw_err *err)
{
    struct aw_lexicon *lexicon = calloc(1, sizeof *lexicon);
    struct loader *l = calloc(1, sizeof *l);
    aw_rc rc;

    if (!lexicon || !l) {
        free(lexicon);
        free(l);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    aw_arena_init(&lexicon->arena, ARENA_MAX);
    lexicon->problems.arena = &lexicon->arena;
    l->lexicon = lexicon;
    l->root_len = strlen(dir) + 1;
    l->with_lines = with_lines;
    aw_buf_init(&l->all, AW_LEXICON_FILE_MAX);
    rc = load(l, dir, cache_dir, err);
    aw_buf_deinit(&l->all);
    lexicon->kept = l->kept.cached;
    l->kept.cached = (struct aw_cached){0};
    aw_lexicon_kept_deinit(&l->kept);
    free(l);
    if (rc == AW_OK)
        *out = lexicon;
    else
        aw_lexicon_free(lexicon);
    return rc;
}

aw_rc aw_lexicon_read(struct aw_lexicon **out, const char *dir,
                      struct aw_err *err)
{
    return read_lexicon(out, dir, NULL, true, err);
}

static const struct aw_problem *first_error(const struct aw_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        if (!problems->items[i].is_warning)
            return &problems->items[i];
    return NULL;
}

/* Lines take as long as the rules themselves: they are looked for only where
 * there is something to tell. */
aw_rc aw_lexicon_new_kept(struct aw_lexicon **out, const char *dir,
                          const char *cache_dir, struct aw_err *err)
{
    struct aw_lexicon *lexicon = NULL;
    const struct aw_problem *first = NULL;
    aw_rc rc = read_lexicon(&lexicon, dir, cache_dir, false, err);

    if (rc == AW_OK && lexicon->problems.errors > 0) {
        aw_lexicon_free(lexicon);
        rc = read_lexicon(&lexicon, dir, NULL, true, err);
    }
    if (rc != AW_OK)
        return rc;
    first = first_error(&lexicon->problems);
    if (first) {
        rc = aw_fail(err, AW_CONFIG, "%.*s", AW_STR_ARG(first->text));
        aw_lexicon_free(lexicon);
        return rc;
    }
    *out = lexicon;
    return AW_OK;
}

aw_rc aw_lexicon_new(struct aw_lexicon **out, const char *dir,
                     struct aw_err *err)
{
    return aw_lexicon_new_kept(out, dir, NULL, err);
}
