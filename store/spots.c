/* spots.c - lists of spots: written, read, followed.
 *
 * A spot is a number: a row of the index, one of its columns, and the place of
 * the character in it. A list has groups of those of one row and column:
 *
 *     rows since the last group * 4 + column
 *     place * 2 + is there another?, and so on, each as the way from the last
 *
 * each number in sevens of bits, the lowest first. */
#include "store/spots.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "store/private.h"
#include "store/sorting.h"

#define PLACE_BITS 22 /* a column has at most 4 MiB */
#define COLUMN_BITS 2
#define ROW_SHIFT (PLACE_BITS + COLUMN_BITS)
#define PLACE_MASK ((UINT64_C(1) << PLACE_BITS) - 1)
#define COLUMN_MASK ((UINT64_C(1) << COLUMN_BITS) - 1)

#define CHARACTER_BITS 21
#define CHARACTERS 0x110000 /* all of them are done */

#define STEP_SPOTS 100000
#define STEP_LISTS 1024
#define LISTS_MAX ((size_t)1 << 30)   /* bytes of a step */
#define SPOTS_MAX ((size_t)256 << 20) /* of one character */
#define GONE_LISTS 64                 /* taken away in one step */
#define GONE_TEXTS 4096

#define FRESH_PART 32
#define INDEX_LEAST                                         \
    3 /* characters that the index can be asked for at once \
       */
#define READ_MAX ((int64_t)16 << 20) /* bytes of lists, then it is quicker */
#define TEXT_CHARACTERS 256
#define STARTS_FIRST 1024

/* A finding's own row, then the one of what it says in disguise. */
static uint64_t row_of(int64_t doc)
{
    return doc < 0 ? (uint64_t)-doc * 2 + 1 : (uint64_t)doc * 2;
}

static int64_t finding_of(uint64_t spot)
{
    return (int64_t)(spot >> ROW_SHIFT >> 1);
}

static int64_t list_id(int64_t lists, uint32_t cp)
{
    return lists << CHARACTER_BITS | cp;
}

/* ---- fresh texts ---------------------------------------------------------
 */

/* Two capitals have a small form in ASCII: the index knows them by it. */
aw_rc aw_store_fresh_add(struct aw_store *store, int64_t row,
                         struct aw_str title, struct aw_str claims,
                         struct aw_str parties, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "REPLACE INTO fresh VALUES (?, replace(replace("
                      "? || ? || ?, char(0x212A), 'k'), char(0x17F), 's'))",
                      "isss", row, title, claims, parties);
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
        uint64_t group = spots[i] >> PLACE_BITS, place = 0;

        put_number(out, ((group >> COLUMN_BITS) - row) << COLUMN_BITS |
                            (group & COLUMN_MASK));
        row = group >> COLUMN_BITS;
        for (bool more = true; more; i++) {
            more = i + 1 < count && spots[i + 1] >> PLACE_BITS == group;
            put_number(out, ((spots[i] & PLACE_MASK) - place) << 1 | more);
            place = spots[i] & PLACE_MASK;
        }
    }
}

/* ---- made ----------------------------------------------------------------
 */

/* The newest lists. */
struct lists {
    int64_t id, upto;
    int64_t next; /* the first character that is not done; -1: none is begun */
};

struct made {
    uint32_t cp;
    size_t from, end;
};

/* A step: lists that lie one behind the other in bytes, and the spots of the
 * one that is being read. */
struct making {
    struct lists lists;
    struct aw_buf bytes;
    struct made made[STEP_LISTS];
    size_t count, all; /* lists; spots of all */
    uint32_t cp;
    uint64_t *spots;
    size_t spot_count, spot_cap;
};

