#include "web/stores.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

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
    struct aw_gate of_pace[AW_PACE_COUNT], all, writers;
    pthread_mutex_t lock; /* for all below */
    struct aw_store *kept[AW_STORES_MAX];
    int free; /* of kept */
};

aw_rc aw_stores_new(struct aw_stores **out, const char *path, int most,
                    struct aw_err *err)
{
    struct aw_stores *stores = calloc(1, sizeof *stores);

    if (!stores)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)snprintf(stores->path, sizeof stores->path, "%s", path);
    for (int i = 0; i < AW_PACE_COUNT; i++)
        aw_gate_init(&stores->of_pace[i], paces[i].most);
    aw_gate_init(&stores->all, most < AW_STORES_MAX ? most : AW_STORES_MAX);
    aw_gate_init(&stores->writers, 1);
    (void)pthread_mutex_init(&stores->lock, NULL);
    *out = stores;
    return AW_OK;
}

void aw_stores_free(struct aw_stores *stores)
{
    if (!stores)
        return;
    for (int i = 0; i < stores->free; i++)
        aw_store_close(stores->kept[i]);
    (void)pthread_mutex_destroy(&stores->lock);
    for (int i = 0; i < AW_PACE_COUNT; i++)
        aw_gate_deinit(&stores->of_pace[i]);
    aw_gate_deinit(&stores->all);
    aw_gate_deinit(&stores->writers);
    free(stores);
}

struct aw_gate *aw_stores_writers(struct aw_stores *stores)
{
    return &stores->writers;
}

/* The turn of the pace comes first: who is slow waits without keeping a store
 * from the quick. */
static aw_rc take_turns(struct aw_stores *stores, enum aw_pace pace,
                        struct aw_err *err)
{
    int64_t wait_ms = paces[pace].wait_ms;

    if (aw_gate_enter(&stores->of_pace[pace], wait_ms)) {
        if (aw_gate_enter(&stores->all, wait_ms))
            return AW_OK;
        aw_gate_leave(&stores->of_pace[pace]);
    }
    return aw_fail(err, AW_BUSY, "too many ask at once: try again soon");
}

static void give_turns(struct aw_stores *stores, enum aw_pace pace)
{
    aw_gate_leave(&stores->all);
    aw_gate_leave(&stores->of_pace[pace]);
}

static struct aw_store *take_kept(struct aw_stores *stores)
{
    struct aw_store *store = NULL;

    (void)pthread_mutex_lock(&stores->lock);
    if (stores->free > 0)
        store = stores->kept[--stores->free];
    (void)pthread_mutex_unlock(&stores->lock);
    return store;
}

static aw_rc open_one(struct aw_stores *stores, struct aw_store **out,
                      struct aw_err *err)
{
    aw_rc rc = aw_store_open(out, stores->path, err);

    if (rc == AW_OK)
        aw_store_share(*out, &stores->writers);
    return rc;
}

aw_rc aw_stores_take(struct aw_stores *stores, enum aw_pace pace,
                     struct aw_store **out, struct aw_err *err)
{
    struct aw_store *store;
    aw_rc rc = take_turns(stores, pace, err);

    if (rc != AW_OK)
        return rc;
    store = take_kept(stores);
    if (!store)
        rc = open_one(stores, &store, err);
    if (rc == AW_OK)
        *out = store;
    else
        give_turns(stores, pace);
    return rc;
}

void aw_stores_give(struct aw_stores *stores, enum aw_pace pace,
                    struct aw_store *store)
{
    if (!store)
        return;
    aw_store_rollback(store);
    (void)pthread_mutex_lock(&stores->lock);
    stores->kept[stores->free++] = store;
    (void)pthread_mutex_unlock(&stores->lock);
    give_turns(stores, pace);
}
