#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "crawler/render_private.h"
#include "crawler/url.h"
#include "extract/inflate.h"

#define FETCHES_MOST 6 /* at once, as browsers ask one host */
#define FIELDS_MAX ((size_t)16 << 10)
#define FIELD_COUNT 8
#define HEAD_MAX ((size_t)17 << 20)

/* ---- answers to the browser --------------------------------------------- */

static void send_in(struct aw_render_page *page, const char *session,
                    const char *method, const struct aw_buf *params)
{
    if (page->browser->devtools && params->rc == AW_OK)
        aw_devtools_send(page->browser->devtools, session, method,
                         aw_buf_str(params), NULL, NULL);
}

static void refuse(struct aw_render_page *page, const char *session,
                   struct aw_str id, const char *reason)
{
    struct aw_buf params;

    aw_buf_init(&params, AW_RENDER_COMMAND_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "requestId", id);
    aw_json_text(&params, "errorReason", aw_str_of(reason));
    aw_json_close(&params, '}');
    send_in(page, session, "Fetch.failRequest", &params);
    aw_buf_deinit(&params);
    page->refused++;
}

/* libcurl undid the transfer-coding and we the content-coding: what tells of
 * them no longer holds. */
static bool is_dropped(struct aw_str name)
{
    static const char *const dropped[] = {
        "content-encoding", "content-length", "transfer-encoding",
        "connection",       "keep-alive",     "alt-svc"};

    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (aw_str_eq_nocase(name, aw_str_of(dropped[i])))
            return true;
    return name.len == 0;
}

/* "name: value" with a NUL behind each. */
static void put_fields(struct aw_buf *out, struct aw_str head)
{
    struct aw_str line = {0};
    struct aw_str value;
    struct aw_str name;

    (void)aw_str_split(&head, '\n', &line); /* the status line */
    while (aw_str_split(&head, '\n', &line)) {
        value = line;
        name = (struct aw_str){0};
        if (!aw_str_split(&value, ':', &name) || !value.ptr ||
            is_dropped(aw_str_trim(name)))
            continue;
        aw_buf_put(out, aw_str_trim(name));
        aw_buf_puts(out, ": ");
        aw_buf_put(out, aw_str_trim(value));
        aw_buf_append(out, "", 1);
    }
}

static void fulfil(struct aw_render_page *page, const char *session,
                   struct aw_str id, const struct aw_render_given *answer)
{
    struct aw_buf params;
    struct aw_buf fields;

    aw_buf_init(&params, AW_DEVTOOLS_QUEUE_MAX);
    aw_buf_init(&fields, HEAD_MAX);
    put_fields(&fields, answer->head);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "requestId", id);
    aw_json_int(&params, "responseCode", answer->status);
    aw_devtools_put_base64(&params, "binaryResponseHeaders",
                           aw_buf_str(&fields));
    aw_devtools_put_base64(&params, "body", answer->body);
    aw_json_close(&params, '}');
    send_in(page, session, "Fetch.fulfillRequest", &params);
    aw_buf_deinit(&fields);
    aw_buf_deinit(&params);
}

/* ---- requests ----------------------------------------------------------- */

static void free_fetch(struct aw_render_fetch *f)
{
    aw_buf_deinit(&f->url);
    aw_buf_deinit(&f->fields);
    free(f);
}

static void unlink_fetch(struct aw_render_page *page,
                         const struct aw_render_fetch *f)
{
    for (struct aw_render_fetch **at = &page->fetches; *at; at = &(*at)->next)
        if (*at == f) {
            *at = f->next;
            break;
        }
    page->quiet_ms = aw_render_now(page);
}

void aw_render_drop_fetches(struct aw_render_page *page)
{
    while (page->fetches) {
        struct aw_render_fetch *f = page->fetches;

        page->fetches = f->next;
        if (f->started)
            aw_fetch_cancel(page->browser->pool->fetcher, f);
        free_fetch(f);
    }
    page->fetching = 0;
}

/* What a browser tells a server beside its own name; no more, since the rest
 * tells of a browser, and a crawler asks. */
static void take_field(void *self, struct aw_str name, struct aw_str value)
{
    static const char *const taken[] = {"accept",  "accept-language",
                                        "referer", "origin",
                                        "cookie",  "x-requested-with"};
    struct aw_render_fetch *f = self;

    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (aw_str_eq_nocase(name, aw_str_of(taken[i])) &&
            f->fields.len + name.len + value.len + 4 < FIELDS_MAX)
            aw_buf_printf(&f->fields, "%.*s\n%.*s\n", AW_STR_ARG(name),
                          AW_STR_ARG(value));
}

