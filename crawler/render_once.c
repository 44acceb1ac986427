#include "crawler/render_once.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/json.h"
#include "crawler/archive_info.h"
#include "crawler/once.h"
#include "crawler/render_process.h"
#include "crawler/render_record.h"

#define WAIT_MS 100

struct once {
    const struct aw_render_once_input *in;
    struct aw_buf *out; /* JSON */
    struct aw_once rules;
    struct aw_render_pool *pool;
    struct aw_warc_writer *warc;
    struct aw_fetch_chains chains;
    struct aw_render_answers answers;
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

/* ---- the page ----------------------------------------------------------- */

static const char *may_visit(void *self, void *job, struct aw_str url)
{
    const struct once *o = self;

    (void)job;
    return aw_once_refusal(&o->rules, url);
}

static void on_fetched(void *self, void *job,
                       const struct aw_render_fetched *fetched)
{
    struct once *o = self;
    struct aw_err err;
    aw_rc rc =
        aw_render_put_answer(o->warc, &o->answers, fetched, o->in->url, &err);

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

static void on_dom(void *self, void *job, struct aw_str html, bool whole)
{
    struct once *o = self;
    struct aw_render_record record;
    struct aw_err err;
    aw_rc rc = aw_render_put_dom(o->warc, o->in->url, html, &record, &err);

    (void)whole;
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
    aw_json_int(o->out, "resources", result->resources);
    aw_json_open(o->out, "screenshots", '[');
    for (size_t i = 0; i < result->shot_count && rc == AW_OK; i++)
        rc = put_shot(o, &result->shots[i], &err);
    aw_json_close(o->out, ']');
    aw_json_close(o->out, '}');
    aw_buf_putc(o->out, '\n');
    if (rc == AW_OK)
        rc = aw_render_put_info(o->warc, o->in->url, result, &o->answers,
                                &record, &err);
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
        .fetch = aw_once_fetch_config(&o->rules),
        .calls = {may_visit, on_fetched, on_dom, on_done},
        .self = o,
    };

    return aw_render_pool_new(&o->pool, &config, err);
}

static aw_rc start_archive(struct once *o, struct aw_err *err)
{
    char dir[AW_PATH_MAX];
    struct aw_buf info;
    struct aw_warc_config config = {
        .dir = dir,
        .prefix = "adwatch-rendered",
        .clock = o->in->clock,
        .rng = o->in->rng,
    };
    aw_rc rc = aw_path_join(dir, o->in->out_dir, "archive", err);

    aw_buf_init(&info, AW_WARC_INFO_MAX);
    aw_archive_info(&info, o->in->clock);
    config.info = info.ptr;
    if (rc == AW_OK)
        rc = aw_mkdirs(dir, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&info, err);
    if (rc == AW_OK)
        rc = aw_warc_writer_new(&o->warc, &config, err);
    aw_buf_deinit(&info);
    return rc;
}

static aw_rc look(struct once *o, struct aw_err *err)
{
    aw_rc rc = aw_render_ask(o->pool, o->in->url, NULL, o, err);

    o->over = false;
    while (rc == AW_OK && !o->over && o->rc == AW_OK) {
        int wait = WAIT_MS;

        aw_render_tick(o->pool, &wait);
        rc = aw_loop_wait(o->rules.loop, wait < WAIT_MS ? wait : WAIT_MS, err);
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
    const struct aw_render_once_input *in = o->in;
    char program[AW_PATH_MAX];
    aw_rc rc = aw_browser_find(in->config->render.program, program, err);

    if (rc == AW_OK && in->config->render.browsers == 0)
        rc = aw_fail(err, AW_CONFIG, "render.browsers is 0: make it 1");
    if (rc == AW_OK)
        rc = aw_once_enter(&o->rules, in->url, err);
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
    aw_rc rc = aw_once_init(&o.rules, input->config, input->ca_file,
                            input->clock, err);

    aw_render_answers_init(&o.answers, &o.chains, false);
    if (rc == AW_OK)
        rc = run(&o, err);
    aw_render_pool_free(o.pool);
    aw_warc_writer_free(o.warc);
    aw_render_answers_deinit(&o.answers);
    aw_fetch_chains_deinit(&o.chains);
    aw_once_deinit(&o.rules);
    return rc;
}
