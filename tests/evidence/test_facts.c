#include "tests/base/base_test.h"

#include <cjson/cJSON.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/hash.h"
#include "evidence/facts.h"

static struct aw_err err;
static struct aw_arena arena;
static struct aw_facts facts;

#define RESPONSE AW_STR("urn:uuid:8d6c1b1e-0000-4000-8000-000000000001")
#define HEX "23ba379f1ce7cfeef4905e2ed285d9a05702a3081b915268c57e22dc4ceb104a"

static int set_up(void **state)
{
    (void)state;
    aw_arena_init(&arena, (size_t)16 << 20);
    aw_facts_init(&facts, &arena, RESPONSE);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_arena_deinit(&arena);
    return 0;
}

static aw_rc add(enum aw_warc_type type, const char *uri, struct aw_str body)
{
    const struct aw_warc_record record = {
        .type = type,
        .target_uri = aw_str_of(uri),
        .concurrent_to = type == AW_WARC_METADATA ? RESPONSE : AW_STR(""),
        .body = body,
    };

    return aw_facts_add(&facts, &record, &err);
}

static aw_rc add_text(enum aw_warc_type type, const char *uri,
                      const char *body)
{
    return add(type, uri, aw_str_of(body));
}

static void assert_text(struct aw_str text, const char *want)
{
    assert_true(aw_str_eq(text, aw_str_of(want)));
}

/* ---- fields ------------------------------------------------------------- */

static void the_metadata_is_read(void **state)
{
    (void)state;
    assert_int_equal(
        add_text(AW_WARC_METADATA, "https://a.example/",
                 "via: https://b.example/x\r\nfoundAs: redirect\r\n"
                 "hopsFromSeed: 2\r\nredirectsInARow: 1\r\n"
                 "fetchTimeMs: 87\r\nremoteAddress: 192.0.2.7\r\n"
                 "remotePort: 443\r\nconnection: kept\r\n"
                 "dnsAnswers: 192.0.2.7 2001:db8::7\r\n"
                 "dnsSource: resolver\r\n"
                 "dnsTime: 2026-11-23T02:13:00.123Z\r\n"
                 "tlsProtocol: TLSv1.3\r\n"
                 "tlsCipher: TLS_AES_256_GCM_SHA384\r\n"
                 "tlsChain: sha256:" HEX "\r\n"),
        AW_OK);
    assert_text(facts.via, "https://b.example/x");
    assert_text(facts.found_as, "redirect");
    assert_int_equal(facts.redirects, 1);
    assert_int_equal(facts.fetch_ms, 87);
    assert_text(facts.remote_address, "192.0.2.7");
    assert_int_equal(facts.remote_port, 443);
    assert_true(facts.connection_kept);
    assert_int_equal(facts.dns_count, 2);
    assert_text(facts.dns[1], "2001:db8::7");
    assert_text(facts.dns_source, "resolver");
    assert_text(facts.tls_chain, HEX);
}

static void metadata_of_another_record_is_passed_over(void **state)
{
    const struct aw_warc_record record = {
        .type = AW_WARC_METADATA,
        .concurrent_to = AW_STR("urn:uuid:of-another"),
        .body = AW_STR("via: http://c.example/\r\n"),
    };

    (void)state;
    assert_int_equal(aw_facts_add(&facts, &record, &err), AW_OK);
    assert_int_equal(facts.via.len, 0);
}

static void the_clock_is_read_from_the_warcinfo(void **state)
{
    (void)state;
    assert_int_equal(
        add_text(AW_WARC_WARCINFO, "",
                 "software: adwatch 0.1.0\r\n"
                 "clock-time: 2026-11-23T02:13:00.123Z\r\n"
                 "clock-time-beijing: 2026-11-23 10:13:00 +08:00\r\n"
                 "clock-synchronised: yes\r\nclock-offset-us: -12\r\n"
                 "clock-keeper: chronyd\r\n"),
        AW_OK);
    assert_text(facts.software, "adwatch 0.1.0");
    assert_text(facts.clock_at, "2026-11-23T02:13:00.123Z");
    assert_text(facts.clock_synchronised, "yes");
    assert_text(facts.clock_offset_us, "-12");
    assert_text(facts.clock_keeper, "chronyd");
}

static void older_records_tell_less(void **state)
{
    (void)state;
    assert_int_equal(add_text(AW_WARC_METADATA, "http://a.example/",
                              "foundAs: start\r\nfetchTimeMs: 5\r\n"),
                     AW_OK);
    assert_int_equal(facts.redirects, -1);
    assert_int_equal(facts.remote_port, 0);
    assert_int_equal(facts.dns_count, 0);
}

