/* user.h - who may work here: names, roles, passwords, places.
 *
 * Every change is a row of the audit chain, in the same transaction, and ends
 * the open sessions of whom it concerns: nobody goes on with rights that were
 * taken away.
 */
#ifndef AW_REVIEW_USER_H
#define AW_REVIEW_USER_H

#include "base/arena.h"
#include "base/clock.h"
#include "store/store.h"

/* X(name, code)
 * A reviewer decides; a second officer also answers what another confirmed; a
 * supervisor also sees the work of all and settles what was escalated; an
 * administrator keeps users and settings, and decides nothing; an auditor
 * reads everything, the audit chain too, and changes nothing. */
#define AW_ROLE_LIST(X)         \
    X(REVIEWER, "reviewer")     \
    X(SECOND, "second_officer") \
    X(SUPERVISOR, "supervisor") \
    X(ADMIN, "administrator")   \
    X(AUDITOR, "auditor")

enum aw_role {
#define X(name, code) AW_ROLE_##name,
    AW_ROLE_LIST(X)
#undef X
        AW_ROLE_COUNT
};

struct aw_user {
    int64_t id; /* 0: nobody */
    struct aw_str name;
    enum aw_role role;
    struct aw_str place;       /* GB/T 2260 prefix, "3708"; empty: all */
    struct aw_str certificate; /* the number of the officer's certificate */
    bool active;
};

bool aw_role_parse(struct aw_str code, enum aw_role *out);
const char *aw_role_code(enum aw_role role);

#define AW_USER_NAME_MAX 32        /* code points */
#define AW_USER_PLACE_MAX 20       /* bytes */
#define AW_USER_CERTIFICATE_MAX 40 /* code points */

/* AW_MISSING: there is none. Texts are put into the arena. */
aw_rc aw_user_get(struct aw_store *store, struct aw_arena *arena, int64_t id,
                  struct aw_user *out, struct aw_err *err) AW_MUST_USE;
aw_rc aw_user_find(struct aw_store *store, struct aw_arena *arena,
                   struct aw_str name, struct aw_user *out,
                   struct aw_err *err) AW_MUST_USE;

/* By name, with the number of their open sessions. */
typedef aw_rc aw_user_fn(void *self, const struct aw_user *user,
                         int64_t open_sessions, struct aw_err *err);
aw_rc aw_users(struct aw_store *store, const struct aw_clock *clock,
               aw_user_fn *visit, void *self, struct aw_err *err) AW_MUST_USE;

/* Makes a user and fills user->id; who does it is named in the audit chain.
 * AW_INVALID: a name that is taken, or a text that is not as it must be. */
aw_rc aw_user_add(struct aw_store *store, const struct aw_clock *clock,
                  struct aw_str who, struct aw_user *user,
                  struct aw_str password, struct aw_err *err) AW_MUST_USE;

/* What is changed of a user: what is NULL stays. */
struct aw_user_change {
    const enum aw_role *role;
    const struct aw_str *place, *certificate;
    const bool *active;
    const struct aw_str *password;
    struct aw_str keep_session; /* key of the one session that goes on */
};

/* AW_MISSING: no such user; AW_INVALID: as aw_user_add. What is as it was is
 * no change: no session ends for it. */
aw_rc aw_user_change(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_str who, int64_t id,
                     const struct aw_user_change *change,
                     struct aw_err *err) AW_MUST_USE;

#endif
