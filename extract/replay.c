#include "extract/replay_private.h"

#include "extract/entity.h"
#include "extract/token.h"

#define DOCTYPE_MAX 256 /* bytes, and where it must begin */
#define FRAMES_DEEP 3   /* frames within frames that are shown */

/* ---- what is done with which -------------------------------------------- */

enum element {
    KEEP,
    DROP,  /* the tag; what stands in it stays */
    HOLE,  /* with all that stands in it */
    BLIND, /* likewise, where a browser wrote the page */
    SHEET, /* link: kept where it is a style sheet or an icon */
    ANCHOR,
    PICTURE, /* has a src that is loaded */
    PRE      /* shown as <pre>: its content is text */
};

static const struct {
    const char *name;
    enum element what;
} elements[] = {
    {"a", ANCHOR},           {"animate", DROP},
    {"animatemotion", DROP}, {"animatetransform", DROP},
    {"applet", DROP},        {"area", ANCHOR},
    {"audio", PICTURE},      {"base", DROP},
    {"bgsound", DROP},       {"embed", DROP},
    {"feimage", PICTURE},    {"frame", DROP},
    {"frameset", DROP},      {"iframe", HOLE},
    {"image", PICTURE},      {"img", PICTURE},
    {"input", PICTURE},      {"link", SHEET},
    {"listing", PRE},        {"meta", DROP},
    {"noembed", HOLE},       {"noframes", DROP},
    {"noscript", BLIND},     {"object", DROP},
    {"param", DROP},         {"plaintext", PRE},
    {"script", DROP},        {"set", DROP},
    {"source", PICTURE},     {"track", DROP},
    {"video", PICTURE},      {"xmp", PRE},
};

static enum element element_of(struct aw_str name)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (aw_str_eq_nocase(name, aw_str_of(elements[i].name)))
            return elements[i].what;
    return KEEP;
}

enum attribute { PLAIN, GONE, LOADED, SET_OF, TARGET, STYLED };

static const struct {
    const char *name;
    enum attribute what;
} attributes[] = {
    {"accesskey", GONE},    {"action", GONE},
    {"archive", GONE},      {"autofocus", GONE},
    {"autoplay", GONE},     {"background", LOADED},
    {"codebase", GONE},     {"contenteditable", GONE},
    {"crossorigin", GONE},  {"data", GONE},
    {"download", GONE},     {"dynsrc", GONE},
    {"formaction", GONE},   {"href", TARGET},
    {"http-equiv", GONE},   {"imagesrcset", SET_OF},
    {"integrity", GONE},    {"is", GONE},
    {"loading", GONE},      {"longdesc", GONE},
    {"lowsrc", GONE},       {"manifest", GONE},
    {"nonce", GONE},        {"ping", GONE},
    {"popover", GONE},      {"poster", LOADED},
    {"profile", GONE},      {"referrerpolicy", GONE},
    {"sandbox", GONE},      {"src", LOADED},
    {"srcdoc", GONE},       {"srcset", SET_OF},
    {"style", STYLED},      {"target", GONE},
    {"xlink:href", TARGET}, {"xml:base", GONE},
};

static bool is_plain_name(struct aw_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!aw_ascii_alpha(c) && !aw_ascii_digit(c) && c != '-' && c != '_' &&
            c != ':' && c != '.')
            return false;
    }
    return name.len > 0;
}

static enum attribute attribute_of(struct aw_str name)
{
    if (!is_plain_name(name) || aw_str_starts_nocase(name, AW_STR("on")))
        return GONE;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (aw_str_eq_nocase(name, aw_str_of(attributes[i].name)))
            return attributes[i].what;
    return PLAIN;
}

/* ---- references --------------------------------------------------------- */

/* Stands for itself in a segment. (RFC 3986, 2.3) */
static bool is_unreserved(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c) || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void aw_replay_put_url(struct aw_buf *out, struct aw_str url)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (is_unreserved((char)c)) {
            aw_buf_putc(out, (char)c);
            continue;
        }
        aw_buf_putc(out, '%');
        aw_buf_putc(out, digits[c >> 4]);
        aw_buf_putc(out, digits[c & 15]);
    }
}

bool aw_replay_put_reference(struct aw_replay *r, struct aw_str reference,
                             struct aw_buf *to)
{
    struct aw_str url = aw_str_trim(reference);

    if (aw_str_starts(url, AW_STR("#")) ||
        aw_str_starts_nocase(url, AW_STR("data:"))) {
        aw_buf_put(to, url);
        return true;
    }
    if (url.len == 0 || !aw_linker_resolve(r->linker, url, &url) ||
        !aw_link_absolute(url))
        return false;
    aw_replay_put_url(to, url);
    return true;
}

