#include "tests/review/people.h"

#include "review/team.h"

/* ---- leases ------------------------------------------------------------- */

static aw_rc take(enum person person, int64_t finding, struct aw_lease *out)
{
    return aw_lease_take(fixture.store, &office_clock, &fixture.arena,
                         &people[person], finding, out, &fixture.err);
}

static void a_lease_keeps_others_off_until_it_ends(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_lease lease;
    struct outcomes out;

    (void)state;
    ASSERT_OK(take(WANG, id, &lease));
    assert_int_equal(lease.until_ms, NOW + AW_LEASE_MS);
    assert_int_equal(take(CHEN, id, &lease), AW_BUSY);
    assert_string_equal(lease.name.ptr, "王芳");
    office_clock.manual_ms += AW_LEASE_MS / 2;
    ASSERT_OK(take(WANG, id, &lease)); /* a heartbeat renews it */
    office_clock.manual_ms += AW_LEASE_MS - 2000;
    out = decides(CHEN, "confirm", id);
    assert_int_equal(out.clashes, 1);
    assert_non_null(strstr(out.message, "in the hands of '王芳'"));
    assert_int_equal(out.last.decided.row.id, 0);
    assert_int_equal(decides(CHEN, "confirm", id).done, 1); /* it is over */
    assert_whole(1);
}

static void who_decides_gives_the_lease_up(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_lease lease;

    (void)state;
    ASSERT_OK(take(WANG, id, &lease));
    assert_int_equal(decides(WANG, "confirm", id).done, 1);
    ASSERT_OK(take(CHEN, id, &lease));
    ASSERT_OK(aw_lease_drop(fixture.store, &people[WANG], id, &fixture.err));
    assert_int_equal(take(WANG, id, &lease), AW_BUSY); /* not hers to drop */
    ASSERT_OK(aw_lease_drop(fixture.store, &people[CHEN], id, &fixture.err));
    ASSERT_OK(take(WANG, id, &lease));
}

static void a_supervisor_goes_before_a_lease(void **state)
{
    int64_t id = fixture_simple("f");
    struct aw_lease lease;

    (void)state;
    ASSERT_OK(take(WANG, id, &lease));
    assert_int_equal(decides(ZHAO, "confirm", id).done, 1);
    ASSERT_OK(take(WANG, id, &lease));
    ASSERT_OK(take(ZHAO, id, &lease));
    assert_int_equal(take(WANG, id, &lease), AW_BUSY);
    assert_string_equal(lease.name.ptr, "赵敏");
}

/* ---- comments, assignment ----------------------------------------------- */

static void comments_are_kept_and_audited(void **state)
{
    int64_t id = fixture_simple("f");
    int64_t comment = 0;

    (void)state;
    ASSERT_OK(aw_comment_add(fixture.store, &office_clock, &people[WANG], id,
                             AW_STR("请看第二段\n电话相同"), &comment,
                             &fixture.err));
    assert_int_equal(fixture_number("SELECT count(*) FROM comment c JOIN audit"
                                    " a ON a.action = 'comment' AND a.subject"
                                    " = 'finding 1' AND a.detail ->> 'text' ="
                                    " c.text WHERE c.who = '王芳'"),
                     1);
    assert_int_equal(aw_comment_add(fixture.store, &office_clock,
                                    &people[WANG], id, AW_STR(" \n"), &comment,
                                    &fixture.err),
                     AW_INVALID);
    assert_int_equal(aw_comment_add(fixture.store, &office_clock,
                                    &people[WANG], id, AW_STR("\xE2\x80\xAE"),
                                    &comment, &fixture.err),
                     AW_INVALID);
    assert_int_equal(aw_comment_add(fixture.store, &office_clock,
                                    &people[WANG], 99, AW_STR("x"), &comment,
                                    &fixture.err),
                     AW_MISSING);
    assert_int_equal(fixture_number("SELECT count(*) FROM comment"), 1);
}

static aw_rc assign(int64_t finding, int64_t user)
{
    return aw_assign(fixture.store, &office_clock, &people[ZHAO], finding,
                     user, &fixture.err);
}

static void a_finding_is_given_to_who_may_decide_it(void **state)
{
    int64_t id = fixture_simple("f");

    (void)state;
    fixture_tamper("INSERT INTO user (id, name, role, place, certificate,"
                   " password, active, created_ms) VALUES"
                   " (6, '周审', 'auditor', '', '', '', 1, 0),"
                   " (7, '吴离', 'reviewer', '', '', '', 0, 0),"
                   " (8, '郑邹', 'reviewer', '370883', '', '', 1, 0)");
    ASSERT_OK(assign(id, 1));
    assert_int_equal(fixture_number("SELECT assigned FROM finding"), 1);
    assert_int_equal(assign(id, 6), AW_INVALID);
    assert_int_equal(assign(id, 7), AW_INVALID);
    assert_int_equal(assign(id, 8), AW_INVALID);
    ASSERT_SAYS("does not see findings of this place");
    assert_int_equal(assign(id, 99), AW_INVALID);
    assert_int_equal(assign(99, 1), AW_MISSING);
    ASSERT_OK(assign(id, 0));
    assert_int_equal(fixture_number("SELECT assigned FROM finding"), 0);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE action ="
                                    " 'assignment'"),
                     2);
}

