#include "tests/store/fixture.h"

#include "evidence/bag.h"
#include "evidence/custody.h"
#include "review/audit.h"

#define AT INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */

static struct aw_clock at_work;
static char bundle[AW_PATH_MAX];

/* Writes a small bundle; a seal changes the file and not what its bag holds,
 * which another comment in bag-info.txt would. */
static void write_bundle(const char *text, const char *seal)
{
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;

    ASSERT_OK(aw_bag_new(&bag, bundle, "b1", AT, &fixture.err));
    ASSERT_OK(aw_bag_add(bag, "data/a.txt", aw_str_of(text), &fixture.err));
    ASSERT_OK(aw_bag_seal(bag, "", &digests, &fixture.err));
    if (seal)
        ASSERT_OK(aw_bag_add_seal(bag, "seal/officer-1.json", aw_str_of(seal),
                                  &fixture.err));
    ASSERT_OK(aw_bag_close(bag, &fixture.err));
    aw_bag_free(bag);
}

static int set_up(void **state)
{
    int failed = fixture_set_up(state);

    at_work = aw_clock_manual(AT);
    ASSERT_OK(aw_path_join(bundle, fixture.dir, "b1.zip", &fixture.err));
    write_bundle("one", NULL);
    return failed;
}

static struct aw_custody_act act_of(enum aw_custody_action action)
{
    return (struct aw_custody_act){.action = action, .who = AW_STR("王芳")};
}

static struct aw_custody_act sending(void)
{
    struct aw_custody_act act = act_of(AW_CUSTODY_HAND_OVER);

    act.recipient = AW_STR("样例市公安局");
    act.person = AW_STR("李某");
    act.contact = AW_STR("0537-0000000");
    act.purpose = AW_STR("线索移送");
    return act;
}

static aw_rc try_add(const struct aw_custody_act *act,
                     struct aw_custody_done *done)
{
    struct aw_custody_file file;

    ASSERT_OK(aw_custody_file(bundle, &file, &fixture.err));
    at_work.manual_ms += 1000;
    return aw_custody_add(fixture.store, &at_work, &file, act, done,
                          &fixture.err);
}

static struct aw_custody_done add(struct aw_custody_act act)
{
    struct aw_custody_done done = {0};

    ASSERT_OK(try_add(&act, &done));
    return done;
}

static struct aw_custody_way read_way(void)
{
    struct aw_custody_way way = {0};

    ASSERT_OK(aw_custody_read(fixture.store, &fixture.arena, AW_STR("b1"),
                              &way, &fixture.err));
    return way;
}

static void the_way_is_told_from_the_making_to_the_receipt(void **state)
{
    struct aw_custody_act receipt = act_of(AW_CUSTODY_RECEIPT);
    struct aw_custody_done sent, got;
    struct aw_custody_way way;
    char capitals[AW_SHA256_HEX_MAX];

    (void)state;
    assert_int_equal(add(act_of(AW_CUSTODY_MAKE)).change, AW_CUSTODY_FIRST);
    write_bundle("one", "王芳");
    assert_int_equal(add(act_of(AW_CUSTODY_SEAL)).change, AW_CUSTODY_SEALED);
    sent = add(sending());
    for (size_t i = 0; i < sizeof capitals; i++)
        capitals[i] = sent.digest[i] >= 'a' ? (char)(sent.digest[i] - 32)
                                            : sent.digest[i];
    receipt.receipt_of = sent.id;
    receipt.receipt_no = AW_STR("鲁公收〔2026〕1号");
    receipt.receipt_day = AW_STR("2026-11-23");
    receipt.receipt_digest = aw_str_of(capitals);
    got = add(receipt);
    assert_false(got.differs);
    way = read_way();
    assert_int_equal(way.count, 4);
    assert_true(way.audited);
    assert_int_equal(way.steps[3].row.receipt_of, sent.id);
    assert_int_equal(way.steps[3].change, AW_CUSTODY_SAME);
    assert_string_equal(aw_custody_word(way.steps[3].row.action), "签收");
    assert_true(aw_str_eq(way.steps[2].row.recipient, AW_STR("样例市公安局")));
}

static void a_change_that_no_seal_explains_is_told(void **state)
{
    struct aw_custody_way way;

    (void)state;
    (void)add(act_of(AW_CUSTODY_MAKE));
    write_bundle("one", "somebody");
    assert_int_equal(add(act_of(AW_CUSTODY_OPEN)).change, AW_CUSTODY_TOUCHED);
    write_bundle("two", NULL);
    assert_int_equal(add(act_of(AW_CUSTODY_SEAL)).change, AW_CUSTODY_OTHER);
    way = read_way();
    assert_int_equal(way.steps[1].change, AW_CUSTODY_TOUCHED);
    assert_int_equal(way.steps[2].change, AW_CUSTODY_OTHER);
    assert_true(way.audited);
}

