#include "cli/lexicon_test.h"

#include "base/json.h"
#include "classify/classify.h"
#include "classify/match.h"
#include "extract/text.h"

#define OUT_MAX ((size_t)64 << 20)

/* All that is known of the text, step by step. */
struct steps {
    struct aw_lexicon *lexicon;
    struct aw_matcher *matcher;
    struct aw_text text;
    struct aw_document doc;
    struct aw_verdict verdict;
    struct aw_buf out;
    bool json;
};

static const char *const view_names[] = {
    [AW_VIEW_PLAIN] = "plain", [AW_VIEW_HARD] = "hard"};

static struct aw_str view_text(const struct steps *s, enum aw_view view)
{
    return aw_normal_str(&s->text.view[view], s->text.blocks[0].place[view]);
}

static const char *outcome_of(const struct aw_hit *hit)
{
    return hit->void_by ? "void" : hit->exempt_by ? "exempt" : "claim";
}

static const struct aw_context *taken_by(const struct aw_hit *hit)
{
    return hit->void_by ? hit->void_by : hit->exempt_by;
}

/* ---- as text ------------------------------------------------------------ */

static void print_views(struct steps *s)
{
    aw_buf_puts(&s->out, "1. normalised\n");
    for (int v = AW_VIEW_PLAIN; v <= AW_VIEW_HARD; v++) {
        if (v == AW_VIEW_HARD && !s->text.differ)
            continue;
        aw_buf_printf(&s->out, "   %s: %.*s\n", view_names[v],
                      AW_STR_ARG(view_text(s, (enum aw_view)v)));
    }
}

static void print_context(struct steps *s, const char *what,
                          const struct aw_context *context)
{
    aw_buf_printf(&s->out, "      %s %.*s: %.*s (%s:%d)", what,
                  AW_STR_ARG(context->id), AW_STR_ARG(context->why),
                  context->file, context->line);
    if (context->effect == AW_EFFECT_WEIGH)
        aw_buf_printf(&s->out, ", %+g", context->weight);
    aw_buf_puts(&s->out, "\n");
}

static void print_hit(struct steps *s, const struct aw_hit *hit)
{
    const struct aw_rule *rule = &s->lexicon->rules[hit->rule];

    aw_buf_printf(&s->out, "   %s: %.*s %.*s (%s:%d)\n", outcome_of(hit),
                  AW_STR_ARG(rule->id), AW_STR_ARG(rule->why), rule->file,
                  rule->line);
    aw_buf_printf(&s->out, "      %s view, characters %zu to %zu: %.*s\n",
                  view_names[hit->view], hit->origin.start, hit->origin.end,
                  AW_STR_ARG(
                      aw_normal_str(&s->text.view[hit->view], hit->place)));
    if (hit->void_by)
        print_context(s, "taken away by", hit->void_by);
    if (hit->exempt_by)
        print_context(s, "exempt by", hit->exempt_by);
    for (size_t i = 0; i < hit->weighed_count; i++)
        print_context(s, "weighed by", hit->weighed[i]);
}

static void print_hits(struct steps *s)
{
    size_t count;
    const struct aw_hit *hits = aw_matcher_hits(s->matcher, &count);

    aw_buf_printf(&s->out, "2. rules: %zu hit%s\n", count,
                  count == 1 ? "" : "s");
    for (size_t i = 0; i < count; i++)
        print_hit(s, &hits[i]);
}

static void print_claim(struct steps *s, const struct aw_claim *claim)
{
    aw_buf_printf(&s->out, "   %s %.*s, score %.4f%s%.*s: %.*s\n",
                  aw_claim_class_name(claim->class), AW_STR_ARG(claim->rule),
                  claim->score, claim->exempt_by.len ? ", exempt by " : "",
                  AW_STR_ARG(claim->exempt_by), AW_STR_ARG(claim->quote));
    for (size_t i = 0; i < claim->why_count; i++)
        aw_buf_printf(&s->out, "      %.*s\n", AW_STR_ARG(claim->why[i]));
}

static void print_verdict(struct steps *s)
{
    const struct aw_verdict *v = &s->verdict;

    aw_buf_printf(&s->out, "3. verdict: %s, score %.4f; reads as %s (%.4f)\n",
                  aw_verdict_name(v->kind), v->score,
                  aw_doc_kind_name(v->doc_kind), v->doc_score);
    for (size_t i = 0; i < v->claim_count; i++)
        print_claim(s, &v->claims[i]);
}

static void print_all(struct steps *s)
{
    print_views(s);
    print_hits(s);
    print_verdict(s);
}

/* ---- as JSON ------------------------------------------------------------ */

static void json_context(struct aw_buf *out, const char *name,
                         const struct aw_context *context)
{
    aw_json_open(out, name, '{');
    aw_json_text(out, "id", context->id);
    aw_json_text(out, "why", context->why);
    aw_json_text(out, "file", aw_str_of(context->file));
    aw_json_int(out, "line", context->line);
    if (context->effect == AW_EFFECT_WEIGH)
        aw_json_real(out, "weight", context->weight);
    aw_json_close(out, '}');
}

