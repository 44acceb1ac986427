#include "cli/curve.h"

#include <math.h>

#include <libxml/parser.h>

#include "tests/base/base_test.h"

static struct aw_judged five[] = {{NULL, .9, true, true},
                                  {NULL, .8, false, true},
                                  {NULL, .8, true, true},
                                  {NULL, .4, true, false},
                                  {NULL, .2, false, false}};

static struct aw_eval_report report;
static struct aw_buf out;
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    report = (struct aw_eval_report){.texts = 5,
                                     .verdict = {2, 1, 1, 1},
                                     .ranked = five,
                                     .average_precision =
                                         aw_average_precision(five, 5)};
    aw_buf_init(&out, AW_CURVE_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_buf_deinit(&out);
    return 0;
}

static void draw(const char *title)
{
    if (aw_curve_svg(&report, aw_str_of(title), &out, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

/* The plot is 520 wide and 400 high, from 80, 480 on. */
static void test_the_curve_goes_in_steps(void **state)
{
    (void)state;
    draw("a");
    assert_has(out.ptr, "d=\"M80.0 80.0V80.0H253.3V213.3H426.7V180.0H600.0\"");
}

/* Its area, read off the picture, is the average precision. */
static void test_the_area_is_the_average_precision(void **state)
{
    const char *at;
    double x = 80, area = 0, y, to;
    int len;

    (void)state;
    draw("a");
    at = strstr(out.ptr, "M80.0 80.0V80.0");
    assert_non_null(at);
    for (at += strlen("M80.0 80.0");
         sscanf(at, "V%lfH%lf%n", &y, &to, &len) == 2; at += len) {
        area += (to - x) / 520 * (480 - y) / 400;
        x = to;
    }
    assert_true(fabs(area - report.average_precision) < 0.001);
}

static void test_the_verdicts_and_chance_are_marked(void **state)
{
    (void)state;
    draw("a");
    assert_has(out.ptr, "<circle cx=\"426.7\" cy=\"213.3\"");
    assert_has(out.ptr, "chosen threshold: precision 0.667, recall 0.667");
    assert_has(out.ptr, "M80.0 240.0H600.0"); /* three of five */
    assert_has(out.ptr, "by lot: 0.600");
    assert_has(out.ptr, "5 texts, 3 suspected; average precision 0.806");
}

static void test_any_title_leaves_it_well_formed(void **state)
{
    xmlDocPtr doc;

    (void)state;
    draw("<b>&\"'\x01\xFF 语料");
    assert_has(out.ptr, "&lt;b&gt;&amp;&quot;&#39;");
    doc = xmlReadMemory(out.ptr, (int)out.len, "a.svg", NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    assert_null(strstr(out.ptr, "<script"));
}

static void test_steps_that_nobody_sees_are_left_out(void **state)
{
    size_t count = 100000;
    struct aw_judged *items = calloc(count, sizeof *items);

    (void)state;
    assert_non_null(items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct aw_judged){NULL, 1 - (double)i / (double)count,
                                      i % 2 == 0, true};
    report.ranked = items;
    report.texts = count;
    draw("a");
    assert_in_range(out.len, 1000, 200000);
    free(items);
}

static void test_without_suspected_texts_there_is_no_curve(void **state)
{
    (void)state;
    report.ranked = five + 4;
    report.texts = 1;
    assert_int_equal(aw_curve_svg(&report, AW_STR("held.jsonl"), &out, &err),
                     AW_INVALID);
    assert_has(err.msg, "'held.jsonl'");
    assert_int_equal(out.len, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_curve_goes_in_steps),
        TEST(test_the_area_is_the_average_precision),
        TEST(test_the_verdicts_and_chance_are_marked),
        TEST(test_any_title_leaves_it_well_formed),
        TEST(test_steps_that_nobody_sees_are_left_out),
        TEST(test_without_suspected_texts_there_is_no_curve),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
