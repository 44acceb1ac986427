#include "extract/charset.h"

#include <string.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "extract/gb.h"
#include "extract/guess.h"
#include "extract/label.h"
#include "extract/mixed.h"
#include "extract/token.h"

#define XML_DECLARATION_MAX 1024
#define PIECE AW_CHARSET_ROOM
#define CORRECT_PAIRS_MIN 8
#define CORRECT_MARGIN 20 /* percent of pairs */

/* Of a name that was forced it may be ICU's own. */
static const char *icu_name(const char *name)
{
    const struct aw_encoding *encoding = aw_encoding_of(aw_str_of(name));

    return encoding ? encoding->icu : name;
}

/* Charsets that can carry markup unseen by a reader of ASCII, or that nobody
 * publishes in. */
static bool is_refused(const char *label)
{
    return strncmp(label, "utf-7", 5) == 0 || strncmp(label, "imap", 4) == 0 ||
           strncmp(label, "scsu", 4) == 0 || strncmp(label, "bocu", 4) == 0;
}

static bool is_known_to_icu(const char *label)
{
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(icu_name(label), &status);

    ucnv_close(converter);
    return U_SUCCESS(status);
}

/* Letters, digits and the marks that names have; no commas, which are options
 * of ICU. */
static bool is_label(struct aw_str label)
{
    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];

        if (!aw_ascii_alpha(c) && !aw_ascii_digit(c) && c != '-' && c != '_')
            return false;
    }
    return label.len > 0 && label.len < AW_CHARSET_NAME_MAX;
}

static void set_name(struct aw_charset *out, const char *name)
{
    size_t len = strlen(name);

    if (len >= AW_CHARSET_NAME_MAX)
        len = AW_CHARSET_NAME_MAX - 1;
    for (size_t i = 0; i < len; i++)
        out->name[i] = aw_ascii_lower(name[i]);
    out->name[len] = '\0';
}

/* False, and out as it was, where the label is none of the standard. */
static bool set_label(struct aw_charset *out, struct aw_str label,
                      const char *why)
{
    const struct aw_encoding *encoding = aw_encoding_of(label);

    if (!encoding)
        return false;
    *out = (struct aw_charset){.why = why};
    set_name(out, encoding->name);
    return true;
}

/* A name that a person gives may be any of ICU's. */
static bool set_forced(struct aw_charset *out, struct aw_str label)
{
    char name[AW_CHARSET_NAME_MAX] = "";

    if (set_label(out, label, "forced"))
        return true;
    label = aw_str_trim(label);
    if (!is_label(label))
        return false;
    for (size_t i = 0; i < label.len; i++)
        name[i] = aw_ascii_lower(label.ptr[i]);
    if (is_refused(name) || !is_known_to_icu(name))
        return false;
    *out = (struct aw_charset){.why = "forced"};
    set_name(out, name);
    return true;
}

/* --- declarations --- */

static bool is_utf16(const char *name)
{
    return strncmp(name, "utf-16", 6) == 0;
}

/* The value behind "key=", with or without quotes; ends at white space, ";"
 * or a quote. */
static struct aw_str param(struct aw_str text, struct aw_str key)
{
    ptrdiff_t at;
    size_t len = 0;

    while ((at = aw_str_find_nocase(text, key)) >= 0) {
        text = aw_str_trim(aw_str_sub(text, (size_t)at + key.len, text.len));
        if (aw_str_starts(text, AW_STR("=")))
            break;
    }
    if (at < 0)
        return (struct aw_str){0};
    text = aw_str_trim(aw_str_sub(text, 1, text.len));
    if (text.len > 0 && (text.ptr[0] == '"' || text.ptr[0] == '\''))
        text = aw_str_sub(text, 1, text.len);
    while (len < text.len && !aw_ascii_space(text.ptr[len]) &&
           !strchr(";\"'", text.ptr[len]))
        len++;
    return aw_str_sub(text, 0, len);
}

struct aw_str aw_charset_param(struct aw_str content_type)
{
    return param(content_type, AW_STR("charset"));
}

static struct aw_str meta_label(const struct aw_token *token)
{
    if (aw_token_has(token, AW_ATTR_CHARSET))
        return aw_token_attr(token, AW_ATTR_CHARSET);
    if (!aw_str_eq_nocase(aw_str_trim(
                              aw_token_attr(token, AW_ATTR_HTTP_EQUIV)),
                          AW_STR("content-type")))
        return (struct aw_str){0};
    return aw_charset_param(aw_token_attr(token, AW_ATTR_CONTENT));
}

