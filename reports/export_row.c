#include "reports/export_private.h"

#include "base/clock.h"
#include "reports/finding_json.h"
#include "reports/text.h"
#include "reports/triage_private.h"

/* Columns of CSV and of a worksheet. */

typedef const struct aw_export_row row_t;

static double id_of(row_t *row)
{
    return (double)row->finding->id;
}

static double urgency_of(row_t *row)
{
    return row->finding->urgency;
}

static double severity_of(row_t *row)
{
    return (double)row->finding->severity;
}

static double score_of(row_t *row)
{
    return row->finding->score;
}

/* ---- texts as they are, or by their Chinese word --------------------------
 */

#define TEXT(name, value)                                                 \
    static aw_rc name(struct aw_buf *out, row_t *row, struct aw_err *err) \
    {                                                                     \
        (void)err;                                                        \
        aw_buf_put(out, value);                                           \
        return AW_OK;                                                     \
    }

TEXT(put_state, aw_text_state(row->finding->state))
TEXT(put_class, aw_text_class(row->claim->class))
TEXT(put_quote, row->claim->quote)
TEXT(put_before, row->claim->before)
TEXT(put_after, row->claim->after)
TEXT(put_url, row->finding->url)
TEXT(put_host, row->finding->host)
TEXT(put_title, row->finding->title)
TEXT(put_source, row->finding->source)
TEXT(put_channel, aw_text_channel(row->finding->channel))
TEXT(put_place, row->facts->place)
TEXT(put_publisher, row->facts->publisher)
TEXT(put_sectors, row->facts->sectors)
TEXT(put_rule, row->claim->rule)
TEXT(put_rule_version, row->claim->rule_version)
TEXT(put_code, row->claim->code)
TEXT(put_first_digest, row->facts->first_digest)
TEXT(put_last_digest, row->facts->last_digest)

/* ---- times ----------------------------------------------------------------
 */

static void put_beijing(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_beijing(wall_ms, text);
    aw_buf_puts(out, text);
}

static void put_iso(struct aw_buf *out, int64_t wall_ms)
{
    char text[AW_TIME_MAX];

    aw_time_iso(wall_ms, text);
    aw_buf_puts(out, text);
}

#define TIME(name, put, value)                                            \
    static aw_rc name(struct aw_buf *out, row_t *row, struct aw_err *err) \
    {                                                                     \
        (void)err;                                                        \
        put(out, value);                                                  \
        return AW_OK;                                                     \
    }

TIME(put_first_beijing, put_beijing, row->finding->first_seen_ms)
TIME(put_first_utc, put_iso, row->finding->first_seen_ms)
TIME(put_last_beijing, put_beijing, row->finding->last_seen_ms)
TIME(put_last_utc, put_iso, row->finding->last_seen_ms)

/* A day, as the law counts. */
static aw_rc put_due(struct aw_buf *out, row_t *row, struct aw_err *err)
{
    char text[AW_TIME_MAX];

    (void)err;
    aw_time_beijing(row->due_ms, text);
    if (row->due_ms > 0)
        aw_buf_put(out, aw_text_first(aw_str_of(text), 10));
    return AW_OK;
}

/* ---- the last decision ----------------------------------------------------
 */

static const struct aw_decision_row *last_of(row_t *row)
{
    static const struct aw_decision_row none;
    size_t count = row->facts->decision_count;

    return count > 0 ? &row->facts->decisions[count - 1] : &none;
}

TEXT(put_decided_by, last_of(row)->who)
TEXT(put_action, aw_text_action(last_of(row)->action))
TEXT(put_reason, last_of(row)->reason)
TEXT(put_hash, last_of(row)->hash)

static aw_rc put_decided_at(struct aw_buf *out, row_t *row, struct aw_err *err)
{
    (void)err;
    if (last_of(row)->id > 0)
        put_beijing(out, last_of(row)->at_ms);
    return AW_OK;
}

/* ---- what is joined --------------------------------------------------------
 */

/* In the version in force on the day on which it was seen last. */
static aw_rc put_laws(struct aw_buf *out, row_t *row, struct aw_err *err)
{
    return aw_triage_laws(out, row->provisions, row->claim,
                          row->finding->last_seen_ms, err);
}

static void join_why(void *self, struct aw_str text)
{
    struct aw_buf *out = self;

    if (out->len > 0)
        aw_buf_puts(out, "；");
    aw_buf_put(out, text);
}

static aw_rc put_why(struct aw_buf *out, row_t *row, struct aw_err *err)
{
    return aw_json_texts(row->claim->why, join_why, out, err);
}

static aw_rc put_comments(struct aw_buf *out, row_t *row, struct aw_err *err)
{
    (void)err;
    for (size_t i = 0; i < row->facts->comment_count; i++) {
        const struct aw_comment *c = &row->facts->comments[i];

        if (i > 0)
            aw_buf_putc(out, '\n');
        put_beijing(out, c->at_ms);
        aw_buf_printf(out, " %.*s：", AW_STR_ARG(c->who));
        aw_buf_put(out, c->text);
    }
    return AW_OK;
}

#define T(head, width, put)       \
    {                             \
        head, width, put, NULL, 0 \
    }
#define N(head, width, value, decimals)    \
    {                                      \
        head, width, NULL, value, decimals \
    }

const struct aw_export_column aw_export_columns[] = {
    N("编号", 8, id_of, 0),
    T("状态", 8, put_state),
    N("紧急度", 8, urgency_of, 4),
    N("严重度", 9, severity_of, 0),
    N("得分", 8, score_of, 4),
    T("类别", 14, put_class),
    T("引文", 40, put_quote),
    T("前文", 24, put_before),
    T("后文", 24, put_after),
    T("网址", 40, put_url),
    T("网站", 24, put_host),
    T("标题", 32, put_title),
    T("来源", 12, put_source),
    T("渠道", 8, put_channel),
    T("地区", 10, put_place),
    T("发布者", 28, put_publisher),
    T("行业", 16, put_sectors),
    T("首次发现（北京时间）", 26, put_first_beijing),
    T("首次发现（UTC）", 22, put_first_utc),
    T("最近发现（北京时间）", 26, put_last_beijing),
    T("最近发现（UTC）", 22, put_last_utc),
    T("核查期限", 12, put_due),
    T("法律依据", 32, put_laws),
    T("规则", 10, put_rule),
    T("规则版本", 9, put_rule_version),
    T("表现代码", 9, put_code),
    T("理由", 40, put_why),
    T("处理人", 12, put_decided_by),
    T("处理时间（北京时间）", 26, put_decided_at),
    T("处理结果", 10, put_action),
    T("处理理由", 32, put_reason),
    T("备注", 40, put_comments),
    T("首次抓取SHA-256", 20, put_first_digest),
    T("最近抓取SHA-256", 20, put_last_digest),
    T("处理记录哈希", 20, put_hash),
};

const size_t aw_export_column_count =
    sizeof aw_export_columns / sizeof *aw_export_columns;
