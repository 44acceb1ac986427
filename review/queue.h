/* queue.h - the findings to be looked at: which, in what order, and why.
 *
 * A queue is an index over all findings, held in memory: some 80 bytes for
 * each. A question is answered by one pass over it, with exact totals, in
 * milliseconds for a million findings; the store is asked for nothing but the
 * text of a search, and for what the page that is shown says beside.
 *
 * The store is the truth. Each change of a finding gives it a new number
 * (finding.touched), and a refresh reads what has a higher number than was
 * seen: changes by other processes come in likewise. aw_queue_ask and its like
 * refresh by themselves, which costs microseconds where nothing changed.
 *
 * Findings that are alike are one group (sort.h), shown as one row: the first
 * of those that the question asks for, in the order that it asks for. A
 * group's number is the id of its first finding.
 *
 * Safe to use from many threads, each with a store of its own.
 */
#ifndef AW_REVIEW_QUEUE_H
#define AW_REVIEW_QUEUE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "review/fold.h"
#include "review/urgency.h"
#include "store/store.h"

#define AW_QUEUE_LIMIT_MAX 200       /* items of a page */
#define AW_QUEUE_TEXT_MAX 200        /* characters of a search */
#define AW_QUEUE_PUBLISHERS_SHOWN 20 /* of a facet */

/* X(name, text): the states of a finding. A second look is one that waits for
 * the second officer. */
#define AW_QUEUE_STATE_LIST(X) \
    X(NEW, "new")              \
    X(SECOND, "second")        \
    X(CONFIRMED, "confirmed")  \
    X(DISMISSED, "dismissed")  \
    X(ESCALATED, "escalated")

enum aw_queue_state {
#define X(name, text) AW_QUEUE_##name,
    AW_QUEUE_STATE_LIST(X)
#undef X
        AW_QUEUE_STATE_COUNT
};

enum aw_queue_order {
    AW_QUEUE_URGENT,    /* most points first */
    AW_QUEUE_NEWEST,    /* first seen last */
    AW_QUEUE_UNCERTAIN, /* score nearest the classifier's threshold first */
    AW_QUEUE_RANDOM     /* the same seed, the same order */
};

#define AW_QUEUE_ANY INT64_C(-1)

/* What is asked for. Begin with AW_QUESTION_ALL; an empty text and
 * AW_QUEUE_ANY ask for all. */
struct aw_question {
    unsigned states;      /* 1u << AW_QUEUE_x; 0: any */
    struct aw_str within; /* the asker's place: a prefix; empty: all */
    /* The asker, who answers second looks: a finding at which a blind one of
     * another is open stands as if it were in the state 'second', in all that
     * is told, and is none of its publisher's confirmed ones. Empty: nothing
     * is veiled. */
    struct aw_str veiled_from;
    struct aw_str class, channel, sector, place, host, source;
    struct aw_str text;          /* stands in title, claims or names */
    int64_t publisher;           /* its id */
    int64_t assigned;            /* a user; 0: nobody */
    int64_t group;               /* its number: the members */
    int64_t age_min, age_max;    /* whole days since it was first seen */
    double score_min, score_max; /* both included */
    bool flat;                   /* each finding is a row; so is a group's */
    enum aw_queue_order order;
    uint64_t seed;       /* of AW_QUEUE_RANDOM */
    struct aw_str after; /* a page's `next`; empty: the first page */
    size_t limit;        /* items, 1 to AW_QUEUE_LIMIT_MAX */
};

#define AW_QUESTION_ALL                              \
    ((struct aw_question){.publisher = AW_QUEUE_ANY, \
                          .assigned = AW_QUEUE_ANY,  \
                          .group = AW_QUEUE_ANY,     \
                          .age_min = AW_QUEUE_ANY,   \
                          .age_max = AW_QUEUE_ANY,   \
                          .score_max = 1,            \
                          .limit = 50})

/* One row of a page. Texts live in the arena of the question. */
struct aw_queue_item {
    int64_t id, version, assigned; /* a user; 0: nobody */
    enum aw_queue_state state;
    unsigned classes;              /* of its claims, by bit: sort.h */
    int64_t first_seen_ms, due_ms; /* the legal clock's end */
    int days_left;                 /* working days to it; negative: over */
    bool due_known; /* by the holidays of its years, not weekends alone */
    double score;
    struct aw_urgency urgency;
    struct aw_urgency_facts facts; /* what the points were given for */
    int64_t group;                 /* its number */
    int64_t group_findings;        /* of it, those that were asked for */
    int64_t group_sites;           /* hosts of these */
    int64_t publisher;             /* 0: not known */
    struct aw_str publisher_name;
    int64_t publisher_findings;      /* its, in any state, within the place */
    struct aw_str place, place_name; /* empty: not known */
    struct aw_str audience;          /* as in severity.yaml; or empty */
    struct aw_str audience_name;     /* its why */
    struct aw_str *sectors;
    size_t sector_count;
};

