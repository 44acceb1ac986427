/* user.h - who may work here: names, roles, passwords, places. */
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

#endif
