#include <string.h>

#include "base/json.h"
#include "cli/custody.h"
#include "cli/who.h"
#include "reports/text.h"

#define ARENA_MAX ((size_t)64 << 20)
#define LINE_MAX_BYTES ((size_t)1 << 20)

/* The bundle that a command speaks of. */
struct subject {
    struct aw_cli *cli;
    struct aw_store *store;
    struct aw_arena arena;
    const char *word;
    char path[AW_PATH_MAX]; /* empty: its file is not there */
};

/* ---- the way ------------------------------------------------------------ */

static void put_json(struct aw_buf *out, const struct aw_custody_step *step)
{
    const struct aw_custody_row *row = &step->row;
    const struct {
        const char *name;
        struct aw_str text;
    } texts[] = {
        {"bundle", row->bundle},
        {"manifest", row->manifest},
        {"digest", row->digest},
        {"who", row->who},
        {"action", row->action},
        {"recipient", row->recipient},
        {"person", row->person},
        {"contact", row->contact},
        {"purpose", row->purpose},
        {"path", row->path},
        {"receipt_no", row->receipt_no},
        {"receipt_day", row->receipt_day},
        {"receipt_digest", row->receipt_digest},
        {"change", aw_str_of(aw_custody_change_text(step->change))},
    };
    char at[AW_TIME_MAX];

    aw_time_iso_ms(row->at_ms, at);
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", row->id);
    aw_json_text(out, "at", aw_str_of(at));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        aw_json_text(out, texts[i].name, texts[i].text);
    aw_json_int(out, "receipt_of", row->receipt_of);
    aw_json_bool(out, "ok",
                 !aw_custody_is_false(step->change) && !step->differs);
    aw_json_close(out, '}');
}

static void put_word(struct aw_buf *out, const char *before,
                     struct aw_str text)
{
    if (text.len == 0)
        return;
    aw_buf_puts(out, before);
    aw_text_tame(out, text);
}

static void put_text(struct aw_buf *out, const struct aw_custody_step *step)
{
    const struct aw_custody_row *row = &step->row;
    char at[AW_TIME_MAX];

    aw_time_beijing(row->at_ms, at);
    aw_buf_printf(out, "%6lld  %s  %s  ", (long long)row->id, at,
                  aw_custody_word(row->action));
    aw_text_tame(out, row->who);
    put_word(out, "  to ", row->recipient);
    put_word(out, "  ", row->person);
    put_word(out, "  ", row->contact);
    put_word(out, "  for ", row->purpose);
    put_word(out, "  to ", row->path);
    if (row->receipt_of > 0)
        aw_buf_printf(out, "  of %lld", (long long)row->receipt_of);
    put_word(out, "  number ", row->receipt_no);
    put_word(out, "  on ", row->receipt_day);
    put_word(out, "\n        sha-256 ", row->digest);
    put_word(out, "\n        they confirm ", row->receipt_digest);
    if (step->differs)
        aw_buf_puts(out, "\n        FAIL  it is not what was handed over");
    if (aw_custody_is_false(step->change))
        aw_buf_printf(out, "\n        FAIL  %s",
                      aw_custody_change_text(step->change));
}

static aw_rc print_way(const struct aw_custody_way *way, bool json,
                       bool *right, struct aw_err *err)
{
    struct aw_buf line;
    aw_rc rc = AW_OK;

    aw_buf_init(&line, LINE_MAX_BYTES);
    for (size_t i = 0; rc == AW_OK && i < way->count; i++) {
        const struct aw_custody_step *step = &way->steps[i];

        *right =
            *right && !step->differs && !aw_custody_is_false(step->change);
        aw_buf_reset(&line);
        (json ? put_json : put_text)(&line, step);
        aw_buf_putc(&line, '\n');
        rc = aw_buf_check(&line, err);
        if (rc == AW_OK)
            rc = aw_cli_print(aw_buf_str(&line), err);
    }
    aw_buf_deinit(&line);
    return rc;
}

/* What is behind the rows: is each in the audit chain, and how is the file? */
static aw_rc print_state(const struct aw_custody_way *way, const char *file,
                         bool file_ok, bool json, struct aw_err *err)
{
    struct aw_str audit = way->audited
                              ? AW_STR("the audit chain tells the same rows")
                              : way->audit_why;
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, LINE_MAX_BYTES);
    if (json) {
        aw_json_open(&out, NULL, '{');
        aw_json_bool(&out, "audited", way->audited);
        aw_json_text(&out, "audit", audit);
        aw_json_bool(&out, "file_ok", file_ok);
        aw_json_text(&out, "file", aw_str_of(file));
        aw_json_close(&out, '}');
        aw_buf_putc(&out, '\n');
    } else {
        aw_buf_printf(&out, "%-4s  audit  %.*s\n%-4s  file   %s\n",
                      way->audited ? "ok" : "FAIL", AW_STR_ARG(audit),
                      file_ok ? "ok" : "FAIL", file);
    }
    rc = aw_buf_check(&out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&out), err);
    aw_buf_deinit(&out);
    return rc;
}

