/* A record by its URL: in indexes, and in files that have none. */
#include "archive_test.h"

#define URL "http://shop.example/gold"
#define DAY INT64_C(86400000)

static struct aw_warc_source folder(const struct bench *b)
{
    return (struct aw_warc_source){.dir = b->dir};
}

static struct aw_warc_record append_at(struct bench *b, const char *url,
                                       const char *body, int64_t date_ms)
{
    struct aw_warc_record record = page(url, body);
    struct aw_warc_place place;

    record.date_ms = date_ms;
    assert_ok(b, aw_warc_append(b->writer, &record, &place, &b->err));
    return record;
}

/* Views of the record are gone after this; it was of the earlier one. */
static void append_revisit(struct bench *b, enum aw_warc_profile profile,
                           const struct aw_warc_record *earlier,
                           int64_t date_ms)
{
    struct aw_warc_place place;
    struct aw_warc_record record = {.type = AW_WARC_REVISIT,
                                    .profile = profile,
                                    .date_ms = date_ms,
                                    .target_uri = AW_STR(URL),
                                    .refers_to = aw_str_of(earlier->id),
                                    .refers_to_uri = earlier->target_uri,
                                    .refers_to_date_ms = earlier->date_ms,
                                    .head = AW_STR(
                                        "HTTP/1.1 304 Not Modified\r\n\r\n")};

    memcpy(record.payload_digest, earlier->payload_digest,
           sizeof record.payload_digest);
    assert_ok(b, aw_warc_append(b->writer, &record, &place, &b->err));
}

static void assert_body_at(struct bench *b,
                           const struct aw_warc_source *source,
                           const struct aw_warc_place *place, const char *body)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;

    assert_ok(b, aw_warc_open_found(&reader, source, place, &b->err));
    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_str(record.body, body);
    aw_warc_reader_free(reader);
}

static void assert_found(struct bench *b, const struct aw_warc_source *source,
                         const char *url, int64_t at_ms, const char *body)
{
    struct aw_warc_query query = {.urls = {aw_str_of(url)}, .at_ms = at_ms};
    struct aw_warc_place place;

    assert_ok(b, aw_warc_find(source, &query, &place, &b->err));
    assert_body_at(b, source, &place, body);
}

static void assert_not_found(struct bench *b,
                             const struct aw_warc_source *source,
                             const char *url)
{
    struct aw_warc_query query = {.urls = {aw_str_of(url)},
                                  .at_ms = AW_WARC_NEWEST};
    struct aw_warc_place place;

    assert_rc(b, AW_MISSING, aw_warc_find(source, &query, &place, &b->err));
}

/* The revisit that is the newest of URL must lead to that body. */
static aw_rc find_original(struct bench *b,
                           const struct aw_warc_source *source,
                           struct aw_warc_place *place)
{
    struct aw_warc_query query = {.urls = {AW_STR(URL)},
                                  .at_ms = AW_WARC_NEWEST};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    aw_rc rc;

    assert_ok(b, aw_warc_find(source, &query, place, &b->err));
    assert_ok(b, aw_warc_open_found(&reader, source, place, &b->err));
    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_int_equal(record.type, AW_WARC_REVISIT);
    rc = aw_warc_find_original(source, &record, place, &b->err);
    aw_warc_reader_free(reader);
    return rc;
}

static void times_are_read_in_both_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"20161123120000", INT64_C(1479902400000)},
        {"201611231200", INT64_C(1479902400000)},
        {"20161123", INT64_C(1479859200000)},
        {"2016", INT64_C(1451606400000)},
        {"2016-11-23T12:00:00.5Z", INT64_C(1479902400500)},
    };
    static const char *const bad[] = {"",         "x",
                                      "201",      "20161",
                                      "20161323", "201611231200001",
                                      "now",      "20161123250000"};
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(aw_warc_time_parse(aw_str_of(good[i].text), &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(aw_warc_time_parse(aw_str_of(bad[i]), &ms));
}

static void newest_is_found_or_the_one_nearest_to_a_time(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);

    bench_open(b, 1); /* each record in a file of its own */
    (void)append_at(b, URL, "second", NOON + DAY);
    (void)append_at(b, URL, "third", NOON + 2 * DAY);
    (void)append_at(b, URL, "first", NOON);
    bench_close(b);
    assert_found(b, &source, URL, AW_WARC_NEWEST, "third");
    assert_found(b, &source, URL, NOON + DAY + DAY / 3, "second");
    assert_found(b, &source, URL, 0, "first");
}

