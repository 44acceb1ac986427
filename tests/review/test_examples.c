#include "tests/store/fixture.h"

#include "review/decide.h"
#include "review/examples.h"
#include "store/team.h"

static struct aw_buf out;
static struct aw_examples_count count;

static int set_up(void **state)
{
    aw_buf_init(&out, AW_EXAMPLES_MAX);
    return fixture_set_up(state);
}

static int tear_down(void **state)
{
    aw_buf_deinit(&out);
    return fixture_tear_down(state);
}

static int64_t found(const char *fingerprint, struct aw_claim_row *claims,
                     size_t n)
{
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        claims);

    finding.claim_count = n;
    return fixture_add(&finding);
}

static void decide(int64_t finding, const char *action, const char *who)
{
    struct aw_clock clock = aw_clock_manual(INT64_C(1795399980000));
    struct aw_decision_input input = {.finding = finding,
                                      .action = aw_str_of(action),
                                      .reason = AW_STR("样例"),
                                      .who = aw_str_of(who)};

    ASSERT_OK(aw_decide(fixture.store, &clock, &input, &fixture.arena, NULL,
                        &fixture.err));
}

static void put(void)
{
    aw_buf_reset(&out);
    ASSERT_OK(aw_examples_put(fixture.store, &out, &count, &fixture.err));
}

static void assert_in(const char *part)
{
    if (!out.ptr || !strstr(out.ptr, part))
        fail_msg("no %s in %s", part, out.ptr ? out.ptr : "");
}

static void what_nobody_decided_is_no_example(void **state)
{
    struct aw_claim_row claim = fixture_claim();

    (void)state;
    decide(found("a", &claim, 1), "escalate", "R-01");
    (void)found("b", &claim, 1);
    put();
    assert_int_equal(out.len, 0);
    assert_int_equal(count.confirmed + count.dismissed + count.empty, 0);
}

static void a_confirmed_finding_is_suspected_with_its_spans(void **state)
{
    struct aw_claim_row claim = fixture_claim();

    (void)state;
    decide(found("a", &claim, 1), "confirm", "R-01");
    put();
    assert_int_equal(count.confirmed, 1);
    assert_string_equal(
        out.ptr,
        "{\"id\":\"decision-1\",\"family\":\"www.jinhui-wealth.example\","
        "\"channel\":\"web\",\"kind\":\"advert\",\"label\":\"suspected\","
        "\"text\":\"本公司产品保本保息，随存随取\",\"spans\":[{\"class\":"
        "\"capital_protection\",\"quote\":\"保本保息\",\"nth\":1}],"
        "\"finding\":1,\"by\":\"R-01\",\"at\":\"2026-11-23T02:13:00Z\"}\n");
}

/* As team.c writes it down, of the claim 本公司产品[保本保息]，随存随取. */
static void correct(int64_t finding, const char *class, const char *quote,
                    int64_t start, int64_t end)
{
    struct aw_correction correction = {.finding = finding,
                                       .claim = 1,
                                       .who = AW_STR("R-01"),
                                       .class = aw_str_of(class),
                                       .quote = aw_str_of(quote),
                                       .start = start,
                                       .end = end};

    ASSERT_OK(
        aw_store_correction_add(fixture.store, &correction, &fixture.err));
}

static void what_was_corrected_is_learned(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t id = found("a", &claim, 1);

    (void)state;
    decide(id, "confirm", "R-01");
    correct(id, "capital_protection", "取", 13, 14);
    correct(id, "guaranteed_return", "产品保本", 3, 7);
    put();
    assert_in("\"text\":\"本公司产品保本保息，随存随取\",\"spans\":[{"
              "\"class\":\"guaranteed_return\",\"quote\":\"产品保本\","
              "\"nth\":1}]");
    correct(id, "no_risk", "本公司产品保本保息，随存随取", 0, 14);
    put();
    assert_in("\"text\":\"本公司产品保本保息，随存随取\",\"spans\":[{"
              "\"class\":\"no_risk\",\"quote\":"
              "\"本公司产品保本保息，随存随取\"");
}

