/* settings.h - values that people set, by name. */
#ifndef AW_STORE_SETTINGS_H
#define AW_STORE_SETTINGS_H

#include "store/store.h"

/* AW_MISSING where it was never set. */
aw_rc aw_store_setting_get(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str key, struct aw_str *value,
                           struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_setting_put(struct aw_store *store, struct aw_str key,
                           struct aw_str value,
                           struct aw_err *err) AW_MUST_USE;

#endif
