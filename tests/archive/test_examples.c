/* A record of each kind, in the order and form of the annex of WARC 1.1; all
 * values are invented. Digests are SHA-1 in base32, as others write them. */
#include "archive_test.h"

#define BOAT "http://museum.example/boat.gif"
#define RESPONSE_ID "urn:uuid:0b0a7000-0000-4000-8000-000000000002"
#define TAKEN_MS INT64_C(1714979289012) /* 2024-05-06T07:08:09.012 */

static const char warcinfo[] =
    "WARC/1.1\r\n"
    "WARC-Type: warcinfo\r\n"
    "WARC-Date: 2024-05-06T07:00:00Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000000>\r\n"
    "Content-Type: application/warc-fields\r\n"
    "WARC-Filename: harbour-000.warc\r\n"
    "Content-Length: 146\r\n"
    "\r\n"
    "software: harbour-crawler 2.0\r\n"
    "hostname: crawl7.library.example\r\n"
    "ip: 192.0.2.17\r\n"
    "operator: A. Person\r\n"
    "format: WARC File Format 1.1\r\n"
    "robots: obey\r\n"
    "\r\n\r\n";

static const char request[] =
    "WARC/1.1\r\n"
    "WARC-Type: request\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Warcinfo-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000000>\r\n"
    "WARC-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000001>\r\n"
    "WARC-Concurrent-To: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "WARC-Block-Digest: sha1:5S6W2FL6HAEMYXTDHXECKH52QROE5SBE\r\n"
    "Content-Type: application/http;msgtype=request\r\n"
    "Content-Length: 67\r\n"
    "\r\n"
    "GET /boat.gif HTTP/1.0\r\n"
    "Host: museum.example\r\n"
    "Connection: close\r\n"
    "\r\n"
    "\r\n\r\n";

static const char response[] =
    "WARC/1.1\r\n"
    "WARC-Type: response\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Warcinfo-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000000>\r\n"
    "WARC-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Block-Digest: sha1:MI6EEYXXBUVTEJGJJI2ZVPCDIVAKHCHQ\r\n"
    "WARC-Payload-Digest: sha1:FPV4GT4QEEBF3SIQKAH2PLWWKLSK4WCT\r\n"
    "WARC-IP-Address: 192.0.2.7\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "WARC-Identified-Payload-Type: image/gif\r\n"
    "Content-Length: 124\r\n"
    "\r\n"
    "HTTP/1.1 200 OK\r\n"
    "Server: harbour\r\n"
    "ETag: \"boat-1\"\r\n"
    "Content-Length: 27\r\n"
    "Content-Type: image/gif\r\n"
    "\r\n"
    "GIF89a, a picture of a boat"
    "\r\n\r\n";

static const char resource[] =
    "WARC/1.1\r\n"
    "WARC-Type: resource\r\n"
    "WARC-Target-URI: dns:museum.example\r\n"
    "WARC-Date: 2024-05-06T07:08:09Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000003>\r\n"
    "Content-Type: text/dns\r\n"
    "WARC-Block-Digest: sha1:FANMW63ZLIH4MFYYIAHAIUCRVWHOMI7A\r\n"
    "Content-Length: 50\r\n"
    "\r\n"
    "20240506070809\n"
    "museum.example. 600 IN A 192.0.2.7\n"
    "\r\n\r\n";

static const char metadata[] =
    "WARC/1.1\r\n"
    "WARC-Type: metadata\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000004>\r\n"
    "WARC-Concurrent-To: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "Content-Type: application/warc-fields\r\n"
    "WARC-Block-Digest: sha1:3LBSAQPKC6PYHAAART4EFLUZQII2O363\r\n"
    "Content-Length: 63\r\n"
    "\r\n"
    "via: http://museum.example/\r\n"
    "hopsFromSeed: E\r\n"
    "fetchTimeMs: 61\r\n"
    "\r\n\r\n";

static const char revisit_same[] =
    "WARC/1.1\r\n"
    "WARC-Type: revisit\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2025-05-06T07:08:09Z\r\n"
    "WARC-Payload-Digest: sha1:FPV4GT4QEEBF3SIQKAH2PLWWKLSK4WCT\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000005>\r\n"
    "WARC-Profile: "
    "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
    "WARC-Refers-To: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "WARC-Refers-To-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Refers-To-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Truncated: length\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "Content-Length: 97\r\n"
    "\r\n"
    "HTTP/1.1 200 OK\r\n"
    "Server: harbour\r\n"
    "ETag: \"boat-1\"\r\n"
    "Content-Length: 27\r\n"
    "Content-Type: image/gif\r\n"
    "\r\n"
    "\r\n\r\n";

