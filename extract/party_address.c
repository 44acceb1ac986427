#include "extract/party_scan.h"

#define GAP_CPS_MAX 12 /* between two of its marks */
#define PLAIN_CPS_MAX                                                  \
    9              /* of a name before the first mark, no label before \
                    */
#define KEPT_CPS 3 /* of a longer one */
#define LEAST_CPS 5
#define MOST_CPS 60

/* What the parts of an address end with, from the country down to the door. */
enum part { REGION, STREET, NUMBER, HOUSE };

static const struct {
    const char *mark;
    enum part part;
} parts[] = {
    {"自治区", REGION}, {"省", REGION},    {"市", REGION},
    {"区", REGION},     {"县", REGION},    {"自治州", REGION},
    {"街道", STREET},   {"大道", STREET},  {"胡同", STREET},
    {"社区", STREET},   {"工业园", HOUSE}, {"路", STREET},
    {"街", STREET},     {"道", STREET},    {"巷", STREET},
    {"弄", STREET},     {"镇", STREET},    {"乡", STREET},
    {"村", STREET},     {"号", NUMBER},    {"单元", HOUSE},
    {"大厦", HOUSE},    {"广场", HOUSE},   {"小区", HOUSE},
    {"花园", HOUSE},    {"公寓", HOUSE},   {"楼", HOUSE},
    {"层", HOUSE},      {"室", HOUSE},     {"座", HOUSE},
    {"栋", HOUSE},      {"幢", HOUSE},     {"院", HOUSE},
};

/* What an address does not go beyond. */
static const char *const breaks[] = {"地址", "地点", "位于", "坐落于", "住址",
                                     "店址", "门店", "的",   "在",     "到",
                                     "是",   "从",   "请",   "往",     "欢迎",
                                     "电话", "手机", "联系", "微信",   "邮编",
                                     NULL};
static const char *const labels[] = {"地址", "地点",   "住址", "店址",
                                     "位于", "坐落于", "门店", NULL};

struct address {
    size_t start, end; /* bytes */
    size_t count[HOUSE + 1];
    size_t marks, first_mark; /* first_mark: where the first part ends */
    bool door;                /* a number behind a street */
    bool labelled;
};

static bool is_numeral(struct aw_str text, size_t pos)
{
    return aw_party_digit(cp_at(text, pos)) >= 0 ||
           is_alnum(byte_at(text, pos));
}

static size_t back_over_numerals(struct aw_str text, size_t pos, size_t low)
{
    while (pos > low) {
        size_t prev = before(text, pos);
        char c = text.ptr[prev];

        if (!is_numeral(text, prev) && c != '-' &&
            !starts_at(text, prev, AW_STR("甲")) &&
            !starts_at(text, prev, AW_STR("十")))
            break;
        pos = prev;
    }
    return pos;
}

/* "路66号", "路中段88号": a number with a street before it. */
static bool is_door(struct aw_str text, size_t low, size_t number)
{
    static const char *const streets[] = {"路",   "街", "道", "巷",
                                          "弄",   "村", "段", "胡同",
                                          "社区", "里", NULL};
    size_t start = back_over_numerals(text, number, low);
    struct aw_str lead = aw_str_sub(text, low, start - low);

    if (start == number)
        return false;
    for (size_t i = 0; streets[i]; i++)
        if (aw_str_ends(lead, aw_str_of(streets[i])) &&
            lead.len > strlen(streets[i]) + 3)
            return true;
    return false;
}

/* The part whose mark stands at pos, -1: none. */
static int part_at(struct aw_str text, size_t pos, size_t *len)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        *len = mark_at(text, pos, parts[i].mark);
        if (*len > 0)
            return (int)parts[i].part;
    }
    return -1;
}

static bool is_word(uint32_t cp)
{
    if (cp < 0x80)
        return is_alnum((char)cp) || cp == '-' || cp == '#';
    return cp - 0x4E00 < 0x5200 || aw_is_han(cp) || cp == 0x3007;
}

static bool is_word_cp(struct aw_str text, size_t pos)
{
    return is_word(cp_at(text, pos));
}

