/* Bundles are made: what is in them, and what is refused. */
#include "tests/evidence/spoilt.h"

static void a_bundle_is_whole_and_has_its_name(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    make_good(path);
    assert_true(aw_str_ends(
        aw_str_of(path),
        AW_STR("/bundles/adwatch-finding-1-20261125T021300Z.zip")));
    assert_good(path);
}

static void only_a_confirmed_finding_is_bundled(void **state)
{
    char path[AW_PATH_MAX] = "";
    int64_t id = found_twice();

    (void)state;
    assert_int_equal(make(id, path), AW_INVALID);
    ASSERT_SAYS("finding 1 is new");
    ASSERT_SAYS("adwatch decide 1 confirm");
    ASSERT_OK(decide(id, "confirm", ""));
    ASSERT_OK(decide(id, "reopen", ""));
    assert_int_equal(make(id, path), AW_INVALID);
    assert_int_equal(make(99, path), AW_MISSING);
    assert_string_equal(path, "");
}

static void a_confirmation_that_nobody_made_is_refused(void **state)
{
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    fixture_tamper("UPDATE finding SET state = 'confirmed'");
    assert_int_equal(make(id, path), AW_INVALID);
    ASSERT_SAYS("by its decisions it is 'new'");
}

static void a_changed_decision_is_refused(void **state)
{
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    ASSERT_OK(decide(id, "confirm", ""));
    fixture_tamper("UPDATE decision SET who = '李四'");
    assert_int_equal(make(id, path), AW_INVALID);
    ASSERT_SAYS("decision 1 was changed");
}

static void an_archive_that_is_still_open_can_be_bundled(void **state)
{
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    ASSERT_OK(aw_warc_sync(writer, &fixture.err));
    ASSERT_OK(decide(id, "confirm", ""));
    ASSERT_OK(make(id, path));
    assert_good(path);
}

static void a_payload_that_is_not_the_captured_one_is_refused(void **state)
{
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    ASSERT_OK(aw_warc_sync(writer, &fixture.err));
    ASSERT_OK(decide(id, "confirm", ""));
    fixture_tamper("UPDATE capture SET payload_digest = 'ab' WHERE id = 2");
    assert_int_equal(make(id, path), AW_INVALID);
    ASSERT_SAYS("capture 2: the archive holds another payload");
}

static void an_archive_file_that_is_gone_is_told(void **state)
{
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    ASSERT_OK(decide(id, "confirm", ""));
    fixture_tamper("UPDATE capture SET warc_file = 'gone.warc.gz'");
    assert_int_equal(make(id, path), AW_MISSING);
    ASSERT_SAYS("gone.warc.gz");
}

static void a_bundle_is_never_overwritten(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    make_good(path);
    assert_int_equal(make(1, path), AW_INVALID);
    ASSERT_SAYS("is there already");
}

static void a_bundle_that_fails_leaves_no_file(void **state)
{
    char dir[AW_PATH_MAX];
    char path[AW_PATH_MAX];
    int64_t id = found_twice();

    (void)state;
    ASSERT_OK(aw_warc_sync(writer, &fixture.err));
    ASSERT_OK(decide(id, "confirm", ""));
    fixture_tamper("UPDATE claim SET why = '['");
    assert_int_equal(make(id, path), AW_STORE);
    ASSERT_OK(aw_path_join(dir, fixture.dir, "bundles", &fixture.err));
    assert_int_equal(rmdir(dir), 0); /* it was empty */
}

static void the_page_says_what_a_reader_needs_and_runs_nothing(void **state)
{
    static const char *const parts[] = {
        "涉嫌违法广告线索",
        "本公司产品<mark>保本保息</mark>，随存随取",
        "&lt;script&gt;alert(1)&lt;/script&gt;\uFFFD金汇",
        "对未来效果、收益或者与其相关的情况作出保证性承诺",
        "2021-04-29 至 今",
        "2026-11-23 10:13:00（北京时间）",
        "UTC 2026-11-23T02:13:00",
        "02-网页存档/capture-2.warc.gz",
        "王芳",
        "与原文一致",
        "sha256sum -c manifest-sha256.txt"};
    struct opened o;

    (void)state;
    open_good(&o);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_entry_has(&o, "00-说明.html", parts[i]);
    assert_entry_has_not(&o, "00-说明.html", "<script");
    assert_entry_has_not(&o, "00-说明.html", "非法集资");
    assert_entry_has_not(&o, "00-说明.html", "href");
    close_opened(&o);
}