static const char revisit_304[] =
    "WARC/1.1\r\n"
    "WARC-Type: revisit\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2026-05-06T07:08:09Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000006>\r\n"
    "WARC-Profile: "
    "http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
    "WARC-Refers-To: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "WARC-Refers-To-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Refers-To-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "Content-Length: 45\r\n"
    "\r\n"
    "HTTP/1.1 304 Not Modified\r\n"
    "ETag: \"boat-1\"\r\n"
    "\r\n"
    "\r\n\r\n";

static const char conversion[] =
    "WARC/1.1\r\n"
    "WARC-Type: conversion\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2040-05-06T07:08:09Z\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000007>\r\n"
    "WARC-Refers-To: <urn:uuid:0b0a7000-0000-4000-8000-000000000002>\r\n"
    "WARC-Block-Digest: sha1:W3CZTI46G4DDH75HJTLNQX675PTEA4KF\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 24\r\n"
    "\r\n"
    "a boat, drawn by letters"
    "\r\n\r\n";

static const char segment_1[] =
    "WARC/1.1\r\n"
    "WARC-Type: response\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Block-Digest: sha1:PWUCMQ5BYRZBDUG5FSRVRHY7GQLRV5HX\r\n"
    "WARC-Payload-Digest: sha1:FPV4GT4QEEBF3SIQKAH2PLWWKLSK4WCT\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000008>\r\n"
    "WARC-Segment-Number: 1\r\n"
    "Content-Type: application/http;msgtype=response\r\n"
    "Content-Length: 103\r\n"
    "\r\n"
    "HTTP/1.1 200 OK\r\n"
    "Server: harbour\r\n"
    "ETag: \"boat-1\"\r\n"
    "Content-Length: 27\r\n"
    "Content-Type: image/gif\r\n"
    "\r\n"
    "GIF89a"
    "\r\n\r\n";

static const char segment_2[] =
    "WARC/1.1\r\n"
    "WARC-Type: continuation\r\n"
    "WARC-Target-URI: http://museum.example/boat.gif\r\n"
    "WARC-Date: 2024-05-06T07:08:09.012345Z\r\n"
    "WARC-Block-Digest: sha1:F2YINMQV5XKQT6OKHKPTXZHHAUEBLU2Y\r\n"
    "WARC-Record-ID: <urn:uuid:0b0a7000-0000-4000-8000-000000000009>\r\n"
    "WARC-Segment-Origin-ID: "
    "<urn:uuid:0b0a7000-0000-4000-8000-000000000008>\r\n"
    "WARC-Segment-Number: 2\r\n"
    "WARC-Segment-Total-Length: 124\r\n"
    "Content-Length: 21\r\n"
    "\r\n"
    ", a picture of a boat"
    "\r\n\r\n";

/* The file of these records, one after the other, opened. */
static struct aw_warc_reader *open_records(struct bench *b, int count, ...)
{
    struct aw_warc_reader *reader = NULL;
    char path[AW_PATH_MAX];
    struct aw_buf text;
    va_list args;

    aw_buf_init(&text, (size_t)1 << 20);
    va_start(args, count);
    for (int i = 0; i < count; i++)
        aw_buf_puts(&text, va_arg(args, const char *));
    va_end(args);
    bench_write(b, "examples.warc", aw_buf_str(&text));
    bench_path(b, "examples.warc", path);
    assert_ok(b, aw_warc_reader_new(&reader, path, 0, &b->err));
    aw_buf_deinit(&text);
    return reader;
}

static struct aw_warc_record next(struct bench *b,
                                  struct aw_warc_reader *reader)
{
    struct aw_warc_record record = {0};

    assert_ok(b, aw_warc_next(reader, &record, NULL, &b->err));
    return record;
}

static void end(struct bench *b, struct aw_warc_reader *reader)
{
    struct aw_warc_record record;

    assert_rc(b, AW_MISSING, aw_warc_next(reader, &record, NULL, &b->err));
    aw_warc_reader_free(reader);
}

