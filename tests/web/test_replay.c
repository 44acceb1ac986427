#include "tests/web/workspace.h"

#include <libdeflate.h>

#include "tests/web/frames.h"
#include "web/parts.h"

#define OWN FRAMES_ORIGIN
#define PAGE_SEGMENT "http%3A%2F%2Fwww.jinhui-wealth.example%2Fa%2Findex.html"
#define PNG "\x89PNG\r\n\x1A\nrest"
#define IMAGE_URL "http://www.jinhui-wealth.example/a/i.png"
#define IMAGE_SEGMENT "http%3A%2F%2Fwww.jinhui-wealth.example%2Fa%2Fi.png"

static struct aw_stores *stores;
static struct aw_frames *frames;
static struct aw_http_reply reply;
static struct aw_buf path;

static int set_up(void **state)
{
    int failed = workspace_set_up(state);
    struct aw_frames_config config = {.archive_dir = ws.archive,
                                      .config = &ws.config,
                                      .clock = &ws.clock,
                                      .sight = ws.sight,
                                      .origin = AW_STR("http://127.0.0.1:1"),
                                      .capture_origin = AW_STR(OWN)};

    ASSERT_OK(aw_stores_new(&stores, fixture.path, 2, &fixture.err));
    config.stores = stores;
    frames_come_in(fixture.store, aw_clock_wall(&ws.clock));
    ASSERT_OK(aw_frames_new(&frames, &config, &fixture.err));
    aw_buf_init(&path, (size_t)1 << 20);
    return failed;
}

static int tear_down(void **state)
{
    aw_frames_free(frames);
    aw_stores_free(stores);
    aw_buf_deinit(&path);
    frames_drop(&reply);
    return workspace_tear_down(state);
}

/* ---- asking ---------------------------------------------------------------
 */

static struct aw_str field(const char *name)
{
    for (size_t i = 0; i < reply.field_count; i++)
        if (strcmp(reply.fields[i].name, name) == 0)
            return reply.fields[i].value;
    return AW_STR("");
}

static bool policy_has(const char *part)
{
    return aw_str_find(field("Content-Security-Policy"), aw_str_of(part)) >= 0;
}

static void ask_with(const char *line, const char *fields)
{
    frames_ask(frames, line, fields, &reply);
    assert_true(policy_has("sandbox; default-src 'none'"));
    assert_false(policy_has("allow-"));
    assert_string_equal(field("X-Content-Type-Options").ptr, "nosniff");
}

/* A path as browsers send it. */
static const char *get_with(const char *sent, const char *fields)
{
    struct aw_buf line;

    aw_buf_init(&line, (size_t)32 << 10);
    aw_buf_printf(&line, "GET %s", sent);
    ask_with(line.ptr, fields);
    aw_buf_deinit(&line);
    return reply.body.ptr ? reply.body.ptr : "";
}

/* Makes a pass for the capture: path is "/PASS/" from then on. */
static void pass_for(int64_t capture)
{
    struct aw_capture row;

    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, capture,
                                   &row, &fixture.err));
    aw_buf_reset(&path);
    ASSERT_OK(aw_frames_pass(frames, &row, AW_STR("web"),
                             AW_STR(FRAMES_SESSION), &path, &fixture.err));
    assert_true(path.len > 66);
    path.len = 66;
}

static const char *get_url_with(const char *url, const char *fields)
{
    aw_replay_put_url(&path, aw_str_of(url));
    (void)get_with(path.ptr, fields);
    path.len = 66;
    return reply.body.ptr ? reply.body.ptr : "";
}

static const char *get_url(const char *url)
{
    return get_url_with(url, "Host: " FRAMES_HOST "\r\n");
}

static int64_t page(const char *html)
{
    return workspace_capture(
        (struct workspace_answer){.body = aw_str_of(html)});
}

static void add(const char *url, const char *fields, struct aw_str body)
{
    (void)workspace_capture(
        (struct workspace_answer){.url = url, .fields = fields, .body = body});
}

/* The page and what was added; the pass is for the page. */
static void open_page(const char *html)
{
    int64_t capture = page(html);

    workspace_close_archive();
    pass_for(capture);
}

