#include "classify/disguise.h"

#include "base/utf8.h"
#include "classify/disguise_table.h"
#include "classify/text.h"
#include "tests/base/base_test.h"

static struct aw_text text;

static int set_up(void **state)
{
    (void)state;
    aw_text_init(&text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aw_text_deinit(&text);
    return 0;
}

static struct aw_str read_hard(const char *original)
{
    struct aw_err err;

    assert_int_equal(aw_text_read_one(&text, aw_str_of(original), &err),
                     AW_OK);
    return aw_normal_str(&text.view[AW_VIEW_HARD],
                         text.blocks[0].place[AW_VIEW_HARD]);
}

/* The hard view has `words`, which stand for `quote` in the original, and the
 * plain one has not. */
static void assert_reads(const char *original, const char *words,
                         const char *quote)
{
    struct aw_str all = aw_str_of(original), hard = read_hard(original);
    struct aw_str plain = aw_normal_str(&text.view[AW_VIEW_PLAIN],
                                        text.blocks[0].place[AW_VIEW_PLAIN]);
    ptrdiff_t place = aw_str_find(hard, aw_str_of(words));
    struct aw_range at, origin;
    size_t from, to;

    if (place < 0)
        fail_msg("'%s' has become '%.*s', without '%s'", original,
                 AW_STR_ARG(hard), words);
    assert_true(aw_str_find(plain, aw_str_of(words)) < 0);
    at.start = text.blocks[0].place[AW_VIEW_HARD].start + (size_t)place;
    at.end = at.start + strlen(words);
    origin = aw_normal_origin(&text.view[AW_VIEW_HARD], at);
    assert_true(aw_text_is_unmasked(&text, 0, origin));
    from = aw_utf8_offset(all, origin.start);
    to = aw_utf8_offset(all, origin.end);
    assert_str(aw_str_sub(all, from, to - from), quote);
}

static void claim_words_are_read_through_their_disguise(void **state)
{
    static const struct {
        const char *original, *words, *quote;
    } rows[] = {
        {"我们保夲", "保本", "保夲"},
        {"夲金不动", "本金", "夲金"},
        {"保夲保息月月付", "保本保息", "保夲保息"},
        {"宝本保息", "保本保息", "宝本保息"},
        {"全程宝本宝息，放心", "保本保息", "宝本宝息"},
        {"宝夲理财", "保本", "宝夲"},
        {"宝本理财上新", "保本", "宝本"},
        {"堡本，随存随取", "保本", "堡本"},
        {"这款是宝本型", "保本", "宝本"},
        {"葆本保息", "保本保息", "葆本保息"},
        {"饱本饱息", "保本保息", "饱本饱息"},
        {"保本保习", "保本保息", "保本保习"},
        {"保苯保息", "保本保息", "保苯保息"},
        {"bao本理财", "保本", "bao本"},
        {"BAO本保息", "保本保息", "BAO本保息"},
        {"ＢＡＯ本", "保本", "ＢＡＯ本"},
        {"保ben", "保本", "保ben"},
        {"承诺保ben保xi", "保本保息", "保ben保xi"},
        {"bao ben理财", "保本", "bao ben"},
        {"baoben理财", "保本", "baoben"},
        {"ВАО本理财", "保本", "ВАО本"},
        {"投资bbbx懂的来", "保本保息", "bbbx"},
        {"ben金随时退", "本金", "ben金"},
        {"本jin无忧", "本金无忧", "本jin无忧"},
        {"亻呆本保息", "保本保息", "亻呆本保息"},
        {"⺅呆本", "保本", "⺅呆本"},
        {"亻·呆·本", "保本", "亻·呆·本"},
        {"亻呆夲亻呆自心", "保本保息", "亻呆夲亻呆自心"},
        {"本亻呆本", "保本", "亻呆本"},
        {"零疯险", "零风险", "零疯险"},
        {"零枫险收益高", "零风险", "零枫险"},
        {"零·疯·险", "零风险", "零·疯·险"},
        {"零风鲜，", "零风险", "零风鲜"},
        {"零 feng 险", "零风险", "零 feng 险"},
        {"ling风险投资", "零风险", "ling风险"},
        {"lingfengxian投资", "零风险", "lingfengxian"},
        {"零feng险", "零风险", "零feng险"},
        {"零fengxian的项目", "零风险", "零fengxian"},
        {"令风险，高回报", "零风险", "令风险"},
        {"真令风险！", "零风险", "令风险"},
        {"资金○风险，稳", "零风险", "○风险"},
        {"投资⭕风险！", "零风险", "⭕风险"},
        {"全程◯风险", "零风险", "◯风险"},
        {"几㐅险全无", "风险", "几㐅险"},
        {"零风阝佥", "零风险", "零风阝佥"},
        {"雨令风险", "零风险", "雨令风险"},
        {"无疯险", "无风险", "无疯险"},
        {"旡风险", "无风险", "旡风险"},
        {"wu风险套利", "无风险", "wu风险"},
        {"没有疯险", "没有风险", "没有疯险"},
        {"没有风xian", "没有风险", "没有风xian"},
        {"稳zhuan", "稳赚", "稳zhuan"},
        {"稳zuan不赔", "稳赚不赔", "稳zuan不赔"},
        {"wen赚不pei", "稳赚不赔", "wen赚不pei"},
        {"稳转不赔", "稳赚不赔", "稳转不赔"},
        {"稳赚不陪", "稳赚不赔", "稳赚不陪"},
        {"稳✨转✨不✨培", "稳赚不赔", "稳✨转✨不✨培"},
        {"禾急赚", "稳赚", "禾急赚"},
        {"稳贝兼", "稳赚", "稳贝兼"},
        {"禾急贝兼不贝咅", "稳赚不赔", "禾急贝兼不贝咅"},
        {"躺zhuan", "躺赚", "躺zhuan"},
        {"身尚赚", "躺赚", "身尚赚"},
        {"睡觉赚💰！", "赚钱", "赚💰"},
        {"躺着赚💵💵", "赚钱", "赚💵"},
        {"🌟贝兼钱", "赚钱", "贝兼钱"},
        {"shou益翻倍", "收益", "shou益"},
        {"高收yi", "高收益", "高收yi"},
        {"固定shou益", "固定收益", "固定shou益"},
        {"gu定收益", "固定收益", "gu定收益"},
        {"兜di协议", "兜底", "兜di"},
        {"刚dui", "刚兑", "刚dui"},
        {"冈刂兑", "刚兑", "冈刂兑"},
        {"fan利三成", "返利", "fan利"},
        {"只📈不📉", "只涨不跌", "只📈不📉"},
        {"只zhang不die", "只涨不跌", "只zhang不die"},
        {"番羽倍", "翻倍", "番羽倍"},
        {"hui本快", "回本", "hui本"},
        {"保\n夲\n保\n息", "保本保息", "保\n夲\n保\n息"},
        {"零kui损", "零亏损", "零kui损"},
        {"囗古定收益", "固定收益", "囗古定收益"},
        {"【保】【本】", "保本", "【保】【本】"},
        {"(保)(本)(保)(息)", "保本保息", "(保)(本)(保)(息)"},
        {"[零] [风] [险]", "零风险", "[零] [风] [险]"},
        {"零（风）险", "零风险", "零（风）险"},
        {"「稳」「赚」不赔", "稳赚不赔", "「稳」「赚」不赔"},
        {"寶夲保息", "保本保息", "寶夲保息"},
    };

    (void)state;
    assert_true(sizeof rows / sizeof *rows >= 60);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_reads(rows[i].original, rows[i].words, rows[i].quote);
}

static void lawful_words_stay(void **state)
{
    static const char *const rows[] = {
        "余额宝本月收益已发放",
        "支付宝本息还款入口",
        "传家宝本来就少",
        "元宝本人到场领奖",
        "珠宝本店有售",
        "国宝本周展出",
        "宝宝本月满周岁",
        "宝本身没有瑕疵",
        "城堡本体建于明代",
        "吃饱本就不易",
        "指令风险评估",
        "命令风险很大",
        "，令风险大幅上升",
        "此举可令风险降低",
        "将令风险敞口扩大",
        "令风险投资者担忧",
        "司令风险自负",
        "另风险提示如下",
        "心灵风险课堂",
        "○风险提示",
        "○风险低",
        "投资○风险提示○费用",
        "◯ 风险等级",
        "收益○风险○流动性",
        "确保苯系物达标",
        "保苯胺类",
        "书呆本来就多",
        "宝贝兼职",
        "平稳转型",
        "企稳转涨",
        "稳转",
        "转钱给对方",
        "撰钱",
        "陪你赚钱",
        "不陪酒",
        "钢兑换券",
        "不锈钢兑换",
        "兜低价",
        "保低价",
        "确保低于",
        "taobao本地生活",
        "bao本地人",
        "dabao本来",
        "baobao本月",
        "Tibet本地",
        "Ben金融顾问公司",
        "WeChat本息查询",
        "保ISO认证",
        "稳健AI不赔付",
        "APP本金",
        "风xianzai险",
        "VIP收益",
        "Wu先生风险",
        "xi息相关",
        "huiben绘本馆",
        "fanli网",
        "宝马本色",
        "保时捷本部",
        "疯狂的石头",
        "封面与险峰",
        "枫叶红于二月花",
        "自心安处",
        "雨令时节",
        "身尚在",
        "禾急需浇水",
        "番羽毛球",
        "赚\n\n\n\n\n\n💰",
        "发💰啦",
        "📈不📉",
        "新鲜收益农场",
        "习近处找",
        "媳妇保本分",
        "吻赚眼泪",
        "bbbxx投资",
        "abbbx投资",
        "保（本）合同",
        "（保）本",
        "“保本”“保息”",
        "【公告】【本】行",
        "保本保息",
        "零风险 稳赚",
    };

    (void)state;
    assert_true(sizeof rows / sizeof *rows >= 60);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)read_hard(rows[i]);
        if (text.differ && text.hard.mend_count > 0)
            fail_msg("'%s' has become '%.*s'", rows[i],
                     AW_STR_ARG(read_hard(rows[i])));
    }
}
#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(claim_words_are_read_through_their_disguise),
        UNIT(lawful_words_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