static void warcinfo_tells_of_the_file(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 1, warcinfo);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_WARCINFO);
    assert_int_equal(record.target_uri.len, 0);
    assert_str(record.content_type, "application/warc-fields");
    assert_true(aw_str_starts(record.body,
                              AW_STR("software: harbour-crawler 2.0\r\n")));
    end(b, reader);
}

static void request_and_response_belong_together(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 2, request, response);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_REQUEST);
    assert_str(record.concurrent_to, RESPONSE_ID);
    assert_true(aw_str_starts(record.head, AW_STR("GET /boat.gif HTTP/1.0")));
    record = next(b, reader);
    assert_int_equal(record.type, AW_WARC_RESPONSE);
    assert_string_equal(record.id, RESPONSE_ID);
    assert_str(record.target_uri, BOAT);
    assert_str(record.ip, "192.0.2.7");
    assert_str(record.body, "GIF89a, a picture of a boat");
    assert_str(record.mime, "image/gif");
    assert_int_equal(record.status, 200);
    assert_int_equal(record.date_ms, TAKEN_MS);
    assert_int_equal(aw_warc_reader_sums(reader).digests, 3);
    end(b, reader);
}

static void resource_is_a_block_of_its_own(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 1, resource);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_RESOURCE);
    assert_str(record.target_uri, "dns:museum.example");
    assert_str(record.mime, "text/dns");
    end(b, reader);
}

static void metadata_stands_beside_a_response(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 1, metadata);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_METADATA);
    assert_str(record.concurrent_to, RESPONSE_ID);
    assert_str(record.body, "via: http://museum.example/\r\n"
                            "hopsFromSeed: E\r\nfetchTimeMs: 61\r\n");
    end(b, reader);
}

static void revisits_tell_what_they_refer_to(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader =
        open_records(b, 2, revisit_same, revisit_304);

    for (int i = 0; i < 2; i++) {
        struct aw_warc_record record = next(b, reader);

        assert_int_equal(record.type, AW_WARC_REVISIT);
        assert_int_equal(record.profile, i == 0 ? AW_WARC_IDENTICAL_PAYLOAD
                                                : AW_WARC_NOT_MODIFIED);
        assert_str(record.refers_to, RESPONSE_ID);
        assert_str(record.refers_to_uri, BOAT);
        assert_int_equal(record.refers_to_date_ms, TAKEN_MS);
        assert_int_equal(record.status, i == 0 ? 200 : 304);
        assert_int_equal(record.body.len, 0);
    }
    end(b, reader);
}

static void conversion_names_its_original(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 1, conversion);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_CONVERSION);
    assert_str(record.refers_to, RESPONSE_ID);
    assert_str(record.body, "a boat, drawn by letters");
    end(b, reader);
}

/* The payload's digest is that of all segments together. */
static void segments_are_read_one_by_one(void **state)
{
    struct bench *b = *state;
    struct aw_warc_reader *reader = open_records(b, 2, segment_1, segment_2);
    struct aw_warc_record record = next(b, reader);

    assert_int_equal(record.type, AW_WARC_RESPONSE);
    assert_int_equal(record.segment, 1);
    assert_str(record.body, "GIF89a");
    record = next(b, reader);
    assert_int_equal(record.type, AW_WARC_CONTINUATION);
    assert_int_equal(record.segment, 2);
    assert_str(record.body, ", a picture of a boat");
    assert_int_equal(aw_warc_reader_sums(reader).digests, 2);
    end(b, reader);
}

/* One letter less in the payload's digest: the example is found false. */
static void example_with_a_false_digest_is_told(void **state)
{
    struct bench *b = *state;
    const char *digests[] = {"WARC-Block-Digest: sha1:",
                             "WARC-Payload-Digest: sha1:"};

    for (size_t i = 0; i < 2; i++) {
        char text[sizeof response];
        char *at;

        memcpy(text, response, sizeof text);
        at = strstr(text, digests[i]) + strlen(digests[i]);
        *at = *at == 'A' ? 'B' : 'A';
        assert_rc(b, AW_INVALID, bench_first(b, aw_str_of(text)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(warcinfo_tells_of_the_file),
        bench_test(request_and_response_belong_together),
        bench_test(resource_is_a_block_of_its_own),
        bench_test(metadata_stands_beside_a_response),
        bench_test(revisits_tell_what_they_refer_to),
        bench_test(conversion_names_its_original),
        bench_test(segments_are_read_one_by_one),
        bench_test(example_with_a_false_digest_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
