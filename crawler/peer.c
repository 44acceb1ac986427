#include "crawler/peer.h"

#include <curl/curl.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

/* U+FFFD has three bytes, a bad one one. */
#define ORGANISATION_MAX (3 * (size_t)AW_PEER_ORGANISATION_MAX)

/* ---- what the certificates say ------------------------------------------ */

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

static void put_pem(BIO *bio, struct aw_buf *out)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);

    if (len > 0)
        aw_buf_append(out, text, (size_t)len);
}

/* Of a resumed session OpenSSL has the chain of its first handshake. */
static void put_chain(const SSL *ssl, struct aw_buf *out)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    BIO *bio = BIO_new(BIO_s_mem());
    bool ok = bio != NULL;

    for (int i = 0; ok && i < sk_X509_num(chain); i++)
        ok = PEM_write_bio_X509(bio, sk_X509_value(chain, i)) == 1;
    if (ok)
        put_pem(bio, out);
    BIO_free(bio);
}

static struct aw_peer *new_peer(const SSL *ssl)
{
    struct aw_peer *peer = calloc(1, sizeof *peer);
    const X509 *own = SSL_get0_peer_certificate(ssl);

    if (!peer)
        return NULL;
    aw_buf_init(&peer->organisation, ORGANISATION_MAX);
    aw_buf_init(&peer->chain, AW_PEER_CHAIN_MAX);
    if (own)
        put_organisation(own, &peer->organisation);
    put_chain(ssl, &peer->chain);
    if (peer->chain.rc != AW_OK)
        aw_buf_reset(&peer->chain);
    if (peer->chain.len > 0)
        aw_sha256_hex(aw_buf_str(&peer->chain), peer->chain_sha256);
    (void)snprintf(peer->protocol, sizeof peer->protocol, "%s",
                   SSL_get_version(ssl));
    (void)snprintf(peer->cipher, sizeof peer->cipher, "%s",
                   SSL_get_cipher_name(ssl));
    return peer;
}

/* ---- kept with the connection ------------------------------------------- */

static int kept_at = -1; /* which of OpenSSL's places is ours */

static void free_peer(void *parent, void *self, CRYPTO_EX_DATA *data, int at,
                      long number, void *pointer)
{
    struct aw_peer *peer = self;

    (void)parent;
    (void)data;
    (void)at;
    (void)number;
    (void)pointer;
    if (!peer)
        return;
    aw_buf_deinit(&peer->organisation);
    aw_buf_deinit(&peer->chain);
    free(peer);
}

static void take_place(void)
{
    kept_at = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_peer);
}

static const struct aw_peer *peer_of(SSL *ssl)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct aw_peer *peer;

    (void)pthread_once(&once, take_place);
    if (kept_at < 0)
        return NULL;
    peer = SSL_get_ex_data(ssl, kept_at);
    if (peer)
        return peer;
    peer = new_peer(ssl);
    if (peer && SSL_set_ex_data(ssl, kept_at, peer) != 1) {
        free_peer(NULL, peer, NULL, 0, 0, NULL);
        return NULL;
    }
    return peer;
}

const struct aw_peer *aw_peer_of(void *easy)
{
    const struct curl_tlssessioninfo *tls = NULL;

    if (curl_easy_getinfo((CURL *)easy, CURLINFO_TLS_SSL_PTR, &tls) || !tls ||
        tls->backend != CURLSSLBACKEND_OPENSSL || !tls->internals)
        return NULL;
    return peer_of(tls->internals);
}
