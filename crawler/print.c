#include "crawler/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/loop.h"
#include "crawler/devtools.h"
#include "crawler/render_process.h"

#define ORIGIN "http://paper.invalid/"
#define START_MS 60000
#define WAIT_MS 100 /* from one look at the clock to the next */
#define NAME_MAX_BYTES ((size_t)2048)
#define PARAMS_MAX ((size_t)64 << 10)
#define WHY_MAX 256

/* Centimetres would be nicer; the protocol has inches. */
#define A4_WIDTH 8.27
#define A4_HEIGHT 11.69
#define MARGIN 0.87 /* 22 mm */

struct aw_printer {
    struct aw_printer_config config;
    struct aw_browser_process process;
    struct aw_loop *loop;
    struct aw_devtools *devtools;
    const struct aw_print_page *page; /* that is being printed, or NULL */
    char session[AW_DEVTOOLS_ID_MAX];
    bool loaded;
    char ended[WHY_MAX]; /* why the pipe is, or "" */
};

/* ---- asking ------------------------------------------------------------- */

/* One reply that is waited for: what stands in it at a path. */
struct question {
    const char *path;
    struct aw_buf *answer; /* NULL: nobody asks for it */
    bool done;
    char failed[WHY_MAX];
};

static void on_reply(void *self, const struct aw_devtools_message *reply,
                     const char *failed)
{
    struct question *q = self;

    q->done = true;
    if (failed)
        (void)snprintf(q->failed, sizeof q->failed, "%s", failed);
    else if (q->answer)
        aw_buf_put(q->answer, aw_devtools_text(reply, q->path));
}

/* Until *done, the end of the pipe, or of the time. */
static aw_rc wait_for(struct aw_printer *p, const bool *done, int64_t until_ms,
                      const char *what, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    while (rc == AW_OK && !*done && !p->ended[0]) {
        if (aw_clock_mono(p->config.clock) > until_ms)
            return aw_fail(err, AW_FAIL, "the browser took too long: %s",
                           what);
        rc = aw_loop_wait(p->loop, WAIT_MS, err);
    }
    if (rc == AW_OK && !*done)
        rc = aw_fail(err, AW_FAIL, "the browser ended: %s", p->ended);
    return rc;
}

/* Appends the text at path in the reply, where answer is not NULL. */
static aw_rc ask(struct aw_printer *p, const char *session, const char *method,
                 struct aw_str params, const char *path, struct aw_buf *answer,
                 int64_t until_ms, struct aw_err *err)
{
    struct question q = {.path = path, .answer = answer};
    aw_rc rc;

    aw_devtools_send(p->devtools, session, method, params, on_reply, &q);
    rc = wait_for(p, &q.done, until_ms, method, err);
    aw_devtools_forget(p->devtools, &q);
    if (rc == AW_OK && q.failed[0])
        rc = aw_fail(err, AW_FAIL, "the browser refuses %s: %s", method,
                     q.failed);
    return rc == AW_OK && answer ? aw_buf_check(answer, err) : rc;
}

/* An id that the browser gives, for params with one member. */
static aw_rc ask_id(struct aw_printer *p, const char *method,
                    struct aw_str params, const char *path,
                    char out[AW_DEVTOOLS_ID_MAX], int64_t until_ms,
                    struct aw_err *err)
{
    struct aw_buf id;
    aw_rc rc;

    aw_buf_init(&id, AW_DEVTOOLS_ID_MAX - 1);
    rc = ask(p, "", method, params, path, &id, until_ms, err);
    if (rc == AW_OK && id.len == 0)
        rc = aw_fail(err, AW_FAIL, "%s: the browser gave no id", method);
    if (rc == AW_OK)
        memcpy(out, id.ptr, id.len + 1);
    aw_buf_deinit(&id);
    return rc;
}

/* ---- what the page asks for --------------------------------------------- */

/* The name in one of our URLs; false where it is another's. */
static bool name_of(struct aw_str url, struct aw_buf *name)
{
    struct aw_str rest = aw_str_sub(url, strlen(ORIGIN), url.len);

    if (!aw_str_starts(url, AW_STR(ORIGIN)))
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        int high = rest.len - i > 2 ? aw_hex_value(rest.ptr[i + 1]) : -1;
        int low = rest.len - i > 2 ? aw_hex_value(rest.ptr[i + 2]) : -1;

        if (rest.ptr[i] != '%') {
            aw_buf_putc(name, rest.ptr[i]);
            continue;
        }
        if (high < 0 || low < 0)
            return false;
        aw_buf_putc(name, (char)(high << 4 | low));
        i += 2;
    }
    return name->rc == AW_OK;
}

