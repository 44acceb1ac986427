#include "tests/store/fixture.h"

#include <pthread.h>

#include "review/session.h"
#include "store/users.h"

#define NOW INT64_C(1795399980000)
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
#define HOURS 12
#define GOOD "correct horse battery"

static struct aw_clock clock_at;
static char token[AW_TOKEN_MAX];
static struct aw_session session;
static struct aw_user user;
static int64_t wait_ms;

static aw_rc come_in_from(const char *peer, const char *name,
                          const char *password)
{
    struct aw_login login = {.name = aw_str_of(name),
                             .password = aw_str_of(password),
                             .peer = aw_str_of(peer),
                             .hours = HOURS};

    wait_ms = 0;
    return aw_session_login(fixture.store, &clock_at, &login, &fixture.arena,
                            &user, &session, token, &wait_ms, &fixture.err);
}

static aw_rc come_in(const char *name, const char *password)
{
    return come_in_from("192.0.2.1", name, password);
}

static aw_rc find(const char *text)
{
    return aw_session_find(fixture.store, &clock_at, aw_str_of(text),
                           &fixture.arena, &user, &session, &fixture.err);
}

/* A user who came in at NOW. */
static int set_up(void **state)
{
    struct aw_user fang = {.name = AW_STR("fang"), .active = true};

    assert_int_equal(fixture_set_up(state), 0);
    clock_at = aw_clock_manual(NOW);
    ASSERT_OK(aw_user_add(fixture.store, &clock_at, AW_STR("root"), &fang,
                          AW_STR(GOOD), &fixture.err));
    ASSERT_OK(come_in("fang", GOOD));
    return 0;
}

static void who_came_in_is_known_by_the_token(void **state)
{
    char csrf[AW_TOKEN_MAX];

    (void)state;
    memcpy(csrf, session.csrf, sizeof csrf);
    assert_int_equal(strlen(token), 64);
    ASSERT_OK(find(token));
    assert_int_equal(user.id, 1);
    assert_string_equal(session.csrf, csrf);
    assert_string_not_equal(session.csrf, token);
    assert_true(session.expires_ms == NOW + AW_SESSION_IDLE_MS);
}

static void the_store_does_not_have_the_token(void **state)
{
    char sql[200];

    (void)state;
    (void)snprintf(sql, sizeof sql,
                   "SELECT count(*) FROM session WHERE key = '%s'", token);
    assert_int_equal(fixture_number(sql), 0);
    assert_int_equal(find(session.key), AW_MISSING);
}

static void other_tokens_are_nobodys(void **state)
{
    char other[AW_TOKEN_MAX];

    (void)state;
    memcpy(other, token, sizeof other);
    other[63] = other[63] == '0' ? '1' : '0';
    assert_int_equal(find(other), AW_MISSING);
    assert_int_equal(find(""), AW_MISSING);
    assert_int_equal(find("%"), AW_MISSING);
}

static void each_time_the_token_is_another(void **state)
{
    char first[AW_TOKEN_MAX];

    (void)state;
    memcpy(first, token, sizeof first);
    ASSERT_OK(come_in("fang", GOOD));
    assert_string_not_equal(first, token);
    ASSERT_OK(find(first));
    ASSERT_OK(find(token));
}

static void silence_ends_a_session(void **state)
{
    (void)state;
    clock_at.manual_ms = NOW + AW_SESSION_IDLE_MS + 1;
    assert_int_equal(find(token), AW_MISSING);
    ASSERT_SAYS("log in");
}

static void being_looked_up_keeps_it_open_no_longer(void **state)
{
    struct aw_str key = aw_str_of(session.key);

    (void)state;
    clock_at.manual_ms = NOW + AW_SESSION_IDLE_MS;
    ASSERT_OK(aw_session_check(fixture.store, &clock_at, key, &fixture.err));
    clock_at.manual_ms++;
    assert_int_equal(aw_session_check(fixture.store, &clock_at, key,
                                      &fixture.err),
                     AW_MISSING);
    assert_int_equal(aw_session_check(fixture.store, &clock_at,
                                      aw_str_of(token), &fixture.err),
                     AW_MISSING);
}

static void use_keeps_it_open_until_its_hours_are_over(void **state)
{
    int64_t end = NOW + HOURS * HOUR;

    (void)state;
    for (clock_at.manual_ms = NOW; clock_at.manual_ms < end;
         clock_at.manual_ms += 25 * MINUTE)
        ASSERT_OK(find(token));
    clock_at.manual_ms = end - 1;
    ASSERT_OK(find(token));
    assert_true(session.expires_ms == end);
    clock_at.manual_ms = end;
    assert_int_equal(find(token), AW_MISSING);
}