/* Code points from start to end; of more than most, most + 1: so much is
 * read, however often it is asked for a long text. */
static size_t cps(struct aw_str text, size_t start, size_t end, size_t most)
{
    size_t count = 0;

    while (start < end && count <= most) {
        (void)aw_utf8_next_valid(text, &start);
        count++;
    }
    return count;
}

static size_t least_named(const struct address *a, enum part part)
{
    if (a->marks == 0)
        return part <= STREET ? 2 : 1;
    return part == HOUSE ? 0 : 1; /* "37号院" */
}

/* A mark counts where something is named before it: "任城区", not "各区". */
static void take_mark(struct aw_str text, struct address *a, size_t pos,
                      size_t len, enum part part)
{
    size_t since = a->marks > 0 ? a->end : a->start;
    size_t named = cps(text, since, pos, GAP_CPS_MAX);

    if (named < least_named(a, part))
        return;
    if (part == NUMBER && back_over_numerals(text, pos, since) == pos)
        return;
    if (a->marks > 0 && !a->labelled && named > GAP_CPS_MAX)
        return;
    a->door |= part == NUMBER && is_door(text, a->start, pos);
    a->end = pos + len;
    if (a->marks++ == 0)
        a->first_mark = pos;
    a->count[part]++;
}

/* "3号楼2单元501", "37号院内": what is behind the last mark and of it. */
static size_t tail_end(struct aw_str text, size_t end)
{
    static const char *const tails[] = {"交叉口", "路口", "东侧", "西侧",
                                        "南侧",   "北侧", "对面", "委会",
                                        "内",     NULL};
    size_t pos = end + mark_len(text, end, tails);

    while (is_alnum(byte_at(text, pos)))
        pos++;
    return pos;
}

/* By its parts alone, wherever it starts. */
static bool has_parts(const struct address *a)
{
    if (a->labelled)
        return a->marks >= 2;
    return a->door ||
           (a->marks >= 3 && a->count[REGION] >= 1 && a->count[STREET] >= 1 &&
            a->count[REGION] + a->count[STREET] >= 3);
}

static bool has_length(struct aw_str text, const struct address *a)
{
    size_t length = cps(text, a->start, a->end, MOST_CPS);

    return length >= LEAST_CPS && length <= MOST_CPS;
}

static const char *const provinces[] = {
    "北京", "天津", "上海", "重庆",   "河北",   "山西", "辽宁", "吉林", "江苏",
    "浙江", "安徽", "福建", "江西",   "山东",   "河南", "湖北", "湖南", "广东",
    "广西", "海南", "四川", "贵州",   "云南",   "西藏", "陕西", "甘肃", "青海",
    "宁夏", "新疆", "台湾", "黑龙江", "内蒙古", NULL};

/* Without a label, the words before the first place are not all its name. */
static void trim_start(struct aw_str text, struct address *a)
{
    size_t pos = a->start;

    for (; pos < a->first_mark; (void)aw_utf8_next_valid(text, &pos))
        if (mark_len(text, pos, provinces) > 0) {
            a->start = pos;
            return;
        }
    if (cps(text, a->start, a->first_mark, PLAIN_CPS_MAX) <= PLAIN_CPS_MAX)
        return;
    pos = a->first_mark;
    for (int n = 0; n < KEPT_CPS; n++)
        pos = before(text, pos);
    a->start = pos;
}

static void end_address(struct aw_party_scan *scan, struct address *a,
                        size_t stop)
{
    struct aw_str text = scan->text;

    if (!has_parts(a))
        return;
    a->end = a->labelled && stop > a->end &&
                     cps(text, a->end, stop, GAP_CPS_MAX) <= GAP_CPS_MAX
                 ? stop
                 : tail_end(text, a->end);
    if (!a->labelled)
        trim_start(text, a);
    if (has_length(text, a))
        aw_party_found(scan, AW_PARTY_ADDRESS,
                       aw_str_sub(text, a->start, a->end - a->start), a->start,
                       a->end);
}

static bool is_label(struct aw_str text, size_t pos, size_t len)
{
    return mark_len(aw_str_sub(text, pos, len), 0, labels) > 0;
}

