#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/document_json.h"

static struct aw_document doc;
static struct aw_buf out;
static struct aw_err err;

static int setup(void **state)
{
    (void)state;
    aw_document_init(&doc, AW_CHANNEL_SMS);
    aw_buf_init(&out, 1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    aw_document_deinit(&doc);
    aw_buf_deinit(&out);
    return 0;
}

static const char *to_json(void)
{
    assert_int_equal(aw_document_json(&doc, &out, &err), AW_OK);
    return out.ptr;
}

static void an_empty_document_has_every_key(void **state)
{
    (void)state;
    assert_string_equal(
        to_json(),
        "{\"url\":\"\",\"charset\":\"\",\"charset_why\":\"\",\"title\":\"\","
        "\"channel\":\"sms\",\"canonical\":\"\",\"sitemap\":\"\","
        "\"text_digest\":\"\",\"blocks\":[],\"links\":[],"
        "\"link_details\":[],\"parties\":{"
        "\"names\":[],\"uscc\":[],\"icp\":[],\"psb\":[],\"phones\":[],"
        "\"wechat\":[],\"qq\":[],\"developers\":[],\"addresses\":[],"
        "\"domains\":[],\"places\":[]},"
        "\"apps\":[]}");
}

static void a_link_tells_its_kind_and_what_is_known_of_it(void **state)
{
    struct aw_link frame = {AW_STR("http://a.example/f"), true,
                            AW_LINK_EMBEDDED, 0};
    struct aw_link entry = {AW_STR("http://a.example/e"), false,
                            AW_LINK_SITEMAP, 1795392000000};

    (void)state;
    doc.canonical = AW_STR("http://a.example/c");
    doc.sitemap = AW_SITEMAP_URLSET;
    doc.text_digest = AW_STR("00ff");
    assert_int_equal(aw_document_add_link(&doc, frame, &err), AW_OK);
    assert_int_equal(aw_document_add_link(&doc, entry, &err), AW_OK);
    assert_non_null(
        strstr(to_json(),
               "\"canonical\":\"http://a.example/c\",\"sitemap\":\"urlset\","
               "\"text_digest\":\"00ff\",\"blocks\":[],"
               "\"links\":[\"http://a.example/f\",\"http://a.example/e\"],"
               "\"link_details\":[{\"url\":\"http://a.example/f\","
               "\"kind\":\"embedded\",\"nofollow\":true,\"embedded\":true},"
               "{\"url\":\"http://a.example/e\",\"kind\":\"sitemap\","
               "\"lastmod\":\"2026-11-23T00:00:00Z\"}]"));
}

static void what_was_read_from_an_image_has_its_place(void **state)
{
    struct aw_region whole = {2, 10, 20, 300, 40, 91};
    struct aw_region bare = {.confidence = -1};

    (void)state;
    assert_int_equal(aw_document_add_region(&doc, AW_STR("a"), whole, &err),
                     AW_OK);
    assert_int_equal(aw_document_add_region(&doc, AW_STR("b"), bare, &err),
                     AW_OK);
    assert_non_null(
        strstr(to_json(),
               "\"blocks\":[{\"kind\":\"ocr\",\"text\":\"a\","
               "\"hidden\":false,\"page\":2,\"box\":[10,20,300,40],"
               "\"confidence\":91},{\"kind\":\"ocr\",\"text\":\"b\","
               "\"hidden\":false}]"));
}

static void what_is_in_the_document_is_in_the_line(void **state)
{
    struct aw_link link = {.url = AW_STR("http://a.example/")};
    struct aw_party party = {.kind = AW_PARTY_QQ, .value = AW_STR("12345")};
    cJSON *root;

    (void)state;
    doc.title = aw_str_sub(AW_STR("大葱铺"), 0, 6); /* no NUL at its end */
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_MESSAGE,
                                           AW_HIDDEN_OFFSCREEN,
                                           AW_STR("一\n二\t\"\\\x7f\x01"),
                                           &err),
                     AW_OK);
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
    assert_int_equal(aw_document_add_party(&doc, party, &err), AW_OK);
    root = cJSON_Parse(to_json());
    assert_non_null(root);
    assert_string_equal(cJSON_GetObjectItem(root, "title")->valuestring,
                        "大葱");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "links")),
                     2);
    assert_string_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(root, "blocks")->child, "text")
            ->valuestring,
        "一\n二\t\"\\\x7f\x01");
    assert_true(cJSON_IsTrue(
        cJSON_GetObjectItem(cJSON_GetObjectItem(root, "blocks")->child,
                            "hidden")));
    assert_string_equal(
        cJSON_GetObjectItem(cJSON_GetObjectItem(root, "parties"), "qq")
            ->child->valuestring,
        "12345");
    cJSON_Delete(root);
}

static void a_block_tells_why_it_is_hidden_and_its_font(void **state)
{
    static const char *const why[] = {"",        "element",    "attribute",
                                      "display", "visibility", "opacity",
                                      "size",    "colour",     "off-screen",
                                      "clip"};

    (void)state;
    assert_int_equal(AW_HIDDEN_COUNT, sizeof why / sizeof why[0]);
    for (int i = 0; i < AW_HIDDEN_COUNT; i++) {
        assert_string_equal(aw_hidden_name((enum aw_hidden)i), why[i]);
        assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY,
                                               (enum aw_hidden)i, AW_STR("a"),
                                               &err),
                         AW_OK);
    }
    doc.blocks[0].font_px = 12;
    doc.blocks[0].frame = AW_STR("http://b.example/");
    to_json();
    assert_non_null(strstr(out.ptr, "\"blocks\":[{\"kind\":\"body\",\"text\":"
                                    "\"a\",\"hidden\":false,\"font_px\":12,"
                                    "\"frame\":\"http://b.example/\"},"
                                    "{\"kind\":\"body\",\"text\":\"a\","
                                    "\"hidden\":true,\"hidden_why\":"
                                    "\"element\"},"));
}

static void it_is_one_line(void **state)
{
    (void)state;
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_MESSAGE, false,
                                           AW_STR("a\nb\r\nc"), &err),
                     AW_OK);
    assert_null(strchr(to_json(), '\n'));
}

static void a_buffer_that_is_too_small_is_a_limit(void **state)
{
    struct aw_buf small;

    (void)state;
    aw_buf_init(&small, 20);
    assert_int_equal(aw_document_json(&doc, &small, &err), AW_LIMIT);
    aw_buf_deinit(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_document_has_every_key, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_link_tells_its_kind_and_what_is_known_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_was_read_from_an_image_has_its_place, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_in_the_document_is_in_the_line,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_block_tells_why_it_is_hidden_and_its_font, setup, teardown),
        cmocka_unit_test_setup_teardown(it_is_one_line, setup, teardown),
        cmocka_unit_test_setup_teardown(a_buffer_that_is_too_small_is_a_limit,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
