/* Which addresses the fetcher may connect to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "crawler/address.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static union any_address read_address(const char *text)
{
    union any_address address = {0};

    if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
        address.any.sa_family = AF_INET;
        return address;
    }
    if (inet_pton(AF_INET6, text, &address.v6.sin6_addr) != 1)
        fail_msg("%s is no address", text);
    address.any.sa_family = AF_INET6;
    return address;
}

static bool allowed(const struct aw_address_policy *policy, const char *text)
{
    union any_address address = read_address(text);

    return aw_address_allowed(policy, &address.any);
}

static void check_all(const struct aw_address_policy *policy,
                      const char *const *texts, size_t n, bool want)
{
    for (size_t i = 0; i < n; i++)
        if (allowed(policy, texts[i]) != want)
            fail_msg("%s: not %s", texts[i], want ? "allowed" : "refused");
}

static void global_addresses_are_allowed(void **state)
{
    static const char *const texts[] = {
        "1.1.1.1",         "8.8.8.8",        "9.255.255.255",
        "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0",      "169.253.255.255",
        "169.255.0.0",     "172.15.255.255", "172.32.0.0",
        "192.0.1.0",       "192.0.3.0",      "192.88.98.255",
        "192.167.255.255", "192.169.0.0",    "198.17.255.255",
        "198.20.0.0",      "198.51.99.255",  "198.51.101.0",
        "203.0.112.255",   "203.0.114.0",    "223.255.255.255",
        "2001:200::1",     "2400:3200::1",   "2606:4700::1111",
        "2001:db7::1",     "2001:db9::1",    "3ffe:ffff::1",
    };
    struct aw_address_policy policy = {0};

    (void)state;
    check_all(&policy, texts, COUNT(texts), true);
}

static void special_addresses_are_refused(void **state)
{
    static const char *const texts[] = {
        "0.0.0.0",      "0.255.255.255",
        "10.0.0.0",     "10.255.255.255",
        "100.64.0.0",   "100.127.255.255",
        "127.0.0.1",    "127.255.255.255",
        "169.254.0.0",  "169.254.169.254",
        "172.16.0.0",   "172.31.255.255",
        "192.0.0.1",    "192.0.0.170",
        "192.0.2.1",    "192.88.99.1",
        "192.168.0.1",  "192.168.255.255",
        "198.18.0.0",   "198.19.255.255",
        "198.51.100.1", "203.0.113.1",
        "224.0.0.1",    "239.255.255.255",
        "240.0.0.1",    "255.255.255.255",
        "::",           "::1",
        "::8.8.8.8",    "64:ff9b:1::808:808",
        "100::1",       "2001:1::1",
        "2001:2::1",    "2001:20::1",
        "2001:1ff::1",  "2001:db8::1",
        "3fff::1",      "3fff:fff::1",
        "5f00::1",      "fc00::1",
        "fdff::1",      "fe80::1",
        "febf::1",      "fec0::1",
        "ff02::1",      "4000::1",
        "1fff::1",      "::fffe:808:808",
    };
    struct aw_address_policy policy = {0};

    (void)state;
    check_all(&policy, texts, COUNT(texts), false);
}

/* What a machine in a cloud asks for its own keys. */
static void metadata_services_are_refused(void **state)
{
    static const char *const texts[] = {
        "169.254.169.254", /* most of them */
        "169.254.170.2",   /* containers */
        "100.100.100.200",        "168.63.129.16",    "192.0.0.192",
        "fd00:ec2::254",          "fe80::a9fe:a9fe",  "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",     "2002:a9fe:a9fe::", "2002:a83f:8110::1",
        "::ffff:100.100.100.200",
    };
    struct aw_address_policy policy = {0};

    (void)state;
    check_all(&policy, texts, COUNT(texts), false);
    assert_true(allowed(&policy, "168.63.129.15"));
    assert_true(allowed(&policy, "168.63.129.17"));
}

static void carried_ipv4_addresses_are_judged(void **state)
{
    static const char *const good[] = {
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
        "2001:0:808:808::f7f7:f7f7", /* Teredo: the client's bits inverted */
    };
    static const char *const bad[] = {
        "::ffff:127.0.0.1",        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",  "64:ff9b::127.0.0.1",
        "64:ff9b::192.168.0.1",    "2002:7f00:1::",
        "2002:a9fe:a9fe::1",       "2001:0:808:808::80ff:fffe",
        "2001:0:a00:1::f7f7:f7f7",
    };
    struct aw_address_policy policy = {0};

    (void)state;
    check_all(&policy, good, COUNT(good), true);
    check_all(&policy, bad, COUNT(bad), false);
}

