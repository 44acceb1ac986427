#include <string.h>

#include "base/json.h"
#include "cli/cli.h"
#include "evidence/chain.h"
#include "reports/text.h"

#define LINE_MAX_BYTES ((size_t)4 << 20)

struct work {
    struct aw_cli *cli;
    struct aw_workspace ws;
    struct aw_buf line;
    bool json;
};

/* ---- list ----------------------------------------------------------------
 */

struct officers {
    struct aw_buf *out; /* NULL: count alone */
    size_t count;
};

static aw_rc take_seal(void *self, const struct aw_seal_row *row,
                       struct aw_err *err)
{
    struct officers *officers = self;

    (void)err;
    officers->count++;
    if (officers->out)
        aw_json_text(officers->out, NULL, row->officer);
    return AW_OK;
}

static aw_rc put_json(struct work *work, const struct aw_bundle_row *row,
                      struct aw_err *err)
{
    struct aw_buf *out = &work->line;
    struct officers officers = {.out = out};
    char at[AW_TIME_MAX];
    aw_rc rc;

    aw_time_iso_ms(row->made_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "number", row->id);
    aw_json_text(out, "name", row->name);
    aw_json_text(out, "made", aw_str_of(at));
    aw_json_int(out, "made_ms", row->made_ms);
    aw_json_text(out, "who", row->who);
    aw_json_text(out, "case_no", row->case_no);
    aw_json_raw(out, "findings", row->findings);
    aw_json_text(out, "manifest", row->manifest);
    aw_json_text(out, "previous", row->previous);
    aw_json_text(out, "hash", row->hash);
    aw_json_open(out, "sealed_by", '[');
    rc = aw_store_seals(work->ws.store, row->id, take_seal, &officers, err);
    aw_json_close(out, ']');
    aw_json_text(out, "stamp", row->stamp);
    aw_json_int(out, "stamp_tries", row->stamp_tries);
    aw_json_text(out, "stamp_why", row->stamp_why);
    aw_json_close(out, '}');
    return rc;
}

static aw_rc put_text(struct work *work, const struct aw_bundle_row *row,
                      struct aw_err *err)
{
    static const char *const words[] = {"not sealed", "half sealed", "sealed"};
    struct officers officers = {0};
    struct aw_buf *out = &work->line;
    char at[AW_TIME_MAX];
    aw_rc rc =
        aw_store_seals(work->ws.store, row->id, take_seal, &officers, err);

    aw_time_beijing(row->made_ms, at);
    aw_buf_printf(out, "%6lld  %s  ", (long long)row->id, at);
    aw_text_tame(out, row->name);
    aw_buf_printf(out, "  %s  stamp ",
                  words[officers.count < 2 ? officers.count : 2]);
    aw_text_tame(out, row->stamp);
    if (row->stamp_why.len > 0) {
        aw_buf_printf(out, " (%lld tries: ", (long long)row->stamp_tries);
        aw_text_tame(out, row->stamp_why);
        aw_buf_putc(out, ')');
    }
    return rc;
}

static aw_rc print_row(void *self, const struct aw_bundle_row *row,
                       struct aw_err *err)
{
    struct work *work = self;
    aw_rc rc;

    aw_buf_reset(&work->line);
    rc = work->json ? put_json(work, row, err) : put_text(work, row, err);
    aw_buf_putc(&work->line, '\n');
    if (rc == AW_OK)
        rc = aw_buf_check(&work->line, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(&work->line), err) : rc;
}

/* ---- verify --------------------------------------------------------------
 */

static void tell(void *self, const char *name, const char *why)
{
    (void)self;
    (void)fprintf(stderr, "adwatch: %s: %s\n", name, why);
}

static aw_rc verify(struct work *work, struct aw_err *err)
{
    const char *given = aw_cli_value(work->cli, "head");
    struct aw_chain_found found;
    struct aw_chain_head known;
    char text[AW_CHAIN_HEAD_MAX];
    aw_rc rc;

    if (given && !aw_chain_head_parse(aw_str_of(given), &known))
        return aw_cli_usage(work->cli, err,
                            "--head '%s' is no head: NUMBER:HASH", given);
    rc = aw_chain_verify(work->ws.store, work->ws.bundles,
                         given ? &known : NULL, tell, NULL, &found, err);
    aw_chain_head_text(&found.head, text);
    if (rc == AW_OK || rc == AW_PARTLY || rc == AW_INVALID)
        (void)
            printf("%lld bundles hang together, %lld files are the ones "
                   "told, %lld are missing, %lld not of the chain; head %s\n",
                   (long long)found.rows, (long long)found.files,
                   (long long)found.missing, (long long)found.unknown, text);
    return rc;
}

static aw_rc run(struct work *work, struct aw_err *err)
{
    aw_rc rc = aw_workspace_open(&work->ws, work->cli, false, err);

    if (rc == AW_OK)
        rc = work->cli->word_count > 0
                 ? verify(work, err)
                 : aw_store_bundles(work->ws.store, false, print_row, work,
                                    err);
    aw_workspace_close(&work->ws);
    return rc;
}

static aw_rc bundles(struct aw_cli *cli, struct aw_err *err)
{
    struct work work = {.cli = cli, .json = aw_cli_value(cli, "json") != NULL};
    aw_rc rc;

    if (cli->word_count > 0 && strcmp(cli->words[0], "verify") != 0)
        return aw_cli_usage(cli, err, "'%s' is not verify", cli->words[0]);
    aw_buf_init(&work.line, LINE_MAX_BYTES);
    rc = run(&work, err);
    aw_buf_deinit(&work.line);
    return rc;
}

static const struct aw_option options[] = {
    {"head", "NUMBER:HASH", "verify: a head that stands elsewhere"},
    {"json", NULL, "list: print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_bundles = {
    .name = "bundles",
    .words = "[verify]",
    .words_min = 0,
    .words_max = 1,
    .summary = "the bundles of this workspace, and their chain of hashes",
    .text =
        "Lists them: number, when it was made, name, by how many officers it "
        "is sealed,\nhow its time stamp stands.\n\n"
        "verify walks the chain (each bundle has the hash of the one before "
        "it) and holds\nthe files in bundles/ against it. Bundles cut off at "
        "its end are found with\n--head. Exit status 1 where anything is "
        "false, 3 where files are missing.\n",
    .options = options,
    .run = bundles,
};