static void of_one_second_the_last_written_is_the_newest(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);

    bench_open(b, 0);
    (void)append_at(b, URL, "a", NOON);
    (void)append_at(b, URL, "b", NOON);
    bench_close(b);
    assert_found(b, &source, URL, AW_WARC_NEWEST, "b");
}

static void every_line_of_a_sorted_index_is_found(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    char url[64];

    bench_open(b, 0);
    for (int i = 0; i < 300; i++) {
        (void)snprintf(url, sizeof url, "http://shop%d.example/%d", i % 7, i);
        (void)append_at(b, url, url, NOON + i);
    }
    bench_close(b);
    for (int i = 0; i < 300; i++) {
        (void)snprintf(url, sizeof url, "http://shop%d.example/%d", i % 7, i);
        assert_found(b, &source, url, AW_WARC_NEWEST, url);
    }
    assert_not_found(b, &source, "http://shop0.example/");
    assert_not_found(b, &source, "http://a.aaa/");
    assert_not_found(b, &source, "http://z.zzz/");
}

static void growing_index_is_looked_through_as_it_lies(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);

    bench_open(b, 0);
    (void)append_at(b, "http://z.example/", "z", NOON);
    (void)append_at(b, URL, "gold", NOON);
    (void)append_at(b, "http://a.example/", "a", NOON);
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    assert_found(b, &source, URL, AW_WARC_NEWEST, "gold");
    assert_found(b, &source, "http://a.example/", AW_WARC_NEWEST, "a");
}

/* An index sorts "www.", case and https away; evidence is of one URL. */
static void urls_with_the_same_key_are_told_apart(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);

    bench_open(b, 0);
    (void)append_at(b, "http://shop.example/Gold", "upper", NOON);
    (void)append_at(b, URL, "lower", NOON);
    (void)append_at(b, "https://www.shop.example/gold", "secure", NOON + 1);
    bench_close(b);
    assert_found(b, &source, URL, AW_WARC_NEWEST, "lower");
    assert_not_found(b, &source, "http://www.shop.example/gold");
}

static void either_spelling_of_a_url_is_enough(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_place place;
    struct aw_warc_query query = {
        .urls = {AW_STR("HTTP://Shop.example/gold#x"), AW_STR(URL)},
        .at_ms = AW_WARC_NEWEST};

    bench_open(b, 0);
    (void)append_at(b, URL, "gold", NOON);
    bench_close(b);
    assert_ok(b, aw_warc_find(&source, &query, &place, &b->err));
}

static void damaged_lines_are_passed_over(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);

    bench_open(b, 0);
    (void)append_at(b, URL, "gold", NOON);
    bench_close(b);
    bench_write(b, "odd.cdxj.open",
                AW_STR("example,shop)/gold 20301123120000 {\"url\":\n"
                       "example,shop)/gold 2030\n"
                       "example,shop)/gold 20301123120000 []\n"
                       "example,shop)/gold 20301123120000 {\"url\":\"" URL
                       "\",\"offset\":\"0\",\"length\":\"9\"}\n"
                       "example,shop)/gold "));
    assert_found(b, &source, URL, AW_WARC_NEWEST, "gold");
}

static void index_may_not_lead_out_of_its_folder(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_place place;
    struct aw_warc_query query = {.urls = {AW_STR(URL)},
                                  .at_ms = AW_WARC_NEWEST};

    bench_write(b, "odd.cdxj",
                AW_STR("example,shop)/gold 20301123120000 {\"url\":\"" URL
                       "\",\"offset\":\"0\",\"length\":\"9\","
                       "\"filename\":\"../x.warc.gz\"}\n"));
    assert_ok(b, aw_warc_find(&source, &query, &place, &b->err));
    assert_rc(b, AW_INVALID,
              aw_warc_open_found(&reader, &source, &place, &b->err));
}