static void put_url(struct aw_buf *out, struct aw_str name)
{
    aw_buf_puts(out, ORIGIN);
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];

        if (aw_ascii_alpha((char)c) || aw_ascii_digit((char)c) ||
            strchr("/-._", c))
            aw_buf_putc(out, (char)c);
        else
            aw_buf_printf(out, "%%%02X", c);
    }
}

static void put_header(struct aw_buf *out, const char *name, const char *value)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "name", aw_str_of(name));
    aw_json_text(out, "value", aw_str_of(value));
    aw_json_close(out, '}');
}

static void give(struct aw_printer *p, struct aw_str id, const char *type,
                 struct aw_str bytes)
{
    struct aw_buf params;

    aw_buf_init(&params, AW_DEVTOOLS_QUEUE_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "requestId", id);
    aw_json_int(&params, "responseCode", 200);
    aw_json_open(&params, "responseHeaders", '[');
    put_header(&params, "Content-Type", type);
    put_header(&params, "X-Content-Type-Options", "nosniff");
    put_header(&params, "Content-Security-Policy",
               "default-src 'none'; style-src 'unsafe-inline'; "
               "img-src 'self' data:");
    aw_json_close(&params, ']');
    aw_devtools_put_base64(&params, "body", bytes);
    aw_json_close(&params, '}');
    if (params.rc == AW_OK)
        aw_devtools_send(p->devtools, p->session, "Fetch.fulfillRequest",
                         aw_buf_str(&params), NULL, NULL);
    else
        (void)snprintf(p->ended, sizeof p->ended, "a page over %zu bytes",
                       AW_DEVTOOLS_QUEUE_MAX);
    aw_buf_deinit(&params);
}

static void refuse(struct aw_printer *p, struct aw_str id)
{
    struct aw_buf params;

    aw_buf_init(&params, PARAMS_MAX);
    aw_json_open(&params, NULL, '{');
    aw_json_text(&params, "requestId", id);
    aw_json_text(&params, "errorReason", AW_STR("BlockedByClient"));
    aw_json_close(&params, '}');
    aw_devtools_send(p->devtools, p->session, "Fetch.failRequest",
                     aw_buf_str(&params), NULL, NULL);
    aw_buf_deinit(&params);
}

static bool find_picture(const struct aw_printer *p, struct aw_str name,
                         struct aw_str *bytes)
{
    struct aw_err ignored;

    return p->config.picture && aw_str_ends(name, AW_STR(".png")) &&
           p->config.picture(p->config.self, name, bytes, &ignored) == AW_OK &&
           bytes->len <= AW_PRINT_PICTURE_MAX;
}

static void answer_request(struct aw_printer *p,
                           const struct aw_devtools_message *event)
{
    struct aw_str id = aw_devtools_text(event, "params.requestId");
    struct aw_str bytes = {0};
    struct aw_buf name;
    bool is_ours;

    aw_buf_init(&name, NAME_MAX_BYTES);
    is_ours = p->page &&
              name_of(aw_devtools_text(event, "params.request.url"), &name);
    if (is_ours && aw_str_eq(aw_buf_str(&name), p->page->name))
        give(p, id, "text/html; charset=utf-8", p->page->html);
    else if (is_ours && find_picture(p, aw_buf_str(&name), &bytes))
        give(p, id, "image/png", bytes);
    else
        refuse(p, id);
    aw_buf_deinit(&name);
}

static void on_event(void *self, struct aw_str method,
                     const struct aw_devtools_message *event)
{
    struct aw_printer *p = self;

    if (aw_str_eq(method, AW_STR("Fetch.requestPaused")))
        answer_request(p, event);
    else if (aw_str_eq(method, AW_STR("Page.loadEventFired")))
        p->loaded = true;
    else if (aw_str_eq(method, AW_STR("Inspector.targetCrashed")))
        (void)snprintf(p->ended, sizeof p->ended, "its page crashed");
}

