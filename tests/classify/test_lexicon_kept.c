/* What a lexicon's files hold, kept for the next start. */
#include "classify/lexicon_kept.h"

#include <dirent.h>
#include <sys/stat.h>

#include "problems.h"

static char dir[PATH_MAX], cache[PATH_MAX];

static int set_up(void **state)
{
    (void)state;
    make_temp(dir);
    make_temp(cache);
    put_lexicon(dir, rules_yaml);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    drop_temp(dir);
    drop_temp(cache);
    return 0;
}

static struct aw_lexicon *take(const char *from, const char *cache_dir)
{
    struct aw_lexicon *lexicon = NULL;
    struct aw_err err = {0};

    assert_int_equal(aw_lexicon_new_kept(&lexicon, from, cache_dir, &err),
                     AW_OK);
    return lexicon;
}

static bool is_from_cache(const struct aw_lexicon *lexicon)
{
    return lexicon->kept.mapped != NULL;
}

static void assert_text(struct aw_str a, struct aw_str b)
{
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.ptr ? a.ptr : "", b.ptr ? b.ptr : "", a.len);
}

static void assert_same_rule(const struct aw_rule *a, const struct aw_rule *b)
{
    assert_text(a->id, b->id);
    assert_text(a->version, b->version);
    assert_text(a->provision, b->provision);
    assert_text(a->code, b->code);
    assert_text(a->why, b->why);
    assert_text(a->pattern_text, b->pattern_text);
    assert_text(a->absent_text, b->absent_text);
    assert_int_equal(a->class, b->class);
    assert_int_equal(a->severity, b->severity);
    assert_int_equal(a->beside, b->beside);
    assert_int_equal(a->context_count, b->context_count);
    for (size_t i = 0; i < a->context_count; i++)
        assert_text(a->contexts[i]->id, b->contexts[i]->id);
    assert_int_equal(a->hit_count, b->hit_count);
    for (size_t i = 0; i < a->hit_count; i++)
        assert_text(a->hits[i].text, b->hits[i].text);
    assert_int_equal(a->miss_count, b->miss_count);
}

static void assert_same_context(const struct aw_context *a,
                                const struct aw_context *b)
{
    assert_text(a->id, b->id);
    assert_text(a->why, b->why);
    assert_int_equal(a->effect, b->effect);
    assert_int_equal(a->where, b->where);
    assert_int_equal(a->within, b->within);
    assert_true(a->weight >= b->weight && a->weight <= b->weight);
    assert_int_equal(a->all_count, b->all_count);
    assert_int_equal(a->none_count, b->none_count);
    for (size_t i = 0; i < a->all_count; i++)
        assert_text(a->all_texts[i], b->all_texts[i]);
}

static void assert_same(const struct aw_lexicon *a, const struct aw_lexicon *b)
{
    assert_string_equal(a->hash, b->hash);
    assert_int_equal(a->rule_count, b->rule_count);
    assert_int_equal(a->context_count, b->context_count);
    assert_int_equal(a->provision_count, b->provision_count);
    assert_int_equal(a->file_count, b->file_count);
    assert_int_equal(a->severity_count, b->severity_count);
    for (size_t i = 0; i < a->rule_count; i++)
        assert_same_rule(&a->rules[i], &b->rules[i]);
    for (size_t i = 0; i < a->context_count; i++)
        assert_same_context(&a->contexts[i], &b->contexts[i]);
}

/* Also the lexicon that comes with adwatch, with all that can stand in one. */
static void assert_second_start_is_the_same(const char *from)
{
    struct aw_lexicon *read = take(from, NULL), *first = take(from, cache);
    struct aw_lexicon *second = take(from, cache);

    assert_false(is_from_cache(first));
    assert_true(is_from_cache(second));
    assert_same(read, first);
    assert_same(read, second);
    aw_lexicon_free(read);
    aw_lexicon_free(first);
    aw_lexicon_free(second);
}

static void test_a_second_start_has_the_same_lexicon(void **state)
{
    (void)state;
    assert_second_start_is_the_same("lexicons");
    assert_second_start_is_the_same(dir);
}

static void test_patterns_compile_when_they_are_tried(void **state)
{
    const struct aw_str text = AW_STR("保本保息");
    struct aw_pattern_scratch *scratch = NULL;
    struct aw_pattern *pattern = NULL;
    struct aw_range found;
    struct aw_err err;

    (void)state;
    assert_int_equal(aw_pattern_scratch_new(&scratch, &err), AW_OK);
    assert_int_equal(aw_pattern_new_known(&pattern, AW_STR("保息"), &err),
                     AW_OK);
    assert_int_equal(aw_pattern_find(pattern, scratch, text, 0, text.len,
                                     &found),
                     AW_PATTERN_FOUND);
    assert_int_equal(found.start, 6);
    aw_pattern_free(pattern);
    aw_pattern_scratch_free(scratch);
}

static void test_a_changed_byte_is_read_anew(void **state)
{
    struct aw_lexicon *lexicon;

    (void)state;
    aw_lexicon_free(take(dir, cache));
    put_text(dir, "claims/z.yaml", "# nothing\nrules: []\n");
    lexicon = take(dir, cache);
    assert_false(is_from_cache(lexicon));
    aw_lexicon_free(lexicon);
}

static void test_an_error_is_told_again_at_each_start(void **state)
{
    (void)state;
    put_text(dir, "claims/z.yaml", "rules:\n  - id: [\n");
    for (int i = 0; i < 2; i++) {
        struct aw_lexicon *lexicon = NULL;
        struct aw_err err = {0};

        assert_int_equal(aw_lexicon_new_kept(&lexicon, dir, cache, &err),
                         AW_CONFIG);
        assert_has(err.msg, "claims/z.yaml:");
    }
}

/* Whole by its checksum, and cut off at each length: what is in it is taken as
 * far as it goes, the rest is read. */
static void test_what_is_kept_too_short_is_read(void **state)
{
    struct aw_lexicon *read = take(dir, NULL);
    struct aw_lexicon_kept kept;
    struct aw_cached whole;

    (void)state;
    aw_lexicon_free(take(dir, cache));
    aw_lexicon_kept_init(&kept, cache, read->hash);
    assert_true(kept.found);
    whole = kept.cached;
    for (size_t len = 0; len < whole.bytes.len; len += 7) {
        struct aw_lexicon *lexicon;

        aw_cache_put(cache, kept.name, aw_str_sub(whole.bytes, 0, len));
        lexicon = take(dir, cache);
        assert_same(read, lexicon);
        aw_lexicon_free(lexicon);
    }
    aw_lexicon_kept_deinit(&kept);
    aw_lexicon_free(read);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_second_start_has_the_same_lexicon),
        TEST(test_patterns_compile_when_they_are_tried),
        TEST(test_a_changed_byte_is_read_anew),
        TEST(test_an_error_is_told_again_at_each_start),
        TEST(test_what_is_kept_too_short_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
