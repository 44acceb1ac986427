#include "tests/base/base_test.h"

#include "base/document.h"

static struct aw_document doc;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    aw_document_init(&doc, AW_CHANNEL_SMS);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_document_deinit(&doc);
    return 0;
}

static void a_new_document_has_its_channel_and_nothing_else(void **s)
{
    (void)s;
    assert_int_equal(doc.channel, AW_CHANNEL_SMS);
    assert_int_equal(doc.block_count + doc.link_count + doc.party_count, 0);
    assert_int_equal(doc.url.len, 0);
}

static void a_place_that_no_image_has_is_not_known(void **s)
{
    struct aw_region region = {-1, 5, -7, 9, 9, 300};

    (void)s;
    assert_int_equal(aw_document_add_region(&doc, AW_STR("a"), region, &err),
                     AW_OK);
    assert_int_equal(doc.blocks[0].kind, AW_BLOCK_OCR);
    assert_int_equal(doc.blocks[0].region.page, 0);
    assert_int_equal(doc.blocks[0].region.w, 0);
    assert_int_equal(doc.blocks[0].region.x, 0);
    assert_int_equal(doc.blocks[0].region.confidence, 100);
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           AW_STR("b"), &err),
                     AW_OK);
    assert_int_equal(doc.blocks[1].region.confidence, -1);
}

static void what_is_added_is_copied_in_order(void **s)
{
    char text[] = "保本";
    struct aw_link link = {{text, 3}, true, AW_LINK_SITEMAP, 7};
    struct aw_party party = {AW_PARTY_ICP, {text, 6}, 7, 9, 12};

    (void)s;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_OCR,
                                               i % 2 ? AW_HIDDEN_CLIP : 0,
                                               aw_str_of(text), &err),
                         AW_OK);
        assert_int_equal(aw_document_add_link(&doc, link, &err), AW_OK);
        assert_int_equal(aw_document_add_party(&doc, party, &err), AW_OK);
    }
    memset(text, 'x', sizeof text);
    assert_int_equal(doc.block_count, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_str(doc.blocks[i].text, "保本");
        assert_int_equal(doc.blocks[i].kind, AW_BLOCK_OCR);
        assert_int_equal(doc.blocks[i].hidden,
                         i % 2 ? AW_HIDDEN_CLIP : AW_HIDDEN_NONE);
        assert_str(doc.links[i].url, "保");
        assert_true(doc.links[i].nofollow);
        assert_int_equal(doc.links[i].kind, AW_LINK_SITEMAP);
        assert_int_equal(doc.links[i].lastmod_ms, 7);
        assert_str(doc.parties[i].value, "保本");
        assert_int_equal(doc.parties[i].kind, AW_PARTY_ICP);
        assert_int_equal(doc.parties[i].block, 7);
        assert_int_equal(doc.parties[i].start, 9);
    }
}

static void an_empty_text_is_no_block(void **s)
{
    (void)s;
    assert_int_equal(aw_document_add_block(&doc, AW_BLOCK_BODY, false,
                                           (struct aw_str){0}, &err),
                     AW_OK);
    assert_int_equal(doc.block_count, 0);
}

static void blocks_links_and_parties_have_limits(void **s)
{
    struct aw_link link = {.url = AW_STR("u")};
    struct aw_party party = {.value = AW_STR("v")};
    aw_rc rc = AW_OK;

    (void)s;
    while ((rc = aw_document_add_block(&doc, AW_BLOCK_BODY, false, AW_STR("b"),
                                       &err)) == AW_OK)
        ;
    assert_int_equal(rc, AW_LIMIT);
    assert_int_equal(doc.block_count, AW_DOCUMENT_BLOCKS_MAX);
    while ((rc = aw_document_add_link(&doc, link, &err)) == AW_OK)
        ;
    assert_int_equal(rc, AW_LIMIT);
    assert_int_equal(doc.link_count, AW_DOCUMENT_LINKS_MAX);
    while ((rc = aw_document_add_party(&doc, party, &err)) == AW_OK)
        ;
    assert_int_equal(rc, AW_LIMIT);
    assert_int_equal(doc.party_count, AW_DOCUMENT_PARTIES_MAX);
    assert_has(err.msg, "2000");
}

/* Adds until the arena is full, then goes on with what may fit: whatever
 * fails, arrays must never be shorter than their cap says. */
