#include "tests/web/workspace.h"

#include "review/queue.h"
#include "tests/web/frames.h"
#include "web/route.h"

#define PNG "\x89PNG\r\n\x1A\nrest"

static struct aw_web web;
static struct aw_stores *stores;
static struct aw_http_reply reply;
static struct aw_http_request request;
static struct aw_call call;
static const struct aw_routes *const all[] = {&aw_routes_finding, NULL};

/* ---- a server without a port ----------------------------------------------
 */

static void start_queue(void)
{
    struct aw_queue_config config = {.lexicon_dir = "lexicons",
                                     .clock = &ws.clock,
                                     .threshold = 0.5};

    if (web.queue)
        return;
    ASSERT_OK(aw_queue_new(&web.queue, &config, fixture.store, &fixture.err));
}

static int set_up(void **state)
{
    int failed = workspace_set_up(state);
    struct aw_frames_config frames = {.archive_dir = ws.archive,
                                      .config = &ws.config,
                                      .clock = &ws.clock,
                                      .sight = ws.sight,
                                      .origin = AW_STR("http://127.0.0.1:1"),
                                      .capture_origin =
                                          AW_STR("http://127.0.0.1:8711")};
    struct aw_provisions *provisions = NULL;

    ASSERT_OK(aw_provisions_new(&provisions, "lexicons", &fixture.err));
    web = (struct aw_web){.clock = &ws.clock,
                          .config = &ws.config,
                          .provisions = provisions,
                          .archive_dir = ws.archive,
                          .lexicon_dir = "lexicons",
                          .capture_origin = frames.capture_origin,
                          .sight = ws.sight};
    ASSERT_OK(aw_stores_new(&stores, fixture.path, 1, &fixture.err));
    frames.stores = stores;
    frames_come_in(fixture.store, aw_clock_wall(&ws.clock));
    ASSERT_OK(aw_frames_new(&web.frames, &frames, &fixture.err));
    call = (struct aw_call){.session_key = AW_STR(FRAMES_SESSION),
                            .user = {.id = 1,
                                     .name = AW_STR("王芳"),
                                     .active = true}};
    return failed;
}

static void drop_reply(void)
{
    aw_buf_deinit(&reply.body);
    aw_arena_deinit(&reply.arena);
    reply = (struct aw_http_reply){.status = 200, .fd = -1};
}

static int tear_down(void **state)
{
    drop_reply();
    aw_call_end(&call);
    aw_queue_free(web.queue);
    aw_frames_free(web.frames);
    aw_stores_free(stores);
    aw_provisions_free((struct aw_provisions *)(uintptr_t)web.provisions);
    return workspace_tear_down(state);
}

/* The answer's status; 404 and 400 as the server makes them of an error. */
static int ask_api(enum aw_method method, const char *path, const char *body)
{
    const struct aw_route *route;
    unsigned allowed;
    aw_rc rc;

    drop_reply();
    aw_buf_init(&reply.body, (size_t)64 << 20);
    aw_arena_init(&reply.arena, (size_t)64 << 20);
    request = (struct aw_http_request){.method = method,
                                       .path = aw_str_of(path),
                                       .body = aw_str_of(body)};
    call.web = &web;
    call.request = &request;
    call.reply = &reply;
    call.store = fixture.store;
    call.arena = &reply.arena;
    call.now_ms = aw_clock_wall(&ws.clock);
    route = aw_route_find(all, method, request.path, call.ids, &allowed);
    assert_non_null(route);
    start_queue();
    rc = route->answer(&call, &fixture.err);
    if (rc == AW_MISSING)
        return 404;
    if (rc == AW_INVALID)
        return 400;
    if (rc != AW_OK)
        fail_msg("%s: %s", path, fixture.err.msg);
    return reply.status;
}

static int get(const char *path)
{
    return ask_api(AW_METHOD_GET, path, NULL);
}

static bool says(const char *part)
{
    return reply.body.ptr && strstr(reply.body.ptr, part);
}

static void assert_tells(const char *part)
{
    if (!says(part))
        fail_msg("'%s' is not in %s", part,
                 reply.body.ptr ? reply.body.ptr : "");
}

/* ---- what there is
 * ----------------------------------------------------------- */

#define PAGE "<title>金汇</title><p>本公司产品保本保息，随存随取</p>"

