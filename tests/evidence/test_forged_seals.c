/* Seals by somebody who has keys and writes whatever she likes: files of
 * seal/ by hand, with signatures that are right. */
#include "evidence/bag.h"
#include "evidence/bundle_names.h"
#include "evidence/chain.h"
#include "evidence/seal_check.h"
#include "tests/store/fixture.h"

#define BUNDLE "adwatch-finding-1-20261123T021300Z"
#define MANIFEST "0000  bagit.txt\n"
#define HOUR INT64_C(3600000)
#define ARENA_MAX ((size_t)1 << 20)

static struct aw_arena arena;
static struct aw_key *own, *foreign;
static struct aw_sealed sealed;
static char before[AW_SHA256_HEX_MAX]; /* of the statement that came last */
static int64_t made_ms;
static char what[AW_SEAL_WHAT_MAX];
static bool missing;

static struct aw_str keep(struct aw_str text)
{
    struct aw_str kept = {0};

    ASSERT_OK(aw_arena_dup(&arena, text, &kept, &fixture.err));
    return kept;
}

static struct aw_key *make_key(const char *name)
{
    char dir[AW_PATH_MAX];
    struct aw_key *key = NULL;

    ASSERT_OK(aw_path_join(dir, fixture.dir, name, &fixture.err));
    ASSERT_OK(aw_mkdirs(dir, &fixture.err));
    ASSERT_OK(aw_key_own(&key, dir, AW_STR(""), &fixture.err));
    return key;
}

/* A bundle without seals, made an hour ago. */
static void begin(void)
{
    struct aw_chain_link link = {.number = 1};
    struct aw_buf json;

    sealed = (struct aw_sealed){.folder = AW_STR(BUNDLE),
                                .tagmanifest = AW_STR(MANIFEST)};
    before[0] = '\0';
    made_ms = aw_clock_wall(aw_clock_system()) / 1000 * 1000 - HOUR;
    aw_buf_init(&json, ARENA_MAX);
    aw_chain_json(&link, made_ms, &json);
    sealed.chain = keep(aw_buf_str(&json));
    aw_buf_deinit(&json);
}

static int set_up(void **state)
{
    int failed = fixture_set_up(state);

    aw_arena_init(&arena, ARENA_MAX);
    own = make_key("own");
    foreign = make_key("foreign");
    begin();
    return failed;
}

static int tear_down(void **state)
{
    aw_key_free(own);
    aw_key_free(foreign);
    aw_arena_deinit(&arena);
    return fixture_tear_down(state);
}

/* ---- writing ------------------------------------------------------------ */

static void put(const char *name, struct aw_str bytes)
{
    struct aw_str ignored;

    if (aw_sealed_find(&sealed, name, &ignored))
        return; /* the key, again */
    assert_true(sealed.count < AW_SEAL_FILES_MAX);
    sealed.files[sealed.count++] =
        (struct aw_seal_file){keep(aw_str_of(name)), keep(bytes)};
}

static void sign(const struct aw_key *key, const char *name,
                 struct aw_str bytes)
{
    char key_name[AW_SEAL_NAME_MAX];
    struct aw_buf text;

    aw_buf_init(&text, ARENA_MAX);
    ASSERT_OK(aw_key_sign(key, bytes, &text, &fixture.err));
    put(name, aw_buf_str(&text));
    aw_buf_reset(&text);
    ASSERT_OK(aw_key_public(key, &text, &fixture.err));
    aw_seal_name_key(aw_key_id(key), key_name);
    put(key_name, aw_buf_str(&text));
    aw_buf_deinit(&text);
}

