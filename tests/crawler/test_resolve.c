#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/resolve.h"

#define LONG_MS 60000 /* by then a name server has been given up */

static struct {
    struct aw_loop *loop;
    struct aw_resolver *resolver;
    struct aw_clock clock;
    struct aw_lookup last;
    int told;
    struct aw_err err;
} f;

static void on_resolved(void *self, const struct aw_lookup *lookup)
{
    assert_ptr_equal(self, &f);
    f.last = *lookup;
    f.told++;
}

static int set_up(void **state)
{
    struct aw_resolver_config config = {.done = on_resolved, .self = &f};

    (void)state;
    memset(&f, 0, sizeof f);
    f.clock = aw_clock_manual(1000);
    assert_int_equal(aw_loop_new(&f.loop, &f.err), AW_OK);
    config.loop = f.loop;
    config.clock = &f.clock;
    assert_int_equal(aw_resolver_new(&f.resolver, &config, &f.err), AW_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_resolver_free(f.resolver);
    aw_loop_free(f.loop);
    return 0;
}

static const struct aw_lookup *ask(const char *host)
{
    const struct aw_lookup *answer = NULL;

    assert_int_equal(aw_resolver_ask(f.resolver, aw_str_of(host), &answer,
                                     &f.err),
                     AW_OK);
    return answer;
}

static void await(int told)
{
    for (int waited = 0; f.told < told && waited < LONG_MS; waited += 100)
        assert_int_equal(aw_loop_wait(f.loop, 100, &f.err), AW_OK);
    assert_int_equal(f.told, told);
}

static void a_name_of_the_hosts_file_gives_its_address(void **state)
{
    (void)state;
    assert_null(ask("localhost"));
    await(1);
    assert_string_equal(f.last.host, "localhost");
    assert_non_null(strstr(f.last.addresses, "127.0.0.1"));
    assert_string_equal(f.last.source, "hosts file");
    assert_int_equal(f.last.asked_ms, 1000);
}

static void an_answer_serves_for_a_while(void **state)
{
    const struct aw_lookup *answer;

    (void)state;
    assert_null(ask("localhost"));
    await(1);
    f.clock.manual_ms += AW_RESOLVE_KEEP_MS - 1;
    answer = ask("LOCALHOST");
    assert_non_null(answer);
    assert_non_null(strstr(answer->addresses, "127.0.0.1"));
    f.clock.manual_ms++;
    assert_null(ask("localhost"));
    await(2);
}

static void who_asks_meanwhile_is_told_with_the_first(void **state)
{
    (void)state;
    assert_null(ask("localhost"));
    assert_null(ask("localhost"));
    await(1);
    assert_non_null(ask("localhost"));
}

static void a_name_without_an_address_is_asked_anew(void **state)
{
    (void)state;
    assert_null(ask("nothing.invalid"));
    await(1);
    assert_string_equal(f.last.addresses, "");
    assert_null(ask("nothing.invalid"));
    await(2);
}

static void many_names_are_asked_at_once(void **state)
{
    char name[32];

    (void)state;
    for (int i = 0; i < 50; i++) {
        (void)snprintf(name, sizeof name, "n%d.invalid", i);
        assert_null(ask(name));
    }
    await(50);
}

static void a_resolver_may_go_while_it_asks(void **state)
{
    (void)state;
    assert_null(ask("late.invalid"));
}

static void a_name_too_long_is_refused(void **state)
{
    char name[AW_RESOLVE_HOST_MAX + 1];
    const struct aw_lookup *answer;

    (void)state;
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(aw_resolver_ask(f.resolver, aw_str_of(name), &answer,
                                     &f.err),
                     AW_LIMIT);
}

static void the_hosts_file_is_read_word_by_word(void **state)
{
    (void)state;
    assert_true(aw_hosts_file_names(AW_STR("localhost")));
    assert_true(aw_hosts_file_names(AW_STR("LocalHost")));
    assert_false(aw_hosts_file_names(AW_STR("localhos")));
    assert_false(aw_hosts_file_names(AW_STR("127.0.0.1")));
    assert_false(aw_hosts_file_names(AW_STR("")));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_of_the_hosts_file_gives_its_address),
        TEST(an_answer_serves_for_a_while),
        TEST(who_asks_meanwhile_is_told_with_the_first),
        TEST(a_name_without_an_address_is_asked_anew),
        TEST(many_names_are_asked_at_once),
        TEST(a_resolver_may_go_while_it_asks),
        TEST(a_name_too_long_is_refused),
        cmocka_unit_test(the_hosts_file_is_read_word_by_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