/* ---- HTML --------------------------------------------------------------- */

struct writer {
    struct aw_replay r;
    struct aw_tokenizer tokens;
    struct aw_buf value; /* of an attribute, its references undone */
    struct aw_buf made;  /* what it becomes */
    struct aw_str hole;  /* the element that is left out just now, or empty */
    int depth;           /* 0: the page; above: a frame in it */
    bool cut;
};

/* Text that begins no tag and, as a value, ends at no quote; references in it
 * stay, unless amp. */
static void put_escaped(struct aw_replay *r, struct aw_str text, bool amp)
{
    for (size_t i = 0; i < text.len && !aw_replay_is_full(r); i++) {
        char c = text.ptr[i];

        if (c == '<')
            aw_buf_puts(r->out, "&lt;");
        else if (c == '"')
            aw_buf_puts(r->out, "&#34;");
        else if (c == '&' && amp)
            aw_buf_puts(r->out, "&amp;");
        else
            aw_buf_putc(r->out, c);
    }
}

static void put_attribute(struct writer *w, struct aw_str name,
                          struct aw_str value, bool amp)
{
    aw_buf_putc(w->r.out, ' ');
    aw_buf_put(w->r.out, name);
    aw_buf_puts(w->r.out, "=\"");
    put_escaped(&w->r, value, amp);
    aw_buf_putc(w->r.out, '"');
}

/* The value as it is meant; false where it is too long. */
static bool read_value(struct writer *w, struct aw_str value)
{
    aw_buf_reset(&w->value);
    aw_buf_reset(&w->made);
    aw_entity_decode(&w->value, value, true);
    return w->value.rc == AW_OK;
}

static void put_loaded(struct writer *w, struct aw_str name,
                       struct aw_str value)
{
    if (read_value(w, value) &&
        aw_replay_put_reference(&w->r, aw_buf_str(&w->value), &w->made) &&
        w->made.rc == AW_OK)
        put_attribute(w, name, aw_buf_str(&w->made), true);
}

static struct aw_str take_until(struct aw_str *rest, bool (*ends)(char))
{
    size_t len = 0;
    struct aw_str part;

    while (len < rest->len && !ends(rest->ptr[len]))
        len++;
    part = aw_str_sub(*rest, 0, len);
    *rest = aw_str_sub(*rest, len, rest->len);
    return part;
}

static bool is_comma(char c)
{
    return c == ',';
}

static bool is_no_edge(char c)
{
    return c != ',' && !aw_ascii_space(c);
}

static bool is_descriptor(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!aw_ascii_digit(text.ptr[i]) && text.ptr[i] != '.' &&
            text.ptr[i] != 'w' && text.ptr[i] != 'x' && text.ptr[i] != 'h' &&
            text.ptr[i] != ' ')
            return false;
    return true;
}

/* "a.png 1x, b.png 2x". (HTML Living Standard, 4.8.4.2) */
static void put_candidates(struct writer *w, struct aw_str set)
{
    while (set.len > 0) {
        struct aw_str url, how = {0};
        size_t before = w->made.len;

        (void)take_until(&set, is_no_edge);
        url = take_until(&set, aw_ascii_space);
        if (url.len > 0 && url.ptr[url.len - 1] == ',')
            url.len--;
        else
            how = aw_str_trim(take_until(&set, is_comma));
        if (before > 0)
            aw_buf_puts(&w->made, ", ");
        if (!is_descriptor(how) ||
            !aw_replay_put_reference(&w->r, url, &w->made)) {
            w->made.len = before;
            continue;
        }
        aw_buf_putc(&w->made, ' ');
        aw_buf_put(&w->made, how);
    }
}

static void put_set(struct writer *w, struct aw_str name, struct aw_str value)
{
    if (!read_value(w, value))
        return;
    put_candidates(w, aw_buf_str(&w->value));
    if (w->made.rc == AW_OK && w->made.len > 0)
        put_attribute(w, name, aw_buf_str(&w->made), true);
}

static void put_style(struct writer *w, struct aw_str name,
                      struct aw_str value)
{
    bool cut = false;

    if (!read_value(w, value))
        return;
    aw_replay_put_css(&w->r, aw_buf_str(&w->value), true, &w->made, &cut);
    if (w->made.rc == AW_OK && !cut)
        put_attribute(w, name, aw_buf_str(&w->made), true);
}