static void state_by(const struct aw_key *key, int officer, const char *who,
                     const char *certificate, int64_t at_ms)
{
    struct aw_statement statement = {.officer = officer,
                                     .at_ms = at_ms,
                                     .name = aw_str_of(who),
                                     .certificate = aw_str_of(certificate),
                                     .bundle = sealed.folder,
                                     .key_count = 1};
    char name[AW_SEAL_NAME_MAX];
    struct aw_buf json;

    memcpy(statement.before, before, sizeof before);
    aw_sha256_hex(sealed.tagmanifest, statement.sha256);
    aw_sm3_hex(sealed.tagmanifest, statement.sm3);
    statement.keys[0].kind = aw_key_kind(key);
    (void)snprintf(statement.keys[0].id, AW_KEYID_MAX, "%s", aw_key_id(key));
    aw_buf_init(&json, ARENA_MAX);
    aw_statement_json(&statement, &json);
    aw_seal_name_statement(officer, name);
    put(name, aw_buf_str(&json));
    aw_seal_name_signature(officer, aw_key_id(key), name);
    sign(key, name, aw_buf_str(&json));
    aw_sha256_hex(aw_buf_str(&json), before);
    aw_buf_deinit(&json);
}

static void state_that(int officer, const char *who, const char *certificate,
                       int64_t at_ms)
{
    state_by(own, officer, who, certificate, at_ms);
}

static aw_rc look(void)
{
    return aw_seals_verify(&sealed, NULL, what, &missing, &fixture.err);
}

#define ASSERT_FALSE(part)                    \
    do {                                      \
        assert_int_equal(look(), AW_INVALID); \
        ASSERT_SAYS(part);                    \
    } while (0)

/* ---- times -------------------------------------------------------------- */

static aw_rc seal_at(int64_t one_ms, int64_t two_ms)
{
    begin();
    state_that(1, "王芳", "37080001", made_ms + one_ms);
    state_that(2, "李强", "37080002", made_ms + two_ms);
    return look();
}

static void seals_of_any_time_between_making_and_now_hold(void **state)
{
    (void)state;
    ASSERT_OK(seal_at(0, 0));
    ASSERT_OK(seal_at(1000, HOUR));
    ASSERT_OK(seal_at(-AW_SEAL_BEFORE_MS, 0)); /* clocks differ */
    assert_non_null(strstr(what, "sealed by 王芳 (37080001)"));
}

static void a_seal_before_the_making_is_refused(void **state)
{
    (void)state;
    assert_int_equal(seal_at(-AW_SEAL_BEFORE_MS - 1000, 0), AW_INVALID);
    ASSERT_SAYS("officer-1.json: it is of a time before the bundle was made");
}

static void a_second_seal_before_the_first_is_refused(void **state)
{
    (void)state;
    assert_int_equal(seal_at(60000, 59000), AW_INVALID);
    ASSERT_SAYS("officer-2.json: it is of a time before the first officer's");
}

static void a_seal_to_come_is_refused(void **state)
{
    (void)state;
    assert_int_equal(seal_at(0, 2 * HOUR), AW_INVALID);
    ASSERT_SAYS("officer-2.json: it is of a time to come");
}

/* What it holds is newer than it says it was made. */
static void a_seal_before_what_was_captured_is_refused(void **state)
{
    char path[AW_PATH_MAX];
    char at[AW_TIME_MAX];
    struct aw_bag_digests digests;
    struct aw_bag *bag = NULL;
    struct aw_bag_view *view = NULL;
    struct aw_buf json;

    (void)state;
    aw_buf_init(&json, ARENA_MAX);
    aw_time_iso_ms(made_ms + HOUR / 2, at);
    aw_buf_printf(&json, "{\"captures\":[{\"fetched\":\"%s\"}]}\n", at);
    ASSERT_OK(aw_path_join(path, fixture.dir, "b.zip", &fixture.err));
    ASSERT_OK(aw_bag_new(&bag, path, BUNDLE, made_ms, &fixture.err));
    ASSERT_OK(
        aw_bag_add(bag, AW_BUNDLE_CAPTURES, aw_buf_str(&json), &fixture.err));
    ASSERT_OK(aw_bag_seal(bag, "", &digests, &fixture.err));
    ASSERT_OK(aw_bag_close(bag, &fixture.err));
    aw_bag_free(bag);
    ASSERT_OK(aw_bag_open(&view, path, &fixture.err));
    sealed.bag = view;
    state_that(1, "王芳", "37080001", made_ms);
    ASSERT_FALSE("officer-1.json: it is of a time before the bundle was made");
    aw_bag_view_free(view);
    aw_buf_deinit(&json);
}

