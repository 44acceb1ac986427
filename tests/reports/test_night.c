#include "tests/store/fixture.h"

#include <cjson/cJSON.h>

#include "reports/night.h"

/* ---- far less than last time -------------------------------------------- */

static const char *fallen(const struct aw_night_source *source)
{
    static char text[AW_ERR_MAX];
    struct aw_buf why;
    bool is;

    aw_buf_init(&why, sizeof text - 1);
    is = aw_night_has_fallen(source, &why);
    assert_int_equal(why.rc, AW_OK);
    assert_int_equal(is, why.len > 0);
    (void)snprintf(text, sizeof text, "%s", why.len > 0 ? why.ptr : "");
    aw_buf_deinit(&why);
    return text;
}

static struct aw_night_source nights(struct aw_coverage before,
                                     struct aw_coverage now)
{
    return (struct aw_night_source){.is_now = true,
                                    .was_before = true,
                                    .now = now,
                                    .before = before};
}

static void test_few_of_as_many_pages_are_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 40, .read = 39, .failed = 1},
               (struct aw_coverage){.planned = 40, .read = 3, .failed = 37});

    (void)state;
    assert_string_equal(fallen(&s), "far less than last time: 3 of 40 pages "
                                    "(last time 39 of 40)");
}

/* Where as many are planned, the rule is a share below half of the last. */
static void test_just_half_of_the_share_is_not_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 60, .read = 40, .failed = 20},
               (struct aw_coverage){.planned = 60, .read = 20, .failed = 40});

    (void)state;
    assert_string_equal(fallen(&s), "");
    s.now.read = 19;
    s.now.failed = 41;
    assert_string_equal(fallen(&s), "far less than last time: 19 of 60 pages "
                                    "(last time 40 of 60)");
}

static void test_fewer_pages_that_are_due_are_not_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 4000, .read = 4000},
               (struct aw_coverage){.planned = 3, .read = 1, .unchanged = 2});

    (void)state;
    assert_string_equal(fallen(&s), "");
}

/* What failed or was refused is asked for the next night, what is well is
 * not. */
static void test_what_was_missing_before_may_be_missing_again(void **state)
{
    struct aw_night_source s = nights((struct aw_coverage){.planned = 40,
                                                           .read = 30,
                                                           .refused = 6,
                                                           .failed = 4},
                                      (struct aw_coverage){.planned = 11,
                                                           .unchanged = 1,
                                                           .refused = 6,
                                                           .failed = 4});

    (void)state;
    assert_string_equal(fallen(&s), "");
}

static void test_a_fall_after_such_a_night_is_told(void **state)
{
    struct aw_night_source s = nights(
        (struct aw_coverage){.planned = 11, .unchanged = 1, .failed = 10},
        (struct aw_coverage){.planned = 40, .read = 5, .failed = 35});

    (void)state;
    assert_string_equal(fallen(&s),
                        "far more pages than last time are missing: 35 of 40 "
                        "(last time 10 of 11)");
}

static void test_what_budgets_skip_is_not_the_sources_doing(void **state)
{
    struct aw_night_source s = nights(
        (struct aw_coverage){.planned = 100, .read = 100},
        (struct aw_coverage){.planned = 500, .read = 100, .skipped = 400});

    (void)state;
    assert_string_equal(fallen(&s), "");
}

static void test_a_host_that_is_left_all_night_is_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 40, .read = 40},
               (struct aw_coverage){.planned = 40, .read = 1, .left = 39});

    (void)state;
    assert_non_null(strstr(fallen(&s), "1 of 40 pages"));
}

static void test_redirects_to_a_notice_are_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 40, .fetched = 40, .read = 40},
               (struct aw_coverage){.planned = 41, .fetched = 41, .read = 1});

    (void)state;
    assert_string_equal(fallen(&s), "far less than last time: 1 of 41 pages "
                                    "(last time 40 of 40)");
}

static void test_a_source_that_gives_nothing_is_told_once(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 1, .unchanged = 1},
               (struct aw_coverage){.planned = 1, .failed = 1});

    (void)state;
    assert_string_equal(fallen(&s),
                        "no page at all: 0 of 1 pages (last time 1 of 1)");
    s.before = s.now;
    assert_string_equal(fallen(&s), "");
}

static void test_a_source_that_is_not_there_is_told(void **state)
{
    struct aw_night_source s = {.was_before = true,
                                .before = {.planned = 40, .read = 39}};

    (void)state;
    assert_non_null(strstr(fallen(&s), "not there any more (last time 39 of "
                                       "40 pages)"));
}