static void it_outlives_the_store_being_closed(void **state)
{
    (void)state;
    fixture_reopen();
    ASSERT_OK(find(token));
}

static void who_goes_out_is_out(void **state)
{
    (void)state;
    ASSERT_OK(aw_session_logout(fixture.store, &clock_at, &user,
                                aw_str_of(session.key), &fixture.err));
    assert_int_equal(find(token), AW_MISSING);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"
                                    " WHERE action = 'logout'"
                                    " AND who = 'fang'"),
                     1);
}

static void who_is_switched_off_is_out_and_stays_out(void **state)
{
    bool active = false;
    struct aw_user_change wish = {.active = &active};

    (void)state;
    ASSERT_OK(aw_user_change(fixture.store, &clock_at, AW_STR("root"), 1,
                             &wish, &fixture.err));
    assert_int_equal(find(token), AW_MISSING);
    assert_int_equal(come_in("fang", GOOD), AW_INVALID);
    ASSERT_SAYS("the name or the password is wrong");
}

static void old_sessions_are_swept_out(void **state)
{
    (void)state;
    clock_at.manual_ms = NOW + 2 * HOUR;
    ASSERT_OK(come_in("fang", GOOD));
    assert_int_equal(fixture_number("SELECT count(*) FROM session"), 1);
}

/* ---- waiting -------------------------------------------------------------
 */

/* Tries until a wait begins; how many tries were looked at. */
static int try_until_closed(const char *name)
{
    for (int tries = 0; tries < 100; tries++) {
        aw_rc rc = come_in(name, "wrong horse battery");

        if (rc == AW_BUSY)
            return tries;
        assert_int_equal(rc, AW_INVALID);
        ASSERT_SAYS("the name or the password is wrong");
    }
    return -1;
}

static void wrong_passwords_make_the_next_one_wait(void **state)
{
    (void)state;
    assert_int_equal(try_until_closed("fang"), AW_LOGIN_NAME_FREE + 1);
    assert_true(wait_ms == AW_LOGIN_WAIT_FIRST_MS);
    ASSERT_SAYS("wait 1 seconds");
    assert_int_equal(come_in("fang", GOOD), AW_BUSY);
}

static void names_that_there_are_not_wait_alike(void **state)
{
    (void)state;
    assert_int_equal(try_until_closed("nobody"), AW_LOGIN_NAME_FREE + 1);
    assert_true(wait_ms == AW_LOGIN_WAIT_FIRST_MS);
}

/* As if all that failed had failed so often: hashes take their time. */
static void failed_before(int times)
{
    char sql[100];

    assert_int_equal(come_in("name", "wrong horse battery"), AW_INVALID);
    (void)snprintf(sql, sizeof sql, "UPDATE login_wait SET failures = %d",
                   times);
    fixture_tamper(sql);
}

static void each_wait_is_twice_the_last_up_to_a_limit(void **state)
{
    static const int failures[] = {5, 6, 7, 13, 14, 15, 40, 1000};
    static const int64_t seconds[] = {1, 2, 4, 256, 512, 900, 900, 900};

    (void)state;
    failed_before(1);
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        char sql[100];

        (void)snprintf(sql, sizeof sql,
                       "UPDATE login_wait SET failures = %d,"
                       " closed_until_ms = 0 WHERE failures <> 0",
                       failures[i] - 1);
        fixture_tamper(sql);
        assert_int_equal(come_in_from("192.0.2.77", "name", "wrong"),
                         AW_INVALID);
        assert_int_equal(come_in_from("192.0.2.78", "name", "wrong"), AW_BUSY);
        assert_true(wait_ms == seconds[i] * 1000);
        fixture_tamper("UPDATE login_wait SET closed_until_ms = 0");
    }
}

static void the_right_password_after_the_wait_begins_anew(void **state)
{
    (void)state;
    (void)try_until_closed("fang");
    clock_at.manual_ms += wait_ms;
    ASSERT_OK(come_in("fang", GOOD));
    assert_int_equal(try_until_closed("fang"), AW_LOGIN_NAME_FREE + 1);
}

