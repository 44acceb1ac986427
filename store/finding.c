#include "store/private.h"

#define CLAIM_ARENA_MAX ((size_t)64 << 20)

static aw_rc add_claim(struct aw_store *store, int64_t finding,
                       const struct aw_claim_row *c, struct aw_err *err)
{
    return aw_db_exec(
        store->db, err,
        "INSERT INTO claim (finding, block, start, end, severity, score,"
        " class, quote, before, after, rule, rule_version, code, law, why)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiiirsssssssss", finding, c->block, c->start, c->end, c->severity,
        c->score, c->class, c->quote, c->before, c->after, c->rule,
        c->rule_version, c->code, c->law, c->why);
}

static aw_rc insert_finding(struct aw_store *store, struct aw_finding *f,
                            struct aw_err *err)
{
    aw_rc rc = aw_db_int(
        store->db, err, &f->id,
        "INSERT INTO finding (first_capture, last_capture, first_seen_ms,"
        " last_seen_ms, severity, doc_score, score, urgency, fingerprint,"
        " url, host, source, channel, title, doc_kind, parties,"
        " lexicon_hash, model_hash, tool) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        "iiiiirrrsssssssssss", f->first_capture, f->last_capture,
        f->first_seen_ms, f->last_seen_ms, f->severity, f->doc_score, f->score,
        f->urgency, f->fingerprint, f->url, f->host, f->source, f->channel,
        f->title, f->doc_kind, f->parties, f->lexicon_hash, f->model_hash,
        f->tool);

    for (size_t i = 0; i < f->claim_count && rc == AW_OK; i++)
        rc = add_claim(store, f->id, &f->claims[i], err);
    return rc;
}

aw_rc aw_store_finding_add(struct aw_store *store, struct aw_finding *finding,
                           bool *added, struct aw_err *err)
{
    aw_rc rc = aw_db_int(store->db, err, &finding->id,
                         "UPDATE finding SET last_capture = ?,"
                         " last_seen_ms = ?, gone_ms = 0, gone_why = ''"
                         " WHERE fingerprint = ? RETURNING id",
                         "iis", finding->last_capture, finding->last_seen_ms,
                         finding->fingerprint);

    if (rc != AW_MISSING) {
        *added = false;
        return rc;
    }
    rc = insert_finding(store, finding, err);
    if (rc == AW_OK && store->on_added)
        rc = store->on_added(store->on_added_self, finding, err);
    if (rc == AW_OK)
        *added = true;
    return rc;
}

void aw_store_on_added(struct aw_store *store, aw_store_finding_fn *visit,
                       void *self)
{
    store->on_added = visit;
    store->on_added_self = self;
}

aw_rc aw_store_findings_gone(struct aw_store *store, struct aw_str url,
                             int64_t capture, const char *why, int64_t now_ms,
                             struct aw_err *err)
{
    return aw_db_exec(store->db, err,
                      "UPDATE finding SET gone_ms = ?1, gone_why = ?2"
                      " WHERE url = ?3 AND gone_ms = 0 AND last_capture <> ?4"
                      " AND (?4 = 0 OR (SELECT plain FROM capture WHERE id ="
                      " last_capture) = 0)",
                      "izsi", now_ms, why, url, capture);
}

/* The columns that read_finding expects, in its order. */
#define FINDING_COLUMNS                                                       \
    "id, first_capture, last_capture, first_seen_ms, last_seen_ms, severity," \
    " doc_score, score, urgency, gone_ms, fingerprint, url, host, source,"    \
    " channel, title, doc_kind, parties, lexicon_hash, model_hash, tool,"     \
    " state, gone_why"

static aw_rc read_finding(struct aw_rows *rows, struct aw_arena *arena,
                          struct aw_finding *f, struct aw_err *err)
{
    struct aw_str *const texts[] = {&f->fingerprint,  &f->url,
                                    &f->host,         &f->source,
                                    &f->channel,      &f->title,
                                    &f->doc_kind,     &f->parties,
                                    &f->lexicon_hash, &f->model_hash,
                                    &f->tool,         &f->state,
                                    &f->gone_why};

    f->id = aw_rows_int(rows, 0);
    f->first_capture = aw_rows_int(rows, 1);
    f->last_capture = aw_rows_int(rows, 2);
    f->first_seen_ms = aw_rows_int(rows, 3);
    f->last_seen_ms = aw_rows_int(rows, 4);
    f->severity = aw_rows_int(rows, 5);
    f->doc_score = aw_rows_real(rows, 6);
    f->score = aw_rows_real(rows, 7);
    f->urgency = aw_rows_real(rows, 8);
    f->gone_ms = aw_rows_int(rows, 9);
    return aw_rows_dup_all(rows, 10, 13, arena, texts, err);
}

static aw_rc read_claim(struct aw_rows *rows, struct aw_arena *arena,
                        struct aw_claim_row *c, struct aw_err *err)
{
    struct aw_str *const texts[] = {&c->class, &c->quote, &c->before,
                                    &c->after, &c->rule,  &c->rule_version,
                                    &c->code,  &c->law,   &c->why};

    c->block = aw_rows_int(rows, 0);
    c->start = aw_rows_int(rows, 1);
    c->end = aw_rows_int(rows, 2);
    c->severity = aw_rows_int(rows, 3);
    c->score = aw_rows_real(rows, 4);
    c->id = aw_rows_int(rows, 14);
    return aw_rows_dup_all(rows, 5, 9, arena, texts, err);
}