static void a_file_is_compared_with_the_last_row(void **state)
{
    struct aw_custody_way way;
    struct aw_custody_file file;

    (void)state;
    (void)add(act_of(AW_CUSTODY_MAKE));
    way = read_way();
    ASSERT_OK(aw_custody_file(bundle, &file, &fixture.err));
    assert_int_equal(aw_custody_compare(&way, &file), AW_CUSTODY_SAME);
    write_bundle("one", "x");
    ASSERT_OK(aw_custody_file(bundle, &file, &fixture.err));
    assert_int_equal(aw_custody_compare(&way, &file), AW_CUSTODY_TOUCHED);
}

/* Who knows name and manifest reads the file for its digest alone. */
static void a_bundle_just_written_is_as_one_that_is_read(void **state)
{
    struct aw_custody_file read;
    struct aw_custody_file written;
    char name[AW_CUSTODY_NAME_MAX + 1];

    (void)state;
    ASSERT_OK(aw_custody_file(bundle, &read, &fixture.err));
    ASSERT_OK(aw_custody_written(bundle, aw_str_of(read.name), read.manifest,
                                 &written, &fixture.err));
    assert_string_equal(written.name, read.name);
    assert_string_equal(written.manifest, read.manifest);
    assert_string_equal(written.digest, read.digest);
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(aw_custody_written(bundle, aw_str_of(name), read.manifest,
                                        &written, &fixture.err),
                     AW_INVALID);
}

static void a_receipt_of_other_bytes_is_written_down_and_told(void **state)
{
    struct aw_custody_act receipt = act_of(AW_CUSTODY_RECEIPT);

    (void)state;
    receipt.receipt_of = add(sending()).id;
    receipt.receipt_no = AW_STR("7");
    receipt.receipt_digest = AW_STR("00000000000000000000000000000000"
                                    "00000000000000000000000000000000");
    assert_true(add(receipt).differs);
    assert_true(read_way().steps[1].differs);
}

static void a_receipt_names_a_handing_over_of_the_bundle(void **state)
{
    struct aw_custody_act receipt = act_of(AW_CUSTODY_RECEIPT);
    struct aw_custody_done made = add(act_of(AW_CUSTODY_MAKE));

    (void)state;
    receipt.receipt_of = made.id;
    receipt.receipt_no = AW_STR("7");
    receipt.receipt_digest = aw_str_of(made.digest);
    assert_int_equal(try_add(&receipt, &made), AW_INVALID);
    ASSERT_SAYS("hands over nothing");
    receipt.receipt_day = AW_STR("2126-11-24");
    assert_int_equal(try_add(&receipt, &made), AW_INVALID);
    ASSERT_SAYS("still to come");
    assert_int_equal(read_way().count, 1);
}

static void what_is_needed_must_be_given(void **state)
{
    struct aw_custody_done done;
    struct aw_custody_act act = sending();

    (void)state;
    act.person = AW_STR(" ");
    assert_int_equal(try_add(&act, &done), AW_INVALID);
    ASSERT_SAYS("the person is missing");
    act = sending();
    act.purpose = AW_STR("a\nb");
    assert_int_equal(try_add(&act, &done), AW_INVALID);
    ASSERT_SAYS("control character");
    act = act_of(AW_CUSTODY_RECEIPT);
    act.receipt_of = 1;
    act.receipt_no = AW_STR("1");
    act.receipt_digest = AW_STR("abc");
    assert_int_equal(try_add(&act, &done), AW_INVALID);
    ASSERT_SAYS("64 of 0-9");
    act.who = AW_STR("");
    assert_int_equal(read_way().count, 0);
}

