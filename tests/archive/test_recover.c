/* What stays after a crash, a full disk or a flipped byte. */
#include "archive_test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* --- calls of the system that fail
 * ------------------------------------------- */

/* Each guarded call counts one up; call number fail_at (from 1) fails, and
 * all after it while fail_on. */
static int calls, fail_at;
static bool fail_on;

static bool must_fail(void)
{
    calls++;
    return fail_at > 0 && (calls == fail_at || (fail_on && calls > fail_at));
}

int fdatasync(int fd)
{
    if (must_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    if (must_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int ftruncate(int fd, off_t length)
{
    if (must_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_ftruncate, fd, length);
}

int rename(const char *from, const char *to)
{
    if (must_fail()) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_rename, from, to);
}

/* A failing write still writes half, as a full disk does. */
ssize_t write(int fd, const void *bytes, size_t len)
{
    if (fd > 2 && must_fail()) {
        if (calls == fail_at && len > 1)
            return syscall(SYS_write, fd, bytes, len / 2);
        fail_at = fail_on ? fail_at : 0;
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, fd, bytes, len);
}

static void fail_from(int call, bool on)
{
    calls = 0;
    fail_at = call;
    fail_on = on;
}

static void fail_never(void)
{
    fail_from(0, false);
}

/* --- the folder as it is after a crash
 * ------------------------------------------ */

static const char name_open[] = "adwatch-20161123120000123-00000.warc.gz.open";

static int64_t recover(struct bench *b)
{
    int64_t cut = -1;

    assert_ok(b, aw_warc_recover(b->dir, &cut, &b->err));
    return cut;
}

/* Three synced pages; the last is places[2]. The writer is gone as after
 * kill -9. */
static void crash(struct bench *b, struct aw_warc_place places[3])
{
    bench_open(b, 0);
    for (int i = 0; i < 3; i++) {
        char url[64];

        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        places[i] = bench_append(b, url, url);
    }
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    bench_free_writer(b);
}

/* --- recovery
 * --------------------------------------------------------------------- */

static void recovery_of_nothing_is_fine(void **state)
{
    struct bench *b = *state;
    int64_t cut = -1;

    assert_int_equal(recover(b), 0);
    (void)rmdir(b->dir);
    assert_ok(b, aw_warc_recover(b->dir, &cut, &b->err));
    assert_int_equal(cut, 0);
}

static void whole_file_is_only_closed(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];

    crash(b, places);
    assert_int_equal(recover(b), 0);
    for (int i = 0; i < 3; i++) {
        char url[64];

        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        assert_body(b, &places[i], url);
    }
    assert_int_equal(assert_sound(b).index_lines, 3);
    assert_int_equal(recover(b), 0);
    assert_int_equal(assert_sound(b).records, 4);
}

static void recovered_index_is_what_the_writer_would_have_made(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    struct aw_buf closed, recovered;

    crash(b, places);
    (void)recover(b);
    recovered = bench_read(b, "adwatch-20161123120000123-00000.cdxj");
    bench_empty(b);
    aw_rng_init(&b->rng, 7);
    bench_open(b, 0);
    for (int i = 0; i < 3; i++) {
        char url[64];

        (void)snprintf(url, sizeof url, "http://a.example/%d", i);
        (void)bench_append(b, url, url);
    }
    bench_close(b);
    closed = bench_read(b, "adwatch-20161123120000123-00000.cdxj");
    assert_true(aw_str_eq(aw_buf_str(&closed), aw_buf_str(&recovered)));
    aw_buf_deinit(&closed);
    aw_buf_deinit(&recovered);
}

/* Cuts the file at every byte of its last record; the index may be anything.
 */
static void last_record_torn_at_any_byte_is_cut_off(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    struct aw_buf whole;

    crash(b, places);
    whole = bench_read(b, name_open);
    for (int64_t i = 0; i < places[2].length; i++) {
        bench_empty(b);
        bench_write(b, name_open,
                    aw_str_sub(aw_buf_str(&whole), 0,
                               (size_t)(places[2].offset + i)));
        bench_write(b, "adwatch-20161123120000123-00000.cdxj.open",
                    AW_STR("half a li"));
        assert_int_equal(recover(b), i);
        assert_body(b, &places[0], "http://a.example/0");
        assert_body(b, &places[1], "http://a.example/1");
        assert_int_equal(assert_sound(b).index_lines, 2);
        assert_int_equal(recover(b), 0);
    }
    aw_buf_deinit(&whole);
}

static void tail_of_zeroes_or_rubbish_is_cut_off(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    struct aw_buf whole;

    crash(b, places);
    whole = bench_read(b, name_open);
    for (int i = 0; i < 3; i++) {
        char tail[5000];

        memset(tail, i == 0 ? 0 : 0x1F, sizeof tail);
        for (size_t j = 0; i == 2 && j < sizeof tail; j++)
            tail[j] = (char)aw_rng_next(&b->rng);
        bench_empty(b);
        whole.len = (size_t)(places[2].offset + places[2].length);
        aw_buf_append(&whole, tail, sizeof tail);
        bench_write(b, name_open, aw_buf_str(&whole));
        assert_int_equal(recover(b), sizeof tail);
        assert_int_equal(assert_sound(b).index_lines, 3);
    }
    aw_buf_deinit(&whole);
}

static void file_without_one_whole_record_goes_away(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    struct aw_buf whole;
    char list[1024];

    crash(b, places);
    whole = bench_read(b, name_open);
    for (size_t len = 0; len < 60; len += 20) {
        bench_write(b, name_open, aw_str_sub(aw_buf_str(&whole), 0, len));
        assert_int_equal(recover(b), len);
        bench_list(b, list, sizeof list);
        assert_string_equal(list, "");
    }
    aw_buf_deinit(&whole);
}

static void several_files_are_mended(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];

    for (int i = 0; i < 3; i++) {
        crash(b, places);
        b->clock.manual_ms++;
    }
    (void)bench_file(b, 2);
    assert_int_equal(recover(b), 0);
    assert_int_equal(assert_sound(b).files, 4);
    assert_int_equal(assert_sound(b).index_lines, 11);
}

