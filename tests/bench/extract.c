/* HTML to document on one core, beside libxml2's tree of the same pages.
 *
 *     extract [ROUNDS]
 *
 * The pages are made here from a fixed seed, like those of a local portal:
 * styles, menus, lists of links with dates, forms, scripts, advertisements, a
 * filing number. Prints MB/s of bytes as they come from a server, by
 * processor time, the median of the rounds and the best, which other work on
 * the machine disturbs least; in each round all are measured by
 * turns.
 *
 *   document  aw_extract: charset, blocks, links, digest, parties
 *   blocks    aw_html_read of the decoded page
 *   libxml2   htmlReadMemory of the page in its charset, tree freed again
 */
#include <libxml/HTMLparser.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unicode/ucnv.h>
#include <unistd.h>

#include "base/rng.h"
#include "extract/charset.h"
#include "extract/extract.h"
#include "extract/html.h"

#define ROUNDS 9
#define ROUNDS_MAX 99
#define PAGES_MAX 64
#define PAGE_MAX ((size_t)1 << 20)
#define KEPT_BYTES (32 << 20)
#define ROUND_BYTES ((size_t)4 << 20)

static const char *const words[] = {
    "居民", "社区", "公园", "道路", "施工", "通知", "学校", "家长", "老师",
    "孩子", "天气", "下雨", "医院", "医生", "挂号", "交通", "公交", "线路",
    "调整", "时间", "上午", "下午", "活动", "报名", "电话", "地址", "服务",
    "中心", "市场", "价格", "蔬菜", "水果", "超市", "会员", "优惠", "银行",
    "产品", "公司", "项目", "合同", "客户", "工作", "我们", "大家", "可以",
    "已经", "进行", "需要", "为了", "因为", "所以", "如果", "但是", "一个",
    "这个", "那个", "很多", "非常", "希望", "，",   "，",   "。",   "、",
};

struct page {
    char *bytes;
    size_t len;
};

struct set {
    const char *name, *charset; /* of HTTP */
    bool gb;
    size_t count, size;
    struct page pages[PAGES_MAX];
};

/* --- pages --- */

static void put_words(struct aw_buf *out, struct aw_rng *rng, size_t most)
{
    for (size_t n = 2 + aw_rng_below(rng, most); n > 0; n--)
        aw_buf_puts(out,
                    words[aw_rng_below(rng, sizeof words / sizeof words[0])]);
}

static void put_head(struct aw_buf *out, struct aw_rng *rng,
                     const char *charset)
{
    aw_buf_printf(out,
                  "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 "
                  "Transitional//EN\">\n<html>\n<head>\n<meta "
                  "http-equiv=\"Content-Type\" content=\"text/html; "
                  "charset=%s\" />\n<title>",
                  charset);
    put_words(out, rng, 8);
    aw_buf_puts(out, "</title>\n<meta name=\"description\" content=\"");
    put_words(out, rng, 30);
    aw_buf_puts(
        out, "\" />\n<link rel=\"stylesheet\" href=\"/css/main.css\" />\n"
             "<style type=\"text/css\">\nbody{font:12px/1.5 SimSun;margin:0}\n"
             "a{color:#333;text-decoration:none} a:hover{color:#c00}\n"
             ".nav li{float:left;width:80px} .hide{display:none}\n"
             "#top .ad{position:absolute;left:0;top:0}\n"
             ".list li span{color:#999;float:right}\n</style>\n"
             "<script type=\"text/javascript\">var _n=[];_n.push(['id','7']);"
             "(function(){var s=document.createElement('script');s.async=true;"
             "s.src='/js/stat.js';document.body.appendChild(s)})();</script>\n"
             "</head>\n<body>\n<div id=\"top\" class=\"wrap\">\n"
             "<ul class=\"nav\">\n");
    for (int i = 0; i < 12; i++) {
        aw_buf_printf(out, "<li><a href=\"/channel%d/\">", i);
        put_words(out, rng, 1);
        aw_buf_puts(out, "</a></li>\n");
    }
    aw_buf_puts(out, "</ul>\n</div>\n");
}

