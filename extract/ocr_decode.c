#include "extract/ocr_private.h"

/* What a header says; nothing is decoded for it. */
struct header {
    l_int32 w, h, bits, samples;
};

static bool read_header(enum aw_image_type type, struct aw_str bytes, int page,
                        struct header *header)
{
    const l_uint8 *data = (const l_uint8 *)bytes.ptr;
    l_int32 format, colours, dots;

    if (type == AW_IMAGE_TIFF)
        return readHeaderMemTiff(data, bytes.len, page, &header->w, &header->h,
                                 &header->bits, &header->samples, &dots,
                                 &colours, &format) == 0;
    return pixReadHeaderMem(data, bytes.len, &format, &header->w, &header->h,
                            &header->bits, &header->samples, &colours) == 0;
}

static aw_rc check_header(const struct header *header, struct aw_err *err)
{
    if (header->w <= 0 || header->h <= 0)
        return aw_fail(err, AW_INVALID, "image of no pixels");
    if (header->w < AW_OCR_SIDE_MIN || header->h < AW_OCR_SIDE_MIN)
        return aw_fail(err, AW_LIMIT, "image of %d x %d pixels: too small",
                       header->w, header->h);
    if (header->w > AW_OCR_SIDE_MAX || header->h > AW_OCR_SIDE_MAX ||
        (int64_t)header->w * header->h > AW_OCR_PIXELS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "image of %d x %d pixels: more than %d million",
                       header->w, header->h,
                       (int)(AW_OCR_PIXELS_MAX / 1000000));
    if (header->bits > 16 || header->samples > 4)
        return aw_fail(err, AW_INVALID, "image of %d bits by %d: not read",
                       header->bits, header->samples);
    return AW_OK;
}

static PIX *decode(enum aw_image_type type, struct aw_str bytes, int page)
{
    const l_uint8 *data = (const l_uint8 *)bytes.ptr;

    return type == AW_IMAGE_TIFF ? pixReadMemTiff(data, bytes.len, page)
                                 : pixReadMem(data, bytes.len);
}

/* Takes pix over. */
static PIX *to_grey(PIX *pix)
{
    PIX *opaque = pixRemoveAlpha(pix);
    PIX *grey = opaque ? pixConvertTo8(opaque, 0) : NULL;

    pixDestroy(&opaque);
    pixDestroy(&pix);
    return grey;
}

/* Pages stand one behind the other: those before are passed over. */
static aw_rc decode_pgm(struct aw_str bytes, int page, PIX **out,
                        struct aw_err *err)
{
    struct header header = {.bits = 8, .samples = 1};
    size_t head = 0, size = 0;
    aw_rc rc;

    for (int i = 0; i <= page; i++) {
        bytes = aw_str_sub(bytes, head + size, bytes.len);
        if (!aw_image_pgm_head(bytes, &header.w, &header.h, &head))
            return aw_fail(err, AW_MISSING, "no page %d", i + 1);
        size = (size_t)header.w * (size_t)header.h;
    }
    rc = check_header(&header, err);
    if (rc != AW_OK)
        return rc;
    if (bytes.len - head < size)
        return aw_fail(err, AW_INVALID, "page %d is cut", page + 1);
    *out = pixReadMemPnm((const l_uint8 *)bytes.ptr, head + size);
    return *out ? AW_OK : aw_fail(err, AW_INVALID, "image cannot be decoded");
}

static aw_rc decode_one(enum aw_image_type type, struct aw_str bytes, int page,
                        PIX **out, struct aw_err *err)
{
    struct header header = {0};
    PIX *pix;
    aw_rc rc;

    if (page > 0 && type != AW_IMAGE_TIFF)
        return aw_fail(err, AW_MISSING, "no page %d", page + 1);
    if (!read_header(type, bytes, page, &header))
        return page > 0 ? aw_fail(err, AW_MISSING, "no page %d", page + 1)
                        : aw_fail(err, AW_INVALID,
                                  "image cannot be read: its header is bad");
    rc = check_header(&header, err);
    if (rc != AW_OK)
        return rc;
    pix = decode(type, bytes, page);
    pix = pix ? to_grey(pix) : NULL;
    if (!pix)
        return aw_fail(err, AW_INVALID, "image cannot be decoded");
    *out = pix;
    return AW_OK;
}

aw_rc aw_ocr_decode(enum aw_image_type type, struct aw_str bytes, int page,
                    PIX **out, struct aw_err *err)
{
    return type == AW_IMAGE_PGM ? decode_pgm(bytes, page, out, err)
                                : decode_one(type, bytes, page, out, err);
}
