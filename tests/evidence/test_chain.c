#include "tests/store/fixture.h"

#include "evidence/chain.h"

#define MADE INT64_C(1795399980000)
#define DIGEST(c) \
    c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c

static char hash[AW_SHA256_HEX_MAX];

static struct aw_bundle_row row_of(const char *name)
{
    return (struct aw_bundle_row){.made_ms = MADE,
                                  .who = AW_STR("王芳"),
                                  .name = aw_str_of(name),
                                  .case_no = AW_STR("济市监 1 号"),
                                  .findings = AW_STR("[7,12]"),
                                  .manifest = AW_STR(DIGEST("ab")),
                                  .stamp = AW_STR(AW_STAMP_NONE)};
}

static aw_rc add(struct aw_bundle_row row)
{
    struct aw_chain_link link;

    ASSERT_OK(aw_chain_next(fixture.store, &link, &fixture.err));
    return aw_chain_add(fixture.store, &link, &row, hash, &fixture.err);
}

static void add_three(void)
{
    ASSERT_OK(add(row_of("one")));
    ASSERT_OK(add(row_of("two")));
    ASSERT_OK(add(row_of("three")));
}

static void ignore(void *self, const char *name, const char *why)
{
    (void)name;
    (void)why;
    if (self)
        ++*(int *)self;
}

/* Files are not what these tests are about: all of them are missing. */
static aw_rc verify_head(const struct aw_chain_head *known,
                         struct aw_chain_found *found)
{
    return aw_chain_verify(fixture.store, fixture.dir, known, ignore, NULL,
                           found, &fixture.err);
}

static void a_row_hashes_as_the_header_says(void **state)
{
    struct aw_chain_link link;
    struct aw_bundle_row row = row_of("one");
    char canon[512];
    char want[AW_SHA256_HEX_MAX];

    (void)state;
    ASSERT_OK(aw_chain_next(fixture.store, &link, &fixture.err));
    ASSERT_OK(aw_chain_add(fixture.store, &link, &row, hash, &fixture.err));
    (void)snprintf(canon, sizeof canon,
                   "{\"case_no\":\"济市监 1 号\",\"findings\":[7,12],"
                   "\"made_ms\":1795399980000,\"manifest\":\"%s\","
                   "\"name\":\"one\",\"number\":1,\"previous\":\"\"}",
                   DIGEST("ab"));
    aw_sha256_hex(aw_str_of(canon), want);
    assert_string_equal(hash, want);
    assert_int_equal(row.id, 1);
}

static void each_row_hangs_on_the_one_before(void **state)
{
    struct aw_chain_found found;
    struct aw_chain_head head;

    (void)state;
    add_three();
    ASSERT_OK(aw_chain_head(fixture.store, &head, &fixture.err));
    assert_int_equal(head.number, 3);
    assert_string_equal(head.hash, hash);
    assert_int_equal(verify_head(NULL, &found), AW_PARTLY);
    ASSERT_SAYS("3 files are not there");
    assert_int_equal(found.rows, 3);
    assert_int_equal(found.missing, 3);
    assert_string_equal(found.head.hash, hash);
}

static void every_changed_column_is_found(void **state)
{
    static const char *const changes[] = {
        "UPDATE bundle SET case_no = 'x' WHERE id = 2",
        "UPDATE bundle SET findings = '[7]' WHERE id = 2",
        "UPDATE bundle SET made_ms = 1 WHERE id = 2",
        "UPDATE bundle SET manifest = '" DIGEST("cd") "' WHERE id = 2",
        "UPDATE bundle SET name = 'other' WHERE id = 2",
        "UPDATE bundle SET previous = '" DIGEST("cd") "' WHERE id = 2",
        "UPDATE bundle SET hash = '" DIGEST("cd") "' WHERE id = 2",
        "UPDATE bundle SET findings = '[7,12 ]' WHERE id = 2",
        "UPDATE bundle SET id = 9 WHERE id = 3",
        "DELETE FROM bundle WHERE id = 2",
        "DELETE FROM bundle WHERE id = 1"};

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct aw_chain_found found;

        if (i > 0) {
            fixture_tear_down(state);
            fixture_set_up(state);
        }
        add_three();
        fixture_tamper(changes[i]);
        if (verify_head(NULL, &found) != AW_INVALID)
            fail_msg("not found: %s", changes[i]);
    }
}

static void a_cut_off_end_is_found_by_a_head(void **state)
{
    struct aw_chain_head head, parsed;
    struct aw_chain_found found;
    char text[AW_CHAIN_HEAD_MAX];

    (void)state;
    add_three();
    ASSERT_OK(aw_chain_head(fixture.store, &head, &fixture.err));
    aw_chain_head_text(&head, text);
    assert_true(aw_chain_head_parse(aw_str_of(text), &parsed));
    assert_int_equal(verify_head(&parsed, &found), AW_PARTLY);
    fixture_tamper("DELETE FROM bundle WHERE id = 3");
    assert_int_equal(verify_head(NULL, &found), AW_PARTLY);
    assert_int_equal(verify_head(&parsed, &found), AW_INVALID);
    ASSERT_SAYS("cut off");
}

