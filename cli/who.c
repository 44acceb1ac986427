#include "cli/who.h"

#include <stdlib.h>

#include "store/deciding.h"

static aw_rc find_user(struct aw_store *store, struct aw_arena *arena,
                       struct aw_cli_who *who, struct aw_err *err)
{
    aw_rc rc = aw_user_find(store, arena, who->name, &who->user, err);

    if (rc == AW_MISSING || (rc == AW_OK && !who->user.active))
        return aw_fail(err, AW_INVALID,
                       "'%.*s' is %s user of this workspace: name one with "
                       "--as; 'adwatch user list' shows them",
                       AW_STR_ARG(who->name),
                       rc == AW_MISSING ? "no" : "no longer a");
    who->by = &who->user;
    return rc;
}

aw_rc aw_cli_who(const struct aw_cli *cli, struct aw_store *store,
                 struct aw_arena *arena, struct aw_cli_who *out,
                 struct aw_err *err)
{
    const char *as = aw_cli_value(cli, "as");
    bool has_users = false;
    aw_rc rc;

    *out = (struct aw_cli_who){.name = aw_str_of(as ? as : getenv("USER"))};
    if (out->name.len == 0)
        return aw_cli_usage(cli, err, "who decides? use --as NAME");
    rc = aw_store_has_users(store, &has_users, err);
    return rc == AW_OK && has_users ? find_user(store, arena, out, err) : rc;
}