static bool start_fetch(struct aw_render_pool *pool, struct aw_render_fetch *f)
{
    struct aw_fetch_field fields[FIELD_COUNT];
    struct aw_fetch_request request = {.url = aw_buf_str(&f->url),
                                       .fields = fields,
                                       .tag = f};
    struct aw_str rest = aw_buf_str(&f->fields);
    struct aw_err err;

    while (request.field_count < FIELD_COUNT &&
           aw_str_split(&rest, '\n', &fields[request.field_count].name) &&
           aw_str_split(&rest, '\n', &fields[request.field_count].value))
        request.field_count++;
    f->started = aw_fetch_start(pool->fetcher, &request, &err) == AW_OK;
    return f->started;
}

static void fail_fetch(struct aw_render_page *page, struct aw_render_fetch *f,
                       const char *why)
{
    if (f->is_main)
        (void)snprintf(page->main_why, sizeof page->main_why, "%s", why);
    if (f->makes_text)
        aw_render_lack(page, why);
    refuse(page, f->session, aw_str_of(f->id), "Failed");
    unlink_fetch(page, f);
}

static void start_waiting(struct aw_render_page *page)
{
    struct aw_render_fetch *next;

    for (struct aw_render_fetch *f = page->fetches;
         f && page->fetching < FETCHES_MOST; f = next) {
        next = f->next;
        if (f->started)
            continue;
        if (start_fetch(page->browser->pool, f)) {
            page->fetching++;
        } else {
            fail_fetch(page, f, "the request cannot be made");
            free_fetch(f);
        }
    }
}

static void append_fetch(struct aw_render_page *page,
                         struct aw_render_fetch *f)
{
    struct aw_render_fetch **at = &page->fetches;

    while (*at)
        at = &(*at)->next;
    *at = f;
}

static void put_id(char out[AW_DEVTOOLS_ID_MAX], struct aw_str id)
{
    (void)snprintf(out, AW_DEVTOOLS_ID_MAX, "%.*s", AW_STR_ARG(id));
}

/* Is what comes of it text, or may it write or hide some? */
static bool makes_text(const struct aw_devtools_message *event)
{
    static const char *const kinds[] = {"Document", "Stylesheet", "Script",
                                        "XHR", "Fetch"};
    struct aw_str kind = aw_devtools_text(event, "params.resourceType");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (aw_str_eq(kind, aw_str_of(kinds[i])))
            return true;
    return false;
}

static void queue(struct aw_render_page *page,
                  const struct aw_devtools_message *event, bool is_main)
{
    struct aw_render_fetch *f = calloc(1, sizeof *f);

    if (!f) {
        aw_render_doom(page->browser, false, "out of memory");
        return;
    }
    f->page = page;
    f->is_main = is_main;
    f->makes_text = makes_text(event);
    put_id(f->session, aw_devtools_text(event, "sessionId"));
    put_id(f->id, aw_devtools_text(event, "params.requestId"));
    aw_buf_init(&f->url, AW_URL_MAX);
    aw_buf_init(&f->fields, FIELDS_MAX);
    aw_buf_put(&f->url, aw_devtools_text(event, "params.request.url"));
    aw_devtools_each(event, "params.request.headers", take_field, f);
    append_fetch(page, f);
    start_waiting(page);
}

/* ---- what a page asks for ----------------------------------------------- */

static bool is_http(struct aw_str url)
{
    return url.len <= AW_URL_MAX && (aw_str_starts(url, AW_STR("http://")) ||
                                     aw_str_starts(url, AW_STR("https://")));
}

/* Nothing of it shows in a picture of the page. */
static bool is_unseen(struct aw_str type)
{
    static const char *const unseen[] = {
        "Media",    "Ping",      "Prefetch",       "CSPViolationReport",
        "Manifest", "WebSocket", "SignedExchange", "EventSource"};

    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (aw_str_eq(type, aw_str_of(unseen[i])))
            return true;
    return false;
}

/* Why a request is not made; "" where nobody needs be told; NULL: it is. */
static const char *refusal(struct aw_render_page *page,
                           const struct aw_devtools_message *event)
{
    const struct aw_render_config *limits = page->browser->pool->config.limits;

    if (page->phase >= AW_RENDER_READING ||
        !is_http(aw_devtools_text(event, "params.request.url")) ||
        is_unseen(aw_devtools_text(event, "params.resourceType")))
        return "";
    if (!aw_str_eq(aw_devtools_text(event, "params.request.method"),
                   AW_STR("GET")))
        return "requests other than GET were not made";
    if (page->requests >= limits->resources_max)
        return "no requests were made beyond resources_max";
    if (page->bytes >= limits->bytes_max)
        return "no requests were made beyond bytes_max";
    return NULL;
}

