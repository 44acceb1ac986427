#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "crawler/render_private.h"
#include "crawler/url.h"

#define PARAMS_MAX ((size_t)64 << 10)
#define DOM_TRIES 3     /* a page that moves on loses our world */
#define MARK_MS 180000  /* to wait for aw_render_mark */
#define UNTOLD_MS 10000 /* of silence, instead of a load event */
#define PNG_HEAD 24     /* bytes, with width and height */
#define SIDE_MAX 16384  /* pixels */

/* What a phone and a desk have, in CSS pixels; one device pixel for each. */
static const struct {
    int width, height;
} viewports[] = {
    [AW_VIEWPORT_DESKTOP] = {1280, 800}, [AW_VIEWPORT_MOBILE] = {412, 915}};

int64_t aw_render_now(const struct aw_render_page *page)
{
    return aw_clock_mono(page->browser->pool->config.fetch.clock);
}

static const struct aw_render_config *
limits_of(const struct aw_render_page *page)
{
    return page->browser->pool->config.limits;
}

static bool is_mobile(const struct aw_render_page *page)
{
    return limits_of(page)->viewport == AW_VIEWPORT_MOBILE;
}

void aw_render_note(struct aw_render_page *page, const char *text)
{
    if (!page->note[0])
        (void)snprintf(page->note, sizeof page->note, "%s", text);
}

void aw_render_lack(struct aw_render_page *page, const char *why)
{
    char note[AW_RENDER_NOTE_MAX];

    (void)snprintf(note, sizeof note, "a part of it was not had: %s", why);
    aw_render_note(page, note);
    page->lacks = true;
}

/* ---- commands ----------------------------------------------------------- */

/* A reply may come after its page is over: those are forgotten then. */
void aw_render_send_to(struct aw_render_page *page, const char *session,
                       const char *method, struct aw_str params,
                       aw_devtools_reply_fn *on_reply)
{
    if (page->browser->devtools)
        aw_devtools_send(page->browser->devtools, session, method, params,
                         on_reply, page);
}

void aw_render_send(struct aw_render_page *page, const char *method,
                    struct aw_str params, aw_devtools_reply_fn *on_reply)
{
    aw_render_send_to(page, page->session, method, params, on_reply);
}

static void send_browser(struct aw_render_page *page, const char *method,
                         const char *key, const char *value,
                         aw_devtools_reply_fn *on_reply)
{
    struct aw_buf params;

    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, key, aw_str_of(value));
    aw_json_close(&params, '}');
    aw_render_send_to(page, "", method, aw_buf_str(&params), on_reply);
    aw_buf_deinit(&params);
}

static bool take_id(struct aw_render_page *page, char out[AW_DEVTOOLS_ID_MAX],
                    const struct aw_devtools_message *reply, const char *path,
                    const char *failed)
{
    struct aw_str id = aw_devtools_text(reply, path);

    if (!failed && id.len > 0 && id.len < AW_DEVTOOLS_ID_MAX) {
        (void)snprintf(out, AW_DEVTOOLS_ID_MAX, "%.*s", AW_STR_ARG(id));
        return true;
    }
    aw_render_doom(page->browser, true,
                   failed ? failed : "the browser gave no id");
    return false;
}

/* ---- opening ------------------------------------------------------------ */

static void on_navigated(void *self, const struct aw_devtools_message *reply,
                         const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_str text = aw_devtools_text(reply, "result.errorText");
    char why[AW_RENDER_NOTE_MAX];

    if (!failed && text.len == 0) {
        page->committed = true;
        page->opened_ms = aw_render_now(page);
        return;
    }
    if (page->main_why[0])
        (void)snprintf(why, sizeof why, "%s", page->main_why);
    else if (failed)
        (void)snprintf(why, sizeof why, "%s", failed);
    else
        (void)snprintf(why, sizeof why, "the browser shows no page: %.*s",
                       AW_STR_ARG(aw_str_sub(text, 0, 100)));
    aw_render_end(page, why, false);
}

