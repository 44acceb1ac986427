#include <cjson/cJSON.h>
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "reports/text.h"

#define OUTPUT_MAX ((size_t)256 << 20)

struct status {
    cJSON *sources; /* by name: {"done":n,"failed":{"why":n},...} */
    cJSON *findings;
};

static cJSON *object_at(cJSON *parent, const char *key)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(parent, key);

    return item ? item : cJSON_AddObjectToObject(parent, key);
}

static void add_count(cJSON *parent, const char *key, int64_t count)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(parent, key);

    if (item)
        cJSON_SetNumberValue(item, item->valuedouble + (double)count);
    else
        cJSON_AddNumberToObject(parent, key, (double)count);
}

/* Texts of the store end with a NUL: SQLite adds one. */
static aw_rc count_url(void *self, struct aw_str source, struct aw_str state,
                       struct aw_str reason, int64_t count, struct aw_err *err)
{
    struct status *status = self;
    cJSON *at = object_at(status->sources, source.ptr);

    (void)err;
    add_count(at, state.ptr, count);
    if (reason.len > 0)
        add_count(object_at(at, "reasons"), reason.ptr, count);
    return AW_OK;
}

static aw_rc count_finding(void *self, struct aw_str source,
                           struct aw_str state, struct aw_str reason,
                           int64_t count, struct aw_err *err)
{
    struct status *status = self;

    (void)source;
    (void)reason;
    (void)err;
    add_count(status->findings, state.ptr, count);
    return AW_OK;
}

static void put_counts(struct aw_buf *out, const cJSON *counts,
                       const char *indent)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, counts) {
        if (cJSON_IsNumber(item))
            aw_buf_printf(out, "%s%-10s %.0f\n", indent, item->string,
                          item->valuedouble);
    }
}

/* A reason may quote a line of some robots.txt. */
static void put_reasons(struct aw_buf *out, const cJSON *reasons)
{
    const cJSON *item;

    cJSON_ArrayForEach (item, reasons) {
        aw_buf_printf(out, "      %6.0f  ", item->valuedouble);
        aw_text_tame(out, aw_str_of(item->string));
        aw_buf_putc(out, '\n');
    }
}

static void put_text(struct aw_buf *out, const struct aw_run *run,
                     const struct status *status)
{
    char began[AW_TIME_MAX];
    const cJSON *source;

    aw_time_beijing(run->started_ms, began);
    aw_buf_printf(out, "run %" PRId64 " of %s: %.*s\n", run->id, began,
                  AW_STR_ARG(run->state));
    cJSON_ArrayForEach (source, status->sources) {
        aw_buf_puts(out, "  ");
        aw_text_tame(out, aw_str_of(source->string));
        aw_buf_putc(out, '\n');
        put_counts(out, source, "    ");
        put_reasons(out, cJSON_GetObjectItemCaseSensitive(source, "reasons"));
    }
    aw_buf_puts(out, "findings, of all runs\n");
    put_counts(out, status->findings, "    ");
}

static aw_rc print_text(const struct aw_run *run, const struct status *status,
                        struct aw_err *err)
{
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, OUTPUT_MAX);
    put_text(&out, run, status);
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

static aw_rc print_json(const struct aw_run *run, struct status *status,
                        struct aw_err *err)
{
    cJSON *line = cJSON_CreateObject();
    char began[AW_TIME_MAX];
    char *text;
    aw_rc rc = AW_OK;

    aw_time_iso(run->started_ms, began);
    cJSON_AddNumberToObject(line, "run", (double)run->id);
    cJSON_AddStringToObject(line, "state", run->state.ptr);
    cJSON_AddStringToObject(line, "started", began);
    cJSON_AddItemReferenceToObject(line, "sources", status->sources);
    cJSON_AddItemReferenceToObject(line, "findings", status->findings);
    text = cJSON_PrintUnformatted(line);
    if (text)
        (void)printf("%s\n", text);
    else
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    cJSON_free(text);
    cJSON_Delete(line);
    return rc;
}

static aw_rc report(struct aw_cli *cli, struct aw_store *store,
                    struct status *status, struct aw_err *err)
{
    struct aw_run run = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_store_run_last(store, &arena, &run, err);
    if (rc == AW_OK)
        rc = aw_store_url_counts(store, run.id, count_url, status, err);
    if (rc == AW_OK)
        rc = aw_store_finding_counts(store, count_finding, status, err);
    if (rc == AW_OK && aw_cli_value(cli, "json"))
        rc = print_json(&run, status, err);
    else if (rc == AW_OK)
        rc = print_text(&run, status, err);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct status status = {cJSON_CreateObject(), cJSON_CreateObject()};
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc == AW_OK)
        rc = report(cli, ws.store, &status, err);
    aw_workspace_close(&ws);
    cJSON_Delete(status.sources);
    cJSON_Delete(status.findings);
    return rc;
}

static const struct aw_option options[] = {{"json", NULL,
                                            "print one line of JSON"},
                                           {NULL, NULL, NULL}};

const struct aw_command aw_cmd_status = {
    .name = "status",
    .words = "",
    .summary = "the last run: coverage by source, and why pages are missing",
    .text = "",
    .options = options,
    .run = run,
};