/* What a meta tag says cannot be UTF-16, or it could not have been read. */
static bool from_meta(struct aw_str bytes, struct aw_charset *out)
{
    struct aw_tokenizer tokens;
    struct aw_token token;

    aw_tokenizer_init(&tokens, aw_str_sub(bytes, 0, AW_CHARSET_META_MAX));
    while (aw_tokenizer_next(&tokens, &token)) {
        if (token.kind == AW_TOKEN_OPEN && token.tag->id == AW_TAG_META &&
            set_label(out, meta_label(&token), "meta")) {
            if (is_utf16(out->name))
                set_name(out, "utf-8");
            return true;
        }
    }
    return false;
}

/* It must stand first; pages that scripts put together have blank lines or a
 * comment before it. */
static bool from_xml(struct aw_str bytes, struct aw_charset *out)
{
    struct aw_str head = aw_str_sub(bytes, 0, XML_DECLARATION_MAX);
    ptrdiff_t start = aw_str_find(head, AW_STR("<?xml"));
    ptrdiff_t end;

    if (start < 0)
        return false;
    head = aw_str_sub(head, (size_t)start, head.len);
    end = aw_str_find(head, AW_STR("?>"));
    return end >= 0 && set_label(out,
                                 param(aw_str_sub(head, 0, (size_t)end),
                                       AW_STR("encoding")),
                                 "xml");
}

static const struct {
    struct aw_str mark;
    const char *name;
} marks[] = {
    {{"\xEF\xBB\xBF", 3}, "utf-8"},
    {{"\xFF\xFE", 2}, "utf-16le"},
    {{"\xFE\xFF", 2}, "utf-16be"},
    {{"\x84\x31\x95\x33", 4}, "gb18030"},
};

static bool from_mark(struct aw_str bytes, struct aw_charset *out)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (aw_str_starts(bytes, marks[i].mark)) {
            *out = (struct aw_charset){.why = "bom"};
            set_name(out, marks[i].name);
            return true;
        }
    }
    return false;
}

/* --- corrections --- */

static size_t percent_of(const struct aw_guess *guess, const char *name)
{
    size_t count = 0;

    if (strcmp(name, "gb18030") == 0)
        count = guess->gb;
    else if (strcmp(name, "big5") == 0)
        count = guess->big5;
    return guess->pairs ? count * 100 / guess->pairs : 0;
}

static bool is_chinese(const char *name)
{
    return strcmp(name, "gb18030") == 0 || strcmp(name, "big5") == 0;
}

static bool is_western(const char *name)
{
    return strncmp(name, "windows-125", 11) == 0 ||
           strncmp(name, "iso-8859", 8) == 0;
}

/* Declared one Chinese charset or a western one, and clearly another. */
static const char *correct_pairs(const struct aw_guess *guess,
                                 const char *declared)
{
    const char *chinese = aw_guess_chinese(guess);

    if (!chinese || guess->pairs < CORRECT_PAIRS_MIN)
        return NULL;
    if (!is_chinese(declared) && !is_western(declared))
        return NULL;
    if (percent_of(guess, chinese) <
        percent_of(guess, declared) + CORRECT_MARGIN)
        return NULL;
    return chinese;
}

/* What the bytes really are, or NULL where the declaration may stand. */
static const char *correction(const struct aw_guess *guess,
                              const char *declared, struct aw_str bytes)
{
    if (is_utf16(declared))
        return aw_guess_utf16(bytes) ? NULL : aw_guess_charset(guess, bytes);
    if (strcmp(declared, "utf-8") != 0)
        return aw_guess_is_utf8(guess) ? "utf-8"
                                       : correct_pairs(guess, declared);
    if (guess->utf8_bad == 0 || aw_guess_is_utf8(guess))
        return NULL;
    return aw_guess_chinese(guess);
}

/* ICU guesses charsets that are none of the standard, and some that it cannot
 * read itself ("IBM420_ltr"). */
static void set_guess(struct aw_charset *out, const char *name,
                      const char *why)
{
    if (!set_label(out, aw_str_of(name), why))
        (void)set_label(out, AW_STR("windows-1252"), why);
}

