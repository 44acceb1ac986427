/* settings.h - values that are kept in the store by name: the office's policy
 * (review/policy.c), the key that seals (evidence/seal.c).
 *
 * Keys and values are texts of UTF-8. What a value means, its form and its
 * bounds, is known by who sets it, and so is what holds where it was never
 * set: nothing is checked here. A setting that people change is written in one
 * transaction with its row in the audit; the caller opens it. Keys of the
 * store's own (url_hash_key, folded) lie in the same table: use no such names.
 */
#ifndef AW_STORE_SETTINGS_H
#define AW_STORE_SETTINGS_H

#include "store/store.h"

/* Copies the value into the arena, and nothing where there is none:
 * AW_MISSING, "setting 'KEY' is not set". AW_LIMIT: it is longer than the
 * arena may grow, so that a damaged store cannot fill the memory. */
aw_rc aw_store_setting_get(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str key, struct aw_str *value,
                           struct aw_err *err) AW_MUST_USE;

/* Sets it, or puts another value in its place. */
aw_rc aw_store_setting_put(struct aw_store *store, struct aw_str key,
                           struct aw_str value,
                           struct aw_err *err) AW_MUST_USE;

#endif
