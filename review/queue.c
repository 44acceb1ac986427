#include "review/queue.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "review/queue_private.h"
#include "store/queue_rows.h"
#include "store/spots.h"

#define KEEPER_PAUSE_S 1    /* between two looks for changes */
#define KEEPER_TROUBLE_S 10 /* after one that failed */
#define KEEPER_BATCH 32     /* who decides waits for so many at most */

static const char *const state_names[] = {
#define X(name, text) text,
    AW_QUEUE_STATE_LIST(X)
#undef X
};

const char *aw_queue_state_name(enum aw_queue_state state)
{
    return state_names[state];
}

/* ---- made and freed ------------------------------------------------------
 */

static aw_rc init_tables(struct aw_queue *q,
                         const struct aw_queue_config *config,
                         struct aw_err *err)
{
    aw_rc rc = aw_places_new(&q->place_table, config->lexicon_dir, err);

    if (rc == AW_OK)
        rc = aw_trades_new(&q->trades, config->lexicon_dir, err);
    if (rc == AW_OK)
        rc = aw_workdays_new(&q->workdays, config->lexicon_dir, err);
    if (rc == AW_OK)
        rc = aw_sorter_new(&q->sorter, q->place_table, q->trades, err);
    return rc;
}

static void init_locks(struct aw_queue *q)
{
    (void)pthread_rwlock_init(&q->lock, NULL);
    (void)pthread_mutex_init(&q->refreshing, NULL);
    (void)pthread_mutex_init(&q->sorting, NULL);
    (void)pthread_mutex_init(&q->searching, NULL);
    (void)pthread_mutex_init(&q->waking, NULL);
    (void)pthread_cond_init(&q->wake, NULL);
}

aw_rc aw_queue_new(struct aw_queue **out, const struct aw_queue_config *config,
                   struct aw_store *store, struct aw_err *err)
{
    struct aw_queue *q = calloc(1, sizeof *q);
    aw_rc rc;

    if (!q)
        return aw_fail(err, AW_NOMEM, "out of memory");
    init_locks(q);
    q->clock = config->clock;
    q->fold = config->fold;
    q->threshold = (uint16_t)lround(config->threshold * AW_QUEUE_SCORE);
    aw_queue_clear(q);
    rc = init_tables(q, config, err);
    if (rc == AW_OK)
        rc = aw_queue_refresh(q, store, err);
    if (rc == AW_OK)
        *out = q;
    else
        aw_queue_free(q);
    return rc;
}

static void end_keeper(struct aw_queue *q)
{
    if (!q->has_keeper)
        return;
    (void)pthread_mutex_lock(&q->waking);
    q->stop = true;
    (void)pthread_cond_signal(&q->wake);
    (void)pthread_mutex_unlock(&q->waking);
    (void)pthread_join(q->keeper, NULL);
    aw_store_close(q->keeper_store);
}

void aw_queue_free(struct aw_queue *q)
{
    if (!q)
        return;
    end_keeper(q);
    aw_queue_search_free(q);
    aw_sorter_free(q->sorter);
    aw_places_free(q->place_table);
    aw_trades_free(q->trades);
    aw_workdays_free(q->workdays);
    aw_queue_names_deinit(&q->hosts);
    aw_queue_names_deinit(&q->sources);
    aw_queue_names_deinit(&q->places);
    free(q->entries);
    free(q->bunches);
    free(q->publishers);
    (void)pthread_rwlock_destroy(&q->lock);
    (void)pthread_mutex_destroy(&q->refreshing);
    (void)pthread_mutex_destroy(&q->sorting);
    (void)pthread_mutex_destroy(&q->searching);
    (void)pthread_mutex_destroy(&q->waking);
    (void)pthread_cond_destroy(&q->wake);
    free(q);
}

/* ---- kept in step --------------------------------------------------------
 */

struct taking {
    struct aw_queue *queue;
    int64_t touched; /* the newest change among the rows */
};

static aw_rc take_row(void *self, const struct aw_queue_row *row,
                      struct aw_err *err)
{
    struct taking *t = self;

    if (row->touched > t->touched)
        t->touched = row->touched;
    return aw_queue_take(t->queue, row, err);
}

static aw_rc take_changes(struct aw_queue *q, struct aw_store *store,
                          struct aw_err *err)
{
    struct taking t = {q, q->touched};
    aw_rc rc = aw_store_queue_rows(store, q->touched, take_row, &t, err);

    if (rc == AW_OK && q->disordered) {
        aw_queue_clear(q);
        t.touched = 0;
        rc = aw_store_queue_rows(store, -1, take_row, &t, err);
    }
    if (rc == AW_OK)
        q->touched = t.touched < 0 ? 0 : t.touched;
    return rc;
}

/* The caller is the only one that writes the index: what it reads of it
 * without the lock stands still. */
static aw_rc refresh(struct aw_queue *q, struct aw_store *store,
                     struct aw_err *err)
{
    int64_t touched = 0;
    int64_t today = aw_beijing_day(aw_clock_wall(q->clock));
    bool all = q->touched < 0;
    aw_rc rc = aw_store_touched(store, &touched, err);

