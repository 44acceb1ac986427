/* Printing with a browser that does what it should not. The browser is this
 * program itself, by the name of the link that it is started with: it speaks
 * the pipe's protocol as far as a printer needs it. A real one prints in
 * tests/e2e/test_papers.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/fs.h"
#include "crawler/print.h"

#define PDF "JVBERi0xLjQK" /* "%PDF-1.4\n" */
#define NO_PDF "bm8gcGRm"
#define PAGE_MS 60000
#define SHORT_MS 200
#define LEAP_MS 30000
#define MESSAGE_MAX 65536

/* ---- the browser's end -------------------------------------------------- */

enum { PIPE_IN = 3, PIPE_OUT = 4, ASKED = 5 };

/* What the page asks for, and whether it is to be given. */
static const struct {
    const char *id, *url;
    bool given;
} asked[ASKED] = {
    {"page", "http://paper.invalid/d/%E9%A1%B5.html", true},
    {"picture", "http://paper.invalid/d/a.png", true},
    {"missing", "http://paper.invalid/d/b.png", false},
    {"other", "http://other.example/d/a.png", false},
    {"file", "file:///etc/passwd", false},
};

static const char *mode;
static int answered, wrong; /* of what was asked */

static bool is_mode(const char *name)
{
    return strcmp(mode, name) == 0;
}

static void say(const char *text)
{
    if (write(PIPE_OUT, text, strlen(text) + 1) < 0)
        _exit(1);
}

static void reply(int id, const char *member)
{
    char text[512];

    (void)snprintf(text, sizeof text, "{\"id\":%d,%s}", id, member);
    say(text);
}

static void say_event(const char *method, const char *params)
{
    char text[512];

    (void)snprintf(text, sizeof text,
                   "{\"method\":\"%s\",\"sessionId\":\"S\",\"params\":{%s}}",
                   method, params);
    say(text);
}

static void ask_for_all(void)
{
    char params[256];

    for (size_t i = 0; i < ASKED; i++) {
        (void)snprintf(params, sizeof params,
                       "\"requestId\":\"%s\",\"request\":{\"url\":\"%s\"}",
                       asked[i].id, asked[i].url);
        say_event("Fetch.requestPaused", params);
    }
}

static void take_answer(const cJSON *params, bool given)
{
    const char *id =
        cJSON_GetStringValue(cJSON_GetObjectItem(params, "requestId"));

    for (size_t i = 0; id && i < ASKED; i++)
        if (strcmp(asked[i].id, id) == 0)
            wrong += asked[i].given != given;
    if (++answered == ASKED && wrong == 0)
        say_event("Page.loadEventFired", "");
}

static void navigate(int id)
{
    reply(id, is_mode("refuses-page")
                  ? "\"result\":{\"errorText\":\"net::ERR_BLOCKED\"}"
                  : "\"result\":{\"frameId\":\"F\"}");
    if (is_mode("asks"))
        ask_for_all();
    else if (is_mode("crashes"))
        say_event("Inspector.targetCrashed", "");
    else if (!is_mode("never-ends"))
        say_event("Page.loadEventFired", "");
}

static void print(int id)
{
    if (is_mode("dies-printing"))
        _exit(1);
    if (is_mode("refuses-pdf"))
        reply(id, "\"error\":{\"message\":\"no room\"}");
    else if (is_mode("no-pdf"))
        reply(id, "\"result\":{\"data\":\"" NO_PDF "\"}");
    else if (is_mode("no-base64"))
        reply(id, "\"result\":{\"data\":\"?%?\"}");
    else
        reply(id, "\"result\":{\"data\":\"" PDF "\"}");
}

static void take_command(const cJSON *message)
{
    const char *method =
        cJSON_GetStringValue(cJSON_GetObjectItem(message, "method"));
    const cJSON *params = cJSON_GetObjectItem(message, "params");
    int id = (int)cJSON_GetNumberValue(cJSON_GetObjectItem(message, "id"));

    if (!method || is_mode("silent"))
        return;
    if (strcmp(method, "Target.createTarget") == 0)
        reply(id, is_mode("no-target") ? "\"result\":{}"
                                       : "\"result\":{\"targetId\":\"T\"}");
    else if (strcmp(method, "Target.attachToTarget") == 0)
        reply(id, "\"result\":{\"sessionId\":\"S\"}");
    else if (strcmp(method, "Page.navigate") == 0)
        navigate(id);
    else if (strcmp(method, "Page.printToPDF") == 0)
        print(id);
    else if (strcmp(method, "Fetch.fulfillRequest") == 0)
        take_answer(params, true);
    else if (strcmp(method, "Fetch.failRequest") == 0)
        take_answer(params, false);
    else
        reply(id, "\"result\":{}");
}

/* Until the pipe ends. */
static int be_browser(const char *path)
{
    static char message[MESSAGE_MAX];
    size_t len = 0;

    mode = strrchr(path, '/') + 1;
    if (is_mode("dies-at-once"))
        return 1;
    while (len < sizeof message && read(PIPE_IN, message + len, 1) == 1) {
        cJSON *json;

        if (message[len++] != '\0')
            continue;
        json = cJSON_Parse(message);
        take_command(json);
        cJSON_Delete(json);
        len = 0;
    }
    return 0;
}

/* ---- the printer's end -------------------------------------------------- */

static char dir[] = "/tmp/aw-print-XXXXXX";
static char self[AW_PATH_MAX];
static struct aw_err err;

static const char *link_of(const char *name)
{
    static char path[AW_PATH_MAX];

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(symlink(self, path), 0);
    return path;
}

