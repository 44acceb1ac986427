#include "store/stats.h"

#include "store/private.h"

/* ---- counts of findings ----------------------------------------------------
 */

struct tally {
    aw_tally_fn *visit;
    void *self;
};

static aw_rc visit_tally(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct tally *t = self;

    return t->visit(t->self, aw_rows_str(rows, 0), aw_rows_str(rows, 1),
                    aw_rows_int(rows, 2), err);
}

/* Blind looks that the reader is not to know the first decision of. */
#define BLIND                                          \
    " ?4 <> '' AND look.state = 'open' AND look.blind" \
    " AND look.first_who <> ?4"

/* The key's name and the kind of rows that are summed up; where a finding's
 * key stands, and in which table beside its own: for those that are veiled,
 * which are taken out of their state. A statement is kept by its address: one
 * literal for each. */
#define TALLY_SQL(key, kind, own, beside)                                \
    "WITH veiled AS (SELECT DISTINCT " own " AS k, f.state, f.id"        \
    " FROM second_look AS look JOIN finding AS f ON f.id = look.finding" \
    " JOIN sorted AS s ON s.finding = f.id" beside " WHERE" BLIND        \
    " AND " SEEN_DAY " BETWEEN ?1 AND ?2"                                \
    " AND substr(s.place, 1, length(?3)) = ?3)"                          \
    "SELECT k, state, sum(n) FROM (SELECT " key " AS k, state,"          \
    " sum(count) AS n FROM tally WHERE kind = '" kind "'"                \
    " AND day BETWEEN ?1 AND ?2 AND substr(place, 1, length(?3)) = ?3"   \
    " GROUP BY 1, 2 UNION ALL SELECT k, state, -1 FROM veiled"           \
    " UNION ALL SELECT k, 'second', 1 FROM veiled) GROUP BY 1, 2"        \
    " HAVING sum(n) > 0"
#define SEEN_DAY "(f.first_seen_ms + 28800000) / 86400000"
#define CLAIMS " JOIN claim ON claim.finding = f.id"

aw_rc aw_store_tally(struct aw_store *store, enum aw_tally_by by,
                     const struct aw_stats_span *span, aw_tally_fn *visit,
                     void *self, struct aw_err *err)
{
    static const char *const sql[] = {
        [AW_TALLY_DAY] = TALLY_SQL("day", "all", SEEN_DAY, ""),
        [AW_TALLY_PLACE] = TALLY_SQL("place", "all", "s.place", ""),
        [AW_TALLY_CHANNEL] = TALLY_SQL("value", "channel", "f.channel", ""),
        [AW_TALLY_CLASS] = TALLY_SQL("value", "class", "claim.class", CLAIMS),
        [AW_TALLY_SECTOR] = TALLY_SQL("value", "sector", "each.value",
                                      " JOIN " AW_EACH_SECTOR(
                                          "s.sectors") " AS each"
                                                       " ON each.value <> ''"),
        [AW_TALLY_RULE] = TALLY_SQL("value", "rule", "claim.rule", CLAIMS),
    };
    struct tally tally = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(store->db, err, &rows, sql[by], "iiss", span->from,
                           span->to, span->place, span->veiled_from);

    return rc == AW_OK ? aw_rows_each(rows, visit_tally, &tally, err) : rc;
}

/* ---- decisions
 * --------------------------------------------------------------- */

static int64_t first_ms(const struct aw_stats_span *span)
{
    return span->from * AW_DAY_MS - AW_BEIJING_MS;
}

/* The first that is not of the span any more. */
static int64_t end_ms(const struct aw_stats_span *span)
{
    return (span->to + 1) * AW_DAY_MS - AW_BEIJING_MS;
}

/* Of the index of what is taken back: it has no row with 0. */
#define STANDS                                                         \
    " decision.undoes = 0 AND NOT EXISTS (SELECT 1 FROM decision AS u" \
    " WHERE u.undoes = decision.id AND u.undoes > 0)"
#define KNOWN                                                             \
    " decision.id NOT IN (SELECT first_decision FROM second_look AS look" \
    " WHERE" BLIND ")"
