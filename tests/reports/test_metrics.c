#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reports/metrics.h"

static const struct aw_coverage sources[] = {
    {.name = {"a \"b\" \\ 农", 11},
     .planned = 30,
     .requests = 25,
     .fetched = 20,
     .read = 12,
     .unchanged = 5,
     .refused = 1,
     .skipped = 2,
     .failed = 3,
     .left = 4,
     .findings = 6,
     .bytes = 12345,
     .rendered = 8,
     .unrendered = 9},
    {.name = {"line\nfeed", 9}, .planned = 1},
};

static const struct aw_coverage *source_at(const void *self, size_t i)
{
    return i < *(const size_t *)self ? &sources[i] : NULL;
}

static const char *put(size_t count)
{
    static char text[16384];
    struct aw_metrics metrics = {.run = 7,
                                 .state = "running",
                                 .started_ms = INT64_C(1795399980007),
                                 .success_ms = INT64_C(1795313580000),
                                 .queued = 40,
                                 .under_way = 5,
                                 .source_at = source_at,
                                 .self = &count};
    struct aw_buf out;

    aw_buf_init(&out, sizeof text - 1);
    aw_metrics_put(&out, &metrics);
    assert_int_equal(out.rc, AW_OK);
    memcpy(text, out.ptr, out.len + 1);
    aw_buf_deinit(&out);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void test_the_run_is_told(void **state)
{
    const char *text = put(0);

    (void)state;
    assert_has(text, "# TYPE adwatch_run_info gauge\n");
    assert_has(text,
               "adwatch_run_info{run=\"7\",state=\"running\",version=\"");
    assert_has(text, "# UNIT adwatch_run_started_seconds seconds\n");
    assert_has(text, "\nadwatch_run_started_seconds 1795399980.007\n");
    assert_has(text, "\nadwatch_run_ended_seconds 0.000\n");
    assert_has(text, "\nadwatch_last_success_seconds 1795313580.000\n");
    assert_has(text, "\nadwatch_queue 40\n");
    assert_has(text, "\nadwatch_under_way 5\n");
}

#define NAME "{source=\"a \\\"b\\\" \\\\ 农\""

static void test_each_source_is_told(void **state)
{
    const char *text = put(2);

    (void)state;
    assert_has(text, "# TYPE adwatch_pages counter\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"read\"} 12\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"unchanged\"} 5\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"other\"} 3\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"refused\"} 1\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"skipped\"} 2\n");
    assert_has(text, "adwatch_pages_total" NAME ",outcome=\"failed\"} 3\n");
    assert_has(text, "adwatch_planned_total" NAME "} 30\n");
    assert_has(text, "adwatch_requests_total" NAME "} 25\n");
    assert_has(text, "# UNIT adwatch_bytes bytes\n");
    assert_has(text, "adwatch_bytes_total" NAME "} 12345\n");
    assert_has(text, "adwatch_findings_total" NAME "} 6\n");
    assert_has(text, "adwatch_rendered_total" NAME "} 8\n");
    assert_has(text, "adwatch_unrendered_total" NAME "} 9\n");
    assert_has(text, "# TYPE adwatch_left gauge\n");
    assert_has(text, "adwatch_left" NAME "} 4\n");
    assert_has(text, "adwatch_planned_total{source=\"line\\nfeed\"} 1\n");
}

static void test_it_ends_with_eof_and_nothing_behind(void **state)
{
    const char *text = put(2);

    (void)state;
    assert_string_equal(strstr(text, "# EOF"), "# EOF\n");
}

/* The collector refuses the whole file for a type that it does not know. */
static void test_the_types_are_those_of_both_formats(void **state)
{
    const char *at = put(2);

    (void)state;
    while ((at = strstr(at, "# TYPE "))) {
        char type[16];

        assert_int_equal(sscanf(at, "# TYPE %*s %15s", type), 1);
        assert_true(strcmp(type, "gauge") == 0 ||
                    strcmp(type, "counter") == 0);
        at++;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_run_is_told),
        cmocka_unit_test(test_each_source_is_told),
        cmocka_unit_test(test_it_ends_with_eof_and_nothing_behind),
        cmocka_unit_test(test_the_types_are_those_of_both_formats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
