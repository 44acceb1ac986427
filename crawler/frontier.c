#include "crawler/frontier.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crawler/frontier_private.h"
#include "crawler/site.h"
#include "crawler/url.h"

#define SEEN_SLOTS ((size_t)1 << 20)
#define NEW_SITE_MS (INT64_C(7) * 24 * 3600 * 1000)
#define POINT_MS 1000 /* of waiting, for a point of priority */
#define SHORT_WAIT_MS 60000
#define CLAIM_AGAIN_MS 200 /* where a host is being asked now */
#define CLAIM_HOLD_MS 2000 /* it is kept free for the next claim */

/* ---- the orders of the heaps -------------------------------------------- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t host_turn(const struct aw_frontier_host *host)
{
    return later(host->next_ms, host->held_ms);
}

static bool host_before(const void *a, const void *b)
{
    const struct aw_frontier_host *x = a;
    const struct aw_frontier_host *y = b;

    if (host_turn(x) != host_turn(y))
        return host_turn(x) < host_turn(y);
    return x->priority < y->priority;
}

static const struct aw_heap_kind host_kind = {host_before,
                                              offsetof(struct aw_frontier_host,
                                                       place)};

/* Only of an address that has a host in its heap. */
static int64_t turn_of(const struct aw_address_turn *address)
{
    const struct aw_frontier_host *top = aw_heap_top(&address->hosts);

    return later(host_turn(top), later(address->next_ms, address->held_ms));
}

static bool turn_before(const void *a, const void *b)
{
    return turn_of(a) < turn_of(b);
}

static int64_t worth_of(const struct aw_address_turn *address)
{
    const struct aw_frontier_host *top = aw_heap_top(&address->hosts);

    return turn_of(address) + top->priority * POINT_MS;
}

static bool worth_before(const void *a, const void *b)
{
    return worth_of(a) < worth_of(b);
}

static const struct aw_heap_kind waiting_kind = {
    turn_before, offsetof(struct aw_address_turn, place)};
static const struct aw_heap_kind due_kind = {worth_before,
                                             offsetof(struct aw_address_turn,
                                                      place)};

/* ---- queues ------------------------------------------------------------- */

/* Before anything changes that the order of an address hangs on. */
static void leave_queue(struct aw_address_turn *address)
{
    if (address->queue)
        aw_heap_remove(address->queue, address);
    address->queue = NULL;
}

/* And after it. */
static aw_rc join_queue(struct aw_frontier *f, struct aw_address_turn *address,
                        struct aw_err *err)
{
    aw_rc rc;

    if (address->asked || address->hosts.count == 0)
        return AW_OK;
    rc = aw_heap_push(&f->waiting, address, err);
    if (rc == AW_OK)
        address->queue = &f->waiting;
    return rc;
}

/* Lets the host wait for its turn, unless it does already or has no work. */
static aw_rc queue_host(struct aw_frontier *f, struct aw_frontier_host *host,
                        struct aw_err *err)
{
    struct aw_address_turn *address = host->address;
    aw_rc rc;

    if (host->busy || host->place != AW_HEAP_NOWHERE ||
        !aw_host_has_work(host))
        return AW_OK;
    leave_queue(address);
    rc = aw_heap_push(&address->hosts, host, err);
    return rc == AW_OK ? join_queue(f, address, err) : rc;
}

/* ---- addresses ---------------------------------------------------------- */

static int compare_addresses(const void *a, const void *b)
{
    return strcmp(((const struct aw_address_turn *)a)->name,
                  ((const struct aw_address_turn *)b)->name);
}

static void init_address(struct aw_address_turn *address, const char *name)
{
    (void)snprintf(address->name, sizeof address->name, "%s", name);
    aw_heap_init(&address->hosts, &host_kind);
    address->place = AW_HEAP_NOWHERE;
}

static void free_address(void *node)
{
    struct aw_address_turn *address = node;

    aw_heap_deinit(&address->hosts);
    free(address);
}

/* The shared address of this name; NULL without memory. */
static struct aw_address_turn *get_address(struct aw_frontier *f,
                                           const char *name)
{
    struct aw_address_turn key = {.next_ms = 0};
    struct aw_address_turn **found;
    struct aw_address_turn *address;

    (void)snprintf(key.name, sizeof key.name, "%s", name);
    found = tfind(&key, &f->addresses, compare_addresses);
    if (found)
        return *found;
    address = calloc(1, sizeof *address);
    if (!address)
        return NULL;
    init_address(address, name);
    if (!tsearch(address, &f->addresses, compare_addresses)) {
        free(address);
        return NULL;
    }
    return address;
}

