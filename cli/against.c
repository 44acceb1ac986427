#include "cli/against.h"

#include "reports/text.h"

static void put_interval(struct aw_buf *out, struct aw_interval i)
{
    aw_buf_printf(out, "   %.3f [%.3f, %.3f]", i.value, i.low, i.high);
}

/* Figures with an interval, then those without. */
static struct aw_interval precision_of(const struct aw_eval_report *report)
{
    const struct aw_eval_counts *c = &report->verdict;

    return aw_wilson(c->right, c->right + c->wrong);
}

static struct aw_interval recall_of(const struct aw_eval_report *report)
{
    const struct aw_eval_counts *c = &report->verdict;

    return aw_wilson(c->right, c->right + c->missed);
}

static struct aw_interval f1_of(const struct aw_eval_report *report)
{
    return report->f1;
}

static double average_precision_of(const struct aw_eval_report *report)
{
    return report->average_precision;
}

static double brier_of(const struct aw_eval_report *report)
{
    return report->calibration.brier;
}

static double ece_of(const struct aw_eval_report *report)
{
    return report->calibration.ece;
}

static void put_intervals(struct aw_buf *out,
                          const struct aw_eval_report *report,
                          const struct aw_eval_report *other)
{
    static const struct {
        const char *name;
        struct aw_interval (*of)(const struct aw_eval_report *report);
    } rows[] = {{"precision (95 %)", precision_of},
                {"recall (95 %)", recall_of},
                {"F1 (95 %)", f1_of}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        aw_buf_printf(out, "%-26s", rows[i].name);
        put_interval(out, rows[i].of(report));
        put_interval(out, rows[i].of(other));
        aw_buf_putc(out, '\n');
    }
}

static void put_figures(struct aw_buf *out,
                        const struct aw_eval_report *report,
                        const struct aw_eval_report *other)
{
    static const struct {
        const char *name;
        double (*of)(const struct aw_eval_report *report);
    } rows[] = {{"average precision", average_precision_of},
                {"Brier score", brier_of},
                {"expected calibration error", ece_of}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        aw_buf_printf(out, "%-26s   %-20.4f   %.4f\n", rows[i].name,
                      rows[i].of(report), rows[i].of(other));
}

static void put_counts(struct aw_buf *out, const struct aw_eval_report *report,
                       const struct aw_eval_report *other)
{
    const struct aw_eval_counts *a = &report->verdict, *b = &other->verdict;

    aw_buf_printf(out, "%-26s   %-20zu   %zu\n", "right", a->right, b->right);
    aw_buf_printf(out, "%-26s   %-20zu   %zu\n", "false alarms", a->wrong,
                  b->wrong);
    aw_buf_printf(out, "%-26s   %-20zu   %zu\n", "missed", a->missed,
                  b->missed);
}

/* A text's label tells what the other one did. */
static void put_texts(struct aw_buf *out, const char *which,
                      const struct aw_discordant *texts)
{
    aw_buf_printf(out, "\n%s alone is right on %zu texts", which,
                  texts->count);
    if (texts->count > AW_AGAINST_SHOWN)
        aw_buf_printf(out, ", of which the first %d", AW_AGAINST_SHOWN);
    aw_buf_puts(out, texts->count ? ":\n" : "\n");
    for (size_t i = 0; i < texts->count && i < AW_AGAINST_SHOWN; i++) {
        aw_buf_puts(out, "  ");
        aw_text_tame(out, texts->first[i]->id);
        aw_buf_printf(out, " (%s)\n", aw_verdict_name(texts->first[i]->label));
    }
}

void aw_against_text(const struct aw_eval_report *report,
                     const struct aw_against *against, struct aw_str other,
                     struct aw_buf *out)
{
    const struct aw_interval *d = &against->difference;

    aw_buf_puts(out, "\nagainst ");
    aw_text_tame(out, other);
    aw_buf_printf(out, "\n%-26s   %-20s   %s\n", "", "this model",
                  "the other");
    put_intervals(out, report, against->other);
    put_figures(out, report, against->other);
    put_counts(out, report, against->other);
    aw_buf_printf(out,
                  "F1 of this model less the other's: %+.3f [%+.3f, %+.3f]\n"
                  "McNemar's exact test: p = %.3g\n",
                  d->value, d->low, d->high, against->p);
    put_texts(out, "this model", &against->this_alone);
    put_texts(out, "the other", &against->other_alone);
}
