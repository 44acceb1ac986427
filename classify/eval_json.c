#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "classify/against.h"
#include "classify/eval_report.h"

/* More than four decimals say nothing. */
static void put_real(struct aw_buf *out, const char *name, double value)
{
    aw_json_real(out, name, round(value * 1e4) / 1e4);
}

static void put_size(struct aw_buf *out, const char *name, size_t value)
{
    aw_json_int(out, name, (int64_t)value);
}

static void put_interval(struct aw_buf *out, const char *name,
                         struct aw_interval i)
{
    aw_json_open(out, name, '[');
    put_real(out, NULL, i.value);
    put_real(out, NULL, i.low);
    put_real(out, NULL, i.high);
    aw_json_close(out, ']');
}

static void put_pair(struct aw_buf *out, const char *name, size_t yes,
                     size_t of)
{
    aw_json_open(out, name, '[');
    put_size(out, NULL, yes);
    put_size(out, NULL, of);
    aw_json_close(out, ']');
}

static void put_counts(struct aw_buf *out, const char *name,
                       const struct aw_eval_counts *c)
{
    aw_json_open(out, name, '{');
    put_size(out, "right", c->right);
    put_size(out, "wrong", c->wrong);
    put_size(out, "missed", c->missed);
    put_interval(out, "precision", aw_wilson(c->right, c->right + c->wrong));
    put_interval(out, "recall", aw_wilson(c->right, c->right + c->missed));
    put_real(out, "f1", aw_eval_f1(c));
    aw_json_close(out, '}');
}

static void json_whole(struct aw_buf *out, const struct aw_eval_report *report)
{
    char name[40];

    put_size(out, "texts", report->texts);
    put_counts(out, "suspected", &report->verdict);
    put_interval(out, "f1", report->f1);
    for (int label = 0; label < AW_VERDICT_SUSPECTED; label++) {
        (void)snprintf(name, sizeof name, "false_alarms_%s",
                       aw_verdict_name((enum aw_verdict_kind)label));
        put_pair(out, name, report->suspected_of_label[label],
                 report->of_label[label]);
    }
    put_pair(out, "spans", report->spans_found, report->spans);
    put_pair(out, "kinds", aw_eval_kinds_right(report), report->texts);
}

/* By label; "judged_as" are the kinds that the verdicts say. */
static void json_kind(struct aw_buf *out, const struct aw_eval_report *report,
                      enum aw_doc_kind kind)
{
    const struct aw_eval_counts *c = &report->by_kind[kind];

    aw_json_open(out, aw_doc_kind_name(kind), '{');
    put_size(out, "right", c->right);
    put_size(out, "wrong", c->wrong);
    put_size(out, "missed", c->missed);
    put_size(out, "rest", c->rest);
    put_interval(out, "recall", aw_wilson(c->right, c->right + c->missed));
    put_interval(out, "false_alarms", aw_wilson(c->wrong, aw_eval_lawful(c)));
    aw_json_open(out, "judged_as", '{');
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        put_size(out, aw_doc_kind_name((enum aw_doc_kind)k),
                 report->kinds[kind][k]);
    aw_json_close(out, '}');
    aw_json_close(out, '}');
}

static void json_tables(struct aw_buf *out,
                        const struct aw_eval_report *report)
{
    aw_json_open(out, "channels", '{');
    for (int c = 0; c < AW_CHANNEL_COUNT; c++)
        put_counts(out, aw_channel_name((enum aw_channel)c),
                   &report->by_channel[c]);
    aw_json_close(out, '}');
    aw_json_open(out, "classes", '{');
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++)
        put_counts(out, aw_claim_class_name((enum aw_claim_class)c),
                   &report->by_class[c]);
    aw_json_close(out, '}');
    aw_json_open(out, "by_kind", '{');
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        json_kind(out, report, (enum aw_doc_kind)k);
    aw_json_close(out, '}');
}

