#include "reports/text.h"

#include <string.h>
#include <unicode/uchar.h>

#include "base/utf8.h"

#define CELL_MAX ((size_t)1 << 20)

int aw_text_columns(uint32_t cp)
{
    UChar32 c = (UChar32)cp;
    int type = u_charType(c);
    int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);

    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
        type == U_FORMAT_CHAR || type == U_CONTROL_CHAR)
        return 0;
    return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

int aw_text_width(struct aw_str text)
{
    int width = 0;

    for (size_t pos = 0; pos < text.len;)
        width += aw_text_columns(aw_utf8_next(text, &pos));
    return width;
}

static bool is_bidi_control(uint32_t cp)
{
    return u_hasBinaryProperty((UChar32)cp, UCHAR_BIDI_CONTROL);
}

/* Controls (Cc), tag characters, interlinear marks, what has no character. */
static bool is_harmful(uint32_t cp)
{
    return u_charType((UChar32)cp) == U_CONTROL_CHAR || is_bidi_control(cp) ||
           (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE0FFF);
}

static uint32_t tamed(uint32_t cp)
{
    if (u_isUWhiteSpace((UChar32)cp))
        return ' ';
    return is_harmful(cp) ? AW_REPLACEMENT : cp;
}

void aw_text_tame(struct aw_buf *out, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;)
        aw_utf8_put(out, tamed(aw_utf8_next(text, &pos)));
}

void aw_text_blanks(struct aw_buf *out, int count)
{
    for (; count > 0; count--)
        aw_buf_putc(out, ' ');
}

void aw_text_cell(struct aw_buf *out, struct aw_str text, int columns)
{
    struct aw_buf tame;
    struct aw_str shown;
    int left = columns;

    aw_buf_init(&tame, CELL_MAX);
    aw_text_tame(&tame, aw_text_first(text, CELL_MAX / 8));
    shown = aw_buf_str(&tame);
    for (size_t pos = 0; pos < shown.len;) {
        uint32_t cp = aw_utf8_next(shown, &pos);
        int wide = aw_text_columns(cp);

        if (pos < shown.len ? left - wide < 1 : left - wide < 0) {
            aw_buf_puts(out, "…");
            left--;
            break;
        }
        aw_utf8_put(out, cp);
        left -= wide;
    }
    aw_text_blanks(out, left);
    aw_buf_deinit(&tame);
}

struct aw_str aw_text_first(struct aw_str text, size_t n)
{
    return aw_str_sub(text, 0, aw_utf8_offset(text, n));
}

struct aw_str aw_text_last(struct aw_str text, size_t n)
{
    size_t count = aw_utf8_count(text);

    if (count <= n)
        return text;
    return aw_str_sub(text, aw_utf8_offset(text, count - n), text.len);
}

static const char *entity_of(uint32_t cp)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {{'&', "&amp;"},
                    {'<', "&lt;"},
                    {'>', "&gt;"},
                    {'"', "&quot;"},
                    {'\'', "&#39;"}};

    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (cp == (unsigned char)entities[i].c)
            return entities[i].entity;
    return NULL;
}

void aw_text_html(struct aw_buf *out, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = tamed(aw_utf8_next(text, &pos));
        const char *entity = entity_of(cp);

        if (entity)
            aw_buf_puts(out, entity);
        else
            aw_utf8_put(out, cp);
    }
}

/* The signs that begin a formula, full-width too; a spreadsheet skips blanks
 * before them. */
static bool looks_like_formula(struct aw_str text)
{
    static const uint32_t signs[] = {'=',  '+',    '-',    '@',    '\t',  '\r',
                                     '\n', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};

    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
            if (cp == signs[i])
                return true;
        if (cp != ' ' && cp != 0x3000 && cp != 0xA0 && cp != 0xFEFF &&
            aw_text_columns(cp) > 0)
            return false;
    }
    return false;
}

uint32_t aw_text_in_cell(uint32_t cp)
{
    bool kept = cp == '\t' || cp == '\r' || cp == '\n' || !is_harmful(cp);

    return kept ? cp : AW_REPLACEMENT;
}

void aw_text_csv(struct aw_buf *out, struct aw_str text)
{
    aw_buf_putc(out, '"');
    if (looks_like_formula(text))
        aw_buf_putc(out, '\'');
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (cp == '"')
            aw_buf_putc(out, '"');
        aw_utf8_put(out, aw_text_in_cell(cp));
    }
    aw_buf_putc(out, '"');
}

/* --- words ------------------------------------------------------------ */

struct word {
    const char *code, *chinese;
};

static struct aw_str find_word(const struct word *words, struct aw_str code)
{
    for (; words->code; words++)
        if (aw_str_eq(code, aw_str_of(words->code)))
            return aw_str_of(words->chinese);
    return code;
}

struct aw_str aw_text_class(struct aw_str code)
{
    static const struct word words[] = {{"capital_protection", "保本"},
                                        {"no_risk", "无风险"},
                                        {"guaranteed_return", "保收益"},
                                        {"assured_promise", "其他保证性承诺"},
                                        {"endorsement", "推荐证明"},
                                        {"no_risk_warning", "缺风险提示"},
                                        {NULL, NULL}};

    return find_word(words, code);
}

struct aw_str aw_text_state(struct aw_str code)
{
    static const struct word words[] = {{"new", "待审"},
                                        {"second", "待复核"},
                                        {"second", "待复核"},
                                        {"confirmed", "已确认"},
                                        {"dismissed", "已排除"},
                                        {"escalated", "已上报"},
                                        {NULL, NULL}};

    return find_word(words, code);
}

struct aw_str aw_text_channel(struct aw_str code)
{
    static const struct word words[] = {
        {"web", "网页"}, {"poster", "海报"}, {"app", "应用"},
        {"sms", "短信"}, {"call", "电话"},   {"seminar", "推介会"},
        {NULL, NULL}};

    return find_word(words, code);
}

struct aw_str aw_text_action(struct aw_str code)
{
    static const struct word words[] = {{"confirm", "确认"},
                                        {"dismiss", "排除"},
                                        {"escalate", "上报"},
                                        {"reopen", "重开"},
                                        {"propose", "提请复核"},
                                        {"oppose", "复核不同意"},
                                        {"agree", "复核同意"},
                                        {"undo", "撤销"},
                                        {NULL, NULL}};

    return find_word(words, code);
}
