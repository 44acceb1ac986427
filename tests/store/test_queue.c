#include "tests/store/fixture.h"

struct seen {
    int64_t ids[16];
    size_t count;
};

static aw_rc see(void *self, const struct aw_finding *finding,
                 struct aw_err *err)
{
    struct seen *seen = self;

    (void)err;
    assert_int_equal(finding->claim_count, 1);
    seen->ids[seen->count++] = finding->id;
    return AW_OK;
}

static struct seen queue(struct aw_findings_order order, const char *state,
                         int64_t limit)
{
    struct seen seen = {.count = 0};

    ASSERT_OK(aw_store_findings_by(fixture.store, &order, state, limit, see,
                                   &seen, &fixture.err));
    return seen;
}

static int64_t add(const char *fingerprint, double score)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding(fingerprint, fixture_capture((struct aw_capture){0}),
                        &claim);

    finding.score = score;
    finding.urgency = score;
    return fixture_add(&finding);
}

static void add_ten(void)
{
    char name[] = "a";

    for (int i = 0; i < 10; i++, name[0]++)
        (void)add(name, i / 10.0);
}

static bool is_same(const struct seen *a, const struct seen *b)
{
    return a->count == b->count &&
           memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0;
}

static void by_urgency_is_as_ever(void **state)
{
    int64_t low = add("a", 0.2), high = add("b", 0.9);
    struct seen seen = queue((struct aw_findings_order){0}, NULL, 0);

    (void)state;
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.ids[0], high);
    assert_int_equal(seen.ids[1], low);
}

static void the_most_uncertain_come_first_from_both_sides(void **state)
{
    int64_t sure = add("a", 0.99), below = add("b", 0.33);
    int64_t near = add("c", 0.36), above = add("d", 0.5);
    struct seen seen =
        queue((struct aw_findings_order){AW_BY_UNCERTAINTY, 0.35, 0}, "new",
              0);

    (void)state;
    assert_int_equal(seen.count, 4);
    assert_int_equal(seen.ids[0], near);
    assert_int_equal(seen.ids[1], below);
    assert_int_equal(seen.ids[2], above);
    assert_int_equal(seen.ids[3], sure);
}

static void one_seed_is_one_order(void **state)
{
    struct aw_findings_order one = {AW_BY_CHANCE, 0, 1};
    struct aw_findings_order two = {AW_BY_CHANCE, 0, 2};
    struct seen a, b, c;
    int64_t sum = 0;

    (void)state;
    add_ten();
    a = queue(one, "new", 0);
    b = queue(one, "new", 0);
    c = queue(two, "new", 0);
    assert_int_equal(a.count, 10);
    assert_true(is_same(&a, &b));
    assert_false(is_same(&a, &c));
    for (size_t i = 0; i < a.count; i++)
        sum += a.ids[i];
    assert_int_equal(sum, 55); /* each one once */
}

static void a_new_finding_moves_no_other(void **state)
{
    struct aw_findings_order order = {AW_BY_CHANCE, 0, 1};
    struct seen before, after;
    size_t at = 0;
    int64_t id;

    (void)state;
    add_ten();
    before = queue(order, "new", 0);
    id = add("z", 0.5);
    after = queue(order, "new", 0);
    for (size_t i = 0; i < after.count; i++)
        if (after.ids[i] != id)
            assert_int_equal(after.ids[i], before.ids[at++]);
    assert_int_equal(at, 10);
}

static void limit_and_state_hold_in_each_order(void **state)
{
    static const enum aw_findings_by orders[] = {AW_BY_URGENCY,
                                                 AW_BY_UNCERTAINTY,
                                                 AW_BY_CHANCE};

    (void)state;
    add_ten();
    fixture_tamper("UPDATE finding SET state = 'dismissed' WHERE id < 4");
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct aw_findings_order order = {orders[i], 0.5, 3};

        assert_int_equal(queue(order, "new", 0).count, 7);
        assert_int_equal(queue(order, "dismissed", 2).count, 2);
        assert_int_equal(queue(order, NULL, 0).count, 10);
        assert_int_equal(queue(order, "confirmed", 0).count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(by_urgency_is_as_ever),
        UNIT(the_most_uncertain_come_first_from_both_sides),
        UNIT(one_seed_is_one_order),
        UNIT(a_new_finding_moves_no_other),
        UNIT(limit_and_state_hold_in_each_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