static void json_calibration(struct aw_buf *out,
                             const struct aw_calibration *c)
{
    aw_json_open(out, "calibration", '{');
    put_real(out, "brier", c->brier);
    put_real(out, "ece", c->ece);
    aw_json_open(out, "bins", '[');
    for (int b = 0; b < AW_CALIBRATION_BINS; b++) {
        const struct aw_calibration_bin *bin = &c->bins[b];
        double of = bin->count ? (double)bin->count : NAN;

        aw_json_open(out, NULL, '{');
        put_real(out, "from", (double)b / AW_CALIBRATION_BINS);
        put_size(out, "texts", bin->count);
        put_real(out, "mean_score", bin->sum / of);
        put_real(out, "suspected", (double)bin->yes / of);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static void json_capacity_row(struct aw_buf *out, struct aw_capacity row)
{
    aw_json_open(out, NULL, '{');
    put_size(out, "looked", row.looked);
    put_real(out, "right", row.right);
    put_real(out, "precision", row.precision);
    put_real(out, "recall", row.recall);
    aw_json_real(out, "last", row.last); /* a threshold: exact */
    aw_json_close(out, '}');
}

/* With the verdict as `classify` has it, and the whole text. */
static void json_mistake(struct aw_buf *out, const struct aw_mistake *mistake)
{
    const struct aw_corpus_text *text = mistake->text;
    struct aw_document doc;
    struct aw_buf verdict;
    struct aw_err err;

    aw_document_init(&doc, text->channel);
    doc.id = text->id;
    aw_buf_init(&verdict, out->max);
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "id", text->id);
    aw_json_text(out, "label", aw_str_of(aw_verdict_name(text->label)));
    aw_json_text(out, "kind", aw_str_of(aw_doc_kind_name(text->kind)));
    aw_json_real(out, "score", mistake->verdict.leaning);
    aw_json_text(out, "text", text->text);
    if (aw_verdict_json(&doc, &mistake->verdict, &verdict, &err) == AW_OK)
        aw_json_raw(out, "verdict", aw_buf_str(&verdict));
    else
        out->rc = err.rc;
    aw_json_close(out, '}');
    aw_buf_deinit(&verdict);
    aw_document_deinit(&doc);
}

static void json_list(struct aw_buf *out, const char *name,
                      const struct aw_mistake_list *list)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < list->count; i++)
        json_mistake(out, &list->items[i]);
    aw_json_close(out, ']');
}

static void json_discordant(struct aw_buf *out, const char *name,
                            const struct aw_discordant *texts)
{
    aw_json_open(out, name, '{');
    put_size(out, "texts", texts->count);
    aw_json_open(out, "first", '[');
    for (size_t i = 0; i < texts->count && i < AW_AGAINST_SHOWN; i++)
        aw_json_text(out, NULL, texts->first[i]->id);
    aw_json_close(out, ']');
    aw_json_close(out, '}');
}

static void json_against(struct aw_buf *out, const struct aw_against *against)
{
    const struct aw_eval_report *other = against->other;

    aw_json_open(out, "against", '{');
    json_whole(out, other);
    json_calibration(out, &other->calibration);
    put_real(out, "average_precision", other->average_precision);
    put_interval(out, "difference", against->difference);
    json_discordant(out, "this_alone", &against->this_alone);
    json_discordant(out, "other_alone", &against->other_alone);
    aw_json_real(out, "mcnemar_p", against->p); /* may be very small */
    aw_json_close(out, '}');
}

void aw_eval_json(const struct aw_eval_report *report,
                  const struct aw_eval_shown *shown, struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    json_whole(out, report);
    json_tables(out, report);
    json_calibration(out, &report->calibration);
    put_real(out, "average_precision", report->average_precision);
    aw_json_open(out, "capacity", '[');
    aw_eval_each_capacity(report, shown->capacity, json_capacity_row, out);
    aw_json_close(out, ']');
    if (report->mistakes.most > 0) {
        json_list(out, "false_alarms", &report->mistakes.alarms);
        json_list(out, "missed", &report->mistakes.misses);
    }
    if (shown->against)
        json_against(out, shown->against);
    aw_json_close(out, '}');
}
