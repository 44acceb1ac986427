#include "classify/eval_report.h"

#include <math.h>

/* A figure that there may be none of. */
static void put_figure(struct aw_buf *out, double value)
{
    if (isnan(value))
        aw_buf_printf(out, "%9s", "-");
    else
        aw_buf_printf(out, "%9.3f", value);
}

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

static void put_whole(struct aw_buf *out, const struct aw_eval_report *report)
{
    aw_buf_printf(out, "%zu texts\n%-20s %5s %5s %5s   %-22s   %-22s   %s\n",
                  report->texts, "", "right", "wrong", "missed",
                  "precision (95 %)", "recall (95 %)", "F1");
    put_row(out, "suspected", &report->verdict);
    aw_buf_printf(out, "F1 %.3f [%.3f, %.3f]\n", report->f1.value,
                  report->f1.low, report->f1.high);
    put_false_alarms(out, report);
    aw_buf_printf(out, "spans found: %zu of %zu; kinds right: %zu of %zu\n",
                  report->spans_found, report->spans,
                  aw_eval_kinds_right(report), report->texts);
}

/* A share, or a dash where there is nothing that it could be of. */
static void put_share(struct aw_buf *out, size_t yes, size_t of)
{
    struct aw_interval i = aw_wilson(yes, of);

    aw_buf_printf(out, "   %5zu of %5zu", yes, of);
    if (of == 0)
        aw_buf_printf(out, " %-20s", "-");
    else
        aw_buf_printf(out, " %.3f [%.3f, %.3f]", i.value, i.low, i.high);
}

static void put_kinds(struct aw_buf *out, const struct aw_eval_report *report)
{
    aw_buf_printf(out, "\n%-10s   %-34s   %s\n", "kind", "recall (95 %)",
                  "false alarms (95 %)");
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        const struct aw_eval_counts *c = &report->by_kind[k];

        aw_buf_printf(out, "%-10s", aw_doc_kind_name((enum aw_doc_kind)k));
        put_share(out, c->right, c->right + c->missed);
        put_share(out, c->wrong, aw_eval_lawful(c));
        aw_buf_putc(out, '\n');
    }
}

static void put_confusion(struct aw_buf *out,
                          const struct aw_eval_report *report)
{
    aw_buf_printf(out, "\n%-10s", "judged as");
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++)
        aw_buf_printf(out, " %8s", aw_doc_kind_name((enum aw_doc_kind)k));
    aw_buf_putc(out, '\n');
    for (int k = 0; k < AW_DOC_KIND_COUNT; k++) {
        aw_buf_printf(out, "%-10s", aw_doc_kind_name((enum aw_doc_kind)k));
        for (int judged = 0; judged < AW_DOC_KIND_COUNT; judged++)
            aw_buf_printf(out, " %8zu", report->kinds[k][judged]);
        aw_buf_putc(out, '\n');
    }
}

static void put_calibration(struct aw_buf *out, const struct aw_calibration *c)
{
    aw_buf_printf(out,
                  "\ncalibration: Brier score %.4f, expected calibration "
                  "error %.4f\n%-10s %8s %11s %10s\n",
                  c->brier, c->ece, "score", "texts", "mean score",
                  "suspected");
    for (int b = 0; b < AW_CALIBRATION_BINS; b++) {
        const struct aw_calibration_bin *bin = &c->bins[b];
        double of = bin->count ? (double)bin->count : NAN;

        aw_buf_printf(out, "%.1f to %.1f %8zu  ",
                      (double)b / AW_CALIBRATION_BINS,
                      (double)(b + 1) / AW_CALIBRATION_BINS, bin->count);
        put_figure(out, bin->sum / of);
        aw_buf_puts(out, "  ");
        put_figure(out, (double)bin->yes / of);
        aw_buf_putc(out, '\n');
    }
}

static void put_capacity_row(struct aw_buf *out, struct aw_capacity row)
{
    aw_buf_printf(out, "%9zu %9.1f ", row.looked, row.right);
    put_figure(out, row.precision);
    aw_buf_putc(out, ' ');
    put_figure(out, row.recall);
    aw_buf_printf(out, " %10.4f\n", row.last);
}

void aw_eval_text(const struct aw_eval_report *report,
                  const struct aw_eval_shown *shown, struct aw_buf *out)
{
    put_whole(out, report);
    aw_buf_putc(out, '\n');
    for (int c = 0; c < AW_CHANNEL_COUNT; c++)
        put_row(out, aw_channel_name((enum aw_channel)c),
                &report->by_channel[c]);
    aw_buf_putc(out, '\n');
    for (int c = 0; c < AW_CLAIM_CLASS_COUNT; c++)
        put_row(out, aw_claim_class_name((enum aw_claim_class)c),
                &report->by_class[c]);
    put_kinds(out, report);
    put_confusion(out, report);
    put_calibration(out, &report->calibration);
    aw_buf_puts(out, "\naverage precision");
    put_figure(out, report->average_precision);
    aw_buf_printf(out, "\n%9s %9s %9s %9s %10s\n", "looked at", "right",
                  "precision", "recall", "last score");
    aw_eval_each_capacity(report, shown->capacity, put_capacity_row, out);
}
