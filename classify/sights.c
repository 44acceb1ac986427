#include "classify/prefilter_private.h"

#include <hs.h>
#include <stdlib.h>
#include <string.h>

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
    uint32_t *first;  /* by set that was met: its first one */
    uint32_t *counts; /* by set: how many of them there are */
    uint32_t *met;    /* sets with any; most texts meet few of them */
    size_t met_count;
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
    s->first = calloc(prefilter->tables.set_count + 1, sizeof *s->first);
    s->counts = calloc(prefilter->tables.set_count + 1, sizeof *s->counts);
    s->met = calloc(prefilter->tables.set_count + 1, sizeof *s->met);
    s->patterns =
        calloc(prefilter->tables.pattern_count + 1, sizeof *s->patterns);
    s->marked =
        calloc(prefilter->tables.pattern_count / 64 + 1, sizeof *s->marked);
    if (!s->first || !s->counts || !s->met || !s->patterns || !s->marked) {
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
    free(sights->met);
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
    if (s->counts[sight.set]++ == 0)
        s->met[s->met_count++] = sight.set;
    s->found[s->count++] = sight;
    return true;
}

/* Does the literal, whose key ends there, end there as a whole? So many bytes
 * of text lie before `end`. */
static bool ends_with(const struct aw_prefilter *p, const char *end,
                      size_t before, const struct aw_entry *entry)
{
    return entry->len <= AW_KEY_MAX ||
           (entry->len <= before &&
            memcmp(end - entry->len, p->tables.texts + entry->at,
                   entry->len - AW_KEY_MAX) == 0);
}

static int on_key(unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *context)
{
    struct aw_sights *s = context;
    const struct aw_prefilter *p = s->prefilter;
    size_t at = (size_t)to;

    (void)from;
    (void)flags;
    if (id >= p->tables.key_count)
        return 0;
    for (size_t i = p->tables.first[id]; i < p->tables.first[id + 1]; i++) {
        const struct aw_entry *entry = &p->tables.entries[i];

        if (ends_with(p, s->text.ptr + at, at, entry) &&
            !add_sight(s,
                       (struct sight){entry->set, (uint32_t)(at - entry->len),
                                      (uint32_t)at}))
            return 1;
    }
    return 0;
}

/* A counting sort: they come in order of their ends. */
static void sort_sights(struct aw_sights *s)
{
    uint32_t end = 0;

    for (size_t i = 0; i < s->met_count; i++) {
        s->first[s->met[i]] = end;
        end += s->counts[s->met[i]];
    }
    for (size_t i = 0; i < s->count; i++)
        s->sorted[s->first[s->found[i].set]++] = s->found[i];
    for (size_t i = 0; i < s->met_count; i++)
        s->first[s->met[i]] -= s->counts[s->met[i]];
}

/* Behind the set's last sight. */
static size_t end_of(const struct aw_sights *s, uint32_t set)
{
    return (size_t)s->first[set] + s->counts[set];
}

/* ---- where a pattern is worth trying -------------------------------------
 */

static const struct aw_subject *subject_of(const struct aw_sights *sights,
                                           size_t pattern)
{
    return &sights->prefilter->tables.subjects[pattern];
}

/* There are more of it than were written down. */
static bool is_full(const struct aw_sights *sights, uint32_t set)
{
    return sights->counts[set] > AW_SIGHTS_MAX;
}

static bool is_unknown(const struct aw_sights *sights, size_t pattern)
{
    const struct aw_subject *subject = subject_of(sights, pattern);

    return sights->all || subject->need_count == 0 ||
           is_full(sights, subject->needs[0].set);
}

static bool has_all(const struct aw_sights *sights, size_t pattern)
{
    const struct aw_subject *subject = subject_of(sights, pattern);

    for (size_t i = 0; i < subject->need_count; i++)
        if (sights->counts[subject->needs[i].set] == 0)
            return false;
    return true;
}

bool aw_sights_may(const struct aw_sights *sights, size_t pattern)
{
    return sights->all || has_all(sights, pattern);
}

static void mark_slot(struct aw_sights *s, size_t slot)
{
    const struct aw_prefilter *p = s->prefilter;

    for (size_t i = p->tables.first_user[slot];
         i < p->tables.first_user[slot + 1]; i++)
        if (aw_sights_may(s, p->tables.users[i]))
            s->marked[p->tables.users[i] / 64] |= (uint64_t)1
                                                  << p->tables.users[i] % 64;
}

/* Lists what is marked, in order, and takes the marks away. */
static void list_marked(struct aw_sights *s)
{
    s->pattern_count = 0;
    for (size_t i = 0; i <= s->prefilter->tables.pattern_count / 64; i++)
        for (; s->marked[i]; s->marked[i] &= s->marked[i] - 1)
            s->patterns[s->pattern_count++] =
                (uint32_t)(64 * i + (size_t)__builtin_ctzll(s->marked[i]));
}

static void list_patterns(struct aw_sights *s)
{
    mark_slot(s, 0);
    for (size_t i = 0; s->all && i < s->prefilter->tables.set_count; i++)
        mark_slot(s, i + 1);
    for (size_t i = 0; !s->all && i < s->met_count; i++)
        mark_slot(s, (size_t)s->met[i] + 1);
    list_marked(s);
}

static void reset(struct aw_sights *s)
{
    for (size_t i = 0; i < s->met_count; i++)
        s->counts[s->met[i]] = 0;
    s->met_count = 0;
    s->count = 0;
    s->no_memory = false;
}

aw_rc aw_sights_read(struct aw_sights *sights, struct aw_str text,
                     struct aw_err *err)
{
    const struct aw_prefilter *p = sights->prefilter;
    hs_error_t rc = HS_SUCCESS;

    reset(sights);
    sights->all = text.len > UINT32_MAX;
    sights->text = text;
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
    size_t low = sights->first[set], high = end_of(sights, set);

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
    for (next = first_behind(sights, set, from); next < end_of(sights, set);
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
    const struct aw_subject *subject = subject_of(sights, pattern);
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
    for (size_t end = end_of(sights, set); *at < end; ++*at) {
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
    const struct aw_subject *subject = subject_of(s->sights, s->pattern);

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
    const struct aw_subject *subject = subject_of(s->sights, s->pattern);
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
