/* peer.h - who answered: what TLS tells of a server.
 *
 * To whom its certificate was given: the organisation (O) of the subject, as
 * the certificate has it: an authority that gives such certificates (OV, EV)
 * has looked at the firm's papers. Most certificates name none. (RFC 5280,
 * 4.1.2.6) And for evidence the whole chain as the server sent it, and what
 * was agreed upon.
 */
#ifndef AW_CRAWLER_PEER_H
#define AW_CRAWLER_PEER_H

#include "base/buf.h"
#include "base/hash.h"

#define AW_PEER_ORGANISATION_MAX 512 /* bytes; a longer one is left out */
#define AW_PEER_CHAIN_MAX ((size_t)256 << 10) /* bytes, as PEM */
#define AW_PEER_NAME_MAX 64

/* Of a connection; it lives as long as that. */
struct aw_peer {
    struct aw_buf organisation; /* well-formed; or empty */
    struct aw_buf chain;        /* PEM, the server's own certificate first */
    char chain_sha256[AW_SHA256_HEX_MAX]; /* of that; empty where it is */
    char protocol[AW_PEER_NAME_MAX];      /* "TLSv1.3" */
    char cipher[AW_PEER_NAME_MAX];        /* as OpenSSL names it */
};

/* NULL where there is no TLS. It is made once for each connection. easy is a
 * handle of libcurl whose answer has begun and is not at its end: later the
 * connection is another's. */
const struct aw_peer *aw_peer_of(void *easy);

#endif
