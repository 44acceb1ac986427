#include "classify/prefilter_private.h"

#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cache.h"
#include "base/hash.h"

#define ARENA_MAX ((size_t)256 << 20)

/* Vectorscan 5.4.9 misses some of a few keys: of two in one set of five, of
 * eight in none that was tried. These are added then, and tell nobody. */
#define KEYS_LEAST 32

/* With fewer keys than these compiling is faster than reading a file. */
#define CACHED_LEAST 50

/* ---- sets ----------------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
    const struct aw_str *x = a, *y = b;

    return aw_str_cmp(*x, *y);
}

static void sort_set(struct aw_literals *set)
{
    size_t kept = 0;

    qsort(set->items, set->count, sizeof *set->items, by_text);
    for (size_t i = 0; i < set->count; i++)
        if (kept == 0 || !aw_str_eq(set->items[kept - 1], set->items[i]))
            set->items[kept++] = set->items[i];
    set->count = kept;
}

static bool same(const struct aw_literals *a, const struct aw_literals *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!aw_str_eq(a->items[i], b->items[i]))
            return false;
    return true;
}

static aw_rc copy_set(struct aw_prefilter *p, const struct aw_literals *set,
                      struct aw_literals *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *out = *set;
    out->items = aw_arena_array(&p->arena, set->count, sizeof *out->items);
    if (!out->items)
        return aw_arena_fail(&p->arena, err);
    for (size_t i = 0; rc == AW_OK && i < set->count; i++)
        rc = aw_arena_dup(&p->arena, set->items[i], &out->items[i], err);
    return rc;
}

/* The set's number; patterns that need the same one share it. */
static aw_rc number_of(struct aw_prefilter *p, struct aw_literals set,
                       uint32_t *out, struct aw_err *err)
{
    void *sets = p->sets;
    aw_rc rc;

    sort_set(&set);
    for (*out = 0; *out < p->set_count; ++*out)
        if (same(&p->sets[*out], &set))
            return AW_OK;
    rc = aw_arena_grow(&p->arena, &sets, p->set_count, &p->set_cap,
                       sizeof *p->sets, err);
    if (rc != AW_OK)
        return rc;
    p->sets = sets;
    rc = copy_set(p, &set, &p->sets[p->set_count], err);
    p->set_count++;
    return rc;
}

/* What is only of use while a pattern is read lies in scratch. */
static aw_rc add_pattern(struct aw_prefilter *p, size_t pattern,
                         struct aw_str text, struct aw_arena *scratch,
                         struct aw_err *err)
{
    struct aw_subject *subject = &p->subjects[pattern];
    struct aw_needs needs;
    struct aw_err why;
    struct aw_str reason;
    aw_rc rc = AW_OK;

    aw_arena_reset(scratch);
    if (aw_literals_of(&needs, text, scratch, &why) != AW_OK) {
        rc = aw_arena_dup(&p->arena, aw_str_of(why.msg), &reason, err);
        if (rc == AW_OK)
            subject->refused = reason.ptr;
        return rc;
    }
    subject->width = needs.width;
    for (; rc == AW_OK && subject->need_count < needs.count;
         subject->need_count++) {
        struct aw_need *need = &subject->needs[subject->need_count];

        need->before = needs.set[subject->need_count].before;
        rc = number_of(p, needs.set[subject->need_count], &need->set, err);
    }
    return rc;
}

static aw_rc add_patterns(struct aw_prefilter *p,
                          const struct aw_str *patterns, size_t count,
                          struct aw_err *err)
{
    struct aw_arena scratch;
    aw_rc rc = AW_OK;

    p->pattern_count = count;
    p->subjects = aw_arena_array(&p->arena, count, sizeof *p->subjects);
    if (!p->subjects)
        return aw_arena_fail(&p->arena, err);
    aw_arena_init(&scratch, ARENA_MAX);
    for (size_t i = 0; rc == AW_OK && i < count; i++)
        rc = add_pattern(p, i, patterns[i], &scratch, err);
    aw_arena_deinit(&scratch);
    return rc;
}

static size_t slot_of(const struct aw_subject *subject)
{
    return subject->need_count ? (size_t)subject->needs[0].set + 1 : 0;
}

