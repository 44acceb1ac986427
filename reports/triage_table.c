#include "reports/finding_json.h"
#include "reports/hand_in.h"
#include "reports/text.h"
#include "reports/triage_private.h"

#include "base/clock.h"
#include "base/utf8.h"

#define CONTEXT 20 /* code points on each side of a quote */
#define ID_COLUMNS 6
#define SCORE_COLUMNS 6
#define WORD_COLUMNS 6
#define HAND_INS 3 /* shown of one finding */
#define GAP 2
#define INDENT (ID_COLUMNS + GAP) /* of title and claims */
#define LINE_MAX ((size_t)1 << 20)

#define BOLD "\x1B[1m"
#define MARK "\x1B[1;31m"
#define DIM "\x1B[2m"
#define PLAIN "\x1B[0m"

/* A line that is broken at `width` and goes on at `indent`; 0: never. */
struct flow {
    struct aw_buf *out;
    int width, indent, at;
};

static void flow_break(struct flow *flow)
{
    aw_buf_putc(flow->out, '\n');
    aw_text_blanks(flow->out, flow->indent);
    flow->at = flow->indent;
}

/* text is tame. */
static void flow_put(struct flow *flow, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);
        int columns = aw_text_columns(cp);

        if (flow->width > 0 && flow->at + columns > flow->width)
            flow_break(flow);
        aw_utf8_put(flow->out, cp);
        flow->at += columns;
    }
}

static void flow_tame(struct flow *flow, struct aw_str text)
{
    struct aw_buf tame;

    aw_buf_init(&tame, LINE_MAX);
    aw_text_tame(&tame, text);
    flow_put(flow, aw_buf_str(&tame));
    if (tame.rc != AW_OK)
        flow->out->rc = tame.rc;
    aw_buf_deinit(&tame);
}

static void put_colour(struct aw_buf *out,
                       const struct aw_triage_options *options,
                       const char *colour)
{
    if (options->colour)
        aw_buf_puts(out, colour);
}

static int width_of(const struct aw_triage_options *options)
{
    if (options->width > 0 && options->width < AW_TRIAGE_WIDTH_MIN)
        return AW_TRIAGE_WIDTH_MIN;
    return options->width > 0 ? options->width : 0;
}

void aw_triage_table_head(struct aw_buf *out,
                          const struct aw_triage_options *options)
{
    put_colour(out, options, BOLD);
    aw_buf_puts(out, "涉嫌违法广告线索");
    put_colour(out, options, PLAIN);
    aw_buf_puts(out, "\n\n");
    put_colour(out, options, DIM);
    aw_buf_puts(out, "  编号  紧急度  ");
    aw_text_cell(out, AW_STR("状态"), WORD_COLUMNS + GAP);
    aw_text_cell(out, AW_STR("渠道"), WORD_COLUMNS + GAP);
    aw_buf_puts(out, "网站，标题");
    put_colour(out, options, PLAIN);
    aw_buf_putc(out, '\n');
}

static void put_line(struct aw_buf *out,
                     const struct aw_triage_options *options,
                     const struct aw_finding *f)
{
    struct flow flow = {out, width_of(options), INDENT, 0};

    put_colour(out, options, BOLD);
    aw_buf_printf(out, "%*lld  %*.2f  ", ID_COLUMNS, (long long)f->id,
                  SCORE_COLUMNS, f->urgency);
    aw_text_cell(out, aw_text_state(f->state), WORD_COLUMNS + GAP);
    aw_text_cell(out, aw_text_channel(f->channel), WORD_COLUMNS + GAP);
    flow.at = ID_COLUMNS + SCORE_COLUMNS + 2 * WORD_COLUMNS + 4 * GAP;
    /* What was handed in has no host: where it came from stands there. */
    flow_tame(&flow, f->host.len > 0 ? f->host : f->source);
    flow_break(&flow);
    flow_tame(&flow, f->title);
    put_colour(out, options, PLAIN);
    aw_buf_putc(out, '\n');
}

/* Its page may be gone, the finding is not: what was archived shows it. */
static void put_gone(struct aw_buf *out,
                     const struct aw_triage_options *options,
                     const struct aw_finding *f)
{
    struct flow flow = {out, width_of(options), INDENT, INDENT};
    char time[AW_TIME_MAX];

    if (f->gone_ms == 0)
        return;
    aw_time_beijing(f->gone_ms, time);
    aw_text_blanks(out, INDENT);
    flow_put(&flow, AW_STR("已于 "));
    flow_put(&flow, aw_str_of(time));
    flow_put(&flow, AW_STR(" 下线或改动: "));
    flow_tame(&flow, f->gone_why);
    aw_buf_putc(out, '\n');
}

static void flow_part(struct flow *flow, const char *before,
                      struct aw_str text)
{
    if (text.len == 0)
        return;
    flow_put(flow, aw_str_of(before));
    flow_tame(flow, text);
}

