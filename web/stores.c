#include "web/stores.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"

struct aw_stores {
    char path[AW_PATH_MAX];
    int most;
    pthread_mutex_t lock; /* for all below */
    pthread_cond_t given;
    struct aw_store *kept[AW_STORES_MAX];
    int free; /* of kept */
    int open; /* free, taken, or just being opened */
};

aw_rc aw_stores_new(struct aw_stores **out, const char *path, int most,
                    struct aw_err *err)
{
    struct aw_stores *stores = calloc(1, sizeof *stores);

    if (!stores)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)snprintf(stores->path, sizeof stores->path, "%s", path);
    stores->most = most < AW_STORES_MAX ? most : AW_STORES_MAX;
    (void)pthread_mutex_init(&stores->lock, NULL);
    (void)pthread_cond_init(&stores->given, NULL);
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

/* One that is free, or NULL and the right to open one. */
static struct aw_store *take_free(struct aw_stores *stores)
{
    struct aw_store *store = NULL;

    (void)pthread_mutex_lock(&stores->lock);
    while (stores->free == 0 && stores->open == stores->most)
        (void)pthread_cond_wait(&stores->given, &stores->lock);
    if (stores->free > 0)
        store = stores->kept[--stores->free];
    else
        stores->open++;
    (void)pthread_mutex_unlock(&stores->lock);
    return store;
}

static void give_up(struct aw_stores *stores)
{
    (void)pthread_mutex_lock(&stores->lock);
    stores->open--;
    (void)pthread_cond_signal(&stores->given);
    (void)pthread_mutex_unlock(&stores->lock);
}

aw_rc aw_stores_take(struct aw_stores *stores, struct aw_store **out,
                     struct aw_err *err)
{
    struct aw_store *store = take_free(stores);
    aw_rc rc = AW_OK;

    if (!store)
        rc = aw_store_open(&store, stores->path, err);
    if (rc == AW_OK)
        *out = store;
    else
        give_up(stores);
    return rc;
}

void aw_stores_give(struct aw_stores *stores, struct aw_store *store)
{
    if (!store)
        return;
    if (aw_store_in_transaction(store))
        aw_store_rollback(store);
    (void)pthread_mutex_lock(&stores->lock);
    stores->kept[stores->free++] = store;
    (void)pthread_cond_signal(&stores->given);
    (void)pthread_mutex_unlock(&stores->lock);
}
