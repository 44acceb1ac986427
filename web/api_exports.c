#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "reports/export.h"
#include "review/audit.h"
#include "review/queue.h"
#include "review/second.h"
#include "review/workdays.h"
#include "store/stats.h"
#include "web/row.h"

#define IDS_MAX 10000                   /* picked by hand, or a page */
#define ALL_MAX 2000000                 /* findings of one export */
#define BODY_MAX ((size_t)256 << 10)    /* bytes of a request */
#define FILTER_MAX ((size_t)4 << 10)    /* bytes of a query string */
#define FINDING_MAX ((size_t)64 << 20)  /* bytes of one finding */
#define DETAIL_MAX ((size_t)64 << 10)   /* bytes of an audit row */
#define DETAIL_IDS ((size_t)60 << 10)   /* of these, before the last id */
#define QUESTION_MAX ((size_t)64 << 20) /* bytes of ids and filters */

/* What is asked for, and which findings that is. */
struct order {
    enum aw_export_format format;
    struct aw_str filter; /* of scope "all"; empty where ids were given */
    bool all;
    int64_t expected; /* findings that the asker was told of; -1: not said */
    int64_t *ids;
    size_t count;
    struct aw_arena arena; /* of the ids */
};

/* ---- what is asked
 * ---------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* A small body must not ask for a large file. */
static aw_rc check_once(struct order *order, struct aw_err *err)
{
    int64_t *sorted =
        aw_arena_array(&order->arena, order->count, sizeof *sorted);

    if (!sorted)
        return aw_arena_fail(&order->arena, err);
    memcpy(sorted, order->ids, order->count * sizeof *sorted);
    qsort(sorted, order->count, sizeof *sorted, by_id);
    for (size_t i = 1; i < order->count; i++)
        if (sorted[i] == sorted[i - 1])
            return aw_fail(err, AW_INVALID, "'ids' names finding %lld twice",
                           (long long)sorted[i]);
    return AW_OK;
}

static aw_rc read_ids(struct order *order, const struct aw_body *body,
                      struct aw_err *err)
{
    size_t count = aw_body_count(body, "ids");
    aw_rc rc = AW_OK;

    if (count == 0)
        return aw_fail(err, AW_INVALID, "'ids' names no finding");
    if (count > IDS_MAX)
        return aw_fail(err, AW_LIMIT, "'ids' has more than %d findings",
                       IDS_MAX);
    order->ids = aw_arena_array(&order->arena, count, sizeof *order->ids);
    if (!order->ids)
        return aw_arena_fail(&order->arena, err);
    for (; order->count < count && rc == AW_OK; order->count++)
        rc = aw_body_int(aw_body_at(body, "ids", order->count), NULL, true, 1,
                         INT64_MAX, &order->ids[order->count], err);
    return rc == AW_OK ? check_once(order, err) : aw_fail_in(err, "'ids'");
}

static aw_rc read_format(struct order *order, const struct aw_body *body,
                         struct aw_err *err)
{
    struct aw_str word = {0};
    aw_rc rc = aw_body_text(body, "format", true, &word, err);

    if (rc == AW_OK && !aw_export_parse(word, &order->format))
        rc = aw_fail(err, AW_INVALID,
                     "'format' is none of csv, xlsx and jsonl");
    return rc;
}

static aw_rc read_scope(struct order *order, const struct aw_body *body,
                        struct aw_err *err)
{
    struct aw_str scope = {0};
    aw_rc rc = aw_body_text(body, "scope", true, &scope, err);

    if (rc != AW_OK)
        return rc;
    order->all = aw_str_eq(scope, AW_STR("all"));
    if (aw_str_eq(scope, AW_STR("ids")))
        return read_ids(order, body, err);
    if (!order->all)
        return aw_fail(err, AW_INVALID, "'scope' is neither ids nor all");
    rc = aw_body_text(body, "filter", true, &order->filter, err);
    if (rc == AW_OK && order->filter.len > FILTER_MAX)
        rc = aw_fail(err, AW_LIMIT, "'filter' is longer than %zu bytes",
                     FILTER_MAX);
    return rc;
}

static aw_rc read_order(struct order *order, struct aw_call *call,
                        struct aw_err *err)
{
    struct aw_body *body = NULL;
    aw_rc rc = aw_call_body(call, &body, err);