static void revisit_leads_to_the_payload_it_refers_to(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_record earlier;
    struct aw_warc_place place;

    bench_open(b, 0);
    earlier = append_at(b, "http://shop.example/copy", "same", NOON);
    (void)append_at(b, URL, "other", NOON + DAY);
    append_revisit(b, AW_WARC_IDENTICAL_PAYLOAD, &earlier, NOON + 2 * DAY);
    bench_close(b);
    assert_ok(b, find_original(b, &source, &place));
    assert_body_at(b, &source, &place, "same");
}

/* Two revisits of the same: neither leads to the other. */
static void answer_of_no_change_leads_to_the_earlier_page(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_record earlier;
    struct aw_warc_place place;

    bench_open(b, 0);
    (void)append_at(b, URL, "before", NOON - DAY);
    earlier = append_at(b, URL, "page", NOON);
    earlier.payload_digest[0] = '\0';
    append_revisit(b, AW_WARC_NOT_MODIFIED, &earlier, NOON + DAY);
    append_revisit(b, AW_WARC_NOT_MODIFIED, &earlier, NOON + 2 * DAY);
    bench_close(b);
    assert_ok(b, find_original(b, &source, &place));
    assert_body_at(b, &source, &place, "page");
}

static void payload_that_is_not_there_is_told(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_record earlier = page(URL, "gone");
    struct aw_warc_place place;

    (void)snprintf(earlier.id, sizeof earlier.id, "urn:uuid:gone");
    aw_sha256_hex(earlier.body, earlier.payload_digest);
    bench_open(b, 0);
    (void)append_at(b, URL, "other", NOON);
    append_revisit(b, AW_WARC_IDENTICAL_PAYLOAD, &earlier, NOON + DAY);
    bench_close(b);
    assert_rc(b, AW_MISSING, find_original(b, &source, &place));
    assert_non_null(strstr(b->err.msg, "urn:uuid:gone"));
}

/* --- files of others ------------------------------------------------------
 */

/* The form of wget: brackets, SHA-1, requests before responses, a revisit that
 * names an id alone. */
static const char foreign[] =
    "WARC/1.0\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:x:q1>\r\n"
    "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: <" URL ">\r\n"
    "Content-Type: application/http;msgtype=request\r\n"
    "Content-Length: 28\r\n\r\nGET /gold HTTP/1.1\r\nA: b\r\n\r\n\r\n\r\n"
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:p1>\r\n"
    "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: <" URL ">\r\n"
    "WARC-Concurrent-To: <urn:x:q1>\r\n"
    "WARC-Payload-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "Content-Length: 22\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc\r\n\r\n"
    "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:x:r1>\r\n"
    "WARC-Date: 2025-01-01T00:00:00Z\r\nWARC-Target-URI: <" URL ">\r\n"
    "WARC-Refers-To: <urn:x:p1>\r\nWARC-Truncated: length\r\n"
    "WARC-Payload-Digest: sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "Content-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n";

static struct aw_warc_source foreign_file(struct bench *b, struct aw_str text,
                                          char path[AW_PATH_MAX])
{
    bench_write(b, "theirs.warc", text);
    bench_path(b, "theirs.warc", path);
    return (struct aw_warc_source){.file = path};
}

/* The raw record is, byte for byte, what lies at its place. */
static void assert_raw(struct bench *b, const struct aw_warc_source *source,
                       const struct aw_warc_place *place)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;

    assert_ok(b, aw_warc_open_found(&reader, source, place, &b->err));
    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_true(aw_str_eq(aw_warc_reader_raw(reader),
                          aw_str_sub(aw_str_of(foreign), (size_t)place->offset,
                                     (size_t)place->length)));
    aw_warc_reader_free(reader);
}