/* The host, which is given out, goes; others of the address can be asked.
 * Where the address was refused to it, that is another's: it stays so. */
static aw_rc leave_address(struct aw_frontier *f,
                           struct aw_address_turn *address,
                           const struct aw_frontier_host *host,
                           struct aw_err *err)
{
    if (address->asked != host)
        return AW_OK;
    address->asked = NULL;
    return join_queue(f, address, err);
}

bool aw_frontier_may_connect(struct aw_frontier *f,
                             struct aw_frontier_host *host, const char *name,
                             int64_t now_ms)
{
    struct aw_address_turn *from = host->address;
    struct aw_address_turn *to =
        strcmp(from->name, name) == 0 ? from : get_address(f, name);
    bool is_free =
        to && (to->asked == host || (!to->asked && to->next_ms <= now_ms));
    struct aw_err ignored;
    aw_rc rc = AW_OK;

    if (!to || (!is_free && host->has_tried))
        return false;
    host->has_tried = true;
    if (is_free) {
        leave_queue(to);
        to->asked = host;
    }
    if (to != from) {
        host->address = to;
        host->has_moved = true;
        rc = leave_address(f, from, host, &ignored);
    }
    return rc == AW_OK && is_free;
}

/* ---- hosts -------------------------------------------------------------- */

static int compare_hosts(const void *a, const void *b)
{
    return aw_str_cmp(((const struct aw_frontier_host *)a)->name,
                      ((const struct aw_frontier_host *)b)->name);
}

static void free_host(void *node)
{
    struct aw_frontier_host *host = node;

    aw_host_drop_batch(host);
    aw_heap_deinit(&host->own.hosts);
    free(host->open);
    free(host);
}

/* A back-off that an earlier run began is not over because that run is. */
static void recall_host(const struct aw_frontier *f,
                        struct aw_frontier_host *host,
                        const struct aw_host_row *row)
{
    host->id = row->id;
    host->site_seen_ms = row->site_seen_ms;
    host->pace = aw_pace_restored(row->backoff_level, row->backoff_until_ms,
                                  f->config.now_ms);
    host->kept_level = host->pace.level;
    host->kept_until_ms = row->backoff_until_ms;
    host->next_ms =
        f->config.now_mono_ms + aw_pace_wait(&host->pace, f->config.now_ms);
}

static aw_rc new_host(struct aw_frontier *f, const struct aw_host_row *row,
                      struct aw_frontier_host **out, struct aw_err *err)
{
    struct aw_frontier_host *host =
        calloc(1, sizeof *host + row->name.len + 1);
    struct aw_address_turn *shared = NULL;
    char *copy;

    if (!host)
        return aw_fail(err, AW_NOMEM, "out of memory");
    copy = (char *)(host + 1);
    memcpy(copy, row->name.ptr, row->name.len);
    host->name = (struct aw_str){copy, row->name.len};
    host->place = AW_HEAP_NOWHERE;
    host->priority = AW_PRIORITY_LAST;
    init_address(&host->own, "");
    recall_host(f, host, row);
    if (row->address[0])
        shared = get_address(f, row->address);
    host->address = shared ? shared : &host->own;
    if (!tsearch(host, &f->hosts, compare_hosts)) {
        free_host(host);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    f->host_count++;
    *out = host;
    return AW_OK;
}

static struct aw_frontier_host *find_host(struct aw_frontier *f,
                                          struct aw_str name)
{
    struct aw_frontier_host key = {.name = name};
    struct aw_frontier_host **found = tfind(&key, &f->hosts, compare_hosts);

    return found ? *found : NULL;
}

static aw_rc get_host(struct aw_frontier *f, struct aw_str name,
                      int64_t now_ms, struct aw_frontier_host **out,
                      struct aw_err *err)
{
    struct aw_host_row row;
    aw_rc rc;

    *out = find_host(f, name);
    if (*out)
        return AW_OK;
    rc = aw_store_host_get(f->config.store, name,
                           aw_site_of(f->config.sites, name), now_ms, &row,
                           err);
    return rc == AW_OK ? new_host(f, &row, out, err) : rc;
}

static aw_rc adopt_host(void *self, const struct aw_host_row *row,
                        struct aw_err *err)
{
    struct aw_frontier *f = self;
    struct aw_frontier_host *host = NULL;
    aw_rc rc = new_host(f, row, &host, err);

