/* queue_private.h - what the files of the queue share; for these alone. */
#ifndef AW_REVIEW_QUEUE_PRIVATE_H
#define AW_REVIEW_QUEUE_PRIVATE_H

#include <pthread.h>

#include "review/queue.h"
#include "review/sort.h"
#include "review/workdays.h"

#define AW_QUEUE_NONE UINT32_MAX /* no row, no name */
#define AW_QUEUE_SCORE 10000     /* scores have four digits */
#define AW_QUEUE_SEARCHES 16     /* kept */

/* One finding: what is filtered and sorted by. There are a million of them:
 * the widest members come first, so that nothing is lost between. */
struct aw_queue_entry {
    int64_t id, first_seen_ms;
    uint32_t bunch, next_in_bunch;         /* bunches[], entries[] */
    uint32_t publisher, next_of_publisher; /* its id; entries[] */
    uint32_t host;                         /* hosts */
    uint32_t sectors;                      /* a bit each */
    int32_t version, assigned;
    uint16_t source, place; /* sources, places */
    uint16_t score;         /* in AW_QUEUE_SCORE */
    int16_t urgency;
    uint8_t state, classes, channel, severity, times, adverts;
    uint8_t audience; /* AW_AUDIENCES_MAX: none */
};

/* Findings that are alike. The first AW_SITES_MOST members in the list are of
 * different hosts, as far as there are so many: whether one more host is new
 * is known without a walk. */
struct aw_queue_bunch {
    uint32_t head, count;
    uint8_t sites;
    bool changed; /* since its urgencies were reckoned */
};

struct aw_queue_publisher {
    uint32_t head, count, confirmed;
    bool changed;
};

/* Texts that come again and again, by number. */
struct aw_queue_names {
    struct aw_arena arena;
    struct aw_str *items;
    int64_t *first_ms; /* the first finding of each */
    uint32_t count, cap;
    uint32_t *slots; /* a hash table of numbers; cap * 2 of them */
};

/* What a search found: a bit for each entry. Findings up to `upto` were looked
 * through. */
struct aw_queue_search {
    char *text;
    size_t len;
    uint64_t *bits;
    size_t words;
    int64_t upto;
    uint64_t used;    /* when, by a count of uses */
    uint64_t reading; /* of the entries that the bits are of */
};

struct aw_queue {
    const struct aw_clock *clock;
    uint16_t threshold;
    aw_fold_fn *fold;
    struct aw_places *place_table;
    struct aw_trades *trades;
    struct aw_workdays *workdays;

    pthread_rwlock_t lock;          /* of what follows */
    struct aw_queue_entry *entries; /* by id */
    size_t count, cap;
    struct aw_queue_bunch *bunches;
    size_t bunch_count, bunch_cap;
    struct aw_queue_publisher *publishers; /* by id */
    size_t publisher_cap;
    struct aw_queue_names hosts, sources, places;
    int64_t touched; /* changes up to here are in */
    int64_t today;   /* urgencies are of that day, in Beijing */
    bool
        uneven; /* a site turned out older: some points are of its first age */
    bool disordered;  /* an id came that is below the last: read all anew */
    uint64_t reading; /* how often all was */

    pthread_mutex_t refreshing; /* one at a time */
    pthread_mutex_t sorting;    /* of the sorter */
    struct aw_sorter *sorter;
    pthread_mutex_t searching; /* of the searches */
    struct aw_queue_search searches[AW_QUEUE_SEARCHES];
    uint64_t uses;

    /* The keeper's thread, where there is one. */
    pthread_t keeper;
    bool has_keeper, stop;
    pthread_mutex_t waking;
    pthread_cond_t wake;
    struct aw_store *keeper_store;
    const struct aw_log *log;
};

/* ---- queue_index.c: entries --------------------------------------------- */

/* Takes in a row, new or changed; the caller holds the lock for writing.
 * Urgencies are reckoned by aw_queue_settle. */
