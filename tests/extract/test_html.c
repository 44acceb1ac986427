#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "extract/html.h"
#include "extract/jsonld.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */

static struct aw_document doc;

static void read_at(const char *url, struct aw_str html)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.url = aw_str_of(url);
    assert_int_equal(aw_html_read(html, AW_STR("adwatch"), &doc, &err), AW_OK);
}

static void read_page(const char *html)
{
    read_at(NULL, aw_str_of(html));
}

static const struct aw_block *block(size_t n)
{
    assert_true(n < doc.block_count);
    return &doc.blocks[n];
}

static void assert_block(size_t n, const char *kind, const char *text)
{
    assert_string_equal(block(n)->text.ptr, text);
    assert_string_equal(aw_block_kind_name(block(n)->kind), kind);
    assert_false(block(n)->hidden);
}

static void assert_hidden(size_t n, const char *kind, const char *text)
{
    assert_string_equal(block(n)->text.ptr, text);
    assert_string_equal(aw_block_kind_name(block(n)->kind), kind);
    assert_true(block(n)->hidden);
}

static bool has_block(const char *text)
{
    for (size_t i = 0; i < doc.block_count; i++)
        if (strcmp(doc.blocks[i].text.ptr, text) == 0)
            return true;
    return false;
}

static void assert_link(size_t n, const char *url)
{
    assert_true(n < doc.link_count);
    assert_string_equal(doc.links[n].url.ptr, url);
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

/* --- blocks --- */

static void block_elements_end_blocks_and_inline_ones_do_not(void **state)
{
    (void)state;
    read_page("<div>保<b>本</b>保<font color=red>息</font></div>前<p>一<p>二"
              "<ul><li>三<li>四</ul><table><tr><td>五<td>六</table>");
    assert_block(0, "body", "保本保息");
    assert_block(1, "body", "前");
    assert_block(2, "body", "一");
    assert_block(3, "body", "二");
    assert_block(4, "body", "三");
    assert_block(5, "body", "四");
    assert_block(6, "body", "五");
    assert_block(7, "body", "六");
    assert_int_equal(doc.block_count, 8);
}

static void white_space_collapses_and_br_is_a_line_break(void **state)
{
    (void)state;
    read_page("<p>  大葱 \n\t 一斤 <br>  两块 <br/><b> 送 </b> 货</p>");
    assert_block(0, "body", "大葱 一斤\n两块\n送 货");
}

static void preformatted_text_keeps_its_lines(void **state)
{
    (void)state;
    read_page("<pre>一\n  二</pre><textarea>三\n四</textarea>");
    assert_block(0, "body", "一\n  二");
    assert_block(1, "body", "三\n四");
}

static void blocks_of_nothing_but_space_are_left_out(void **state)
{
    (void)state;
    read_page("<p>&nbsp;</p><p>　</p><p> <br> </p><p>　葱&nbsp;</p>");
    assert_int_equal(doc.block_count, 1);
    assert_block(0, "body", "葱");
}

static void headings_and_links_have_their_kind(void **state)
{
    (void)state;
    read_page("<h2>价目</h2><div><a href=a>首页</a> | <a href=b>菜价</a></div>"
              "<p>看<a href=c>菜价</a></p><p>——</p><p><a name=x>锚</a></p>");
    assert_block(0, "heading", "价目");
    assert_block(1, "link", "首页 | 菜价");
    assert_block(2, "body", "看菜价");
    assert_block(3, "body", "——");
    assert_block(4, "body", "锚");
}

static void links_side_by_side_are_kept_apart(void **state)
{
    (void)state;
    read_page("<div><a href=a>首页</a><a href=b>菜价</a></div>");
    assert_block(0, "link", "首页 菜价");
}

static void the_first_title_is_the_documents(void **state)
{
    (void)state;
    read_page("<title> 大葱&amp;\n生姜 </title><svg><title>图</title></svg>");
    assert_string_equal(doc.title.ptr, "大葱& 生姜");
    assert_block(0, "title", "大葱& 生姜");
    assert_block(1, "title", "图");
}

static void a_title_without_end_does_not_swallow_the_page(void **state)
{
    (void)state;
    read_page("<title>大葱<body><p>一斤");
    assert_string_equal(doc.title.ptr, "大葱");
    assert_block(1, "body", "一斤");
}

static void meta_tags_are_blocks_that_are_not_seen(void **state)
{
    (void)state;
    read_page("<meta name=description content='葱 铺'><meta property=og:title "
              "content=T><meta name=viewport content='width=1'>"
              "<meta name=copyright content='样例公司'>");
    assert_int_equal(doc.block_count, 3);
    assert_hidden(0, "meta", "葱 铺");
    assert_hidden(1, "meta", "T");
    assert_hidden(2, "meta", "样例公司");
}

static void attributes_come_behind_the_block_that_holds_them(void **state)
{
    (void)state;
    read_page("<p>看<img src=a.png alt='大葱 图' title=鲜>图</p>"
              "<input placeholder=搜葱><input type=submit value=下单>"
              "<div aria-label=标>x</div>");
    assert_block(0, "body", "看图");
    assert_block(1, "attribute", "大葱 图");
    assert_block(2, "attribute", "鲜");
    assert_block(3, "attribute", "搜葱");
    assert_block(4, "attribute", "下单");
    assert_block(5, "body", "x");
    assert_block(6, "attribute", "标");
}

static void options_are_blocks(void **state)
{
    (void)state;
    read_page("<select><option>一斤<option selected>两斤</select>");
    assert_block(0, "body", "一斤");
    assert_block(1, "body", "两斤");
}

/* --- what browsers read --- */

static void entities_are_undone(void **state)
{
    (void)state;
    read_page("<p>&#20445;&#x672C;&nbsp;&yen;5&percnt; &lt;b&gt &copy;2016 "
              "a&b &unknown; &#0;&#x110000;&#xD800;&#128; &amp;amp;</p>");
    assert_block(0, "body",
                 "保本\xC2\xA0¥5% <b> ©2016 a&b &unknown; "
                 "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD€ &amp;");
}

static void references_in_attributes_need_their_semicolon(void **state)
{
    (void)state;
    read_page("<a href='http://a.example/?a=1&copy=2&amp;b=3'>x</a>");
    assert_link(0, "http://a.example/?a=1&copy=2&b=3");
}

static void less_than_before_text_is_text(void **state)
{
    (void)state;
    read_page("<p>年化<保本保息，零风险>三成</p><p>1<2");
    assert_block(0, "body", "年化<保本保息，零风险>三成");
    assert_block(1, "body", "1<2");
}

static void comments_scripts_and_styles_are_no_text(void **state)
{
    (void)state;
    read_page("一<!-- 注 > --><!--> 二<!DOCTYPE x><?php 三 ?><![if IE]>四"
              "<script>var x = '<p>五</p>'</script>"
              "<style>p{}</style></ 六>七<!-- 未完");
    assert_int_equal(doc.block_count, 1);
    assert_block(0, "body", "一 二四七");
}

/* Pages and their blocks, with "|" between; asides with their kind. (HTML
 * Living Standard, 13.2.5 and 13.2.6) */
static const struct {
    const char *html, *blocks;
} standard[] = {
    {"a<b", "a"},   /* eof in tag */
    {"a<3", "a<3"}, /* no tag name */
    {"a< b>c", "a< b>c"},
    {"a</ b>c", "ac"}, /* bogus comment */
    {"a</>b", "ab"},   /* missing end tag name */
    {"a<?x?>b", "ab"},
    {"a<!x>b", "ab"},
    {"a<!-->b", "ab"}, /* abrupt closing */
    {"a<!--->b", "ab"},
    {"a<!--x--!>b", "ab"},
    {"a<!--x-- >b-->c", "ac"},
    {"a<!--x->b", "a"},
    {"a<!--<!--x-->b-->c", "ab-->c"}, /* comments do not nest */
    {"<p title=x/y>a", "a|attribute x/y"},
    {"<p title=\"x\"class=z>a", "a|attribute x"},
    {"<p title='x\" y'>a", "a|attribute x\" y"},
    {"<p title=`x y`>a", "a|attribute `x"},
    {"<p TITLE = x title=y>a", "a|attribute x"}, /* the first one counts */
    {"<p/title=x/>a", "a|attribute x/"},
    {"<p =title=x>a", "a"}, /* a name that begins with = */
    {"<p \f\ttitle\n=\rx>a", "a|attribute x"},
    {"<p title=>a", "a"},       /* missing value, then eof of tag */
    {"<p title='x>a</p>b", ""}, /* eof in attribute value */
    {"<P>a</P >b", "a|b"},
    {"<p>a</p/>b", "a|b"},
    {"<p>a</p title=x>b", "a|b"}, /* end tag with attributes */
    {"</p>a</br>b", "a\nb"},
    {"<b/>a</b>", "a"}, /* not closed by the slash */
    {"<div/>a</div>b", "a|b"},
    {"<br/>a<br / >b", "a\nb"},
    {"<p>a<div>b</div>c", "a|b|c"},
    {"<li>a<ul><li>b</ul>c<li>d", "a|b|c|d"},
    {"<dl><dt>a<dd>b<dt>c</dl>d", "a|b|c|d"},
    {"<table><tr><td>a<tr><td>b</table>c", "a|b|c"},
    {"<table>a<tr><td>b</table>", "a|b"}, /* foster parenting: kept */
    {"<select><option>a<option>b</select>c", "a|b|c"},
    {"<b>a<p>b</b>c", "a|bc"}, /* adoption agency: text order */
    {"<textarea>\na<b>b</textarea>c", "a<b>b|c"},
    {"<textarea>a&lt;</textarea>", "a<"},
    {"<xmp>a<b>&lt;</xmp>c", "a<b><|c"},
    {"<style>a</style>b", "b"},
    {"<style>a</styl></style >b", "b"},
    {"<script><!-- </script>a", "a"},
    {"<script>'</scriptx'</script>a", "a"},
    {"<SCRIPT>a</sCrIpT\n>b", "b"},
    {"<iframe>a</iframe>b", "b"},
    {"a<plaintext>b</plaintext>", "a|b</plaintext>"},
    {"<math>a</math><svg>b</svg>", "ab"},
    {"&amp", "&"},
    {"&ampx;", "&x;"},
    {"&notit; &notin;", "\xC2\xACit; \xE2\x88\x89"},
    {"&#65 &#x41; &#X41;", "A A A"},
    {"&# &#x &#xg; &;", "&# &#x &#xg; &;"},
    {"&#x1F600;&#131072;", "\xF0\x9F\x98\x80\xF0\xA0\x80\x80"},
    {"&#x80;&#150;", "\xE2\x82\xAC\xE2\x80\x93"},
    {"<p title='&ampx &amp=y &amp;z'>a", "a|attribute &ampx &amp=y &z"},
};

static void the_standards_cases_are_read_as_it_has_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++) {
        struct aw_buf all;

        aw_buf_init(&all, 1 << 16);
        read_page(standard[i].html);
        aw_buf_puts(&all, "");
        for (size_t n = 0; n < doc.block_count; n++) {
            const struct aw_block *one = &doc.blocks[n];

            if (one->hidden)
                continue;
            aw_buf_printf(&all, "%s%s%s", all.len > 0 ? "|" : "",
                          one->kind == AW_BLOCK_ATTRIBUTE ? "attribute " : "",
                          one->text.ptr);
        }
        if (strcmp(all.ptr, standard[i].blocks) != 0)
            fail_msg("%s: '%s', not '%s'", standard[i].html, all.ptr,
                     standard[i].blocks);
        aw_buf_deinit(&all);
    }
}

