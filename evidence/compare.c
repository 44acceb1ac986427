#include "evidence/compare.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "extract/digest.h"

#define GRAM 3 /* code points */
#define SENTENCE_MAX 1024

/* A text without white space, and its runs of GRAM code points as hashes,
 * sorted, each once. */
struct text {
    struct aw_buf text; /* visible, as the digest has it */
    struct aw_buf all;  /* of hidden blocks too: a claim may be one */
    uint64_t *grams;
    size_t count;
    bool cut;
};

static void put_blocks(const struct aw_document *doc, bool hidden_too,
                       struct aw_buf *out)
{
    for (size_t i = 0; i < doc->block_count; i++)
        if (hidden_too || aw_block_visible(&doc->blocks[i]))
            aw_digest_text(out, doc->blocks[i].text);
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static size_t keep_kinds(uint64_t *hashes, size_t count)
{
    size_t kept = 0;

    qsort(hashes, count, sizeof *hashes, compare_hashes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || hashes[i] != hashes[i - 1])
            hashes[kept++] = hashes[i];
    return kept;
}

/* Runs of GRAM; a shorter text is one run. */
static size_t hash_runs(struct aw_str text, uint64_t *hashes, size_t most)
{
    size_t starts[GRAM] = {0};
    size_t points = 0, pos = 0, count = 0;

    while (pos < text.len && points < most) {
        starts[points % GRAM] = pos;
        (void)aw_utf8_next(text, &pos);
        points++;
        if (points >= GRAM) {
            size_t from = starts[points % GRAM];

            hashes[count++] = aw_hash64(aw_str_sub(text, from, pos - from));
        }
    }
    if (count == 0 && points > 0)
        hashes[count++] = aw_hash64(text);
    return count;
}

static aw_rc make_text(const struct aw_document *doc, struct text *out,
                       struct aw_err *err)
{
    struct aw_str text;
    size_t points;
    aw_rc rc;

    put_blocks(doc, false, &out->text);
    put_blocks(doc, true, &out->all);
    rc = aw_buf_check(&out->text, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&out->all, err);
    if (rc != AW_OK)
        return rc;
    text = aw_buf_str(&out->text);
    points = aw_utf8_count(text);
    out->cut = points > AW_COMPARE_TEXT_MAX;
    if (out->cut)
        points = AW_COMPARE_TEXT_MAX;
    out->grams = calloc(points + 1, sizeof *out->grams);
    if (!out->grams)
        return aw_fail(err, AW_NOMEM, "out of memory for a comparison");
    out->count = keep_kinds(out->grams, hash_runs(text, out->grams, points));
    return AW_OK;
}

static void text_init(struct text *text)
{
    *text = (struct text){0};
    aw_buf_init(&text->text, AW_DOCUMENT_ARENA_MAX);
    aw_buf_init(&text->all, AW_DOCUMENT_ARENA_MAX);
}

static void text_deinit(struct text *text)
{
    aw_buf_deinit(&text->text);
    aw_buf_deinit(&text->all);
    free(text->grams);
}

static int64_t count_common(const struct text *a, const struct text *b)
{
    int64_t both = 0;
    size_t i = 0, k = 0;

    while (i < a->count && k < b->count) {
        if (a->grams[i] == b->grams[k]) {
            both++;
            i++;
            k++;
        } else if (a->grams[i] < b->grams[k]) {
            i++;
        } else {
            k++;
        }
    }
    return both;
}

static bool has_quote(const struct text *text, struct aw_str quote)
{
    return aw_str_find(aw_buf_str(&text->all), quote) >= 0;
}

static aw_rc count_quote(const struct text *plain, const struct text *rendered,
                         struct aw_str quote, struct aw_comparison *c,
                         struct aw_err *err)
{
    struct aw_buf bare;
    bool in_plain, in_rendered;
    aw_rc rc;