    order->expected = -1;
    if (rc == AW_OK)
        rc = read_format(order, body, err);
    if (rc == AW_OK)
        rc = read_scope(order, body, err);
    if (rc == AW_OK)
        rc = aw_body_int(body, "expected", false, 0, INT64_MAX,
                         &order->expected, err);
    return rc;
}

/* ---- which findings
 * ------------------------------------------------------------ */

static aw_rc ask_queue(struct order *order, struct aw_call *call,
                       struct aw_err *err)
{
    struct aw_question question = AW_QUESTION_ALL;
    aw_rc rc = aw_question_parse(&question, order->filter, &call->user,
                                 &order->arena, err);

    return rc == AW_OK ? aw_queue_ids(call->web->queue, call->store, &question,
                                      ALL_MAX, &order->arena, &order->ids,
                                      &order->count, err)
                       : rc;
}

/* Findings of other places are not there, as everywhere. */
static aw_rc check_ids(const struct order *order, struct aw_call *call,
                       struct aw_err *err)
{
    struct aw_arena arena;
    aw_rc rc = AW_OK;

    aw_arena_init(&arena, FINDING_MAX);
    for (size_t i = 0; i < order->count && rc == AW_OK; i++) {
        struct aw_queue_item item;

        aw_arena_reset(&arena);
        rc = aw_queue_item(call->web->queue, call->store, order->ids[i],
                           call->user.place, (struct aw_str){0}, &arena, &item,
                           err);
    }
    aw_arena_deinit(&arena);
    return rc;
}

/* ---- the file
 * -------------------------------------------------------------------- */

/* It has no name: what was not sent is gone with it. */
static aw_rc open_unnamed(const char *dir, int *fd, struct aw_err *err)
{
    *fd = open(dir, O_RDWR | O_TMPFILE | O_EXCL | O_CLOEXEC, 0600);
    if (*fd < 0)
        return aw_fail_errno(err, AW_IO, "cannot make a file in '%s'", dir);
    return AW_OK;
}

/* One by one: a reader who takes minutes holds no transaction that long. */
static aw_rc put_findings(struct aw_export *export, const struct order *order,
                          struct aw_store *store, struct aw_err *err)
{
    struct aw_arena arena;
    aw_rc rc = AW_OK;

    aw_arena_init(&arena, FINDING_MAX);
    for (size_t i = 0; i < order->count && rc == AW_OK; i++) {
        struct aw_finding finding = {0};

        aw_arena_reset(&arena);
        rc = aw_store_finding_get(store, &arena, order->ids[i], &finding, err);
        if (rc == AW_OK)
            rc = aw_export_add(export, store, &finding, err);
    }
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc make_file(struct aw_call *call, const struct order *order, int fd,
                       struct aw_export_told *told, struct aw_err *err)
{
    const struct aw_web *web = call->web;
    struct aw_workdays *days = NULL;
    struct aw_export *export = NULL;
    struct aw_export_config config = {.format = order->format,
                                      .fd = fd,
                                      .temp = web->workspace,
                                      .provisions = web->provisions,
                                      .who = call->user.name,
                                      .scope = order->all ? order->filter
                                                          : AW_STR("ids"),
                                      .made_ms = call->now_ms,
                                      .veiled_from =
                                          aw_second_veil(&call->user)};
    aw_rc rc = aw_workdays_new(&days, web->lexicon_dir, err);

