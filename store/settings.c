#include "store/settings.h"

#include "store/private.h"

aw_rc aw_store_setting_get(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str key, struct aw_str *value,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT value FROM setting WHERE key = ?", "s", key);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && !more)
        rc = aw_fail(err, AW_MISSING, "setting '%.*s' is not set",
                     AW_STR_ARG(key));
    if (rc == AW_OK)
        rc = aw_rows_dup(rows, 0, arena, value, err);
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_setting_put(struct aw_store *store, struct aw_str key,
                           struct aw_str value, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO setting VALUES (?1, ?2)"
                      " ON CONFLICT (key) DO UPDATE SET value = ?2",
                      "ss", key, value);
}
