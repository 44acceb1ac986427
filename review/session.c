#include "review/session.h"

#include <sodium.h>
#include <stdio.h>

#include "base/json.h"
#include "review/password.h"
#include "review/user_private.h"

#define TOKEN_BYTES 32
#define SEEN_STEP_MS 60000 /* not each request is a write */
#define WAITS_MOST 10000   /* rows of names and addresses that failed */
#define DETAIL_MAX ((size_t)4 << 10)

static void make_token(char out[AW_TOKEN_MAX])
{
    unsigned char bytes[TOKEN_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2hex(out, AW_TOKEN_MAX, bytes, sizeof bytes);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- waits ---------------------------------------------------------------
 */

/* What a try counts for: a name, and an address. */
struct wait {
    char key[AW_SHA256_HEX_MAX];
    int64_t tries_free;
    struct aw_wait_row row;
};

static void name_wait(struct wait *wait, const char *kind, struct aw_str what,
                      int64_t tries_free)
{
    struct aw_str parts[] = {aw_str_of(kind), what};

    aw_sha256_parts(parts, 2, wait->key);
    wait->row.key = aw_str_of(wait->key);
    wait->tries_free = tries_free;
}

static int64_t wait_after(int64_t failures, int64_t tries_free)
{
    int64_t doublings = failures - tries_free;

    if (doublings <= 0)
        return 0;
    if (doublings > 20)
        return AW_LOGIN_WAIT_MOST_MS;
    return least((int64_t)AW_LOGIN_WAIT_FIRST_MS << (doublings - 1),
                 AW_LOGIN_WAIT_MOST_MS);
}

/* A try counts as failed before the password is looked at, and is taken back
 * where it was right: many at once are not more than many in a row. */
static aw_rc charge(struct aw_store *store, struct wait *wait, int64_t now,
                    struct aw_err *err)
{
    struct aw_wait_row *row = &wait->row;
    int64_t wait_ms;

    if (now - row->last_ms > AW_LOGIN_FORGET_MS)
        row->failures = 0;
    row->failures++;
    row->last_ms = now;
    wait_ms = wait_after(row->failures, wait->tries_free);
    row->closed_until_ms = wait_ms > 0 ? now + wait_ms : 0; /* clocks differ */
    return aw_store_wait_put(store, row, err);
}

static aw_rc charge_all(struct aw_store *store, struct wait waits[2],
                        int64_t now, int64_t *wait_ms, struct aw_err *err)
{
    aw_rc rc =
        aw_store_waits_drop(store, now - AW_LOGIN_FORGET_MS, WAITS_MOST, err);

    *wait_ms = 0;
    for (int i = 0; i < 2 && rc == AW_OK; i++) {
        rc = aw_store_wait_get(store, &waits[i].row, err);
        if (waits[i].row.closed_until_ms - now > *wait_ms)
            *wait_ms = waits[i].row.closed_until_ms - now;
    }
    for (int i = 0; i < 2 && rc == AW_OK && *wait_ms == 0; i++)
        rc = charge(store, &waits[i], now, err);
    return rc;
}

/* AW_BUSY where one of them is closed. */
static aw_rc take_turn(struct aw_store *store, const struct aw_login *login,
                       struct wait waits[2], int64_t now, int64_t *wait_ms,
                       struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    name_wait(&waits[0], "name:", login->name, AW_LOGIN_NAME_FREE);
    name_wait(&waits[1], "address:", login->peer, AW_LOGIN_ADDRESS_FREE);
    if (rc != AW_OK)
        return rc;
    rc = charge_all(store, waits, now, wait_ms, err);
    rc = aw_store_end(store, rc, err);
    if (rc == AW_OK && *wait_ms > 0)
        return aw_fail(err, AW_BUSY,
                       "too many tries: wait %lld seconds, and try again",
                       (long long)((*wait_ms + 999) / 1000));
    return rc;
}

/* The name begins anew; of the address this one try is taken back: who has a
 * name here may not guess those of others without end. */
static aw_rc give_back(struct aw_store *store, struct wait waits[2],
                       struct aw_err *err)
{
    struct aw_wait_row address = {.key = waits[1].row.key};
    aw_rc rc;

    waits[0].row.failures = 0;
    rc = aw_store_wait_put(store, &waits[0].row, err);
    if (rc == AW_OK)
        rc = aw_store_wait_get(store, &address, err);
    if (rc != AW_OK || address.failures == 0)
        return rc;
    if (address.failures == waits[1].row.failures) /* nobody tried since */
        address.closed_until_ms = 0;
    address.failures--;
    return aw_store_wait_put(store, &address, err);
}

/* ---- coming in -----------------------------------------------------------
 */

/* A name that nobody has may be anything. */
static bool is_shown(struct aw_str name)
{
    struct aw_err ignored;

    return aw_written_check("name", name, AW_USER_NAME_MAX, &ignored) == AW_OK;
}

static aw_rc audit_login(struct aw_store *store, const struct aw_clock *clock,
                         const struct aw_login *login, int64_t user,
                         enum aw_audit_action action, struct aw_err *err)
{
    struct aw_buf detail;
    aw_rc rc;

    aw_buf_init(&detail, DETAIL_MAX);
    aw_json_open(&detail, NULL, '{');
    aw_json_text(&detail, "address", login->peer);
    if (user == 0 && is_shown(login->name))
        aw_json_text(&detail, "name", login->name);
    aw_json_close(&detail, '}');
    rc = aw_buf_check(&detail, err);
    if (rc == AW_OK)
        rc = aw_user_audit(store, clock,
                           user > 0 ? login->name : AW_STR("nobody"), action,
                           user, aw_buf_str(&detail), err);
    aw_buf_deinit(&detail);
    return rc;
}

static aw_rc add_session(struct aw_store *store, const struct aw_login *login,
                         int64_t user, int64_t now, struct aw_session *session,
                         char token[AW_TOKEN_MAX], struct aw_err *err)
{
    int64_t end = now + (int64_t)login->hours * 60 * 60 * 1000;
    struct aw_session_row row = {.user = user,
                                 .created_ms = now,
                                 .seen_ms = now,
                                 .expires_ms = end};
    aw_rc rc =
        aw_store_sessions_drop_over(store, now, now - AW_SESSION_IDLE_MS, err);

    make_token(token);
    make_token(session->csrf);
    aw_sha256_hex(aw_str_of(token), session->key);
    session->expires_ms = least(end, now + AW_SESSION_IDLE_MS);
    row.key = aw_str_of(session->key);
    row.csrf = aw_str_of(session->csrf);
    return rc == AW_OK ? aw_store_session_add(store, &row, err) : rc;
}

/* While the hash was reckoned the user may have been changed. */
static aw_rc check_same(struct aw_store *store, const struct aw_user_row *row,
                        struct aw_arena *arena, struct aw_err *err)
{
    struct aw_user_row now = {0};
    aw_rc rc = aw_store_user_get(store, arena, row->id, &now, err);

    if (rc == AW_OK && (!now.active || !aw_str_eq(now.role, row->role) ||
                        !aw_str_eq(now.password, row->password)))
        return aw_fail(err, AW_INVALID, "the user was changed: try again");
    return rc;
}

static aw_rc come_in(struct aw_store *store, const struct aw_clock *clock,
                     const struct aw_login *login, struct wait waits[2],
                     int64_t user, struct aw_session *session,
                     char token[AW_TOKEN_MAX], struct aw_err *err)
{
    aw_rc rc = give_back(store, waits, err);

    if (rc == AW_OK)
        rc = add_session(store, login, user, aw_clock_wall(clock), session,
                         token, err);
    if (rc == AW_OK)
        rc = audit_login(store, clock, login, user, AW_AUDIT_LOGIN, err);
    return rc;
}

/* The same for all that is wrong, with the same work done before. */
static aw_rc refuse(struct aw_store *store, const struct aw_clock *clock,
                    const struct aw_login *login, int64_t user,
                    struct aw_err *err)
{
    aw_rc rc =
        audit_login(store, clock, login, user, AW_AUDIT_LOGIN_FAILED, err);

    return rc == AW_OK
               ? aw_fail(err, AW_INVALID, "the name or the password is wrong")
               : rc;
}

/* Name and password are right; waits is what is to be given back. */
static aw_rc recognise(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_login *login, struct aw_arena *arena,
                       struct wait waits[2], struct aw_user_row *row,
                       int64_t *wait_ms, struct aw_err *err)
{
    bool is_right;
    aw_rc rc;

    if (sodium_init() < 0)
        return aw_fail(err, AW_FAIL, "libsodium does not start");
    rc = take_turn(store, login, waits, aw_clock_wall(clock), wait_ms, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_store_user_find(store, arena, login->name, row, err);
    if (rc != AW_OK && rc != AW_MISSING)
        return rc;
    is_right = aw_password_is(login->password, row->password);
    return is_right && row->active ? AW_OK
                                   : refuse(store, clock, login, row->id, err);
}

/* Whose name and password these are. Where it is AW_OK a transaction is
 * begun, for the caller to end. */
static aw_rc begin_known(struct aw_store *store, const struct aw_clock *clock,
                         const struct aw_login *login, struct aw_arena *arena,
                         struct wait waits[2], struct aw_user *user,
                         int64_t *wait_ms, struct aw_err *err)
{
    struct aw_user_row row = {0};
    aw_rc rc =
        recognise(store, clock, login, arena, waits, &row, wait_ms, err);

    if (rc == AW_OK)
        rc = aw_user_of_row(&row, user, err);
    if (rc == AW_OK)
        rc = aw_store_begin(store, err);
    if (rc != AW_OK)
        return rc;
    rc = check_same(store, &row, arena, err);
    return rc == AW_OK ? AW_OK : aw_store_end(store, rc, err);
}

aw_rc aw_session_login(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_login *login, struct aw_arena *arena,
                       struct aw_user *user, struct aw_session *session,
                       char token[AW_TOKEN_MAX], int64_t *wait_ms,
                       struct aw_err *err)
{
    struct wait waits[2] = {0};
    aw_rc rc =
        begin_known(store, clock, login, arena, waits, user, wait_ms, err);

    if (rc != AW_OK)
        return rc;
    rc = come_in(store, clock, login, waits, user->id, session, token, err);
    return aw_store_end(store, rc, err);
}

aw_rc aw_session_prove(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_login *login, struct aw_arena *arena,
                       struct aw_user *user, int64_t *wait_ms,
                       struct aw_err *err)
{
    struct wait waits[2] = {0};
    aw_rc rc =
        begin_known(store, clock, login, arena, waits, user, wait_ms, err);

    if (rc != AW_OK)
        return rc;
    rc = give_back(store, waits, err);
    return aw_store_end(store, rc, err);
}

/* ---- being in ------------------------------------------------------------
 */

static aw_rc no_session(struct aw_err *err)
{
    return aw_fail(err, AW_MISSING, "there is no session: log in");
}

static bool is_token(struct aw_str token)
{
    return token.len == AW_TOKEN_MAX - 1;
}

static bool is_over(const struct aw_session_row *row,
                    const struct aw_user_row *owner, int64_t now)
{
    return row->expires_ms <= now || !owner->active ||
           row->seen_ms < now - AW_SESSION_IDLE_MS;
}

aw_rc aw_session_find(struct aw_store *store, const struct aw_clock *clock,
                      struct aw_str token, struct aw_arena *arena,
                      struct aw_user *user, struct aw_session *session,
                      struct aw_err *err)
{
    struct aw_session_row row = {0};
    struct aw_user_row owner = {0};
    int64_t now = aw_clock_wall(clock);
    aw_rc rc;

    if (!is_token(token))
        return no_session(err);
    aw_sha256_hex(token, session->key);
    rc = aw_store_session_get(store, arena, aw_str_of(session->key), &row,
                              &owner, err);
    if (rc == AW_OK && is_over(&row, &owner, now))
        return no_session(err);
    if (rc == AW_OK && now - row.seen_ms > SEEN_STEP_MS)
        rc = aw_store_session_seen(store, row.key, now, err);
    if (rc == AW_OK)
        rc = aw_user_of_row(&owner, user, err);
    if (rc == AW_MISSING)
        return no_session(err);
    if (rc != AW_OK)
        return rc;
    (void)snprintf(session->csrf, sizeof session->csrf, "%.*s",
                   AW_STR_ARG(row.csrf));
    session->expires_ms = least(row.expires_ms, now + AW_SESSION_IDLE_MS);
    return AW_OK;
}

aw_rc aw_session_check(struct aw_store *store, const struct aw_clock *clock,
                       struct aw_str key, struct aw_err *err)
{
    struct aw_session_row row = {0};
    struct aw_user_row owner = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_store_session_get(store, &arena, key, &row, &owner, err);
    if (rc == AW_MISSING ||
        (rc == AW_OK && is_over(&row, &owner, aw_clock_wall(clock))))
        rc = no_session(err);
    aw_arena_deinit(&arena);
    return rc;
}

/* In one transaction, after the old password was found right. */
static aw_rc forgive(struct aw_store *store, struct wait waits[2],
                     struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    return rc == AW_OK ? aw_store_end(store, give_back(store, waits, err), err)
                       : rc;
}

aw_rc aw_session_password(struct aw_store *store, const struct aw_clock *clock,
                          const struct aw_login *login,
                          const struct aw_user *user, struct aw_str password,
                          struct aw_str keep_session, int64_t *wait_ms,
                          struct aw_err *err)
{
    struct aw_user_change change = {.password = &password,
                                    .keep_session = keep_session};
    struct aw_user_row row = {0};
    struct wait waits[2] = {0};
    struct aw_arena arena;
    bool is_right = false;
    aw_rc rc =
        take_turn(store, login, waits, aw_clock_wall(clock), wait_ms, err);

    if (rc != AW_OK)
        return rc;
    aw_arena_init(&arena, DETAIL_MAX);
    rc = aw_store_user_get(store, &arena, user->id, &row, err);
    if (rc == AW_OK)
        is_right = aw_password_is(login->password, row.password);
    aw_arena_deinit(&arena);
    if (rc == AW_OK && !is_right)
        rc = aw_fail(err, AW_INVALID, "the old password is wrong");
    if (rc == AW_OK)
        rc = forgive(store, waits, err);
    return rc == AW_OK ? aw_user_change(store, clock, user->name, user->id,
                                        &change, err)
                       : rc;
}

aw_rc aw_session_logout(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_user *user, struct aw_str key,
                        struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = aw_store_session_drop(store, key, err);
    if (rc == AW_OK)
        rc = aw_user_audit(store, clock, user->name, AW_AUDIT_LOGOUT, user->id,
                           (struct aw_str){0}, err);
    return aw_store_end(store, rc, err);
}
