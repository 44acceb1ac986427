#include "review/sort.h"

#include <stdlib.h>

#include "review/plain.h"
#include "review/simhash.h"
#include "store/sorting.h"

#define FINDING_MAX ((size_t)256 << 20) /* bytes of one finding's row */
/* Bytes of a column that a search looks through; what is longer is found by
 * its beginning. */
#define TEXT_MAX ((size_t)1 << 20)
#define SECTORS_MAX ((size_t)4 << 10)
#define VERIFIED_MAX 3 /* near groups that are held against the text */

struct leader {
    uint64_t hash;
    int64_t finding;
};

struct aw_sorter {
    const struct aw_places *places;
    const struct aw_trades *trades;
    struct aw_simhash *text, *other; /* of the finding, of a leader */
    struct leader *leaders;
    size_t count, cap;
    int64_t last; /* sorted findings up to here are among them */
    struct aw_arena arena, other_arena;
};

/* A finding while it is sorted. */
struct sorting {
    struct aw_sorter *sorter;
    struct aw_store *store;
    struct aw_finding finding;
    struct aw_parties parties;
    struct aw_buf title, claims, names, sectors;
    struct aw_sorted_row row;
    char place[AW_PLACE_MAX];
};

/* ---- classes -------------------------------------------------------------
 */

static const char *const class_names[] = {
#define X(name) #name,
    AW_SORT_CLASS_LIST(X)
#undef X
};

const char *aw_sort_class_name(int class)
{
    return class_names[class];
}

int aw_sort_class(struct aw_str name)
{
    for (int i = 0; i < AW_SORT_CLASS_COUNT; i++)
        if (aw_str_eq(name, aw_str_of(class_names[i])))
            return i;
    return -1;
}

/* ---- the sorter ----------------------------------------------------------
 */

aw_rc aw_sorter_new(struct aw_sorter **out, const struct aw_places *places,
                    const struct aw_trades *trades, struct aw_err *err)
{
    struct aw_sorter *sorter = calloc(1, sizeof *sorter);
    aw_rc rc;

    if (!sorter)
        return aw_fail(err, AW_NOMEM, "out of memory");
    sorter->places = places;
    sorter->trades = trades;
    aw_arena_init(&sorter->arena, FINDING_MAX);
    aw_arena_init(&sorter->other_arena, FINDING_MAX);
    rc = aw_simhash_new(&sorter->text, err);
    if (rc == AW_OK)
        rc = aw_simhash_new(&sorter->other, err);
    if (rc == AW_OK)
        *out = sorter;
    else
        aw_sorter_free(sorter);
    return rc;
}

void aw_sorter_free(struct aw_sorter *sorter)
{
    if (!sorter)
        return;
    aw_simhash_free(sorter->text);
    aw_simhash_free(sorter->other);
    aw_arena_deinit(&sorter->arena);
    aw_arena_deinit(&sorter->other_arena);
    free(sorter->leaders);
    free(sorter);
}

static aw_rc add_leader(void *self, int64_t finding, uint64_t hash,
                        struct aw_err *err)
{
    struct aw_sorter *s = self;

    if (hash == 0)
        return AW_OK;
    if (s->count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 1024;
        struct leader *grown = realloc(s->leaders, cap * sizeof *grown);

        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        s->leaders = grown;
        s->cap = cap;
    }
    s->leaders[s->count++] = (struct leader){hash, finding};
    return AW_OK;
}

/* ---- what it says --------------------------------------------------------
 */

/* The sentence that a claim stands in; where several claims stand in one, it
 * is the same each time. */
static void put_passage(struct aw_buf *out, const struct aw_claim_row *claim)
{
    aw_plain_put(out, claim->before, AW_PLAIN_TEXT);
    aw_plain_put(out, claim->quote, AW_PLAIN_TEXT);
    aw_plain_put(out, claim->after, AW_PLAIN_TEXT);
}

