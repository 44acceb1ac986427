#include "extract/gb.h"

#include <string.h>

#include "base/utf8.h"

#define LEAD_MIN 0x81
#define TRAIL_MIN 0x40
#define NO_TRAIL 0x7F

/* 0 where the two are no pair of the table. */
static uint32_t pair(unsigned char lead, unsigned char trail)
{
    if (lead < LEAD_MIN || lead == 0xFF || trail < TRAIL_MIN ||
        trail == NO_TRAIL || trail == 0xFF)
        return 0;
    return aw_gb_table[lead - LEAD_MIN]
                      [trail - TRAIL_MIN - (trail > NO_TRAIL)];
}

static char *put(char *to, uint32_t cp)
{
    if (cp >= 0x800) {
        *to++ = (char)(0xE0 | cp >> 12);
        *to++ = (char)(0x80 | (cp >> 6 & 0x3F));
    } else {
        *to++ = (char)(0xC0 | cp >> 6);
    }
    *to++ = (char)(0x80 | (cp & 0x3F));
    return to;
}

size_t aw_gb_decode(struct aw_str bytes, size_t pos, struct aw_buf *out)
{
    const unsigned char *from = (const unsigned char *)bytes.ptr;
    /* Two bytes become three at most. */
    char *at = aw_buf_reserve(out, (bytes.len - pos) / 2 * 3 + 1);
    char *to = at;

    while (at && pos < bytes.len) {
        uint32_t cp;

        if (from[pos] < 0x80) {
            size_t end = aw_utf8_skip_ascii(bytes, pos);

            memcpy(to, bytes.ptr + pos, end - pos);
            to += end - pos;
            pos = end;
            continue;
        }
        cp = pos + 1 < bytes.len ? pair(from[pos], from[pos + 1]) : 0;
        if (cp < 0x80)
            break;
        to = put(to, cp);
        pos += 2;
    }
    if (at)
        out->len += (size_t)(to - at);
    return pos;
}
