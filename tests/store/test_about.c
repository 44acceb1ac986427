#include "store/about.h"

#include "tests/store/fixture.h"

/* What was told, one after the other: "id quote;". */
static char told[1024];

static aw_rc tell_other(void *self, const struct aw_other_row *other,
                        struct aw_err *err)
{
    size_t at = strlen(told);

    (void)self, (void)err;
    (void)snprintf(told + at, sizeof told - at, "%d %.*s;", (int)other->id,
                   AW_STR_ARG(other->quote));
    return AW_OK;
}

static aw_rc check_state(void *self, const struct aw_other_row *other,
                         struct aw_err *err)
{
    (void)err;
    assert_true(aw_str_eq(other->state, aw_str_of(self)));
    return AW_OK;
}

static aw_rc tell_capture(void *self, const struct aw_capture *capture,
                          struct aw_err *err)
{
    size_t at = strlen(told);

    (void)self, (void)err;
    (void)snprintf(told + at, sizeof told - at, "%d;", (int)capture->id);
    return AW_OK;
}

static int64_t finding_of(const char *fingerprint, const char *quote)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    claim.quote = aw_str_of(quote);
    return fixture_add(&finding);
}

/* As the queue sorts it. */
static void sort(int64_t finding, int64_t bunch, int64_t publisher,
                 const char *place)
{
    char sql[256];

    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO sorted VALUES (%d, %d, 0, '', %d, 1, '', '%s',"
                   " '', 0)",
                   (int)finding, (int)bunch, (int)publisher, place);
    fixture_tamper(sql);
}

static const struct aw_viewer *viewer(const char *place)
{
    static struct aw_viewer one;

    one = (struct aw_viewer){.place = aw_str_of(place)};
    return &one;
}

static const char *elsewhere(int64_t finding, const char *place)
{
    told[0] = '\0';
    ASSERT_OK(aw_store_elsewhere(fixture.store, finding, viewer(place),
                                 tell_other, NULL, &fixture.err));
    return told;
}

static bool is_of(int64_t finding, const char *place)
{
    bool answer = false;

    ASSERT_OK(aw_store_finding_is_of(fixture.store, finding, aw_str_of(place),
                                     &answer, &fixture.err));
    return answer;
}

static void a_finding_is_of_its_place_and_of_those_above(void **state)
{
    int64_t sorted = finding_of("f", "保本");
    int64_t unsorted = finding_of("g", "保本");

    (void)state;
    sort(sorted, 1, 0, "370811");
    assert_true(is_of(sorted, ""));
    assert_true(is_of(sorted, "3708"));
    assert_true(is_of(sorted, "370811"));
    assert_false(is_of(sorted, "3701"));
    assert_false(is_of(sorted, "37081122"));
    assert_true(is_of(unsorted, ""));
    assert_false(is_of(unsorted, "37"));
    assert_false(is_of(99, ""));
}

/* Of two quotes that begin alike the very same one counts. */
static void the_same_words_are_found_on_other_pages(void **state)
{
    int64_t mine = finding_of("f", "本产品保本保息，年化收益百分之十二");

    (void)state;
    (void)finding_of("g", "本产品保本保息，年化收益百分之十三");
    (void)finding_of("h", "本产品保本保息，年化收益百分之十二");
    (void)finding_of("i", "");
    assert_string_equal(elsewhere(mine, ""),
                        "3 本产品保本保息，年化收益百分之十二;");
    assert_string_equal(elsewhere(4, ""), "");
}

/* A finding that says it three times over is one; those that are only sorted
 * alike come where there is room. */
static void of_very_many_the_newest_are_told(void **state)
{
    int64_t mine = finding_of("f", "保本");
    char want[1024] = "", name[16];

    (void)state;
    sort(mine, 1, 0, "37");
    sort(finding_of("alike", "保 本"), 1, 0, "37");
    fixture_tamper("INSERT INTO claim SELECT NULL, finding, class, quote,"
                   " block, start, end, before, after, rule, rule_version,"
                   " code, law, severity, score, why FROM claim");
    for (int i = 0; i < 2 * AW_ABOUT_ELSEWHERE_MAX; i++) {
        (void)snprintf(name, sizeof name, "n%d", i);
        (void)finding_of(name, "保本");
    }
    for (int i = 0; i < AW_ABOUT_ELSEWHERE_MAX; i++) {
        size_t at = strlen(want);

        (void)snprintf(want + at, sizeof want - at, "%d 保本;",
                       2 + 2 * AW_ABOUT_ELSEWHERE_MAX - i);
    }
    assert_string_equal(elsewhere(mine, ""), want);
}