static void names_with_nuls_are_not_known(void **state)
{
    (void)state;
    read_at(NULL, AW_STR("<title\0x>a<p title\0\0=b>c</p\0>d"));
    assert_int_equal(doc.block_count, 2);
    assert_block(0, "body", "a");
    assert_block(1, "body", "cd");
}

static void labels_of_a_drawing_stand_apart(void **state)
{
    (void)state;
    read_page("<p>一<svg><desc>二</desc><text x=1>三</text><text>四<tspan>五"
              "</tspan></text></svg>六");
    assert_block(0, "body", "一 三 四五六");
    assert_hidden(1, "body", "二");
}

static void read_xml(const char *html)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_html_read_xml(aw_str_of(html), AW_STR(""), &doc, &err),
                     AW_OK);
}

static void in_xml_elements_close_themselves_and_cdata_is_text(void **state)
{
    (void)state;
    read_xml("<html><head><title/><script src='a.js' /></head><body><p>一<b "
             "class='x'/>二<![CDATA[三<b>]]四]]></p><textarea/><div hidden='' "
             "/>五<![CDATA[六");
    assert_block(0, "body", "一二三<b>]]四");
    assert_block(1, "body", "五六");
    read_page("<p>一<![CDATA[二]]>三<script/>四");
    assert_block(0, "body", "一三");
}

