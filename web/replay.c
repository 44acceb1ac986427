#include "web/replay.h"

#include <stdio.h>
#include <stdlib.h>

#include "crawler/captured.h"
#include "extract/link.h"
#include "extract/replay.h"
#include "review/session.h"
#include "web/guard.h"
#include "web/passes.h"
#include "web/shown_type.h"

struct aw_frames {
    struct aw_frames_config config;
    struct aw_passes *passes;
};

/* One request while it is answered. */
struct shown {
    const struct aw_frames *frames;
    const struct aw_http_request *request;
    struct aw_http_reply *reply;
    struct aw_pass pass;
    struct aw_str folder, pass_text; /* "/PASS/", "PASS" */
    struct aw_str url;               /* that is asked for */
    struct aw_captured record;
};

/* ---- passes ---------------------------------------------------------------
 */

aw_rc aw_frames_new(struct aw_frames **out,
                    const struct aw_frames_config *config, struct aw_err *err)
{
    struct aw_frames *frames = calloc(1, sizeof *frames);
    aw_rc rc;

    if (!frames)
        return aw_fail(err, AW_NOMEM, "out of memory");
    frames->config = *config;
    rc = aw_passes_new(&frames->passes, AW_FRAMES_PASSES_MAX, err);
    if (rc == AW_OK)
        *out = frames;
    else
        free(frames);
    return rc;
}

void aw_frames_free(struct aw_frames *frames)
{
    if (!frames)
        return;
    aw_passes_free(frames->passes);
    free(frames);
}

aw_rc aw_frames_pass(struct aw_frames *frames,
                     const struct aw_capture *capture, struct aw_str channel,
                     struct aw_str session, struct aw_buf *path,
                     struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(capture);
    struct aw_pass pass = {
        .expires_ms = aw_clock_wall(frames->config.clock) + AW_FRAMES_PASS_MS,
        .url = capture->url,
        .channel = channel,
        .source = capture->source,
        .place = at.place,
        .fetched_ms = capture->fetched_ms,
        .dom = capture->plain > 0,
    };
    char text[AW_PASS_TEXT_MAX];
    aw_rc rc;

    if (capture->url.len > AW_FRAMES_URL_MAX)
        return aw_fail(err, AW_LIMIT, "the page's URL is longer than %d",
                       AW_FRAMES_URL_MAX);
    (void)snprintf(pass.digest, sizeof pass.digest, "%.*s",
                   AW_STR_ARG(at.digest));
    (void)snprintf(pass.session, sizeof pass.session, "%.*s",
                   AW_STR_ARG(session));
    rc = aw_passes_add(frames->passes, &pass, text, err);
    if (rc != AW_OK)
        return rc;
    aw_buf_printf(path, "/%s/", text);
    aw_replay_put_url(path, capture->url);
    return aw_buf_check(path, err);
}

/* ---- replies --------------------------------------------------------------
 */

/* What is asked for has to be told to the reviewer in words: the frame shows
 * nothing else. */
static void refuse(struct aw_http_reply *reply, int status, const char *why)
{
    reply->status = status;
    reply->type = "text/plain; charset=utf-8";
    aw_buf_reset(&reply->body);
    aw_buf_printf(&reply->body, "%s\n", why);
}

static void put_field(struct aw_http_reply *reply, const char *name,
                      struct aw_str value)
{
    struct aw_err err;

    if (aw_http_reply_field(reply, name, value, &err) != AW_OK)
        refuse(reply, 500, "the reply could not be made");
}

/* folder: "/PASS/", all that the page may load from; empty: nothing. */
static void put_policy(const struct aw_frames *frames,
                       struct aw_http_reply *reply, struct aw_str folder)
{
    struct aw_str own = frames->config.capture_origin;
    struct aw_buf policy;