struct aw_queue_row;
aw_rc aw_queue_take(struct aw_queue *q, const struct aw_queue_row *row,
                    struct aw_err *err) AW_MUST_USE;

/* Reckons what the rows taken in since changed, or all. */
void aw_queue_settle(struct aw_queue *q, bool all);

/* Makes urgencies that were reckoned on the day before those of `today`: but
 * for a site's age and the legal clock they stay. False: reckon all. */
bool aw_queue_turn(struct aw_queue *q, int64_t today);

/* Forgets all entries. */
void aw_queue_clear(struct aw_queue *q);

/* The entry's number, or AW_QUEUE_NONE. */
uint32_t aw_queue_find(const struct aw_queue *q, int64_t id);

struct aw_urgency_facts aw_queue_facts(const struct aw_queue *q,
                                       const struct aw_queue_entry *entry);

/* The working day on which its clock ends. */
int64_t aw_queue_due(const struct aw_queue *q,
                     const struct aw_queue_entry *entry);

/* ---- queue_names.c ------------------------------------------------------ */

void aw_queue_names_init(struct aw_queue_names *names);
void aw_queue_names_deinit(struct aw_queue_names *names);

/* Its number; a text that is new gets the next one. */
aw_rc aw_queue_names_add(struct aw_queue_names *names, struct aw_str text,
                         uint32_t *number, struct aw_err *err) AW_MUST_USE;

/* Its number, or AW_QUEUE_NONE. */
uint32_t aw_queue_names_find(const struct aw_queue_names *names,
                             struct aw_str text);

/* ---- queue_search.c ----------------------------------------------------- */

/* The entries whose text holds `text`, in bits that the caller frees; *words
 * of them. The caller holds no lock. */
aw_rc aw_queue_search(struct aw_queue *q, struct aw_store *store,
                      struct aw_str text, uint64_t **bits, size_t *words,
                      struct aw_err *err) AW_MUST_USE;
void aw_queue_search_free(struct aw_queue *q);

/* ---- queue_match.c: the filters of a question --------------------------- */

/* X(name): one bit each, for those that an entry does not pass. */
#define AW_FILTER_LIST(X) \
    X(WITHIN)             \
    X(STATE)              \
    X(CLASS)              \
    X(CHANNEL)            \
    X(SECTOR)             \
    X(PLACE)              \
    X(PUBLISHER)          \
    X(AGE)                \
    X(HOST)               \
    X(SOURCE)             \
    X(ASSIGNED)           \
    X(SCORE)              \
    X(GROUP)              \
    X(TEXT)

enum aw_filter {
#define X(name) AW_FILTER_##name##_N,
    AW_FILTER_LIST(X)
#undef X
        AW_FILTER_COUNT
};
#define AW_FILTER(name) (1u << AW_FILTER_##name##_N)

struct aw_queue_match {
    unsigned states, channels; /* bits */
    uint8_t classes;           /* one of these; 0: any */
    uint32_t sectors;          /* likewise */
    uint8_t *places;           /* by number: 1 within, 2 of the place */
    int64_t publisher, assigned, host, source, bunch; /* -1: any */
    int64_t seen_from_ms, seen_to_ms;
    int score_min, score_max; /* in AW_QUEUE_SCORE */
    uint64_t *bits;           /* of a search; NULL: none */
    size_t words;
    uint64_t *veiled; /* a bit for each entry; NULL: none is */
    /* Beside it, by publisher: how many of the confirmed are veiled. */
    uint32_t *hidden;
};

/* Checks what is asked, and searches; the caller holds no lock. What is made
 * is freed also after a failure. */
aw_rc aw_queue_match_init(struct aw_queue_match *match, struct aw_queue *q,
                          struct aw_store *store,
                          const struct aw_question *question,
                          struct aw_err *err) AW_MUST_USE;