    if (rc != AW_OK)
        return rc;
    host->more = true;
    host->priority = row->priority;
    return queue_host(f, host, err);
}

struct aw_pace *aw_frontier_pace(struct aw_frontier_host *host)
{
    return &host->pace;
}

/* What is worth a row in the store: short pauses come with each answer. */
static int64_t until_to_keep(const struct aw_pace *pace, int64_t now_ms)
{
    bool is_long = pace->until_ms - now_ms > SHORT_WAIT_MS;

    return pace->level > 0 || is_long ? pace->until_ms : 0;
}

aw_rc aw_frontier_keep(struct aw_frontier *f, struct aw_frontier_host *host,
                       int64_t now_ms, struct aw_err *err)
{
    struct aw_host_row row = {
        .id = host->id,
        .backoff_level = host->pace.level,
        .backoff_until_ms = until_to_keep(&host->pace, now_ms),
    };

    if (!host->has_moved && row.backoff_level == host->kept_level &&
        row.backoff_until_ms == host->kept_until_ms)
        return AW_OK;
    host->has_moved = false;
    host->kept_level = host->pace.level;
    host->kept_until_ms = row.backoff_until_ms;
    (void)snprintf(row.address, sizeof row.address, "%s", host->address->name);
    return aw_store_host_put(f->config.store, &row, err);
}

struct aw_host_tally *aw_frontier_tally(struct aw_frontier_host *host)
{
    return &host->tally;
}

struct aw_str aw_frontier_host_name(const struct aw_frontier_host *host)
{
    return host->name;
}

/* ---- life --------------------------------------------------------------- */

aw_rc aw_frontier_new(struct aw_frontier **out,
                      const struct aw_frontier_config *config,
                      struct aw_err *err)
{
    struct aw_frontier *f = calloc(1, sizeof *f);
    aw_rc rc;

    if (!f)
        return aw_fail(err, AW_NOMEM, "out of memory");
    f->config = *config;
    aw_heap_init(&f->waiting, &waiting_kind);
    aw_heap_init(&f->due, &due_kind);
    rc = aw_seen_new_ranked(&f->seen, SEEN_SLOTS, err);
    if (rc == AW_OK)
        rc = aw_store_hosts_queued(config->store, adopt_host, f, err);
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
    tdestroy(f->addresses, free_address);
    aw_heap_deinit(&f->waiting);
    aw_heap_deinit(&f->due);
    aw_seen_free(f->seen);
    free(f);
}

/* ---- URLs in ------------------------------------------------------------ */

/* How far the URL is, for the table of what was seen; by a click, or as a part
 * of a page, it may be anywhere. */
static int64_t rank_of(const struct aw_url_row *row)
{
    return row->via == AW_VIA_LANDING || row->via == AW_VIA_IMAGE
               ? AW_SEEN_RANK_MAX
               : row->depth;
}

/* Fills the row's hash and host; *host is NULL where the URL was seen, as near
 * as it is now. What was seen may have been not due: by force the store is
 * asked again. */
static aw_rc place(struct aw_frontier *f, struct aw_url_row *row,
                   int64_t now_ms, bool force, struct aw_frontier_host **host,
                   struct aw_err *err)
{
    struct aw_url_parts parts;
    aw_rc rc;

    *host = NULL;
    row->hash = aw_store_url_hash(f->config.store, row->url);
    if (!aw_seen_add_lower(f->seen, row->hash, rank_of(row)) && !force &&
        row->changed_ms == 0)
        return AW_OK;
    rc = aw_url_parse(row->url, &parts, err);
    if (rc == AW_OK)
        rc = get_host(f, parts.host, now_ms, host, err);
    if (rc == AW_OK)
        row->host = (*host)->id;
    return rc;
}

bool aw_frontier_has_seen(const struct aw_frontier *f, struct aw_str url)
{
    return aw_seen_has(f->seen, aw_store_url_hash(f->config.store, url));
}

bool aw_frontier_is_as_near(const struct aw_frontier *f,
                            const struct aw_url_row *row)
{
    return aw_seen_has_lower(f->seen,
                             aw_store_url_hash(f->config.store, row->url),
                             rank_of(row));
}

aw_rc aw_frontier_refuse(struct aw_frontier *f, struct aw_url_row *row,
                         const char *reason, int64_t now_ms,
                         enum aw_url_taken *taken, struct aw_err *err)
{
    struct aw_frontier_host *host;
    aw_rc rc = place(f, row, now_ms, false, &host, err);

    *taken = AW_URL_KNOWN;
    if (rc != AW_OK || !host)
        return rc;
    return aw_store_url_refuse(f->config.store, row, f->config.run, reason,
                               now_ms, taken, err);
}

/* A new site, or a link from one, is looked at before what is known. */
static void better_priority(const struct aw_frontier *f,
                            const struct aw_frontier_host *host,
                            struct aw_url_row *row)
{
    int64_t better = row->priority - AW_PRIORITY_LINK + AW_PRIORITY_NEW_SITE;