static aw_rc newest_lists(struct aw_store *store, struct lists *out,
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
        *out = (struct lists){aw_rows_int(rows, 0), aw_rows_int(rows, 1),
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
    return COLUMN_MASK;
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
                    row_of(doc) << ROW_SHIFT |
                        column_of(aw_rows_str(rows, 2)) << PLACE_BITS |
                        ((uint64_t)aw_rows_int(rows, 3) & PLACE_MASK),
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
    m->lists.next = full ? (int64_t)m->cp : CHARACTERS;
    return rc == AW_OK ? aw_buf_check(&m->bytes, err) : rc;
}

/* Unless somebody else was there first. */
static aw_rc write_lists(struct aw_store *store, const struct making *m,
                         int64_t from, struct aw_err *err)
{
    struct lists now = {0};
    aw_rc rc = newest_lists(store, &now, err);

    if (rc != AW_OK || now.id != m->lists.id || now.next != from)
        return rc;
    for (size_t i = 0; rc == AW_OK && i < m->count; i++)
        rc = aw_db_exec(store->db, err, "INSERT INTO spot VALUES (?, ?)", "ib",
                        list_id(m->lists.id, m->made[i].cp),
                        aw_str_sub(aw_buf_str(&m->bytes), m->made[i].from,
                                   m->made[i].end - m->made[i].from));
    return rc == AW_OK ? aw_db_exec(store->db, err,
                                    "UPDATE spots SET next = ? WHERE id = ?",
                                    "ii", m->lists.next, m->lists.id)
                       : rc;
}

static aw_rc make_lists(struct aw_store *store, const struct lists *lists,
                        struct aw_err *err)
{
    struct making *m = calloc(1, sizeof *m);
    aw_rc rc;

    if (!m)
        return aw_fail(err, AW_NOMEM, "out of memory");
    m->lists = *lists;
    aw_buf_init(&m->bytes, LISTS_MAX);
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
static aw_rc take_away(struct aw_store *store, const struct lists *lists,
                       struct aw_err *err)
{
    aw_rc rc = aw_db_exec(store->db, err,
                          "DELETE FROM spot WHERE id IN (SELECT id FROM spot"
                          " WHERE id < ? ORDER BY id LIMIT ?)",
                          "ii", list_id(lists->id, 0), (int64_t)GONE_LISTS);

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

static aw_rc is_replaced(struct aw_store *store, const struct lists *lists,
                         bool *is, struct aw_err *err)
{
    int64_t some = 0;
    aw_rc rc = aw_db_int(
        store->db, err, &some,
        "SELECT EXISTS (SELECT 1 FROM spot WHERE id < ?1)"
        " OR EXISTS (SELECT 1 FROM fresh WHERE id BETWEEN -?2 AND ?2)"
        " OR EXISTS (SELECT 1 FROM spots WHERE id < ?3)",
        "iii", list_id(lists->id, 0), lists->upto, lists->id);

    *is = some != 0;
    return rc;
}

/* Of the texts of before the first lists, none is fresh. */
static bool is_time(const struct lists *lists, int64_t ready, int64_t fresh)
{
    int64_t part = lists->upto / FRESH_PART;

    if (lists->next < 0)
        return ready >= lists->upto;
    return ready - lists->upto > (part > fresh ? part : fresh);
}

static aw_rc take_turn(struct aw_store *store, const struct lists *lists,
                       struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    return rc == AW_OK ? aw_store_end(store, take_away(store, lists, err), err)
                       : rc;
}

static aw_rc begin_lists(struct aw_store *store, const struct lists *lists,
                         int64_t fresh, bool *more, struct aw_err *err)
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
    struct lists lists = {0};
    aw_rc rc = newest_lists(store, &lists, err);

    *more = rc == AW_OK && lists.next >= 0 && lists.next < CHARACTERS;
    if (*more)
        return make_lists(store, &lists, err);
    if (rc == AW_OK && lists.next >= 0)
        rc = is_replaced(store, &lists, more, err);
    if (rc != AW_OK)
        return rc;
    return *more ? take_turn(store, &lists, err)
                 : begin_lists(store, &lists, fresh, more, err);
}

/* ---- read ----------------------------------------------------------------
 */

/* A list while it is read. */
struct reading {
    const unsigned char *at, *end;
    uint64_t base, place; /* of the row and column */
    bool more;            /* another in this group */
};

static struct reading reading_of(struct aw_str list)
{
    const unsigned char *at = (const unsigned char *)list.ptr;

    return (struct reading){.at = at, .end = at + list.len};
}

/* What ends within a number is 0 from there on. */
static inline uint64_t take_number(struct reading *r)
{
    uint64_t number = 0;
    unsigned shift = 0;

    while (r->at < r->end && shift < 63) {
        unsigned char byte = *r->at++;

        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            break;
        shift += 7;
    }
    return number;
}

static inline bool next_spot(struct reading *r, uint64_t *spot)
{
    uint64_t number;

    if (!r->more) {
        if (r->at >= r->end)
            return false;
        number = take_number(r);
        r->base = ((r->base >> ROW_SHIFT) + (number >> COLUMN_BITS))
                      << ROW_SHIFT |
                  (number & COLUMN_MASK) << PLACE_BITS;
        r->place = 0;
    }
    number = take_number(r);
    r->more = number & 1 && r->at < r->end;
    r->place += number >> 1;
    *spot = r->base + r->place;
    return true;
}

/* ---- followed ------------------------------------------------------------
 */

struct character {
    uint32_t cp;
    unsigned number; /* in the text */
    int64_t size;    /* of its list, bytes; 0: it stands nowhere */
};

/* The places where the text may begin: where all characters that were looked
 * at stand, two at least. Of the first one there is the list itself, which is
 * the smaller: new memory costs more than reading it. */
struct finding {
    struct aw_store *store;
    struct lists lists;
    struct character characters[TEXT_CHARACTERS];
    size_t count;
    struct aw_buf first;
    uint64_t *spots;
    size_t spot_count, spot_cap;
};

/* Has it one form alone, in the index too? */
static bool is_caseless(uint32_t cp)
{
    return cp < 0x80 || (cp >= 0x3000 && cp < 0xA000) ||
           (cp >= 0x20000 && cp < 0x40000);
}

static bool split(struct finding *f, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len; f->count++) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (f->count == TEXT_CHARACTERS || !is_caseless(cp))
            return false;
        f->characters[f->count] =
            (struct character){.cp = cp, .number = (unsigned)f->count};
    }
    return f->count > 0;
}