/* A counting sort by slot. */
static aw_rc list_users(struct aw_prefilter *p, struct aw_err *err)
{
    uint32_t *first =
        aw_arena_array(&p->arena, p->set_count + 3, sizeof *p->first_user);

    p->users = aw_arena_array(&p->arena, p->pattern_count, sizeof *p->users);
    p->first_user = first;
    if (!first || !p->users)
        return aw_arena_fail(&p->arena, err);
    for (size_t i = 0; i < p->pattern_count; i++)
        first[slot_of(&p->subjects[i]) + 2]++;
    for (size_t i = 2; i < p->set_count + 3; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < p->pattern_count; i++)
        p->users[first[slot_of(&p->subjects[i]) + 1]++] = (uint32_t)i;
    return AW_OK;
}

/* ---- the database --------------------------------------------------------
 */

static struct aw_str key_of(const struct aw_entry *entry)
{
    struct aw_str literal = entry->literal;

    return literal.len > AW_KEY_MAX
               ? aw_str_sub(literal, literal.len - AW_KEY_MAX, AW_KEY_MAX)
               : literal;
}

static int by_key(const void *a, const void *b)
{
    const struct aw_entry *x = a, *y = b;
    int cmp = aw_str_cmp(key_of(x), key_of(y));

    if (cmp == 0)
        cmp = aw_str_cmp(x->literal, y->literal);
    if (cmp != 0)
        return cmp;
    return (x->set > y->set) - (x->set < y->set);
}

static aw_rc list_entries(struct aw_prefilter *p, struct aw_err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < p->set_count; i++)
        count += p->sets[i].count;
    p->entries = aw_arena_array(&p->arena, count, sizeof *p->entries);
    p->first = aw_arena_array(&p->arena, count + 1, sizeof *p->first);
    if (!p->entries || !p->first)
        return aw_arena_fail(&p->arena, err);
    for (size_t i = 0; i < p->set_count; i++)
        for (size_t k = 0; k < p->sets[i].count; k++)
            p->entries[p->entry_count++] =
                (struct aw_entry){p->sets[i].items[k], (uint32_t)i};
    return AW_OK;
}

/* Finds where each key's entries start. */
static void index_keys(struct aw_prefilter *p)
{
    if (p->entry_count > 0)
        qsort(p->entries, p->entry_count, sizeof *p->entries, by_key);
    for (size_t i = 0; i < p->entry_count; i++)
        if (i == 0 ||
            !aw_str_eq(key_of(&p->entries[i - 1]), key_of(&p->entries[i])))
            p->first[p->key_count++] = i;
    p->first[p->key_count] = p->entry_count;
}

/* What Vectorscan is given, one behind another. */
struct keys {
    const char **texts;
    size_t *lens;
    unsigned *flags, *ids;
    size_t count;
};

static void add_key(struct keys *keys, struct aw_str text)
{
    keys->texts[keys->count] = text.ptr;
    keys->lens[keys->count] = text.len;
    keys->ids[keys->count] = (unsigned)keys->count;
    keys->count++;
}

static aw_rc list_keys(struct aw_prefilter *p, struct keys *keys,
                       struct aw_err *err)
{
    struct aw_arena *arena = &p->arena;
    size_t most = p->key_count + KEYS_LEAST;
    aw_rc rc = AW_OK;

    keys->texts = aw_arena_array(arena, most, sizeof *keys->texts);
    keys->lens = aw_arena_array(arena, most, sizeof *keys->lens);
    keys->flags = aw_arena_array(arena, most, sizeof *keys->flags);
    keys->ids = aw_arena_array(arena, most, sizeof *keys->ids);
    if (!keys->texts || !keys->lens || !keys->flags || !keys->ids)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < p->key_count; i++)
        add_key(keys, key_of(&p->entries[p->first[i]]));
    while (rc == AW_OK && keys->count < KEYS_LEAST) {
        char text[] = "\x01 no text has this: ?";
        struct aw_str copy;

        text[sizeof text - 2] = (char)('0' + keys->count);
        rc = aw_arena_dup(arena, aw_str_of(text), &copy, err);
        if (rc == AW_OK)
            add_key(keys, copy);
    }
    return rc;
}