    if (row->priority >= AW_PRIORITY_LINK && better < AW_PRIORITY_LINK &&
        host->site_seen_ms > f->config.now_ms - NEW_SITE_MS)
        row->priority = better;
}

/* The host has a URL more, of this priority. */
static aw_rc more_work(struct aw_frontier *f, struct aw_frontier_host *host,
                       int64_t priority, struct aw_err *err)
{
    struct aw_address_turn *address = host->address;
    bool is_better = !aw_host_has_work(host) || priority < host->priority;

    if (is_better && host->place != AW_HEAP_NOWHERE) {
        leave_queue(address);
        aw_heap_remove(&address->hosts, host);
        aw_host_drop_batch(host);
    }
    if (is_better)
        host->priority = priority;
    host->is_stale = host->batch && (host->is_stale || is_better);
    host->more = true;
    return queue_host(f, host, err);
}

/* Of a URL that is in memory already, too. */
static void take_nearer(const struct aw_frontier_host *host,
                        const struct aw_url_row *row)
{
    for (size_t i = 0; host->batch && i < host->batch->count; i++) {
        struct aw_url_row *there = &host->batch->rows[i];

        if (there->id == row->id)
            aw_url_row_nearer(there, row);
    }
}

void aw_url_row_nearer(struct aw_url_row *there, const struct aw_url_row *row)
{
    there->via = row->via;
    there->depth = row->depth;
    there->hops = row->hops;
    there->found_on = row->found_on;
}

aw_rc aw_frontier_add(struct aw_frontier *f, struct aw_url_row *row,
                      int64_t now_ms, bool force, enum aw_url_taken *taken,
                      struct aw_err *err)
{
    struct aw_frontier_host *host;
    aw_rc rc = place(f, row, now_ms, force, &host, err);

    *taken = AW_URL_KNOWN;
    if (rc != AW_OK || !host)
        return rc;
    better_priority(f, host, row);
    rc = aw_store_url_add(f->config.store, row, f->config.run, now_ms, force,
                          taken, err);
    if (rc == AW_OK && *taken == AW_URL_NEARER)
        take_nearer(host, row);
    if (rc != AW_OK || *taken == AW_URL_KNOWN || *taken == AW_URL_NOT_DUE ||
        *taken == AW_URL_WAS_FAR)
        return rc;
    return more_work(f, host, row->priority, err);
}

/* ---- URLs out ----------------------------------------------------------- */

static aw_rc give_out(struct aw_frontier_host *host, struct aw_url_row *row,
                      struct aw_err *err)
{
    struct aw_url_batch *batch = host->batch;

    *row = batch->rows[batch->pos++];
    host->busy = true;
    host->has_tried = false;
    host->address->asked = host;
    host->priority = batch->pos < batch->count
                         ? batch->rows[batch->pos].priority
                         : row->priority;
    return aw_host_open(host, row->id, err);
}

static aw_rc wake(struct aw_frontier *f, int64_t now_ms, struct aw_err *err)
{
    struct aw_address_turn *address;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && (address = aw_heap_top(&f->waiting)) &&
           turn_of(address) <= now_ms) {
        leave_queue(address);
        rc = aw_heap_push(&f->due, address, err);
        address->queue = rc == AW_OK ? &f->due : NULL;
    }
    return rc;
}

/* Takes the host at the top out, with a batch if it has work. */
static aw_rc take_host(struct aw_frontier *f, struct aw_address_turn *address,
                       struct aw_frontier_host **out, struct aw_err *err)
{
    struct aw_frontier_host *host = aw_heap_top(&address->hosts);
    aw_rc rc = AW_OK;

    leave_queue(address);
    aw_heap_remove(&address->hosts, host);
    if (!host->batch || host->batch->pos == host->batch->count)
        rc = aw_host_load(f, host, err);
    if (rc == AW_OK && host->batch->count > 0) {
        *out = host;
        return AW_OK;
    }
    aw_host_drop_batch(host);
    return rc == AW_OK ? join_queue(f, address, err) : rc;
}

aw_rc aw_frontier_next(struct aw_frontier *f, int64_t now_ms,
                       struct aw_frontier_host **out, struct aw_url_row *row,
                       struct aw_err *err)
{
    struct aw_frontier_host *host = NULL;
    aw_rc rc = wake(f, now_ms, err);

