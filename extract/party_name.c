#include "extract/party_scan.h"

#define NAME_CPS_MAX 40
#define NAME_CPS_MIN 2
#define COOP_CPS_MIN 4
#define BRANCH_CPS_MAX 12
#define LATIN_WORDS_MAX 8
#define LATIN_LEAST 8 /* bytes before "Ltd", "Co., " among them */

/* What a name does not begin with, longest first where one holds another. */
static const char *const name_leads[] = {
    "版权所有", "技术支持", "主办单位", "承办单位", "协办单位", "网站名称",
    "公司名称", "企业名称", "本站由",   "主办",     "承办",     "协办",
    "欢迎来到", "欢迎光临", "关于",     "加入",     "走进",     "来自",
    "购买",     "认准",     "联系",     "选择",     "咨询",     "收款单位",
    "甲方",     "乙方",     "户名",     "运营主体", "运营方",   "出品方",
    "请认准",   "请联系",   "授权",     "携手",     "通过",     "隶属于",
    "其中",     "我叫",     "我们",     "以及",     "委托",     "本",
    "该",       "我",       "与",       "和",       "及",       "由",
    "在",       NULL,
};

/* Characters that stand before a name, and hardly ever inside one. */
static const char *const name_breaks[] = {"的", "是", "由", "与", "了",
                                          "被", "把", "找", "叫", NULL};

static bool is_name_cp(uint32_t cp)
{
    return aw_is_han(cp) || (cp < 0x80 && is_alnum((char)cp)) || cp == 0xB7 ||
           cp == '(' || cp == ')' || cp == 0xFF08 || cp == 0xFF09;
}

/* Goes back over what can be part of a name, not into what lies before low,
 * and not out of a bracket. */
static size_t name_start(struct aw_str text, size_t pos, size_t low)
{
    int brackets = 0;

    for (size_t n = 0; n < NAME_CPS_MAX && pos > low; n++) {
        size_t prev = before(text, pos);
        uint32_t cp = cp_at(text, prev);

        if (prev < low || !is_name_cp(cp))
            break;
        if (cp == ')' || cp == 0xFF09)
            brackets++;
        if ((cp == '(' || cp == 0xFF08) && --brackets < 0)
            break;
        pos = prev;
    }
    return pos;
}

/* Moves the start behind the last break and behind leading words. */
static size_t trim_name(struct aw_str text, size_t start, size_t suffix)
{
    size_t len;

    for (size_t pos = start; pos < suffix; pos += len) {
        len = mark_len(text, pos, name_breaks);
        if (len > 0 && pos + len < suffix)
            start = pos + len;
        else if (len == 0)
            len = 1;
    }
    while ((len = mark_len(text, start, name_leads)) > 0 &&
           start + len < suffix)
        start += len;
    return start;
}

static size_t cps(struct aw_str text, size_t start, size_t end)
{
    return aw_utf8_count(aw_str_sub(text, start, end - start));
}

/* What a branch ends with, and what kind of partnership a firm is. */
static const char *const branches[] = {"分公司", "支公司", "分行", "支行",
                                       "营业部", "分所",   NULL};
static const char *const partnerships[] = {
    "（普通合伙）", "(普通合伙)", "（特殊普通合伙）", "(特殊普通合伙)",
    "（有限合伙）", "(有限合伙)", "联合社",           NULL};

/* A branch belongs to the name: "...有限公司济宁分公司". */
static size_t name_end(struct aw_str text, size_t end)
{
    size_t pos = end + mark_len(text, end, partnerships);

    end = pos;
    for (size_t n = 0; n < BRANCH_CPS_MAX && pos < text.len; n++) {
        size_t len = mark_len(text, pos, branches);

        if (len > 0)
            return pos + len;
        if (!aw_is_han(aw_utf8_next(text, &pos)))
            break;
    }
    return end;
}

/* "股份有限公司", "一家有限公司": what firms are, and not who. */
static bool is_sort_of_firm(struct aw_str stem)
{
    return aw_str_eq(stem, AW_STR("股份")) ||
           aw_str_eq(stem, AW_STR("集团")) ||
           aw_str_ends(stem, AW_STR("家")) || aw_str_ends(stem, AW_STR("个"));
}

static size_t found_name(struct aw_party_scan *scan, size_t low, size_t suffix,
                         size_t end, size_t least)
{
    struct aw_str text = scan->text;
    size_t start = name_start(text, suffix, low);

    start = trim_name(text, start, suffix);
    if (cps(text, start, suffix) < least ||
        is_sort_of_firm(aw_str_sub(text, start, suffix - start)))
        return end;
    end = name_end(text, end);
    if (end - start <= AW_PARTY_VALUE_MAX)
        aw_party_found(scan, AW_PARTY_NAME,
                       aw_str_sub(text, start, end - start), start, end);
    return end;
}

