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

/* The name that --as gives, else $USER. Where the store has users it must be
 * one of theirs, and active: AW_INVALID. The terminal asks for no password:
 * who may open the store may write to it, and the system's own login says who
 * that is. AW_USAGE: there is no name. */
aw_rc aw_cli_who(const struct aw_cli *cli, struct aw_store *store,
                 struct aw_arena *arena, struct aw_cli_who *out,
                 struct aw_err *err) AW_MUST_USE;

#endif