static void an_address_that_tries_many_names_waits(void **state)
{
    (void)state;
    failed_before(AW_LOGIN_ADDRESS_FREE - 1);
    assert_int_equal(come_in("name1", "wrong"), AW_INVALID);
    assert_int_equal(come_in("name2", "wrong"), AW_INVALID);
    assert_int_equal(come_in("name3", "wrong"), AW_BUSY);
    assert_int_equal(come_in("fang", GOOD), AW_BUSY);
    ASSERT_OK(come_in_from("192.0.2.9", "fang", GOOD));
}

/* Many come in at one moment, and what they call now is not in their order. */
static void a_try_a_moment_before_the_last_one_does_not_wait(void **state)
{
    (void)state;
    assert_int_equal(come_in("name", "wrong horse battery"), AW_INVALID);
    clock_at.manual_ms -= 5;
    ASSERT_OK(come_in("fang", GOOD));
}

/* Else one who has a name here could guess those of others without end; but
 * neither does it close the address. */
static void ones_own_login_does_not_free_the_address(void **state)
{
    (void)state;
    failed_before(AW_LOGIN_ADDRESS_FREE);
    ASSERT_OK(come_in("fang", GOOD));
    ASSERT_OK(come_in("fang", GOOD));
    assert_int_equal(come_in("name1", "wrong"), AW_INVALID);
    assert_int_equal(come_in("fang", GOOD), AW_BUSY);
}

static void a_day_later_nothing_is_held_against_anybody(void **state)
{
    (void)state;
    (void)try_until_closed("fang");
    clock_at.manual_ms += AW_LOGIN_FORGET_MS + 1;
    ASSERT_OK(come_in("fang", GOOD));
    assert_int_equal(fixture_number("SELECT count(*) FROM login_wait"), 0);
}

static void the_waits_are_kept_when_the_store_is_closed(void **state)
{
    (void)state;
    (void)try_until_closed("fang");
    fixture_reopen();
    assert_int_equal(come_in("fang", GOOD), AW_BUSY);
}

/* Many at once are not more than many in a row. */
struct guess {
    pthread_t thread;
    aw_rc rc;
};

static void *guess(void *self)
{
    struct guess *g = self;
    struct aw_login login = {.name = AW_STR("fang"),
                             .password = AW_STR("wrong horse battery"),
                             .peer = AW_STR("192.0.2.1"),
                             .hours = 1};
    struct aw_store *store = NULL;
    struct aw_arena arena;
    struct aw_user found;
    struct aw_session made;
    struct aw_err err;
    char made_token[AW_TOKEN_MAX];
    int64_t wait;

    aw_arena_init(&arena, (size_t)1 << 20);
    g->rc = aw_store_open(&store, fixture.path, &err);
    if (g->rc == AW_OK)
        g->rc = aw_session_login(store, &clock_at, &login, &arena, &found,
                                 &made, made_token, &wait, &err);
    aw_store_close(store);
    aw_arena_deinit(&arena);
    return NULL;
}

static void guesses_at_once_count_as_guesses_in_a_row(void **state)
{
    struct guess guesses[12] = {0};
    int looked_at = 0;

    (void)state;
    for (int i = 0; i < 12; i++)
        assert_int_equal(pthread_create(&guesses[i].thread, NULL, guess,
                                        &guesses[i]),
                         0);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(pthread_join(guesses[i].thread, NULL), 0);
        assert_true(guesses[i].rc == AW_INVALID || guesses[i].rc == AW_BUSY);
        looked_at += guesses[i].rc == AW_INVALID;
    }
    assert_int_equal(looked_at, AW_LOGIN_NAME_FREE + 1);
}

/* ---- a new password ------------------------------------------------------
 */

static aw_rc new_password(const char *old, const char *fresh)
{
    struct aw_login login = {.name = AW_STR("fang"),
                             .password = aw_str_of(old),
                             .peer = AW_STR("192.0.2.1")};

    return aw_session_password(fixture.store, &clock_at, &login, &user,
                               aw_str_of(fresh), aw_str_of(session.key),
                               &wait_ms, &fixture.err);
}

static void who_gives_the_old_password_gets_a_new_one(void **state)
{
    char first[AW_TOKEN_MAX];

    (void)state;
    memcpy(first, token, sizeof first);
    ASSERT_OK(come_in("fang", GOOD));
    ASSERT_OK(new_password(GOOD, "another horse battery"));
    ASSERT_OK(find(token));
    assert_int_equal(find(first), AW_MISSING);
    assert_int_equal(come_in("fang", GOOD), AW_INVALID);
    ASSERT_OK(come_in("fang", "another horse battery"));
}

