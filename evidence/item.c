#include "evidence/item.h"

#include "evidence/bundle_names.h"
#include "evidence/chain.h"

#define PROGRAM "广告监测程序"

/* The first that fits counts: folder, and how the name ends. */
static const struct {
    const char *folder, *end, *made_by, *made_how, *proves;
} kinds[] = {
    {AW_BUNDLE_FINDINGS_DIR "finding-", ".json", PROGRAM,
     "按规则库和模型比对网页文字生成，附审核决定",
     "涉嫌违法内容的原文、位置、所用规则和理由"},
    {AW_BUNDLE_FINDINGS_DIR "history-", ".json", PROGRAM,
     "由历次取得的记录汇总", "广告持续发布的时间和版本变化"},
    {AW_BUNDLE_CAPTURES_DIR, ".warc.gz", PROGRAM,
     "网络请求所得或移交的材料，取得时逐字节存档，原样取出",
     "网页、所载资源和落地页（或移交材料）在取得时的内容"},
    {AW_BUNDLE_CAPTURES_DIR, ".wacz", PROGRAM, "由同名存档文件加索引封装",
     "可回放查看取得时的网页"},
    {AW_BUNDLE_CAPTURES_DIR, "-对比.json", PROGRAM,
     "比对直接请求与浏览器请求的结果", "浏览器所见与直接请求所得是否一致"},
    {AW_BUNDLE_CAPTURES, "", PROGRAM, "由存档记录生成",
     "取得的时间、网址、服务器地址、过程和摘要"},
    {AW_BUNDLE_PROVISIONS, "", PROGRAM, "按发现之日从规则库取出",
     "所涉法律条文在当时的文本"},
    {AW_BUNDLE_DECISIONS, "", "审核人员", "审核时逐条记录，首尾相接",
     "审核人员作出的决定和时间"},
    {AW_CHAIN_NAME, "", PROGRAM, "由本单位证据包的登记取出",
     "本包在各证据包中的次序，前一包的摘要"},
    {"data/04-决定/", "", PROGRAM, "由审计链取出", "封装时审计链的位置"},
    {AW_BUNDLE_SCREENS_DIR, "-标注.png", PROGRAM,
     "在同名截图上加画方框和编号（派生件）", "涉嫌内容在页面中的位置"},
    {AW_BUNDLE_SCREENS_DIR, ".png", "浏览器", "浏览器打开网页后截取，未作改动",
     "网页呈现给访问者的样子"},
    {AW_BUNDLE_TEXTS_DIR, ".dom.html", "浏览器", "浏览器执行脚本后的网页代码",
     "网页呈现时的代码"},
    {AW_BUNDLE_TEXTS_DIR, "", PROGRAM, "从存档中提取文字，按字符计位",
     "涉嫌内容在文字中的位置"},
    {AW_BUNDLE_ORIGINALS_DIR, "", "提交人", "提交的原件，未作改动",
     "海报、短信等原件的内容"},
    {"data/08-环境/", "", PROGRAM, "程序运行时自检生成", "取证环境和所用程序"},
    {"data/09-文书/", "", PROGRAM, "按模板生成，空白处待填写", "固定过程"},
    {AW_BUNDLE_PAGE, "", PROGRAM, "按模板生成", "本包内容的说明"},
};

void aw_item_describe(struct aw_item *item, struct aw_str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!aw_str_starts(name, aw_str_of(kinds[i].folder)) ||
            !aw_str_ends(name, aw_str_of(kinds[i].end)))
            continue;
        item->made_by = aw_str_of(kinds[i].made_by);
        item->made_how = aw_str_of(kinds[i].made_how);
        item->proves = aw_str_of(kinds[i].proves);
        return;
    }
}
