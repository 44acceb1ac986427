#include "evidence/sign.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>

#include "evidence/sign_private.h"

#define RSA_BITS_LEAST 2048
#define RSA_BITS_MOST 8192
#define SM2_ID "1234567812345678" /* GM/T 0009, 10 */
#define DER_MAX 4096              /* bytes of a public half */

static const char *const kind_texts[] = {
#define X(name, text) text,
    AW_KEY_KIND_LIST(X)
#undef X
};

aw_rc(aw_openssl_fail)(struct aw_err *err, aw_rc rc, const char *fmt, ...)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    char text[AW_ERR_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ERR_clear_error();
    return aw_fail(err, rc, "%s%s%s", text, reason ? ": " : "",
                   reason ? reason : "");
}

/* ---- a key of a pkey -----------------------------------------------------
 */

static aw_rc find_kind(EVP_PKEY *pkey, enum aw_key_kind *kind,
                       struct aw_err *err)
{
    int bits = EVP_PKEY_get_bits(pkey);

    for (int i = 0; i < AW_KEY_KINDS; i++) {
        if (!EVP_PKEY_is_a(pkey, kind_texts[i]))
            continue;
        *kind = (enum aw_key_kind)i;
        if (i == AW_KEY_RSA && (bits < RSA_BITS_LEAST || bits > RSA_BITS_MOST))
            return aw_fail(err, AW_INVALID,
                           "an RSA key of %d bits: %d to %d are wanted", bits,
                           RSA_BITS_LEAST, RSA_BITS_MOST);
        return AW_OK;
    }
    return aw_fail(err, AW_INVALID, "the key is neither Ed25519, SM2 nor RSA");
}

static aw_rc find_id(EVP_PKEY *pkey, char id[AW_KEYID_MAX], struct aw_err *err)
{
    unsigned char der[DER_MAX];
    unsigned char *end = der;
    char hex[AW_SHA256_HEX_MAX];
    int len = i2d_PUBKEY(pkey, NULL);

    if (len <= 0 || len > DER_MAX || i2d_PUBKEY(pkey, &end) != len)
        return aw_openssl_fail(err, AW_INVALID, "the key has no public half");
    aw_sha256_hex((struct aw_str){(char *)der, (size_t)len}, hex);
    (void)snprintf(id, AW_KEYID_MAX, "%.16s", hex);
    return AW_OK;
}

aw_rc aw_key_of(struct aw_key **out, struct evp_pkey_st *pkey,
                struct aw_err *err)
{
    struct aw_key *key = calloc(1, sizeof *key);
    aw_rc rc = AW_OK;

