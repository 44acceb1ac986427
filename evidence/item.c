#include "evidence/item.h"

#include <string.h>

#include "base/buf.h"
#include "evidence/bundle_names.h"
#include "evidence/chain.h"

#define TEXT_MAX ((size_t)64 << 10)

/* Whose work a file is. */
enum maker {
    OPERATOR, /* who makes the bundle, by the program */
    DECIDERS, /* who decided the findings */
    HANDER    /* who handed the original in */
};

/* Of what a file is. */
enum of {
    ANY,
    HANDED_IN, /* of a capture that was handed in: nothing was fetched */
    ONE_FETCH  /* of a page whose browser got no answer of its own */
};

/* The first that fits counts: folder, how the name ends, and the capture. In
 * how, "%" stands for who handed it in, and when. */
static const struct {
    const char *folder, *end;
    enum of of;
    enum maker maker;
    const char *made_how, *proves;
} kinds[] = {
    {AW_BUNDLE_FINDINGS_DIR "finding-", ".json", ANY, OPERATOR,
     "按规则库和模型比对文字生成，附审核决定",
     "涉嫌违法内容的原文、位置、所用规则和理由"},
    {AW_BUNDLE_FINDINGS_DIR "history-", ".json", ANY, OPERATOR,
     "由历次取得的记录汇总", "广告持续发布的时间和版本变化"},
    {AW_BUNDLE_CAPTURES_DIR, ".warc.gz", HANDED_IN, OPERATOR,
     "%，收到时逐字节存档，原样取出，未经网络请求", "移交材料在收到时的内容"},
    {AW_BUNDLE_CAPTURES_DIR, ".warc.gz", ANY, OPERATOR,
     "通过网络请求取得，逐字节存档，原样取出",
     "网页、所载资源和落地页在取得时的内容"},
    {AW_BUNDLE_CAPTURES_DIR, ".wacz", HANDED_IN, OPERATOR,
     "由同名存档文件加索引封装", "可回放查看移交材料"},
    {AW_BUNDLE_CAPTURES_DIR, ".wacz", ANY, OPERATOR,
     "由同名存档文件加索引封装", "可回放查看取得时的网页"},
    {AW_BUNDLE_CAPTURES_DIR, "-对比.json", ONE_FETCH, OPERATOR,
     "比对同一次取得的网页代码和浏览器显示的结果",
     "浏览器显示与普通获取是否一致（同一次获取）"},
    {AW_BUNDLE_CAPTURES_DIR, "-对比.json", ANY, OPERATOR,
     "比对直接请求与浏览器请求的结果", "两次独立取得的内容是否一致"},
    {AW_BUNDLE_CAPTURES, "", ANY, OPERATOR, "由存档记录生成",
     "取得或者收到的时间、来源、过程和摘要"},
    {AW_BUNDLE_PROVISIONS, "", ANY, OPERATOR, "按发现之日从规则库取出",
     "所涉法律条文在当时的文本"},
    {AW_BUNDLE_DECISIONS, "", ANY, DECIDERS, "审核时逐条记录，首尾相接",
     "审核人员作出的决定和时间"},
    {AW_CHAIN_NAME, "", ANY, OPERATOR, "由本单位证据包的登记取出",
     "本包在证据包链中的次序，前一包的摘要"},
    {AW_BUNDLE_AUDIT, "", ANY, OPERATOR, "由审计链取出", "封装时审计链的位置"},
    {AW_BUNDLE_SCREENS_DIR, "-标注.png", ANY, OPERATOR,
     "在同名截图上加画方框和编号（派生件）", "涉嫌内容在页面中的位置"},
    {AW_BUNDLE_SCREENS_DIR, ".png", ANY, OPERATOR,
     "浏览器打开网页后截取，未作改动", "网页呈现给访问者的样子"},
    {AW_BUNDLE_TEXTS_DIR, ".dom.html", ANY, OPERATOR,
     "浏览器执行脚本后的网页代码", "网页呈现时的代码"},
    {AW_BUNDLE_TEXTS_DIR, "", HANDED_IN, OPERATOR,
     "从移交材料中提取文字，按字符计位", "涉嫌内容在文字中的位置"},
    {AW_BUNDLE_TEXTS_DIR, "", ANY, OPERATOR, "从存档中提取文字，按字符计位",
     "涉嫌内容在文字中的位置"},
    {AW_BUNDLE_ORIGINALS_DIR, "", HANDED_IN, HANDER, "%，原件未作改动",
     "海报、短信等移交材料的内容"},
    {"data/08-环境/", "", ANY, OPERATOR, "程序运行时自检生成",
     "取证环境和所用程序"},
    {"data/09-文书/", "", ANY, OPERATOR, "按模板生成，空白处待填写",
     "固定过程"},
    {AW_BUNDLE_PAGE, "", ANY, OPERATOR, "按模板生成", "本包内容的说明"},
};

/* ---- what its capture is ------------------------------------------------
 */

/* Names of files tell the number behind one of these. */
static bool number_of(struct aw_str name, int64_t *id)
{
    static const char *const before[] = {"/capture-", "/hand-in-"};

    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        ptrdiff_t at = aw_str_find(name, aw_str_of(before[i]));
        size_t from;
        size_t len = 0;

        if (at < 0)
            continue;
        from = (size_t)at + strlen(before[i]);
        while (from + len < name.len && name.ptr[from + len] >= '0' &&
               name.ptr[from + len] <= '9')
            len++;
        return aw_str_to_int(aw_str_sub(name, from, len), id);
    }
    return false;
}

static const struct aw_case_capture *capture_of(const struct aw_case *c,
                                                struct aw_str name)
{
    int64_t id;

