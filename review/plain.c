#include "review/plain.h"

#include "base/utf8.h"

/* Full-width forms of ASCII stand in its order. */
static uint32_t narrow(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFF01 - '!';
    if (cp == 0x3000 || cp == 0xA0 || (cp >= 0x2000 && cp <= 0x200A) ||
        (cp >= '\t' && cp <= '\r') || cp == 0x2028 || cp == 0x2029)
        return ' ';
    return cp < 0x80 ? (uint32_t)aw_ascii_lower((char)cp) : cp;
}

/* Nothing of it is seen. */
static bool is_void(uint32_t cp)
{
    return cp < ' ' || (cp >= 0x7F && cp < 0xA0) || cp == 0xAD ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
           (cp >= 0xFE00 && cp <= 0xFE0F);
}

static bool is_bracket(uint32_t cp)
{
    return cp == '(' || cp == ')' || cp == '[' || cp == ']' || cp == 0x3010 ||
           cp == 0x3011 || cp == 0x3014 || cp == 0x3015;
}

void aw_plain_put(struct aw_buf *out, struct aw_str text, enum aw_plain how)
{
    bool blank = false;

    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = narrow(aw_utf8_next(text, &pos));

        if (is_void(cp) || (how == AW_PLAIN_NAME && is_bracket(cp)))
            continue;
        if (cp == ' ') {
            blank = how == AW_PLAIN_TEXT;
            continue;
        }
        if (blank)
            aw_buf_putc(out, ' ');
        blank = false;
        aw_utf8_put(out, cp);
    }
    if (blank)
        aw_buf_putc(out, ' ');
}