/* Damage with whole records behind it is no torn tail: to cut there would
 * lose what was synced. */
static void damage_in_the_middle_is_not_cut(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3], others[3];
    struct aw_buf whole;
    int64_t cut = -1;

    crash(b, places);
    whole = bench_read(b, name_open);
    whole.ptr[places[1].offset + 30] ^= 1;
    bench_write(b, name_open, aw_buf_str(&whole));
    b->clock.manual_ms++;
    crash(b, others);
    assert_rc(b, AW_PARTLY, aw_warc_recover(b->dir, &cut, &b->err));
    assert_int_equal(cut, 0);
    assert_non_null(strstr(b->err.msg, "damaged from byte"));
    assert_body(b, &places[2], "http://a.example/2");
    assert_body(b, &others[2], "http://a.example/2");
    aw_buf_deinit(&whole);
}

/* A recovery or a close that was killed between any two of its steps. */
static void half_done_closing_is_finished(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    char list[1024];
    int step = 0;

    for (bool failed = true; failed; step++) {
        int64_t cut;

        bench_empty(b);
        crash(b, places);
        fail_from(step + 1, true);
        failed = aw_warc_recover(b->dir, &cut, &b->err) != AW_OK;
        fail_never();
        bench_write(b, "adwatch-20161123120000123-00000.cdxj.open",
                    AW_STR("left\n"));
        (void)recover(b);
        bench_list(b, list, sizeof list);
        assert_string_equal(list, "adwatch-20161123120000123-00000.cdxj "
                                  "adwatch-20161123120000123-00000.warc.gz ");
        assert_int_equal(assert_sound(b).index_lines, 3);
    }
    assert_true(step > 4);
}

static void two_files_of_one_name_are_both_kept(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    int64_t cut;

    (void)bench_file(b, 1);
    {
        struct aw_buf bytes =
            bench_read(b, "adwatch-20161123120000123-00000.warc.gz");

        bench_write(b, name_open, aw_buf_str(&bytes));
        aw_buf_deinit(&bytes);
    }
    b->clock.manual_ms++;
    crash(b, places);
    assert_rc(b, AW_PARTLY, aw_warc_recover(b->dir, &cut, &b->err));
    assert_int_equal(assert_sound(b).files, 3);
    assert_body(b, &places[2], "http://a.example/2");
}

/* --- a killed writer
 * ------------------------------------------------------------- */

/* Appends and syncs for ever; tells through the pipe how many are synced. */
static void write_for_ever(struct bench *b, int pipe_fd)
{
    for (unsigned char i = 0;; i++) {
        struct aw_warc_record record = page("http://a.example/", "body");
        struct aw_warc_place place;

        if (aw_warc_append(b->writer, &record, &place, &b->err) != AW_OK ||
            (i % 3 == 0 && (aw_warc_sync(b->writer, &b->err) != AW_OK ||
                            write(pipe_fd, &place, sizeof place) < 0)))
            _exit(1);
    }
}