#define OF_PLACE                                                       \
    " (?3 = '' OR EXISTS (SELECT 1 FROM sorted WHERE sorted.finding =" \
    " decision.finding AND substr(place, 1, length(?3)) = ?3))"

struct decided {
    aw_decided_fn *visit;
    void *self;
};

static aw_rc visit_decided(void *self, struct aw_rows *rows,
                           struct aw_err *err)
{
    const struct decided *d = self;
    struct aw_decided_row row = {.at_ms = aw_rows_int(rows, 0),
                                 .finding = aw_rows_int(rows, 1),
                                 .batch = aw_rows_int(rows, 2),
                                 .who = aw_rows_str(rows, 3),
                                 .action = aw_rows_str(rows, 4)};

    return d->visit(d->self, &row, err);
}

aw_rc aw_store_decided(struct aw_store *store,
                       const struct aw_stats_span *span, aw_decided_fn *visit,
                       void *self, struct aw_err *err)
{
    struct decided decided = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT at_ms, finding, batch, who, action FROM decision"
                    " WHERE at_ms >= ?1 AND at_ms < ?2 AND" STANDS " AND" KNOWN
                    " AND" OF_PLACE " ORDER BY at_ms",
                    "iiss", first_ms(span), end_ms(span), span->place,
                    span->veiled_from);

    return rc == AW_OK ? aw_rows_each(rows, visit_decided, &decided, err) : rc;
}

struct waited {
    aw_waited_fn *visit;
    void *self;
};

static aw_rc visit_waited(void *self, struct aw_rows *rows, struct aw_err *err)
{
    const struct waited *w = self;
    int64_t seen_ms = aw_rows_int(rows, 1);
    int64_t queued_ms = aw_rows_int(rows, 2);
    int64_t decided_ms = aw_rows_int(rows, 0) - seen_ms;

    queued_ms = queued_ms > seen_ms ? queued_ms - seen_ms : -1;
    return w->visit(w->self, queued_ms, decided_ms > 0 ? decided_ms : 0, err);
}

aw_rc aw_store_waited(struct aw_store *store, const struct aw_stats_span *span,
                      int64_t most, aw_waited_fn *visit, void *self,
                      struct aw_err *err)
{
    struct waited waited = {visit, self};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT at_ms, first_seen_ms, coalesce(run.ended_ms, 0) FROM decision"
        " JOIN finding ON finding.id = decision.finding"
        " JOIN capture ON capture.id = finding.first_capture"
        " JOIN run ON run.id = capture.run"
        " WHERE at_ms >= ?1 AND at_ms < ?2"
        " AND action IN ('confirm', 'dismiss', 'escalate', 'oppose') "
        "AND" STANDS " AND" KNOWN " AND" OF_PLACE
        " ORDER BY at_ms DESC LIMIT ?5",
        "iissi", first_ms(span), end_ms(span), span->place, span->veiled_from,
        most);

    return rc == AW_OK ? aw_rows_each(rows, visit_waited, &waited, err) : rc;
}

/* ---- the crawl
 * ---------------------------------------------------------------- */

aw_rc aw_store_crawl_last(struct aw_store *store, struct aw_arena *arena,
                          struct aw_run *run, struct aw_err *err)
{
    struct aw_run found = {0};
    struct aw_str *const texts[] = {&found.kind, &found.state,
                                    &found.lexicon_hash, &found.model_hash,
                                    &found.tool};
    struct aw_rows *rows = NULL;
    aw_rc rc = aw_db_query(
        store->db, err, &rows,
        "SELECT id, started_ms, coalesce(ended_ms, 0), kind, state,"
        " lexicon_hash, model_hash, tool FROM run WHERE kind = 'crawl'"
        " ORDER BY id DESC LIMIT 1",
        "");

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "crawl", 0, err);
    if (rc == AW_OK)
        rc = aw_rows_dup_all(rows, 3, 5, arena, texts, err);
    if (rc == AW_OK) {
        found.id = aw_rows_int(rows, 0);
        found.started_ms = aw_rows_int(rows, 1);
        found.ended_ms = aw_rows_int(rows, 2);
        *run = found;
    }
    aw_rows_end(rows);
    return rc;
}
