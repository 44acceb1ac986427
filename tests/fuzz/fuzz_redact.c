/* A letter for the form (t text, h HTML, j JSON), then a text. */
#include "base/utf8.h"
#include "evidence/redact.h"
#include "tests/fuzz/hold.h"

#define ARENA_MAX ((size_t)64 << 20)

/* What is told to be taken is a mark at each end. */
static void hold_places(const struct aw_redact_places *places,
                        struct aw_str out)
{
    const struct aw_str mark = AW_STR(AW_REDACT_MARK);

    for (size_t i = 0; i < places->count; i++) {
        const struct aw_redact_place *place = &places->items[i];
        size_t first = aw_utf8_offset(out, place->start);
        size_t last = aw_utf8_offset(out, place->end - 1);

        HOLD(place->start < place->end);
        HOLD(aw_str_starts(aw_str_sub(out, first, out.len), mark));
        HOLD(aw_str_starts(aw_str_sub(out, last, out.len), mark));
        HOLD(i == 0 || places->items[i - 1].start <= place->start);
    }
}

static void hold_redacted(struct aw_redact *redact, struct aw_str text,
                          enum aw_redact_form form, struct aw_arena *arena)
{
    struct aw_redact_places places = {.arena = arena};
    struct aw_buf out;
    struct aw_err err;

    aw_buf_init(&out, 8 * text.len + 64);
    if (aw_redact_text(redact, text, form, &out, &places, &err) == AW_OK &&
        form != AW_REDACT_JSON) {
        HOLD(aw_utf8_count(text) == aw_utf8_count(aw_buf_str(&out)));
        HOLD(places.count > 0 || aw_str_eq(text, aw_buf_str(&out)));
        hold_places(&places, aw_buf_str(&out));
    }
    aw_buf_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str text = {(const char *)data + 1, size > 0 ? size - 1 : 0};
    struct aw_redact *redact = NULL;
    enum aw_redact_form form;
    struct aw_arena arena;
    struct aw_err err;

    if (size == 0)
        return 0;
    form = data[0] == 'j'   ? AW_REDACT_JSON
           : data[0] == 'h' ? AW_REDACT_HTML
                            : AW_REDACT_TEXT;
    aw_arena_init(&arena, ARENA_MAX);
    HOLD(aw_redact_new(&redact, &err) == AW_OK);
    if (aw_redact_learn(redact, text, form, &err) == AW_OK)
        hold_redacted(redact, text, form, &arena);
    aw_redact_free(redact);
    aw_arena_deinit(&arena);
    return 0;
}
