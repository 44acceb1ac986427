#include "classify/prefilter.h"

#include <hs.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cache.h"
#include "base/hash.h"
#include "classify/literals.h"

#define ARENA_MAX ((size_t)256 << 20)

/* Vectorscan looks for the last bytes of a literal, three Chinese characters:
 * that makes half as many keys, takes half as long to compile, and finds no
 * more places (decision 0024). The rest is compared here. */
#define KEY_MAX ((size_t)9)

/* Vectorscan 5.4.9 misses some of a few keys: of two in one set of five, of
 * eight in none that was tried. These are added then, and tell nobody. */
#define KEYS_LEAST 32

/* With fewer keys than these compiling is faster than reading a file. */
#define CACHED_LEAST 50

/* One literal, and one set of literals that it is of. Sorted by key and
 * literal. */
struct entry {
    struct aw_str literal;
    uint32_t set;
};

struct need {
    uint32_t set;
    size_t before;
};

/* A pattern, and what a match of it must hold. */
struct subject {
    const char *refused;
    struct need needs[AW_NEEDS_MAX];
    size_t need_count;
    size_t width;
};

struct aw_prefilter {
    struct aw_arena arena;
    struct subject *subjects; /* by pattern */
    size_t pattern_count;
    uint32_t *users;      /* patterns by the set of their first need, those
                           * that have none in front */
    uint32_t *first_user; /* by set; those without are set 0, others from 1 */
    struct aw_literals *sets; /* each is told once */
    size_t set_count, set_cap;
    struct entry *entries;
    size_t entry_count;
    size_t *first; /* for each key, its first entry; one more at the end */
    size_t key_count;
    hs_database_t *database; /* NULL: there are no literals */
    hs_scratch_t *scratch;
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
    struct subject *subject = &p->subjects[pattern];
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
        struct need *need = &subject->needs[subject->need_count];

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

static size_t slot_of(const struct subject *subject)
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

static struct aw_str key_of(const struct entry *entry)
{
    struct aw_str literal = entry->literal;

    return literal.len > KEY_MAX
               ? aw_str_sub(literal, literal.len - KEY_MAX, KEY_MAX)
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
                (struct entry){p->sets[i].items[k], (uint32_t)i};
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

/* ---- a text --------------------------------------------------------------
 */

/* A literal of a set, where it stands. */
struct sight {
    uint32_t set;
    uint32_t start, end;
};

struct aw_sights {
    struct aw_prefilter *prefilter;
    struct sight *found; /* in order of their ends */
    size_t count, cap;
    struct sight *sorted; /* by set, and in that order */
    size_t sorted_cap;
    uint32_t *first;    /* by set: its first one; one more at the end */
    uint32_t *counts;   /* by set: how many of them there are */
    uint32_t *patterns; /* that may match */
    size_t pattern_count;
    uint64_t *marked; /* a bit for each of them, while they are listed */
    struct aw_str text;
    bool all; /* the text is too long, or Vectorscan failed */
    bool no_memory;
};

aw_rc aw_sights_new(struct aw_sights **out, struct aw_prefilter *prefilter,
                    struct aw_err *err)
{
    struct aw_sights *s = calloc(1, sizeof *s);

