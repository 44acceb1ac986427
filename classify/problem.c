#include "classify/problem.h"

#include <stdarg.h>
#include <stdio.h>

void aw_problem_add(struct aw_problems *problems, bool is_warning,
                    const char *fmt, ...)
{
    char text[AW_ERR_MAX];
    struct aw_err ignored;
    struct aw_problem problem = {.is_warning = is_warning};
    void *items = problems->items;
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (is_warning)
        problems->warnings++;
    else
        problems->errors++;
    if (problems->count >= AW_LEXICON_PROBLEMS_MAX ||
        aw_arena_grow(problems->arena, &items, problems->count, &problems->cap,
                      sizeof problem, &ignored) != AW_OK ||
        aw_arena_dup(problems->arena, aw_str_of(text), &problem.text,
                     &ignored) != AW_OK)
        return;
    problems->items = items;
    problems->items[problems->count++] = problem;
}
