#include <math.h>

#include "base/utf8.h"
#include "classify/classify.h"

static void put_char(struct aw_buf *out, uint32_t cp)
{
    if (cp == '"' || cp == '\\') {
        aw_buf_putc(out, '\\');
        aw_buf_putc(out, (char)cp);
    } else if (cp == '\n') {
        aw_buf_puts(out, "\\n");
    } else if (cp < 0x20 || cp == 0x7F || cp == 0x2028 || cp == 0x2029) {
        aw_buf_printf(out, "\\u%04x", (unsigned)cp);
    } else {
        aw_utf8_put(out, cp);
    }
}

static void put_string(struct aw_buf *out, struct aw_str text)
{
    aw_buf_putc(out, '"');
    for (size_t pos = 0; pos < text.len;)
        put_char(out, aw_utf8_next(text, &pos));
    aw_buf_putc(out, '"');
}

static void put_pair(struct aw_buf *out, const char *key, struct aw_str text)
{
    aw_buf_printf(out, "\"%s\":", key);
    put_string(out, text);
}

static void put_list(struct aw_buf *out, const char *key,
                     const struct aw_str *items, size_t count)
{
    aw_buf_printf(out, "\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        aw_buf_puts(out, i ? "," : "");
        put_string(out, items[i]);
    }
    aw_buf_putc(out, ']');
}

/* Four decimals, without zeros at the end. */
static void put_score(struct aw_buf *out, double score)
{
    double rounded = isfinite(score) ? round(score * 1e4) / 1e4 : 0;

    aw_buf_printf(out, "\"score\":%.6g", rounded);
}

static void put_claim(struct aw_buf *out, const struct aw_claim *claim,
                      bool with_block)
{
    aw_buf_puts(out, "{");
    put_pair(out, "class", aw_str_of(aw_claim_class_name(claim->class)));
    aw_buf_puts(out, ",");
    put_pair(out, "quote", claim->quote);
    aw_buf_printf(out, ",\"start\":%zu,\"end\":%zu,", claim->start,
                  claim->end);
    if (with_block)
        aw_buf_printf(out, "\"block\":%zu,", claim->block);
    put_pair(out, "rule", claim->rule);
    aw_buf_puts(out, ",");
    put_pair(out, "rule_version", claim->rule_version);
    aw_buf_puts(out, ",");
    put_pair(out, "code", claim->code);
    aw_buf_puts(out, ",");
    put_list(out, "law", claim->law, claim->law_count);
    aw_buf_puts(out, ",");
    put_score(out, claim->score);
    aw_buf_puts(out, ",");
    put_list(out, "why", claim->why, claim->why_count);
    aw_buf_printf(out, ",\"severity\":%d", claim->severity);
    if (claim->exempt_by.len > 0) {
        aw_buf_puts(out, ",");
        put_pair(out, "exempt", claim->exempt_by);
    }
    aw_buf_puts(out, "}");
}

aw_rc aw_verdict_json(const struct aw_document *doc,
                      const struct aw_verdict *verdict, struct aw_buf *out,
                      struct aw_err *err)
{
    aw_buf_puts(out, "{");
    put_pair(out, "id", doc->id);
    aw_buf_puts(out, ",");
    put_pair(out, "verdict", aw_str_of(aw_verdict_name(verdict->kind)));
    aw_buf_puts(out, ",");
    put_score(out, verdict->score);
    aw_buf_puts(out, ",\"document\":{");
    put_pair(out, "kind", aw_str_of(aw_doc_kind_name(verdict->doc_kind)));
    aw_buf_puts(out, ",");
    put_score(out, verdict->doc_score);
    aw_buf_puts(out, "},\"claims\":[");
    for (size_t i = 0; i < verdict->claim_count; i++) {
        aw_buf_puts(out, i ? "," : "");
        put_claim(out, &verdict->claims[i], doc->block_count > 1);
    }
    aw_buf_puts(out, "]}");
    return aw_buf_check(out, err);
}
