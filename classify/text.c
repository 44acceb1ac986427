#include "classify/text.h"

#include <stdlib.h>
#include <string.h>

#include "classify/confusion.h"
#include "classify/disguise.h"

void aw_text_init(struct aw_text *text)
{
    *text = (struct aw_text){0};
}

void aw_text_deinit(struct aw_text *text)
{
    aw_normal_deinit(&text->view[AW_VIEW_PLAIN]);
    aw_normal_deinit(&text->hard);
    free(text->blocks);
    *text = (struct aw_text){0};
}

static void reset(struct aw_text *text)
{
    aw_normal_reset(&text->view[AW_VIEW_PLAIN]);
    aw_normal_reset(&text->hard);
    text->differ = false;
    text->count = 0;
}

static aw_rc reserve_block(struct aw_text *text, struct aw_err *err)
{
    size_t cap = text->cap ? text->cap * 2 : 64;
    void *grown;

    if (text->count < text->cap)
        return AW_OK;
    grown = realloc(text->blocks, cap * sizeof *text->blocks);
    if (!grown)
        return aw_fail(err, AW_NOMEM, "out of memory");
    text->blocks = grown;
    text->cap = cap;
    return AW_OK;
}

/* The hard view is not written before it differs from the plain one: most
 * documents' never does. */
static aw_rc harden(struct aw_text *text, struct aw_text_block *block,
                    struct aw_err *err)
{
    const struct aw_normal *plain = &text->view[AW_VIEW_PLAIN];
    struct aw_range place = block->place[AW_VIEW_PLAIN];
    aw_rc rc = AW_OK;

    block->place[AW_VIEW_HARD] = place;
    if (!text->differ && plain->gap_count + plain->guise_count == 0)
        return AW_OK;
    if (!text->differ)
        rc = aw_normal_copy(&text->hard, plain, place.start, err);
    text->differ = true;
    return rc == AW_OK ? aw_normal_harden(&text->hard, plain, place,
                                          &block->place[AW_VIEW_HARD], err)
                       : rc;
}

/* read_off: from an image. */
static aw_rc add_block(struct aw_text *text, struct aw_str one, bool hidden,
                       bool read_off, struct aw_err *err)
{
    struct aw_text_block block = {.hidden = hidden};
    struct aw_normal *plain = &text->view[AW_VIEW_PLAIN];
    aw_rc rc = reserve_block(text, err);

    if (rc != AW_OK)
        return rc;
    block.letters.start = plain->letter_count;
    rc = aw_normalise(plain, one, &block.place[AW_VIEW_PLAIN], err);
    block.letters.end = plain->letter_count;
    if (rc == AW_OK && read_off)
        rc = aw_confusion_mend(plain, block.place[AW_VIEW_PLAIN], err);
    if (rc == AW_OK)
        rc = aw_disguise_find(plain, block.place[AW_VIEW_PLAIN], err);
    if (rc == AW_OK)
        rc = harden(text, &block, err);
    if (rc == AW_OK)
        text->blocks[text->count++] = block;
    return rc;
}

static void settle(struct aw_text *text)
{
    text->view[AW_VIEW_HARD] =
        text->differ ? text->hard : text->view[AW_VIEW_PLAIN];
}

aw_rc aw_text_read(struct aw_text *text, const struct aw_document *doc,
                   struct aw_err *err)
{
    aw_rc rc = AW_OK;

    reset(text);
    for (size_t i = 0; rc == AW_OK && i < doc->block_count; i++) {
        const struct aw_block *block = &doc->blocks[i];

        /* What a user wrote is no promise of the advertiser's: it keeps its
         * number, and says nothing. */
        rc = add_block(text,
                       block->kind == AW_BLOCK_REVIEW ? AW_STR("")
                                                      : block->text,
                       block->hidden != AW_HIDDEN_NONE,
                       block->kind == AW_BLOCK_OCR, err);
    }
    settle(text);
    return rc;
}

aw_rc aw_text_read_one(struct aw_text *text, struct aw_str one,
                       struct aw_err *err)
{
    aw_rc rc;

    reset(text);
    rc = add_block(text, one, false, false, err);
    settle(text);
    return rc;
}

static bool has_mend(const struct aw_normal *view, struct aw_range place,
                     struct aw_range origin)
{
    for (size_t i = 0; i < view->mend_count; i++) {
        size_t at = view->mends[i];

        if (at >= place.start && at < place.end &&
            view->map[at] >= origin.start && view->map[at] < origin.end)
            return true;
    }
    return false;
}

bool aw_text_is_mended(const struct aw_text *text, size_t block,
                       struct aw_range origin)
{
    return has_mend(&text->view[AW_VIEW_PLAIN],
                    text->blocks[block].place[AW_VIEW_PLAIN], origin);
}

bool aw_text_is_unmasked(const struct aw_text *text, size_t block,
                         struct aw_range origin)
{
    return text->differ &&
           has_mend(&text->hard, text->blocks[block].place[AW_VIEW_HARD],
                    origin);
}

