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
        return aw_cli_usage(cli, err, "who does it? use --as NAME");
    rc = aw_store_has_users(store, &has_users, err);
    return rc == AW_OK && has_users ? find_user(store, arena, out, err) : rc;
}

struct aw_str aw_cli_account(void)
{
    struct aw_str name = aw_str_of(getenv("USER"));

    return name.len > 0 ? name : AW_STR("adwatch");
}

/* Is the account that of a user? */
static aw_rc find_account(struct aw_store *store, struct aw_arena *arena,
                          struct aw_cli_maker *out, struct aw_err *err)
{
    struct aw_user user = {0};
    struct aw_err missing;
    aw_rc rc;

    out->name = aw_cli_account();
    rc = aw_user_find(store, arena, out->name, &user, &missing);
    if (rc == AW_OK && user.active)
        out->person = out->name;
    return rc == AW_OK || rc == AW_MISSING
               ? AW_OK
               : aw_fail(err, rc, "%s", missing.msg);
}

aw_rc aw_cli_maker(const struct aw_cli *cli, struct aw_store *store,
                   struct aw_arena *arena, struct aw_cli_maker *out,
                   struct aw_err *err)
{
    struct aw_cli_who who;
    aw_rc rc;

    *out = (struct aw_cli_maker){0};
    if (!aw_cli_value(cli, "as"))
        return find_account(store, arena, out, err);
    rc = aw_cli_who(cli, store, arena, &who, err);
    if (rc == AW_OK)
        out->name = out->person = who.name;
    return rc;
}
