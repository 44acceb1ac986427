#include "archive_test.h"

#include <libdeflate.h>

#define SHA_EMPTY \
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static const char file_name[] = "adwatch-20161123120000123-00000.warc.gz";
static const char index_name[] = "adwatch-20161123120000123-00000.cdxj";

/* Appends record, closes, and reads it back by its place. The reader is freed
 * by the caller. */
static struct aw_warc_reader *there_and_back(struct bench *b,
                                             struct aw_warc_record *record,
                                             struct aw_warc_record *back)
{
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_place place;

    bench_open(b, 0);
    assert_ok(b, aw_warc_append(b->writer, record, &place, &b->err));
    bench_close(b);
    assert_ok(b, aw_warc_open_place(&reader, b->dir, &place, &b->err));
    assert_ok(b, aw_warc_next(reader, back, NULL, &b->err));
    assert_int_equal(back->type, record->type);
    assert_string_equal(back->id, record->id);
    assert_int_equal(back->date_ms, record->date_ms);
    assert_true(aw_str_eq(back->target_uri, record->target_uri));
    assert_string_equal(back->block_digest, record->block_digest);
    assert_string_equal(back->payload_digest, record->payload_digest);
    (void)assert_sound(b);
    return reader;
}

static struct aw_buf unpacked(struct bench *b, const char *name)
{
    struct aw_buf packed = bench_read(b, name);
    struct aw_buf out;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    size_t at = 0;

    aw_buf_init(&out, (size_t)1 << 24);
    while (at < packed.len) {
        size_t in = 0, len = 0;
        char *to = aw_buf_reserve(&out, 1 << 16);

        assert_int_equal(libdeflate_gzip_decompress_ex(d, packed.ptr + at,
                                                       packed.len - at, to,
                                                       1 << 16, &in, &len),
                         LIBDEFLATE_SUCCESS);
        out.len += len;
        at += in;
    }
    aw_buf_putc(&out, '\0');
    libdeflate_free_decompressor(d);
    aw_buf_deinit(&packed);
    return out;
}

/* --- round trips -----------------------------------------------------------
 */

static void response_comes_back_with_head_body_and_digests(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "保本保息");
    struct aw_warc_record back;
    char hex[AW_SHA256_HEX_MAX];
    struct aw_warc_reader *reader = there_and_back(b, &record, &back);

    assert_str(back.head, PAGE_HEAD);
    assert_str(back.body, "保本保息");
    assert_str(back.ip, "192.0.2.7");
    assert_str(back.protocol, "h2");
    assert_str(back.content_type, "application/http; msgtype=response");
    assert_int_equal(back.status, 200);
    assert_str(back.mime, "Text/HTML");
    aw_sha256_hex(AW_STR("保本保息"), hex);
    assert_string_equal(back.payload_digest, hex);
    aw_sha256_hex(AW_STR(PAGE_HEAD "保本保息"), hex);
    assert_string_equal(back.block_digest, hex);
    aw_warc_reader_free(reader);
}

static void response_without_body_has_the_digest_of_nothing(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "");
    struct aw_warc_record back;
    struct aw_warc_reader *reader = there_and_back(b, &record, &back);

    assert_string_equal(back.payload_digest, SHA_EMPTY);
    aw_warc_reader_free(reader);
}

static void response_that_was_cut_says_why(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "x");
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    record.truncated = AW_STR("length");
    reader = there_and_back(b, &record, &back);
    assert_str(back.truncated, "length");
    aw_warc_reader_free(reader);
}

static void request_names_its_response(void **state)
{
    struct bench *b = *state;
    const char *id = "urn:uuid:01234567-89ab-4def-8123-456789abcdef";
    struct aw_warc_record back;
    struct aw_warc_record record = {
        .type = AW_WARC_REQUEST,
        .date_ms = NOON,
        .target_uri = AW_STR("http://shop.example/"),
        .concurrent_to = aw_str_of(id),
        .head = AW_STR("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n")};
    struct aw_warc_reader *reader = there_and_back(b, &record, &back);

    assert_str(back.concurrent_to, id);
    assert_str(back.content_type, "application/http; msgtype=request");
    assert_string_equal(back.payload_digest, "");
    assert_int_equal(back.status, 0);
    aw_warc_reader_free(reader);
}

