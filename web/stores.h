/* stores.h - stores for the threads that answer: each call has one to itself.
 *
 * They are opened as they are needed, at most so many, and kept open. Who
 * finds none free waits.
 */
#ifndef AW_WEB_STORES_H
#define AW_WEB_STORES_H

#include "store/store.h"

#define AW_STORES_MAX 64

struct aw_stores;

aw_rc aw_stores_new(struct aw_stores **out, const char *path, int most,
                    struct aw_err *err) AW_MUST_USE;

/* All were given back. NULL is allowed. */
void aw_stores_free(struct aw_stores *stores);

/* In no transaction. Never waits for one who waits: a call takes one at most.
 */
aw_rc aw_stores_take(struct aw_stores *stores, struct aw_store **out,
                     struct aw_err *err) AW_MUST_USE;

/* Rolls back what is open. NULL is allowed. */
void aw_stores_give(struct aw_stores *stores, struct aw_store *store);

#endif