static int by_size(const void *a, const void *b)
{
    const struct character *x = a, *y = b;

    return (x->size > y->size) - (x->size < y->size);
}

/* The rarest first. */
static aw_rc weigh(struct finding *f, struct aw_err *err)
{
    for (size_t i = 0; i < f->count; i++) {
        struct character *c = &f->characters[i];
        aw_rc rc = aw_db_int(f->store->db, err, &c->size,
                             "SELECT coalesce(sum(length(spots)), 0) FROM spot"
                             " WHERE id = ?",
                             "i", list_id(f->lists.id, c->cp));

        if (rc != AW_OK)
            return rc;
    }
    qsort(f->characters, f->count, sizeof *f->characters, by_size);
    return AW_OK;
}

/* Where the text would begin that has the next one at its place. */
static inline bool next_start(struct reading *r, unsigned number,
                              uint64_t *start)
{
    uint64_t spot;

    while (next_spot(r, &spot))
        if ((spot & PLACE_MASK) >= number) {
            *start = spot - number;
            return true;
        }
    return false;
}

static aw_rc add_start(struct finding *f, uint64_t start, struct aw_err *err)
{
    if (f->spot_count == f->spot_cap) {
        size_t cap = f->spot_cap ? f->spot_cap * 2 : STARTS_FIRST;
        uint64_t *grown = realloc(f->spots, cap * sizeof *grown);

        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        f->spots = grown;
        f->spot_cap = cap;
    }
    f->spots[f->spot_count++] = start;
    return AW_OK;
}

/* Both are in order. */
static aw_rc begin_spots(struct finding *f, struct aw_str list,
                         unsigned number, struct aw_err *err)
{
    struct reading a = reading_of(aw_buf_str(&f->first));
    struct reading b = reading_of(list);
    unsigned first = f->characters[0].number;
    uint64_t x = 0, y = 0;
    bool more = next_start(&a, first, &x) && next_start(&b, number, &y);
    aw_rc rc = AW_OK;

    while (more && rc == AW_OK) {
        if (x < y) {
            more = next_start(&a, first, &x);
            continue;
        }
        if (x == y)
            rc = add_start(f, x, err);
        more = next_start(&b, number, &y);
    }
    return rc;
}

/* Keeps those that this character follows; both are in order. */
static void keep_spots(struct finding *f, struct aw_str list, unsigned number)
{
    struct reading r = reading_of(list);
    size_t kept = 0, at = 0;
    uint64_t spot;

    while (at < f->spot_count && next_spot(&r, &spot)) {
        while (at < f->spot_count && f->spots[at] + number < spot)
            at++;
        if (at < f->spot_count && f->spots[at] + number == spot)
            f->spots[kept++] = f->spots[at++];
    }
    f->spot_count = kept;
}

