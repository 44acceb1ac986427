/* Libraries that are loaded when they are called: with a table of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/late.h"

static void *handles[3], *slots[4];
static const char *libraries[] = {"libm.so.6", "libz.so.1", "libc.so.6"};
static struct aw_late_function functions[] = {{"cos", 0},
                                              {"zlibVersion", 1},
                                              {"sin", 0},
                                              {"puts", 2}};
static void *copied;
static const struct aw_late_pointer pointers[] = {{"stdout", 2, &copied}};

const struct aw_late_table aw_late_table = {libraries, handles,  functions,
                                            slots,     pointers, 3,
                                            4,         1};

static void reset(void)
{
    for (int i = 0; i < 4; i++)
        slots[i] = NULL;
    handles[0] = handles[1] = handles[2] = copied = NULL;
}

static void test_a_call_loads_its_library_alone(void **state)
{
    double (*cosine)(double);

    (void)state;
    reset();
    *(void **)&cosine = aw_late_find(0);
    assert_true(cosine(0) > 0.99);
    assert_ptr_equal(slots[0], *(void **)&cosine);
    assert_null(slots[1]);
    assert_null(handles[1]);
}

static void test_all_are_loaded_at_once(void **state)
{
    struct aw_err err = {0};

    (void)state;
    reset();
    assert_int_equal(aw_late_load(&err), AW_OK);
    for (int i = 0; i < 4; i++)
        assert_non_null(slots[i]);
    assert_ptr_equal(copied, stdout);
}

static void test_a_missing_library_is_named(void **state)
{
    struct aw_err err = {0};

    (void)state;
    reset();
    libraries[1] = "libnone-such.so.7";
    assert_int_equal(aw_late_load(&err), AW_CONFIG);
    assert_non_null(strstr(err.msg, "libnone-such.so.7"));
    libraries[1] = "libz.so.1";
}

static void test_a_missing_function_is_named(void **state)
{
    struct aw_err err = {0};

    (void)state;
    reset();
    functions[2].name = "none_such";
    assert_int_equal(aw_late_load(&err), AW_CONFIG);
    assert_non_null(strstr(err.msg, "none_such"));
    functions[2].name = "sin";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_call_loads_its_library_alone),
        cmocka_unit_test(test_all_are_loaded_at_once),
        cmocka_unit_test(test_a_missing_library_is_named),
        cmocka_unit_test(test_a_missing_function_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
