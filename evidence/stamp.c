#include "evidence/stamp.h"

#include <openssl/rand.h>

#include "evidence/shown.h"

static aw_rc check_clock(const struct aw_stamp *stamp, int64_t now_ms,
                         int64_t most_ms, struct aw_err *err)
{
    char theirs[AW_TIME_MAX];
    char ours[AW_TIME_MAX];

    if (stamp->at_ms <= now_ms + most_ms && stamp->at_ms >= now_ms - most_ms)
        return AW_OK;
    aw_time_iso(stamp->at_ms, theirs);
    aw_time_iso(now_ms, ours);
    return aw_fail(err, AW_INVALID,
                   "the authority's clock says %s, ours %s: one of them is "
                   "wrong",
                   theirs, ours);
}

static aw_rc check(const struct aw_tsa_config *tsa,
                   const struct aw_clock *clock, struct aw_str bytes,
                   const unsigned char *nonce, struct aw_str answer,
                   struct aw_stamp *out, struct aw_err *err)
{
    char shown[AW_SHOWN_MAX];
    aw_rc rc = aw_stamp_check(answer, bytes, NULL, out, err);

    if (rc == AW_OK)
        rc = aw_stamp_check_nonce(answer, nonce, err);
    if (rc == AW_OK)
        rc = check_clock(out, aw_clock_wall(clock), tsa->clock_ms, err);
    if (rc == AW_OK)
        return AW_OK;
    aw_show_uri(tsa->url, shown);
    return aw_fail_in(err, "the answer of '%s'", shown);
}

aw_rc aw_stamp_ask(const struct aw_tsa_config *tsa, const char *ca_file,
                   const struct aw_clock *clock, struct aw_str bytes,
                   struct aw_buf *answer, struct aw_stamp *out,
                   struct aw_err *err)
{
    unsigned char nonce[AW_STAMP_NONCE];
    struct aw_buf question;
    aw_rc rc;

    if (RAND_bytes(nonce, sizeof nonce) != 1)
        return aw_fail(err, AW_FAIL, "OpenSSL gives no random bytes");
    aw_buf_init(&question, AW_STAMP_MAX);
    rc = aw_stamp_question(bytes, nonce, &question, err);
    if (rc == AW_OK)
        rc = aw_stamp_post(tsa, ca_file, aw_buf_str(&question), answer, err);
    if (rc == AW_OK)
        rc = check(tsa, clock, bytes, nonce, aw_buf_str(answer), out, err);
    aw_buf_deinit(&question);
    return rc;
}