/* A finding seen on two days, with a screenshot of the second. */
static int64_t found(void)
{
    int64_t first =
        workspace_capture((struct workspace_answer){.body = AW_STR(PAGE)});
    int64_t last = workspace_capture((struct workspace_answer){
        .body = AW_STR(PAGE "<p>新增一句。</p><p hidden>看不见</p>"),
        .at_ms = SEEN + DAY});
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding("f", first, &claim);

    finding.url = AW_STR(PAGE_URL);
    finding.last_capture = last;
    finding.last_seen_ms = SEEN + DAY;
    return fixture_add(&finding);
}

static int64_t shot_of(int64_t capture, const char *png)
{
    struct aw_warc_place place = {{0}, 0, 0};
    struct aw_warc_record record = {.type = AW_WARC_RESOURCE,
                                    .date_ms = SEEN,
                                    .target_uri = AW_STR("urn:view:" PAGE_URL),
                                    .content_type = AW_STR("image/png"),
                                    .body = aw_str_of(png)};
    struct aw_shot_row shot = {.capture = capture,
                               .kind = AW_STR("first"),
                               .uri = record.target_uri,
                               .width = 1280,
                               .height = 800};

    ASSERT_OK(aw_warc_append(ws.writer, &record, &place, &fixture.err));
    shot.warc_file = aw_str_of(place.file);
    shot.warc_offset = place.offset;
    shot.warc_length = place.length;
    shot.digest = aw_str_of(record.payload_digest);
    ASSERT_OK(aw_store_shot_add(fixture.store, &shot, &fixture.err));
    return shot.id;
}

static int64_t views(void)
{
    return fixture_number("SELECT count(*) FROM audit WHERE action = 'view'");
}

static void place_finding(int64_t finding, const char *place)
{
    char sql[256];

    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO sorted (finding, bunch, simhash, creative,"
                   " publisher, classes, sectors, place, audience, adverts)"
                   " VALUES (%d, %d, 0, '', 0, 1, '', '%s', '', 0)",
                   (int)finding, (int)finding, place);
    fixture_tamper(sql);
}

/* ---- the finding
 * -------------------------------------------------------------- */

static void a_finding_is_told_with_all_its_parts(void **state)
{
    static const char *const parts[] = {
        "{\"id\":1,\"version\":0,",
        "\"document\":{\"kind\":\"advert\",\"score\":0.9}",
        "\"quote\":\"保本保息\"",
        "\"before\":\"本公司产品\"",
        "\"why\":[\"同时承诺保住本金和收益\"]",
        "\"provisions\":[{\"id\":\"advertising-law-25-1\",\"law\":\"中华人民"
        "共和国广告法\"",
        "\"from\":\"2021-04-29\",\"to\":\"\"",
        "\"correction\":null",
        "\"parties\":{\"names\":",
        "\"screenshots\":[{\"id\":1,\"kind\":\"first\",\"capture\":2,",
        "\"src\":\"/api/v1/shots/1\",\"boxes\":[]}]",
        "\"captures\":[{\"id\":2,\"fetched\":\"2026-11-24T02:13:00Z\"",
        "\"decisions\":[]",
        "\"comments\":[]",
        "\"hand_ins\":[]",
        "\"up\":{\"first_seen\":\"2026-11-23T02:13:00Z\",\"last_seen\":"
        "\"2026-11-24T02:13:00Z\",\"gone\":null,\"gone_why\":\"\",\"days\":1}",
        "\"elsewhere\":[]",
        "\"landing\":[]",
        "\"second\":null",
        "\"lexicon\":\"l\"",
    };

    (void)state;
    (void)found();
    (void)shot_of(2, PNG);
    assert_int_equal(get("/api/v1/findings/1"), 200);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_tells(parts[i]);
    assert_false(says("normalised"));
    assert_int_equal(get("/api/v1/findings/2"), 404);
}

static void a_disguised_quote_is_told_as_it_was_read(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(
        "f", workspace_capture((struct workspace_answer){.status = 200}),
        &claim);

    (void)state;
    claim.quote = AW_STR("亻呆*本");
    (void)fixture_add(&finding);
    assert_int_equal(get("/api/v1/findings/1"), 200);
    assert_tells("\"normalised\":\"保本\"");
}

static void the_last_correction_is_told(void **state)
{
    (void)state;
    (void)found();
    fixture_tamper("INSERT INTO correction VALUES"
                   " (1, 1, 1, 5, '李强', 'no_risk', '保本', 0, 2),"
                   " (2, 1, 1, 6, '李强', 'no_risk', '保息', 7, 9);"
                   "INSERT INTO comment VALUES (1, 1, 7, '李强', '<b>看过')");
    assert_int_equal(get("/api/v1/findings/1"), 200);
    assert_tells("\"correction\":{\"class\":\"no_risk\",\"quote\":\"保息\","
                 "\"start\":7,\"end\":9,\"who\":\"李强\"");
    assert_tells("\"who\":\"李强\",\"text\":\"<b>看过\"");
}