static size_t skip_colon(struct aw_str text, size_t pos)
{
    static const char *const between[] = {"：", ":", " ", NULL};
    size_t len;

    while ((len = mark_len(text, pos, between)) > 0)
        pos += len;
    return pos;
}

/* Behind a label an address goes on over a blank where a place follows it. */
static bool goes_on(struct aw_str text, const struct address *a, size_t pos)
{
    size_t len;

    if (!a->labelled || byte_at(text, pos) != ' ' || a->marks == 0)
        return false;
    pos = skip_spaces(text, pos);
    if (mark_len(text, pos, breaks) > 0)
        return false;
    for (int n = 0; n < PLAIN_CPS_MAX && pos < text.len; n++) {
        if (!is_word_cp(text, pos))
            return false;
        (void)aw_utf8_next_valid(text, &pos);
        if (part_at(text, pos, &len) >= 0)
            return true;
    }
    return false;
}

/* Where the next address may begin, if one stops at pos, where a character of
 * these marks is; pos if none does. */
static size_t stop_at(struct aw_str text, const struct address *a, size_t pos,
                      uint32_t first, bool *labelled)
{
    size_t len;

    *labelled = false;
    if (!is_word_cp(text, pos)) {
        if (!goes_on(text, a, pos))
            (void)aw_utf8_next_valid(text, &pos);
        return pos;
    }
    if (!(first & AW_PARTY_MARK_BREAK))
        return pos;
    len = mark_len(text, pos, breaks);
    *labelled = len > 0 && is_label(text, pos, len);
    return *labelled ? skip_colon(text, pos + len) : pos + len;
}

static void note_first(uint32_t *marks, const char *text, uint32_t mark)
{
    marks[cp_at(aw_str_of(text), 0) % AW_PARTY_LOW] |= mark;
}

void aw_party_note_places(uint32_t marks[AW_PARTY_LOW])
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        note_first(marks, parts[i].mark, AW_PARTY_MARK_PART);
    for (size_t i = 0; breaks[i]; i++)
        note_first(marks, breaks[i], AW_PARTY_MARK_BREAK);
}

/* Moves on over characters that neither mark nor stop anything. */
static size_t skip_plain(const struct aw_party_scan *scan, size_t pos)
{
    const uint32_t firsts = AW_PARTY_MARK_PART | AW_PARTY_MARK_BREAK;

    while (pos < scan->text.len) {
        size_t next = pos;
        uint32_t cp = aw_utf8_next_valid(scan->text, &next);

        if (scan->marks[cp % AW_PARTY_LOW] & firsts || !is_word(cp))
            break;
        pos = next;
    }
    return pos;
}

static uint32_t marks_at(const struct aw_party_scan *scan, size_t pos)
{
    return scan->marks[cp_at(scan->text, pos) % AW_PARTY_LOW];
}

static void scan_text(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    struct address a = {0};
    size_t pos = skip_plain(scan, 0);

    while (pos < text.len) {
        uint32_t first = marks_at(scan, pos);
        bool labelled;
        size_t next = stop_at(text, &a, pos, first, &labelled);
        size_t len = 0;
        int part;

        if (next > pos) {
            end_address(scan, &a, pos);
            a = (struct address){.start = next, .labelled = labelled};
            pos = skip_plain(scan, next);
            continue;
        }
        part = first & AW_PARTY_MARK_PART ? part_at(text, pos, &len) : -1;
        if (part >= 0)
            take_mark(text, &a, pos, len, (enum part)part);
        else
            (void)aw_utf8_next_valid(text, &pos);
        pos = skip_plain(scan, pos + len);
    }
    end_address(scan, &a, text.len);
}

/* A label, a number in a street, or a region with a place in it. */
static bool may_have_address(const struct aw_party_scan *scan)
{
    return aw_party_has_all(scan, AW_PARTY_MARK_LABEL) ||
           aw_party_has_all(scan, AW_PARTY_MARK_STREET | AW_PARTY_MARK_REGION);
}

void aw_party_scan_addresses(struct aw_party_scan *s)
{
    if (!may_have_address(s))
        return;
    scan_text(s);
}