static void a_full_arena_fails_and_what_is_there_stays(void **s)
{
    static const char large[3000] = "x";
    struct aw_str texts[] = {{large, sizeof large}, AW_STR("a")};

    (void)s;
    for (size_t max = 1000; max < 40000; max += 16) {
        size_t blocks = 0, links = 0, parties = 0;

        aw_document_deinit(&doc);
        aw_document_init(&doc, AW_CHANNEL_WEB);
        doc.arena.max = max;
        for (size_t i = 0; i < 40; i++) {
            struct aw_str text = texts[i % 8 != 0];
            struct aw_link link = {.url = text};
            struct aw_party party = {.value = text};

            blocks += aw_document_add_block(&doc, AW_BLOCK_BODY, false, text,
                                            &err) == AW_OK;
            links += aw_document_add_link(&doc, link, &err) == AW_OK;
            parties += aw_document_add_party(&doc, party, &err) == AW_OK;
        }
        assert_int_equal(doc.block_count, blocks);
        assert_int_equal(doc.link_count, links);
        assert_int_equal(doc.party_count, parties);
        for (size_t i = 0; i < blocks; i++)
            assert_true(doc.blocks[i].text.len == 1 ||
                        doc.blocks[i].text.len == sizeof large);
        for (size_t i = 0; i < links; i++)
            assert_true(doc.links[i].url.ptr[0]);
        for (size_t i = 0; i < parties; i++)
            assert_true(doc.parties[i].value.ptr[0]);
    }
}

static void every_kind_is_read_by_its_name_and_no_other(void **s)
{
    enum aw_link_kind link = AW_LINK_KIND_COUNT;
    enum aw_sitemap_kind map = AW_SITEMAP_KIND_COUNT;

    (void)s;
    for (int i = 0; i < AW_LINK_KIND_COUNT; i++) {
        const char *name = aw_link_kind_name((enum aw_link_kind)i);

        assert_true(aw_link_kind_parse(aw_str_of(name), &link));
        assert_int_equal(link, i);
    }
    for (int i = 0; i < AW_SITEMAP_KIND_COUNT; i++) {
        const char *name = aw_sitemap_kind_name((enum aw_sitemap_kind)i);

        assert_true(aw_sitemap_kind_parse(aw_str_of(name), &map));
        assert_int_equal(map, i);
    }
    assert_false(aw_link_kind_parse(AW_STR("links"), &link));
    assert_false(aw_link_kind_parse(AW_STR(""), &link));
    assert_false(aw_sitemap_kind_parse(AW_STR("url"), &map));
}

static void every_channel_is_read_by_its_name_and_no_other(void **s)
{
    enum aw_channel channel = AW_CHANNEL_COUNT;

    (void)s;
    for (int i = 0; i < AW_CHANNEL_COUNT; i++) {
        const char *name = aw_channel_name((enum aw_channel)i);

        assert_true(aw_channel_parse(aw_str_of(name), &channel));
        assert_int_equal(channel, i);
    }
    assert_string_equal(aw_channel_name(AW_CHANNEL_SEMINAR), "seminar");
    channel = AW_CHANNEL_APP;
    assert_false(aw_channel_parse(AW_STR("Web"), &channel));
    assert_false(aw_channel_parse(AW_STR("we"), &channel));
    assert_false(aw_channel_parse(AW_STR(""), &channel));
    assert_int_equal(channel, AW_CHANNEL_APP);
}

static void kinds_have_the_names_of_the_contract(void **s)
{
    (void)s;
    assert_string_equal(aw_block_kind_name(AW_BLOCK_JSONLD), "json-ld");
    assert_string_equal(aw_block_kind_name(AW_BLOCK_MESSAGE), "message");
    assert_string_equal(aw_party_kind_name(AW_PARTY_NAME), "names");
    assert_string_equal(aw_party_kind_name(AW_PARTY_DEVELOPER), "developers");
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(a_new_document_has_its_channel_and_nothing_else),
        UNIT(what_is_added_is_copied_in_order),
        UNIT(a_place_that_no_image_has_is_not_known),
        UNIT(an_empty_text_is_no_block),
        UNIT(blocks_links_and_parties_have_limits),
        UNIT(a_full_arena_fails_and_what_is_there_stays),
        UNIT(every_kind_is_read_by_its_name_and_no_other),
        UNIT(every_channel_is_read_by_its_name_and_no_other),
        UNIT(kinds_have_the_names_of_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
