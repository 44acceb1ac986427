#include "classify/eval.h"

static void put_row(struct aw_buf *out, const char *name,
                    const struct aw_eval_counts *c)
{
    struct aw_interval p = aw_wilson(c->right, c->right + c->wrong);
    struct aw_interval r = aw_wilson(c->right, c->right + c->missed);

    aw_buf_printf(out,
                  "%-20s %5zu %5zu %5zu   %.3f [%.3f, %.3f]   "
                  "%.3f [%.3f, %.3f]   %.3f\n",
                  name, c->right, c->wrong, c->missed, p.value, p.low, p.high,
                  r.value, r.low, r.high, aw_eval_f1(c));
}

static void put_false_alarms(struct aw_buf *out,
                             const struct aw_eval_report *report)
{
    for (int label = 0; label < AW_VERDICT_SUSPECTED; label++)
        aw_buf_printf(out, "false alarms on %s texts: %zu of %zu\n",
                      aw_verdict_name((enum aw_verdict_kind)label),
                      report->suspected_of_label[label],
                      report->of_label[label]);
}

void aw_eval_text(const struct aw_eval_report *report, struct aw_buf *out)
{
    aw_buf_printf(out, "%zu texts\n%-20s %5s %5s %5s   %-22s   %-22s   %s\n",
                  report->texts, "", "right", "wrong", "missed",
                  "precision (95 %)", "recall (95 %)", "F1");
    put_row(out, "suspected", &report->verdict);
    aw_buf_printf(out, "F1 %.3f [%.3f, %.3f]\n", report->f1.value,
                  report->f1.low, report->f1.high);
    put_false_alarms(out, report);
    aw_buf_printf(out, "spans found: %zu of %zu; kinds right: %zu of %zu\n\n",
                  report->spans_found, report->spans, report->kinds_right,
                  report->texts);
    for (int c = 0; c < AW_CHANNEL_COUNT; c++)
        put_row(out, aw_channel_name((enum aw_channel)c),
                &report->by_channel[c]);
    aw_buf_putc(out, '\n');
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++)
        put_row(out, aw_claim_class_name((enum aw_claim_class)c),
                &report->by_class[c]);
}

static void put_interval(struct aw_buf *out, const char *name,
                         struct aw_interval i)
{
    aw_buf_printf(out, "\"%s\":[%.4f,%.4f,%.4f]", name, i.value, i.low,
                  i.high);
}

static void put_counts(struct aw_buf *out, const char *name,
                       const struct aw_eval_counts *c)
{
    aw_buf_printf(out, "\"%s\":{\"right\":%zu,\"wrong\":%zu,\"missed\":%zu,",
                  name, c->right, c->wrong, c->missed);
    put_interval(out, "precision", aw_wilson(c->right, c->right + c->wrong));
    aw_buf_putc(out, ',');
    put_interval(out, "recall", aw_wilson(c->right, c->right + c->missed));
    aw_buf_printf(out, ",\"f1\":%.4f}", aw_eval_f1(c));
}

void aw_eval_json(const struct aw_eval_report *report, struct aw_buf *out)
{
    aw_buf_printf(out, "{\"texts\":%zu,", report->texts);
    put_counts(out, "suspected", &report->verdict);
    aw_buf_putc(out, ',');
    put_interval(out, "f1", report->f1);
    for (int label = 0; label < AW_VERDICT_SUSPECTED; label++)
        aw_buf_printf(out, ",\"false_alarms_%s\":[%zu,%zu]",
                      aw_verdict_name((enum aw_verdict_kind)label),
                      report->suspected_of_label[label],
                      report->of_label[label]);
    aw_buf_printf(out, ",\"spans\":[%zu,%zu],\"kinds\":[%zu,%zu]",
                  report->spans_found, report->spans, report->kinds_right,
                  report->texts);
    aw_buf_puts(out, ",\"channels\":{");
    for (int c = 0; c < AW_CHANNEL_COUNT; c++) {
        aw_buf_puts(out, c ? "," : "");
        put_counts(out, aw_channel_name((enum aw_channel)c),
                   &report->by_channel[c]);
    }
    aw_buf_puts(out, "},\"classes\":{");
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++) {
        aw_buf_puts(out, c ? "," : "");
        put_counts(out, aw_claim_class_name((enum aw_claim_class)c),
                   &report->by_class[c]);
    }
    aw_buf_puts(out, "}}");
}