static void put_list(struct aw_buf *out, struct aw_rng *rng)
{
    aw_buf_puts(out, "<div class=\"box\">\n<h3>");
    put_words(out, rng, 2);
    aw_buf_puts(out, "</h3>\n<ul class=\"list\">\n");
    for (int i = 0; i < 8; i++) {
        int id = (int)aw_rng_below(rng, 1000000);

        aw_buf_printf(out,
                      "<li><span>11-%02d</span><a href=\"/news/2026/%d.html\" "
                      "target=\"_blank\">",
                      i + 10, id);
        put_words(out, rng, 12);
        aw_buf_puts(out, "</a></li>\n");
    }
    aw_buf_puts(out, "</ul>\n</div>\n");
}

static void put_text(struct aw_buf *out, struct aw_rng *rng)
{
    aw_buf_puts(out, "<p style=\"text-indent:2em\">");
    put_words(out, rng, 120);
    aw_buf_puts(out, "<strong>");
    put_words(out, rng, 6);
    aw_buf_puts(out, "</strong>&nbsp;");
    put_words(out, rng, 60);
    aw_buf_puts(out, "<br />\n");
    put_words(out, rng, 60);
    aw_buf_puts(out, "</p>\n");
}

static void put_table(struct aw_buf *out, struct aw_rng *rng)
{
    aw_buf_puts(out, "<table width=\"100%\" border=\"0\" cellpadding=\"0\" "
                     "cellspacing=\"0\" bgcolor=\"#ffffff\">\n");
    for (int i = 0; i < 4; i++) {
        aw_buf_printf(out,
                      "<tr><td width=\"120\" height=\"24\" align=\"center\">"
                      "<a href=\"/shop/%d.html\"><img src=\"/img/%d.jpg\" "
                      "width=\"100\" height=\"75\" border=\"0\" alt=\"",
                      i, i);
        put_words(out, rng, 4);
        aw_buf_puts(out, "\" /></a></td><td class=\"price\"><font "
                         "color=\"red\">");
        put_words(out, rng, 10);
        aw_buf_puts(out, "</font></td></tr>\n");
    }
    aw_buf_puts(out, "</table>\n");
}

static void put_foot(struct aw_buf *out, struct aw_rng *rng)
{
    aw_buf_puts(out, "<div class=\"foot\"><form action=\"/so\"><input "
                     "type=\"text\" name=\"q\" placeholder=\"");
    put_words(out, rng, 2);
    aw_buf_puts(out, "\" /><input type=\"submit\" value=\"");
    put_words(out, rng, 1);
    aw_buf_puts(out, "\" /></form>电话：0537-0000000 "
                     "鲁ICP备00000000号</div>\n</body>\n</html>\n");
}

static struct page make_page(struct aw_rng *rng, const struct set *set)
{
    static void (*const parts[])(struct aw_buf *,
                                 struct aw_rng *) = {put_list, put_text,
                                                     put_text, put_table};
    struct aw_buf out;
    size_t part = 0;

    aw_buf_init(&out, PAGE_MAX);
    put_head(&out, rng, set->charset);
    while (out.len < set->size && out.rc == AW_OK)
        parts[part++ % (sizeof parts / sizeof parts[0])](&out, rng);
    put_foot(&out, rng);
    return (struct page){out.ptr, out.len};
}

static struct page to_gb(struct page page)
{
    UErrorCode status = U_ZERO_ERROR;
    char *bytes = malloc(page.len);
    int32_t len =
        bytes ? ucnv_convert("gb18030", "UTF-8", bytes, (int32_t)page.len,
                             page.bytes, (int32_t)page.len, &status)
              : 0;

    if (!bytes || U_FAILURE(status))
        exit(1);
    free(page.bytes);
    return (struct page){bytes, (size_t)len};
}

static void make_set(struct set *set)
{
    struct aw_rng rng;

    aw_rng_init(&rng, 20261126);
    for (size_t i = 0; i < set->count; i++) {
        set->pages[i] = make_page(&rng, set);
        if (set->gb)
            set->pages[i] = to_gb(set->pages[i]);
    }
}

/* --- measuring --- */

static void must(aw_rc rc, const struct aw_err *err)
{
    if (rc == AW_OK)
        return;
    (void)fprintf(stderr, "extract bench: %s\n", err->msg);
    exit(1);
}

static void to_document(const struct set *set, struct aw_str bytes)
{
    struct aw_extract_input input = {.url =
                                         AW_STR("http://www.a.example/news/"),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = bytes};
    struct aw_document doc;
    struct aw_err err;

    (void)set;
    aw_document_init(&doc, AW_CHANNEL_WEB);
    must(aw_extract(&input, &doc, &err), &err);
    aw_document_deinit(&doc);
}

