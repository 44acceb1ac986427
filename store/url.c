#include "base/hash.h"
#include "store/private.h"

#define QUEUED_COUNTS_MAX ((size_t)16 << 20) /* bytes, of all sources */

static const char *const via_names[] = {
#define X(name, text) text,
    AW_VIA_LIST(X)
#undef X
};

const char *aw_via_name(enum aw_via via)
{
    return via_names[via];
}

int64_t aw_store_url_hash(const struct aw_store *store, struct aw_str url)
{
    /* never 0, which stands for none in tables */
    return (int64_t)(aw_siphash(url, store->url_hash_key) | 1);
}

/* ---- taking up --------------------------------------------------------- */

/* What the store has of a URL already; id 0: nothing. */
struct known {
    int64_t id, run, due_ms, visited_ms, source, depth;
    bool is_queued;
};

static aw_rc find_url(struct aw_store *store, const struct aw_url_row *row,
                      struct known *known, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT id, run, due_ms, coalesce(visited_ms, 0),"
                           " state = 'queued', source, depth FROM url"
                           " WHERE hash = ? AND url = ?",
                           "is", row->hash, row->url);

    *known = (struct known){0};
    if (rc == AW_OK)
        rc = aw_rows_next(rows, &more, err);
    if (rc == AW_OK && more)
        *known = (struct known){
            .id = aw_rows_int(rows, 0),
            .run = aw_rows_int(rows, 1),
            .due_ms = aw_rows_int(rows, 2),
            .visited_ms = aw_rows_int(rows, 3),
            .is_queued = aw_rows_int(rows, 4) != 0,
            .source = aw_rows_int(rows, 5),
            .depth = aw_rows_int(rows, 6),
        };
    aw_rows_end(rows);
    return rc;
}

/* How a URL is taken up. */
struct taking {
    int64_t run, now_ms, due_ms;
    const char *state, *reason;
    bool force, is_refused;
};

static aw_rc insert_url(struct aw_store *store, struct aw_url_row *row,
                        const struct taking *t, struct aw_err *err)
{
    return aw_db_insert(
        store->db, err, &row->id,
        "INSERT INTO url (hash, url, host, source, via, priority,"
        " depth, hops, run, state, reason, found_on, added_ms, due_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "isiiiiiiizziii", row->hash, row->url, row->host, row->source,
        (int64_t)row->via, row->priority, row->depth, row->hops, t->run,
        t->state, t->reason, row->found_on, t->now_ms, t->due_ms);
}

/* What earlier runs learnt may have given it a better priority. */
static aw_rc update_url(struct aw_store *store, const struct aw_url_row *row,
                        const struct taking *t, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET source = ?, via = ?,"
                      " priority = CASE WHEN priority < ? THEN priority"
                      " ELSE ? END, depth = ?, hops = ?,"
                      " run = ?, state = ?, reason = ?, found_on = ?,"
                      " due_ms = ?, tries = 0 WHERE id = ?",
                      "iiiiiiizziii", row->source, (int64_t)row->via,
                      row->priority, row->priority, row->depth, row->hops,
                      t->run, t->state, t->reason, row->found_on, t->due_ms,
                      row->id);
}

/* A page of another source stays that source's, with its way and depth. */
static aw_rc queue_again(struct aw_store *store, int64_t id,
                         const struct taking *t, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET run = ?, state = ?, reason = ?,"
                      " due_ms = ?, tries = 0 WHERE id = ?",
                      "izzii", t->run, t->state, t->reason, t->due_ms, id);
}

/* By a redirect or a click it is reached from anywhere. */
static bool is_visiting(const struct aw_url_row *row,
                        const struct known *known)
{
    return (row->via == AW_VIA_REDIRECT || row->via == AW_VIA_LANDING ||
            row->via == AW_VIA_IMAGE) &&
           known->source != row->source;
}

static bool is_due(const struct known *known, const struct aw_url_row *row,
                   int64_t now_ms)
{
    return known->due_ms <= now_ms || known->due_ms == AW_DUE_WHEN_FOUND ||
           row->changed_ms > known->visited_ms;
}

static bool is_nearer(const struct aw_url_row *row, const struct known *known)
{
    return known->source == row->source && row->depth < known->depth &&
           (row->via == AW_VIA_LINK || row->via == AW_VIA_REDIRECT ||
            row->via == AW_VIA_SITEMAP);
}

