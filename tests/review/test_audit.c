#include "tests/review/people.h"

static aw_rc add(const char *who, const char *action, const char *subject,
                 const char *detail)
{
    struct aw_clock clock = aw_clock_manual(INT64_C(1795399980000));

    return aw_audit_add(fixture.store, &clock, aw_str_of(who), action,
                        aw_str_of(subject), aw_str_of(detail), &fixture.err);
}

static struct aw_audit_head head(void)
{
    struct aw_audit_head head = {0};

    ASSERT_OK(aw_audit_head(fixture.store, &head, &fixture.err));
    return head;
}

static void the_first_row_begins_the_chain(void **state)
{
    (void)state;
    assert_int_equal(head().id, 0);
    assert_string_equal(head().hash, "");
    ASSERT_OK(add("王芳", "login", "user 1", ""));
    assert_int_equal(head().id, 2);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE id = 1"
                                    " AND action = 'begin' AND previous = ''"
                                    " AND detail ="
                                    " '{\"decision\":0,\"hash\":\"\"}'"),
                     1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE id = 2"
                                    " AND detail = '{}' AND previous ="
                                    " (SELECT hash FROM audit WHERE id = 1)"),
                     1);
}

/* The hash of what RFC 8785 makes of the row, by sha256sum. */
static void a_hash_is_that_of_the_canonical_text(void **state)
{
    struct aw_audit_row row = {.id = 2,
                               .at_ms = 7,
                               .who = AW_STR("王芳"),
                               .action = AW_STR("login"),
                               .subject = AW_STR("user 1"),
                               .detail = AW_STR("{\"a\":1}"),
                               .previous = AW_STR("00")};
    char hash[AW_SHA256_HEX_MAX], want[AW_SHA256_HEX_MAX];

    (void)state;
    ASSERT_OK(aw_audit_hash(&row, hash, &fixture.err));
    aw_sha256_hex(AW_STR("{\"action\":\"login\",\"at_ms\":7,\"detail\":"
                         "\"{\\\"a\\\":1}\",\"id\":2,\"previous\":\"00\","
                         "\"subject\":\"user 1\",\"who\":\"王芳\"}"),
                  want);
    assert_string_equal(hash, want);
}

static void a_row_stands_or_falls_with_the_callers_transaction(void **state)
{
    (void)state;
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    ASSERT_OK(add("王芳", "setting", "second_severity", "{}"));
    assert_true(aw_store_in_transaction(fixture.store));
    aw_store_rollback(fixture.store);
    assert_int_equal(head().id, 0);
    ASSERT_OK(aw_store_begin(fixture.store, &fixture.err));
    ASSERT_OK(add("王芳", "setting", "second_severity", "{}"));
    ASSERT_OK(aw_store_commit(fixture.store, &fixture.err));
    assert_int_equal(head().id, 2);
}

static void what_is_not_fit_to_be_kept_is_refused(void **state)
{
    (void)state;
    assert_int_equal(add("", "login", "", ""), AW_INVALID);
    assert_int_equal(add("a\nb", "login", "", ""), AW_INVALID);
    assert_int_equal(add("\xFF", "login", "", ""), AW_INVALID);
    assert_int_equal(add("王芳", "log in", "", ""), AW_INVALID);
    ASSERT_SAYS("'log in' is not known");
    assert_int_equal(add("王芳", "login", "\xE2\x80\xAE", ""), AW_INVALID);
    assert_int_equal(head().id, 0);
    assert_false(aw_store_in_transaction(fixture.store));
}

static aw_rc count_row(void *self, const struct aw_audit_row *row,
                       struct aw_err *err)
{
    char *seen = self;

    (void)err;
    seen[strlen(seen)] = (char)('0' + row->id);
    return AW_OK;
}

static void assert_rows(struct aw_audit_filter filter, const char *ids)
{
    char seen[32] = "";

    ASSERT_OK(aw_store_audits(fixture.store, &filter, count_row, seen,
                              &fixture.err));
    assert_string_equal(seen, ids);
}

static void rows_are_listed_by_filter_and_order(void **state)
{
    (void)state;
    ASSERT_OK(add("王芳", "login", "user 1", ""));
    ASSERT_OK(add("李强", "login", "user 2", ""));
    ASSERT_OK(add("王芳", "export", "", ""));
    assert_rows((struct aw_audit_filter){0}, "1234");
    assert_rows((struct aw_audit_filter){.newest_first = true, .limit = 2},
                "43");
    assert_rows((struct aw_audit_filter){.newest_first = true, .before = 3},
                "21");
    assert_rows((struct aw_audit_filter){.after = 2}, "34");
    assert_rows((struct aw_audit_filter){.who = AW_STR("王芳")}, "24");
    assert_rows((struct aw_audit_filter){.action = AW_STR("login")}, "23");
    assert_rows((struct aw_audit_filter){.subject = AW_STR("user 2")}, "3");
}

