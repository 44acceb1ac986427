#include "extract/image.h"

#define PDF_HEAD_MAX ((size_t)1024)
#define NUMBER_DIGITS 6

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

static bool take_number(struct aw_str bytes, size_t *pos, char end, int *out)
{
    size_t start = *pos;

    *out = 0;
    while (*pos < bytes.len && *pos - start < NUMBER_DIGITS &&
           aw_ascii_digit(bytes.ptr[*pos]))
        *out = *out * 10 + (bytes.ptr[(*pos)++] - '0');
    return *pos > start && *pos < bytes.len && bytes.ptr[(*pos)++] == end;
}

bool aw_image_pgm_head(struct aw_str bytes, int *width, int *height,
                       size_t *head)
{
    size_t pos = 3;
    int depth;

    if (!aw_str_starts(bytes, AW_STR("P5\n")) ||
        !take_number(bytes, &pos, ' ', width) ||
        !take_number(bytes, &pos, '\n', height) ||
        !take_number(bytes, &pos, '\n', &depth) || depth != 255)
        return false;
    *head = pos;
    return true;
}

/* As pdftoppm writes it; a text that begins so goes on otherwise. */
static bool is_pgm(struct aw_str bytes)
{
    int width, height;
    size_t head;

    return aw_image_pgm_head(bytes, &width, &height, &head);
}

enum aw_image_type aw_image_sniff(struct aw_str bytes)
{
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (aw_str_starts(bytes, magics[i].magic))
            return magics[i].type;
    if (is_webp(bytes))
        return AW_IMAGE_WEBP;
    if (is_pgm(bytes))
        return AW_IMAGE_PGM;
    return is_late_pdf(bytes) ? AW_IMAGE_PDF : AW_IMAGE_NONE;
}

const char *aw_image_mime(enum aw_image_type type)
{
    return mimes[type];
}