static void killed_writer_loses_nothing_that_was_synced(void **state)
{
    struct bench *b = *state;

    for (int round = 0; round < 10; round++) {
        struct aw_warc_place place;
        int ends[2], status;
        int synced = 0;
        pid_t child;

        bench_open(b, 4096);
        assert_int_equal(pipe(ends), 0);
        child = fork();
        if (child == 0)
            write_for_ever(b, ends[1]);
        (void)close(ends[1]);
        while (synced < 5 + round &&
               read(ends[0], &place, sizeof place) == sizeof place)
            synced++;
        (void)kill(child, SIGKILL);
        (void)waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        bench_free_writer(b);
        (void)recover(b);
        do
            assert_body(b, &place, "body");
        while (read(ends[0], &place, sizeof place) == sizeof place);
        (void)close(ends[0]);
        (void)assert_sound(b);
        b->clock.manual_ms++;
    }
}

/* --- a full disk
 * ------------------------------------------------------------------ */

static char noise[100000];

static void fill_noise(struct bench *b)
{
    for (size_t i = 0; i + 1 < sizeof noise; i++)
        noise[i] = (char)('0' + aw_rng_below(&b->rng, 64));
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void full_disk_loses_nothing_that_was_synced(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place first, later;

    (void)signal(SIGXFSZ, SIG_IGN);
    fill_noise(b);
    bench_open(b, 0);
    first = bench_append(b, "http://a.example/1", "first");
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    set_file_limit(50000);
    (void)bench_append(b, "http://a.example/2", noise);
    assert_rc(b, AW_IO, aw_warc_sync(b->writer, &b->err));
    assert_body(b, &first, "first");
    assert_rc(b, AW_OK, aw_warc_sync(b->writer, &b->err));
    set_file_limit(RLIM_INFINITY);
    later = bench_append(b, "http://a.example/3", "later");
    assert_int_equal(later.offset, first.offset + first.length);
    bench_close(b);
    assert_body(b, &first, "first");
    assert_body(b, &later, "later");
    assert_int_equal(assert_sound(b).index_lines, 2);
}

static void full_disk_is_told_by_append_too(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place first, place;
    aw_rc rc = AW_OK;

    (void)signal(SIGXFSZ, SIG_IGN);
    fill_noise(b);
    bench_open(b, 0);
    first = bench_append(b, "http://a.example/1", "first");
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    set_file_limit(500000);
    for (int i = 0; rc == AW_OK && i < 100; i++) {
        struct aw_warc_record record = page("http://a.example/2", noise);

        rc = aw_warc_append(b->writer, &record, &place, &b->err);
    }
    set_file_limit(RLIM_INFINITY);
    assert_rc(b, AW_IO, rc);
    place = bench_append(b, "http://a.example/3", "later");
    assert_int_equal(place.offset, first.offset + first.length);
    bench_close(b);
    assert_int_equal(assert_sound(b).index_lines, 2);
}

/* A run of three pages, each synced, rotation after each; `kept` tells of
 * each whether its sync went well. */
static void run_with_faults(struct bench *b, struct aw_warc_place places[3],
                            bool kept[3])
{
    for (int i = 0; i < 3; i++) {
        struct aw_warc_record record = page("http://a.example/", "body");

        kept[i] =
            aw_warc_append(b->writer, &record, &places[i], &b->err) == AW_OK &&
            aw_warc_sync(b->writer, &b->err) == AW_OK;
    }
}

/* Every call of the system fails in turn, once or from then on. */
static void no_failing_call_loses_what_was_synced(void **state)
{
    struct bench *b = *state;

    for (int round = 0; round < 4; round++) {
        bool more = true;

        for (int n = 1; more; n++) {
            struct aw_warc_place places[3], after;
            bool kept[3];

            bench_empty(b);
            bench_open(b, round % 2 ? 1 : 0);
            fail_from(n, round / 2);
            run_with_faults(b, places, kept);
            more = calls >= n;
            fail_never();
            for (int i = 0; i < 3; i++)
                if (kept[i])
                    assert_body(b, &places[i], "body");
            after = bench_append(b, "http://a.example/z", "after");
            bench_close(b);
            (void)recover(b);
            assert_body(b, &after, "after");
            for (int i = 0; i < 3; i++)
                if (kept[i])
                    assert_body(b, &places[i], "body");
            (void)assert_sound(b);
        }
    }
}

static void close_that_failed_can_be_tried_again(void **state)
{
    struct bench *b = *state;
    bool more = true;

    for (int n = 1; more; n++) {
        struct aw_warc_place place;

        bench_empty(b);
        bench_open(b, 0);
        place = bench_append(b, "http://a.example/", "x");
        assert_ok(b, aw_warc_sync(b->writer, &b->err));
        fail_from(n, true);
        more = aw_warc_close(b->writer, &b->err) != AW_OK;
        fail_never();
        bench_close(b);
        assert_body(b, &place, "x");
        assert_int_equal(assert_sound(b).files, 1);
    }
}

/* --- check
 * ---------------------------------------------------------------------- */

static void check_counts_what_is_there(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 5);
    struct counts counts = assert_sound(b);

    assert_int_equal(counts.files, 1);
    assert_int_equal(counts.records, 6);
    assert_int_equal(counts.index_lines, 5);
    assert_int_equal(counts.bytes, place.offset + place.length);
}

