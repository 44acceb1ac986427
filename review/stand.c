#include "review/stand.h"

bool aw_user_sees(const struct aw_user *user, struct aw_str place)
{
    return !user || aw_str_starts(place, user->place);
}

aw_rc aw_stand_for(struct aw_store *store, struct aw_arena *arena,
                   const struct aw_user *user, int64_t finding,
                   struct aw_stand *out, struct aw_err *err)
{
    struct aw_stand stand = {0};
    aw_rc rc = aw_store_stand(store, arena, finding, &stand, err);

    if (rc == AW_OK && !aw_user_sees(user, stand.place))
        rc = aw_fail(err, AW_MISSING, "there is no finding %lld",
                     (long long)finding);
    if (rc == AW_OK)
        *out = stand;
    return rc;
}

bool aw_stand_leased(const struct aw_stand *stand, const struct aw_user *user,
                     int64_t now_ms)
{
    bool live = stand->lease_user > 0 && stand->lease_until_ms > now_ms;

    if (user &&
        (user->role == AW_ROLE_SUPERVISOR || user->id == stand->lease_user))
        return false;
    return live;
}
