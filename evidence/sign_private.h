/* sign_private.h - what the files that wrap OpenSSL's keys and certificates
 * share; for sign*.c, certs.c, trust.c and stamp*.c alone. Its types are named
 * by their structs, so that no other header needs OpenSSL's.
 */
#ifndef AW_EVIDENCE_SIGN_PRIVATE_H
#define AW_EVIDENCE_SIGN_PRIVATE_H

#include "evidence/sign.h"

struct evp_pkey_st;

struct aw_key {
    struct evp_pkey_st *pkey;
    enum aw_key_kind kind;
    char id[AW_KEYID_MAX];
};

#define AW_SECRET_MAX 256 /* bytes of a pass phrase or PIN, with the NUL */

/* As aw_fail, and appends what OpenSSL says; empties its queue of errors. */
aw_rc aw_openssl_fail(struct aw_err *err, aw_rc rc, const char *fmt, ...)
    AW_PRINTF(3, 4);

/* As for aw_fail: clang-tidy is told that it returns rc. */
#ifdef __clang_analyzer__
#define aw_openssl_fail(err, rc, ...) \
    ((void)(aw_openssl_fail)((err), (rc), __VA_ARGS__), (rc))
#endif

/* Makes a key of a pkey, which it owns from now on, also on failure. */
aw_rc aw_key_of(struct aw_key **out, struct evp_pkey_st *pkey,
                struct aw_err *err) AW_MUST_USE;

/* By PKCS #11. pin: NULL where the token asks for none. */
aw_rc aw_token_key(struct evp_pkey_st **out, const char *uri, const char *pin,
                   const char *module, struct aw_err *err) AW_MUST_USE;

#endif