    for (size_t i = 0; number_of(name, &id) && i < c->capture_count; i++)
        if (c->captures[i].capture.id == id)
            return &c->captures[i];
    return NULL;
}

static bool is_of(const struct aw_case_capture *capture, enum of of)
{
    switch (of) {
    case HANDED_IN:
        return capture && capture->part == AW_PART_HAND_IN;
    case ONE_FETCH:
        return capture && capture->one_fetch;
    case ANY:
        break;
    }
    return true;
}

/* NULL: nobody wrote down how it came. */
static const struct aw_hand_in *
hand_in_of(const struct aw_case *c, const struct aw_case_capture *capture)
{
    for (size_t i = 0; capture && i < c->finding_count; i++) {
        const struct aw_finding *f = &c->findings[i].finding;

        for (size_t j = 0; j < f->hand_in_count; j++)
            if (f->hand_ins[j].capture == capture->capture.id)
                return &f->hand_ins[j];
    }
    return NULL;
}

/* ---- texts --------------------------------------------------------------
 */

static void put_operator(struct aw_buf *out, const struct aw_case *c)
{
    if (c->maker.len > 0) {
        aw_buf_put(out, c->maker);
        aw_buf_puts(out, "（由 adwatch 制作）");
        return;
    }
    aw_buf_puts(out, "adwatch");
    if (c->account.len > 0)
        aw_buf_printf(out, "（系统账号 %.*s 运行）", AW_STR_ARG(c->account));
}

/* Did anybody of this name decide before the decision? */
static bool is_told(const struct aw_case *c, size_t finding, size_t decision)
{
    struct aw_str who = c->findings[finding].decisions[decision].who;

    for (size_t i = 0; i <= finding; i++) {
        const struct aw_case_finding *f = &c->findings[i];
        size_t count = i < finding ? f->decision_count : decision;

        for (size_t j = 0; j < count; j++)
            if (aw_str_eq(f->decisions[j].who, who))
                return true;
    }
    return false;
}

static void put_deciders(struct aw_buf *out, const struct aw_case *c)
{
    for (size_t i = 0; i < c->finding_count; i++)
        for (size_t j = 0; j < c->findings[i].decision_count; j++) {
            if (is_told(c, i, j))
                continue;
            if (out->len > 0)
                aw_buf_puts(out, "、");
            aw_buf_put(out, c->findings[i].decisions[j].who);
        }
    if (out->len > 0)
        aw_buf_puts(out, "（审核人员）");
}

static void put_hander(struct aw_buf *out, const struct aw_hand_in *hand_in)
{
    if (!hand_in || hand_in->who.len == 0)
        return;
    aw_buf_put(out, hand_in->who);
    aw_buf_puts(out, "（移交人）");
}

/* "由王芳在济宁移交，2026-11-23 10:13:00（北京时间）收到" */
static void put_way(struct aw_buf *out, const struct aw_hand_in *hand_in)
{
    char at[AW_TIME_MAX];

    if (!hand_in) {
        aw_buf_puts(out, "由他人移交");
        return;
    }
    aw_buf_puts(out, "由");
    if (hand_in->who.len > 0)
        aw_buf_put(out, hand_in->who);
    else
        aw_buf_puts(out, "他人");
    if (hand_in->place.len > 0)
        aw_buf_printf(out, "在%.*s", AW_STR_ARG(hand_in->place));
    aw_time_beijing(hand_in->at_ms, at);
    aw_buf_printf(out, "移交，%.19s（北京时间）收到", at);
}

static void put_how(struct aw_buf *out, const char *how,
                    const struct aw_hand_in *hand_in)
{
    if (*how == '%') {
        put_way(out, hand_in);
        how++;
    }
    aw_buf_puts(out, how);
}

static void put_maker(struct aw_buf *out, enum maker maker,
                      const struct aw_case *c,
                      const struct aw_hand_in *hand_in)
{
    if (maker == DECIDERS)
        put_deciders(out, c);
    else if (maker == HANDER)
        put_hander(out, hand_in);
    else
        put_operator(out, c);
}

static aw_rc keep(struct aw_case *c, const struct aw_buf *text,
                  struct aw_str *out, struct aw_err *err)
{
    aw_rc rc = aw_buf_check(text, err);

    return rc == AW_OK ? aw_arena_dup(&c->kept, aw_buf_str(text), out, err)
                       : rc;
}

/* ---- all ----------------------------------------------------------------
 */

aw_rc aw_item_describe(struct aw_item *item, struct aw_case *c,
                       struct aw_str name, struct aw_err *err)
{
    const struct aw_case_capture *capture = capture_of(c, name);
    const struct aw_hand_in *hand_in = hand_in_of(c, capture);
    struct aw_buf text;
    size_t at = 0;
    size_t count = sizeof kinds / sizeof *kinds;
    aw_rc rc;

    while (at < count && !(aw_str_starts(name, aw_str_of(kinds[at].folder)) &&
                           aw_str_ends(name, aw_str_of(kinds[at].end)) &&
                           is_of(capture, kinds[at].of)))
        at++;
    if (at == count)
        return AW_OK;
    item->proves = aw_str_of(kinds[at].proves);
    aw_buf_init(&text, TEXT_MAX);
    put_how(&text, kinds[at].made_how, hand_in);
    rc = keep(c, &text, &item->made_how, err);
    aw_buf_reset(&text);
    put_maker(&text, kinds[at].maker, c, hand_in);
    if (rc == AW_OK)
        rc = keep(c, &text, &item->made_by, err);
    aw_buf_deinit(&text);
    return rc;
}
