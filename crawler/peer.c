#include "crawler/peer.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/utf8.h"

/* Names that are written in other character sets are turned into UTF-8. */
static void put_entry(const X509_NAME_ENTRY *entry, struct aw_buf *out)
{
    unsigned char *text = NULL;
    int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));

    if (len > 0 && len <= AW_PEER_ORGANISATION_MAX)
        aw_utf8_clean(out, (struct aw_str){(const char *)text, (size_t)len});
    OPENSSL_free(text);
}

static void put_organisation(const X509 *certificate, struct aw_buf *out)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_organizationName, -1);

    if (at >= 0)
        put_entry(X509_NAME_get_entry(subject, at), out);
}

void aw_peer_organisation(void *easy, struct aw_buf *out)
{
    const struct curl_tlssessioninfo *tls = NULL;
    const X509 *certificate;

    if (curl_easy_getinfo((CURL *)easy, CURLINFO_TLS_SSL_PTR, &tls) || !tls ||
        tls->backend != CURLSSLBACKEND_OPENSSL || !tls->internals)
        return;
    certificate = SSL_get0_peer_certificate((const SSL *)tls->internals);
    if (certificate)
        put_organisation(certificate, out);
}
