#include "extract/inflate.h"

#include <brotli/decode.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#define PIECE ((size_t)64 * 1024)
#define BITS_GZIP (15 + 16)
#define BITS_ZLIB 15
#define BITS_RAW (-15)

/* ---- where the decoders write ------------------------------------------- */

struct sink {
    struct aw_buf *out;
    size_t room;  /* bytes that may still come */
    size_t piece; /* of the step that is under way */
    size_t used;  /* bytes of the input that were read for it */
};

/* Where the next bytes go, or NULL where the room or the memory is used up. */
static void *begin_piece(struct sink *sink)
{
    sink->piece = sink->room < PIECE ? sink->room : PIECE;
    return sink->piece > 0 ? aw_buf_reserve(sink->out, sink->piece) : NULL;
}

static void end_piece(struct sink *sink, size_t unused)
{
    sink->out->len += sink->piece - unused;
    sink->room -= sink->piece - unused;
}

static void put_as_it_is(struct aw_str bytes, struct sink *sink)
{
    bytes = aw_str_sub(bytes, 0, sink->room);
    aw_buf_put(sink->out, bytes);
    sink->room -= bytes.len;
    sink->used = bytes.len;
}

/* ---- gzip and deflate --------------------------------------------------- */

static unsigned char byte_at(struct aw_str bytes, size_t n)
{
    return n < bytes.len ? (unsigned char)bytes.ptr[n] : 0;
}

/* One piece; false where there is no more to come. */
static bool zlib_step(z_stream *z, int bits, struct sink *sink)
{
    Bytef *at = begin_piece(sink);
    int status;

    if (!at)
        return false;
    z->next_out = at;
    z->avail_out = (uInt)sink->piece;
    status = inflate(z, Z_NO_FLUSH);
    end_piece(sink, z->avail_out);
    /* gzip: another member may follow; one that is none ends it. */
    if (status == Z_STREAM_END && bits == BITS_GZIP && z->avail_in > 0)
        return inflateReset(z) == Z_OK;
    return status == Z_OK;
}

static aw_rc run_zlib(int bits, struct aw_str bytes, struct sink *sink,
                      struct aw_err *err)
{
    z_stream z = {.next_in = (const Bytef *)bytes.ptr};

    z.avail_in = bytes.len < UINT32_MAX ? (uInt)bytes.len : UINT32_MAX;
    if (inflateInit2(&z, bits) != Z_OK)
        return aw_fail(err, AW_NOMEM, "zlib: out of memory");
    while (zlib_step(&z, bits, sink))
        continue;
    sink->used = (size_t)(z.next_in - (const Bytef *)bytes.ptr);
    (void)inflateEnd(&z);
    return AW_OK;
}

static aw_rc run_gzip(struct aw_str bytes, struct sink *sink,
                      struct aw_err *err)
{
    if (byte_at(bytes, 0) == 0x1F && byte_at(bytes, 1) == 0x8B)
        return run_zlib(BITS_GZIP, bytes, sink, err);
    put_as_it_is(bytes, sink);
    return AW_OK;
}

/* With the header of RFC 1950, 2.2, or without. */
static aw_rc run_deflate(struct aw_str bytes, struct sink *sink,
                         struct aw_err *err)
{
    unsigned head = (unsigned)byte_at(bytes, 0) << 8 | byte_at(bytes, 1);
    bool is_zlib = (head >> 8 & 0x0F) == Z_DEFLATED && head % 31 == 0;

    return run_zlib(is_zlib ? BITS_ZLIB : BITS_RAW, bytes, sink, err);
}

/* ---- brotli ------------------------------------------------------------- */

