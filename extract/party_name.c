#include "extract/party_scan.h"

#define NAME_CPS_MAX 40
#define NAME_CPS_MIN 2
#define COOP_CPS_MIN 4
#define BRANCH_CPS_MAX 12

/* What a name does not begin with, longest first where one holds another. */
static const char *const name_leads[] = {
    "版权所有", "技术支持", "主办单位", "承办单位", "协办单位", "网站名称",
    "公司名称", "企业名称", "本站由",   "主办",     "承办",     "协办",
    "欢迎来到", "欢迎光临", "关于",     "加入",     "走进",     "来自",
    "我叫",     "我们",     "以及",     "委托",     "本",       "该",
    "我",       "与",       "和",       "及",       "由",       "在",
    NULL,
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

/* A branch belongs to the name: "...有限公司济宁分公司". */
static size_t name_end(struct aw_str text, size_t end)
{
    size_t pos = end;

    for (size_t n = 0; n < BRANCH_CPS_MAX && pos < text.len; n++) {
        if (starts_at(text, pos, AW_STR("分公司")))
            return pos + AW_STR("分公司").len;
        if (!aw_is_han(aw_utf8_next(text, &pos)))
            break;
    }
    return end;
}

static size_t found_name(struct aw_party_scan *scan, size_t low, size_t suffix,
                         size_t end, size_t least)
{
    struct aw_str text = scan->text;
    size_t start = name_start(text, suffix, low);

    start = trim_name(text, start, suffix);
    if (cps(text, start, suffix) < least)
        return end;
    end = name_end(text, end);
    if (end - start <= AW_PARTY_VALUE_MAX)
        aw_party_found(scan, AW_PARTY_NAME,
                       aw_str_sub(text, start, end - start), start);
    return end;
}

/* What the name of a firm ends with. */
static const struct {
    struct aw_str mark;
    size_t least; /* code points of a name before it */
} suffixes[] = {
    {{"有限责任公司", 18}, NAME_CPS_MIN}, {{"有限公司", 12}, NAME_CPS_MIN},
    {{"股份公司", 12}, NAME_CPS_MIN},     {{"集团公司", 12}, NAME_CPS_MIN},
    {{"合作社", 9}, COOP_CPS_MIN},        {{"合作联社", 12}, NAME_CPS_MIN},
    {{"（有限合伙）", 18}, COOP_CPS_MIN}, {{"(有限合伙)", 14}, COOP_CPS_MIN},
};
#define SUFFIX_COUNT (sizeof suffixes / sizeof suffixes[0])

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

void aw_party_scan_names(struct aw_party_scan *scan)
{
    size_t next[SUFFIX_COUNT];
    size_t low = 0;

    for (size_t i = 0; i < SUFFIX_COUNT; i++)
        next[i] = aw_party_find_first(scan, suffixes[i].mark);
    for (;;) {
        size_t i = next_suffix(scan->text, low, next);

        if (i == SUFFIX_COUNT)
            return;
        low = found_name(scan, low, next[i], next[i] + suffixes[i].mark.len,
                         suffixes[i].least);
    }
}