static void send_metrics(struct aw_render_page *page, int height)
{
    struct aw_buf params;

    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_int(&params, "width", viewports[limits_of(page)->viewport].width);
    aw_json_int(&params, "height", height);
    aw_json_int(&params, "deviceScaleFactor", 1);
    aw_json_bool(&params, "mobile", is_mobile(page));
    aw_json_close(&params, '}');
    aw_render_send(page, "Emulation.setDeviceMetricsOverride",
                   aw_buf_str(&params), NULL);
    aw_buf_deinit(&params);
}

/* What scripts see: a browser of its kind, and who has it. On the wire stands
 * the agent's name alone. */
static void send_agent(struct aw_render_page *page)
{
    const struct aw_render_browser *browser = page->browser;
    const char *phone =
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like "
        "Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";
    struct aw_buf agent;
    struct aw_buf params;

    aw_buf_init(&agent, PARAMS_MAX);
    aw_buf_init(&params, PARAMS_MAX);
    aw_buf_printf(&agent, "%s %s", is_mobile(page) ? phone : browser->agent,
                  browser->pool->config.fetch.user_agent);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "userAgent", aw_buf_str(&agent));
    aw_json_text(&params, "acceptLanguage", AW_STR("zh-CN,zh;q=0.9"));
    aw_json_close(&params, '}');
    aw_render_send(page, "Emulation.setUserAgentOverride", aw_buf_str(&params),
                   NULL);
    aw_buf_deinit(&params);
    aw_buf_deinit(&agent);
}

/* All before the page is asked for; the browser does them in their order. */
static void set_up(struct aw_render_page *page)
{
    static const struct {
        const char *method, *params;
    } commands[] = {
        {"Page.enable", ""},
        {"Inspector.enable", ""},
        {"Fetch.enable", "{\"patterns\":[{\"urlPattern\":\"*\"}]}"},
        {"Target.setAutoAttach",
         "{\"autoAttach\":true,\"waitForDebuggerOnStart\":true,"
         "\"flatten\":true}"},
        {"Network.setBypassServiceWorker", "{\"bypass\":true}"},
    };

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        aw_render_send(page, commands[i].method, aw_str_of(commands[i].params),
                       NULL);
    send_metrics(page, viewports[limits_of(page)->viewport].height);
    if (is_mobile(page))
        aw_render_send(page, "Emulation.setTouchEmulationEnabled",
                       AW_STR("{\"enabled\":true}"), NULL);
    send_agent(page);
}

static void on_attached(void *self, const struct aw_devtools_message *reply,
                        const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    if (!take_id(page, page->session, reply, "result.sessionId", failed))
        return;
    set_up(page);
    page->phase = AW_RENDER_LOADING;
    page->opened_ms = page->quiet_ms = aw_render_now(page);
    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "url", page->url);
    aw_json_close(&params, '}');
    aw_render_send(page, "Page.navigate", aw_buf_str(&params), on_navigated);
    aw_buf_deinit(&params);
}

static void on_target(void *self, const struct aw_devtools_message *reply,
                      const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    if (!take_id(page, page->target, reply, "result.targetId", failed))
        return;
    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "targetId", aw_str_of(page->target));
    aw_json_bool(&params, "flatten", true);
    aw_json_close(&params, '}');
    aw_render_send_to(page, "", "Target.attachToTarget", aw_buf_str(&params),
                      on_attached);
    aw_buf_deinit(&params);
}

/* A context is a profile in memory, which goes with the page. */
static void on_context(void *self, const struct aw_devtools_message *reply,
                       const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    if (!take_id(page, page->context, reply, "result.browserContextId",
                 failed))
        return;
    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "behavior", AW_STR("deny"));
    aw_json_text(&params, "browserContextId", aw_str_of(page->context));
    aw_json_close(&params, '}');
    aw_render_send_to(page, "", "Browser.setDownloadBehavior",
                      aw_buf_str(&params), NULL);
    aw_buf_reset(&params);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "url", AW_STR("about:blank"));
    aw_json_text(&params, "browserContextId", aw_str_of(page->context));
    aw_json_close(&params, '}');
    aw_render_send_to(page, "", "Target.createTarget", aw_buf_str(&params),
                      on_target);
    aw_buf_deinit(&params);
}

void aw_render_open(struct aw_render_page *page)
{
    const struct aw_clock *clock = page->browser->pool->config.fetch.clock;

    page->phase = AW_RENDER_OPENING;
    page->began_ms = page->opened_ms = aw_render_now(page);
    page->started_ms = aw_clock_wall(clock);
    aw_render_send_to(page, "", "Target.createBrowserContext",
                      AW_STR("{\"disposeOnDetach\":true}"), on_context);
}

