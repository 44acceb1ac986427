#include <string.h>

#include "base/json.h"
#include "cli/custody.h"
#include "evidence/transfer.h"
#include "reports/text.h"

#define LINE_MAX_BYTES ((size_t)64 << 10)
#define STATE_COLUMNS 12

struct printing {
    bool json;
    struct aw_buf line;
};

static void put_json(struct aw_buf *out, const struct aw_transfer_found *found)
{
    const struct aw_transfer_item *item = found->item;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "item", aw_str_of(item->id));
    aw_json_text(out, "name", aw_str_of(item->name));
    aw_json_text(out, "state", aw_str_of(aw_transfer_code(found->state)));
    aw_json_bool(out, "needed", item->needed);
    aw_json_int(out, "files", (int64_t)found->files);
    aw_json_text(out, "why", aw_str_of(found->why));
    aw_json_text(out, "source", aw_str_of(item->source));
    aw_json_bool(out, "to_be_checked", !aw_transfer_is_checked(item));
    aw_json_close(out, '}');
}

static void put_text(struct aw_buf *out, const struct aw_transfer_found *found)
{
    const struct aw_transfer_item *item = found->item;

    aw_text_cell(out, aw_str_of(aw_transfer_word(found->state)),
                 STATE_COLUMNS);
    aw_buf_puts(out, "  ");
    aw_text_tame(out, aw_str_of(item->name));
    if (*found->why) {
        aw_buf_puts(out, "（");
        aw_text_tame(out, aw_str_of(found->why));
        aw_buf_puts(out, "）");
    }
    aw_buf_puts(out, "\n              ");
    aw_text_tame(out, aw_str_of(item->source));
    if (!aw_transfer_is_checked(item))
        aw_buf_puts(out, "〔待核对〕");
}

static aw_rc print_found(void *self, const struct aw_transfer_found *found,
                         struct aw_err *err)
{
    struct printing *printing = self;
    struct aw_buf *line = &printing->line;
    aw_rc rc;

    aw_buf_reset(line);
    (printing->json ? put_json : put_text)(line, found);
    aw_buf_putc(line, '\n');
    rc = aw_buf_check(line, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(line), err) : rc;
}

static aw_rc check_bag(struct aw_cli *cli, const struct aw_transfer_list *list,
                       const char *path, struct aw_err *err)
{
    struct printing printing = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_bag_view *bag = NULL;
    size_t missing = 0;
    aw_rc rc = aw_bag_open(&bag, path, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&printing.line, LINE_MAX_BYTES);
    rc = aw_transfer_check(list, bag, print_found, &printing, &missing, err);
    aw_buf_deinit(&printing.line);
    aw_bag_view_free(bag);
    if (rc == AW_OK && missing > 0)
        rc = aw_fail(err, AW_FAIL, "%zu of %u items for %s are missing",
                     missing, list->items_count, list->name);
    return rc;
}

/* Names those that there are. */
static aw_rc not_known(struct aw_cli *cli, const struct aw_transfer *all,
                       const char *whom, struct aw_err *err)
{
    char names[AW_ERR_MAX / 4];
    size_t len = 0;
    const struct aw_transfer_list *list;

    for (size_t i = 0; (list = aw_transfer_at(all, i)) && len < sizeof names;
         i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s (%s)",
                                i > 0 ? ", " : "", list->id, list->name);
    return aw_cli_usage(cli, err, "there is no list for '%s': %s", whom,
                        names);
}

static aw_rc check(struct aw_cli *cli, const char *path, struct aw_err *err)
{
    const char *whom = aw_cli_value(cli, "to");
    const struct aw_transfer_list *list;
    struct aw_transfer *all = NULL;
    char lexicon[AW_PATH_MAX];
    aw_rc rc = aw_rules_paths(cli, lexicon, NULL, err);

    if (rc == AW_OK)
        rc = aw_transfer_new(&all, lexicon, err);
    if (rc != AW_OK)
        return rc;
    list = aw_transfer_find(all, aw_str_of(whom));
    rc = list ? check_bag(cli, list, path, err)
              : not_known(cli, all, whom, err);
    aw_transfer_free(all);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    if (strcmp(cli->words[0], "check") != 0)
        return aw_cli_usage(cli, err, "'%s' is not check", cli->words[0]);
    if (!aw_cli_value(cli, "to"))
        return aw_cli_usage(cli, err, "who gets it? use --to WHOM");
    return check(cli, cli->words[1], err);
}

static const struct aw_option options[] = {
    {"to", "WHOM", "the recipient, as below"},
    {"lexicon", "DIR", "with transfer/ (else what came with adwatch)"},
    {"json", NULL, "print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_transfer = {
    .name = "transfer",
    .words = "check BUNDLE",
    .words_min = 2,
    .words_max = 2,
    .summary = "is all in a bundle that a recipient wants to find",
    .text =
        "Says item by item what is there, what is missing, and what somebody "
        "has to write,\nsign or bring. The lists are in transfer/ of the "
        "lexicon, each item with its source.\nExit status 1 where something "
        "that is needed is missing. Whether the bundle is true\nis for "
        "'adwatch verify'.\n\n"
        "Recipients that came with adwatch: police (公安机关), market-bureau\n"
        "(其他市场监督管理部门), fundraising-office (处置非法集资牵头部门), "
        "network\n(网信、通信管理部门). What else the lexicon has is told "
        "where --to names none.\n",
    .options = options,
    .run = run,
};
