#include "classify/prefilter.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/fs.h"
#include "tests/base/base_test.h"

#define MANY 300 /* patterns: enough for the database to be kept */

static char dir[PATH_MAX];
static struct aw_prefilter *filter;
static struct aw_candidate seen[16];
static size_t seen_count;

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    seen_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_prefilter_free(filter);
    filter = NULL;
    drop_temp(dir);
    return 0;
}

static void make(const struct aw_str *patterns, size_t count,
                 const char *cache_dir)
{
    struct aw_err err;

    aw_prefilter_free(filter);
    filter = NULL;
    if (aw_prefilter_new(&filter, patterns, count, cache_dir, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static bool note(void *self, struct aw_candidate candidate)
{
    (void)self;
    assert_true(seen_count < sizeof seen / sizeof *seen);
    seen[seen_count++] = candidate;
    return true;
}

static void scan(const char *text)
{
    seen_count = 0;
    assert_true(aw_prefilter_scan(filter, aw_str_of(text), note, NULL));
}

static void test_a_literal_longer_than_its_key_is_compared_whole(void **state)
{
    const struct aw_str patterns[] = {AW_STR("我们保证收益"),
                                      AW_STR("你们保证收益")};

    (void)state;
    make(patterns, 2, NULL);
    scan("说你们保证收益");
    assert_int_equal(seen_count, 1);
    assert_int_equal(seen[0].pattern, 1);
    assert_int_equal(seen[0].start.start, 3);
    assert_int_equal(seen[0].start.end, 3);
    assert_int_equal(seen[0].at, 21);
    scan("证收益"); /* the key alone, at the very start */
    assert_int_equal(seen_count, 0);
    scan("们保证收益");
    assert_int_equal(seen_count, 0);
}

static void test_a_short_literal_within_a_longer_one_is_found_too(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保证收益"), AW_STR("证收益"),
                                      AW_STR("收益")};

    (void)state;
    make(patterns, 3, NULL);
    scan("保证收益");
    assert_int_equal(seen_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(seen[i].at, 12);
}

static struct aw_str many[MANY];

static void fill_many(char first)
{
    static char texts[MANY][16];

    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%cw%03zuord", first, i);
        many[i] = aw_str_of(texts[i]);
    }
}

/* The only file of the cache, or NULL. */
static const char *kept(void)
{
    static char name[NAME_MAX + 1];
    DIR *folder = opendir(dir);
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(folder);
    while ((entry = readdir(folder)))
        if (entry->d_name[0] != '.') {
            (void)snprintf(name, sizeof name, "%s", entry->d_name);
            count++;
        }
    (void)closedir(folder);
    assert_true(count <= 1);
    return count ? in_dir(dir, name) : NULL;
}

static void assert_works(char first)
{
    char text[] = "a xw123ord here";

    text[2] = first;
    scan(text);
    assert_int_equal(seen_count, 1);
    assert_int_equal(seen[0].pattern, 123);
    assert_int_equal(seen[0].start.start, 2);
}

static void test_the_database_is_kept_and_used_again(void **state)
{
    struct aw_buf first, again;
    struct aw_err err;

    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    assert_works('x');
    aw_buf_init(&first, 1 << 24);
    aw_buf_init(&again, 1 << 24);
    assert_non_null(kept());
    assert_int_equal(aw_file_read(kept(), &first, &err), AW_OK);
    make(many, MANY, dir);
    assert_works('x');
    assert_int_equal(aw_file_read(kept(), &again, &err), AW_OK);
    assert_true(aw_str_eq(aw_buf_str(&first), aw_buf_str(&again)));
    aw_buf_deinit(&first);
    aw_buf_deinit(&again);
}

static void test_a_damaged_file_is_made_anew(void **state)
{
    struct stat st;

    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    assert_int_equal(stat(kept(), &st), 0);
    assert_int_equal(truncate(kept(), st.st_size / 2), 0);
    make(many, MANY, dir);
    assert_works('x');
    assert_int_equal(stat(kept(), &st), 0);
    put_file(kept(), "rubbish", 7);
    make(many, MANY, dir);
    assert_works('x');
}

/* Whole by its digest, and yet no database: as of another library. */
static void test_a_whole_file_that_is_no_database_is_made_anew(void **state)
{
    char key[NAME_MAX + 1];

    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    (void)snprintf(key, sizeof key, "%s", strrchr(kept(), '/') + 1);
    key[strlen(key) - strlen(".cache")] = '\0';
    aw_cache_put(dir, key, AW_STR("this is no database of Vectorscan"));
    make(many, MANY, dir);
    assert_works('x');
}

static void test_other_patterns_have_a_file_of_their_own(void **state)
{
    char old[PATH_MAX];

    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    (void)snprintf(old, sizeof old, "%s", kept());
    assert_int_equal(unlink(old), 0);
    fill_many('y');
    make(many, MANY, dir);
    assert_works('y');
    assert_string_not_equal(kept(), old);
}

static void test_few_patterns_are_not_kept(void **state)
{
    (void)state;
    fill_many('x');
    make(many, 10, dir);
    assert_null(kept());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_literal_longer_than_its_key_is_compared_whole),
        TEST(test_a_short_literal_within_a_longer_one_is_found_too),
        TEST(test_the_database_is_kept_and_used_again),
        TEST(test_a_damaged_file_is_made_anew),
        TEST(test_a_whole_file_that_is_no_database_is_made_anew),
        TEST(test_other_patterns_have_a_file_of_their_own),
        TEST(test_few_patterns_are_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