/* ---- the end ------------------------------------------------------------ */

static struct aw_render_shot shot_of(const struct aw_render_view *view,
                                     const char *kind)
{
    return (struct aw_render_shot){
        .kind = kind,
        .png = aw_buf_str(&view->png),
        .width = view->width,
        .height = view->height,
        .boxes = view->boxes,
        .box_count = view->box_count,
    };
}

static void tell(struct aw_render_page *page, void *job, const char *why,
                 bool crashed)
{
    static const char *const kinds[] = {"first", "full"};
    const struct aw_render_pool *pool = page->browser->pool;
    int viewport = (int)limits_of(page)->viewport;
    struct aw_render_result result = {
        .rc = why ? AW_FAIL : AW_OK,
        .why = why ? why : "",
        .crashed = crashed,
        .no_browser = page->phase == AW_RENDER_QUEUED,
        .note = page->note,
        .url = page->final_url.len > 0 ? page->final_url : page->url,
        .title = page->title,
        .status = page->status,
        .viewport_width = viewports[viewport].width,
        .viewport_height = viewports[viewport].height,
        .mobile = is_mobile(page),
        .resources = page->resources,
        .refused = page->refused,
        .bytes = page->bytes,
        .started_ms = page->started_ms,
        .elapsed_ms = aw_render_now(page) - page->began_ms,
        .browser = aw_str_of(page->browser->product),
    };

    for (size_t i = 0; i < page->view && i < 2; i++)
        result.shots[result.shot_count++] = shot_of(&page->views[i], kinds[i]);
    pool->config.calls.done(pool->config.self, job, &result);
}

/* In done there is no room here yet. */
void aw_render_end(struct aw_render_page *page, const char *why, bool crashed)
{
    void *job = page->job;

    if (page->phase == AW_RENDER_IDLE)
        return;
    aw_devtools_forget(page->browser->devtools, page);
    aw_render_drop_fetches(page);
    if (page->context[0])
        send_browser(page, "Target.disposeBrowserContext", "browserContextId",
                     page->context, NULL);
    page->job = NULL;
    page->browser->pages++;
    tell(page, job, why, crashed);
    aw_buf_deinit(&page->html);
    aw_buf_deinit(&page->views[0].png);
    aw_buf_deinit(&page->views[1].png);
    aw_arena_deinit(&page->arena);
    *page = (struct aw_render_page){.browser = page->browser};
}

/* ---- screenshots -------------------------------------------------------- */