static void revisit_keeps_the_digest_and_not_the_body(void **state)
{
    struct bench *b = *state;
    const char *id = "urn:uuid:01234567-89ab-4def-8123-456789abcdef";
    struct aw_warc_record record = page("http://shop.example/", "same again");
    struct aw_warc_record back;
    struct aw_warc_reader *reader;
    char hex[AW_SHA256_HEX_MAX];

    record.type = AW_WARC_REVISIT;
    record.refers_to = aw_str_of(id);
    record.refers_to_uri = AW_STR("http://shop.example/old");
    record.refers_to_date_ms = NOON - 1000;
    reader = there_and_back(b, &record, &back);
    aw_sha256_hex(AW_STR("same again"), hex);
    assert_string_equal(back.payload_digest, hex);
    assert_str(back.head, PAGE_HEAD);
    assert_int_equal(back.body.len, 0);
    assert_str(back.refers_to, id);
    assert_str(back.refers_to_uri, "http://shop.example/old");
    assert_int_equal(back.refers_to_date_ms, NOON - 1000);
    assert_int_equal(back.status, 200);
    aw_warc_reader_free(reader);
}

static void revisit_may_be_given_the_digest_alone(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record back;
    struct aw_warc_reader *reader;
    struct aw_warc_place place;
    struct aw_warc_record record = {.type = AW_WARC_REVISIT,
                                    .date_ms = NOON,
                                    .target_uri =
                                        AW_STR("http://shop.example/")};

    bench_open(b, 0);
    assert_rc(b, AW_INVALID,
              aw_warc_append(b->writer, &record, &place, &b->err));
    bench_free_writer(b);
    (void)snprintf(record.payload_digest, sizeof record.payload_digest, "%s",
                   SHA_EMPTY);
    record.payload_digest[0] = 'E';
    reader = there_and_back(b, &record, &back);
    assert_string_equal(back.payload_digest, SHA_EMPTY);
    aw_warc_reader_free(reader);
}

static void resource_is_all_payload(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record back;
    struct aw_warc_record record = {.type = AW_WARC_RESOURCE,
                                    .date_ms = NOON,
                                    .target_uri =
                                        AW_STR("urn:adwatch:poster:7"),
                                    .content_type = AW_STR("image/png; x=y"),
                                    .body = AW_STR("\x89PNG\r\n\r\n\0\1")};
    struct aw_warc_reader *reader = there_and_back(b, &record, &back);

    assert_int_equal(back.head.len, 0);
    assert_true(aw_str_eq(back.body, record.body));
    assert_string_equal(back.payload_digest, back.block_digest);
    assert_str(back.mime, "image/png");
    aw_warc_reader_free(reader);
}

static void metadata_and_conversion_come_back(void **state)
{
    struct bench *b = *state;
    static const enum aw_warc_type types[] = {AW_WARC_METADATA,
                                              AW_WARC_CONVERSION};

    for (size_t i = 0; i < 2; i++) {
        struct aw_warc_record back;
        struct aw_warc_record record = {.type = types[i],
                                        .date_ms = NOON,
                                        .target_uri =
                                            AW_STR("http://shop.example/"),
                                        .body = AW_STR(
                                            "via: http://a.example/\r\n")};
        struct aw_warc_reader *reader = there_and_back(b, &record, &back);

        assert_true(aw_str_eq(back.body, record.body));
        aw_warc_reader_free(reader);
        b->clock.manual_ms++;
    }
}

static void missing_id_and_date_are_made(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "x");
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    record.date_ms = 0;
    reader = there_and_back(b, &record, &back);
    assert_int_equal(back.date_ms, NOON);
    assert_int_equal(strlen(back.id), AW_UUID_URN_MAX - 1);
    aw_warc_reader_free(reader);
}

