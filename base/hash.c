#include "base/hash.h"

#include <inttypes.h>
#include <isa-l.h>
#include <openssl/evp.h>
#include <sodium/crypto_shorthash.h>
#include <stdio.h>
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

void aw_sha256_hex(struct aw_str bytes, char out[AW_SHA256_HEX_MAX])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};
    unsigned len = 0;

    memset(out, 0, AW_SHA256_HEX_MAX);
    if (EVP_Digest(bytes.ptr, bytes.len, digest, &len, EVP_sha256(), NULL))
        to_hex(digest, 32, out);
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