    if (rc != AW_OK || (touched == q->touched && today == q->today))
        return rc;
    (void)pthread_rwlock_wrlock(&q->lock);
    if (!all && today != q->today)
        all = !aw_queue_turn(q, today);
    if (touched != q->touched)
        rc = take_changes(q, store, err);
    q->today = today;
    aw_queue_settle(q, all);
    (void)pthread_rwlock_unlock(&q->lock);
    return rc;
}

aw_rc aw_queue_refresh(struct aw_queue *q, struct aw_store *store,
                       struct aw_err *err)
{
    aw_rc rc;

    (void)pthread_mutex_lock(&q->refreshing);
    rc = refresh(q, store, err);
    (void)pthread_mutex_unlock(&q->refreshing);
    return rc;
}

aw_rc aw_queue_sort(struct aw_queue *q, struct aw_store *store, size_t most,
                    size_t *done, struct aw_err *err)
{
    aw_rc rc;

    (void)pthread_mutex_lock(&q->sorting);
    rc = aw_sort_findings(q->sorter, store, most, done, err);
    (void)pthread_mutex_unlock(&q->sorting);
    return rc == AW_OK && *done > 0 ? aw_queue_refresh(q, store, err) : rc;
}

aw_rc aw_queue_tend(struct aw_queue *q, struct aw_store *store, size_t most,
                    bool *more, struct aw_err *err)
{
    size_t folded = 0;
    aw_rc rc =
        q->fold ? aw_fold_findings(q->fold, store, most, &folded, err) : AW_OK;

    *more = folded > 0;
    return rc == AW_OK && !*more
               ? aw_store_spots_make(store, AW_SPOTS_FRESH, more, err)
               : rc;
}

/* ---- the keeper ----------------------------------------------------------
 */

/* False: the queue ends. */
static bool wait_s(struct aw_queue *q, int seconds)
{
    struct timespec until;
    bool stop;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    (void)pthread_mutex_lock(&q->waking);
    while (!q->stop && seconds > 0 &&
           pthread_cond_timedwait(&q->wake, &q->waking, &until) == 0)
        continue;
    stop = q->stop;
    (void)pthread_mutex_unlock(&q->waking);
    return !stop;
}

static aw_rc keep_once(struct aw_queue *q, bool *more, struct aw_err *err)
{
    size_t done = 0;
    aw_rc rc = aw_queue_sort(q, q->keeper_store, KEEPER_BATCH, &done, err);

    if (rc == AW_OK)
        rc = aw_queue_refresh(q, q->keeper_store, err);
    if (rc == AW_OK)
        rc = aw_queue_tend(q, q->keeper_store, KEEPER_BATCH, more, err);
    *more |= done >= KEEPER_BATCH;
    return rc;
}

static void *keep(void *self)
{
    struct aw_queue *q = self;
    int pause_s = 0;

    while (wait_s(q, pause_s)) {
        struct aw_err err;
        bool more = false;
        aw_rc rc = keep_once(q, &more, &err);

        pause_s = more ? 0 : KEEPER_PAUSE_S;
        if (rc == AW_OK)
            continue;
        aw_log(q->log, AW_LOG_WARN, "the queue is not kept in step", "why",
               err.msg, (char *)NULL);
        pause_s = KEEPER_TROUBLE_S;
    }
    return NULL;
}

aw_rc aw_queue_keep(struct aw_queue *q, const char *path,
                    struct aw_gate *writers, const struct aw_log *log,
                    struct aw_err *err)
{
    aw_rc rc = aw_store_open(&q->keeper_store, path, err);

    if (rc != AW_OK)
        return rc;
    aw_store_share(q->keeper_store, writers);
    q->log = log;
    if (pthread_create(&q->keeper, NULL, keep, q) != 0) {
        aw_store_close(q->keeper_store);
        return aw_fail(err, AW_FAIL, "cannot start a thread for the queue");
    }
    q->has_keeper = true;
    return AW_OK;
}

/* ---- asked ---------------------------------------------------------------
 */

aw_rc aw_queue_begin(struct aw_queue_asking *asking, struct aw_queue *q,
                     struct aw_store *store,
                     const struct aw_question *question, struct aw_err *err)
{
    aw_rc rc;

    *asking = (struct aw_queue_asking){.queue = q};
    rc = aw_queue_refresh(q, store, err);
    if (rc == AW_OK)
        rc = aw_queue_match_init(&asking->match, q, store, question, err);
    if (rc != AW_OK)
        return rc;
    (void)pthread_rwlock_rdlock(&q->lock);
    asking->locked = true;
    rc = aw_queue_match_veil(&asking->match, q, store, question, err);
    return rc == AW_OK ? aw_queue_match_bind(&asking->match, q, question, err)
                       : rc;
}

void aw_queue_done(struct aw_queue_asking *asking)
{
    if (asking->locked)
        (void)pthread_rwlock_unlock(&asking->queue->lock);
    asking->locked = false;
    aw_queue_match_deinit(&asking->match);
}
