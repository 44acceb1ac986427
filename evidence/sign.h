/* sign.h - keys that seal bundles: made, loaded, signing and verifying.
 *
 * Three kinds: Ed25519 (RFC 8032), SM2 with SM3 and the default id
 * 1234567812345678 (GB/T 32918, GM/T 0009), RSA of 2,048 bits or more with
 * SHA-256 (PKCS #1 v1.5). All by OpenSSL's EVP; `openssl pkeyutl -verify
 * -rawin` verifies each (docs/09-evidence.md has the lines).
 *
 * A key is a pair, or its public half alone. It is known by its KEYID: the
 * first 16 hex digits of the SHA-256 of the public half's DER
 * (SubjectPublicKeyInfo, RFC 5280).
 */
#ifndef AW_EVIDENCE_SIGN_H
#define AW_EVIDENCE_SIGN_H

#include "base/buf.h"
#include "base/config.h"
#include "base/hash.h"

#define AW_KEYID_MAX 17                  /* with the NUL */
#define AW_SIGNATURE_MAX 1024            /* bytes: RSA of 8,192 bits */
#define AW_PEM_MAX ((size_t)64 << 10)    /* bytes of a file of keys */
#define AW_KEY_PUBLIC_MAX ((size_t)4096) /* bytes of a public half's PEM */

/* X(name, text) */
#define AW_KEY_KIND_LIST(X) \
    X(ED25519, "Ed25519")   \
    X(SM2, "SM2")           \
    X(RSA, "RSA")

enum aw_key_kind {
#define X(name, text) AW_KEY_##name,
    AW_KEY_KIND_LIST(X)
#undef X
        AW_KEY_KINDS
};

struct aw_key;

/* The workspace's own: Ed25519 in WORKSPACE/keys/workspace.pem (0600, the
 * folder 0700), never overwritten. known: the id of the one with which it
 * sealed until now, which it must be; empty: none, and where there is no file
 * one is made. AW_CONFIG: others may read it, it is no such key, or that one
 * is gone, and what to do. */
aw_rc aw_key_own(struct aw_key **out, const char *workspace,
                 struct aw_str known, struct aw_err *err) AW_MUST_USE;

/* An officer's, from the file or the token that the config names; pkcs11: the
 * module that speaks to tokens, or NULL. AW_CONFIG names what is wrong. */
aw_rc aw_key_load(struct aw_key **out, const char *workspace,
                  const struct aw_officer_config *officer, const char *pkcs11,
                  struct aw_err *err) AW_MUST_USE;

/* A public half, from PEM that is written as aw_key_public writes it and no
 * other way. AW_INVALID. */
aw_rc aw_key_read_public(struct aw_key **out, struct aw_str pem,
                         struct aw_err *err) AW_MUST_USE;

/* The same, from PEM as anybody writes it. */
aw_rc aw_key_read_loose(struct aw_key **out, struct aw_str pem,
                        struct aw_err *err) AW_MUST_USE;

void aw_key_free(struct aw_key *key); /* NULL is allowed */

const char *aw_key_id(const struct aw_key *key);
enum aw_key_kind aw_key_kind(const struct aw_key *key);
const char *aw_key_kind_text(enum aw_key_kind kind);

/* Appends the public half as PEM. */
aw_rc aw_key_public(const struct aw_key *key, struct aw_buf *out,
                    struct aw_err *err) AW_MUST_USE;

/* Appends the signature over bytes; of AW_SIGNATURE_MAX at most. */
aw_rc aw_key_sign(const struct aw_key *key, struct aw_str bytes,
                  struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* AW_INVALID: it is not this key's signature over bytes. */
aw_rc aw_key_verify(const struct aw_key *key, struct aw_str bytes,
                    struct aw_str signature, struct aw_err *err) AW_MUST_USE;

#endif
