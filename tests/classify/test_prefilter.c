#include "classify/prefilter.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/cache.h"
#include "base/fs.h"
#include "tests/base/base_test.h"

#define MANY 300 /* patterns: enough for the database to be kept */

static char dir[PATH_MAX];
static struct aw_prefilter *filter;
static struct aw_sights *sights;

static void drop(void)
{
    aw_sights_free(sights);
    aw_prefilter_free(filter);
    sights = NULL;
    filter = NULL;
}

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop();
    drop_temp(dir);
    return 0;
}

static void make(const struct aw_str *patterns, size_t count,
                 const char *cache_dir)
{
    struct aw_err err;

    drop();
    if (aw_prefilter_new(&filter, patterns, count, cache_dir, &err) != AW_OK ||
        aw_sights_new(&sights, filter, &err) != AW_OK)
        fail_msg("%s", err.msg);
}

static size_t len;

static void look(const char *text)
{
    struct aw_err err;

    len = strlen(text);
    assert_int_equal(aw_sights_read(sights, aw_str_of(text), &err), AW_OK);
}

/* The patterns that may match: "0 2". */
static void assert_patterns(const char *expected)
{
    size_t count;
    const uint32_t *patterns = aw_sights_patterns(sights, &count);
    char got[256] = "";

    for (size_t i = 0; i < count; i++)
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s%u",
                       i ? " " : "", patterns[i]);
    assert_string_equal(got, expected);
}

/* Where matches within that window may start, and the last may end:
 * "3-3<21 30-36<54". */
static void assert_stretches(size_t pattern, size_t from, size_t to,
                             const char *expected)
{
    struct aw_stretches stretches =
        aw_stretches_of(sights, pattern, (struct aw_range){from, to});
    struct aw_range start;
    size_t last;
    char got[256] = "";

    while (aw_stretches_next(&stretches, &start, &last))
        (void)snprintf(got + strlen(got), sizeof got - strlen(got),
                       "%s%zu-%zu<%zu", got[0] ? " " : "", start.start,
                       start.end, last);
    assert_string_equal(got, expected);
}

static void test_a_literal_longer_than_its_key_is_compared_whole(void **state)
{
    const struct aw_str patterns[] = {AW_STR("我们保证收益"),
                                      AW_STR("你们保证收益")};

    (void)state;
    make(patterns, 2, NULL);
    look("说你们保证收益");
    assert_patterns("1");
    assert_stretches(1, 0, len, "3-3<21");
    look("证收益"); /* the key alone, at the very start */
    assert_patterns("");
    look("们保证收益");
    assert_patterns("");
}

static void test_a_short_literal_within_a_longer_one_is_found_too(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保证收益"), AW_STR("证收益"),
                                      AW_STR("收益")};

    (void)state;
    make(patterns, 3, NULL);
    look("保证收益");
    assert_patterns("0 1 2");
    assert_stretches(0, 0, len, "0-0<12");
    assert_stretches(1, 0, len, "3-3<12");
    assert_stretches(2, 0, len, "6-6<12");
}

static void test_a_match_needs_all_of_its_words_and_near(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保证.{0,2}收益")};

    (void)state;
    make(patterns, 1, NULL);
    look("保证");
    assert_patterns("");
    look("保证年收益");
    assert_patterns("0");
    assert_stretches(0, 0, len, "0-0<15");
    look("保证质量，一分也不少的收益"); /* too far off */
    assert_patterns("0");
    assert_stretches(0, 0, len, "");
    look("收益有保证");
    assert_stretches(0, 0, len, "");
}

static void test_a_window_holds_all_of_a_match(void **state)
{
    const struct aw_str patterns[] = {AW_STR("稳.{0,2}保本")};

    (void)state;
    make(patterns, 1, NULL);
    look("保本，稳稳保本，稳保本");
    assert_stretches(0, 0, len, "0-0<17 4-15<32 16-27<33");
    assert_stretches(0, 9, 21, "9-15<21");
    assert_stretches(0, 9, 20, "");
    assert_stretches(0, 16, 21, "");
}

static void test_what_has_no_words_is_tried_everywhere(void **state)
{
    const struct aw_str patterns[] = {AW_STR("[^，]{1,4}"), AW_STR("保本")};
    size_t at;

    (void)state;
    make(patterns, 2, NULL);
    look("放心");
    assert_patterns("0");
    assert_non_null(aw_prefilter_refused(filter, 0));
    assert_null(aw_prefilter_refused(filter, 1));
    assert_stretches(0, 0, len, "0-6<6");
    assert_true(aw_sights_seek(sights, 0, 3, &at));
    assert_int_equal(at, 3);
    assert_false(aw_sights_seek(sights, 0, len, &at));
    assert_false(aw_sights_seek(sights, 1, 0, &at));
}

static void test_places_are_found_one_behind_another(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保本")};
    size_t at;

    (void)state;
    make(patterns, 1, NULL);
    look("又保本，又保本");
    assert_true(aw_sights_seek(sights, 0, 0, &at));
    assert_int_equal(at, 3);
    assert_true(aw_sights_seek(sights, 0, 4, &at));
    assert_int_equal(at, 15);
    assert_false(aw_sights_seek(sights, 0, 16, &at));
}

static void test_what_was_read_before_is_forgotten(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保本")};

    (void)state;
    make(patterns, 1, NULL);
    look("保本");
    look("放心");
    assert_patterns("");
    assert_stretches(0, 0, len, "");
}

