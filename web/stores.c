#include "web/stores.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fs.h"

static const struct {
    int most;
    int64_t wait_ms;
} paces[] = {
#define X(name, most, wait_ms) {most, wait_ms},
    AW_PACE_LIST(X)
#undef X
};

struct aw_stores {
    char path[AW_PATH_MAX];
    int most;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t given;
    struct aw_store *kept[AW_STORES_MAX];
    int free; /* of kept */
    int open; /* free, taken, or just being opened */
    int taken[AW_PACE_COUNT];
};

aw_rc aw_stores_new(struct aw_stores **out, const char *path, int most,
                    struct aw_err *err)
{
    struct aw_stores *stores = calloc(1, sizeof *stores);
    pthread_condattr_t attr;

    if (!stores)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)snprintf(stores->path, sizeof stores->path, "%s", path);
    stores->most = most < AW_STORES_MAX ? most : AW_STORES_MAX;
    (void)pthread_mutex_init(&stores->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&stores->given, &attr);
    (void)pthread_condattr_destroy(&attr);
    *out = stores;
    return AW_OK;
}

void aw_stores_free(struct aw_stores *stores)
{
    if (!stores)
        return;
    for (int i = 0; i < stores->free; i++)
        aw_store_close(stores->kept[i]);
    (void)pthread_cond_destroy(&stores->given);
    (void)pthread_mutex_destroy(&stores->lock);
    free(stores);
}

static bool is_full(const struct aw_stores *stores, enum aw_pace pace)
{
    return stores->taken[pace] >= paces[pace].most ||
           (stores->free == 0 && stores->open == stores->most);
}

/* Waits on the lock; false: in vain. */
static bool wait_turn(struct aw_stores *stores, enum aw_pace pace)
{
    struct timespec until;
    int failed = 0;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(paces[pace].wait_ms / 1000);
    while (is_full(stores, pace) && !failed)
        failed = pthread_cond_timedwait(&stores->given, &stores->lock, &until);
    return !is_full(stores, pace);
}

/* One that is free, or NULL and the right to open one. */
static aw_rc take_free(struct aw_stores *stores, enum aw_pace pace,
                       struct aw_store **out, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    (void)pthread_mutex_lock(&stores->lock);
    if (!wait_turn(stores, pace)) {
        rc = aw_fail(err, AW_BUSY, "too many ask at once: try again soon");
    } else {
        stores->taken[pace]++;
        if (stores->free > 0)
            *out = stores->kept[--stores->free];
        else
            stores->open++;
    }
    (void)pthread_mutex_unlock(&stores->lock);
    return rc;
}

/* A store of NULL was not to be opened. */
static void put_back(struct aw_stores *stores, enum aw_pace pace,
                     struct aw_store *store)
{
    (void)pthread_mutex_lock(&stores->lock);
    stores->taken[pace]--;
    if (store)
        stores->kept[stores->free++] = store;
    else
        stores->open--;
    (void)pthread_cond_broadcast(&stores->given);
    (void)pthread_mutex_unlock(&stores->lock);
}

aw_rc aw_stores_take(struct aw_stores *stores, enum aw_pace pace,
                     struct aw_store **out, struct aw_err *err)
{
    struct aw_store *store = NULL;
    aw_rc rc = take_free(stores, pace, &store, err);

    if (rc != AW_OK)
        return rc;
    if (!store)
        rc = aw_store_open(&store, stores->path, err);
    if (rc == AW_OK)
        *out = store;
    else
        put_back(stores, pace, NULL);
    return rc;
}

void aw_stores_give(struct aw_stores *stores, enum aw_pace pace,
                    struct aw_store *store)
{
    if (!store)
        return;
    if (aw_store_in_transaction(store))
        aw_store_rollback(store);
    put_back(stores, pace, store);
}
