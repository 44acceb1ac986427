#include "classify/prefilter_private.h"

#include <hs.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define ARENA_MAX ((size_t)256 << 20)

/* Vectorscan 5.4.9 misses some of a few keys: of two in one set of five, of
 * eight in none that was tried. These are added then, and tell nobody. */
#define KEYS_LEAST 32

/* With fewer keys than these compiling is faster than reading a file. */
#define KEPT_LEAST 50

/* A literal, and a set that it is of, while tables are made. */
struct entry {
    struct aw_str literal;
    uint32_t set;
};

struct maker {
    struct aw_arena *arena;
    struct aw_subject *subjects; /* by pattern */
    size_t pattern_count;
    struct aw_literals *sets; /* each is told once */
    size_t set_count, set_cap;
    struct entry *entries;
    size_t entry_count;
    uint32_t *first; /* for each key, its first entry */
    size_t key_count;
    struct aw_buf texts;
};

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

static aw_rc copy_set(struct maker *m, const struct aw_literals *set,
                      struct aw_literals *out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *out = *set;
    out->items = aw_arena_array(m->arena, set->count, sizeof *out->items);
    if (!out->items)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; rc == AW_OK && i < set->count; i++)
        rc = aw_arena_dup(m->arena, set->items[i], &out->items[i], err);
    return rc;
}

/* The set's number; patterns that need the same one share it. */
static aw_rc number_of(struct maker *m, struct aw_literals set, uint32_t *out,
                       struct aw_err *err)
{
    void *sets = m->sets;
    aw_rc rc;

    sort_set(&set);
    for (*out = 0; *out < m->set_count; ++*out)
        if (same(&m->sets[*out], &set))
            return AW_OK;
    rc = aw_arena_grow(m->arena, &sets, m->set_count, &m->set_cap,
                       sizeof *m->sets, err);
    if (rc != AW_OK)
        return rc;
    m->sets = sets;
    rc = copy_set(m, &set, &m->sets[m->set_count], err);
    m->set_count++;
    return rc;
}

/* What is only of use while a pattern is read lies in scratch. */
static aw_rc add_pattern(struct maker *m, size_t pattern, struct aw_str text,
                         struct aw_arena *scratch, struct aw_err *err)
{
    struct aw_subject *subject = &m->subjects[pattern];
    struct aw_needs needs;
    struct aw_err why;
    aw_rc rc = AW_OK;

    aw_arena_reset(scratch);
    if (aw_literals_of(&needs, text, scratch, &why) != AW_OK) {
        subject->refused = m->texts.len;
        aw_buf_append(&m->texts, why.msg, strlen(why.msg) + 1);
        return AW_OK;
    }
    subject->width = needs.width;
    for (; rc == AW_OK && subject->need_count < needs.count;
         subject->need_count++) {
        struct aw_need *need = &subject->needs[subject->need_count];

        need->before = needs.set[subject->need_count].before;
        rc = number_of(m, needs.set[subject->need_count], &need->set, err);
    }
    return rc;
}

static aw_rc add_patterns(struct maker *m, const struct aw_str *patterns,
                          size_t count, struct aw_err *err)
{
    struct aw_arena scratch;
    aw_rc rc = AW_OK;

    m->pattern_count = count;
    m->subjects = aw_arena_array(m->arena, count, sizeof *m->subjects);
    if (!m->subjects)
        return aw_arena_fail(m->arena, err);
    aw_arena_init(&scratch, ARENA_MAX);
    for (size_t i = 0; rc == AW_OK && i < count; i++)
        rc = add_pattern(m, i, patterns[i], &scratch, err);
    aw_arena_deinit(&scratch);
    return rc;
}

static size_t slot_of(const struct aw_subject *subject)
{
    return subject->need_count ? (size_t)subject->needs[0].set + 1 : 0;
}

/* A counting sort by slot. */
static aw_rc list_users(const struct maker *m, struct aw_tables *tables,
                        struct aw_err *err)
{
    uint32_t *first =
        aw_arena_array(m->arena, m->set_count + 3, sizeof *first);
    uint32_t *users =
        aw_arena_array(m->arena, m->pattern_count, sizeof *users);