struct aw_queue_page {
    int64_t groups, findings; /* that were asked for, on all pages */
    struct aw_queue_item *items;
    size_t count;
    struct aw_str next; /* `after` of the next page; empty: there is none */
};

struct aw_queue_count {
    struct aw_str value, name; /* name: where it has one for people */
    int64_t count;
};

/* X(name of a list in the API). Counts of findings under all filters but that
 * of the list itself; what has none is left out. */
#define AW_FACET_LIST(X) \
    X(states)            \
    X(classes)           \
    X(channels)          \
    X(sectors)           \
    X(places)            \
    X(publishers)        \
    X(ages)

struct aw_facets {
#define X(name)                  \
    struct aw_queue_count *name; \
    size_t name##_count;
    AW_FACET_LIST(X)
#undef X
};

struct aw_queue_config {
    const char *lexicon_dir; /* places, sectors, the calendar */
    const struct aw_clock *clock;
    double threshold; /* the classifier's: AW_QUEUE_UNCERTAIN */
    aw_fold_fn *fold; /* NULL: searches find what is written alone */
};

struct aw_queue;

/* Reads the lexicon's tables and all findings. AW_CONFIG: a bad table. */
aw_rc aw_queue_new(struct aw_queue **out, const struct aw_queue_config *config,
                   struct aw_store *store, struct aw_err *err) AW_MUST_USE;
void aw_queue_free(struct aw_queue *queue); /* NULL is allowed */

/* Starts a thread that sorts new findings (sort.h), refreshes and tends, with
 * a store of its own at path, until the queue is freed. It writes little at a
 * time, and waits its turn of `writers` (aw_store_share; NULL: it shares with
 * nobody). A server has one; without it the caller sorts by aw_queue_sort, and
 * tends when it has time. What goes wrong in it is logged. */
aw_rc aw_queue_keep(struct aw_queue *queue, const char *path,
                    struct aw_gate *writers, const struct aw_log *log,
                    struct aw_err *err) AW_MUST_USE;

/* Sorts up to `most` findings that are not yet, and refreshes; *done says how
 * many these were, 0: there are no more. Writes the store. */
aw_rc aw_queue_sort(struct aw_queue *queue, struct aw_store *store,
                    size_t most, size_t *done, struct aw_err *err) AW_MUST_USE;

/* What a reviewer need not wait for, a piece at a time: looks at up to `most`
 * sorted findings for what they say in disguise (fold.h), so that searches
 * find it; then makes lists for searches (store/spots.h), where it is time. A
 * piece takes some 100 ms; of lists, two seconds where a character stands in
 * each of a million findings. *more: call it again. Writes the store. */
aw_rc aw_queue_tend(struct aw_queue *queue, struct aw_store *store,
                    size_t most, bool *more, struct aw_err *err) AW_MUST_USE;

/* Takes in what changed in the store. */
aw_rc aw_queue_refresh(struct aw_queue *queue, struct aw_store *store,
                       struct aw_err *err) AW_MUST_USE;

/* A page. AW_INVALID: no such class, channel, cursor ..., or a text too long.
 */
aw_rc aw_queue_ask(struct aw_queue *queue, struct aw_store *store,
                   const struct aw_question *question, struct aw_arena *arena,
                   struct aw_queue_page *out, struct aw_err *err) AW_MUST_USE;

aw_rc aw_queue_facets(struct aw_queue *queue, struct aw_store *store,
                      const struct aw_question *question,
                      struct aw_arena *arena, struct aw_facets *out,
                      struct aw_err *err) AW_MUST_USE;

/* How many of the findings of the publisher that is asked for stand in each
 * state; the last count is of states that are not known. It walks these
 * findings alone. */
aw_rc aw_queue_publisher_states(struct aw_queue *queue, struct aw_store *store,
                                const struct aw_question *question,
                                int64_t states[AW_QUEUE_STATE_COUNT + 1],
                                struct aw_err *err) AW_MUST_USE;

/* The ids of all findings that are asked for, not of groups alone, in their
 * order; limit and after say nothing here. What an export takes, and "all of
 * this group". AW_LIMIT: more than most. */
aw_rc aw_queue_ids(struct aw_queue *queue, struct aw_store *store,
                   const struct aw_question *question, size_t most,
                   struct aw_arena *arena, int64_t **out, size_t *count,
                   struct aw_err *err) AW_MUST_USE;

/* One finding as the queue knows it, for who sees the place `within`, and not
 * what is veiled from him (as in a question): AW_MISSING where there is none,
 * or it lies elsewhere. */
aw_rc aw_queue_item(struct aw_queue *queue, struct aw_store *store, int64_t id,
                    struct aw_str within, struct aw_str veiled_from,
                    struct aw_arena *arena, struct aw_queue_item *out,
                    struct aw_err *err) AW_MUST_USE;

const char *aw_queue_state_name(enum aw_queue_state state);

#endif