    config.days = days;
    if (rc == AW_OK)
        rc = aw_export_new(&export, &config, err);
    if (rc == AW_OK)
        rc = put_findings(export, order, call->store, err);
    if (rc == AW_OK)
        rc = aw_export_end(export, told, err);
    aw_export_free(export);
    aw_workdays_free(days);
    return rc;
}

/* ---- what is told of it
 * ------------------------------------------------------------ */

/* As many as the row holds, and how many more there were. */
static void put_ids(struct aw_buf *detail, const struct order *order)
{
    size_t i = 0;

    aw_json_open(detail, "ids", '[');
    for (; i < order->count && detail->len < DETAIL_IDS; i++)
        aw_json_int(detail, NULL, order->ids[i]);
    aw_json_close(detail, ']');
    aw_json_int(detail, "ids_left", (int64_t)(order->count - i));
}

static aw_rc audit(struct aw_call *call, const struct order *order,
                   const struct aw_export_told *told, struct aw_err *err)
{
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_text(&detail, "format", aw_str_of(aw_export_word(order->format)));
    aw_json_text(&detail, "scope", order->all ? AW_STR("all") : AW_STR("ids"));
    aw_json_text(&detail, "filter", order->filter);
    if (!order->all)
        put_ids(&detail, order);
    aw_json_int(&detail, "findings", told->findings);
    aw_json_int(&detail, "rows", told->rows);
    aw_json_int(&detail, "rows_left", told->rows_left);
    aw_json_close(&detail, '}');
    rc = aw_buf_check(&detail, err);
    if (rc == AW_OK)
        rc = aw_audit_add(call->store, call->web->clock, call->user.name,
                          aw_audit_code(AW_AUDIT_EXPORT), (struct aw_str){0},
                          aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc put_number(struct aw_http_reply *reply, const char *name,
                        int64_t number, struct aw_err *err)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%lld", (long long)number);
    return aw_http_reply_field(reply, name, aw_str_of(text), err);
}

/* "adwatch-20261124101300.xlsx", by the time of Beijing. */
static aw_rc put_name(struct aw_call *call, enum aw_export_format format,
                      struct aw_err *err)
{
    char time[AW_TIME_MAX];
    char value[128];

    aw_time_compact(call->now_ms + AW_BEIJING_MS, time);
    (void)snprintf(value, sizeof value,
                   "attachment; filename=\"adwatch-%.14s.%s\"", time,
                   aw_export_word(format));
    return aw_http_reply_field(call->reply, "Content-Disposition",
                               aw_str_of(value), err);
}

static aw_rc reply(struct aw_call *call, const struct order *order,
                   const struct aw_export_told *told, struct aw_err *err)
{
    aw_rc rc = put_name(call, order->format, err);

    if (rc == AW_OK)
        rc = put_number(call->reply, "X-Count", told->findings, err);
    if (rc == AW_OK)
        rc = put_number(call->reply, "X-Rows", told->rows, err);
    if (rc == AW_OK)
        rc = put_number(call->reply, "X-Rows-Left", told->rows_left, err);
    call->reply->type = aw_export_type(order->format);
    return rc;
}

/* ---- all of it
 * ------------------------------------------------------------------------ */

static aw_rc send_file(struct aw_call *call, const struct order *order,
                       struct aw_err *err)
{
    struct aw_export_told told = {0};
    int fd = -1;
    aw_rc rc = open_unnamed(call->web->workspace, &fd, err);

    if (rc == AW_OK)
        rc = make_file(call, order, fd, &told, err);
    if (rc == AW_OK)
        rc = reply(call, order, &told, err);
    /* Last, so that what is audited was made; first, so that none goes out
     * that was not. */
    if (rc == AW_OK)
        rc = audit(call, order, &told, err);
    if (rc == AW_OK)
        call->reply->fd = fd;
    else if (fd >= 0)
        (void)close(fd);
    return rc;
}

static aw_rc export_ordered(struct aw_call *call, struct order *order,
                            struct aw_err *err)
{
    aw_rc rc = read_order(order, call, err);

    if (rc == AW_OK)
        rc = order->all ? ask_queue(order, call, err)
                        : check_ids(order, call, err);
    if (rc != AW_OK)
        return rc;
    if (order->expected >= 0 && (int64_t)order->count != order->expected)
        return aw_fail(err, AW_BUSY,
                       "%zu findings match by now, not %lld: look again",
                       order->count, (long long)order->expected);
    return send_file(call, order, err);
}

static aw_rc post_export(struct aw_call *call, struct aw_err *err)
{
    struct order order = {0};
    aw_rc rc;

    aw_arena_init(&order.arena, QUESTION_MAX);
    rc = export_ordered(call, &order, err);
    aw_arena_deinit(&order.arena);
    return rc;
}

static const struct aw_route routes[] = {
    {AW_METHOD_POST, "/api/v1/exports", AW_MAY_READ, post_export, BODY_MAX,
     AW_PACE_SLOW},
};

const struct aw_routes aw_routes_exports = {routes,
                                            sizeof routes / sizeof *routes};
