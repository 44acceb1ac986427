#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "evidence/certs_private.h"
#include "evidence/sign_private.h"
#include "evidence/stamp.h"

#define SIGNED_DATA_VERSION 3 /* RFC 5652, 5.1: content that is no id-data */
#define SIGNER_VERSION 1      /* named by issuer and serial number */
#define SHA256_BYTES 32
#define TOKEN_CERTS_MAX AW_CERTS_MAX

/* ---- questions -----------------------------------------------------------
 */

static bool sha256(struct aw_str bytes, unsigned char out[SHA256_BYTES])
{
    return EVP_Digest(bytes.ptr ? bytes.ptr : "", bytes.len, out, NULL,
                      EVP_sha256(), NULL) == 1;
}

static ASN1_INTEGER *number_of(const unsigned char nonce[AW_STAMP_NONCE])
{
    BIGNUM *bn = BN_bin2bn(nonce, AW_STAMP_NONCE, NULL);
    ASN1_INTEGER *number = bn ? BN_to_ASN1_INTEGER(bn, NULL) : NULL;

    BN_free(bn);
    return number;
}

static bool set_imprint(TS_REQ *question, struct aw_str bytes)
{
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    unsigned char digest[SHA256_BYTES];
    bool ok = imprint && algorithm && sha256(bytes, digest);

    if (ok) {
        X509_ALGOR_set_md(algorithm, EVP_sha256());
        ok = TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
             TS_MSG_IMPRINT_set_msg(imprint, digest, SHA256_BYTES) == 1 &&
             TS_REQ_set_msg_imprint(question, imprint) == 1;
    }
    TS_MSG_IMPRINT_free(imprint);
    X509_ALGOR_free(algorithm);
    return ok;
}

static bool fill(TS_REQ *question, struct aw_str bytes,
                 const unsigned char *nonce)
{
    ASN1_INTEGER *number = number_of(nonce);
    bool ok = number && TS_REQ_set_version(question, 1) == 1 &&
              set_imprint(question, bytes) &&
              TS_REQ_set_nonce(question, number) == 1 &&
              TS_REQ_set_cert_req(question, 1) == 1;

    ASN1_INTEGER_free(number);
    return ok;
}

aw_rc aw_stamp_question(struct aw_str bytes,
                        const unsigned char nonce[AW_STAMP_NONCE],
                        struct aw_buf *out, struct aw_err *err)
{
    TS_REQ *question = TS_REQ_new();
    unsigned char *der = NULL;
    int len = -1;

    if (question && fill(question, bytes, nonce))
        len = i2d_TS_REQ(question, &der);
    TS_REQ_free(question);
    if (len <= 0)
        return aw_openssl_fail(err, AW_FAIL, "cannot write a question");
    aw_buf_append(out, der, (size_t)len);
    OPENSSL_free(der);
    return aw_buf_check(out, err);
}

/* ---- the form of an answer -----------------------------------------------
 */

static aw_rc parse(struct aw_str answer, TS_RESP **out, struct aw_err *err)
{
    const unsigned char *at = (const unsigned char *)answer.ptr;
    unsigned char *again = NULL;
    TS_RESP *resp = NULL;
    bool same;
    int len;

    if (answer.len > 0 && answer.len <= AW_STAMP_MAX)
        resp = d2i_TS_RESP(NULL, &at, (long)answer.len);
    if (!resp)
        return aw_openssl_fail(err, AW_INVALID, "it is no answer of RFC 3161");
    len = i2d_TS_RESP(resp, &again);
    same = len > 0 &&
           aw_str_eq(answer, (struct aw_str){(char *)again, (size_t)len});
    OPENSSL_free(again);
    if (!same) {
        TS_RESP_free(resp);
        return aw_fail(err, AW_INVALID, "it is not in DER, or more follows");
    }
    *out = resp;
    return AW_OK;
}

static aw_rc check_status(TS_RESP *resp, struct aw_err *err)
{
    const TS_STATUS_INFO *info = TS_RESP_get_status_info(resp);
    long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));

    if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
        return aw_fail(err, AW_INVALID, "the authority refused (status %ld)",
                       status);
    if (!TS_RESP_get_token(resp) || !TS_RESP_get_tst_info(resp))
        return aw_fail(err, AW_INVALID, "there is no stamp in it");
    return AW_OK;
}

