#include "evidence/redact_private.h"

#include "base/utf8.h"

#define NAME_MAX_CELLS 4
#define TITLE_MAX_CELLS 2
#define LABEL_GAP 3 /* cells between a word and the name */

/* The surnames of nearly all; those that are words of their own before 先生
 * and its like (各位, 总, 客户) are none of them. */
static const char surnames[] =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁"
    "潘"
    "于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱"
    "江"
    "尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐"
    "易"
    "乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕"
    "季裴霍涂苗谷盛曲翁冉骆蓝游辛靳柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳穆农"
    "卓古吉缪简车芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟臧闵苟邬"
    "边卞姬仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";
static const char *const compounds[] = {"欧阳", "上官", "司马", "诸葛", "东方",
                                        "皇甫", "尉迟", "公孙", "慕容", "令狐",
                                        "司徒", "夏侯", NULL};

/* Behind a name. */
static const char *const titles[] = {"先生", "女士", "小姐", "太太", "阿姨",
                                     "大爷", "大妈", "大叔", "大姐", "大哥",
                                     "叔叔", "奶奶", "爷爷", "同学", "老师",
                                     "经理", "主任", "老人", NULL};

/* Before one; the latter only with a colon, being words of any sentence. */
static const char *const labels[] = {"联系人", "姓名",   "收款人", "户名",
                                     "持卡人", "经办人", "投诉人", "举报人",
                                     "借款人", "受益人", "开户名", NULL};
static const char *const loose_labels[] = {"客户", "投资人", "投资者", "学员",
                                           "会员", "收件人", "顾问",   NULL};
static const char *const colons[] = {"：", ":", NULL};

/* What comes behind a name without a blank, and ends it. */
static const char *const stops[] = {"电话", "手机", "微信", "先生", "女士",
                                    "小姐", "身份", "地址", "账号", "帐号",
                                    "卡号", "开户", "联系", "性别", "年龄",
                                    "老师", "经理", "邮箱", "银行", NULL};

/* ---- surnames ----------------------------------------------------------- */

static bool is_surname(uint32_t cp)
{
    const struct aw_str all = AW_STR(surnames);

    if (!aw_is_han(cp))
        return false;
    for (size_t pos = 0; pos < all.len;)
        if (aw_utf8_next_valid(all, &pos) == cp)
            return true;
    return false;
}

/* Cells of the surname at i; 0: there is none. */
static size_t surname_at(const struct aw_redact_cells *cells, size_t i)
{
    size_t len = aw_redact_any_at(cells, i, compounds);

    return len > 0 ? len : is_surname(aw_redact_at(cells, i));
}

static bool is_han_at(const struct aw_redact_cells *cells, size_t i)
{
    return aw_is_han(aw_redact_at(cells, i));
}

/* ---- telling ------------------------------------------------------------ */

/* One that the advertiser offers is known with its title: 钱 alone is a name
 * of many. */
static aw_rc tell(const struct aw_redact_seek *search, size_t start,
                  size_t end, size_t title)
{
    char bytes[(NAME_MAX_CELLS + TITLE_MAX_CELLS) * 4];
    struct aw_buf name = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};
    struct aw_redact_hit hit = {AW_REDACT_NAME,
                                start,
                                end,
                                {0},
                                aw_redact_is_beside_offer(search->cells, start,
                                                          end)};

    for (size_t i = start; i < end + (hit.offered ? title : 0); i++)
        if (is_han_at(search->cells, i))
            aw_utf8_put(&name, aw_redact_at(search->cells, i));
    hit.value = aw_buf_str(&name);
    return search->found(search->self, &hit, search->err);
}

/* ---- before a title ----------------------------------------------------- */

/* Where the name begins that ends before i; i: there is none. The whole name
 * where what stands before it is no Chinese character, else the surname that
 * is nearest. */
static size_t name_before(const struct aw_redact_cells *cells, size_t i)
{
    for (size_t len = 3; len >= 2; len--)
        if (i >= len && surname_at(cells, i - len) > 0 &&
            is_han_at(cells, i - 1) && is_han_at(cells, i - 2) &&
            (i == len || !is_han_at(cells, i - len - 1)))
            return i - len;
    for (size_t len = 1; len <= 3 && len <= i; len++) {
        if (!is_han_at(cells, i - len))
            break;
        if (surname_at(cells, i - len) > 0)
            return i - len;
    }
    return i;
}

/* "李 明", which ends before i: where it begins, or i. */
static size_t spaced_before(const struct aw_redact_cells *cells, size_t i)
{
    if (i < 3 || !is_han_at(cells, i - 1) ||
        !aw_redact_blank(aw_redact_at(cells, i - 2)) ||
        surname_at(cells, i - 3) == 0 || (i > 3 && is_han_at(cells, i - 4)))
        return i;
    return i - 3;
}

static aw_rc try_title(const struct aw_redact_seek *search, size_t i)
{
    const struct aw_redact_cells *cells = search->cells;
    size_t title = aw_redact_any_at(cells, i, titles);
    size_t end = i;
    size_t start;

    if (title == 0)
        return AW_OK;
    while (end > 0 && aw_redact_blank(aw_redact_at(cells, end - 1)))
        end--;
    start = spaced_before(cells, end);
    if (start == end && end > 0)
        start = name_before(cells, end);
    return start < end ? tell(search, start, end, end == i ? title : 0)
                       : AW_OK;
}

/* ---- behind a label ----------------------------------------------------- */

static size_t skip_gap(const struct aw_redact_cells *cells, size_t i,
                       bool *colon)
{
    size_t end = i + LABEL_GAP;

    *colon = false;
    while (i < end) {
        size_t len = aw_redact_any_at(cells, i, colons);

        *colon = *colon || len > 0;
        if (len == 0 && !aw_redact_blank(aw_redact_at(cells, i)))
            break;
        i++;
    }
    return i;
}

/* Where the name that begins at i ends; i: it is none. */
static size_t name_end(const struct aw_redact_cells *cells, size_t i)
{
    size_t end = i;
    size_t surname, given;

    while (is_han_at(cells, end) && end - i <= NAME_MAX_CELLS &&
           (end == i || aw_redact_any_at(cells, end, stops) == 0))
        end++;
    surname = surname_at(cells, i);
    given = end - i - surname;
    return surname > 0 && given >= 1 && given <= 2 ? end : i;
}

static aw_rc try_label(const struct aw_redact_seek *search, size_t i)
{
    const struct aw_redact_cells *cells = search->cells;
    size_t len = aw_redact_any_at(cells, i, labels);
    bool loose = len == 0;
    bool colon;
    size_t start, end;

    if (loose)
        len = aw_redact_any_at(cells, i, loose_labels);
    if (len == 0)
        return AW_OK;
    start = skip_gap(cells, i + len, &colon);
    if (loose && !colon)
        return AW_OK;
    end = name_end(cells, start);
    return end > start ? tell(search, start, end, 0) : AW_OK;
}

aw_rc aw_redact_names(const struct aw_redact_seek *search)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < search->cells->count && rc == AW_OK; i++) {
        if (!is_han_at(search->cells, i))
            continue;
        rc = try_title(search, i);
        if (rc == AW_OK)
            rc = try_label(search, i);
    }
    return rc;
}
