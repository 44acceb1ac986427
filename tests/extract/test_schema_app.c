#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "extract/html.h"
#include "extract/schema_app.h"

#define SLOW_MS 20000 /* under sanitizers, on a busy machine */

static struct aw_document doc;

static void read_str(struct aw_str html)
{
    struct aw_err err;

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    doc.url = AW_STR("https://store.example/app/7?from=a");
    assert_int_equal(aw_html_read(html, AW_STR(""), &doc, &err), AW_OK);
}

static void read_page(const char *html)
{
    read_str(aw_str_of(html));
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

#define assert_field(app, field, text) \
    assert_string_equal(doc.apps[app].fields[field].ptr, text)

static const struct aw_block *find(const char *text)
{
    for (size_t i = 0; i < doc.block_count; i++)
        if (strcmp(doc.blocks[i].text.ptr, text) == 0)
            return &doc.blocks[i];
    fail_msg("no block '%s'", text);
    return NULL;
}

#define LD "<script type='application/ld+json'>"

static void json_ld_of_an_app_is_a_listing(void **s)
{
    (void)s;
    read_page(LD
              "{\"@type\":\"https://schema.org/MobileApplication\","
              "\"name\":\"云宝\",\"description\":\"随存随取\","
              "\"releaseNotes\":\"改了利率\",\"applicationCategory\":"
              "[\"Finance\",\"工具\"],\"publisher\":[{\"name\":\"样例科技\"}],"
              "\"review\":[{\"@type\":\"Review\",\"author\":\"某用户\","
              "\"reviewBody\":\"说保本，骗人\"}]}</script>");
    assert_int_equal(doc.channel, AW_CHANNEL_APP);
    assert_int_equal(doc.app_count, 1);
    assert_string_equal(doc.apps[0].key.ptr,
                        "https://store.example/app/7?from=a");
    assert_field(0, AW_APP_NAME, "云宝");
    assert_field(0, AW_APP_DESCRIPTION, "随存随取");
    assert_field(0, AW_APP_WHATS_NEW, "改了利率");
    assert_field(0, AW_APP_CATEGORY, "Finance\n工具");
    assert_field(0, AW_APP_DEVELOPER, "样例科技");
    assert_int_equal(find("随存随取")->kind, AW_BLOCK_LISTING);
    assert_true(find("随存随取")->hidden);
    assert_int_equal(find("说保本，骗人")->kind, AW_BLOCK_REVIEW);
    assert_int_equal(doc.party_count, 1);
    assert_string_equal(doc.parties[0].value.ptr, "样例科技");
}

static void an_app_has_the_key_of_its_own_address(void **s)
{
    (void)s;
    read_page(LD
              "[{\"@type\":\"SoftwareApplication\",\"name\":\"甲\",\"url\":"
              "\"https://store.example/a\"},"
              "{\"@type\":\"SoftwareApplication\",\"name\":\"乙\"},"
              "{\"@type\":\"SoftwareApplication\",\"name\":\"甲二\",\"@id\":"
              "\"https://store.example/a\"}]</script>");
    assert_int_equal(doc.app_count, 2);
    assert_string_equal(doc.apps[0].key.ptr, "https://store.example/a");
    assert_string_equal(doc.apps[1].key.ptr,
                        "https://store.example/app/7?from=a#乙");
}

static void other_things_are_no_listing(void **s)
{
    (void)s;
    read_page(LD "{\"@type\":\"Product\",\"name\":\"洋葱\",\"review\":"
                 "{\"reviewBody\":\"好吃\"}}</script>"
                 "<div itemscope itemtype='https://schema.org/Product'>"
                 "<b itemprop=name>葱</b></div>");
    assert_int_equal(doc.channel, AW_CHANNEL_WEB);
    assert_int_equal(doc.app_count, 0);
    assert_int_equal(find("好吃")->kind, AW_BLOCK_JSONLD);
}

/* ---- microdata ---------------------------------------------------------- */

static const char micro[] =
    "<p>前<div itemscope itemtype=\"https://schema.org/SoftwareApplication\">"
    "<h1 itemprop=\"name\">云&amp;宝</h1><a itemprop=url href='/app/7'>x</a>"
    "<meta itemprop=applicationCategory content='财务'>"
    "<div itemprop='author' itemscope itemtype='https://schema.org/Person'>"
    "由 <span itemprop=name>样例科技</span> 提供</div>"
    "<div itemprop='description headline'><p>闲钱<b>好</b>去处<p>随存<br>随取"
    "</div>"
    "<div itemprop=review itemscope itemtype='https://schema.org/Review'>"
    "<b itemprop=name>差评</b><p itemprop=description>骗人</p></div>"
    "<p itemprop=releaseNotes>改了利率</p></div>"
    "<p itemprop=description>不相干</p>";

static void microdata_of_an_app_is_a_listing(void **s)
{
    (void)s;
    read_page(micro);
    assert_int_equal(doc.channel, AW_CHANNEL_APP);
    assert_int_equal(doc.app_count, 1);
    assert_string_equal(doc.apps[0].key.ptr, "https://store.example/app/7");
    assert_field(0, AW_APP_LINK, "https://store.example/app/7");
    assert_field(0, AW_APP_NAME, "云&宝");
    assert_field(0, AW_APP_CATEGORY, "财务");
    assert_field(0, AW_APP_DEVELOPER, "样例科技");
    assert_field(0, AW_APP_DESCRIPTION, "闲钱好去处 随存 随取");
    assert_field(0, AW_APP_WHATS_NEW, "改了利率");
}

/* Who writes a page writes its markup: what it shows is judged. */
static void microdata_takes_no_block_away(void **s)
{
    (void)s;
    read_page(micro);
    assert_int_equal(find("骗人")->kind, AW_BLOCK_BODY);
    assert_int_equal(find("由 样例科技 提供")->kind, AW_BLOCK_BODY);
}

static void a_review_gives_nothing_to_a_field_around_it(void **s)
{
    (void)s;
    read_page("<div itemscope itemtype='http://schema.org/MobileApplication'>"
              "<b itemprop=name>云宝</b><div itemprop=description>随存"
              "<div itemprop='x review' itemscope "
              "itemtype=https://schema.org/Review>"
              "<b itemprop=author itemscope><i itemprop=name>某甲</i></b>骗人"
              "<p itemprop=reviewBody>别装</p></div>随取</div>"
              "<p itemprop=releaseNotes>修了闪退</p></div>");
    assert_int_equal(doc.app_count, 1);
    assert_field(0, AW_APP_DESCRIPTION, "随存 随取");
    assert_field(0, AW_APP_WHATS_NEW, "修了闪退");
    assert_field(0, AW_APP_DEVELOPER, "");
    assert_int_equal(find("别装")->kind, AW_BLOCK_BODY);
}

static void a_review_needs_no_itemscope(void **s)
{
    (void)s;
    read_page("<div itemscope itemtype='http://schema.org/MobileApplication'>"
              "<b itemprop=name>云宝</b><div itemprop=review>"
              "<b itemprop=name>差评</b><p itemprop=description>骗人</p>"
              "<meta itemprop=applicationCategory content=假><a itemprop=url "
              "href=/r/1>全文</a></div><p itemprop='description review'>别装"
              "</p><p itemprop=description>随存随取</p></div>");
    assert_field(0, AW_APP_NAME, "云宝");
    assert_field(0, AW_APP_DESCRIPTION, "随存随取");
    assert_field(0, AW_APP_CATEGORY, "");
    assert_field(0, AW_APP_LINK, "");
    assert_int_equal(find("骗人")->kind, AW_BLOCK_BODY);
}

static void a_maker_points_at_where_it_stands(void **s)
{
    (void)s;
    read_page(micro);
    assert_int_equal(doc.party_count, 1);
    assert_int_equal(doc.parties[0].kind, AW_PARTY_DEVELOPER);
    assert_string_equal(doc.blocks[doc.parties[0].block].text.ptr,
                        "由 样例科技 提供");
    assert_int_equal(doc.parties[0].start, 2);
}

static void an_item_that_never_ends_is_kept(void **s)
{
    (void)s;
    read_page("<div itemscope itemtype='http://schema.org/MobileApplication'>"
              "<b itemprop=name>云宝");
    assert_int_equal(doc.app_count, 1);
    assert_field(0, AW_APP_NAME, "云宝");
}

static void json_ld_goes_before_microdata(void **s)
{
    (void)s;
    read_page("<div itemscope itemtype='http://schema.org/MobileApplication'>"
              "<b itemprop=name>乙</b></div>" LD
              "{\"@type\":\"MobileApplication\",\"name\":\"甲\"}</script>");
    assert_int_equal(doc.app_count, 1);
    assert_field(0, AW_APP_NAME, "甲");
}

static void hostile_microdata_ends_in_bounded_time(void **s)
{
    static const char *const pieces[] = {
        "<div itemscope itemtype=http://schema.org/MobileApplication>",
        "<b itemprop=name>",
        "</b><i itemprop=author itemscope>",
        "<p itemprop=description>x</div>",
    };
    size_t times = 40000;

    (void)s;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        size_t len = strlen(pieces[i]);
        size_t head = strlen(pieces[0]);
        char *html = malloc(head + len * times);
        int64_t began = aw_clock_mono(aw_clock_system());

        assert_non_null(html);
        memcpy(html, pieces[0], head);
        for (size_t j = 0; j < times; j++)
            memcpy(html + head + j * len, pieces[i], len);
        read_str((struct aw_str){html, head + len * times});
        assert_true(aw_clock_mono(aw_clock_system()) - began < SLOW_MS);
        free(html);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_ld_of_an_app_is_a_listing),
        cmocka_unit_test(an_app_has_the_key_of_its_own_address),
        cmocka_unit_test(other_things_are_no_listing),
        cmocka_unit_test(microdata_of_an_app_is_a_listing),
        cmocka_unit_test(microdata_takes_no_block_away),
        cmocka_unit_test(a_review_gives_nothing_to_a_field_around_it),
        cmocka_unit_test(a_review_needs_no_itemscope),
        cmocka_unit_test(a_maker_points_at_where_it_stands),
        cmocka_unit_test(an_item_that_never_ends_is_kept),
        cmocka_unit_test(json_ld_goes_before_microdata),
        cmocka_unit_test(hostile_microdata_ends_in_bounded_time),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
