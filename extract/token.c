#include "extract/token.h"

#include <string.h>

#define CDATA "<![CDATA["

void aw_tokenizer_init(struct aw_tokenizer *t, struct aw_str html)
{
    *t = (struct aw_tokenizer){.in = html};
    aw_tag_index_init(&t->tags);
}

bool aw_token_has(const struct aw_token *token, enum aw_attr_id id)
{
    return (token->has >> id & 1) != 0;
}

struct aw_str aw_token_attr(const struct aw_token *token, enum aw_attr_id id)
{
    return aw_token_has(token, id) ? token->attrs[id] : (struct aw_str){0};
}

/* The byte n behind the current one; 0 behind the end. */
static char peek(const struct aw_tokenizer *t, size_t n)
{
    return n < t->in.len - t->pos ? t->in.ptr[t->pos + n] : '\0';
}

/* The place of c at or behind pos, or the end. memchr and not memmem: under
 * ASan the latter reads all that is left at each call. */
static size_t find_byte(const struct aw_tokenizer *t, size_t pos, char c)
{
    const char *at =
        pos < t->in.len ? memchr(t->in.ptr + pos, c, t->in.len - pos) : NULL;

    return at ? (size_t)(at - t->in.ptr) : t->in.len;
}

static void skip_to_gt(struct aw_tokenizer *t)
{
    t->pos = find_byte(t, t->pos, '>');
    if (t->pos < t->in.len)
        t->pos++;
}

/* A comment ends at "-->" or "--!>"; "<!-->" and "<!--->" are whole ones. */
static void skip_comment(struct aw_tokenizer *t)
{
    t->pos += 4;
    if (peek(t, 0) == '>' || (peek(t, 0) == '-' && peek(t, 1) == '>')) {
        skip_to_gt(t);
        return;
    }
    for (;;) {
        t->pos = find_byte(t, t->pos, '-');
        if (t->pos >= t->in.len)
            return;
        if (peek(t, 1) == '-' &&
            (peek(t, 2) == '>' || (peek(t, 2) == '!' && peek(t, 3) == '>')))
            break;
        t->pos++;
    }
    skip_to_gt(t);
}

static void skip_markup(struct aw_tokenizer *t)
{
    if (aw_str_starts(aw_str_sub(t->in, t->pos, 4), AW_STR("<!--")))
        skip_comment(t);
    else
        skip_to_gt(t);
}

/* Up to "]]>"; its references stay undone, as if it were text. */
static bool next_cdata(struct aw_tokenizer *t, struct aw_token *token)
{
    size_t from = t->pos + sizeof CDATA - 1;
    size_t end = find_byte(t, from, ']');

    while (end < t->in.len &&
           !aw_str_starts(aw_str_sub(t->in, end, 3), AW_STR("]]>")))
        end = find_byte(t, end + 1, ']');
    t->pos = end < t->in.len ? end + 3 : end;
    token->kind = AW_TOKEN_TEXT;
    token->text = aw_str_sub(t->in, from, end - from);
    return true;
}

static bool next_text(struct aw_tokenizer *t, struct aw_token *token)
{
    size_t from = t->pos;

    t->pos = find_byte(t, from + 1, '<');
    token->kind = AW_TOKEN_TEXT;
    token->text = aw_str_sub(t->in, from, t->pos - from);
    return true;
}

static bool ends_name(char c)
{
    return aw_ascii_space(c) || c == '/' || c == '>';
}

static struct aw_str read_name(struct aw_tokenizer *t)
{
    size_t from = t->pos;

    while (t->pos < t->in.len && !ends_name(t->in.ptr[t->pos]))
        t->pos++;
    return aw_str_sub(t->in, from, t->pos - from);
}

/* A name may begin with "=", but not hold it later. */
static struct aw_str read_attr_name(struct aw_tokenizer *t)
{
    size_t from = t->pos++;

    while (t->pos < t->in.len && t->in.ptr[t->pos] != '=' &&
           !ends_name(t->in.ptr[t->pos]))
        t->pos++;
    return aw_str_sub(t->in, from, t->pos - from);
}

static void skip_space(struct aw_tokenizer *t)
{
    while (t->pos < t->in.len && aw_ascii_space(t->in.ptr[t->pos]))
        t->pos++;
}

static struct aw_str read_quoted(struct aw_tokenizer *t, char quote)
{
    size_t from = ++t->pos;
    size_t to = find_byte(t, from, quote);

    t->pos = to < t->in.len ? to + 1 : to;
    return aw_str_sub(t->in, from, to - from);
}