void aw_queue_match_deinit(struct aw_queue_match *match);

/* Looks names up that come and go with the entries; under the lock. */
aw_rc aw_queue_match_bind(struct aw_queue_match *match,
                          const struct aw_queue *q,
                          const struct aw_question *question,
                          struct aw_err *err) AW_MUST_USE;

/* Finds what is veiled from who asks; under the lock, so that a decision that
 * is in the index has its look in the store. */
aw_rc aw_queue_match_veil(struct aw_queue_match *match,
                          const struct aw_queue *q, struct aw_store *store,
                          const struct aw_question *question,
                          struct aw_err *err) AW_MUST_USE;

static inline bool aw_queue_is_veiled(const struct aw_queue_match *m, size_t n)
{
    return m->veiled && m->veiled[n / 64] >> n % 64 & 1;
}

/* Does what is veiled change what is told of entry number n? */
static inline bool aw_queue_is_touched(const struct aw_queue_match *m,
                                       const struct aw_queue_entry *e,
                                       size_t n)
{
    return m->veiled && (aw_queue_is_veiled(m, n) || m->hidden[e->publisher]);
}

/* Facts of entry number n, as who asks may know them. */
struct aw_urgency_facts aw_queue_facts_told(const struct aw_queue_match *m,
                                            const struct aw_queue *q,
                                            size_t n);

/* The state of entry number n, as who asks may know it. */
static inline unsigned aw_queue_state_of(const struct aw_queue_match *m,
                                         const struct aw_queue_entry *e,
                                         size_t n)
{
    return aw_queue_is_veiled(m, n) ? AW_QUEUE_SECOND : e->state;
}

/* The filters that entry number n does not pass. */
static inline unsigned aw_queue_failed(const struct aw_queue_match *m,
                                       const struct aw_queue_entry *e,
                                       size_t n)
{
    unsigned failed = 0;

#define FAIL(name, passes) failed |= (passes) ? 0 : AW_FILTER(name)
    FAIL(STATE, m->states >> aw_queue_state_of(m, e, n) & 1);
    FAIL(CLASS, !m->classes || e->classes & m->classes);
    FAIL(CHANNEL, m->channels >> e->channel & 1);
    FAIL(SECTOR, !m->sectors || e->sectors & m->sectors);
    FAIL(WITHIN, m->places[e->place] & 1);
    FAIL(PLACE, m->places[e->place] & 2);
    FAIL(PUBLISHER,
         m->publisher == AW_QUEUE_ANY || m->publisher == e->publisher);
    FAIL(AGE, e->first_seen_ms >= m->seen_from_ms &&
                  e->first_seen_ms <= m->seen_to_ms);
    FAIL(HOST, m->host == AW_QUEUE_ANY || m->host == e->host);
    FAIL(SOURCE, m->source == AW_QUEUE_ANY || m->source == e->source);
    FAIL(ASSIGNED, m->assigned == AW_QUEUE_ANY || m->assigned == e->assigned);
    FAIL(SCORE, e->score >= m->score_min && e->score <= m->score_max);
    FAIL(GROUP, m->bunch == AW_QUEUE_ANY || m->bunch == e->bunch);
    FAIL(TEXT,
         !m->bits || (n / 64 < m->words && m->bits[n / 64] >> n % 64 & 1));
#undef FAIL
    return failed;
}

/* ---- together ----------------------------------------------------------- */

/* Refreshes, prepares the filters and takes the lock for reading: what
 * aw_queue_done gives back, also after a failure. */
struct aw_queue_asking {
    struct aw_queue *queue;
    struct aw_queue_match match;
    bool locked;
};
aw_rc aw_queue_begin(struct aw_queue_asking *asking, struct aw_queue *q,
                     struct aw_store *store,
                     const struct aw_question *question,
                     struct aw_err *err) AW_MUST_USE;
void aw_queue_done(struct aw_queue_asking *asking);

#endif