/* ---- two officers ------------------------------------------------------- */

/* The same name, or number, written in another way. */
static void one_officer_in_two_ways_of_writing_is_one(void **state)
{
    static const struct {
        const char *one, *two, *certificate;
    } same[] = {{"王芳", "王芳", "37080002"},
                {"王芳", "王 芳", "37080002"},
                {"王芳", "王　芳", "37080002"},
                {"Wang Fang", "ＷＡＮＧ ｆａｎｇ", "37080002"},
                {"李强", "\xEF\xA7\xA1强", "37080002"}, /* U+F9E1 */
                {"王芳", "李强", "37080001"},
                {"王芳", "李强", "３７０８０００１"},
                {"王芳", "李强", "3708 0001"}};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        begin();
        state_that(1, same[i].one, "37080001", made_ms);
        ASSERT_OK(look());
        state_that(2, same[i].two, same[i].certificate, made_ms);
        ASSERT_FALSE("officer-2.json: one officer sealed twice");
    }
}

static void a_second_seal_by_another_workspace_is_refused(void **state)
{
    (void)state;
    state_that(1, "王芳", "37080001", made_ms);
    state_by(foreign, 2, "李强", "37080002", made_ms);
    ASSERT_FALSE("its first key is not that of the workspace");
}

static void
a_second_seal_that_does_not_follow_the_first_is_refused(void **state)
{
    (void)state;
    state_that(1, "王芳", "37080001", made_ms);
    before[0] = before[0] == '0' ? '1' : '0';
    state_that(2, "李强", "37080002", made_ms);
    ASSERT_FALSE("it does not follow what was sealed before");
}

/* ---- the stamp ---------------------------------------------------------- */

#define ANSWER AW_STR("an answer")

static void put_stamp(const struct aw_key *key, struct aw_str signed_)
{
    char name[AW_SEAL_NAME_MAX];

    put(AW_SEAL_STAMP, ANSWER);
    if (!key)
        return;
    aw_seal_name_stamp(aw_key_id(key), name);
    sign(key, name, signed_);
}

static void seal_both(void)
{
    begin();
    state_that(1, "王芳", "37080001", made_ms);
    state_that(2, "李强", "37080002", made_ms);
}

static void a_stamp_signed_by_a_foreign_key_is_refused(void **state)
{
    (void)state;
    seal_both();
    put_stamp(own, ANSWER);
    ASSERT_OK(look());
    seal_both();
    put_stamp(foreign, ANSWER);
    ASSERT_FALSE("the signature over timestamp.tsr is not by the workspace's "
                 "key");
    seal_both();
    put_stamp(own, AW_STR("another answer"));
    ASSERT_FALSE("timestamp.tsr");
    seal_both();
    put_stamp(NULL, ANSWER);
    ASSERT_FALSE("there is no signature over timestamp.tsr");
    seal_both();
    put_stamp(own, ANSWER);
    put_stamp(foreign, ANSWER); /* beside the right one */
    ASSERT_FALSE("belongs to no seal");
}

#undef UNIT
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(seals_of_any_time_between_making_and_now_hold),
        UNIT(a_seal_before_the_making_is_refused),
        UNIT(a_second_seal_before_the_first_is_refused),
        UNIT(a_seal_to_come_is_refused),
        UNIT(a_seal_before_what_was_captured_is_refused),
        UNIT(one_officer_in_two_ways_of_writing_is_one),
        UNIT(a_second_seal_by_another_workspace_is_refused),
        UNIT(a_second_seal_that_does_not_follow_the_first_is_refused),
        UNIT(a_stamp_signed_by_a_foreign_key_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
