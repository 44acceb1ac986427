#include "tests/review/people.h"

#include "review/agreement.h"
#include "review/second.h"

static void severity(int64_t least)
{
    set_policy((struct aw_policy){.second_severity = least});
}

static struct aw_look look_at(int64_t finding)
{
    struct aw_look look = {0};

    ASSERT_OK(aw_store_look_newest(fixture.store, &fixture.arena, finding,
                                   &look, &fixture.err));
    return look;
}

static int64_t looks(void)
{
    return fixture_number("SELECT count(*) FROM second_look");
}

static void an_office_begins_with_second_officers(void **state)
{
    struct aw_policy policy;

    (void)state;
    fixture_tamper("DELETE FROM setting WHERE key LIKE 'second%'");
    ASSERT_OK(aw_policy_load(fixture.store, &policy, &fixture.err));
    assert_int_equal(policy.second_severity, 3);
    assert_int_equal(policy.second_new_publisher, 1);
    assert_int_equal(policy.second_random_percent, 5);
}

static void where_policy_asks_for_none_one_officer_is_enough(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    assert_string_equal(decides(WANG, "confirm", id).state, "confirmed");
    assert_int_equal(looks(), 0);
}

/* A finding of the fixture has severity 3. */
static void a_severe_one_is_proposed_and_another_confirms(void **state)
{
    int64_t id = fixture_simple("f");
    struct outcomes out;

    (void)state;
    severity(3);
    out = decides(WANG, "confirm", id);
    assert_string_equal(out.state, "second");
    assert_string_equal(look_at(id).why.ptr, "severity");
    assert_false(look_at(id).blind);
    assert_string_equal(decides(LI, "confirm", id).state, "confirmed");
    assert_string_equal(look_at(id).state.ptr, "agreed");
    assert_string_equal(look_at(id).second_who.ptr, "李强");
    assert_whole(2);
    severity(4);
    id = fixture_simple("g");
    assert_string_equal(decides(WANG, "confirm", id).state, "confirmed");
}

static void nobody_is_the_second_officer_of_oneself(void **state)
{
    int64_t id = fixture_simple("f");
    static const char *const actions[] = {"confirm", "dismiss", "escalate",
                                          "reopen"};

    (void)state;
    severity(3);
    assert_string_equal(decides(ZHAO, "confirm", id).state, "second");
    for (size_t i = 0; i < 4; i++) {
        struct outcomes out = decides(ZHAO, actions[i], id);

        assert_int_equal(out.failed, 1);
        assert_non_null(strstr(out.message, "you confirmed it first"));
    }
    assert_string_equal(decides(SUN, "confirm", id).state, "confirmed");
}

static void a_reviewer_is_no_second_officer(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    severity(3);
    (void)decides(WANG, "confirm", id);
    assert_non_null(strstr(decides(CHEN, "confirm", id).message,
                           "waits for a second officer"));
    assert_non_null(strstr(decides(LI, "reopen", id).message,
                           "confirm, dismiss or escalate"));
    assert_state(id, "second");
}

static void who_disagrees_escalates_and_both_opinions_stay(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_look look;

    (void)state;
    severity(3);
    (void)decides(WANG, "confirm", id);
    assert_string_equal(decides(LI, "dismiss", id).state, "escalated");
    look = look_at(id);
    assert_string_equal(look.state.ptr, "opposed");
    assert_string_equal(look.first_who.ptr, "王芳");
    assert_string_equal(look.first_action.ptr, "confirm");
    assert_string_equal(look.second_who.ptr, "李强");
    assert_string_equal(look.second_action.ptr, "dismiss");
    assert_whole(2);
}

static void a_supervisor_who_took_no_part_settles(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    severity(3);
    (void)decides(WANG, "confirm", id);
    (void)decides(ZHAO, "dismiss", id);
    assert_non_null(
        strstr(decides(LI, "confirm", id).message, "a supervisor settles"));
    assert_non_null(strstr(decides(ZHAO, "dismiss", id).message,
                           "one of the two who disagreed"));
    assert_string_equal(decides(SUN, "confirm", id).state, "confirmed");
    assert_int_equal(looks(), 1); /* the last word asks nobody */
}

static void who_escalates_is_the_first_officer_still(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    severity(3);
    (void)decides(SUN, "escalate", id);
    assert_string_equal(decides(SUN, "confirm", id).state, "second");
    assert_string_equal(decides(ZHAO, "confirm", id).state, "confirmed");
    assert_whole(3);
}