static void test_a_new_source_is_not_told(void **state)
{
    struct aw_night_source s = {.is_now = true,
                                .now = {.planned = 40, .failed = 40}};

    (void)state;
    assert_string_equal(fallen(&s), "");
}

static void test_pages_that_shrink_are_told(void **state)
{
    struct aw_night_source s =
        nights((struct aw_coverage){.planned = 2, .unchanged = 2},
               (struct aw_coverage){.planned = 40,
                                    .read = 40,
                                    .read_bytes = 40 * 300});

    (void)state;
    assert_string_equal(fallen(&s), "");
    s.was_rich = true;
    s.rich = (struct aw_coverage){.run = 7, .read = 40, .read_bytes = 400000};
    assert_string_equal(fallen(&s), "far smaller pages than in run 7: 300 "
                                    "bytes each, in the mean (then 10000)");
    s.now.read_bytes = 40 * 2500; /* just a quarter */
    assert_string_equal(fallen(&s), "");
    s.now.read_bytes = 1;
    s.now.planned = AW_NIGHT_PAGES_LEAST - 1; /* too few to judge by */
    s.now.read = s.now.planned;
    assert_string_equal(fallen(&s), "");
}

/* ---- a store of two nights ---------------------------------------------- */

static int64_t begin_run(int64_t started_ms)
{
    struct aw_run run = {.kind = AW_STR("crawl"), .started_ms = started_ms};
    bool resumed;

    ASSERT_OK(aw_store_run_begin(fixture.store, &run, &resumed, &fixture.err));
    assert_false(resumed);
    return run.id;
}

static void end_run(int64_t run, int64_t ended_ms)
{
    ASSERT_OK(
        aw_store_run_end(fixture.store, run, ended_ms, "done", &fixture.err));
}

static void put(const char *source, struct aw_coverage coverage)
{
    ASSERT_OK(aw_store_source_id(fixture.store, aw_str_of(source),
                                 &coverage.source, &fixture.err));
    ASSERT_OK(aw_store_coverage_put(fixture.store, &coverage, &fixture.err));
}

static int64_t add_url(int64_t run, const char *source, const char *url,
                       const char *reason)
{
    struct aw_url_row row = {.url = aw_str_of(url)};
    struct aw_host_row host;
    enum aw_url_taken taken;

    row.hash = aw_store_url_hash(fixture.store, row.url);
    ASSERT_OK(aw_store_source_id(fixture.store, aw_str_of(source), &row.source,
                                 &fixture.err));
    ASSERT_OK(aw_store_host_get(fixture.store, AW_STR("a.example"),
                                AW_STR("a.example"), 1, &host, &fixture.err));
    row.host = host.id;
    if (reason)
        ASSERT_OK(aw_store_url_refuse(fixture.store, &row, run, reason, 1,
                                      &taken, &fixture.err));
    else
        ASSERT_OK(aw_store_url_add(fixture.store, &row, run, 1, false, &taken,
                                   &fixture.err));
    return row.source;
}

static int64_t two_nights(void)
{
    int64_t first = begin_run(INT64_C(1795399980000));
    int64_t second;
    bool added;

    put("乙", (struct aw_coverage){.run = first, .planned = 40, .read = 39});
    put("gone",
        (struct aw_coverage){.run = first, .planned = 2, .unchanged = 2});
    end_run(first, INT64_C(1795399981000));
    second = begin_run(INT64_C(1795486380000));
    put("乙", (struct aw_coverage){.run = second,
                                   .planned = 40,
                                   .fetched = 3,
                                   .read = 3,
                                   .refused = 1,
                                   .failed = 36,
                                   .rendered = 7,
                                   .bytes = 1250000});
    put("alpha", (struct aw_coverage){.run = second, .planned = 1, .left = 1});
    add_url(second, "乙", "http://a.example/1", "robots.txt: Disallow: /1");
    ASSERT_OK(
        aw_store_note_add(fixture.store, second,
                          add_url(second, "alpha", "http://a.example/2", NULL),
                          "a trap\x1b[2J", &added, &fixture.err));
    fixture_simple("f1");
    return second;
}