static aw_rc run_brotli(struct aw_str bytes, struct sink *sink,
                        struct aw_err *err)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    const uint8_t *in = (const uint8_t *)bytes.ptr;
    size_t left = bytes.len;
    size_t start = sink->out->len;
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;

    if (!state)
        return aw_fail(err, AW_NOMEM, "brotli: out of memory");
    /* A torn body may ask for more input while it has output to give. */
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT ||
           BrotliDecoderHasMoreOutput(state)) {
        uint8_t *at = begin_piece(sink);
        size_t unused = sink->piece;

        if (!at)
            break;
        result = BrotliDecoderDecompressStream(state, &left, &in, &unused, &at,
                                               NULL);
        end_piece(sink, unused);
    }
    sink->used = bytes.len - left;
    BrotliDecoderDestroyInstance(state);
    if (result == BROTLI_DECODER_RESULT_ERROR && sink->out->len == start)
        put_as_it_is(bytes, sink);
    return AW_OK;
}

/* ---- zstd --------------------------------------------------------------- */

/* A frame of data, or one to be skipped. (RFC 8878, 3.1) */
static bool is_zstd(struct aw_str bytes)
{
    return aw_str_starts(bytes, AW_STR("\x28\xB5\x2F\xFD")) ||
           ((byte_at(bytes, 0) & 0xF0) == 0x50 &&
            aw_str_starts(aw_str_sub(bytes, 1, 3), AW_STR("\x2A\x4D\x18")));
}

/* One piece; false where there is no more to come. */
static bool zstd_step(ZSTD_DStream *stream, ZSTD_inBuffer *in,
                      struct sink *sink)
{
    ZSTD_outBuffer piece = {.dst = begin_piece(sink), .size = sink->piece};
    size_t status;

    if (!piece.dst)
        return false;
    status = ZSTD_decompressStream(stream, &piece, in);
    end_piece(sink, piece.size - piece.pos);
    return !ZSTD_isError(status) &&
           (in->pos < in->size || piece.pos == piece.size);
}

static aw_rc run_zstd(struct aw_str bytes, struct sink *sink,
                      struct aw_err *err)
{
    ZSTD_inBuffer in = {.src = bytes.ptr, .size = bytes.len};
    ZSTD_DStream *stream;

    if (!is_zstd(bytes)) {
        put_as_it_is(bytes, sink);
        return AW_OK;
    }
    stream = ZSTD_createDStream();
    if (!stream ||
        ZSTD_isError(ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax,
                                            AW_INFLATE_WINDOW_LOG))) {
        (void)ZSTD_freeDStream(stream);
        return aw_fail(err, AW_NOMEM, "zstd: out of memory");
    }
    while (zstd_step(stream, &in, sink))
        continue;
    sink->used = in.pos;
    (void)ZSTD_freeDStream(stream);
    return AW_OK;
}

/* ---- one coding over the other ------------------------------------------ */

typedef aw_rc run_fn(struct aw_str bytes, struct sink *sink,
                     struct aw_err *err);

static const struct coding {
    struct aw_str name;
    run_fn *run; /* NULL: nothing to undo */
} codings[] = {
    {{"gzip", 4}, run_gzip},
    {{"x-gzip", 6}, run_gzip},
    {{"deflate", 7}, run_deflate},
    {{"br", 2}, run_brotli},
    {{"zstd", 4}, run_zstd},
    {{"identity", 8}, NULL},
    {{"", 0}, NULL},
};

static const struct coding *find_coding(struct aw_str name)
{
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++)
        if (aw_str_eq_nocase(name, codings[i].name))
            return &codings[i];
    return NULL;
}

struct chain {
    const struct coding *codings[AW_INFLATE_CODINGS_MAX]; /* as laid on */
    size_t count;
};

static aw_rc parse_chain(struct aw_str encoding, struct chain *chain,
                         struct aw_err *err)
{
    struct aw_str name;

    while (aw_str_split(&encoding, ',', &name)) {
        const struct coding *coding = find_coding(aw_str_trim(name));

        if (!coding)
            return aw_fail(err, AW_INVALID,
                           "content-coding \"%.*s\" is not read: only gzip, "
                           "deflate, br and zstd are",
                           AW_STR_ARG(aw_str_sub(aw_str_trim(name), 0, 80)));
        if (!coding->run)
            continue;
        if (chain->count == AW_INFLATE_CODINGS_MAX)
            return aw_fail(err, AW_INVALID,
                           "more than %d content-codings, one over the other",
                           AW_INFLATE_CODINGS_MAX);
        chain->codings[chain->count++] = coding;
    }
    return AW_OK;
}

