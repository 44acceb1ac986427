#include "tests/store/fixture.h"

#include "review/decide.h"

static struct aw_clock clock_at = {0};

static aw_rc decide(int64_t finding, const char *action, const char *reason)
{
    struct aw_decision_input input = {.finding = finding,
                                      .action = aw_str_of(action),
                                      .reason = aw_str_of(reason),
                                      .who = AW_STR("王芳")};

    clock_at = aw_clock_manual(INT64_C(1795399980000));
    return aw_decide(fixture.store, &clock_at, &input, &fixture.arena, NULL,
                     &fixture.err);
}

static void assert_state(int64_t id, const char *state)
{
    struct aw_finding finding = {0};

    ASSERT_OK(aw_store_finding_get(fixture.store, &fixture.arena, id, &finding,
                                   &fixture.err));
    assert_true(aw_str_eq(finding.state, aw_str_of(state)));
}

static void assert_chain(aw_rc want, int64_t right_rows)
{
    int64_t count = -1;

    assert_int_equal(aw_decisions_verify(fixture.store, &count, &fixture.err),
                     want);
    assert_int_equal(count, right_rows);
}

static void each_action_moves_the_finding_to_its_state(void **state)
{
    static const char *const steps[][2] = {
        {"confirm", "confirmed"},  {"dismiss", "dismissed"},
        {"escalate", "escalated"}, {"reopen", "new"},
        {"dismiss", "dismissed"},  {"confirm", "confirmed"},
        {"escalate", "escalated"}, {"dismiss", "dismissed"},
        {"reopen", "new"},         {"escalate", "escalated"},
        {"confirm", "confirmed"},  {"reopen", "new"}};
    int64_t id = fixture_simple("f");

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        ASSERT_OK(decide(id, steps[i][0], "存款产品"));
        assert_state(id, steps[i][1]);
    }
    assert_chain(AW_OK, 12);
}

static void the_same_action_twice_is_refused(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    ASSERT_OK(decide(id, "confirm", ""));
    assert_int_equal(decide(id, "confirm", ""), AW_INVALID);
    ASSERT_SAYS("confirmed already");
    assert_chain(AW_OK, 1);
}

static void a_new_finding_cannot_be_reopened(void **state)
{
    (void)state;
    assert_int_equal(decide(fixture_simple("f"), "reopen", ""), AW_INVALID);
    ASSERT_SAYS("new already");
}

static void a_dismissal_needs_a_reason(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    assert_int_equal(decide(id, "dismiss", " "), AW_INVALID);
    ASSERT_SAYS("needs a reason");
    assert_state(id, "new");
}

static void an_unknown_finding_or_action_is_told(void **state)
{
    (void)state;
    assert_int_equal(decide(99, "confirm", ""), AW_MISSING);
    ASSERT_SAYS("no finding 99");
    assert_int_equal(decide(fixture_simple("f"), "approve", ""), AW_INVALID);
    ASSERT_SAYS("'approve' is not known");
    assert_chain(AW_OK, 0);
}

static void texts_have_limits_in_characters(void **state)
{
    static char long_text[3 * (AW_REASON_MAX + 1) + 1];
    int64_t id = fixture_simple("f");

    (void)state;
    for (int i = 0; i <= AW_REASON_MAX; i++)
        memcpy(long_text + 3 * i, "保", 3);
    assert_int_equal(decide(id, "dismiss", long_text), AW_INVALID);
    ASSERT_SAYS("2001 characters");
    long_text[3 * AW_REASON_MAX] = '\0';
    ASSERT_OK(decide(id, "dismiss", long_text));
}

static void control_characters_and_bad_bytes_are_refused(void **state)
{
    static const char *const bad[] = {"a\nb",         "\x1B[31m",
                                      "a\x7F",        "\xC2\x9B",
                                      "\xE2\x80\xAE", "\xE2\x81\xA6"};
    int64_t id = fixture_simple("f");

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(decide(id, "confirm", bad[i]), AW_INVALID);
        ASSERT_SAYS("control character U+");
    }
    assert_int_equal(decide(id, "confirm", "\xFF"), AW_INVALID);
    ASSERT_SAYS("not UTF-8");
    assert_state(id, "new");
}

static void who_must_be_named(void **state)
{
    struct aw_decision_input input = {.finding = fixture_simple("f"),
                                      .action = AW_STR("confirm"),
                                      .reason = AW_STR(""),
                                      .who = AW_STR("  ")};

    (void)state;
    assert_int_equal(aw_decide(fixture.store, aw_clock_system(), &input,
                               &fixture.arena, NULL, &fixture.err),
                     AW_INVALID);
    ASSERT_SAYS("who decides");
}

/* The texts were hashed by Python: hashlib.sha256(json.dumps(row,
 * sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()). */
