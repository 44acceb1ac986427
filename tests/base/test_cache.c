#include "base/cache.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/base/base_test.h"

static char dir[PATH_MAX];
static struct aw_cached got;

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_cached_drop(&got);
    drop_temp(dir);
    return 0;
}

static bool get(const char *key)
{
    aw_cached_drop(&got);
    return aw_cache_get(dir, key, &got);
}

static void change_byte(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    int c;

    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    c = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_not_equal(fputc(c ^ 1, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void test_what_was_put_is_got(void **state)
{
    (void)state;
    assert_false(get("key"));
    aw_cache_put(dir, "key", AW_STR("bytes"));
    assert_true(get("key"));
    assert_str(got.bytes, "bytes");
    assert_false(get("another"));
    aw_cache_put(dir, "key", AW_STR("others"));
    assert_true(get("key"));
    assert_str(got.bytes, "others");
}

static void test_the_folder_is_made(void **state)
{
    (void)state;
    (void)strncat(dir, "/a/b", 5);
    aw_cache_put(dir, "key", AW_STR("bytes"));
    assert_true(get("key"));
    dir[strlen(dir) - 4] = '\0';
}

static void test_a_changed_byte_anywhere_makes_it_missing(void **state)
{
    const char *path = in_dir(dir, "key.cache");
    struct stat st;

    (void)state;
    aw_cache_put(dir, "key", AW_STR("bytes"));
    assert_int_equal(stat(path, &st), 0);
    for (long at = 0; at < st.st_size; at++) {
        change_byte(path, at);
        assert_false(get("key"));
        change_byte(path, at);
    }
    assert_true(get("key"));
}

static void test_a_file_cut_off_is_missing(void **state)
{
    const char *path = in_dir(dir, "key.cache");
    struct stat st;

    (void)state;
    aw_cache_put(dir, "key", AW_STR("bytes"));
    assert_int_equal(stat(path, &st), 0);
    for (off_t len = st.st_size - 1; len >= 0; len--) {
        assert_int_equal(truncate(path, len), 0);
        assert_false(get("key"));
    }
}

static void test_what_others_may_write_is_missing(void **state)
{
    const char *path = in_dir(dir, "key.cache");

    (void)state;
    aw_cache_put(dir, "key", AW_STR("bytes"));
    assert_int_equal(chmod(path, 0620), 0);
    assert_false(get("key"));
    assert_int_equal(chmod(path, 0602), 0);
    assert_false(get("key"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(get("key"));
    assert_int_equal(rename(path, in_dir(dir, "aside")), 0);
    assert_int_equal(symlink("aside", path), 0);
    assert_false(get("key"));
}

static void test_only_the_newest_files_stay(void **state)
{
    char key[32];

    (void)state;
    put_file(in_dir(dir, "notes.txt"), "x", 1);
    for (int i = 0; i < AW_CACHE_FILES_MAX + 3; i++) {
        struct timespec old[2] = {{i + 1, 0}, {i + 1, 0}};

        (void)snprintf(key, sizeof key, "k%d", i);
        aw_cache_put(dir, key, AW_STR("bytes"));
        (void)snprintf(key, sizeof key, "k%d.cache", i);
        assert_int_equal(utimensat(AT_FDCWD, in_dir(dir, key), old, 0), 0);
    }
    for (int i = 0; i < AW_CACHE_FILES_MAX + 3; i++) {
        (void)snprintf(key, sizeof key, "k%d", i);
        assert_int_equal(get(key), i >= 3);
    }
    assert_int_equal(access(in_dir(dir, "notes.txt"), F_OK), 0);
}

static void test_a_folder_that_cannot_be_made_is_no_failure(void **state)
{
    (void)state;
    put_file(in_dir(dir, "file"), "x", 1);
    aw_cache_put(in_dir(dir, "file"), "key", AW_STR("bytes"));
    assert_false(aw_cache_get(in_dir(dir, "file"), "key", &got));
}

/* Writing above that limit would end the process by a signal. */
static void test_a_process_that_may_write_no_file_goes_on(void **state)
{
    struct rlimit none = {0, 0};
    pid_t child = fork();
    int status = 0;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        (void)setrlimit(RLIMIT_FSIZE, &none);
        aw_cache_put(dir, "key", AW_STR("bytes"));
        _exit(7);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_false(get("key"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_was_put_is_got),
        TEST(test_the_folder_is_made),
        TEST(test_a_changed_byte_anywhere_makes_it_missing),
        TEST(test_a_file_cut_off_is_missing),
        TEST(test_what_others_may_write_is_missing),
        TEST(test_only_the_newest_files_stay),
        TEST(test_a_folder_that_cannot_be_made_is_no_failure),
        TEST(test_a_process_that_may_write_no_file_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