    if (!first || !users)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; i < m->pattern_count; i++)
        first[slot_of(&m->subjects[i]) + 2]++;
    for (size_t i = 2; i < m->set_count + 3; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < m->pattern_count; i++)
        users[first[slot_of(&m->subjects[i]) + 1]++] = (uint32_t)i;
    tables->first_user = first;
    tables->users = users;
    return AW_OK;
}

/* ---- tables --------------------------------------------------------------
 */

static struct aw_str key_of(const struct entry *entry)
{
    struct aw_str literal = entry->literal;

    return literal.len > AW_KEY_MAX
               ? aw_str_sub(literal, literal.len - AW_KEY_MAX, AW_KEY_MAX)
               : literal;
}

static int by_key(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int cmp = aw_str_cmp(key_of(x), key_of(y));

    if (cmp == 0)
        cmp = aw_str_cmp(x->literal, y->literal);
    if (cmp != 0)
        return cmp;
    return (x->set > y->set) - (x->set < y->set);
}

static aw_rc list_entries(struct maker *m, struct aw_err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < m->set_count; i++)
        count += m->sets[i].count;
    m->entries = aw_arena_array(m->arena, count, sizeof *m->entries);
    m->first = aw_arena_array(m->arena, count + 1, sizeof *m->first);
    if (!m->entries || !m->first)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; i < m->set_count; i++)
        for (size_t k = 0; k < m->sets[i].count; k++)
            m->entries[m->entry_count++] =
                (struct entry){m->sets[i].items[k], (uint32_t)i};
    return AW_OK;
}

/* Finds where each key's entries start. */
static void index_keys(struct maker *m)
{
    if (m->entry_count > 0)
        qsort(m->entries, m->entry_count, sizeof *m->entries, by_key);
    for (size_t i = 0; i < m->entry_count; i++)
        if (i == 0 ||
            !aw_str_eq(key_of(&m->entries[i - 1]), key_of(&m->entries[i])))
            m->first[m->key_count++] = (uint32_t)i;
    m->first[m->key_count] = (uint32_t)m->entry_count;
}

/* Puts the entries as tables have them, and their literals into the texts;
 * each is told once for all sets that it is of. */
static aw_rc fill_entries(struct maker *m, struct aw_tables *tables,
                          struct aw_err *err)
{
    struct aw_entry *entries =
        aw_arena_array(m->arena, m->entry_count, sizeof *entries);

    if (!entries)
        return aw_arena_fail(m->arena, err);
    for (size_t i = 0; i < m->entry_count; i++) {
        struct aw_str literal = m->entries[i].literal;
        bool again = i > 0 && aw_str_eq(m->entries[i - 1].literal, literal);

        entries[i] = (struct aw_entry){.at = (uint32_t)m->texts.len,
                                       .len = (uint32_t)literal.len,
                                       .set = m->entries[i].set};
        if (again)
            entries[i].at = entries[i - 1].at;
        else
            aw_buf_put(&m->texts, literal);
    }
    tables->entries = entries;
    return aw_buf_check(&m->texts, err);
}

static aw_rc fill_tables(struct maker *m, struct aw_tables *tables,
                         struct aw_err *err)
{
    struct aw_str texts;
    aw_rc rc = list_users(m, tables, err);

