/* finding_put.h - the members of GET /findings/{id}, one function for each
 * part of the reviewer's rail.
 */
#ifndef AW_WEB_FINDING_PUT_H
#define AW_WEB_FINDING_PUT_H

#include "review/second.h"
#include "web/route.h"

/* One finding while it is told. */
struct aw_told {
    struct aw_call *call;
    struct aw_buf *out;
    struct aw_finding finding;
    const struct aw_look *look; /* the newest second look, or NULL */
    bool hides;                 /* what was decided is kept from who asks */
};

aw_rc aw_told_claims(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
void aw_told_shots(struct aw_told *told);
aw_rc aw_told_captures(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
aw_rc aw_told_decisions(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
aw_rc aw_told_comments(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
void aw_told_hand_ins(struct aw_told *told);
void aw_told_up(struct aw_told *told);
void aw_told_second(struct aw_told *told);
aw_rc aw_told_publisher(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
aw_rc aw_told_elsewhere(struct aw_told *told, struct aw_err *err) AW_MUST_USE;
aw_rc aw_told_landing(struct aw_told *told, struct aw_err *err) AW_MUST_USE;

/* "name":"2026-11-23T02:13:00Z", or null where the time is 0. */
void aw_told_time(struct aw_buf *out, const char *name, int64_t wall_ms);

#endif