static void the_hash_is_what_another_program_reckons(void **state)
{
    struct aw_decision_row row = {.finding = 12,
                                  .at_ms = INT64_C(1795399980000),
                                  .who = AW_STR("王芳"),
                                  .action = AW_STR("dismiss"),
                                  .reason = AW_STR("银行\"存款\"")};
    char hash[AW_SHA256_HEX_MAX];

    (void)state;
    ASSERT_OK(aw_decision_hash(&row, hash, &fixture.err));
    assert_string_equal(
        hash,
        "a09b5a1a8d57d850affb5856f86f595ca1c9e9d452dd62ce241c36a03af06cd9");
}

static void a_row_holds_the_hash_of_the_row_before(void **state)
{
    struct aw_decision_input input = {.finding = fixture_simple("f"),
                                      .action = AW_STR("confirm"),
                                      .reason = AW_STR(""),
                                      .who = AW_STR("王芳")};
    struct aw_decided first = {0};
    struct aw_decided second = {0};

    (void)state;
    ASSERT_OK(aw_decide(fixture.store, aw_clock_system(), &input,
                        &fixture.arena, &first, &fixture.err));
    input.finding = fixture_simple("g");
    ASSERT_OK(aw_decide(fixture.store, aw_clock_system(), &input,
                        &fixture.arena, &second, &fixture.err));
    assert_int_equal(first.row.previous.len, 0);
    assert_int_equal(first.row.hash.len, 64);
    assert_true(aw_str_eq(second.row.previous, first.row.hash));
}

/* Five decisions on two findings. */
static void make_chain(void)
{
    int64_t one = fixture_simple("f");
    int64_t two = fixture_simple("g");

    ASSERT_OK(decide(one, "confirm", ""));
    ASSERT_OK(decide(two, "escalate", "数额大"));
    ASSERT_OK(decide(one, "dismiss", "存款"));
    ASSERT_OK(decide(one, "confirm", "不是存款"));
    ASSERT_OK(decide(two, "confirm", ""));
}

static void a_changed_row_is_named(void **state)
{
    static const char *const changes[] = {
        "UPDATE decision SET reason = '' WHERE id = 3",
        "UPDATE decision SET who = '李四' WHERE id = 3",
        "UPDATE decision SET at_ms = at_ms + 1 WHERE id = 3",
        "UPDATE decision SET action = 'confirm' WHERE id = 3",
        "UPDATE decision SET finding = 2 WHERE id = 3"};

    (void)state;
    make_chain();
    assert_chain(AW_OK, 5);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        fixture_tamper("CREATE TABLE kept AS SELECT * FROM decision");
        fixture_tamper(changes[i]);
        assert_chain(AW_INVALID, 2);
        ASSERT_SAYS("decision 3 was changed");
        fixture_tamper("DELETE FROM decision; INSERT INTO decision"
                       " SELECT * FROM kept; DROP TABLE kept");
    }
    assert_chain(AW_OK, 5);
}

static void a_row_taken_out_is_found_at_the_next(void **state)
{
    (void)state;
    make_chain();
    fixture_tamper("DELETE FROM decision WHERE id = 3");
    assert_chain(AW_INVALID, 2);
    ASSERT_SAYS("decision 4 does not follow");
}

static void a_row_put_in_is_found(void **state)
{
    (void)state;
    make_chain();
    fixture_tamper("INSERT INTO decision SELECT 6, finding, at_ms, who,"
                   " action, reason, previous, hash, class, code, batch,"
                   " 0 FROM decision WHERE id = 5");
    assert_chain(AW_INVALID, 5);
    ASSERT_SAYS("decision 6 does not follow");
}

static void a_state_that_no_decision_gave_is_found(void **state)
{
    (void)state;
    make_chain();
    fixture_tamper("UPDATE finding SET state = 'dismissed' WHERE id = 1");
    assert_chain(AW_INVALID, 5);
    ASSERT_SAYS("finding 1 is 'dismissed', but by its decisions it is "
                "'confirmed'");
}

static void a_decision_that_fails_leaves_nothing(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    fixture_tamper("CREATE TRIGGER no BEFORE UPDATE ON finding BEGIN"
                   " SELECT raise(ABORT, 'disk is full'); END");
    assert_int_equal(decide(id, "confirm", ""), AW_STORE);
    fixture_tamper("DROP TRIGGER no");
    assert_chain(AW_OK, 0);
    ASSERT_OK(decide(id, "confirm", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(each_action_moves_the_finding_to_its_state),
        UNIT(the_same_action_twice_is_refused),
        UNIT(a_new_finding_cannot_be_reopened),
        UNIT(a_dismissal_needs_a_reason),
        UNIT(an_unknown_finding_or_action_is_told),
        UNIT(texts_have_limits_in_characters),
        UNIT(control_characters_and_bad_bytes_are_refused),
        UNIT(who_must_be_named),
        UNIT(the_hash_is_what_another_program_reckons),
        UNIT(a_row_holds_the_hash_of_the_row_before),
        UNIT(a_changed_row_is_named),
        UNIT(a_row_taken_out_is_found_at_the_next),
        UNIT(a_row_put_in_is_found),
        UNIT(a_state_that_no_decision_gave_is_found),
        UNIT(a_decision_that_fails_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