    if (rc == AW_OK)
        rc = fill_entries(m, tables, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(m->arena, aw_buf_str(&m->texts), &texts, err);
    if (rc != AW_OK)
        return rc;
    tables->subjects = m->subjects;
    tables->first = m->first;
    tables->texts = texts.ptr;
    tables->text_len = texts.len;
    tables->pattern_count = m->pattern_count;
    tables->set_count = m->set_count;
    tables->entry_count = m->entry_count;
    tables->key_count = m->key_count;
    return AW_OK;
}

static aw_rc make_tables(struct aw_prefilter *p, const struct aw_str *patterns,
                         size_t count, struct aw_err *err)
{
    struct maker m = {.arena = &p->arena};
    aw_rc rc;

    aw_buf_init(&m.texts, ARENA_MAX);
    aw_buf_putc(&m.texts, '\0');
    rc = add_patterns(&m, patterns, count, err);
    if (rc == AW_OK)
        rc = list_entries(&m, err);
    if (rc == AW_OK) {
        index_keys(&m);
        rc = fill_tables(&m, &p->tables, err);
    }
    aw_buf_deinit(&m.texts);
    return rc;
}

/* ---- the database --------------------------------------------------------
 */

/* What Vectorscan is given, one behind another. */
struct keys {
    const char **texts;
    size_t *lens;
    unsigned *flags, *ids;
    size_t count;
};

static void add_key(struct keys *keys, const char *text, size_t len)
{
    keys->texts[keys->count] = text;
    keys->lens[keys->count] = len;
    keys->ids[keys->count] = (unsigned)keys->count;
    keys->count++;
}

/* The key of a literal is its end. */
static void add_key_of(struct keys *keys, const struct aw_tables *tables,
                       const struct aw_entry *entry)
{
    size_t len = entry->len < AW_KEY_MAX ? entry->len : AW_KEY_MAX;

    add_key(keys, tables->texts + entry->at + entry->len - len, len);
}

static aw_rc list_keys(struct aw_prefilter *p, struct keys *keys,
                       struct aw_err *err)
{
    struct aw_arena *arena = &p->arena;
    const struct aw_tables *tables = &p->tables;
    size_t most = tables->key_count + KEYS_LEAST;
    aw_rc rc = AW_OK;

    keys->texts = aw_arena_array(arena, most, sizeof *keys->texts);
    keys->lens = aw_arena_array(arena, most, sizeof *keys->lens);
    keys->flags = aw_arena_array(arena, most, sizeof *keys->flags);
    keys->ids = aw_arena_array(arena, most, sizeof *keys->ids);
    if (!keys->texts || !keys->lens || !keys->flags || !keys->ids)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < tables->key_count; i++)
        add_key_of(keys, tables, &tables->entries[tables->first[i]]);
    while (rc == AW_OK && keys->count < KEYS_LEAST) {
        char text[] = "\x01 no text has this: ?";
        struct aw_str copy;

        text[sizeof text - 2] = (char)('0' + keys->count);
        rc = aw_arena_dup(arena, aw_str_of(text), &copy, err);
        if (rc == AW_OK)
            add_key(keys, copy.ptr, copy.len);
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

static aw_rc make(struct aw_prefilter *p, const struct aw_str *patterns,
                  size_t count, struct aw_err *err)
{
    aw_rc rc = make_tables(p, patterns, count, err);

    return rc == AW_OK && p->tables.key_count > 0 ? compile(p, err) : rc;
}

static aw_rc take_or_make(struct aw_prefilter *p,
                          const struct aw_str *patterns, size_t count,
                          const char *cache_dir, struct aw_err *err)
{
    char name[AW_PREFILTER_NAME_MAX];
    bool cached = cache_dir && aw_prefilter_name(patterns, count, name);
    aw_rc rc;

    if (cached && aw_prefilter_take(p, cache_dir, name))
        return AW_OK;
    rc = make(p, patterns, count, err);
    if (rc == AW_OK && cached && p->tables.key_count >= KEPT_LEAST)
        aw_prefilter_keep(p, cache_dir, name);
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
    rc = take_or_make(p, patterns, count, cache_dir, err);
    if (rc == AW_OK && p->database &&
        hs_alloc_scratch(p->database, &p->scratch) != HS_SUCCESS)
        rc = aw_fail(err, AW_NOMEM, "vectorscan: out of memory");
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
    aw_cached_drop(&prefilter->kept);
    aw_arena_deinit(&prefilter->arena);
    free(prefilter);
}

const char *aw_prefilter_refused(const struct aw_prefilter *prefilter,
                                 size_t pattern)
{
    size_t at = prefilter->tables.subjects[pattern].refused;

    return at > 0 ? prefilter->tables.texts + at : NULL;
}
