#include "evidence/redact_private.h"

#include "extract/party.h"
#include "extract/party_fold.h"

#define GROUPS_MAX 12
#define DIGITS_MAX 24 /* of a number that is looked at */
#define MOBILE_LEN 11
#define ID_LEN 18
#define CARD_LEAST 16
#define CARD_MOST 19
#define MAILBOX_MAX 254 /* bytes (RFC 5321) */

/* Digits in groups, with a blank or a mark between. */
struct number {
    char digits[DIGITS_MAX + 1];               /* of all groups */
    size_t count;                              /* groups */
    size_t start[GROUPS_MAX], end[GROUPS_MAX]; /* cells */
    size_t sum[GROUPS_MAX];                    /* digits up to its end */
};

/* ---- words around ------------------------------------------------------- */

/* What stands behind these is the number of a thing. */
static const char *const things[] = {"订单号", "订单",   "单号",     "编号",
                                     "流水号", "备案号", "许可证号", "证书号",
                                     "运单",   "快递",   "注册号",   "批号",
                                     "货号",   "型号",   "案号",     "产品码",
                                     "条形码", "order",  "Order",    "ORDER",
                                     "ISBN",   "No",     "NO",       NULL};
static const char *const accounts[] = {"卡号",   "账号",   "帐号",
                                       "账户",   "帐户",   "银行卡",
                                       "储蓄卡", "汇款至", NULL};
static const char *const units[] = {"元", "万", "亿", "%",  "次", "人", "个",
                                    "条", "份", "股", "米", "手", "件", NULL};
/* Between a word and its number. */
static const char *const joints[] = {"：", ":",  " ",  "（", "(",  "号码",
                                     "号", "为", "是", "#",  "．", ".",
                                     "\t", "/",  "\"", NULL};
static const char *const offers[] = {"咨询", "热线", "客服", "招商", "加盟",
                                     "报名", "预约", "订购", "官方", "电话",
                                     "手机", "方式", "我们", "业务", "抢购",
                                     "微信", "合作", "致电", "来电", "拨打",
                                     "Tel",  "TEL",  NULL};
static const char *const others[] = {"客户",   "投资人", "学员",   "会员",
                                     "用户",   "受害",   "举报人", "老人",
                                     "家属",   "投诉人", "持卡人", "收款人",
                                     "借款人", "储户",   "本人",   "姓名",
                                     NULL};

/* A person who is named so is no one of the advertiser's; but for who stands
 * behind the latter words. */
static const char *const persons[] = {"先生", "女士", "小姐", "太太", "阿姨",
                                      "大爷", "大妈", "大叔", "大姐", "大哥",
                                      "叔叔", "奶奶", "爷爷", "同学", NULL};
static const char *const contacts[] = {"联系人", "联络人", "负责人", NULL};

#define OTHERS_WITHIN 20 /* cells of the same line */
#define BESIDE_WITHIN 30 /* cells between a name and a number */

/* "账号：" ends as a joint does: words are looked for first. */
static bool is_behind(const struct aw_redact_cells *cells, size_t i,
                      const char *const *words)
{
    size_t len;

    do {
        if (aw_redact_any_before(cells, i, words) > 0)
            return true;
        len = aw_redact_any_before(cells, i, joints);
        i -= len;
    } while (len > 0);
    return false;
}

static bool ends_line(uint32_t cp)
{
    return cp == '\n' || cp == AW_REDACT_EDGE;
}

/* Does one of these words stand before i in its line? */
static bool is_in_line(const struct aw_redact_cells *cells, size_t i,
                       const char *const *words)
{
    for (size_t n = 0; n < OTHERS_WITHIN && i > 0; n++, i--) {
        if (ends_line(aw_redact_at(cells, i - 1)))
            return false;
        if (aw_redact_any_before(cells, i, words) > 0)
            return true;
    }
    return false;
}

bool aw_redact_is_offered(const struct aw_redact_cells *cells, size_t i)
{
    return is_behind(cells, i, offers) && !is_in_line(cells, i, others) &&
           (!is_in_line(cells, i, persons) || is_in_line(cells, i, contacts));
}

/* The first of the digits that stand together. */
static bool begins_number(const struct aw_redact_cells *cells, size_t i)
{
    return aw_redact_digit(aw_redact_at(cells, i)) &&
           (i == 0 || !aw_redact_digit(aw_redact_at(cells, i - 1)));
}

bool aw_redact_is_beside_offer(const struct aw_redact_cells *cells,
                               size_t start, size_t end)
{
    size_t from = start > BESIDE_WITHIN ? start - BESIDE_WITHIN : 0;

    if (!is_behind(cells, start, contacts) || is_in_line(cells, start, others))
        return false;
    for (size_t i = from; i < end + BESIDE_WITHIN && i < cells->count; i++)
        if (begins_number(cells, i) && aw_redact_is_offered(cells, i))
            return true;
    return false;
}

