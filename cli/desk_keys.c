#include "cli/desk.h"

#include <stdio.h>
#include <string.h>

#include "cli/screen.h"
#include "reports/text.h"
#include "review/team.h"
#include "review/words.h"

#define FOREVER_MS 600000

static int foot(void)
{
    return aw_screen_rows() - 2;
}

/* ---- deciding
 * ---------------------------------------------------------------- */

/* What became of an order, told in one line. */
struct outcome {
    struct aw_desk *desk;
    struct aw_arena *arena;
    size_t done, clashes, failed;
    struct aw_str why; /* of the first that was not done */
};

static aw_rc note_outcome(void *self, const struct aw_outcome *outcome,
                          struct aw_err *err)
{
    struct outcome *o = self;

    if (outcome->rc == AW_OK) {
        o->done++;
        return AW_OK;
    }
    if (outcome->rc == AW_BUSY)
        o->clashes++;
    else
        o->failed++;
    if (o->why.len > 0)
        return AW_OK;
    return aw_arena_dup(o->arena, aw_str_of(outcome->message), &o->why, err);
}

static void tell_outcome(const struct outcome *o, const char *what)
{
    struct aw_desk *desk = o->desk;

    if (o->clashes + o->failed == 0)
        aw_desk_say(desk, "%s %zu 条", what, o->done);
    else
        aw_desk_say(desk, "%s %zu 条；冲突 %zu 条，未成 %zu 条：%.*s", what,
                    o->done, o->clashes, o->failed, AW_STR_ARG(o->why));
}

/* Above the limit the number has to be typed; false: given up. */
static bool ask_number(struct aw_desk *desk, struct aw_order *order)
{
    char words[64];
    struct aw_buf line;
    bool given;

    if (order->count <= AW_ORDER_UNTYPED)
        return true;
    (void)snprintf(words, sizeof words, "共 %zu 条。输入条数以确认：",
                   order->count);
    aw_buf_init(&line, 64);
    given = aw_screen_ask(foot(), aw_str_of(words), 10, &line) &&
            aw_str_to_int(aw_buf_str(&line), &order->typed);
    aw_buf_deinit(&line);
    if (!given)
        aw_desk_say(desk, "没有处理");
    return given;
}

static struct aw_str chosen_class(const struct aw_desk *desk)
{
    static const char *const classes[] = {
#define X(code, chinese) code,
        AW_CLASS_LIST(X)
#undef X
    };

    return desk->class > 0 && desk->class <= sizeof classes / sizeof *classes
               ? aw_str_of(classes[desk->class - 1])
               : (struct aw_str){0};
}

