/* hash.h - SHA-256 by OpenSSL, a checksum, and a fast hash for tables.
 *
 * Digests of evidence are SHA-256, written as 64 lower-case hex digits.
 * aw_hash64 is for tables and features inside one program; it guards against
 * nothing.
 */
#ifndef AW_BASE_HASH_H
#define AW_BASE_HASH_H

#include "base/error.h"
#include "base/str.h"

#define AW_SHA256_HEX_MAX 65 /* with the NUL */

/* Zeroed on failure of the library, which has no other cause than memory. */
void aw_sha256_hex(struct aw_str bytes, char out[AW_SHA256_HEX_MAX]);

/* The same over parts that lie in different places, one after the other. */
void aw_sha256_parts(const struct aw_str *parts, size_t count,
                     char out[AW_SHA256_HEX_MAX]);

/* The same over a file, read in pieces. */
aw_rc aw_sha256_file(const char *path, char out[AW_SHA256_HEX_MAX],
                     struct aw_err *err) AW_MUST_USE;

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
