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

/* Who is said to have signed, and when. */
struct aw_person {
    struct aw_str name, certificate;
    int64_t at_ms;
    int64_t stamped_ms; /* at which it is to be valid too, if later; or 0 */
};

/* From PEM files of certificates (of an authority, or of a key itself) and
 * public keys. AW_INVALID names the file in which something else stands;
 * AW_MISSING, AW_LIMIT. */
aw_rc aw_trust_new(struct aw_trust **out, const char *const *paths,
                   size_t count, struct aw_err *err) AW_MUST_USE;
/* Whoever trusts asks for a time stamp too; this goes without. */
void aw_trust_go_unstamped(struct aw_trust *trust);
bool aw_trust_wants_stamp(const struct aw_trust *trust);
void aw_trust_free(struct aw_trust *trust); /* NULL is allowed */

/* Is it one of the public keys? AW_INVALID says that it is not. */
aw_rc aw_trust_check_listed(const struct aw_trust *trust,
                            const struct aw_key *key,
                            struct aw_err *err) AW_MUST_USE;

/* Is it the key of an officer who is trusted, at that time: one of the public
 * keys, the key of a certificate that was valid then, or that of a chain
 * (certs, may be NULL) which ends at one and was valid then? AW_INVALID says
 * why not. Whether a certificate was taken back is not asked.
 * A certificate has to be one for signing, by its uses (a web server's and a
 * stamping authority's are not), and of that officer: the CN or serialNumber
 * of its subject is her name or her certificate number. */
aw_rc aw_trust_check(const struct aw_trust *trust, const struct aw_key *key,
                     const struct aw_certs *certs,
                     const struct aw_person *person,
                     struct aw_err *err) AW_MUST_USE;

#endif