static void large_body_comes_back(void **state)
{
    struct bench *b = *state;
    size_t len = (size_t)9 << 20;
    char *body = malloc(len);
    struct aw_warc_record record = page("http://shop.example/", "");
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    assert_non_null(body);
    for (size_t i = 0; i < len; i++)
        body[i] = (char)aw_rng_next(&b->rng);
    record.body = (struct aw_str){body, len};
    reader = there_and_back(b, &record, &back);
    assert_true(aw_str_eq(back.body, record.body));
    aw_warc_reader_free(reader);
    free(body);
}

/* --- what lies in the file
 * --------------------------------------------------- */

static void file_starts_with_a_warcinfo_that_names_it(void **state)
{
    struct bench *b = *state;
    struct aw_buf text;
    char expected[256];

    (void)bench_file(b, 1);
    text = unpacked(b, file_name);
    assert_true(aw_str_starts(aw_buf_str(&text),
                              AW_STR("WARC/1.1\r\nWARC-Type: warcinfo\r\n"
                                     "WARC-Record-ID: <urn:uuid:")));
    (void)snprintf(expected, sizeof expected, "\r\nWARC-Filename: %s\r\n",
                   file_name);
    assert_non_null(strstr(text.ptr, expected));
    assert_non_null(strstr(text.ptr, "\r\n\r\nsoftware: adwatch test\r\n"));
    aw_buf_deinit(&text);
}

static void headers_are_written_as_the_standard_says(void **state)
{
    struct bench *b = *state;
    static const char *const lines[] = {
        "\r\nWARC-Type: response\r\n",
        "\r\nWARC-Date: 2016-11-23T12:00:00.123Z\r\n",
        "\r\nWARC-Target-URI: http://shop.example/0\r\n",
        "\r\nWARC-IP-Address: 192.0.2.7\r\n",
        "\r\nWARC-Protocol: h2\r\n",
        "\r\nWARC-Warcinfo-ID: <urn:uuid:",
        "\r\nWARC-Payload-Digest: sha256:",
        "\r\nWARC-Block-Digest: sha256:",
        "\r\nContent-Type: application/http; msgtype=response\r\n",
    };
    struct aw_buf text;

    (void)bench_file(b, 1);
    text = unpacked(b, file_name);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(text.ptr, lines[i]))
            fail_msg("missing: %s", lines[i]);
    aw_buf_deinit(&text);
}

/* Runs a shell command on the finished file; its exit status. */
static int run_on(struct bench *b, const char *command)
{
    char path[AW_PATH_MAX], line[AW_PATH_MAX + 128];
    FILE *pipe;

    bench_path(b, file_name, path);
    (void)snprintf(line, sizeof line, command, path);
    pipe = popen(line, "r"); // NOLINT(cert-env33-c): gzip reads our file
    assert_non_null(pipe);
    return pclose(pipe);
}

static void other_programs_unpack_it_as_one_stream(void **state)
{
    struct bench *b = *state;

    (void)bench_file(b, 50);
    assert_int_equal(run_on(b, "gzip -t '%s'"), 0);
    assert_int_equal(run_on(b,
                            "test $(zcat '%s' | grep -ac '^WARC/1.1') = 51"),
                     0);
}

static void level_is_that_of_the_config(void **state)
{
    struct bench *b = *state;
    int64_t lengths[2];
    const int levels[] = {1, 12};
    static char body[60001];

    for (size_t i = 0; i + 1 < sizeof body; i++)
        body[i] = (char)('a' + aw_rng_below(&b->rng, 3));
    for (size_t i = 0; i < 2; i++) {
        struct aw_warc_config config = {.dir = b->dir,
                                        .prefix = "adwatch",
                                        .level = levels[i],
                                        .clock = &b->clock,
                                        .rng = &b->rng};

        assert_ok(b, aw_warc_writer_new(&b->writer, &config, &b->err));
        lengths[i] = bench_append(b, "http://a.example/", body).length;
        bench_close(b);
    }
    assert_true(lengths[1] < lengths[0]);
}