/* The pass knows from then on what the page loads. */
static void show_page(const char *html)
{
    open_page(html);
    (void)get_url(PAGE_URL);
    assert_int_equal(reply.status, 200);
}

static void assert_shown(const char *url)
{
    (void)get_url(url);
    if (reply.status != 200)
        fail_msg("%s: %d", url, reply.status);
}

static void assert_404(const char *url)
{
    (void)get_url(url);
    if (reply.status != 404)
        fail_msg("%s: %d", url, reply.status);
}

/* ---- pages ----------------------------------------------------------------
 */

static void a_page_is_shown_with_what_it_loads(void **state)
{
    (void)state;
    add(IMAGE_URL, "Content-Type: image/png\r\n", AW_STR(PNG));
    add("http://www.jinhui-wealth.example/s.css", "Content-Type: text/css\r\n",
        AW_STR("a{b:url(a/i.png)}"));
    open_page("<script>x</script><link rel=stylesheet href=/s.css>"
              "<img src=i.png><a href=http://evil.example/>保本</a>");
    assert_string_equal(
        get_url(PAGE_URL),
        "<link rel=\"stylesheet\" href=\"http%3A%2F%2Fwww.jinhui-wealth"
        ".example%2Fs.css\"><img src=\"http%3A%2F%2Fwww.jinhui-wealth.example"
        "%2Fa%2Fi.png\"><a href=\"#-\">保本</a>");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.type, "text/html; charset=utf-8");
    assert_true(policy_has("img-src " OWN "/"));
    assert_true(policy_has("frame-ancestors http://127.0.0.1:1;"));
    assert_false(policy_has("script-src"));
    (void)get_url(IMAGE_URL);
    assert_string_equal(reply.type, "image/png");
    assert_memory_equal(reply.body.ptr, PNG, sizeof PNG - 1);
    assert_string_equal(get_url("http://www.jinhui-wealth.example/s.css"),
                        "a{b:url(\"http%3A%2F%2Fwww.jinhui-wealth.example"
                        "%2Fa%2Fi.png\")}");
    assert_string_equal(reply.type, "text/css; charset=utf-8");
}

static void a_page_may_load_from_below_its_pass_alone(void **state)
{
    char folder[128];

    (void)state;
    open_page("x");
    (void)get_url(PAGE_URL);
    (void)snprintf(folder, sizeof folder, "img-src " OWN "%.66s data:;",
                   path.ptr);
    assert_true(policy_has(folder));
}

static void what_a_browser_made_is_shown_as_it_was(void **state)
{
    int64_t plain = page("<p>x");
    int64_t dom =
        workspace_resource("urn:dom:" PAGE_URL, PAGE_URL,
                           "text/html; charset=utf-8",
                           AW_STR("<p>保本<noscript>y</noscript>"), plain);

    (void)state;
    workspace_close_archive();
    pass_for(dom);
    assert_string_equal(get_url(PAGE_URL), "<p>保本");
}

static void what_was_handed_in_is_an_image_or_text(void **state)
{
    int64_t poster = workspace_resource("urn:adwatch:handed-in:sha256:1",
                                        "urn:adwatch:handed-in:sha256:1",
                                        "image/png", AW_STR(PNG), 0);
    int64_t message =
        workspace_resource("urn:adwatch:handed-in:sha256:2",
                           "urn:adwatch:handed-in:sha256:2", "text/plain",
                           AW_STR("<script>保本"), 0);

    (void)state;
    workspace_close_archive();
    pass_for(poster);
    (void)get_url("urn:adwatch:handed-in:sha256:1");
    assert_string_equal(reply.type, "image/png");
    assert_404("urn:adwatch:handed-in:sha256:2");
    pass_for(message);
    assert_string_equal(get_url("urn:adwatch:handed-in:sha256:2"),
                        "<script>保本");
    assert_string_equal(reply.type, "text/plain; charset=utf-8");
}

