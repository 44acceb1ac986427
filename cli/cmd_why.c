#include "base/json.h"
#include "cli/cli.h"
#include "cli/why.h"
#include "crawler/url.h"
#include "reports/finding_json.h"
#include "reports/hand_in.h"
#include "reports/text.h"

#define LINE_MAX_BYTES ((size_t)4 << 20)
#define RENDER_MAX ((size_t)64 << 20)

struct output {
    struct aw_store *store;
    bool json;
    size_t count;
    struct aw_buf out;
};

/* ---- JSON --------------------------------------------------------------- */

static void put_time(struct aw_buf *out, const char *name, int64_t wall_ms)
{
    char text[AW_TIME_MAX] = "";

    if (wall_ms > 0)
        aw_time_iso(wall_ms, text);
    aw_json_text(out, name, aw_str_of(text));
}

static void put_json(struct aw_buf *out, const struct aw_url_report *r)
{
    aw_json_text(out, "url", r->url);
    aw_json_text(out, "source", r->source);
    aw_json_text(out, "via", r->via);
    aw_json_int(out, "depth", r->depth);
    aw_json_text(out, "state", r->state);
    aw_json_text(out, "reason", r->reason);
    aw_json_int(out, "status", r->status);
    aw_json_text(out, "found_on", r->found_on);
    aw_json_text(out, "canonical", r->canonical);
    put_time(out, "due", r->due_ms == AW_DUE_WHEN_FOUND ? 0 : r->due_ms);
    aw_json_int(out, "capture", r->capture);
    aw_json_text(out, "tls_organisation", r->tls_organisation);
    aw_json_text(out, "title", r->title);
    aw_json_text(out, "charset", r->charset);
    aw_json_text(out, "verdict", r->verdict);
    aw_json_text(out, "kind", r->doc_kind);
    aw_json_int(out, "finding", r->finding);
}

struct landing_list {
    struct aw_buf *out;
    bool of_ads; /* which of the two is listed */
};

static aw_rc list_landing(void *self, struct aw_str other, bool is_ad,
                          struct aw_err *err)
{
    const struct landing_list *list = self;

    (void)err;
    if (is_ad == list->of_ads)
        aw_json_text(list->out, NULL, other);
    return AW_OK;
}

static aw_rc put_landings(struct output *o, struct aw_str url, bool of_ads,
                          struct aw_err *err)
{
    struct landing_list list = {&o->out, of_ads};
    aw_rc rc;

    aw_json_open(&o->out, of_ads ? "landing_of" : "landings", '[');
    rc = aw_store_landings(o->store, url, list_landing, &list, err);
    aw_json_close(&o->out, ']');
    return rc;
}

static aw_rc list_span(void *self, const struct aw_finding_span *span,
                       struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "id", span->id);
    aw_json_text(out, "state", span->state);
    put_time(out, "first_seen", span->first_seen_ms);
    put_time(out, "last_seen", span->last_seen_ms);
    put_time(out, "gone", span->gone_ms);
    aw_json_text(out, "gone_why", span->gone_why);
    aw_json_close(out, '}');
    return AW_OK;
}

/* ---- listings: those that stand on the page itself ---------------------- */

struct listing_list {
    struct aw_buf *out;
    struct aw_str page;
};

static aw_rc list_listing(void *self, const struct aw_listing *listing,
                          struct aw_err *err)
{
    const struct listing_list *list = self;

    (void)err;
    if (!aw_str_eq(listing->page, list->page))
        return AW_OK;
    aw_json_open(list->out, NULL, '{');
    aw_json_int(list->out, "id", listing->id);
    aw_json_text(list->out, "key", listing->key);
    aw_json_text(list->out, "name", listing->name);
    aw_json_int(list->out, "changes", listing->changes);
    put_time(list->out, "changed", listing->changed_ms);
    aw_json_close(list->out, '}');
    return AW_OK;
}

static aw_rc put_listings(struct output *o, const struct aw_url_report *r,
                          struct aw_err *err)
{
    struct listing_list list = {&o->out, r->url};
    aw_rc rc;

    aw_json_open(&o->out, "listings", '[');
    rc = aw_store_listings(o->store, r->url.ptr, list_listing, &list, err);
    aw_json_close(&o->out, ']');
    return rc;
}

/* ---- what a browser made of it ------------------------------------------ */

