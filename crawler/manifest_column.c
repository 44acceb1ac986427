#include "base/utf8.h"
#include "crawler/manifest.h"

#define HEADING_MAX 200 /* bytes */

const char *aw_manifest_column_name(int column)
{
    static const char *const names[] = {
#define X(name, text) text,
        AW_MANIFEST_COLUMN_LIST(X)
#undef X
    };

    return names[column];
}

static const struct {
    const char *word;
    enum aw_manifest_column column;
} headings[] = {
    {"地点", AW_COLUMN_PLACE},
    {"位置", AW_COLUMN_PLACE},
    {"地址", AW_COLUMN_PLACE},
    {"场所", AW_COLUMN_PLACE},
    {"发现地点", AW_COLUMN_PLACE},
    {"采集地点", AW_COLUMN_PLACE},
    {"详细地址", AW_COLUMN_PLACE},
    {"place", AW_COLUMN_PLACE},
    {"location", AW_COLUMN_PLACE},
    {"address", AW_COLUMN_PLACE},
    {"时间", AW_COLUMN_TIME},
    {"日期", AW_COLUMN_TIME},
    {"发现时间", AW_COLUMN_TIME},
    {"发现日期", AW_COLUMN_TIME},
    {"采集时间", AW_COLUMN_TIME},
    {"上报时间", AW_COLUMN_TIME},
    {"收到时间", AW_COLUMN_TIME},
    {"time", AW_COLUMN_TIME},
    {"date", AW_COLUMN_TIME},
    {"seen", AW_COLUMN_TIME},
    {"代码", AW_COLUMN_WHO},
    {"编码", AW_COLUMN_WHO},
    {"人员代码", AW_COLUMN_WHO},
    {"人员编号", AW_COLUMN_WHO},
    {"报送人", AW_COLUMN_WHO},
    {"报送人代码", AW_COLUMN_WHO},
    {"报送人编号", AW_COLUMN_WHO},
    {"提交人", AW_COLUMN_WHO},
    {"提交人代码", AW_COLUMN_WHO},
    {"上报人", AW_COLUMN_WHO},
    {"上报人代码", AW_COLUMN_WHO},
    {"采集人", AW_COLUMN_WHO},
    {"采集人代码", AW_COLUMN_WHO},
    {"举报人代码", AW_COLUMN_WHO},
    {"网格员", AW_COLUMN_WHO},
    {"网格员代码", AW_COLUMN_WHO},
    {"网格员编号", AW_COLUMN_WHO},
    {"who", AW_COLUMN_WHO},
    {"by", AW_COLUMN_WHO},
    {"code", AW_COLUMN_WHO},
    {"reporter", AW_COLUMN_WHO},
    {"渠道", AW_COLUMN_CHANNEL},
    {"广告渠道", AW_COLUMN_CHANNEL},
    {"类型", AW_COLUMN_CHANNEL},
    {"类别", AW_COLUMN_CHANNEL},
    {"channel", AW_COLUMN_CHANNEL},
    {"type", AW_COLUMN_CHANNEL},
    {"kind", AW_COLUMN_CHANNEL},
    {"内容", AW_COLUMN_TEXT},
    {"文本", AW_COLUMN_TEXT},
    {"文字", AW_COLUMN_TEXT},
    {"正文", AW_COLUMN_TEXT},
    {"文案", AW_COLUMN_TEXT},
    {"广告内容", AW_COLUMN_TEXT},
    {"广告文字", AW_COLUMN_TEXT},
    {"短信内容", AW_COLUMN_TEXT},
    {"通话内容", AW_COLUMN_TEXT},
    {"text", AW_COLUMN_TEXT},
    {"content", AW_COLUMN_TEXT},
    {"message", AW_COLUMN_TEXT},
    {"附件", AW_COLUMN_ATTACHMENTS},
    {"附件名称", AW_COLUMN_ATTACHMENTS},
    {"文件", AW_COLUMN_ATTACHMENTS},
    {"文件名", AW_COLUMN_ATTACHMENTS},
    {"图片", AW_COLUMN_ATTACHMENTS},
    {"照片", AW_COLUMN_ATTACHMENTS},
    {"attachment", AW_COLUMN_ATTACHMENTS},
    {"attachments", AW_COLUMN_ATTACHMENTS},
    {"file", AW_COLUMN_ATTACHMENTS},
    {"files", AW_COLUMN_ATTACHMENTS},
    {"image", AW_COLUMN_ATTACHMENTS},
    {"images", AW_COLUMN_ATTACHMENTS},
    {"备注", AW_COLUMN_NOTE},
    {"说明", AW_COLUMN_NOTE},
    {"note", AW_COLUMN_NOTE},
    {"notes", AW_COLUMN_NOTE},
    {"remark", AW_COLUMN_NOTE},
    {"comment", AW_COLUMN_NOTE},
};

/* A heading with one of these in it asks for what must not be here. */
static const char *const personal[] = {
    "姓名",     "名字",    "电话号",  "联系电话",  "手机",
    "身份证",   "证件号",  "phone",   "mobile",    "tel",
    "identity", "id card", "id_card", "full name", "full_name",
};
static const char *const personal_whole[] = {"电话", "举报人", "联系人",
                                             "name"};

/* Without what stands in brackets, marks and blanks around; half-width. */
static struct aw_str plain(struct aw_str heading, char out[HEADING_MAX])
{
    size_t len = 0;

    for (size_t pos = 0; pos < heading.len && len + 5 < HEADING_MAX;) {
        size_t start = pos;
        uint32_t cp = aw_utf8_next(heading, &pos);

        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (cp == '(' || cp == '[')
            break;
        if (cp == 0xFEFF || cp == 0x3000 || cp == '*' || cp == ':')
            continue;
        if (cp < 0x80)
            out[len++] = (char)cp;
        else
            for (; start < pos; start++)
                out[len++] = heading.ptr[start];
    }
    return aw_str_trim((struct aw_str){out, len});
}

static bool is_personal(struct aw_str word)
{
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        if (aw_str_find_nocase(word, aw_str_of(personal[i])) >= 0)
            return true;
    for (size_t i = 0; i < sizeof personal_whole / sizeof personal_whole[0];
         i++)
        if (aw_str_eq_nocase(word, aw_str_of(personal_whole[i])))
            return true;
    return false;
}

enum aw_manifest_column aw_manifest_column(struct aw_str heading)
{
    char buf[HEADING_MAX];
    struct aw_str word = plain(heading, buf);

    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
        if (aw_str_eq_nocase(word, aw_str_of(headings[i].word)))
            return headings[i].column;
    return is_personal(word) ? AW_COLUMN_PERSONAL : AW_COLUMN_UNKNOWN;
}