static void a_part_is_the_one_nearest_in_time(void **state)
{
    (void)state;
    (void)workspace_capture(
        (struct workspace_answer){.url = IMAGE_URL,
                                  .fields = "",
                                  .body = AW_STR(PNG "old"),
                                  .at_ms = SEEN - DAY});
    (void)workspace_capture(
        (struct workspace_answer){.url = IMAGE_URL,
                                  .fields = "",
                                  .body = AW_STR(PNG "new"),
                                  .at_ms = SEEN + 60000});
    show_page("<img src=i.png>");
    assert_memory_equal(get_url(IMAGE_URL), PNG "new", sizeof PNG + 2);
}

static void redirects_are_followed_in_the_archive(void **state)
{
    (void)state;
    (void)workspace_capture(
        (struct workspace_answer){.url = "http://a.example/old.png",
                                  .status = 302,
                                  .fields = "Location: /a/i.png\r\n"});
    (void)workspace_capture(
        (struct workspace_answer){.url = "http://a.example/loop.png",
                                  .status = 302,
                                  .fields = "Location: /loop.png\r\n"});
    (void)workspace_capture(
        (struct workspace_answer){.url = "http://a.example/out.png",
                                  .status = 302,
                                  .fields =
                                      "Location: file:///etc/passwd\r\n"});
    add("http://a.example/a/i.png", "", AW_STR(PNG));
    show_page("<img src=http://a.example/old.png>"
              "<img src=http://a.example/loop.png>"
              "<img src=http://a.example/out.png>");
    (void)get_url("http://a.example/old.png");
    assert_int_equal(reply.status, 200);
    assert_404("http://a.example/loop.png");
    assert_404("http://a.example/out.png");
    assert_404("http://a.example/a/i.png");
}

/* ---- attacks ---------------------------------------------------------------
 */

static void no_pass_no_page(void **state)
{
    static const char *const paths[] = {
        "/",
        "//",
        "/" PAGE_SEGMENT,
        "/0/" PAGE_SEGMENT,
        "/000000000000000000000000000000000000000000000000000000000000000"
        "0/" PAGE_SEGMENT,
        "/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
        "z/" PAGE_SEGMENT};

    (void)state;
    open_page("secret");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        (void)get_with(paths[i], "Host: " FRAMES_HOST "\r\n");
        assert_int_equal(reply.status, 404);
        assert_null(strstr(reply.body.ptr, "secret"));
        assert_false(policy_has("img-src"));
    }
    path.ptr[5] = path.ptr[5] == 'a' ? 'b' : 'a'; /* forged */
    assert_404(PAGE_URL);
}

static void a_pass_expires(void **state)
{
    (void)state;
    open_page("x");
    ws.clock.manual_ms += AW_FRAMES_PASS_MS - 1;
    (void)get_url(PAGE_URL);
    assert_int_equal(reply.status, 200);
    ws.clock.manual_ms += 1;
    assert_404(PAGE_URL);
}

static void a_pass_dies_with_its_session(void **state)
{
    (void)state;
    add(IMAGE_URL, "", AW_STR(PNG));
    show_page("<img src=i.png>");
    assert_shown(IMAGE_URL);
    ASSERT_OK(aw_store_session_drop(fixture.store, AW_STR(FRAMES_SESSION),
                                    &fixture.err));
    assert_404(IMAGE_URL);
    assert_404(PAGE_URL);
}

static void a_pass_dies_where_its_user_is_switched_off(void **state)
{
    struct aw_user_row user = {0};

    (void)state;
    show_page("x");
    ASSERT_OK(aw_store_user_find(fixture.store, &fixture.arena,
                                 AW_STR("fang-wang"), &user, &fixture.err));
    user.active = false;
    ASSERT_OK(aw_store_user_set(fixture.store, &user, &fixture.err));
    assert_404(PAGE_URL);
}

static void without_a_session_there_is_no_pass(void **state)
{
    int64_t capture = page("x");
    struct aw_capture row;

    (void)state;
    workspace_close_archive();
    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, capture,
                                   &row, &fixture.err));
    aw_buf_reset(&path);
    ASSERT_OK(aw_frames_pass(frames, &row, AW_STR("web"), AW_STR(""), &path,
                             &fixture.err));
    path.len = 66;
    assert_404(PAGE_URL);
}

