/* What aw_warc_check_each tells of one file, and of the next. */
#include "archive_test.h"

#include <libdeflate.h>

#define FILES_MAX 8

#define RECORD(body)                                                    \
    "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:1>\r\n"  \
    "WARC-Date: 2016-11-23T12:00:00Z\r\nWARC-Target-URI: <urn:x:y>\r\n" \
    "WARC-Block-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n"      \
    "Content-Type: text/plain\r\nContent-Length: 3\r\n\r\n" body "\r\n\r\n"

/* The answers, with their texts. */
struct told {
    int count;
    struct aw_warc_checked of[FILES_MAX];
    char path[FILES_MAX][AW_PATH_MAX], why[FILES_MAX][AW_ERR_MAX];
};

static aw_rc note(void *self, const struct aw_warc_checked *checked,
                  struct aw_err *err)
{
    struct told *told = self;
    int i = told->count++;

    (void)err;
    assert_true(i < FILES_MAX);
    told->of[i] = *checked;
    (void)snprintf(told->path[i], sizeof told->path[i], "%s", checked->path);
    (void)snprintf(told->why[i], sizeof told->why[i], "%s", checked->why);
    return AW_OK;
}

static void check(struct bench *b, const char *name, bool index_needed,
                  struct told *told)
{
    char path[AW_PATH_MAX];

    memset(told, 0, sizeof *told);
    bench_path(b, name, path);
    assert_ok(b, aw_warc_check_each(path, index_needed, note, told, &b->err));
}

static void write_packed(struct bench *b, const char *name,
                         const char *const *members, size_t count)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
    struct aw_buf out;

    aw_buf_init(&out, (size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        char *at = aw_buf_reserve(&out, 4096);

        out.len += libdeflate_gzip_compress(c, members[i], strlen(members[i]),
                                            at, 4096);
    }
    bench_write(b, name, aw_buf_str(&out));
    libdeflate_free_compressor(c);
    aw_buf_deinit(&out);
}

static void foreign_file_needs_no_index(void **state)
{
    struct bench *b = *state;
    const char *members[] = {RECORD("abc"), RECORD("abc")};
    struct told told;

    write_packed(b, "theirs.warc.gz", members, 2);
    check(b, "theirs.warc.gz", false, &told);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.of[0].rc, AW_OK);
    assert_int_equal(told.of[0].records, 2);
    assert_int_equal(told.of[0].digests, 2);
    assert_int_equal(told.of[0].index_lines, 2);
    assert_int_equal(told.of[0].offset, -1);
    assert_false(told.of[0].indexed);
    check(b, "theirs.warc.gz", true, &told);
    assert_int_equal(told.of[0].rc, AW_INVALID);
    assert_non_null(strstr(told.why[0], "theirs.cdxj' is missing"));
}

static void index_that_is_there_must_be_right(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 2);
    struct told told;

    check(b, place.file, false, &told);
    assert_true(told.of[0].indexed);
    bench_write(b, "adwatch-20161123120000123-00000.cdxj", AW_STR("x\n"));
    check(b, place.file, false, &told);
    assert_int_equal(told.of[0].rc, AW_INVALID);
    assert_int_equal(told.of[0].offset, -1);
}

static void damage_is_told_with_its_offset(void **state)
{
    struct bench *b = *state;
    struct told told;

    bench_write(b, "a.warc",
                AW_STR(RECORD("abc") RECORD("abd") RECORD("abc")));
    check(b, "a.warc", false, &told);
    assert_int_equal(told.of[0].rc, AW_INVALID);
    assert_int_equal(told.of[0].records, 1);
    assert_int_equal(told.of[0].offset, sizeof RECORD("abc") - 1);
    assert_non_null(strstr(told.why[0], "a.warc' at "));
}

static void damage_of_one_file_does_not_hide_the_next(void **state)
{
    struct bench *b = *state;
    struct told told;

    bench_write(b, "a.warc", AW_STR(RECORD("abd")));
    bench_write(b, "b.warc", AW_STR(RECORD("abc")));
    bench_write(b, "lost.cdxj", AW_STR("x\n"));
    bench_write(b, "b.cdxj", AW_STR("of another program\n"));
    check(b, "", false, &told);
    assert_int_equal(told.count, 3);
    assert_int_equal(told.of[0].rc, AW_INVALID);
    assert_int_equal(told.of[1].rc, AW_OK);
    assert_int_equal(told.of[2].rc, AW_INVALID);
    assert_non_null(strstr(told.why[2], "lost.cdxj"));
}

static void file_compressed_as_a_whole_is_told_so(void **state)
{
    struct bench *b = *state;
    const char *whole[] = {RECORD("abc") RECORD("abc")};
    struct told told;

    write_packed(b, "a.warc.gz", whole, 1);
    check(b, "a.warc.gz", false, &told);
    assert_int_equal(told.of[0].rc, AW_INVALID);
    assert_int_equal(told.of[0].offset, 0);
    assert_non_null(strstr(told.why[0], "compressed as a whole"));
    assert_non_null(strstr(told.why[0], "gunzip"));
}