/* Where a link led to is to be read in the source; here it looks like one and
 * leads to no place of this page. */
static void put_target(struct writer *w, enum element what, struct aw_str name,
                       struct aw_str value)
{
    if (what == ANCHOR)
        put_attribute(w, name, AW_STR("#-"), false);
    else if (what == SHEET || what == PICTURE ||
             aw_str_starts(aw_str_trim(value), AW_STR("#")))
        put_loaded(w, name, value);
}

static void put_one(struct writer *w, enum element what, struct aw_str name,
                    struct aw_str value)
{
    switch (attribute_of(name)) {
    case PLAIN:
        put_attribute(w, name, value, false);
        break;
    case LOADED:
        if (what == PICTURE || !aw_str_eq_nocase(name, AW_STR("src")))
            put_loaded(w, name, value);
        break;
    case SET_OF:
        put_set(w, name, value);
        break;
    case TARGET:
        put_target(w, what, name, value);
        break;
    case STYLED:
        put_style(w, name, value);
        break;
    case GONE:
        break;
    }
}

/* ---- a tag's attributes, as token.c reads them ---------------------------
 */

static bool ends_name(char c)
{
    return c == '=' || c == '/' || c == '>' || aw_ascii_space(c);
}

static bool ends_bare(char c)
{
    return c == '>' || aw_ascii_space(c);
}

static bool is_inside(char c)
{
    return c != '/' && !aw_ascii_space(c);
}

static bool is_no_space(char c)
{
    return !aw_ascii_space(c);
}

static struct aw_str take_value(struct aw_str *rest)
{
    struct aw_str value = {0};

    (void)take_until(rest, is_no_space);
    if (!aw_str_starts(*rest, AW_STR("=")))
        return value;
    *rest = aw_str_sub(*rest, 1, rest->len);
    (void)take_until(rest, is_no_space);
    if (rest->len == 0 || (rest->ptr[0] != '"' && rest->ptr[0] != '\''))
        return take_until(rest, ends_bare);
    {
        char quote = rest->ptr[0];

        *rest = aw_str_sub(*rest, 1, rest->len);
        (void)aw_str_split(rest, quote, &value);
    }
    return value;
}

/* area: what stands between the tag's name and its ">". */
static void put_attributes(struct writer *w, enum element what,
                           struct aw_str area)
{
    for (;;) {
        struct aw_str first, name, value;

        (void)take_until(&area, is_inside);
        if (area.len == 0 || aw_replay_is_full(&w->r))
            return;
        first = aw_str_sub(area, 0, 1); /* it may be "=" */
        area = aw_str_sub(area, 1, area.len);
        name = take_until(&area, ends_name);
        name = (struct aw_str){first.ptr, name.len + 1};
        value = take_value(&area);
        put_one(w, what, name, value);
    }
}

/* ---- tags --------------------------------------------------------------- */

/* Of links those that change how the page looks. */
static bool is_shown(const struct aw_token *token)
{
    struct aw_str rest = aw_token_attr(token, AW_ATTR_REL);
    struct aw_str word;

    while (aw_str_split(&rest, ' ', &word))
        if (aw_str_eq_nocase(word, AW_STR("stylesheet")) ||
            aw_str_eq_nocase(word, AW_STR("icon")))
            return true;
    return false;
}

/* What stands between the name of the tag that was just read and its ">". */
static struct aw_str attributes_of(const struct writer *w,
                                   const struct aw_token *token)
{
    const char *from = token->text.ptr + token->text.len;

    return (struct aw_str){from, (size_t)(w->tokens.in.ptr + w->tokens.pos -
                                          1 - from)};
}

static void open_element(struct writer *w, const struct aw_token *token,
                         enum element what)
{
    if (what == DROP || (what == SHEET && !is_shown(token)) ||
        !is_plain_name(token->text))
        return;
    aw_buf_putc(w->r.out, '<');
    aw_buf_put(w->r.out, what == PRE ? AW_STR("pre") : token->text);
    put_attributes(w, what, attributes_of(w, token));
    aw_buf_puts(w->r.out, token->self_closing ? " />" : ">");
}

static aw_rc write_page(struct aw_str html, const struct aw_replay_from *from,
                        int depth, struct aw_buf *out, bool *cut,
                        struct aw_err *err);

