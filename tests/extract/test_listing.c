#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "extract/extract.h"
#include "extract/listing.h"

static const char lookup[] =
    "\n\n{\"resultCount\":1,\n\"results\": [{\"trackName\":\"样例理财宝\","
    "\"description\":\"闲钱好去处\\n随存随取\",\"releaseNotes\":"
    "\"修了小毛病\","
    "\"sellerName\":\"济宁样例科技有限公司\",\"artistName\":\"样例团队\","
    "\"genres\":[\"财务\",\"工具\"],\"price\":0,\"trackViewUrl\":"
    "\"https://store.example/app/id1\",\"sellerUrl\":\"javascript:1\"}]}";

static struct aw_document doc;

static aw_rc read_listing(const char *json, struct aw_err *err)
{
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    return aw_listing_read(aw_str_of(json), &aw_mapping_apple, &doc, err);
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    return 0;
}

static void each_field_is_a_block(void **state)
{
    static const char *const texts[] = {"样例理财宝", "闲钱好去处\n随存随取",
                                        "修了小毛病", "济宁样例科技有限公司",
                                        "样例团队",   "财务",
                                        "工具"};
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing(lookup, &err), AW_OK);
    assert_int_equal(doc.channel, AW_CHANNEL_APP);
    assert_string_equal(doc.title.ptr, "样例理财宝");
    assert_int_equal(doc.block_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(doc.blocks[i].text.ptr, texts[i]);
        assert_int_equal(doc.blocks[i].kind, AW_BLOCK_LISTING);
    }
    assert_int_equal(doc.link_count, 1);
    assert_string_equal(doc.links[0].url.ptr, "https://store.example/app/id1");
}

static void links_are_as_those_of_a_page(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing("{\"results\":[{\"trackName\":\"样例宝\","
                                  "\"trackViewUrl\":"
                                  "\"Https://Store.example/a b#top\"},"
                                  "{\"trackName\":\"乙\",\"trackViewUrl\":"
                                  "\"http://\"}]}",
                                  &err),
                     AW_OK);
    assert_int_equal(doc.link_count, 1);
    assert_string_equal(doc.links[0].url.ptr, "https://Store.example/a%20b");
}

static void an_app_is_kept_with_its_fields(void **state)
{
    const struct aw_app *app;
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing("{\"results\":[{\"trackId\":1500000001,"
                                  "\"trackName\":\"甲\",\"genres\":[\"财务\","
                                  "\"工具\"],\"sellerName\":\"乙\"},"
                                  "{\"trackName\":\"丙\",\"trackViewUrl\":"
                                  "\"https://s.example/2\"},{}]}",
                                  &err),
                     AW_OK);
    assert_int_equal(doc.app_count, 2);
    app = &doc.apps[0];
    assert_string_equal(app->key.ptr, "apple:1500000001");
    assert_string_equal(app->fields[AW_APP_NAME].ptr, "甲");
    assert_string_equal(app->fields[AW_APP_CATEGORY].ptr, "财务\n工具");
    assert_string_equal(app->fields[AW_APP_DEVELOPER].ptr, "乙");
    assert_int_equal(app->fields[AW_APP_WHATS_NEW].len, 0);
    assert_string_equal(doc.apps[1].key.ptr, "https://s.example/2");
}

/* ---- by a mapping ------------------------------------------------------- */

static const char yun[] =
    "{\"store\":\"yun\",\"apps\":\"/data/list\",\"id\":\"/appId\","
    "\"name\":\"/title\",\"developer\":\"/dev/name\",\"description\":"
    "\"/intro/0\",\"whats_new\":\"/new\",\"category\":\"/tags\","
    "\"link\":\"/share~1url\",\"reviews\":\"/comments\","
    "\"review\":\"/content\"}";

static aw_rc read_mapped(const char *mapping_json, const char *json,
                         struct aw_err *err)
{
    struct aw_extract_input input = {.mapping = aw_str_of(mapping_json),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = aw_str_of(json)};

    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_WEB);
    return aw_extract(&input, &doc, err);
}

