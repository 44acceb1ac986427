/* What CSS and old attributes hide, and how large text is: pages of one line
 * each. */
#include <stdlib.h>

#include "base/clock.h"
#include "extract/colour.h"
#include "extract/html.h"
#include "extract/length.h"
#include "tests/base/base_test.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */

static struct aw_document doc;

static void read_page(struct aw_str html)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_html_read(html, AW_STR(""), &doc, &err), AW_OK);
}

/* The block that holds 葱. */
static const struct aw_block *onion(const char *html)
{
    read_page(aw_str_of(html));
    for (size_t i = 0; i < doc.block_count; i++)
        if (aw_str_find(doc.blocks[i].text, AW_STR("葱")) >= 0)
            return &doc.blocks[i];
    fail_msg("no 葱 in %s", html);
    return NULL;
}

static void assert_why(const char *html, const char *why)
{
    const char *is = aw_hidden_name(onion(html)->hidden);

    if (strcmp(is, why) != 0)
        fail_msg("%s: '%s', not '%s'", html, is, why);
}

static void assert_px(const char *html, int px)
{
    if (onion(html)->font_px != px)
        fail_msg("%s: %d, not %d", html, onion(html)->font_px, px);
}

struct row {
    const char *html, *why;
};

static void assert_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_why(rows[i].html, rows[i].why);
}

#define ASSERT_ROWS(rows) assert_rows(rows, sizeof(rows) / sizeof(rows)[0])