static void false_fields_are_refused_and_leave_nothing(void **state)
{
    static const char *const bodies[] = {
        "via: http://b.example/\r\nremotePort: many\r\n",
        "via: http://b.example/\r\ntlsChain: sha256:12\r\n",
        "via: http://b.example/\r\ntlsChain: md5:" HEX "\r\n",
        "via: http://b.example/\r\ntlsChain: sha256:" HEX "zz\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(add_text(AW_WARC_METADATA, "http://a.example/",
                                  bodies[i]),
                         AW_INVALID);
        assert_int_equal(facts.via.len, 0);
    }
}

/* ---- limits ------------------------------------------------------------- */

static void assert_limit(enum aw_warc_type type, const char *uri,
                         const char *head, const char *repeated, size_t times)
{
    struct aw_buf body;

    aw_buf_init(&body, (size_t)32 << 20);
    aw_buf_puts(&body, head);
    for (size_t i = 0; i < times; i++)
        aw_buf_puts(&body, repeated);
    assert_int_equal(body.rc, AW_OK);
    assert_int_equal(add(type, uri, aw_buf_str(&body)), AW_LIMIT);
    aw_buf_deinit(&body);
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    assert_limit(AW_WARC_METADATA, "", "dnsAnswers:", " 192.0.2.1",
                 AW_FACTS_ADDRESSES_MAX + 1);
    assert_limit(AW_WARC_METADATA, "", "", "x: y\r\n", 20000);
    assert_limit(AW_WARC_METADATA, "", "via: ", "x", AW_FACTS_TEXT_MAX + 1);
    assert_limit(AW_WARC_RESOURCE, "urn:pageinfo:http://a.example/", "", "[",
                 200000);
    assert_limit(AW_WARC_RESOURCE, "urn:pageinfo:http://a.example/",
                 "{\"resources\":[", "{},", AW_FACTS_RESOURCES_MAX * 21);
    assert_limit(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX, "", "x",
                 AW_FACTS_CHAIN_MAX + 1);
}

/* ---- pageinfo ----------------------------------------------------------- */

static void what_the_browser_loaded_is_read(void **state)
{
    (void)state;
    assert_int_equal(
        add_text(AW_WARC_RESOURCE, "urn:pageinfo:http://a.example/",
                 "{\"browser\":\"Chrome/156.0\",\"page_given\":false,"
                 "\"page_record\":\"urn:uuid:1\",\"page_digest\":\"ab\","
                 "\"page_status\":200,\"resources\":["
                 "{\"url\":\"http://a.example/\",\"record\":\"urn:uuid:1\","
                 "\"status\":200,\"mime\":\"text/html\",\"bytes\":120},"
                 "{\"url\":\"http://a.example/a.css\",\"record\":"
                 "\"urn:uuid:2\",\"status\":404,\"mime\":\"text/css\","
                 "\"bytes\":1e300}],\"resources_cut\":true}"),
        AW_OK);
    assert_text(facts.browser, "Chrome/156.0");
    assert_false(facts.page_given);
    assert_text(facts.page_record, "urn:uuid:1");
    assert_int_equal(facts.page_status, 200);
    assert_int_equal(facts.resource_count, 2);
    assert_text(facts.resources[1].url, "http://a.example/a.css");
    assert_int_equal(facts.resources[1].status, 404);
    assert_int_equal(facts.resources[1].bytes, 0);
    assert_true(facts.resources_cut);
}

/* As it was until its list came: a count. */
static void an_older_pageinfo_has_no_list(void **state)
{
    (void)state;
    assert_int_equal(
        add_text(AW_WARC_RESOURCE, "urn:pageinfo:http://a.example/",
                 "{\"url\":\"http://a.example/\",\"resources\":5}"),
        AW_OK);
    assert_int_equal(facts.resource_count, 0);
}

static void a_pageinfo_that_is_no_object_is_refused(void **state)
{
    (void)state;
    assert_int_equal(add_text(AW_WARC_RESOURCE, "urn:pageinfo:x", "[]"),
                     AW_INVALID);
    assert_int_equal(add_text(AW_WARC_RESOURCE, "urn:pageinfo:x", "{"),
                     AW_INVALID);
    assert_int_equal(add_text(AW_WARC_RESOURCE, "urn:pageinfo:x", ""),
                     AW_INVALID);
}