static void who_works_elsewhere_sees_nothing(void **state)
{
    static const char *const paths[] = {"/api/v1/findings/1",
                                        "/api/v1/findings/1/text",
                                        "/api/v1/findings/1/source",
                                        "/api/v1/findings/1/difference",
                                        "/api/v1/shots/1"};

    (void)state;
    (void)found();
    (void)shot_of(2, PNG);
    place_finding(1, "370811");
    workspace_close_archive();
    call.user.place = AW_STR("3701");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(get(paths[i]), 404);
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame", "{}"),
                     404);
    assert_int_equal(views(), 0);
    call.user.place = AW_STR("3708");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_int_equal(get(paths[i]), 200);
}

/* The second officer must not learn what the first one decided. */
static void a_blind_look_hides_the_first(void **state)
{
    (void)state;
    (void)found();
    fixture_tamper(
        "UPDATE finding SET state = 'confirmed';"
        "INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
        " hash) VALUES (1, 5, '李强', 'confirm', 'r', '', 'h');"
        "INSERT INTO comment VALUES (1, 1, 6, '李强', '已确认');"
        "INSERT INTO correction (finding, claim, at_ms, who, class, quote,"
        " start, end) SELECT 1, id, 6, '李强', 'no_risk', '保本', 0, 2"
        " FROM claim;"
        "INSERT INTO second_look (finding, why, blind, state, first_ms,"
        " first_who, first_action, first_class, first_decision) VALUES"
        " (1, 'random', 1, 'open', 5, '李强', 'confirm', '', 1)");
    call.user.role = AW_ROLE_SECOND;
    assert_int_equal(get("/api/v1/findings/1"), 200);
    assert_tells("\"state\":\"second\"");
    assert_tells("\"decisions\":[]");
    assert_tells("\"comments\":[]");
    assert_tells("\"blind\":true,\"open\":true}");
    assert_false(says("李强"));
    call.user.role = AW_ROLE_AUDITOR;
    assert_int_equal(get("/api/v1/findings/1"), 200);
    assert_tells("\"state\":\"confirmed\"");
    assert_tells("李强");
}

/* ---- captures --------------------------------------------------------------
 */

static void texts_are_read_anew(void **state)
{
    (void)state;
    (void)found();
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/text"), 200);
    assert_tells("{\"capture\":2,\"charset\":\"utf-8\",");
    assert_tells("{\"kind\":\"body\",\"text\":\"本公司产品保本保息，随存随取"
                 "\",\"hidden\":\"\"}");
    assert_tells("\"text\":\"看不见\",\"hidden\":\"attribute\"");
}

static void a_source_is_told_as_text(void **state)
{
    (void)state;
    (void)found();
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/source"), 200);
    assert_tells("\"cut\":false,\"charset\":\"utf-8\",\"text\":\"<title>");
}

static void a_long_source_is_cut(void **state)
{
    size_t len = (size_t)3 << 20;
    char *page = aw_arena_alloc(&fixture.arena, len);

    (void)state;
    assert_non_null(page);
    memset(page, 'x', len);
    (void)workspace_finding(workspace_capture((struct workspace_answer){
                                .body = {page, len}}),
                            PAGE_URL);
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/source"), 200);
    assert_tells("\"bytes\":3145728,\"shown\":1048576,\"cut\":true");
}

static void a_difference_is_to_the_capture_before(void **state)
{
    (void)state;
    (void)found();
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/difference"), 200);
    assert_tells("\"before\":{\"capture\":1,");
    assert_tells("\"after\":{\"capture\":2,");
    assert_tells("\"pieces\":[{\"text\":\"新增一句。\",\"added\":true}]");
}

static void the_first_capture_has_none_before(void **state)
{
    (void)state;
    (void)workspace_finding(workspace_capture((struct workspace_answer){
                                .body = AW_STR(PAGE)}),
                            PAGE_URL);
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/difference"), 200);
    assert_tells("{\"before\":null,\"after\":{\"capture\":1,");
}

static void what_cannot_be_read_is_told_with_its_cause(void **state)
{
    (void)state;
    (void)workspace_finding(
        workspace_capture((struct workspace_answer){
            .fields = "Content-Type: text/html\r\nContent-Encoding: "
                      "rot13\r\n",
            .body = AW_STR("x")}),
        PAGE_URL);
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1/text"), 409);
    assert_tells("{\"error\":{\"code\":\"reader\",\"message\":\"");
    assert_tells("rot13");
}

