#include "classify/why.h"

#include <math.h>

#define REASON_MAX 1024 /* bytes */
#define PART_LEAST 0.05 /* log-odds; a smaller part is not told */
#define GRAMS 3

static const char *const kind_names[AW_DOC_KIND_COUNT] = {
    [AW_DOC_ADVERT] = "广告",
    [AW_DOC_WARNING] = "警示、投诉",
    [AW_DOC_NEWS] = "新闻",
    [AW_DOC_NOTICE] = "公告、条款",
    [AW_DOC_OTHER] = "其他"};

static aw_rc add(const struct aw_why *why, struct aw_buf *reason,
                 struct aw_err *err)
{
    struct aw_claim *claim = why->claim;
    aw_rc rc = aw_buf_check(reason, err);

    if (rc == AW_LIMIT)
        return AW_OK; /* one that long helps nobody */
    if (rc != AW_OK || reason->len == 0 ||
        claim->why_count >= AW_CLAIM_WHY_MAX)
        return rc;
    rc = aw_arena_dup(why->arena, aw_buf_str(reason),
                      &claim->why[claim->why_count], err);
    if (rc == AW_OK)
        claim->why_count++;
    return rc;
}

static aw_rc add_text(const struct aw_why *why, const char *head,
                      struct aw_str text, struct aw_err *err)
{
    struct aw_buf reason;
    aw_rc rc;

