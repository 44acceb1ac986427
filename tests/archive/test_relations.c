/* Records that tell of others: revisits, metadata, conversions. */
#include "archive_test.h"

#define URL "http://shop.example/"
#define OLD_URL "http://shop.example/old"
#define RESPONSE_ID "urn:uuid:01234567-89ab-4def-8123-456789abcdef"
#define SHA_X \
    "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
#define HEAD_304 "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"

/* Writes the record as the one of its file, and opens it. */
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
    (void)assert_sound(b);
    return reader;
}

static struct aw_warc_record revisit(enum aw_warc_profile profile,
                                     const char *head)
{
    return (struct aw_warc_record){.type = AW_WARC_REVISIT,
                                   .date_ms = NOON,
                                   .target_uri = AW_STR(URL),
                                   .profile = profile,
                                   .refers_to = AW_STR(RESPONSE_ID),
                                   .refers_to_uri = AW_STR(OLD_URL),
                                   .refers_to_date_ms = NOON - 1000,
                                   .head = aw_str_of(head)};
}

static void set_digest(struct aw_warc_record *record, const char *hex)
{
    (void)snprintf(record->payload_digest, sizeof record->payload_digest, "%s",
                   hex);
}

static void assert_refused(struct bench *b, struct aw_warc_record record)
{
    struct aw_warc_place place;

    bench_open(b, 0);
    assert_rc(b, AW_INVALID,
              aw_warc_append(b->writer, &record, &place, &b->err));
    bench_free_writer(b);
}

/* The raw header of a record that the writer made, NUL-ended. */
static void assert_header(struct bench *b, struct aw_warc_record record,
                          const char *line)
{
    struct aw_buf out;

    assert_ok(b, aw_warc_record_check(&record, &b->err));
    aw_buf_init(&out, 4096);
    aw_warc_head_put(&out, &record, "urn:uuid:info", NULL);
    if (!strstr(out.ptr, line))
        fail_msg("'%s' is not in: %s", line, out.ptr);
    aw_buf_deinit(&out);
}

static void assert_index(struct bench *b, const char *text)
{
    struct aw_buf index =
        bench_read(b, "adwatch-20161123120000123-00000.cdxj");

    if (!strstr(index.ptr, text))
        fail_msg("'%s' is not in: %s", text, index.ptr);
    aw_buf_deinit(&index);
}

static void same_payload_is_the_profile_unless_told_otherwise(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record =
        revisit(AW_WARC_IDENTICAL_PAYLOAD, PAGE_HEAD);
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    set_digest(&record, SHA_X);
    assert_header(b, record,
                  "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/"
                  "identical-payload-digest\r\n");
    reader = there_and_back(b, &record, &back);
    assert_int_equal(back.profile, AW_WARC_IDENTICAL_PAYLOAD);
    assert_string_equal(back.payload_digest, SHA_X);
    assert_str(back.stated_payload, "sha256:" SHA_X);
    assert_str(back.truncated, "length");
    assert_str(back.refers_to, RESPONSE_ID);
    assert_str(back.refers_to_uri, OLD_URL);
    assert_int_equal(back.refers_to_date_ms, NOON - 1000);
    assert_index(b, "\"mime\":\"warc/revisit\",\"status\":\"200\","
                    "\"digest\":\"sha256:" SHA_X "\"");
    aw_warc_reader_free(reader);
}

static void not_modified_needs_no_digest(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = revisit(AW_WARC_NOT_MODIFIED, HEAD_304);
    struct aw_warc_record back;
    struct aw_warc_reader *reader;

    assert_header(b, record,
                  "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/"
                  "server-not-modified\r\n");
    reader = there_and_back(b, &record, &back);
    assert_int_equal(back.profile, AW_WARC_NOT_MODIFIED);
    assert_string_equal(back.payload_digest, "");
    assert_int_equal(back.status, 304);
    assert_str(back.head, HEAD_304);
    assert_str(back.truncated, "");
    assert_index(b, "\"mime\":\"warc/revisit\",\"status\":\"304\",\"length\"");
    aw_warc_reader_free(reader);
}

static void not_modified_may_have_the_digest_of_the_earlier_one(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = revisit(AW_WARC_NOT_MODIFIED, HEAD_304);
    struct aw_warc_record back;

    set_digest(&record, SHA_X);
    aw_warc_reader_free(there_and_back(b, &record, &back));
    assert_index(b, "\"digest\":\"sha256:" SHA_X "\"");
}