/* One signer, one digest, and nothing that is not signed. */
static const char *wrong_form(const PKCS7_SIGNED *data)
{
    const PKCS7_SIGNER_INFO *signer;

    if (sk_PKCS7_SIGNER_INFO_num(data->signer_info) != 1)
        return "one signature is wanted";
    signer = sk_PKCS7_SIGNER_INFO_value(data->signer_info, 0);
    if (ASN1_INTEGER_get(data->version) != SIGNED_DATA_VERSION ||
        ASN1_INTEGER_get(signer->version) != SIGNER_VERSION)
        return "it is of another version";
    if (sk_X509_ALGOR_num(data->md_algs) != 1 ||
        X509_ALGOR_cmp(sk_X509_ALGOR_value(data->md_algs, 0),
                       signer->digest_alg) != 0)
        return "it names other digests than it uses";
    if (sk_X509_ATTRIBUTE_num(signer->unauth_attr) > 0)
        return "it has attributes that are not signed";
    if (sk_X509_CRL_num(data->crl) > 0)
        return "it has lists of certificates taken back, which are not "
               "signed";
    if (sk_X509_num(data->cert) < 1 ||
        sk_X509_num(data->cert) > TOKEN_CERTS_MAX)
        return "it has no certificates, or too many";
    return NULL;
}

static aw_rc check_form(TS_RESP *resp, struct aw_err *err)
{
    PKCS7 *token = TS_RESP_get_token(resp);
    const char *wrong = "it is not signed";

    if (PKCS7_type_is_signed(token) && token->d.sign)
        wrong = wrong_form(token->d.sign);
    return wrong ? aw_fail(err, AW_INVALID, "%s", wrong) : AW_OK;
}

/* ---- its certificates ----------------------------------------------------
 */

/* The certificates of a token: the signer's first, each signed by the next. */
struct chain {
    X509 *list[TOKEN_CERTS_MAX];
    size_t count;
};

static bool has(const struct chain *chain, const X509 *cert)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->list[i] == cert)
            return true;
    return false;
}

/* The one that signed the last of the chain, of those not yet in it. */
static X509 *find_issuer(const struct chain *chain, STACK_OF(X509) * certs)
{
    X509 *last = chain->list[chain->count - 1];

    for (int i = 0; i < sk_X509_num(certs); i++) {
        X509 *cert = sk_X509_value(certs, i);

        if (!has(chain, cert) && aw_cert_is_signed_by(last, cert))
            return cert;
    }
    return NULL;
}

static aw_rc set_ids(STACK_OF(X509) * certs, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (int i = 0; i < sk_X509_num(certs) && rc == AW_OK; i++)
        rc = aw_cert_set_id(sk_X509_value(certs, i), err);
    return rc;
}

/* A root signs itself, which nobody else would look at. */
static bool is_whole(X509 *top)
{
    return X509_check_issued(top, top) != X509_V_OK ||
           aw_cert_is_signed_by(top, top);
}

static aw_rc build_chain(PKCS7 *token, struct chain *chain, struct aw_err *err)
{
    STACK_OF(X509) *certs = token->d.sign->cert;
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
    X509 *next = signers ? sk_X509_value(signers, 0) : NULL;

    sk_X509_free(signers);
    if (!next)
        return aw_openssl_fail(err, AW_INVALID,
                               "the signer's certificate is not in it");
    for (; next; next = find_issuer(chain, certs))
        chain->list[chain->count++] = next;
    if (!is_whole(chain->list[chain->count - 1]))
        return aw_fail(err, AW_INVALID, "its root certificate is false");
    if (chain->count < (size_t)sk_X509_num(certs))
        return aw_fail(err, AW_INVALID,
                       "it has certificates that are of no use");
    return AW_OK;
}

static aw_rc check_times(const struct chain *chain, int64_t at_ms,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < chain->count && rc == AW_OK; i++)
        rc = aw_cert_check_time(chain->list[i], at_ms, err);
    return rc;
}

/* ---- what it says --------------------------------------------------------
 */

static aw_rc read_time(TS_RESP *resp, int64_t *at_ms, struct aw_err *err)
{
    const ASN1_GENERALIZEDTIME *time =
        TS_TST_INFO_get_time(TS_RESP_get_tst_info(resp));
    struct tm tm = {0};

    if (ASN1_TIME_to_tm(time, &tm) != 1)
        return aw_openssl_fail(err, AW_INVALID, "its time is none");
    *at_ms = (int64_t)timegm(&tm) * 1000;
    return AW_OK;
}

static aw_rc check_digest(TS_RESP *resp, struct aw_str bytes,
                          struct aw_err *err)
{
    TS_MSG_IMPRINT *imprint =
        TS_TST_INFO_get_msg_imprint(TS_RESP_get_tst_info(resp));
    X509_ALGOR *algorithm = TS_MSG_IMPRINT_get_algo(imprint);
    const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
    unsigned char want[SHA256_BYTES];

