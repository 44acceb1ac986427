#include "extract/party_scan.h"

#define BACK_CPS 14   /* read before a handle */
#define FILLERS_MAX 8 /* code points between a word and its handle */

/* What stands before a handle: lower case, without blanks and decoration. */
struct lead {
    char bytes[BACK_CPS * 4];
    size_t at; /* its first byte; it ends with the array */
};

static const char fillers[] =
    "号码：:=（(【[“\"同为是即加客服群咨询讯电话手机－-/　id";

static bool is_filler(struct aw_str cp)
{
    return aw_str_find(AW_STR(fillers), cp) >= 0;
}

enum handle { WECHAT, QQ };

/* With the sign in front where the word alone means other things. Each has a
 * character of AW_PARTY_MARK_HANDLE, as have those that stand behind. */
static const struct {
    const char *mark;
    enum handle handle;
} marks[] = {
    {"微信", WECHAT},   {"加v", WECHAT},    {"+v", WECHAT},
    {"薇信", WECHAT},   {"威信", WECHAT},   {"徽信", WECHAT},
    {"v信", WECHAT},    {"vx", WECHAT},     {"wx", WECHAT},
    {"wechat", WECHAT}, {"wei信", WECHAT},  {"weixin", WECHAT},
    {"加薇", WECHAT},   {"加微", WECHAT},   {"加威", WECHAT},
    {"+微", WECHAT},    {"+薇", WECHAT},    {"卫星号", WECHAT},
    {"加卫星", WECHAT}, {"公众号", WECHAT}, {"微x", WECHAT},
    {"qq", QQ},         {"扣扣", QQ},       {"叩叩", QQ},
    {"企鹅", QQ},       {"球球", QQ},       {"加q", QQ},
    {"加我v", WECHAT},  {"薇：", WECHAT},   {"薇:", WECHAT},
    {"+q", QQ},         {"q群", QQ},        {"qq群", QQ},
};

static void put_before(struct lead *lead, struct aw_str cp)
{
    lead->at -= cp.len;
    for (size_t i = 0; i < cp.len; i++)
        lead->bytes[lead->at + i] = aw_ascii_lower(cp.ptr[i]);
}

static void read_lead(struct aw_str text, size_t pos, struct lead *lead)
{
    lead->at = sizeof lead->bytes;
    for (int n = 0; n < BACK_CPS && pos > 0; n++) {
        size_t prev = before(text, pos);
        char c = text.ptr[prev];

        if (c == '\n')
            return;
        if (c != ' ' && c != AW_PARTY_NOTHING)
            put_before(lead, aw_str_sub(text, prev, pos - prev));
        pos = prev;
    }
}

/* A word of ASCII that goes on before it is another word ("avx"). */
static bool ends_with(struct aw_str lead, const char *mark)
{
    struct aw_str m = aw_str_of(mark);

    if (!aw_str_ends(lead, m))
        return false;
    return !is_alnum(m.ptr[0]) || lead.len == m.len ||
           !aw_ascii_alpha(lead.ptr[lead.len - m.len - 1]);
}

static int find_mark(struct aw_str lead)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (ends_with(lead, marks[i].mark))
            return (int)marks[i].handle;
    return -1;
}

/* Which handle is announced by the text before it; -1: none. A plain word
 * needs more than the mark: "微信iPhone". */
static int announced(const struct lead *lead, bool is_plain)
{
    struct aw_str rest = {lead->bytes + lead->at,
                          sizeof lead->bytes - lead->at};

    for (int n = 0; n <= FILLERS_MAX && rest.len > 0; n++) {
        int handle = find_mark(rest);
        size_t last = before(rest, rest.len);

        if (handle >= 0)
            return n == 0 && is_plain ? -1 : handle;
        if (!is_filler(aw_str_sub(rest, last, rest.len - last)))
            return -1;
        rest.len = last;
    }
    return -1;
}

static bool is_handle_byte(char c)
{
    return is_alnum(c) || c == '_' || c == '-';
}

static bool is_plain(struct aw_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (!aw_ascii_alpha(word.ptr[i]))
            return false;
    return true;
}

static bool is_mobile(struct aw_str word)
{
    return word.len == 11 && skip_digits(word, 0) == 11 &&
           word.ptr[0] == '1' && word.ptr[1] >= '3';
}