static void heads_that_are_none_are_refused(void **state)
{
    static const char *const texts[] = {"",
                                        ":",
                                        "1:",
                                        "0:" DIGEST("ab"),
                                        "-1:" DIGEST("ab"),
                                        "1:" DIGEST("AB"),
                                        "1:" DIGEST("ab") "c",
                                        DIGEST("ab")};
    struct aw_chain_head head;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(aw_chain_head_parse(aw_str_of(texts[i]), &head));
}

static void two_at_once_do_not_take_one_link(void **state)
{
    struct aw_chain_link link;
    struct aw_bundle_row one = row_of("one");
    struct aw_bundle_row two = row_of("two");

    (void)state;
    ASSERT_OK(aw_chain_next(fixture.store, &link, &fixture.err));
    ASSERT_OK(aw_chain_add(fixture.store, &link, &one, hash, &fixture.err));
    assert_int_equal(aw_chain_add(fixture.store, &link, &two, hash,
                                  &fixture.err),
                     AW_BUSY);
    assert_int_equal(fixture_number("SELECT count(*) FROM bundle"), 1);
}

static void what_is_not_as_it_must_be_is_not_added(void **state)
{
    static const char *const findings[] = {"",     "[]",      "[7",
                                           "7]",   "[7,]",    "[,7]",
                                           "[07]", "[7, 12]", "[\"7\"]",
                                           "[-7]", "[+7]"};
    struct aw_bundle_row row = row_of("one");

    (void)state;
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        row.findings = aw_str_of(findings[i]);
        if (add(row) != AW_INVALID)
            fail_msg("added: findings %s", findings[i]);
    }
    row = row_of("one");
    row.manifest = AW_STR("ab");
    assert_int_equal(add(row), AW_INVALID);
    row = row_of("a\nb");
    assert_int_equal(add(row), AW_INVALID);
    ASSERT_OK(add(row_of("one")));
    assert_int_equal(add(row_of("one")), AW_INVALID);
    ASSERT_SAYS("there is a bundle 'one' already");
}

static void a_link_is_read_as_it_is_written(void **state)
{
    struct aw_chain_link link = {.number = 2, .previous = DIGEST("ab")};
    struct aw_chain_link read;
    struct aw_buf json;
    int64_t made;

    (void)state;
    aw_buf_init(&json, 1024);
    aw_chain_json(&link, MADE, &json);
    ASSERT_OK(aw_chain_parse(aw_buf_str(&json), &read, &made, &fixture.err));
    assert_int_equal(read.number, 2);
    assert_string_equal(read.previous, link.previous);
    assert_int_equal(made, MADE);
    for (size_t i = 0; i < json.len; i++) {
        struct aw_str prefix = {json.ptr, i};
        char old = json.ptr[i];

        assert_int_equal(aw_chain_parse(prefix, &read, &made, &fixture.err),
                         AW_INVALID);
        json.ptr[i] = ' ';
        if (old != ' ')
            assert_int_equal(aw_chain_parse(aw_buf_str(&json), &read, &made,
                                            &fixture.err),
                             AW_INVALID);
        json.ptr[i] = old;
    }
    aw_buf_deinit(&json);
}

static void stamps_and_seals_are_kept(void **state)
{
    struct aw_bundle_row row = row_of("one");
    struct aw_bundle_row read;
    struct aw_seal_row seal = {.bundle = 1,
                               .at_ms = MADE,
                               .officer = AW_STR("王芳"),
                               .certificate = AW_STR("37080001"),
                               .statement = AW_STR("{}")};

    (void)state;
    row.stamp = AW_STR(AW_STAMP_PENDING);
    ASSERT_OK(add(row));
    ASSERT_OK(aw_store_bundle_find(fixture.store, &fixture.arena,
                                   AW_STR("one"), &read, &fixture.err));
    assert_true(aw_str_eq(read.stamp, AW_STR(AW_STAMP_PENDING)));
    read.stamp = AW_STR(AW_STAMP_DONE);
    read.stamp_tries = 3;
    read.stamp_why = AW_STR("late");
    ASSERT_OK(aw_store_bundle_stamp(fixture.store, &read, &fixture.err));
    ASSERT_OK(aw_store_bundle_last(fixture.store, &fixture.arena, &read,
                                   &fixture.err));
    assert_true(aw_str_eq(read.stamp, AW_STR(AW_STAMP_DONE)));
    assert_int_equal(read.stamp_tries, 3);
    ASSERT_OK(aw_store_seal_add(fixture.store, &seal, &fixture.err));
    assert_int_equal(aw_store_seal_add(fixture.store, &seal, &fixture.err),
                     AW_STORE);
    assert_int_equal(aw_store_bundle_find(fixture.store, &fixture.arena,
                                          AW_STR("two"), &read, &fixture.err),
                     AW_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_row_hashes_as_the_header_says),
        UNIT(each_row_hangs_on_the_one_before),
        UNIT(every_changed_column_is_found),
        UNIT(a_cut_off_end_is_found_by_a_head),
        UNIT(heads_that_are_none_are_refused),
        UNIT(two_at_once_do_not_take_one_link),
        UNIT(what_is_not_as_it_must_be_is_not_added),
        UNIT(a_link_is_read_as_it_is_written),
        UNIT(stamps_and_seals_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