static void correct(struct aw_charset *charset, struct aw_str bytes)
{
    struct aw_guess guess;
    const char *better;

    aw_guess_measure(&guess, bytes);
    better = correction(&guess, charset->name, bytes);
    if (better)
        set_guess(charset, better, "corrected");
    charset->utf8 = guess.utf8;
}

static void detect(struct aw_charset *out, struct aw_str bytes)
{
    const char *name = aw_guess_utf16(bytes);
    struct aw_guess guess;

    guess.utf8 = false;
    if (!name) {
        aw_guess_measure(&guess, bytes);
        name = aw_guess_charset(&guess, bytes);
    }
    set_guess(out, name, "detected");
    out->utf8 = guess.utf8;
}

aw_rc aw_charset_decide(struct aw_str bytes,
                        const struct aw_charset_hints *hints,
                        struct aw_charset *out, struct aw_err *err)
{
    if (hints->forced.len > 0) {
        if (set_forced(out, hints->forced))
            return AW_OK;
        return aw_fail(err, AW_INVALID,
                       "charset \"%.*s\" is not known; try utf-8, gb18030 or "
                       "big5",
                       AW_STR_ARG(aw_str_sub(hints->forced, 0, 80)));
    }
    if (from_mark(bytes, out))
        return AW_OK;
    if (set_label(out, hints->http, "http") || from_meta(bytes, out) ||
        from_xml(bytes, out))
        correct(out, bytes);
    else
        detect(out, bytes);
    return AW_OK;
}

/* --- decoding --- */

static struct aw_str without_mark(struct aw_str text)
{
    return aw_str_starts(text, marks[0].mark)
               ? aw_str_sub(text, marks[0].mark.len, text.len)
               : text;
}

static void drop_nuls(struct aw_buf *buf)
{
    char *end = buf->len ? memchr(buf->ptr, '\0', buf->len) : NULL;

    if (!end)
        return;
    for (const char *from = end; from < buf->ptr + buf->len; from++)
        if (*from != '\0')
            *end++ = *from;
    buf->len = (size_t)(end - buf->ptr);
    *end = '\0';
}

static void convert_all(UConverter *from, UConverter *to, struct aw_str bytes,
                        struct aw_buf *out, UErrorCode *status)
{
    UChar pivot[PIECE / 2];
    UChar *pivot_from = pivot;
    UChar *pivot_to = pivot;
    const char *source = bytes.ptr;
    bool first = true;

    if (bytes.len == 0)
        return;
    do {
        char *at = aw_buf_reserve(out, PIECE);
        char *target = at;

        if (!at)
            return;
        *status = U_ZERO_ERROR;
        ucnv_convertEx(to, from, &target, at + PIECE, &source,
                       bytes.ptr + bytes.len, pivot, &pivot_from, &pivot_to,
                       pivot + PIECE / 2, first, true, status);
        out->len += (size_t)(target - at);
        first = false;
    } while (*status == U_BUFFER_OVERFLOW_ERROR);
}

/* As little as ICU is asked for at once: opening and closing its work costs
 * more than some text. */
#define ICU_BYTES_MIN 256

/* Where a piece that begins at pos may end: before a byte that is part of no
 * character of several bytes. */
static size_t piece_end(struct aw_str bytes, size_t pos)
{
    pos = bytes.len - pos > ICU_BYTES_MIN ? pos + ICU_BYTES_MIN : bytes.len;
    while (pos < bytes.len && (unsigned char)bytes.ptr[pos] >= '0')
        pos++;
    return pos;
}

/* GB18030: what is plain by table, the rest by ICU. */
static void convert_gb(UConverter *from, UConverter *to, struct aw_str bytes,
                       struct aw_buf *out, UErrorCode *status)
{
    size_t pos = 0;

    while (U_SUCCESS(*status) && out->rc == AW_OK) {
        size_t end;

        pos = aw_gb_decode(bytes, pos, out);
        if (pos == bytes.len)
            return;
        end = piece_end(bytes, pos);
        convert_all(from, to, aw_str_sub(bytes, pos, end - pos), out, status);
        pos = end;
    }
}

typedef void convert_fn(UConverter *from, UConverter *to, struct aw_str bytes,
                        struct aw_buf *out, UErrorCode *status);