static void growing_file_may_end_within_a_record(void **state)
{
    struct bench *b = *state;
    struct told told;

    bench_write(b, "a.warc.gz.open",
                aw_str_sub(AW_STR(RECORD("abc") RECORD("abc")), 0,
                           sizeof RECORD("abc") + 40));
    check(b, "a.warc.gz.open", true, &told);
    assert_int_equal(told.of[0].rc, AW_OK);
    assert_true(told.of[0].growing);
    assert_int_equal(told.of[0].records, 1);
    bench_write(b, "a.warc.gz.open", AW_STR(RECORD("abd") RECORD("abc")));
    check(b, "a.warc.gz.open", true, &told);
    assert_int_equal(told.of[0].rc, AW_INVALID);
}

static void file_that_was_finished_meanwhile_is_read_as_such(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 2);
    char open[AW_WARC_NAME_MAX + 8];
    struct told told;

    (void)snprintf(open, sizeof open, "%s.open", place.file);
    check(b, open, true, &told);
    assert_int_equal(told.of[0].rc, AW_OK);
    assert_false(told.of[0].growing);
    assert_true(told.of[0].indexed);
}

static void file_that_is_not_there_is_told(void **state)
{
    struct bench *b = *state;
    struct told told;

    check(b, "no.warc.gz", false, &told);
    assert_int_equal(told.of[0].rc, AW_MISSING);
}

static aw_rc refuse(void *self, const struct aw_warc_checked *checked,
                    struct aw_err *err)
{
    (void)checked;
    ++*(int *)self;
    return aw_fail(err, AW_IO, "enough");
}

static void visitor_may_end_it(void **state)
{
    struct bench *b = *state;
    int calls = 0;

    bench_write(b, "a.warc", AW_STR(RECORD("abc")));
    bench_write(b, "b.warc", AW_STR(RECORD("abc")));
    assert_rc(b, AW_IO,
              aw_warc_check_each(b->dir, false, refuse, &calls, &b->err));
    assert_int_equal(calls, 1);
}

/* As of a file: a cut gives AW_INVALID, never an index of what is left. */
static void index_of_what_lies_in_memory_is_that_of_the_file(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record first = page("http://b.example/", "<p>b");
    struct aw_warc_record second = page("http://a.example/", "<p>a");
    struct aw_warc_place place;
    struct aw_buf warc, cdxj, made;
    char name[AW_WARC_NAME_MAX];

    bench_open(b, 0);
    assert_ok(b, aw_warc_append(b->writer, &first, &place, &b->err));
    assert_ok(b, aw_warc_append(b->writer, &second, &place, &b->err));
    bench_close(b);
    warc = bench_read(b, place.file);
    (void)snprintf(name, sizeof name, "%.*s.cdxj",
                   (int)(strlen(place.file) - strlen(".warc.gz")), place.file);
    cdxj = bench_read(b, name);
    aw_buf_init(&made, (size_t)1 << 20);
    assert_ok(b, aw_warc_index(aw_buf_str(&warc), place.file, &made, &b->err));
    assert_true(aw_str_eq(aw_buf_str(&made), aw_buf_str(&cdxj)));
    for (size_t cut = 1; cut < (size_t)place.length; cut++)
        assert_rc(b, AW_INVALID,
                  aw_warc_index(aw_str_sub(aw_buf_str(&warc), 0,
                                           warc.len - cut),
                                place.file, &made, &b->err));
    aw_buf_deinit(&warc);
    aw_buf_deinit(&cdxj);
    aw_buf_deinit(&made);
}

static void plain_records_in_memory_are_read(void **state)
{
    struct bench *b = *state;
    struct aw_buf made;

    aw_buf_init(&made, (size_t)1 << 20);
    assert_ok(b, aw_warc_index(AW_STR(RECORD("abc") RECORD("abc")), "a.warc",
                               &made, &b->err));
    assert_non_null(strstr(made.ptr, "\"offset\":\"0\""));
    assert_rc(b, AW_INVALID,
              aw_warc_index(AW_STR(RECORD("abc") "WARC/1.0"), "a.warc", &made,
                            &b->err));
    aw_buf_deinit(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(foreign_file_needs_no_index),
        bench_test(index_that_is_there_must_be_right),
        bench_test(damage_is_told_with_its_offset),
        bench_test(damage_of_one_file_does_not_hide_the_next),
        bench_test(file_compressed_as_a_whole_is_told_so),
        bench_test(growing_file_may_end_within_a_record),
        bench_test(file_that_was_finished_meanwhile_is_read_as_such),
        bench_test(file_that_is_not_there_is_told),
        bench_test(visitor_may_end_it),
        bench_test(index_of_what_lies_in_memory_is_that_of_the_file),
        bench_test(plain_records_in_memory_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
