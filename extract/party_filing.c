#include "extract/party_scan.h"

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

/* Writes province, mark and number without white space, ended by 号. */
static void found_filing(struct aw_party_scan *scan, enum aw_party_kind kind,
                         size_t start, struct aw_str mark,
                         struct aw_str number)
{
    char bytes[AW_PARTY_VALUE_MAX];
    struct aw_buf value = {bytes, 0, sizeof bytes, sizeof bytes - 1, AW_OK};

    aw_buf_put(&value, aw_str_sub(scan->text, start, 3));
    aw_buf_put(&value, mark);
    aw_buf_put(&value, number);
    aw_buf_puts(&value, "号");
    if (value.rc == AW_OK)
        aw_party_found(scan, kind, aw_buf_str(&value), start);
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
        found_filing(scan, kind, start, mark, number);
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
    static const struct aw_str marks[] = {{"ICP", 3}, {"icp", 3}};

    for (size_t i = 0; i < 2; i++) {
        size_t pos = aw_party_find_first(scan, marks[i]);

        while (pos < scan->text.len) {
            try_icp(scan, pos, pos + marks[i].len);
            pos = find_from(scan->text, pos + marks[i].len, marks[i]);
        }
    }
}

static void scan_psb(struct aw_party_scan *scan)
{
    struct aw_str mark = AW_STR("公网安备");
    size_t pos = aw_party_find_first(scan, mark);

    while (pos < scan->text.len) {
        try_filing(scan, AW_PARTY_PSB, pos, pos + mark.len, mark);
        pos = find_from(scan->text, pos + mark.len, mark);
    }
}

void aw_party_scan_filings(struct aw_party_scan *scan)
{
    scan_icp(scan);
    scan_psb(scan);
}
