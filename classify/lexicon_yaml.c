#include "classify/lexicon_yaml.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classify/lexicon.h"

#define TEXT_FIELD(key, flags, type, member, least)                         \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | (flags), type, member, \
                           least, AW_LEXICON_TEXT_MAX)
#define TEXTS_FIELD(key, flags, type, member, most)                       \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | (flags), type, member, \
                         &text_schema, 0, most)

static const cyaml_schema_value_t text_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, AW_LEXICON_TEXT_MAX)};

static const cyaml_schema_field_t list_fields[] = {
    TEXT_FIELD("name", 0, struct aw_yaml_list, name, 1),
    TEXTS_FIELD("items", 0, struct aw_yaml_list, items, AW_LEXICON_ITEMS_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_field_t context_fields[] = {
    TEXT_FIELD("id", 0, struct aw_yaml_context, id, 1),
    CYAML_FIELD_INT("version", 0, struct aw_yaml_context, version),
    TEXT_FIELD("effect", 0, struct aw_yaml_context, effect, 1),
    CYAML_FIELD_FLOAT("weight", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT,
                      struct aw_yaml_context, weight),
    TEXT_FIELD("where", 0, struct aw_yaml_context, where, 1),
    CYAML_FIELD_UINT("within", CYAML_FLAG_OPTIONAL, struct aw_yaml_context,
                     within),
    TEXTS_FIELD("all", CYAML_FLAG_OPTIONAL, struct aw_yaml_context, all,
                AW_LEXICON_PATTERNS_MAX),
    TEXTS_FIELD("none", CYAML_FLAG_OPTIONAL, struct aw_yaml_context, none,
                AW_LEXICON_PATTERNS_MAX),
    TEXT_FIELD("why", 0, struct aw_yaml_context, why, 1),
    CYAML_FIELD_END};

static const cyaml_schema_field_t rule_fields[] = {
    TEXT_FIELD("id", 0, struct aw_yaml_rule, id, 1),
    CYAML_FIELD_INT("version", 0, struct aw_yaml_rule, version),
    TEXT_FIELD("class", 0, struct aw_yaml_rule, class, 1),
    CYAML_FIELD_INT("severity", 0, struct aw_yaml_rule, severity),
    TEXT_FIELD("provision", 0, struct aw_yaml_rule, provision, 1),
    TEXT_FIELD("code", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule, code, 0),
    TEXT_FIELD("pattern", 0, struct aw_yaml_rule, pattern, 1),
    TEXT_FIELD("absent", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule, absent, 1),
    CYAML_FIELD_BOOL("beside", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule,
                     beside),
    TEXT_FIELD("why", 0, struct aw_yaml_rule, why, 1),
    TEXTS_FIELD("contexts", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule, contexts,
                AW_LEXICON_CONTEXTS_MAX),
    TEXTS_FIELD("exemptions", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule,
                exemptions, AW_LEXICON_CONTEXTS_MAX),
    TEXTS_FIELD("hit", 0, struct aw_yaml_rule, hit, AW_LEXICON_EXAMPLES_MAX),
    TEXTS_FIELD("miss", CYAML_FLAG_OPTIONAL, struct aw_yaml_rule, miss,
                AW_LEXICON_EXAMPLES_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_field_t provision_fields[] = {
    TEXT_FIELD("id", 0, struct aw_yaml_provision, id, 1), CYAML_FIELD_END};

static const cyaml_schema_field_t severity_fields[] = {
    TEXT_FIELD("part", 0, struct aw_yaml_severity, part, 1),
    TEXT_FIELD("id", 0, struct aw_yaml_severity, id, 1),
    CYAML_FIELD_INT("points", 0, struct aw_yaml_severity, points),
    TEXT_FIELD("why", CYAML_FLAG_OPTIONAL, struct aw_yaml_severity, why, 1),
    TEXTS_FIELD("words", CYAML_FLAG_OPTIONAL, struct aw_yaml_severity, words,
                AW_LEXICON_ITEMS_MAX),
    CYAML_FIELD_END};

static const cyaml_schema_value_t list_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_yaml_list, list_fields)};
static const cyaml_schema_value_t rule_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_yaml_rule, rule_fields)};
static const cyaml_schema_value_t context_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_yaml_context,
                        context_fields)};
static const cyaml_schema_value_t provision_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_yaml_provision,
                        provision_fields)};

static const cyaml_schema_value_t severity_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct aw_yaml_severity,
                        severity_fields)};

/* A file: one key with a sequence. */
struct root {
    void *entries;
    unsigned entries_count;
};

#define ROOT_FIELDS(name, top, type, schema, most)                           \
    static const cyaml_schema_field_t name[] = {                             \
        {.key = (top),                                                       \
         .data_offset = offsetof(struct root, entries),                      \
         .count_offset = offsetof(struct root, entries_count),               \
         .count_size = sizeof(unsigned),                                     \
         .value = {CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, type, schema, 0, \
                                        most)}},                             \
        CYAML_FIELD_END}

ROOT_FIELDS(lists_root, "lists", struct aw_yaml_list, &list_schema,
            AW_LEXICON_LISTS_MAX);