static void put_claims(struct aw_buf *out, const struct aw_finding *finding)
{
    for (size_t i = 0; i < finding->claim_count; i++) {
        size_t from = out->len;
        struct aw_str passage;

        if (from > 0)
            aw_buf_putc(out, '\n');
        put_passage(out, &finding->claims[i]);
        passage = aw_str_sub(aw_buf_str(out), from, out->len - from);
        if (aw_str_find(aw_str_sub(aw_buf_str(out), 0, from), passage) >= 0)
            out->len = from;
    }
}

static void put_list(struct aw_buf *out, const struct aw_parties_of *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (out->len > 0)
            aw_buf_putc(out, '\n');
        aw_plain_put(out, list->items[i], AW_PLAIN_TEXT);
    }
}

static void put_names(struct aw_buf *out, const struct sorting *s)
{
    put_list(out, &s->parties.names);
    put_list(out, &s->parties.developers);
    put_list(out, &s->parties.uscc);
    put_list(out, &s->parties.icp);
    put_list(out, &s->parties.phones);
    aw_buf_putc(out, '\n');
    aw_plain_put(out, s->finding.host, AW_PLAIN_TEXT);
}

/* Its features, in simhash; 0 where they are too few. */
static uint64_t features_of(struct aw_simhash *simhash,
                            const struct aw_finding *finding,
                            const struct aw_parties *parties)
{
    struct aw_buf passage;
    size_t count;
    uint64_t hash;

    aw_simhash_begin(simhash);
    for (size_t i = 0; i < parties->names.count; i++)
        aw_simhash_name(simhash, parties->names.items[i]);
    for (size_t i = 0; i < parties->developers.count; i++)
        aw_simhash_name(simhash, parties->developers.items[i]);
    aw_buf_init(&passage, TEXT_MAX);
    for (size_t i = 0; i < finding->claim_count; i++) {
        aw_buf_reset(&passage);
        put_passage(&passage, &finding->claims[i]);
        aw_simhash_add(simhash, aw_buf_str(&passage));
    }
    aw_buf_deinit(&passage);
    hash = aw_simhash_end(simhash, &count);
    return count < AW_SIMHASH_FEATURES_LEAST ? 0 : hash;
}

/* ---- what it is like -----------------------------------------------------
 */

struct near {
    int distance;
    int64_t finding;
};

/* Keeps the nearest ones, of equals the first. */
static void keep_near(struct near nearest[VERIFIED_MAX], struct near new)
{
    for (size_t i = 0; i < VERIFIED_MAX; i++)
        if (new.distance < nearest[i].distance) {
            struct near out = nearest[i];

            nearest[i] = new;
            new = out;
        }
}

static aw_rc is_same(struct sorting *s, int64_t leader, bool *same,
                     struct aw_err *err)
{
    struct aw_sorter *sorter = s->sorter;
    struct aw_finding finding = {0};
    struct aw_parties parties;
    aw_rc rc;

    aw_arena_reset(&sorter->other_arena);
    rc = aw_store_finding_get(s->store, &sorter->other_arena, leader, &finding,
                              err);
    if (rc == AW_OK)
        rc = aw_parties_read(&parties, finding.parties, &sorter->other_arena,
                             err);
    if (rc != AW_OK)
        return rc;
    (void)features_of(sorter->other, &finding, &parties);
    *same = aw_simhash_overlap(sorter->text, sorter->other) >= AW_SIMHASH_SAME;
    return AW_OK;
}