    if (!s)
        return aw_fail(err, AW_NOMEM, "out of memory");
    s->prefilter = prefilter;
    s->first = calloc(prefilter->set_count + 2, sizeof *s->first);
    s->counts = calloc(prefilter->set_count + 1, sizeof *s->counts);
    s->patterns = calloc(prefilter->pattern_count + 1, sizeof *s->patterns);
    s->marked = calloc(prefilter->pattern_count / 64 + 1, sizeof *s->marked);
    if (!s->first || !s->counts || !s->patterns || !s->marked) {
        aw_sights_free(s);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    *out = s;
    return AW_OK;
}

void aw_sights_free(struct aw_sights *sights)
{
    if (!sights)
        return;
    free(sights->found);
    free(sights->sorted);
    free(sights->first);
    free(sights->counts);
    free(sights->patterns);
    free(sights->marked);
    free(sights);
}

static bool grow(struct sight **items, size_t count, size_t *cap)
{
    size_t more = *cap ? *cap : 256;
    struct sight *grown;

    while (more < count)
        more *= 2;
    if (*cap >= count)
        return true;
    grown = realloc(*items, more * sizeof *grown);
    if (!grown)
        return false;
    *items = grown;
    *cap = more;
    return true;
}

static bool add_sight(struct aw_sights *s, struct sight sight)
{
    if (s->counts[sight.set] > AW_SIGHTS_MAX)
        return true;
    s->no_memory = !grow(&s->found, s->count + 1, &s->cap);
    if (s->no_memory)
        return false;
    s->counts[sight.set]++;
    s->found[s->count++] = sight;
    return true;
}

/* The text ends with the literal, whose key it ends with. */
static bool ends_with(struct aw_str text, struct aw_str literal)
{
    return literal.len <= KEY_MAX || aw_str_ends(text, literal);
}

static int on_key(unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *context)
{
    struct aw_sights *s = context;
    const struct aw_prefilter *p = s->prefilter;
    size_t at = (size_t)to;

    (void)from;
    (void)flags;
    if (id >= p->key_count)
        return 0;
    for (size_t i = p->first[id]; i < p->first[id + 1]; i++) {
        const struct entry *entry = &p->entries[i];

        if (ends_with(aw_str_sub(s->text, 0, at), entry->literal) &&
            !add_sight(s, (struct sight){entry->set,
                                         (uint32_t)(at - entry->literal.len),
                                         (uint32_t)at}))
            return 1;
    }
    return 0;
}

/* A counting sort: they come in order of their ends. */
static void sort_sights(struct aw_sights *s)
{
    size_t sets = s->prefilter->set_count;
    uint32_t *next = s->first + 1;

    memcpy(s->first + 2, s->counts, sets * sizeof *s->first);
    for (size_t i = 2; i < sets + 2; i++)
        s->first[i] += s->first[i - 1];
    for (size_t i = 0; i < s->count; i++)
        s->sorted[next[s->found[i].set]++] = s->found[i];
}

/* ---- where a pattern is worth trying -------------------------------------
 */

static const struct subject *subject_of(const struct aw_sights *sights,
                                        size_t pattern)
{
    return &sights->prefilter->subjects[pattern];
}

/* There are more of it than were written down. */
static bool is_full(const struct aw_sights *sights, uint32_t set)
{
    return sights->counts[set] > AW_SIGHTS_MAX;
}

static bool is_unknown(const struct aw_sights *sights, size_t pattern)
{
    const struct subject *subject = subject_of(sights, pattern);

    return sights->all || subject->need_count == 0 ||
           is_full(sights, subject->needs[0].set);
}

static bool has_all(const struct aw_sights *sights, size_t pattern)
{
    const struct subject *subject = subject_of(sights, pattern);

    for (size_t i = 0; i < subject->need_count; i++) {
        const uint32_t *first = sights->first + subject->needs[i].set;

        if (first[0] == first[1])
            return false;
    }
    return true;
}

static void mark_slot(struct aw_sights *s, size_t slot)
{
    const struct aw_prefilter *p = s->prefilter;

    for (size_t i = p->first_user[slot]; i < p->first_user[slot + 1]; i++)
        if (s->all || has_all(s, p->users[i]))
            s->marked[p->users[i] / 64] |= (uint64_t)1 << p->users[i] % 64;
}

/* Lists what is marked, in order, and takes the marks away. */
static void list_marked(struct aw_sights *s)
{
    s->pattern_count = 0;
    for (size_t i = 0; i <= s->prefilter->pattern_count / 64; i++)
        for (; s->marked[i]; s->marked[i] &= s->marked[i] - 1)
            s->patterns[s->pattern_count++] =
                (uint32_t)(64 * i + (size_t)__builtin_ctzll(s->marked[i]));
}

static void list_patterns(struct aw_sights *s)
{
    mark_slot(s, 0);
    for (size_t i = 0; i < s->prefilter->set_count; i++)
        if (s->all || s->first[i] < s->first[i + 1])
            mark_slot(s, i + 1);
    list_marked(s);
}

aw_rc aw_sights_read(struct aw_sights *sights, struct aw_str text,
                     struct aw_err *err)
{
    const struct aw_prefilter *p = sights->prefilter;
    hs_error_t rc = HS_SUCCESS;

