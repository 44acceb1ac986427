#include "tests/store/fixture.h"

static struct aw_claim_row claims[] = {
    {.class = {"no_risk", 7},
     .quote = {"零 风险", 10},
     .law = {"[]", 2},
     .why = {"[]", 2}},
    {.class = {"no_risk", 7},
     .quote = {"无忧", 6},
     .law = {"[]", 2},
     .why = {"[]", 2}},
};

static int64_t capture_of(int64_t plain)
{
    return fixture_capture(
        (struct aw_capture){.url = AW_STR("http://a.example/"),
                            .plain = plain});
}

static int64_t finding_at(int64_t capture, const char *fingerprint)
{
    struct aw_finding finding = {.first_capture = capture,
                                 .last_capture = capture,
                                 .url = AW_STR("http://a.example/"),
                                 .fingerprint = aw_str_of(fingerprint),
                                 .claims = claims,
                                 .claim_count = 2};
    bool added;

    ASSERT_OK(
        aw_store_finding_add(fixture.store, &finding, &added, &fixture.err));
    return finding.id;
}

static int64_t queue_page(int64_t capture, const char *state)
{
    char url[64];
    struct aw_render_row row = {.capture = capture,
                                .cause = AW_STR("finding"),
                                .state = aw_str_of(state)};

    (void)snprintf(url, sizeof url, "http://a.example/%d", (int)capture);
    row.url = fixture_queue(url);
    ASSERT_OK(aw_store_render_add(fixture.store, &row, &fixture.err));
    return row.id;
}

struct queued {
    int64_t ids[4];
    int count;
};

static aw_rc keep_queued(void *self, int64_t id, int64_t source,
                         struct aw_str cause, struct aw_err *err)
{
    struct queued *queued = self;

    (void)err;
    assert_true(source > 0);
    assert_true(aw_str_eq(cause, AW_STR("finding")));
    queued->ids[queued->count++] = id;
    return AW_OK;
}

static struct queued all_queued(void)
{
    struct queued queued = {.count = 0};

    ASSERT_OK(aw_store_render_queued(fixture.store, keep_queued, &queued,
                                     &fixture.err));
    return queued;
}

static void pages_are_queued_until_they_are_done(void **state)
{
    struct aw_render_row row = {0};
    int64_t first = queue_page(capture_of(0), "queued");
    int64_t skipped = queue_page(capture_of(0), "skipped");
    int64_t last = queue_page(capture_of(0), "queued");
    struct queued queued = all_queued();

    (void)state;
    assert_int_equal(queued.count, 2);
    assert_int_equal(queued.ids[0], first);
    assert_int_equal(queued.ids[1], last);
    assert_int_not_equal(skipped, last);
    ASSERT_OK(aw_store_render_row(fixture.store, &fixture.arena, last, &row,
                                  &fixture.err));
    assert_int_equal(row.id, last);
    row.state = AW_STR("failed");
    row.reason = AW_STR("page crashed");
    row.note = AW_STR("n");
    row.rendered = 9;
    row.resources = 3;
    row.mobile = true;
    ASSERT_OK(aw_store_render_end(fixture.store, &row, &fixture.err));
    fixture_reopen();
    queued = all_queued();
    assert_int_equal(queued.count, 1);
    assert_int_equal(queued.ids[0], first);
    assert_int_equal(aw_store_render_row(fixture.store, &fixture.arena,
                                         last + 100, &row, &fixture.err),
                     AW_MISSING);
}

static void a_rendering_is_found_by_either_capture(void **state)
{
    struct aw_render_row row = {0};
    int64_t plain = capture_of(0);
    int64_t rendered = capture_of(plain);
    int64_t id = queue_page(plain, "done");

    (void)state;
    ASSERT_OK(aw_store_render_get(fixture.store, &fixture.arena, plain, &row,
                                  &fixture.err));
    assert_int_equal(row.id, id);
    row.id = 0;
    ASSERT_OK(aw_store_render_get(fixture.store, &fixture.arena, rendered,
                                  &row, &fixture.err));
    assert_int_equal(row.id, id);
    assert_int_equal(aw_store_render_get(fixture.store, &fixture.arena,
                                         capture_of(0), &row, &fixture.err),
                     AW_MISSING);
}

