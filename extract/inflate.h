/* inflate.h - undoes Content-Encoding, up to a cap. (RFC 9110, 8.4)
 *
 * gzip, deflate, br (RFC 7932) and zstd (RFC 8878) are read, one or two of
 * them one over the other; we ask for the first two alone, but some servers
 * send what they like. The caps are the guard against decompression bombs:
 * what is longer is cut there, not refused, since a browser would show what
 * stands before the padding. A torn or damaged stream gives what could be
 * read before the damage. "deflate" is read with and without the zlib header,
 * since servers send both; a body that is not what it says at all is taken as
 * it is.
 */
#ifndef AW_EXTRACT_INFLATE_H
#define AW_EXTRACT_INFLATE_H

#include "base/buf.h"

#define AW_INFLATE_CODINGS_MAX 2
#define AW_INFLATE_RATIO_MAX 1000
#define AW_INFLATE_RATIO_FREE ((size_t)1 << 20) /* no bomb below, bytes */
#define AW_INFLATE_WINDOW_LOG 23 /* of zstd: 8 MiB, as browsers take */

struct aw_inflate_limits {
    size_t decoded_max; /* bytes; also of what stands between two codings */
    /* Decoded bytes for each byte on the wire, once there are more than
     * AW_INFLATE_RATIO_FREE; 0: any. */
    int64_t ratio_max;
};

enum aw_inflate_end {
    AW_INFLATE_WHOLE, /* or torn */
    AW_INFLATE_CUT,   /* at decoded_max */
    AW_INFLATE_BOMB   /* cut, at either, with a ratio over ratio_max */
};

/* Appends what encoding, the header's value, was laid over, to out, whose own
 * limit must be larger than decoded_max. AW_INVALID where a coding is not
 * known here, and on more than AW_INFLATE_CODINGS_MAX of them (identity is
 * not counted). */
aw_rc aw_inflate_body(struct aw_str encoding, struct aw_str bytes,
                      const struct aw_inflate_limits *limits,
                      struct aw_buf *out, enum aw_inflate_end *end,
                      struct aw_err *err) AW_MUST_USE;

/* The same for who wants the first max bytes and no more. */
aw_rc aw_inflate(struct aw_str encoding, struct aw_str bytes, size_t max,
                 struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

#endif