static aw_rc find_like(struct sorting *s, int64_t *bunch, struct aw_err *err)
{
    const struct aw_sorter *sorter = s->sorter;
    struct near nearest[VERIFIED_MAX];
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < VERIFIED_MAX; i++)
        nearest[i] = (struct near){AW_SIMHASH_NEAR + 1, 0};
    for (size_t i = 0; i < sorter->count; i++) {
        int distance =
            aw_simhash_distance(sorter->leaders[i].hash, s->row.simhash);

        if (distance <= AW_SIMHASH_NEAR)
            keep_near(nearest,
                      (struct near){distance, sorter->leaders[i].finding});
    }
    for (size_t i = 0; rc == AW_OK && *bunch == 0 && i < VERIFIED_MAX; i++) {
        bool same = false;

        if (nearest[i].finding == 0)
            break;
        rc = is_same(s, nearest[i].finding, &same, err);
        if (same)
            *bunch = nearest[i].finding;
    }
    return rc;
}

static aw_rc find_bunch(struct sorting *s, struct aw_err *err)
{
    int64_t bunch = 0;
    aw_rc rc = aw_store_creative_bunch(s->store, s->row.creative, &bunch, err);

    if (rc == AW_OK && bunch == 0)
        rc = s->row.simhash != 0
                 ? find_like(s, &bunch, err)
                 : aw_store_terse_bunch(s->store, s->row.publisher,
                                        s->row.classes, &bunch, err);
    s->row.bunch = bunch != 0 ? bunch : s->row.finding;
    return rc;
}

/* ---- whose, where, what for ----------------------------------------------
 */

static aw_rc find_publisher(struct sorting *s, struct aw_err *err)
{
    struct aw_publisher_keys keys;
    aw_rc rc = aw_publisher_keys_of(&keys, &s->parties, s->finding.host,
                                    &s->sorter->arena, err);

    if (rc != AW_OK || keys.count == 0)
        return rc;
    return aw_store_publisher(s->store, keys.keys, keys.count, keys.name,
                              s->finding.first_seen_ms, &s->row.publisher,
                              err);
}

static void find_place(struct sorting *s)
{
    struct aw_str hung = {0};

    if (s->finding.hand_in_count > 0)
        hung = s->finding.hand_ins[0].place;
    aw_places_find(s->sorter->places, &s->parties, hung, s->place);
    s->row.place = aw_str_of(s->place);
}

static void find_trades(struct sorting *s)
{
    const struct aw_trades *trades = s->sorter->trades;
    uint32_t found = aw_trades_sectors(trades, aw_buf_str(&s->title)) |
                     aw_trades_sectors(trades, aw_buf_str(&s->claims)) |
                     aw_trades_sectors(trades, aw_buf_str(&s->names));
    int audience = -1;

    for (size_t i = 0; i < s->finding.claim_count; i++) {
        const struct aw_claim_row *claim = &s->finding.claims[i];
        int class = aw_sort_class(claim->class);

        if (class >= 0)
            s->row.classes |= INT64_C(1) << class;
        found |= aw_trades_sectors_told(trades, claim->why);
        if (audience < 0)
            audience = aw_trades_audience_told(trades, claim->why);
    }
    for (size_t i = 0; i < trades->sector_count; i++)
        if (found >> i & 1) {
            if (s->sectors.len > 0)
                aw_buf_putc(&s->sectors, ',');
            aw_buf_put(&s->sectors, trades->sectors[i].id);
        }
    if (audience >= 0)
        s->row.audience = trades->audiences[audience].id;
}

/* ---- one finding ---------------------------------------------------------
 */

static aw_rc sort_read(struct sorting *s, struct aw_err *err)
{
    aw_rc rc = aw_parties_read(&s->parties, s->finding.parties,
                               &s->sorter->arena, err);

    if (rc != AW_OK)
        return rc;
    aw_plain_put(&s->title, s->finding.title, AW_PLAIN_TEXT);
    put_claims(&s->claims, &s->finding);
    put_names(&s->names, s);
    s->row.simhash = features_of(s->sorter->text, &s->finding, &s->parties);
    find_place(s);
    find_trades(s);
    s->row.sectors = aw_buf_str(&s->sectors);
    rc = aw_buf_check(&s->sectors, err);
    if (rc == AW_OK)
        rc = aw_store_creative_of(s->store, s->finding.first_capture,
                                  &s->sorter->arena, &s->row.creative, err);
    if (rc == AW_OK)
        rc = aw_store_adverts_of(s->store, s->finding.url, &s->row.adverts,
                                 err);
    if (rc == AW_OK)
        rc = find_publisher(s, err);
    return rc == AW_OK ? find_bunch(s, err) : rc;
}

