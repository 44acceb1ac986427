#include <stdio.h>
#include <stdlib.h>

#include "crawler/crawl_render.h"

#define QUEUE_FIRST 64 /* rows */

static struct aw_render_turn *turn_of(const struct aw_crawl *c,
                                      const struct aw_beat *beat)
{
    return &c->renders->turns[beat - c->beats];
}

aw_rc aw_render_turns_init(struct aw_crawl *c, struct aw_err *err)
{
    c->renders->turns = aw_arena_array(&c->arena, c->beat_count + 1,
                                       sizeof *c->renders->turns);
    return c->renders->turns ? AW_OK : aw_arena_fail(&c->arena, err);
}

void aw_render_turns_deinit(struct aw_crawl *c)
{
    for (size_t i = 0; c->renders->turns && i < c->beat_count; i++)
        for (int k = 0; k < AW_RENDER_QUEUES; k++)
            free(c->renders->turns[i].queues[k].ids);
}

static aw_rc make_room(struct aw_render_queue *q, struct aw_err *err)
{
    size_t cap = q->cap ? 2 * q->cap : QUEUE_FIRST;
    int64_t *ids;

    if (q->count < q->cap)
        return AW_OK;
    ids = reallocarray(q->ids, cap, sizeof *ids);
    if (!ids)
        return aw_fail(err, AW_NOMEM, "out of memory");
    q->ids = ids;
    q->cap = cap;
    return AW_OK;
}

aw_rc aw_render_enqueue(struct aw_crawl *c, const struct aw_beat *beat,
                        int64_t id, struct aw_str cause, struct aw_err *err)
{
    bool is_scripted = aw_render_is_scripted(cause);
    struct aw_render_queue *q =
        &turn_of(c, beat)
             ->queues[is_scripted ? AW_RENDER_OTHERS : AW_RENDER_FINDINGS];
    aw_rc rc = make_room(q, err);

    if (rc == AW_OK)
        q->ids[q->count++] = id;
    return rc;
}

const char *aw_render_over(const struct aw_crawl *c,
                           const struct aw_beat *beat)
{
    const struct aw_source *source = beat->source;
    int64_t most_s = c->in->config->render.time_max_s;
    int64_t now = aw_clock_wall(c->in->clock);

    if (most_s > 0 && c->renders->spent_ms >= most_s * 1000)
        return "render.time_max_s";
    if (source->pages_max > 0 && turn_of(c, beat)->taken >= source->pages_max)
        return "pages_max of its source";
    if (source->bytes_max > 0 && beat->did.bytes >= source->bytes_max)
        return "bytes_max of its source";
    if (source->time_max_s > 0 && beat->began_ms > 0 &&
        now - beat->began_ms >= source->time_max_s * 1000)
        return "time_max_s of its source";
    return NULL;
}

static bool has_ready(const struct aw_render_queue *q, int64_t last)
{
    return q->next < q->count && q->ids[q->next] <= last;
}

/* The sources have their turns with their findings first, and then with the
 * rest. 0: there is none up to `last`. */
int64_t aw_render_dequeue(struct aw_crawl *c, int64_t last)
{
    struct aw_renders *renders = c->renders;

    for (int k = 0; k < AW_RENDER_QUEUES; k++)
        for (size_t i = 0; i < c->beat_count; i++) {
            size_t at = (renders->turn + i) % c->beat_count;
            struct aw_render_turn *turn = &renders->turns[at];
            struct aw_render_queue *q = &turn->queues[k];

            if (!has_ready(q, last) || aw_render_over(c, &c->beats[at]))
                continue;
            renders->turn = at + 1;
            turn->taken++;
            return q->ids[q->next++];
        }
    return 0;
}

bool aw_renders_wait(const struct aw_crawl *c)
{
    if (!c->renders->pool)
        return false;
    for (size_t i = 0; i < c->beat_count; i++)
        for (int k = 0; k < AW_RENDER_QUEUES; k++)
            if (has_ready(&c->renders->turns[i].queues[k], INT64_MAX) &&
                !aw_render_over(c, &c->beats[i]))
                return true;
    return false;
}

int64_t aw_render_left(const struct aw_crawl *c, const struct aw_beat *beat)
{
    const struct aw_render_turn *turn = turn_of(c, beat);
    int64_t left = 0;

    for (int k = 0; k < AW_RENDER_QUEUES; k++)
        left += (int64_t)(turn->queues[k].count - turn->queues[k].next);
    return left;
}