static void what_is_sorted_alike_is_told_once(void **state)
{
    int64_t mine = finding_of("f", "保本");
    int64_t same = finding_of("g", "保本");
    int64_t like = finding_of("h", "保 本");

    (void)state;
    sort(mine, 1, 0, "3708");
    sort(same, 1, 0, "3708");
    sort(like, 1, 0, "3708");
    assert_string_equal(elsewhere(mine, ""), "2 保本;3 ;");
}

static void nothing_is_told_of_another_place(void **state)
{
    int64_t mine = finding_of("f", "保本");

    (void)state;
    (void)finding_of("g", "保本");
    (void)finding_of("h", "保本");
    sort(mine, 1, 1, "370811");
    sort(2, 1, 1, "370100");
    sort(3, 1, 1, "370812");
    assert_string_equal(elsewhere(mine, "3708"), "3 保本;");
    told[0] = '\0';
    ASSERT_OK(aw_store_publisher_recent(fixture.store, 1, mine, viewer("3708"),
                                        tell_other, NULL, &fixture.err));
    assert_string_equal(told, "3 ;");
}

static void a_finding_has_a_publisher_or_none(void **state)
{
    struct aw_publisher_row publisher;
    int64_t mine = finding_of("f", "保本");

    (void)state;
    fixture_tamper("INSERT INTO publisher VALUES (7, 'k', '金汇', 1)");
    sort(mine, 1, 7, "37");
    ASSERT_OK(aw_store_publisher_of(fixture.store, &fixture.arena, mine,
                                    &publisher, &fixture.err));
    assert_int_equal(publisher.id, 7);
    assert_memory_equal(publisher.name.ptr, "金汇", publisher.name.len);
    assert_int_equal(aw_store_publisher_of(fixture.store, &fixture.arena, 99,
                                           &publisher, &fixture.err),
                     AW_MISSING);
}

/* Beside another finding, too, one that is looked at blind does not tell what
 * was decided to who may answer. */
static void what_is_looked_at_blind_is_a_second_one(void **state)
{
    struct aw_viewer asker = {.veiled_from = AW_STR("王芳")};
    int64_t mine = finding_of("f", "保本");
    int64_t other = finding_of("g", "保本");

    (void)state;
    sort(mine, 1, 7, "37");
    sort(other, 1, 7, "37");
    fixture_tamper(
        "UPDATE finding SET state = 'confirmed' WHERE id = 2;"
        "INSERT INTO decision (finding, at_ms, who, action, reason, previous,"
        " hash) VALUES (2, 5, '李强', 'confirm', 'r', '', 'h');"
        "INSERT INTO second_look (finding, why, blind, state, first_ms,"
        " first_who, first_action, first_class, first_decision) VALUES"
        " (2, 'random', 1, 'open', 5, '李强', 'confirm', '', 1)");
    for (int i = 0; i < 2; i++) {
        const char *other_state = i == 0 ? "second" : "confirmed";

        ASSERT_OK(aw_store_publisher_recent(fixture.store, 7, mine, &asker,
                                            check_state, (void *)other_state,
                                            &fixture.err));
        ASSERT_OK(aw_store_elsewhere(fixture.store, mine, &asker, check_state,
                                     (void *)other_state, &fixture.err));
        asker.veiled_from = AW_STR("李强"); /* the first officer */
    }
}

static void captures_are_told_newest_first(void **state)
{
    struct aw_capture last = {.url = AW_STR("http://a.example/")};
    int64_t first = fixture_capture(last);
    int64_t seen =
        fixture_capture((struct aw_capture){.url = AW_STR("http://a.example/"),
                                            .plain = first});
    int64_t id = -1;

    (void)state;
    last.id = fixture_capture(last);
    told[0] = '\0';
    ASSERT_OK(aw_store_captures(fixture.store, last.url, tell_capture, NULL,
                                &fixture.err));
    assert_string_equal(told, "3;2;1;");
    ASSERT_OK(
        aw_store_capture_before(fixture.store, &last, &id, &fixture.err));
    assert_int_equal(id, first);
    ASSERT_OK(
        aw_store_capture_rendered(fixture.store, first, &id, &fixture.err));
    assert_int_equal(id, seen);
    ASSERT_OK(
        aw_store_capture_rendered(fixture.store, last.id, &id, &fixture.err));
    assert_int_equal(id, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_finding_is_of_its_place_and_of_those_above),
        UNIT(the_same_words_are_found_on_other_pages),
        UNIT(what_is_sorted_alike_is_told_once),
        UNIT(nothing_is_told_of_another_place),
        UNIT(of_very_many_the_newest_are_told),
        UNIT(a_finding_has_a_publisher_or_none),
        UNIT(what_is_looked_at_blind_is_a_second_one),
        UNIT(captures_are_told_newest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
