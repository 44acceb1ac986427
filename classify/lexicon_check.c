#include "classify/lexicon_check.h"

#include "classify/lexicon_corpus.h"
#include "classify/lexicon_hostile.h"
#include "classify/match.h"

#define ARENA_MAX ((size_t)16 << 20)

struct check {
    const struct aw_lexicon *lexicon;
    struct aw_matcher *matcher;
    struct aw_text text;
    struct aw_lexicon_report *report;
};

/* The rule's hit in the text, claims before exempt and void ones; or NULL. */
static const struct aw_hit *find_hit(const struct check *check, size_t rule)
{
    const struct aw_hit *found = NULL;
    size_t count;
    const struct aw_hit *hits = aw_matcher_hits(check->matcher, &count);

    for (size_t i = 0; i < count; i++) {
        if (hits[i].rule != rule)
            continue;
        if (!hits[i].void_by && !hits[i].exempt_by)
            return &hits[i];
        found = &hits[i];
    }
    return found;
}

static void tell(struct check *check, const struct aw_rule *rule, int line,
                 const char *kind, size_t number, const char *what,
                 const struct aw_context *by)
{
    aw_problem_add(&check->report->problems, false,
                   "%s:%d: rule %.*s: %s example %zu %s%.*s", rule->file, line,
                   AW_STR_ARG(rule->id), kind, number, what,
                   by ? (int)by->id.len : 0, by ? by->id.ptr : "");
}

static aw_rc try_example(struct check *check, size_t number, size_t i,
                         bool must_hit, struct aw_err *err)
{
    const struct aw_rule *rule = &check->lexicon->rules[number];
    const struct aw_example *example =
        must_hit ? &rule->hits[i] : &rule->misses[i];
    const struct aw_hit *hit;
    const struct aw_context *by;
    aw_rc rc = aw_text_read_one(&check->text, example->text, err);

    if (rc == AW_OK)
        rc = aw_matcher_run(check->matcher, &check->text, err);
    if (rc == AW_OK)
        rc = aw_matcher_run_absent(check->matcher, &check->text, true, err);
    if (rc != AW_OK)
        return rc;
    hit = find_hit(check, number);
    by = !hit ? NULL : hit->void_by ? hit->void_by : hit->exempt_by;
    check->report->examples++;
    if (must_hit && !hit)
        tell(check, rule, example->line, "hit", i + 1, "does not match", NULL);
    else if (must_hit && by)
        tell(check, rule, example->line, "hit", i + 1, "is taken away by ",
             by);
    else if (!must_hit && hit && !by)
        tell(check, rule, example->line, "miss", i + 1, "matches", NULL);
    if (aw_matcher_gave_up(check->matcher) > 0)
        tell(check, rule, example->line, must_hit ? "hit" : "miss", i + 1,
             "costs too much to match", NULL);
    return AW_OK;
}

static aw_rc check_rule(struct check *check, size_t number, struct aw_err *err)
{
    const struct aw_rule *rule = &check->lexicon->rules[number];
    const char *why = aw_matcher_unfiltered(check->matcher, number);
    aw_rc rc = AW_OK;

    if (why)
        aw_problem_add(&check->report->problems, true,
                       "%s:%d: rule %.*s: the prefilter does not help: %s; "
                       "it is tried on all text",
                       rule->file, rule->line, AW_STR_ARG(rule->id), why);
    for (size_t i = 0; rc == AW_OK && rule->pattern && i < rule->hit_count;
         i++)
        rc = try_example(check, number, i, true, err);
    for (size_t i = 0; rc == AW_OK && rule->pattern && i < rule->miss_count;
         i++)
        rc = try_example(check, number, i, false, err);
    return rc;
}

static void copy_problems(struct aw_lexicon_report *report,
                          const struct aw_problems *from)
{
    for (size_t i = 0; i < from->count; i++)
        aw_problem_add(&report->problems, from->items[i].is_warning, "%.*s",
                       AW_STR_ARG(from->items[i].text));
    report->problems.errors += from->errors + from->warnings - from->count;
}

static void count_all(struct aw_lexicon_report *report,
                      const struct aw_lexicon *lexicon)
{
    report->files = lexicon->file_count;
    report->rules = lexicon->rule_count;
    report->provisions = lexicon->provision_count;
    report->lists = lexicon->list_count;
    report->severities = lexicon->severity_count;
    for (size_t i = 0; i < lexicon->context_count; i++) {
        if (lexicon->contexts[i].is_exemption)
            report->exemptions++;
        else
            report->contexts++;
    }
}

static aw_rc check_corpus(struct check *check, const char *path,
                          struct aw_err *err)
{
    struct aw_corpus corpus;
    aw_rc rc = aw_corpus_read(&corpus, path, err);

    if (rc == AW_OK)
        rc = aw_lexicon_corpus_check(check->lexicon, check->matcher, &corpus,
                                     &check->report->problems, err);
    check->report->texts = corpus.count;
    aw_corpus_deinit(&corpus);
    return rc;
}

static aw_rc check_rules(struct aw_lexicon_report *report,
                         const struct aw_lexicon *lexicon, const char *corpus,
                         struct aw_err *err)
{
    struct check check = {.lexicon = lexicon, .report = report};
    aw_rc rc;

    aw_text_init(&check.text);
    rc = aw_matcher_new(&check.matcher, lexicon, NULL, err);
    for (size_t i = 0; rc == AW_OK && i < lexicon->rule_count; i++)
        rc = check_rule(&check, i, err);
    if (rc == AW_OK)
        rc = aw_lexicon_hostile_check(lexicon, &report->problems, err);
    if (rc == AW_OK && corpus)
        rc = check_corpus(&check, corpus, err);
    aw_matcher_free(check.matcher);
    aw_text_deinit(&check.text);
    return rc;
}

aw_rc aw_lexicon_check(const char *dir, const char *corpus,
                       struct aw_lexicon_report *report, struct aw_err *err)
{
    struct aw_lexicon *lexicon = NULL;
    aw_rc rc;

    *report = (struct aw_lexicon_report){0};
    aw_arena_init(&report->arena, ARENA_MAX);
    report->problems.arena = &report->arena;
    rc = aw_lexicon_read(&lexicon, dir, err);
    if (rc != AW_OK)
        return rc;
    copy_problems(report, &lexicon->problems);
    count_all(report, lexicon);
    rc = check_rules(report, lexicon, corpus, err);
    aw_lexicon_free(lexicon);
    if (rc == AW_OK && report->problems.errors > 0)
        rc = aw_fail(err, AW_CONFIG, "%s: %zu errors", dir,
                     report->problems.errors);
    return rc;
}

void aw_lexicon_report_deinit(struct aw_lexicon_report *report)
{
    aw_arena_deinit(&report->arena);
    *report = (struct aw_lexicon_report){0};
}