static void rows_that_were_touched_are_found_by_the_audit(void **state)
{
    static const struct {
        const char *sql, *says;
    } tries[] = {
        {"UPDATE handover SET recipient = '别处' WHERE id = 2",
         "row 2 is not as"},
        {"DELETE FROM handover WHERE id = 1", "row 2 is not as"},
        {"DELETE FROM handover WHERE id = 3", "tells of a row that is gone"},
        {"INSERT INTO handover SELECT 9, bundle, manifest, digest, at_ms, who,"
         " action, recipient, person, contact, purpose, path, receipt_of,"
         " receipt_no, receipt_day, receipt_digest FROM handover"
         " WHERE id = 3",
         "row 9 is not in the audit"},
    };

    (void)state;
    (void)add(act_of(AW_CUSTODY_MAKE));
    (void)add(sending());
    (void)add(act_of(AW_CUSTODY_OPEN));
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        struct aw_custody_way way;

        fixture_tamper("CREATE TABLE kept AS SELECT * FROM handover");
        fixture_tamper(tries[i].sql);
        way = read_way();
        assert_false(way.audited);
        assert_true(aw_str_find(way.audit_why, aw_str_of(tries[i].says)) >= 0);
        fixture_tamper("DELETE FROM handover;"
                       "INSERT INTO handover SELECT * FROM kept;"
                       "DROP TABLE kept");
    }
    assert_true(read_way().audited);
}

static void the_row_and_its_audit_row_stand_or_fall_together(void **state)
{
    struct aw_custody_act act = act_of(AW_CUSTODY_OPEN);
    struct aw_custody_done done;
    struct aw_audit_head head;

    (void)state;
    act.who = AW_STR("");
    assert_int_equal(try_add(&act, &done), AW_INVALID);
    assert_int_equal(read_way().count, 0);
    ASSERT_OK(aw_audit_head(fixture.store, &head, &fixture.err));
    assert_int_equal(head.id, 0);
}

static aw_rc export_to(const char *path, struct aw_custody_done *done)
{
    struct aw_custody_act act = act_of(AW_CUSTODY_EXPORT);

    act.path = aw_str_of(path);
    return aw_custody_export(fixture.store, &at_work, bundle, &act, done,
                             &fixture.err);
}

static void an_export_is_the_same_bytes_and_goes_over_nothing(void **state)
{
    char to[AW_PATH_MAX];
    char digest[AW_SHA256_HEX_MAX];
    struct aw_custody_done done;

    (void)state;
    ASSERT_OK(aw_path_join(to, fixture.dir, "out", &fixture.err));
    ASSERT_OK(aw_mkdirs(to, &fixture.err));
    ASSERT_OK(export_to(to, &done));
    assert_non_null(strstr(done.path, "/out/b1.zip"));
    ASSERT_OK(aw_sha256_file(done.path, digest, &fixture.err));
    assert_string_equal(digest, done.digest);
    assert_int_equal(export_to(to, &done), AW_INVALID);
    ASSERT_SAYS("written over");
    assert_int_equal(export_to("/nowhere/at/all/x.zip", &done), AW_MISSING);
    assert_int_equal(read_way().count, 1);
    assert_true(aw_str_eq(read_way().steps[0].row.path, aw_str_of(done.path)));
}

static void an_export_that_cannot_be_written_down_leaves_no_copy(void **state)
{
    char to[AW_PATH_MAX];
    struct aw_custody_done done;

    (void)state;
    ASSERT_OK(aw_path_join(to, fixture.dir, "copy.zip", &fixture.err));
    fixture_tamper("CREATE TRIGGER no BEFORE INSERT ON audit BEGIN"
                   " SELECT raise(ABORT, 'disk full'); END");
    assert_int_not_equal(export_to(to, &done), AW_OK);
    assert_false(aw_path_exists(to));
    assert_int_equal(fixture_number("SELECT count(*) FROM handover"), 0);
}

static void what_is_no_bundle_is_refused(void **state)
{
    struct aw_custody_file file;

    (void)state;
    ASSERT_OK(aw_file_write(bundle, AW_STR("PK no zip"), &fixture.err));
    assert_int_equal(aw_custody_file(bundle, &file, &fixture.err), AW_INVALID);
    ASSERT_SAYS("is no bundle");
}

#define TEST(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_way_is_told_from_the_making_to_the_receipt),
        TEST(a_change_that_no_seal_explains_is_told),
        TEST(a_file_is_compared_with_the_last_row),
        TEST(a_bundle_just_written_is_as_one_that_is_read),
        TEST(a_receipt_of_other_bytes_is_written_down_and_told),
        TEST(a_receipt_names_a_handing_over_of_the_bundle),
        TEST(what_is_needed_must_be_given),
        TEST(rows_that_were_touched_are_found_by_the_audit),
        TEST(the_row_and_its_audit_row_stand_or_fall_together),
        TEST(an_export_is_the_same_bytes_and_goes_over_nothing),
        TEST(an_export_that_cannot_be_written_down_leaves_no_copy),
        TEST(what_is_no_bundle_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
