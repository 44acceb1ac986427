#include "extract/query.h"

#include <stdlib.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "extract/label.h"

#define CHAR_BYTES_MAX 16

struct aw_query {
    UConverter *to;
    bool gbk;
    bool big5;
};

static bool is_unicode(struct aw_str charset)
{
    return charset.len == 0 || aw_str_starts_nocase(charset, AW_STR("utf-")) ||
           aw_str_starts_nocase(charset, AW_STR("utf8"));
}

/* Without substitutes: what the charset does not have is an error. */
static UConverter *open_converter(struct aw_str charset)
{
    const struct aw_encoding *encoding = aw_encoding_of(charset);
    UErrorCode status = U_ZERO_ERROR;
    UConverter *to;

    if (!encoding)
        return NULL;
    to = ucnv_open(encoding->icu, &status);
    if (U_SUCCESS(status))
        ucnv_setFromUCallBack(to, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL,
                              &status);
    if (U_SUCCESS(status))
        return to;
    ucnv_close(to);
    return NULL;
}

void aw_query_new(struct aw_query **out, struct aw_str charset)
{
    struct aw_query *query;

    *out = NULL;
    if (is_unicode(charset) || !(query = calloc(1, sizeof *query)))
        return;
    query->gbk = aw_str_eq(charset, AW_STR("gb18030"));
    query->big5 = aw_str_eq(charset, AW_STR("big5"));
    query->to = open_converter(charset);
    if (query->to)
        *out = query;
    else
        aw_query_free(query);
}

void aw_query_free(struct aw_query *query)
{
    if (!query)
        return;
    ucnv_close(query->to);
    free(query);
}

/* ASCII that is encoded all the same: the "special-query percent-encode
 * set". */
static bool is_encoded(uint32_t cp)
{
    return cp <= ' ' || cp == 0x7F || cp == '"' || cp == '#' || cp == '<' ||
           cp == '>' || cp == '\'';
}

/* A second byte of Big5 or GBK may be a letter, which stays. */
static void put_bytes(struct aw_buf *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c < 0x80 && !is_encoded(c))
            aw_buf_putc(out, (char)c);
        else
            aw_buf_printf(out, "%%%02X", c);
    }
}

/* What browsers do not encode although ICU can: GBK has no four bytes, and
 * the lead bytes of Hong Kong's supplement below A1 are read, not written. */
static bool is_written(const struct aw_query *query, const char *bytes,
                       size_t len)
{
    if (query->gbk)
        return len <= 2;
    return !query->big5 || len < 2 || (unsigned char)bytes[0] >= 0xA1;
}

static size_t encode(const struct aw_query *query, uint32_t cp,
                     char bytes[CHAR_BYTES_MAX])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[2];
    int32_t len = 0;
    int32_t n;

    if (query->gbk && cp == 0x20AC) { /* the euro sign is one byte there */
        bytes[0] = (char)0x80;
        return 1;
    }
    U16_APPEND_UNSAFE(units, len, (int32_t)cp);
    n = ucnv_fromUChars(query->to, bytes, CHAR_BYTES_MAX, units, len, &status);
    if (U_FAILURE(status) || n <= 0 || n > CHAR_BYTES_MAX ||
        !is_written(query, bytes, (size_t)n))
        return 0;
    return (size_t)n;
}

static void put_char(const struct aw_query *query, struct aw_buf *out,
                     uint32_t cp)
{
    char bytes[CHAR_BYTES_MAX];
    size_t len = encode(query, cp, bytes);

    if (len > 0)
        put_bytes(out, bytes, len);
    else
        aw_buf_printf(out, "%%26%%23%u%%3B", cp);
}

void aw_query_put(struct aw_query *query, struct aw_buf *out,
                  struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t from = pos;
        uint32_t cp = aw_utf8_next(text, &pos);

        if (query && cp >= 0x80)
            put_char(query, out, cp);
        else
            put_bytes(out, text.ptr + from, pos - from);
    }
}