static void the_page_in_a_frame_is_read_there(void **state)
{
    (void)state;
    read_at("http://a.example/",
            AW_STR("<p>一</p><iframe srcdoc='<p>二&lt;&amp;lt;</p><div "
                   "hidden>三<a href=b>四</a><iframe srcdoc=五></iframe>' "
                   "src=c>六</iframe>七"));
    assert_block(0, "body", "一");
    assert_block(1, "body", "二<<");
    assert_hidden(2, "body", "三四");
    assert_hidden(3, "body", "六");
    assert_block(4, "body", "七");
    assert_link(0, "http://a.example/c");
    assert_link(1, "http://a.example/b");
}

static void what_stands_in_a_frame_says_so_and_ends_with_it(void **state)
{
    (void)state;
    read_at("http://a.example/",
            AW_STR(
                "<p>一</p><iframe src='http://b.example/x/' srcdoc='<base "
                "href=http://b.example/x/><body style=font-size:1px><p>二<a "
                "href=y>三</a>'></iframe><iframe srcdoc='<p>四'></iframe>"
                "<p>五<a href=z>六</a>"));
    assert_block(0, "body", "一");
    assert_string_equal(doc.blocks[0].frame.len ? "in one" : "", "");
    assert_hidden(1, "body", "二三");
    assert_true(aw_str_eq(doc.blocks[1].frame, AW_STR("http://b.example/x/")));
    assert_block(2, "body", "四");
    assert_true(aw_str_eq(doc.blocks[2].frame, AW_STR("about:srcdoc")));
    assert_block(3, "body", "五六");
    assert_int_equal(doc.blocks[3].frame.len, 0);
    assert_link(0, "http://b.example/x/");
    assert_link(1, "http://b.example/x/y");
    assert_link(2, "http://a.example/z");
}

