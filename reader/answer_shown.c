#include "reader/answer_shown.h"

#include "base/utf8.h"
#include "classify/seen.h"

/* How many blocks are told, and how many bytes are left for the last. */
struct told {
    size_t count, left;
    bool cut;
};

static struct told tell_blocks(const struct aw_document *doc)
{
    struct told told = {.left = AW_ANSWER_SHOWN_MAX};

    for (; told.count < doc->block_count; told.count++) {
        size_t len = doc->blocks[told.count].text.len;

        if (len > told.left) {
            told.cut = true;
            break;
        }
        told.left -= len;
    }
    return told;
}

static void put_seen(struct aw_buf *out, struct aw_text *scratch,
                     struct aw_str text)
{
    struct aw_buf seen;
    struct aw_err err;

    aw_buf_init(&seen, AW_ANSWER_SHOWN_MAX);
    if (aw_seen(scratch, text, &seen, &err) == AW_NOMEM)
        out->rc = AW_NOMEM;
    aw_wire_put_text(out, seen.rc == AW_OK ? aw_buf_str(&seen) : AW_STR(""));
    aw_buf_deinit(&seen);
}

/* Of the block that is too long the beginning is told. */
static void put_texts(struct aw_buf *out, const struct aw_document *doc)
{
    struct told told = tell_blocks(doc);
    struct aw_text scratch;

    aw_text_init(&scratch);
    aw_wire_put_number(out, told.cut);
    aw_wire_put_number(out, told.count + told.cut);
    for (size_t i = 0; i < told.count + told.cut; i++) {
        const struct aw_block *block = &doc->blocks[i];
        struct aw_str text =
            i < told.count ? block->text : aw_utf8_cut(block->text, told.left);

        aw_wire_put_number(out, (uint64_t)block->kind);
        aw_wire_put_number(out, (uint64_t)block->hidden);
        aw_wire_put_text(out, text);
        put_seen(out, &scratch, text);
    }
    aw_text_deinit(&scratch);
}

void aw_answer_shown_put(struct aw_buf *out, const struct aw_document *doc,
                         struct aw_str source)
{
    static const struct aw_document none;

    put_texts(out, doc ? doc : &none);
    aw_wire_put_text(out, source);
}

void aw_answer_shown_get(struct aw_wire *wire, struct aw_answer *answer)
{
    answer->texts_cut = aw_wire_flag(wire, "texts_cut");
    answer->texts = aw_wire_list(wire, "texts", AW_DOCUMENT_BLOCKS_MAX,
                                 sizeof *answer->texts, &answer->text_count);
    for (size_t i = 0; i < answer->text_count && wire->rc == AW_OK; i++) {
        struct aw_answer_block *block = &answer->texts[i];

        block->kind = aw_str_of(aw_block_kind_name(
            (enum aw_block_kind)aw_wire_number(wire, "kind of a text",
                                               AW_BLOCK_KIND_COUNT - 1)));
        block->hidden = aw_str_of(aw_hidden_name(
            (enum aw_hidden)aw_wire_number(wire, "why a text is hidden",
                                           AW_HIDDEN_COUNT - 1)));
        block->text = aw_wire_text(wire, "text", AW_ANSWER_SHOWN_MAX);
        block->seen = aw_wire_text(wire, "text as seen", AW_ANSWER_SHOWN_MAX);
    }
    answer->source = aw_wire_text(wire, "source", AW_SHOW_BYTES_MAX);
}