static void a_dismissed_finding_is_lawful(void **state)
{
    struct aw_claim_row claim = fixture_claim();

    (void)state;
    decide(found("a", &claim, 1), "dismiss", "R-02");
    put();
    assert_int_equal(count.dismissed, 1);
    assert_in("\"label\":\"clear\"");
    assert_in("\"spans\":[]");
    assert_in("\"by\":\"R-02\"");
}

static void the_last_decision_counts(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    int64_t id = found("a", &claim, 1);

    (void)state;
    decide(id, "dismiss", "R-01");
    decide(id, "confirm", "R-02");
    put();
    assert_int_equal(count.confirmed, 1);
    assert_int_equal(count.dismissed, 0);
    assert_in("\"by\":\"R-02\"");
    decide(id, "reopen", "R-03");
    put();
    assert_int_equal(out.len, 0);
}

/* 本公司产品[保本保息]，随存随取，[保本]无忧: of one block, the words around
 * the two overlap. */
static void claims_that_share_words_share_the_text(void **state)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};

    (void)state;
    claims[0].after = AW_STR("，随存");
    claims[1].quote = AW_STR("保本");
    claims[1].before = AW_STR("保本保息，随存随取，");
    claims[1].after = AW_STR("无忧");
    claims[1].start = 15;
    claims[1].end = 17;
    decide(found("a", claims, 2), "confirm", "R-01");
    put();
    assert_in("\"text\":\"本公司产品保本保息，随存随取，保本无忧\"");
    assert_in("\"quote\":\"保本保息\",\"nth\":1");
    assert_in("\"quote\":\"保本\",\"nth\":2");
}

static void a_claim_within_the_words_of_another_is_found_there(void **state)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};

    (void)state;
    claims[1].quote = AW_STR("随取");
    claims[1].before = AW_STR("本公司产品保本保息，随存");
    claims[1].after = AW_STR("");
    claims[1].start = 12;
    claims[1].end = 14;
    decide(found("a", claims, 2), "confirm", "R-01");
    put();
    assert_in("\"text\":\"本公司产品保本保息，随存随取\"");
    assert_in("\"quote\":\"随取\",\"nth\":1");
}

static void claims_of_other_blocks_stand_on_lines_of_their_own(void **state)
{
    struct aw_claim_row claims[2] = {fixture_claim(), fixture_claim()};

    (void)state;
    claims[1].block = 4;
    decide(found("a", claims, 2), "confirm", "R-01");
    put();
    assert_in("\"text\":\"本公司产品保本保息，随存随取\\n"
              "本公司产品保本保息，随存随取\"");
    assert_in("\"quote\":\"保本保息\",\"nth\":2");
}

static void what_quotes_nothing_is_left_out(void **state)
{
    struct aw_claim_row claim = {.class = AW_STR("no_risk_warning"),
                                 .law = AW_STR("[]"),
                                 .why = AW_STR("[]")};

    (void)state;
    decide(found("a", &claim, 1), "confirm", "R-01");
    put();
    assert_int_equal(out.len, 0);
    assert_int_equal(count.empty, 1);
}

#define EXAMPLE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EXAMPLE(what_nobody_decided_is_no_example),
        EXAMPLE(a_confirmed_finding_is_suspected_with_its_spans),
        EXAMPLE(what_was_corrected_is_learned),
        EXAMPLE(a_dismissed_finding_is_lawful),
        EXAMPLE(the_last_decision_counts),
        EXAMPLE(claims_that_share_words_share_the_text),
        EXAMPLE(a_claim_within_the_words_of_another_is_found_there),
        EXAMPLE(claims_of_other_blocks_stand_on_lines_of_their_own),
        EXAMPLE(what_quotes_nothing_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
