#include "tests/base/base_test.h"

#include "tests/alloc_fail.h"

#include "extract/extract.h"

static struct aw_err err;

static const char page[] =
    "<meta charset=gbk><base href='/b/'><link rel=canonical href='c?d'>"
    "<a href='?q=\xB1\xA3'>\xB1\xA3\xB1\xBE</a><img srcset='e 1x, f 2x'>"
    "<p onclick=\"location='/g'\">www.h.example</p>";
static const char map[] =
    "<urlset><url><loc>http://a.example/1?a&b</loc><xhtml:link "
    "rel='alternate' href='/2?a&amp;b'/><lastmod>2026-01-01</lastmod></url>"
    "<url><loc><![CDATA[http://a.example/3]]></loc></url></urlset>";

/* The document is whole, or the failure is told. */
static void read_bytes(struct aw_str bytes, size_t links)
{
    struct aw_extract_input input = {.url = AW_STR("http://a.example/"),
                                     .content_type = AW_STR("text/html"),
                                     .bytes = bytes};
    struct aw_document doc;
    aw_rc rc;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    rc = aw_extract(&input, &doc, &err);
    alloc_fail_stop();
    assert_true(rc == AW_OK || (rc == AW_NOMEM && alloc_failed));
    if (rc == AW_OK)
        assert_int_equal(doc.link_count, links);
    aw_document_deinit(&doc);
}

static void read_page(void)
{
    read_bytes(AW_STR(page), 5);
}

static void read_map(void)
{
    read_bytes(AW_STR(map), 3);
}

static void a_page_is_read_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(read_page);
}

static void a_sitemap_is_read_whole_or_not_at_all(void **s)
{
    (void)s;
    alloc_fail_each(read_map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_read_whole_or_not_at_all),
        cmocka_unit_test(a_sitemap_is_read_whole_or_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