/* ---- certificates ------------------------------------------------------- */

static void put_certificate(BIO *out, EVP_PKEY *key, const char *organisation)
{
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);

    assert_non_null(x);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(x), 0xBEEF);
    (void)ASN1_TIME_set(X509_getm_notBefore(x), 1795399980);
    (void)ASN1_TIME_set(X509_getm_notAfter(x), 1795399980 + 86400);
    (void)X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                     (const unsigned char *)organisation, -1,
                                     -1, 0);
    (void)X509_set_issuer_name(x, name);
    (void)X509_set_pubkey(x, key);
    assert_true(X509_sign(x, key, NULL) > 0);
    assert_int_equal(PEM_write_bio_X509(out, x), 1);
    X509_free(x);
}

static BIO *make_chain(int count)
{
    BIO *out = BIO_new(BIO_s_mem());
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    for (int i = 0; i < count; i++)
        put_certificate(out, key, i ? "样例证书中心" : "样例财富");
    EVP_PKEY_free(key);
    return out;
}

static struct aw_str bytes_of(BIO *bio)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);

    return (struct aw_str){text, (size_t)len};
}

static void the_chain_is_read(void **state)
{
    BIO *pem = make_chain(2);

    (void)state;
    assert_int_equal(add(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX,
                         bytes_of(pem)),
                     AW_OK);
    assert_int_equal(facts.certificate_count, 2);
    assert_text(facts.certificates[0].subject, "O=样例财富");
    assert_text(facts.certificates[1].issuer, "O=样例证书中心");
    assert_text(facts.certificates[0].serial, "BEEF");
    assert_int_equal(facts.certificates[0].from_ms, INT64_C(1795399980000));
    assert_int_equal(facts.certificates[0].until_ms,
                     INT64_C(1795399980000) + 86400000);
    assert_int_equal(strlen(facts.certificates[0].sha256), 64);
    BIO_free(pem);
}

static void a_chain_that_is_none_is_refused(void **state)
{
    BIO *pem = make_chain(1);
    struct aw_str bytes = bytes_of(pem);

    (void)state;
    assert_int_equal(add_text(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX, ""),
                     AW_INVALID);
    assert_int_equal(add_text(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX, "PEM"),
                     AW_INVALID);
    assert_int_equal(add(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX,
                         aw_str_sub(bytes, 0, bytes.len - 40)),
                     AW_INVALID);
    assert_int_equal(facts.certificate_count, 0);
    BIO_free(pem);
}

static void too_many_certificates_are_refused(void **state)
{
    BIO *pem = make_chain(AW_FACTS_CERTIFICATES_MAX + 1);

    (void)state;
    assert_int_equal(add(AW_WARC_RESOURCE, AW_TLS_CHAIN_URN HEX,
                         bytes_of(pem)),
                     AW_LIMIT);
    BIO_free(pem);
}

/* ---- JSON --------------------------------------------------------------- */

static void all_of_it_is_json(void **state)
{
    struct aw_buf out;
    cJSON *json;

    (void)state;
    assert_int_equal(add_text(AW_WARC_METADATA, "http://a.example/",
                              "via: http://b.example/\"\x01\xff\r\n"
                              "tlsProtocol: TLSv1.3\r\n"),
                     AW_OK);
    aw_buf_init(&out, 1 << 16);
    aw_buf_putc(&out, '{');
    aw_facts_json(&out, &facts);
    aw_buf_putc(&out, '}');
    json = cJSON_Parse(out.ptr);
    assert_non_null(json);
    assert_non_null(cJSON_GetObjectItem(json, "network"));
    assert_non_null(cJSON_GetObjectItem(json, "clock"));
    assert_null(cJSON_GetObjectItem(json, "browser"));
    cJSON_Delete(json);
    aw_buf_deinit(&out);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_metadata_is_read),
        TEST(metadata_of_another_record_is_passed_over),
        TEST(the_clock_is_read_from_the_warcinfo),
        TEST(older_records_tell_less),
        TEST(false_fields_are_refused_and_leave_nothing),
        TEST(what_is_too_much_is_refused),
        TEST(what_the_browser_loaded_is_read),
        TEST(an_older_pageinfo_has_no_list),
        TEST(a_pageinfo_that_is_no_object_is_refused),
        TEST(the_chain_is_read),
        TEST(a_chain_that_is_none_is_refused),
        TEST(too_many_certificates_are_refused),
        TEST(all_of_it_is_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