    if (!key) {
        EVP_PKEY_free(pkey);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    key->pkey = pkey;
    rc = find_kind(pkey, &key->kind, err);
    if (rc == AW_OK)
        rc = find_id(pkey, key->id, err);
    if (rc != AW_OK) {
        aw_key_free(key);
        return rc;
    }
    *out = key;
    return AW_OK;
}

void aw_key_free(struct aw_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

const char *aw_key_id(const struct aw_key *key)
{
    return key->id;
}

enum aw_key_kind aw_key_kind(const struct aw_key *key)
{
    return key->kind;
}

const char *aw_key_kind_text(enum aw_key_kind kind)
{
    return kind_texts[kind];
}

/* ---- public halves -------------------------------------------------------
 */

aw_rc aw_key_public(const struct aw_key *key, struct aw_buf *out,
                    struct aw_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len;

    if (!bio || PEM_write_bio_PUBKEY(bio, key->pkey) != 1) {
        BIO_free(bio);
        return aw_openssl_fail(err, AW_FAIL, "cannot write a public key");
    }
    len = BIO_get_mem_data(bio, &text);
    aw_buf_append(out, text, len > 0 ? (size_t)len : 0);
    BIO_free(bio);
    return aw_buf_check(out, err);
}

/* Nobody is asked for a pass phrase. */
static int no_phrase(char *buf, int size, int rwflag, void *self)
{
    (void)buf;
    (void)size;
    (void)rwflag;
    (void)self;
    return -1;
}

aw_rc aw_key_read_loose(struct aw_key **out, struct aw_str pem,
                        struct aw_err *err)
{
    EVP_PKEY *pkey = NULL;
    BIO *bio = NULL;

    if (pem.len <= AW_PEM_MAX)
        bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);
    if (bio)
        pkey = PEM_read_bio_PUBKEY(bio, NULL, no_phrase, NULL);
    BIO_free(bio);
    if (!pkey)
        return aw_openssl_fail(err, AW_INVALID, "it is no public key");
    return aw_key_of(out, pkey, err);
}

aw_rc aw_key_read_public(struct aw_key **out, struct aw_str pem,
                         struct aw_err *err)
{
    struct aw_key *key = NULL;
    struct aw_buf again;
    aw_rc rc = aw_key_read_loose(&key, pem, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&again, AW_KEY_PUBLIC_MAX);
    rc = aw_key_public(key, &again, err);
    if (rc == AW_OK && !aw_str_eq(aw_buf_str(&again), pem))
        rc = aw_fail(err, AW_INVALID,
                     "the public key is not as adwatch writes it");
    aw_buf_deinit(&again);
    if (rc == AW_OK)
        *out = key;
    else
        aw_key_free(key);
    return rc;
}

/* ---- signing and verifying -----------------------------------------------
 */

static const EVP_MD *digest_of(enum aw_key_kind kind)
{
    if (kind == AW_KEY_ED25519)
        return NULL; /* it hashes by itself */
    return kind == AW_KEY_SM2 ? EVP_sm3() : EVP_sha256();
}

typedef int init_fn(EVP_MD_CTX *context, EVP_PKEY_CTX **pctx,
                    const EVP_MD *digest, ENGINE *engine, EVP_PKEY *pkey);

/* The context of one signature; NULL where OpenSSL refuses. */
static EVP_MD_CTX *begin(const struct aw_key *key, init_fn *init)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pctx = NULL;

    if (!context)
        return NULL;
    if (init(context, &pctx, digest_of(key->kind), NULL, key->pkey) == 1 &&
        (key->kind != AW_KEY_SM2 ||
         EVP_PKEY_CTX_set1_id(pctx, SM2_ID, (int)sizeof SM2_ID - 1) == 1))
        return context;
    EVP_MD_CTX_free(context);
    return NULL;
}

aw_rc aw_key_sign(const struct aw_key *key, struct aw_str bytes,
                  struct aw_buf *out, struct aw_err *err)
{
    EVP_MD_CTX *context = begin(key, EVP_DigestSignInit);
    unsigned char signature[AW_SIGNATURE_MAX];
    size_t len = sizeof signature;
    bool ok = context &&
              EVP_DigestSign(context, signature, &len,
                             (const unsigned char *)bytes.ptr, bytes.len) == 1;

    EVP_MD_CTX_free(context);
    if (!ok)
        return aw_openssl_fail(err, AW_FAIL, "key %s does not sign", key->id);
    aw_buf_append(out, signature, len);
    return aw_buf_check(out, err);
}

aw_rc aw_key_verify(const struct aw_key *key, struct aw_str bytes,
                    struct aw_str signature, struct aw_err *err)
{
    EVP_MD_CTX *context = NULL;
    bool ok = false;

    if (signature.len > 0 && signature.len <= AW_SIGNATURE_MAX)
        context = begin(key, EVP_DigestVerifyInit);
    if (context)
        ok = EVP_DigestVerify(context, (const unsigned char *)signature.ptr,
                              signature.len, (const unsigned char *)bytes.ptr,
                              bytes.len) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (ok)
        return AW_OK;
    return aw_fail(err, AW_INVALID, "the signature is not that of key %s",
                   key->id);
}
