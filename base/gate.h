/* gate.h - so many at once, the others in the order of coming.
 *
 * A mutex and a condition variable give a place to whoever wakes first: of
 * many who wait, some wait for seconds. Here a turn is handed to the one that
 * has waited longest. It may be given back by another thread than took it.
 *
 *     if (!aw_gate_enter(&gate, 1000))
 *         return aw_fail(err, AW_BUSY, ...);
 *     ...
 *     aw_gate_leave(&gate);
 */
#ifndef AW_BASE_GATE_H
#define AW_BASE_GATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct aw_gate_waiter;

/* All members are private. */
struct aw_gate {
    pthread_mutex_t lock;
    int free;
    struct aw_gate_waiter *first, *last; /* of those who wait */
};

void aw_gate_init(struct aw_gate *gate, int at_once);
void aw_gate_deinit(struct aw_gate *gate); /* nobody waits or has one */

/* Waits up to wait_ms; false: in vain. */
bool aw_gate_enter(struct aw_gate *gate, int64_t wait_ms);
void aw_gate_leave(struct aw_gate *gate);

#endif