static uint32_t number_at(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

static bool is_png(const struct aw_render_view *view)
{
    struct aw_str png = aw_buf_str(&view->png);

    return png.len > PNG_HEAD &&
           aw_str_starts(png, AW_STR("\x89PNG\r\n\x1a\n")) &&
           number_at(png.ptr + 16) == (uint32_t)view->width &&
           number_at(png.ptr + 20) == (uint32_t)view->height;
}

static void make_view(struct aw_render_page *page);

static void on_shot(void *self, const struct aw_devtools_message *reply,
                    const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_render_view *view = &page->views[page->view];
    struct aw_err err = {.msg = "no such picture"};

    aw_buf_init(&view->png, AW_RENDER_PNG_MAX);
    if (failed ||
        aw_devtools_base64(aw_devtools_text(reply, "result.data"), &view->png,
                           &err) != AW_OK ||
        !is_png(view)) {
        aw_render_doom(page->browser, true,
                       failed ? failed : "the browser gave no screenshot");
        return;
    }
    page->view++;
    if (page->view < 2)
        make_view(page);
    else
        aw_render_end(page, NULL, false);
}

static void on_boxes(void *self, const struct aw_devtools_message *reply,
                     const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_err err;

    if (failed ||
        aw_render_read_boxes(aw_devtools_text(reply, "result.result.value"),
                             page, &page->views[page->view], &err) != AW_OK) {
        aw_render_doom(page->browser, true,
                       failed ? failed : "the browser gave no boxes");
        return;
    }
    aw_render_send(page, "Page.captureScreenshot",
                   AW_STR("{\"format\":\"png\"}"), on_shot);
}

static void find_boxes(struct aw_render_page *page)
{
    struct aw_buf params;

    aw_buf_init(&params, AW_RENDER_COMMAND_MAX);
    aw_render_script_boxes(&params, page);
    aw_render_send(page, "Runtime.evaluate", aw_buf_str(&params), on_boxes);
    aw_buf_deinit(&params);
}

static int full_height(const struct aw_render_page *page, int first)
{
    int64_t most = limits_of(page)->height_max;
    int64_t height = page->page_height;

    if (height > most)
        height = most;
    return height > first ? (int)height : first;
}

/* The first screen; then one that is as high as the page. */
static void make_view(struct aw_render_page *page)
{
    struct aw_render_view *view = &page->views[page->view];
    int viewport = (int)limits_of(page)->viewport;

    view->width = viewports[viewport].width;
    view->height = viewports[viewport].height;
    if (page->view == 1) {
        view->height = full_height(page, view->height);
        if (page->page_height > view->height)
            aw_render_note(page, "the page is higher than height_max");
        send_metrics(page, view->height);
    }
    find_boxes(page);
}

static aw_rc copy_quotes(struct aw_render_page *page,
                         const struct aw_str *quotes, size_t count,
                         struct aw_err *err)
{
    struct aw_str *copies;
    aw_rc rc = AW_OK;

    if (count > AW_RENDER_QUOTES_MAX)
        count = AW_RENDER_QUOTES_MAX;
    copies = aw_arena_array(&page->arena, count + 1, sizeof *copies);
    if (!copies)
        return aw_arena_fail(&page->arena, err);
    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = aw_arena_dup(&page->arena, quotes[i], &copies[i], err);
    page->quotes = copies;
    page->quote_count = count;
    return rc;
}

void aw_render_mark(struct aw_render_pool *pool, const void *job,
                    const struct aw_str *quotes, size_t count)
{
    struct aw_err err;

    for (int i = 0; i < pool->config.limits->browsers; i++) {
        struct aw_render_page *page = &pool->browsers[i].page;

        if (page->phase != AW_RENDER_WAITING || page->job != job)
            continue;
        page->waited_ms = aw_render_now(page) - page->quiet_ms;
        page->phase = AW_RENDER_MARKING;
        if (copy_quotes(page, quotes, count, &err) == AW_OK)
            make_view(page);
        else
            aw_render_doom(page->browser, false, err.msg);
    }
}

/* ---- its HTML ----------------------------------------------------------- */

static void stop(struct aw_render_page *page);

static aw_rc keep_texts(struct aw_render_page *page,
                        const struct aw_devtools_message *reply,
                        struct aw_err *err)
{
    struct aw_str title = aw_devtools_text(reply, "result.result.value.title");
    struct aw_str url = aw_devtools_text(reply, "result.result.value.url");
    aw_rc rc =
        aw_arena_dup(&page->arena, aw_str_sub(title, 0, AW_RENDER_TITLE_MAX),
                     &page->title, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(&page->arena, aw_str_sub(url, 0, AW_URL_MAX),
                          &page->final_url, err);
    page->page_height =
        aw_devtools_int(reply, "result.result.value.height", 0);
    return rc;
}

/* Cut between two code points. */
static struct aw_str cut_html(struct aw_str html, size_t most)
{
    if (html.len <= most)
        return html;
    while (most > 0 && ((unsigned char)html.ptr[most] & 0xC0) == 0x80)
        most--;
    return aw_str_sub(html, 0, most);
}

void aw_render_tell_dom(struct aw_render_page *page)
{
    const struct aw_render_pool *pool = page->browser->pool;

    if (page->html_cut)
        aw_render_note(page, "its HTML is longer than html_max");
    page->phase = AW_RENDER_WAITING;
    page->quiet_ms = aw_render_now(page);
    pool->config.calls.dom(pool->config.self, page->job,
                           aw_buf_str(&page->html),
                           !page->html_cut && !page->lacks);
}

static aw_rc keep_html(struct aw_render_page *page, struct aw_str all,
                       struct aw_err *err)
{
    size_t most = (size_t)limits_of(page)->html_max;
    struct aw_str html = cut_html(all, most);

    aw_buf_deinit(&page->html);
    aw_buf_init(&page->html, most);
    aw_buf_put(&page->html, html);
    page->html_cut = page->html_cut || html.len < all.len;
    return aw_buf_check(&page->html, err);
}

static void on_dom(void *self, const struct aw_devtools_message *reply,
                   const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_str html = aw_devtools_text(reply, "result.result.value.html");
    struct aw_err err;

    if (failed || html.len == 0) {
        if (page->asked < DOM_TRIES)
            stop(page);
        else
            aw_render_end(page, "the browser shows no page", false);
        return;
    }
    page->html_cut = aw_devtools_int(reply, "result.result.value.cut", 0) != 0;
    if (keep_texts(page, reply, &err) == AW_OK &&
        keep_html(page, html, &err) == AW_OK)
        aw_render_read_frames(page);
    else
        aw_render_doom(page->browser, false, err.msg);
}

void aw_render_world_params(struct aw_buf *out, const char *frame)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "frameId", aw_str_of(frame));
    aw_json_text(out, "worldName", AW_STR("adwatch"));
    aw_json_close(out, '}');
}