static aw_rc give_picture(void *self_, struct aw_str name,
                          struct aw_str *bytes, struct aw_err *why)
{
    (void)self_;
    if (!aw_str_eq(name, AW_STR("d/a.png")))
        return aw_fail(why, AW_MISSING, "none");
    *bytes = AW_STR("png");
    return AW_OK;
}

/* Time that passes by looking at it. */
static int64_t leap(const struct aw_clock *clock)
{
    static int64_t now;

    (void)clock;
    return now += LEAP_MS;
}

static const struct aw_clock leaping = {.wall_ms = leap, .mono_ms = leap};

static aw_rc begin(const char *name, const struct aw_clock *clock,
                   int64_t page_ms, struct aw_printer **out)
{
    const char *program = link_of(name);
    struct aw_printer_config config = {.program = program,
                                       .clock = clock,
                                       .page_ms = page_ms,
                                       .picture = give_picture};
    aw_rc rc;

    *out = NULL;
    rc = aw_printer_new(out, &config, &err);
    assert_int_equal(unlink(program), 0);
    return rc;
}

static aw_rc print_with(const char *name, int64_t page_ms, struct aw_buf *pdf)
{
    struct aw_print_page page = {.name = AW_STR("d/\xE9\xA1\xB5.html"),
                                 .html = AW_STR("<p>page</p>"),
                                 .head = AW_STR("<head> & \"more\"")};
    struct aw_printer *printer;
    aw_rc rc;

    assert_int_equal(begin(name, aw_clock_system(), page_ms, &printer), AW_OK);
    rc = aw_printer_print(printer, &page, pdf, &err);
    aw_printer_free(printer);
    return rc;
}

static void test_a_page_is_printed(void **state)
{
    struct aw_buf pdf;

    (void)state;
    aw_buf_init(&pdf, AW_PRINT_PDF_MAX);
    assert_int_equal(print_with("good", PAGE_MS, &pdf), AW_OK);
    assert_true(aw_str_eq(aw_buf_str(&pdf), AW_STR("%PDF-1.4\n")));
    aw_buf_deinit(&pdf);
}

static void test_a_page_gets_itself_and_its_pictures_alone(void **state)
{
    struct aw_buf pdf;

    (void)state;
    aw_buf_init(&pdf, AW_PRINT_PDF_MAX);
    assert_int_equal(print_with("asks", PAGE_MS, &pdf), AW_OK);
    aw_buf_deinit(&pdf);
}

static void test_what_goes_wrong_is_told(void **state)
{
    static const struct {
        const char *name;
        int64_t page_ms;
        const char *says;
    } cases[] = {
        {"never-ends", SHORT_MS, "took too long"},
        {"dies-printing", PAGE_MS, "the browser ended"},
        {"crashes", PAGE_MS, "its page crashed"},
        {"refuses-page", PAGE_MS, "net::ERR_BLOCKED"},
        {"refuses-pdf", PAGE_MS, "no room"},
        {"no-pdf", PAGE_MS, "no PDF"},
        {"no-base64", PAGE_MS, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct aw_buf pdf;

        aw_buf_init(&pdf, AW_PRINT_PDF_MAX);
        assert_int_not_equal(print_with(cases[i].name, cases[i].page_ms, &pdf),
                             AW_OK);
        if (!strstr(err.msg, cases[i].says))
            fail_msg("%s: %s", cases[i].name, err.msg);
        aw_buf_deinit(&pdf);
    }
}

static void test_a_browser_that_does_not_come_up(void **state)
{
    struct aw_printer_config none = {.program = "/nonexistent/browser",
                                     .clock = aw_clock_system(),
                                     .page_ms = PAGE_MS};
    struct aw_printer *printer = NULL;

    (void)state;
    assert_int_equal(aw_printer_new(&printer, &none, &err), AW_FAIL);
    assert_int_equal(begin("dies-at-once", aw_clock_system(), PAGE_MS,
                           &printer),
                     AW_FAIL);
    assert_non_null(strstr(err.msg, "ended"));
    assert_int_equal(begin("silent", &leaping, PAGE_MS, &printer), AW_FAIL);
    assert_non_null(strstr(err.msg, "took too long"));
    assert_int_equal(begin("no-target", aw_clock_system(), PAGE_MS, &printer),
                     AW_FAIL);
    assert_non_null(strstr(err.msg, "no id"));
    assert_null(printer);
}

static void test_a_page_over_the_limit_is_refused(void **state)
{
    struct aw_print_page page = {.name = AW_STR("a.html"),
                                 .html = {"", AW_PRINT_HTML_MAX +
                                                  1}}; /* is not read */
    struct aw_printer *printer;
    struct aw_buf pdf;

    (void)state;
    aw_buf_init(&pdf, AW_PRINT_PDF_MAX);
    assert_int_equal(begin("good", aw_clock_system(), PAGE_MS, &printer),
                     AW_OK);
    assert_int_equal(aw_printer_print(printer, &page, &pdf, &err), AW_LIMIT);
    aw_printer_free(printer);
    aw_buf_deinit(&pdf);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_page_is_printed),
        cmocka_unit_test(test_a_page_gets_itself_and_its_pictures_alone),
        cmocka_unit_test(test_what_goes_wrong_is_told),
        cmocka_unit_test(test_a_browser_that_does_not_come_up),
        cmocka_unit_test(test_a_page_over_the_limit_is_refused),
    };
    ssize_t len;
    int failed;

    if (argc > 1)
        return be_browser(argv[0]);
    len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len < 0 || !mkdtemp(dir))
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)rmdir(dir);
    return failed;
}