ROOT_FIELDS(rules_root, "rules", struct aw_yaml_rule, &rule_schema,
            AW_LEXICON_RULES_MAX);
ROOT_FIELDS(contexts_root, "contexts", struct aw_yaml_context, &context_schema,
            AW_LEXICON_CONTEXTS_MAX);
ROOT_FIELDS(exemptions_root, "exemptions", struct aw_yaml_context,
            &context_schema, AW_LEXICON_CONTEXTS_MAX);
ROOT_FIELDS(provisions_root, "provisions", struct aw_yaml_provision,
            &provision_schema, AW_LEXICON_PROVISIONS_MAX);
ROOT_FIELDS(severity_root, "severity", struct aw_yaml_severity,
            &severity_schema, AW_SEVERITY_ENTRIES_MAX);

static const struct {
    cyaml_schema_value_t schema;
    cyaml_cfg_flags_t flags;
} kinds[] = {
#define KIND(fields)                                                 \
    {                                                                \
        CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct root, fields) \
    }
    [AW_YAML_LISTS] = {KIND(lists_root), 0},
    [AW_YAML_RULES] = {KIND(rules_root), 0},
    [AW_YAML_CONTEXTS] = {KIND(contexts_root), 0},
    [AW_YAML_EXEMPTIONS] = {KIND(exemptions_root), 0},
    /* Titles, texts and dates are for those who show them. */
    [AW_YAML_PROVISIONS] = {KIND(provisions_root),
                            CYAML_CFG_IGNORE_UNKNOWN_KEYS},
    [AW_YAML_SEVERITY] = {KIND(severity_root), 0},
#undef KIND
};

/* cyaml takes its memory from the arena, and lets a sequence grow by one
 * entry at a time: so a block keeps its size in front, and has room. */
static void *from_arena(void *self, void *old, size_t size)
{
    size_t had = old ? ((size_t *)old)[-2] : 0;
    size_t room = 32;
    size_t *block;

    if (size == 0)
        return NULL;
    if (old && size <= had)
        return old;
    while (room < size)
        room *= 2;
    block = aw_arena_alloc(self, room + 2 * sizeof *block);
    if (!block)
        return NULL;
    block[0] = room;
    if (had > 0)
        memcpy(block + 2, old, had);
    return block + 2;
}

/* The first thing that cyaml complains of, and the first line that its
 * backtrace names. */
struct complaint {
    char text[256];
    int line;
};

static void on_log(cyaml_log_t level, void *self, const char *fmt,
                   va_list args)
{
    struct complaint *complaint = self;
    char text[256];
    const char *at;

    if (level < CYAML_LOG_ERROR)
        return;
    (void)vsnprintf(text, sizeof text, fmt, args);
    text[strcspn(text, "\n")] = '\0';
    if (!complaint->text[0])
        memcpy(complaint->text, text, sizeof text);
    at = strstr(text, "line: ");
    if (at && complaint->line == 0)
        complaint->line = (int)strtol(at + strlen("line: "), NULL, 10);
}

static aw_rc complain(const struct complaint *complaint, cyaml_err_t code,
                      struct aw_err *err)
{
    const char *text = complaint->text;

    if (aw_str_starts(aw_str_of(text), AW_STR("Load: ")))
        text += strlen("Load: ");
    return aw_fail(err, AW_CONFIG, "%d: %s",
                   complaint->line ? complaint->line : 1,
                   text[0] ? text : cyaml_strerror(code));
}

static const char *top_key(enum aw_yaml_kind kind)
{
    return kinds[kind].schema.mapping.fields[0].key;
}

aw_rc aw_yaml_file_read(struct aw_yaml_file *out, enum aw_yaml_kind kind,
                        struct aw_str text, bool with_lines,
                        struct aw_arena *arena, struct aw_err *err)
{
    struct complaint complaint = {0};
    cyaml_config_t config = {.log_fn = on_log,
                             .log_ctx = &complaint,
                             .mem_fn = from_arena,
                             .mem_ctx = arena,
                             .log_level = CYAML_LOG_ERROR,
                             .flags = CYAML_CFG_NO_ALIAS | kinds[kind].flags};
    cyaml_data_t *root = NULL;
    cyaml_err_t code;
    aw_rc rc = AW_OK;

    out->lines = (struct aw_yaml_lines){.arena = arena};
    if (with_lines)
        rc = aw_yaml_lines_read(&out->lines, text, arena, err);
    if (rc != AW_OK)
        return rc;
    if (text.len == 0)
        text.ptr = ""; /* libyaml wants a place */
    code = cyaml_load_data((const uint8_t *)text.ptr, text.len, &config,
                           &kinds[kind].schema, &root, NULL);
    if (code != CYAML_OK)
        return complain(&complaint, code, err);
    if (!root)
        return aw_fail(err, AW_CONFIG,
                       "1: there is nothing in it: begin with '%s:'",
                       top_key(kind));
    out->entries = ((struct root *)root)->entries;
    out->count = ((struct root *)root)->entries_count;
    return AW_OK;
}