static const char *told(void (*put_it)(struct aw_buf *,
                                       const struct aw_night *))
{
    static char text[65536];
    struct aw_night night;
    struct aw_buf out;

    ASSERT_OK(aw_night_load(&night, fixture.store, &fixture.err));
    aw_buf_init(&out, sizeof text - 1);
    put_it(&out, &night);
    ASSERT_OK(aw_buf_check(&out, &fixture.err));
    (void)snprintf(text, sizeof text, "%s", out.ptr);
    aw_buf_deinit(&out);
    aw_night_free(&night);
    return text;
}

static void put_text(struct aw_buf *out, const struct aw_night *night)
{
    aw_night_text(out, night, INT64_C(1795486380000) + 3723000);
}

static void test_the_text_is_a_table_by_display_width(void **state)
{
    (void)state;
    end_run(two_nights(), INT64_C(1795486380000) + 65000);
    assert_string_equal(
        told(put_text),
        "run 2 of 2026-11-24 10:13:00 +08:00: done, 1 min 5 s\n"
        "\n"
        "look at these\n"
        "  gone: not there any more (last time 2 of 2 pages): is it still in "
        "adwatch.yaml?\n"
        "  乙: far less than last time: 3 of 40 pages (last time 39 of 40)\n"
        "\n"
        "source  planned  fetched  not changed  read  robots.txt  skipped  "
        "failed  rendered  left  new findings   MB\n"
        "alpha         1        0            0     0           0        0  "
        "     0         0     1             0  0.0\n"
        "乙           40        3            0     3           1        0  "
        "    36         7     0             0  1.2\n"
        "all          41        3            0     3           1        0  "
        "    36         7     1             0  1.2\n"
        "\n"
        "reasons\n"
        "  乙\n"
        "         1  skipped  robots.txt: Disallow: /1\n"
        "\n"
        "notes\n"
        "  alpha: a trap\xEF\xBF\xBD[2J\n"
        "\n"
        "findings, of all runs\n"
        "  new        1\n");
}

static void test_the_head_of_the_audit_chain_is_told(void **state)
{
    struct aw_audit_head head;
    char want[AW_AUDIT_HEAD_MAX + 64];
    char text[AW_AUDIT_HEAD_MAX];

    (void)state;
    end_run(two_nights(), INT64_C(1795486445000));
    ASSERT_OK(aw_audit_add(fixture.store, aw_clock_system(), AW_STR("王芳"),
                           "login", AW_STR("user 1"), AW_STR(""),
                           &fixture.err));
    ASSERT_OK(aw_audit_head(fixture.store, &head, &fixture.err));
    aw_audit_head_text(&head, text);
    (void)snprintf(want, sizeof want, "\nhead of the audit chain\n  %s\n",
                   text);
    assert_non_null(strstr(told(put_text), want));
    (void)snprintf(want, sizeof want, "\"audit\":{\"id\":2,\"hash\":\"%s\"}",
                   head.hash);
    assert_non_null(strstr(told(aw_night_json), want));
}

static void test_a_run_at_work_is_not_compared(void **state)
{
    const char *text;

    (void)state;
    two_nights();
    text = told(put_text);
    assert_non_null(strstr(text, ": running, 1 h 2 min\n"));
    assert_null(strstr(text, "look at these"));
}

static int number_at(const cJSON *json, const char *a, const char *b,
                     const char *c)
{
    json = cJSON_GetObjectItemCaseSensitive(json, a);
    if (b)
        json = cJSON_GetObjectItemCaseSensitive(json, b);
    if (c)
        json = cJSON_GetObjectItemCaseSensitive(json, c);
    assert_true(cJSON_IsNumber(json));
    return json->valueint;
}

static void test_json_has_all_of_it(void **state)
{
    cJSON *json;
    const cJSON *list;

    (void)state;
    end_run(two_nights(), INT64_C(1795486445000));
    json = cJSON_Parse(told(aw_night_json));
    assert_non_null(json);
    assert_int_equal(number_at(json, "run", NULL, NULL), 2);
    assert_int_equal(number_at(json, "coverage", "planned", NULL), 41);
    assert_int_equal(number_at(json, "before", "planned", NULL), 42);
    assert_int_equal(number_at(json, "before_run", NULL, NULL), 1);
    assert_int_equal(number_at(json, "findings", "new", NULL), 1);
    list = cJSON_GetObjectItemCaseSensitive(json, "sources");
    assert_int_equal(number_at(list, "乙", "coverage", "failed"), 36);
    assert_int_equal(number_at(list, "乙", "before", "read"), 39);
    assert_int_equal(number_at(list, "乙", "skipped", NULL), 1);
    assert_int_equal(number_at(list, "乙", "reasons",
                               "robots.txt: Disallow: /1"),
                     1);
    assert_int_equal(number_at(list, "alpha", "queued", NULL), 1);
    list = cJSON_GetObjectItemCaseSensitive(json, "warnings");
    assert_int_equal(cJSON_GetArraySize(list), 2);
    list = cJSON_GetObjectItemCaseSensitive(json, "notes");
    assert_string_equal(cJSON_GetObjectItem(list->child, "text")->valuestring,
                        "a trap\x1b[2J");
    cJSON_Delete(json);
}

