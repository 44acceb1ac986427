#include "classify/lexicon_hostile.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

#define TEXT_MAX ((size_t)1536) /* bytes of one hostile text */
#define SINGLES 12              /* characters that are repeated alone */

struct hostile {
    struct aw_pattern_scratch *scratch;
    struct aw_problems *problems;
    struct aw_buf letters; /* those that the pattern names, in order */
    struct aw_buf text;
};

/* The length of the character at the front of a well-formed text. */
static size_t char_len(struct aw_str text)
{
    size_t len = 1;

    while (len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
        len++;
    return len;
}

/* What a pattern names: letters and digits of any script, not its syntax. */
static void read_letters(struct hostile *h, struct aw_str pattern)
{
    aw_buf_reset(&h->letters);
    while (pattern.len > 0 && h->letters.len < TEXT_MAX) {
        size_t len = char_len(pattern);

        if (len > 1 || isalnum((unsigned char)pattern.ptr[0]))
            aw_buf_put(&h->letters, aw_str_sub(pattern, 0, len));
        pattern = aw_str_sub(pattern, len, pattern.len);
    }
}

/* Each letter on a line of its own. Without them behind the repeated text
 * PCRE2 would see at once that something which must follow is nowhere. */
static void put_tail(struct hostile *h)
{
    struct aw_str rest = aw_buf_str(&h->letters);

    while (rest.len > 0) {
        size_t len = char_len(rest);

        aw_buf_puts(&h->text, "\n");
        aw_buf_put(&h->text, aw_str_sub(rest, 0, len));
        rest = aw_str_sub(rest, len, rest.len);
    }
}

static bool gives_up(struct hostile *h, struct aw_pattern *pattern,
                     struct aw_str piece)
{
    struct aw_range found;

    aw_buf_reset(&h->text);
    while (piece.len > 0 && h->text.len + piece.len <= TEXT_MAX)
        aw_buf_put(&h->text, piece);
    put_tail(h);
    return aw_pattern_find(pattern, h->scratch, aw_buf_str(&h->text), 0,
                           h->text.len, &found) == AW_PATTERN_GAVE_UP;
}

/* On all its letters in turn, on the first few of them, and on single ones. */
static bool is_catastrophic(struct hostile *h, struct aw_pattern *pattern,
                            struct aw_str text)
{
    struct aw_str rest;
    size_t front = 0;

    if (!pattern)
        return false;
    read_letters(h, text);
    rest = aw_buf_str(&h->letters);
    if (gives_up(h, pattern, rest))
        return true;
    for (size_t i = 0; i < SINGLES && front < rest.len; i++) {
        size_t len = char_len(aw_str_sub(rest, front, rest.len));

        if (gives_up(h, pattern, aw_str_sub(rest, front, len)) ||
            gives_up(h, pattern, aw_str_sub(rest, 0, front + len)))
            return true;
        front += len;
    }
    return gives_up(h, pattern, AW_STR("1")) ||
           gives_up(h, pattern, AW_STR("一"));
}

static void tell(struct hostile *h, const char *file, int line,
                 const char *what, struct aw_str id)
{
    aw_problem_add(h->problems, false,
                   "%s:%d: %s %.*s: a pattern takes more than %d steps at one "
                   "place of a repeated text: bound its repetitions, and let "
                   "no two of them match the same",
                   file, line, what, AW_STR_ARG(id), AW_PATTERN_STEPS);
}

static void try_rule(struct hostile *h, const struct aw_rule *rule)
{
    if (is_catastrophic(h, rule->pattern, rule->pattern_text) ||
        is_catastrophic(h, rule->absent, rule->absent_text))
        tell(h, rule->file, rule->line, "rule", rule->id);
}

static void try_context(struct hostile *h, const struct aw_context *context)
{
    bool is_bad = false;

    for (size_t i = 0; i < context->all_count && !is_bad; i++)
        is_bad = is_catastrophic(h, context->all[i], context->all_texts[i]);
    for (size_t i = 0; i < context->none_count && !is_bad; i++)
        is_bad = is_catastrophic(h, context->none[i], context->none_texts[i]);
    if (is_bad)
        tell(h, context->file, context->line,
             context->is_exemption ? "exemption" : "context", context->id);
}

aw_rc aw_lexicon_hostile_check(const struct aw_lexicon *lexicon,
                               struct aw_problems *problems,
                               struct aw_err *err)
{
    struct hostile h = {.problems = problems};
    aw_rc rc = aw_pattern_scratch_new(&h.scratch, err);

    aw_buf_init(&h.letters, 2 * TEXT_MAX);
    aw_buf_init(&h.text, 4 * TEXT_MAX);
    for (size_t i = 0; rc == AW_OK && i < lexicon->rule_count; i++)
        try_rule(&h, &lexicon->rules[i]);
    for (size_t i = 0; rc == AW_OK && i < lexicon->context_count; i++)
        try_context(&h, &lexicon->contexts[i]);
    if (rc == AW_OK)
        rc = aw_buf_check(&h.text, err);
    aw_buf_deinit(&h.letters);
    aw_buf_deinit(&h.text);
    aw_pattern_scratch_free(h.scratch);
    return rc;
}
