#include "tests/store/fixture.h"

static struct aw_rescan_row begin(const char *key, const char *lexicon,
                                  bool *resumed)
{
    struct aw_rescan_row row = {.key = aw_str_of(key),
                                .lexicon_hash = aw_str_of(lexicon),
                                .model_hash = AW_STR("m"),
                                .started_ms = 5};

    ASSERT_OK(
        aw_store_rescan_begin(fixture.store, &row, resumed, &fixture.err));
    return row;
}

static int64_t next(const struct aw_rescan_scope *scope, int64_t after)
{
    struct aw_str channel = {0};
    int64_t id = 0;
    aw_rc rc =
        aw_store_rescan_next(fixture.store, scope, after, INT64_MAX,
                             &fixture.arena, &id, &channel, &fixture.err);

    assert_true(rc == AW_OK || rc == AW_MISSING);
    return rc == AW_OK ? id : 0;
}

static bool told(int64_t rescan, const char *key, const char *url)
{
    struct aw_rescan_told row = {.key = aw_str_of(key),
                                 .kind = AW_STR("new"),
                                 .capture = 7,
                                 .state = AW_STR(""),
                                 .url = aw_str_of(url),
                                 .before = AW_STR("[]"),
                                 .after = AW_STR("[1]")};
    bool is_new = false;

    ASSERT_OK(aw_store_rescan_tell(fixture.store, rescan, &row, &is_new,
                                   &fixture.err));
    return is_new;
}

static aw_rc count(void *self, const struct aw_rescan_told *row,
                   struct aw_err *err)
{
    (void)err;
    assert_int_equal(row->capture, 7);
    assert_true(aw_str_eq(row->after, AW_STR("[1]")));
    ++*(int *)self;
    return AW_OK;
}

static int told_count(int64_t rescan, const char *url)
{
    int n = 0;

    ASSERT_OK(aw_store_rescan_told(fixture.store, rescan, aw_str_of(url),
                                   count, &n, &fixture.err));
    return n;
}

static void a_broken_rescan_is_taken_up_where_it_was(void **state)
{
    int64_t newest = fixture_capture((struct aw_capture){0});
    bool resumed = true;
    struct aw_rescan_row row = begin("k", "l", &resumed);

    (void)state;
    assert_false(resumed);
    assert_int_equal(row.most_capture, newest);
    row.last_capture = 3;
    row.read = 2;
    row.failed = 1;
    ASSERT_OK(aw_store_rescan_step(fixture.store, &row, &fixture.err));
    (void)fixture_capture((struct aw_capture){0});
    fixture_reopen();
    row = begin("k", "l", &resumed);
    assert_true(resumed);
    assert_int_equal(row.last_capture, 3);
    assert_int_equal(row.read, 2);
    assert_int_equal(row.failed, 1);
    assert_int_equal(row.most_capture, newest);
}

static void another_scope_is_a_rescan_of_its_own(void **state)
{
    bool resumed = true;
    struct aw_rescan_row one = begin("k", "l", &resumed);
    struct aw_rescan_row two = begin("k2", "l", &resumed);

    (void)state;
    assert_false(resumed);
    assert_int_not_equal(one.id, two.id);
    (void)begin("k", "l", &resumed);
    assert_true(resumed);
}

static void other_rules_drop_what_was_begun(void **state)
{
    bool resumed = true;
    struct aw_rescan_row row = begin("k", "l", &resumed);

    (void)state;
    (void)told(row.id, "a", "http://a.example/");
    (void)begin("k2", "other", &resumed);
    assert_int_equal(fixture_number("SELECT count(*) FROM rescan"), 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM rescan_told"), 0);
    (void)begin("k", "l", &resumed);
    assert_false(resumed);
}

static void the_same_thing_is_told_once(void **state)
{
    bool resumed;
    struct aw_rescan_row row = begin("k", "l", &resumed);

    (void)state;
    assert_true(told(row.id, "a", "http://a.example/"));
    assert_false(told(row.id, "a", "http://a.example/"));
    assert_true(told(row.id, "b", "http://b.example/"));
    assert_int_equal(told_count(row.id, ""), 2);
    assert_int_equal(told_count(row.id, "http://a.example/"), 1);
    assert_int_equal(told_count(row.id, "http://c.example/"), 0);
}

static void an_end_leaves_nothing(void **state)
{
    bool resumed;
    struct aw_rescan_row row = begin("k", "l", &resumed);

    (void)state;
    (void)told(row.id, "a", "http://a.example/");
    ASSERT_OK(aw_store_rescan_end(fixture.store, row.id, &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM rescan"), 0);
    assert_int_equal(fixture_number("SELECT count(*) FROM rescan_told"), 0);
}

static void what_no_reader_had_is_not_read(void **state)
{
    static const char *const readers[] = {"skipped", "as before", "manifest",
                                          "no text", "ok",        "timeout"};
    struct aw_rescan_scope all = {.until_ms = INT64_MAX};
    int64_t ids[6];

    (void)state;
    for (size_t i = 0; i < 6; i++)
        ids[i] = fixture_capture(
            (struct aw_capture){.reader = aw_str_of(readers[i])});
    assert_int_equal(next(&all, 0), ids[4]);
    assert_int_equal(next(&all, ids[4]), ids[5]);
    assert_int_equal(next(&all, ids[5]), 0);
}

static void a_part_is_by_source_and_time(void **state)
{
    int64_t one = fixture_capture((struct aw_capture){.reader = AW_STR("ok"),
                                                      .source = AW_STR("a"),
                                                      .fetched_ms = 10});
    int64_t two = fixture_capture((struct aw_capture){.reader = AW_STR("ok"),
                                                      .source = AW_STR("b"),
                                                      .fetched_ms = 20});
    struct aw_rescan_scope by_source = {.source = "b", .until_ms = 100};
    struct aw_rescan_scope since = {.since_ms = 20, .until_ms = 100};
    struct aw_rescan_scope until = {.until_ms = 20};

    (void)state;
    assert_int_equal(next(&by_source, 0), two);
    assert_int_equal(next(&since, 0), two);
    assert_int_equal(next(&until, 0), one);
    assert_int_equal(next(&until, one), 0);
}

static void only_what_it_added_can_be_gone(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t first = fixture_capture((struct aw_capture){0});
    int64_t second = fixture_capture((struct aw_capture){0});
    struct aw_finding before = fixture_finding("before", first, &claim);
    struct aw_finding own = fixture_finding("own", first, &claim);
    bool resumed;
    struct aw_rescan_row row = begin("k", "l", &resumed);

    (void)state;
    (void)fixture_add(&before);
    (void)fixture_add(&own);
    (void)told(row.id, "own", own.url.ptr);
    ASSERT_OK(aw_store_rescan_gone(fixture.store, row.id, own.url, first, 50,
                                   &fixture.err));
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM finding WHERE gone_ms > 0"),
                     0);
    ASSERT_OK(aw_store_rescan_gone(fixture.store, row.id, own.url, second, 50,
                                   &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM finding WHERE"
                                    " gone_ms = 50 AND fingerprint = 'own'"),
                     1);
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM finding WHERE gone_ms > 0"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_broken_rescan_is_taken_up_where_it_was),
        UNIT(another_scope_is_a_rescan_of_its_own),
        UNIT(other_rules_drop_what_was_begun),
        UNIT(the_same_thing_is_told_once),
        UNIT(an_end_leaves_nothing),
        UNIT(what_no_reader_had_is_not_read),
        UNIT(a_part_is_by_source_and_time),
        UNIT(only_what_it_added_can_be_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
