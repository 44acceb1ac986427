#include "evidence/pack.h"

#include "reports/finding_json.h"
#include "reports/text.h"

/* The page needs no network, no script and no other file. Everything that was
 * crawled goes through aw_text_html. */
static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\""
    " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>涉嫌违法广告线索</title>\n<style>\n"
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;"
    "padding:0 1em;line-height:1.6;color:#111;background:#fff}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{border:1px solid #888;padding:.3em .6em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere;unicode-bidi:isolate}\n"
    "th{width:9em;background:#f2f2f2}\n"
    "mark{background:#ffe08a}\n"
    "h2{margin-top:2em}\n</style>\n</head>\n<body>\n";

static const char page_intro[] =
    "<p>本文件夹是一条<strong>涉嫌违法广告线索</"
    "strong>的证据材料，由广告监测程序"
    "从其存档中原样取出并封装。程序只提示线索和理由，不认定违法；是否违法，"
    "由有权机关依法认定。</p>\n";

static const char page_check[] =
    "<h2>怎样核对</h2>\n<ol>\n"
    "<li>用本程序离线核对：<code>adwatch verify "
    "文件名.zip</code>，逐项列出结果。"
    "压缩包中任何一个字节被改动，都会被发现。</li>\n"
    "<li>不用本程序：解压后在文件夹内执行"
    "<code>sha256sum -c manifest-sha256.txt</code>和"
    "<code>sha256sum -c tagmanifest-sha256.txt</code>。"
    "文件夹符合BagIt规范（RFC 8493）。</li>\n"
    "<li>网页存档（.warc.gz）符合ISO 28500，可用任何WARC回放软件打开；"
    "其中每条记录自带SHA-256摘要。</li>\n"
    "<li>决定记录首尾相接：每条记录的摘要包含前一条的摘要，"
    "算法写在<code>decisions.json</code>中。</li>\n</ol>\n"
    "<p>以上核对能发现封装之后的改动；若有人重新制作整个包，则须与制作单位"
    "另行保存的摘要比对。时间取自监测机器的系统时钟。</p>\n"
    "</body>\n</html>\n";

static void put_row(struct aw_buf *out, const char *label, struct aw_str text)
{
    aw_buf_printf(out, "<tr><th scope=\"row\">%s</th><td>", label);
    aw_text_html(out, text);
    aw_buf_puts(out, "</td></tr>\n");
}

static void put_number(struct aw_buf *out, const char *label, int64_t value)
{
    aw_buf_printf(out, "<tr><th scope=\"row\">%s</th><td>%lld</td></tr>\n",
                  label, (long long)value);
}

static void put_time(struct aw_buf *out, const char *label, int64_t wall_ms)
{
    char utc[AW_TIME_MAX];
    char beijing[AW_TIME_MAX];

    aw_time_iso(wall_ms, utc);
    aw_time_beijing(wall_ms, beijing);
    aw_buf_printf(out,
                  "<tr><th scope=\"row\">%s</th><td>北京时间 %s"
                  "（UTC %s）</td></tr>\n",
                  label, beijing, utc);
}

static void open_table(struct aw_buf *out)
{
    aw_buf_puts(out, "<table>\n");
}

static void close_table(struct aw_buf *out)
{
    aw_buf_puts(out, "</table>\n");
}

static void put_finding(const struct aw_case *e,
                        const struct aw_case_finding *finding,
                        struct aw_buf *out)
{
    const struct aw_finding *f = &finding->finding;

    aw_buf_printf(out, "<h1>涉嫌违法广告线索 第%lld号</h1>\n",
                  (long long)f->id);
    aw_buf_puts(out, page_intro);
    aw_buf_puts(out, "<h2>线索</h2>\n");
    open_table(out);
    put_row(out, "网址", f->url);
    put_row(out, "网站", f->host);
    put_row(out, "标题", f->title);
    put_row(out, "渠道", aw_text_channel(f->channel));
    put_row(out, "监测来源", f->source);
    put_row(out, "审核状态", aw_text_state(f->state));
    put_time(out, "首次发现", f->first_seen_ms);
    put_time(out, "最近发现", f->last_seen_ms);
    put_time(out, "本包制作", e->made_ms);
    put_row(out, "制作程序", e->tool);
    put_row(out, "发现所用程序", f->tool);
    put_row(out, "规则库摘要", f->lexicon_hash);
    put_row(out, "模型摘要", f->model_hash);
    close_table(out);
}

/* --- claims ------------------------------------------------------------ */

static void put_quote(struct aw_buf *out, const struct aw_claim_row *c)
{
    aw_buf_puts(out, "<tr><th scope=\"row\">原文</th><td>");
    if (c->quote.len == 0) {
        aw_buf_puts(out, "（未见风险提示，故无引文）");
    } else {
        aw_text_html(out, c->before);
        aw_buf_puts(out, "<mark>");
        aw_text_html(out, c->quote);
        aw_buf_puts(out, "</mark>");
        aw_text_html(out, c->after);
    }
    aw_buf_puts(out, "</td></tr>\n");
}

static void put_item(void *self, struct aw_str text)
{
    aw_buf_puts(self, "<li>");
    aw_text_html(self, text);
    aw_buf_puts(self, "</li>");
}

static aw_rc put_list(struct aw_buf *out, const char *label,
                      struct aw_str json, struct aw_err *err)
{
    aw_rc rc;

    aw_buf_printf(out, "<tr><th scope=\"row\">%s</th><td><ul>", label);
    rc = aw_json_texts(json, put_item, out, err);
    aw_buf_puts(out, "</ul></td></tr>\n");
    return rc;
}

static aw_rc put_claim(struct aw_buf *out, const struct aw_claim_row *c,
                       struct aw_err *err)
{
    aw_rc rc;

