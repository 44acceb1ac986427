#include "crawler/render_once.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "crawler/agent.h"
#include "crawler/render_process.h"
#include "crawler/render_record.h"
#include "crawler/robots.h"
#include "crawler/url.h"

#define WAIT_MS 100
#define ROBOTS_HOPS 5

struct once {
    const struct aw_render_once_input *in;
    struct aw_buf *out; /* JSON */
    struct aw_loop *loop;
    struct aw_address_policy policy;
    struct aw_buf agent;
    struct aw_str origin;
    struct aw_robots *robots; /* NULL: all is allowed */
    struct aw_render_pool *pool;
    struct aw_warc_writer *warc;
    /* Of robots.txt. */
    struct aw_buf url;
    int status;
    struct aw_buf body;
    bool over;
    aw_rc rc; /* what failed in a callback */
    struct aw_err err;
};

static void note_failure(struct once *o, aw_rc rc, const struct aw_err *err)
{
    if (rc == AW_OK || o->rc != AW_OK)
        return;
    o->rc = rc;
    o->err = *err;
}

static struct aw_fetch_config fetch_config(struct once *o)
{
    const struct aw_config *config = o->in->config;

    return (struct aw_fetch_config){
        .loop = o->loop,
        .clock = o->in->clock,
        .policy = &o->policy,
        .user_agent = o->agent.ptr,
        .resolve = (const char *const *)config->network.resolve,
        .resolve_count = config->network.resolve_count,
        .ca_file = o->in->ca_file,
        .timeout_ms = config->crawl.timeout_ms,
        .body_max = config->crawl.body_max,
        .head_max = config->crawl.head_max,
        .speed_min = config->crawl.speed_min,
        .speed_ms = config->crawl.speed_ms,
        .connections = 1,
    };
}

/* ---- robots.txt --------------------------------------------------------- */

static void on_robots(void *self, const struct aw_fetch_result *r)
{
    struct once *o = self;
    struct aw_err err = {0};
    aw_rc rc = AW_OK;

    o->over = true;
    o->status = r->rc == AW_OK ? r->status : 0;
    aw_buf_reset(&o->body);
    aw_buf_put(&o->body, aw_str_sub(r->body, 0, AW_ROBOTS_MAX));
    if (r->rc != AW_OK)
        rc = aw_fail(&err, AW_NET, "robots.txt of '%.*s': %s",
                     AW_STR_ARG(o->origin), r->why);
    else if (r->status >= 300 && r->status < 400) {
        struct aw_buf next;

        aw_buf_init(&next, AW_URL_MAX);
        rc = aw_url_canonical(aw_buf_str(&o->url), r->location, &next, &err);
        aw_buf_deinit(&o->url);
        o->url = next;
    }
    note_failure(o, rc, &err);
}

static aw_rc ask_robots(struct once *o, struct aw_fetcher *fetcher,
                        struct aw_err *err)
{
    struct aw_fetch_request request = {.url = aw_buf_str(&o->url),
                                       .robots = true};
    aw_rc rc = aw_fetch_start(fetcher, &request, err);

    o->over = false;
    while (rc == AW_OK && !o->over) {
        int wait = WAIT_MS;

        aw_fetch_tick(fetcher, &wait);
        rc = aw_loop_wait(o->loop, wait < WAIT_MS ? wait : WAIT_MS, err);
    }
    if (rc == AW_OK && o->rc != AW_OK) {
        *err = o->err;
        return o->rc;
    }
    return rc;
}

static aw_rc take_robots(struct once *o, struct aw_err *err)
{
    if (o->status >= 200 && o->status < 300)
        return aw_robots_new(&o->robots, aw_buf_str(&o->body), err);
    if (o->status >= 400 && o->status < 500)
        return AW_OK;
    return aw_fail(err, AW_NET, "robots.txt of '%.*s': http %d",
                   AW_STR_ARG(o->origin), o->status);
}

static aw_rc learn_robots(struct once *o, struct aw_err *err)
{
    struct aw_fetch_config config = fetch_config(o);
    struct aw_fetcher *fetcher = NULL;
    aw_rc rc;

    config.done = on_robots;
    config.self = o;
    rc = aw_fetcher_new(&fetcher, &config, err);
    aw_buf_printf(&o->url, "%.*s/robots.txt", AW_STR_ARG(o->origin));
    for (int i = 0; rc == AW_OK && i <= ROBOTS_HOPS; i++) {
        rc = ask_robots(o, fetcher, err);
        if (o->status < 300 || o->status >= 400)
            break;
    }
    aw_fetcher_free(fetcher);
    return rc == AW_OK ? take_robots(o, err) : rc;
}