static void make_world(struct aw_render_page *page,
                       aw_devtools_reply_fn *on_reply)
{
    struct aw_buf params;

    aw_buf_init(&params, PARAMS_MAX);
    aw_render_world_params(&params, page->target);
    aw_render_send(page, "Page.createIsolatedWorld", aw_buf_str(&params),
                   on_reply);
    aw_buf_deinit(&params);
}

static void take_world(struct aw_render_page *page,
                       const struct aw_devtools_message *reply)
{
    page->world = aw_devtools_int(reply, "result.executionContextId", 0);
}

static void on_last_world(void *self, const struct aw_devtools_message *reply,
                          const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    (void)failed; /* then on_dom is told of a world that is none */
    take_world(page, reply);
    aw_buf_init(&params, AW_RENDER_COMMAND_MAX);
    aw_render_script_dom(&params, page);
    aw_render_send(page, "Runtime.evaluate", aw_buf_str(&params), on_dom);
    aw_buf_deinit(&params);
}

/* From here on the page stands still: what is read is what is drawn. */
static void stop(struct aw_render_page *page)
{
    page->phase = AW_RENDER_READING;
    page->asked++;
    aw_render_send(page, "Emulation.setScriptExecutionDisabled",
                   AW_STR("{\"value\":true}"), NULL);
    aw_render_send(page, "Page.stopLoading", AW_STR(""), NULL);
    aw_render_stop_children(page);
    make_world(page, on_last_world);
}

/* A script that never ends holds up everything but these two. */
static void stop_late(struct aw_render_page *page)
{
    aw_render_note(page, "scripts and loading were stopped after load_ms");
    page->lacks = true;
    aw_render_send(page, "Emulation.setScriptExecutionDisabled",
                   AW_STR("{\"value\":true}"), NULL);
    aw_render_send(page, "Runtime.terminateExecution", AW_STR(""), NULL);
    stop(page);
}

/* ---- scrolling ---------------------------------------------------------- */

static void on_scrolled(void *self, const struct aw_devtools_message *reply,
                        const char *failed)
{
    struct aw_render_page *page = self;

    (void)reply;
    (void)failed; /* it moved on meanwhile: it is looked at as it is */
    if (page->phase != AW_RENDER_SCROLLING)
        return;
    page->phase = AW_RENDER_SETTLING;
    page->quiet_ms = aw_render_now(page);
}

static void on_first_world(void *self, const struct aw_devtools_message *reply,
                           const char *failed)
{
    struct aw_render_page *page = self;
    struct aw_buf params;

    if (page->phase != AW_RENDER_SCROLLING)
        return;
    if (failed) {
        on_scrolled(page, reply, failed);
        return;
    }
    take_world(page, reply);
    aw_buf_init(&params, AW_RENDER_COMMAND_MAX);
    aw_render_script_scroll(&params, page);
    aw_render_send(page, "Runtime.evaluate", aw_buf_str(&params), on_scrolled);
    aw_buf_deinit(&params);
}

/* ---- times -------------------------------------------------------------- */

/* Chromium does not always tell that a page was loaded: one that has asked for
 * nothing for so long is taken to be. */
