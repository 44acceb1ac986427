#include "archive/warc_private.h"

#include <openssl/evp.h>
#include <string.h>

static const struct {
    const char *stated, *algorithm;
    size_t len;
} algorithms[] = {
    {"sha256", "SHA256", 32}, {"sha-256", "SHA256", 32},
    {"sha1", "SHA1", 20},     {"sha-1", "SHA1", 20},
    {"sha512", "SHA512", 64}, {"sha-512", "SHA512", 64},
    {"sha384", "SHA384", 48}, {"sha-384", "SHA384", 48},
    {"md5", "MD5", 16},
};

/* --- as it is stated ---------------------------------------------------- */

static int base32_value(char c)
{
    c = aw_ascii_lower(c);
    if (aw_ascii_alpha(c))
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* With the letters of URLs, too. (RFC 4648, 5) */
static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (aw_ascii_digit(c))
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

static const struct {
    unsigned bits; /* of a letter */
    int (*value)(char c);
} encodings[] = {{4, aw_hex_value}, {5, base32_value}, {6, base64_value}};

static bool decode(struct aw_str text, unsigned letter_bits,
                   int (*value_of)(char c), struct aw_warc_digest *out)
{
    unsigned bits = 0, held = 0;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int value = value_of(text.ptr[i]);

        if (value < 0)
            return false;
        bits = (bits << letter_bits | (unsigned)value) & 0xFFFF;
        held += letter_bits;
        if (held < 8)
            continue;
        held -= 8;
        if (len < out->len)
            out->bytes[len++] = (unsigned char)(bits >> held);
    }
    return len == out->len;
}

/* The letters that len bytes take, without padding. */
static size_t letters(size_t len, unsigned bits)
{
    return (len * 8 + bits - 1) / bits;
}

aw_rc aw_warc_digest_parse(struct aw_str stated, struct aw_warc_digest *out,
                           struct aw_err *err)
{
    struct aw_warc_digest made = {0};
    struct aw_str name, text = stated;

    *out = made;
    if (!aw_str_split(&text, ':', &name))
        return AW_OK;
    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        if (!aw_str_eq_nocase(name, aw_str_of(algorithms[i].stated)))
            continue;
        made.algorithm = algorithms[i].algorithm;
        made.len = algorithms[i].len;
    }
    if (!made.algorithm)
        return AW_OK;
    while (text.len > 0 && text.ptr[text.len - 1] == '=')
        text.len--;
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        if (text.len == letters(made.len, encodings[i].bits) &&
            decode(text, encodings[i].bits, encodings[i].value, &made)) {
            *out = made;
            return AW_OK;
        }
    }
    return aw_fail(err, AW_INVALID, "'%.*s' is no digest of that algorithm",
                   AW_STR_ARG(aw_str_sub(stated, 0, 80)));
}

/* --- made -----------------------------------------------------------------
 */

aw_rc aw_warc_digest_make(struct aw_warc_digest *out,
                          const struct aw_str *parts, size_t count,
                          struct aw_err *err)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    const EVP_MD *kind = EVP_get_digestbyname(out->algorithm);
    int ok = ctx && kind && EVP_DigestInit_ex(ctx, kind, NULL);

    for (size_t i = 0; ok && i < count; i++)
        ok = EVP_DigestUpdate(ctx, parts[i].ptr, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(ctx, bytes, &len) && len <= AW_DIGEST_MAX;
    EVP_MD_CTX_free(ctx);
    if (!ok)
        return aw_fail(err, AW_FAIL, "OpenSSL cannot make a digest by %s",
                       out->algorithm);
    memcpy(out->bytes, bytes, len);
    out->len = len;
    return AW_OK;
}

bool aw_warc_digest_same(const struct aw_warc_digest *a,
                         const struct aw_warc_digest *b)
{
    return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void aw_warc_digest_hex(const struct aw_warc_digest *digest,
                        char out[AW_SHA256_HEX_MAX])
{
    static const char digits[] = "0123456789abcdef";
    size_t len = digest->algorithm && strcmp(digest->algorithm, "SHA256") == 0
                     ? digest->len
                     : 0;

    memset(out, 0, AW_SHA256_HEX_MAX);
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
}

void aw_warc_digest_base32(struct aw_buf *out,
                           const struct aw_warc_digest *digest)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned bits = 0, held = 0;

    for (size_t i = 0; i < digest->len; i++) {
        bits = (bits << 8 | digest->bytes[i]) & 0xFFFF;
        for (held += 8; held >= 5; held -= 5)
            aw_buf_putc(out, alphabet[bits >> (held - 5) & 31]);
    }
    if (held > 0)
        aw_buf_putc(out, alphabet[bits << (5 - held) & 31]);
}