static void rows_are_listed_from_one_time_to_another(void **state)
{
    const int64_t first = 1000;
    const int64_t later[] = {0, 1000, 2000, 500}; /* the last set back */

    (void)state;
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        struct aw_clock clock = aw_clock_manual(first + later[i]);

        ASSERT_OK(aw_audit_add(fixture.store, &clock, AW_STR("王芳"), "login",
                               AW_STR("user 1"), AW_STR(""), &fixture.err));
    }
    assert_rows((struct aw_audit_filter){.from_ms = first + 1000}, "34");
    assert_rows((struct aw_audit_filter){.to_ms = first + 1000}, "125");
    assert_rows((struct aw_audit_filter){.from_ms = first + 1000,
                                         .to_ms = first + 2000},
                "3");
    assert_rows((struct aw_audit_filter){.to_ms = first + 1000,
                                         .after = 1,
                                         .before = 5},
                "2");
    assert_rows((struct aw_audit_filter){.from_ms = first + 9000}, "");
}

/* ---- whatever is done to it is found ------------------------------------ */

static aw_rc verify_known(const struct aw_audit_head *known, int64_t *count)
{
    struct aw_audit_head last;

    return aw_audit_verify(fixture.store, known, count, &last, &fixture.err);
}

/* Twelve rows: six decisions among what else is done in an office. */
static void work(void)
{
    int64_t one = fixture_simple("f");
    int64_t two = fixture_simple("g");
    int64_t left, count;

    ASSERT_OK(add("王芳", "login", "user 1", ""));
    (void)decides(WANG, "confirm", one);
    (void)decides(WANG, "dismiss", two);
    ASSERT_OK(add("王芳", "view", "capture 1", "{\"part\":\"text\"}"));
    (void)decides(CHEN, "escalate", one);
    (void)undoes(CHEN, &left);
    ASSERT_OK(add("陈静", "export", "", "{\"count\":2}"));
    (void)decides(ZHAO, "reopen", two);
    ASSERT_OK(add("赵敏", "setting", "session_hours", ""));
    (void)decides(WANG, "confirm", two);
    ASSERT_OK(add("王芳", "logout", "user 1", ""));
    ASSERT_OK(verify_known(NULL, &count));
    assert_int_equal(count, 12);
}

static void keep(void)
{
    fixture_tamper("CREATE TABLE kept AS SELECT * FROM audit;"
                   "CREATE TABLE kept_decision AS SELECT * FROM decision;"
                   "CREATE TABLE kept_finding AS SELECT * FROM finding");
}

static void put_back(void)
{
    int64_t count;

    fixture_tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;"
                   "PRAGMA foreign_keys = OFF; DELETE FROM decision;"
                   "INSERT INTO decision SELECT * FROM kept_decision;"
                   "UPDATE finding SET state = (SELECT k.state FROM"
                   " kept_finding k WHERE k.id = finding.id)");
    ASSERT_OK(verify_known(NULL, &count));
}

static void assert_found(const char *sql)
{
    int64_t count;
    aw_rc rc;

    fixture_tamper(sql);
    rc = verify_known(NULL, &count);
    if (rc != AW_INVALID)
        fail_msg("not found (%d): %s", (int)rc, sql);
    put_back();
}

static void each_changed_column_of_each_row_is_found(void **state)
{
    static const char *const columns[] = {
        "id = id + 100",
        "at_ms = at_ms + 1",
        "who = who || 'x'",
        "action = 'undo'",
        "subject = 'user 9'",
        "detail = '{\"a\":1}'",
        "detail = ''",
        "previous = 'x' || substr(previous, 2)",
        "hash = upper(hash) || '0'",
        "hash = (SELECT hash FROM audit b WHERE b.id = (audit.id % 12) + 1)",
        "who = CAST(x'FF' AS TEXT)"};
    char sql[256];

    (void)state;
    work();
    keep();
    for (int64_t row = 1; row <= 12; row++) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            (void)snprintf(sql, sizeof sql,
                           "UPDATE audit SET %s WHERE id = %lld", columns[i],
                           (long long)row);
            assert_found(sql);
        }
    }
}

