/* stamp.h - time stamps by an authority that the office names (RFC 3161).
 *
 * The authority signs a digest and the time at which it saw it. Asked is over
 * SHA-256, with a nonce, and with the authority's certificates; the answer is
 * kept as it came. `openssl ts -verify` verifies it as well.
 */
#ifndef AW_EVIDENCE_STAMP_H
#define AW_EVIDENCE_STAMP_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "evidence/trust.h"

#define AW_STAMP_MAX ((size_t)64 << 10) /* bytes of an answer */
#define AW_STAMP_NONCE 16               /* bytes */

/* What a stamp says. */
struct aw_stamp {
    int64_t at_ms;
    char authority[AW_CERT_NAME_MAX]; /* subject of its certificate */
    bool proven;                      /* by the trust that was given */
};

/* Is the answer a stamp over bytes? Its form is held to one encoding (DER);
 * status, digest, signature, the authority's certificate for stamping and its
 * dates at the time of the stamp, and that nothing else stands in it: no
 * attribute that is not signed, no certificate that is of no use.
 *
 * trust NULL: the authority is who its own certificates say. AW_INVALID says
 * what is false. */
aw_rc aw_stamp_check(struct aw_str answer, struct aw_str bytes,
                     const struct aw_trust *trust, struct aw_stamp *out,
                     struct aw_err *err) AW_MUST_USE;

/* A question over bytes. */
aw_rc aw_stamp_question(struct aw_str bytes,
                        const unsigned char nonce[AW_STAMP_NONCE],
                        struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* AW_INVALID: the answer has another nonce. */
aw_rc aw_stamp_check_nonce(struct aw_str answer,
                           const unsigned char nonce[AW_STAMP_NONCE],
                           struct aw_err *err) AW_MUST_USE;

/* Posts a question and appends the answer, up to AW_STAMP_MAX bytes of type
 * application/timestamp-reply; redirects and proxies are not followed.
 * ca_file: a path, or NULL for the system's. AW_NET, AW_LIMIT, AW_INVALID. */
aw_rc aw_stamp_post(const struct aw_tsa_config *tsa, const char *ca_file,
                    struct aw_str question, struct aw_buf *answer,
                    struct aw_err *err) AW_MUST_USE;

/* All of it: asks, checks at once what can be checked, and that the
 * authority's clock is not further from ours than the config allows. */
aw_rc aw_stamp_ask(const struct aw_tsa_config *tsa, const char *ca_file,
                   const struct aw_clock *clock, struct aw_str bytes,
                   struct aw_buf *answer, struct aw_stamp *out,
                   struct aw_err *err) AW_MUST_USE;

#endif
