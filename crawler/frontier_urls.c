#include <stdlib.h>

#include "crawler/frontier_private.h"
#include "crawler/url.h"

#define BATCH_TEXT_MAX ((size_t)AW_FRONTIER_BATCH * (AW_URL_MAX + 1))

bool aw_host_has_work(const struct aw_frontier_host *host)
{
    return host->more ||
           (host->batch && host->batch->pos < host->batch->count);
}

void aw_host_drop_batch(struct aw_frontier_host *host)
{
    if (!host->batch)
        return;
    aw_buf_deinit(&host->batch->text);
    free(host->batch);
    host->batch = NULL;
    host->is_stale = false;
}

static bool is_open(const struct aw_frontier_host *host, int64_t id)
{
    for (size_t i = 0; i < host->open_count; i++)
        if (host->open[i] == id)
            return true;
    return false;
}

aw_rc aw_host_open(struct aw_frontier_host *host, int64_t id,
                   struct aw_err *err)
{
    if (host->open_count == host->open_cap) {
        size_t cap = host->open_cap ? host->open_cap * 2 : 2;
        void *grown = realloc(host->open, cap * sizeof *host->open);

        if (!grown)
            return aw_fail(err, AW_NOMEM, "out of memory");
        host->open = grown;
        host->open_cap = cap;
    }
    host->open[host->open_count++] = id;
    return AW_OK;
}

void aw_host_close(struct aw_frontier_host *host, int64_t id)
{
    for (size_t i = 0; i < host->open_count; i++)
        if (host->open[i] == id) {
            host->open[i] = host->open[--host->open_count];
            return;
        }
}

/* The more hosts there are, the fewer rows each has in memory. */
static size_t batch_size(const struct aw_frontier *f)
{
    size_t share = AW_FRONTIER_ROWS / (f->host_count + 1);

    return share > AW_FRONTIER_BATCH ? AW_FRONTIER_BATCH
           : share > 0               ? share
                                     : 1;
}

/* The URL's place in the text stands in for its address, which moves while
 * the text grows. */
static aw_rc take_row(void *self, const struct aw_url_row *row, bool *more,
                      struct aw_err *err)
{
    struct aw_frontier_host *host = self;
    struct aw_url_batch *batch = host->batch;

    if (is_open(host, row->id))
        return AW_OK;
    batch->rows[batch->count] = *row;
    batch->rows[batch->count].hash = (int64_t)batch->text.len;
    aw_buf_put(&batch->text, row->url);
    batch->count++;
    *more = batch->count < batch->cap;
    return aw_buf_check(&batch->text, err);
}

aw_rc aw_host_load(struct aw_frontier *f, struct aw_frontier_host *host,
                   struct aw_err *err)
{
    size_t size = batch_size(f);
    struct aw_url_batch *batch;
    aw_rc rc;

    aw_host_drop_batch(host);
    batch = calloc(1, sizeof *batch + size * sizeof *batch->rows);
    if (!batch)
        return aw_fail(err, AW_NOMEM, "out of memory");
    host->batch = batch;
    batch->cap = size;
    aw_buf_init(&batch->text, BATCH_TEXT_MAX);
    rc = aw_store_urls_queued(f->config.store, host->id,
                              (int64_t)(size + host->open_count), take_row,
                              host, err);
    for (size_t i = 0; i < batch->count; i++) {
        struct aw_url_row *row = &batch->rows[i];

        row->url.ptr = batch->text.ptr + row->hash;
        row->hash = 0;
    }
    host->more = batch->count == batch->cap; /* else that was all */
    return rc;
}
