/* What a reader process writes: the head of an answer, of its first frame, or
 * whole frames. */
#include "reader/protocol.h"
#include "tests/fuzz/hold.h"

#define ARENA_MAX ((size_t)64 << 20)

static void hold_ended(struct aw_str text, size_t most)
{
    hold_text(text, most);
    HOLD(text.len == 0 || text.ptr[text.len] == '\0');
}

static void hold_claim(const struct aw_answer_claim *c)
{
    const struct aw_str texts[] = {
        c->class, c->quote,        c->before, c->after, c->rule,
        c->code,  c->rule_version, c->law,    c->why,   c->exempt_by,
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        hold_text(texts[i], AW_FRAME_HEAD_MAX);
    HOLD(c->class.len > 0 && c->start >= 0 && c->start <= c->end);
    HOLD(c->block >= 0 && c->block <= AW_DOCUMENT_BLOCKS_MAX);
    HOLD(c->score >= 0 && c->score <= 1);
}

static void hold_read(const struct aw_answer *answer)
{
    const struct aw_str texts[] = {
        answer->error,   answer->charset,   answer->charset_why, answer->note,
        answer->channel, answer->canonical, answer->text_digest,
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        hold_ended(texts[i], AW_ANSWER_TEXT_MAX);
    hold_ended(answer->title, AW_ANSWER_TITLE_MAX);
    HOLD(answer->ok || answer->is_large || answer->error.len > 0);
    HOLD(answer->score >= 0 && answer->score <= 1);
    for (size_t i = 0; i < answer->link_count; i++)
        hold_ended(answer->links[i].url, AW_ANSWER_TEXT_MAX);
    for (size_t i = 0; i < answer->app_count; i++)
        for (int f = 0; f < AW_APP_FIELD_COUNT; f++)
            hold_ended(answer->apps[i].fields[f], AW_APP_TEXT_MAX);
    for (size_t i = 0; i < answer->claim_count; i++)
        hold_claim(&answer->claims[i]);
}

static void read_head(struct aw_str head)
{
    struct aw_answer answer;
    struct aw_arena arena;
    struct aw_err err;
    struct aw_str lexicon;
    struct aw_str model;

    aw_arena_init(&arena, ARENA_MAX);
    if (aw_answer_get(head, &arena, &answer, &err) == AW_OK)
        hold_read(&answer);
    aw_arena_deinit(&arena);
    if (aw_ready_get(head, &lexicon, &model, &err) == AW_OK) {
        hold_ended(lexicon, AW_ANSWER_TEXT_MAX);
        hold_ended(model, AW_ANSWER_TEXT_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aw_str bytes = {(const char *)data, size};
    struct aw_frame frame = {0};
    struct aw_err err;
    size_t taken = 0;

    read_head(bytes);
    while (aw_frame_get(bytes, &frame, &taken, &err) == AW_OK) {
        struct aw_extract_input input = {0};

        HOLD(taken > 0 && taken <= bytes.len);
        read_head(frame.head);
        if (aw_question_get(&frame, &input, &err) == AW_OK)
            hold_text(input.url, AW_ANSWER_TEXT_MAX);
        bytes = aw_str_sub(bytes, taken, bytes.len);
    }
    return 0;
}
