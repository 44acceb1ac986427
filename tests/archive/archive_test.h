/* archive_test.h - what the tests of archive/ share: a folder of their own,
 * a writer with a clock that stands still, records to write, and calls of the
 * system that can be made to fail.
 */
#ifndef AW_TESTS_ARCHIVE_TEST_H
#define AW_TESTS_ARCHIVE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/warc_private.h"

#define NOON INT64_C(1479902400123) /* 2016-11-23T12:00:00.123Z */

/* What each test starts from. */
struct bench {
    char dir[AW_PATH_MAX];
    struct aw_clock clock;
    struct aw_rng rng;
    struct aw_warc_writer *writer;
    struct aw_err err;
};

#define assert_ok(b, rc)                                                \
    do {                                                                \
        aw_rc assert_ok_rc = (rc);                                      \
        if (assert_ok_rc != AW_OK)                                      \
            fail_msg("%s: %s", aw_rc_text(assert_ok_rc), (b)->err.msg); \
    } while (0)

#define assert_rc(b, want, rc)                                           \
    do {                                                                 \
        aw_rc assert_rc_got = (rc);                                      \
        if (assert_rc_got != (want))                                     \
            fail_msg("'%s' and not '%s': %s", aw_rc_text(assert_rc_got), \
                     aw_rc_text(want), (b)->err.msg);                    \
    } while (0)

#define assert_str(view, text)                                          \
    do {                                                                \
        struct aw_str assert_str_got = (view);                          \
        struct aw_str assert_str_want = aw_str_of(text);                \
        if (!aw_str_eq(assert_str_got, assert_str_want))                \
            fail_msg("'%.*s' and not '%s'", AW_STR_ARG(assert_str_got), \
                     text);                                             \
    } while (0)

/* --- a folder ------------------------------------------------------------ */

static inline int bench_setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    const char *tmp = getenv("TMPDIR");

    if (!b)
        return -1;
    (void)snprintf(b->dir, sizeof b->dir, "%s/aw-archive-XXXXXX",
                   tmp && *tmp ? tmp : "/tmp");
    b->clock = aw_clock_manual(NOON);
    aw_rng_init(&b->rng, 7);
    *state = b;
    return mkdtemp(b->dir) ? 0 : -1;
}

static inline void bench_path(const struct bench *b, const char *name,
                              char out[AW_PATH_MAX])
{
    struct aw_err err;

    assert_int_equal(aw_path_join(out, b->dir, name, &err), AW_OK);
}

/* Removes the files of the folder; no folder lies in it. */
static inline void bench_empty(const struct bench *b)
{
    struct dirent **entries = NULL;
    int count = scandir(b->dir, &entries, NULL, alphasort);
    char path[AW_PATH_MAX];

    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            bench_path(b, entries[i]->d_name, path);
            (void)unlink(path);
        }
        free(entries[i]);
    }
    free(entries);
}

static inline int bench_teardown(void **state)
{
    struct bench *b = *state;

    aw_warc_writer_free(b->writer);
    bench_empty(b);
    (void)rmdir(b->dir);
    free(b);
    return 0;
}

#define bench_test(f) \
    cmocka_unit_test_setup_teardown(f, bench_setup, bench_teardown)