static void put_render(struct aw_buf *out, const struct aw_render_row *r)
{
    aw_json_open(out, "render", '{');
    aw_json_text(out, "state", r->state);
    aw_json_text(out, "cause", r->cause);
    aw_json_text(out, "reason", r->reason);
    aw_json_text(out, "note", r->note);
    aw_json_int(out, "plain_capture", r->capture);
    aw_json_int(out, "capture", r->rendered);
    aw_json_bool(out, "mobile", r->mobile);
    aw_json_int(out, "resources", r->resources);
    aw_json_int(out, "refused", r->refused);
    aw_json_int(out, "bytes", r->bytes);
    aw_json_int(out, "ms", r->elapsed_ms);
    aw_json_close(out, '}');
}

/* What a browser made of the page, and the pictures of its finding. */
static aw_rc put_rendering(struct output *o, const struct aw_url_report *r,
                           struct aw_err *err)
{
    struct aw_render_row row;
    struct aw_finding finding = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, RENDER_MAX);
    rc = aw_store_render_get(o->store, &arena, r->capture, &row, err);
    if (rc == AW_OK)
        put_render(&o->out, &row);
    if (rc == AW_MISSING)
        rc = AW_OK;
    if (rc == AW_OK && r->finding > 0)
        rc = aw_store_finding_get(o->store, &arena, r->finding, &finding, err);
    if (rc == AW_OK)
        aw_shots_json(&o->out, finding.shots, finding.shot_count);
    aw_arena_deinit(&arena);
    return rc;
}

/* ---- hand-ins ----------------------------------------------------------- */

#define HAND_INS_MAX 1000 /* told of one thing */

static aw_rc list_hand_in(void *self, const struct aw_hand_in *hand_in,
                          struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_json_open(out, NULL, '{');
    aw_hand_in_json(out, hand_in);
    aw_json_close(out, '}');
    return AW_OK;
}

static aw_rc put_hand_ins(struct output *o, const struct aw_url_report *r,
                          struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_json_open(&o->out, "hand_ins", '[');
    if (aw_str_starts(r->url, AW_STR("urn:")))
        rc = aw_store_hand_ins(o->store, r->url, HAND_INS_MAX, list_hand_in,
                               &o->out, err);
    aw_json_close(&o->out, ']');
    return rc;
}

static aw_rc put_json_line(struct output *o, const struct aw_url_report *r,
                           struct aw_err *err)
{
    aw_rc rc;

    aw_json_open(&o->out, NULL, '{');
    put_json(&o->out, r);
    rc = put_landings(o, r->url, false, err);
    if (rc == AW_OK)
        rc = put_landings(o, r->url, true, err);
    aw_json_open(&o->out, "findings", '[');
    if (rc == AW_OK)
        rc = aw_store_finding_spans(o->store, r->url, list_span, &o->out, err);
    aw_json_close(&o->out, ']');
    if (rc == AW_OK)
        rc = put_listings(o, r, err);
    if (rc == AW_OK)
        rc = put_rendering(o, r, err);
    if (rc == AW_OK)
        rc = put_hand_ins(o, r, err);
    aw_json_close(&o->out, '}');
    aw_buf_putc(&o->out, '\n');
    return rc;
}

/* ---- text --------------------------------------------------------------- */

static void put_tame(struct aw_buf *out, const char *before,
                     struct aw_str text)
{
    aw_buf_puts(out, before);
    aw_text_tame(out, text);
}

static void put_beijing(struct aw_buf *out, const char *before,
                        int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_beijing(wall_ms, text);
    aw_buf_printf(out, "%s%s", before, text);
}

static void put_state(struct aw_buf *out, const struct aw_url_report *r)
{
    put_tame(out, "", r->url);
    put_tame(out, "\n  ", r->state);
    if (r->status && !aw_str_starts(r->reason, AW_STR("http ")))
        aw_buf_printf(out, ", http %lld", (long long)r->status);
    if (r->reason.len > 0)
        put_tame(out, ", ", r->reason);
    put_tame(out, "; source ", r->source);
    if (r->via.len > 0)
        put_tame(out, ", via ", r->via);
    aw_buf_printf(out, ", depth %lld", (long long)r->depth);
    if (r->found_on.len > 0)
        put_tame(out, ", found on ", r->found_on);
    aw_buf_putc(out, '\n');
}

