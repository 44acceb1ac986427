#include "base/json.h"
#include "cli/cli.h"
#include "reports/diff.h"
#include "reports/text.h"

#define OUTPUT_MAX ((size_t)64 << 20)
#define BEFORE_MAX ((size_t)1 << 20)

struct output {
    struct aw_store *store;
    bool json;
    bool versions; /* not the list of all, but each version */
    size_t count;
    struct aw_buf out;
    /* The version that was told last. */
    bool first; /* none of its field was */
    enum aw_app_field field;
    struct aw_buf before;
};

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX] = "";

    if (wall_ms > 0)
        aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

/* ---- versions ----------------------------------------------------------- */

struct pieces {
    struct aw_buf *out;
    bool added; /* which of the two is listed */
};

static void list_piece(void *self, struct aw_str piece, bool added)
{
    const struct pieces *pieces = self;

    if (added == pieces->added)
        aw_json_text(pieces->out, NULL, piece);
}

static aw_rc list_pieces(struct output *o, struct aw_str text, bool added,
                         struct aw_err *err)
{
    struct pieces pieces = {&o->out, added};
    aw_rc rc;

    aw_json_open(&o->out, added ? "added" : "removed", '[');
    rc = aw_diff(aw_buf_str(&o->before), text, list_piece, &pieces, err);
    aw_json_close(&o->out, ']');
    return rc;
}

static aw_rc json_version(struct output *o, const struct aw_listing_version *v,
                          struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_json_open(&o->out, NULL, '{');
    aw_json_text(&o->out, "field", aw_str_of(aw_app_field_name(v->field)));
    aw_json_text(&o->out, "digest", v->digest);
    put_time(&o->out, "first_seen", v->first_seen_ms);
    put_time(&o->out, "last_seen", v->last_seen_ms);
    aw_json_int(&o->out, "first_capture", v->first_capture);
    aw_json_int(&o->out, "last_capture", v->last_capture);
    aw_json_text(&o->out, "text", v->text);
    if (!o->first) {
        rc = list_pieces(o, v->text, false, err);
        if (rc == AW_OK)
            rc = list_pieces(o, v->text, true, err);
    }
    aw_json_close(&o->out, '}');
    return rc;
}

static void tell_piece(void *self, struct aw_str piece, bool added)
{
    struct aw_buf *out = self;

    aw_buf_puts(out, added ? "    + " : "    - ");
    aw_text_tame(out, piece);
    aw_buf_putc(out, '\n');
}

static void put_span(struct aw_buf *out, int64_t first_ms, int64_t last_ms)
{
    char first[AW_TIME_MAX];
    char last[AW_TIME_MAX];

    aw_time_beijing(first_ms, first);
    aw_time_beijing(last_ms, last);
    aw_buf_printf(out, "%s to %s", first, last);
}

/* The first version of a field as it is, each later one by what changed. */
static aw_rc text_version(struct output *o, const struct aw_listing_version *v,
                          struct aw_err *err)
{
    aw_buf_printf(&o->out, "  %s, ", aw_app_field_name(v->field));
    put_span(&o->out, v->first_seen_ms, v->last_seen_ms);
    aw_buf_printf(&o->out, ", capture %lld\n", (long long)v->first_capture);
    if (!o->first && v->text.len == 0)
        aw_buf_puts(&o->out, "    (no text any more)\n");
    return aw_diff(o->first ? AW_STR("") : aw_buf_str(&o->before), v->text,
                   tell_piece, &o->out, err);
}

static aw_rc put_version(void *self, const struct aw_listing_version *v,
                         struct aw_err *err)
{
    struct output *o = self;
    aw_rc rc;

    o->first |= v->field != o->field;
    o->field = v->field;
    rc = (o->json ? json_version : text_version)(o, v, err);
    aw_buf_reset(&o->before);
    aw_buf_put(&o->before, v->text);
    o->first = false;
    return rc == AW_OK ? aw_buf_check(&o->before, err) : rc;
}