    *out = NULL;
    while (rc == AW_OK && !host && f->due.count > 0) {
        rc = take_host(f, aw_heap_top(&f->due), &host, err);
        if (rc == AW_OK && !host)
            rc = wake(f, now_ms, err);
    }
    if (rc != AW_OK || !host)
        return rc;
    rc = give_out(host, row, err);
    if (rc == AW_OK)
        *out = host;
    return rc;
}

/* ---- hosts that another one leads to ----------------------------------- */

/* When the host may be asked, as far as that is known; now_ms: at once. */
static int64_t free_at(const struct aw_frontier_host *host, int64_t now_ms)
{
    int64_t turn = later(host->next_ms, host->address->next_ms);

    if (host->busy || host->address->asked)
        turn = later(turn, now_ms + CLAIM_AGAIN_MS);
    return later(turn, now_ms);
}

/* Neither the host nor its address is given out before held_ms, but to a
 * claim. An address that is free before its host goes on meanwhile. */
static aw_rc hold(struct aw_frontier *f, struct aw_frontier_host *host,
                  int64_t due_ms, struct aw_err *err)
{
    struct aw_address_turn *address = host->address;
    bool queued = host->place != AW_HEAP_NOWHERE;
    aw_rc rc;

    leave_queue(address);
    if (queued)
        aw_heap_remove(&address->hosts, host);
    host->held_ms = due_ms + CLAIM_HOLD_MS;
    if (due_ms > host->next_ms)
        address->held_ms = host->held_ms;
    rc = queued ? queue_host(f, host, err) : AW_OK;
    return rc == AW_OK && !address->queue ? join_queue(f, address, err) : rc;
}

static void claim(struct aw_frontier_host *host)
{
    struct aw_address_turn *address = host->address;

    leave_queue(address);
    if (host->place != AW_HEAP_NOWHERE)
        aw_heap_remove(&address->hosts, host);
    host->held_ms = address->held_ms = 0;
    host->busy = true;
    host->has_tried = false;
    address->asked = host;
}

aw_rc aw_frontier_claim(struct aw_frontier *f, struct aw_frontier_host *asker,
                        struct aw_str name, int64_t now_ms,
                        struct aw_frontier_host **out, int64_t *due_ms,
                        struct aw_err *err)
{
    struct aw_frontier_host *host = NULL;
    aw_rc rc = asker ? leave_address(f, asker->address, asker, err) : AW_OK;

    *out = NULL;
    if (rc == AW_OK)
        rc = get_host(f, name,
                      f->config.now_ms + now_ms - f->config.now_mono_ms, &host,
                      err);
    if (rc != AW_OK)
        return rc;
    *due_ms = free_at(host, now_ms);
    if (*due_ms > now_ms)
        return hold(f, host, *due_ms, err);
    claim(host);
    *out = host;
    return AW_OK;
}

/* ---- back --------------------------------------------------------------- */

void aw_frontier_put_back(struct aw_frontier_host *host)
{
    const struct aw_url_row *row = &host->batch->rows[--host->batch->pos];

    if (row->priority < host->priority)
        host->priority = row->priority;
    aw_host_close(host, row->id);
}

aw_rc aw_frontier_done(struct aw_frontier *f, struct aw_frontier_host *host,
                       int64_t next_ms, int64_t address_ms, struct aw_err *err)
{
    struct aw_address_turn *address = host->address;
    aw_rc rc;

    host->busy = false;
    host->next_ms = next_ms;
    leave_queue(address);
    if (address->asked == host)
        address->asked = NULL;
    if (address_ms > address->next_ms)
        address->next_ms = address_ms;
    if (host->is_stale ||
        (host->batch && host->batch->pos == host->batch->count))
        aw_host_drop_batch(host);
    rc = queue_host(f, host, err);
    if (rc == AW_OK && !address->queue)
        rc = join_queue(f, address, err);
    return rc;
}

aw_rc aw_frontier_end(struct aw_frontier *f, struct aw_frontier_host *host,
                      int64_t url, const struct aw_url_end *end,
                      int64_t now_ms, struct aw_err *err)
{
    aw_rc rc = aw_store_url_end(f->config.store, url, f->config.run, end,
                                now_ms, err);

    aw_host_close(host, url);
    if (rc == AW_OK && strcmp(end->state, "queued") == 0)
        rc = more_work(f, host, end->priority, err);
    return rc;
}

int64_t aw_frontier_due(const struct aw_frontier *f)
{
    const struct aw_address_turn *address = aw_heap_top(&f->waiting);

    if (f->due.count > 0)
        return 0;
    return address ? turn_of(address) : AW_FRONTIER_NEVER;
}