static void the_first_of_a_publisher_needs_a_second(void **state)
{
    int64_t one = fixture_simple("f");
    int64_t two = fixture_simple("g");
    int64_t lost = fixture_simple("h"); /* whose nobody knows */

    (void)state;
    set_policy((struct aw_policy){.second_new_publisher = 1});
    fixture_sorted(one, "", 7);
    fixture_sorted(two, "", 7);
    assert_string_equal(decides(WANG, "confirm", one).state, "second");
    assert_string_equal(look_at(one).why.ptr, "new_publisher");
    assert_string_equal(decides(LI, "confirm", one).state, "confirmed");
    assert_string_equal(decides(WANG, "confirm", two).state, "confirmed");
    assert_string_equal(decides(WANG, "confirm", lost).state, "second");
}

static void a_blind_look_changes_nothing_where_both_agree(void **state)
{
    int64_t id = fixture_simple("f");
    bool hides = false;

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    assert_string_equal(decides(WANG, "dismiss", id).state, "dismissed");
    assert_true(look_at(id).blind);
    assert_string_equal(look_at(id).why.ptr, "random");
    ASSERT_OK(
        aw_second_hides(fixture.store, &people[LI], id, &hides, &fixture.err));
    assert_true(hides);
    ASSERT_OK(aw_second_hides(fixture.store, &people[WANG], id, &hides,
                              &fixture.err));
    assert_false(hides);
    assert_string_equal(decides(LI, "dismiss", id).state, "dismissed");
    assert_string_equal(look_at(id).state.ptr, "agreed");
    ASSERT_OK(
        aw_second_hides(fixture.store, &people[LI], id, &hides, &fixture.err));
    assert_false(hides);
    assert_int_equal(looks(), 1);
    assert_whole(2);
}

static void a_blind_look_that_disagrees_escalates(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)decides(WANG, "dismiss", id);
    assert_string_equal(decides(LI, "confirm", id).state, "escalated");
    assert_string_equal(look_at(id).state.ptr, "opposed");
    assert_string_equal(look_at(id).second_action.ptr, "confirm");
    assert_string_equal(decides(SUN, "confirm", id).state, "confirmed");
    assert_whole(3);
}

static void who_decides_anew_withdraws_a_blind_look(void **state)
{
    int64_t id = fixture_simple("f");
    int64_t left;

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    (void)decides(WANG, "dismiss", id);
    (void)decides(CHEN, "reopen", id);
    assert_string_equal(look_at(id).state.ptr, "withdrawn");
    (void)undoes(CHEN, &left);
    assert_string_equal(look_at(id).state.ptr, "open");
    (void)undoes(WANG, &left);
    assert_string_equal(look_at(id).state.ptr, "withdrawn");
    assert_state(id, "new");
    assert_whole(4);
}

static void an_answer_that_is_undone_opens_the_look_again(void **state)
{
    int64_t id = fixture_simple("f");
    int64_t left;

    (void)state;
    severity(1);
    (void)decides(WANG, "confirm", id);
    (void)decides(LI, "dismiss", id);
    assert_string_equal(undoes(LI, &left).state, "second");
    assert_string_equal(look_at(id).state.ptr, "open");
    assert_int_equal(look_at(id).second_who.len, 0);
    assert_string_equal(decides(LI, "confirm", id).state, "confirmed");
    assert_int_equal(undoes(WANG, &left).clashes, 1); /* it was answered */
    assert_whole(4);
}

/* Of a thousand hashes of nothing, and the bounds. */
static void a_hash_draws_its_share(void **state)
{
    struct aw_policy policy = {.second_random_percent = 5};
    int drawn = 0;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        char text[16], hash[AW_SHA256_HEX_MAX];

        (void)snprintf(text, sizeof text, "%d", i);
        aw_sha256_hex(aw_str_of(text), hash);
        drawn += aw_second_is_drawn(&policy, aw_str_of(hash));
    }
    assert_in_range(drawn, 430, 570);
    policy.second_random_percent = 0;
    assert_false(aw_second_is_drawn(&policy, AW_STR("00000000")));
    policy.second_random_percent = 100;
    assert_true(aw_second_is_drawn(&policy, AW_STR("ffffffff")));
}

/* ---- agreement ---------------------------------------------------------- */

#define NEAR(a, b) assert_true((a) - (b) < 1e-12 && (b) - (a) < 1e-12)

/* By hand: 20 + 15 of 50 agree, by chance 25*30 + 25*20 of 2500: kappa = 0.4.
 * (The example of Wikipedia's article on Cohen's kappa.) alpha: 55 and 45 of
 * 100 values, 30 of which differ: 1 - 99 * 30 / (2 * 55 * 45). */
