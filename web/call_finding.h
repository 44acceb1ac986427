/* call_finding.h - a finding of the path, for who asks. */
#ifndef AW_WEB_CALL_FINDING_H
#define AW_WEB_CALL_FINDING_H

#include "review/stand.h"
#include "web/route.h"

/* Where the finding stands; its texts live in the call's arena. AW_MISSING:
 * there is none, or it lies outside of the user's place. */
aw_rc aw_call_finding(struct aw_call *call, int64_t id, struct aw_stand *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