static void on_ended(void *self, const char *why)
{
    struct aw_printer *p = self;

    (void)snprintf(p->ended, sizeof p->ended, "%s", why);
}

/* ---- the browser -------------------------------------------------------- */

/* {"key":"value"}, and more members for those that need them. */
static void one_text(struct aw_buf *params, const char *key,
                     struct aw_str value)
{
    aw_buf_reset(params);
    aw_json_open(params, NULL, '{');
    aw_json_text(params, key, value);
    aw_json_close(params, '}');
}

static aw_rc open_page(struct aw_printer *p, int64_t until, struct aw_err *err)
{
    char target[AW_DEVTOOLS_ID_MAX];
    struct aw_buf params;
    aw_rc rc;

    aw_buf_init(&params, PARAMS_MAX);
    one_text(&params, "url", AW_STR("about:blank"));
    rc = ask_id(p, "Target.createTarget", aw_buf_str(&params),
                "result.targetId", target, until, err);
    if (rc == AW_OK) {
        aw_buf_reset(&params);
        aw_json_open(&params, NULL, '{');
        aw_json_text(&params, "targetId", aw_str_of(target));
        aw_json_bool(&params, "flatten", true);
        aw_json_close(&params, '}');
        rc = ask_id(p, "Target.attachToTarget", aw_buf_str(&params),
                    "result.sessionId", p->session, until, err);
    }
    aw_buf_deinit(&params);
    return rc;
}

static aw_rc set_up(struct aw_printer *p, int64_t until, struct aw_err *err)
{
    static const struct {
        const char *method, *params;
    } commands[] = {
        {"Page.enable", ""},
        {"Inspector.enable", ""},
        {"Emulation.setScriptExecutionDisabled", "{\"value\":true}"},
        {"Fetch.enable", "{\"patterns\":[{\"urlPattern\":\"*\"}]}"},
    };
    aw_rc rc = AW_OK;

    for (size_t i = 0; rc == AW_OK && i < sizeof commands / sizeof *commands;
         i++)
        rc = ask(p, p->session, commands[i].method,
                 aw_str_of(commands[i].params), "", NULL, until, err);
    return rc;
}

static aw_rc start(struct aw_printer *p, struct aw_err *err)
{
    struct aw_devtools_config devtools = {.event = on_event,
                                          .ended = on_ended,
                                          .self = p};
    int64_t until = aw_clock_mono(p->config.clock) + START_MS;
    aw_rc rc = aw_loop_new(&p->loop, err);

    if (rc == AW_OK)
        rc = aw_browser_start(&p->process, p->config.program, false, err);
    devtools.loop = p->loop;
    devtools.fd = p->process.fd;
    if (rc == AW_OK)
        rc = aw_devtools_new(&p->devtools, &devtools, err);
    if (rc == AW_OK)
        rc = open_page(p, until, err);
    return rc == AW_OK ? set_up(p, until, err) : rc;
}

aw_rc aw_printer_new(struct aw_printer **out,
                     const struct aw_printer_config *config,
                     struct aw_err *err)
{
    struct aw_printer *p = calloc(1, sizeof *p);
    aw_rc rc;

    if (!p)
        return aw_fail(err, AW_NOMEM, "out of memory");
    p->config = *config;
    aw_browser_sweep();
    rc = start(p, err);
    if (rc == AW_OK)
        *out = p;
    else
        aw_printer_free(p);
    return rc;
}

void aw_printer_free(struct aw_printer *p)
{
    if (!p)
        return;
    aw_devtools_free(p->devtools);
    aw_browser_end(&p->process, NULL, 0);
    aw_loop_free(p->loop);
    free(p);
}

/* ---- a page ------------------------------------------------------------- */

static aw_rc load(struct aw_printer *p, int64_t until, struct aw_err *err)
{
    struct aw_buf url;
    struct aw_buf params;
    struct aw_buf wrong;
    aw_rc rc;

    aw_buf_init(&wrong, WHY_MAX);
    aw_buf_init(&url, NAME_MAX_BYTES * 3);
    aw_buf_init(&params, PARAMS_MAX);
    put_url(&url, p->page->name);
    one_text(&params, "url", aw_buf_str(&url));
    p->loaded = false;
    rc = aw_buf_check(&params, err);
    if (rc == AW_OK)
        rc = ask(p, p->session, "Page.navigate", aw_buf_str(&params),
                 "result.errorText", &wrong, until, err);
    if (rc == AW_OK && wrong.len > 0)
        rc = aw_fail(err, AW_FAIL, "the browser shows no page: %s", wrong.ptr);
    if (rc == AW_OK)
        rc = wait_for(p, &p->loaded, until, "loading the page", err);
    aw_buf_deinit(&params);
    aw_buf_deinit(&url);
    aw_buf_deinit(&wrong);
    return rc;
}