static void
what_a_frame_says_of_itself_does_not_hold_for_the_page(void **state)
{
    (void)state;
    read_at("http://a.example/",
            AW_STR("<a href=x>一</a><iframe srcdoc='<title>二</title><meta "
                   "name=robots content=nofollow><link rel=canonical "
                   "href=http://b.example/><a href=y>三</a>'></iframe><a "
                   "href=z>四</a>"));
    assert_false(doc.nofollow);
    assert_int_equal(doc.title.len, 0);
    assert_int_equal(doc.canonical.len, 0);
    assert_int_equal(doc.link_count, 3);
    assert_false(doc.links[0].nofollow);
    assert_true(doc.links[1].nofollow);
    assert_false(doc.links[2].nofollow);
}

static void elements_that_run_code_are_counted(void **state)
{
    (void)state;
    read_page("<script src=a.js></script><script>b()</script>"
              "<script type=module>c()</script>"
              "<script type='text/javascript'>d()</script>"
              "<script type='application/ld+json'>{}</script>"
              "<script type='text/template'><p>x</script><p>y");
    assert_int_equal(doc.scripts, 4);
}

static void a_quoted_gt_does_not_end_a_tag(void **state)
{
    (void)state;
    read_page("<p data-x='>>' title=\"a>b\">葱</p>");
    assert_block(0, "body", "葱");
    assert_block(1, "attribute", "a>b");
}

/* --- hidden --- */

static void hidden_text_is_marked_and_children_inherit(void **state)
{
    (void)state;
    read_page("<div style='color:red; Display : none !important'>一<p>二</p>"
              "</div>三<p style=visibility:hidden>四</p><p style=opacity:0>五"
              "<p style='font-size:0px'>六<p hidden>七<p>八"
              "<noscript>九</noscript><template>十</template>");
    assert_hidden(0, "body", "一");
    assert_hidden(1, "body", "二");
    assert_block(2, "body", "三");
    assert_hidden(3, "body", "四");
    assert_hidden(4, "body", "五");
    assert_hidden(5, "body", "六");
    assert_hidden(6, "body", "七");
    assert_block(7, "body", "八");
    assert_hidden(8, "body", "九");
    assert_hidden(9, "body", "十");
}

