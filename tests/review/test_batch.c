#include "tests/review/people.h"

#define MANY 25

static void make_findings(struct aw_member *items, size_t count)
{
    char name[32];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "f%zu", i);
        items[i] = (struct aw_member){fixture_simple(name), 0};
    }
}

static void one_many_and_their_audit_rows_go_together(void **state)
{
    struct aw_member items[3];
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct outcomes out;

    (void)state;
    make_findings(items, 3);
    order.items = items;
    order.count = 3;
    order.as_seen = true;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 3);
    assert_int_equal(out.last.decided.version, 1);
    assert_string_equal(out.state, "confirmed");
    assert_whole(3);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit a JOIN"
                                    " decision d ON a.subject = 'decision '"
                                    " || d.id AND a.who = d.who AND"
                                    " a.detail ->> 'hash' = d.hash"),
                     3);
    assert_int_equal(fixture_number("SELECT count(DISTINCT batch)"
                                    " FROM decision"),
                     1);
}

static void above_twenty_the_number_is_typed(void **state)
{
    struct aw_member items[MANY];
    struct aw_order order = order_of(&people[WANG], "dismiss");
    struct outcomes out;

    (void)state;
    make_findings(items, MANY);
    order.items = items;
    order.count = MANY;
    assert_int_equal(carry_out(&order, &out), AW_INVALID);
    ASSERT_SAYS("these are 25 findings");
    order.typed = MANY - 1;
    assert_int_equal(carry_out(&order, &out), AW_INVALID);
    assert_whole(0);
    order.typed = MANY;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, MANY);
    order.count = 0;
    assert_int_equal(carry_out(&order, &out), AW_INVALID);
    order.count = AW_ORDER_MOST + 1;
    assert_int_equal(carry_out(&order, &out), AW_LIMIT);
}

static void what_another_decided_meanwhile_is_a_clash(void **state)
{
    struct aw_member item = {fixture_simple("f"), 0};
    struct aw_order order = order_of(&people[CHEN], "dismiss");
    struct outcomes out;

    (void)state;
    assert_int_equal(decides(WANG, "confirm", item.finding).done, 1);
    order.items = &item;
    order.count = 1;
    order.as_seen = true;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.clashes, 1);
    assert_string_equal(out.other, "王芳");
    assert_string_equal(out.state, "confirmed");
    assert_int_equal(out.last.decided.version, 1);
    assert_state(item.finding, "confirmed");
    item.version = 1;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 1);
    assert_whole(2);
}

static void a_request_that_comes_again_decides_nothing_twice(void **state)
{
    struct aw_member items[3];
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct outcomes out;

    (void)state;
    make_findings(items, 3);
    order.items = items;
    order.count = 2; /* the server was killed before the third */
    order.as_seen = true;
    order.key = AW_STR("3f2c-1");
    ASSERT_OK(carry_out(&order, &out));
    order.count = 3;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 3);
    assert_int_equal(out.clashes, 0);
    assert_whole(3);
    assert_int_equal(fixture_number("SELECT count(*) FROM batch"), 1);
    order.action = AW_STR("dismiss");
    assert_int_equal(carry_out(&order, &out), AW_INVALID);
    ASSERT_SAYS("used for another order");
}

static void what_cannot_be_decided_does_not_stop_the_others(void **state)
{
    struct aw_member items[3];
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct outcomes out;

    (void)state;
    make_findings(items, 2);
    items[2] = items[1];
    items[1].finding = 99;
    order.items = items;
    order.count = 3;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 2);
    assert_int_equal(out.failed, 1);
    assert_whole(2);
}

static void the_last_ten_orders_are_taken_back_one_by_one(void **state)
{
    struct aw_member items[12];
    int64_t left = -1;

    (void)state;
    make_findings(items, 12);
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(decides(WANG, "confirm", items[i].finding).done, 1);
    for (int64_t i = 0; i < 10; i++) {
        struct outcomes out = undoes(WANG, &left);

        assert_int_equal(out.done, 1);
        assert_int_equal(out.last.finding, items[11 - i].finding);
        assert_string_equal(out.state, "new");
        assert_int_equal(left, 9 - i);
    }
    assert_whole(22);
    assert_state(items[1].finding, "confirmed");
    assert_state(items[2].finding, "new");
    assert_int_equal(aw_order_undo(fixture.store, &office_clock,
                                   &(struct aw_undo){.who = people[WANG].name,
                                                     .by = &people[WANG]},
                                   note_outcome, &(struct outcomes){0}, &left,
                                   &fixture.err),
                     AW_MISSING);
    ASSERT_SAYS("nothing that can be taken back");
}

static void undo_gives_back_the_state_that_was_before(void **state)
{
    int64_t id = fixture_simple("f");
    int64_t left;

    (void)state;
    (void)decides(WANG, "dismiss", id);
    (void)decides(WANG, "confirm", id);
    (void)decides(WANG, "reopen", id);
    assert_string_equal(undoes(WANG, &left).state, "confirmed");
    assert_string_equal(undoes(WANG, &left).state, "dismissed");
    (void)decides(WANG, "confirm", id);
    assert_string_equal(undoes(WANG, &left).state, "dismissed");
    assert_string_equal(undoes(WANG, &left).state, "new");
    assert_int_equal(left, 0);
    assert_whole(8);
}

