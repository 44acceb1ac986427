#include "store/store.h"

#include <stdlib.h>

#include "store/private.h"
#include "store/schema.h"

#define BUSY_MS 10000

/* To the program's user a store that stays locked is a store that failed. */
static aw_rc told(aw_rc rc, struct aw_err *err)
{
    return rc == AW_BUSY ? err->rc = AW_STORE : rc;
}

static bool parse_key(struct aw_str hex, unsigned char key[AW_SIPHASH_KEY])
{
    if (hex.len != (size_t)AW_SIPHASH_KEY * 2)
        return false;
    for (size_t i = 0; i < AW_SIPHASH_KEY; i++) {
        int high = aw_hex_value(hex.ptr[i * 2]);
        int low = aw_hex_value(hex.ptr[i * 2 + 1]);

        if (high < 0 || low < 0)
            return false;
        key[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static aw_rc read_key(struct aw_store *store, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_str hex = {0};
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT value FROM setting"
                           " WHERE key = 'url_hash_key'",
                           "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "setting", 0, err);
    if (rc == AW_OK)
        hex = aw_rows_str(rows, 0);
    if (rc == AW_MISSING ||
        (rc == AW_OK && !parse_key(hex, store->url_hash_key)))
        rc = aw_fail(err, AW_STORE,
                     "store '%s': url_hash_key is damaged: put back a copy of "
                     "the store",
                     aw_db_path(store->db));
    aw_rows_end(rows);
    return rc;
}

void aw_store_one_thread(void)
{
    aw_db_one_thread();
}

aw_rc aw_store_open(struct aw_store **out, const char *path,
                    struct aw_err *err)
{
    struct aw_store *store = calloc(1, sizeof *store);
    aw_rc rc;

    if (!store)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = aw_db_open(&store->db, path, BUSY_MS, err);
    if (rc == AW_OK)
        rc = aw_schema_migrate(store->db, err);
    if (rc == AW_OK)
        rc = read_key(store, err);
    if (rc != AW_OK) {
        aw_store_close(store);
        return told(rc, err);
    }
    *out = store;
    return AW_OK;
}

void aw_store_close(struct aw_store *store)
{
    if (!store)
        return;
    aw_db_close(store->db);
    free(store);
}

void aw_store_share(struct aw_store *store, struct aw_gate *writers)
{
    aw_db_share(store->db, writers);
}

aw_rc aw_store_begin(struct aw_store *store, struct aw_err *err)
{
    return told(aw_db_begin(store->db, err), err);
}

aw_rc aw_store_begin_read(struct aw_store *store, struct aw_err *err)
{
    return told(aw_db_begin_read(store->db, err), err);
}

aw_rc aw_store_commit(struct aw_store *store, struct aw_err *err)
{
    return told(aw_db_commit(store->db, err), err);
}

void aw_store_rollback(struct aw_store *store)
{
    aw_db_rollback(store->db);
}

aw_rc aw_store_end(struct aw_store *store, aw_rc rc, struct aw_err *err)
{
    if (rc == AW_OK)
        rc = aw_store_commit(store, err);
    else
        aw_store_rollback(store);
    return rc;
}

bool aw_store_in_transaction(struct aw_store *store)
{
    return aw_db_in_transaction(store->db);
}

aw_rc aw_rows_dup(struct aw_rows *rows, int column, struct aw_arena *arena,
                  struct aw_str *out, struct aw_err *err)
{
    return aw_arena_dup(arena, aw_rows_str(rows, column), out, err);
}

aw_rc aw_rows_dup_all(struct aw_rows *rows, int first, int n,
                      struct aw_arena *arena, struct aw_str *const *outs,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int i = 0; i < n && rc == AW_OK; i++)
        rc = aw_rows_dup(rows, first + i, arena, outs[i], err);
    return rc;
}

aw_rc aw_rows_one(struct aw_rows *rows, const char *what, int64_t id,
                  struct aw_err *err)
{
    bool more;
    aw_rc rc = aw_rows_next(rows, &more, err);

    if (rc == AW_OK && !more)
        return aw_fail(err, AW_MISSING, "there is no %s %lld", what,
                       (long long)id);
    return rc;
}
