#include "cli/desk.h"

#include "review/team.h"

#define RENEW_MS 20000 /* a third of what a lease lasts */

bool aw_desk_lease_due(const struct aw_desk *desk)
{
    int64_t now_ms = aw_clock_mono(desk->clock);

    if (!desk->by || desk->finding.id == 0)
        return false;
    return desk->asked != desk->finding.id ||
           now_ms - desk->asked_ms >= RENEW_MS;
}

aw_rc aw_desk_lease_end(struct aw_desk *desk, struct aw_err *err)
{
    int64_t finding = desk->leased;

    desk->leased = 0;
    return finding > 0 ? aw_lease_drop(desk->store, desk->by, finding, err)
                       : AW_OK;
}

/* Who may not decide has nothing in hand: that is AW_INVALID. */
static aw_rc ask(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_arena arena;
    struct aw_lease lease = {0};
    aw_rc rc;

    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_lease_take(desk->store, desk->clock, &arena, desk->by,
                       desk->finding.id, &lease, err);
    if (rc == AW_OK)
        desk->leased = desk->finding.id;
    if (rc == AW_BUSY)
        aw_desk_say(desk, "%.*s 正在处理这一条", AW_STR_ARG(lease.name));
    aw_arena_deinit(&arena);
    return rc == AW_BUSY || rc == AW_INVALID || rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_desk_lease(struct aw_desk *desk, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (desk->leased != desk->finding.id)
        rc = aw_desk_lease_end(desk, err);
    desk->asked = desk->finding.id;
    desk->asked_ms = aw_clock_mono(desk->clock);
    return rc == AW_OK ? ask(desk, err) : rc;
}