static aw_rc compile(struct aw_prefilter *p, struct aw_err *err)
{
    struct keys keys = {0};
    hs_compile_error_t *failure = NULL;
    aw_rc rc = list_keys(p, &keys, err);

    if (rc != AW_OK)
        return rc;
    if (hs_compile_lit_multi(keys.texts, keys.flags, keys.ids, keys.lens,
                             (unsigned)keys.count, HS_MODE_BLOCK, NULL,
                             &p->database, &failure) != HS_SUCCESS)
        rc = aw_fail(err, AW_FAIL, "vectorscan: %s",
                     failure ? failure->message : "it does not compile");
    (void)hs_free_compile_error(failure);
    return rc;
}

/* All that the database depends on: the keys in their order, the library,
 * the processor. */
static bool name_of(const struct aw_prefilter *p,
                    char out[AW_SHA256_HEX_MAX + 16])
{
    char digest[AW_SHA256_HEX_MAX];
    hs_platform_info_t platform;
    struct aw_buf all;
    bool ok;

    if (hs_populate_platform(&platform) != HS_SUCCESS)
        return false;
    aw_buf_init(&all, ARENA_MAX);
    aw_buf_printf(&all, "%s %u %llu\n", hs_version(), platform.tune,
                  platform.cpu_features);
    for (size_t i = 0; i < p->key_count; i++) {
        struct aw_str key = key_of(&p->entries[p->first[i]]);

        aw_buf_printf(&all, "%zu ", key.len);
        aw_buf_put(&all, key);
    }
    ok = all.rc == AW_OK;
    aw_sha256_hex(aw_buf_str(&all), digest);
    aw_buf_deinit(&all);
    (void)snprintf(out, AW_SHA256_HEX_MAX + 16, "prefilter-%s", digest);
    return ok;
}

static bool take_kept(struct aw_prefilter *p, const char *dir,
                      const char *name)
{
    struct aw_cached kept = {0};
    bool ok = aw_cache_get(dir, name, &kept) &&
              hs_deserialize_database(kept.bytes.ptr, kept.bytes.len,
                                      &p->database) == HS_SUCCESS;

    aw_cached_drop(&kept);
    return ok;
}

static void keep(const struct aw_prefilter *p, const char *dir,
                 const char *name)
{
    char *bytes = NULL;
    size_t len = 0;

    if (hs_serialize_database(p->database, &bytes, &len) == HS_SUCCESS)
        aw_cache_put(dir, name, (struct aw_str){bytes, len});
    free(bytes);
}

static aw_rc make_database(struct aw_prefilter *p, const char *cache_dir,
                           struct aw_err *err)
{
    char name[AW_SHA256_HEX_MAX + 16];
    bool cached =
        cache_dir && p->key_count >= CACHED_LEAST && name_of(p, name);
    bool found = cached && take_kept(p, cache_dir, name);
    aw_rc rc = found ? AW_OK : compile(p, err);

    if (rc == AW_OK && cached && !found)
        keep(p, cache_dir, name);
    if (rc == AW_OK && hs_alloc_scratch(p->database, &p->scratch))
        rc = aw_fail(err, AW_NOMEM, "vectorscan: out of memory");
    return rc;
}

aw_rc aw_prefilter_new(struct aw_prefilter **out,
                       const struct aw_str *patterns, size_t count,
                       const char *cache_dir, struct aw_err *err)
{
    struct aw_prefilter *p = calloc(1, sizeof *p);
    aw_rc rc;

    if (!p)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_init(&p->arena, ARENA_MAX);
    rc = add_patterns(p, patterns, count, err);
    if (rc == AW_OK)
        rc = list_users(p, err);
    if (rc == AW_OK)
        rc = list_entries(p, err);
    if (rc == AW_OK)
        index_keys(p);
    if (rc == AW_OK && p->key_count > 0)
        rc = make_database(p, cache_dir, err);
    if (rc == AW_OK)
        *out = p;
    else
        aw_prefilter_free(p);
    return rc;
}

void aw_prefilter_free(struct aw_prefilter *prefilter)
{
    if (!prefilter)
        return;
    (void)hs_free_scratch(prefilter->scratch);
    (void)hs_free_database(prefilter->database);
    aw_arena_deinit(&prefilter->arena);
    free(prefilter);
}

const char *aw_prefilter_refused(const struct aw_prefilter *prefilter,
                                 size_t pattern)
{
    return prefilter->subjects[pattern].refused;
}