/* A page in a page: so a browser's DOM holds its frames (srcdoc). */
static void put_frame(struct writer *w, const struct aw_token *token)
{
    struct aw_str srcdoc = aw_token_attr(token, AW_ATTR_SRCDOC);
    struct aw_buf page, made;
    struct aw_err err;
    bool cut = false;

    if (srcdoc.len == 0 || w->depth == FRAMES_DEEP)
        return;
    aw_buf_init(&page, srcdoc.len + AW_REPLAY_FREE);
    aw_buf_init(&made, w->r.out->max);
    aw_entity_decode(&page, srcdoc, true);
    if (page.rc == AW_OK &&
        write_page(aw_buf_str(&page), w->r.from, w->depth + 1, &made, &cut,
                   &err) == AW_OK) {
        aw_buf_puts(w->r.out, "<iframe sandbox");
        put_attributes(w, HOLE, attributes_of(w, token));
        put_attribute(w, AW_STR("srcdoc"), aw_buf_str(&made), true);
        aw_buf_puts(w->r.out, "></iframe>");
    }
    w->cut |= cut;
    aw_buf_deinit(&made);
    aw_buf_deinit(&page);
}

/* The first <base> counts for all references behind it. */
static void note_base(struct writer *w, const struct aw_token *token)
{
    if (token->tag->id == AW_TAG_BASE && aw_token_has(token, AW_ATTR_HREF) &&
        read_value(w, aw_token_attr(token, AW_ATTR_HREF)))
        aw_linker_base(w->r.linker, aw_buf_str(&w->value));
}

/* Named as a picture, which is all that a reader of references sees. */
static void put_part(struct writer *w, const struct aw_token *token)
{
    aw_buf_puts(w->r.out, "<img");
    put_attributes(w, PICTURE, attributes_of(w, token));
    aw_buf_putc(w->r.out, '>');
}

static bool is_part(struct aw_str name)
{
    return aw_str_eq_nocase(name, AW_STR("script")) ||
           aw_str_eq_nocase(name, AW_STR("frame")) ||
           aw_str_eq_nocase(name, AW_STR("iframe"));
}

static void take_open(struct writer *w, const struct aw_token *token)
{
    enum element what = element_of(token->text);

    note_base(w, token);
    if (w->r.from->parts && is_part(token->text))
        put_part(w, token);
    if (what == HOLE)
        put_frame(w, token);
    if (what == HOLE || (what == BLIND && w->r.from->dom))
        w->hole = token->text;
    else
        open_element(w, token, what);
}

static void take_close(struct writer *w, const struct aw_token *token)
{
    enum element what = element_of(token->text);

    if (what == DROP || what == SHEET || !is_plain_name(token->text))
        return;
    aw_buf_puts(w->r.out, "</");
    aw_buf_put(w->r.out, what == PRE ? AW_STR("pre") : token->text);
    aw_buf_putc(w->r.out, '>');
}

/* A title that does not end swallows no page here (token.h), and must not in
 * a browser. */
static void end_raw(struct writer *w, const struct aw_tag *tag)
{
    struct aw_str rest = aw_str_sub(w->tokens.in, w->tokens.pos, 2);

    if (!aw_str_eq(rest, AW_STR("</")))
        aw_buf_printf(w->r.out, "</%s>", tag->name);
}

static void take_raw(struct writer *w, const struct aw_token *token)
{
    const struct aw_tag *tag = token->tag;
    bool is_pre = element_of(aw_str_of(tag->name)) == PRE;

    if (tag->id == AW_TAG_SCRIPT)
        return;
    if (tag->id == AW_TAG_STYLE)
        aw_replay_put_css(&w->r, token->text, true, w->r.out, &w->cut);
    else
        put_escaped(&w->r, token->text, is_pre);
    if (!is_pre)
        end_raw(w, tag);
}

/* Is it within what is left out? Its own end tag is the last of that. */
static bool is_hidden(struct writer *w, const struct aw_token *token)
{
    bool hidden = w->hole.len > 0;

    if (hidden && token->kind == AW_TOKEN_CLOSE &&
        aw_str_eq_nocase(token->text, w->hole))
        w->hole = (struct aw_str){0};
    return hidden;
}

static void take_token(struct writer *w, const struct aw_token *token)
{
    if (is_hidden(w, token))
        return;
    if (token->kind == AW_TOKEN_TEXT)
        put_escaped(&w->r, token->text, false);
    else if (token->kind == AW_TOKEN_RAW)
        take_raw(w, token);
    else if (token->kind == AW_TOKEN_OPEN)
        take_open(w, token);
    else
        take_close(w, token);
}

/* ---- all ---------------------------------------------------------------- */