/* What the name of a firm ends with. */
static const struct {
    struct aw_str mark;
    size_t least;   /* code points of a name before it */
    uint32_t marks; /* that it has (party_mark.h) */
} suffixes[] = {
    {AW_STR("有限责任公司"), NAME_CPS_MIN,
     AW_PARTY_MARK_LIMITED | AW_PARTY_MARK_COMPANY},
    {AW_STR("有限公司"), NAME_CPS_MIN,
     AW_PARTY_MARK_LIMITED | AW_PARTY_MARK_COMPANY},
    {AW_STR("股份公司"), NAME_CPS_MIN,
     AW_PARTY_MARK_SHARES | AW_PARTY_MARK_COMPANY},
    {AW_STR("集团公司"), NAME_CPS_MIN,
     AW_PARTY_MARK_SHARES | AW_PARTY_MARK_COMPANY},
    {AW_STR("合作社"), COOP_CPS_MIN, AW_PARTY_MARK_COOP},
    {AW_STR("合作联社"), NAME_CPS_MIN, AW_PARTY_MARK_COOP},
    {AW_STR("合伙企业"), COOP_CPS_MIN, AW_PARTY_MARK_PARTNER},
    {AW_STR("事务所"), COOP_CPS_MIN,
     AW_PARTY_MARK_OFFICE | AW_PARTY_MARK_PLACE},
    {AW_STR("商行"), COOP_CPS_MIN, AW_PARTY_MARK_TRADE | AW_PARTY_MARK_HOUSE},
    {AW_STR("经营部"), COOP_CPS_MIN, AW_PARTY_MARK_RUN},
    {AW_STR("（有限合伙）"), COOP_CPS_MIN,
     AW_PARTY_MARK_LIMITED | AW_PARTY_MARK_PARTNER},
    {AW_STR("(有限合伙)"), COOP_CPS_MIN,
     AW_PARTY_MARK_LIMITED | AW_PARTY_MARK_PARTNER},
};
#define SUFFIX_COUNT (sizeof suffixes / sizeof suffixes[0])

/* Each suffix has one of these. */
#define SUFFIX_MARKS                                                      \
    (AW_PARTY_MARK_COMPANY | AW_PARTY_MARK_COOP | AW_PARTY_MARK_PARTNER | \
     AW_PARTY_MARK_PLACE | AW_PARTY_MARK_HOUSE | AW_PARTY_MARK_RUN)

/* The nearest suffix at or behind pos; SUFFIX_COUNT where there is none.
 * next[] holds the next place of each, so that the whole is linear. */
static size_t next_suffix(struct aw_str text, size_t pos, size_t next[])
{
    size_t best = SUFFIX_COUNT;

    for (size_t i = 0; i < SUFFIX_COUNT; i++) {
        if (next[i] < pos)
            next[i] = find_from(text, pos, suffixes[i].mark);
        if (next[i] < text.len &&
            (best == SUFFIX_COUNT || next[i] < next[best]))
            best = i;
    }
    return best;
}

/* ---- "Sample Trading Co., Ltd." ------------------------------------------
 */

static bool is_latin(char c)
{
    return is_alnum(c) || c == '&' || c == '.' || c == ',' || c == '-' ||
           c == '(' || c == ')' || c == '\'';
}

/* Words before pos, back to the first that has no capital. */
static size_t latin_start(struct aw_str text, size_t pos, size_t low)
{
    size_t start = pos;

    for (int n = 0; n < LATIN_WORDS_MAX; n++) {
        size_t end = start;
        size_t word;

        while (end > low && text.ptr[end - 1] == ' ')
            end--;
        word = end;
        while (word > low && is_latin(text.ptr[word - 1]))
            word--;
        if (word == end ||
            !((text.ptr[word] >= 'A' && text.ptr[word] <= 'Z') ||
              text.ptr[word] == '(' || text.ptr[word] == '&'))
            break;
        start = word;
    }
    return start;
}

static void scan_latin(struct aw_party_scan *scan)
{
    struct aw_str mark = AW_STR("Ltd");
    size_t pos = aw_party_find_first(scan, AW_PARTY_MARK_LTD, mark);
    size_t low = 0;

    while (pos < scan->text.len) {
        size_t end = pos + mark.len;
        size_t start = latin_start(scan->text, pos, low);
        size_t whole = end + (byte_at(scan->text, end) == '.');

        if (pos - start >= LATIN_LEAST && whole - start <= AW_PARTY_VALUE_MAX)
            aw_party_found(scan, AW_PARTY_NAME,
                           aw_str_sub(scan->text, start, whole - start), start,
                           whole);
        low = end;
        pos = find_from(scan->text, end, mark);
    }
}

static void scan_chinese(struct aw_party_scan *scan)
{
    size_t next[SUFFIX_COUNT];
    size_t low = 0;

    if (!aw_party_has_any(scan, SUFFIX_MARKS))
        return;

    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        next[i] =
            aw_party_find_first(scan, suffixes[i].marks, suffixes[i].mark);
    for (;;) {
        size_t i = next_suffix(scan->text, low, next);

        if (i == SUFFIX_COUNT)
            return;
        low = found_name(scan, low, next[i], next[i] + suffixes[i].mark.len,
                         suffixes[i].least);
    }
}

void aw_party_scan_names(struct aw_party_scan *scan)
{
    scan_chinese(scan);
    scan->at_byte = scan->at_cp = 0;
    scan_latin(scan);
}