    aw_buf_init(&reason, REASON_MAX);
    aw_buf_puts(&reason, head);
    aw_buf_put(&reason, text);
    rc = add(why, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}

static aw_rc add_weighed(const struct aw_why *why, const char *head,
                         const struct aw_hit *hit, struct aw_err *err)
{
    struct aw_buf reason;
    aw_rc rc;

    aw_buf_init(&reason, REASON_MAX);
    for (size_t i = 0; i < hit->weighed_count; i++) {
        const struct aw_context *context = hit->weighed[i];

        aw_buf_puts(&reason, i ? "；" : head);
        aw_buf_put(&reason, context->why);
        aw_buf_printf(&reason, "（%+g）", context->weight);
    }
    rc = add(why, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}

static aw_rc add_grams(const struct aw_why *why, enum aw_view view,
                       size_t block, struct aw_range place, struct aw_err *err)
{
    const struct aw_normal *normal = &why->text->view[view];
    struct aw_range within = why->text->blocks[block].place[view];
    struct aw_str grams[GRAMS];
    struct aw_buf reason;
    size_t count;
    aw_rc rc;

    if (!why->model)
        return AW_OK;
    place = aw_text_around(normal, within, place, AW_PASSAGE_CHARS);
    count = aw_bayes_reasons(why->model->table, aw_normal_str(normal, place),
                             AW_COLUMN_PASSAGE, grams, GRAMS);
    aw_buf_init(&reason, REASON_MAX);
    for (size_t i = 0; i < count; i++)
        aw_buf_printf(&reason, "%s‘%.*s’", i ? "" : "文本特征：",
                      AW_STR_ARG(grams[i]));
    rc = add(why, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}

static aw_rc add_document(const struct aw_why *why, struct aw_err *err)
{
    struct aw_buf reason;
    aw_rc rc;

    if (!why->document)
        return AW_OK;
    aw_buf_init(&reason, REASON_MAX);
    aw_buf_printf(&reason, "全文判断：%s（%.2f）",
                  kind_names[why->document->best],
                  why->document->kind[why->document->best]);
    rc = add(why, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}

/* How the hard view came to the words. */
static aw_rc add_reading(const struct aw_why *why, const struct aw_hit *hit,
                         struct aw_err *err)
{
    if (aw_text_is_unmasked(why->text, hit->block, hit->origin))
        return add_text(why,
                        "用谐音、形近、拆开的字或拼音等写法，还原后读作：",
                        aw_normal_str(&why->text->view[hit->view], hit->place),
                        err);
    return add_text(why, "去掉字间的空格、换行和符号后读出",
                    (struct aw_str){0}, err);
}

aw_rc aw_why_hit(const struct aw_why *why, const struct aw_hit *hit,
                 struct aw_err *err)
{
    aw_rc rc = add_text(why, "", why->lexicon->rules[hit->rule].why, err);

    if (rc == AW_OK && hit->exempt_by)
        rc = add_text(why, "可能属于例外：", hit->exempt_by->why, err);
    if (rc == AW_OK && hit->view == AW_VIEW_HARD)
        rc = add_reading(why, hit, err);
    if (rc == AW_OK && aw_text_is_mended(why->text, hit->block, hit->origin))
        rc = add_text(why, "从图上识别的字形近易混，按此理解：",
                      aw_normal_str(&why->text->view[hit->view], hit->place),
                      err);
    if (rc == AW_OK)
        rc = add_weighed(why, "上下文：", hit, err);
    if (rc == AW_OK)
        rc = add_grams(why, hit->view, hit->block, hit->place, err);
    return rc == AW_OK ? add_document(why, err) : rc;
}

aw_rc aw_why_sentence(const struct aw_why *why, size_t block,
                      struct aw_range place, struct aw_err *err)
{
    static const char *const says[AW_CLAIM_CLASS_COUNT] = {
        [AW_CLAIM_CAPITAL_PROTECTION] = "保本",
        [AW_CLAIM_NO_RISK] = "无风险",
        [AW_CLAIM_GUARANTEED_RETURN] = "保收益",
        [AW_CLAIM_ASSURED_PROMISE] = "保证性承诺",
        [AW_CLAIM_ENDORSEMENT] = "推荐、证明"};
    const char *what = says[why->claim->class];
    aw_rc rc = add_text(why, "没有规则命中，模型认为这句话明示或者暗示",
                        aw_str_of(what ? what : "承诺"), err);

    if (rc == AW_OK)
        rc = add_grams(why, AW_VIEW_PLAIN, block, place, err);
    return rc == AW_OK ? add_document(why, err) : rc;
}

static aw_rc add_parts(const struct aw_why *why, const char *head,
                       const char *const *names,
                       const struct aw_weighing *weighing, struct aw_err *err)
{
    struct aw_buf reason;
    aw_rc rc;

    aw_buf_init(&reason, REASON_MAX);
    aw_buf_puts(&reason, head);
    for (int i = 0; i < AW_INPUT_COUNT; i++) {
        double part = weighing->logit->weight[i] * weighing->input[i];

        if (names[i] && fabs(part) >= PART_LEAST)
            aw_buf_printf(&reason, "%s%+.1f，", names[i], part);
    }
    aw_buf_printf(&reason, "合计%+.1f",
                  aw_logit_log_odds(weighing->logit, weighing->input));
    rc = add(why, &reason, err);
    aw_buf_deinit(&reason);
    return rc;
}

aw_rc aw_why_sum(const struct aw_why *why, const struct aw_weighing *weighing,
                 struct aw_err *err)
{
    static const char *const names[AW_INPUT_COUNT] = {
        [AW_INPUT_BIAS] = "基数",      [AW_INPUT_RULE] = "规则",
        [AW_INPUT_PASSAGE] = "前后文", [AW_INPUT_SUSPECT] = "全文承诺",
        [AW_INPUT_ADVERT] = "像广告",  [AW_INPUT_REPORT] = "像通报",
        [AW_INPUT_CONTEXT] = "上下文", [AW_INPUT_QUOTED] = "在引号内",
        [AW_INPUT_MARGIN] = "全文比对"};

    return add_parts(why, "分值构成：", names, weighing, err);
}

aw_rc aw_why_whole(const struct aw_why *why, const struct aw_hit *contexts,
                   const struct aw_weighing *weighing, struct aw_err *err)
{
    static const char *const names[AW_INPUT_COUNT] = {
        [AW_INPUT_BIAS] = "基数",         [AW_INPUT_HIT] = "最强规则",
        [AW_INPUT_SENTENCE] = "最强语句", [AW_INPUT_SUSPECT] = "全文承诺",
        [AW_INPUT_ADVERT] = "像广告",     [AW_INPUT_REPORT] = "像通报",
        [AW_INPUT_MARGIN] = "全文比对"};
    aw_rc rc = add_weighed(why, "全文用语：", contexts, err);

    return rc == AW_OK
               ? add_parts(why, "与全文合看才成立：", names, weighing, err)
               : rc;
}
