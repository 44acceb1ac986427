#include "tests/store/fixture.h"

#include "review/audit.h"
#include "review/password.h"
#include "review/session.h"
#include "review/user.h"
#include "store/users.h"

#define NOW INT64_C(1795399980000)
#define GOOD AW_STR("correct horse battery")
#define OTHER AW_STR("another horse battery")

static struct aw_clock clock_at;

static struct aw_user user_of(const char *name)
{
    return (struct aw_user){.name = aw_str_of(name),
                            .role = AW_ROLE_REVIEWER,
                            .place = AW_STR("3708"),
                            .active = true};
}

static aw_rc add_with(struct aw_user user, struct aw_str password)
{
    clock_at = aw_clock_manual(NOW);
    return aw_user_add(fixture.store, &clock_at, AW_STR("root"), &user,
                       password, &fixture.err);
}

static int64_t add(const char *name)
{
    struct aw_user user = user_of(name);

    ASSERT_OK(add_with(user, GOOD));
    ASSERT_OK(aw_user_find(fixture.store, &fixture.arena, user.name, &user,
                           &fixture.err));
    return user.id;
}

static aw_rc change(int64_t id, struct aw_user_change wish)
{
    return aw_user_change(fixture.store, &clock_at, AW_STR("root"), id, &wish,
                          &fixture.err);
}

/* Comes in; the session's key is in session. */
static aw_rc come_in(const char *name, struct aw_str password,
                     struct aw_session *session)
{
    struct aw_login login = {.name = aw_str_of(name),
                             .password = password,
                             .peer = AW_STR("127.0.0.1"),
                             .hours = 12};
    struct aw_user user;
    char token[AW_TOKEN_MAX];
    int64_t wait_ms;

    return aw_session_login(fixture.store, &clock_at, &login, &fixture.arena,
                            &user, session, token, &wait_ms, &fixture.err);
}

static void a_user_is_kept_as_it_was_made(void **state)
{
    int64_t id = add("王芳");
    struct aw_user user = {0};

    (void)state;
    ASSERT_OK(
        aw_user_get(fixture.store, &fixture.arena, id, &user, &fixture.err));
    assert_true(aw_str_eq(user.name, AW_STR("王芳")));
    assert_true(aw_str_eq(user.place, AW_STR("3708")));
    assert_int_equal(user.role, AW_ROLE_REVIEWER);
    assert_true(user.active);
    assert_int_equal(aw_user_get(fixture.store, &fixture.arena, 99, &user,
                                 &fixture.err),
                     AW_MISSING);
}

static void every_role_has_a_code(void **state)
{
    enum aw_role role;

    (void)state;
    for (int i = 0; i < AW_ROLE_COUNT; i++) {
        const char *code = aw_role_code((enum aw_role)i);

        assert_true(aw_role_parse(aw_str_of(code), &role));
        assert_int_equal(role, i);
    }
    assert_false(aw_role_parse(AW_STR("Reviewer"), &role));
    assert_false(aw_role_parse(AW_STR(""), &role));
}

static void a_name_is_had_by_one_alone(void **state)
{
    (void)state;
    (void)add("fang");
    assert_int_equal(add_with(user_of("fang"), GOOD), AW_INVALID);
    ASSERT_SAYS("already");
}

static void bad_names_are_refused(void **state)
{
    static const char *const names[] = {
        "",           " fang",
        "fang ",      "fa\nng",
        "fa\x7fng",   "fa\xFFng",
        "\u202Efang", "fang-with-a-name-of-33-characters"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (add_with(user_of(names[i]), GOOD) != AW_INVALID)
            fail_msg("'%s' is taken", names[i]);
    assert_int_equal(fixture_number("SELECT count(*) FROM user"), 0);
}

static void bad_places_are_refused(void **state)
{
    struct aw_user user = user_of("fang");

    (void)state;
    user.place = AW_STR("37' OR 1=1");
    assert_int_equal(add_with(user, GOOD), AW_INVALID);
    user.place = AW_STR("370811370811370811370");
    assert_int_equal(add_with(user, GOOD), AW_INVALID);
}

static void bad_passwords_are_refused(void **state)
{
    char longest[AW_PASSWORD_MOST + 2];

    (void)state;
    memset(longest, 'x', sizeof longest);
    assert_int_equal(add_with(user_of("f"), AW_STR("short-one")), AW_INVALID);
    ASSERT_SAYS("10 characters or more");
    assert_int_equal(add_with(user_of("f"),
                              (struct aw_str){longest, AW_PASSWORD_MOST + 1}),
                     AW_INVALID);
    ASSERT_SAYS("128 bytes at most");
    assert_int_equal(add_with(user_of("f"), AW_STR("ten bytes \xFF")),
                     AW_INVALID);
    assert_int_equal(add_with(user_of("fang-of-jining"),
                              AW_STR("Fang-of-Jining")),
                     AW_INVALID);
    ASSERT_OK(add_with(user_of("f"), AW_STR("十个汉字也是一个密码")));
    ASSERT_OK(
        add_with(user_of("g"), (struct aw_str){longest, AW_PASSWORD_MOST}));
}

static void a_password_is_kept_as_argon2id_with_a_salt_of_its_own(void **state)
{
    (void)state;
    (void)add("fang");
    (void)add("wei");
    assert_int_equal(
        fixture_number("SELECT count(DISTINCT password) FROM user"
                       " WHERE password LIKE '$argon2id$v=19$m=32768,t=3,%'"),
        2);
    assert_int_equal(fixture_number("SELECT count(*) FROM user"
                                    " WHERE instr(password, 'horse')"),
                     0);
}

static void passwords_are_told_apart(void **state)
{
    char hash[AW_PASSWORD_HASH_MAX];

    (void)state;
    ASSERT_OK(aw_password_hash(GOOD, hash, &fixture.err));
    assert_true(aw_password_is(GOOD, aw_str_of(hash)));
    assert_false(aw_password_is(OTHER, aw_str_of(hash)));
    assert_false(aw_password_is(AW_STR(""), aw_str_of(hash)));
    assert_false(aw_password_is(GOOD, AW_STR("")));
    assert_false(aw_password_is(AW_STR(""), AW_STR("")));
    assert_false(aw_password_is(GOOD, AW_STR("correct horse battery")));
}

/* ---- changes -------------------------------------------------------------
 */

static void assert_sessions(int64_t want)
{
    assert_int_equal(fixture_number("SELECT count(*) FROM session"), want);
}

static void every_change_ends_the_sessions(void **state)
{
    int64_t id = add("fang");
    enum aw_role role = AW_ROLE_SUPERVISOR;
    struct aw_str place = AW_STR("370811");
    struct aw_str certificate = AW_STR("鲁H-001");
    struct aw_str password = GOOD;
    bool active = false;
    const struct aw_user_change changes[] = {{.role = &role},
                                             {.place = &place},
                                             {.certificate = &certificate},
                                             {.password = &password},
                                             {.active = &active}};

    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct aw_session session;

        ASSERT_OK(come_in("fang", GOOD, &session));
        assert_sessions(1);
        ASSERT_OK(change(id, changes[i]));
        assert_sessions(0);
    }
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM user WHERE role = 'supervisor'"
                         " AND place = '370811' AND certificate = '鲁H-001'"
                         " AND active = 0"),
                     1);
}

