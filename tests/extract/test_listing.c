#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
    return aw_listing_read(aw_str_of(json), &doc, err);
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
                                  "\"genres\":\"x\",\"description\":{}}]}",
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
        cmocka_unit_test(seller_and_artist_are_developers),
        cmocka_unit_test(a_developer_of_many_apps_is_named_once),
        cmocka_unit_test(values_of_other_types_are_left_out),
        cmocka_unit_test(only_the_shape_of_a_listing_is_one),
        cmocka_unit_test(broken_json_is_an_error),
        cmocka_unit_test(a_listing_of_too_many_values_is_refused_unparsed),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