static void what_came_after_is_not_undone(void **state)
{
    struct aw_member items[2];
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct outcomes out;
    int64_t left = -1;

    (void)state;
    make_findings(items, 2);
    order.items = items;
    order.count = 2;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(decides(CHEN, "dismiss", items[0].finding).done, 1);
    out = undoes(WANG, &left);
    assert_int_equal(out.done, 1);
    assert_int_equal(out.clashes, 1);
    assert_state(items[0].finding, "dismissed");
    assert_state(items[1].finding, "new");
    assert_int_equal(left, 0); /* what clashed is not tried again */
    assert_whole(4);
}

static void an_undo_that_comes_again_undoes_nothing_more(void **state)
{
    struct aw_undo undo = {.who = people[WANG].name,
                           .by = &people[WANG],
                           .key = AW_STR("u-1")};
    struct aw_member items[2];
    int64_t left = -1;

    (void)state;
    make_findings(items, 2);
    (void)decides(WANG, "confirm", items[0].finding);
    (void)decides(WANG, "confirm", items[1].finding);
    for (int i = 0; i < 2; i++) {
        struct outcomes out = {0};

        ASSERT_OK(aw_order_undo(fixture.store, &office_clock, &undo,
                                note_outcome, &out, &left, &fixture.err));
        assert_int_equal(out.done, 1);
        assert_int_equal(out.last.finding, items[1].finding);
    }
    assert_state(items[0].finding, "confirmed");
    assert_whole(3);
}

static void a_name_alone_does_not_decide_where_there_are_users(void **state)
{
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct aw_member item = {fixture_simple("f"), 0};
    struct aw_user user = people[WANG];
    struct outcomes out;

    (void)state;
    order.items = &item;
    order.count = 1;
    order.by = NULL;
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.failed, 1);
    assert_non_null(strstr(out.message, "has users"));
    order.by = &user;
    user.role = AW_ROLE_AUDITOR;
    ASSERT_OK(carry_out(&order, &out));
    assert_non_null(strstr(out.message, "may not decide"));
    user.role = AW_ROLE_REVIEWER;
    user.active = false;
    ASSERT_OK(carry_out(&order, &out));
    assert_non_null(strstr(out.message, "may not decide"));
    assert_whole(0);
}

static void a_finding_of_another_place_is_not_there(void **state)
{
    struct aw_order order = order_of(&people[WANG], "confirm");
    struct aw_user user = people[WANG];
    struct aw_member item = {fixture_simple("f"), 0};
    struct outcomes out;

    (void)state;
    user.place = AW_STR("370811");
    order.by = &user;
    order.items = &item;
    order.count = 1;
    ASSERT_OK(carry_out(&order, &out)); /* its place is not known */
    assert_int_equal(out.last.rc, AW_MISSING);
    fixture_sorted(1, "370883", 0);
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.last.rc, AW_MISSING);
    fixture_tamper("UPDATE sorted SET place = '370811002'");
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 1);
}

static void class_and_code_are_in_the_hash(void **state)
{
    struct aw_order order = order_of(&people[WANG], "dismiss");
    struct aw_member item = {fixture_simple("f"), 0};
    struct outcomes out;
    int64_t count;

    (void)state;
    order.items = &item;
    order.count = 1;
    order.reason = AW_STR("");
    order.code = AW_STR("other");
    ASSERT_OK(carry_out(&order, &out));
    assert_non_null(strstr(out.message, "needs a reason"));
    order.code = AW_STR("nonsense");
    ASSERT_OK(carry_out(&order, &out));
    assert_non_null(strstr(out.message, "'nonsense' is not known"));
    order.code = AW_STR("warning");
    order.class = AW_STR("no_riks");
    ASSERT_OK(carry_out(&order, &out));
    assert_non_null(strstr(out.message, "'no_riks' is not known"));
    order.class = AW_STR("no_risk");
    ASSERT_OK(carry_out(&order, &out));
    assert_int_equal(out.done, 1);
    assert_whole(1);
    fixture_tamper("UPDATE decision SET class = 'endorsement'");
    assert_int_equal(aw_decisions_verify(fixture.store, &count, &fixture.err),
                     AW_INVALID);
    fixture_tamper("UPDATE decision SET class = 'no_risk', code = ''");
    assert_int_equal(aw_decisions_verify(fixture.store, &count, &fixture.err),
                     AW_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE(one_many_and_their_audit_rows_go_together),
        OFFICE(above_twenty_the_number_is_typed),
        OFFICE(what_another_decided_meanwhile_is_a_clash),
        OFFICE(a_request_that_comes_again_decides_nothing_twice),
        OFFICE(what_cannot_be_decided_does_not_stop_the_others),
        OFFICE(the_last_ten_orders_are_taken_back_one_by_one),
        OFFICE(undo_gives_back_the_state_that_was_before),
        OFFICE(what_came_after_is_not_undone),
        OFFICE(an_undo_that_comes_again_undoes_nothing_more),
        OFFICE(a_name_alone_does_not_decide_where_there_are_users),
        OFFICE(a_finding_of_another_place_is_not_there),
        OFFICE(class_and_code_are_in_the_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