static void what_is_as_it_was_ends_none(void **state)
{
    int64_t id = add("fang");
    enum aw_role role = AW_ROLE_REVIEWER;
    struct aw_session session;
    int64_t rows;

    (void)state;
    ASSERT_OK(come_in("fang", GOOD, &session));
    rows = fixture_number("SELECT count(*) FROM audit");
    ASSERT_OK(change(id, (struct aw_user_change){.role = &role}));
    assert_sessions(1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"), rows);
}

static void a_new_password_takes_the_place_of_the_old(void **state)
{
    int64_t id = add("fang");
    struct aw_str password = OTHER;
    struct aw_session kept, ended;

    (void)state;
    ASSERT_OK(come_in("fang", GOOD, &kept));
    ASSERT_OK(come_in("fang", GOOD, &ended));
    ASSERT_OK(change(id, (struct aw_user_change){.password = &password,
                                                 .keep_session =
                                                     aw_str_of(kept.key)}));
    assert_sessions(1);
    assert_int_equal(come_in("fang", GOOD, &ended), AW_INVALID);
    ASSERT_OK(come_in("fang", OTHER, &ended));
}

static void a_change_that_is_bad_changes_nothing(void **state)
{
    int64_t id = add("fang");
    enum aw_role role = AW_ROLE_ADMIN;
    struct aw_str place = AW_STR("3708;");
    struct aw_str password = AW_STR("short");
    int64_t rows = fixture_number("SELECT count(*) FROM audit");

    (void)state;
    assert_int_equal(change(id, (struct aw_user_change){.role = &role,
                                                        .place = &place}),
                     AW_INVALID);
    assert_int_equal(change(id,
                            (struct aw_user_change){.role = &role,
                                                    .password = &password}),
                     AW_INVALID);
    assert_int_equal(change(99, (struct aw_user_change){.role = &role}),
                     AW_MISSING);
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM user WHERE role = 'reviewer'"),
                     1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"), rows);
}

static void every_change_is_in_the_audit_chain(void **state)
{
    int64_t id = add("fang");
    bool active = false;

    (void)state;
    ASSERT_OK(change(id, (struct aw_user_change){.active = &active}));
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM audit WHERE action = 'user'"
                         " AND who = 'root' AND subject = 'user 1'"),
                     2);
    assert_int_equal(
        fixture_number("SELECT count(*) FROM audit WHERE action = 'user'"
                       " AND detail = '{\"active\":false,\"certificate\":\"\","
                       "\"name\":\"fang\",\"password\":false,"
                       "\"place\":\"3708\",\"role\":\"reviewer\"}'"),
        1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"
                                    " WHERE instr(detail, 'argon2')"
                                    " OR instr(detail, 'horse')"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_user_is_kept_as_it_was_made),
        UNIT(every_role_has_a_code),
        UNIT(a_name_is_had_by_one_alone),
        UNIT(bad_names_are_refused),
        UNIT(bad_places_are_refused),
        UNIT(bad_passwords_are_refused),
        UNIT(a_password_is_kept_as_argon2id_with_a_salt_of_its_own),
        UNIT(passwords_are_told_apart),
        UNIT(every_change_ends_the_sessions),
        UNIT(what_is_as_it_was_ends_none),
        UNIT(a_new_password_takes_the_place_of_the_old),
        UNIT(a_change_that_is_bad_changes_nothing),
        UNIT(every_change_is_in_the_audit_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