/* --- the index
 * ----------------------------------------------------------------- */

static void index_has_a_line_for_each_payload(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 1);
    struct aw_buf index = bench_read(b, index_name);
    char hex[AW_SHA256_HEX_MAX], expected[1024];

    aw_sha256_hex(AW_STR("http://shop.example/0"), hex);
    (void)snprintf(expected, sizeof expected,
                   "example,shop)/0 20161123120000 "
                   "{\"url\":\"http://shop.example/0\","
                   "\"mime\":\"text/html\",\"status\":\"200\","
                   "\"digest\":\"sha256:%s\",\"length\":\"%lld\","
                   "\"offset\":\"%lld\",\"filename\":\"%s\"}\n",
                   hex, (long long)place.length, (long long)place.offset,
                   file_name);
    assert_str(aw_buf_str(&index), expected);
    aw_buf_deinit(&index);
}

static void index_is_sorted_by_bytes(void **state)
{
    struct bench *b = *state;
    struct aw_str text, line, before = {0};
    struct aw_buf index;
    int count = 0;

    (void)bench_file(b, 120);
    index = bench_read(b, index_name);
    text = aw_buf_str(&index);
    while (aw_str_split(&text, '\n', &line) && line.len > 0) {
        assert_true(aw_str_cmp(before, line) < 0);
        before = line;
        count++;
    }
    assert_int_equal(count, 120);
    aw_buf_deinit(&index);
}

static int64_t number_of(struct aw_str line, const char *name)
{
    ptrdiff_t at = aw_str_find(line, aw_str_of(name));
    struct aw_str part;
    int64_t number = -1;

    assert_true(at >= 0);
    line = aw_str_sub(line, (size_t)at + strlen(name), line.len);
    assert_true(aw_str_split(&line, '"', &part));
    assert_true(aw_str_to_int(part, &number));
    return number;
}

static void index_lines_point_at_their_records(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 30);
    struct aw_buf index = bench_read(b, index_name);
    struct aw_str text = aw_buf_str(&index), line;

    while (aw_str_split(&text, '\n', &line) && line.len > 0) {
        char body[128];
        ptrdiff_t key = aw_str_find(line, AW_STR(" "));

        place.offset = number_of(line, "\"offset\":\"");
        place.length = number_of(line, "\"length\":\"");
        (void)snprintf(body, sizeof body, "http://shop.example%.*s",
                       (int)key - 13, line.ptr + 13);
        assert_body(b, &place, body);
    }
    aw_buf_deinit(&index);
}

static void revisit_is_marked_as_pywb_expects(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "x");
    struct aw_warc_record back;
    struct aw_buf index;

    record.type = AW_WARC_REVISIT;
    aw_warc_reader_free(there_and_back(b, &record, &back));
    index = bench_read(b, index_name);
    assert_non_null(strstr(index.ptr, "\"mime\":\"warc/revisit\""));
    aw_buf_deinit(&index);
}

static void hostile_media_type_cannot_break_a_line(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "x");
    struct aw_warc_record back;
    struct aw_buf index;

    record.head = AW_STR("HTTP/1.1 200\r\nContent-Type: a\"b\\c\rd\x01\xFF\r\n"
                         "\r\n");
    aw_warc_reader_free(there_and_back(b, &record, &back));
    index = bench_read(b, index_name);
    assert_non_null(
        strstr(index.ptr,
               "\"mime\":\"a\\\"b\\\\c\\u000dd\\u0001\xEF\xBF\xBD\""));
    aw_buf_deinit(&index);
}

/* --- hostile values
 * -------------------------------------------------------------- */

static void url_with_a_line_end_or_space_is_refused(void **state)
{
    struct bench *b = *state;
    static const char *const urls[] = {
        "http://a.example/\r\nWARC-Type: response",
        "http://a.example/\n",
        "http://a.example/a b",
        "http://a.example/\x7F",
        "",
        "http://a.example/\xFF",
        "<http://a.example/>"};
    struct aw_warc_place place;

    bench_open(b, 0);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct aw_warc_record record = page(urls[i], "x");

        assert_rc(b, AW_INVALID,
                  aw_warc_append(b->writer, &record, &place, &b->err));
    }
    bench_close(b);
}

