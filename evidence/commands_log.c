#include "evidence/environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "store/audit.h"

#define ARENA_MAX ((size_t)64 << 20)
#define SUBJECT_MAX 64
#define TIME_WIDTH 24 /* of "2026-11-23T02:13:00.123Z" */

struct commands {
    struct aw_buf *out;
    int64_t finding;
    int64_t left; /* events of this kind that may still be written */
};

/* "UTC  Beijing  " in front of each line. */
static void put_time(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso_ms(wall_ms, text);
    aw_buf_printf(out, "%s  ", text);
    aw_time_beijing(wall_ms, text);
    aw_buf_printf(out, "%s  ", text);
}

/* Texts are in quotes, escaped as JSON: none can begin a line of its own. */
static void put_text(struct aw_buf *out, const char *name, struct aw_str text)
{
    struct aw_buf quoted;

    if (text.len == 0)
        return;
    aw_buf_init(&quoted, out->max);
    aw_json_text(&quoted, NULL, text);
    aw_buf_printf(out, " %s=", name);
    aw_buf_put(out, aw_buf_str(&quoted));
    if (quoted.rc != AW_OK)
        out->rc = quoted.rc;
    aw_buf_deinit(&quoted);
}

static void put_run(struct aw_buf *out, const struct aw_run *run,
                    const char *what, int64_t at_ms)
{
    put_time(out, at_ms);
    aw_buf_printf(out, "run %lld %s", (long long)run->id, what);
    put_text(out, "kind", run->kind);
}

static aw_rc log_run(void *self, const struct aw_run *run, struct aw_err *err)
{
    struct aw_buf *out = self;

    put_run(out, run, "begins", run->started_ms);
    put_text(out, "tool", run->tool);
    put_text(out, "lexicon", run->lexicon_hash);
    put_text(out, "model", run->model_hash);
    aw_buf_putc(out, '\n');
    if (run->ended_ms > 0) {
        put_run(out, run, "ends", run->ended_ms);
        put_text(out, "state", run->state);
        aw_buf_putc(out, '\n');
    }
    return aw_buf_check(out, err);
}

static bool may_write(struct commands *c)
{
    if (c->left == 0)
        aw_buf_puts(c->out, "... and more\n");
    return c->left-- > 0;
}

static aw_rc log_decision(void *self, const struct aw_decision_row *row,
                          struct aw_err *err)
{
    struct commands *c = self;

    if (!may_write(c))
        return AW_OK;
    put_time(c->out, row->at_ms);
    aw_buf_printf(c->out, "decision %lld finding %lld", (long long)row->id,
                  (long long)c->finding);
    put_text(c->out, "who", row->who);
    put_text(c->out, "action", row->action);
    put_text(c->out, "reason", row->reason);
    put_text(c->out, "hash", row->hash);
    aw_buf_putc(c->out, '\n');
    return aw_buf_check(c->out, err);
}

static aw_rc log_audit(void *self, const struct aw_audit_row *row,
                       struct aw_err *err)
{
    struct commands *c = self;

    if (!may_write(c))
        return AW_OK;
    put_time(c->out, row->at_ms);
    aw_buf_printf(c->out, "audit %lld", (long long)row->id);
    put_text(c->out, "who", row->who);
    put_text(c->out, "action", row->action);
    put_text(c->out, "subject", row->subject);
    put_text(c->out, "detail", row->detail);
    put_text(c->out, "hash", row->hash);
    aw_buf_putc(c->out, '\n');
    return aw_buf_check(c->out, err);
}

static aw_rc log_finding(struct aw_store *store, int64_t id,
                         struct aw_buf *out, struct aw_err *err)
{
    struct commands c = {out, id, AW_ENVIRONMENT_EVENTS_MAX};
    char subject[SUBJECT_MAX];
    struct aw_audit_filter filter = {.limit = AW_ENVIRONMENT_EVENTS_MAX + 1};
    aw_rc rc = aw_store_decisions(store, id, log_decision, &c, err);

    (void)snprintf(subject, sizeof subject, "finding %lld", (long long)id);
    filter.subject = aw_str_of(subject);
    c.left = AW_ENVIRONMENT_EVENTS_MAX;
    return rc == AW_OK ? aw_store_audits(store, &filter, log_audit, &c, err)
                       : rc;
}

/* The run in which the first of them was seen; 0: of something handed in
 * before there were runs. */
static aw_rc find_first_run(struct aw_store *store, const int64_t *findings,
                            size_t count, int64_t *run, struct aw_err *err)
{
    struct aw_arena arena;
    aw_rc rc = AW_OK;

    *run = INT64_MAX;
    aw_arena_init(&arena, ARENA_MAX);
    for (size_t i = 0; i < count && rc == AW_OK; i++) {
        struct aw_finding finding;
        struct aw_capture capture = {0};

        aw_arena_reset(&arena);
        rc = aw_store_finding_get(store, &arena, findings[i], &finding, err);
        if (rc == AW_OK)
            rc = aw_store_capture_get(store, &arena, finding.first_capture,
                                      &capture, err);
        if (rc == AW_OK && capture.run < *run)
            *run = capture.run;
    }
    aw_arena_deinit(&arena);
    return rc;
}

/* ---- in the order of time -----------------------------------------------
 */

/* Lines begin with their time in UTC, all of one width; what tells that there
 * is more begins with none, and goes last. Of one time the first written is
 * first. */
static int by_time(const void *a, const void *b)
{
    const struct aw_str *x = a;
    const struct aw_str *y = b;
    bool x_more = x->ptr[0] == '.';
    bool y_more = y->ptr[0] == '.';
    int order = x_more - y_more;

    if (order == 0 && !x_more)
        order = aw_str_cmp(aw_str_sub(*x, 0, TIME_WIDTH),
                           aw_str_sub(*y, 0, TIME_WIDTH));
    return order != 0 ? order : (x->ptr > y->ptr) - (x->ptr < y->ptr);
}

static size_t split(struct aw_str text, struct aw_str *lines)
{
    size_t count = 0;
    struct aw_str line;

    while (aw_str_split(&text, '\n', &line)) {
        if (line.len == 0)
            continue;
        if (lines)
            lines[count] = line;
        count++;
    }
    return count;
}

static aw_rc sort_lines(struct aw_str text, struct aw_buf *out,
                        struct aw_err *err)
{
    size_t count = split(text, NULL);
    struct aw_str *lines = calloc(count + 1, sizeof *lines);

    if (!lines)
        return aw_fail(err, AW_NOMEM, "out of memory");
    (void)split(text, lines);
    qsort(lines, count, sizeof *lines, by_time);
    for (size_t i = 0; i < count; i++) {
        aw_buf_put(out, lines[i]);
        aw_buf_putc(out, '\n');
    }
    free(lines);
    return aw_buf_check(out, err);
}

aw_rc aw_commands_log(struct aw_buf *out, struct aw_store *store,
                      const int64_t *findings, size_t count,
                      struct aw_err *err)
{
    struct aw_buf lines;
    int64_t first;
    aw_rc rc = find_first_run(store, findings, count, &first, err);

    aw_buf_init(&lines, out->max);
    if (rc == AW_OK)
        rc = aw_store_runs(store, first, AW_ENVIRONMENT_RUNS_MAX, log_run,
                           &lines, err);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = log_finding(store, findings[i], &lines, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&lines, err);
    if (rc == AW_OK)
        rc = sort_lines(aw_buf_str(&lines), out, err);
    aw_buf_deinit(&lines);
    return rc;
}