static aw_rc read_claims(struct aw_store *store, struct aw_arena *arena,
                         struct aw_finding *f, struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    void *claims = NULL;
    size_t cap = 0;
    bool more = false;
    aw_rc rc = aw_db_query(store->db, err, &rows,
                           "SELECT block, start, end, severity, score, class,"
                           " quote, before, after, rule, rule_version, code,"
                           " law, why, id FROM claim WHERE finding = ?"
                           " ORDER BY id",
                           "i", f->id);

    f->claim_count = 0;
    while (rc == AW_OK) {
        rc = aw_rows_next(rows, &more, err);
        if (rc != AW_OK || !more)
            break;
        rc = aw_arena_grow(arena, &claims, f->claim_count, &cap,
                           sizeof *f->claims, err);
        f->claims = claims;
        if (rc == AW_OK)
            rc = read_claim(rows, arena, &f->claims[f->claim_count++], err);
    }
    aw_rows_end(rows);
    return rc == AW_OK ? aw_finding_read_shots(store, arena, f, err) : rc;
}

/* ---- what was handed in --------------------------------------------------
 */

struct collect {
    struct aw_arena *arena;
    struct aw_finding *finding;
    size_t cap;
};

static aw_rc dup_hand_in(struct aw_hand_in *h, struct aw_arena *arena,
                         struct aw_err *err)
{
    struct aw_str *const texts[] = {&h->seen_unit,   &h->key,     &h->url,
                                    &h->text_digest, &h->same,    &h->place,
                                    &h->who,         &h->channel, &h->note,
                                    &h->source,      &h->file,    &h->name,
                                    &h->reading};
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, *texts[i], texts[i], err);
    return rc;
}

static aw_rc collect_hand_in(void *self, const struct aw_hand_in *hand_in,
                             struct aw_err *err)
{
    struct collect *c = self;
    struct aw_finding *f = c->finding;
    void *items = f->hand_ins;
    aw_rc rc = aw_arena_grow(c->arena, &items, f->hand_in_count, &c->cap,
                             sizeof *hand_in, err);

    f->hand_ins = items;
    if (rc != AW_OK)
        return rc;
    f->hand_ins[f->hand_in_count] = *hand_in;
    return dup_hand_in(&f->hand_ins[f->hand_in_count++], c->arena, err);
}

static aw_rc read_hand_ins(struct aw_store *store, struct aw_arena *arena,
                           struct aw_finding *f, struct aw_err *err)
{
    struct collect collect = {.arena = arena, .finding = f};
    aw_rc rc;

    f->hand_in_count = 0;
    f->hand_in_times = 0;
    if (!aw_str_starts(f->url, AW_STR("urn:")))
        return AW_OK;
    rc = aw_store_hand_ins(store, f->url, AW_HAND_INS_SHOWN, collect_hand_in,
                           &collect, err);
    return rc == AW_OK && f->hand_in_count > 0
               ? aw_store_hand_in_times(store, f->hand_ins[0].first,
                                        &f->hand_in_times, err)
               : rc;
}

/* What hangs on a finding's row. */
static aw_rc read_parts(struct aw_store *store, struct aw_arena *arena,
                        struct aw_finding *f, struct aw_err *err)
{
    aw_rc rc = read_claims(store, arena, f, err);

    return rc == AW_OK ? read_hand_ins(store, arena, f, err) : rc;
}

aw_rc aw_store_finding_get(struct aw_store *store, struct aw_arena *arena,
                           int64_t id, struct aw_finding *finding,
                           struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    aw_rc rc =
        aw_db_query(store->db, err, &rows,
                    "SELECT " FINDING_COLUMNS " FROM finding WHERE id = ?",
                    "i", id);

    if (rc == AW_OK)
        rc = aw_rows_one(rows, "finding", id, err);
    if (rc == AW_OK)
        rc = read_finding(rows, arena, finding, err);
    aw_rows_end(rows);
    return rc == AW_OK ? read_parts(store, arena, finding, err) : rc;
}

static aw_rc visit_rows(struct aw_store *store, struct aw_rows *rows,
                        struct aw_arena *arena, aw_store_finding_fn *visit,
                        void *self, struct aw_err *err)
{
    bool more = false;

    for (;;) {
        struct aw_finding finding = {0};
        aw_rc rc = aw_rows_next(rows, &more, err);

        if (rc != AW_OK || !more)
            return rc;
        aw_arena_reset(arena);
        rc = read_finding(rows, arena, &finding, err);
        if (rc == AW_OK)
            rc = read_parts(store, arena, &finding, err);
        if (rc == AW_OK)
            rc = visit(self, &finding, err);
        if (rc != AW_OK)
            return rc;
    }
}

aw_rc aw_store_findings(struct aw_store *store, const char *state,
                        int64_t limit, aw_store_finding_fn *visit, void *self,
                        struct aw_err *err)
{
    struct aw_rows *rows = NULL;
    struct aw_arena arena;
    int64_t most = limit > 0 ? limit : -1;
    aw_rc rc;

    aw_arena_init(&arena, CLAIM_ARENA_MAX);
    if (state)
        rc = aw_db_query(store->db, err, &rows,
                         "SELECT " FINDING_COLUMNS " FROM finding"
                         " WHERE state = ? ORDER BY urgency DESC, id LIMIT ?",
                         "zi", state, most);
    else
        rc = aw_db_query(store->db, err, &rows,
                         "SELECT " FINDING_COLUMNS " FROM finding"
                         " ORDER BY urgency DESC, id LIMIT ?",
                         "i", most);
    if (rc == AW_OK)
        rc = visit_rows(store, rows, &arena, visit, self, err);
    aw_rows_end(rows);
    aw_arena_deinit(&arena);
    return rc;
}