static const char *refusal(const struct once *o, struct aw_str url)
{
    struct aw_url_parts parts;
    struct aw_err ignored;

    if (aw_url_parse(url, &parts, &ignored) != AW_OK ||
        !aw_str_eq(parts.origin, o->origin))
        return "it leads to another site, whose robots.txt is not known";
    if (o->robots &&
        !aw_robots_allowed(o->robots, aw_str_of(o->in->config->agent.name),
                           parts.target, NULL))
        return "robots.txt forbids it";
    return NULL;
}

/* ---- the page ----------------------------------------------------------- */

static const char *may_visit(void *self, void *job, struct aw_str url)
{
    (void)job;
    return refusal(self, url);
}

static void on_fetched(void *self, void *job, struct aw_str url,
                       const struct aw_fetch_result *answer)
{
    struct once *o = self;
    struct aw_err err;
    aw_rc rc = aw_render_put_answer(o->warc, url, o->in->url, answer, &err);

    (void)job;
    if (rc != AW_INVALID && rc != AW_LIMIT)
        note_failure(o, rc, &err);
}

static aw_rc write_file(struct once *o, const char *name, struct aw_str bytes,
                        struct aw_err *err)
{
    char path[AW_PATH_MAX];
    aw_rc rc = aw_path_join(path, o->in->out_dir, name, err);

    return rc == AW_OK ? aw_file_write(path, bytes, err) : rc;
}

static void on_dom(void *self, void *job, struct aw_str html, bool cut)
{
    struct once *o = self;
    struct aw_render_record record;
    struct aw_err err;
    aw_rc rc = aw_render_put_dom(o->warc, o->in->url, html, &record, &err);

    (void)cut;
    if (rc == AW_OK)
        rc = write_file(o, "page.html", html, &err);
    note_failure(o, rc, &err);
    aw_render_mark(o->pool, job, o->in->quotes, o->in->quote_count);
}

static void put_box(struct once *o, const struct aw_render_box *box)
{
    aw_json_open(o->out, NULL, '{');
    aw_json_text(o->out, "quote", o->in->quotes[box->quote]);
    aw_json_int(o->out, "x", box->x);
    aw_json_int(o->out, "y", box->y);
    aw_json_int(o->out, "width", box->width);
    aw_json_int(o->out, "height", box->height);
    aw_json_close(o->out, '}');
}

static aw_rc put_shot(struct once *o, const struct aw_render_shot *shot,
                      struct aw_err *err)
{
    struct aw_render_record record;
    char name[32];
    aw_rc rc = aw_render_put_shot(o->warc, o->in->url, shot, &record, err);

    (void)snprintf(name, sizeof name, "%s.png", shot->kind);
    if (rc == AW_OK)
        rc = write_file(o, name, shot->png, err);
    if (rc != AW_OK)
        return rc;
    aw_json_open(o->out, NULL, '{');
    aw_json_text(o->out, "file", aw_str_of(name));
    aw_json_text(o->out, "uri", aw_str_of(record.uri));
    aw_json_text(o->out, "sha256", aw_str_of(record.digest));
    aw_json_int(o->out, "width", shot->width);
    aw_json_int(o->out, "height", shot->height);
    aw_json_open(o->out, "boxes", '[');
    for (size_t i = 0; i < shot->box_count; i++)
        put_box(o, &shot->boxes[i]);
    aw_json_close(o->out, ']');
    aw_json_close(o->out, '}');
    return AW_OK;
}

static void on_done(void *self, void *job,
                    const struct aw_render_result *result)
{
    struct once *o = self;
    struct aw_render_record record;
    struct aw_err err;
    aw_rc rc = AW_OK;

    (void)job;
    o->over = true;
    aw_json_open(o->out, NULL, '{');
    aw_render_info(o->out, result);
    aw_json_open(o->out, "screenshots", '[');
    for (size_t i = 0; i < result->shot_count && rc == AW_OK; i++)
        rc = put_shot(o, &result->shots[i], &err);
    aw_json_close(o->out, ']');
    aw_json_close(o->out, '}');
    aw_buf_putc(o->out, '\n');
    if (rc == AW_OK)
        rc = aw_render_put_info(o->warc, o->in->url, result, &record, &err);
    if (rc == AW_OK && result->rc != AW_OK)
        rc = aw_fail(&err, AW_FAIL, "not rendered: %s", result->why);
    note_failure(o, rc, &err);
}

