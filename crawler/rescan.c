#include "crawler/rescan.h"

#include <stdio.h>
#include <stdlib.h>

#include "crawler/rescan_private.h"
#include "reader/cell.h"

#define SLOT_ARENA_MAX ((size_t)64 << 20)
#define WINDOW_OF_READER 4 /* captures on their way for each reader */
#define BATCH 32           /* captures for each commit */
#define BATCH_MS 1000      /* after which fewer will do */
#define WAIT_MS 100

/* ---- setting up ----------------------------------------------------------
 */

static aw_rc start_readers(struct aw_rescan *r, struct aw_err *err)
{
    const struct aw_rescan_input *in = r->in;
    const struct aw_crawl_config *crawl = &in->config->crawl;
    struct aw_reader_config config = {
        .program = in->program,
        .lexicon_dir = in->lexicon_dir,
        .model_path = in->model_path,
        .count = in->jobs,
        .page_ms = crawl->reader_ms,
        .cpu_ms = crawl->reader_cpu_ms,
        .image_ms = crawl->image_ms,
        .memory_bytes = crawl->reader_bytes,
        .cell_optional = crawl->reader_cell == AW_CELL_BEST_EFFORT,
        .clock = in->clock,
        .loop = r->loop,
        .done = aw_rescan_answered,
        .self = r,
    };

    aw_cell_log(in->log);
    return aw_reader_pool_new(&r->readers, &config, err);
}

/* What must be the same for a rescan to be gone on with. */
static void make_key(struct aw_rescan *r)
{
    const struct aw_rescan_scope *scope = &r->in->scope;
    const char *source = scope->source ? scope->source : "";
    char numbers[80];

    (void)snprintf(numbers, sizeof numbers, "\x1F%lld %lld %d\x1F",
                   (long long)scope->since_ms, (long long)scope->until_ms,
                   (int)r->in->apply);
    {
        const struct aw_str parts[] = {r->row.lexicon_hash, r->row.model_hash,
                                       AW_STR("adwatch " AW_VERSION),
                                       aw_str_of(numbers), aw_str_of(source)};

        aw_sha256_parts(parts, sizeof parts / sizeof *parts, r->key);
    }
    r->row.key = aw_str_of(r->key);
}

/* What a broken one told is told again: the whole is in one place. */
static aw_rc take_up(struct aw_rescan *r, struct aw_err *err)
{
    r->asked = r->row.last_capture;
    if (!r->sum->resumed)
        return AW_OK;
    return aw_store_rescan_told(r->in->store, r->row.id, AW_STR(""),
                                aw_rescan_tell, r, err);
}

static aw_rc start(struct aw_rescan *r, struct aw_arena *arena,
                   struct aw_err *err)
{
    aw_rc rc = aw_loop_new(&r->loop, err);

    if (rc == AW_OK)
        rc = start_readers(r, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena,
                          aw_str_of(aw_reader_pool_lexicon_hash(r->readers)),
                          &r->row.lexicon_hash, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena,
                          aw_str_of(aw_reader_pool_model_hash(r->readers)),
                          &r->row.model_hash, err);
    if (rc != AW_OK)
        return rc;
    make_key(r);
    r->row.started_ms = aw_clock_wall(r->in->clock);
    rc = aw_store_rescan_begin(r->in->store, &r->row, &r->sum->resumed, err);
    return rc == AW_OK ? take_up(r, err) : rc;
}

/* ---- captures on their way -----------------------------------------------
 */

static struct aw_rescan_slot *slot_at(struct aw_rescan *r, size_t i)
{
    return &r->slots[(r->first + i) % AW_RESCAN_WINDOW];
}

static bool may_ask(const struct aw_rescan *r)
{
    return !r->is_end && !*r->in->stop && r->count < r->window &&
           (r->in->max == 0 || r->asked_count < r->in->max);
}

static void empty_slot(struct aw_rescan *r, struct aw_rescan_slot *slot)
{
    struct aw_arena arena = slot->arena;

    aw_arena_reset(&arena);
    *slot = (struct aw_rescan_slot){.rescan = r, .arena = arena};
}

static aw_rc ask_next(struct aw_rescan *r, struct aw_err *err)
{
    struct aw_rescan_slot *slot = slot_at(r, r->count);
    struct aw_err none;
    int64_t id = 0;
    aw_rc rc;

    empty_slot(r, slot);
    rc = aw_store_rescan_next(r->in->store, &r->in->scope, r->asked,
                              r->row.most_capture, &slot->arena, &id,
                              &slot->channel, &none);
    r->is_end = rc == AW_MISSING;
    if (r->is_end)
        return AW_OK;
    if (rc != AW_OK) {
        *err = none;
        return rc;
    }
    rc = aw_store_capture_get(r->in->store, &slot->arena, id, &slot->capture,
                              err);
    if (rc != AW_OK)
        return rc;
    r->asked = id;
    r->asked_count++;
    r->count++;
    return aw_rescan_ask(slot, err);
}

/* ---- their rows ----------------------------------------------------------
 */

