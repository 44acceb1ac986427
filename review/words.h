/* words.h - codes that a person chooses from: classes of claim, and reasons of
 * a decision, each with its words for people.
 *
 * A code is what the store, the API, exports and the audit hold: it is ASCII,
 * compared byte for byte, and is never given another meaning, since decisions
 * of years ago are read by it. New ones are put last; none is taken away. The
 * server hands both lists to its page (policy.c), so that no other lists them.
 */
#ifndef AW_REVIEW_WORDS_H
#define AW_REVIEW_WORDS_H

#include "base/error.h"
#include "base/str.h"

/* X(code, Chinese): what the classifier knows (classify/classify.h; a test
 * holds the two together). */
#define AW_CLASS_LIST(X)                   \
    X("capital_protection", "保本")        \
    X("no_risk", "无风险")                 \
    X("guaranteed_return", "保收益")       \
    X("assured_promise", "其他保证性承诺") \
    X("endorsement", "推荐证明")           \
    X("no_risk_warning", "缺风险提示")

/* AW_INVALID where it is none of these; the message names them all. An empty
 * one is none of them: where a class may be left out, ask before. */
aw_rc aw_class_check(struct aw_str class, struct aw_err *err) AW_MUST_USE;

/* X(code, Chinese, English): why a finding is dismissed. A code may be given
 * with any decision; "other" says nothing without a text. */
#define AW_REASON_LIST(X)                                                     \
    X("warning", "警示、新闻或投诉", "a warning, news or a complaint")        \
    X("lawful_product", "存款、国债、保险等合法产品",                         \
      "a deposit, government bond, insurance: lawful")                        \
    X("negated", "否定表述或已作风险提示", "says the opposite, or discloses") \
    X("other_sense", "词义不同", "the words have another sense")              \
    X("not_advert", "不是广告", "not an advertisement")                       \
    X("other_place", "不属本辖区", "another place is competent")              \
    X("duplicate", "重复线索", "the same as another finding")                 \
    X("other", "其他", "another reason")

struct aw_reason {
    const char *code, *zh, *en; /* UTF-8; literals */
};

/* In the order above; the terminal numbers them from 1, by one digit: at most
 * nine. */
extern const struct aw_reason aw_reasons[]; /* ended by a code of NULL */

/* As aw_class_check. */
aw_rc aw_reason_check(struct aw_str code, struct aw_err *err) AW_MUST_USE;

#endif
