#include "cli/desk.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/screen.h"
#include "reports/finding_json.h"
#include "reports/text.h"

#define ROWS_LEAST 10 /* of the terminal, and columns: below it says so */
#define COLUMNS_LEAST 40
#define FEET 2 /* the message, and the keys */
#define LINE_MAX ((size_t)1 << 20)
#define SHOWN_MAX 4000 /* code points of one text */

/* ---- running text
 * ------------------------------------------------------------ */

/* Text that is broken at the right edge; rows above `top` are scrolled out. */
struct flow {
    int row, column; /* row counts from the first of the text, even unseen */
    int top, bottom, left, scroll;
};

static void flow_break(struct flow *flow)
{
    flow->row++;
    flow->column = flow->left;
}

static void flow_cluster(struct flow *flow, struct aw_str cluster, int width,
                         enum aw_ink ink)
{
    int row = flow->row - flow->scroll + flow->top;

    if (flow->column + width > aw_screen_columns()) {
        flow_break(flow);
        row++;
    }
    if (row >= flow->top && row < flow->bottom)
        (void)aw_screen_put(row, flow->column, cluster, ink);
    flow->column += width;
}

/* text is tame. A mark goes with the character that it stands upon. */
static void flow_tame(struct flow *flow, struct aw_str text, enum aw_ink ink)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t start = pos;
        int width = aw_screen_width(aw_utf8_next(text, &pos));

        while (pos < text.len) {
            size_t after = pos;

            if (aw_screen_width(aw_utf8_next(text, &after)) != 0)
                break;
            pos = after;
        }
        flow_cluster(flow, aw_str_sub(text, start, pos - start), width, ink);
    }
}

static void flow_put(struct flow *flow, struct aw_str text, enum aw_ink ink)
{
    struct aw_buf tame;

    aw_buf_init(&tame, LINE_MAX);
    aw_text_tame(&tame, aw_text_first(text, SHOWN_MAX));
    flow_tame(flow, aw_buf_str(&tame), ink);
    aw_buf_deinit(&tame);
}

static void flow_puts(struct flow *flow, const char *text, enum aw_ink ink)
{
    flow_tame(flow, aw_str_of(text), ink);
}

/* ---- the head and the list
 * ------------------------------------------------------ */

static const char *state_word(const struct aw_desk *desk)
{
    for (int i = 0; i < AW_QUEUE_STATE_COUNT; i++)
        if (desk->question.states == 1u << i)
            return aw_text_state(
                       aw_str_of(aw_queue_state_name((enum aw_queue_state)i)))
                .ptr;
    return "全部";
}

static void draw_head(const struct aw_desk *desk)
{
    struct aw_buf line;

    aw_buf_init(&line, LINE_MAX);
    aw_buf_printf(&line, " 涉嫌违法广告线索 · %s · %lld 组 %lld 条",
                  state_word(desk), (long long)desk->page.groups,
                  (long long)desk->page.findings);
    if (desk->question.group != AW_QUEUE_ANY)
        aw_buf_puts(&line, " · 只看一组");
    if (desk->question.text.len > 0) {
        aw_buf_puts(&line, " · 含“");
        aw_text_tame(&line, desk->question.text);
        aw_buf_puts(&line, "”");
    }
    if (desk->selected_count > 0)
        aw_buf_printf(&line, " · 已选 %zu 条", desk->selected_count);
    aw_buf_puts(&line, " · ");
    aw_text_tame(&line, desk->who);
    aw_screen_bar(0, aw_buf_str(&line), AW_INK_BAR);
    aw_buf_deinit(&line);
}