/* Money and counts, and what goes on with a fraction. */
static bool is_amount(const struct aw_redact_cells *cells, size_t i)
{
    while (aw_redact_blank(aw_redact_at(cells, i)))
        i++;
    return aw_redact_any_at(cells, i, units) > 0 ||
           (aw_redact_at(cells, i) == '.' &&
            aw_redact_digit(aw_redact_at(cells, i + 1)));
}

static bool is_fraction(const struct aw_redact_cells *cells, size_t i)
{
    return i > 1 && aw_redact_at(cells, i - 1) == '.' &&
           aw_redact_digit(aw_redact_at(cells, i - 2));
}

/* ---- groups ------------------------------------------------------------- */

static size_t skip_blanks(const struct aw_redact_cells *cells, size_t i)
{
    while (aw_redact_blank(aw_redact_at(cells, i)) ||
           aw_redact_at(cells, i) == AW_REDACT_EDGE)
        i++;
    return i;
}

/* Behind at most one mark with blanks around it. */
static size_t skip_mark(const struct aw_redact_cells *cells, size_t i)
{
    static const char *const marks[] = {"-", "－", "–", "—", "‐",  ".",
                                        "·", "_",  "/", ")", "）", NULL};

    i = skip_blanks(cells, i);
    return skip_blanks(cells, i + aw_redact_any_at(cells, i, marks));
}

static bool has_edge(const struct aw_redact_cells *cells, size_t start,
                     size_t end)
{
    for (size_t i = start; i < end; i++)
        if (aw_redact_at(cells, i) == AW_REDACT_EDGE)
            return true;
    return false;
}

static void read_number(const struct aw_redact_cells *cells, size_t i,
                        struct number *out)
{
    size_t len = 0;

    out->count = 0;
    while (out->count < GROUPS_MAX) {
        size_t start = i;

        while (len < DIGITS_MAX && aw_redact_digit(aw_redact_at(cells, i)))
            out->digits[len++] = (char)aw_redact_at(cells, i++);
        if (i == start || aw_redact_digit(aw_redact_at(cells, i)))
            break;
        out->start[out->count] = start;
        out->end[out->count] = i;
        out->sum[out->count++] = len;
        if (aw_redact_alnum(aw_redact_at(cells, i)))
            break;
        i = skip_mark(cells, i);
    }
    out->digits[len] = '\0';
}

/* How many groups have so many digits together, the last one's end being one
 * of the number too; 0: none. */
static size_t groups_of(const struct aw_redact_cells *cells,
                        const struct number *n, size_t digits)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->sum[i] == digits)
            return aw_redact_alnum(aw_redact_at(cells, n->end[i])) ? 0 : i + 1;
    return 0;
}

static aw_rc tell(const struct aw_redact_seek *search,
                  enum aw_redact_kind kind, struct aw_str value, size_t start,
                  size_t end)
{
    struct aw_redact_hit hit = {kind, start, end, value,
                                (kind == AW_REDACT_MOBILE ||
                                 kind == AW_REDACT_MAILBOX) &&
                                    aw_redact_is_offered(search->cells,
                                                         start)};

    return search->found(search->self, &hit, search->err);
}

/* ---- mobile numbers ----------------------------------------------------- */

static bool is_mobile(const char *digits)
{
    return digits[0] == '1' && digits[1] >= '3';
}

/* As people group them: 138 0000 1234, 1380-000-1234, 13 8000 01234; not
 * 13-8-000-0123-4, where each group stands for itself. Over the cells of a
 * table, where numbers of all kinds stand, 138 0000 1234 alone. */
static bool is_grouped(const struct aw_redact_cells *cells,
                       const struct number *n, size_t groups)
{
    size_t least = groups > 5 ? 1 : 2;

    if (has_edge(cells, n->start[0], n->end[groups - 1]) &&
        (groups != 3 || n->sum[0] != 3 || n->sum[1] != 7))
        return false;
    for (size_t i = 0; i < groups && groups > 1 && groups < MOBILE_LEN; i++)
        if (n->end[i] - n->start[i] < least)
            return false;
    return true;
}

/* Digits of the country in front, within the first group: 86, 0086, 0; what is
 * a group of its own is no part of the number. */
static size_t country_len(const struct number *n)
{
    static const char *const codes[] = {"0086", "86", "0"};
    size_t len = n->end[0] - n->start[0];

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        size_t code = strlen(codes[i]);

        if (len > code && strncmp(n->digits, codes[i], code) == 0)
            return code;
    }
    return 0;
}