static void ranges_of_the_config_are_allowed_too(void **state)
{
    static const char *const ranges[] = {
        "10.1.0.0/16", "127.0.0.1", "172.16.9.9/13",
        "fd00:1::/32", "::1/128",   "::ffff:192.168.7.0/120",
    };
    static const char *const good[] = {
        "10.1.255.255",  "127.0.0.1",   "172.23.0.0",
        "fd00:1:ffff::", "::1",         "::ffff:127.0.0.1",
        "8.8.8.8",       "192.168.7.9", "64:ff9b::10.1.0.1",
    };
    static const char *const bad[] = {"10.2.0.0", "127.0.0.2", "172.24.0.0",
                                      "fd00:2::", "::2",       "192.168.8.0"};
    struct aw_address_policy policy;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_address_policy_init(&policy, ranges, COUNT(ranges),
                                            &err),
                     AW_OK);
    check_all(&policy, good, COUNT(good), true);
    check_all(&policy, bad, COUNT(bad), false);
}

static void a_range_of_no_bits_is_the_whole_family(void **state)
{
    static const char *const ranges[] = {"0.0.0.0/0"};
    struct aw_address_policy policy;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_address_policy_init(&policy, ranges, 1, &err), AW_OK);
    assert_true(allowed(&policy, "255.255.255.255"));
    assert_true(allowed(&policy, "::ffff:127.0.0.1"));
    assert_false(allowed(&policy, "::1"));
}

static void bad_ranges_are_told_by_their_text(void **state)
{
    static const char *const texts[] = {
        "",
        "/",
        "/8",
        "10.0.0.0/33",
        "::/129",
        "10.0.0/8",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/8x",
        "localhost",
        "::1::/64",
        "10.0.0.0/8/8",
        " 10.0.0.0/8",
        "fe80::1%lo",
        "10.0.0.0/99999999999999999999",
        "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111",
    };
    struct aw_address_policy policy = {.count = 7};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct aw_err err = {0};

        assert_int_equal(aw_address_policy_init(&policy, &texts[i], 1, &err),
                         AW_CONFIG);
        assert_non_null(strstr(err.msg, texts[i]));
        assert_int_equal(policy.count, 7);
    }
}

static void ranges_over_the_limit_are_refused(void **state)
{
    const char *texts[AW_ADDRESS_RANGES_MAX + 1];
    struct aw_address_policy policy;
    struct aw_err err;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        texts[i] = "10.0.0.0/8";
    assert_int_equal(aw_address_policy_init(&policy, texts,
                                            AW_ADDRESS_RANGES_MAX, &err),
                     AW_OK);
    assert_int_equal(aw_address_policy_init(&policy, texts, COUNT(texts),
                                            &err),
                     AW_CONFIG);
}

static void other_families_are_refused(void **state)
{
    struct sockaddr address = {.sa_family = AF_UNIX};
    struct aw_address_policy policy = {0};
    char text[AW_ADDRESS_TEXT_MAX];

    (void)state;
    assert_false(aw_address_allowed(&policy, &address));
    aw_address_text(&address, text);
    assert_string_equal(text, "unknown");
}

static void addresses_are_written_bare(void **state)
{
    static const char *const texts[] = {"192.0.2.1", "2001:db8::1"};
    char text[AW_ADDRESS_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        union any_address address = read_address(texts[i]);

        aw_address_text(&address.any, text);
        assert_string_equal(text, texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(global_addresses_are_allowed),
        cmocka_unit_test(special_addresses_are_refused),
        cmocka_unit_test(metadata_services_are_refused),
        cmocka_unit_test(carried_ipv4_addresses_are_judged),
        cmocka_unit_test(ranges_of_the_config_are_allowed_too),
        cmocka_unit_test(a_range_of_no_bits_is_the_whole_family),
        cmocka_unit_test(bad_ranges_are_told_by_their_text),
        cmocka_unit_test(ranges_over_the_limit_are_refused),
        cmocka_unit_test(other_families_are_refused),
        cmocka_unit_test(addresses_are_written_bare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
