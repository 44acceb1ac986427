#include "classify/lexicon.h"

#include <stdlib.h>

static void warm_patterns(struct aw_pattern **patterns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        aw_pattern_warm(patterns[i]);
}

void aw_lexicon_warm(struct aw_lexicon *lexicon)
{
    for (size_t i = 0; i < lexicon->context_count; i++) {
        warm_patterns(lexicon->contexts[i].all,
                      lexicon->contexts[i].all_count);
        warm_patterns(lexicon->contexts[i].none,
                      lexicon->contexts[i].none_count);
    }
    for (size_t i = 0; i < lexicon->rule_count; i++) {
        aw_pattern_warm(lexicon->rules[i].pattern);
        aw_pattern_warm(lexicon->rules[i].absent);
    }
}

static void free_patterns(struct aw_pattern **patterns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        aw_pattern_free(patterns[i]);
}

void aw_lexicon_free(struct aw_lexicon *lexicon)
{
    if (!lexicon)
        return;
    for (size_t i = 0; i < lexicon->context_count; i++) {
        free_patterns(lexicon->contexts[i].all,
                      lexicon->contexts[i].all_count);
        free_patterns(lexicon->contexts[i].none,
                      lexicon->contexts[i].none_count);
    }
    for (size_t i = 0; i < lexicon->rule_count; i++) {
        aw_pattern_free(lexicon->rules[i].pattern);
        aw_pattern_free(lexicon->rules[i].absent);
    }
    aw_cached_drop(&lexicon->kept);
    aw_arena_deinit(&lexicon->arena);
    free(lexicon);
}