static size_t settleable(struct aw_rescan *r)
{
    size_t n = 0;

    while (n < r->count && slot_at(r, n)->is_read)
        n++;
    return n;
}

static aw_rc settle_slot(struct aw_rescan *r, struct aw_rescan_slot *slot,
                         struct aw_err *err)
{
    char number[24];

    if (slot->rc != AW_OK) {
        *err = slot->err;
        return slot->rc;
    }
    r->row.last_capture = slot->capture.id;
    if (slot->why.len == 0) {
        r->row.read++;
        return aw_rescan_compare(slot, err);
    }
    r->row.failed++;
    (void)snprintf(number, sizeof number, "%lld", (long long)slot->capture.id);
    aw_log(r->in->log, AW_LOG_WARN, "not read", "capture", number, "url",
           slot->capture.url.ptr, "why", slot->why.ptr, (char *)NULL);
    return AW_OK;
}

static aw_rc settle_all(struct aw_rescan *r, size_t n, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < n && rc == AW_OK; i++)
        rc = settle_slot(r, slot_at(r, i), err);
    return rc == AW_OK ? aw_store_rescan_step(r->in->store, &r->row, err) : rc;
}

/* In the order of captures, so that one number says how far it is. Others
 * wait for the store for as long as these rows take, not for readers. */
static aw_rc settle(struct aw_rescan *r, struct aw_err *err)
{
    int64_t now = aw_clock_mono(r->in->clock);
    size_t n = settleable(r);
    aw_rc rc;

    if (n == 0 ||
        (n < BATCH && n < r->count && now - r->settled_ms < BATCH_MS))
        return AW_OK;
    rc = aw_store_begin(r->in->store, err);
    if (rc != AW_OK)
        return rc;
    rc = settle_all(r, n, err);
    if (rc != AW_OK) {
        aw_store_rollback(r->in->store);
        return rc;
    }
    r->first = (r->first + n) % AW_RESCAN_WINDOW;
    r->count -= n;
    r->settled_ms = now;
    return aw_store_commit(r->in->store, err);
}

/* ---- all -----------------------------------------------------------------
 */

static aw_rc turn(struct aw_rescan *r, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    while (rc == AW_OK && may_ask(r))
        rc = ask_next(r, err);
    if (rc == AW_OK && settleable(r) < r->count) {
        rc = aw_loop_wait(r->loop, WAIT_MS, err);
        aw_reader_pool_tick(r->readers);
    }
    return rc == AW_OK ? settle(r, err) : rc;
}

static aw_rc finish(struct aw_rescan *r, struct aw_err *err)
{
    r->sum->read = r->row.read;
    r->sum->failed = r->row.failed;
    r->sum->is_whole = r->is_end;
    return r->is_end ? aw_store_rescan_end(r->in->store, r->row.id, err)
                     : AW_OK;
}

static aw_rc run(struct aw_rescan *r, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    do {
        rc = turn(r, err);
    } while (rc == AW_OK && (r->count > 0 || may_ask(r)));
    return rc == AW_OK ? finish(r, err) : rc;
}

static void end(struct aw_rescan *r)
{
    aw_reader_pool_free(r->readers);
    aw_loop_free(r->loop);
    for (size_t i = 0; i < AW_RESCAN_WINDOW; i++)
        aw_arena_deinit(&r->slots[i].arena);
}

static aw_rc rescan(struct aw_rescan *r, struct aw_err *err)
{
    int64_t began = aw_clock_mono(r->in->clock);
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, SLOT_ARENA_MAX);
    for (size_t i = 0; i < AW_RESCAN_WINDOW; i++)
        aw_arena_init(&r->slots[i].arena, SLOT_ARENA_MAX);
    rc = start(r, &arena, err);
    if (rc == AW_OK)
        rc = run(r, err);
    end(r);
    aw_arena_deinit(&arena);
    r->sum->took_ms = aw_clock_mono(r->in->clock) - began;
    if (rc != AW_OK)
        return rc;
    if (!r->sum->is_whole)
        return aw_fail(err, AW_PARTLY,
                       "not all captures were read: run it again, and it goes "
                       "on from there");
    return r->sum->failed == 0
               ? AW_OK
               : aw_fail(err, AW_PARTLY, "%lld captures could not be read",
                         (long long)r->sum->failed);
}

aw_rc aw_rescan(const struct aw_rescan_input *input, aw_rescan_told_fn *tell,
                void *self, struct aw_rescan_sum *sum, struct aw_err *err)
{
    struct aw_rescan *r = calloc(1, sizeof *r);
    aw_rc rc;

    *sum = (struct aw_rescan_sum){0};
    if (!r)
        return aw_fail(err, AW_NOMEM, "out of memory");
    r->in = input;
    r->tell = tell;
    r->self = self;
    r->sum = sum;
    r->window = (size_t)input->jobs * WINDOW_OF_READER;
    if (r->window > AW_RESCAN_WINDOW)
        r->window = AW_RESCAN_WINDOW;
    rc = rescan(r, err);
    free(r);
    return rc;
}