    open_table(out);
    put_row(out, "类别", aw_text_class(c->class));
    put_quote(out, c);
    if (c->quote.len > 0)
        aw_buf_printf(out,
                      "<tr><th scope=\"row\">位置</th><td>第%lld个文字块，"
                      "第%lld至%lld个字符（从0起计，不含末位）"
                      "</td></tr>\n",
                      (long long)c->block, (long long)c->start,
                      (long long)c->end);
    put_row(out, "规则", c->rule);
    put_row(out, "规则版本", c->rule_version);
    put_row(out, "表现代码（待核）", c->code);
    rc = put_list(out, "法律依据编号", c->law, err);
    if (rc == AW_OK)
        rc = put_list(out, "理由", c->why, err);
    close_table(out);
    return rc;
}

static aw_rc put_claims(const struct aw_finding *f, struct aw_buf *out,
                        struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_buf_puts(out, "<h2>涉嫌内容</h2>\n<p>为便于阅读，控制字符以�代替；"
                     "逐字原文见<code>01-线索</code>。</p>\n");
    for (size_t i = 0; i < f->claim_count && rc == AW_OK; i++) {
        aw_buf_printf(out, "<h3>第%zu处</h3>\n", i + 1);
        rc = put_claim(out, &f->claims[i], err);
    }
    return rc;
}

/* --- law, captures, decisions ------------------------------------------ */

static void put_span(struct aw_buf *out, const struct aw_provision *p)
{
    aw_buf_puts(out, "<tr><th scope=\"row\">施行期间</th><td>");
    aw_text_html(out, aw_str_of(p->from));
    aw_buf_puts(out, " 至 ");
    aw_text_html(out, aw_str_of(p->to[0] ? p->to : "今"));
    aw_buf_puts(out, "</td></tr>\n");
}

static void put_provision(struct aw_buf *out, const struct aw_cited *cited)
{
    const struct aw_provision *p = cited->provision;

    open_table(out);
    put_row(out, "编号", cited->id);
    if (p) {
        put_row(out, "法律法规", aw_str_of(p->law));
        put_row(out, "条款", aw_str_of(p->article));
        put_row(out, p->text[0] ? "条文" : "要旨（非原文）",
                aw_str_of(p->text[0] ? p->text : p->summary));
        put_span(out, p);
        put_row(out, "核对情况",
                aw_provision_checked(p)
                    ? AW_STR("已对全文核读")
                    : AW_STR("待核：引用前须与官方文本核对"));
        put_row(out, "来源说明", aw_str_of(p->source));
    } else {
        put_row(out, "核对情况", AW_STR("规则库中没有该日有效的文本：待核"));
    }
    close_table(out);
}

static void put_law(const struct aw_case_finding *e, struct aw_buf *out)
{
    aw_buf_puts(out, "<h2>法律依据</h2>\n<p>以发现之日有效的文本为准。</p>\n");
    for (size_t i = 0; i < e->cited_count; i++)
        put_provision(out, &e->cited[i]);
}

static void put_capture(struct aw_buf *out, const struct aw_capture *c)
{
    open_table(out);
    put_number(out, "存档编号", c->id);
    put_time(out, "取得时间", c->fetched_ms);
    put_row(out, "网址", c->url);
    put_row(out, "服务器地址", c->ip);
    if (c->tls_organisation.len > 0)
        put_row(out, "证书主体", c->tls_organisation);
    put_row(out, "协议", c->protocol);
    put_number(out, "HTTP状态", c->status);
    put_row(out, "内容类型", c->mime);
    put_number(out, "正文字节数", c->body_bytes);
    put_row(out, "正文SHA-256", c->payload_digest);
    aw_buf_printf(
        out,
        "<tr><th scope=\"row\">本包中的文件</th><td>" AW_BUNDLE_CAPTURES_DIR
        "capture-%lld.warc.gz</td></tr>\n",
        (long long)c->id);
    put_row(out, "原存档文件", c->warc_file);
    put_number(out, "原存档位置（字节）", c->warc_offset);
    close_table(out);
}

static void put_captures(const struct aw_case *e, struct aw_buf *out)
{
    aw_buf_puts(out, "<h2>网页存档</h2>\n<p>首次和最近一次取得的请求与响应，"
                     "按存档原字节取出。</p>\n");
    for (size_t i = 0; i < e->capture_count; i++)
        put_capture(out, &e->captures[i].capture);
}

static void put_decisions(const struct aw_case_finding *e, struct aw_buf *out)
{
    aw_buf_puts(out, "<h2>审核决定</h2>\n");
    for (size_t i = 0; i < e->decision_count; i++) {
        const struct aw_decision_row *d = &e->decisions[i];

        open_table(out);
        put_time(out, "时间", d->at_ms);
        put_row(out, "审核人", d->who);
        put_row(out, "决定", aw_text_action(d->action));
        put_row(out, "理由", d->reason);
        if (d->class.len > 0)
            put_row(out, "类别", aw_text_class(d->class));
        put_row(out, "前一条摘要", d->previous);
        put_row(out, "本条摘要", d->hash);
        close_table(out);
    }
}

aw_rc aw_case_page(const struct aw_case *c, struct aw_buf *out,
                   struct aw_err *err)
{
    aw_rc rc = AW_OK;

    aw_buf_puts(out, page_head);
    for (size_t i = 0; i < c->finding_count && rc == AW_OK; i++) {
        const struct aw_case_finding *f = &c->findings[i];

        put_finding(c, f, out);
        rc = put_claims(&f->finding, out, err);
        put_law(f, out);
        put_decisions(f, out);
    }
    put_captures(c, out);
    aw_buf_puts(out, page_check);
    return rc == AW_OK ? aw_buf_check(out, err) : rc;
}