static void draw_item(const struct aw_desk *desk, size_t i, int row)
{
    const struct aw_queue_item *item = &desk->page.items[i];
    struct aw_buf line;

    aw_buf_init(&line, LINE_MAX);
    aw_buf_printf(&line, "%s%s %6lld %4d ", i == desk->at ? ">" : " ",
                  aw_desk_is_selected(desk, item->id) ? "[x]" : "[ ]",
                  (long long)item->id, item->urgency.total);
    aw_text_cell(&line,
                 aw_text_state(aw_str_of(aw_queue_state_name(item->state))),
                 8);
    aw_buf_printf(&line, "%4d天 ", item->days_left);
    if (item->group_findings > 1)
        aw_buf_printf(&line, "×%lld ", (long long)item->group_findings);
    aw_text_tame(&line, aw_text_first(desk->heads[i].host, SHOWN_MAX));
    aw_buf_puts(&line, "  ");
    aw_text_tame(&line, aw_text_first(desk->heads[i].title, SHOWN_MAX));
    aw_screen_bar(row, aw_buf_str(&line),
                  i == desk->at ? AW_INK_BAR : AW_INK_PLAIN);
    aw_buf_deinit(&line);
}

/* In screenfuls, so that it does not move with each step. */
static void draw_list(const struct aw_desk *desk, int top, int rows)
{
    size_t first = desk->at - desk->at % (size_t)rows;

    for (int i = 0; i < rows && first + (size_t)i < desk->page.count; i++)
        draw_item(desk, first + (size_t)i, top + i);
    if (desk->page.count == 0)
        (void)aw_screen_put(top, 2, AW_STR("没有这样的线索"), AW_INK_DIM);
}

/* ---- the finding
 * ------------------------------------------------------------------ */

static void flow_why(struct flow *flow, const struct aw_queue_item *item)
{
    static const char *const words[] = {
        [AW_WHY_SEVERITY] = "严重度",   [AW_WHY_SCORE] = "得分",
        [AW_WHY_REACH] = "传播范围",    [AW_WHY_AUDIENCE] = "面向人群",
        [AW_WHY_NEW_DOMAIN] = "新域名", [AW_WHY_REPEAT_PUBLISHER] = "多次发布",
        [AW_WHY_CLOCK] = "期限临近",    [AW_WHY_SIMILAR] = "相似线索"};
    char part[64];

    (void)snprintf(part, sizeof part, "紧急度 %d：", item->urgency.total);
    flow_puts(flow, part, AW_INK_DIM);
    for (int i = 0; i < AW_WHY_COUNT; i++) {
        if (item->urgency.points[i] == 0)
            continue;
        (void)snprintf(part, sizeof part, "%s %+d  ", words[i],
                       item->urgency.points[i]);
        flow_puts(flow, part, AW_INK_DIM);
    }
    flow_break(flow);
}

static void flow_due(struct flow *flow, const struct aw_queue_item *item)
{
    char time[AW_TIME_MAX];
    char text[128];

    aw_time_beijing(item->due_ms, time);
    (void)snprintf(text, sizeof text, "核查期限 %.10s，%s %d 个工作日", time,
                   item->days_left < 0 ? "已超" : "还有",
                   item->days_left < 0 ? -item->days_left : item->days_left);
    flow_puts(flow, text, item->days_left < 3 ? AW_INK_BOLD : AW_INK_DIM);
    if (item->place_name.len > 0)
        flow_puts(flow, " · ", AW_INK_DIM);
    flow_put(flow, item->place_name, AW_INK_DIM);
    if (item->publisher_name.len > 0)
        flow_puts(flow, " · ", AW_INK_DIM);
    flow_put(flow, item->publisher_name, AW_INK_DIM);
    flow_break(flow);
}

static void flow_finding(struct flow *flow, const struct aw_desk *desk)
{
    const struct aw_finding *f = &desk->finding;
    const struct aw_queue_item *item = aw_desk_item(desk);

    flow_put(flow, f->title, AW_INK_BOLD);
    flow_break(flow);
    flow_put(flow, f->url, AW_INK_DIM);
    flow_break(flow);
    flow_due(flow, item);
    flow_why(flow, item);
    flow_break(flow);
}

/* ---- its claims
 * -------------------------------------------------------------------- */

struct parts {
    struct flow *flow;
    const struct aw_desk *desk;
    size_t count;
};

static void put_why(void *self, struct aw_str text)
{
    struct parts *parts = self;

    if (parts->count++ > 0)
        flow_puts(parts->flow, "；", AW_INK_DIM);
    flow_put(parts->flow, text, AW_INK_DIM);
}

