#include "classify/against.h"

static bool is_right(const struct aw_judged *judged)
{
    return judged->is == judged->found;
}

static void add(struct aw_discordant *out, const struct aw_corpus_text *text)
{
    if (out->count < AW_AGAINST_SHOWN)
        out->first[out->count] = text;
    out->count++;
}

aw_rc aw_against_make(struct aw_against *out,
                      const struct aw_eval_report *report,
                      const struct aw_eval_report *other, struct aw_err *err)
{
    const struct aw_judged *a = report->judged, *b = other->judged;

    *out = (struct aw_against){.other = other};
    for (size_t i = 0; i < report->texts; i++) {
        if (is_right(&a[i]) && !is_right(&b[i]))
            add(&out->this_alone, a[i].text);
        if (!is_right(&a[i]) && is_right(&b[i]))
            add(&out->other_alone, a[i].text);
    }
    out->p = aw_mcnemar(out->this_alone.count, out->other_alone.count);
    return aw_eval_f1_difference(a, b, report->texts, &out->difference, err);
}