static aw_rc keep_id(void *self, int64_t id, struct aw_str class,
                     struct aw_str quote, int64_t capture, struct aw_err *err)
{
    int64_t *ids = self;

    (void)class;
    (void)quote;
    (void)capture;
    (void)err;
    while (*ids)
        ids++;
    *ids = id;
    return AW_OK;
}

static void a_finding_has_the_newest_screenshots_of_its_page(void **state)
{
    int64_t plain = capture_of(0);
    int64_t finding = finding_at(plain, "f1");
    int64_t ids[8] = {0};
    struct aw_box_row boxes[] = {{0, 1, 2, 3, 4}, {0, 5, 6, 7, 8}};
    struct aw_shot_row shot = {.kind = AW_STR("first"),
                               .uri = AW_STR("urn:view:http://a.example/"),
                               .warc_file = AW_STR("w.warc.gz"),
                               .warc_offset = 11,
                               .warc_length = 12,
                               .digest = AW_STR("d"),
                               .width = 1280,
                               .height = 800};
    struct aw_finding got = {0};

    (void)state;
    ASSERT_OK(aw_store_claims_shown(fixture.store, plain, 0, keep_id, ids,
                                    &fixture.err));
    assert_true(ids[1] != 0 && ids[2] == 0);
    shot.capture = capture_of(plain);
    ASSERT_OK(aw_store_shot_add(fixture.store, &shot, &fixture.err));
    boxes[0].claim = ids[0];
    boxes[1].claim = ids[1];
    shot.boxes = boxes;
    shot.box_count = 2;
    shot.capture = capture_of(plain);
    ASSERT_OK(aw_store_shot_add(fixture.store, &shot, &fixture.err));
    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, finding,
                                   &got, &fixture.err));
    assert_int_equal(got.shot_count, 1);
    assert_int_equal(got.shots[0].capture, shot.capture);
    assert_int_equal(got.shots[0].warc_offset, 11);
    assert_int_equal(got.shots[0].height, 800);
    assert_int_equal(got.shots[0].box_count, 2);
    assert_int_equal(got.shots[0].boxes[1].claim, 1);
    assert_int_equal(got.shots[0].boxes[1].x, 5);
    assert_int_equal(got.shots[0].boxes[1].height, 8);
}

static int64_t gone_count(void)
{
    return fixture_number("SELECT count(*) FROM finding WHERE gone_ms > 0");
}

static void what_a_browser_saw_is_gone_when_it_no_longer_sees_it(void **state)
{
    int64_t plain = capture_of(0);
    int64_t rendered = capture_of(plain);
    int64_t second = capture_of(0);
    struct aw_str url = AW_STR("http://a.example/");
    bool seen = false;

    (void)state;
    (void)finding_at(rendered, "f1");
    ASSERT_OK(
        aw_store_is_seen_rendered(fixture.store, url, &seen, &fixture.err));
    assert_true(seen);
    /* The page as fetched need not show it. */
    ASSERT_OK(aw_store_findings_gone(fixture.store, url, second, "w", 5,
                                     &fixture.err));
    assert_int_equal(gone_count(), 0);
    ASSERT_OK(aw_store_findings_gone_rendered(fixture.store, url, plain,
                                              rendered, "w", 5, &fixture.err));
    assert_int_equal(gone_count(), 0);
    ASSERT_OK(aw_store_findings_gone_rendered(fixture.store, url, second,
                                              capture_of(second), "w", 5,
                                              &fixture.err));
    assert_int_equal(gone_count(), 1);
    ASSERT_OK(
        aw_store_is_seen_rendered(fixture.store, url, &seen, &fixture.err));
    assert_false(seen);
}

static void what_a_browser_saw_is_gone_with_its_page(void **state)
{
    (void)state;
    (void)finding_at(capture_of(capture_of(0)), "f1");
    ASSERT_OK(aw_store_findings_gone(fixture.store,
                                     AW_STR("http://a.example/"), 0,
                                     "http 404", 5, &fixture.err));
    assert_int_equal(gone_count(), 1);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pages_are_queued_until_they_are_done),
        TEST(a_rendering_is_found_by_either_capture),
        TEST(a_finding_has_the_newest_screenshots_of_its_page),
        TEST(what_a_browser_saw_is_gone_when_it_no_longer_sees_it),
        TEST(what_a_browser_saw_is_gone_with_its_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
