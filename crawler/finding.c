#include "crawler/finding.h"

#include <math.h>

#include "base/hash.h"

#define FINGERPRINT_TEXT_MAX ((size_t)32 << 20)

void aw_capture_fill(struct aw_capture *capture,
                     const struct aw_answer *answer)
{
    capture->reader = !answer->ok           ? answer->error
                      : answer->note.len    ? answer->note
                      : answer->blocks == 0 ? AW_STR("no text")
                                            : AW_STR("ok");
    capture->charset = answer->charset;
    capture->charset_why = answer->charset_why;
    capture->title = answer->title;
    /* What holds no text was not judged: an image is not clear. */
    capture->verdict = answer->blocks > 0 ? answer->verdict : AW_STR("");
    capture->doc_kind = answer->doc_kind;
    capture->doc_score = answer->doc_score;
}

static struct aw_claim_row claim_row(const struct aw_answer_claim *c)
{
    return (struct aw_claim_row){
        .class = c->class,
        .quote = c->quote,
        .before = c->before,
        .after = c->after,
        .block = c->block,
        .start = c->start,
        .end = c->end,
        .rule = c->rule,
        .rule_version = c->rule_version,
        .code = c->code,
        .law = c->law,
        .why = c->why,
        .severity = c->severity,
        .score = c->score,
    };
}

/* The claims that stand; severity becomes that of the gravest. */
static aw_rc take_claims(const struct aw_answer *answer,
                         struct aw_finding *finding, struct aw_arena *arena,
                         struct aw_err *err)
{
    finding->claims = aw_arena_array(arena, answer->claim_count + 1,
                                     sizeof *finding->claims);
    if (!finding->claims)
        return aw_arena_fail(arena, err);
    for (size_t i = 0; i < answer->claim_count; i++) {
        if (answer->claims[i].exempt_by.len > 0)
            continue;
        finding->claims[finding->claim_count++] =
            claim_row(&answer->claims[i]);
        if (answer->claims[i].severity > finding->severity)
            finding->severity = answer->claims[i].severity;
    }
    return AW_OK;
}

/* The same claims on the same page are the same finding, whenever seen. */
static aw_rc fingerprint(const struct aw_finding *finding,
                         char out[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    struct aw_buf text;
    aw_rc rc;

    aw_buf_init(&text, FINGERPRINT_TEXT_MAX);
    aw_buf_put(&text, finding->url);
    for (size_t i = 0; i < finding->claim_count; i++) {
        aw_buf_putc(&text, '\n');
        aw_buf_put(&text, finding->claims[i].class);
        aw_buf_putc(&text, '\t');
        aw_buf_put(&text, finding->claims[i].quote);
    }
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        aw_sha256_hex(aw_buf_str(&text), out);
    aw_buf_deinit(&text);
    return rc;
}

static struct aw_finding new_finding(const struct aw_finding_from *from)
{
    const struct aw_capture *capture = from->capture;
    const struct aw_answer *answer = from->answer;

    return (struct aw_finding){
        .first_capture = capture->id,
        .last_capture = capture->id,
        .first_seen_ms = capture->fetched_ms,
        .last_seen_ms = capture->fetched_ms,
        .url = capture->url,
        .host = from->host,
        .source = capture->source,
        .channel = answer->channel,
        .title = capture->title,
        .doc_kind = answer->doc_kind,
        .doc_score = answer->doc_score,
        .score = answer->score,
        .parties = answer->parties,
        .lexicon_hash = aw_str_of(from->lexicon_hash),
        .model_hash = aw_str_of(from->model_hash),
        .tool = AW_STR("adwatch " AW_VERSION),
    };
}

aw_rc aw_finding_make(const struct aw_finding_from *from,
                      struct aw_arena *arena, struct aw_finding *out,
                      struct aw_err *err)
{
    struct aw_finding finding = new_finding(from);
    char print[AW_SHA256_HEX_MAX];
    aw_rc rc = take_claims(from->answer, &finding, arena, err);

    if (rc == AW_OK)
        rc = fingerprint(&finding, print, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_str_of(print), &finding.fingerprint, err);
    if (rc != AW_OK)
        return rc;
    /* Scores have four digits; so has what is added up of them. */
    finding.urgency =
        round(((double)finding.severity + finding.score) * 1e4) / 1e4;
    *out = finding;
    return AW_OK;
}

bool aw_finding_is_due(const struct aw_answer *answer)
{
    return aw_str_eq(answer->verdict, AW_STR("suspected"));
}

aw_rc aw_finding_record(struct aw_store *store,
                        const struct aw_finding_from *from,
                        struct aw_arena *arena, bool *added,
                        struct aw_err *err)
{
    struct aw_finding finding;
    aw_rc rc;

    *added = false;
    if (!aw_finding_is_due(from->answer))
        return AW_OK;
    rc = aw_finding_make(from, arena, &finding, err);
    return rc == AW_OK ? aw_store_finding_add(store, &finding, added, err)
                       : rc;
}
