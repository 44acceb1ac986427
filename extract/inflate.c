#include "extract/inflate.h"

#define ZLIB_CONST
#include <zlib.h>

#define PIECE ((size_t)64 * 1024)
#define BITS_GZIP (15 + 16)
#define BITS_ZLIB 15
#define BITS_RAW (-15)

static const struct {
    struct aw_str name;
    int bits;
} encodings[] = {
    {{"gzip", 4}, BITS_GZIP},
    {{"x-gzip", 6}, BITS_GZIP},
    {{"deflate", 7}, BITS_ZLIB},
    {{"identity", 8}, 0},
    {{"", 0}, 0},
};

static bool find_bits(struct aw_str encoding, int *bits)
{
    encoding = aw_str_trim(encoding);
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        if (aw_str_eq_nocase(encoding, encodings[i].name)) {
            *bits = encodings[i].bits;
            return true;
        }
    }
    return false;
}

static unsigned char byte_at(struct aw_str bytes, size_t n)
{
    return n < bytes.len ? (unsigned char)bytes.ptr[n] : 0;
}

/* What the first bytes say; 0: not compressed. (RFC 1950, 2.2; RFC 1952) */
static int check_bits(int bits, struct aw_str bytes)
{
    unsigned head = (unsigned)byte_at(bytes, 0) << 8 | byte_at(bytes, 1);

    if (bits == BITS_GZIP)
        return head == 0x1F8B ? BITS_GZIP : 0;
    if (bits == BITS_ZLIB && ((head >> 8 & 0x0F) != Z_DEFLATED || head % 31))
        return BITS_RAW;
    return bits;
}

/* One piece; false where there is no more to come. */
static bool step(z_stream *z, int bits, size_t room, struct aw_buf *out)
{
    size_t piece = room < PIECE ? room : PIECE;
    char *at = piece > 0 ? aw_buf_reserve(out, piece) : NULL;
    int status;

    if (!at)
        return false;
    z->next_out = (Bytef *)at;
    z->avail_out = (uInt)piece;
    status = inflate(z, Z_NO_FLUSH);
    out->len += piece - z->avail_out;
    /* gzip: another member may follow; one that is none ends it. */
    if (status == Z_STREAM_END && bits == BITS_GZIP && z->avail_in > 0)
        return inflateReset(z) == Z_OK;
    return status == Z_OK;
}

static aw_rc run(int bits, struct aw_str bytes, size_t max, struct aw_buf *out,
                 struct aw_err *err)
{
    z_stream z = {.next_in = (const Bytef *)bytes.ptr,
                  .avail_in = (uInt)bytes.len};
    size_t start = out->len;

    if (inflateInit2(&z, bits) != Z_OK)
        return aw_fail(err, AW_NOMEM, "zlib: out of memory");
    while (step(&z, bits, max - (out->len - start), out))
        continue;
    (void)inflateEnd(&z);
    if (out->ptr)
        out->ptr[out->len] = '\0';
    return aw_buf_check(out, err);
}

aw_rc aw_inflate(struct aw_str encoding, struct aw_str bytes, size_t max,
                 struct aw_buf *out, struct aw_err *err)
{
    int bits;

    if (!find_bits(encoding, &bits))
        return aw_fail(err, AW_INVALID,
                       "content-encoding \"%.*s\" is not known here: only "
                       "gzip and deflate are",
                       AW_STR_ARG(aw_str_sub(encoding, 0, 80)));
    bits = check_bits(bits, bytes);
    if (bits == 0) {
        aw_buf_put(out, aw_str_sub(bytes, 0, max));
        return aw_buf_check(out, err);
    }
    if (bytes.len > UINT32_MAX)
        bytes.len = UINT32_MAX;
    return run(bits, bytes, max, out, err);
}
