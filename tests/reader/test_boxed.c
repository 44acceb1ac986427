#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "reader/boxed.h"

/* 64 x 64 white pixels. */
#define PICTURE "tests/reader/white-64.png"

struct drawn {
    struct aw_buf png, out;
    struct aw_err err;
};

static aw_rc draw(struct drawn *d, const struct aw_boxes_item *items,
                  size_t count)
{
    aw_buf_init(&d->png, (size_t)1 << 20);
    aw_buf_init(&d->out, (size_t)1 << 20);
    assert_int_equal(aw_file_read(PICTURE, &d->png, &d->err), AW_OK);
    return aw_boxed(aw_buf_str(&d->png), items, count, true, &d->out, &d->err);
}

static void end(struct drawn *d)
{
    aw_buf_deinit(&d->png);
    aw_buf_deinit(&d->out);
}

static void a_box_changes_the_copy_and_not_its_size(void **state)
{
    const struct aw_boxes_item one = {1, 10, 30, 20, 10};
    struct drawn none;
    struct drawn boxed;

    (void)state;
    assert_int_equal(draw(&none, NULL, 0), AW_OK);
    assert_int_equal(draw(&boxed, &one, 1), AW_OK);
    assert_memory_equal(none.out.ptr, "\x89PNG\r\n\x1A\n", 8);
    assert_memory_equal(none.out.ptr + 16, boxed.out.ptr + 16, 8);
    assert_false(aw_str_eq(aw_buf_str(&none.out), aw_buf_str(&boxed.out)));
    end(&none);
    end(&boxed);
}

static void the_same_boxes_give_the_same_bytes(void **state)
{
    const struct aw_boxes_item two[] = {{1, 1, 1, 20, 10}, {12, 5, 40, 9, 9}};
    struct drawn a;
    struct drawn b;

    (void)state;
    assert_int_equal(draw(&a, two, 2), AW_OK);
    assert_int_equal(draw(&b, two, 2), AW_OK);
    assert_true(aw_str_eq(aw_buf_str(&a.out), aw_buf_str(&b.out)));
    end(&a);
    end(&b);
}

static void boxes_that_lie_outside_do_no_harm(void **state)
{
    const struct aw_boxes_item wild[] = {{1, -1000, -1000, 10, 10},
                                         {2, 1000000, 1000000, INT32_MAX,
                                          INT32_MAX},
                                         {99999, -5, -5, INT32_MAX, 3},
                                         {4, 63, 63, 1, 1},
                                         {5, 10, 10, -7, -7}};
    struct drawn d;

    (void)state;
    assert_int_equal(draw(&d, wild, 5), AW_OK);
    end(&d);
}

static void what_is_no_png_is_refused_with_the_reason(void **state)
{
    struct aw_buf out;
    struct aw_err err = {0};

    (void)state;
    aw_buf_init(&out, 1024);
    assert_int_equal(aw_boxed(AW_STR("GIF89a and so on and so on ..."), NULL,
                              0, true, &out, &err),
                     AW_READER);
    assert_non_null(strstr(err.msg, "no PNG"));
    aw_buf_deinit(&out);
}

/* A header that promises more pixels than there is memory for. */
static void a_picture_of_too_many_pixels_is_refused(void **state)
{
    struct drawn d;
    struct aw_err err = {0};

    (void)state;
    assert_int_equal(draw(&d, NULL, 0), AW_OK);
    memcpy(d.png.ptr + 16, "\x00\x01\x00\x00\x00\x01\x00\x00", 8);
    assert_int_equal(aw_boxed(aw_buf_str(&d.png), NULL, 0, true, &d.out, &err),
                     AW_READER);
    assert_non_null(strstr(err.msg, "too large"));
    end(&d);
}

static void a_picture_that_is_cut_off_is_refused(void **state)
{
    struct drawn d;
    struct aw_err err = {0};

    (void)state;
    assert_int_equal(draw(&d, NULL, 0), AW_OK);
    assert_int_equal(aw_boxed(aw_str_sub(aw_buf_str(&d.png), 0, 40), NULL, 0,
                              true, &d.out, &err),
                     AW_READER);
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_changes_the_copy_and_not_its_size),
        cmocka_unit_test(the_same_boxes_give_the_same_bytes),
        cmocka_unit_test(boxes_that_lie_outside_do_no_harm),
        cmocka_unit_test(what_is_no_png_is_refused_with_the_reason),
        cmocka_unit_test(a_picture_of_too_many_pixels_is_refused),
        cmocka_unit_test(a_picture_that_is_cut_off_is_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