    aw_buf_init(&policy, 4096);
    aw_buf_puts(&policy, "sandbox; default-src 'none'; form-action 'none'; "
                         "base-uri 'none'; frame-ancestors ");
    aw_buf_put(&policy, frames->config.origin);
    if (folder.len > 0)
        aw_buf_printf(&policy,
                      "; img-src %.*s%.*s data:; style-src %.*s%.*s "
                      "'unsafe-inline'; font-src %.*s%.*s data:; media-src "
                      "%.*s%.*s",
                      AW_STR_ARG(own), AW_STR_ARG(folder), AW_STR_ARG(own),
                      AW_STR_ARG(folder), AW_STR_ARG(own), AW_STR_ARG(folder),
                      AW_STR_ARG(own), AW_STR_ARG(folder));
    put_field(reply, "Content-Security-Policy", aw_buf_str(&policy));
    aw_buf_deinit(&policy);
}

/* Its own page has an origin that is no other's: to it all here is foreign,
 * so that resources may be used from anywhere. Who has no pass gets none. */
static void put_fields(struct aw_http_reply *reply)
{
    static const char *const fields[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "cross-origin"},
        {"X-DNS-Prefetch-Control", "off"},
        {"Permissions-Policy",
         "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
        {"Cache-Control", "no-store"}};

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        put_field(reply, fields[i][0], aw_str_of(fields[i][1]));
}

static void send(struct aw_http_reply *reply, const char *type,
                 struct aw_str body)
{
    struct aw_err err;

    if (body.len > AW_FRAMES_BODY_MAX) {
        refuse(reply, 413, "this is too large to be shown");
        return;
    }
    reply->type = type;
    aw_buf_put(&reply->body, body);
    if (aw_buf_check(&reply->body, &err) != AW_OK)
        refuse(reply, 413, "this is too large to be shown");
}

/* ---- from the archive ------------------------------------------------------
 */

static struct aw_str field_of(const struct shown *s, const char *name)
{
    return aw_warc_http_field(s->record.head, aw_str_of(name));
}

static struct aw_str declared(const struct shown *s)
{
    return s->record.head.len > 0 ? field_of(s, "Content-Type")
                                  : s->record.record.content_type;
}

/* The parts that a page or style sheet names, while they are looked for. */
struct named {
    const struct aw_passes *passes;
    struct aw_parts parts;
};

static void add_named(void *self, struct aw_str url)
{
    struct named *named = self;

    aw_parts_add(&named->parts, aw_passes_mark(named->passes, url));
}

/* Before the browser sees them: it asks for them at once. */
static void allow_parts(const struct shown *s, struct aw_str written)
{
    struct named named = {.passes = s->frames->passes};

    aw_replay_references(written, add_named, &named);
    aw_passes_allow(s->frames->passes, s->pass_text, &named.parts);
    aw_parts_free(&named.parts);
}

/* As what the cell makes of it. */
static void send_seen(struct shown *s, struct aw_str url, enum aw_show show,
                      const char *type)
{
    const struct aw_config *config = s->frames->config.config;
    struct aw_extract_input input = {
        .url = url,
        .content_type = declared(s),
        .content_encoding = field_of(s, "Content-Encoding"),
        .charset = show == AW_SHOW_DOM ? AW_STR("utf-8") : AW_STR(""),
        .bytes = s->record.body,
        .decoded_max = config->crawl.decoded_max,
        .ratio_max = config->crawl.ratio_max,
        .show = show,
    };
    struct aw_sighted seen;
    struct aw_arena arena;
    struct aw_err err;
    aw_rc rc;

    aw_arena_init(&arena, 2 * AW_FRAMES_BODY_MAX);
    rc = aw_sight_ask(s->frames->config.sight, &input, &arena, &seen, &err);
    if (rc == AW_OK && show != AW_SHOW_SOURCE)
        allow_parts(s, seen.source);
    if (rc == AW_OK)
        send(s->reply, type, seen.source);
    else
        refuse(s->reply, rc == AW_BUSY ? 503 : 409, err.msg);
    aw_arena_deinit(&arena);
}

/* An image or font as it lies there: by its bytes or, where these are coded,
 * as it says, and the browser undoes the coding. False: it is none. */
static bool send_binary(struct shown *s)
{
    struct aw_str coding = field_of(s, "Content-Encoding");
    const char *type = aw_shown_type(s->record.body, declared(s), coding);

    if (!type)
        return false;
    send(s->reply, type, s->record.body);
    if (coding.len > 0)
        put_field(s->reply, "Content-Encoding", coding);
    if (aw_shown_is_font(type)) /* which browsers ask for by CORS */
        put_field(s->reply, "Access-Control-Allow-Origin", AW_STR("*"));
    return true;
}

