#include "classify/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#define OPTIONS                                                               \
    (PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | \
     PCRE2_USE_OFFSET_LIMIT)
/* To make machine code takes as long as some dozens of matches without, or a
 * few on longer text: bytes at which they were tried. */
#define COLD_MOST 3000
#define COLD_EACH 100
#define JIT_STACK_FIRST ((size_t)32 * 1024)
#define JIT_STACK_MAX ((size_t)512 * 1024)

struct aw_pattern_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

struct aw_pattern {
    pcre2_code *code;   /* NULL: not compiled yet */
    struct aw_str text; /* of one that is known to compile */
    bool is_warm;
    bool is_machine; /* it became machine code */
    size_t cold;     /* what it was tried on so */
};

static aw_rc compile_failed(int code, size_t offset, struct aw_err *err)
{
    PCRE2_UCHAR text[160] = {0};

    (void)pcre2_get_error_message(code, text, sizeof text);
    return aw_fail(err, AW_CONFIG, "pattern at offset %zu: %s", offset,
                   (const char *)text);
}

static bool matches_empty(const pcre2_code *code)
{
    uint32_t empty = 0;

    (void)pcre2_pattern_info(code, PCRE2_INFO_MATCHEMPTY, &empty);
    return empty != 0;
}

static aw_rc compile(pcre2_code **out, struct aw_str text, bool may_be_empty,
                     struct aw_err *err)
{
    int error = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code;

    if (text.len > AW_PATTERN_MAX)
        return aw_fail(err, AW_CONFIG, "pattern is longer than %d bytes",
                       AW_PATTERN_MAX);
    code = pcre2_compile((PCRE2_SPTR)text.ptr, text.len, OPTIONS, &error,
                         &offset, NULL);
    if (!code)
        return compile_failed(error, offset, err);
    if (!may_be_empty && matches_empty(code)) {
        pcre2_code_free(code);
        return aw_fail(err, AW_CONFIG,
                       "pattern matches the empty text: let it ask for "
                       "at least one character");
    }
    *out = code;
    return AW_OK;
}

aw_rc aw_pattern_new(struct aw_pattern **out, struct aw_str text,
                     bool may_be_empty, struct aw_err *err)
{
    struct aw_pattern *pattern = calloc(1, sizeof *pattern);
    aw_rc rc;

    if (!pattern)
        return aw_fail(err, AW_NOMEM, "out of memory");
    rc = compile(&pattern->code, text, may_be_empty, err);
    if (rc == AW_OK)
        *out = pattern;
    else
        aw_pattern_free(pattern);
    return rc;
}

aw_rc aw_pattern_new_known(struct aw_pattern **out, struct aw_str text,
                           struct aw_err *err)
{
    struct aw_pattern *pattern = calloc(1, sizeof *pattern);

    if (!pattern)
        return aw_fail(err, AW_NOMEM, "out of memory");
    pattern->text = text;
    *out = pattern;
    return AW_OK;
}

/* False where memory is out. */
static bool is_compiled(struct aw_pattern *pattern)
{
    struct aw_err ignored;

    return pattern->code ||
           compile(&pattern->code, pattern->text, true, &ignored) == AW_OK;
}

void aw_pattern_free(struct aw_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

void aw_pattern_warm(struct aw_pattern *pattern)
{
    if (!pattern || pattern->is_warm || !is_compiled(pattern))
        return;
    /* Without JIT the same is matched, more slowly. */
    pattern->is_machine =
        pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE) == 0;
    pattern->is_warm = true;
}

aw_rc aw_pattern_scratch_new(struct aw_pattern_scratch **out,
                             struct aw_err *err)
{
    struct aw_pattern_scratch *scratch = calloc(1, sizeof *scratch);

    if (!scratch)
        return aw_fail(err, AW_NOMEM, "out of memory");
    scratch->data = pcre2_match_data_create(1, NULL);
    scratch->context = pcre2_match_context_create(NULL);
    scratch->stack =
        pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    if (!scratch->data || !scratch->context || !scratch->stack) {
        aw_pattern_scratch_free(scratch);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    (void)pcre2_set_match_limit(scratch->context, AW_PATTERN_STEPS);
    (void)pcre2_set_depth_limit(scratch->context, AW_PATTERN_STEPS);
    (void)pcre2_set_heap_limit(scratch->context, AW_PATTERN_HEAP);
    pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    *out = scratch;
    return AW_OK;
}

void aw_pattern_scratch_free(struct aw_pattern_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    free(scratch);
}

/* The text is well-formed UTF-8: normalise.h makes no other. */
static int match(const struct aw_pattern *pattern,
                 struct aw_pattern_scratch *scratch, PCRE2_SPTR text,
                 size_t len, size_t from)
{
    if (pattern->is_machine)
        return pcre2_jit_match(pattern->code, text, len, from,
                               PCRE2_NO_UTF_CHECK, scratch->data,
                               scratch->context);
    return pcre2_match(pattern->code, text, len, from, PCRE2_NO_UTF_CHECK,
                       scratch->data, scratch->context);
}

enum aw_pattern_answer aw_pattern_find(struct aw_pattern *pattern,
                                       struct aw_pattern_scratch *scratch,
                                       struct aw_str subject, size_t from,
                                       size_t last, struct aw_range *out)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.len ? subject.ptr : "");
    const PCRE2_SIZE *place;
    int rc;

    if (!is_compiled(pattern))
        return AW_PATTERN_GAVE_UP;
    pattern->cold += last - from + COLD_EACH;
    if (pattern->cold > COLD_MOST)
        aw_pattern_warm(pattern);
    (void)pcre2_set_offset_limit(scratch->context, last);
    rc = match(pattern, scratch, text, subject.len, from);
    if (rc == PCRE2_ERROR_NOMATCH)
        return AW_PATTERN_NONE;
    if (rc < 0)
        return AW_PATTERN_GAVE_UP;
    place = pcre2_get_ovector_pointer(scratch->data);
    /* \K may put the start behind the end: such a match says nothing. */
    if (place[0] > place[1])
        return AW_PATTERN_NONE;
    *out = (struct aw_range){place[0], place[1]};
    return AW_PATTERN_FOUND;
}