/* What was handed in came by no way, and is never due. */
static void put_due(struct aw_buf *out, const struct aw_url_report *r)
{
    if (r->via.len == 0 || aw_str_eq(r->state, AW_STR("queued")))
        return;
    if (r->due_ms == AW_DUE_WHEN_FOUND)
        aw_buf_puts(out, "  due when it is found again");
    else if (r->due_ms > 0)
        put_beijing(out, "  due again after ", r->due_ms);
    else
        aw_buf_puts(out, "  due again in the next run");
    aw_buf_putc(out, '\n');
}

static void put_reading(struct aw_buf *out, const struct aw_url_report *r)
{
    if (r->canonical.len > 0)
        put_tame(out, "  calls itself ", r->canonical);
    if (r->canonical.len > 0)
        aw_buf_putc(out, '\n');
    if (r->tls_organisation.len > 0) {
        put_tame(out, "  its certificate was given to ", r->tls_organisation);
        aw_buf_putc(out, '\n');
    }
    if (r->verdict.len > 0)
        aw_buf_printf(out, "  capture %lld: %.*s (%.*s)",
                      (long long)r->capture, AW_STR_ARG(r->verdict),
                      AW_STR_ARG(r->doc_kind));
    if (r->finding > 0)
        aw_buf_printf(out, ", finding %lld", (long long)r->finding);
    if (r->verdict.len > 0)
        aw_buf_putc(out, '\n');
}

static aw_rc tell_rendering(struct output *o, int64_t capture,
                            struct aw_err *err)
{
    struct aw_render_row r;
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, RENDER_MAX);
    rc = aw_store_render_get(o->store, &arena, capture, &r, err);
    if (rc == AW_OK)
        aw_buf_printf(&o->out, "  for a browser (%.*s): %.*s",
                      AW_STR_ARG(r.cause), AW_STR_ARG(r.state));
    if (rc == AW_OK && r.rendered > 0)
        aw_buf_printf(&o->out, ", capture %lld", (long long)r.rendered);
    if (rc == AW_OK && r.reason.len > 0)
        put_tame(&o->out, ", ", r.reason);
    if (rc == AW_OK && r.note.len > 0)
        put_tame(&o->out, "; ", r.note);
    if (rc == AW_OK)
        aw_buf_putc(&o->out, '\n');
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

static aw_rc tell_landing(void *self, struct aw_str other, bool is_ad,
                          struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    put_tame(out, is_ad ? "  landing page of " : "  leads to ", other);
    aw_buf_putc(out, '\n');
    return AW_OK;
}

static aw_rc tell_span(void *self, const struct aw_finding_span *span,
                       struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_buf_printf(out, "  finding %lld (%.*s): first seen ",
                  (long long)span->id, AW_STR_ARG(span->state));
    put_beijing(out, "", span->first_seen_ms);
    put_beijing(out, ", last seen ", span->last_seen_ms);
    if (span->gone_ms > 0) {
        put_beijing(out, ", gone since ", span->gone_ms);
        put_tame(out, ": ", span->gone_why);
    }
    aw_buf_putc(out, '\n');
    return AW_OK;
}

static aw_rc tell_listing(void *self, const struct aw_listing *listing,
                          struct aw_err *err)
{
    const struct listing_list *list = self;

    (void)err;
    if (!aw_str_eq(listing->page, list->page))
        return AW_OK;
    aw_buf_printf(list->out, "  listing %lld: ", (long long)listing->id);
    aw_text_tame(list->out, listing->name);
    if (listing->changes > 0)
        aw_buf_printf(list->out, ", %lld changes of its text, the last one",
                      (long long)listing->changes);
    put_beijing(list->out, listing->changes > 0 ? " seen " : ", first seen ",
                listing->changes > 0 ? listing->changed_ms
                                     : listing->first_seen_ms);
    aw_buf_putc(list->out, '\n');
    return AW_OK;
}

static void put_part(struct aw_buf *out, const char *before,
                     struct aw_str text)
{
    if (text.len > 0)
        put_tame(out, before, text);
}

static aw_rc tell_hand_in(void *self, const struct aw_hand_in *h,
                          struct aw_err *err)
{
    struct aw_buf *out = self;