    if (OBJ_obj2nid(algorithm->algorithm) != NID_sha256)
        return aw_fail(err, AW_INVALID, "it is over no SHA-256");
    if (!sha256(bytes, want) || ASN1_STRING_length(digest) != SHA256_BYTES ||
        memcmp(ASN1_STRING_get0_data(digest), want, SHA256_BYTES) != 0)
        return aw_fail(err, AW_INVALID,
                       "it is a stamp over something else (SHA-256)");
    return AW_OK;
}

aw_rc aw_stamp_check_nonce(struct aw_str answer,
                           const unsigned char nonce[AW_STAMP_NONCE],
                           struct aw_err *err)
{
    ASN1_INTEGER *want = number_of(nonce);
    TS_RESP *resp = NULL;
    const ASN1_INTEGER *got = NULL;
    aw_rc rc = want ? parse(answer, &resp, err)
                    : aw_fail(err, AW_NOMEM, "out of memory");

    if (rc == AW_OK && TS_RESP_get_tst_info(resp))
        got = TS_TST_INFO_get_nonce(TS_RESP_get_tst_info(resp));
    if (rc == AW_OK && (!got || ASN1_INTEGER_cmp(got, want) != 0))
        rc = aw_fail(err, AW_INVALID, "it has another nonce than was asked");
    ASN1_INTEGER_free(want);
    TS_RESP_free(resp);
    return rc;
}

/* ---- the signature -------------------------------------------------------
 */

/* Takes the store. */
static aw_rc check_signature(TS_RESP *resp, X509_STORE *store,
                             struct aw_err *err)
{
    TS_VERIFY_CTX *context = store ? TS_VERIFY_CTX_new() : NULL;
    aw_rc rc = AW_OK;

    if (!context) {
        X509_STORE_free(store);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_SIGNATURE | TS_VFY_VERSION);
    (void)TS_VERIFY_CTX_set_store(context, store);
    if (TS_RESP_verify_response(context, resp) != 1)
        rc = aw_openssl_fail(err, AW_INVALID,
                             "the signature or the certificate of the "
                             "authority is false");
    TS_VERIFY_CTX_free(context);
    ERR_clear_error();
    return rc;
}

static aw_rc check_own(TS_RESP *resp, const struct chain *chain, int64_t at_ms,
                       struct aw_err *err)
{
    X509 *const top[] = {chain->list[chain->count - 1]};

    return check_signature(resp, aw_cert_store(top, 1, at_ms), err);
}

static aw_rc check_trusted(TS_RESP *resp, const struct aw_trust *trust,
                           struct aw_stamp *stamp, struct aw_err *err)
{
    aw_rc rc = check_signature(resp, aw_trust_store(trust, stamp->at_ms), err);

    stamp->proven = rc == AW_OK;
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "the authority %.100s is not trusted",
                                    stamp->authority);
}

static aw_rc check_resp(TS_RESP *resp, struct aw_str bytes,
                        const struct aw_trust *trust, struct aw_stamp *stamp,
                        struct aw_err *err)
{
    PKCS7 *token = TS_RESP_get_token(resp);
    struct chain chain = {0};
    aw_rc rc = check_form(resp, err);

    if (rc == AW_OK)
        rc = check_digest(resp, bytes, err);
    if (rc == AW_OK)
        rc = read_time(resp, &stamp->at_ms, err);
    if (rc == AW_OK)
        rc = set_ids(token->d.sign->cert, err);
    if (rc == AW_OK)
        rc = build_chain(token, &chain, err);
    if (rc == AW_OK)
        rc = check_times(&chain, stamp->at_ms, err);
    if (rc == AW_OK)
        rc = check_own(resp, &chain, stamp->at_ms, err);
    if (rc != AW_OK)
        return rc;
    aw_cert_name(chain.list[0], stamp->authority);
    return trust ? check_trusted(resp, trust, stamp, err) : AW_OK;
}

aw_rc aw_stamp_check(struct aw_str answer, struct aw_str bytes,
                     const struct aw_trust *trust, struct aw_stamp *out,
                     struct aw_err *err)
{
    struct aw_stamp stamp = {0};
    TS_RESP *resp = NULL;
    aw_rc rc = parse(answer, &resp, err);

    if (rc == AW_OK)
        rc = check_status(resp, err);
    if (rc == AW_OK)
        rc = check_resp(resp, bytes, trust, &stamp, err);
    if (rc == AW_OK)
        *out = stamp;
    TS_RESP_free(resp);
    ERR_clear_error();
    return rc;
}