static void json_hit(struct steps *s, const struct aw_hit *hit)
{
    const struct aw_rule *rule = &s->lexicon->rules[hit->rule];
    struct aw_buf *out = &s->out;

    aw_json_open(out, NULL, '{');
    aw_json_text(out, "rule", rule->id);
    aw_json_text(out, "why", rule->why);
    aw_json_text(out, "file", aw_str_of(rule->file));
    aw_json_int(out, "line", rule->line);
    aw_json_text(out, "view", aw_str_of(view_names[hit->view]));
    aw_json_int(out, "start", (int64_t)hit->origin.start);
    aw_json_int(out, "end", (int64_t)hit->origin.end);
    aw_json_text(out, "matched",
                 aw_normal_str(&s->text.view[hit->view], hit->place));
    aw_json_text(out, "outcome", aw_str_of(outcome_of(hit)));
    if (taken_by(hit))
        json_context(out, "by", taken_by(hit));
    aw_json_open(out, "weighed", '[');
    for (size_t i = 0; i < hit->weighed_count; i++)
        json_context(out, NULL, hit->weighed[i]);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static aw_rc json_all(struct steps *s, struct aw_err *err)
{
    size_t count;
    const struct aw_hit *hits = aw_matcher_hits(s->matcher, &count);
    struct aw_buf verdict;
    aw_rc rc;

    aw_json_open(&s->out, NULL, '{');
    aw_json_text(&s->out, "plain", view_text(s, AW_VIEW_PLAIN));
    aw_json_text(&s->out, "hard", view_text(s, AW_VIEW_HARD));
    aw_json_open(&s->out, "hits", '[');
    for (size_t i = 0; i < count; i++)
        json_hit(s, &hits[i]);
    aw_json_close(&s->out, ']');
    aw_buf_init(&verdict, OUT_MAX);
    rc = aw_verdict_json(&s->doc, &s->verdict, &verdict, err);
    aw_json_raw(&s->out, "verdict", aw_buf_str(&verdict));
    aw_buf_deinit(&verdict);
    aw_json_close(&s->out, '}');
    aw_buf_puts(&s->out, "\n");
    return rc;
}

/* ---- the steps ---------------------------------------------------------- */

/* Read anew: a lexicon that is used, not checked, keeps no lines. */
static aw_rc find_hits(struct steps *s,
                       const struct aw_classifier_config *config,
                       struct aw_err *err)
{
    aw_rc rc = aw_lexicon_read(&s->lexicon, config->lexicon_dir, err);

    if (rc == AW_OK)
        rc = aw_text_read(&s->text, &s->doc, err);
    if (rc == AW_OK)
        rc = aw_matcher_new(&s->matcher, s->lexicon, config->cache_dir, err);
    if (rc == AW_OK)
        rc = aw_matcher_run(s->matcher, &s->text, err);
    return rc == AW_OK ? aw_matcher_run_absent(s->matcher, &s->text, true, err)
                       : rc;
}

static aw_rc take_steps(struct steps *s,
                        const struct aw_classifier_config *config,
                        struct aw_err *err)
{
    struct aw_classifier *classifier = NULL;
    aw_rc rc = aw_classifier_new(&classifier, config, err);

    if (rc == AW_OK)
        rc = find_hits(s, config, err);
    if (rc == AW_OK)
        rc = aw_classifier_run(classifier, &s->doc, &s->verdict, err);
    /* The verdict's names of rules are the classifier's own. */
    if (rc == AW_OK && s->json)
        rc = json_all(s, err);
    else if (rc == AW_OK)
        print_all(s);
    aw_classifier_free(classifier);
    return rc;
}

aw_rc aw_lexicon_test(const struct aw_cli *cli, struct aw_str words,
                      struct aw_err *err)
{
    char lexicon[AW_PATH_MAX], model[AW_PATH_MAX], cache[AW_PATH_MAX];
    struct steps s = {.json = aw_cli_value(cli, "json") != NULL};
    struct aw_classifier_config config = {.lexicon_dir = lexicon,
                                          .model_path = model,
                                          .cache_dir = aw_cache_path(cache),
                                          .lazy = true};
    aw_rc rc = aw_rules_paths(cli, lexicon, model, err);

    if (aw_cli_value(cli, "no-model"))
        config.model_path = NULL;
    aw_text_init(&s.text);
    aw_document_init(&s.doc, AW_CHANNEL_WEB);
    aw_buf_init(&s.out, OUT_MAX);
    if (rc == AW_OK)
        rc = aw_text_whole(&s.doc, AW_BLOCK_MESSAGE, words, err);
    if (rc == AW_OK && s.doc.block_count == 0)
        rc = aw_fail(err, AW_INVALID, "there is no text to test");
    if (rc == AW_OK)
        rc = take_steps(&s, &config, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&s.out, err);
    if (rc == AW_OK)
        rc = aw_cli_print(aw_buf_str(&s.out), err);
    aw_verdict_deinit(&s.verdict);
    aw_buf_deinit(&s.out);
    aw_matcher_free(s.matcher);
    aw_document_deinit(&s.doc);
    aw_text_deinit(&s.text);
    aw_lexicon_free(s.lexicon);
    return rc;
}
