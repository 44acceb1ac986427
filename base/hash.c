#include "base/hash.h"

#include <gcrypt.h>
#include <inttypes.h>
#include <isa-l.h>
#include <openssl/evp.h>
#include <sodium/crypto_shorthash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void to_hex(const unsigned char *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

void aw_digest_hex(const unsigned char digest[AW_DIGEST_LEN],
                   char out[AW_SHA256_HEX_MAX])
{
    to_hex(digest, AW_DIGEST_LEN, out);
}

static void digest_hex(struct aw_str bytes, const EVP_MD *type,
                       char out[AW_SHA256_HEX_MAX])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned len = 0;

    memset(out, 0, AW_SHA256_HEX_MAX);
    if (EVP_Digest(bytes.ptr, bytes.len, digest, &len, type, NULL))
        aw_digest_hex(digest, out);
}

void aw_sha256_hex(struct aw_str bytes, char out[AW_SHA256_HEX_MAX])
{
    digest_hex(bytes, EVP_sha256(), out);
}

void aw_sm3_hex(struct aw_str bytes, char out[AW_SM3_HEX_MAX])
{
    digest_hex(bytes, EVP_sm3(), out);
}

aw_rc aw_sha256_buf(struct aw_buf *bytes, char out[AW_SHA256_HEX_MAX],
                    struct aw_err *err)
{
    aw_rc rc = aw_buf_check(bytes, err);

    if (rc == AW_OK)
        aw_sha256_hex(aw_buf_str(bytes), out);
    aw_buf_deinit(bytes);
    return rc;
}

void aw_sha256_parts(const struct aw_str *parts, size_t count,
                     char out[AW_SHA256_HEX_MAX])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

    memset(out, 0, AW_SHA256_HEX_MAX);
    for (size_t i = 0; ok && i < count; i++)
        ok = EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len);
    if (ok && EVP_DigestFinal_ex(ctx, digest, NULL))
        to_hex(digest, 32, out);
    EVP_MD_CTX_free(ctx);
}

static aw_rc digest_stream(FILE *in, EVP_MD_CTX *ctx,
                           unsigned char digest[EVP_MAX_MD_SIZE],
                           struct aw_err *err)
{
    unsigned char piece[65536];
    size_t len;

    if (!EVP_DigestInit_ex(ctx, EVP_sha256(), NULL))
        return aw_fail(err, AW_FAIL, "sha-256 is not to be had");
    while ((len = fread(piece, 1, sizeof piece, in)) > 0)
        if (!EVP_DigestUpdate(ctx, piece, len))
            return aw_fail(err, AW_FAIL, "sha-256 failed");
    if (ferror(in))
        return aw_fail_errno(err, AW_IO, "cannot read");
    if (!EVP_DigestFinal_ex(ctx, digest, NULL))
        return aw_fail(err, AW_FAIL, "sha-256 failed");
    return AW_OK;
}

aw_rc aw_sha256_file(const char *path, char out[AW_SHA256_HEX_MAX],
                     struct aw_err *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *ctx = NULL;
    FILE *in = fopen(path, "rb");
    aw_rc rc;

    if (!in)
        return aw_fail_errno(err, AW_IO, "cannot open '%s'", path);
    ctx = EVP_MD_CTX_new();
    rc = ctx ? digest_stream(in, ctx, digest, err)
             : aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        to_hex(digest, 32, out);
    else
        rc = aw_fail_in(err, "'%s'", path);
    EVP_MD_CTX_free(ctx);
    (void)fclose(in);
    return rc;
}

/* --- both in one pass -------------------------------------------------- */

/* Bytes of a piece: all three read it while it is in the nearest cache. */
#define PIECE_LEN ((size_t)16 << 10)

struct aw_hasher {
    EVP_MD_CTX *sha256;
    EVP_MD *sha256_type; /* looked up once: that is slow */
    gcry_md_hd_t sm3;    /* libgcrypt's is faster: docs/decisions/0080 */
    uint32_t crc32;
    bool with_sm3;
    bool failed;
};

