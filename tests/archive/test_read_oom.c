/* Each allocation of finding and checking fails in turn: nothing is found
 * wrongly, nothing is called damaged for a lack of memory. */
#include "archive_test.h"

#include "tests/alloc_fail.h"

#define URL "http://shop.example/1"

static struct bench *bench;

static void find(void)
{
    struct aw_warc_source source = {.dir = bench->dir};
    struct aw_warc_query query = {.urls = {AW_STR(URL)},
                                  .at_ms = AW_WARC_NEWEST};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record = {0};
    struct aw_warc_place place;
    aw_rc rc = aw_warc_find(&source, &query, &place, &bench->err);

    if (rc == AW_OK)
        rc = aw_warc_open_found(&reader, &source, &place, &bench->err);
    if (rc == AW_OK)
        rc = aw_warc_next(reader, &record, NULL, &bench->err);
    alloc_fail_stop();
    assert_int_equal(rc == AW_OK, !alloc_failed);
    assert_str(record.body, alloc_failed ? "" : URL);
    aw_warc_reader_free(reader);
}

static void a_record_is_found_or_the_lack_is_told(void **state)
{
    bench = *state;
    (void)bench_file(bench, 3);
    alloc_fail_each(find);
}

static aw_rc note(void *self, const struct aw_warc_checked *checked,
                  struct aw_err *err)
{
    (void)err;
    *(bool *)self = checked->rc == AW_OK;
    return AW_OK;
}

static void check(void)
{
    bool whole = true;
    aw_rc rc = aw_warc_check_each(bench->dir, true, note, &whole, &bench->err);

    alloc_fail_stop();
    assert_true(whole);
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
}

static void no_file_is_damaged_for_lack_of_memory(void **state)
{
    bench = *state;
    (void)bench_file(bench, 3);
    alloc_fail_each(check);
}

static void unchunk_and_index(void)
{
    struct aw_warc_record record = page(URL, "abc");
    struct aw_warc_place place = {.file = "a.warc.gz", .length = 9};
    struct aw_buf out;
    aw_rc rc;

    aw_buf_init(&out, 1 << 16);
    rc = aw_warc_unchunk(AW_STR("3\r\nabc\r\n0\r\n\r\n"), &out, &bench->err);
    if (rc == AW_OK)
        rc = aw_warc_cdx_put(&out, &record, &place, &bench->err);
    alloc_fail_stop();
    assert_int_equal(rc, alloc_failed ? AW_NOMEM : AW_OK);
    aw_buf_deinit(&out);
}

static void a_line_is_made_whole_or_not_at_all(void **state)
{
    bench = *state;
    alloc_fail_each(unchunk_and_index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_record_is_found_or_the_lack_is_told),
        bench_test(no_file_is_damaged_for_lack_of_memory),
        bench_test(a_line_is_made_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