static struct aw_str read_value(struct aw_tokenizer *t)
{
    size_t from;

    skip_space(t);
    if (peek(t, 0) != '=')
        return (struct aw_str){0};
    t->pos++;
    skip_space(t);
    if (peek(t, 0) == '"' || peek(t, 0) == '\'')
        return read_quoted(t, peek(t, 0));
    from = t->pos;
    while (t->pos < t->in.len && t->in.ptr[t->pos] != '>' &&
           !aw_ascii_space(t->in.ptr[t->pos]))
        t->pos++;
    return aw_str_sub(t->in, from, t->pos - from);
}

static void read_attr(struct aw_tokenizer *t, struct aw_token *token)
{
    enum aw_attr_id id = aw_attr_find(read_attr_name(t));
    struct aw_str value = read_value(t);

    if (id == AW_ATTR_COUNT || aw_token_has(token, id))
        return;
    token->has |= (uint64_t)1 << id;
    token->attrs[id] = value;
}

/* Skips white space and slashes; was the last one a slash? */
static bool skip_to_attr(struct aw_tokenizer *t)
{
    bool slash = false;

    for (; t->pos < t->in.len; t->pos++) {
        char c = t->in.ptr[t->pos];

        if (c != '/' && !aw_ascii_space(c))
            break;
        slash = c == '/';
    }
    return slash;
}

static bool next_tag(struct aw_tokenizer *t, struct aw_token *token)
{
    bool close = peek(t, 1) == '/';

    t->pos += close ? 2 : 1;
    token->kind = close ? AW_TOKEN_CLOSE : AW_TOKEN_OPEN;
    token->text = read_name(t);
    token->tag = aw_tag_find(&t->tags, token->text);
    token->has = 0;
    for (;;) {
        token->self_closing = skip_to_attr(t);
        if (t->pos >= t->in.len)
            return false;
        if (peek(t, 0) == '>')
            break;
        read_attr(t, token);
    }
    t->pos++;
    if (!close && token->tag->flags & AW_TAG_RAW &&
        !(t->xml && token->self_closing))
        t->raw = token->tag;
    return true;
}

/* Does the end tag of the raw element begin at pos? */
static bool is_raw_end(const struct aw_tokenizer *t, size_t pos)
{
    struct aw_str name = aw_str_of(t->raw->name);
    struct aw_str tag = aw_str_sub(t->in, pos, name.len + 3);

    return tag.len == name.len + 3 && tag.ptr[1] == '/' &&
           ends_name(tag.ptr[name.len + 2]) &&
           aw_str_starts_nocase(aw_str_sub(tag, 2, name.len), name);
}

/* Where that end tag begins; the end of the input where there is none. */
static size_t find_raw_end(const struct aw_tokenizer *t)
{
    size_t pos =
        t->raw->flags & AW_TAG_ENDLESS ? t->in.len : find_byte(t, t->pos, '<');

    while (pos < t->in.len && !is_raw_end(t, pos))
        pos = find_byte(t, pos + 1, '<');
    return pos;
}

/* A title that is never closed would swallow the page: it ends at the next
 * tag. The search runs once only, or many titles would make it quadratic. */
static size_t find_title_end(struct aw_tokenizer *t)
{
    size_t end = t->title_unended ? t->in.len : find_raw_end(t);

    if (end < t->in.len)
        return end;
    t->title_unended = true;
    return find_byte(t, t->pos, '<');
}

static bool next_raw(struct aw_tokenizer *t, struct aw_token *token)
{
    size_t from = t->pos;

    t->pos = t->raw->id == AW_TAG_TITLE ? find_title_end(t) : find_raw_end(t);
    token->kind = AW_TOKEN_RAW;
    token->tag = t->raw;
    token->text = aw_str_sub(t->in, from, t->pos - from);
    t->raw = NULL;
    return true;
}

bool aw_tokenizer_next(struct aw_tokenizer *t, struct aw_token *token)
{
    if (t->raw)
        return next_raw(t, token);
    while (t->pos < t->in.len) {
        char second = peek(t, 1);

        if (peek(t, 0) != '<')
            return next_text(t, token);
        if (aw_ascii_alpha(second) ||
            (second == '/' && aw_ascii_alpha(peek(t, 2))))
            return next_tag(t, token);
        if (second != '!' && second != '?' && second != '/')
            return next_text(t, token);
        if (t->xml &&
            aw_str_starts(aw_str_sub(t->in, t->pos, t->in.len), AW_STR(CDATA)))
            return next_cdata(t, token);
        skip_markup(t);
    }
    return false;
}
