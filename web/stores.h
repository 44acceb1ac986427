/* stores.h - stores for the threads that answer: each call has one to itself.
 *
 * They are opened as they are needed, at most so many, and kept open. Who
 * finds none free waits in the order of coming, in bounds. Slow calls have a
 * few at once, so that the quick ones are not stopped by them.
 */
#ifndef AW_WEB_STORES_H
#define AW_WEB_STORES_H

#include "store/store.h"

#define AW_STORES_MAX 64
#define AW_STORES_WAIT_MS 10000

/* X(name, at most so many at once, how long one waits). Hashing takes turns of
 * two anyhow, and a whole office comes in at nine o'clock. */
#define AW_PACE_LIST(X)                        \
    X(QUICK, AW_STORES_MAX, AW_STORES_WAIT_MS) \
    X(SLOW, 3, AW_STORES_WAIT_MS)              \
    X(HASHING, 2, 60000)

enum aw_pace {
#define X(name, most, wait_ms) AW_PACE_##name,
    AW_PACE_LIST(X)
#undef X
        AW_PACE_COUNT
};

struct aw_stores;

aw_rc aw_stores_new(struct aw_stores **out, const char *path, int most,
                    struct aw_err *err) AW_MUST_USE;

/* All were given back. NULL is allowed. */
void aw_stores_free(struct aw_stores *stores);

/* The line of all who write through these stores; for one of another's making
 * that writes the same file in this process. */
struct aw_gate *aw_stores_writers(struct aw_stores *stores);

/* In no transaction. Never waits for one who waits: a call takes one at most.
 * AW_BUSY: none came free in time. */
aw_rc aw_stores_take(struct aw_stores *stores, enum aw_pace pace,
                     struct aw_store **out, struct aw_err *err) AW_MUST_USE;

/* With the pace that it was taken for. Rolls back what is open. NULL is
 * allowed. */
void aw_stores_give(struct aw_stores *stores, enum aw_pace pace,
                    struct aw_store *store);

#endif