static void file_without_an_index_is_looked_through(void **state)
{
    struct bench *b = *state;
    char path[AW_PATH_MAX];
    struct aw_warc_source source = foreign_file(b, aw_str_of(foreign), path);
    struct aw_warc_place place;

    assert_found(b, &source, URL, 0, "abc");
    assert_not_found(b, &source, "http://shop.example/");
    assert_ok(b, find_original(b, &source, &place));
    assert_raw(b, &source, &place);
    assert_body_at(b, &source, &place, "abc");
}

static void request_before_its_response_is_found(void **state)
{
    struct bench *b = *state;
    char path[AW_PATH_MAX];
    struct aw_warc_source source = foreign_file(b, aw_str_of(foreign), path);
    struct aw_warc_query query = {.urls = {AW_STR(URL)}};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;
    struct aw_warc_place at, place;

    assert_ok(b, aw_warc_find(&source, &query, &at, &b->err));
    assert_ok(b, aw_warc_open_found(&reader, &source, &at, &b->err));
    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    assert_ok(b, aw_warc_find_request(&source, &record, &at, &place, &b->err));
    assert_int_equal(place.offset, 0);
    record.concurrent_to = (struct aw_str){0};
    assert_rc(b, AW_MISSING,
              aw_warc_find_request(&source, &record, &at, &place, &b->err));
    aw_warc_reader_free(reader);
}

static void request_behind_its_response_is_found(void **state)
{
    struct bench *b = *state;
    struct aw_warc_source source = folder(b);
    struct aw_warc_record response = page(URL, "gold");
    struct aw_warc_record request = {.type = AW_WARC_REQUEST,
                                     .date_ms = NOON,
                                     .target_uri = AW_STR(URL),
                                     .head =
                                         AW_STR("GET /gold HTTP/1.1\r\n\r\n")};
    struct aw_warc_place at, request_at, found;

    bench_open(b, 0);
    assert_ok(b, aw_warc_append(b->writer, &response, &at, &b->err));
    (void)append_at(b, "http://a.example/", "between", NOON);
    request.concurrent_to = aw_str_of(response.id);
    assert_ok(b, aw_warc_append(b->writer, &request, &request_at, &b->err));
    bench_close(b);
    assert_ok(b,
              aw_warc_find_request(&source, &response, &at, &found, &b->err));
    assert_int_equal(found.offset, request_at.offset);
}

/* --- for wget -------------------------------------------------------------
 */

static void cdx_has_the_columns_of_its_header(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page(URL, "abc");
    struct aw_warc_place place;
    struct aw_buf out;

    bench_open(b, 0);
    assert_ok(b, aw_warc_append(b->writer, &record, &place, &b->err));
    aw_buf_init(&out, 4096);
    assert_ok(b, aw_warc_cdx_put(&out, &record, &place, &b->err));
    assert_true(
        aw_str_starts(aw_buf_str(&out),
                      AW_STR("example,shop)/gold 20161123120000 " URL
                             " Text/HTML 200 "
                             "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5 - - ")));
    assert_non_null(strstr(out.ptr, record.id));
    aw_buf_reset(&out);
    record.type = AW_WARC_REVISIT;
    assert_ok(b, aw_warc_cdx_put(&out, &record, &place, &b->err));
    assert_int_equal(out.len, 0);
    aw_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_in_both_forms),
        bench_test(newest_is_found_or_the_one_nearest_to_a_time),
        bench_test(of_one_second_the_last_written_is_the_newest),
        bench_test(every_line_of_a_sorted_index_is_found),
        bench_test(growing_index_is_looked_through_as_it_lies),
        bench_test(urls_with_the_same_key_are_told_apart),
        bench_test(either_spelling_of_a_url_is_enough),
        bench_test(damaged_lines_are_passed_over),
        bench_test(index_may_not_lead_out_of_its_folder),
        bench_test(revisit_leads_to_the_payload_it_refers_to),
        bench_test(answer_of_no_change_leads_to_the_earlier_page),
        bench_test(payload_that_is_not_there_is_told),
        bench_test(file_without_an_index_is_looked_through),
        bench_test(request_before_its_response_is_found),
        bench_test(request_behind_its_response_is_found),
        bench_test(cdx_has_the_columns_of_its_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