static bool is_quiet(const struct aw_render_page *page)
{
    int64_t least = limits_of(page)->settle_ms;

    if (!page->loaded && least < UNTOLD_MS)
        least = UNTOLD_MS;
    return page->committed && !page->fetches &&
           aw_render_now(page) - page->quiet_ms >= least;
}

static bool is_loading(const struct aw_render_page *page)
{
    return page->phase == AW_RENDER_LOADING ||
           page->phase == AW_RENDER_SCROLLING ||
           page->phase == AW_RENDER_SETTLING;
}

/* Who is to say what to find takes too long: the page is not at fault, and
 * its pictures are made without boxes. */
static bool is_unmarked(const struct aw_render_page *page)
{
    int64_t most = page->browser->pool->config.mark_ms;

    return page->phase == AW_RENDER_WAITING &&
           aw_render_now(page) - page->quiet_ms > (most > 0 ? most : MARK_MS);
}

/* What it takes to wait for aw_render_mark is not the page's time. */
static bool is_over_time(const struct aw_render_page *page)
{
    int64_t now = aw_render_now(page);

    if (page->phase == AW_RENDER_WAITING)
        return false;
    return now - page->began_ms - page->waited_ms > limits_of(page)->page_ms;
}

void aw_render_look(struct aw_render_page *page)
{
    bool late = page->committed && aw_render_now(page) - page->opened_ms >
                                       limits_of(page)->load_ms;

    if (page->phase <= AW_RENDER_QUEUED)
        return;
    if (is_unmarked(page)) {
        aw_render_note(page, "its claims were not known in time for boxes");
        aw_render_mark(page->browser->pool, page->job, NULL, 0);
    } else if (is_over_time(page)) {
        aw_render_doom(page->browser, false,
                       page->main_why[0] ? page->main_why
                                         : "no answer within page_ms");
    } else if (page->phase == AW_RENDER_FRAMES) {
        aw_render_look_at_frames(page);
    } else if (is_loading(page) && late) {
        stop_late(page);
    } else if (page->phase == AW_RENDER_LOADING && is_quiet(page)) {
        page->phase = AW_RENDER_SCROLLING;
        make_world(page, on_first_world);
    } else if (page->phase == AW_RENDER_SETTLING && is_quiet(page)) {
        stop(page);
    }
}

/* ---- events ------------------------------------------------------------- */

static void on_loaded(struct aw_render_page *page,
                      const struct aw_devtools_message *event)
{
    (void)event;
    page->loaded = true;
    page->quiet_ms = aw_render_now(page);
}

static void on_dialog(struct aw_render_page *page,
                      const struct aw_devtools_message *event)
{
    bool leaves = aw_str_eq(aw_devtools_text(event, "params.type"),
                            AW_STR("beforeunload"));

    aw_render_send(page, "Page.handleJavaScriptDialog",
                   leaves ? AW_STR("{\"accept\":true}")
                          : AW_STR("{\"accept\":false}"),
                   NULL);
}

static void on_crash(struct aw_render_page *page,
                     const struct aw_devtools_message *event)
{
    (void)event;
    aw_render_doom(page->browser, true, "the page's process crashed");
}

static const struct {
    const char *method;
    void (*call)(struct aw_render_page *, const struct aw_devtools_message *);
    bool of_any; /* session: also of frames, of the browser */
} events[] = {
    {"Fetch.requestPaused", aw_render_paused, true},
    {"Page.javascriptDialogOpening", on_dialog, false},
    {"Page.loadEventFired", on_loaded, false},
    {"Inspector.targetCrashed", on_crash, false},
    {"Target.attachedToTarget", aw_render_on_child, true},
    {"Target.detachedFromTarget", aw_render_on_child_gone, true},
    {"Target.targetCreated", aw_render_on_window, true},
};

void aw_render_event(struct aw_render_page *page, struct aw_str method,
                     const struct aw_devtools_message *event)
{
    bool is_own = aw_str_eq(aw_devtools_text(event, "sessionId"),
                            aw_str_of(page->session));

    if (page->phase <= AW_RENDER_QUEUED)
        return;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (aw_str_eq(method, aw_str_of(events[i].method)) &&
            (is_own || events[i].of_any)) {
            events[i].call(page, event);
            return;
        }
}
