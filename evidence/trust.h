/* trust.h - whom does the verifier trust? Certificates and public keys that
 * came to her on another way than the bundle.
 *
 * Without any, signatures can hold by the keys that lie in the bundle, which
 * says that nothing was changed since, and not who signed.
 */
#ifndef AW_EVIDENCE_TRUST_H
#define AW_EVIDENCE_TRUST_H

#include "evidence/certs.h"

#define AW_TRUST_FILE_MAX ((size_t)4 << 20)
#define AW_TRUST_ITEMS_MAX 2000

struct aw_trust;

/* From PEM files of certificates (of an authority, or of a key itself) and
 * public keys. AW_INVALID names the file in which something else stands;
 * AW_MISSING, AW_LIMIT. */
aw_rc aw_trust_new(struct aw_trust **out, const char *const *paths,
                   size_t count, struct aw_err *err) AW_MUST_USE;
void aw_trust_free(struct aw_trust *trust); /* NULL is allowed */

/* Is it the key of somebody who is trusted, at that time: one of the public
 * keys, the key of a certificate that was valid then, or that of a chain
 * (certs, may be NULL) which ends at one and was valid then? AW_INVALID says
 * why not. Whether a certificate was taken back is not asked. */
aw_rc aw_trust_check(const struct aw_trust *trust, const struct aw_key *key,
                     const struct aw_certs *certs, int64_t at_ms,
                     struct aw_err *err) AW_MUST_USE;

#endif
