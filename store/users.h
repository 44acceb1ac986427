/* users.h - people, their open sessions, and who has to wait before the next
 * try to come in. What the rows mean is decided in review/.
 */
#ifndef AW_STORE_USERS_H
#define AW_STORE_USERS_H

#include "store/store.h"

struct aw_user_row {
    int64_t id, created_ms;
    struct aw_str name, role, place, certificate;
    struct aw_str password; /* libsodium's text of an argon2id hash */
    bool active;
    int64_t open_sessions; /* by aw_store_users alone */
};

/* Fills row->id. AW_INVALID: the name is taken. */
aw_rc aw_store_user_add(struct aw_store *store, struct aw_user_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* Writes all but name and created_ms. */
aw_rc aw_store_user_set(struct aw_store *store, const struct aw_user_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* AW_MISSING: there is none. */
aw_rc aw_store_user_get(struct aw_store *store, struct aw_arena *arena,
                        int64_t id, struct aw_user_row *row,
                        struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_user_find(struct aw_store *store, struct aw_arena *arena,
                         struct aw_str name, struct aw_user_row *row,
                         struct aw_err *err) AW_MUST_USE;

/* By name. Open sessions are those that are neither over at now_ms nor were
 * silent since before seen_ms. */
typedef aw_rc aw_store_user_fn(void *self, const struct aw_user_row *row,
                               struct aw_err *err);
aw_rc aw_store_users(struct aw_store *store, int64_t now_ms, int64_t seen_ms,
                     aw_store_user_fn *visit, void *self,
                     struct aw_err *err) AW_MUST_USE;

/* ---- sessions ----------------------------------------------------------- */

struct aw_session_row {
    struct aw_str key; /* SHA-256 of the token, hex */
    int64_t user;
    struct aw_str csrf;
    int64_t created_ms, seen_ms, expires_ms;
};

aw_rc aw_store_session_add(struct aw_store *store,
                           const struct aw_session_row *row,
                           struct aw_err *err) AW_MUST_USE;

/* The session and whose it is; AW_MISSING: there is none. */
aw_rc aw_store_session_get(struct aw_store *store, struct aw_arena *arena,
                           struct aw_str key, struct aw_session_row *row,
                           struct aw_user_row *user,
                           struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_session_seen(struct aw_store *store, struct aw_str key,
                            int64_t seen_ms, struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_session_drop(struct aw_store *store, struct aw_str key,
                            struct aw_err *err) AW_MUST_USE;

/* All of a user's but the one with that key; those that are over at now_ms or
 * were silent since before seen_ms. */
aw_rc aw_store_sessions_drop_of(struct aw_store *store, int64_t user,
                                struct aw_str but,
                                struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_sessions_drop_over(struct aw_store *store, int64_t now_ms,
                                  int64_t seen_ms,
                                  struct aw_err *err) AW_MUST_USE;

/* ---- waits -------------------------------------------------------------- */

struct aw_wait_row {
    struct aw_str key; /* SHA-256 of what waits, hex */
    int64_t failures, last_ms, closed_until_ms;
};

/* Zeroed but for its key where there is none. */
aw_rc aw_store_wait_get(struct aw_store *store, struct aw_wait_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* failures 0 takes it away. */
aw_rc aw_store_wait_put(struct aw_store *store, const struct aw_wait_row *row,
                        struct aw_err *err) AW_MUST_USE;

/* Those whose last failure was before last_ms; then the oldest, until there
 * are `most`. */
aw_rc aw_store_waits_drop(struct aw_store *store, int64_t last_ms,
                          int64_t most, struct aw_err *err) AW_MUST_USE;

#endif
