#include "web/call_finding.h"

aw_rc aw_call_finding(struct aw_call *call, int64_t id, struct aw_stand *out,
                      struct aw_err *err)
{
    return aw_stand_for(call->store, call->arena, &call->user, id, out, err);
}