    aw_buf_init(&bare, AW_DOCUMENT_ARENA_MAX);
    aw_digest_text(&bare, quote);
    rc = aw_buf_check(&bare, err);
    in_plain = rc == AW_OK && has_quote(plain, aw_buf_str(&bare));
    in_rendered = rc == AW_OK && has_quote(rendered, aw_buf_str(&bare));
    c->in_both += in_plain && in_rendered;
    c->in_plain += in_plain && !in_rendered;
    c->in_rendered += !in_plain && in_rendered;
    c->in_none += !in_plain && !in_rendered;
    aw_buf_deinit(&bare);
    return rc;
}

static enum aw_compared outcome_of(const struct aw_compare_input *input,
                                   const struct aw_comparison *c)
{
    if (!input->independent)
        return AW_COMPARED_ONE_FETCH;
    if (!c->same_status || !c->same_text)
        return AW_COMPARED_DIFFERENT;
    return c->same_bytes ? AW_COMPARED_SAME : AW_COMPARED_SAME_TEXT;
}

static bool same_bytes(const struct aw_compare_input *input)
{
    return input->plain.payload_digest.len > 0 &&
           aw_str_eq(input->plain.payload_digest,
                     input->rendered.payload_digest);
}

static aw_rc compare_texts(const struct aw_compare_input *input,
                           struct text *plain, struct text *rendered,
                           struct aw_comparison *c, struct aw_err *err)
{
    aw_rc rc = make_text(input->plain.document, plain, err);

    if (rc == AW_OK)
        rc = make_text(input->rendered.document, rendered, err);
    if (rc != AW_OK)
        return rc;
    c->cut = plain->cut || rendered->cut;
    c->same_text =
        aw_str_eq(aw_buf_str(&plain->text), aw_buf_str(&rendered->text));
    c->grams_plain = (int64_t)plain->count;
    c->grams_rendered = (int64_t)rendered->count;
    c->grams_both = count_common(plain, rendered);
    for (size_t i = 0; i < input->quote_count && rc == AW_OK; i++)
        rc = count_quote(plain, rendered, input->quotes[i], c, err);
    return rc;
}

aw_rc aw_compare(const struct aw_compare_input *input,
                 struct aw_comparison *out, struct aw_err *err)
{
    struct aw_comparison c = {
        .same_status = input->plain.status == input->rendered.status,
        .same_bytes = same_bytes(input),
    };
    struct text plain, rendered;
    aw_rc rc;