/* The files of the folder, sorted, each with a space behind. */
static inline void bench_list(const struct bench *b, char *out, size_t size)
{
    struct dirent **entries = NULL;
    int count = scandir(b->dir, &entries, NULL, alphasort);
    size_t len = 0;

    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            len += (size_t)snprintf(out + len, size - len, "%s ",
                                    entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* The bytes of a file; the caller deinits. */
static inline struct aw_buf bench_read(struct bench *b, const char *name)
{
    char path[AW_PATH_MAX];
    struct aw_buf bytes;

    bench_path(b, name, path);
    aw_buf_init(&bytes, (size_t)1 << 30);
    assert_ok(b, aw_file_read(path, &bytes, &b->err));
    return bytes;
}

static inline void bench_write(struct bench *b, const char *name,
                               struct aw_str bytes)
{
    char path[AW_PATH_MAX];

    FILE *out;

    bench_path(b, name, path);
    out = fopen(path, "wb");
    assert_non_null(out);
    if (bytes.len > 0)
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

/* --- records ---------------------------------------------------------------
 */

static inline void bench_open(struct bench *b, int64_t file_max)
{
    struct aw_warc_config config = {.dir = b->dir,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .file_max = file_max,
                                    .clock = &b->clock,
                                    .rng = &b->rng};

    assert_ok(b, aw_warc_writer_new(&b->writer, &config, &b->err));
}

static inline void bench_free_writer(struct bench *b)
{
    aw_warc_writer_free(b->writer);
    b->writer = NULL;
}

static inline void bench_close(struct bench *b)
{
    assert_ok(b, aw_warc_close(b->writer, &b->err));
    bench_free_writer(b);
}

#define PAGE_HEAD                              \
    "HTTP/1.1 200 OK\r\n"                      \
    "Content-Type: Text/HTML; charset=gbk\r\n" \
    "Content-Encoding: identity\r\n\r\n"

static inline struct aw_warc_record page(const char *url, const char *body)
{
    return (struct aw_warc_record){.type = AW_WARC_RESPONSE,
                                   .date_ms = NOON,
                                   .target_uri = aw_str_of(url),
                                   .ip = AW_STR("192.0.2.7"),
                                   .protocol = AW_STR("h2"),
                                   .head = AW_STR(PAGE_HEAD),
                                   .body = aw_str_of(body)};
}

static inline struct aw_warc_place
bench_append(struct bench *b, const char *url, const char *body)
{
    struct aw_warc_record record = page(url, body);
    struct aw_warc_place place = {.offset = -1};

    assert_ok(b, aw_warc_append(b->writer, &record, &place, &b->err));
    return place;
}

/* One finished file with pages /0 to /count-1; its name is in place.file. */
static inline struct aw_warc_place bench_file(struct bench *b, int count)
{
    struct aw_warc_place place = {.offset = -1};
    char url[64];

    bench_open(b, 0);
    for (int i = 0; i < count; i++) {
        (void)snprintf(url, sizeof url, "http://shop.example/%d", i);
        place = bench_append(b, url, url);
    }
    bench_close(b);
    return place;
}

/* Reads the record at place: its body must be that. */
static inline void assert_body(struct bench *b,
                               const struct aw_warc_place *place,
                               const char *body)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place read;

    assert_ok(b, aw_warc_open_place(&reader, b->dir, place, &b->err));
    assert_ok(b, aw_warc_next(reader, &record, &read, &b->err));
    assert_str(record.body, body);
    assert_int_equal(read.length, place->length);
    assert_rc(b, AW_MISSING, aw_warc_next(reader, &record, NULL, &b->err));
    aw_warc_reader_free(reader);
}

struct counts {
    int64_t files, records, bytes, index_lines;
};

static inline aw_rc count_visit(void *self,
                                const struct aw_warc_checked *checked,
                                struct aw_err *err)
{
    struct counts *counts = self;

    if (checked->rc != AW_OK)
        return aw_fail(err, checked->rc, "%s", checked->why);
    counts->files++;
    counts->records += checked->records;
    counts->bytes += checked->bytes;
    counts->index_lines += checked->index_lines;
    return AW_OK;
}

/* The check's answer on the folder: the first false file ends it. */
static inline aw_rc bench_check(struct bench *b, struct counts *counts)
{
    *counts = (struct counts){0};
    return aw_warc_check_each(b->dir, true, count_visit, counts, &b->err);
}

static inline struct counts assert_sound(struct bench *b)
{
    struct counts counts = {0};

    assert_ok(b, bench_check(b, &counts));
    return counts;
}

static inline void assert_unsound(struct bench *b, const char *what)
{
    struct counts counts;

    assert_rc(b, AW_INVALID, bench_check(b, &counts));
    if (!strstr(b->err.msg, what))
        fail_msg("'%s' is not in: %s", what, b->err.msg);
}

/* What the first aw_warc_next says of a file of these bytes. */
static inline aw_rc bench_first(struct bench *b, struct aw_str bytes)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    char path[AW_PATH_MAX];
    aw_rc rc;

    bench_write(b, "first.warc", bytes);
    bench_path(b, "first.warc", path);
    assert_ok(b, aw_warc_reader_new(&reader, path, 0, &b->err));
    rc = aw_warc_next(reader, &record, NULL, &b->err);
    aw_warc_reader_free(reader);
    return rc;
}

#endif
