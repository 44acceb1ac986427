/* pattern.h - one compiled pattern (PCRE2 with JIT), matched within limits.
 *
 * Patterns are PCRE2 with UTF and UCP on. A match that costs more than
 * AW_PATTERN_STEPS at one place is given up, so that no pattern and no text
 * can hang the program. Machine code is made once a pattern was matched some
 * times, since most of a lexicon's patterns hardly ever are; once it is warm
 * it is safe to share. A scratch is not.
 */
#ifndef AW_CLASSIFY_PATTERN_H
#define AW_CLASSIFY_PATTERN_H

#include "classify/normalise.h"

#define AW_PATTERN_MAX 16384   /* bytes, lists put in */
#define AW_PATTERN_STEPS 20000 /* of PCRE2's match function, at one place */
#define AW_PATTERN_HEAP 4096   /* KiB, where there is no JIT */

enum aw_pattern_answer {
    AW_PATTERN_NONE,
    AW_PATTERN_FOUND,
    AW_PATTERN_GAVE_UP
};

struct aw_pattern;
struct aw_pattern_scratch;

/* The message names the offset: "pattern at offset 12: missing )". One that
 * matches the empty text is refused unless may_be_empty. */
aw_rc aw_pattern_new(struct aw_pattern **out, struct aw_str text,
                     bool may_be_empty, struct aw_err *err) AW_MUST_USE;
/* The same for one that compiled at another time, with this PCRE2: it is
 * compiled when it is first tried. The text must outlive it. */
aw_rc aw_pattern_new_known(struct aw_pattern **out, struct aw_str text,
                           struct aw_err *err) AW_MUST_USE;
void aw_pattern_free(struct aw_pattern *pattern); /* or NULL */

/* Makes the machine code now. */
void aw_pattern_warm(struct aw_pattern *pattern); /* or NULL */

aw_rc aw_pattern_scratch_new(struct aw_pattern_scratch **out,
                             struct aw_err *err) AW_MUST_USE;
void aw_pattern_scratch_free(struct aw_pattern_scratch *scratch);

/* The first match in subject that starts from `from` to `last`, in bytes.
 * subject must be well-formed UTF-8 and both must be at a character. */
enum aw_pattern_answer aw_pattern_find(struct aw_pattern *pattern,
                                       struct aw_pattern_scratch *scratch,
                                       struct aw_str subject, size_t from,
                                       size_t last, struct aw_range *out);

#endif