/* Is it to be a document, and no picture in one? Browsers say so; those that
 * do not (for without TLS they are silent) ask for HTML first. */
static bool is_opened(const struct shown *s)
{
    struct aw_str as = aw_http_field(s->request, "Sec-Fetch-Dest");
    struct aw_str types = aw_http_field(s->request, "Accept");

    return as.len > 0 ? !aw_str_eq(as, AW_STR("image"))
                      : aw_str_find_nocase(types, AW_STR("text/html")) >= 0;
}

/* As a document an SVG may hold what HTML may, and a link of it (preconnect)
 * leads out past every policy. As an image it loads nothing: the document is
 * one of our own, with the image in it. */
static void send_svg(struct shown *s, struct aw_str url)
{
    if (!is_opened(s)) {
        send_seen(s, url, AW_SHOW_SOURCE, "image/svg+xml; charset=utf-8");
        return;
    }
    send(s->reply, "text/html; charset=utf-8",
         AW_STR("<!doctype html><img src=\""));
    aw_replay_put_url(&s->reply->body, s->url);
    aw_buf_puts(&s->reply->body, "\">");
}

static void send_page(struct shown *s)
{
    enum aw_shown_text text = aw_shown_text(declared(s));

    if (s->pass.dom)
        send_seen(s, s->pass.url, AW_SHOW_DOM, "text/html; charset=utf-8");
    else if (send_binary(s))
        return;
    else if (text == AW_SHOWN_HTML)
        send_seen(s, s->pass.url, AW_SHOW_PAGE, "text/html; charset=utf-8");
    else if (text == AW_SHOWN_SVG)
        send_svg(s, s->pass.url);
    else if (text == AW_SHOWN_NONE)
        refuse(s->reply, 415, "no browser shows this: see its text");
    else
        send_seen(s, s->pass.url, AW_SHOW_SOURCE, "text/plain; charset=utf-8");
}

/* A part of a page: nothing that is a page itself. */
static void send_part(struct shown *s, struct aw_str url)
{
    enum aw_shown_text text = aw_shown_text(declared(s));

    if (send_binary(s))
        return;
    if (text == AW_SHOWN_CSS)
        send_seen(s, url, AW_SHOW_STYLE, "text/css; charset=utf-8");
    else if (text == AW_SHOWN_SVG)
        send_svg(s, url);
    else
        refuse(s->reply, 404, "this is no part of a page");
}

static aw_rc find_part(struct shown *s, struct aw_str url, struct aw_err *err)
{
    struct aw_warc_source source = {.dir = s->frames->config.archive_dir};
    struct aw_warc_query query = {{url}, s->pass.fetched_ms};
    struct aw_captured_at at = {.digest = AW_STR("")};
    aw_rc rc = aw_warc_find(&source, &query, &at.place, err);

    return rc == AW_OK ? aw_captured_open(&s->record, source.dir, &at, err)
                       : rc;
}

/* Where an archived redirect leads; false where it does not. */
static bool follow(struct shown *s, struct aw_buf *url, struct aw_err *err)
{
    struct aw_str location = field_of(s, "Location");
    struct aw_linker *linker = NULL;
    struct aw_str to;
    bool is_led = false;

    if (s->record.record.status / 100 != 3 || location.len == 0)
        return false;
    if (aw_linker_new(&linker, aw_buf_str(url), err) == AW_OK &&
        aw_linker_resolve(linker, location, &to) && aw_link_absolute(to)) {
        aw_buf_reset(url);
        aw_buf_put(url, to);
        is_led = url->rc == AW_OK;
    }
    aw_linker_free(linker);
    aw_captured_close(&s->record);
    return is_led;
}

static bool is_web(struct aw_str url)
{
    return aw_str_starts(url, AW_STR("http://")) ||
           aw_str_starts(url, AW_STR("https://"));
}