static void the_old_password_cannot_be_guessed_there(void **state)
{
    (void)state;
    for (int i = 0; i <= AW_LOGIN_NAME_FREE; i++)
        assert_int_equal(new_password("wrong", "another horse battery"),
                         AW_INVALID);
    assert_int_equal(new_password(GOOD, "another horse battery"), AW_BUSY);
}

/* ---- audit ---------------------------------------------------------------
 */

static aw_rc prove(const char *password)
{
    struct aw_login login = {.name = AW_STR("fang"),
                             .password = aw_str_of(password),
                             .peer = AW_STR("terminal")};

    return aw_session_prove(fixture.store, &clock_at, &login, &fixture.arena,
                            &user, &wait_ms, &fixture.err);
}

static void a_password_is_proven_without_a_session(void **state)
{
    int64_t sessions = fixture_number("SELECT count(*) FROM session");

    (void)state;
    user = (struct aw_user){0};
    ASSERT_OK(prove(GOOD));
    assert_int_equal(user.id, 1);
    assert_int_equal(fixture_number("SELECT count(*) FROM session"), sessions);
    for (int i = 0; i < AW_LOGIN_NAME_FREE + 1; i++)
        assert_int_equal(prove("wrong horse battery"), AW_INVALID);
    assert_int_equal(prove(GOOD), AW_BUSY);
    assert_true(wait_ms > 0);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"
                                    " WHERE action = 'login_failed'"),
                     AW_LOGIN_NAME_FREE + 1);
    clock_at.manual_ms += MINUTE;
    ASSERT_OK(prove(GOOD));
}

static void coming_in_and_failing_to_is_audited(void **state)
{
    (void)state;
    assert_int_equal(come_in("fang", "wrong"), AW_INVALID);
    assert_int_equal(come_in("nobody\n\xFF", "wrong"), AW_INVALID);
    assert_int_equal(come_in("somebody", "wrong"), AW_INVALID);
    assert_int_equal(
        fixture_number("SELECT count(*) FROM audit WHERE action = 'login'"
                       " AND who = 'fang' AND subject = 'user 1' AND detail ="
                       " '{\"address\":\"192.0.2.1\"}'"),
        1);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit"
                                    " WHERE action = 'login_failed'"
                                    " AND subject = 'user 1'"),
                     1);
    assert_int_equal(fixture_number(
                         "SELECT count(*) FROM audit"
                         " WHERE action = 'login_failed' AND who = 'nobody'"),
                     2);
    assert_int_equal(fixture_number("SELECT count(*) FROM audit WHERE detail ="
                                    " '{\"address\":\"192.0.2.1\","
                                    "\"name\":\"somebody\"}'"),
                     1);
}

#undef UNIT
#define UNIT(test) \
    cmocka_unit_test_setup_teardown(test, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(who_came_in_is_known_by_the_token),
        UNIT(the_store_does_not_have_the_token),
        UNIT(other_tokens_are_nobodys),
        UNIT(each_time_the_token_is_another),
        UNIT(silence_ends_a_session),
        UNIT(being_looked_up_keeps_it_open_no_longer),
        UNIT(use_keeps_it_open_until_its_hours_are_over),
        UNIT(it_outlives_the_store_being_closed),
        UNIT(who_goes_out_is_out),
        UNIT(who_is_switched_off_is_out_and_stays_out),
        UNIT(old_sessions_are_swept_out),
        UNIT(wrong_passwords_make_the_next_one_wait),
        UNIT(names_that_there_are_not_wait_alike),
        UNIT(each_wait_is_twice_the_last_up_to_a_limit),
        UNIT(the_right_password_after_the_wait_begins_anew),
        UNIT(an_address_that_tries_many_names_waits),
        UNIT(a_try_a_moment_before_the_last_one_does_not_wait),
        UNIT(ones_own_login_does_not_free_the_address),
        UNIT(a_day_later_nothing_is_held_against_anybody),
        UNIT(the_waits_are_kept_when_the_store_is_closed),
        UNIT(guesses_at_once_count_as_guesses_in_a_row),
        UNIT(who_gives_the_old_password_gets_a_new_one),
        UNIT(the_old_password_cannot_be_guessed_there),
        UNIT(a_password_is_proven_without_a_session),
        UNIT(coming_in_and_failing_to_is_audited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
