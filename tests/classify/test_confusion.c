#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "classify/confusion.h"
#include "classify/text.h"

static struct aw_text text;
static struct aw_document doc;
static struct aw_err err;

static int set_up(void **s)
{
    (void)s;
    aw_text_init(&text);
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    return 0;
}

static int tear_down(void **s)
{
    (void)s;
    aw_text_deinit(&text);
    aw_document_deinit(&doc);
    return 0;
}

/* The plain view of one block of that kind. */
static struct aw_str read_as(enum aw_block_kind kind, const char *one)
{
    aw_document_deinit(&doc);
    aw_document_init(&doc, AW_CHANNEL_POSTER);
    assert_int_equal(aw_document_add_block(&doc, kind, false, aw_str_of(one),
                                           &err),
                     AW_OK);
    assert_int_equal(aw_text_read(&text, &doc, &err), AW_OK);
    return aw_normal_str(&text.view[AW_VIEW_PLAIN],
                         text.blocks[0].place[AW_VIEW_PLAIN]);
}

static void assert_view(const char *read, const char *want)
{
    struct aw_str view = read_as(AW_BLOCK_OCR, read);

    if (!aw_str_eq(view, aw_str_of(want)))
        fail_msg("'%s' became '%.*s', not '%s'", read, AW_STR_ARG(view), want);
}

static void what_looks_like_a_claim_word_becomes_it(void **s)
{
    (void)s;
    assert_view("入社保木保恩", "入社保本保息");
    assert_view("零凤险 稳嫌不赔", "零风险 稳赚不赔");
    assert_view("国定返利", "固定返利");
    assert_view("亏损由公司镶底", "亏损由公司兜底");
    assert_view("木金 安 全", "本金 安 全");
    assert_view("期着赚钱", "躺着赚钱");
}

static void what_is_right_or_too_far_off_stays(void **s)
{
    static const char *const stay[] = {
        "保本保息",         "木金属制品", "国定假日放假", "把风险降至最低",
        "三十天风险提示期", "促进收益",   "保险公司",     "国四目扳",
        "保\n\n\n木",       "总分总",     "环保木材",     "担保未到期",
        "确保本未倒置",     "促本地就业", "系本金",       "附近利民超市",
        "但本金",           "到期免付",   "不保木马",     "乡镇底子薄",
    };

    (void)s;
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++)
        assert_view(stay[i], stay[i]);
}

static void text_that_was_typed_stays(void **s)
{
    struct aw_str view = read_as(AW_BLOCK_BODY, "国定返利");

    (void)s;
    assert_true(aw_str_eq(view, AW_STR("国定返利")));
    assert_int_equal(text.view[AW_VIEW_PLAIN].mend_count, 0);
}

static void what_was_mended_is_known_by_its_place(void **s)
{
    (void)s;
    (void)read_as(AW_BLOCK_OCR, "保木 保 恩 国定返利 稳赚");
    assert_true(aw_text_is_mended(&text, 0, (struct aw_range){0, 2}));
    assert_true(aw_text_is_mended(&text, 0, (struct aw_range){5, 6}));
    assert_true(aw_text_is_mended(&text, 0, (struct aw_range){7, 11}));
    assert_false(aw_text_is_mended(&text, 0, (struct aw_range){12, 14}));
}

static void the_original_and_its_places_stay(void **s)
{
    struct aw_range place, origin;

    (void)s;
    (void)read_as(AW_BLOCK_OCR, "每月 国 定返利");
    assert_true(aw_text_is_mended(&text, 0, (struct aw_range){3, 8}));
    assert_true(aw_str_eq(doc.blocks[0].text, AW_STR("每月 国 定返利")));
    place = text.blocks[0].place[AW_VIEW_PLAIN];
    place.start += sizeof "每月 " - 1;
    origin = aw_normal_origin(&text.view[AW_VIEW_PLAIN], place);
    assert_int_equal(origin.start, 3);
    assert_int_equal(origin.end, 8);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(what_looks_like_a_claim_word_becomes_it),
        UNIT(what_is_right_or_too_far_off_stays),
        UNIT(text_that_was_typed_stays),
        UNIT(what_was_mended_is_known_by_its_place),
        UNIT(the_original_and_its_places_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