static void a_mapping_finds_the_fields_of_any_store(void **state)
{
    static const struct {
        enum aw_block_kind kind;
        const char *text;
    } blocks[] = {
        {AW_BLOCK_LISTING, "云宝"},
        {AW_BLOCK_LISTING, "随存随取"},
        {AW_BLOCK_LISTING, "修了小毛病"},
        {AW_BLOCK_LISTING, "样例科技"},
        {AW_BLOCK_LISTING, "财务"},
        {AW_BLOCK_LISTING, "工具"},
        {AW_BLOCK_REVIEW, "说是保本保息，骗人的"},
        {AW_BLOCK_REVIEW, "还行"},
    };
    struct aw_err err;

    (void)state;
    assert_int_equal(
        read_mapped(
            yun,
            " {\"data\":{\"list\":[{\"appId\":\"c77\",\"title\":"
            "\"云宝\",\"dev\":{\"name\":\"样例科技\"},\"intro\":"
            "[\"随存随取\",\"no\"],\"new\":\"修了小毛病\",\"tags\":"
            "[\"财务\",\"工具\"],\"share/url\":"
            "\"https://yun.example/c77\",\"comments\":[{\"content\":"
            "\"说是保本保息，骗人的\"},{\"no\":1},{\"content\":\"还行\"}]"
            "}]}}",
            &err),
        AW_OK);
    assert_int_equal(doc.channel, AW_CHANNEL_APP);
    assert_string_equal(doc.title.ptr, "云宝");
    assert_int_equal(doc.block_count, sizeof blocks / sizeof blocks[0]);
    for (size_t i = 0; i < doc.block_count; i++) {
        assert_int_equal(doc.blocks[i].kind, blocks[i].kind);
        assert_string_equal(doc.blocks[i].text.ptr, blocks[i].text);
    }
    assert_string_equal(doc.parties[0].value.ptr, "样例科技");
    assert_string_equal(doc.links[0].url.ptr, "https://yun.example/c77");
    assert_int_equal(doc.app_count, 1);
    assert_string_equal(doc.apps[0].key.ptr, "yun:c77");
    assert_int_equal(doc.note.len, 0);
}

static void markup_in_a_text_is_undone(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(
        read_mapped("{\"name\":\"/n\",\"description\":\"/d\"}",
                    "{\"n\":\"收益<5%\",\"d\":\"<p>保<b>本</b>&amp;保息</p>"
                    "<p>随存<br/>随取<i style='display:none'>暗</i>\"}",
                    &err),
        AW_OK);
    assert_string_equal(doc.blocks[0].text.ptr, "收益<5%");
    assert_string_equal(doc.blocks[1].text.ptr, "保本&保息\n随存\n随取");
    assert_int_equal(doc.block_count, 2);
}

static void one_app_needs_no_array(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_mapped("{\"store\":\"s\",\"apps\":\"/app\","
                                 "\"name\":\"/n\"}",
                                 "{\"app\":{\"n\":\"甲\"}}", &err),
                     AW_OK);
    assert_string_equal(doc.apps[0].key.ptr, "s:甲");
    assert_int_equal(read_mapped("{\"store\":\"s\",\"apps\":\"\","
                                 "\"name\":\"/n\"}",
                                 "[{\"n\":\"甲\"},{\"n\":\"乙\"}]", &err),
                     AW_OK);
    assert_int_equal(doc.app_count, 2);
}

static void a_mapping_that_finds_nothing_says_so(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_mapped(yun, "{\"data\":{\"items\":[]}}", &err),
                     AW_OK);
    assert_int_equal(doc.block_count, 0);
    assert_non_null(strstr(doc.note.ptr, "mapping"));
}

static void a_page_of_a_source_with_a_mapping_is_a_page(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_mapped(yun, "<p>葱</p>", &err), AW_OK);
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_BODY);
}

static void a_mapping_that_is_none_is_refused(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_mapped("[]", "{}", &err), AW_INVALID);
    assert_int_equal(read_mapped("{\"name\":1}", "{}", &err), AW_INVALID);
    assert_int_equal(read_mapped("x", "{}", &err), AW_INVALID);
}

