#include "archive_test.h"

static void assert_surt(const char *url, const char *key)
{
    struct aw_buf out;

    aw_buf_init(&out, 4096);
    aw_surt_put(&out, aw_str_of(url));
    assert_int_equal(out.rc, AW_OK);
    assert_str(aw_buf_str(&out), key);
    aw_buf_deinit(&out);
}

static void host_is_reversed_and_lower_case(void **state)
{
    (void)state;
    assert_surt("http://Shop.Jining.Example/", "example,jining,shop)/");
    assert_surt("http://a.example", "example,a)/");
    assert_surt("http://a.example?x=1", "example,a)/?x=1");
}

static void www_goes_away_but_not_the_whole_host(void **state)
{
    (void)state;
    assert_surt("http://www.a.example/", "example,a)/");
    assert_surt("http://www12.a.example/", "example,a)/");
    assert_surt("http://wwwa.example/", "example,wwwa)/");
    assert_surt("http://www.example/", "example)/");
    assert_surt("http://www./", ",www)/");
}

static void port_stays_unless_the_scheme_has_it_anyway(void **state)
{
    (void)state;
    assert_surt("http://a.example:8080/x", "example,a:8080)/x");
    assert_surt("http://a.example:80/", "example,a)/");
    assert_surt("https://a.example:443/", "example,a)/");
    assert_surt("https://a.example:80/", "example,a:80)/");
    assert_surt("http://a.example:/", "example,a)/");
}

static void addresses_are_not_reversed(void **state)
{
    (void)state;
    assert_surt("http://127.0.0.1:8080/x", "127.0.0.1:8080)/x");
    assert_surt("http://[::1]:80/", "[::1])/");
}

static void user_and_fragment_go_away(void **state)
{
    (void)state;
    assert_surt("http://user:pw@a.example/x#y?z", "example,a)/x");
    assert_surt("http://a.example/?b#c", "example,a)/?b");
}

static void path_is_lower_case_without_its_last_slash(void **state)
{
    (void)state;
    assert_surt("http://a.example/A/B/", "example,a)/a/b");
    assert_surt("http://a.example/A/?B=C", "example,a)/a?b=c");
}

static void query_is_sorted_by_name_then_value(void **state)
{
    (void)state;
    assert_surt("http://a.example/?b=2&a=3&a=1&a-b=0",
                "example,a)/?a=1&a=3&a-b=0&b=2");
    assert_surt("http://a.example/x?", "example,a)/x");
    assert_surt("http://a.example/?b&a=&a", "example,a)/?a&a=&b");
}

static void escapes_have_one_spelling(void **state)
{
    (void)state;
    assert_surt("http://a.example/%E4%BD%A0%7Ea%2Fb",
                "example,a)/%e4%bd%a0~a/b");
    assert_surt("http://a.example/%2541", "example,a)/a");
    assert_surt("http://a.example/100%", "example,a)/100%25");
    assert_surt("http://a.example/\xE4\xBD\xA0 b", "example,a)/%e4%bd%a0%20b");
}

static void other_schemes_are_only_made_plain(void **state)
{
    (void)state;
    assert_surt("urn:uuid:12-Ab", "urn:uuid:12-ab");
    assert_surt("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_is_reversed_and_lower_case),
        cmocka_unit_test(www_goes_away_but_not_the_whole_host),
        cmocka_unit_test(port_stays_unless_the_scheme_has_it_anyway),
        cmocka_unit_test(addresses_are_not_reversed),
        cmocka_unit_test(user_and_fragment_go_away),
        cmocka_unit_test(path_is_lower_case_without_its_last_slash),
        cmocka_unit_test(query_is_sorted_by_name_then_value),
        cmocka_unit_test(escapes_have_one_spelling),
        cmocka_unit_test(other_schemes_are_only_made_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
