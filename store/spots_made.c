/* spots_made.c - lists of spots: written, made anew. */
#include <stdlib.h>

#include "base/utf8.h"
#include "store/sorting.h"
#include "store/spots_private.h"

#define STEP_SPOTS 100000
#define STEP_LISTS 1024
#define SPOTS_MAX ((size_t)256 << 20) /* of one character */
#define GONE_LISTS 64                 /* taken away in one step */
#define GONE_TEXTS 4096
#define FRESH_PART 32

static uint64_t row_of(int64_t doc)
{
    return doc < 0 ? (uint64_t)-doc * 2 + 1 : (uint64_t)doc * 2;
}

/* ---- written -------------------------------------------------------------
 */

static void put_number(struct aw_buf *out, uint64_t number)
{
    for (; number > 0x7F; number >>= 7)
        aw_buf_putc(out, (char)(number | 0x80));
    aw_buf_putc(out, (char)number);
}

static int by_spot(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void put_list(struct aw_buf *out, uint64_t *spots, size_t count)
{
    uint64_t row = 0;

    qsort(spots, count, sizeof *spots, by_spot);
    for (size_t i = 0; i < count;) {
        uint64_t group = spots[i] >> AW_SPOT_PLACE_BITS, place = 0;

        put_number(out, ((group >> AW_SPOT_COLUMN_BITS) - row)
                                << AW_SPOT_COLUMN_BITS |
                            (group & AW_SPOT_COLUMN_MASK));
        row = group >> AW_SPOT_COLUMN_BITS;
        for (bool more = true; more; i++) {
            more =
                i + 1 < count && spots[i + 1] >> AW_SPOT_PLACE_BITS == group;
            put_number(out,
                       ((spots[i] & AW_SPOT_PLACE_MASK) - place) << 1 | more);
            place = spots[i] & AW_SPOT_PLACE_MASK;
        }
    }
}

/* ---- made ----------------------------------------------------------------
 */

struct made {
    uint32_t cp;
    size_t from, end;
};

/* A step: lists that lie one behind the other in bytes, and the spots of the
 * one that is being read. */
struct making {
    struct aw_spot_lists lists;
    struct aw_buf bytes;
    struct made made[STEP_LISTS];
    size_t count, all; /* lists; spots of all */
    uint32_t cp;
    uint64_t *spots;
    size_t spot_count, spot_cap;
};

static aw_rc newest_lists(struct aw_store *store, struct aw_spot_lists *out,
                          struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, upto, next FROM spots"
                           " ORDER BY id DESC LIMIT 1",
                           "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "list", 0, err);
    if (rc == AW_OK)
        *out =
            (struct aw_spot_lists){aw_rows_int(rows, 0), aw_rows_int(rows, 1),
                                   aw_rows_int(rows, 2)};
    aw_rows_end(rows);
    return rc;
}

static aw_rc add_spot(struct making *m, uint64_t spot, struct aw_err *err)
{
    if (m->spot_count == m->spot_cap) {
        size_t cap = m->spot_cap ? m->spot_cap * 2 : STEP_SPOTS;
        uint64_t *grown;

        if (cap > SPOTS_MAX)
            cap = SPOTS_MAX;
        if (m->spot_count == cap)
            return aw_fail(err, AW_LIMIT,
                           "a character stands in more than %zu places",
                           SPOTS_MAX);
        grown = realloc(m->spots, cap * sizeof *grown);
        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        m->spots = grown;
        m->spot_cap = cap;
    }
    m->spots[m->spot_count++] = spot;
    m->all++;
    return AW_OK;
}

static void end_list(struct making *m)
{
    struct made *made = &m->made[m->count];

    if (m->spot_count == 0)
        return;
    *made = (struct made){.cp = m->cp, .from = m->bytes.len};
    put_list(&m->bytes, m->spots, m->spot_count);
    made->end = m->bytes.len;
    m->count++;
    m->spot_count = 0;
}

static uint64_t column_of(struct aw_str name)
{
    static const char letters[] = "tcp"; /* title, claims, parties */

    for (uint64_t i = 0; name.len > 0 && i < sizeof letters - 1; i++)
        if (name.ptr[0] == letters[i])
            return i;
    return AW_SPOT_COLUMN_MASK;
}

/* Trigrams come in their order, each by the character that it begins with.
 * *full: that is one more than the step can take. */
static aw_rc take_gram(struct making *m, struct aw_rows *rows, bool *full,
                       struct aw_err *err)
{
    size_t at = 0;
    uint32_t cp = aw_utf8_next(aw_rows_str(rows, 0), &at);
    int64_t doc = aw_rows_int(rows, 1);

    if (cp != m->cp) {
        end_list(m);
        *full = m->all >= STEP_SPOTS || m->count == STEP_LISTS;
        m->cp = cp;
    }
    if (*full || doc > m->lists.upto || doc < -m->lists.upto)
        return AW_OK;
    return add_spot(m,
                    row_of(doc) << AW_SPOT_ROW_SHIFT |
                        column_of(aw_rows_str(rows, 2)) << AW_SPOT_PLACE_BITS |
                        ((uint64_t)aw_rows_int(rows, 3) & AW_SPOT_PLACE_MASK),
                    err);
}

static aw_rc read_grams(struct aw_store *store, struct making *m,
                        struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_buf from;
    bool more = true, full = false;
    aw_rc rc;

    aw_buf_init(&from, 8);
    aw_utf8_put(&from, (uint32_t)m->lists.next);
    rc = aw_db_query(store->db, err, &rows,
                     "SELECT term, doc, col, offset FROM finding_gram"
                     " WHERE term >= ? ORDER BY term",
                     "s", aw_buf_str(&from));
    while (rc == AW_OK && more && !full) {
        rc = aw_rows_next(rows, &more, err);
        if (rc == AW_OK && more)
            rc = take_gram(m, rows, &full, err);
    }
    aw_rows_end(rows);
    aw_buf_deinit(&from);
    end_list(m);
    m->lists.next = full ? (int64_t)m->cp : AW_SPOT_CHARACTERS;
    return rc == AW_OK ? aw_buf_check(&m->bytes, err) : rc;
}

/* Unless somebody else was there first. */
static aw_rc write_lists(struct aw_store *store, const struct making *m,
                         int64_t from, struct aw_err *err)
{
    struct aw_spot_lists now = {0};
    aw_rc rc = newest_lists(store, &now, err);

    if (rc != AW_OK || now.id != m->lists.id || now.next != from)
        return rc;
    for (size_t i = 0; rc == AW_OK && i < m->count; i++)
        rc = aw_db_exec(store->db, err, "INSERT INTO spot VALUES (?, ?)", "ib",
                        aw_spot_list_id(m->lists.id, m->made[i].cp),
                        aw_str_sub(aw_buf_str(&m->bytes), m->made[i].from,
                                   m->made[i].end - m->made[i].from));
    return rc == AW_OK ? aw_db_exec(store->db, err,
                                    "UPDATE spots SET next = ? WHERE id = ?",
                                    "ii", m->lists.next, m->lists.id)
                       : rc;
}

static aw_rc make_lists(struct aw_store *store,
                        const struct aw_spot_lists *lists, struct aw_err *err)
{
    struct making *m = calloc(1, sizeof *m);
    aw_rc rc;

    if (!m)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m->lists = *lists;
    aw_buf_init(&m->bytes, AW_SPOT_LISTS_MAX);
    rc = read_grams(store, m, err);
    if (rc == AW_OK)
        rc = aw_store_begin(store, err);
    if (rc == AW_OK)
        rc = aw_store_end(store, write_lists(store, m, lists->next, err), err);
    aw_buf_deinit(&m->bytes);
    free(m->spots);
    free(m);
    return rc;
}

/* A piece of what the newest lists replace. */
static aw_rc take_away(struct aw_store *store,
                       const struct aw_spot_lists *lists, struct aw_err *err)
{
    aw_rc rc =
        aw_db_exec(store->db, err,
                   "DELETE FROM spot WHERE id IN (SELECT id FROM spot"
                   " WHERE id < ? ORDER BY id LIMIT ?)",
                   "ii", aw_spot_list_id(lists->id, 0), (int64_t)GONE_LISTS);

    if (rc == AW_OK)
        rc = aw_db_exec(store->db, err,
                        "DELETE FROM fresh WHERE id IN (SELECT id FROM fresh"
                        " WHERE id BETWEEN -?1 AND ?1 LIMIT ?2)",
                        "ii", lists->upto, (int64_t)GONE_TEXTS);
    return rc == AW_OK
               ? aw_db_exec(store->db, err, "DELETE FROM spots WHERE id < ?",
                            "i", lists->id)
               : rc;
}

static aw_rc is_replaced(struct aw_store *store,
                         const struct aw_spot_lists *lists, bool *is,
                         struct aw_err *err)
{
    int64_t some = 0;
    aw_rc rc = aw_db_int(
        store->db, err, &some,
        "SELECT EXISTS (SELECT 1 FROM spot WHERE id < ?1)"
        " OR EXISTS (SELECT 1 FROM fresh WHERE id BETWEEN -?2 AND ?2)"
        " OR EXISTS (SELECT 1 FROM spots WHERE id < ?3)",
        "iii", aw_spot_list_id(lists->id, 0), lists->upto, lists->id);

    *is = some != 0;
    return rc;
}

/* Of the texts of before the first lists, none is fresh. */
static bool is_time(const struct aw_spot_lists *lists, int64_t ready,
                    int64_t fresh)
{
    int64_t part = lists->upto / FRESH_PART;

    if (lists->next < 0)
        return ready >= lists->upto;
    return ready - lists->upto > (part > fresh ? part : fresh);
}

static aw_rc take_turn(struct aw_store *store,
                       const struct aw_spot_lists *lists, struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    return rc == AW_OK ? aw_store_end(store, take_away(store, lists, err), err)
                       : rc;
}

static aw_rc begin_lists(struct aw_store *store,
                         const struct aw_spot_lists *lists, int64_t fresh,
                         bool *more, struct aw_err *err)
{
    int64_t ready = 0;
    aw_rc rc = aw_store_folded(store, &ready, err);

    *more = rc == AW_OK && is_time(lists, ready, fresh);
    return *more ? aw_db_exec(store->db, err,
                              "INSERT OR IGNORE INTO spots VALUES (?, ?, 0)",
                              "ii", lists->id + 1, ready)
                 : rc;
}

aw_rc aw_store_spots_make(struct aw_store *store, int64_t fresh, bool *more,
                          struct aw_err *err)
{
    struct aw_spot_lists lists = {0};
    aw_rc rc = newest_lists(store, &lists, err);

    *more = rc == AW_OK && lists.next >= 0 && lists.next < AW_SPOT_CHARACTERS;
    if (*more)
        return make_lists(store, &lists, err);
    if (rc == AW_OK && lists.next >= 0)
        rc = is_replaced(store, &lists, more, err);
    if (rc != AW_OK)
        return rc;
    return *more ? take_turn(store, &lists, err)
                 : begin_lists(store, &lists, fresh, more, err);
}