static void free_text_loses_control_characters(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://shop.example/", "x");
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    record.ip = AW_STR("192.0.2.7\r\nWARC-Type: warcinfo");
    record.protocol = AW_STR(" h2\n\n");
    record.truncated = AW_STR("le\0ngth");
    record.content_type = AW_STR("application/http\r\nContent-Length: 1");
    reader = there_and_back(b, &record, &back);
    assert_str(back.ip, "192.0.2.7WARC-Type: warcinfo");
    assert_str(back.protocol, "h2");
    assert_str(back.truncated, "length");
    assert_str(back.content_type, "application/http; msgtype=response");
    aw_warc_reader_free(reader);
}

static void odd_resource_types_leave_the_index_right(void **state)
{
    struct bench *b = *state;
    static const char *const types[] = {"", " ", "image/\r\npng", "a\xFFz",
                                        "  text/x ; y"};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct aw_warc_record back;
        struct aw_warc_record record = {.type = AW_WARC_RESOURCE,
                                        .date_ms = NOON,
                                        .target_uri = AW_STR("urn:x:1"),
                                        .content_type = aw_str_of(types[i]),
                                        .body = {"y", i % 2}};

        aw_warc_reader_free(there_and_back(b, &record, &back));
        b->clock.manual_ms++;
    }
}

static void head_must_end_at_its_first_empty_line(void **state)
{
    struct bench *b = *state;
    static const char *const heads[] = {
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\n\nX: y\r\n\r\n"};
    struct aw_warc_place place;

    bench_open(b, 0);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct aw_warc_record record = page("http://a.example/", "x");

        record.head = aw_str_of(heads[i]);
        assert_rc(b, AW_INVALID,
                  aw_warc_append(b->writer, &record, &place, &b->err));
    }
}

static void what_a_header_cannot_hold_is_refused(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page("http://a.example/", "x");
    struct aw_warc_place place;
    char *ip = calloc(1, AW_WARC_HEADER_MAX + 1);

    assert_non_null(ip);
    memset(ip, '7', AW_WARC_HEADER_MAX);
    bench_open(b, 0);
    record.ip = aw_str_of(ip);
    assert_rc(b, AW_LIMIT,
              aw_warc_append(b->writer, &record, &place, &b->err));
    record = page("http://a.example/", "x");
    record.date_ms = INT64_MAX;
    assert_rc(b, AW_INVALID,
              aw_warc_append(b->writer, &record, &place, &b->err));
    record = page("http://a.example/", "x");
    record.type = AW_WARC_TYPE_COUNT;
    assert_rc(b, AW_INVALID,
              aw_warc_append(b->writer, &record, &place, &b->err));
    record = page("http://a.example/", "x");
    record.body.len = AW_WARC_RECORD_MAX;
    assert_rc(b, AW_LIMIT,
              aw_warc_append(b->writer, &record, &place, &b->err));
    place = bench_append(b, "http://a.example/", "fine");
    bench_close(b);
    assert_body(b, &place, "fine");
    free(ip);
}

static void config_is_checked(void **state)
{
    struct bench *b = *state;
    static const char *const prefixes[] = {"", "a/b", "..", "a b", ".x"};

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct aw_warc_config config = {.dir = b->dir,
                                        .prefix = prefixes[i],
                                        .clock = &b->clock,
                                        .rng = &b->rng};

        assert_rc(b, AW_INVALID,
                  aw_warc_writer_new(&b->writer, &config, &b->err));
        config.prefix = "ok";
        config.level = 13;
        assert_rc(b, AW_INVALID,
                  aw_warc_writer_new(&b->writer, &config, &b->err));
    }
}

/* --- files
 * ------------------------------------------------------------------------ */

