#include <math.h>

#include "base/json.h"
#include "classify/classify.h"

static void put_list(struct aw_buf *out, const char *name,
                     const struct aw_str *items, size_t count)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < count; i++)
        aw_json_text(out, NULL, items[i]);
    aw_json_close(out, ']');
}

/* A score, from 0 to 1: more than four decimals say nothing. */
static void put_score(struct aw_buf *out, double score)
{
    char digits[] = "0.0000";
    long value = lround(score * 1e4);
    size_t len = sizeof digits - 1;

    digits[0] = (char)('0' + value / 10000);
    for (size_t i = len - 1; i > 1; i--, value /= 10)
        digits[i] = (char)('0' + value % 10);
    while (digits[len - 1] == '0' && len > 2)
        len--;
    if (len == 2)
        len = 1; /* nor does the point */
    aw_json_raw(out, "score", (struct aw_str){digits, len});
}

/* What the severity comes from, where the lexicon has a table for it. */
static void put_parts(struct aw_buf *out, const struct aw_claim *claim)
{
    if (claim->part_count == 0)
        return;
    aw_json_int(out, "severity_points", claim->points);
    aw_json_open(out, "severity_parts", '[');
    for (size_t i = 0; i < claim->part_count; i++) {
        const struct aw_claim_part *part = &claim->parts[i];

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "part", aw_str_of(part->part));
        aw_json_text(out, "id", part->id);
        aw_json_int(out, "points", part->points);
        aw_json_text(out, "why", part->why);
        if (part->word.len > 0)
            aw_json_text(out, "word", part->word);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}

static void put_claim(struct aw_buf *out, const struct aw_claim *claim,
                      bool with_block)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "class", aw_str_of(aw_claim_class_name(claim->class)));
    aw_json_text(out, "quote", claim->quote);
    aw_json_int(out, "start", (int64_t)claim->start);
    aw_json_int(out, "end", (int64_t)claim->end);
    if (with_block)
        aw_json_int(out, "block", (int64_t)claim->block);
    aw_json_text(out, "rule", claim->rule);
    aw_json_text(out, "rule_version", claim->rule_version);
    aw_json_text(out, "code", claim->code);
    put_list(out, "law", claim->law, claim->law_count);
    put_score(out, claim->score);
    put_list(out, "why", claim->why, claim->why_count);
    aw_json_int(out, "severity", claim->severity);
    put_parts(out, claim);
    if (claim->exempt_by.len > 0)
        aw_json_text(out, "exempt", claim->exempt_by);
    aw_json_close(out, '}');
}

aw_rc aw_verdict_json(const struct aw_document *doc,
                      const struct aw_verdict *verdict, struct aw_buf *out,
                      struct aw_err *err)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "id", doc->id);
    aw_json_text(out, "verdict", aw_str_of(aw_verdict_name(verdict->kind)));
    put_score(out, verdict->score);
    aw_json_open(out, "document", '{');
    aw_json_text(out, "kind", aw_str_of(aw_doc_kind_name(verdict->doc_kind)));
    put_score(out, verdict->doc_score);
    aw_json_close(out, '}');
    aw_json_open(out, "claims", '[');
    for (size_t i = 0; i < verdict->claim_count; i++)
        put_claim(out, &verdict->claims[i], doc->block_count > 1);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
    return aw_buf_check(out, err);
}