static void styles_that_do_not_hide_are_seen(void **state)
{
    (void)state;
    read_page("<p style='display:none;display:block'>一<p style=opacity:0.5>二"
              "<p style='font-size:0.8em'>三<p style='display'>四");
    for (size_t i = 0; i < 4; i++)
        assert_false(block(i)->hidden);
}

static void hidden_filler_does_not_break_the_seen_text(void **state)
{
    (void)state;
    read_page("<p>保<i style=display:none>甲</i>本<i hidden>乙</i>息</p>");
    assert_block(0, "body", "保本息");
    assert_hidden(1, "body", "甲 乙");
}

static void rules_of_style_elements_hide(void **state)
{
    (void)state;
    read_page("<style>/* x{ */ @media print{.m{display:none}} .a , p.b,#c"
              "{display:none} .d{color:red} s{font-size:0} .e .f"
              "{display:none}</style><div class='y a'>一</div><p class=b>二"
              "<div class=b>三</div><div id=c>四</div><div class=d>五</div>"
              "<div class=m>六</div><div class=f>七</div>八<s>九</s>");
    assert_hidden(0, "body", "一");
    assert_hidden(1, "body", "二");
    assert_block(2, "body", "三");
    assert_hidden(3, "body", "四");
    assert_block(4, "body", "五");
    assert_block(5, "body", "六");
    assert_block(6, "body", "七");
    assert_block(7, "body", "八");
    assert_hidden(8, "body", "九");
}

static void values_of_hidden_inputs_are_hidden(void **state)
{
    (void)state;
    read_page("<input type=hidden value=保本><input type=text value=见>");
    assert_hidden(0, "attribute", "保本");
    assert_block(1, "attribute", "见");
}

static void an_end_tag_closes_nothing_outside_its_cell(void **state)
{
    (void)state;
    read_page("<div hidden><table><tr><td>一</div></span>二</table></div>三");
    assert_hidden(0, "body", "一");
    assert_hidden(1, "body", "二");
    assert_block(2, "body", "三");
}

/* --- links --- */

static void links_are_absolute_without_fragment(void **state)
{
    (void)state;
    read_at("http://a.example/x/y.html?q#f",
            AW_STR("<a href='z.html#top'>a</a><a href='/r'>b</a>"
                   "<a href='//b.example/s'>c</a><a href='?t=1'>d</a>"
                   "<a href='../u/./v'>e</a><area href=w><a href='#g'>h</a>"
                   "<a href='HTTPS://c.example'>i</a>"));
    assert_link(0, "http://a.example/x/z.html");
    assert_link(1, "http://a.example/r");
    assert_link(2, "http://b.example/s");
    assert_link(3, "http://a.example/x/y.html?t=1");
    assert_link(4, "http://a.example/u/v");
    assert_link(5, "http://a.example/x/w");
    assert_link(6, "https://c.example/");
    assert_int_equal(doc.link_count, 7);
}

static void the_first_base_href_counts(void **state)
{
    (void)state;
    read_at("http://a.example/x/",
            AW_STR("<base target=_top><base href='/b/'><base href='/c/'>"
                   "<a href=d>e</a>"));
    assert_link(0, "http://a.example/b/d");
    read_page("<base href='http://b.example/f/'><a href=g>h</a>");
    assert_link(0, "http://b.example/f/g");
}

static void hrefs_are_read_as_browsers_do(void **state)
{
    (void)state;
    read_at("http://a.example/x/",
            AW_STR("<a href=' \n/p\tq\n ?a\\b '>1</a><a href='\\r\\s'>2</a>"
                   "<a href='/葱 x'>3</a>"));
    assert_link(0, "http://a.example/pq%20?a\\b");
    assert_link(1, "http://a.example/r/s");
    assert_link(2, "http://a.example/%e8%91%b1%20x");
}

