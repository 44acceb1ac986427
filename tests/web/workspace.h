/* workspace.h - a workspace with a store, an archive and pages in it, and
 * readers: the test that includes this is started again as one, by its pool.
 */
#ifndef AW_TESTS_WEB_WORKSPACE_H
#define AW_TESTS_WEB_WORKSPACE_H

#include "tests/store/fixture.h"

#include "archive/warc.h"
#include "base/rng.h"
#include "reader/process.h"
#include "reader/sight.h"

#define SEEN INT64_C(1795399980000) /* 2026-11-23T02:13:00Z */
#define DAY INT64_C(86400000)
#define PAGE_URL "http://www.jinhui-wealth.example/a/index.html"

struct workspace {
    char archive[AW_PATH_MAX];
    struct aw_clock clock;
    struct aw_rng rng;
    struct aw_warc_writer *writer;
    struct aw_config config;
    struct aw_sight *sight;
};

static struct workspace ws;

/* The test as a reader: "PROGRAM reader LEXICON MODEL --cpu-ms=N ...". */
static inline int workspace_reader(char **argv)
{
    struct aw_classifier_config rules = {.lexicon_dir = argv[2]};
    struct aw_cell_config cell = {.fd = 3, .cpu_ms = 60000, .optional = true};
    struct aw_err err = {0};

    return aw_reader_process(&rules, NULL, &cell, &err) == AW_OK ? 0 : 1;
}

#define WORKSPACE_MAIN(tests)                             \
    int main(int argc, char **argv)                       \
    {                                                     \
        if (argc > 2 && strcmp(argv[1], "reader") == 0)   \
            return workspace_reader(argv);                \
        return cmocka_run_group_tests(tests, NULL, NULL); \
    }

static inline void workspace_sight(const char *program)
{
    struct aw_sight_config config = {.program = program,
                                     .lexicon_dir = "lexicons",
                                     .limits = &ws.config.crawl,
                                     .clock = aw_clock_system()};

    ASSERT_OK(aw_sight_new(&ws.sight, &config, &fixture.err));
}

static inline int workspace_set_up(void **state)
{
    struct aw_warc_config config = {.dir = ws.archive,
                                    .prefix = "adwatch",
                                    .info = "software: adwatch test\r\n",
                                    .clock = &ws.clock,
                                    .rng = &ws.rng};
    int failed = fixture_set_up(state);

    memset(&ws, 0, sizeof ws);
    ws.clock = aw_clock_manual(SEEN + 2 * DAY);
    ws.config.agent.name = (char *)(uintptr_t) "adwatch";
    ws.config.crawl =
        (struct aw_crawl_config){.reader_ms = 30000,
                                 .reader_cpu_ms = 20000,
                                 .image_ms = 30000,
                                 .reader_bytes = INT64_C(1) << 30,
                                 .decoded_max = 8 << 20,
                                 .ratio_max = 100,
                                 .reader_cell = AW_CELL_BEST_EFFORT};
    aw_rng_init(&ws.rng, 7);
    ASSERT_OK(aw_path_join(ws.archive, fixture.dir, "archive", &fixture.err));
    ASSERT_OK(aw_mkdirs(ws.archive, &fixture.err));
    ASSERT_OK(aw_warc_writer_new(&ws.writer, &config, &fixture.err));
    workspace_sight("/proc/self/exe");
    return failed;
}

static inline int workspace_tear_down(void **state)
{
    aw_sight_free(ws.sight);
    aw_warc_writer_free(ws.writer);
    return fixture_tear_down(state);
}

/* What is written to the archive can be found from here on. */
static inline void workspace_close_archive(void)
{
    ASSERT_OK(aw_warc_close(ws.writer, &fixture.err));
}

/* An answer of a server, archived; its row where capture is not NULL. */
struct workspace_answer {
    const char *url;    /* NULL: PAGE_URL */
    const char *fields; /* of HTTP, CRLF behind each; NULL: text/html */
    struct aw_str body;
    int64_t at_ms; /* 0: SEEN */
    int status;    /* 0: 200 */
};

static inline int64_t workspace_capture(struct workspace_answer a)
{
    char head[2048];
    struct aw_warc_place place = {{0}, 0, 0};
    struct aw_warc_record record = {.type = AW_WARC_RESPONSE,
                                    .date_ms = a.at_ms ? a.at_ms : SEEN,
                                    .target_uri =
                                        aw_str_of(a.url ? a.url : PAGE_URL),
                                    .ip = AW_STR("192.0.2.7"),
                                    .body = a.body};

    (void)snprintf(head, sizeof head, "HTTP/1.1 %d OK\r\n%s\r\n",
                   a.status ? a.status : 200,
                   a.fields ? a.fields : "Content-Type: text/html\r\n");
    record.head = aw_str_of(head);
    ASSERT_OK(aw_warc_append(ws.writer, &record, &place, &fixture.err));
    return fixture_capture(
        (struct aw_capture){.url = record.target_uri,
                            .fetched_ms = record.date_ms,
                            .status = a.status ? a.status : 200,
                            .ip = record.ip,
                            .protocol = AW_STR("http/1.1"),
                            .mime = AW_STR("text/html"),
                            .reader = AW_STR("ok"),
                            .warc_file = aw_str_of(place.file),
                            .warc_offset = place.offset,
                            .warc_length = place.length,
                            .payload_digest = aw_str_of(record.payload_digest),
                            .body_bytes = (int64_t)a.body.len});
}

/* A resource record: what was handed in, a DOM (plain > 0), a picture. */
static inline int64_t workspace_resource(const char *uri, const char *url,
                                         const char *type, struct aw_str body,
                                         int64_t plain)
{
    struct aw_warc_place place = {{0}, 0, 0};
    struct aw_warc_record record = {.type = AW_WARC_RESOURCE,
                                    .date_ms = SEEN,
                                    .target_uri = aw_str_of(uri),
                                    .content_type = aw_str_of(type),
                                    .mime = aw_str_of(type),
                                    .body = body};

    ASSERT_OK(aw_warc_append(ws.writer, &record, &place, &fixture.err));
    return fixture_capture(
        (struct aw_capture){.url = aw_str_of(url),
                            .fetched_ms = SEEN,
                            .mime = record.mime,
                            .reader = AW_STR("ok"),
                            .warc_file = aw_str_of(place.file),
                            .warc_offset = place.offset,
                            .warc_length = place.length,
                            .payload_digest = aw_str_of(record.payload_digest),
                            .body_bytes = (int64_t)body.len,
                            .plain = plain});
}

/* A finding on a page with one claim. */
static inline int64_t workspace_finding(int64_t capture, const char *url)
{
    struct aw_claim_row claim = fixture_claim();
    struct aw_finding finding = fixture_finding(url, capture, &claim);

    finding.url = aw_str_of(url);
    finding.host = AW_STR("www.jinhui-wealth.example");
    return fixture_add(&finding);
}

#define WORKSPACE(test)                                     \
    cmocka_unit_test_setup_teardown(test, workspace_set_up, \
                                    workspace_tear_down)

#endif