static bool open_sm3(gcry_md_hd_t *out)
{
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        (void)gcry_check_version(NULL);
        (void)gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        (void)gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    return gcry_md_open(out, GCRY_MD_SM3, 0) == 0;
}

aw_rc aw_hasher_new(struct aw_hasher **out, struct aw_err *err)
{
    struct aw_hasher *hasher = calloc(1, sizeof *hasher);

    if (!hasher)
        return aw_fail(err, AW_NOMEM, "out of memory");
    hasher->sha256 = EVP_MD_CTX_new();
    hasher->sha256_type = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!hasher->sha256 || !hasher->sha256_type || !open_sm3(&hasher->sm3)) {
        aw_hasher_free(hasher);
        return aw_fail(err, AW_FAIL,
                       "OpenSSL has no SHA-256, or libgcrypt no SM3");
    }
    *out = hasher;
    return AW_OK;
}

void aw_hasher_free(struct aw_hasher *hasher)
{
    if (!hasher)
        return;
    EVP_MD_CTX_free(hasher->sha256);
    EVP_MD_free(hasher->sha256_type);
    gcry_md_close(hasher->sm3);
    free(hasher);
}

void aw_hasher_begin(struct aw_hasher *hasher, bool with_sm3)
{
    hasher->crc32 = 0;
    hasher->with_sm3 = with_sm3;
    hasher->failed =
        !EVP_DigestInit_ex(hasher->sha256, hasher->sha256_type, NULL);
    gcry_md_reset(hasher->sm3);
}

void aw_hasher_put(struct aw_hasher *hasher, struct aw_str bytes)
{
    for (size_t at = 0; at < bytes.len && !hasher->failed; at += PIECE_LEN) {
        struct aw_str piece = aw_str_sub(bytes, at, PIECE_LEN);

        hasher->crc32 = aw_crc32(hasher->crc32, piece);
        hasher->failed =
            !EVP_DigestUpdate(hasher->sha256, piece.ptr, piece.len);
        if (hasher->with_sm3)
            gcry_md_write(hasher->sm3, piece.ptr, piece.len);
    }
}

aw_rc aw_hasher_end(struct aw_hasher *hasher, struct aw_twins *out,
                    struct aw_err *err)
{
    struct aw_twins twins = {.crc32 = hasher->crc32};

    if (hasher->failed ||
        !EVP_DigestFinal_ex(hasher->sha256, twins.sha256, NULL))
        return aw_fail(err, AW_FAIL, "OpenSSL cannot make a digest");
    if (hasher->with_sm3)
        memcpy(twins.sm3, gcry_md_read(hasher->sm3, GCRY_MD_SM3),
               AW_DIGEST_LEN);
    *out = twins;
    return AW_OK;
}

/* --- without evidence -------------------------------------------------- */

uint32_t aw_crc32(uint32_t before, struct aw_str bytes)
{
    return crc32_gzip_refl(before, (const unsigned char *)bytes.ptr,
                           bytes.len);
}

void aw_crc64_hex(struct aw_str bytes, char out[AW_CRC64_HEX_MAX])
{
    uint64_t crc =
        crc64_ecma_refl(0, (const unsigned char *)bytes.ptr, bytes.len);

    (void)snprintf(out, AW_CRC64_HEX_MAX, "%016" PRIx64, crc);
}

uint64_t aw_hash64(struct aw_str bytes)
{
    uint64_t h = 0xCBF29CE484222325u;

    for (size_t i = 0; i < bytes.len; i++)
        h = (h ^ (unsigned char)bytes.ptr[i]) * 0x100000001B3u;
    h ^= h >> 32;
    h *= 0xD6E8FEB86659FD93u;
    return h ^ h >> 32;
}

uint64_t aw_siphash(struct aw_str bytes,
                    const unsigned char key[AW_SIPHASH_KEY])
{
    uint64_t hash = 0;

    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "64 bits");
    (void)crypto_shorthash((unsigned char *)&hash,
                           (const unsigned char *)bytes.ptr, bytes.len, key);
    return hash;
}
