#include "tests/store/fixture.h"

#include "review/audit.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_first_row_begins_the_chain),
        UNIT(a_hash_is_that_of_the_canonical_text),
        UNIT(a_row_stands_or_falls_with_the_callers_transaction),
        UNIT(what_is_not_fit_to_be_kept_is_refused),
        UNIT(rows_are_listed_by_filter_and_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
