#include "extract/party_scan.h"

#define PSB_DIGITS 14

static const char provinces[] =
    "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川蜀贵黔云滇陕秦甘陇青蒙桂藏宁新";

/* The start of the province's character that ends before pos; false where
 * there is none. */
static bool province_before(struct aw_str text, size_t low, size_t pos,
                            size_t *start)
{
    while (pos > low && text.ptr[pos - 1] == ' ')
        pos--;
    if (pos < low + 3)
        return false;
    *start = before(text, pos);
    return pos - *start == 3 &&
           aw_str_find(aw_str_of(provinces), aw_str_sub(text, *start, 3)) >= 0;
}

/* Behind the 号 that ends a filing; an ICP number has it always, and one of
 * public security may lack it. */
static size_t filing_end(struct aw_str text, struct aw_str number)
{
    size_t end = (size_t)(number.ptr - text.ptr) + number.len;
    size_t sign = skip_spaces(text, end);

    return starts_at(text, sign, AW_STR("号")) ? sign + AW_STR("号").len : end;
}

/* Writes province, mark and number without white space, ended by 号. */
static void found_filing(struct aw_party_scan *scan, enum aw_party_kind kind,
                         size_t start, bool province, struct aw_str mark,
                         struct aw_str number)
{
    char bytes[AW_PARTY_VALUE_MAX];
    struct aw_buf value = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};

    if (province)
        aw_buf_put(&value, aw_str_sub(scan->text, start, 3));
    aw_buf_put(&value, mark);
    aw_buf_put(&value, number);
    aw_buf_puts(&value, "号");
    if (value.rc == AW_OK)
        aw_party_found(scan, kind, aw_buf_str(&value), start,
                       filing_end(scan->text, number));
}

/* "备 2021012345 号" behind pos: the number; empty where it is none. */
static struct aw_str filing_number(struct aw_str text, size_t pos,
                                   size_t least, size_t most)
{
    size_t start = skip_spaces(text, pos);
    size_t end = skip_digits(text, start);
    bool ended = starts_at(text, skip_spaces(text, end), AW_STR("号"));

    if (!ended || end - start < least || end - start > most)
        return (struct aw_str){0};
    return aw_str_sub(text, start, end - start);
}

static void try_filing(struct aw_party_scan *scan, enum aw_party_kind kind,
                       size_t at, size_t behind, struct aw_str mark)
{
    size_t least = kind == AW_PARTY_ICP ? 5 : 10;
    struct aw_str number = filing_number(scan->text, behind, least, 16);
    size_t start;

    if (number.len > 0 && province_before(scan->text, 0, at, &start))
        found_filing(scan, kind, start, true, mark, number);
}

static void try_icp(struct aw_party_scan *scan, size_t pos, size_t behind)
{
    static const char *const marks[] = {"备", "证", NULL};
    size_t at = skip_spaces(scan->text, behind);
    size_t len = mark_len(scan->text, at, marks);

    if (len > 0)
        try_filing(scan, AW_PARTY_ICP, pos, at + len,
                   starts_at(scan->text, at, AW_STR("备")) ? AW_STR("ICP备")
                                                           : AW_STR("ICP证"));
}

static void scan_icp(struct aw_party_scan *scan)
{
    static const struct aw_str marks[] = {AW_STR("ICP"), AW_STR("icp"),
                                          AW_STR("Icp")};

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t pos = aw_party_find_first(scan, AW_PARTY_MARK_ICP, marks[i]);

        while (pos < scan->text.len) {
            try_icp(scan, pos, pos + marks[i].len);
            pos = find_from(scan->text, pos + marks[i].len, marks[i]);
        }
    }
}

static void scan_psb(struct aw_party_scan *scan)
{
    struct aw_str mark = AW_STR("公网安备");
    size_t pos = aw_party_find_first(scan, AW_PARTY_MARK_FILED, mark);

    while (pos < scan->text.len) {
        try_filing(scan, AW_PARTY_PSB, pos, pos + mark.len, mark);
        pos = find_from(scan->text, pos + mark.len, mark);
    }
}

/* "公安备案号：37081102000321": 14 digits, the province in front of none. */
static void try_bare_psb(struct aw_party_scan *scan, size_t pos)
{
    static const char *const between[] = {"号", "编号", "：", ":", " ", NULL};
    size_t start = pos;
    size_t len, end;

    while ((len = mark_len(scan->text, start, between)) > 0)
        start += len;
    end = skip_digits(scan->text, start);
    if (end - start == PSB_DIGITS)
        found_filing(scan, AW_PARTY_PSB, start, false, AW_STR("公网安备"),
                     aw_str_sub(scan->text, start, end - start));
}

static void scan_bare_psb(struct aw_party_scan *scan)
{
    struct aw_str mark = AW_STR("公安备案");
    size_t pos = aw_party_find_first(scan, AW_PARTY_MARK_FILED, mark);

    while (pos < scan->text.len) {
        try_bare_psb(scan, pos + mark.len);
        pos = find_from(scan->text, pos + mark.len, mark);
    }
}

void aw_party_scan_filings(struct aw_party_scan *scan)
{
    if (scan->digits < 5)
        return;
    scan_icp(scan);
    scan_psb(scan);
    scan_bare_psb(scan);
}