    (void)err;
    aw_buf_printf(out, "  handed in %lld: ", (long long)h->id);
    aw_text_tame(out, h->file);
    if (h->line > 0)
        aw_buf_printf(out, ":%lld", (long long)h->line);
    put_part(out, ": ", h->name);
    put_part(out, ", place ", h->place);
    if (h->seen_unit.len > 0)
        aw_buf_puts(out, ", seen ");
    aw_hand_in_seen(out, h);
    put_part(out, ", who ", h->who);
    put_part(out, ", note ", h->note);
    if (h->same.len > 0)
        aw_buf_printf(out, "; same %.*s as %lld", AW_STR_ARG(h->same),
                      (long long)h->first);
    put_beijing(out, "; taken in ", h->at_ms);
    aw_buf_putc(out, '\n');
    return AW_OK;
}

static aw_rc put_text(struct output *o, const struct aw_url_report *r,
                      struct aw_err *err)
{
    struct listing_list list = {&o->out, r->url};
    aw_rc rc;

    put_state(&o->out, r);
    put_due(&o->out, r);
    put_reading(&o->out, r);
    rc = tell_rendering(o, r->capture, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_landings(o->store, r->url, tell_landing, &o->out, err);
    if (rc == AW_OK && aw_str_starts(r->url, AW_STR("urn:")))
        rc = aw_store_hand_ins(o->store, r->url, HAND_INS_MAX, tell_hand_in,
                               &o->out, err);
    if (rc == AW_OK)
        rc = aw_store_finding_spans(o->store, r->url, tell_span, &o->out, err);
    return rc == AW_OK ? aw_store_listings(o->store, r->url.ptr, tell_listing,
                                           &list, err)
                       : rc;
}

/* ---- the command -------------------------------------------------------- */

static aw_rc print_report(void *self, const struct aw_url_report *r,
                          struct aw_err *err)
{
    struct output *o = self;
    aw_rc rc;

    o->count++;
    aw_buf_reset(&o->out);
    rc = (o->json ? put_json_line : put_text)(o, r, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&o->out, err);
    return rc == AW_OK ? aw_cli_print(aw_buf_str(&o->out), err) : rc;
}

/* What was handed in has no URL of http: its word is taken as it is. */
static aw_rc report_one(const struct aw_workspace *ws, struct output *o,
                        const char *word, struct aw_err *err)
{
    struct aw_err ignored = {0};
    struct aw_buf url;
    aw_rc rc;

    o->count = 0;
    aw_buf_init(&url, AW_URL_MAX);
    if (aw_url_canonical(AW_STR(""), aw_str_of(word), &url, &ignored) != AW_OK)
        aw_buf_puts(&url, word);
    rc = aw_buf_check(&url, err);
    if (rc == AW_OK)
        rc = aw_store_url_reports(o->store, url.ptr, NULL, print_report, o,
                                  err);
    if (rc == AW_OK && o->count == 0)
        rc = aw_why_never(ws->config, aw_buf_str(&url), err);
    aw_buf_deinit(&url);
    return rc;
}

static aw_rc report(struct aw_cli *cli, const struct aw_workspace *ws,
                    struct aw_err *err)
{
    struct output output = {.store = ws->store,
                            .json = aw_cli_value(cli, "json") != NULL};
    aw_rc rc = AW_OK;

    aw_buf_init(&output.out, LINE_MAX_BYTES);
    if (cli->word_count == 0)
        rc = aw_store_url_reports(ws->store, NULL, NULL, print_report, &output,
                                  err);
    for (int i = 0; i < cli->word_count && rc == AW_OK; i++)
        rc = report_one(ws, &output, cli->words[i], err);
    aw_buf_deinit(&output.out);
    return rc;
}

static aw_rc run(struct aw_cli *cli, struct aw_err *err)
{
    struct aw_workspace ws;
    aw_rc rc = aw_workspace_open(&ws, cli, false, err);

    if (rc == AW_OK)
        rc = report(cli, &ws, err);
    aw_workspace_close(&ws);
    return rc;
}

static const struct aw_option options[] = {{"json", NULL, "print JSON lines"},
                                           {NULL, NULL, NULL}};

const struct aw_command aw_cmd_why = {
    .name = "why",
    .words = "[URL...]",
    .words_max = -1,
    .summary = "what became of a URL, and why it was not fetched or flagged",
    .text = "How the URL was found, when it is due again, where an "
            "advertisement leads, how long\na finding was up. Of one that was "
            "never queued: why it would not be, as far as the\nconfig tells; "
            "exit status 1. Without a URL, all that are known, and what was "
            "handed in.\n",
    .options = options,
    .run = run,
};
