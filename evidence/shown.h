/* shown.h - addresses as they may be printed and kept: without their secrets.
 */
#ifndef AW_EVIDENCE_SHOWN_H
#define AW_EVIDENCE_SHOWN_H

#include "base/str.h"

#define AW_SHOWN_MAX 201 /* bytes, with the NUL: what is longer is cut */

/* A URL without its user and password, and without its query and fragment; a
 * PKCS #11 URI (RFC 7512) without the attributes behind its '?' and without
 * any pin-value or pin-source. */
void aw_show_uri(const char *uri, char out[AW_SHOWN_MAX]);

#endif
