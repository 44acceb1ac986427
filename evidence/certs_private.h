/* certs_private.h - certificates as OpenSSL has them; for certs.c, trust.c and
 * stamp*.c alone.
 */
#ifndef AW_EVIDENCE_CERTS_PRIVATE_H
#define AW_EVIDENCE_CERTS_PRIVATE_H

#include "evidence/certs.h"
#include "evidence/trust.h"

struct x509_st;
struct x509_store_st;

struct aw_certs {
    struct x509_st *list[AW_CERTS_MAX];
    size_t count;
};

/* Certificates whose signatures are by SM2 are signed under the default id,
 * which OpenSSL has to be told. */
aw_rc aw_cert_set_id(struct x509_st *cert, struct aw_err *err) AW_MUST_USE;

/* Was the certificate signed by that of issuer, which it names? */
bool aw_cert_is_signed_by(struct x509_st *cert, struct x509_st *issuer);

/* AW_INVALID says from when to when it is valid, where at_ms is not within. */
aw_rc aw_cert_check_time(struct x509_st *cert, int64_t at_ms,
                         struct aw_err *err) AW_MUST_USE;

/* AW_INVALID: it is not for signing, or of somebody else. */
aw_rc aw_cert_check_person(struct x509_st *cert,
                           const struct aw_person *person,
                           struct aw_err *err) AW_MUST_USE;

void aw_cert_name(struct x509_st *cert, char out[AW_CERT_NAME_MAX]);

/* A store of OpenSSL's with `count` anchors, at that time; the caller frees
 * it. NULL: no memory. */
struct x509_store_st *aw_cert_store(struct x509_st *const *anchors,
                                    size_t count, int64_t at_ms);

/* The same of what is trusted. */
struct x509_store_st *aw_trust_store(const struct aw_trust *trust,
                                     int64_t at_ms);

#endif