static bool continues(const struct aw_normal *view, size_t at)
{
    return ((unsigned char)view->text[at] & 0xC0) == 0x80;
}

static size_t back(const struct aw_normal *view, size_t at, size_t least)
{
    do
        at--;
    while (at > least && continues(view, at));
    return at;
}

static size_t forth(const struct aw_normal *view, size_t at, size_t most)
{
    do
        at++;
    while (at < most && continues(view, at));
    return at;
}

struct aw_range aw_text_around(const struct aw_normal *view,
                               struct aw_range block, struct aw_range at,
                               size_t chars)
{
    for (size_t i = 0; i < chars && at.start > block.start; i++)
        at.start = back(view, at.start, block.start);
    for (size_t i = 0; i < chars && at.end < block.end; i++)
        at.end = forth(view, at.end, block.end);
    return at;
}

/* True where the character that starts at `at` ends a sentence. */
static bool ends_sentence(const char *at, size_t left)
{
    static const char *const ends[] = {"。", "！", "？", "；"};

    if (*at == '\n' || *at == '!' || *at == '?' || *at == ';')
        return true;
    if ((unsigned char)*at < 0xE3 || left < 3)
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (memcmp(at, ends[i], 3) == 0)
            return true;
    return false;
}

struct aw_range aw_text_sentence(const struct aw_normal *view,
                                 struct aw_range block, struct aw_range at)
{
    size_t least = at.start > block.start + AW_SENTENCE_MAX
                       ? at.start - AW_SENTENCE_MAX
                       : block.start;
    size_t most = block.end - at.end > AW_SENTENCE_MAX
                      ? at.end + AW_SENTENCE_MAX
                      : block.end;

    while (least > block.start && continues(view, least))
        least++;
    while (at.start > least) {
        size_t before = back(view, at.start, least);

        if (ends_sentence(view->text + before, block.end - before))
            break;
        at.start = before;
    }
    while (at.end < most &&
           !ends_sentence(view->text + at.end, block.end - at.end))
        at.end = forth(view, at.end, block.end);
    return at;
}

static const char *const opening[] = {"“", "「", "『", "‘", NULL};
static const char *const closing[] = {"”", "」", "』", "’", NULL};

/* Its place among the marks, or -1. */
static int place_of(struct aw_str mark, const char *const *marks)
{
    for (int i = 0; marks[i]; i++)
        if (aw_str_eq(mark, aw_str_of(marks[i])))
            return i;
    return -1;
}

/* The first byte of all of them. */
static bool may_be_mark(char first)
{
    return first == '\xE2' || first == '\xE3';
}

/* Behind the marks that close there what the sentence before said. */
static size_t behind_closing(const struct aw_normal *view, size_t at,
                             size_t most)
{
    while (most - at >= 3 && may_be_mark(view->text[at]) &&
           place_of((struct aw_str){view->text + at, 3}, closing) >= 0)
        at += 3;
    return at;
}

struct aw_range aw_text_next_sentence(const struct aw_normal *view,
                                      struct aw_range block, size_t *pos)
{
    struct aw_range sentence = {*pos, *pos};

    while (sentence.end < block.end &&
           !ends_sentence(view->text + sentence.end, block.end - sentence.end))
        sentence.end = forth(view, sentence.end, block.end);
    *pos = sentence.end < block.end
               ? behind_closing(view, forth(view, sentence.end, block.end),
                                block.end)
               : block.end;
    return sentence;
}

/* Which mark opened a quotation before `at` that none closed before it? -1:
 * none did. */
static int opened_before(const struct aw_normal *view, struct aw_range block,
                         size_t at)
{
    size_t least = at - block.start > AW_QUOTATION_MAX ? at - AW_QUOTATION_MAX
                                                       : block.start;

    for (size_t i = at; i >= least + 3; i--) {
        struct aw_str mark = {view->text + i - 3, 3};

        if (!may_be_mark(mark.ptr[0]))
            continue;
        if (place_of(mark, closing) >= 0)
            return -1;
        if (place_of(mark, opening) >= 0)
            return place_of(mark, opening);
    }
    return -1;
}

/* Is that quotation closed behind `at`, before another of its kind opens? */
static bool closes_after(const struct aw_normal *view, struct aw_range block,
                         size_t at, int kind)
{
    size_t most =
        block.end - at > AW_QUOTATION_MAX ? at + AW_QUOTATION_MAX : block.end;

    for (size_t i = at; i + 3 <= most; i++) {
        struct aw_str mark = {view->text + i, 3};

        if (!may_be_mark(mark.ptr[0]))
            continue;
        if (place_of(mark, closing) == kind)
            return true;
        if (place_of(mark, opening) == kind)
            return false;
    }
    return false;
}

bool aw_text_is_quoted(const struct aw_normal *view, struct aw_range block,
                       struct aw_range at)
{
    int kind = opened_before(view, block, at.start);

    return kind >= 0 && closes_after(view, block, at.end, kind);
}