static void each_way_of_hiding_is_told(void **state)
{
    static const struct row rows[] = {
        {"<p>葱", ""},
        {"<p hidden>葱", "attribute"},
        {"<template>葱</template>", "element"},
        {"<noscript>葱</noscript>", "element"},
        {"<iframe>葱</iframe>", "element"},
        {"<input type=hidden value=葱>", "attribute"},
        {"<meta name=description content=葱>", "element"},
        {"<p style=display:none>葱", "display"},
        {"<p style='color:rgb(9999999%,0,0)'>葱", ""},
        {"<p style='DISPLAY : NONE ! IMPORTANT'>葱", "display"},
        {"<p style='visibility: hidden'>葱", "visibility"},
        {"<p style='visibility:collapse'>葱", "visibility"},
        {"<p style='opacity:0'>葱", "opacity"},
        {"<p style='opacity:.01'>葱", "opacity"},
        {"<p style='opacity:0%'>葱", "opacity"},
        {"<p style='filter:alpha(opacity=0)'>葱", "opacity"},
        {"<p style='filter: opacity(0)'>葱", "opacity"},
        {"<p style='filter:alpha(opacity=80)'>葱", ""},
        {"<p style='filter:blur(0)'>葱", ""},
        {"<p style='opacity:.5'>葱", ""},
        {"<p style='font-size:0'>葱", "size"},
        {"<p style='font-size:1px'>葱", "size"},
        {"<p style='font:0/0 a'>葱", "size"},
        {"<p style='font-size:.05em'>葱", "size"},
        {"<p style='font-size:12px'>葱", ""},
        {"<div style='height:0;overflow:hidden'>葱", "size"},
        {"<div style='width:1px;height:1px;overflow:hidden'>葱", "size"},
        {"<div style='max-height:0px;overflow-y:hidden'>葱", "size"},
        {"<div style='height:0'>葱", ""},
        {"<div style='transform:scale(0)'>葱", "size"},
        {"<div style='transform:scaleX(1) scale(1,0)'>葱", ""},
        {"<div style='position:absolute;left:-9999px'>葱", "off-screen"},
        {"<div style='position:fixed;top:-200em'>葱", "off-screen"},
        {"<div style='position:absolute;right:-999em'>葱", "off-screen"},
        {"<div style='text-indent:-9999px'>葱", "off-screen"},
        {"<div style='margin-left:-9999px'>葱", "off-screen"},
        {"<div style='margin:0 0 0 -5000px'>葱", "off-screen"},
        {"<div style='transform:translateX(-9999px)'>葱", "off-screen"},
        {"<div style='transform:translate(-50%,-50%)'>葱", ""},
        {"<div style='position:absolute;left:50%;margin-left:-640px'>葱", ""},
        {"<div style='margin:0 auto'>葱", ""},
        {"<div style='text-indent:2em'>葱", ""},
        {"<div style='position:absolute;clip:rect(0,0,0,0)'>葱", "clip"},
        {"<div style='position:absolute;clip:rect(1px 1px 1px 1px)'>葱",
         "clip"},
        {"<div style='position:absolute;clip:rect(0,90px,40px,0)'>葱", ""},
        {"<div style='position:absolute;clip:auto'>葱", ""},
        {"<div style='clip:rect(0,0,0,0)'>葱", ""},
        {"<div style='clip-path:inset(50%)'>葱", "clip"},
        {"<div style='clip-path:circle(0)'>葱", "clip"},
        {"<div style='clip-path:polygon(0 0, 0 0, 0 0)'>葱", "clip"},
        {"<div style='clip-path:inset(5px)'>葱", ""},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void colour_like_the_ground_hides(void **state)
{
    static const struct row rows[] = {
        {"<p style='color:#fff'>葱", "colour"},
        {"<p style='color:transparent'>葱", "colour"},
        {"<p style='color:rgba(0,0,0,0)'>葱", "colour"},
        {"<body bgcolor=red><p style='color:rgb(255, 0, 0)'>葱", "colour"},
        {"<body bgcolor=112233><font color=#112234>葱", "colour"},
        {"<table bgcolor='#FFFF00'><td><font color=yellow>葱", "colour"},
        {"<div style='background:#333 none'><b style='color:#333333'>葱",
         "colour"},
        {"<div style='background-color:gray;color:grey'>葱", "colour"},
        {"<p style='color:#eee'>葱", ""},
        {"<p style='color:red'>葱", ""},
        {"<p style='color:var(--x)'>葱", ""},
        {"<div style='background:#333'><b style='color:#fff'>葱", ""},
        {"<div style='background:url(a.png) #fff'><b style='color:#fff'>葱",
         ""},
        {"<div style='background:linear-gradient(red,red);color:#fff'>葱", ""},
        {"<td background=a.gif><font color=white>葱", ""},
        {"<div style='position:absolute;color:#fff'>葱", ""},
        {"<p style='color:#fff;text-shadow:0 0 2px #000'>葱", ""},
        {"<p style='color:transparent;-webkit-background-clip:text'>葱", ""},
        {"<p style='-webkit-text-fill-color:transparent;"
         "background-clip:text'>葱",
         ""},
        {"<div style='color:#fff'><a href=x>葱</a>", ""},
        {"<div style='color:#fff'><b style='color:inherit'>葱", "colour"},
        {"<div style='color:#fff'><b style='color:#000'>葱", ""},
        {"<body text=white>葱", "colour"},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void a_linked_sheet_makes_default_colours_unknown(void **state)
{
    static const struct row rows[] = {
        {"<link rel=stylesheet href=a.css><p style='color:#fff'>葱", ""},
        {"<style>@import 'a.css'</style><p style='color:#fff'>葱", ""},
        {"<link rel=stylesheet href=a.css><body bgcolor=white><p "
         "style='color:#fff'>葱",
         "colour"},
        {"<link rel=icon href=a.ico><p style='color:#fff'>葱", "colour"},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void
what_hides_a_box_holds_inside_and_the_rest_is_inherited(void **state)
{
    static const struct row rows[] = {
        {"<div style=display:none><p style=display:block>葱", "display"},
        {"<div style=visibility:hidden><p>葱", "visibility"},
        {"<div style=visibility:hidden><p style=visibility:visible>葱", ""},
        {"<div style=font-size:0><p>葱", "size"},
        {"<div style=font-size:0><p style=font-size:14px>葱", ""},
        {"<div style=font-size:0><p style=font-size:2em>葱", "size"},
        {"<div style=display:none><p style=opacity:0>葱", "display"},
        {"<div hidden><p style=display:none>葱", "attribute"},
        {"<body style=display:none>葱", ""},
        {"<html style='visibility:hidden'><body style='opacity:0'>葱", ""},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void rules_name_elements_in_many_ways(void **state)
{
    static const struct row rows[] = {
        {"<style>p{display:none}</style><p>葱", "display"},
        {"<style>P{display:none}</style><p>葱", "display"},
        {"<style>*{display:none}</style><p>葱", "display"},
        {"<style>.a{display:none}</style><p class='b a'>葱", "display"},
        {"<style>.A{display:none}</style><p class=a>葱", ""},
        {"<style>#a{display:none}</style><p id=a>葱", "display"},
        {"<style>p.a.b{display:none}</style><p class='b c a'>葱", "display"},
        {"<style>p.a.b{display:none}</style><p class='b c'>葱", ""},
        {"<style>.a .b{display:none}</style><i class=a><p><b class=b>葱",
         "display"},
        {"<style>.a .b{display:none}</style><b class=b>葱", ""},
        {"<style>.a>.b{display:none}</style><p class=a><b class=b>葱",
         "display"},
        {"<style>.a > .b{display:none}</style><p class=a><i><b class=b>葱",
         ""},
        {"<style>.x .a>.b{display:none}</style><p class=a><div class=x><div "
         "class=a><b class=b>葱",
         "display"},
        {"<style>html body.q .b{display:none}</style><body class=q><b "
         "class=b>葱",
         "display"},
        {"<style>h1,h2 , p{display:none}</style><p>葱", "display"},
        {"<style>p:hover{display:none}p::before{display:none}p[x]{display:"
         "none}i+p{display:none}i~p{display:none}</style><i></i><p x>葱",
         ""},
        {"<style>.\xE8\x91\xB1{display:none}</style><p class=葱>葱",
         "display"},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void the_cascade_is_weighed(void **state)
{
    static const struct row rows[] = {
        {"<style>p{display:none}p{display:block}</style><p>葱", ""},
        {"<style>p{display:block}p{display:none}</style><p>葱", "display"},
        {"<style>.a{display:none}p{display:block}</style><p class=a>葱",
         "display"},
        {"<style>#a{display:block}.a{display:none}</style><p class=a id=a>葱",
         ""},
        {"<style>p{display:none!important}#a{display:block}</style><p id=a>葱",
         "display"},
        {"<style>p{display:none}</style><p style=display:block>葱", ""},
        {"<style>p{display:none!important}</style><p style=display:block>葱",
         "display"},
        {"<style>p{display:none!important}</style><p style='display:block "
         "!important'>葱",
         ""},
        {"<p style='display:none;display:block'>葱", ""},
        {"<p style='display:none!important;display:block'>葱", "display"},
        {"<style>font{color:#000}</style><font color=white>葱", ""},
        {"<p class=a>葱</p><body><style>.a{display:none}</style>", "display"},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void sheets_are_read_as_browsers_read_them(void **state)
{
    static const struct row rows[] = {
        {"<style><!-- p{display:none} --></style><p>葱", "display"},
        {"<style>/* p{ */ p/**/{display:/* x */none}</style><p>葱", "display"},
        {"<style>@charset 'x'; p{display:none}</style><p>葱", "display"},
        {"<style>@media screen{p{display:none}}</style><p>葱", "display"},
        {"<style>@media print{p{display:none}}</style><p>葱", ""},
        {"<style>@media print{p{opacity:0}</style><p>葱", ""},
        {"<style>@media print</style><p>葱", ""},
        {"<style>@media (max-width:9px){p{display:none}}i{}</style><p>葱", ""},
        {"<style>@media print{i{}}p{display:none}</style><p>葱", "display"},
        {"<style>@supports (x:y){@media all{p{display:none}}}</style><p>葱",
         "display"},
        {"<style>@font-face{src:url(x)}p{display:none}</style><p>葱",
         "display"},
        {"<style>@keyframes k{0%{opacity:0}}</style><p>葱", ""},
        {"<style media=print>p{display:none}</style><p>葱", ""},
        {"<style media='Screen, tv'>p{display:none}</style><p>葱", "display"},
        {"<style>p{display:none</style><p>葱", "display"},
        {"<style>}</style><style>p{display:none}</style><p>葱", "display"},
    };

    (void)state;
    ASSERT_ROWS(rows);
}

static void the_stated_size_of_a_font_is_told(void **state)
{
    (void)state;
    assert_px("<p>葱", 0);
    assert_px("<p style='font-size:14px'>葱", 14);
    assert_px("<p style='font-size:9pt'>葱", 12);
    assert_px("<p style='font: bold 18px/1.5 SimSun'>葱", 18);
    assert_px("<p style='font: 700 18px SimSun'>葱", 18);
    assert_px("<p style='font-size:13.6px'>葱", 14);
    assert_px("<p style='font-size:small'>葱", 13);
    assert_px("<body style='font-size:20px'><p style='font-size:150%'>葱", 30);
    assert_px("<body style='font-size:20px'><p style='font-size:.5em'>葱", 10);
    assert_px("<body style='font-size:20px'><p style='font-size:2rem'>葱", 32);
    assert_px("<style>body{font-size:12px}</style><body>葱", 12);
    assert_px("<style>body{font-size:12px}</style><body><h1>葱", 24);
    assert_px("<font size=1>葱", 10);
    assert_px("<font size=7>葱", 48);
    assert_px("<font size=+2>葱", 24);
    assert_px("<font size=-9>葱", 10);
    assert_px("<font size=x>葱", 0);
    assert_px("<p style='font-size:calc(1px + 2px)'>葱", 0);
    assert_px("<p><b>葱</b><b style='font-size:30px'>姜", 0);
}

static void colours_are_read_in_every_notation(void **state)
{
    (void)state;
    assert_int_equal(aw_colour_parse(AW_STR(" #FfF ")), 0xFFFFFF);
    assert_int_equal(aw_colour_parse(AW_STR("#0a1B2c")), 0x0A1B2C);
    assert_int_equal(aw_colour_parse(AW_STR("#0a1B2c00")), AW_COLOUR_CLEAR);
    assert_int_equal(aw_colour_parse(AW_STR("#fff0")), AW_COLOUR_CLEAR);
    assert_int_equal(aw_colour_parse(AW_STR("#fff8")), 0xFFFFFF);
    assert_int_equal(aw_colour_parse(AW_STR("rgb(1,2, 3)")), 0x010203);
    assert_int_equal(aw_colour_parse(AW_STR("rgb(100% 0% 0%)")), 0xFF0000);
    assert_int_equal(aw_colour_parse(AW_STR("RGBA(1 2 3 / 50%)")), 0x010203);
    assert_int_equal(aw_colour_parse(AW_STR("rgba(1,2,3,.01)")),
                     AW_COLOUR_CLEAR);
    assert_int_equal(aw_colour_parse(AW_STR("rgb(999,0,0)")), 0xFF0000);
    assert_int_equal(aw_colour_parse(AW_STR("Red")), 0xFF0000);
    assert_int_equal(aw_colour_parse(AW_STR("#ff")), AW_COLOUR_UNKNOWN);
    assert_int_equal(aw_colour_parse(AW_STR("#ggg")), AW_COLOUR_UNKNOWN);
    assert_int_equal(aw_colour_parse(AW_STR("rgb(1,2)")), AW_COLOUR_UNKNOWN);
    assert_int_equal(aw_colour_parse(AW_STR("ffffff")), AW_COLOUR_UNKNOWN);
    assert_int_equal(aw_colour_parse_attr(AW_STR("ffffff")), 0xFFFFFF);
    assert_int_equal(aw_colour_parse(AW_STR("")), AW_COLOUR_UNKNOWN);
    assert_true(aw_colour_near(0xFFFFFF, 0xFEFAF9));
    assert_false(aw_colour_near(0xFFFFFF, 0xFFFFE0));
    assert_false(aw_colour_near(AW_COLOUR_UNKNOWN, AW_COLOUR_UNKNOWN));
}

static void lengths_are_hundredths_of_a_pixel(void **state)
{
    (void)state;
    assert_int_equal(aw_length_parse(AW_STR("12px")), 1200);
    assert_int_equal(aw_length_parse(AW_STR("-1.255PX")), -125);
    assert_int_equal(aw_length_parse(AW_STR("+.5em")), 800);
    assert_int_equal(aw_length_parse(AW_STR("0")), 0);
    assert_int_equal(aw_length_parse(AW_STR("-100%")), -100000);
    assert_int_equal(aw_length_parse(AW_STR("-99999999999999999999em")),
                     -AW_LENGTH_MAX);
    assert_int_equal(aw_length_parse(AW_STR("auto")), AW_LENGTH_NONE);
    assert_int_equal(aw_length_parse(AW_STR("1px 2px")), AW_LENGTH_NONE);
    assert_int_equal(aw_length_parse(AW_STR("1foo")), AW_LENGTH_NONE);
    assert_int_equal(aw_length_parse(AW_STR(".")), AW_LENGTH_NONE);
    assert_int_equal(aw_length_parse(AW_STR("")), AW_LENGTH_NONE);
    assert_int_equal(aw_length_font(AW_STR("80%")), -8000);
    assert_int_equal(aw_length_font(AW_STR("1.5em")), -15000);
    assert_int_equal(aw_length_font(AW_STR("larger")), -12000);
    assert_int_equal(aw_length_font(AW_STR("-3px")), AW_LENGTH_NONE);
}

/* --- hostile sheets --- */

static void read_many(const char *head, const char *text, size_t count,
                      const char *tail)
{
    const struct aw_clock *clock = aw_clock_system();
    struct aw_buf html;
    int64_t start;

    aw_buf_init(&html, (size_t)32 << 20);
    aw_buf_puts(&html, head);
    for (size_t i = 0; i < count; i++)
        aw_buf_puts(&html, text);
    aw_buf_puts(&html, tail);
    assert_int_equal(html.rc, AW_OK);
    start = aw_clock_mono(clock);
    read_page(aw_buf_str(&html));
    assert_true(aw_clock_mono(clock) - start < SLOW_MS);
    assert_true(doc.block_count > 0);
    aw_buf_deinit(&html);
}

static void crafted_sheets_take_bounded_time(void **state)
{
    (void)state;
    read_many("<style>", ".a .a .a .a .a .a .a .b{display:none}", 20000,
              "</style><p class=b>葱");
    read_many("<style>.a .a .a .a .a .a .a .b{left:0}</style>",
              "<i class='a'><b class='a b'>", 100000, "葱");
    read_many("<style>", "@media screen{", 100000, "</style>葱");
    read_many("<style>", "{", 1000000, "</style>葱");
    read_many("<style>", "p{color:red;", 300000, "</style>葱");
    read_many("<p style='", "left:-1px;", 1000000, "'>葱");
    read_many("<body>", "<style>p{color:red}</style><p>葱", 100000, "");
    read_many("<p class='", "a b ", 1000000, "'>葱");
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_of_hiding_is_told),
        cmocka_unit_test(colour_like_the_ground_hides),
        cmocka_unit_test(a_linked_sheet_makes_default_colours_unknown),
        cmocka_unit_test(
            what_hides_a_box_holds_inside_and_the_rest_is_inherited),
        cmocka_unit_test(rules_name_elements_in_many_ways),
        cmocka_unit_test(the_cascade_is_weighed),
        cmocka_unit_test(sheets_are_read_as_browsers_read_them),
        cmocka_unit_test(the_stated_size_of_a_font_is_told),
        cmocka_unit_test(colours_are_read_in_every_notation),
        cmocka_unit_test(lengths_are_hundredths_of_a_pixel),
        cmocka_unit_test(crafted_sheets_take_bounded_time),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
