#include "cli/learned.h"

#include <sys/stat.h>

#include "base/fs.h"
#include "tests/base/base_test.h"

static char dir[PATH_MAX];
static char path[AW_PATH_MAX];
static struct aw_err err;

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    assert_int_equal(mkdir(in_dir(dir, "learn"), 0777), 0);
    put_file(in_dir(dir, "learn/a.awm"), "a", 1);
    put_file(in_dir(dir, "learn/b.awm"), "b", 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop_temp(dir);
    return 0;
}

static void assert_in_use(const char *name)
{
    assert_int_equal(aw_learned_model(dir, path, &err), AW_OK);
    assert_string_equal(path, in_dir(dir, name));
}

static void assert_none_in_use(void)
{
    assert_int_equal(aw_learned_model(dir, path, &err), AW_MISSING);
}

static void nothing_is_in_use_at_first(void **state)
{
    (void)state;
    assert_none_in_use();
    assert_int_equal(aw_learned_undo(dir, &err), AW_MISSING);
}

static void undo_goes_back_one_by_one(void **state)
{
    (void)state;
    assert_int_equal(aw_learned_use(dir, "a.awm", &err), AW_OK);
    assert_in_use("learn/a.awm");
    assert_int_equal(aw_learned_use(dir, "b.awm", &err), AW_OK);
    assert_in_use("learn/b.awm");
    assert_int_equal(aw_learned_undo(dir, &err), AW_OK);
    assert_in_use("learn/a.awm");
    assert_int_equal(aw_learned_use(dir, "b.awm", &err), AW_OK);
    assert_int_equal(aw_learned_undo(dir, &err), AW_OK);
    assert_int_equal(aw_learned_undo(dir, &err), AW_OK);
    assert_none_in_use();
}

static void a_model_that_is_not_there_is_not_used(void **state)
{
    (void)state;
    assert_int_equal(aw_learned_use(dir, "c.awm", &err), AW_CONFIG);
    assert_has(err.msg, "c.awm");
    assert_none_in_use();
}

static void one_that_was_taken_away_is_told(void **state)
{
    (void)state;
    assert_int_equal(aw_learned_use(dir, "a.awm", &err), AW_OK);
    assert_int_equal(unlink(in_dir(dir, "learn/a.awm")), 0);
    assert_int_equal(aw_learned_model(dir, path, &err), AW_CONFIG);
    assert_has(err.msg, "train --undo");
}

static void a_name_does_not_lead_out_of_the_folder(void **state)
{
    (void)state;
    put_file(in_dir(dir, "x.awm"), "x", 1);
    put_file(in_dir(dir, "learn/current"), "../x.awm\n", 9);
    assert_int_equal(aw_learned_model(dir, path, &err), AW_CONFIG);
    assert_has(err.msg, "no name of a model");
}

#define LEARNED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEARNED(nothing_is_in_use_at_first),
        LEARNED(undo_goes_back_one_by_one),
        LEARNED(a_model_that_is_not_there_is_not_used),
        LEARNED(one_that_was_taken_away_is_told),
        LEARNED(a_name_does_not_lead_out_of_the_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
