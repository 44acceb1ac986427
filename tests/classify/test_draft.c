#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "classify/draft.h"

static struct aw_draft draft(enum aw_claim_class class, size_t start,
                             size_t end, double score)
{
    return (struct aw_draft){.class = class,
                             .origin = {start, end},
                             .score = score,
                             .severity = 1};
}

static void what_overlaps_becomes_one_with_both_spans(void **state)
{
    struct aw_draft drafts[] = {
        draft(AW_CLAIM_NO_RISK, 4, 9, 0.6),
        draft(AW_CLAIM_NO_RISK, 1, 6, 0.8),
        draft(AW_CLAIM_CAPITAL_PROTECTION, 4, 9, 0.5),
        draft(AW_CLAIM_NO_RISK, 9, 12, 0.7),
    };

    (void)state;
    assert_int_equal(aw_drafts_settle(drafts, 4), 3);
    assert_int_equal(drafts[0].class, AW_CLAIM_NO_RISK);
    assert_int_equal(drafts[0].origin.start, 1);
    assert_int_equal(drafts[0].origin.end, 9);
    assert_true(drafts[0].score > 0.79);
    assert_int_equal(drafts[1].class, AW_CLAIM_CAPITAL_PROTECTION);
    assert_int_equal(drafts[2].origin.start, 9);
}

static void what_counts_wins_over_what_is_exempt(void **state)
{
    struct aw_draft drafts[] = {draft(AW_CLAIM_NO_RISK, 0, 4, 0.9),
                                draft(AW_CLAIM_NO_RISK, 2, 5, 0.2)};

    (void)state;
    drafts[0].exempt_by = "bonds";
    assert_int_equal(aw_drafts_settle(drafts, 2), 1);
    assert_null(drafts[0].exempt_by);
    assert_int_equal(drafts[0].origin.start, 2);
    assert_int_equal(drafts[0].origin.end, 5);
}

static void the_strongest_are_kept_in_order_of_place(void **state)
{
    static struct aw_draft drafts[AW_CLAIMS_MAX + 2];

    (void)state;
    for (size_t i = 0; i < AW_CLAIMS_MAX + 2; i++)
        drafts[i] = draft(AW_CLAIM_NO_RISK, 10 * i, 10 * i + 2,
                          i == 3 || i == 7 ? 0.1 : 0.5);
    assert_int_equal(aw_drafts_settle(drafts, AW_CLAIMS_MAX + 2),
                     AW_CLAIMS_MAX);
    assert_int_equal(drafts[2].origin.start, 20);
    assert_int_equal(drafts[3].origin.start, 40);
    assert_int_equal(drafts[6].origin.start, 80);
    assert_int_equal(aw_drafts_settle(drafts, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_overlaps_becomes_one_with_both_spans),
        cmocka_unit_test(what_counts_wins_over_what_is_exempt),
        cmocka_unit_test(the_strongest_are_kept_in_order_of_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