/* The selection, or the row that is looked at. */
static aw_rc carry_out(struct aw_desk *desk, const struct aw_order *asked,
                       const char *what, struct aw_err *err)
{
    struct aw_order order = *asked;
    const struct aw_queue_item *item = aw_desk_item(desk);
    struct aw_member one;
    struct aw_arena arena;
    struct outcome outcome = {.desk = desk, .arena = &arena};
    int64_t batch;
    aw_rc rc;

    if (desk->selected_count == 0 && !item)
        return AW_OK;
    order.items = desk->selected;
    order.count = desk->selected_count;
    if (order.count == 0) {
        one = (struct aw_member){item->id, item->version};
        order.items = &one;
        order.count = 1;
    }
    if (!ask_number(desk, &order))
        return AW_OK;
    order.who = desk->who;
    order.by = desk->by;
    order.as_seen = true;
    order.class = chosen_class(desk);
    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_order_carry_out(desk->store, desk->clock, &order, note_outcome,
                            &outcome, &batch, err);
    if (rc == AW_OK) {
        tell_outcome(&outcome, what);
        desk->selected_count = 0;
        desk->class = 0;
        rc = aw_desk_load(desk, err);
    }
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc confirm(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_order order = {.action = AW_STR("confirm")};

    return carry_out(desk, &order, "已确认", err);
}

static aw_rc escalate(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_order order = {.action = AW_STR("escalate")};

    return carry_out(desk, &order, "已上报", err);
}

static aw_rc reopen(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_order order = {.action = AW_STR("reopen")};

    return carry_out(desk, &order, "已重开", err);
}

/* ---- dismissing: a reason of the list, and words of one's own
 * ------------------ */

static void draw_reasons(void)
{
    int row = 1;

    aw_screen_clear();
    aw_screen_bar(0, AW_STR(" 为什么排除？按数字；Esc 取消"), AW_INK_BAR);
    for (int i = 0; aw_reasons[i].code; i++) {
        char line[256];

        (void)snprintf(line, sizeof line, "  %d  %s", i + 1, aw_reasons[i].zh);
        (void)aw_screen_put(row++, 0, aw_str_of(line), AW_INK_PLAIN);
    }
    aw_screen_show();
}

/* NULL: given up. */
static const struct aw_reason *ask_reason(void)
{
    uint32_t count = 0;
    uint32_t key = AW_KEY_NONE;

    while (aw_reasons[count].code)
        count++;
    do {
        draw_reasons();
        key = aw_screen_key(FOREVER_MS);
        if (key > '0' && key <= '0' + count)
            return &aw_reasons[key - '1'];
    } while (key != AW_KEY_ESCAPE && key != AW_KEY_GONE && key != 'q' &&
             key != AW_KEY_CTRL('c'));
    return NULL;
}

static aw_rc dismiss(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_order order = {.action = AW_STR("dismiss")};
    const struct aw_reason *reason = NULL;
    struct aw_buf words;
    aw_rc rc = AW_OK;

    if (desk->selected_count == 0 && !aw_desk_item(desk))
        return AW_OK;
    reason = ask_reason();
    if (!reason)
        return AW_OK;
    aw_desk_draw(desk);
    aw_buf_init(&words, (size_t)4 * AW_REASON_MAX);
    if (aw_screen_ask(foot(), AW_STR("补充说明（可空）："), AW_REASON_MAX,
                      &words)) {
        order.code = aw_str_of(reason->code);
        order.reason = aw_buf_str(&words);
        rc = carry_out(desk, &order, "已排除", err);
    }
    aw_buf_deinit(&words);
    return rc;
}

static aw_rc undo(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_undo order = {.who = desk->who, .by = desk->by};
    struct aw_arena arena;
    struct outcome outcome = {.desk = desk, .arena = &arena};
    int64_t left = 0;
    aw_rc rc;

    aw_arena_init(&arena, (size_t)1 << 20);
    rc = aw_order_undo(desk->store, desk->clock, &order, note_outcome,
                       &outcome, &left, err);
    if (rc == AW_OK) {
        tell_outcome(&outcome, "已撤销");
        rc = aw_desk_load(desk, err);
    } else if (rc == AW_MISSING) {
        aw_desk_say(desk, "没有可撤销的");
        rc = AW_OK;
    }
    aw_arena_deinit(&arena);
    return rc;
}

/* To the finding that is looked at, whatever is selected. */
static aw_rc comment(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_queue_item *item = aw_desk_item(desk);
    struct aw_buf line;
    int64_t id = 0;
    aw_rc rc = AW_OK;

    if (!item)
        return AW_OK;
    if (!desk->by) {
        aw_desk_say(desk, "备注需要用户：先用 adwatch user add 建立");
        return AW_OK;
    }
    aw_buf_init(&line, (size_t)4 * AW_COMMENT_MAX);
    if (aw_screen_ask(foot(), AW_STR("备注："), AW_COMMENT_MAX, &line) &&
        aw_str_trim(aw_buf_str(&line)).len > 0) {
        rc = aw_comment_add(desk->store, desk->clock, desk->by, item->id,
                            aw_buf_str(&line), &id, err);
        if (rc == AW_OK) {
            aw_desk_say(desk, "已备注");
            rc = aw_desk_load(desk, err);
        } else if (rc == AW_INVALID || rc == AW_MISSING) {
            aw_desk_say(desk, "%s", err->msg);
            rc = AW_OK;
        }
    }
    aw_buf_deinit(&line);
    return rc;
}

/* ---- looking around
 * --------------------------------------------------------------- */

static aw_rc next(struct aw_desk *desk, struct aw_err *err)
{
    return aw_desk_next(desk, err);
}

static aw_rc previous(struct aw_desk *desk, struct aw_err *err)
{
    return aw_desk_previous(desk, err);
}

static aw_rc toggle(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_queue_item *item = aw_desk_item(desk);

    if (!item)
        return AW_OK;
    aw_desk_toggle(desk, item);
    return desk->at + 1 < desk->page.count ? aw_desk_next(desk, err) : AW_OK;
}

static aw_rc toggle_all(struct aw_desk *desk, struct aw_err *err)
{
    bool all = true;

    (void)err;
    for (size_t i = 0; i < desk->page.count; i++)
        all = all && aw_desk_is_selected(desk, desk->page.items[i].id);
    for (size_t i = 0; i < desk->page.count; i++)
        if (aw_desk_is_selected(desk, desk->page.items[i].id) == all)
            aw_desk_toggle(desk, &desk->page.items[i]);
    return AW_OK;
}

/* Into a group, and out of it. */
static aw_rc group(struct aw_desk *desk, struct aw_err *err)
{
    const struct aw_queue_item *item = aw_desk_item(desk);

    if (desk->question.group != AW_QUEUE_ANY) {
        desk->question.group = AW_QUEUE_ANY;
    } else {
        if (!item || item->group_findings < 2) {
            aw_desk_say(desk, "没有相似的线索");
            return AW_OK;
        }
        desk->question.group = item->group;
    }
    return aw_desk_start(desk, err);
}

static aw_rc next_claim(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    if (desk->claim + 1 < desk->finding.claim_count)
        desk->claim++;
    return AW_OK;
}

static aw_rc previous_claim(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    if (desk->claim > 0)
        desk->claim--;
    return AW_OK;
}

static aw_rc view(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    desk->view = (enum aw_desk_view)((desk->view + 1) % AW_DESK_VIEWS);
    desk->scroll = 0;
    return AW_OK;
}

static aw_rc scroll_on(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    desk->scroll += aw_screen_rows() / 2;
    return AW_OK;
}

static aw_rc scroll_back(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    desk->scroll -= aw_screen_rows() / 2;
    if (desk->scroll < 0)
        desk->scroll = 0;
    return AW_OK;
}

static aw_rc search(struct aw_desk *desk, struct aw_err *err)
{
    struct aw_str before = desk->question.text;
    struct aw_buf line;
    aw_rc rc = AW_OK;

    aw_buf_init(&line, (size_t)4 * AW_QUEUE_TEXT_MAX);
    if (aw_screen_ask(foot(), AW_STR("查找（空为全部）："), AW_QUEUE_TEXT_MAX,
                      &line)) {
        desk->question.text = (struct aw_str){0};
        rc = aw_arena_dup(&desk->texts, aw_buf_str(&line),
                          &desk->question.text, err);
        if (rc == AW_OK)
            rc = aw_desk_start(desk, err);
        if (rc != AW_OK)
            desk->question.text = before;
    }
    aw_buf_deinit(&line);
    return rc;
}

/* From one state to the next, and then all. */
static aw_rc state(struct aw_desk *desk, struct aw_err *err)
{
    unsigned next = desk->question.states << 1;

    if (desk->question.states == 0)
        next = 1;
    desk->question.states = next < 1u << AW_QUEUE_STATE_COUNT ? next : 0;
    desk->selected_count = 0;
    return aw_desk_start(desk, err);
}

static aw_rc quit(struct aw_desk *desk, struct aw_err *err)
{
    (void)err;
    desk->over = true;
    return AW_OK;
}

/* ---- help
 * ----------------------------------------------------------------------------
 */

static void draw_help(void)
{
    int row = 1;

    aw_screen_clear();
    aw_screen_bar(0, AW_STR(" 键位；按任意键返回"), AW_INK_BAR);
    for (const struct aw_desk_key *k = aw_desk_keys; k->press; k++) {
        if (!k->name)
            continue;
        (void)aw_screen_put(row, 2, aw_str_of(k->name), AW_INK_BOLD);
        (void)aw_screen_put(row++, 10, aw_str_of(k->help), AW_INK_PLAIN);
    }
    (void)aw_screen_put(row, 2, AW_STR("1-9"), AW_INK_BOLD);
    (void)aw_screen_put(row, 10,
                        AW_STR("随下一个决定改类别：1 保本 2 无风险 3 保收益 "
                               "4 其他保证性承诺 5 推荐证明 6 缺风险提示"),
                        AW_INK_PLAIN);
    aw_screen_show();
}

static aw_rc help(struct aw_desk *desk, struct aw_err *err)
{
    uint32_t key;

    (void)desk;
    (void)err;
    do {
        draw_help();
        key = aw_screen_key(FOREVER_MS);
    } while (key == AW_KEY_RESIZE);
    return AW_OK;
}

/* ---- the table
 * --------------------------------------------------------------------------
 */

const struct aw_desk_key aw_desk_keys[] = {
    {'c', "c", "确认", "确认（所选的，或这一条）", confirm},
    {'d', "d", "排除", "排除：选理由，可补充说明", dismiss},
    {'s', "s", "跳过", "跳过，看下一条", next},
    {'e', "e", "上报", "上报", escalate},
    {'o', "o", NULL, "重开", reopen},
    {'u', "u", "撤销", "撤销自己最近一次处理（最近 10 次）", undo},
    {'m', "m", "备注", "给这一条写备注", comment},
    {'x', "x", "选", "选中或取消", toggle},
    {'X', "X", NULL, "选中或取消这一页", toggle_all},
    {'g', "g", "组", "展开相似线索；再按返回", group},
    {'n', "n/p", "引文", "下一处、上一处引文", next_claim},
    {'p', NULL, NULL, NULL, previous_claim},
    {'v', "v", "视图", "引文、处理记录、证据", view},
    {'f', "f", "状态", "换一个状态看", state},
    {'/', "/", "查找", "查找标题、引文、主体", search},
    {'?', "?", "帮助", "这一页", help},
    {'q', "q", "退出", "退出", quit},
    {'j', "j/k", NULL, "下一条、上一条（或方向键）", next},
    {'k', NULL, NULL, NULL, previous},
    {AW_KEY_DOWN, NULL, NULL, NULL, next},
    {AW_KEY_UP, NULL, NULL, NULL, previous},
    {AW_KEY_PAGE_DOWN, "PgDn", NULL, "内容下翻、上翻（PgUp）", scroll_on},
    {AW_KEY_PAGE_UP, NULL, NULL, NULL, scroll_back},
    {AW_KEY_CTRL('c'), NULL, NULL, NULL, quit},
    {AW_KEY_GONE, NULL, NULL, NULL, quit},
    {0, NULL, NULL, NULL, NULL}};

aw_rc aw_desk_press(struct aw_desk *desk, uint32_t key, struct aw_err *err)
{
    for (const struct aw_desk_key *k = aw_desk_keys; k->press; k++)
        if (k->key == key)
            return k->press(desk, err);
    if (key >= '1' && key <= '9')
        desk->class = key - '0' == desk->class ? 0 : key - '0';
    return AW_OK;
}
