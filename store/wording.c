#include "store/wordings.h"

#include "base/hash.h"
#include "store/private.h"

/* The same words have one row, whichever lexicons have them. */
static aw_rc text_id(struct aw_store *store, struct aw_str text, int64_t *id,
                     struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    aw_rc rc;

    aw_sha256_hex(text, digest);
    rc = aw_db_int(store->db, err, id,
                   "SELECT id FROM wording"
                   " WHERE digest = ?",
                   "z", digest);
    return rc == AW_MISSING ? aw_db_insert(store->db, err, id,
                                           "INSERT INTO wording (digest, text)"
                                           " VALUES (?, ?)",
                                           "zs", digest, text)
                            : rc;
}

static aw_rc keep(struct aw_store *store, const struct aw_wording *of,
                  struct aw_str text, struct aw_err *err)
{
    int64_t id;
    aw_rc rc = aw_db_int(store->db, err, &id,
                         "SELECT wording FROM lexicon_wording WHERE"
                         " lexicon = ? AND kind = ? AND name = ? AND"
                         " from_day = ?",
                         "ssss", of->lexicon, of->kind, of->name, of->from);

    if (rc != AW_MISSING)
        return rc;
    rc = text_id(store, text, &id, err);
    return rc == AW_OK
               ? aw_db_exec(store->db, err,
                            "INSERT INTO lexicon_wording (wording, lexicon,"
                            " kind, name, from_day, to_day)"
                            " VALUES (?, ?, ?, ?, ?, ?)",
                            "isssss", id, of->lexicon, of->kind, of->name,
                            of->from, of->to)
               : rc;
}

aw_rc aw_store_wording_keep(struct aw_store *store,
                            const struct aw_wording *of, struct aw_str text,
                            struct aw_err *err)
{
    aw_rc rc;

    if (aw_store_in_transaction(store))
        return keep(store, of, text, err);
    rc = aw_store_begin(store, err);
    return rc == AW_OK ? aw_store_end(store, keep(store, of, text, err), err)
                       : rc;
}

static aw_rc read_text(struct aw_rows *rows, struct aw_arena *arena,
                       const struct aw_wording *of, struct aw_str *text,
                       struct aw_err *err)
{
    char digest[AW_SHA256_HEX_MAX];
    bool more = false;
    aw_rc rc = aw_rows_next(rows, &more, err);

    if (rc != AW_OK)
        return rc;
    if (!more)
        return aw_fail(err, AW_MISSING,
                       "the words of %.*s '%.*s' were not kept",
                       AW_STR_ARG(of->kind), AW_STR_ARG(of->name));
    aw_sha256_hex(aw_rows_str(rows, 1), digest);
    if (!aw_str_eq(aw_rows_str(rows, 0), aw_str_of(digest)))
        return aw_fail(err, AW_STORE,
                       "the words of %.*s '%.*s' were changed in the store: "
                       "put back a copy of it",
                       AW_STR_ARG(of->kind), AW_STR_ARG(of->name));
    return aw_rows_dup(rows, 1, arena, text, err);
}

aw_rc aw_store_wording_get(struct aw_store *store, struct aw_arena *arena,
                           const struct aw_wording *of, struct aw_str day,
                           struct aw_str *text, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT digest, text FROM lexicon_wording JOIN wording ON"
                    " wording.id = lexicon_wording.wording WHERE lexicon = ?"
                    " AND kind = ? AND name = ? AND from_day <= ?4 AND"
                    " (to_day = '' OR to_day >= ?4)",
                    "ssss", of->lexicon, of->kind, of->name, day);

    if (rc == AW_OK)
        rc = read_text(rows, arena, of, text, err);
    aw_rows_end(rows);
    return rc;
}