static void an_archive_that_was_changed_is_not_shown(void **state)
{
    (void)state;
    (void)found();
    (void)shot_of(2, PNG);
    workspace_close_archive();
    fixture_tamper("UPDATE capture SET payload_digest = '00';"
                   "UPDATE screenshot SET digest = '00'");
    assert_int_equal(get("/api/v1/findings/1/text"), 409);
    assert_tells("another payload");
    assert_int_equal(get("/api/v1/shots/1"), 409);
}

/* The number of a capture is no key to another finding's page. */
static void a_capture_of_another_page_is_none(void **state)
{
    (void)state;
    (void)found();
    (void)workspace_capture(
        (struct workspace_answer){.url = "http://b.example/",
                                  .body = AW_STR("x")});
    workspace_close_archive();
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame",
                             "{\"capture\":3}"),
                     404);
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame",
                             "{\"capture\":99}"),
                     404);
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame",
                             "{\"capture\":\"x\"}"),
                     400);
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame",
                             "{\"capture\":1}"),
                     200);
}

static void a_frame_has_a_pass(void **state)
{
    struct aw_http_reply shown = {.fd = -1};
    char line[512];

    (void)state;
    (void)found();
    workspace_close_archive();
    assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame", "{}"),
                     200);
    assert_tells("{\"url\":\"" FRAMES_ORIGIN "/");
    (void)snprintf(line, sizeof line, "GET %s",
                   strstr(reply.body.ptr, "8711/") + 4);
    *strchr(line, '"') = '\0';
    frames_ask(web.frames, line, "Host: " FRAMES_HOST "\r\n", &shown);
    assert_int_equal(shown.status, 200);
    assert_non_null(strstr(shown.body.ptr, "保本保息"));
    frames_drop(&shown);
}

static void a_screenshot_is_an_image_and_nothing_else(void **state)
{
    (void)state;
    (void)found();
    (void)shot_of(2, PNG);
    (void)shot_of(2, "<html><script>alert(1)</script>");
    workspace_close_archive();
    assert_int_equal(get("/api/v1/shots/1"), 200);
    assert_string_equal(reply.type, "image/png");
    assert_memory_equal(reply.body.ptr, PNG, sizeof PNG - 1);
    assert_string_equal(reply.fields[0].value.ptr,
                        "default-src 'none'; sandbox");
    assert_int_equal(get("/api/v1/shots/2"), 409);
    assert_int_equal(get("/api/v1/shots/3"), 404);
}

static void a_look_is_audited_once_a_day(void **state)
{
    (void)state;
    (void)found();
    (void)shot_of(2, PNG);
    workspace_close_archive();
    assert_int_equal(get("/api/v1/findings/1"), 200);
    assert_int_equal(views(), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(get("/api/v1/findings/1/text"), 200);
        assert_int_equal(get("/api/v1/findings/1/source"), 200);
        assert_int_equal(get("/api/v1/shots/1"), 200);
        assert_int_equal(ask_api(AW_METHOD_POST, "/api/v1/findings/1/frame",
                                 "{}"),
                         200);
    }
    assert_int_equal(views(), 4);
    call.user.name = AW_STR("李强");
    assert_int_equal(get("/api/v1/findings/1/text"), 200);
    assert_int_equal(views(), 5);
    ws.clock.manual_ms += DAY;
    assert_int_equal(get("/api/v1/findings/1/text"), 200);
    assert_int_equal(views(), 6);
    assert_int_equal(
        fixture_number("SELECT count(*) FROM audit WHERE subject = 'capture 2'"
                       " AND detail = '{\"finding\":1,\"way\":\"text\"}'"),
        3);
}

#define API(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static const struct CMUnitTest tests[] = {
    API(a_finding_is_told_with_all_its_parts),
    API(a_disguised_quote_is_told_as_it_was_read),
    API(the_last_correction_is_told),
    API(who_works_elsewhere_sees_nothing),
    API(a_blind_look_hides_the_first),
    API(texts_are_read_anew),
    API(a_source_is_told_as_text),
    API(a_long_source_is_cut),
    API(a_difference_is_to_the_capture_before),
    API(the_first_capture_has_none_before),
    API(what_cannot_be_read_is_told_with_its_cause),
    API(an_archive_that_was_changed_is_not_shown),
    API(a_capture_of_another_page_is_none),
    API(a_frame_has_a_pass),
    API(a_screenshot_is_an_image_and_nothing_else),
    API(a_look_is_audited_once_a_day),
};

WORKSPACE_MAIN(tests)
