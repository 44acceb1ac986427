#include "evidence/certs.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include "base/clock.h"
#include "evidence/certs_private.h"
#include "evidence/person.h"
#include "evidence/sign_private.h"
#include "reports/text.h"

#define SM2_ID "1234567812345678"

/* ---- one certificate -----------------------------------------------------
 */

aw_rc aw_cert_set_id(struct x509_st *cert, struct aw_err *err)
{
    ASN1_OCTET_STRING *id;

    if (X509_get_signature_nid(cert) != NID_SM2_with_SM3)
        return AW_OK;
    id = ASN1_OCTET_STRING_new();
    if (!id || ASN1_OCTET_STRING_set(id, (const unsigned char *)SM2_ID,
                                     (int)sizeof SM2_ID - 1) != 1) {
        ASN1_OCTET_STRING_free(id);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    X509_set0_distinguishing_id(cert, id);
    return AW_OK;
}

bool aw_cert_is_signed_by(struct x509_st *cert, struct x509_st *issuer)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    bool is = key && X509_check_issued(issuer, cert) == X509_V_OK &&
              X509_verify(cert, key) == 1;

    ERR_clear_error();
    return is;
}

static void time_text(const ASN1_TIME *time, char out[AW_TIME_MAX])
{
    struct tm tm = {0};

    if (ASN1_TIME_to_tm(time, &tm) == 1)
        aw_time_iso((int64_t)timegm(&tm) * 1000, out);
    else
        (void)snprintf(out, AW_TIME_MAX, "?");
}

aw_rc aw_cert_check_time(struct x509_st *cert, int64_t at_ms,
                         struct aw_err *err)
{
    const ASN1_TIME *from = X509_get0_notBefore(cert);
    const ASN1_TIME *to = X509_get0_notAfter(cert);
    time_t at = (time_t)(at_ms / 1000);
    char name[AW_CERT_NAME_MAX];
    char texts[3][AW_TIME_MAX];

    /* X509_cmp_time: -1 where the first is not later, 1 where it is. */
    if (X509_cmp_time(from, &at) == -1 && X509_cmp_time(to, &at) == 1)
        return AW_OK;
    aw_cert_name(cert, name);
    time_text(from, texts[0]);
    time_text(to, texts[1]);
    aw_time_iso(at_ms, texts[2]);
    return aw_fail(err, AW_INVALID,
                   "the certificate of %s is of %s to %s, and out of date "
                   "at %s",
                   name, texts[0], texts[1], texts[2]);
}

/* Is one of the subject's fields of that kind the text? */
static bool subject_has(struct x509_st *cert, int nid, struct aw_str text)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    int at = -1;
    bool has = false;

    while (!has && (at = X509_NAME_get_index_by_NID(subject, nid, at)) >= 0) {
        unsigned char *utf8 = NULL;
        int len =
            ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(
                                           X509_NAME_get_entry(subject, at)));

        has = len > 0 &&
              aw_same_person((struct aw_str){(char *)utf8, (size_t)len}, text);
        OPENSSL_free(utf8);
    }
    ERR_clear_error();
    return has;
}

static bool is_of(struct x509_st *cert, const struct aw_person *person)
{
    static const int fields[] = {NID_commonName, NID_serialNumber};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (subject_has(cert, fields[i], person->name) ||
            subject_has(cert, fields[i], person->certificate))
            return true;
    return false;
}

/* Both answer with all bits set where the certificate says nothing. */
static bool is_for_signing(struct x509_st *cert)
{
    uint32_t use = X509_get_key_usage(cert);
    uint32_t more = X509_get_extended_key_usage(cert);
    const uint32_t others =
        XKU_SSL_SERVER | XKU_TIMESTAMP | XKU_OCSP_SIGN | XKU_CODE_SIGN;

    return use != UINT32_MAX &&
           (use & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0 &&
           (more == UINT32_MAX || (more & others) == 0);
}

aw_rc aw_cert_check_person(struct x509_st *cert,
                           const struct aw_person *person, struct aw_err *err)
{
    char name[AW_CERT_NAME_MAX];

    aw_cert_name(cert, name);
    if (!is_for_signing(cert))
        return aw_fail(err, AW_INVALID,
                       "the certificate of %.200s is not one for signing by "
                       "a person",
                       name);
    if (!is_of(cert, person))
        return aw_fail(err, AW_INVALID,
                       "the certificate is of %.200s, which is neither the "
                       "officer's name nor her certificate number",
                       name);
    return AW_OK;
}

void aw_cert_name(struct x509_st *cert, char out[AW_CERT_NAME_MAX])
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    struct aw_buf tame;
    long len = 0;

    aw_buf_init(&tame, (size_t)64 << 10);
    if (bio && X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
                                  (XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB &
                                   ~XN_FLAG_SPC_EQ)) >= 0)
        len = BIO_get_mem_data(bio, &text);
    if (len > 0)
        aw_text_tame(&tame, (struct aw_str){text, (size_t)len});
    /* cut where a character ends */
    len = (long)tame.len;
    if (len >= AW_CERT_NAME_MAX)
        len = AW_CERT_NAME_MAX - 1;
    while (len > 0 && (size_t)len < tame.len &&
           ((unsigned char)tame.ptr[len] & 0xC0) == 0x80)
        len--;
    (void)snprintf(out, AW_CERT_NAME_MAX, "%.*s", (int)len,
                   tame.ptr ? tame.ptr : "");
    aw_buf_deinit(&tame);
    BIO_free(bio);
    ERR_clear_error();
}