static void only_http_and_https_are_links(void **state)
{
    (void)state;
    read_at("http://a.example/",
            AW_STR("<a href='javascript:void(0)'>1</a><a href='tel:1'>2</a>"
                   "<a href='mailto:a@b.example'>3</a><a href=''>4</a>"
                   "<a href='data:text/html,x'>5</a><a>6</a>"
                   "<a href='ftp://b.example/'>7</a>"
                   "<link rel=canonical href='/c'>"));
    assert_int_equal(doc.link_count, 0);
}

static void without_a_url_relative_links_stay_as_written(void **state)
{
    (void)state;
    read_page("<a href=' b.html#c'>1</a><a href='http://a.example'>2</a>");
    assert_link(0, "b.html");
    assert_link(1, "http://a.example/");
}

static void frames_and_refreshes_are_embedded(void **state)
{
    (void)state;
    read_at("http://a.example/",
            AW_STR("<meta http-equiv=Refresh content=\"0; URL='n.html'\">"
                   "<iframe src=i.html></iframe><frame src=f.html>"
                   "<a href=a.html>1</a><meta http-equiv=refresh content=5>"));
    assert_link(0, "http://a.example/n.html");
    assert_link(1, "http://a.example/i.html");
    assert_link(2, "http://a.example/f.html");
    assert_int_equal(doc.link_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true((doc.links[i].kind == AW_LINK_EMBEDDED) == (i < 3));
}

static void nofollow_is_read_from_rel_and_from_robots(void **state)
{
    (void)state;
    read_page("<a href=a rel='external NoFollow'>1</a><a href=b>2</a>");
    assert_true(doc.links[0].nofollow);
    assert_false(doc.links[1].nofollow);
    assert_false(doc.nofollow);
    read_page("<meta name=ROBOTS content='noindex, nofollow'>");
    assert_true(doc.nofollow);
}

static void a_meta_tag_for_this_agent_counts_as_robots(void **state)
{
    (void)state;
    read_page("<meta name=AdWatch content=nofollow>");
    assert_true(doc.nofollow);
    read_page("<meta name=otherbot content=nofollow><meta content=nofollow>");
    assert_false(doc.nofollow);
}

static void assert_canonical(const char *url)
{
    assert_int_equal(doc.canonical.len, strlen(url));
    assert_memory_equal(doc.canonical.ptr, url, strlen(url));
}

static void the_first_canonical_is_kept_and_is_no_link(void **state)
{
    (void)state;
    read_at("http://a.example/x/y?s=1",
            AW_STR("<link rel='shortlink Canonical' href='../c#d'>"
                   "<link rel=canonical href=/e>"));
    assert_canonical("http://a.example/c");
    assert_int_equal(doc.link_count, 0);
    read_at("http://a.example/", AW_STR("<link rel=canonical>"
                                        "<link rel=canonicals href=/a>"
                                        "<link rel=canonical href='ftp://b/'>"
                                        "<link href=/b>"));
    assert_canonical("");
}

static void a_canonical_is_absolute_or_none(void **state)
{
    (void)state;
    read_page("<link rel=canonical href=/e>");
    assert_canonical("");
    read_page("<link rel=canonical href='http://b.example/?q=1'>");
    assert_canonical("http://b.example/?q=1");
}

/* --- JSON-LD --- */

static void json_ld_strings_are_blocks(void **state)
{
    (void)state;
    read_page("<p>前</p><script type='application/ld+json'>{\"@type\":"
              "\"Store\",\"name\":\"Onion\",\"x\":{\"slogan\":[\"葱\",\"no\"]}"
              ",\"description\":\"\\u8471 铺\"}</script><p>后</p>");
    assert_block(0, "body", "前");
    assert_block(1, "body", "后");
    assert_hidden(2, "json-ld", "Onion");
    assert_hidden(3, "json-ld", "葱");
    assert_hidden(4, "json-ld", "葱 铺");
    assert_int_equal(doc.block_count, 5);
}

static void a_software_application_names_its_developer(void **state)
{
    (void)state;
    read_page("<script type=application/ld+json>[{\"@type\":[\"Thing\","
              "\"SoftwareApplication\"],\"name\":\"葱宝\",\"author\":"
              "{\"name\":\"样例科技\"},\"publisher\":[\"样例科技\"]}]"
              "</script>");
    assert_int_equal(doc.party_count, 1);
    assert_int_equal(doc.parties[0].kind, AW_PARTY_DEVELOPER);
    assert_string_equal(doc.parties[0].value.ptr, "样例科技");
    assert_string_equal(block(doc.parties[0].block)->text.ptr, "样例科技");
}

static void broken_json_ld_is_kept_as_text(void **state)
{
    (void)state;
    read_page(
        "<script type=application/ld+json> {\"name\":\"葱\",} </script>");
    assert_hidden(0, "json-ld", "{\"name\":\"葱\",}");
}

/* --- hostile pages --- */

static char *repeat(const char *text, size_t count, const char *tail,
                    struct aw_str *out)
{
    size_t len = strlen(text);
    char *all = malloc(len * count + strlen(tail) + 1);

    assert_non_null(all);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * len, text, len);
    memcpy(all + len * count, tail, strlen(tail) + 1);
    *out = (struct aw_str){all, len * count + strlen(tail)};
    return all;
}