static void to_blocks(const struct set *set, struct aw_str bytes)
{
    struct aw_charset charset = {.name = "utf-8", .why = "http"};
    struct aw_document doc;
    struct aw_buf scratch;
    struct aw_str text;
    struct aw_err err;

    if (set->gb)
        (void)snprintf(charset.name, sizeof charset.name, "gb18030");
    aw_buf_init(&scratch, 4 * PAGE_MAX);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.url = AW_STR("http://www.a.example/news/");
    must(aw_charset_decode(bytes, &charset, &scratch, &text, &err), &err);
    must(aw_html_read(text, AW_STR(""), &doc, &err), &err);
    aw_document_deinit(&doc);
    aw_buf_deinit(&scratch);
}

static void to_tree(const struct set *set, struct aw_str bytes)
{
    htmlDocPtr tree =
        htmlReadMemory(bytes.ptr, (int)bytes.len, NULL,
                       set->gb ? "gb18030" : "UTF-8",
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                           HTML_PARSE_NOWARNING | HTML_PARSE_NONET);

    if (!tree)
        exit(1);
    xmlFreeDoc(tree);
}

typedef void way_fn(const struct set *set, struct aw_str bytes);

static const struct {
    const char *name;
    way_fn *go;
} ways[] = {{"document", to_document},
            {"blocks", to_blocks},
            {"libxml2", to_tree}};

#define WAYS (sizeof ways / sizeof ways[0])

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double rate(const struct set *set, way_fn *go)
{
    double start = cpu_seconds();
    size_t done = 0;

    while (done < ROUND_BYTES) {
        for (size_t i = 0; i < set->count; i++) {
            go(set, (struct aw_str){set->pages[i].bytes, set->pages[i].len});
            done += set->pages[i].len;
        }
    }
    return (double)done / 1e6 / (cpu_seconds() - start);
}

/* In a process of its own: what one way does to the heap is no matter of the
 * next. */
static double measure(const struct set *set, way_fn *go)
{
    double found = 0;
    int ends[2];
    pid_t child;

    if (pipe(ends) != 0 || (child = fork()) < 0)
        exit(1);
    if (child == 0) {
        found = rate(set, go);
        _exit(write(ends[1], &found, sizeof found) != sizeof found);
    }
    (void)close(ends[1]);
    if (read(ends[0], &found, sizeof found) != sizeof found)
        exit(1);
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return found;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static void run_set(struct set *set, size_t rounds)
{
    double rates[WAYS][ROUNDS_MAX];
    size_t bytes = 0;

    make_set(set);
    for (size_t i = 0; i < set->count; i++)
        bytes += set->pages[i].len;
    for (size_t round = 0; round < rounds; round++)
        for (size_t way = 0; way < WAYS; way++)
            rates[way][round] = measure(set, ways[way].go);
    printf("extract, %s, %zu pages of %.1f KB:", set->name, set->count,
           (double)bytes / (double)set->count / 1000);
    for (size_t way = 0; way < WAYS; way++) {
        qsort(rates[way], rounds, sizeof(double), by_size);
        printf("%s %s %.0f (best %.0f)", way ? "," : "", ways[way].name,
               rates[way][rounds / 2], rates[way][rounds - 1]);
    }
    printf(" MB/s\n");
    for (size_t i = 0; i < set->count; i++)
        free(set->pages[i].bytes);
}

int main(int argc, char **argv)
{
    static struct set sets[] = {
        {.name = "utf-8", .charset = "utf-8", .count = 40, .size = 13500},
        {.name = "utf-8", .charset = "utf-8", .count = 8, .size = 177500},
        {.name = "gb18030",
         .charset = "gb2312",
         .gb = true,
         .count = 40,
         .size = 18000},
        {.name = "gb18030",
         .charset = "gb2312",
         .gb = true,
         .count = 8,
         .size = 233000},
    };
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : ROUNDS;

    if (rounds < 1 || rounds > ROUNDS_MAX)
        rounds = ROUNDS;
    /* Memory stays with the process, for all ways alike: else what is
     * measured is how often the kernel is asked for it. */
    (void)mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        run_set(&sets[i], rounds);
    xmlCleanupParser();
    return 0;
}