/* What is done keeps the priority that its visit gave it. */
static aw_rc come_nearer(struct aw_store *store, const struct aw_url_row *row,
                         bool is_queued, struct aw_err *err)
{
    aw_rc rc = aw_db_exec(
        store->db, err,
        "UPDATE url SET via = ?, depth = ?, hops = ?, found_on = ?,"
        " priority = CASE WHEN state = 'queued' AND priority > ? THEN ?"
        " ELSE priority END,"
        " due_ms = CASE WHEN state = 'queued' THEN due_ms ELSE 0 END"
        " WHERE id = ?",
        "iiiiiii", (int64_t)row->via, row->depth, row->hops, row->found_on,
        row->priority, row->priority, row->id);

    return rc == AW_OK && !is_queued
               ? aw_db_exec(store->db, err,
                            "UPDATE page SET rules = '' WHERE url = ?", "i",
                            row->id)
               : rc;
}

static aw_rc take_up(struct aw_store *store, struct aw_url_row *row,
                     const struct taking *t, enum aw_url_taken *taken,
                     struct aw_err *err)
{
    struct known known;
    aw_rc rc = find_url(store, row, &known, err);

    if (rc != AW_OK)
        return rc;
    row->id = known.id;
    *taken = AW_URL_AGAIN;
    if (known.id == 0)
        *taken = AW_URL_NEW;
    else if (known.run == t->run || known.is_queued)
        *taken = AW_URL_KNOWN;
    else if (!t->force && !is_due(&known, row, t->now_ms))
        *taken = AW_URL_NOT_DUE;
    if (*taken == AW_URL_NEW)
        return insert_url(store, row, t, err);
    if (*taken == AW_URL_AGAIN)
        return is_visiting(row, &known) ? queue_again(store, row->id, t, err)
                                        : update_url(store, row, t, err);
    if (t->is_refused || !is_nearer(row, &known))
        return AW_OK;
    *taken = known.is_queued ? AW_URL_NEARER : AW_URL_WAS_FAR;
    return come_nearer(store, row, known.is_queued, err);
}

aw_rc aw_store_url_add(struct aw_store *store, struct aw_url_row *row,
                       int64_t run, int64_t now_ms, bool force,
                       enum aw_url_taken *taken, struct aw_err *err)
{
    struct taking t = {.run = run,
                       .now_ms = now_ms,
                       .state = "queued",
                       .reason = "",
                       .force = force};

    return take_up(store, row, &t, taken, err);
}

aw_rc aw_store_url_refuse(struct aw_store *store, struct aw_url_row *row,
                          int64_t run, const char *reason, int64_t now_ms,
                          enum aw_url_taken *taken, struct aw_err *err)
{
    struct taking t = {.run = run,
                       .now_ms = now_ms,
                       .due_ms = AW_DUE_WHEN_FOUND,
                       .state = "skipped",
                       .reason = reason,
                       .force = true,
                       .is_refused = true};

    return take_up(store, row, &t, taken, err);
}

aw_rc aw_store_urls_requeue(struct aw_store *store, int64_t run,
                            int64_t source, int64_t now_ms, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE url SET state = 'queued', reason = '', run = ?,"
                      " tries = 0 WHERE state <> 'queued' AND source = ?"
                      " AND due_ms <= ?",
                      "iii", run, source, now_ms);
}

aw_rc aw_store_landing_add(struct aw_store *store, int64_t ad,
                           struct aw_str url, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO landing (ad, url) SELECT ?, id FROM url"
                      " WHERE hash = ? AND url = ? ON CONFLICT DO NOTHING",
                      "iis", ad, aw_store_url_hash(store, url), url);
}

aw_rc aw_store_landing_moved(struct aw_store *store, int64_t from,
                             struct aw_str url, struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "INSERT INTO landing (ad, url) SELECT ad, target.id"
                      " FROM landing JOIN url AS target"
                      " WHERE landing.url = ? AND target.hash = ?"
                      " AND target.url = ? ON CONFLICT DO NOTHING",
                      "iis", from, aw_store_url_hash(store, url), url);
}

/* ---- reading ----------------------------------------------------------- */

/* The columns that read_url expects, in its order. */
#define URL_COLUMNS                                                        \
    "id, host, source, found_on, hash, via, priority, depth, hops, tries," \
    " url, visited_ms IS NOT NULL"