/* Text of ours in the browser's own template for heads and feet. */
static void put_escaped(struct aw_buf *out, struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("<>&\"'", text.ptr[i]))
            aw_buf_printf(out, "&#%d;", text.ptr[i]);
        else
            aw_buf_putc(out, text.ptr[i]);
    }
}

/* Fonts with outlines of TrueType first: those are text in the PDF. */
#define EDGE                                                              \
    "<div style=\"width:100%;margin:0 22mm;font:8px 'SimHei','WenQuanYi " \
    "Zen Hei','WenQuanYi Micro Hei','AR PL UMing CN','AR PL UKai CN',"    \
    "'Noto Sans CJK SC',sans-serif;color:#444;display:flex;"              \
    "justify-content:space-between\">"

static void put_print_params(struct aw_buf *out, struct aw_str head)
{
    struct aw_buf edge;

    aw_buf_init(&edge, PARAMS_MAX / 2);
    aw_buf_puts(&edge, EDGE "<span></span><span>");
    put_escaped(&edge, head);
    aw_buf_puts(&edge, "</span></div>");
    aw_json_open(out, NULL, '{');
    aw_json_bool(out, "displayHeaderFooter", true);
    aw_json_text(out, "headerTemplate", aw_buf_str(&edge));
    aw_json_text(out, "footerTemplate",
                 AW_STR(EDGE
                        "<span></span><span>第 <span class=pageNumber></span> "
                        "页 共 <span class=totalPages></span> 页</span>"
                        "<span></span></div>"));
    aw_json_bool(out, "printBackground", true);
    aw_json_real(out, "paperWidth", A4_WIDTH);
    aw_json_real(out, "paperHeight", A4_HEIGHT);
    aw_json_real(out, "marginTop", MARGIN);
    aw_json_real(out, "marginBottom", MARGIN);
    aw_json_real(out, "marginLeft", MARGIN);
    aw_json_real(out, "marginRight", MARGIN);
    aw_json_close(out, '}');
    aw_buf_deinit(&edge);
}

static aw_rc take_pdf(struct aw_printer *p, struct aw_buf *pdf, int64_t until,
                      struct aw_err *err)
{
    struct aw_buf params;
    struct aw_buf coded;
    size_t before = pdf->len;
    aw_rc rc;

    aw_buf_init(&params, PARAMS_MAX);
    aw_buf_init(&coded, AW_DEVTOOLS_MESSAGE_MAX);
    put_print_params(&params, p->page->head);
    rc = aw_buf_check(&params, err);
    if (rc == AW_OK)
        rc = ask(p, p->session, "Page.printToPDF", aw_buf_str(&params),
                 "result.data", &coded, until, err);
    if (rc == AW_OK)
        rc = aw_devtools_base64(aw_buf_str(&coded), pdf, err);
    if (rc == AW_OK &&
        !aw_str_starts(aw_str_sub(aw_buf_str(pdf), before, pdf->len),
                       AW_STR("%PDF-")))
        rc = aw_fail(err, AW_FAIL, "the browser gave no PDF");
    aw_buf_deinit(&coded);
    aw_buf_deinit(&params);
    return rc;
}

aw_rc aw_printer_print(struct aw_printer *p, const struct aw_print_page *page,
                       struct aw_buf *pdf, struct aw_err *err)
{
    int64_t until = aw_clock_mono(p->config.clock) + p->config.page_ms;
    aw_rc rc;

    if (page->html.len > AW_PRINT_HTML_MAX)
        return aw_fail(err, AW_LIMIT, "a page over %zu bytes is not printed",
                       AW_PRINT_HTML_MAX);
    p->page = page;
    rc = load(p, until, err);
    if (rc == AW_OK)
        rc = take_pdf(p, pdf, until, err);
    p->page = NULL;
    return rc;
}
