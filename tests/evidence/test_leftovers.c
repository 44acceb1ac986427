/* Bundles that a killed process left behind. */
#include "tests/store/fixture.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/fs.h"
#include "evidence/leftovers.h"

static void make(const char *name, char path[AW_PATH_MAX])
{
    ASSERT_OK(aw_path_join(path, fixture.dir, name, &fixture.err));
    ASSERT_OK(aw_file_write(path, AW_STR("half"), &fixture.err));
}

static void what_nobody_holds_is_cleared(void **state)
{
    char path[AW_PATH_MAX];

    (void)state;
    make("adwatch-finding-1-20261125T021300Z.zip.tmp", path);
    ASSERT_OK(aw_leftovers_clear(fixture.store, fixture.dir, &fixture.err));
    assert_false(aw_path_exists(path));
}

static void what_is_being_written_stays(void **state)
{
    char path[AW_PATH_MAX];
    int fd;

    (void)state;
    make("adwatch-night-20261125T021300Z.zip.tmp", path);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    ASSERT_OK(aw_leftovers_clear(fixture.store, fixture.dir, &fixture.err));
    assert_true(aw_path_exists(path));
    assert_int_equal(close(fd), 0);
    ASSERT_OK(aw_leftovers_clear(fixture.store, fixture.dir, &fixture.err));
    assert_false(aw_path_exists(path));
}

static void nothing_else_is_touched(void **state)
{
    static const char *const names[] = {
        "adwatch-finding-1-20261125T021300Z.zip", "somebody.zip.tmp",
        "adwatch-notes.tmp", "below/adwatch-finding-1.zip.tmp"};
    char path[AW_PATH_MAX];

    (void)state;
    ASSERT_OK(aw_path_join(path, fixture.dir, "below", &fixture.err));
    ASSERT_OK(aw_mkdirs(path, &fixture.err));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        make(names[i], path);
        ASSERT_OK(
            aw_leftovers_clear(fixture.store, fixture.dir, &fixture.err));
        assert_true(aw_path_exists(path));
    }
}

/* A link is no bundle that somebody left. */
static void a_link_is_not_followed(void **state)
{
    char target[AW_PATH_MAX];
    char link[AW_PATH_MAX];

    (void)state;
    make("kept", target);
    ASSERT_OK(
        aw_path_join(link, fixture.dir, "adwatch-x.zip.tmp", &fixture.err));
    assert_int_equal(symlink(target, link), 0);
    ASSERT_OK(aw_leftovers_clear(fixture.store, fixture.dir, &fixture.err));
    assert_true(aw_path_exists(target));
    assert_true(aw_path_exists(link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(what_nobody_holds_is_cleared),
        UNIT(what_is_being_written_stays),
        UNIT(nothing_else_is_touched),
        UNIT(a_link_is_not_followed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
