#include "classify/disguise_table.h"

const struct aw_disguise aw_disguises[] = {
    {"保", "", "宝堡葆饱煲", {"亻呆"}, {"bao"}},
    {"本", "夲", "苯笨畚", {NULL}, {"ben"}},
    {"金", "", "", {NULL}, {"jin"}},
    {"息", "", "习媳熄", {"自心"}, {"xi"}},
    {"收", "", "", {"丩攵", "扌攵"}, {"shou"}},
    {"益", "", "溢", {NULL}, {"yi"}},
    {"零", "", "令另灵凌铃○◯⭕", {"雨令"}, {"ling"}},
    {"无", "旡", "", {NULL}, {"wu"}},
    {"没", "", "", {NULL}, {"mei"}},
    {"风", "", "疯封枫", {"几㐅"}, {"feng"}},
    {"险", "", "鲜显", {"阝佥"}, {"xian"}},
    {"稳", "", "吻", {"禾急", "禾刍心"}, {"wen"}},
    {"赚", "", "转撰", {"贝兼"}, {"zhuan", "zuan"}},
    {"不", "", "", {NULL}, {"bu"}},
    {"赔", "", "陪培", {"贝咅"}, {"pei"}},
    {"躺", "", "淌", {"身尚"}, {"tang"}},
    {"钱", "💰💵💴💸🤑", "", {"钅戋"}, {"qian"}},
    {"兜", "", "", {NULL}, {"dou"}},
    {"底", "", "低", {"广氐"}, {"di"}},
    {"刚", "", "钢", {"冈刂"}, {"gang"}},
    {"兑", "", "", {"丷兄"}, {"dui"}},
    {"返", "", "", {"反辶", "辶反"}, {"fan"}},
    {"利", "", "", {"禾刂"}, {"li"}},
    {"翻", "", "", {"番羽"}, {"fan"}},
    {"倍", "", "", {"亻咅"}, {"bei"}},
    {"回", "", "", {"囗口"}, {"hui"}},
    {"报", "", "", {"扌𠬝"}, {"bao"}},
    {"固", "", "", {"囗古"}, {"gu"}},
    {"定", "", "", {NULL}, {"ding"}},
    {"亏", "", "", {NULL}, {"kui"}},
    {"损", "", "", {"扌员"}, {"sun"}},
    {"证", "", "", {"讠正"}, {"zheng"}},
    {"诺", "", "", {"讠若"}, {"nuo"}},
    {"涨", "📈", "", {"氵张"}, {"zhang"}},
    {"跌", "📉", "", {NULL}, {"die"}},
    {"忧", "", "", {"忄尤"}, {"you"}},
    {"安", "", "", {NULL}, {"an"}},
    {"全", "", "", {NULL}, {"quan"}},
};

const size_t aw_disguise_count = sizeof aw_disguises / sizeof *aw_disguises;

const struct aw_disguised_word aw_disguised_words[] = {
    {"保本保息", true, true, "bbbx"}, {"稳赚不赔", true, true, "wzbp"},
    {"只涨不跌", true, true, NULL},   {"没有风险", true, true, NULL},
    {"本金安全", true, true, NULL},   {"本金无忧", true, true, NULL},
    {"刚性兑付", true, true, NULL},   {"固定收益", true, true, NULL},
    {"稳定收益", true, true, NULL},   {"固定回报", true, true, NULL},
    {"保证收益", true, true, NULL},   {"承诺收益", true, true, NULL},
    {"承诺保本", true, true, NULL},   {"零风险", true, true, NULL},
    {"无风险", true, true, NULL},     {"保收益", true, true, NULL},
    {"高收益", true, true, NULL},     {"高回报", true, true, NULL},
    {"零亏损", true, true, NULL},     {"不亏损", true, true, NULL},
    {"保本金", true, true, NULL},     {"保本", true, true, NULL},
    {"保息", true, false, NULL},      {"保底", false, false, NULL},
    {"本金", true, false, NULL},      {"本息", true, false, NULL},
    {"稳赚", false, true, NULL},      {"包赚", false, false, NULL},
    {"躺赚", true, false, NULL},      {"赚钱", false, false, NULL},
    {"风险", false, false, NULL},     {"收益", true, false, NULL},
    {"兜底", true, false, NULL},      {"刚兑", true, false, NULL},
    {"返利", false, false, NULL},     {"翻倍", false, false, NULL},
    {"回本", false, false, NULL},     {"不赔", false, false, NULL},
};

const size_t aw_disguised_word_count =
    sizeof aw_disguised_words / sizeof *aw_disguised_words;

const char aw_disguise_open[] = "（【[“《〔{";
const char aw_disguise_close[] = "）】]”》〕}";