static aw_rc sort_write(struct sorting *s, struct aw_err *err)
{
    struct aw_sorted_text text = {aw_buf_str(&s->title),
                                  aw_buf_str(&s->claims),
                                  aw_buf_str(&s->names)};
    aw_rc rc = aw_store_sorted_add(s->store, &s->row, &text, err);

    if (rc == AW_OK && s->row.bunch == s->row.finding)
        rc = add_leader(s->sorter, s->row.finding, s->row.simhash, err);
    return rc;
}

static aw_rc sort_one(struct aw_sorter *sorter, struct aw_store *store,
                      int64_t id, struct aw_err *err)
{
    struct sorting s = {.sorter = sorter, .store = store, .row.finding = id};
    aw_rc rc;

    aw_arena_reset(&sorter->arena);
    aw_buf_init(&s.title, TEXT_MAX);
    aw_buf_init(&s.claims, TEXT_MAX);
    aw_buf_init(&s.names, TEXT_MAX);
    aw_buf_init(&s.sectors, SECTORS_MAX);
    rc = aw_store_finding_get(store, &sorter->arena, id, &s.finding, err);
    if (rc == AW_OK)
        rc = sort_read(&s, err);
    if (rc == AW_OK)
        rc = sort_write(&s, err);
    aw_buf_deinit(&s.title);
    aw_buf_deinit(&s.claims);
    aw_buf_deinit(&s.names);
    aw_buf_deinit(&s.sectors);
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "finding %lld", (long long)id);
}

/* ---- a batch -------------------------------------------------------------
 */

/* Others sort as well: what they did since is taken in. */
static aw_rc catch_up(struct aw_sorter *sorter, struct aw_store *store,
                      int64_t next, struct aw_err *err)
{
    aw_rc rc = aw_store_leaders(store, sorter->last, add_leader, sorter, err);

    if (rc == AW_OK)
        sorter->last = next - 1;
    return rc;
}

static aw_rc sort_batch(struct aw_sorter *sorter, struct aw_store *store,
                        size_t most, size_t *done, struct aw_err *err)
{
    int64_t ids[AW_SORT_BATCH_MAX];
    size_t count = 0;
    aw_rc rc =
        aw_store_unsorted(store,
                          most < AW_SORT_BATCH_MAX ? most : AW_SORT_BATCH_MAX,
                          ids, &count, err);

    if (rc == AW_OK && count > 0)
        rc = catch_up(sorter, store, ids[0], err);
    for (size_t i = 0; rc == AW_OK && i < count; i++) {
        rc = sort_one(sorter, store, ids[i], err);
        sorter->last = ids[i];
    }
    *done = count;
    return rc;
}

aw_rc aw_sort_findings(struct aw_sorter *sorter, struct aw_store *store,
                       size_t most, size_t *done, struct aw_err *err)
{
    int64_t first = 0;
    size_t count = 0;
    aw_rc rc;

    *done = 0;
    rc = aw_store_unsorted(store, 1, &first, &count, err);
    if (rc != AW_OK || count == 0)
        return rc;
    rc = aw_store_begin(store, err);
    if (rc != AW_OK)
        return rc;
    rc = sort_batch(sorter, store, most, &count, err);
    if (rc == AW_OK)
        rc = aw_store_commit(store, err);
    if (rc == AW_OK) {
        *done = count;
        return AW_OK;
    }
    aw_store_rollback(store);
    sorter->count = 0; /* what was not kept is not known */
    sorter->last = 0;
    return rc;
}
