#include "extract/party_scan.h"

#define FILLERS_MAX 6

static bool is_filler(uint32_t cp)
{
    static const char fillers[] = "号码：:=（(同为是即加客服群咨询讯 　";
    struct aw_str all = aw_str_of(fillers);

    for (size_t pos = 0; pos < all.len;)
        if (aw_utf8_next(all, &pos) == cp)
            return true;
    return false;
}

static size_t skip_fillers(struct aw_str text, size_t pos)
{
    for (size_t n = 0; n < FILLERS_MAX && pos < text.len; n++) {
        size_t next = pos;

        if (!is_filler(aw_utf8_next(text, &next)))
            break;
        pos = next;
    }
    return pos;
}

static bool is_handle_byte(char c)
{
    return is_alnum(c) || c == '_' || c == '-';
}

/* WeChat: 6 to 20 letters, digits, "_" and "-". */
static void try_wechat(struct aw_party_scan *scan, size_t pos)
{
    size_t end = pos;

    while (is_handle_byte(byte_at(scan->text, end)))
        end++;
    while (end > pos && !is_alnum(scan->text.ptr[end - 1]))
        end--;
    if (end - pos < 6 || end - pos > 20 || byte_at(scan->text, end) == '.')
        return;
    aw_party_found(scan, AW_PARTY_WECHAT,
                   aw_str_sub(scan->text, pos, end - pos), pos);
}

/* QQ: 5 to 11 digits, the first not 0. */
static void try_qq(struct aw_party_scan *scan, size_t pos)
{
    size_t end = skip_digits(scan->text, pos);

    if (end - pos < 5 || end - pos > 11 || byte_at(scan->text, pos) == '0')
        return;
    if (!is_alnum(byte_at(scan->text, end)))
        aw_party_found(scan, AW_PARTY_QQ,
                       aw_str_sub(scan->text, pos, end - pos), pos);
}

static const struct {
    struct aw_str mark;
    void (*try_handle)(struct aw_party_scan *scan, size_t pos);
} handles[] = {
    {{"微信", 6}, try_wechat},   {{"加V", 4}, try_wechat},
    {{"加v", 4}, try_wechat},    {{"薇信", 6}, try_wechat},
    {{"威信", 6}, try_wechat},   {{"V信", 4}, try_wechat},
    {{"v信", 4}, try_wechat},    {{"vx", 2}, try_wechat},
    {{"VX", 2}, try_wechat},     {{"WeChat", 6}, try_wechat},
    {{"wechat", 6}, try_wechat}, {{"QQ", 2}, try_qq},
    {{"qq", 2}, try_qq},
};

static void scan_handle(struct aw_party_scan *scan, size_t which)
{
    struct aw_str mark = handles[which].mark;
    size_t pos = aw_party_find_first(scan, mark);

    while (pos < scan->text.len) {
        size_t behind = pos + mark.len;
        bool inside = is_alnum(mark.ptr[0]) && pos > 0 &&
                      is_alnum(scan->text.ptr[pos - 1]);

        if (!inside)
            handles[which].try_handle(scan, skip_fillers(scan->text, behind));
        pos = find_from(scan->text, behind, mark);
    }
}

void aw_party_scan_handles(struct aw_party_scan *scan)
{
    for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
        scan_handle(scan, i);
    }
}