static void writer_without_records_leaves_no_file(void **state)
{
    struct bench *b = *state;
    char list[1024];

    bench_open(b, 0);
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    bench_close(b);
    bench_list(b, list, sizeof list);
    assert_string_equal(list, "");
}

static void growing_file_has_the_open_suffix(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place;
    char list[1024];

    bench_open(b, 0);
    place = bench_append(b, "http://a.example/", "x");
    assert_ok(b, aw_warc_sync(b->writer, &b->err));
    bench_list(b, list, sizeof list);
    assert_string_equal(list, "adwatch-20161123120000123-00000.cdxj.open "
                              "adwatch-20161123120000123-00000.warc.gz.open ");
    assert_string_equal(place.file, file_name);
    assert_body(b, &place, "x");
    bench_close(b);
    bench_list(b, list, sizeof list);
    assert_string_equal(list, "adwatch-20161123120000123-00000.cdxj "
                              "adwatch-20161123120000123-00000.warc.gz ");
    assert_body(b, &place, "x");
}

static void nothing_is_missing_after_a_sync(void **state)
{
    struct bench *b = *state;

    bench_open(b, 0);
    for (int i = 0; i < 20; i++) {
        struct aw_warc_place place = bench_append(b, "http://a.example/", "x");

        assert_ok(b, aw_warc_sync(b->writer, &b->err));
        assert_body(b, &place, "x");
    }
}

static void full_file_is_followed_by_another(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place places[10];

    bench_open(b, 1);
    for (int i = 0; i < 10; i++)
        places[i] = bench_append(b, "http://a.example/", "x");
    bench_close(b);
    for (int i = 0; i < 10; i++) {
        assert_body(b, &places[i], "x");
        assert_true(i == 0 || strcmp(places[i].file, places[i - 1].file) != 0);
    }
    assert_int_equal(assert_sound(b).files, 10);
    assert_int_equal(assert_sound(b).records, 20);
    assert_int_equal(assert_sound(b).index_lines, 10);
}

static void file_is_as_large_as_the_limit_but_for_one_record(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place last = {0};

    bench_open(b, 20000);
    for (int i = 0; i < 200; i++) {
        struct aw_warc_place place = bench_append(b, "http://a.example/", "x");

        assert_true(place.offset < 20000);
        if (i > 0 && strcmp(place.file, last.file) != 0)
            assert_true(last.offset + last.length >= 20000);
        last = place;
    }
    bench_close(b);
    assert_int_equal(assert_sound(b).index_lines, 200);
}

/* Long URLs pack to little, and their index lines do not. */
static void index_that_outgrows_its_limit_fills_a_file(void **state)
{
    struct bench *b = *state;
    static char url[60001] = "http://a.example/";
    struct aw_warc_place first, place;
    int count = 1;

    memset(url + strlen(url), 'a', sizeof url - 1 - strlen(url));
    bench_open(b, 0);
    first = bench_append(b, url, "x");
    do {
        place = bench_append(b, url, "x");
        count++;
    } while (strcmp(place.file, first.file) == 0 && count < 5000);
    assert_in_range(count, 1100, 1150);
    bench_close(b);
    assert_int_equal(assert_sound(b).index_lines, count);
}

static void taken_names_are_passed_over(void **state)
{
    struct bench *b = *state;

    for (int i = 0; i < 4; i++)
        (void)bench_file(b, 1);
    assert_int_equal(assert_sound(b).files, 4);
}

static void copy_gives_the_member_as_it_lies(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 3);
    struct aw_buf whole = bench_read(b, place.file);
    struct aw_buf member;

    aw_buf_init(&member, (size_t)1 << 20);
    assert_ok(b, aw_warc_copy(b->dir, &place, &member, &b->err));
    assert_true(aw_str_eq(aw_buf_str(&member),
                          aw_str_sub(aw_buf_str(&whole), (size_t)place.offset,
                                     (size_t)place.length)));
    place.length++;
    assert_rc(b, AW_INVALID, aw_warc_copy(b->dir, &place, &member, &b->err));
    place.length = INT64_MAX - place.offset;
    assert_rc(b, AW_LIMIT, aw_warc_copy(b->dir, &place, &member, &b->err));
    aw_buf_deinit(&member);
    aw_buf_deinit(&whole);
}