/* 6 to 20 letters, digits, "_" and "-", the first a letter; or a telephone or
 * QQ number in its place. */
static bool is_wechat(struct aw_str word)
{
    if (word.len < 6 || word.len > 20)
        return false;
    return aw_ascii_alpha(word.ptr[0]) || is_mobile(word) ||
           (skip_digits(word, 0) == word.len && word.len <= 10 &&
            word.ptr[0] != '0' && !aw_str_starts(word, AW_STR("20")));
}

/* 5 to 11 digits, the first not 0. */
static bool is_qq(struct aw_str word)
{
    return word.len >= 5 && word.len <= 11 &&
           skip_digits(word, 0) == word.len && word.ptr[0] != '0';
}

/* "QQ12345678", "vxlicai8899", "加V123456": the word begins with its mark. */
static const struct {
    const char *mark;
    bool needs_sign; /* 加 or + before it */
    enum handle handle;
} glued[] = {
    {"qq", false, QQ},
    {"vx", false, WECHAT},
    {"v", true, WECHAT},
    {"q", true, QQ},
};

static bool has_sign(struct aw_str text, size_t start)
{
    struct aw_str lead = aw_str_sub(text, 0, start);

    return aw_str_ends(lead, AW_STR("加")) || aw_str_ends(lead, AW_STR("+"));
}

static int unglue(struct aw_str text, size_t *start, struct aw_str *word)
{
    for (size_t i = 0; i < sizeof glued / sizeof *glued; i++) {
        struct aw_str mark = aw_str_of(glued[i].mark);
        struct aw_str rest = from(*word, mark.len);

        if (!aw_str_starts_nocase(*word, mark) ||
            (glued[i].needs_sign && !has_sign(text, *start)) ||
            !(glued[i].handle == QQ ? is_qq(rest) : is_wechat(rest)))
            continue;
        *start += mark.len;
        *word = rest;
        return (int)glued[i].handle;
    }
    return -1;
}

/* "13800001234（微信同号）": the word behind the number. */
static bool is_shared(struct aw_str text, size_t end)
{
    static const char *const words[] = {"微信同", "同微信", "V同",  "v同",
                                        "同V",    "同v",    "薇同", NULL};

    while (byte_at(text, end) == ' ' || byte_at(text, end) == '(')
        end++;
    end += starts_at(text, end, AW_STR("（")) ? 3 : 0;
    return mark_len(text, end, words) > 0;
}

/* A mobile number in its place is a telephone too. */
static void found_handle(struct aw_party_scan *scan, enum handle handle,
                         struct aw_str word, size_t start)
{
    if (handle == WECHAT && is_mobile(word))
        aw_party_found(scan, AW_PARTY_PHONE, word, start, start + word.len);
    if (handle == QQ ? is_qq(word) : is_wechat(word))
        aw_party_found(scan, handle == QQ ? AW_PARTY_QQ : AW_PARTY_WECHAT,
                       word, start, start + word.len);
}

static void try_word(struct aw_party_scan *scan, size_t start, size_t end)
{
    struct aw_str word = aw_str_sub(scan->text, start, end - start);
    char next = byte_at(scan->text, end);
    struct lead lead;
    int handle = unglue(scan->text, &start, &word);

    if (next == '@' || (next == '.' && is_alnum(byte_at(scan->text, end + 1))))
        return;
    if (handle < 0) {
        read_lead(scan->text, start, &lead);
        handle = announced(&lead, is_plain(word));
    }
    if (handle >= 0)
        found_handle(scan, (enum handle)handle, word, start);
    else if (is_mobile(word) && is_shared(scan->text, end))
        aw_party_found(scan, AW_PARTY_WECHAT, word, start, end);
}

/* Handles are words of ASCII: from each of them it is looked back. */
void aw_party_scan_handles(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    size_t pos = 0;

    if (scan->longest < 5 || !aw_party_has_any(scan, AW_PARTY_MARK_HANDLE))
        return;
    while (pos < text.len) {
        size_t end = pos;
        size_t next;

        while (is_handle_byte(byte_at(text, end)))
            end++;
        next = end + (end == pos);
        while (end > pos && !is_alnum(text.ptr[end - 1]))
            end--;
        while (pos < end && !is_alnum(text.ptr[pos]))
            pos++;
        if (end - pos >= 5)
            try_word(scan, pos, end);
        pos = next;
    }
}
