#include "extract/mend.h"

#include <string.h>

#include "base/utf8.h"

#define REFERENCE_MAX 12 /* "&#x0010FFFF;" */

/* memchr and not memmem: under ASan the latter reads all that is left. */
static size_t find_byte(struct aw_str text, size_t from, char c)
{
    const char *at =
        from < text.len ? memchr(text.ptr + from, c, text.len - from) : NULL;

    return at ? (size_t)(at - text.ptr) : text.len;
}

/* Behind the first `end` in text, which ends with ">"; 0 where there is
 * none. */
static size_t behind(struct aw_str text, struct aw_str end)
{
    size_t gt = 0;

    while ((gt = find_byte(text, gt, '>')) < text.len) {
        gt++;
        if (aw_str_ends(aw_str_sub(text, 0, gt), end))
            return gt;
    }
    return 0;
}

static size_t behind_or_all(struct aw_str text, struct aw_str end)
{
    size_t len = behind(text, end);

    return len > 0 ? len : text.len;
}

/* --- text --- */

static bool is_number(struct aw_str text)
{
    bool hex = aw_str_starts(text, AW_STR("x"));

    text = aw_str_sub(text, hex, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (hex ? aw_hex_value(text.ptr[i]) < 0 : !aw_ascii_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* Is the "&" at the front of text that of a reference which all XML has? */
static bool is_reference(struct aw_str text)
{
    static const struct aw_str names[] = {
        {"amp", 3}, {"lt", 2}, {"gt", 2}, {"quot", 4}, {"apos", 4}};
    struct aw_str rest = aw_str_sub(text, 1, REFERENCE_MAX - 1);
    struct aw_str name = {0};

    if (aw_str_find(rest, AW_STR(";")) < 0 || !aw_str_split(&rest, ';', &name))
        return false;
    if (aw_str_starts(name, AW_STR("#")))
        return is_number(aw_str_sub(name, 1, name.len));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (aw_str_eq(name, names[i]))
            return true;
    return false;
}

/* The bytes at the front of text that no XML may hold, or 0. */
static size_t banned_len(struct aw_str text)
{
    unsigned char c = (unsigned char)text.ptr[0];

    if (c < 0x20)
        return c != '\t' && c != '\n' && c != '\r';
    return c == 0xEF && (aw_str_starts(text, AW_STR("\xEF\xBF\xBE")) ||
                         aw_str_starts(text, AW_STR("\xEF\xBF\xBF")))
               ? 3
               : 0;
}

/* raw: as in CDATA, where "&" and "<" stand for themselves. */
static void put_text(struct aw_buf *out, struct aw_str text, bool raw)
{
    size_t from = 0;
    size_t len;

    for (size_t i = 0; i < text.len; i += len) {
        struct aw_str rest = aw_str_sub(text, i, text.len);
        size_t banned = banned_len(rest);
        const char *with = NULL;

        len = banned > 0 ? banned : 1;
        if (banned > 0)
            with = " ";
        else if (rest.ptr[0] == '&' && (raw || !is_reference(rest)))
            with = "&amp;";
        else if (rest.ptr[0] == '<' && raw)
            with = "&lt;";
        if (!with)
            continue;
        aw_buf_put(out, aw_str_sub(text, from, i - from));
        aw_buf_puts(out, with);
        from = i + len;
    }
    aw_buf_put(out, aw_str_sub(text, from, text.len));
}

/* --- markup --- */

/* The length of the tag at the front of text, 0 where it is broken off or over
 * a limit. */
static size_t tag_len(struct aw_str text)
{
    size_t attrs = 0;
    char quote = '\0';

    for (size_t i = 1; i < text.len && i < AW_MEND_TAG_MAX; i++) {
        char c = text.ptr[i];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return attrs <= AW_MEND_ATTRS_MAX ? i + 1 : 0;
        attrs += quote == '\0' && c == '=';
    }
    return 0;
}

static const struct aw_str comment = {"<!--", 4};
static const struct aw_str instruction = {"<?", 2};
static const struct aw_str declaration = {"<!", 2};
static const struct aw_str cdata = {"<![CDATA[", 9};

/* With its internal subset, whose quotes and comments may hold anything. */
static size_t doctype_len(struct aw_str text)
{
    bool subset = false;
    char quote = '\0';

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '<' && aw_str_starts(aw_str_sub(text, i, 4), comment))
            i += behind_or_all(aw_str_sub(text, i, text.len), AW_STR("-->")) -
                 1;
        else if (c == '[' || c == ']')
            subset = c == '[';
        else if (c == '>' && !subset)
            return i + 1;
    }
    return text.len;
}

/* What is dropped at the front of text, in bytes. */
static size_t dropped_len(struct aw_str text)
{
    if (aw_str_starts(text, comment))
        return 4 + behind_or_all(aw_str_sub(text, 4, text.len), AW_STR("-->"));
    if (aw_str_starts(text, instruction))
        return behind_or_all(text, AW_STR("?>"));
    if (aw_str_starts(text, declaration) && !aw_str_starts(text, cdata))
        return doctype_len(text);
    return 0;
}

struct aw_str aw_mend_root(struct aw_str text)
{
    size_t len;

    text = aw_str_trim(text);
    while ((len = dropped_len(text)) > 0)
        text = aw_str_trim(aw_str_sub(text, len, text.len));
    return text;
}

static bool declares_entities(struct aw_str markup)
{
    return aw_str_starts(markup, declaration) &&
           !aw_str_starts(markup, comment) &&
           aw_str_find(markup, AW_STR("<!ENTITY")) >= 0;
}

/* One that is broken off is dropped. */
static size_t put_cdata(struct aw_buf *out, struct aw_str text)
{
    size_t len = behind(text, AW_STR("]]>"));
    struct aw_str inner = aw_str_sub(text, 0, len > 0 ? len - 3 : 0);

    inner = aw_str_sub(inner, cdata.len, inner.len);
    put_text(out, aw_utf8_cut(inner, AW_MEND_CDATA_MAX), true);
    return len > 0 ? len : text.len;
}

static bool begins_tag(struct aw_str text)
{
    char c = text.len > 1 ? text.ptr[1] : ' ';

    return aw_ascii_alpha(c) || c == '_' || c == ':' || c == '/' ||
           (unsigned char)c >= 0x80;
}

/* The markup at the front of text; *len is what it takes up. */
static aw_rc put_markup(struct aw_buf *out, struct aw_str text, size_t *len,
                        struct aw_err *err)
{
    size_t n = dropped_len(text);

    if (n > 0 && declares_entities(aw_str_sub(text, 0, n)))
        return aw_fail(err, AW_INVALID,
                       "the XML declares entities in its DOCTYPE: that is "
                       "refused");
    if (n == 0 && aw_str_starts(text, cdata)) {
        n = put_cdata(out, text);
    } else if (n == 0 && !begins_tag(text)) {
        aw_buf_puts(out, "&lt;");
        n = 1;
    } else if (n == 0) {
        n = tag_len(text);
        put_text(out, aw_str_sub(text, 0, n), false);
    }
    *len = n > 0 ? n : text.len;
    return AW_OK;
}

/* --- pieces --- */

static size_t text_len(struct aw_str text, size_t most)
{
    size_t at;

    text = aw_utf8_cut(text, most);
    at = find_byte(text, 0, '<');
    if (at < text.len)
        return at;
    /* no reference is cut in two */
    for (size_t i = 0; i < REFERENCE_MAX && i < text.len; i++)
        if (text.ptr[text.len - 1 - i] == '&' && text.len - 1 - i > 0)
            return text.len - 1 - i;
    return text.len;
}

aw_rc aw_mender_next(struct aw_mender *mender, struct aw_buf *out, size_t most,
                     struct aw_err *err)
{
    size_t start = out->len;
    aw_rc rc = AW_OK;

    while (rc == AW_OK && mender->in.len > 0 && out->len - start < most &&
           out->rc == AW_OK) {
        struct aw_str in = mender->in;
        size_t len = text_len(in, most);

        if (len > 0)
            put_text(out, aw_str_sub(in, 0, len), false);
        else
            rc = put_markup(out, in, &len, err);
        mender->in = aw_str_sub(in, len, in.len);
    }
    if (rc == AW_OK)
        rc = aw_buf_check(out, err);
    if (rc == AW_OK && out->len == start)
        rc = aw_fail(err, AW_MISSING, "no more XML");
    return rc;
}