/* ---- all of it ---------------------------------------------------------- */

static aw_rc start_pool(struct once *o, const char *program,
                        struct aw_err *err)
{
    struct aw_render_pool_config config = {
        .limits = &o->in->config->render,
        .program = program,
        .network = o->in->network,
        .fetch = fetch_config(o),
        .calls = {may_visit, on_fetched, on_dom, on_done},
        .self = o,
    };

    return aw_render_pool_new(&o->pool, &config, err);
}

static aw_rc start_archive(struct once *o, struct aw_err *err)
{
    char dir[AW_PATH_MAX];
    struct aw_warc_config config = {
        .dir = dir,
        .prefix = "adwatch-rendered",
        .info = "software: adwatch " AW_VERSION "\r\n"
                "format: WARC File Format 1.1\r\n",
        .clock = o->in->clock,
        .rng = o->in->rng,
    };
    aw_rc rc = aw_path_join(dir, o->in->out_dir, "archive", err);

    if (rc == AW_OK)
        rc = aw_mkdirs(dir, err);
    return rc == AW_OK ? aw_warc_writer_new(&o->warc, &config, err) : rc;
}

static aw_rc look(struct once *o, struct aw_err *err)
{
    aw_rc rc = aw_render_ask(o->pool, o->in->url, NULL, o, err);

    o->over = false;
    while (rc == AW_OK && !o->over && o->rc == AW_OK) {
        int wait = WAIT_MS;

        aw_render_tick(o->pool, &wait);
        rc = aw_loop_wait(o->loop, wait < WAIT_MS ? wait : WAIT_MS, err);
    }
    if (rc == AW_OK)
        rc = aw_warc_close(o->warc, err);
    if (rc == AW_OK && o->rc != AW_OK) {
        *err = o->err;
        return o->rc;
    }
    return rc;
}

static aw_rc run(struct once *o, struct aw_err *err)
{
    const struct aw_network_config *network = &o->in->config->network;
    struct aw_url_parts parts;
    char program[AW_PATH_MAX];
    const char *why;
    aw_rc rc = aw_browser_find(o->in->config->render.program, program, err);

    if (rc == AW_OK && o->in->config->render.browsers == 0)
        rc = aw_fail(err, AW_CONFIG, "render.browsers is 0: make it 1");
    if (rc == AW_OK)
        rc = aw_url_parse(o->in->url, &parts, err);
    if (rc == AW_OK)
        rc = aw_address_policy_init(&o->policy,
                                    (const char *const *)network->allow,
                                    network->allow_count, err);
    if (rc == AW_OK)
        rc = aw_loop_new(&o->loop, err);
    if (rc != AW_OK)
        return rc;
    o->origin = parts.origin;
    aw_agent_put(&o->agent, &o->in->config->agent);
    rc = learn_robots(o, err);
    why = rc == AW_OK ? refusal(o, o->in->url) : NULL;
    if (why)
        return aw_fail(err, AW_NET, "'%.200s': %s", o->in->url.ptr, why);
    if (rc == AW_OK)
        rc = start_archive(o, err);
    if (rc == AW_OK)
        rc = start_pool(o, program, err);
    return rc == AW_OK ? look(o, err) : rc;
}

aw_rc aw_render_once(const struct aw_render_once_input *input,
                     struct aw_buf *out, struct aw_err *err)
{
    struct once o = {.in = input, .out = out};
    aw_rc rc;

    aw_buf_init(&o.agent, AW_AGENT_MAX);
    aw_buf_init(&o.url, AW_URL_MAX + 16);
    aw_buf_init(&o.body, AW_ROBOTS_MAX);
    rc = run(&o, err);
    aw_render_pool_free(o.pool);
    aw_warc_writer_free(o.warc);
    aw_robots_free(o.robots);
    aw_loop_free(o.loop);
    aw_buf_deinit(&o.agent);
    aw_buf_deinit(&o.url);
    aw_buf_deinit(&o.body);
    return rc;
}
