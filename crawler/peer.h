/* peer.h - to whom the certificate of a server was given.
 *
 * The organisation (O) of its subject, as the certificate has it: an authority
 * that gives such certificates (OV, EV) has looked at the firm's papers. Most
 * certificates name none. (RFC 5280, 4.1.2.6)
 */
#ifndef AW_CRAWLER_PEER_H
#define AW_CRAWLER_PEER_H

#include "base/buf.h"

#define AW_PEER_ORGANISATION_MAX 512 /* bytes; a longer one is left out */

/* Appends it to out, made well-formed; nothing where there is no TLS or no
 * organisation. easy is a handle of libcurl whose answer has begun and is not
 * at its end: later the connection is another's. */
void aw_peer_organisation(void *easy, struct aw_buf *out);

#endif
