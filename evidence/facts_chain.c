#include "evidence/facts_private.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <time.h>

static aw_rc take_name(struct aw_facts *facts, const X509_NAME *name,
                       struct aw_str *out, struct aw_err *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;
    aw_rc rc;

    /* UTF-8 as it is, not in escapes of its bytes. */
    if (!bio ||
        X509_NAME_print_ex(bio, name, 0,
                           XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        rc = aw_fail(err, AW_INVALID, "a name cannot be read");
    else
        rc = AW_OK;
    if (rc == AW_OK)
        len = BIO_get_mem_data(bio, &text);
    if (rc == AW_OK)
        rc =
            aw_facts_text(facts, (struct aw_str){text, (size_t)len}, out, err);
    BIO_free(bio);
    return rc;
}

static aw_rc take_serial(struct aw_facts *facts, const X509 *certificate,
                         struct aw_str *out, struct aw_err *err)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate);
    BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;
    aw_rc rc = hex ? aw_facts_text(facts, aw_str_of(hex), out, err)
                   : aw_fail(err, AW_INVALID, "a serial cannot be read");

    OPENSSL_free(hex);
    BN_free(number);
    return rc;
}

static aw_rc take_time(const ASN1_TIME *time, int64_t *out, struct aw_err *err)
{
    struct tm tm = {0};

    if (ASN1_TIME_to_tm(time, &tm) != 1)
        return aw_fail(err, AW_INVALID, "a time cannot be read");
    *out = (int64_t)timegm(&tm) * 1000;
    return AW_OK;
}

static aw_rc take_digest(const X509 *certificate, char out[AW_SHA256_HEX_MAX],
                         struct aw_err *err)
{
    unsigned char *der = NULL;
    int len = i2d_X509(certificate, &der);

    if (len <= 0)
        return aw_fail(err, AW_INVALID, "a certificate cannot be written");
    aw_sha256_hex((struct aw_str){(const char *)der, (size_t)len}, out);
    OPENSSL_free(der);
    return AW_OK;
}

static aw_rc take_certificate(struct aw_facts *facts, const X509 *certificate,
                              struct aw_err *err)
{
    struct aw_fact_certificate *c =
        &facts->certificates[facts->certificate_count];
    aw_rc rc =
        take_name(facts, X509_get_subject_name(certificate), &c->subject, err);

    if (rc == AW_OK)
        rc = take_name(facts, X509_get_issuer_name(certificate), &c->issuer,
                       err);
    if (rc == AW_OK)
        rc = take_serial(facts, certificate, &c->serial, err);
    if (rc == AW_OK)
        rc = take_time(X509_get0_notBefore(certificate), &c->from_ms, err);
    if (rc == AW_OK)
        rc = take_time(X509_get0_notAfter(certificate), &c->until_ms, err);
    if (rc == AW_OK)
        rc = take_digest(certificate, c->sha256, err);
    facts->certificate_count += rc == AW_OK;
    return rc;
}

static aw_rc take_all(struct aw_facts *facts, BIO *bio, struct aw_err *err)
{
    aw_rc rc = AW_OK;
    X509 *certificate;

    while (rc == AW_OK &&
           (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        if (facts->certificate_count == AW_FACTS_CERTIFICATES_MAX)
            rc = aw_fail(err, AW_LIMIT, "more than %d certificates",
                         AW_FACTS_CERTIFICATES_MAX);
        else
            rc = take_certificate(facts, certificate, err);
        X509_free(certificate);
    }
    if (rc == AW_OK &&
        (facts->certificate_count == 0 ||
         ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE))
        rc = aw_fail(err, AW_INVALID, "a TLS chain is no PEM of certificates");
    ERR_clear_error();
    return rc;
}

aw_rc aw_facts_take_chain(struct aw_facts *facts, struct aw_str pem,
                          struct aw_err *err)
{
    BIO *bio;
    aw_rc rc;

    if (pem.len > AW_FACTS_CHAIN_MAX)
        return aw_fail(err, AW_LIMIT, "a TLS chain is longer than %zu bytes",
                       AW_FACTS_CHAIN_MAX);
    bio = BIO_new_mem_buf(pem.len > 0 ? pem.ptr : "", (int)pem.len);
    if (!bio)
        return aw_fail(err, AW_NOMEM, "out of memory");
    ERR_clear_error();
    facts->certificate_count = 0;
    rc = take_all(facts, bio, err);
    BIO_free(bio);
    return rc;
}
