#include "extract/image.h"

#define PDF_HEAD_MAX ((size_t)1024)

static const char *const mimes[] = {
#define X(name, mime) mime,
    AW_IMAGE_LIST(X)
#undef X
};

static const struct {
    struct aw_str magic;
    enum aw_image_type type;
} magics[] = {
    {AW_STR("\x89PNG\r\n\x1A\n"), AW_IMAGE_PNG},
    {AW_STR("\xFF\xD8\xFF"), AW_IMAGE_JPEG},
    {AW_STR("II*\0"), AW_IMAGE_TIFF},
    {AW_STR("MM\0*"), AW_IMAGE_TIFF},
    {AW_STR("%PDF-"), AW_IMAGE_PDF},
};

/* A file of RIFF is as much, but for the name in its head. */
static bool is_webp(struct aw_str bytes)
{
    return aw_str_starts(bytes, AW_STR("RIFF")) &&
           aw_str_starts(aw_str_sub(bytes, 8, bytes.len), AW_STR("WEBPVP"));
}

/* Printers' commands may stand before a PDF, but no text does: a page that
 * tells of "%PDF-" is none. */
static bool is_late_pdf(struct aw_str bytes)
{
    struct aw_str head = aw_str_sub(bytes, 0, PDF_HEAD_MAX);

    return aw_str_starts(head, AW_STR("\x1B%-12345X")) &&
           aw_str_find(head, AW_STR("%PDF-")) >= 0;
}

enum aw_image_type aw_image_sniff(struct aw_str bytes)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (aw_str_starts(bytes, magics[i].magic))
            return magics[i].type;
    if (is_webp(bytes))
        return AW_IMAGE_WEBP;
    return is_late_pdf(bytes) ? AW_IMAGE_PDF : AW_IMAGE_NONE;
}

const char *aw_image_mime(enum aw_image_type type)
{
    return mimes[type];
}