static void put_hand_in(struct aw_buf *out,
                        const struct aw_triage_options *options,
                        const struct aw_hand_in *h)
{
    struct flow flow = {out, width_of(options), INDENT, INDENT};
    struct aw_buf seen;

    if (!aw_hand_in_says(h))
        return;
    aw_buf_init(&seen, LINE_MAX);
    aw_hand_in_seen(&seen, h);
    aw_text_blanks(out, INDENT);
    flow_put(&flow, AW_STR("报送："));
    flow_tame(&flow, seen.len > 0 ? aw_buf_str(&seen) : AW_STR("时间不详"));
    flow_part(&flow, "，", h->place);
    flow_part(&flow, "，代码 ", h->who);
    flow_part(&flow, "，备注：", h->note);
    aw_buf_putc(out, '\n');
    aw_buf_deinit(&seen);
}

/* Where, when and by whom it was handed in: the first times. */
static void put_hand_ins(struct aw_buf *out,
                         const struct aw_triage_options *options,
                         const struct aw_finding *f)
{
    for (size_t i = 0; i < f->hand_in_count && i < HAND_INS; i++)
        put_hand_in(out, options, &f->hand_ins[i]);
    if (f->hand_in_times < 2)
        return;
    aw_text_blanks(out, INDENT);
    aw_buf_printf(out, "共报送 %lld 次\n", (long long)f->hand_in_times);
}

static void put_quote(struct flow *flow,
                      const struct aw_triage_options *options,
                      const struct aw_claim_row *c)
{
    if (c->quote.len == 0) {
        flow_put(flow, AW_STR("（未见风险提示，故无引文）"));
        return;
    }
    flow_tame(flow, aw_text_last(c->before, CONTEXT));
    put_colour(flow->out, options, MARK);
    if (!options->colour)
        flow_put(flow, AW_STR("【"));
    flow_tame(flow, c->quote);
    if (!options->colour)
        flow_put(flow, AW_STR("】"));
    put_colour(flow->out, options, PLAIN);
    flow_tame(flow, aw_text_first(c->after, CONTEXT));
}

struct first {
    struct aw_buf *out;
    bool seen;
};

static void keep_first(void *self, struct aw_str text)
{
    struct first *first = self;

    if (!first->seen)
        aw_buf_put(first->out, text);
    first->seen = true;
}

/* Rule, provisions and the first reason, with dots between. */
static aw_rc put_ground(struct flow *flow,
                        const struct aw_triage_options *options,
                        const struct aw_claim_row *c, int64_t wall_ms,
                        struct aw_err *err)
{
    struct aw_buf line;
    struct first first = {&line, false};
    aw_rc rc;

    aw_buf_init(&line, LINE_MAX);
    aw_buf_put(&line, c->rule);
    if (c->rule_version.len > 0)
        aw_buf_printf(&line, " v%.*s", AW_STR_ARG(c->rule_version));
    aw_buf_puts(&line, " · ");
    rc = aw_triage_laws(&line, options->provisions, c, wall_ms, err);
    aw_buf_puts(&line, " · ");
    if (rc == AW_OK)
        rc = aw_json_texts(c->why, keep_first, &first, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&line, err);
    if (rc == AW_OK)
        flow_tame(flow, aw_buf_str(&line));
    aw_buf_deinit(&line);
    return rc;
}

static aw_rc put_claim(struct aw_buf *out,
                       const struct aw_triage_options *options,
                       const struct aw_claim_row *c, int64_t wall_ms,
                       struct aw_err *err)
{
    struct aw_str class = aw_text_class(c->class);
    struct flow flow = {out, width_of(options),
                        INDENT + GAP + aw_text_width(class), 0};
    aw_rc rc;

    aw_text_blanks(out, INDENT);
    aw_text_tame(out, class);
    aw_text_blanks(out, GAP);
    flow.at = flow.indent;
    put_quote(&flow, options, c);
    flow_break(&flow);
    put_colour(out, options, DIM);
    rc = put_ground(&flow, options, c, wall_ms, err);
    put_colour(out, options, PLAIN);
    aw_buf_putc(out, '\n');
    return rc;
}

/* How many other claims of the finding come before number i. */
static size_t rank_of(const struct aw_finding *finding, size_t i)
{
    const struct aw_claim_row *c = &finding->claims[i];
    size_t before = 0;

    for (size_t j = 0; j < finding->claim_count; j++) {
        const struct aw_claim_row *d = &finding->claims[j];
        bool graver = d->severity > c->severity ||
                      (d->severity == c->severity && d->score > c->score);
        bool same = d->severity == c->severity && d->score == c->score;

        before += graver || (same && j < i);
    }
    return before;
}

aw_rc aw_triage_table(struct aw_buf *out,
                      const struct aw_triage_options *options,
                      const struct aw_finding *finding, struct aw_err *err)
{
    size_t most = options->claims ? options->claims : SIZE_MAX;
    aw_rc rc = AW_OK;

    put_line(out, options, finding);
    put_gone(out, options, finding);
    put_hand_ins(out, options, finding);
    for (size_t i = 0; i < finding->claim_count && rc == AW_OK; i++)
        if (rank_of(finding, i) < most)
            rc = put_claim(out, options, &finding->claims[i],
                           finding->last_seen_ms, err);
    if (rc == AW_OK && finding->claim_count > most) {
        aw_text_blanks(out, INDENT);
        aw_buf_printf(out, "另有 %zu 处\n", finding->claim_count - most);
    }
    return rc;
}
