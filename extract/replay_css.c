#include "extract/replay_private.h"

#include "base/utf8.h"

/* A style sheet on its way: where it is read, and what the next text in quotes
 * means. */
struct sheet {
    struct aw_replay *replay;
    struct aw_str css;
    size_t pos;
    struct aw_buf *to;
    struct aw_buf value; /* of one reference */
    bool in_html;
    bool imports; /* behind @import */
};

static char peek(const struct sheet *s, size_t n)
{
    return n < s->css.len - s->pos ? s->css.ptr[s->pos + n] : '\0';
}

static bool is_at(const struct sheet *s, struct aw_str word)
{
    return aw_str_starts_nocase(aw_str_sub(s->css, s->pos, word.len), word);
}

static bool is_name(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '_' ||
           c == '\\' || (unsigned char)c >= 0x80;
}

/* ---- reading ------------------------------------------------------------ */

/* The code point behind a backslash, which is passed over. */
static void read_escape(struct sheet *s)
{
    uint32_t cp = 0;
    int digits = 0;

    for (; digits < 6 && aw_hex_value(peek(s, 0)) >= 0; digits++, s->pos++)
        cp = cp * 16 + (uint32_t)aw_hex_value(peek(s, 0));
    if (digits > 0) {
        if (aw_ascii_space(peek(s, 0)))
            s->pos++;
        aw_utf8_put(&s->value, cp == 0 ? AW_REPLACEMENT : cp);
    } else if (s->pos < s->css.len) {
        if (peek(s, 0) != '\n')
            aw_buf_putc(&s->value, peek(s, 0));
        s->pos++;
    }
}

/* Into value, up to the quote, or to a line end that breaks the text off. */
static void read_quoted(struct sheet *s, char quote)
{
    s->pos++;
    while (s->pos < s->css.len && peek(s, 0) != quote && peek(s, 0) != '\n') {
        char c = s->css.ptr[s->pos++];

        if (c == '\\')
            read_escape(s);
        else
            aw_buf_putc(&s->value, c);
    }
    if (s->pos < s->css.len && peek(s, 0) == quote)
        s->pos++;
}

static void read_bare(struct sheet *s)
{
    while (s->pos < s->css.len && peek(s, 0) != ')' &&
           !aw_ascii_space(peek(s, 0))) {
        char c = s->css.ptr[s->pos++];

        if (c == '\\')
            read_escape(s);
        else
            aw_buf_putc(&s->value, c);
    }
}

static void skip_space(struct sheet *s)
{
    while (s->pos < s->css.len && aw_ascii_space(peek(s, 0)))
        s->pos++;
}

static void skip_comment(struct sheet *s)
{
    ptrdiff_t end =
        aw_str_find(aw_str_sub(s->css, s->pos + 2, s->css.len), AW_STR("*/"));

    s->pos = end < 0 ? s->css.len : s->pos + 2 + (size_t)end + 2;
    aw_buf_puts(s->to, "/**/");
}

/* ---- writing ------------------------------------------------------------ */

/* In quotes whatever it holds; "<" never begins a tag. */
static void put_quoted(struct sheet *s, struct aw_str text)
{
    aw_buf_putc(s->to, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == 0x7F)
            aw_buf_printf(s->to, "\\%x ", c);
        else
            aw_buf_putc(s->to, (char)c);
    }
    aw_buf_putc(s->to, '"');
}

/* What is not loaded is a reference to nothing. */
static void put_value(struct sheet *s)
{
    struct aw_buf segment;

    aw_buf_init(&segment, AW_REPLAY_VALUE_MAX);
    if (s->value.rc != AW_OK || s->value.len == 0 ||
        !aw_replay_put_reference(s->replay, aw_buf_str(&s->value), &segment) ||
        segment.rc != AW_OK) {
        aw_buf_reset(&segment);
        aw_buf_puts(&segment, "data:,");
    }
    put_quoted(s, aw_buf_str(&segment));
    aw_buf_deinit(&segment);
    aw_buf_reset(&s->value);
}

static void take_url(struct sheet *s)
{
    s->pos += sizeof "url(" - 1;
    skip_space(s);
    if (peek(s, 0) == '"' || peek(s, 0) == '\'')
        read_quoted(s, peek(s, 0));
    else
        read_bare(s);
    while (s->pos < s->css.len && peek(s, 0) != ')')
        s->pos++;
    if (s->pos < s->css.len)
        s->pos++;
    aw_buf_puts(s->to, "url(");
    put_value(s);
    aw_buf_putc(s->to, ')');
    s->imports = false;
}

static void take_quoted(struct sheet *s)
{
    read_quoted(s, peek(s, 0));
    if (s->imports) {
        put_value(s);
    } else {
        put_quoted(s, aw_buf_str(&s->value));
        aw_buf_reset(&s->value);
    }
    s->imports = false;
}

/* A name as it stands, with what is escaped in it. */
static void take_name(struct sheet *s)
{
    size_t from = s->pos;

    while (s->pos < s->css.len && is_name(peek(s, 0)))
        s->pos += peek(s, 0) == '\\' && s->pos + 1 < s->css.len ? 2 : 1;
    aw_buf_put(s->to, aw_str_sub(s->css, from, s->pos - from));
}

static bool begins_tag(const struct sheet *s)
{
    char next = peek(s, 1);

    return peek(s, 0) == '<' &&
           (aw_ascii_alpha(next) || next == '/' || next == '!' || next == '?');
}

static void take_other(struct sheet *s)
{
    char c = peek(s, 0);

    if (s->in_html && is_at(s, AW_STR("<!--"))) { /* of old pages */
        s->pos += 4;
        return;
    }
    if (is_at(s, AW_STR("@import")))
        s->imports = true;
    if (c == ';' || c == '{')
        s->imports = false;
    if (s->in_html && begins_tag(s))
        aw_buf_puts(s->to, "\\3c ");
    else
        aw_buf_putc(s->to, c);
    s->pos++;
}

static void take_next(struct sheet *s)
{
    char c = peek(s, 0);

    if (c == '/' && peek(s, 1) == '*')
        skip_comment(s);
    else if (c == '"' || c == '\'')
        take_quoted(s);
    else if (is_at(s, AW_STR("url(")))
        take_url(s);
    else if (is_name(c))
        take_name(s);
    else
        take_other(s);
}

void aw_replay_put_css(struct aw_replay *r, struct aw_str css, bool in_html,
                       struct aw_buf *to, bool *cut)
{
    struct sheet s = {.replay = r, .css = css, .to = to, .in_html = in_html};
    size_t end = to->len + AW_REPLAY_GROWTH * css.len + AW_REPLAY_FREE;

    aw_buf_init(&s.value, AW_REPLAY_VALUE_MAX);
    while (s.pos < css.len && to->len < end && to->rc == AW_OK &&
           !aw_replay_is_full(r))
        take_next(&s);
    *cut |= s.pos < css.len;
    aw_buf_deinit(&s.value);
}

aw_rc aw_replay_css(struct aw_str css, const struct aw_replay_from *from,
                    struct aw_buf *out, bool *cut, struct aw_err *err)
{
    struct aw_replay r;
    aw_rc rc = aw_replay_begin(&r, from, css.len, out, err);

    *cut = false;
    if (rc == AW_OK)
        aw_replay_put_css(&r, css, false, out, cut);
    return rc == AW_OK ? aw_replay_end(&r, err) : rc;
}