static void the_oldest_pass_goes(void **state)
{
    int64_t capture = page("x");
    char first[67];

    (void)state;
    workspace_close_archive();
    pass_for(capture);
    (void)snprintf(first, sizeof first, "%.66s", path.ptr);
    for (int i = 0; i < AW_FRAMES_PASSES_MAX; i++)
        pass_for(capture);
    (void)get_url(PAGE_URL);
    assert_int_equal(reply.status, 200);
    memcpy(path.ptr, first, 66);
    assert_404(PAGE_URL);
}

static void a_pass_opens_no_other_page(void **state)
{
    (void)state;
    add("http://b.example/", NULL, AW_STR("<p>other"));
    add("http://b.example/t.txt", "Content-Type: text/plain\r\n",
        AW_STR("other"));
    add("http://b.example/j", "Content-Type: application/json\r\n",
        AW_STR("{}"));
    add("http://b.example/lie", "Content-Type: image/png\r\n",
        AW_STR("<html><script>"));
    add("http://b.example/x.js", "Content-Type: text/javascript\r\n",
        AW_STR("alert(1)"));
    show_page("<img src=http://b.example/><img src=http://b.example/t.txt>"
              "<img src=http://b.example/j><img src=http://b.example/lie>"
              "<img src=http://b.example/x.js>"
              "<img src=http://b.example/none>"
              "<img src=file:///etc/passwd>");
    assert_404("http://b.example/");
    assert_404("http://b.example/t.txt");
    assert_404("http://b.example/j");
    assert_404("http://b.example/lie");
    assert_404("http://b.example/x.js");
    assert_404("http://b.example/none");
    assert_404("../../../etc/passwd");
    assert_404("file:///etc/passwd");
    assert_404("urn:dom:" PAGE_URL);
    assert_404("");
}

static void what_the_page_does_not_name_stays_shut(void **state)
{
    (void)state;
    add("http://b.example/i.png", "", AW_STR(PNG));
    add("http://b.example/s.css", "Content-Type: text/css\r\n", AW_STR("a{}"));
    add(IMAGE_URL, "", AW_STR(PNG));
    show_page("<img src=i.png><a href=http://b.example/i.png>保本</a>");
    assert_404("http://b.example/i.png");
    assert_404("http://b.example/s.css");
    assert_shown(IMAGE_URL);
    assert_404(IMAGE_URL "?");
}

static void what_another_pass_was_told_counts_for_it_alone(void **state)
{
    int64_t capture = page("<img src=i.png>");

    (void)state;
    add(IMAGE_URL, "", AW_STR(PNG));
    workspace_close_archive();
    pass_for(capture);
    (void)get_url(PAGE_URL);
    assert_shown(IMAGE_URL);
    pass_for(capture);
    assert_404(IMAGE_URL);
    (void)get_url(PAGE_URL);
    assert_shown(IMAGE_URL);
}

static void what_parts_name_is_shown_too(void **state)
{
    static const char *const images[] = {"1.png", "2.png", "3.png", "4.png",
                                         "5.png"};
    char url[128];

    (void)state;
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        (void)snprintf(url, sizeof url, "http://c.example/%s", images[i]);
        add(url, "", AW_STR(PNG));
    }
    add("http://c.example/a.css", "Content-Type: text/css\r\n",
        AW_STR("@import 'b.css';p{background:url(1.png)}"));
    add("http://c.example/b.css", "Content-Type: text/css\r\n",
        AW_STR("p{background:url(2.png)}"));
    show_page("<base href=http://c.example/><link rel=stylesheet href=a.css>"
              "<img srcset='3.png 1x, 4.png 2x'>"
              "<iframe srcdoc='<img src=//c.example/5.png>'></iframe>");
    assert_404("http://c.example/b.css");
    assert_404("http://c.example/1.png");
    assert_shown("http://c.example/a.css");
    assert_404("http://c.example/2.png");
    assert_shown("http://c.example/b.css");
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        (void)snprintf(url, sizeof url, "http://c.example/%s", images[i]);
        assert_shown(url);
    }
}

