#include "classify/lexicon_kept.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NO_TEXT UINT32_MAX
#define VERSION_MAX 64 /* bytes of PCRE2's version */

enum type { TEXT, TEXTS, PLAIN };

/* A member of an entry: a text, an array of texts and its count, or bytes. */
struct member {
    enum type type;
    size_t at, size; /* of TEXTS, where the count is */
};

#define TEXT_OF(type, name)           \
    {                                 \
        TEXT, offsetof(type, name), 0 \
    }
#define TEXTS_OF(type, name)                                      \
    {                                                             \
        TEXTS, offsetof(type, name), offsetof(type, name##_count) \
    }
#define PLAIN_OF(type, name)                                   \
    {                                                          \
        PLAIN, offsetof(type, name), sizeof(((type *)0)->name) \
    }

static const struct member list_members[] = {
    TEXT_OF(struct aw_yaml_list, name), TEXTS_OF(struct aw_yaml_list, items)};

static const struct member context_members[] = {
    TEXT_OF(struct aw_yaml_context, id),
    TEXT_OF(struct aw_yaml_context, effect),
    TEXT_OF(struct aw_yaml_context, where),
    TEXT_OF(struct aw_yaml_context, why),
    PLAIN_OF(struct aw_yaml_context, version),
    PLAIN_OF(struct aw_yaml_context, weight),
    PLAIN_OF(struct aw_yaml_context, within),
    TEXTS_OF(struct aw_yaml_context, all),
    TEXTS_OF(struct aw_yaml_context, none)};

static const struct member rule_members[] = {
    TEXT_OF(struct aw_yaml_rule, id),
    TEXT_OF(struct aw_yaml_rule, class),
    TEXT_OF(struct aw_yaml_rule, provision),
    TEXT_OF(struct aw_yaml_rule, code),
    TEXT_OF(struct aw_yaml_rule, pattern),
    TEXT_OF(struct aw_yaml_rule, absent),
    TEXT_OF(struct aw_yaml_rule, why),
    PLAIN_OF(struct aw_yaml_rule, version),
    PLAIN_OF(struct aw_yaml_rule, severity),
    PLAIN_OF(struct aw_yaml_rule, beside),
    TEXTS_OF(struct aw_yaml_rule, contexts),
    TEXTS_OF(struct aw_yaml_rule, exemptions),
    TEXTS_OF(struct aw_yaml_rule, hit),
    TEXTS_OF(struct aw_yaml_rule, miss)};

static const struct member provision_members[] = {
    TEXT_OF(struct aw_yaml_provision, id)};

static const struct member severity_members[] = {
    TEXT_OF(struct aw_yaml_severity, part),
    TEXT_OF(struct aw_yaml_severity, id),
    TEXT_OF(struct aw_yaml_severity, why),
    PLAIN_OF(struct aw_yaml_severity, points),
    TEXTS_OF(struct aw_yaml_severity, words)};

static const struct {
    const struct member *members;
    size_t count, size;
} kinds[] = {
#define KIND(list, type)                                  \
    {                                                     \
        list, sizeof(list) / sizeof *(list), sizeof(type) \
    }
    [AW_YAML_LISTS] = KIND(list_members, struct aw_yaml_list),
    [AW_YAML_RULES] = KIND(rule_members, struct aw_yaml_rule),
    [AW_YAML_CONTEXTS] = KIND(context_members, struct aw_yaml_context),
    [AW_YAML_EXEMPTIONS] = KIND(context_members, struct aw_yaml_context),
    [AW_YAML_PROVISIONS] = KIND(provision_members, struct aw_yaml_provision),
    [AW_YAML_SEVERITY] = KIND(severity_members, struct aw_yaml_severity),
#undef KIND
};

void aw_lexicon_kept_init(struct aw_lexicon_kept *kept, const char *dir,
                          const char *hash)
{
    char version[VERSION_MAX] = "", digest[AW_SHA256_HEX_MAX];
    struct aw_buf all;

    *kept = (struct aw_lexicon_kept){.dir = dir};
    aw_buf_init(&kept->all, AW_CACHE_FILE_MAX);
    if (!dir)
        return;
    (void)pcre2_config(PCRE2_CONFIG_VERSION, version);
    aw_buf_init(&all, AW_ERR_MAX);
    aw_buf_printf(&all, "%s %s %s", AW_LEXICON_SOURCES, version, hash);
    aw_sha256_hex(aw_buf_str(&all), digest);
    aw_buf_deinit(&all);
    (void)snprintf(kept->name, sizeof kept->name, "lexicon-%s", digest);
    kept->found = aw_cache_get(dir, kept->name, &kept->cached);
}

void aw_lexicon_kept_deinit(struct aw_lexicon_kept *kept)
{
    aw_cached_drop(&kept->cached);
    aw_buf_deinit(&kept->all);
}

/* ---- reading -------------------------------------------------------------
 */

static bool take(struct aw_lexicon_kept *kept, void *out, size_t size)
{
    struct aw_str bytes = kept->cached.bytes;

    if (bytes.len - kept->at < size)
        return false;
    memcpy(out, bytes.ptr + kept->at, size);
    kept->at += size;
    return true;
}

static bool take_text(struct aw_lexicon_kept *kept, const char **out)
{
    struct aw_str bytes = kept->cached.bytes;
    uint32_t len;

    *out = NULL;
    if (!take(kept, &len, sizeof len))
        return false;
    if (len == NO_TEXT)
        return true;
    if (bytes.len - kept->at <= len || bytes.ptr[kept->at + len] != '\0')
        return false;
    *out = bytes.ptr + kept->at;
    kept->at += (size_t)len + 1;
    return true;
}

static bool take_texts(struct aw_lexicon_kept *kept, struct aw_arena *arena,
                       const char ***out, unsigned *count)
{
    uint32_t number;

    if (!take(kept, &number, sizeof number) ||
        kept->cached.bytes.len - kept->at < number)
        return false;
    *out = aw_arena_array(arena, number, sizeof **out);
    for (*count = 0; *out && *count < number; ++*count)
        if (!take_text(kept, &(*out)[*count]) || !(*out)[*count])
            return false;
    return *out != NULL;
}

static bool take_member(struct aw_lexicon_kept *kept,
                        const struct member *member, struct aw_arena *arena,
                        char *entry)
{
    void *at = entry + member->at;

    if (member->type == TEXT)
        return take_text(kept, at);
    if (member->type == TEXTS)
        return take_texts(kept, arena, at, (void *)(entry + member->size));
    return take(kept, at, member->size);
}

static bool take_entries(struct aw_lexicon_kept *kept, enum aw_yaml_kind kind,
                         struct aw_arena *arena, struct aw_yaml_file *out)
{
    size_t size = kinds[kind].size;
    char *entries = aw_arena_array(arena, out->count, size);

    if (!entries)
        return false;
    for (size_t i = 0; i < out->count; i++)
        for (size_t k = 0; k < kinds[kind].count; k++)
            if (!take_member(kept, &kinds[kind].members[k], arena,
                             entries + i * size))
                return false;
    out->entries = entries;
    return true;
}

bool aw_lexicon_kept_take(struct aw_lexicon_kept *kept, enum aw_yaml_kind kind,
                          const char *path, struct aw_arena *arena,
                          struct aw_yaml_file *out)
{
    uint32_t number, count;
    const char *name;

    if (!kept->found || !take_text(kept, &name) || !name ||
        strcmp(name, path) != 0 || !take(kept, &number, sizeof number) ||
        number != kind || !take(kept, &count, sizeof count) ||
        kept->cached.bytes.len - kept->at < count)
        return false;
    *out = (struct aw_yaml_file){.count = count, .lines = {.arena = arena}};
    return take_entries(kept, kind, arena, out);
}

/* ---- writing -------------------------------------------------------------
 */

static void put_number(struct aw_buf *all, size_t number)
{
    uint32_t value = (uint32_t)number;

    aw_buf_append(all, &value, sizeof value);
}

static void put_text(struct aw_buf *all, const char *text)
{
    put_number(all, text ? strlen(text) : NO_TEXT);
    if (text)
        aw_buf_append(all, text, strlen(text) + 1);
}

static void put_member(struct aw_buf *all, const struct member *member,
                       const char *entry)
{
    const void *at = entry + member->at;
    char *const *texts;
    unsigned count;

    if (member->type == PLAIN) {
        aw_buf_append(all, at, member->size);
        return;
    }
    memcpy((void *)&texts, at, sizeof(void *));
    if (member->type == TEXT) {
        put_text(all, (const char *)texts);
        return;
    }
    memcpy(&count, entry + member->size, sizeof count);
    put_number(all, count);
    for (unsigned i = 0; i < count; i++)
        put_text(all, texts[i]);
}

void aw_lexicon_kept_add(struct aw_lexicon_kept *kept, enum aw_yaml_kind kind,
                         const char *path, const struct aw_yaml_file *file)
{
    const char *entries = file->entries;

    if (!kept->dir || kept->found)
        return;
    put_text(&kept->all, path);
    put_number(&kept->all, kind);
    put_number(&kept->all, file->count);
    for (size_t i = 0; i < file->count; i++)
        for (size_t k = 0; k < kinds[kind].count; k++)
            put_member(&kept->all, &kinds[kind].members[k],
                       entries + i * kinds[kind].size);
}

void aw_lexicon_kept_put(struct aw_lexicon_kept *kept)
{
    if (kept->dir && !kept->found && kept->all.rc == AW_OK)
        aw_cache_put(kept->dir, kept->name, aw_buf_str(&kept->all));
}