static aw_rc look_at(struct finding *f, size_t i, struct aw_err *err)
{
    const struct character *c = &f->characters[i];
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(f->store->db, err, &rows,
                           "SELECT spots FROM spot WHERE id = ?", "i",
                           list_id(f->lists.id, c->cp));

    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more && i == 0) {
        aw_buf_put(&f->first, aw_rows_str(rows, 0));
        rc = aw_buf_check(&f->first, err);
    } else if (rc == AW_OK && more && i == 1) {
        rc = begin_spots(f, aw_rows_str(rows, 0), c->number, err);
    } else if (rc == AW_OK && more) {
        keep_spots(f, aw_rows_str(rows, 0), c->number);
    }
    aw_rows_end(rows);
    return rc;
}

/* A finding's spots follow each other. */
static aw_rc visit_spots(const struct finding *f, int64_t above,
                         aw_queue_hit_fn *visit, void *self,
                         struct aw_err *err)
{
    struct reading r = reading_of(aw_buf_str(&f->first));
    int64_t last = above;
    uint64_t spot;
    size_t at = 0;
    aw_rc rc = AW_OK;

    while (rc == AW_OK &&
           (f->count == 1 ? next_spot(&r, &spot) : at < f->spot_count)) {
        int64_t id = finding_of(f->count == 1 ? spot : f->spots[at++]);

        if (id > last)
            rc = visit(self, id, err);
        last = id > last ? id : last;
    }
    return rc;
}

static aw_rc visit_fresh(struct aw_store *store, struct aw_str text,
                         int64_t above, aw_queue_hit_fn *visit, void *self,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = true;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT abs(id) FROM fresh WHERE id > ?1"
                           " AND instr(text, ?2)"
                           " UNION ALL SELECT abs(id) FROM fresh"
                           " WHERE id < -?1 AND instr(text, ?2)",
                           "is", above, text);

    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = visit(self, aw_rows_int(rows, 0), err);
    }
    aw_rows_end(rows);
    return rc;
}

/* The newest ones that are whole. */
static aw_rc whole_lists(struct aw_store *store, struct lists *out, bool *some,
                         struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, upto, next FROM spots WHERE next = ?"
                           " ORDER BY id DESC LIMIT 1",
                           "i", (int64_t)CHARACTERS);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, some, err);
    if (rc == AW_OK && *some)
        *out = (struct lists){aw_rows_int(rows, 0), aw_rows_int(rows, 1),
                              aw_rows_int(rows, 2)};
    aw_rows_end(rows);
    return rc;
}

/* Ends where nothing is left, as it mostly does soon. What takes more than the
 * index would is left to it. */
static aw_rc follow(struct finding *f, bool *found, struct aw_err *err)
{
    int64_t all = 0;
    aw_rc rc = weigh(f, err);

    if (f->characters[0].size == 0)
        return rc;
    for (size_t i = 0; rc == AW_OK && i < f->count; i++) {
        if (i > 1 && f->spot_count == 0)
            return rc;
        all += f->characters[i].size;
        *found = f->count < INDEX_LEAST || all <= READ_MAX;
        if (!*found)
            return rc;
        rc = look_at(f, i, err);
    }
    return rc;
}

static aw_rc find(struct finding *f, struct aw_str text, int64_t above,
                  aw_queue_hit_fn *visit, void *self, bool *found,
                  struct aw_err *err)
{
    aw_rc rc = AW_OK;

    *found = true;
    if (above < f->lists.upto)
        rc = follow(f, found, err);
    if (rc != AW_OK || !*found)
        return rc;
    rc = visit_spots(f, above, visit, self, err);
    if (rc == AW_OK)
        rc = visit_fresh(f->store, text,
                         above > f->lists.upto ? above : f->lists.upto, visit,
                         self, err);
    return rc;
}

aw_rc aw_store_spots_find(struct aw_store *store, struct aw_str text,
                          int64_t above, aw_queue_hit_fn *visit, void *self,
                          bool *found, struct aw_err *err)
{
    struct finding *f = calloc(1, sizeof *f);
    bool some = false;
    aw_rc rc;

    *found = false;
    if (!f)
        return aw_fail(err, AW_NOMEM, "out of memory");
    f->store = store;
    aw_buf_init(&f->first, LISTS_MAX);
    rc = whole_lists(store, &f->lists, &some, err);
    if (rc == AW_OK && some && split(f, text))
        rc = find(f, text, above, visit, self, found, err);
    aw_buf_deinit(&f->first);
    free(f->spots);
    free(f);
    return rc;
}