static void a_page_names_no_parts_without_end(void **state)
{
    struct aw_buf html;

    (void)state;
    aw_buf_init(&html, (size_t)1 << 20);
    for (int i = 0; i < AW_PARTS_MAX; i++)
        aw_buf_printf(&html, "<img src=%d><img src=%d>", i, i);
    aw_buf_puts(&html, "<img src=i.png>");
    add(IMAGE_URL, "", AW_STR(PNG));
    add("http://www.jinhui-wealth.example/a/4095", "", AW_STR(PNG));
    show_page(html.ptr);
    aw_buf_deinit(&html);
    assert_shown("http://www.jinhui-wealth.example/a/4095");
    assert_404(IMAGE_URL);
}

static void an_archived_head_is_not_sent_on(void **state)
{
    (void)state;
    add(IMAGE_URL,
        "Content-Type: text/html\r\nSet-Cookie: a=b\r\n"
        "Access-Control-Allow-Origin: *\r\nX-Evil: a\r\n b\r\n"
        "Content-Security-Policy: script-src *\r\n",
        AW_STR(PNG));
    add("http://b.example/i.png",
        "Content-Type: image/png\r\nContent-Encoding: gzip\rX: y\r\n",
        AW_STR(PNG));
    show_page("<img src=i.png><img src=http://b.example/i.png>");
    (void)get_url(IMAGE_URL);
    assert_string_equal(reply.type, "image/png");
    assert_int_equal(field("Set-Cookie").len, 0);
    assert_int_equal(field("X-Evil").len, 0);
    assert_int_equal(field("Access-Control-Allow-Origin").len, 0);
    assert_false(policy_has("script-src"));
    assert_404("http://b.example/i.png");
}

static struct aw_str zipped(size_t len)
{
    struct libdeflate_compressor *tool = libdeflate_alloc_compressor(6);
    char *from = calloc(1, len);
    char *to = aw_arena_alloc(&fixture.arena, len / 100 + 1000);
    size_t size;

    assert_non_null(from);
    assert_non_null(to);
    size = libdeflate_gzip_compress(tool, from, len, to, len / 100 + 1000);
    libdeflate_free_compressor(tool);
    free(from);
    return (struct aw_str){to, size};
}

static void a_bomb_stays_small(void **state)
{
    (void)state;
    add("http://b.example/s.css",
        "Content-Type: text/css\r\nContent-Encoding: gzip\r\n",
        zipped((size_t)64 << 20));
    show_page("<link rel=stylesheet href=http://b.example/s.css>");
    (void)get_url("http://b.example/s.css");
    assert_string_equal(reply.type, "text/css; charset=utf-8");
    assert_true(reply.body.len < (size_t)32 << 20);
}

static void what_cannot_be_read_is_told_in_words(void **state)
{
    int64_t coded = workspace_capture((struct workspace_answer){
        .fields = "Content-Type: text/html\r\nContent-Encoding: rot13\r\n",
        .body = AW_STR("x")});

    (void)state;
    workspace_close_archive();
    pass_for(coded);
    assert_non_null(strstr(get_url(PAGE_URL), "rot13"));
    assert_int_equal(reply.status, 409);
    assert_string_equal(reply.type, "text/plain; charset=utf-8");
}

static void a_megabyte_without_blanks_is_shown(void **state)
{
    size_t len = (size_t)1 << 20;
    char *text = aw_arena_alloc(&fixture.arena, len + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', len);
    memcpy(text, "\xE2\x80\xAE", 3); /* read from right to left */
    open_page(text);
    assert_string_equal(get_url(PAGE_URL), text);
}

static void nothing_is_written(void **state)
{
    struct aw_http_request refused = {.refused = 431};
    struct aw_buf line;

    (void)state;
    open_page("x");
    aw_buf_init(&line, (size_t)1 << 10);
    aw_buf_printf(&line, "POST %.66s%s", path.ptr, PAGE_SEGMENT);
    ask_with(line.ptr, "Host: " FRAMES_HOST "\r\nContent-Length: 0\r\n");
    aw_buf_deinit(&line);
    assert_int_equal(reply.status, 405);
    frames_drop(&reply);
    aw_buf_init(&reply.body, (size_t)1 << 10);
    aw_arena_init(&reply.arena, (size_t)1 << 20);
    aw_frames_answer(frames, &refused, &reply);
    assert_int_equal(reply.status, 431);
}

/* A name that leads here is another page's origin. */
static void no_other_name_is_answered(void **state)
{
    static const char *const fields[] = {"Host: evil.example\r\n",
                                         "Host: 127.0.0.1:8710\r\n",
                                         "Host: " FRAMES_HOST
                                         ".evil.example\r\n",
                                         "Host: 127.0.0.1\r\n"};

    (void)state;
    open_page("secret");
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        assert_null(strstr(get_url_with(PAGE_URL, fields[i]), "secret"));
        assert_int_equal(reply.status, 421);
        assert_false(policy_has("img-src"));
    }
}