static size_t try_mobile(const struct aw_redact_seek *search,
                         const struct number *n, aw_rc *rc)
{
    const struct aw_redact_cells *cells = search->cells;
    size_t country = country_len(n);
    size_t groups = groups_of(cells, n, country + MOBILE_LEN);
    size_t start = n->start[0] + country;

    if (groups == 0 || !is_mobile(n->digits + country) ||
        !is_grouped(cells, n, groups) ||
        is_amount(cells, n->end[groups - 1]) ||
        is_fraction(cells, n->start[0]) || is_behind(cells, start, things))
        return 0;
    *rc = tell(search, AW_REDACT_MOBILE,
               (struct aw_str){n->digits + country, MOBILE_LEN}, start,
               n->end[groups - 1]);
    return n->end[groups - 1];
}

/* ---- identity cards ----------------------------------------------------- */

static int number_of(const char *digits, size_t len)
{
    int value = 0;

    for (size_t i = 0; i < len; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

static bool is_birthday(const char *digits)
{
    int year = number_of(digits, 4);
    int month = number_of(digits + 4, 2);
    int day = number_of(digits + 6, 2);

    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
}

/* GB 11643-1999: ISO 7064, MOD 11-2. */
static char check_of_id(const char *digits)
{
    static const int weights[] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                  3, 7, 9,  10, 5, 8, 4, 2};
    int sum = 0;

    for (size_t i = 0; i < ID_LEN - 1; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

/* 17 digits, and a check digit that may be an X. */
static size_t try_id(const struct aw_redact_seek *search,
                     const struct number *n, aw_rc *rc)
{
    const struct aw_redact_cells *cells = search->cells;
    size_t groups = groups_of(cells, n, ID_LEN);
    char id[ID_LEN];
    size_t end;

    memcpy(id, n->digits, ID_LEN);
    if (groups > 0) {
        end = n->end[groups - 1];
    } else { /* the X hangs on to the last group, or is one */
        size_t last = 0;

        while (last < n->count && n->sum[last] != ID_LEN - 1)
            last++;
        if (last == n->count)
            return 0;
        end = aw_redact_alnum(aw_redact_at(cells, n->end[last]))
                  ? n->end[last]
                  : skip_mark(cells, n->end[last]);
        if ((aw_redact_at(cells, end) | 0x20) != 'x' ||
            aw_redact_alnum(aw_redact_at(cells, end + 1)))
            return 0;
        id[ID_LEN - 1] = 'X';
        end++;
    }
    if (id[0] < '1' || id[0] > '8' || !is_birthday(id + 6) ||
        check_of_id(id) != id[ID_LEN - 1])
        return 0;
    *rc = tell(search, AW_REDACT_ID_CARD, (struct aw_str){id, ID_LEN},
               n->start[0], end);
    return end;
}

/* ---- bank cards --------------------------------------------------------- */

static bool is_luhn(const char *digits, size_t len)
{
    int sum = 0;

    for (size_t i = 0; i < len; i++) {
        int digit = digits[len - 1 - i] - '0';

        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* UnionPay, Visa, Mastercard, JCB. */
static bool begins_card(const char *digits)
{
    return strncmp(digits, "62", 2) == 0 || digits[0] == '4' ||
           strncmp(digits, "35", 2) == 0 ||
           (digits[0] == '5' && digits[1] >= '1' && digits[1] <= '5');
}

static size_t try_card(const struct aw_redact_seek *search,
                       const struct number *n, aw_rc *rc)
{
    const struct aw_redact_cells *cells = search->cells;

    for (size_t len = CARD_MOST; len >= CARD_LEAST; len--) {
        size_t groups = groups_of(cells, n, len);

        if (groups == 0 || !is_luhn(n->digits, len) ||
            (!begins_card(n->digits) &&
             !is_behind(cells, n->start[0], accounts)) ||
            is_amount(cells, n->end[groups - 1]) ||
            is_fraction(cells, n->start[0]) ||
            is_behind(cells, n->start[0], things))
            continue;
        *rc =
            tell(search, AW_REDACT_BANK_CARD, (struct aw_str){n->digits, len},
                 n->start[0], n->end[groups - 1]);
        return n->end[groups - 1];
    }
    return 0;
}

/* ---- otherwise written -------------------------------------------------- */

/* "138O000l234": letters in the place of 0 and 1, three at most. */
static size_t try_lettered(const struct aw_redact_seek *search, size_t start,
                           size_t end, aw_rc *rc)
{
    char digits[MOBILE_LEN + 1] = "";
    size_t letters = 0;

    if (end - start != MOBILE_LEN)
        return 0;
    for (size_t i = 0; i < MOBILE_LEN; i++) {
        uint32_t cp = aw_redact_at(search->cells, start + i);
        const char *as = strchr("O0o0l1I1", (int)cp);

        if (!aw_redact_digit(cp) && (!as || as[1] < '0' || as[1] > '1'))
            return 0;
        letters += !aw_redact_digit(cp);
        digits[i] = aw_redact_digit(cp) ? (char)cp : as[1];
    }
    if (letters == 0 || letters > 3 || !is_mobile(digits))
        return 0;
    *rc = tell(search, AW_REDACT_MOBILE, (struct aw_str){digits, MOBILE_LEN},
               start, end);
    return end;
}

/* -1: neither a digit nor a numeral. */
static int spoken_digit(uint32_t cp)
{
    return aw_redact_digit(cp) ? (int)(cp - '0')
           : cp >= 0x80        ? aw_party_digit(cp)
                               : -1;
}

/* "一三八零零…", "139一二三四…", "一三八 零零零零 …": read out one by one. */
static size_t try_spoken(const struct aw_redact_seek *search, size_t start,
                         aw_rc *rc)
{
    const struct aw_redact_cells *cells = search->cells;
    char digits[MOBILE_LEN + 1] = "";
    size_t end = start;
    size_t len = 0;
    int digit;

    for (size_t i = start; (digit = spoken_digit(aw_redact_at(cells, i))) >= 0;
         i = skip_mark(cells, end)) {
        if (len < MOBILE_LEN)
            digits[len] = (char)('0' + digit);
        len++;
        end = i + 1;
    }
    if (len == MOBILE_LEN && is_mobile(digits) && !has_edge(cells, start, end))
        *rc = tell(search, AW_REDACT_MOBILE,
                   (struct aw_str){digits, MOBILE_LEN}, start, end);
    return end;
}

/* ---- mailboxes ---------------------------------------------------------- */

static bool is_local(uint32_t cp)
{
    return aw_redact_alnum(cp) ||
           (cp > 0 && cp < 0x80 && strchr("._-+", (int)cp));
}

static bool is_host(uint32_t cp)
{
    return aw_redact_alnum(cp) || cp == '.' || cp == '-';
}

static aw_rc try_mailbox(const struct aw_redact_seek *search, size_t at)
{
    const struct aw_redact_cells *cells = search->cells;
    char text[MAILBOX_MAX];
    size_t start = at;
    size_t end = at + 1;
    struct aw_str domain;

    while (start > 0 && at - start < MAILBOX_MAX &&
           is_local(aw_redact_at(cells, start - 1)))
        start--;
    while (end - start < MAILBOX_MAX && is_host(aw_redact_at(cells, end)))
        end++;
    while (end > at && !aw_redact_alnum(aw_redact_at(cells, end - 1)))
        end--;
    if (start == at || end <= at + 1 || end - start > MAILBOX_MAX)
        return AW_OK;
    for (size_t i = start; i < end; i++)
        text[i - start] = aw_ascii_lower((char)aw_redact_at(cells, i));
    domain = (struct aw_str){text + (at + 1 - start), end - at - 1};
    return aw_party_is_mailer(domain)
               ? tell(search, AW_REDACT_MAILBOX,
                      (struct aw_str){text, end - start}, start, end)
               : AW_OK;
}

/* ---- one pass ----------------------------------------------------------- */

static size_t skip_word(const struct aw_redact_cells *cells, size_t i,
                        bool *digits)
{
    *digits = true;
    for (; aw_redact_alnum(aw_redact_at(cells, i)); i++)
        *digits = *digits && aw_redact_digit(aw_redact_at(cells, i));
    return i;
}

/* Where to look on, behind what begins at i. */
static size_t try_all(const struct aw_redact_seek *search, size_t i, aw_rc *rc)
{
    bool digits;
    size_t word = skip_word(search->cells, i, &digits);
    struct number n = {0};
    size_t end;

    if (!aw_redact_digit(aw_redact_at(search->cells, i)))
        return word;
    read_number(search->cells, i, &n);
    if (n.count == 0)
        return word;
    end = try_id(search, &n, rc);
    if (end == 0)
        end = try_card(search, &n, rc);
    if (end == 0)
        end = try_mobile(search, &n, rc);
    if (end == 0 && !digits)
        end = try_lettered(search, i, word, rc);
    if (end == 0 && digits && *rc == AW_OK &&
        spoken_digit(aw_redact_at(search->cells, word)) >= 0)
        end = try_spoken(search, i, rc);
    return end > 0 ? end : word;
}

aw_rc aw_redact_numbers(const struct aw_redact_seek *search)
{
    const struct aw_redact_cells *cells = search->cells;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < cells->count && rc == AW_OK;) {
        uint32_t cp = aw_redact_at(cells, i);

        if (cp == '@')
            rc = try_mailbox(search, i);
        if (aw_redact_alnum(cp))
            i = try_all(search, i, &rc);
        else if (cp >= 0x80 && aw_party_digit(cp) >= 0)
            i = try_spoken(search, i, &rc);
        else
            i++;
    }
    return rc;
}