/* The name by which rows are kept, where there is no file to ask. */
static struct aw_str name_of(const char *word)
{
    const char *slash = strrchr(word, '/');
    struct aw_str name = aw_str_of(slash ? slash + 1 : word);

    if (aw_str_ends(name, AW_STR(".zip")))
        name.len -= 4;
    return name;
}

static aw_rc list(struct subject *s, struct aw_err *err)
{
    bool json = aw_cli_value(s->cli, "json") != NULL;
    struct aw_custody_file file = {{0}, {0}, {0}};
    struct aw_custody_way way = {0};
    enum aw_custody_change change = AW_CUSTODY_SAME;
    bool right = true;
    aw_rc rc = s->path[0] ? aw_custody_file(s->path, &file, err) : AW_OK;

    if (rc == AW_OK)
        rc = aw_custody_read(s->store, &s->arena,
                             s->path[0] ? aw_str_of(file.name)
                                        : name_of(s->word),
                             &way, err);
    if (rc == AW_OK && way.count == 0)
        return aw_fail(err, AW_MISSING,
                       "nothing is written down of '%s' in this workspace",
                       s->word);
    if (rc == AW_OK && s->path[0])
        change = aw_custody_compare(&way, &file);
    if (rc == AW_OK)
        rc = print_way(&way, json, &right, err);
    if (rc == AW_OK)
        rc = print_state(&way,
                         s->path[0] ? aw_custody_change_text(change)
                                    : "it does not lie in this workspace",
                         !aw_custody_is_false(change), json, err);
    if (rc == AW_OK && (!right || !way.audited || aw_custody_is_false(change)))
        rc = aw_fail(err, AW_FAIL, "the way of '%s' is not in order", s->word);
    return rc;
}

/* ---- what is done ------------------------------------------------------- */

static aw_rc say_done(const struct aw_custody_act *act,
                      const struct aw_custody_done *done, struct aw_err *err)
{
    (void)printf("row %lld: %s, sha-256 %s\n", (long long)done->id,
                 aw_custody_change_text(done->change), done->digest);
    if (done->path[0])
        (void)printf("copied to %s\n", done->path);
    if (done->differs)
        return aw_fail(err, AW_FAIL,
                       "row %lld is written down, but the digest that they "
                       "confirm is not that of row %lld: find out what they "
                       "got",
                       (long long)done->id, (long long)act->receipt_of);
    if (aw_custody_is_false(done->change))
        return aw_fail(err, AW_FAIL, "row %lld is written down, but %s",
                       (long long)done->id,
                       aw_custody_change_text(done->change));
    return AW_OK;
}

static struct aw_str given(const struct subject *s, const char *option)
{
    return aw_str_of(aw_cli_value(s->cli, option));
}

static aw_rc fill_act(struct subject *s, enum aw_custody_action action,
                      struct aw_custody_act *act, struct aw_err *err)
{
    struct aw_cli_who who;
    aw_rc rc = aw_cli_who(s->cli, s->store, &s->arena, &who, err);

    if (rc != AW_OK)
        return rc;
    *act = (struct aw_custody_act){.action = action,
                                   .who = who.name,
                                   .recipient = action == AW_CUSTODY_HAND_OVER
                                                    ? given(s, "to")
                                                    : AW_STR(""),
                                   .path = action == AW_CUSTODY_EXPORT
                                               ? given(s, "to")
                                               : AW_STR(""),
                                   .person = given(s, "person"),
                                   .contact = given(s, "contact"),
                                   .purpose = given(s, "purpose"),
                                   .receipt_no = given(s, "number"),
                                   .receipt_day = given(s, "day"),
                                   .receipt_digest = given(s, "digest")};
    return aw_cli_number(s->cli, "of", 1, INT64_MAX, &act->receipt_of, err);
}

static aw_rc add(struct subject *s, const struct aw_custody_act *act,
                 struct aw_custody_done *done, struct aw_err *err)
{
    struct aw_custody_file file;
    aw_rc rc = aw_custody_file(s->path, &file, err);

    return rc == AW_OK
               ? aw_custody_add(s->store, s->cli->clock, &file, act, done, err)
               : rc;
}

static aw_rc note(struct subject *s, enum aw_custody_action action,
                  struct aw_err *err)
{
    struct aw_custody_done done;
    struct aw_custody_act act;
    aw_rc rc = fill_act(s, action, &act, err);