/* The same of the page itself, wherever its scripts lead it. */
static const char *main_refusal(struct aw_render_page *page, struct aw_str url)
{
    struct aw_render_pool *pool = page->browser->pool;

    if (page->navigations++ >= AW_RENDER_NAVIGATIONS_MAX)
        return "it led on more often than is followed";
    return pool->config.calls.may_visit(pool->config.self, page->job, url);
}

static void give(struct aw_render_page *page,
                 const struct aw_devtools_message *event)
{
    struct aw_str session = aw_devtools_text(event, "sessionId");
    char name[AW_DEVTOOLS_ID_MAX];

    put_id(name, session);
    page->is_given = false;
    page->navigations++;
    page->status = page->given.status;
    page->loaded = false;
    fulfil(page, name, aw_devtools_text(event, "params.requestId"),
           &page->given);
}

void aw_render_paused(struct aw_render_page *page,
                      const struct aw_devtools_message *event)
{
    bool is_main = aw_str_eq(aw_devtools_text(event, "params.resourceType"),
                             AW_STR("Document")) &&
                   aw_str_eq(aw_devtools_text(event, "params.frameId"),
                             aw_str_of(page->target));
    const char *why = refusal(page, event);
    char session[AW_DEVTOOLS_ID_MAX];

    put_id(session, aw_devtools_text(event, "sessionId"));
    page->quiet_ms = aw_render_now(page);
    if (!why && is_main && page->is_given) {
        give(page, event);
        return;
    }
    if (!why && is_main)
        why =
            main_refusal(page, aw_devtools_text(event, "params.request.url"));
    if (!why) {
        page->requests++;
        queue(page, event, is_main);
        return;
    }
    if (*why)
        aw_render_note(page, why);
    page->lacks = page->lacks || (*why && makes_text(event));
    if (is_main)
        (void)snprintf(page->main_why, sizeof page->main_why, "%s", why);
    refuse(page, session, aw_devtools_text(event, "params.requestId"),
           "BlockedByClient");
}

/* ---- what comes of it --------------------------------------------------- */

/* It was asked for uncoded, but some servers code what they like. */
static aw_rc undo_coding(const struct aw_render_pool *pool,
                         const struct aw_fetch_result *r, struct aw_buf *out,
                         struct aw_err *err)
{
    size_t most = (size_t)pool->config.fetch.body_max;

    aw_buf_init(out, 2 * most + 1);
    return aw_inflate(r->content_encoding, r->body, most, out, err);
}

/* That there is no such part is how the page is; other failures are the
 * server's, or meant for us. */
static bool is_failure(int status)
{
    return status >= 400 && status != 404 && status != 410;
}

static void check_status(struct aw_render_page *page,
                         const struct aw_render_fetch *f, int status)
{
    char why[32];

    (void)snprintf(why, sizeof why, "http %d", status);
    if (f->makes_text && is_failure(status))
        aw_render_lack(page, why);
}

static void answer(struct aw_render_page *page,
                   const struct aw_render_fetch *f,
                   const struct aw_fetch_result *r)
{
    struct aw_render_pool *pool = page->browser->pool;
    struct aw_render_given given = {r->status, r->response_head, r->body};
    const struct aw_render_fetched fetched = {aw_buf_str(&f->url), f->is_main,
                                              r};
    struct aw_buf plain = {0};
    struct aw_err err;

    pool->config.calls.fetched(pool->config.self, page->job, &fetched);
    page->resources++;
    page->bytes += (int64_t)r->body.len;
    if (r->content_encoding.len > 0 &&
        undo_coding(pool, r, &plain, &err) == AW_OK)
        given.body = aw_buf_str(&plain);
    check_status(page, f, r->status);
    if (r->truncated[0] && f->makes_text)
        aw_render_lack(page, "it is longer than body_max");
    if (f->is_main) {
        page->status = r->status;
        page->loaded = false;
    }
    fulfil(page, f->session, aw_str_of(f->id), &given);
    aw_buf_deinit(&plain);
}

void aw_render_fetched(void *self, const struct aw_fetch_result *r)
{
    struct aw_render_fetch *f = r->tag;
    struct aw_render_page *page = f->page;

    (void)self;
    page->fetching--;
    if (r->rc == AW_OK) {
        answer(page, f, r);
        unlink_fetch(page, f);
    } else {
        fail_fetch(page, f, r->why);
    }
    start_waiting(page);
    free_fetch(f);
}