static void place_may_not_lead_elsewhere(void **state)
{
    struct bench *b = *state;
    static const char *const names[] = {"../x.warc.gz", "/etc/x.warc.gz",
                                        "a/b.warc.gz",  "..warc.gz",
                                        ".warc.gz",     "",
                                        "passwd",       "a\nb.warc.gz",
                                        "x..warc.gz"};
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_place place = {.length = 1};
    struct aw_buf out;

    aw_buf_init(&out, 16);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(place.file, sizeof place.file, "%s", names[i]);
        assert_rc(b, AW_INVALID,
                  aw_warc_open_place(&reader, b->dir, &place, &b->err));
        assert_rc(b, AW_INVALID, aw_warc_copy(b->dir, &place, &out, &b->err));
    }
    memset(place.file, 'a', sizeof place.file);
    assert_rc(b, AW_INVALID, aw_warc_copy(b->dir, &place, &out, &b->err));
    (void)snprintf(place.file, sizeof place.file, "none.warc.gz");
    assert_rc(b, AW_MISSING, aw_warc_copy(b->dir, &place, &out, &b->err));
    place.offset = -1;
    assert_rc(b, AW_INVALID, aw_warc_copy(b->dir, &place, &out, &b->err));
    aw_buf_deinit(&out);
}

static void place_with_a_false_length_is_told(void **state)
{
    struct bench *b = *state;
    struct aw_warc_place place = bench_file(b, 2);
    struct aw_warc_reader *reader = NULL;
    struct aw_warc_record record;

    place.length--;
    assert_ok(b, aw_warc_open_place(&reader, b->dir, &place, &b->err));
    assert_rc(b, AW_INVALID, aw_warc_next(reader, &record, NULL, &b->err));
    aw_warc_reader_free(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(response_comes_back_with_head_body_and_digests),
        bench_test(response_without_body_has_the_digest_of_nothing),
        bench_test(response_that_was_cut_says_why),
        bench_test(request_names_its_response),
        bench_test(revisit_keeps_the_digest_and_not_the_body),
        bench_test(revisit_may_be_given_the_digest_alone),
        bench_test(resource_is_all_payload),
        bench_test(metadata_and_conversion_come_back),
        bench_test(missing_id_and_date_are_made),
        bench_test(large_body_comes_back),
        bench_test(file_starts_with_a_warcinfo_that_names_it),
        bench_test(headers_are_written_as_the_standard_says),
        bench_test(other_programs_unpack_it_as_one_stream),
        bench_test(level_is_that_of_the_config),
        bench_test(index_has_a_line_for_each_payload),
        bench_test(index_is_sorted_by_bytes),
        bench_test(index_lines_point_at_their_records),
        bench_test(revisit_is_marked_as_pywb_expects),
        bench_test(hostile_media_type_cannot_break_a_line),
        bench_test(url_with_a_line_end_or_space_is_refused),
        bench_test(free_text_loses_control_characters),
        bench_test(odd_resource_types_leave_the_index_right),
        bench_test(head_must_end_at_its_first_empty_line),
        bench_test(what_a_header_cannot_hold_is_refused),
        bench_test(config_is_checked),
        bench_test(writer_without_records_leaves_no_file),
        bench_test(growing_file_has_the_open_suffix),
        bench_test(nothing_is_missing_after_a_sync),
        bench_test(full_file_is_followed_by_another),
        bench_test(file_is_as_large_as_the_limit_but_for_one_record),
        bench_test(index_that_outgrows_its_limit_fills_a_file),
        bench_test(taken_names_are_passed_over),
        bench_test(copy_gives_the_member_as_it_lies),
        bench_test(place_may_not_lead_elsewhere),
        bench_test(place_with_a_false_length_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