/* It decides how browsers lay the page out. */
static void put_doctype(struct writer *w, struct aw_str html)
{
    ptrdiff_t at = aw_str_find_nocase(aw_str_sub(html, 0, DOCTYPE_MAX),
                                      AW_STR("<!doctype"));
    struct aw_str rest, doctype;

    if (at < 0)
        return;
    rest = aw_str_sub(html, (size_t)at + 1, DOCTYPE_MAX);
    (void)aw_str_split(&rest, '>', &doctype);
    if (aw_str_find(doctype, AW_STR("<")) >= 0)
        return;
    aw_buf_putc(w->r.out, '<');
    aw_buf_put(w->r.out, doctype);
    aw_buf_puts(w->r.out, ">\n");
}

static bool is_in_segment(char c)
{
    return is_unreserved(c) || c == '%';
}

static bool is_not_in_segment(char c)
{
    return !is_in_segment(c);
}

static bool names_url(struct aw_str segment)
{
    return aw_str_starts(segment, AW_STR("http%3A%2F%2F")) ||
           aw_str_starts(segment, AW_STR("https%3A%2F%2F"));
}

/* False: it is too long, or was not written by aw_replay_put_url. */
static bool read_url(struct aw_str segment, struct aw_buf *url)
{
    aw_buf_reset(url);
    for (size_t i = 0; i < segment.len && url->rc == AW_OK; i++) {
        int high, low;

        if (segment.ptr[i] != '%') {
            aw_buf_putc(url, segment.ptr[i]);
            continue;
        }
        if (segment.len - i < 3)
            return false;
        high = aw_hex_value(segment.ptr[++i]);
        low = aw_hex_value(segment.ptr[++i]);
        if (high < 0 || low < 0)
            return false;
        aw_buf_putc(url, (char)(high * 16 + low));
    }
    return url->rc == AW_OK;
}

void aw_replay_references(struct aw_str written, aw_replay_visit_fn *visit,
                          void *self)
{
    struct aw_buf url;

    aw_buf_init(&url, AW_REPLAY_URL_MAX);
    while (written.len > 0) {
        struct aw_str segment;

        (void)take_until(&written, is_in_segment);
        segment = take_until(&written, is_not_in_segment);
        if (names_url(segment) && read_url(segment, &url))
            visit(self, aw_buf_str(&url));
    }
    aw_buf_deinit(&url);
}

aw_rc aw_replay_begin(struct aw_replay *r, const struct aw_replay_from *from,
                      size_t bytes, struct aw_buf *out, struct aw_err *err)
{
    aw_rc rc;

    *r = (struct aw_replay){.from = from, .out = out};
    r->end = out->len + AW_REPLAY_GROWTH * bytes + AW_REPLAY_FREE;
    if (r->end > out->max - AW_REPLAY_PIECE_MAX)
        r->end = out->max - AW_REPLAY_PIECE_MAX;
    rc = aw_linker_new(&r->linker, from->url, err);
    if (rc == AW_OK)
        aw_linker_charset(r->linker, from->charset);
    return rc;
}

bool aw_replay_is_full(const struct aw_replay *r)
{
    return r->out->len >= r->end || r->out->rc != AW_OK;
}

aw_rc aw_replay_end(struct aw_replay *r, struct aw_err *err)
{
    aw_rc rc = aw_linker_check(r->linker, err);

    aw_linker_free(r->linker);
    return rc == AW_OK ? aw_buf_check(r->out, err) : rc;
}

static aw_rc write_page(struct aw_str html, const struct aw_replay_from *from,
                        int depth, struct aw_buf *out, bool *cut,
                        struct aw_err *err)
{
    struct writer w = {.depth = depth};
    struct aw_token token;
    aw_rc rc = aw_replay_begin(&w.r, from, html.len, out, err);

    if (rc != AW_OK)
        return rc;
    aw_tokenizer_init(&w.tokens, html);
    aw_buf_init(&w.value, AW_REPLAY_VALUE_MAX);
    aw_buf_init(&w.made, AW_REPLAY_VALUE_MAX);
    put_doctype(&w, html);
    while (!aw_replay_is_full(&w.r) && aw_tokenizer_next(&w.tokens, &token))
        take_token(&w, &token);
    *cut = w.cut || aw_replay_is_full(&w.r);
    aw_buf_deinit(&w.made);
    aw_buf_deinit(&w.value);
    return aw_replay_end(&w.r, err);
}

aw_rc aw_replay_html(struct aw_str html, const struct aw_replay_from *from,
                     struct aw_buf *out, bool *cut, struct aw_err *err)
{
    return write_page(html, from, 0, out, cut, err);
}