static void put_law(void *self, struct aw_str id)
{
    struct parts *parts = self;
    const struct aw_desk *desk = parts->desk;
    const struct aw_provision *provision =
        aw_provisions_at(desk->provisions, id, desk->finding.last_seen_ms);
    struct aw_buf name;

    aw_buf_init(&name, LINE_MAX);
    if (provision)
        aw_provision_short(&name, provision);
    flow_puts(parts->flow, parts->count++ > 0 ? "、" : " · ", AW_INK_DIM);
    flow_put(parts->flow, provision ? aw_buf_str(&name) : id, AW_INK_DIM);
    aw_buf_deinit(&name);
}

/* Rule, provisions, and for the claim that is looked at why. What does not
 * parse is not shown: the page and `triage` say so. */
static void flow_ground(struct flow *flow, const struct aw_desk *desk,
                        const struct aw_claim_row *c, bool whole)
{
    struct parts laws = {flow, desk, 0};
    struct parts why = {flow, desk, 0};
    struct aw_err ignored;

    flow_put(flow, c->rule, AW_INK_DIM);
    if (c->rule_version.len > 0)
        flow_puts(flow, " v", AW_INK_DIM);
    flow_put(flow, c->rule_version, AW_INK_DIM);
    if (aw_json_texts(c->law, put_law, &laws, &ignored) != AW_OK)
        flow_puts(flow, " · ?", AW_INK_DIM);
    if (whole) {
        flow_break(flow);
        if (aw_json_texts(c->why, put_why, &why, &ignored) != AW_OK)
            flow_puts(flow, "?", AW_INK_DIM);
    }
    flow_break(flow);
}

static void flow_claim(struct flow *flow, const struct aw_desk *desk, size_t i)
{
    const struct aw_claim_row *c = &desk->finding.claims[i];
    bool looked_at = i == desk->claim;

    flow->left = 0;
    flow->column = 0;
    flow_puts(flow, looked_at ? "> " : "  ",
              looked_at ? AW_INK_BOLD : AW_INK_PLAIN);
    flow->left = 2;
    flow_put(flow, aw_text_class(c->class), AW_INK_BOLD);
    flow_puts(flow, "  ", AW_INK_PLAIN);
    flow_put(flow, c->before, AW_INK_PLAIN);
    if (c->quote.len > 0) {
        flow_puts(flow, "【", AW_INK_MARK);
        flow_put(flow, c->quote, AW_INK_MARK);
        flow_puts(flow, "】", AW_INK_MARK);
    } else {
        flow_puts(flow, "（未见风险提示，故无引文）", AW_INK_PLAIN);
    }
    flow_put(flow, c->after, AW_INK_PLAIN);
    flow_break(flow);
    flow_ground(flow, desk, c, looked_at);
    flow->left = 0;
    flow->column = 0;
}

static void flow_claims(struct flow *flow, const struct aw_desk *desk)
{
    for (size_t i = 0; i < desk->finding.claim_count; i++)
        flow_claim(flow, desk, i);
}

/* ---- the other views
 * ----------------------------------------------------------------- */

static void flow_time(struct flow *flow, int64_t wall_ms)
{
    char time[AW_TIME_MAX];

    aw_time_beijing(wall_ms, time);
    flow_puts(flow, time, AW_INK_DIM);
    flow_puts(flow, "  ", AW_INK_DIM);
}

static void flow_history(struct flow *flow, const struct aw_desk *desk)
{
    const struct aw_export_facts *facts = &desk->facts;

    flow_puts(flow, "处理记录", AW_INK_BOLD);
    flow_break(flow);
    for (size_t i = 0; i < facts->decision_count; i++) {
        const struct aw_decision_row *d = &facts->decisions[i];

        flow_time(flow, d->at_ms);
        flow_put(flow, d->who, AW_INK_PLAIN);
        flow_puts(flow, "  ", AW_INK_PLAIN);
        flow_put(flow, aw_text_action(d->action), AW_INK_BOLD);
        flow_puts(flow, "  ", AW_INK_PLAIN);
        flow_put(flow, d->reason, AW_INK_PLAIN);
        flow_break(flow);
    }
    flow_break(flow);
    flow_puts(flow, "备注", AW_INK_BOLD);
    flow_break(flow);
    for (size_t i = 0; i < facts->comment_count; i++) {
        flow_time(flow, facts->comments[i].at_ms);
        flow_put(flow, facts->comments[i].who, AW_INK_PLAIN);
        flow_puts(flow, "：", AW_INK_PLAIN);
        flow_put(flow, facts->comments[i].text, AW_INK_PLAIN);
        flow_break(flow);
    }
}