static void revisit_that_says_too_little_or_too_much_is_refused(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record =
        revisit(AW_WARC_IDENTICAL_PAYLOAD, PAGE_HEAD);

    assert_refused(b, record); /* neither payload nor digest */
    record = revisit(AW_WARC_NOT_MODIFIED, HEAD_304);
    record.body = AW_STR("x");
    assert_refused(b, record);
    record = revisit(AW_WARC_NOT_MODIFIED, HEAD_304);
    set_digest(&record, "abc");
    assert_refused(b, record);
    record = revisit(AW_WARC_PROFILE_OTHER, PAGE_HEAD);
    set_digest(&record, SHA_X);
    assert_refused(b, record);
}

static void metadata_stands_beside_its_response(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record back;
    struct aw_warc_record record = {
        .type = AW_WARC_METADATA,
        .date_ms = NOON,
        .target_uri = AW_STR(URL),
        .concurrent_to = AW_STR(RESPONSE_ID),
        .body = AW_STR("via: http://shop.example/from\r\n"
                       "hopsFromSeed: LL\r\nfetchTimeMs: 12\r\n")};
    struct aw_warc_reader *reader = there_and_back(b, &record, &back);

    assert_str(back.content_type, "application/warc-fields");
    assert_str(back.concurrent_to, RESPONSE_ID);
    assert_true(aw_str_eq(back.body, record.body));
    assert_string_equal(back.payload_digest, "");
    aw_warc_reader_free(reader);
}

static void conversion_and_metadata_may_refer_to_a_record(void **state)
{
    struct bench *b = *state;
    const enum aw_warc_type types[] = {AW_WARC_METADATA, AW_WARC_CONVERSION};

    for (size_t i = 0; i < 2; i++) {
        struct aw_warc_record back;
        struct aw_warc_record record = {.type = types[i],
                                        .date_ms = NOON,
                                        .target_uri = AW_STR(URL),
                                        .refers_to = AW_STR(RESPONSE_ID),
                                        .body = AW_STR("x")};
        struct aw_warc_reader *reader = there_and_back(b, &record, &back);

        assert_str(back.refers_to, RESPONSE_ID);
        aw_warc_reader_free(reader);
        bench_empty(b);
    }
}

static void other_records_refer_to_none(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = page(URL, "x");

    record.refers_to = AW_STR(RESPONSE_ID);
    assert_refused(b, record);
    record = page(URL, "x");
    record.refers_to_uri = AW_STR(OLD_URL);
    assert_refused(b, record);
    record = page(URL, "x");
    record.refers_to_date_ms = NOON;
    assert_refused(b, record);
}

static void segments_are_not_written(void **state)
{
    struct bench *b = *state;
    struct aw_warc_record record = {.type = AW_WARC_CONTINUATION,
                                    .date_ms = NOON,
                                    .target_uri = AW_STR(URL),
                                    .body = AW_STR("x")};

    assert_refused(b, record);
}

static void profiles_of_others_are_known(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *uri;
        enum aw_warc_profile profile;
    } cases[] = {
        {"http://netpreserve.org/warc/1.0/revisit/identical-payload-digest",
         AW_WARC_IDENTICAL_PAYLOAD},
        {"http://netpreserve.org/warc/1.0/revisit/"
         "uri-agnostic-identical-payload-digest",
         AW_WARC_IDENTICAL_PAYLOAD},
        {"http://netpreserve.org/warc/1.0/revisit/server-not-modified",
         AW_WARC_NOT_MODIFIED},
        {"http://museum.example/revisit/by-eye", AW_WARC_PROFILE_OTHER},
        {"", AW_WARC_PROFILE_OTHER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct aw_warc_record record;
        struct aw_warc_stated stated;
        struct aw_buf text;

        aw_buf_init(&text, 4096);
        aw_buf_printf(&text,
                      "WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: "
                      "<x:1>\r\nWARC-Date: 2016\r\nWARC-Profile: %s\r\n"
                      "Content-Length: 0\r\n\r\n",
                      cases[i].uri);
        assert_ok(b, aw_warc_head_parse(&text, &record, &stated, &b->err));
        assert_int_equal(record.profile, cases[i].profile);
        aw_buf_deinit(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(same_payload_is_the_profile_unless_told_otherwise),
        bench_test(not_modified_needs_no_digest),
        bench_test(not_modified_may_have_the_digest_of_the_earlier_one),
        bench_test(revisit_that_says_too_little_or_too_much_is_refused),
        bench_test(metadata_stands_beside_its_response),
        bench_test(conversion_and_metadata_may_refer_to_a_record),
        bench_test(other_records_refer_to_none),
        bench_test(segments_are_not_written),
        bench_test(profiles_of_others_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
