#include "web/shown_type.h"

/* First bytes. (WHATWG MIME Sniffing, 6.1 and 6.2; RFC 8081) */
static const struct {
    struct aw_str magic;
    const char *type;
} kinds[] = {
    {{"\x89PNG\r\n\x1A\n", 8}, "image/png"},
    {{"\xFF\xD8\xFF", 3}, "image/jpeg"},
    {{"GIF87a", 6}, "image/gif"},
    {{"GIF89a", 6}, "image/gif"},
    {{"BM", 2}, "image/bmp"},
    {{"\0\0\1\0", 4}, "image/x-icon"},
    {{"wOF2", 4}, "font/woff2"},
    {{"wOFF", 4}, "font/woff"},
    {{"OTTO", 4}, "font/otf"},
    {{"\0\1\0\0", 4}, "font/ttf"},
    {{"true", 4}, "font/ttf"},
};

/* What may be said of bytes that are coded. */
static const char *const declarable[] = {
    "image/png",  "image/jpeg", "image/gif", "image/webp", "image/bmp",
    "font/woff2", "font/woff",  "font/otf",  "font/ttf",
};

static struct aw_str type_of(struct aw_str declared)
{
    struct aw_str type = {0};

    (void)aw_str_split(&declared, ';', &type);
    return aw_str_trim(type);
}

static const char *by_bytes(struct aw_str body)
{
    if (aw_str_starts(body, AW_STR("RIFF")) &&
        aw_str_eq(aw_str_sub(body, 8, 4), AW_STR("WEBP")))
        return "image/webp";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (aw_str_starts(body, kinds[i].magic))
            return kinds[i].type;
    return NULL;
}

/* Text may begin with the letters of some. */
static bool is_said_text(struct aw_str declared)
{
    return aw_str_starts_nocase(declared, AW_STR("text/"));
}

static const char *by_name(struct aw_str declared)
{
    for (size_t i = 0; i < sizeof declarable / sizeof declarable[0]; i++)
        if (aw_str_eq_nocase(type_of(declared), aw_str_of(declarable[i])))
            return declarable[i];
    return NULL;
}

static bool is_undone(struct aw_str coding)
{
    return aw_str_eq_nocase(coding, AW_STR("gzip")) ||
           aw_str_eq_nocase(coding, AW_STR("deflate")) ||
           aw_str_eq_nocase(coding, AW_STR("br"));
}

const char *aw_shown_type(struct aw_str body, struct aw_str declared,
                          struct aw_str coding)
{
    if (coding.len > 0)
        return is_undone(coding) ? by_name(declared) : NULL;
    if (is_said_text(declared) && aw_ascii_alpha(body.len ? body.ptr[0] : 0))
        return NULL;
    return by_bytes(body);
}

bool aw_shown_is_font(const char *type)
{
    return aw_str_starts(aw_str_of(type), AW_STR("font/"));
}

enum aw_shown_text aw_shown_text(struct aw_str declared)
{
    static const struct {
        const char *begins;
        enum aw_shown_text text;
    } table[] = {
        {"text/html", AW_SHOWN_HTML},
        {"application/xhtml+xml", AW_SHOWN_HTML},
        {"application/vnd.wap.xhtml+xml", AW_SHOWN_HTML},
        {"text/vnd.wap.wml", AW_SHOWN_HTML},
        {"text/css", AW_SHOWN_CSS},
        {"image/svg+xml", AW_SHOWN_SVG},
        {"image/", AW_SHOWN_NONE},
        {"audio/", AW_SHOWN_NONE},
        {"video/", AW_SHOWN_NONE},
        {"font/", AW_SHOWN_NONE},
        {"application/pdf", AW_SHOWN_NONE},
    };
    struct aw_str type = type_of(declared);

    if (type.len == 0)
        return AW_SHOWN_HTML;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (aw_str_starts_nocase(type, aw_str_of(table[i].begins)))
            return table[i].text;
    return AW_SHOWN_PLAIN;
}
