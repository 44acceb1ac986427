/* Which hosts are one site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/site.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct aw_sites *sites;

static int set_up(void **state)
{
    struct aw_err err;

    (void)state;
    return aw_sites_new(&sites, &err) == AW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    aw_sites_free(sites);
    return 0;
}

struct example {
    const char *host, *site;
};

static void check_all(const struct example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct aw_str site = aw_site_of(sites, aw_str_of(examples[i].host));

        if (!aw_str_eq(site, aw_str_of(examples[i].site)))
            fail_msg("%s: %.*s, not %s", examples[i].host, AW_STR_ARG(site),
                     examples[i].site);
    }
}

static void a_site_is_a_suffix_and_one_label(void **state)
{
    static const struct example examples[] = {
        {"example.com", "example.com"},
        {"www.example.com", "example.com"},
        {"a.b.c.example.com", "example.com"},
        {"www.example.com.cn", "example.com.cn"},
        {"www.example.gov.cn", "example.gov.cn"},
        {"a.b.example.edu.cn", "example.edu.cn"},
        {"www.example.sd.cn", "example.sd.cn"},
        {"www.example.cn", "example.cn"},
        {"www.example.co.uk", "example.co.uk"},
        {"www.ck", "www.ck"}, /* an exception of the list: !www.ck */
        {"a.www.ck", "www.ck"},
        {"a.b.example.ck", "b.example.ck"},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void internationalised_suffixes_are_known_as_a_labels(void **state)
{
    static const struct example examples[] = {
        /* 中国, 公司.cn, 网络.cn */
        {"www.xn--example-x.xn--fiqs8s", "xn--example-x.xn--fiqs8s"},
        {"www.example.xn--55qx5d.cn", "example.xn--55qx5d.cn"},
        {"www.example.xn--io0a7i.cn", "example.xn--io0a7i.cn"},
        {"www.xn--fiqs8s.example.com.cn", "example.com.cn"},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void tenants_of_a_hosting_suffix_are_sites_of_their_own(void **state)
{
    static const struct example examples[] = {
        {"a.github.io", "a.github.io"},
        {"x.b.github.io", "b.github.io"},
        {"d111.cloudfront.net", "d111.cloudfront.net"},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void a_host_without_a_registrable_domain_is_its_own_site(void **state)
{
    static const struct example examples[] = {
        {"com.cn", "com.cn"},
        {"cn", "cn"},
        {"localhost", "localhost"},
        {"127.0.0.1", "127.0.0.1"},
        {"10.20.30.40", "10.20.30.40"},
        {"[2001:db8::1]", "[2001:db8::1]"},
        {"github.io", "github.io"},
        {"", ""},
        {".", ""},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void an_unknown_tld_gives_two_labels(void **state)
{
    static const struct example examples[] = {
        {"www.example.invalid", "example.invalid"},
        {"a.b.example", "b.example"},
        {"a.1b", "a.1b"},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void a_dot_at_the_end_makes_no_difference(void **state)
{
    static const struct example examples[] = {
        {"www.example.com.cn.", "example.com.cn"},
        {"example.com.", "example.com"},
    };

    (void)state;
    check_all(examples, COUNT(examples));
}

static void names_over_the_limit_are_their_own_site(void **state)
{
    char host[AW_SITE_HOST_MAX + 2];
    struct aw_str view = {host, AW_SITE_HOST_MAX};

    (void)state;
    memset(host, 'a', sizeof host);
    memcpy(host + AW_SITE_HOST_MAX - 6, ".b.com", 6);
    assert_int_equal(aw_site_of(sites, view).len, 5);
    view.len++;
    assert_int_equal(aw_site_of(sites, view).len, AW_SITE_HOST_MAX + 1);
    view = (struct aw_str){"a.com\0.cn", 9};
    assert_int_equal(aw_site_of(sites, view).len, 9);
}

static void suffixes_are_told_from_sites(void **state)
{
    static const char *const suffixes[] = {"com",    "cn",        "com.cn",
                                           "gov.cn", "github.io", "com.cn."};
    static const char *const others[] = {"example.com",
                                         "www.example.com.cn",
                                         "example.invalid",
                                         "127.0.0.1",
                                         "[::1]",
                                         ""};

    (void)state;
    for (size_t i = 0; i < COUNT(suffixes); i++)
        assert_true(aw_site_is_suffix(sites, aw_str_of(suffixes[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(aw_site_is_suffix(sites, aw_str_of(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_site_is_a_suffix_and_one_label),
        cmocka_unit_test(internationalised_suffixes_are_known_as_a_labels),
        cmocka_unit_test(tenants_of_a_hosting_suffix_are_sites_of_their_own),
        cmocka_unit_test(a_host_without_a_registrable_domain_is_its_own_site),
        cmocka_unit_test(an_unknown_tld_gives_two_labels),
        cmocka_unit_test(a_dot_at_the_end_makes_no_difference),
        cmocka_unit_test(names_over_the_limit_are_their_own_site),
        cmocka_unit_test(suffixes_are_told_from_sites),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
