/* session.h - coming in, being in, and going out.
 *
 * A session is a token of 256 random bits that its browser keeps; the store
 * has its SHA-256 alone, so that who reads the store cannot come in with it.
 * It ends when it was silent for AW_SESSION_IDLE_MS, after so many hours since
 * its beginning, when its user goes out, and when an administrator changes the
 * user. It outlives the server's process.
 *
 * A failed login makes the next one wait, by name and by address, twice as
 * long each time: see AW_LOGIN_*. Names that do not exist wait, take time and
 * are refused just as those that do.
 */
#ifndef AW_REVIEW_SESSION_H
#define AW_REVIEW_SESSION_H

#include "base/hash.h"
#include "review/user.h"

#define AW_TOKEN_MAX 65 /* 256 bits in hex, with the NUL */
#define AW_SESSION_IDLE_MS ((int64_t)30 * 60 * 1000)

#define AW_LOGIN_NAME_FREE 4     /* tries before the first wait */
#define AW_LOGIN_ADDRESS_FREE 60 /* of one address: an office comes in */
#define AW_LOGIN_WAIT_FIRST_MS 1000
#define AW_LOGIN_WAIT_MOST_MS ((int64_t)15 * 60 * 1000)
#define AW_LOGIN_FORGET_MS ((int64_t)24 * 60 * 60 * 1000)

struct aw_session {
    char key[AW_SHA256_HEX_MAX]; /* what the store knows it by */
    char csrf[AW_TOKEN_MAX];     /* what its page shows with each write */
    int64_t expires_ms;          /* unless it is used before */
};

struct aw_login {
    struct aw_str name, password;
    struct aw_str peer; /* the address */
    int hours;          /* that the session lasts at most */
};

/* AW_OK: *user, *session, and the token for the browser. AW_INVALID: name or
 * password is wrong, or the user is switched off; it is not told which.
 * AW_BUSY: too many tries; *wait_ms says when the next one counts. What is
 * read of the user is put into the arena. */
aw_rc aw_session_login(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_login *login, struct aw_arena *arena,
                       struct aw_user *user, struct aw_session *session,
                       char token[AW_TOKEN_MAX], int64_t *wait_ms,
                       struct aw_err *err) AW_MUST_USE;

/* For an act that asks for the password anew, as sealing does: is it that
 * person's? Fails as above, and tries count likewise. No session begins, and
 * nothing is audited but a failure. */
aw_rc aw_session_prove(struct aw_store *store, const struct aw_clock *clock,
                       const struct aw_login *login, struct aw_arena *arena,
                       struct aw_user *user, int64_t *wait_ms,
                       struct aw_err *err) AW_MUST_USE;

/* The session of a token and whose it is, which is noted as seen. AW_MISSING:
 * there is none, or it is over. */
aw_rc aw_session_find(struct aw_store *store, const struct aw_clock *clock,
                      struct aw_str token, struct aw_arena *arena,
                      struct aw_user *user, struct aw_session *session,
                      struct aw_err *err) AW_MUST_USE;

/* Is the session of that key (struct aw_session) still open? It is not noted
 * as seen. AW_MISSING: it is over. */
aw_rc aw_session_check(struct aw_store *store, const struct aw_clock *clock,
                       struct aw_str key, struct aw_err *err) AW_MUST_USE;

/* A new password for who gives the old one; tries count as those to come in.
 * All other sessions of the user end. AW_INVALID: the old one is wrong, or the
 * new one is none. AW_BUSY: as above. */
aw_rc aw_session_password(struct aw_store *store, const struct aw_clock *clock,
                          const struct aw_login *login,
                          const struct aw_user *user, struct aw_str password,
                          struct aw_str keep_session, int64_t *wait_ms,
                          struct aw_err *err) AW_MUST_USE;

aw_rc aw_session_logout(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_user *user, struct aw_str key,
                        struct aw_err *err) AW_MUST_USE;

#endif