static aw_rc put_versions(struct output *o, const struct aw_listing *listing,
                          struct aw_err *err)
{
    o->first = true;
    return aw_store_listing_versions(o->store, listing->id, put_version, o,
                                     err);
}

/* ---- listings ----------------------------------------------------------- */

static aw_rc json_listing(struct output *o, const struct aw_listing *l,
                          struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_json_open(&o->out, NULL, '{');
    aw_json_int(&o->out, "id", l->id);
    aw_json_text(&o->out, "key", l->key);
    aw_json_text(&o->out, "page", l->page);
    aw_json_text(&o->out, "source", l->source);
    aw_json_text(&o->out, "name", l->name);
    aw_json_text(&o->out, "link", l->link);
    put_time(&o->out, "first_seen", l->first_seen_ms);
    put_time(&o->out, "last_seen", l->last_seen_ms);
    aw_json_int(&o->out, "capture", l->last_capture);
    aw_json_int(&o->out, "changes", l->changes);
    put_time(&o->out, "changed", l->changed_ms);
    if (o->versions) {
        aw_json_open(&o->out, "versions", '[');
        rc = put_versions(o, l, err);
        aw_json_close(&o->out, ']');
    }
    aw_json_close(&o->out, '}');
    aw_buf_putc(&o->out, '\n');
    return rc;
}

static aw_rc text_listing(struct output *o, const struct aw_listing *l,
                          struct aw_err *err)
{
    char changed[AW_TIME_MAX];

    aw_buf_printf(&o->out, "%lld  ", (long long)l->id);
    aw_text_tame(&o->out, l->name);
    aw_buf_puts(&o->out, "  ");
    aw_text_tame(&o->out, l->key);
    aw_buf_puts(&o->out, l->page.len > 0 ? "  on " : "  handed in");
    aw_text_tame(&o->out, l->page);
    if (l->changes > 0) {
        aw_time_beijing(l->changed_ms, changed);
        aw_buf_printf(&o->out, "  %lld changes, the last one seen %s",
                      (long long)l->changes, changed);
    }
    aw_buf_putc(&o->out, '\n');
    return o->versions ? put_versions(o, l, err) : AW_OK;
}

static aw_rc print_listing(void *self, const struct aw_listing *listing,
                           struct aw_err *err)
{
    struct output *o = self;
    aw_rc rc;

    o->count++;
    aw_buf_reset(&o->out);
    rc = (o->json ? json_listing : text_listing)(o, listing, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&o->out, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(&o->out), err) : rc;
}

static aw_rc print_some(struct output *o, const char *what, struct aw_err *err)
{
    aw_rc rc;

    o->count = 0;
    rc = aw_store_listings(o->store, what, print_listing, o, err);
    if (rc == AW_OK && o->count == 0)
        return aw_fail(err, AW_MISSING,
                       "there is no listing '%s': 'adwatch listing' names all",
                       what);
    return rc;
}

static aw_rc print_all(struct aw_cli *cli, struct output *o,
                       struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (cli->word_count == 0)
        return aw_store_listings(o->store, NULL, print_listing, o, err);
    o->versions = true;
    for (int i = 0; i < cli->word_count && rc == AW_OK; i++)
        rc = print_some(o, cli->words[i], err);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct output output = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    output.store = ws.store;
    aw_buf_init(&output.out, OUTPUT_MAX);
    aw_buf_init(&output.before, BEFORE_MAX);
    if (rc == AW_OK)
        rc = print_all(cli, &output, err);
    aw_buf_deinit(&output.before);
    aw_buf_deinit(&output.out);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {{"json", NULL, "print JSON lines"},
                                           {NULL, NULL, NULL}};

const struct aw_command aw_cmd_listing = {
    .name = "listing",
    .words = "[LISTING...]",
    .words_max = -1,
    .summary = "app stores' listings, and how their texts changed",
    .text = "LISTING is an id, a key (store:id), the URL of a page, or the "
            "app's link. Of each\nfield every text that was seen, from when "
            "to when, and what went and came with\nit. Without a word: all "
            "listings.\n",
    .options = options,
    .run = run,
};