    if (rc == AW_OK)
        rc = action == AW_CUSTODY_EXPORT
                 ? aw_custody_export(s->store, s->cli->clock, s->path, &act,
                                     &done, err)
                 : add(s, &act, &done, err);
    return rc == AW_OK ? say_done(&act, &done, err) : rc;
}

/* ---- the command -------------------------------------------------------- */

/* The options that each takes, besides --as. */
static const struct {
    const char *name;
    enum aw_custody_action action;
    const char *options[6];
} acts[] = {
    {"open", AW_CUSTODY_OPEN, {"purpose", NULL}},
    {"export", AW_CUSTODY_EXPORT, {"to", "purpose", NULL}},
    {"hand-over",
     AW_CUSTODY_HAND_OVER,
     {"to", "person", "contact", "purpose", NULL}},
    {"receipt",
     AW_CUSTODY_RECEIPT,
     {"of", "number", "digest", "day", "person", NULL}},
};
#define ACTS (sizeof acts / sizeof *acts)

static size_t find_act(const char *word)
{
    size_t i = 0;

    while (i < ACTS && strcmp(acts[i].name, word) != 0)
        i++;
    return i;
}

static bool takes(size_t act, const char *option)
{
    if (strcmp(option, act < ACTS ? "as" : "json") == 0)
        return true;
    for (int i = 0; act < ACTS && acts[act].options[i]; i++)
        if (strcmp(acts[act].options[i], option) == 0)
            return true;
    return false;
}

/* What would be left out of the row must not be given. */
static aw_rc check_options(const struct aw_cli *cli, size_t act,
                           struct aw_err *err)
{
    const struct aw_option *option = cli->command->options;

    for (; option->name; option++)
        if (aw_cli_value(cli, option->name) && !takes(act, option->name))
            return aw_cli_usage(cli, err, "--%s says nothing to '%s'",
                                option->name,
                                act < ACTS ? acts[act].name : "the list");
    return AW_OK;
}

static aw_rc work(struct subject *s, const struct aw_workspace *ws, size_t act,
                  struct aw_err *err)
{
    aw_rc rc = aw_cli_bundle_path(ws, s->word, s->path, err);

    if (rc == AW_MISSING && act == ACTS) {
        s->path[0] = '\0';
        rc = AW_OK;
    }
    if (rc != AW_OK)
        return rc;
    return act < ACTS ? note(s, acts[act].action, err) : list(s, err);
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    size_t act = cli->word_count > 1 ? find_act(cli->words[1]) : ACTS;
    struct subject s = {.cli = cli, .word = cli->words[0]};
    struct aw_workspace ws;
    aw_rc rc;

    if (cli->word_count > 1 && act == ACTS)
        return aw_cli_usage(cli, err,
                            "'%s' is neither open, export, hand-over nor "
                            "receipt",
                            cli->words[1]);
    rc = check_options(cli, act, err);
    if (rc != AW_OK)
        return rc;
    aw_arena_init(&s.arena, ARENA_MAX);
    rc = aw_workspace_open(&ws, cli, false, err);
    s.store = ws.store;
    if (rc == AW_OK)
        rc = work(&s, &ws, act, err);
    aw_workspace_close(&ws);
    aw_arena_deinit(&s.arena);
    return rc;
}

static const struct aw_option options[] = {
    {"to", "WHERE", "export: a path or folder; hand-over: the office"},
    {"person", "NAME", "hand-over: to whom; receipt: who signed"},
    {"contact", "TEXT", "hand-over: telephone or address of that person"},
    {"purpose", "TEXT", "what for"},
    {"of", "N", "receipt: the row of the handing over"},
    {"number", "TEXT", "receipt: the recipient's own number"},
    {"digest", "SHA-256",
     "receipt: of the file, as the recipient confirms it"},
    {"day", "YYYY-MM-DD", "receipt: when they got it"},
    {"as", "NAME", "who does it (else $USER)"},
    {"json", NULL, "print JSON lines"},
    {NULL, NULL, NULL}};

const struct aw_command aw_cmd_custody = {
    .name = "custody",
    .words = "BUNDLE [open | export | hand-over | receipt]",
    .words_min = 1,
    .words_max = 2,
    .summary = "through whose hands a bundle went; write down one more",
    .text =
        "Alone it prints the whole way: who made, sealed, opened, copied and "
        "handed over the\nbundle, with the file's digest each time, and what "
        "recipients answered. Exit status\n1 where the file changed and no "
        "seal says why, a receipt confirms another digest, or\nthe audit "
        "chain tells it otherwise.\n\n"
        "export copies the file, over nothing that is there, and reads the "
        "copy back.\nhand-over needs --to and --person; receipt needs --of, "
        "--number and --digest. Rows\nstay: what was wrong is put right by a "
        "later one.\n",
    .options = options,
    .run = run,
};
