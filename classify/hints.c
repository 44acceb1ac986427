#include "classify/hints.h"

#include <stdlib.h>
#include <string.h>

#include "classify/prefilter.h"

/* A literal of a pattern, and where it stands in the text. */
struct place {
    size_t pattern;
    struct aw_range range;
};

struct aw_hints {
    struct aw_prefilter *prefilter;
    size_t pattern_count;
    bool *seen; /* by pattern: one of its literals is in the range */
    struct place places[AW_HINTS_MAX];
    size_t place_count;
    bool full;   /* places has not all of them */
    bool failed; /* nothing is known */
    struct aw_range range;
};

aw_rc aw_hints_new(struct aw_hints **out, const struct aw_str *patterns,
                   size_t count, struct aw_err *err)
{
    struct aw_hints *hints = calloc(1, sizeof *hints);
    aw_rc rc = AW_OK;

    if (!hints)
        return aw_fail(err, AW_NOMEM, "out of memory");
    hints->pattern_count = count;
    hints->seen = calloc(count + 1, sizeof *hints->seen);
    if (!hints->seen)
        rc = aw_fail(err, AW_NOMEM, "out of memory");
    if (rc == AW_OK)
        rc = aw_prefilter_new(&hints->prefilter, patterns, count, err);
    if (rc == AW_OK)
        *out = hints;
    else
        aw_hints_free(hints);
    return rc;
}

void aw_hints_free(struct aw_hints *hints)
{
    if (!hints)
        return;
    aw_prefilter_free(hints->prefilter);
    free(hints->seen);
    free(hints);
}

static bool on_candidate(void *self, struct aw_candidate candidate)
{
    struct aw_hints *hints = self;
    size_t start = hints->range.start;

    hints->seen[candidate.pattern] = true;
    if (hints->place_count == AW_HINTS_MAX) {
        hints->full = true;
        return true;
    }
    hints->places[hints->place_count++] =
        (struct place){candidate.pattern,
                       {start + candidate.start.end, start + candidate.at}};
    return true;
}

void aw_hints_read(struct aw_hints *hints, struct aw_str text,
                   struct aw_range range)
{
    memset(hints->seen, 0, hints->pattern_count * sizeof *hints->seen);
    hints->place_count = 0;
    hints->full = false;
    hints->range = range;
    hints->failed = !aw_prefilter_scan(hints->prefilter,
                                       aw_str_sub(text, range.start,
                                                  range.end - range.start),
                                       on_candidate, hints);
}

bool aw_hints_may_match(const struct aw_hints *hints, size_t pattern,
                        struct aw_range window)
{
    if (hints->failed || aw_prefilter_refused(hints->prefilter, pattern))
        return true;
    if (!hints->seen[pattern] || hints->full)
        return hints->seen[pattern];
    for (size_t i = 0; i < hints->place_count; i++) {
        const struct place *place = &hints->places[i];

        if (place->pattern == pattern && place->range.start >= window.start &&
            place->range.end <= window.end)
            return true;
    }
    return false;
}
