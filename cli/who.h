/* who.h - who works at this terminal. */
#ifndef AW_CLI_WHO_H
#define AW_CLI_WHO_H

#include "cli/cli.h"
#include "review/user.h"

struct aw_cli_who {
    struct aw_str name;
    struct aw_user user;
    const struct aw_user *by; /* &user; NULL: the store has no users */
};

struct aw_cli_maker {
    struct aw_str name;   /* for the audit: never empty */
    struct aw_str person; /* the same; empty: no person is known */
};

/* The name that --as gives, else $USER. Where the store has users it must be
 * one of theirs, and active: AW_INVALID. The terminal asks for no password:
 * who may open the store may write to it, and the system's own login says who
 * that is. AW_USAGE: there is no name. */
aw_rc aw_cli_who(const struct aw_cli *cli, struct aw_store *store,
                 struct aw_arena *arena, struct aw_cli_who *out,
                 struct aw_err *err) AW_MUST_USE;

/* Who makes something that needs no user: of the name that --as gives,
 * as aw_cli_who takes it; else $USER, who is a person where it is an active
 * user of the store. */
aw_rc aw_cli_maker(const struct aw_cli *cli, struct aw_store *store,
                   struct aw_arena *arena, struct aw_cli_maker *out,
                   struct aw_err *err) AW_MUST_USE;

/* $USER, or "adwatch" where it is not set. */
struct aw_str aw_cli_account(void);

#endif
