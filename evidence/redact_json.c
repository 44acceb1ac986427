#include "evidence/redact_private.h"

#include "base/utf8.h"

/* Behind the text that begins at pos with its quote; 0: it has no end. */
static size_t text_end(struct aw_str json, size_t pos)
{
    for (pos++; pos < json.len; pos++) {
        if (json.ptr[pos] == '\\')
            pos++;
        else if (json.ptr[pos] == '"')
            return pos + 1;
    }
    return 0;
}

static uint32_t hex_of(struct aw_str text, size_t pos)
{
    uint32_t value = 0;

    for (size_t i = 0; i < 4; i++) {
        int digit = pos + i < text.len ? aw_hex_value(text.ptr[pos + i]) : -1;

        if (digit < 0)
            return AW_REPLACEMENT;
        value = value * 16 + (uint32_t)digit;
    }
    return value;
}

/* What "\uD83D\uDE00" and its like say; *pos is behind the first "\u". */
static uint32_t read_unicode(struct aw_str text, size_t *pos)
{
    uint32_t high = hex_of(text, *pos);
    uint32_t low;

    *pos += 4;
    if (high < 0xD800 || high > 0xDBFF ||
        !aw_str_starts(aw_str_sub(text, *pos, 2), AW_STR("\\u")))
        return high;
    low = hex_of(text, *pos + 2);
    if (low < 0xDC00 || low > 0xDFFF)
        return AW_REPLACEMENT;
    *pos += 6;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* What is between the quotes, without escapes. */
static void unescape(struct aw_buf *out, struct aw_str text)
{
    static const char letters[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";

    for (size_t pos = 0; pos < text.len;) {
        char c = text.ptr[pos++];
        const char *at;

        if (c != '\\' || pos == text.len) {
            aw_buf_putc(out, c);
            continue;
        }
        c = text.ptr[pos++];
        at = c ? strchr(letters, c) : NULL;
        if (c == 'u')
            aw_utf8_put(out, read_unicode(text, &pos));
        else
            aw_buf_putc(out, at ? meant[at - letters] : c);
    }
}

struct walk {
    struct aw_str json;
    aw_redact_string_fn *visit;
    void *self;
    struct aw_buf text;
};

static aw_rc visit_text(struct walk *walk, size_t pos, size_t end,
                        struct aw_err *err)
{
    struct aw_str raw = aw_str_sub(walk->json, pos, end - pos);
    struct aw_str inner = aw_str_sub(raw, 1, raw.len - 2);
    aw_rc rc;

    if (aw_str_find(inner, AW_STR("\\")) < 0)
        return walk->visit(walk->self, raw, inner, err);
    aw_buf_reset(&walk->text);
    unescape(&walk->text, inner);
    rc = aw_buf_check(&walk->text, err);
    return rc == AW_OK
               ? walk->visit(walk->self, raw, aw_buf_str(&walk->text), err)
               : rc;
}

aw_rc aw_redact_json_each(struct aw_str json, aw_redact_string_fn *visit,
                          void *self, struct aw_err *err)
{
    struct walk walk = {.json = json, .visit = visit, .self = self};
    aw_rc rc = AW_OK;

    aw_buf_init(&walk.text, AW_REDACT_TEXT_MAX);
    for (size_t pos = 0; pos < json.len && rc == AW_OK;) {
        size_t end = json.ptr[pos] == '"' ? text_end(json, pos) : pos + 1;

        if (end == 0)
            rc = aw_fail(err, AW_INVALID, "JSON that has no end");
        else if (json.ptr[pos] == '"')
            rc = visit_text(&walk, pos, end, err);
        pos = end;
    }
    aw_buf_deinit(&walk.text);
    return rc;
}
