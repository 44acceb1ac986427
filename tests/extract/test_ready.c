#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "extract/extract.h"
#include "extract/ready.h"

static struct aw_document doc;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_document_deinit(&doc);
    return 0;
}

static void regions_are_taken_as_they_are(void **s)
{
    struct aw_extract_input input = {
        .channel = AW_CHANNEL_POSTER,
        .content_type = AW_STR("application/json"),
        .bytes = AW_STR(" {\"regions\":[{\"text\":\"保木 保息\\n月月到账\","
                        "\"box\":[10,20,300,80],\"confidence\":71.6},"
                        "{\"text\":\"第二页\",\"page\":2,\"from\":\"x\"}]}")};

    (void)s;
    assert_int_equal(aw_extract_sniff(&input), AW_EXTRACT_READY);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_OK);
    assert_int_equal(doc.block_count, 2);
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_OCR);
    assert_true(aw_str_eq(doc.blocks[0].text, AW_STR("保木 保息\n月月到账")));
    assert_int_equal(doc.blocks[0].region.x, 10);
    assert_int_equal(doc.blocks[0].region.h, 80);
    assert_int_equal(doc.blocks[0].region.confidence, 72);
    assert_int_equal(doc.blocks[1].region.page, 2);
    assert_int_equal(doc.blocks[1].region.w, 0);
    assert_int_equal(doc.blocks[1].region.confidence, -1);
    assert_int_equal(doc.text_digest.len, AW_DOCUMENT_DIGEST_LEN);
}

static void numbers_that_are_none_are_not_known(void **s)
{
    static const char *const places[] = {
        "\"box\":[1,2,3]",         "\"box\":[1,2,3,\"4\"]",
        "\"box\":[-1,2,3,4]",      "\"box\":[1,2,1e99,4]",
        "\"box\":\"1,2,3,4\"",     "\"confidence\":101",
        "\"confidence\":\"high\"", "\"page\":0",
    };

    (void)s;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char json[200];

        (void)snprintf(json, sizeof json,
                       "{\"regions\":[{\"text\":\"a\",%s}]}", places[i]);
        aw_document_deinit(&doc);
        aw_document_init(&doc, AW_CHANNEL_POSTER);
        assert_int_equal(aw_ready_read(aw_str_of(json), &doc, &err), AW_OK);
        assert_int_equal(doc.blocks[0].region.w, 0);
        assert_int_equal(doc.blocks[0].region.x, 0);
        assert_int_equal(doc.blocks[0].region.page, 0);
        assert_int_equal(doc.blocks[0].region.confidence, -1);
    }
}

static void another_shape_is_an_error(void **s)
{
    static const struct aw_str cases[] = {
        AW_STR("{\"regions\":[{\"box\":[1,2,3,4]}]}"),
        AW_STR("{\"regions\":[7]}"),
        AW_STR("{\"regions\":{}}"),
        AW_STR("{\"regions\":["),
        AW_STR("{\"regions\":[{\"text\":\"\\ud800\"}]}"),
    };

    (void)s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(aw_ready_read(cases[i], &doc, &err), AW_INVALID);
}

static void other_json_is_none(void **s)
{
    (void)s;
    assert_true(aw_ready_sniff(AW_STR("{ \"regions\" : []}")));
    assert_false(aw_ready_sniff(AW_STR("{\"results\":[]}")));
    assert_false(aw_ready_sniff(AW_STR("{\"regions2\":[]}")));
    assert_false(aw_ready_sniff(AW_STR("[\"regions\"]")));
    assert_false(aw_ready_sniff(AW_STR("")));
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(regions_are_taken_as_they_are),
        UNIT(numbers_that_are_none_are_not_known),
        UNIT(another_shape_is_an_error),
        UNIT(other_json_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