static void the_json_tells_captures_law_and_decisions(void **state)
{
    struct opened o;

    (void)state;
    open_good(&o);
    assert_entry_has(&o, "finding-1.json", "\"state\":\"confirmed\"");
    assert_entry_has(&o, "finding-1.json", "\"quote\":\"保本保息\"");
    assert_entry_has(&o, "finding-1.json", "\"reason\":\"与原文一致\"");
    assert_entry_has(&o, "captures.json", "\"ip\":\"192.0.2.7\"");
    assert_entry_has(&o, "captures.json",
                     "\"fetched_beijing\":\"2026-11-23 10:13:00 +08:00\"");
    assert_entry_has(&o, "provisions.json", "\"from\":\"2021-04-29\"");
    assert_entry_has_not(&o, "provisions.json", "\"from\":\"2015-09-01\"");
    assert_entry_has(&o, "decisions.json", "\"action\":\"escalate\"");
    assert_entry_has_not(&o, "decisions.json", "存款");
    close_opened(&o);
}

static void what_a_browser_showed_goes_with_the_page_as_fetched(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t plain = capture_page("<p>nothing", SEEN);
    int64_t rendered = capture_page(PAGE, SEEN + 1);
    struct aw_finding finding = fixture_finding("r", rendered, &claim);
    char path[AW_PATH_MAX];
    char sql[128];
    int64_t id;

    (void)state;
    finding.title = AW_STR(TITLE);
    (void)snprintf(sql, sizeof sql,
                   "UPDATE capture SET plain = %d WHERE id = %d", (int)plain,
                   (int)rendered);
    fixture_tamper(sql);
    id = fixture_add(&finding);
    ASSERT_OK(decide(id, "confirm", "与原文一致"));
    ASSERT_OK(aw_warc_close(writer, &fixture.err));
    ASSERT_OK(make(id, path));
    assert_good(path);
    assert_zip_holds(path, "captures.json", "\"plain\":");
    assert_zip_holds(path, "capture-1.warc.gz", "");
    assert_zip_holds(path, "capture-2.warc.gz", "");
}

static void the_members_are_the_bytes_of_the_archive(void **state)
{
    char path[AW_PATH_MAX];
    struct aw_capture capture = {0};
    struct aw_buf warc;
    struct opened o;
    struct aw_str member;
    size_t info;

    (void)state;
    open_good(&o);
    ASSERT_OK(aw_store_capture_get(fixture.store, &fixture.arena, 2, &capture,
                                   &fixture.err));
    (void)snprintf(path, sizeof path, "%s/archive/%s", fixture.dir,
                   capture.warc_file.ptr);
    aw_buf_init(&warc, BYTES_MAX);
    ASSERT_OK(aw_file_read(path, &warc, &fixture.err));
    member = o.entries[entry_named(&o, "capture-2.warc.gz")].data;
    /* The file's own record, then response and request as they lie. */
    info = member.len - (size_t)(capture.warc_length + capture.request_length);
    assert_true(info > 0);
    assert_memory_equal(member.ptr, warc.ptr, info);
    assert_memory_equal(member.ptr + info, warc.ptr + capture.warc_offset,
                        member.len - info);
    aw_buf_deinit(&warc);
    close_opened(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_bundle_is_whole_and_has_its_name),
        UNIT(only_a_confirmed_finding_is_bundled),
        UNIT(a_confirmation_that_nobody_made_is_refused),
        UNIT(a_changed_decision_is_refused),
        UNIT(an_archive_that_is_still_open_can_be_bundled),
        UNIT(a_payload_that_is_not_the_captured_one_is_refused),
        UNIT(an_archive_file_that_is_gone_is_told),
        UNIT(a_bundle_is_never_overwritten),
        UNIT(a_bundle_that_fails_leaves_no_file),
        UNIT(the_page_says_what_a_reader_needs_and_runs_nothing),
        UNIT(the_json_tells_captures_law_and_decisions),
        UNIT(what_a_browser_showed_goes_with_the_page_as_fetched),
        UNIT(the_members_are_the_bytes_of_the_archive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