#define SVG                                                                \
    "<svg xmlns=\"http://www.w3.org/2000/svg\">"                           \
    "<h:link xmlns:h=\"http://www.w3.org/1999/xhtml\" rel=\"preconnect\" " \
    "href=\"http://evil.example/\"/></svg>"
#define SVG_FIELDS "Content-Type: image/svg+xml\r\n"
#define AS_IMAGE "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: image\r\n"

/* How browsers ask for what becomes a document. */
static const char *const opened[] = {
    "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: document\r\n",
    "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: iframe\r\n",
    "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: frame\r\n",
    "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: object\r\n",
    "Host: " FRAMES_HOST "\r\nSec-Fetch-Dest: embed\r\n",
    "Host: " FRAMES_HOST "\r\nAccept: text/html,*/*;q=0.8\r\n"};

static void assert_wrapped(const char *url, const char *segment)
{
    char page[256];

    (void)snprintf(page, sizeof page, "<!doctype html><img src=\"%s\">",
                   segment);
    for (size_t i = 0; i < sizeof opened / sizeof *opened; i++) {
        assert_string_equal(get_url_with(url, opened[i]), page);
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.type, "text/html; charset=utf-8");
    }
    assert_string_equal(get_url_with(url, AS_IMAGE), SVG);
    assert_string_equal(reply.type, "image/svg+xml; charset=utf-8");
}

/* As a document it would connect to whom it names, which no policy stops; as
 * an image it loads nothing. */
static void a_page_of_svg_is_an_image_in_a_page(void **state)
{
    int64_t capture = workspace_capture(
        (struct workspace_answer){.fields = SVG_FIELDS, .body = AW_STR(SVG)});

    (void)state;
    workspace_close_archive();
    pass_for(capture);
    assert_wrapped(PAGE_URL, PAGE_SEGMENT);
}

static void a_part_of_svg_is_an_image_alone(void **state)
{
    (void)state;
    add(IMAGE_URL, SVG_FIELDS, AW_STR(SVG));
    show_page("<img src=i.png>");
    assert_wrapped(IMAGE_URL, IMAGE_SEGMENT);
}

#define REPLAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    REPLAY(a_page_is_shown_with_what_it_loads),
    REPLAY(a_page_may_load_from_below_its_pass_alone),
    REPLAY(what_a_browser_made_is_shown_as_it_was),
    REPLAY(what_was_handed_in_is_an_image_or_text),
    REPLAY(a_part_is_the_one_nearest_in_time),
    REPLAY(redirects_are_followed_in_the_archive),
    REPLAY(no_pass_no_page),
    REPLAY(a_pass_expires),
    REPLAY(a_pass_dies_with_its_session),
    REPLAY(a_pass_dies_where_its_user_is_switched_off),
    REPLAY(without_a_session_there_is_no_pass),
    REPLAY(the_oldest_pass_goes),
    REPLAY(a_pass_opens_no_other_page),
    REPLAY(what_the_page_does_not_name_stays_shut),
    REPLAY(what_another_pass_was_told_counts_for_it_alone),
    REPLAY(what_parts_name_is_shown_too),
    REPLAY(a_page_names_no_parts_without_end),
    REPLAY(an_archived_head_is_not_sent_on),
    REPLAY(a_bomb_stays_small),
    REPLAY(what_cannot_be_read_is_told_in_words),
    REPLAY(a_megabyte_without_blanks_is_shown),
    REPLAY(nothing_is_written),
    REPLAY(no_other_name_is_answered),
    REPLAY(a_page_of_svg_is_an_image_in_a_page),
    REPLAY(a_part_of_svg_is_an_image_alone),
};

WORKSPACE_MAIN(tests)
