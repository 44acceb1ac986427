/* Our tokenizer held against libxml2: on pages as people write them both see
 * the same text. (On hostile pages libxml2 is no measure: decision 0001.)
 */
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/utf8.h"
#include "extract/extract.h"
#include "tests/base/base_test.h"

#define PAGES "tests/sites/www"
#define TEXT_MAX ((size_t)16 << 20)

/* Text without any white space: how it is folded is each parser's own. */
static void squeeze(struct aw_buf *out, struct aw_str text)
{
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        if (cp > ' ' && cp != 0xA0 && cp != 0x3000)
            aw_utf8_put(out, cp);
    }
}

static bool is_text_of(const xmlNode *node)
{
    static const char *const others[] = {"script", "style"};

    if (node->type != XML_TEXT_NODE)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (xmlStrEqual(node->parent->name, (const xmlChar *)others[i]))
            return false;
    return true;
}

struct oracle {
    struct aw_buf ours;
    size_t pages, texts;
};

/* Each text of the tree must stand in ours. */
static void compare(struct oracle *o, const xmlNode *node, const char *path)
{
    for (; node; node = node->next) {
        struct aw_buf text;

        aw_buf_init(&text, TEXT_MAX);
        if (is_text_of(node))
            squeeze(&text, aw_str_of((const char *)node->content));
        if (text.len > 0 &&
            aw_str_find(aw_buf_str(&o->ours), aw_buf_str(&text)) < 0)
            fail_msg("%s: '%s' is lost", path, text.ptr);
        o->texts += text.len > 0;
        aw_buf_deinit(&text);
        compare(o, node->children, path);
    }
}

static void read_ours(struct oracle *o, struct aw_str bytes)
{
    struct aw_extract_input input = {.content_type =
                                         AW_STR("text/html; charset=utf-8"),
                                     .channel = AW_CHANNEL_WEB,
                                     .bytes = bytes};
    struct aw_document doc;
    struct aw_err err;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    assert_int_equal(aw_extract(&input, &doc, &err), AW_OK);
    aw_buf_reset(&o->ours);
    for (size_t i = 0; i < doc.block_count; i++)
        squeeze(&o->ours, doc.blocks[i].text);
    aw_document_deinit(&doc);
}

static aw_rc hold_page(void *self, const char *path, struct aw_err *err)
{
    struct oracle *o = self;
    struct aw_buf bytes;
    htmlDocPtr tree;
    aw_rc rc;

    aw_buf_init(&bytes, TEXT_MAX);
    rc = aw_file_read(path, &bytes, err);
    assert_int_equal(rc, AW_OK);
    read_ours(o, aw_buf_str(&bytes));
    tree = htmlReadMemory(bytes.ptr, (int)bytes.len, NULL, "UTF-8",
                          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                              HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC |
                              HTML_PARSE_NONET);
    assert_non_null(tree);
    compare(o, xmlDocGetRootElement(tree), path);
    xmlFreeDoc(tree);
    aw_buf_deinit(&bytes);
    o->pages++;
    return rc;
}

static void test_no_text_that_libxml2_sees_is_lost(void **state)
{
    struct oracle o = {0};
    struct aw_err err;

    (void)state;
    aw_buf_init(&o.ours, TEXT_MAX);
    assert_int_equal(aw_dir_walk(PAGES, ".html", hold_page, &o, &err), AW_OK);
    assert_true(o.pages > 80);
    assert_true(o.texts > 1000);
    aw_buf_deinit(&o.ours);
    xmlCleanupParser();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_text_that_libxml2_sees_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
