#include "classify/seen.h"

#include "base/utf8.h"

/* Ranges of blanks and of what ends or groups sentences, which nobody is
 * misled by. Other marks (* / _ - · |) stand between characters to part them.
 */
static const struct {
    uint32_t first, last;
} plain[] = {
    {0x00, 0x22},     {0x25, 0x29},     {0x2C, 0x2C},     {0x2E, 0x2E},
    {0x3A, 0x3B},     {0x3F, 0x3F},     {0x5B, 0x5B},     {0x5D, 0x5D},
    {0x7F, 0xA0},     {0x2000, 0x200A}, {0x2013, 0x2026}, {0x3000, 0x3003},
    {0x3008, 0x301F}, {0xFF01, 0xFF02}, {0xFF05, 0xFF09}, {0xFF0C, 0xFF0C},
    {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1B}, {0xFF1F, 0xFF1F}, {0xFF61, 0xFF64},
};

static bool is_plain(uint32_t cp)
{
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (cp >= plain[i].first && cp <= plain[i].last)
            return true;
    return false;
}

/* Of either width and case; 0 behind the last one. */
static uint32_t next_letter(struct aw_str s, size_t *pos)
{
    while (*pos < s.len) {
        uint32_t cp = aw_utf8_next(s, pos);

        if (is_plain(cp))
            continue;
        if (cp >= 0xFF10 && cp <= 0xFF5A)
            cp -= 0xFEE0;
        return cp < 0x80 ? (uint32_t)aw_ascii_lower((char)cp) : cp;
    }
    return 0;
}

static bool is_same(struct aw_str a, struct aw_str b)
{
    size_t i = 0;
    size_t j = 0;
    uint32_t cp;

    do {
        cp = next_letter(a, &i);
        if (cp != next_letter(b, &j))
            return false;
    } while (cp != 0);
    return true;
}

aw_rc aw_seen(struct aw_text *text, struct aw_str original, struct aw_buf *out,
              struct aw_err *err)
{
    aw_rc rc = aw_text_read_one(text, original, err);
    struct aw_str seen;

    if (rc != AW_OK || text->count == 0)
        return rc;
    seen = aw_normal_str(&text->view[AW_VIEW_HARD],
                         text->blocks[0].place[AW_VIEW_HARD]);
    if (!is_same(original, seen))
        aw_buf_put(out, seen);
    return aw_buf_check(out, err);
}

aw_rc aw_seen_once(struct aw_str original, struct aw_buf *out,
                   struct aw_err *err)
{
    struct aw_text scratch;
    aw_rc rc;

    aw_text_init(&scratch);
    rc = aw_seen(&scratch, original, out, err);
    aw_text_deinit(&scratch);
    return rc;
}
