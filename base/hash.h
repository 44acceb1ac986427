/* hash.h - SHA-256 and SM3 by OpenSSL (both in one pass: SM3 by libgcrypt),
 * checksums, and a fast hash for tables.
 *
 * Digests of evidence are SHA-256 and SM3 (GB/T 32905-2016), written as 64
 * lower-case hex digits.
 * aw_hash64 is for tables and features inside one program; it guards against
 * nothing.
 */
#ifndef AW_BASE_HASH_H
#define AW_BASE_HASH_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#define AW_DIGEST_LEN 32     /* bytes, of either */
#define AW_SHA256_HEX_MAX 65 /* with the NUL */
#define AW_SM3_HEX_MAX AW_SHA256_HEX_MAX

/* Zeroed on failure of the library, which has no other cause than memory. */
void aw_sha256_hex(struct aw_str bytes, char out[AW_SHA256_HEX_MAX]);

/* That of what was written to a buffer, which is freed. Fails where it was
 * full (buf.h). */
aw_rc aw_sha256_buf(struct aw_buf *bytes, char out[AW_SHA256_HEX_MAX],
                    struct aw_err *err) AW_MUST_USE;

/* The same over parts that lie in different places, one after the other. */
void aw_sha256_parts(const struct aw_str *parts, size_t count,
                     char out[AW_SHA256_HEX_MAX]);

/* The same over a file, read in pieces. */
aw_rc aw_sha256_file(const char *path, char out[AW_SHA256_HEX_MAX],
                     struct aw_err *err) AW_MUST_USE;

/* As aw_sha256_hex. */
void aw_sm3_hex(struct aw_str bytes, char out[AW_SM3_HEX_MAX]);

/* ---- both in one pass --------------------------------------------------- */

struct aw_twins {
    unsigned char sha256[AW_DIGEST_LEN], sm3[AW_DIGEST_LEN];
    uint32_t crc32;
};

/* Takes bytes in pieces, and gives their CRC-32, SHA-256 and SM3. Can be used
 * again and again. The first failure of the library sticks, and is told by
 * aw_hasher_end. */
struct aw_hasher;

aw_rc aw_hasher_new(struct aw_hasher **out, struct aw_err *err) AW_MUST_USE;
void aw_hasher_free(struct aw_hasher *hasher);

/* Bytes with SHA-256 alone are for bundles that have no SM3. */
void aw_hasher_begin(struct aw_hasher *hasher, bool with_sm3);
void aw_hasher_put(struct aw_hasher *hasher, struct aw_str bytes);
aw_rc aw_hasher_end(struct aw_hasher *hasher, struct aw_twins *out,
                    struct aw_err *err) AW_MUST_USE;

void aw_digest_hex(const unsigned char digest[AW_DIGEST_LEN],
                   char out[AW_SHA256_HEX_MAX]);

/* ---- without evidence --------------------------------------------------- */

/* CRC-32 of zip and gzip, by ISA-L, going on from `before` (0 at first). */
uint32_t aw_crc32(uint32_t before, struct aw_str bytes);

/* CRC-64 (ECMA-182, reflected), by ISA-L: tells damage in a tenth of the time
 * of SHA-256, and guards against nobody. */
#define AW_CRC64_HEX_MAX 17 /* with the NUL */
void aw_crc64_hex(struct aw_str bytes, char out[AW_CRC64_HEX_MAX]);

/* FNV-1a with a final mix. */
uint64_t aw_hash64(struct aw_str bytes);

/* SipHash-2-4 (Aumasson, Bernstein, 2012), by libsodium: who does not know the
 * key cannot make two texts meet. */
#define AW_SIPHASH_KEY 16 /* bytes */
uint64_t aw_siphash(struct aw_str bytes,
                    const unsigned char key[AW_SIPHASH_KEY]);

#endif