/* Every byte of gzip that carries content: all but the header's. */
static void check_finds_a_flipped_byte_anywhere(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 1);
    struct aw_buf bytes = bench_read(b, place.file);
    struct counts counts;

    for (size_t i = 0; i < bytes.len; i++) {
        size_t start = i < (size_t)place.offset ? 0 : (size_t)place.offset;

        if (i - start >= 3 && i - start < 10)
            continue;
        bytes.ptr[i] = (char)~bytes.ptr[i];
        bench_write(b, place.file, aw_buf_str(&bytes));
        if (bench_check(b, &counts) == AW_OK)
            fail_msg("byte %zu", i);
        bytes.ptr[i] = (char)~bytes.ptr[i];
    }
    bench_write(b, place.file, aw_buf_str(&bytes));
    (void)assert_sound(b);
    aw_buf_deinit(&bytes);
}

static void check_finds_a_wrong_index(void **state)
{
    struct bench *b = *state;
    const char *name = "adwatch-20161123120000123-00000.cdxj";
    struct aw_buf index;
    struct aw_str text, line;
    char path[AW_PATH_MAX];

    (void)bench_file(b, 3);
    index = bench_read(b, name);
    text = aw_buf_str(&index);
    assert_true(aw_str_split(&text, '\n', &line));
    bench_write(b, name, text);
    assert_unsound(b, "line 1 is not what the records give");
    index.ptr[index.len - 20] ^= 1;
    bench_write(b, name, aw_buf_str(&index));
    assert_unsound(b, "line 3 is not what the records give");
    bench_path(b, name, path);
    (void)unlink(path);
    assert_unsound(b, "is missing");
    aw_buf_deinit(&index);
}

static void check_finds_a_lost_file(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 1);
    char path[AW_PATH_MAX];

    bench_path(b, place.file, path);
    (void)unlink(path);
    assert_unsound(b, "its WARC is not");
}

static void check_takes_a_growing_file_as_it_is(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[3];
    struct aw_buf whole;

    crash(b, places);
    whole = bench_read(b, name_open);
    whole.len -= 10;
    bench_write(b, name_open, aw_buf_str(&whole));
    assert_int_equal(assert_sound(b).records, 3);
    whole.ptr[50] ^= 1;
    bench_write(b, name_open, aw_buf_str(&whole));
    assert_unsound(b, "at 0");
    aw_buf_deinit(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(recovery_of_nothing_is_fine),
        bench_test(whole_file_is_only_closed),
        bench_test(recovered_index_is_what_the_writer_would_have_made),
        bench_test(last_record_torn_at_any_byte_is_cut_off),
        bench_test(tail_of_zeroes_or_rubbish_is_cut_off),
        bench_test(file_without_one_whole_record_goes_away),
        bench_test(several_files_are_mended),
        bench_test(damage_in_the_middle_is_not_cut),
        bench_test(half_done_closing_is_finished),
        bench_test(two_files_of_one_name_are_both_kept),
        bench_test(killed_writer_loses_nothing_that_was_synced),
        bench_test(full_disk_loses_nothing_that_was_synced),
        bench_test(full_disk_is_told_by_append_too),
        bench_test(no_failing_call_loses_what_was_synced),
        bench_test(close_that_failed_can_be_tried_again),
        bench_test(check_counts_what_is_there),
        bench_test(check_finds_a_flipped_byte_anywhere),
        bench_test(check_finds_a_wrong_index),
        bench_test(check_finds_a_lost_file),
        bench_test(check_takes_a_growing_file_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
