#include "extract/digest.h"

#include "base/hash.h"
#include "base/utf8.h"

/* White space, and what has no width. */
static bool is_blank(uint32_t cp)
{
    return cp <= ' ' || cp == 0xA0 || cp == 0x3000 ||
           (cp >= 0x2000 && cp <= 0x200F) || cp == 0x2028 || cp == 0x2029 ||
           cp == 0x2060 || cp == 0xFEFF;
}

/* Words that announce a figure which changes on its own. */
static const struct aw_str heads[] = {
    {"浏览", 6},      {"阅读", 6},      {"点击", 6},      {"访问", 6},
    {"人气", 6},      {"围观", 6},      {"今天是", 9},    {"现在是", 9},
    {"当前时间", 12}, {"北京时间", 12}, {"在线人数", 12},
};

/* What stands between and behind the digits of such a figure. */
static bool is_figure(uint32_t cp)
{
    static const uint32_t marks[] = {
        ' ',    ':',    ',',    '.',    '-',    '/',    '(',
        ')',    0xFF1A, 0xFF0C, 0xFF08, 0xFF09, 0x5E74, /* 年 */
        0x6708,                                         /* 月 */
        0x65E5,                                         /* 日 */
        0x65F6,                                         /* 时 */
        0x5206,                                         /* 分 */
        0x79D2,                                         /* 秒 */
        0x6B21,                                         /* 次 */
        0x6570,                                         /* 数 */
        0x91CF,                                         /* 量 */
        0x4EBA                                          /* 人 */
    };

    if (cp < 0x80 && aw_ascii_digit((char)cp))
        return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (marks[i] == cp)
            return true;
    return false;
}

static size_t head_at(struct aw_str text)
{
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (aw_str_starts(text, heads[i]))
            return heads[i].len;
    return 0;
}

/* The first characters of the heads: a page is long, and few are these. */
static bool may_be_head(uint32_t cp)
{
    switch (cp) {
    case 0x6D4F: /* 浏 */
    case 0x9605: /* 阅 */
    case 0x70B9: /* 点 */
    case 0x8BBF: /* 访 */
    case 0x4EBA: /* 人 */
    case 0x56F4: /* 围 */
    case 0x4ECA: /* 今 */
    case 0x73B0: /* 现 */
    case 0x5F53: /* 当 */
    case 0x5317: /* 北 */
    case 0x5728: /* 在 */
        return true;
    default:
        return false;
    }
}

static size_t figure_at(struct aw_str text)
{
    size_t end = 0;

    for (size_t pos = 0; pos < text.len; end = pos) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (!is_figure(cp) && !is_blank(cp))
            break;
    }
    return end;
}

static size_t digits_at(struct aw_str text, size_t pos)
{
    size_t n = 0;

    while (pos + n < text.len && aw_ascii_digit(text.ptr[pos + n]))
        n++;
    return n;
}

static bool colon_at(struct aw_str text, size_t pos)
{
    return pos < text.len && text.ptr[pos] == ':';
}

/* The length of "h:mm:ss" or "hh:mm:ss" at the front of text, or 0. */
static size_t clock_at(struct aw_str text)
{
    size_t h = digits_at(text, 0);

    if (h < 1 || h > 2 || !colon_at(text, h) || digits_at(text, h + 1) != 2 ||
        !colon_at(text, h + 3) || digits_at(text, h + 4) != 2)
        return 0;
    return h + 6;
}

/* Inside of a number no clock begins. */
static bool may_be_clock(struct aw_str text, size_t pos)
{
    return aw_ascii_digit(text.ptr[pos]) &&
           (pos == 0 || !aw_ascii_digit(text.ptr[pos - 1]));
}

/* How much is kept and then left out where a character is at start and ends
 * at *pos, which moves behind both. */
static size_t kept_at(struct aw_str text, size_t start, uint32_t cp,
                      size_t *pos)
{
    struct aw_str rest = aw_str_sub(text, start, text.len);
    size_t clock = may_be_clock(text, start) ? clock_at(rest) : 0;
    size_t head = may_be_head(cp) ? head_at(rest) : 0;

    if (clock > 0)
        *pos = start + clock;
    else if (head > 0)
        *pos = start + head + figure_at(aw_str_sub(rest, head, rest.len));
    else if (!is_blank(cp))
        return *pos - start;
    return head;
}

/* The same by the last of a character's three bytes: most are none. */
static bool may_end_head(unsigned char last)
{
#define BIT(byte) ((uint64_t)1 << ((byte)&0x3F))
    const uint64_t lasts = BIT(0x8F) | BIT(0x85) | BIT(0xB9) | BIT(0xBF) |
                           BIT(0xBA) | BIT(0xB4) | BIT(0x8A) | BIT(0xB0) |
                           BIT(0x93) | BIT(0x97) | BIT(0xA8);

    return (lasts & BIT(last)) != 0;
#undef BIT
}

/* The length of a run of characters that are kept, whatever follows: most of
 * a page is letters and Chinese, and looking closely at each of them would
 * cost more than the hashing. */
static size_t plain_len(struct aw_str text, size_t pos)
{
    const unsigned char *p = (const unsigned char *)text.ptr;
    size_t from = pos;

    while (pos < text.len) {
        if (p[pos] > '9' && p[pos] < 0x80) {
            pos++;
        } else if (p[pos] > 0xE3 && p[pos] < 0xEA && pos + 2 < text.len) {
            if (may_end_head(p[pos + 2]) &&
                may_be_head(aw_utf8_of_three(p + pos)))
                break;
            pos += 3;
        } else {
            break;
        }
    }
    return pos - from;
}

void aw_digest_text(struct aw_buf *out, struct aw_str text)
{
    size_t from = 0;

    for (size_t pos = plain_len(text, 0); pos < text.len;
         pos += plain_len(text, pos)) {
        size_t start = pos;
        uint32_t cp = aw_utf8_next(text, &pos);
        size_t kept = kept_at(text, start, cp, &pos);

        if (start + kept == pos)
            continue;
        aw_buf_put(out, aw_str_sub(text, from, start + kept - from));
        from = pos;
    }
    aw_buf_put(out, aw_str_sub(text, from, text.len));
}

aw_rc aw_digest_document(struct aw_document *doc, struct aw_err *err)
{
    char hex[AW_SHA256_HEX_MAX];
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, AW_DOCUMENT_ARENA_MAX);
    for (size_t i = 0; i < doc->block_count; i++)
        if (aw_block_visible(&doc->blocks[i]))
            aw_digest_text(&text, doc->blocks[i].text);
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK && text.len > 0) {
        aw_sha256_hex(aw_buf_str(&text), hex);
        rc = aw_arena_dup(&doc->arena, aw_str_of(hex), &doc->text_digest, err);
    }
    aw_buf_deinit(&text);
    return rc;
}