/* The same, with runs of UTF-8 inside left as they are. */
static void convert_around(UConverter *from, UConverter *to, convert_fn *go,
                           struct aw_str bytes, struct aw_buf *out,
                           UErrorCode *status)
{
    struct aw_mixed_run run = {0, 0};
    size_t done = 0;

    while (U_SUCCESS(*status) && aw_mixed_utf8(bytes, run.end, &run)) {
        go(from, to, aw_str_sub(bytes, done, run.start - done), out, status);
        aw_buf_append(out, bytes.ptr + run.start, run.end - run.start);
        done = run.end;
    }
    if (U_SUCCESS(*status))
        go(from, to, aw_str_sub(bytes, done, bytes.len - done), out, status);
}

/* What a person forces is taken at the word. */
static bool may_be_mixed(const struct aw_charset *charset)
{
    return is_chinese(charset->name) && strcmp(charset->why, "forced") != 0;
}

static aw_rc convert(const struct aw_charset *charset, struct aw_str bytes,
                     struct aw_buf *out, struct aw_err *err)
{
    const char *name = charset->name;
    convert_fn *go = strcmp(name, "gb18030") == 0 ? convert_gb : convert_all;
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = ucnv_open(icu_name(name), &status);
    UConverter *to = ucnv_open("UTF-8", &status);

    if (U_SUCCESS(status) && may_be_mixed(charset))
        convert_around(from, to, go, bytes, out, &status);
    else if (U_SUCCESS(status))
        go(from, to, bytes, out, &status);
    ucnv_close(from);
    ucnv_close(to);
    if (U_FAILURE(status))
        return aw_fail(err, AW_FAIL, "charset %s: %s", name,
                       u_errorName(status));
    drop_nuls(out);
    return aw_buf_check(out, err);
}

/* --- UTF-8 that is damaged --- */

struct mending {
    struct aw_str bytes;
    struct aw_buf *out;
    size_t from; /* what is before it is written out */
    UConverter *gb, *to;
};

static void keep_to(struct mending *m, size_t end)
{
    if (end > m->from)
        aw_buf_append(m->out, m->bytes.ptr + m->from, end - m->from);
    m->from = end;
}

/* Opened at the first such run: most pages have none. */
static void mend_run(struct mending *m, struct aw_mixed_run run)
{
    UErrorCode status = U_ZERO_ERROR;

    if (!m->gb)
        m->gb = ucnv_open("gb18030", &status);
    if (!m->to)
        m->to = ucnv_open("UTF-8", &status);
    keep_to(m, run.start);
    if (U_SUCCESS(status))
        convert_all(m->gb, m->to,
                    aw_str_sub(m->bytes, run.start, run.end - run.start),
                    m->out, &status);
    m->from = run.end;
}

/* Runs of well-formed text are copied whole; a run of GB18030 between them is
 * read as that, other bad bytes become U+FFFD, NULs go. */
static void clean(struct aw_str bytes, struct aw_buf *out)
{
    struct mending m = {.bytes = bytes, .out = out};
    struct aw_mixed_run run = {0, 0};

    for (size_t pos = 0; pos < bytes.len;) {
        size_t start = pos;
        uint32_t cp = aw_utf8_next(bytes, &pos);

        if (cp != 0 && (cp != AW_REPLACEMENT || pos - start > 1))
            continue;
        if (cp != 0 && start >= run.end &&
            aw_mixed_gb(bytes, m.from, start, &run)) {
            mend_run(&m, run);
            pos = run.end;
            continue;
        }
        keep_to(&m, start);
        if (cp != 0)
            aw_utf8_put(out, cp);
        m.from = pos;
    }
    keep_to(&m, bytes.len);
    ucnv_close(m.gb);
    ucnv_close(m.to);
}

aw_rc aw_charset_decode(struct aw_str bytes, const struct aw_charset *charset,
                        struct aw_buf *scratch, struct aw_str *text,
                        struct aw_err *err)
{
    aw_rc rc;

    if (bytes.len == 0) {
        *text = bytes;
        return AW_OK;
    }
    if (strcmp(charset->name, "utf-8") == 0) {
        if (!memchr(bytes.ptr, '\0', bytes.len) &&
            (charset->utf8 || aw_utf8_valid(bytes))) {
            *text = without_mark(bytes);
            return AW_OK;
        }
        clean(bytes, scratch);
        rc = aw_buf_check(scratch, err);
    } else {
        rc = convert(charset, bytes, scratch, err);
    }
    if (rc == AW_OK)
        *text = without_mark(aw_buf_str(scratch));
    return rc;
}