static void a_mapping_goes_there_and_back(void **state)
{
    struct aw_listing_config config = {.apps = "/l",
                                       .name = "/\"n",
                                       .review = "/t",
                                       .reviews = "/r"};
    struct aw_mapping mapping;
    struct aw_arena arena;
    struct aw_buf json;
    struct aw_err err;

    (void)state;
    aw_arena_init(&arena, 1 << 16);
    aw_buf_init(&json, AW_MAPPING_BYTES_MAX);
    aw_mapping_put(&json, &config, "样例源");
    assert_int_equal(aw_mapping_parse(&mapping, aw_buf_str(&json), &arena,
                                      &err),
                     AW_OK);
    assert_string_equal(mapping.store.ptr, "样例源");
    assert_string_equal(mapping.apps.ptr, "/l");
    assert_string_equal(mapping.review.ptr, "/t");
    assert_false(mapping.has_id);
    assert_int_equal(mapping.rule_count, 2);
    assert_int_equal(mapping.rules[0].what, AW_APP_NAME);
    assert_string_equal(mapping.rules[0].pointer.ptr, "/\"n");
    assert_int_equal(mapping.rules[1].what, AW_MAPPING_REVIEWS);
    aw_buf_deinit(&json);
    aw_arena_deinit(&arena);
}

static void seller_and_artist_are_developers(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing(lookup, &err), AW_OK);
    assert_int_equal(doc.party_count, 2);
    assert_int_equal(doc.parties[0].kind, AW_PARTY_DEVELOPER);
    assert_string_equal(doc.parties[0].value.ptr, "济宁样例科技有限公司");
    assert_int_equal(doc.parties[0].block, 3);
    assert_string_equal(doc.parties[1].value.ptr, "样例团队");
}

static void a_developer_of_many_apps_is_named_once(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing("{\"results\":[{\"sellerName\":\"甲\"},"
                                  "{\"sellerName\":\"甲\"}]}",
                                  &err),
                     AW_OK);
    assert_int_equal(doc.party_count, 1);
}

static void values_of_other_types_are_left_out(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing("{\"results\":[1,null,[],{\"trackName\":5,"
                                  "\"genres\":[7],\"description\":{}}]}",
                                  &err),
                     AW_OK);
    assert_int_equal(doc.block_count, 0);
}

static void only_the_shape_of_a_listing_is_one(void **state)
{
    (void)state;
    assert_true(aw_listing_sniff(aw_str_of(lookup)));
    assert_true(aw_listing_sniff(AW_STR("{\"trackName\":\"x\"}")));
    assert_false(aw_listing_sniff(AW_STR("{\"description\":\"x\"}")));
    assert_false(aw_listing_sniff(AW_STR("{\"results\":5}")));
    assert_false(aw_listing_sniff(AW_STR("[\"results\",[]]")));
    assert_false(aw_listing_sniff(AW_STR("")));
}

static void broken_json_is_an_error(void **state)
{
    struct aw_err err;

    (void)state;
    assert_int_equal(read_listing("{\"results\":[", &err), AW_INVALID);
    assert_non_null(strstr(err.msg, "not JSON"));
}

static void a_listing_of_too_many_values_is_refused_unparsed(void **state)
{
    static char json[2 * AW_LISTING_VALUES_MAX + 64];
    struct aw_err err;

    (void)state;
    memset(json, ',', sizeof json - 1);
    assert_int_equal(read_listing(json, &err), AW_LIMIT);
    assert_non_null(strstr(err.msg, "200000 values"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_is_a_block),
        cmocka_unit_test(links_are_as_those_of_a_page),
        cmocka_unit_test(an_app_is_kept_with_its_fields),
        cmocka_unit_test(a_mapping_finds_the_fields_of_any_store),
        cmocka_unit_test(markup_in_a_text_is_undone),
        cmocka_unit_test(one_app_needs_no_array),
        cmocka_unit_test(a_mapping_that_finds_nothing_says_so),
        cmocka_unit_test(a_page_of_a_source_with_a_mapping_is_a_page),
        cmocka_unit_test(a_mapping_that_is_none_is_refused),
        cmocka_unit_test(a_mapping_goes_there_and_back),
        cmocka_unit_test(seller_and_artist_are_developers),
        cmocka_unit_test(a_developer_of_many_apps_is_named_once),
        cmocka_unit_test(values_of_other_types_are_left_out),
        cmocka_unit_test(only_the_shape_of_a_listing_is_one),
        cmocka_unit_test(broken_json_is_an_error),
        cmocka_unit_test(a_listing_of_too_many_values_is_refused_unparsed),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