/* What came of a chain. */
struct tally {
    bool full;      /* there may be more than max bytes */
    size_t decoded; /* by one coding, the one that gave more */
    size_t used;    /* bytes on the wire that were read for it */
};

static void add_up(struct tally *tally, const struct sink *sink, size_t max)
{
    size_t decoded = max - sink->room;

    tally->full = tally->full || sink->room == 0;
    if (tally->used == 0)
        tally->used = sink->used;
    if (tally->decoded < decoded)
        tally->decoded = decoded;
}

static aw_rc run_over(const struct coding *coding, struct aw_str bytes,
                      size_t max, struct aw_buf *out, struct tally *tally,
                      struct aw_err *err)
{
    struct sink sink = {.out = out, .room = max};
    aw_rc rc = AW_OK;

    if (coding)
        rc = coding->run(bytes, &sink, err);
    else
        put_as_it_is(bytes, &sink);
    add_up(tally, &sink, max);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}

static aw_rc run_chain(const struct chain *chain, struct aw_str bytes,
                       size_t max, struct aw_buf *out, struct tally *tally,
                       struct aw_err *err)
{
    struct aw_buf between;
    aw_rc rc = AW_OK;

    aw_buf_init(&between, max + PIECE);
    if (chain->count == 2) {
        rc = run_over(chain->codings[1], bytes, max, &between, tally, err);
        bytes = aw_buf_str(&between);
    }
    if (rc == AW_OK)
        rc = run_over(chain->codings[0], bytes, max, out, tally, err);
    aw_buf_deinit(&between);
    return rc;
}

/* How many bytes may come of so many on the wire. */
static size_t decoded_most(const struct aw_inflate_limits *limits, size_t wire)
{
    size_t most = AW_INFLATE_RATIO_FREE;
    size_t ratio = (size_t)limits->ratio_max;

    if (ratio == 0 || wire > limits->decoded_max / ratio)
        return limits->decoded_max;
    if (most < wire * ratio)
        most = wire * ratio;
    return most < limits->decoded_max ? most : limits->decoded_max;
}

static enum aw_inflate_end end_of(const struct tally *tally,
                                  const struct aw_inflate_limits *limits)
{
    if (!tally->full)
        return AW_INFLATE_WHOLE;
    return limits->ratio_max > 0 && tally->decoded > AW_INFLATE_RATIO_FREE &&
                   tally->decoded / (size_t)limits->ratio_max >= tally->used
               ? AW_INFLATE_BOMB
               : AW_INFLATE_CUT;
}

aw_rc aw_inflate_body(struct aw_str encoding, struct aw_str bytes,
                      const struct aw_inflate_limits *limits,
                      struct aw_buf *out, enum aw_inflate_end *end,
                      struct aw_err *err)
{
    struct chain chain = {.count = 0};
    struct tally tally = {.full = false};
    size_t start = out->len;
    size_t most = decoded_most(limits, bytes.len);
    aw_rc rc = parse_chain(encoding, &chain, err);

    if (rc == AW_OK) /* one byte more tells a cut from a fit */
        rc = run_chain(&chain, bytes, most + 1, out, &tally, err);
    if (rc != AW_OK)
        return rc;
    *end = end_of(&tally, limits);
    if (out->len - start > most)
        out->len = start + most;
    if (out->ptr)
        out->ptr[out->len] = '\0';
    return AW_OK;
}

aw_rc aw_inflate(struct aw_str encoding, struct aw_str bytes, size_t max,
                 struct aw_buf *out, struct aw_err *err)
{
    struct aw_inflate_limits limits = {.decoded_max = max};
    enum aw_inflate_end end;

    return aw_inflate_body(encoding, bytes, &limits, out, &end, err);
}
