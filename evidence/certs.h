/* certs.h - a key's certificate and those above it, from PEM (RFC 5280, 7468).
 *
 * The first is the key's own; each is signed by the next. Whether the last one
 * is to be trusted is trust.h's business.
 */
#ifndef AW_EVIDENCE_CERTS_H
#define AW_EVIDENCE_CERTS_H

#include "evidence/sign.h"

#define AW_CERTS_MAX 8       /* in one chain */
#define AW_CERT_NAME_MAX 256 /* bytes of a subject in words, with the NUL */

struct aw_certs;

/* AW_INVALID: no certificate, one that does not sign the one before it, or
 * the first is not the key's. exact: the PEM must be as aw_certs_pem writes
 * it, so that each of its bytes means something. */
aw_rc aw_certs_read(struct aw_certs **out, struct aw_str pem, bool exact,
                    const struct aw_key *key, struct aw_err *err) AW_MUST_USE;
void aw_certs_free(struct aw_certs *certs); /* NULL is allowed */

aw_rc aw_certs_pem(const struct aw_certs *certs, struct aw_buf *out,
                   struct aw_err *err) AW_MUST_USE;

/* The subject of the first, for people. */
void aw_certs_name(const struct aw_certs *certs, char out[AW_CERT_NAME_MAX]);

#endif