/* ---- corrections -------------------------------------------------------- */

static aw_rc correct(struct aw_correction_input input,
                     struct aw_correction *out, int64_t *version)
{
    return aw_correct(fixture.store, &office_clock, &fixture.arena,
                      &people[WANG], &input, out, version, &fixture.err);
}

/* The claim of the fixture: 本公司产品[保本保息]，随存随取, from 5 to 9. */
static void a_span_moves_within_the_words_that_are_kept(void **state)
{
    static const struct {
        int64_t start, end;
        const char *quote;
    } spans[] = {{5, 7, "保本"},
                 {0, 9, "本公司产品保本保息"},
                 {7, 12, "保息，随存"},
                 {0, 14, "本公司产品保本保息，随存随取"},
                 {13, 14, "取"}};
    struct aw_correction made = {0};
    int64_t id = fixture_simple("f");
    int64_t version = 0;

    (void)state;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        ASSERT_OK(correct((struct aw_correction_input){.finding = id,
                                                       .claim = 1,
                                                       .has_span = true,
                                                       .start = spans[i].start,
                                                       .end = spans[i].end},
                          &made, &version));
        assert_string_equal(made.quote.ptr, spans[i].quote);
        assert_string_equal(made.class.ptr, "capital_protection");
        assert_int_equal(version, (int64_t)i + 1);
    }
    assert_int_equal(fixture_number("SELECT count(*) FROM correction c JOIN"
                                    " audit a ON a.action = 'correction' AND"
                                    " a.detail ->> 'quote' = c.quote AND"
                                    " a.detail ->> 'correction' = c.id"),
                     5);
}

static void a_span_beyond_them_is_refused(void **state)
{
    static const int64_t spans[][2] = {{-1, 5},  {5, 15},
                                       {5, 5},   {9, 5},
                                       {14, 20}, {INT64_MIN, INT64_MAX}};
    struct aw_correction made;
    int64_t id = fixture_simple("f");
    int64_t version;

    (void)state;
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        assert_int_equal(
            correct((struct aw_correction_input){.finding = id,
                                                 .claim = 1,
                                                 .has_span = true,
                                                 .start = spans[i][0],
                                                 .end = spans[i][1]},
                    &made, &version),
            AW_INVALID);
    ASSERT_SAYS("must lie within 0 to 14");
    assert_int_equal(correct((struct aw_correction_input){.finding = id,
                                                          .claim = 1},
                             &made, &version),
                     AW_INVALID);
    assert_int_equal(correct((struct aw_correction_input){.finding = id,
                                                          .claim = 2,
                                                          .class = AW_STR(
                                                              "no_risk")},
                             &made, &version),
                     AW_MISSING);
    assert_int_equal(fixture_number("SELECT count(*) FROM correction"), 0);
    assert_int_equal(fixture_number("SELECT version FROM finding"), 0);
}

static void a_correction_is_of_what_was_seen(void **state)
{
    struct aw_correction made = {0};
    int64_t id = fixture_simple("f");
    int64_t version;
    struct aw_correction_input input = {.finding = id,
                                        .claim = 1,
                                        .class = AW_STR("no_risk"),
                                        .has_version = true};

    (void)state;
    ASSERT_OK(correct(input, &made, &version));
    assert_string_equal(made.quote.ptr, "保本保息");
    assert_int_equal(correct(input, &made, &version), AW_BUSY);
    input.version = 1;
    input.class = AW_STR("保本");
    assert_int_equal(correct(input, &made, &version), AW_INVALID);
}

/* Where nothing is quoted, a class alone can be wrong. */
static void an_absent_warning_has_no_span(void **state)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding =
        fixture_finding("f", fixture_capture((struct aw_capture){0}), &claim);
    struct aw_correction made = {0};
    int64_t id, version;

    (void)state;
    claim.quote = claim.before = claim.after = AW_STR("");
    claim.start = claim.end = 0;
    id = fixture_add(&finding);
    assert_int_equal(correct((struct aw_correction_input){.finding = id,
                                                          .claim = 1,
                                                          .has_span = true,
                                                          .end = 1},
                             &made, &version),
                     AW_INVALID);
    ASSERT_SAYS("quotes nothing");
    ASSERT_OK(correct((struct aw_correction_input){.finding = id,
                                                   .claim = 1,
                                                   .class = AW_STR("no_risk")},
                      &made, &version));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE(a_lease_keeps_others_off_until_it_ends),
        OFFICE(who_decides_gives_the_lease_up),
        OFFICE(a_supervisor_goes_before_a_lease),
        OFFICE(comments_are_kept_and_audited),
        OFFICE(a_finding_is_given_to_who_may_decide_it),
        OFFICE(a_span_moves_within_the_words_that_are_kept),
        OFFICE(a_span_beyond_them_is_refused),
        OFFICE(a_correction_is_of_what_was_seen),
        OFFICE(an_absent_warning_has_no_span),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