static void each_changed_column_of_a_decision_is_found(void **state)
{
    static const char *const columns[] = {
        "id = id + 100",          "finding = 3 - finding",
        "at_ms = at_ms + 1",      "who = '李强'",
        "action = 'agree'",       "reason = reason || '!'",
        "class = 'no_risk'",      "code = 'warning'",
        "batch = batch + 1",      "undoes = undoes + 77",
        "previous = ''  || hash", "hash = hash || 'x'"};
    char sql[256];

    (void)state;
    work();
    keep();
    for (int64_t row = 1; row <= 6; row++) {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            (void)snprintf(sql, sizeof sql,
                           "PRAGMA foreign_keys = OFF;"
                           "UPDATE decision SET %s WHERE id = %lld",
                           columns[i], (long long)row);
            assert_found(sql);
        }
    }
}

static void a_row_taken_out_or_put_in_is_found(void **state)
{
    char sql[512];

    (void)state;
    work();
    keep();
    for (int64_t row = 1; row <= 11; row++) {
        (void)snprintf(sql, sizeof sql, "DELETE FROM audit WHERE id = %lld",
                       (long long)row);
        assert_found(sql);
        (void)snprintf(sql, sizeof sql,
                       "DELETE FROM audit WHERE id = %lld;"
                       "UPDATE audit SET id = id - 1 WHERE id > %lld",
                       (long long)row, (long long)row);
        assert_found(sql);
    }
    assert_found("INSERT INTO audit SELECT 13, at_ms, who, action, subject,"
                 " detail, previous, hash FROM audit WHERE id = 12");
    assert_found("PRAGMA foreign_keys = OFF; DELETE FROM decision"
                 " WHERE id = 6; UPDATE finding SET state = 'new'"
                 " WHERE id = 2");
    assert_found("DELETE FROM audit WHERE id >= 11");
    assert_found("UPDATE finding SET state = 'dismissed' WHERE id = 1");
}

/* Nobody sees the end of a chain that is cut off where no decision stood. */
static void an_end_that_is_cut_off_is_found_by_a_known_head(void **state)
{
    struct aw_audit_head known, other;
    char text[AW_AUDIT_HEAD_MAX];
    int64_t count;

    (void)state;
    work();
    known = head();
    aw_audit_head_text(&known, text);
    assert_true(aw_audit_head_parse(aw_str_of(text), &other));
    assert_memory_equal(&other, &known, sizeof known);
    ASSERT_OK(add("王芳", "login", "user 1", ""));
    ASSERT_OK(verify_known(&known, &count));
    other.hash[0] = other.hash[0] == '0' ? '1' : '0';
    assert_int_equal(verify_known(&other, &count), AW_INVALID);
    ASSERT_SAYS("is not the one that was known");
    fixture_tamper("DELETE FROM audit WHERE id >= 12");
    ASSERT_OK(verify_known(NULL, &count));
    assert_int_equal(verify_known(&known, &count), AW_INVALID);
    ASSERT_SAYS("the end was cut off");
}

static void what_is_no_head_is_not_read(void **state)
{
    static const char *const bad[] = {
        "",
        "12",
        "12:",
        ":ab",
        "0:",
        "x:y",
        "-1:0000000000000000000000000000000000000000000000000000000000000000",
        "1:000000000000000000000000000000000000000000000000000000000000000g",
        "1:00000000000000000000000000000000000000000000000000000000000000000"};
    struct aw_audit_head out;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(aw_audit_head_parse(aw_str_of(bad[i]), &out));
}

/* As in a store that is older than its audit chain. */
static void decisions_from_before_the_chain_are_vouched_for(void **state)
{
    int64_t id = fixture_simple("f");
    int64_t count;

    (void)state;
    (void)decides(WANG, "confirm", id);
    (void)decides(WANG, "reopen", id);
    fixture_tamper("DELETE FROM audit");
    ASSERT_OK(verify_known(NULL, &count));
    assert_int_equal(count, 0);
    (void)decides(WANG, "confirm", id);
    ASSERT_OK(verify_known(NULL, &count));
    assert_int_equal(count, 2);
    assert_int_equal(fixture_number("SELECT detail ->> 'decision' FROM audit"
                                    " WHERE id = 1"),
                     2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_first_row_begins_the_chain),
        UNIT(a_hash_is_that_of_the_canonical_text),
        UNIT(a_row_stands_or_falls_with_the_callers_transaction),
        UNIT(what_is_not_fit_to_be_kept_is_refused),
        UNIT(rows_are_listed_by_filter_and_order),
        UNIT(rows_are_listed_from_one_time_to_another),
        OFFICE(each_changed_column_of_each_row_is_found),
        OFFICE(each_changed_column_of_a_decision_is_found),
        OFFICE(a_row_taken_out_or_put_in_is_found),
        OFFICE(an_end_that_is_cut_off_is_found_by_a_known_head),
        UNIT(what_is_no_head_is_not_read),
        OFFICE(decisions_from_before_the_chain_are_vouched_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
