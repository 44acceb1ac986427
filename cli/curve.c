#include "cli/curve.h"

#include <stdio.h>
#include <string.h>

#include "reports/text.h"

#define WIDTH 640
#define HEIGHT 560
#define LEFT 80.0 /* of the plot */
#define TOP 80.0
#define RIGHT 600.0
#define BOTTOM 480.0
#define TICKS 5
#define TITLE_MAX 70 /* characters: what is longer runs out of the picture */

static double x_of(double recall)
{
    return LEFT + recall * (RIGHT - LEFT);
}

static double y_of(double precision)
{
    return BOTTOM - precision * (BOTTOM - TOP);
}

static void put_head(struct aw_buf *out, const struct aw_eval_report *report,
                     struct aw_str title)
{
    const struct aw_eval_counts *c = &report->verdict;

    aw_buf_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                  "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
                  "font-family=\"sans-serif\" font-size=\"14\" "
                  "fill=\"#222\">\n<title>Precision and recall: ",
                  WIDTH, HEIGHT, WIDTH, HEIGHT);
    aw_text_html(out, title);
    aw_buf_printf(out,
                  "</title>\n<desc>Precision by recall as the threshold "
                  "falls. Average precision %.3f; the verdicts have precision "
                  "%.3f and recall %.3f.</desc>\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
                  "<text x=\"%.0f\" y=\"32\" font-size=\"18\">",
                  report->average_precision, aw_eval_precision(c),
                  aw_eval_recall(c), LEFT);
    aw_text_html(out, aw_text_first(title, TITLE_MAX));
    aw_buf_printf(out,
                  "</text>\n<text x=\"%.0f\" y=\"56\" fill=\"#555\">%zu "
                  "texts, %zu suspected; average precision %.3f</text>\n",
                  LEFT, report->texts, c->right + c->missed,
                  report->average_precision);
}

static void put_ticks(struct aw_buf *out)
{
    aw_buf_puts(out, "<g stroke=\"#ddd\">\n");
    for (int i = 0; i <= TICKS; i++)
        aw_buf_printf(out, "<path d=\"M%.1f %.1fV%.1fM%.1f %.1fH%.1f\"/>\n",
                      x_of((double)i / TICKS), TOP, BOTTOM, LEFT,
                      y_of((double)i / TICKS), RIGHT);
    aw_buf_puts(out, "</g>\n");
    for (int i = 0; i <= TICKS; i++)
        aw_buf_printf(out,
                      "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">"
                      "%.1f</text>\n<text x=\"%.0f\" y=\"%.1f\" "
                      "text-anchor=\"end\">%.1f</text>\n",
                      x_of((double)i / TICKS), BOTTOM + 20, (double)i / TICKS,
                      LEFT - 10, y_of((double)i / TICKS) + 5,
                      (double)i / TICKS);
}

static void put_axes(struct aw_buf *out)
{
    double x = (LEFT + RIGHT) / 2, y = (TOP + BOTTOM) / 2;

    put_ticks(out);
    aw_buf_printf(out,
                  "<path d=\"M%.1f %.1fV%.1fH%.1f\" fill=\"none\" "
                  "stroke=\"#222\"/>\n"
                  "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">recall: "
                  "share of suspected texts that are found</text>\n"
                  "<text transform=\"translate(24 %.0f) rotate(-90)\" "
                  "text-anchor=\"middle\">precision: share of found texts "
                  "that are right</text>\n",
                  LEFT, TOP, BOTTOM, RIGHT, x, BOTTOM + 50, y);
}

/* What a judge by lot would have. */
static void put_chance(struct aw_buf *out, double share)
{
    bool is_high = share > 0.9;

    aw_buf_printf(out,
                  "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#888\" "
                  "stroke-dasharray=\"4 4\"/>\n"
                  "<text x=\"%.0f\" y=\"%.1f\" fill=\"#555\" "
                  "font-size=\"12\">by lot: %.3f</text>\n",
                  LEFT, y_of(share), RIGHT, LEFT + 8,
                  y_of(share) + (is_high ? 16 : -6), share);
}

/* Steps of less than what can be seen are left out. */
static void put_steps(struct aw_buf *out, struct aw_curve *curve)
{
    char step[64], before[64] = "";
    double recall = 0;

    aw_buf_printf(out, "<path d=\"M%.1f %.1f", x_of(0), y_of(1));
    while (aw_curve_next(curve)) {
        if (curve->recall <= recall)
            continue; /* no width: no part of the area */
        recall = curve->recall;
        (void)snprintf(step, sizeof step, "V%.1fH%.1f", y_of(curve->precision),
                       x_of(recall));
        if (strcmp(step, before) != 0)
            aw_buf_puts(out, step);
        memcpy(before, step, sizeof before);
    }
    aw_buf_puts(out, "\" fill=\"none\" stroke=\"#1a5fb4\" "
                     "stroke-width=\"2\" stroke-linejoin=\"round\"/>\n");
}

/* Where the verdicts stand. Its words lie below, where there is more room. */
static void put_verdicts(struct aw_buf *out, const struct aw_eval_counts *c)
{
    double precision = aw_eval_precision(c), recall = aw_eval_recall(c);
    bool is_left = recall < 0.5, is_low = precision < 0.2;
    double x = x_of(recall), y = y_of(precision);

    aw_buf_printf(out,
                  "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"6\" fill=\"#c01c28\" "
                  "stroke=\"#fff\" stroke-width=\"2\"/>\n"
                  "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
                  "fill=\"#c01c28\" stroke=\"#fff\" stroke-width=\"4\" "
                  "paint-order=\"stroke\">chosen threshold: precision %.3f, "
                  "recall %.3f</text>\n",
                  x, y, is_left ? x + 10 : x - 10, is_low ? y - 14 : y + 24,
                  is_left ? "start" : "end", precision, recall);
}

aw_rc aw_curve_svg(const struct aw_eval_report *report, struct aw_str title,
                   struct aw_buf *out, struct aw_err *err)
{
    struct aw_curve curve;

    aw_curve_init(&curve, report->ranked, report->texts);
    if (curve.yes == 0)
        return aw_fail(err, AW_INVALID,
                       "no text of '%.*s' is labelled suspected: a curve "
                       "needs some",
                       AW_STR_ARG(title));
    put_head(out, report, title);
    put_axes(out);
    put_chance(out, (double)curve.yes / (double)report->texts);
    put_steps(out, &curve);
    put_verdicts(out, &report->verdict);
    aw_buf_puts(out, "</svg>\n");
    return aw_buf_check(out, err);
}