static void json_ld_of_too_many_values_is_kept_as_text(void **state)
{
    struct aw_str page;
    char *all;

    (void)state;
    all = repeat("{},", AW_JSONLD_VALUES_MAX,
                 "]</script><script type=application/ld+json>"
                 "{\"name\":\"葱\"}</script>",
                 &page);
    memcpy(all, "<script type=application/ld+json>[", 34);
    read_at(NULL, page);
    assert_int_equal(doc.block_count, 2);
    assert_true(aw_str_ends(doc.blocks[0].text, AW_STR("{},]")));
    assert_string_equal(doc.blocks[1].text.ptr, "葱");
    free(all);
}

/* Reads text count times and tail, and must not take long. */
static void read_many(const char *text, size_t count, const char *tail)
{
    const struct aw_clock *clock = aw_clock_system();
    struct aw_str html;
    char *all = repeat(text, count, tail, &html);
    int64_t start;

    start = aw_clock_mono(clock);
    read_at("http://a.example/", html);
    assert_true(aw_clock_mono(clock) - start < SLOW_MS);
    free(all);
}

static void text_behind_100000_nested_tags_is_kept(void **state)
{
    (void)state;
    read_many("<div>", 100000, "深处</div>再见");
    assert_true(has_block("深处"));
    assert_true(has_block("再见"));
    read_many("<b>", 100000, "深处</b>再见");
    assert_true(has_block("深处再见"));
    read_many("<table><tr><td>", 100000, "深处");
    assert_true(has_block("深处"));
}

static void end_tags_that_close_nothing_take_no_time(void **state)
{
    (void)state;
    read_many("<i></b>", 300000, "末");
    assert_true(has_block("末"));
    read_many("<p></span><li>", 300000, "末");
    assert_true(has_block("末"));
}

static void a_million_attributes_take_no_time(void **state)
{
    const struct aw_clock *clock = aw_clock_system();
    struct aw_buf html;
    int64_t start;

    (void)state;
    aw_buf_init(&html, (size_t)32 << 20);
    aw_buf_puts(&html, "<p ");
    for (int i = 0; i < 1000000; i++)
        aw_buf_printf(&html, "a%d=1 ", i);
    aw_buf_puts(&html, "title=末>葱");
    start = aw_clock_mono(clock);
    read_at(NULL, aw_buf_str(&html));
    assert_true(aw_clock_mono(clock) - start < SLOW_MS);
    assert_block(0, "body", "葱");
    assert_block(1, "attribute", "末");
    aw_buf_deinit(&html);
}

static void five_megabytes_are_read_whole(void **state)
{
    const char *piece =
        "<div class='box b1'><style>.b1{color:red}</style><p "
        "style='font:12px/2"
        " x'>大葱一斤两块<a href='/n/1.htm' title='葱'>买葱</a></p></div>\n";
    size_t count = 5000000 / strlen(piece) + 1;

    (void)state;
    read_many(piece, count, "<p>末");
    assert_int_equal(doc.block_count, 2 * count + 1);
    assert_block(2 * count, "body", "末");
}

static void unended_constructs_take_no_time(void **state)
{
    (void)state;
    read_many("<title>", 500000, "");
    read_many("<!--", 500000, "");
    read_many("<script></", 300000, "");
    read_many("&abcdef", 300000, "");
    read_many("<", 1000000, "");
}