static void read_url(struct aw_rows *rows, struct aw_url_row *row)
{
    *row = (struct aw_url_row){
        .id = aw_rows_int(rows, 0),
        .host = aw_rows_int(rows, 1),
        .source = aw_rows_int(rows, 2),
        .found_on = aw_rows_int(rows, 3),
        .hash = aw_rows_int(rows, 4),
        .via = (enum aw_via)aw_rows_int(rows, 5),
        .priority = aw_rows_int(rows, 6),
        .depth = aw_rows_int(rows, 7),
        .hops = aw_rows_int(rows, 8),
        .tries = aw_rows_int(rows, 9),
        .url = aw_rows_str(rows, 10),
        .was_visited = aw_rows_int(rows, 11) != 0,
    };
}

aw_rc aw_store_url_get(struct aw_store *store, struct aw_arena *arena,
                       int64_t id, struct aw_url_row *row, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " URL_COLUMNS " FROM url WHERE id = ?", "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "URL", id, err);
    if (rc == AW_OK) {
        read_url(rows, row);
        rc = aw_arena_dup(arena, row->url, &row->url, err);
    }
    aw_rows_end(rows);
    return rc;
}

aw_rc aw_store_urls_queued(struct aw_store *store, int64_t host, int64_t limit,
                           aw_store_url_fn *visit, void *self,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    bool more = true;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT " URL_COLUMNS " FROM url"
                           " WHERE state = 'queued' AND host = ?"
                           " ORDER BY priority, id LIMIT ?",
                           "ii", host, limit);

    while (rc == AW_OK && more) {
        struct aw_url_row row;

        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        read_url(rows, &row);
        rc = visit(self, &row, &more, err);
    }
    aw_rows_end(rows);
    return rc;
}

/* Counted while the rows of the index go by: GROUP BY would sort them all. */
struct queued_counts {
    struct aw_arena arena;
    struct queued_count {
        int64_t source, count;
    } * items;
    size_t count, cap, last;
};

static aw_rc count_queued(void *self, struct aw_rows *rows, struct aw_err *err)
{
    struct queued_counts *c = self;
    int64_t source = aw_rows_int(rows, 0);
    void *items = c->items;
    size_t i = c->last;
    aw_rc rc = AW_OK;

    if (i >= c->count || c->items[i].source != source)
        for (i = 0; i < c->count && c->items[i].source != source;)
            i++;
    if (i == c->count) {
        rc = aw_arena_grow(&c->arena, &items, c->count, &c->cap,
                           sizeof *c->items, err);
        if (rc != AW_OK)
            return rc;
        c->items = items;
        c->items[c->count++] = (struct queued_count){source, 0};
    }
    c->last = i;
    c->items[i].count++;
    return AW_OK;
}

aw_rc aw_store_queued_counts(struct aw_store *store, aw_store_queued_fn *visit,
                             void *self, struct aw_err *err)
{
    struct queued_counts c = {0};
    struct aw_rows *rows = NULL;
    aw_rc rc;

    aw_arena_init(&c.arena, QUEUED_COUNTS_MAX);
    rc = aw_db_query(store->db, err, &rows,
                     "SELECT source FROM url WHERE state = 'queued'"
                     " ORDER BY host",
                     "");
    if (rc == AW_OK)
        rc = aw_rows_each(rows, count_queued, &c, err);
    for (size_t i = 0; i < c.count && rc == AW_OK; i++)
        rc = visit(self, c.items[i].source, c.items[i].count, err);
    aw_arena_deinit(&c.arena);
    return rc;
}

/* ---- ending ------------------------------------------------------------ */

aw_rc aw_store_url_end(struct aw_store *store, int64_t id, int64_t run,
                       const struct aw_url_end *end, int64_t now_ms,
                       struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "UPDATE url SET state = ?, reason = ?, status = ?,"
        " run = ?, visited_ms = CASE WHEN ? <> 0 THEN ? ELSE visited_ms END,"
        " tries = tries + ?, due_ms = ?, priority = ? WHERE id = ?",
        "zziiiiiiii", end->state, end->reason, (int64_t)end->status, run,
        (int64_t)end->asked, now_ms, (int64_t)end->asked, end->due_ms,
        end->priority, id);
}