/* A longer word that ends as a shorter one starts before it. */
static void test_words_within_words_hide_no_match(void **state)
{
    const struct aw_str patterns[] = {
        AW_STR("(?:理财|投资|存钱).?(?:保本|保息|真的保本又快又好保息了)")};

    (void)state;
    make(patterns, 1, NULL);
    look("理财真的保本又快又好保息了");
    assert_patterns("0");
    assert_stretches(0, 0, len, "0-30<39");
}

/* Vectorscan misses some of a few keys. */
static void test_of_a_few_words_none_is_missed(void **state)
{
    const struct aw_str patterns[] = {AW_STR("收益"), AW_STR("保息")};
    char text[128];

    (void)state;
    make(patterns, 2, NULL);
    for (size_t before = 0; before < 33; before++) {
        text[0] = '\0';
        for (size_t i = 0; i < before; i++)
            strcat(text, "地");
        strcat(text, "保息的");
        look(text);
        assert_patterns("1");
        text[3 * before] = '\0';
        strcat(text, "收益的");
        look(text);
        assert_patterns("0");
    }
}

static void test_more_words_than_are_kept_are_everywhere(void **state)
{
    const struct aw_str patterns[] = {AW_STR("保本"), AW_STR("放心"),
                                      AW_STR("稳健.{0,2}保本")};
    static char text[9 * (AW_SIGHTS_MAX + 1) + 16];
    char expected[64];
    size_t at;

    (void)state;
    for (size_t i = 0; i <= AW_SIGHTS_MAX; i++)
        memcpy(text + 9 * i, "保本，", 9);
    text[9 * (AW_SIGHTS_MAX + 1)] = '\0';
    strcat(text, "放心");
    make(patterns, 3, NULL);
    look(text);
    assert_patterns("0 1");
    (void)snprintf(expected, sizeof expected, "0-%zu<%zu", len, len);
    assert_stretches(0, 0, len, expected);
    assert_true(aw_sights_seek(sights, 0, len - 3, &at));
    assert_int_equal(at, len - 3);
    (void)snprintf(expected, sizeof expected, "%zu-%zu<%zu", len - 6, len - 6,
                   len);
    assert_stretches(1, 0, len, expected);
    strcpy(text + len - 6, "稳健");
    look(text);
    assert_patterns("0 2");
    look("保本");
    assert_stretches(0, 0, len, "0-0<6");
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
    look(text);
    assert_patterns("123");
    assert_stretches(123, 0, len, "2-2<10");
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

static const char *key_of_kept(void)
{
    static char key[NAME_MAX + 1];

    (void)snprintf(key, sizeof key, "%s", strrchr(kept(), '/') + 1);
    key[strlen(key) - strlen(".cache")] = '\0';
    return key;
}

/* Whole by its checksum, and yet no database: as of another library. */
static void test_a_whole_file_that_is_no_database_is_made_anew(void **state)
{
    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    aw_cache_put(dir, key_of_kept(),
                 AW_STR("this is no database of Vectorscan"));
    make(many, MANY, dir);
    assert_works('x');
}

/* Whole by its checksum, and yet shorter than its head says. */
static void test_a_whole_file_that_is_too_short_is_made_anew(void **state)
{
    static const size_t lengths[] = {0, 47, 48, 500, 20000};
    struct aw_cached file = {0};

    (void)state;
    fill_many('x');
    make(many, MANY, dir);
    assert_true(aw_cache_get(dir, key_of_kept(), &file));
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        assert_true(lengths[i] < file.bytes.len);
        aw_cache_put(dir, key_of_kept(),
                     aw_str_sub(file.bytes, 0, lengths[i]));
        make(many, MANY, dir);
        assert_works('x');
    }
    aw_cached_drop(&file);
}

/* What is kept is used: a file that says otherwise is believed. */
static void test_what_is_kept_is_what_is_asked(void **state)
{
    struct aw_buf file;
    struct aw_err err;
    ptrdiff_t at;

    (void)state;
    fill_many('x');
    many[7] = AW_STR(".");
    make(many, MANY, dir);
    assert_string_equal(aw_prefilter_refused(filter, 7),
                        "no word must be there");
    aw_buf_init(&file, AW_CACHE_FILE_MAX);
    assert_int_equal(aw_file_read(kept(), &file, &err), AW_OK);
    at = aw_str_find(aw_buf_str(&file), AW_STR("no word must"));
    assert_true(at > 0);
    file.ptr[at] = 'N';
    aw_cache_put(dir, key_of_kept(),
                 aw_str_sub(aw_buf_str(&file), 32, file.len));
    aw_buf_deinit(&file);
    make(many, MANY, dir);
    assert_string_equal(aw_prefilter_refused(filter, 7),
                        "No word must be there");
    assert_null(aw_prefilter_refused(filter, 8));
    look("a xw123ord here");
    assert_patterns("7 123");
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
        TEST(test_a_match_needs_all_of_its_words_and_near),
        TEST(test_a_window_holds_all_of_a_match),
        TEST(test_what_has_no_words_is_tried_everywhere),
        TEST(test_places_are_found_one_behind_another),
        TEST(test_what_was_read_before_is_forgotten),
        TEST(test_words_within_words_hide_no_match),
        TEST(test_of_a_few_words_none_is_missed),
        TEST(test_more_words_than_are_kept_are_everywhere),
        TEST(test_the_database_is_kept_and_used_again),
        TEST(test_a_damaged_file_is_made_anew),
        TEST(test_a_whole_file_that_is_no_database_is_made_anew),
        TEST(test_a_whole_file_that_is_too_short_is_made_anew),
        TEST(test_what_is_kept_is_what_is_asked),
        TEST(test_other_patterns_have_a_file_of_their_own),
        TEST(test_few_patterns_are_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