static void over_the_limits_the_first_ones_are_kept(void **state)
{
    (void)state;
    read_many("<p>葱<a href=b>", 210000, "");
    assert_int_equal(doc.block_count, AW_DOCUMENT_BLOCKS_MAX);
    assert_int_equal(doc.link_count, AW_DOCUMENT_LINKS_MAX);
}

static void a_long_href_is_dropped(void **state)
{
    (void)state;
    read_many("<a href='/", 1, "");
    read_many("<a href=/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>x</a>",
              2, "");
    assert_int_equal(doc.link_count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_elements_end_blocks_and_inline_ones_do_not),
        cmocka_unit_test(white_space_collapses_and_br_is_a_line_break),
        cmocka_unit_test(preformatted_text_keeps_its_lines),
        cmocka_unit_test(blocks_of_nothing_but_space_are_left_out),
        cmocka_unit_test(headings_and_links_have_their_kind),
        cmocka_unit_test(links_side_by_side_are_kept_apart),
        cmocka_unit_test(the_first_title_is_the_documents),
        cmocka_unit_test(a_title_without_end_does_not_swallow_the_page),
        cmocka_unit_test(meta_tags_are_blocks_that_are_not_seen),
        cmocka_unit_test(attributes_come_behind_the_block_that_holds_them),
        cmocka_unit_test(options_are_blocks),
        cmocka_unit_test(entities_are_undone),
        cmocka_unit_test(references_in_attributes_need_their_semicolon),
        cmocka_unit_test(less_than_before_text_is_text),
        cmocka_unit_test(comments_scripts_and_styles_are_no_text),
        cmocka_unit_test(the_standards_cases_are_read_as_it_has_them),
        cmocka_unit_test(names_with_nuls_are_not_known),
        cmocka_unit_test(labels_of_a_drawing_stand_apart),
        cmocka_unit_test(in_xml_elements_close_themselves_and_cdata_is_text),
        cmocka_unit_test(what_stands_in_a_frame_says_so_and_ends_with_it),
        cmocka_unit_test(the_page_in_a_frame_is_read_there),
        cmocka_unit_test(
            what_a_frame_says_of_itself_does_not_hold_for_the_page),
        cmocka_unit_test(elements_that_run_code_are_counted),
        cmocka_unit_test(a_quoted_gt_does_not_end_a_tag),
        cmocka_unit_test(hidden_text_is_marked_and_children_inherit),
        cmocka_unit_test(styles_that_do_not_hide_are_seen),
        cmocka_unit_test(hidden_filler_does_not_break_the_seen_text),
        cmocka_unit_test(rules_of_style_elements_hide),
        cmocka_unit_test(values_of_hidden_inputs_are_hidden),
        cmocka_unit_test(an_end_tag_closes_nothing_outside_its_cell),
        cmocka_unit_test(links_are_absolute_without_fragment),
        cmocka_unit_test(the_first_base_href_counts),
        cmocka_unit_test(hrefs_are_read_as_browsers_do),
        cmocka_unit_test(only_http_and_https_are_links),
        cmocka_unit_test(without_a_url_relative_links_stay_as_written),
        cmocka_unit_test(frames_and_refreshes_are_embedded),
        cmocka_unit_test(nofollow_is_read_from_rel_and_from_robots),
        cmocka_unit_test(a_meta_tag_for_this_agent_counts_as_robots),
        cmocka_unit_test(the_first_canonical_is_kept_and_is_no_link),
        cmocka_unit_test(a_canonical_is_absolute_or_none),
        cmocka_unit_test(json_ld_strings_are_blocks),
        cmocka_unit_test(a_software_application_names_its_developer),
        cmocka_unit_test(broken_json_ld_is_kept_as_text),
        cmocka_unit_test(json_ld_of_too_many_values_is_kept_as_text),
        cmocka_unit_test(text_behind_100000_nested_tags_is_kept),
        cmocka_unit_test(end_tags_that_close_nothing_take_no_time),
        cmocka_unit_test(a_million_attributes_take_no_time),
        cmocka_unit_test(five_megabytes_are_read_whole),
        cmocka_unit_test(unended_constructs_take_no_time),
        cmocka_unit_test(over_the_limits_the_first_ones_are_kept),
        cmocka_unit_test(a_long_href_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
