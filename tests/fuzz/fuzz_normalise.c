/* A text, blocks by blank lines, in both views; one block in two as if it was
 * read from an image. */
#include <string.h>

#include "base/utf8.h"
#include "classify/text.h"
#include "tests/fuzz/hold.h"

#define BLOCKS_MAX 16

/* Each byte leads to a code point of its block, never backwards. */
static void hold_map(const struct aw_normal *view, struct aw_range place,
                     size_t code_points)
{
    HOLD(place.start <= place.end && place.end < view->len);
    HOLD(view->text[place.end] == '\n');
    for (size_t i = place.start; i < place.end; i++) {
        HOLD(view->map[i] < code_points);
        HOLD(i == place.start || view->map[i] >= view->map[i - 1]);
    }
}

/* From any character to the original's words and back again. */
static void hold_ways(const struct aw_normal *view, struct aw_range place,
                      struct aw_str original, size_t code_points)
{
    struct aw_str text = aw_normal_str(view, place);
    size_t pos = 0;

    while (pos < text.len) {
        struct aw_range at = {place.start + pos, 0}, origin, back;
        size_t from, to;

        (void)aw_utf8_next(text, &pos);
        at.end = place.start + pos;
        origin = aw_normal_origin(view, at);
        HOLD(origin.start < origin.end && origin.end <= code_points);
        back = aw_normal_place(view, place, origin);
        HOLD(back.start <= at.start && back.end >= at.end);
        HOLD(aw_utf8_valid(aw_normal_str(view, back)));
        from = aw_utf8_offset(original, origin.start);
        to = aw_utf8_offset(original, origin.end);
        HOLD(from < to && to <= original.len);
    }
}

static void hold_view(const struct aw_text *text, enum aw_view view,
                      size_t number, struct aw_str original)
{
    const struct aw_normal *normal = &text->view[view];
    struct aw_range place = text->blocks[number].place[view];
    size_t code_points = aw_utf8_count(original);

    hold_map(normal, place, code_points);
    HOLD(aw_utf8_valid(aw_normal_str(normal, place)));
    hold_ways(normal, place, original, code_points);
}

/* Where nothing was put right, the hard view has less than the plain one. */
static void hold_views(const struct aw_text *text, size_t number)
{
    struct aw_text_block block = text->blocks[number];
    struct aw_range all = {0, SIZE_MAX};
    size_t plain = block.place[0].end - block.place[0].start;
    size_t hard = block.place[1].end - block.place[1].start;

    if (!aw_text_is_unmasked(text, number, all))
        HOLD(hard <= plain);
    if (!text->differ)
        HOLD(hard == plain);
}

static void put_blocks(struct aw_document *doc, struct aw_str bytes)
{
    struct aw_err err;

    for (size_t i = 0; i < BLOCKS_MAX && bytes.len > 0; i++) {
        ptrdiff_t end = aw_str_find(bytes, AW_STR("\n\n"));
        size_t len = end < 0 ? bytes.len : (size_t)end;

        if (aw_document_add_block(doc, i % 2 ? AW_BLOCK_OCR : AW_BLOCK_BODY,
                                  false, (struct aw_str){bytes.ptr, len},
                                  &err) != AW_OK)
            return;
        len = end < 0 ? len : len + 2;
        bytes.ptr += len;
        bytes.len -= len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct aw_text text; /* used again and again, as a run does */
    struct aw_document doc;
    struct aw_err err;

    aw_document_init(&doc, AW_CHANNEL_WEB);
    put_blocks(&doc, (struct aw_str){(const char *)data, size});
    HOLD(aw_text_read(&text, &doc, &err) == AW_OK);
    HOLD(text.count == doc.block_count);
    for (size_t i = 0; i < text.count; i++) {
        for (int view = 0; view < 2; view++)
            hold_view(&text, (enum aw_view)view, i, doc.blocks[i].text);
        hold_views(&text, i);
    }
    HOLD(text.view[AW_VIEW_PLAIN].letter_count <= AW_NORMAL_LETTERS_MAX);
    aw_document_deinit(&doc);
    return 0;
}