struct x509_store_st *aw_cert_store(struct x509_st *const *anchors,
                                    size_t count, int64_t at_ms)
{
    X509_STORE *store = X509_STORE_new();
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();
    bool ok = store && param;

    if (ok) {
        X509_VERIFY_PARAM_set_time(param, (time_t)(at_ms / 1000));
        ok = X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN) ==
                 1 &&
             X509_STORE_set1_param(store, param) == 1;
    }
    for (size_t i = 0; ok && i < count; i++)
        ok = X509_STORE_add_cert(store, anchors[i]) == 1;
    X509_VERIFY_PARAM_free(param);
    if (ok)
        return store;
    X509_STORE_free(store);
    return NULL;
}

/* ---- chains --------------------------------------------------------------
 */

static aw_rc read_all(struct aw_certs *certs, BIO *bio, struct aw_err *err)
{
    X509 *cert;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        if (certs->count == AW_CERTS_MAX) {
            X509_free(cert);
            return aw_fail(err, AW_INVALID, "more than %d certificates",
                           AW_CERTS_MAX);
        }
        certs->list[certs->count++] = cert;
        rc = aw_cert_set_id(cert, err);
    }
    ERR_clear_error();
    if (rc == AW_OK && certs->count == 0)
        rc = aw_fail(err, AW_INVALID, "there is no certificate");
    return rc;
}

static aw_rc check_chain(const struct aw_certs *certs,
                         const struct aw_key *key, struct aw_err *err)
{
    if (X509_check_private_key(certs->list[0], key->pkey) != 1) {
        ERR_clear_error();
        return aw_fail(err, AW_INVALID,
                       "the first certificate is not that of key %s", key->id);
    }
    for (size_t i = 0; i + 1 < certs->count; i++)
        if (!aw_cert_is_signed_by(certs->list[i], certs->list[i + 1]))
            return aw_fail(err, AW_INVALID,
                           "certificate %zu is not signed by the next one",
                           i + 1);
    return AW_OK;
}

static aw_rc check_exact(const struct aw_certs *certs, struct aw_str pem,
                         struct aw_err *err)
{
    struct aw_buf again;
    aw_rc rc;

    aw_buf_init(&again, 2 * AW_PEM_MAX);
    rc = aw_certs_pem(certs, &again, err);
    if (rc == AW_OK && !aw_str_eq(aw_buf_str(&again), pem))
        rc = aw_fail(err, AW_INVALID,
                     "the certificates are not as adwatch writes them");
    aw_buf_deinit(&again);
    return rc;
}

aw_rc aw_certs_read(struct aw_certs **out, struct aw_str pem, bool exact,
                    const struct aw_key *key, struct aw_err *err)
{
    struct aw_certs *certs;
    BIO *bio;
    aw_rc rc;

    if (pem.len > AW_PEM_MAX)
        return aw_fail(err, AW_INVALID, "more than %zu bytes of certificates",
                       AW_PEM_MAX);
    certs = calloc(1, sizeof *certs);
    bio = BIO_new_mem_buf(pem.ptr ? pem.ptr : "", (int)pem.len);
    rc = certs && bio ? read_all(certs, bio, err)
                      : aw_fail(err, AW_NOMEM, "out of memory");
    BIO_free(bio);
    if (rc == AW_OK)
        rc = check_chain(certs, key, err);
    if (rc == AW_OK && exact)
        rc = check_exact(certs, pem, err);
    if (rc == AW_OK)
        *out = certs;
    else
        aw_certs_free(certs);
    return rc;
}

void aw_certs_free(struct aw_certs *certs)
{
    for (size_t i = 0; certs && i < certs->count; i++)
        X509_free(certs->list[i]);
    free(certs);
}

aw_rc aw_certs_pem(const struct aw_certs *certs, struct aw_buf *out,
                   struct aw_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool ok = bio != NULL;
    long len;

    for (size_t i = 0; ok && i < certs->count; i++)
        ok = PEM_write_bio_X509(bio, certs->list[i]) == 1;
    if (!ok) {
        BIO_free(bio);
        return aw_openssl_fail(err, AW_FAIL, "cannot write a certificate");
    }
    len = BIO_get_mem_data(bio, &text);
    aw_buf_append(out, text, len > 0 ? (size_t)len : 0);
    BIO_free(bio);
    return aw_buf_check(out, err);
}

void aw_certs_name(const struct aw_certs *certs, char out[AW_CERT_NAME_MAX])
{
    aw_cert_name(certs->list[0], out);
}