static void flow_fact(struct flow *flow, const char *name, struct aw_str value)
{
    flow_puts(flow, name, AW_INK_DIM);
    flow_puts(flow, "  ", AW_INK_DIM);
    flow_put(flow, value, AW_INK_PLAIN);
    flow_break(flow);
}

static void flow_evidence(struct flow *flow, const struct aw_desk *desk)
{
    const struct aw_finding *f = &desk->finding;

    flow_puts(flow, "首次发现  ", AW_INK_DIM);
    flow_time(flow, f->first_seen_ms);
    flow_break(flow);
    flow_puts(flow, "最近发现  ", AW_INK_DIM);
    flow_time(flow, f->last_seen_ms);
    flow_break(flow);
    flow_fact(flow, "首次抓取 SHA-256", desk->facts.first_digest);
    flow_fact(flow, "最近抓取 SHA-256", desk->facts.last_digest);
    flow_fact(flow, "来源", f->source);
    flow_fact(flow, "渠道", aw_text_channel(f->channel));
    flow_fact(flow, "主体", f->parties);
    if (f->gone_ms > 0) {
        flow_puts(flow, "已下线或改动  ", AW_INK_DIM);
        flow_time(flow, f->gone_ms);
        flow_put(flow, f->gone_why, AW_INK_PLAIN);
    }
}

static void draw_finding(const struct aw_desk *desk, int top, int bottom)
{
    static void (*const views[])(struct flow *, const struct aw_desk *) = {
        [AW_DESK_CLAIMS] = flow_claims,
        [AW_DESK_HISTORY] = flow_history,
        [AW_DESK_EVIDENCE] = flow_evidence};
    struct flow flow = {.top = top, .bottom = bottom, .scroll = desk->scroll};

    if (desk->finding.id == 0)
        return;
    flow_finding(&flow, desk);
    views[desk->view](&flow, desk);
}

/* ---- the foot
 * --------------------------------------------------------------------------
 */

static void draw_keys(int row)
{
    struct aw_buf line;

    aw_buf_init(&line, LINE_MAX);
    for (const struct aw_desk_key *k = aw_desk_keys; k->press; k++)
        if (k->name && k->does)
            aw_buf_printf(&line, " %s %s", k->name, k->does);
    aw_screen_bar(row, aw_buf_str(&line), AW_INK_BAR);
    aw_buf_deinit(&line);
}

static void draw_message(const struct aw_desk *desk, int row)
{
    struct aw_buf line;

    aw_buf_init(&line, LINE_MAX);
    if (desk->class > 0)
        aw_buf_printf(&line, "[类别 %zu] ", desk->class);
    aw_text_tame(&line, aw_buf_str(&desk->message));
    aw_screen_bar(row, aw_buf_str(&line), AW_INK_BOLD);
    aw_buf_deinit(&line);
}

static void draw_divide(int row)
{
    int column = 0;

    while (column < aw_screen_columns())
        column = aw_screen_put(row, column, AW_STR("-"), AW_INK_DIM);
}

void aw_desk_draw(const struct aw_desk *desk)
{
    int rows = aw_screen_rows();
    int list = (rows - FEET) / 3;

    aw_screen_clear();
    if (rows < ROWS_LEAST || aw_screen_columns() < COLUMNS_LEAST) {
        (void)aw_screen_put(0, 0, AW_STR("窗口太小"), AW_INK_PLAIN);
    } else {
        draw_head(desk);
        draw_list(desk, 1, list);
        draw_divide(1 + list);
        draw_finding(desk, 2 + list, rows - FEET);
        draw_message(desk, rows - FEET);
        draw_keys(rows - 1);
    }
    aw_screen_show();
}
