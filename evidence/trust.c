#include "evidence/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "base/fs.h"
#include "evidence/certs_private.h"
#include "evidence/sign_private.h"

struct aw_trust {
    X509 *certs[AW_TRUST_ITEMS_MAX];
    size_t cert_count;
    EVP_PKEY *keys[AW_TRUST_ITEMS_MAX];
    size_t key_count;
    bool unstamped; /* is good enough */
};

/* ---- reading -------------------------------------------------------------
 */

static aw_rc add_cert(struct aw_trust *trust, const unsigned char *der,
                      long len, struct aw_err *err)
{
    X509 *cert = d2i_X509(NULL, &der, len);

    if (!cert)
        return aw_openssl_fail(err, AW_INVALID, "a certificate is broken");
    trust->certs[trust->cert_count++] = cert;
    return aw_cert_set_id(cert, err);
}

static aw_rc add_key(struct aw_trust *trust, const unsigned char *der,
                     long len, struct aw_err *err)
{
    EVP_PKEY *key = d2i_PUBKEY(NULL, &der, len);

    if (!key)
        return aw_openssl_fail(err, AW_INVALID, "a public key is broken");
    trust->keys[trust->key_count++] = key;
    return AW_OK;
}

static aw_rc add_item(struct aw_trust *trust, const char *name,
                      const unsigned char *der, long len, struct aw_err *err)
{
    if (trust->cert_count == AW_TRUST_ITEMS_MAX ||
        trust->key_count == AW_TRUST_ITEMS_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d certificates or keys",
                       AW_TRUST_ITEMS_MAX);
    if (strcmp(name, PEM_STRING_X509) == 0)
        return add_cert(trust, der, len, err);
    if (strcmp(name, PEM_STRING_PUBLIC) == 0)
        return add_key(trust, der, len, err);
    return aw_fail(err, AW_INVALID,
                   "'%.60s' is neither a certificate nor a public key", name);
}

static aw_rc read_items(struct aw_trust *trust, BIO *bio, struct aw_err *err)
{
    aw_rc rc = AW_OK;
    int count = 0;

    for (; rc == AW_OK; count++) {
        unsigned char *der = NULL;
        char *name = NULL;
        char *header = NULL;
        long len = 0;
        bool more = PEM_read_bio(bio, &name, &header, &der, &len) == 1;

        if (more)
            rc = add_item(trust, name, der, len, err);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
        if (!more)
            break;
    }
    if (rc == AW_OK &&
        ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        rc = aw_openssl_fail(err, AW_INVALID, "the PEM is broken");
    ERR_clear_error();
    if (rc == AW_OK && count == 0)
        rc = aw_fail(err, AW_INVALID,
                     "there is no certificate or public key in PEM");
    return rc;
}

static aw_rc read_file(struct aw_trust *trust, const char *path,
                       struct aw_err *err)
{
    struct aw_buf pem;
    BIO *bio;
    aw_rc rc;

    aw_buf_init(&pem, AW_TRUST_FILE_MAX);
    rc = aw_file_read(path, &pem, err);
    if (rc == AW_OK) {
        bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);
        rc = bio ? read_items(trust, bio, err)
                 : aw_fail(err, AW_NOMEM, "out of memory");
        BIO_free(bio);
        if (rc != AW_OK)
            (void)aw_fail_in(err, "'%s'", path);
    }
    aw_buf_deinit(&pem);
    return rc;
}

aw_rc aw_trust_new(struct aw_trust **out, const char *const *paths,
                   size_t count, struct aw_err *err)
{
    struct aw_trust *trust = calloc(1, sizeof *trust);
    aw_rc rc = trust ? AW_OK : aw_fail(err, AW_NOMEM, "out of memory");

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = read_file(trust, paths[i], err);
    if (rc == AW_OK)
        *out = trust;
    else
        aw_trust_free(trust);
    return rc;
}

void aw_trust_go_unstamped(struct aw_trust *trust)
{
    trust->unstamped = true;
}

bool aw_trust_wants_stamp(const struct aw_trust *trust)
{
    return trust && !trust->unstamped;
}

void aw_trust_free(struct aw_trust *trust)
{
    for (size_t i = 0; trust && i < trust->cert_count; i++)
        X509_free(trust->certs[i]);
    for (size_t i = 0; trust && i < trust->key_count; i++)
        EVP_PKEY_free(trust->keys[i]);
    free(trust);
}

struct x509_store_st *aw_trust_store(const struct aw_trust *trust,
                                     int64_t at_ms)
{
    return aw_cert_store(trust->certs, trust->cert_count, at_ms);
}

/* ---- asking --------------------------------------------------------------
 */

static bool is_listed(const struct aw_trust *trust, const struct aw_key *key)
{
    for (size_t i = 0; i < trust->key_count; i++)
        if (EVP_PKEY_eq(trust->keys[i], key->pkey) == 1)
            return true;
    return false;
}

/* The trusted certificate of that key, or NULL. */
static X509 *find_cert(const struct aw_trust *trust, const struct aw_key *key)
{
    for (size_t i = 0; i < trust->cert_count; i++) {
        EVP_PKEY *own = X509_get0_pubkey(trust->certs[i]);

        if (own && EVP_PKEY_eq(own, key->pkey) == 1)
            return trust->certs[i];
    }
    return NULL;
}

static STACK_OF(X509) * stack_of(const struct aw_certs *certs)
{
    STACK_OF(X509) *stack = sk_X509_new_null();

    for (size_t i = 1; stack && i < certs->count; i++)
        if (sk_X509_push(stack, certs->list[i]) == 0) {
            sk_X509_free(stack);
            return NULL;
        }
    return stack;
}

static aw_rc verify_chain(const struct aw_trust *trust,
                          const struct aw_certs *certs, int64_t at_ms,
                          struct aw_err *err)
{
    X509_STORE *store = aw_trust_store(trust, at_ms);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *above = stack_of(certs);
    aw_rc rc = AW_OK;

    if (!store || !context || !above ||
        X509_STORE_CTX_init(context, store, certs->list[0], above) != 1)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    else if (X509_verify_cert(context) != 1)
        rc = aw_fail(err, AW_INVALID,
                     "its certificate leads to none that is trusted: %s",
                     X509_verify_cert_error_string(
                         X509_STORE_CTX_get_error(context)));
    sk_X509_free(above);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    return rc;
}

aw_rc aw_trust_check_listed(const struct aw_trust *trust,
                            const struct aw_key *key, struct aw_err *err)
{
    if (is_listed(trust, key))
        return AW_OK;
    return aw_fail(err, AW_INVALID, "key %s is not trusted", key->id);
}

static aw_rc check_at(const struct aw_trust *trust, X509 *own,
                      const struct aw_certs *certs, int64_t at_ms,
                      struct aw_err *err)
{
    return own ? aw_cert_check_time(own, at_ms, err)
               : verify_chain(trust, certs, at_ms, err);
}

aw_rc aw_trust_check(const struct aw_trust *trust, const struct aw_key *key,
                     const struct aw_certs *certs,
                     const struct aw_person *person, struct aw_err *err)
{
    X509 *own = find_cert(trust, key);
    aw_rc rc;

    if (is_listed(trust, key))
        return AW_OK;
    if (!own && !certs)
        return aw_trust_check_listed(trust, key, err);
    rc = check_at(trust, own, certs, person->at_ms, err);
    if (rc == AW_OK && person->stamped_ms > person->at_ms)
        rc = check_at(trust, own, certs, person->stamped_ms, err);
    if (rc == AW_OK)
        rc = aw_cert_check_person(own ? own : certs->list[0], person, err);
    return rc;
}