    if (input->quote_count > AW_COMPARE_QUOTES_MAX)
        return aw_fail(err, AW_LIMIT, "more than %d quotes to compare",
                       AW_COMPARE_QUOTES_MAX);
    text_init(&plain);
    text_init(&rendered);
    rc = compare_texts(input, &plain, &rendered, &c, err);
    text_deinit(&plain);
    text_deinit(&rendered);
    if (rc != AW_OK)
        return rc;
    c.outcome = outcome_of(input, &c);
    *out = c;
    return AW_OK;
}

/* ---- in words ----------------------------------------------------------- */

/* Of all kinds of runs that either has, in thousandths. */
static int64_t common_share(const struct aw_comparison *c)
{
    int64_t all = c->grams_plain + c->grams_rendered - c->grams_both;

    return all > 0 ? c->grams_both * 1000 / all : 1000;
}

static const char *words_of(enum aw_compared outcome)
{
    static const char *const words[] = {
#define X(name, code, text) text,
        AW_COMPARED_LIST(X)
#undef X
    };

    return words[outcome];
}

static const char *code_of(enum aw_compared outcome)
{
    static const char *const codes[] = {
#define X(name, code, text) code,
        AW_COMPARED_LIST(X)
#undef X
    };

    return codes[outcome];
}

static void say_quotes(struct aw_buf *out, const struct aw_comparison *c)
{
    int64_t all = c->in_both + c->in_plain + c->in_rendered + c->in_none;

    if (all == 0)
        return;
    aw_buf_printf(out, "；线索原文 %lld 处，两次均有 %lld 处", (long long)all,
                  (long long)c->in_both);
    if (c->in_plain > 0)
        aw_buf_printf(out, "，仅普通获取有 %lld 处", (long long)c->in_plain);
    if (c->in_rendered > 0)
        aw_buf_printf(out, "，仅浏览器所见有 %lld 处",
                      (long long)c->in_rendered);
    if (c->in_none > 0)
        aw_buf_printf(out, "，两次均未在文字中找到 %lld 处",
                      (long long)c->in_none);
}

static void say(struct aw_buf *out, const struct aw_compare_input *input,
                const struct aw_comparison *c)
{
    aw_buf_puts(out, words_of(c->outcome));
    if (c->outcome == AW_COMPARED_DIFFERENT)
        aw_buf_puts(out, "：");
    else
        aw_buf_puts(out, "；");
    if (!c->same_status)
        aw_buf_printf(out, "状态码 %d 与 %d 不同，", input->plain.status,
                      input->rendered.status);
    if (c->same_text)
        aw_buf_puts(out, "可见文字相同");
    else
        aw_buf_printf(out, "可见文字相同部分占 %lld.%lld%%",
                      (long long)(common_share(c) / 10),
                      (long long)(common_share(c) % 10));
    say_quotes(out, c);
    if (c->cut)
        aw_buf_puts(out, "；文字过长，只比较了开头部分");
    aw_buf_puts(out, "。");
}

/* ---- JSON --------------------------------------------------------------- */

static void put_side(struct aw_buf *out, const char *name,
                     const struct aw_compare_side *side)
{
    char time[AW_TIME_MAX];

    aw_json_open(out, name, '{');
    aw_json_int(out, "capture", side->capture);
    aw_time_iso_ms(side->fetched_ms, time);
    aw_json_text(out, "fetched", aw_str_of(time));
    aw_time_beijing(side->fetched_ms, time);
    aw_json_text(out, "fetched_beijing", aw_str_of(time));
    aw_json_int(out, "status", side->status);
    aw_json_text(out, "payload_digest", side->payload_digest);
    aw_json_text(out, "text_digest", side->document->text_digest);
    aw_json_close(out, '}');
}

static void put_text(struct aw_buf *out, const struct aw_comparison *c)
{
    aw_json_open(out, "text", '{');
    aw_json_bool(out, "same", c->same_text);
    aw_json_text(out, "share_of",
                 AW_STR("kinds of runs of three code points of the visible "
                        "text, without white space"));
    aw_json_int(out, "plain", c->grams_plain);
    aw_json_int(out, "rendered", c->grams_rendered);
    aw_json_int(out, "both", c->grams_both);
    aw_json_real(out, "share", (double)common_share(c) / 1000);
    aw_json_bool(out, "cut", c->cut);
    aw_json_close(out, '}');
}

static void put_quotes(struct aw_buf *out, const struct aw_comparison *c)
{
    aw_json_open(out, "quotes", '{');
    aw_json_int(out, "in_both", c->in_both);
    aw_json_int(out, "in_plain_only", c->in_plain);
    aw_json_int(out, "in_rendered_only", c->in_rendered);
    aw_json_int(out, "in_none", c->in_none);
    aw_json_close(out, '}');
}

static void put_comparison(struct aw_buf *out,
                           const struct aw_compare_input *input,
                           const struct aw_comparison *c, struct aw_str words)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "outcome", aw_str_of(code_of(c->outcome)));
    aw_json_text(out, "what", words);
    aw_json_bool(out, "independent", input->independent);
    put_side(out, "plain", &input->plain);
    put_side(out, "rendered", &input->rendered);
    aw_json_bool(out, "same_status", c->same_status);
    aw_json_bool(out, "same_bytes", c->same_bytes);
    put_text(out, c);
    put_quotes(out, c);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

aw_rc aw_compare_json(struct aw_buf *out, const struct aw_compare_input *input,
                      struct aw_err *err)
{
    struct aw_comparison c;
    struct aw_buf words;
    aw_rc rc = aw_compare(input, &c, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&words, SENTENCE_MAX);
    say(&words, input, &c);
    rc = aw_buf_check(&words, err);
    if (rc == AW_OK)
        put_comparison(out, input, &c, aw_buf_str(&words));
    aw_buf_deinit(&words);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
