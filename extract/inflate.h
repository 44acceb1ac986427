/* inflate.h - undoes Content-Encoding, up to a cap. (RFC 9110, 8.4)
 *
 * The cap is the guard against decompression bombs: what is longer is cut
 * there. A torn or damaged stream gives what could be read before the
 * damage. "deflate" is read with and without the zlib header, since servers
 * send both; a body that is not gzip at all although it says so is taken as
 * it is.
 */
#ifndef AW_EXTRACT_INFLATE_H
#define AW_EXTRACT_INFLATE_H

#include "base/buf.h"

/* Appends at most max bytes to out, whose own limit must be larger. encoding
 * is the header's value: gzip, x-gzip, deflate, identity or empty; any other
 * (br, zstd, a list) is AW_INVALID. */
aw_rc aw_inflate(struct aw_str encoding, struct aw_str bytes, size_t max,
                 struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

#endif