/* Each with another reason; the last one twice. */
static void night_of_reasons(int count)
{
    int64_t run = begin_run(1000);
    char url[64];
    char reason[64];

    put("a", (struct aw_coverage){.run = run, .planned = count + 1});
    for (int i = 0; i <= count; i++) {
        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        (void)snprintf(reason, sizeof reason, "trap: %d",
                       i < count ? i : count - 1);
        add_url(run, "a", url, reason);
    }
    end_run(run, 2000);
}

static void test_people_see_the_most_frequent_reasons(void **state)
{
    const char *text;

    (void)state;
    night_of_reasons(23);
    text = told(put_text);
    assert_non_null(
        strstr(text, "reasons\n  a\n         2  skipped  trap: 22\n"));
    assert_non_null(strstr(text, "\n            and 3 other reasons\n"));
}

static void test_json_has_a_thousand_reasons(void **state)
{
    const cJSON *list;
    cJSON *json;

    (void)state;
    night_of_reasons(1007);
    json = cJSON_Parse(told(aw_night_json));
    assert_non_null(json);
    list = cJSON_GetObjectItemCaseSensitive(json, "sources");
    assert_int_equal(number_at(list, "a", "more", NULL), 7);
    assert_int_equal(number_at(list, "a", "reasons", "trap: 1006"), 2);
    list = cJSON_GetObjectItem(cJSON_GetObjectItem(list, "a"), "reasons");
    assert_int_equal(cJSON_GetArraySize(list), 1000);
    cJSON_Delete(json);
}

static void test_no_run_is_told(void **state)
{
    struct aw_night night;

    (void)state;
    assert_int_equal(aw_night_load(&night, fixture.store, &fixture.err),
                     AW_MISSING);
    aw_night_free(&night);
    ASSERT_SAYS("no run yet");
}

/* The night before may have had too few pages to judge sizes by. */
static void test_sizes_are_compared_with_a_rich_night(void **state)
{
    int64_t run = begin_run(1000);

    (void)state;
    put("a", (struct aw_coverage){
                 .run = run, .planned = 20, .read = 20, .read_bytes = 400000});
    end_run(run, 2000);
    run = begin_run(3000);
    put("a", (struct aw_coverage){.run = run, .planned = 1, .unchanged = 1});
    end_run(run, 4000);
    run = begin_run(5000);
    put("a", (struct aw_coverage){
                 .run = run, .planned = 20, .read = 20, .read_bytes = 4000});
    end_run(run, 6000);
    assert_non_null(strstr(told(put_text),
                           "far smaller pages than in run 1: 200 bytes "
                           "each, in the mean (then 20000)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_of_as_many_pages_are_told),
        cmocka_unit_test(test_just_half_of_the_share_is_not_told),
        cmocka_unit_test(test_fewer_pages_that_are_due_are_not_told),
        cmocka_unit_test(test_what_was_missing_before_may_be_missing_again),
        cmocka_unit_test(test_a_fall_after_such_a_night_is_told),
        cmocka_unit_test(test_what_budgets_skip_is_not_the_sources_doing),
        cmocka_unit_test(test_a_host_that_is_left_all_night_is_told),
        cmocka_unit_test(test_redirects_to_a_notice_are_told),
        cmocka_unit_test(test_a_source_that_gives_nothing_is_told_once),
        cmocka_unit_test(test_a_source_that_is_not_there_is_told),
        cmocka_unit_test(test_a_new_source_is_not_told),
        cmocka_unit_test(test_pages_that_shrink_are_told),
        UNIT(test_the_text_is_a_table_by_display_width),
        UNIT(test_the_head_of_the_audit_chain_is_told),
        UNIT(test_a_run_at_work_is_not_compared),
        UNIT(test_json_has_all_of_it),
        UNIT(test_people_see_the_most_frequent_reasons),
        UNIT(test_json_has_a_thousand_reasons),
        UNIT(test_no_run_is_told),
        UNIT(test_sizes_are_compared_with_a_rich_night),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