static void kappa_and_alpha_are_those_of_the_books(void **state)
{
    struct aw_opinions two = {{{20, 5, 0}, {10, 15, 0}, {0, 0, 0}}};
    /* By Python, from the definitions over the 60 pairs one by one. */
    struct aw_opinions three = {{{22, 3, 1}, {4, 17, 2}, {0, 5, 6}}};
    struct aw_opinions one_word = {{{9, 0, 0}, {0, 0, 0}, {0, 0, 0}}};
    struct aw_opinions none = {{{0}}};
    struct aw_opinions against = {{{0, 1, 0}, {1, 0, 0}, {0, 0, 0}}};
    double value = 0;

    (void)state;
    assert_true(aw_kappa(&two, &value));
    NEAR(value, 0.4);
    assert_true(aw_alpha(&two, &value));
    NEAR(value, 0.4);
    assert_true(aw_kappa(&three, &value));
    NEAR(value, 0.6);
    assert_true(aw_alpha(&three, &value));
    NEAR(value, 2711.0 / 4496);
    assert_false(aw_kappa(&one_word, &value));
    assert_false(aw_alpha(&one_word, &value));
    assert_false(aw_kappa(&none, &value));
    assert_false(aw_alpha(&none, &value));
    assert_true(aw_kappa(&against, &value));
    NEAR(value, -1.0);
    assert_true(aw_alpha(&against, &value));
    NEAR(value, -0.5);
}

static void pairs_are_told_by_class_and_by_reviewers(void **state)
{
    struct aw_agreement agreement;
    char name[32];
    int64_t id;

    (void)state;
    set_policy((struct aw_policy){.second_random_percent = 100});
    for (int i = 0; i < 6; i++) {
        (void)snprintf(name, sizeof name, "f%d", i);
        id = fixture_simple(name);
        (void)decides(i % 2 ? WANG : ZHAO, i < 3 ? "confirm" : "dismiss", id);
        (void)decides(i % 2 ? LI : SUN, i < 4 ? "confirm" : "dismiss", id);
    }
    severity(1); /* seen, and not blind: no opinion of its own */
    id = fixture_simple("g");
    (void)decides(WANG, "confirm", id);
    (void)decides(LI, "confirm", id);
    ASSERT_OK(aw_agreement_load(&agreement, fixture.store, &fixture.arena, 0,
                                INT64_MAX, AW_STR(""), &fixture.err));
    assert_int_equal(agreement.all.pairs, 7);
    assert_int_equal(agreement.all.agreed, 6);
    assert_int_equal(agreement.all.blind.n[0][0], 3);
    assert_int_equal(agreement.all.blind.n[1][0], 1);
    assert_int_equal(agreement.all.blind.n[1][1], 2);
    assert_int_equal(agreement.class_count, 1);
    assert_string_equal(agreement.classes[0].name.ptr, "capital_protection");
    assert_int_equal(agreement.reviewer_count, 2);
    ASSERT_OK(aw_agreement_load(&agreement, fixture.store, &fixture.arena, 0,
                                NOW, AW_STR(""), &fixture.err));
    assert_int_equal(agreement.all.pairs, 0);
    fixture_sorted(1, "370811", 0);
    fixture_sorted(2, "370812", 0);
    ASSERT_OK(aw_agreement_load(&agreement, fixture.store, &fixture.arena, 0,
                                INT64_MAX, AW_STR("370811"), &fixture.err));
    assert_int_equal(agreement.all.pairs, 1); /* of the place alone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE(an_office_begins_with_second_officers),
        OFFICE(where_policy_asks_for_none_one_officer_is_enough),
        OFFICE(a_severe_one_is_proposed_and_another_confirms),
        OFFICE(nobody_is_the_second_officer_of_oneself),
        OFFICE(a_reviewer_is_no_second_officer),
        OFFICE(who_disagrees_escalates_and_both_opinions_stay),
        OFFICE(a_supervisor_who_took_no_part_settles),
        OFFICE(who_escalates_is_the_first_officer_still),
        OFFICE(the_first_of_a_publisher_needs_a_second),
        OFFICE(a_blind_look_changes_nothing_where_both_agree),
        OFFICE(a_blind_look_that_disagrees_escalates),
        OFFICE(who_decides_anew_withdraws_a_blind_look),
        OFFICE(an_answer_that_is_undone_opens_the_look_again),
        OFFICE(a_hash_draws_its_share),
        OFFICE(kappa_and_alpha_are_those_of_the_books),
        OFFICE(pairs_are_told_by_class_and_by_reviewers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