static void answer_part(struct shown *s)
{
    struct aw_err err;
    struct aw_buf url;
    aw_rc rc = AW_MISSING;
    int hops = 0;

    aw_buf_init(&url, AW_FRAMES_URL_MAX);
    aw_buf_put(&url, s->url);
    if (url.rc == AW_OK && is_web(s->url) &&
        aw_passes_allows(s->frames->passes, s->pass_text, s->url))
        do
            rc = find_part(s, aw_buf_str(&url), &err);
        while (rc == AW_OK && follow(s, &url, &err) &&
               ++hops < AW_FRAMES_HOPS_MAX);
    if (rc == AW_OK && s->record.reader &&
        (s->record.record.status == 200 || s->record.record.status == 0))
        send_part(s, aw_buf_str(&url));
    else
        refuse(s->reply, 404, "the archive does not have this");
    aw_buf_deinit(&url);
}

static void answer_page(struct shown *s)
{
    struct aw_captured_at at = {.place = s->pass.place,
                                .digest = aw_str_of(s->pass.digest)};
    struct aw_err err;

    if (aw_captured_open(&s->record, s->frames->config.archive_dir, &at,
                         &err) == AW_OK)
        send_page(s);
    else
        refuse(s->reply, 409, err.msg);
}

/* ---- requests --------------------------------------------------------------
 */

static void answer_with_pass(struct shown *s)
{
    if (aw_str_eq(s->url, s->pass.url))
        answer_page(s);
    else
        answer_part(s);
    aw_captured_close(&s->record);
}

/* Of who made the pass, and may have gone out or been switched off since. */
static aw_rc check_session(const struct aw_frames_config *config,
                           const struct aw_pass *pass, struct aw_err *err)
{
    struct aw_store *store = NULL;
    aw_rc rc = aw_stores_take(config->stores, AW_PACE_QUICK, &store, err);

    if (rc == AW_OK)
        rc = aw_session_check(store, config->clock, aw_str_of(pass->session),
                              err);
    aw_stores_give(config->stores, AW_PACE_QUICK, store);
    return rc;
}

/* Fills in the pass, or refuses. */
static bool find_pass(struct shown *s)
{
    const struct aw_frames_config *config = &s->frames->config;
    struct aw_err err;
    aw_rc rc = aw_passes_find(s->frames->passes, s->pass_text,
                              aw_clock_wall(config->clock), &s->reply->arena,
                              &s->pass, &err);

    if (rc == AW_OK)
        rc = check_session(config, &s->pass, &err);
    if (rc == AW_MISSING)
        refuse(s->reply, 404,
               "this page was open for a while only: open it again");
    else if (rc != AW_OK)
        refuse(s->reply, 503, "this cannot be looked up now: try again");
    return rc == AW_OK;
}

/* Splits "/PASS/URL". False: it is no such path. */
static bool read_path(struct shown *s)
{
    struct aw_str path = s->request->path;
    size_t folder = AW_PASS_TEXT_MAX + 1; /* with both slashes */

    s->folder = aw_str_sub(path, 0, folder);
    s->pass_text = aw_str_sub(path, 1, folder - 2);
    s->url = aw_str_sub(path, folder, path.len);
    return s->folder.len == folder && path.ptr[0] == '/' &&
           path.ptr[folder - 1] == '/';
}

static void answer(const struct aw_frames *frames,
                   const struct aw_http_request *request,
                   struct aw_http_reply *reply)
{
    struct shown s = {.frames = frames, .request = request, .reply = reply};

    if (request->refused)
        refuse(reply, request->refused, "this cannot be answered");
    else if (!aw_guard_is_host(request, frames->config.capture_origin))
        refuse(reply, 421, "captured pages go by another name");
    else if (request->method != AW_METHOD_GET)
        refuse(reply, 405, "captured pages are only looked at");
    else if (!read_path(&s))
        refuse(reply, 404, "there is nothing here");
    else if (find_pass(&s)) {
        put_policy(frames, reply, s.folder);
        answer_with_pass(&s);
        return;
    }
    put_policy(frames, reply, AW_STR(""));
}

void aw_frames_answer(struct aw_frames *frames,
                      const struct aw_http_request *request,
                      struct aw_http_reply *reply)
{
    put_fields(reply);
    answer(frames, request, reply);
}
