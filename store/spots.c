/* spots.c - lists of spots: read, followed; and texts that have none yet. */
#include "store/spots.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "store/spots_private.h"

#define INDEX_LEAST 3 /* characters that the index takes at once */
#define READ_MAX ((int64_t)16 << 20) /* bytes of lists, then it is quicker */
#define TEXT_CHARACTERS 256
#define STARTS_FIRST 1024

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
        r->base =
            ((r->base >> AW_SPOT_ROW_SHIFT) + (number >> AW_SPOT_COLUMN_BITS))
                << AW_SPOT_ROW_SHIFT |
            (number & AW_SPOT_COLUMN_MASK) << AW_SPOT_PLACE_BITS;
        r->place = 0;
    }
    number = take_number(r);
    r->more = number & 1 && r->at < r->end;
    r->place += number >> 1;
    *spot = r->base + r->place;
    return true;
}

static int64_t finding_of(uint64_t spot)
{
    return (int64_t)(spot >> AW_SPOT_ROW_SHIFT >> 1);
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
    struct aw_spot_lists lists;
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
                             "i", aw_spot_list_id(f->lists.id, c->cp));

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
        if ((spot & AW_SPOT_PLACE_MASK) >= number) {
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
                           aw_spot_list_id(f->lists.id, c->cp));

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
static aw_rc whole_lists(struct aw_store *store, struct aw_spot_lists *out,
                         bool *some, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, upto, next FROM spots WHERE next = ?"
                           " ORDER BY id DESC LIMIT 1",
                           "i", (int64_t)AW_SPOT_CHARACTERS);

    if (rc == AW_OK)
        rc = aw_rows_next(rows, some, err);
    if (rc == AW_OK && *some)
        *out =
            (struct aw_spot_lists){aw_rows_int(rows, 0), aw_rows_int(rows, 1),
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
    aw_buf_init(&f->first, AW_SPOT_LISTS_MAX);
    rc = whole_lists(store, &f->lists, &some, err);
    if (rc == AW_OK && some && split(f, text))
        rc = find(f, text, above, visit, self, found, err);
    aw_buf_deinit(&f->first);
    free(f->spots);
    free(f);
    return rc;
}
