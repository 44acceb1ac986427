#include "crawler/frontier.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "crawler/url.h"

#define BATCH_ARENA_MAX ((size_t)AW_FRONTIER_BATCH * 2 * AW_URL_MAX)
#ifndef SEEN_SLOTS /* the test has a small table */
#define SEEN_SLOTS ((size_t)1 << 20)
#endif
#define NOT_IN_HEAP SIZE_MAX

struct aw_frontier_host {
    struct aw_str name;
    int64_t id;
    int64_t next_ms;
    bool busy;
    bool more; /* the store may hold queued URLs of it */
    int fails;
    size_t heap_at;
    struct aw_arena arena; /* of the batch */
    struct aw_url_row *batch;
    size_t pos, count;
};

struct aw_frontier {
    struct aw_store *store;
    int64_t run;
    void *hosts; /* tree of tsearch(3), by name */
    struct aw_frontier_host **heap;
    size_t heap_count, heap_cap;
    uint64_t *seen; /* hashes of URLs that this run has surely taken up */
    size_t seen_count;
};

/* ---- the heap of hosts by time ---------------------------------------- */

static void heap_set(struct aw_frontier *f, size_t at,
                     struct aw_frontier_host *host)
{
    f->heap[at] = host;
    host->heap_at = at;
}

static void sift_up(struct aw_frontier *f, size_t at)
{
    struct aw_frontier_host *host = f->heap[at];

    while (at > 0 && f->heap[(at - 1) / 2]->next_ms > host->next_ms) {
        heap_set(f, at, f->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    heap_set(f, at, host);
}

static void sift_down(struct aw_frontier *f, size_t at)
{
    struct aw_frontier_host *host = f->heap[at];

    for (;;) {
        size_t child = at * 2 + 1;

        if (child >= f->heap_count)
            break;
        if (child + 1 < f->heap_count &&
            f->heap[child + 1]->next_ms < f->heap[child]->next_ms)
            child++;
        if (f->heap[child]->next_ms >= host->next_ms)
            break;
        heap_set(f, at, f->heap[child]);
        at = child;
    }
    heap_set(f, at, host);
}

static aw_rc heap_push(struct aw_frontier *f, struct aw_frontier_host *host,
                       struct aw_err *err)
{
    if (f->heap_count == f->heap_cap) {
        size_t cap = f->heap_cap ? f->heap_cap * 2 : 64;
        void *grown = realloc(f->heap, cap * sizeof(void *));

        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        f->heap = grown;
        f->heap_cap = cap;
    }
    f->heap[f->heap_count] = host;
    sift_up(f, f->heap_count++);
    return AW_OK;
}

static struct aw_frontier_host *heap_pop(struct aw_frontier *f)
{
    struct aw_frontier_host *top = f->heap[0];

    f->heap_count--;
    if (f->heap_count > 0) {
        f->heap[0] = f->heap[f->heap_count];
        sift_down(f, 0);
    }
    top->heap_at = NOT_IN_HEAP;
    return top;
}

static bool has_work(const struct aw_frontier_host *host)
{
    return host->pos < host->count || host->more;
}

static aw_rc queue_host(struct aw_frontier *f, struct aw_frontier_host *host,
                        struct aw_err *err)
{
    if (host->busy || host->heap_at != NOT_IN_HEAP || !has_work(host))
        return AW_OK;
    return heap_push(f, host, err);
}

/* ---- hosts -------------------------------------------------------------- */

static int compare_hosts(const void *a, const void *b)
{
    return aw_str_cmp(((const struct aw_frontier_host *)a)->name,
                      ((const struct aw_frontier_host *)b)->name);
}

static struct aw_frontier_host *new_host(struct aw_str name)
{
    struct aw_frontier_host *host = calloc(1, sizeof *host + name.len + 1);
    char *copy;

    if (!host)
        return NULL;
    copy = (char *)(host + 1);
    memcpy(copy, name.ptr, name.len);
    host->name = (struct aw_str){copy, name.len};
    host->heap_at = NOT_IN_HEAP;
    aw_arena_init(&host->arena, BATCH_ARENA_MAX);
    return host;
}

static void free_host(void *node)
{
    struct aw_frontier_host *host = node;

    aw_arena_deinit(&host->arena);
    free(host->batch);
    free(host);
}

/* id 0: the store is asked. */
static aw_rc get_host(struct aw_frontier *f, struct aw_str name, int64_t id,
                      struct aw_frontier_host **out, struct aw_err *err)
{
    struct aw_frontier_host key = {.name = name};
    struct aw_frontier_host **found = tfind(&key, &f->hosts, compare_hosts);
    struct aw_frontier_host *host;
    aw_rc rc = AW_OK;

    if (found) {
        *out = *found;
        return AW_OK;
    }
    host = new_host(name);
    if (!host)
        return aw_fail(err, AW_NOMEM, "out of memory");
    host->id = id;
    if (id == 0)
        rc = aw_store_host_id(f->store, name, &host->id, err);
    if (rc == AW_OK && !tsearch(host, &f->hosts, compare_hosts))
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc != AW_OK)
        free_host(host);
    else
        *out = host;
    return rc;
}

static aw_rc adopt_host(void *self, int64_t id, struct aw_str name,
                        struct aw_err *err)
{
    struct aw_frontier *f = self;
    struct aw_frontier_host *host = NULL;
    aw_rc rc = get_host(f, name, id, &host, err);

    if (rc != AW_OK)
        return rc;
    host->more = true;
    return queue_host(f, host, err);
}

/* ---- life ----------------------------------------------------------------
 */

aw_rc aw_frontier_new(struct aw_frontier **out, struct aw_store *store,
                      int64_t run, struct aw_err *err)
{
    struct aw_frontier *f = calloc(1, sizeof *f);
    aw_rc rc = AW_OK;

    if (!f)
        return aw_fail(err, AW_NOMEM, "out of memory");
    f->store = store;
    f->run = run;
    f->seen = calloc(SEEN_SLOTS, sizeof *f->seen);
    if (!f->seen)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_store_hosts_queued(store, adopt_host, f, err);
    if (rc != AW_OK)
        aw_frontier_free(f);
    else
        *out = f;
    return rc;
}

void aw_frontier_free(struct aw_frontier *f)
{
    if (!f)
        return;
    tdestroy(f->hosts, free_host);
    free(f->heap);
    free(f->seen);
    free(f);
}

/* ---- URLs ----------------------------------------------------------------
 */

/* True where this run has taken url up for sure; remembers it otherwise. The
 * table forgets all when it is half full: the store knows anyway. */
static bool seen_before(struct aw_frontier *f, struct aw_str url)
{
    uint64_t hash = aw_hash64(url) | 1;
    size_t at = (size_t)(hash >> 32) % SEEN_SLOTS;

    while (f->seen[at] && f->seen[at] != hash)
        at = (at + 1) % SEEN_SLOTS;
    if (f->seen[at])
        return true;
    if (f->seen_count >= SEEN_SLOTS / 2) {
        memset(f->seen, 0, SEEN_SLOTS * sizeof *f->seen);
        f->seen_count = 0;
        at = (size_t)(hash >> 32) % SEEN_SLOTS;
    }
    f->seen[at] = hash;
    f->seen_count++;
    return false;
}

aw_rc aw_frontier_refuse(struct aw_frontier *f, struct aw_url_row *row,
                         const char *reason, int64_t now_ms, bool *added,
                         struct aw_err *err)
{
    struct aw_url_parts parts;
    aw_rc rc;

    *added = false;
    if (seen_before(f, row->url))
        return AW_OK;
    rc = aw_url_parse(row->url, &parts, err);
    if (rc == AW_OK)
        rc = aw_store_host_id(f->store, parts.host, &row->host, err);
    if (rc == AW_OK)
        rc = aw_store_url_refuse(f->store, row, f->run, reason, now_ms, added,
                                 err);
    return rc;
}

aw_rc aw_frontier_add(struct aw_frontier *f, struct aw_url_row *row,
                      int64_t now_ms, bool *added, struct aw_err *err)
{
    struct aw_url_parts parts;
    struct aw_frontier_host *host = NULL;
    bool is_new = false;
    aw_rc rc;

    if (added)
        *added = false;
    if (seen_before(f, row->url))
        return AW_OK;
    rc = aw_url_parse(row->url, &parts, err);
    if (rc == AW_OK)
        rc = get_host(f, parts.host, 0, &host, err);
    if (rc != AW_OK)
        return rc;
    row->host = host->id;
    rc = aw_store_url_add(f->store, row, f->run, now_ms, &is_new, err);
    if (rc == AW_OK && is_new)
        rc = aw_frontier_more(f, host, err);
    if (added)
        *added = is_new;
    return rc;
}

static aw_rc load_batch(struct aw_frontier *f, struct aw_frontier_host *host,
                        struct aw_err *err)
{
    if (!host->batch)
        host->batch = calloc(AW_FRONTIER_BATCH, sizeof *host->batch);
    if (!host->batch)
        return aw_fail(err, AW_NOMEM, "out of memory");
    aw_arena_reset(&host->arena);
    host->pos = host->count = 0;
    return aw_store_url_take(f->store, host->id, &host->arena, host->batch,
                             AW_FRONTIER_BATCH, &host->count, err);
}

aw_rc aw_frontier_next(struct aw_frontier *f, int64_t now_ms,
                       struct aw_frontier_host **out, struct aw_url_row *row,
                       struct aw_err *err)
{
    *out = NULL;
    while (f->heap_count > 0 && f->heap[0]->next_ms <= now_ms) {
        struct aw_frontier_host *host = heap_pop(f);
        aw_rc rc = AW_OK;

        if (host->pos == host->count)
            rc = load_batch(f, host, err);
        if (rc != AW_OK)
            return rc;
        if (host->count == 0) {
            host->more = false;
            continue;
        }
        host->more = true;
        host->busy = true;
        *row = host->batch[host->pos++];
        *out = host;
        return AW_OK;
    }
    return AW_OK;
}

void aw_frontier_put_back(struct aw_frontier_host *host)
{
    host->pos--;
}

aw_rc aw_frontier_done(struct aw_frontier *f, struct aw_frontier_host *host,
                       int64_t next_ms, struct aw_err *err)
{
    host->busy = false;
    host->next_ms = next_ms;
    return queue_host(f, host, err);
}

aw_rc aw_frontier_more(struct aw_frontier *f, struct aw_frontier_host *host,
                       struct aw_err *err)
{
    host->more = true;
    return queue_host(f, host, err);
}

int64_t aw_frontier_due(const struct aw_frontier *f)
{
    return f->heap_count > 0 ? f->heap[0]->next_ms : AW_FRONTIER_NEVER;
}

int *aw_frontier_host_fails(struct aw_frontier_host *host)
{
    return &host->fails;
}

struct aw_str aw_frontier_host_name(const struct aw_frontier_host *host)
{
    return host->name;
}
