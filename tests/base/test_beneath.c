#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/beneath.h"
#include "base_test.h"

static char dir[PATH_MAX];
static struct aw_buf buf;
static struct aw_err err;
static struct aw_file_id id;

static int set_up(void **s)
{
    (void)s;
    make_temp(dir);
    put_file(in_dir(dir, "secret"), "out", 3);
    assert_int_equal(mkdir(in_dir(dir, "in"), 0777), 0);
    assert_int_equal(mkdir(in_dir(dir, "in/sub"), 0777), 0);
    put_file(in_dir(dir, "in/a.txt"), "a", 1);
    put_file(in_dir(dir, "in/sub/图.txt"), "b", 1);
    aw_buf_init(&buf, 16);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_buf_deinit(&buf);
    drop_temp(dir);
    return 0;
}

static aw_rc read_it(const char *name)
{
    char in[PATH_MAX];

    (void)snprintf(in, sizeof in, "%s", in_dir(dir, "in"));
    aw_buf_reset(&buf);
    return aw_beneath_read(in, aw_str_of(name), &buf, &id, &err);
}

static void files_below_are_read(void **s)
{
    struct aw_file_id same;

    (void)s;
    assert_int_equal(read_it("a.txt"), AW_OK);
    assert_string_equal(buf.ptr, "a");
    assert_true(aw_file_id_of(in_dir(dir, "in/a.txt"), &same));
    assert_true(same.device == id.device && same.inode == id.inode);
    assert_int_equal(read_it("sub/图.txt"), AW_OK);
    assert_int_equal(read_it("sub/../a.txt"), AW_OK);
    assert_int_equal(symlink("../a.txt", in_dir(dir, "in/sub/link")), 0);
    assert_int_equal(read_it("sub/link"), AW_OK);
    assert_string_equal(buf.ptr, "a");
}

static void no_way_leads_out(void **s)
{
    char absolute[PATH_MAX];

    (void)s;
    (void)snprintf(absolute, sizeof absolute, "%s", in_dir(dir, "secret"));
    assert_int_equal(symlink("../secret", in_dir(dir, "in/l1")), 0);
    assert_int_equal(symlink(absolute, in_dir(dir, "in/l2")), 0);
    assert_int_equal(symlink("..", in_dir(dir, "in/l3")), 0);
    assert_int_equal(symlink("l4", in_dir(dir, "in/l4")), 0);
    assert_int_equal(read_it("../secret"), AW_INVALID);
    assert_non_null(strstr(err.msg, "leads out"));
    assert_int_equal(read_it("sub/../../secret"), AW_INVALID);
    assert_int_equal(read_it(absolute), AW_INVALID);
    assert_int_equal(read_it("/proc/self/cwd/x"), AW_INVALID);
    assert_int_equal(read_it("l1"), AW_INVALID);
    assert_int_equal(read_it("l2"), AW_INVALID);
    assert_int_equal(read_it("l3/secret"), AW_INVALID);
    assert_int_equal(read_it("l4"), AW_INVALID);
    assert_int_equal(buf.len, 0);
}

static void what_is_no_file_is_told(void **s)
{
    (void)s;
    assert_int_equal(mkfifo(in_dir(dir, "in/pipe"), 0666), 0);
    assert_int_equal(read_it("pipe"), AW_INVALID);
    assert_non_null(strstr(err.msg, "no file"));
    assert_int_equal(read_it("sub"), AW_INVALID);
    assert_int_equal(read_it("nothere"), AW_MISSING);
    assert_int_equal(read_it("a.txt/b"), AW_MISSING);
    assert_int_equal(read_it(""), AW_INVALID);
    assert_int_equal(aw_beneath_read(dir, (struct aw_str){"a\0b", 3}, &buf,
                                     &id, &err),
                     AW_INVALID);
}

static void a_file_over_the_limit_is_told(void **s)
{
    (void)s;
    put_file(in_dir(dir, "in/big"), "01234567890123456789", 20);
    assert_int_equal(read_it("big"), AW_LIMIT);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(files_below_are_read),
        UNIT(no_way_leads_out),
        UNIT(what_is_no_file_is_told),
        UNIT(a_file_over_the_limit_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
