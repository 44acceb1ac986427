#include "fixture.h"

static int64_t capture_at(int64_t at_ms)
{
    struct aw_capture capture = {.run = fixture_run(), .fetched_ms = at_ms};

    ASSERT_OK(aw_store_capture_add(fixture.store, &capture, &fixture.err));
    return capture.id;
}

static int64_t see(const char *page, const char *key, const char *name,
                   const char *text, int64_t at_ms)
{
    struct aw_listing_sight sight = {
        .page = aw_str_of(page),
        .source = AW_STR("云上"),
        .capture = capture_at(at_ms),
        .at_ms = at_ms,
    };
    struct aw_app app = {.key = aw_str_of(key)};

    app.fields[AW_APP_NAME] = aw_str_of(name);
    app.fields[AW_APP_DESCRIPTION] = aw_str_of(text);
    ASSERT_OK(
        aw_store_listing_seen(fixture.store, &sight, &app, &fixture.err));
    return sight.capture;
}

struct seen {
    char lines[4096];
};

static aw_rc note_version(void *self, const struct aw_listing_version *v,
                          struct aw_err *err)
{
    struct seen *seen = self;
    size_t len = strlen(seen->lines);

    (void)err;
    assert_int_equal(v->digest.len, 64);
    (void)snprintf(seen->lines + len, sizeof seen->lines - len,
                   "%s %.*s %d-%d c%d-%d\n", aw_app_field_name(v->field),
                   AW_STR_ARG(v->text), (int)v->first_seen_ms,
                   (int)v->last_seen_ms, (int)v->first_capture,
                   (int)v->last_capture);
    return AW_OK;
}

static void assert_versions(int64_t listing, const char *lines)
{
    struct seen seen = {""};

    ASSERT_OK(aw_store_listing_versions(fixture.store, listing, note_version,
                                        &seen, &fixture.err));
    assert_string_equal(seen.lines, lines);
}

static aw_rc note_listing(void *self, const struct aw_listing *l,
                          struct aw_err *err)
{
    struct seen *seen = self;
    size_t len = strlen(seen->lines);

    (void)err;
    (void)snprintf(seen->lines + len, sizeof seen->lines - len,
                   "%d %.*s %.*s %.*s %d-%d changes %d at %d\n", (int)l->id,
                   AW_STR_ARG(l->key), AW_STR_ARG(l->page),
                   AW_STR_ARG(l->name), (int)l->first_seen_ms,
                   (int)l->last_seen_ms, (int)l->changes, (int)l->changed_ms);
    return AW_OK;
}

static void assert_listings(const char *what, const char *lines)
{
    struct seen seen = {""};

    ASSERT_OK(aw_store_listings(fixture.store, what, note_listing, &seen,
                                &fixture.err));
    assert_string_equal(seen.lines, lines);
}

static void the_same_text_is_one_version_that_lasts(void **s)
{
    (void)s;
    see("http://a/", "k", "甲", "保收益", 100);
    see("http://a/", "k", "甲", "保收益", 200);
    assert_versions(1, "name 甲 100-200 c1-2\ndescription 保收益 100-200 "
                       "c1-2\n");
    assert_listings(NULL, "1 k http://a/ 甲 100-200 changes 0 at 0\n");
}

static void a_quiet_change_and_its_way_back_are_versions(void **s)
{
    (void)s;
    see("http://a/", "k", "甲", "预期收益", 100);
    see("http://a/", "k", "甲", "保证收益", 200);
    see("http://a/", "k", "甲", "预期收益", 300);
    assert_versions(1, "name 甲 100-300 c1-3\n"
                       "description 预期收益 100-100 c1-1\n"
                       "description 保证收益 200-200 c2-2\n"
                       "description 预期收益 300-300 c3-3\n");
    assert_listings("k", "1 k http://a/ 甲 100-300 changes 2 at 300\n");
}

static void a_text_that_goes_away_is_a_version_without_text(void **s)
{
    (void)s;
    see("http://a/", "k", "甲", "", 100);
    see("http://a/", "k", "甲", "保本", 200);
    see("http://a/", "k", "甲", "", 300);
    assert_versions(1, "name 甲 100-300 c1-3\n"
                       "description 保本 200-200 c2-2\n"
                       "description  300-300 c3-3\n");
}

/* A search page shows a shorter text than the app's own. */
static void one_app_on_two_pages_is_two_listings(void **s)
{
    (void)s;
    see("http://a/search", "k", "甲", "短", 100);
    see("http://a/app", "k", "甲", "长长", 100);
    see("http://a/search", "k", "甲", "短", 200);
    assert_listings("k", "1 k http://a/search 甲 100-200 changes 0 at 0\n"
                         "2 k http://a/app 甲 100-100 changes 0 at 0\n");
    assert_listings("http://a/app",
                    "2 k http://a/app 甲 100-100 changes 0 at 0\n");
    assert_listings("2", "2 k http://a/app 甲 100-100 changes 0 at 0\n");
    assert_listings("3", "");
}

static void a_page_as_before_shows_what_it_showed(void **s)
{
    int64_t capture;

    (void)s;
    see("http://a/", "gone", "乙", "旧", 50);
    see("http://a/", "k", "甲", "前", 50);
    capture = see("http://a/", "k", "甲", "后", 100);
    ASSERT_OK(aw_store_listings_same(fixture.store, AW_STR("http://a/"),
                                     capture, 200, &fixture.err));
    ASSERT_OK(aw_store_listings_same(fixture.store, AW_STR("http://a/"),
                                     capture, 300, &fixture.err));
    assert_listings(NULL, "1 gone http://a/ 乙 50-50 changes 0 at 0\n"
                          "2 k http://a/ 甲 50-300 changes 1 at 100\n");
    assert_versions(2, "name 甲 50-300 c2-3\n"
                       "description 前 50-50 c2-2\n"
                       "description 后 100-300 c3-3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(the_same_text_is_one_version_that_lasts),
        UNIT(a_quiet_change_and_its_way_back_are_versions),
        UNIT(a_text_that_goes_away_is_a_version_without_text),
        UNIT(one_app_on_two_pages_is_two_listings),
        UNIT(a_page_as_before_shows_what_it_showed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
