#include "reports/finding_json.h"
#include "reports/hand_in.h"
#include "reports/text.h"
#include "reports/triage_private.h"

#include <stdio.h>

#include "base/clock.h"

#define CELL_MAX ((size_t)1 << 20) /* bytes of joined texts */

static const char *const columns[] = {
    "编号",     "状态",     "紧急度", "得分",     "严重度",   "网站",
    "网址",     "来源",     "渠道",   "标题",     "首次发现", "最近发现",
    "类别",     "引文",     "前文",   "后文",     "规则",     "规则版本",
    "表现代码", "法律依据", "理由",   "发现地点", "发现时间", "报送人代码"};

/* Appends a field, with a comma unless it is the first of its line. */
static void put_field(struct aw_buf *out, struct aw_str text)
{
    if (out->len > 0 && out->ptr[out->len - 1] == '"')
        aw_buf_putc(out, ',');
    aw_text_csv(out, text);
}

static void put_real(struct aw_buf *out, double value)
{
    aw_buf_printf(out, ",%.4f", value);
}

static void put_time(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_beijing(wall_ms, text);
    put_field(out, aw_str_of(text));
}

void aw_triage_csv_head(struct aw_buf *out)
{
    aw_buf_puts(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        put_field(out, aw_str_of(columns[i]));
    aw_buf_puts(out, "\r\n");
}

static void put_finding(struct aw_buf *out, const struct aw_finding *f)
{
    char id[24];

    (void)snprintf(id, sizeof id, "%lld", (long long)f->id);
    put_field(out, aw_str_of(id));
    put_field(out, aw_text_state(f->state));
    put_real(out, f->urgency);
    put_real(out, f->score);
    aw_buf_printf(out, ",%lld,", (long long)f->severity);
    put_field(out, f->host);
    put_field(out, f->url);
    put_field(out, f->source);
    put_field(out, aw_text_channel(f->channel));
    put_field(out, f->title);
    put_time(out, f->first_seen_ms);
    put_time(out, f->last_seen_ms);
}

struct join {
    struct aw_buf *out;
    const char *between;
};

static void join_text(void *self, struct aw_str text)
{
    struct join *join = self;

    if (join->out->len > 0)
        aw_buf_puts(join->out, join->between);
    aw_buf_put(join->out, text);
}

static aw_rc put_joined(struct aw_buf *out, struct aw_buf *cell, aw_rc rc,
                        struct aw_err *err)
{
    if (rc == AW_OK)
        rc = aw_buf_check(cell, err);
    if (rc == AW_OK)
        put_field(out, aw_buf_str(cell));
    aw_buf_reset(cell);
    return rc;
}

static aw_rc put_reasons(struct aw_buf *out, const struct aw_provisions *laws,
                         const struct aw_claim_row *claim, int64_t wall_ms,
                         struct aw_err *err)
{
    struct aw_buf cell;
    struct join join = {&cell, "；"};
    aw_rc rc;

    aw_buf_init(&cell, CELL_MAX);
    rc = put_joined(out, &cell,
                    aw_triage_laws(&cell, laws, claim, wall_ms, err), err);
    if (rc == AW_OK)
        rc = put_joined(out, &cell,
                        aw_json_texts(claim->why, join_text, &join, err), err);
    aw_buf_deinit(&cell);
    return rc;
}

/* Of what was handed in, the first time. */
static void put_hand_in(struct aw_buf *out, const struct aw_finding *f)
{
    const struct aw_hand_in none = {0};
    const struct aw_hand_in *h = f->hand_in_count > 0 ? f->hand_ins : &none;
    struct aw_buf seen;

    aw_buf_init(&seen, CELL_MAX);
    aw_hand_in_seen(&seen, h);
    put_field(out, h->place);
    put_field(out, aw_buf_str(&seen));
    put_field(out, h->who);
    aw_buf_deinit(&seen);
}

static aw_rc put_row(struct aw_buf *out,
                     const struct aw_triage_options *options,
                     const struct aw_finding *f, const struct aw_claim_row *c,
                     struct aw_err *err)
{
    aw_rc rc;

    put_finding(out, f);
    put_field(out, aw_text_class(c->class));
    put_field(out, c->quote);
    put_field(out, c->before);
    put_field(out, c->after);
    put_field(out, c->rule);
    put_field(out, c->rule_version);
    put_field(out, c->code);
    rc = put_reasons(out, options->provisions, c, f->last_seen_ms, err);
    put_hand_in(out, f);
    aw_buf_puts(out, "\r\n");
    return rc;
}

aw_rc aw_triage_csv(struct aw_buf *out,
                    const struct aw_triage_options *options,
                    const struct aw_finding *finding, struct aw_err *err)
{
    const struct aw_claim_row none = {0};
    aw_rc rc = AW_OK;

    if (finding->claim_count == 0)
        return put_row(out, options, finding, &none, err);
    for (size_t i = 0; i < finding->claim_count && rc == AW_OK; i++)
        rc = put_row(out, options, finding, &finding->claims[i], err);
    return rc;
}
