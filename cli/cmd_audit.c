#include <cjson/cJSON.h>
#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "reports/text.h"
#include "review/audit.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

/* ---- verify, head --------------------------------------------------------
 */

static aw_rc verify(struct aw_cli *cli, struct aw_store *store,
                    struct aw_err *err)
{
    const char *text = aw_cli_value(cli, "head");
    struct aw_audit_head known, head;
    char last[AW_AUDIT_HEAD_MAX];
    int64_t count = 0;
    aw_rc rc;

    if (text && !aw_audit_head_parse(aw_str_of(text), &known))
        return aw_cli_usage(cli, err, "'%s' is no head: give ID:HASH", text);
    rc = aw_audit_verify(store, text ? &known : NULL, &count, &head, err);
    if (rc == AW_INVALID)
        return aw_fail_in(err, "%lld rows are right; then", (long long)count);
    if (rc != AW_OK)
        return rc;
    aw_audit_head_text(&head, last);
    (void)printf("%lld rows are as they were written, the last one %s\n",
                 (long long)count, count > 0 ? last : "none");
    return AW_OK;
}

static aw_rc print_head(struct aw_cli *cli, struct aw_store *store,
                        struct aw_err *err)
{
    struct aw_audit_head head;
    char text[AW_AUDIT_HEAD_MAX];
    aw_rc rc = aw_audit_head(store, &head, err);

    (void)cli;
    if (rc == AW_OK && head.id == 0)
        return aw_fail(err, AW_MISSING, "nothing was audited yet");
    if (rc != AW_OK)
        return rc;
    aw_audit_head_text(&head, text);
    (void)printf("%s\n", text);
    return AW_OK;
}

/* ---- list ----------------------------------------------------------------
 */

struct listing {
    bool json;
    struct aw_buf line;
};

/* Our own JSON, unless somebody was at the store. */
static bool is_object(struct aw_str text)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text.ptr ? text.ptr : "", text.len,
                                            &end, false);
    bool is = cJSON_IsObject(json) && end == text.ptr + text.len;

    cJSON_Delete(json);
    return is;
}

static void put_json(struct aw_buf *out, const struct aw_audit_row *row,
                     const char *at)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", row->id);
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_int(out, "at_ms", row->at_ms);
    aw_json_text(out, "who", row->who);
    aw_json_text(out, "action", row->action);
    aw_json_text(out, "subject", row->subject);
    if (is_object(row->detail))
        aw_json_raw(out, "detail", row->detail);
    else
        aw_json_text(out, "detail", row->detail);
    aw_json_text(out, "previous", row->previous);
    aw_json_text(out, "hash", row->hash);
    aw_json_close(out, '}');
}

static void put_text(struct aw_buf *out, const struct aw_audit_row *row,
                     const char *at)
{
    aw_buf_printf(out, "%6lld  %s  ", (long long)row->id, at);
    aw_text_tame(out, row->who);
    aw_buf_puts(out, "  ");
    aw_text_tame(out, row->action);
    aw_buf_puts(out, "  ");
    aw_text_tame(out, row->subject);
    aw_buf_puts(out, "  ");
    aw_text_tame(out, row->detail);
}

static aw_rc print_row(void *self, const struct aw_audit_row *row,
                       struct aw_err *err)
{
    struct listing *listing = self;
    struct aw_buf *line = &listing->line;
    char at[AW_TIME_MAX];
    aw_rc rc;

    aw_buf_reset(line);
    if (listing->json) {
        aw_time_iso_ms(row->at_ms, at);
        put_json(line, row, at);
    } else {
        aw_time_beijing(row->at_ms, at);
        put_text(line, row, at);
    }
    aw_buf_putc(line, '\n');
    rc = aw_buf_check(line, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(line), err) : rc;
}

static aw_rc list(struct aw_cli *cli, struct aw_store *store,
                  struct aw_err *err)
{
    struct aw_audit_filter filter = {
        .who = aw_str_of(aw_cli_value(cli, "who")),
        .action = aw_str_of(aw_cli_value(cli, "action")),
        .subject = aw_str_of(aw_cli_value(cli, "subject"))};
    struct listing listing = {.json = aw_cli_value(cli, "json") != NULL};
    aw_rc rc;

    if (!aw_beijing_days_parse(aw_str_of(aw_cli_value(cli, "from")),
                               aw_str_of(aw_cli_value(cli, "to")),
                               &filter.from_ms, &filter.to_ms))
        return aw_cli_usage(cli, err, "give days as YYYY-MM-DD");
    rc = aw_cli_number(cli, "after", 0, INT64_MAX, &filter.after, err);

    if (rc == AW_OK)
        rc = aw_cli_number(cli, "limit", 1, INT64_MAX, &filter.limit, err);
    if (rc != AW_OK)
        return rc;
    aw_buf_init(&listing.line, LINE_MAX_BYTES);
    rc = aw_store_audits(store, &filter, print_row, &listing, err);
    aw_buf_deinit(&listing.line);
    return rc;
}

/* ---- the command ---------------------------------------------------------
 */

static const struct {
    const char *name;
    aw_rc (*run)(struct aw_cli *cli, struct aw_store *store,
                 struct aw_err *err);
} parts[] = {{"verify", verify}, {"list", list}, {"head", print_head}};
#define PARTS (sizeof parts / sizeof *parts)

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    size_t part = 0;
    aw_rc rc;

    while (part < PARTS && strcmp(cli->words[0], parts[part].name) != 0)
        part++;
    if (part == PARTS)
        return aw_cli_usage(cli, err, "'%s' is neither verify, list nor head",
                            cli->words[0]);
    rc = aw_workspace_open(&ws, cli, false, err);
    if (rc == AW_OK)
        rc = parts[part].run(cli, ws.store, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {
    {"head", "ID:HASH", "verify: a head that stands elsewhere"},
    {"json", NULL, "list: print JSON lines"},
    {"who", "NAME", "list: what this person did"},
    {"action", "ACTION", "list: decision, view, login ..."},
    {"subject", "TEXT", "list: \"finding 7\", \"decision 12\" ..."},
    {"from", "DAY", "list: from this day on, in Beijing: YYYY-MM-DD"},
    {"to", "DAY", "list: up to this day, which is within"},
    {"after", "ID", "list: rows behind this one"},
    {"limit", "N", "list: so many at most"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_audit = {
    .name = "audit",
    .words = "verify | list | head",
    .words_min = 1,
    .words_max = 1,
    .summary = "who did what, in a chain of hashes; check that it is whole",
    .text =
        "verify walks the whole chain, and that of the decisions: rows that "
        "were changed,\ntaken out or put in are found. Rows cut off at the "
        "end are found with --head, as\na bundle or a night's report tells "
        "it. Exit status 1 where anything is false.\n\n"
        "list prints the rows, head the number and the hash of the last one."
        "\n",
    .options = options,
    .run = run,
};