    sights->count = 0;
    sights->all = text.len > UINT32_MAX;
    sights->no_memory = false;
    sights->text = text;
    memset(sights->first, 0, 2 * sizeof *sights->first);
    memset(sights->counts, 0, p->set_count * sizeof *sights->counts);
    if (p->database && text.len > 0 && !sights->all)
        rc = hs_scan(p->database, text.ptr, (unsigned)text.len, 0, p->scratch,
                     on_key, sights);
    if (rc != HS_SUCCESS)
        sights->all = true;
    if (sights->no_memory ||
        !grow(&sights->sorted, sights->count, &sights->sorted_cap))
        return aw_fail(err, AW_NOMEM, "out of memory");
    sort_sights(sights);
    list_patterns(sights);
    return AW_OK;
}

const uint32_t *aw_sights_patterns(const struct aw_sights *sights,
                                   size_t *count)
{
    *count = sights->pattern_count;
    return sights->patterns;
}

/* The number of the set's first sight that ends behind `from`. */
static size_t first_behind(const struct aw_sights *sights, uint32_t set,
                           size_t from)
{
    size_t low = sights->first[set], high = sights->first[set + 1];

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (sights->sorted[mid].end <= from)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool aw_sights_seek(const struct aw_sights *sights, size_t pattern,
                    size_t from, size_t *at)
{
    uint32_t set = subject_of(sights, pattern)->needs[0].set;
    size_t next;

    *at = from;
    if (is_unknown(sights, pattern))
        return from < sights->text.len;
    for (next = first_behind(sights, set, from); next < sights->first[set + 1];
         next++) {
        *at = sights->sorted[next].start;
        if (*at >= from)
            return true;
    }
    return false;
}

struct aw_stretches aw_stretches_of(const struct aw_sights *sights,
                                    size_t pattern, struct aw_range window)
{
    const struct subject *subject = subject_of(sights, pattern);
    struct aw_stretches out = {.sights = sights,
                               .pattern = pattern,
                               .window = window,
                               .all = is_unknown(sights, pattern)};

    if (!out.all)
        out.at = first_behind(sights, subject->needs[0].set, window.start);
    return out;
}

static size_t plus(size_t a, size_t b)
{
    return b > SIZE_MAX - a ? SIZE_MAX : a + b;
}

/* Moves to the set's next sight that lies in the window. */
static const struct sight *sight_in(const struct aw_sights *sights,
                                    uint32_t set, size_t *at,
                                    struct aw_range window)
{
    for (; *at < sights->first[set + 1]; ++*at) {
        const struct sight *sight = &sights->sorted[*at];

        if (sight->end > window.end)
            return NULL;
        if (sight->start >= window.start)
            return sight;
    }
    return NULL;
}

/* Where a match with that sight of the first need may start. */
static struct aw_range start_of(const struct aw_stretches *s,
                                const struct sight *sight)
{
    size_t before = subject_of(s->sights, s->pattern)->needs[0].before;
    struct aw_range start = {s->window.start, sight->start};

    if (before < sight->start - s->window.start)
        start.start = sight->start - before;
    return start;
}

/* Is there one of each other need where the match must lie? */
static bool has_rest(const struct aw_stretches *s, struct aw_range within)
{
    const struct subject *subject = subject_of(s->sights, s->pattern);

    for (size_t i = 1; i < subject->need_count; i++) {
        uint32_t set = subject->needs[i].set;
        size_t at = first_behind(s->sights, set, within.start);

        if (!is_full(s->sights, set) && !sight_in(s->sights, set, &at, within))
            return false;
    }
    return true;
}

static void join(struct aw_range *a, struct aw_range b)
{
    if (b.start < a->start)
        a->start = b.start;
    if (b.end > a->end)
        a->end = b.end;
}

bool aw_stretches_next(struct aw_stretches *s, struct aw_range *start,
                       size_t *last)
{
    const struct subject *subject = subject_of(s->sights, s->pattern);
    uint32_t set = subject->needs[0].set;
    const struct sight *sight;

    if (is_unknown(s->sights, s->pattern)) {
        bool first = s->all;

        *start = s->window;
        *last = s->window.end;
        s->all = false;
        return first;
    }
    while ((sight = sight_in(s->sights, set, &s->at, s->window))) {
        *start = start_of(s, sight);
        s->at++;
        while ((sight = sight_in(s->sights, set, &s->at, s->window)) &&
               start_of(s, sight).start <= start->end) {
            join(start, start_of(s, sight));
            s->at++;
        }
        *last = plus(start->end, subject->width);
        if (*last > s->window.end)
            *last = s->window.end;
        if (has_rest(s, (struct aw_range){start->start, *last}))
            return true;
    }
    return false;
}
