/* severity.h - how grave a claim is, by a table that a lawyer keeps.
 *
 * lexicons/severity.yaml gives points to each part: what is promised (class),
 * how plainly (wording: the rule's own severity), to whom (audience), who sees
 * it (channel, and the kind of document), in which trade (sector). Audience
 * and sector are told by words in the text that a visitor reads; of several,
 * the one with most points counts. The points are added up, and `grade` says
 * from which sum on a claim is clear (2) or grave (3); below it is a hint (1).
 *
 * A lexicon without that file has no table: a claim's severity is its rule's.
 */
#ifndef AW_CLASSIFY_SEVERITY_H
#define AW_CLASSIFY_SEVERITY_H

#include "classify/classify.h"
#include "classify/text.h"

#define AW_SEVERITY_ENTRIES_MAX 200
#define AW_SEVERITY_WORDS_MAX 5000 /* of all entries */
#define AW_SEVERITY_WORD_LEAST 2   /* characters */
#define AW_SEVERITY_POINTS_MOST 20 /* and least: the same below 0 */
#define AW_SEVERITY_READ_MAX ((size_t)1 << 18) /* bytes of text looked at */

#define AW_SEVERITY_PART_LIST(X) \
    X(CLASS, "class")            \
    X(WORDING, "wording")        \
    X(AUDIENCE, "audience")      \
    X(CHANNEL, "channel")        \
    X(KIND, "kind")              \
    X(SECTOR, "sector")          \
    X(GRADE, "grade")

enum aw_severity_part {
#define X(name, text) AW_SEVERITY_##name,
    AW_SEVERITY_PART_LIST(X)
#undef X
        AW_SEVERITY_PART_COUNT
};

struct aw_lexicon;
struct aw_lexicon_kept; /* its files as they were read */
struct aw_severity;

/* Reads dir/severity.yaml into lexicon->severity, and tells the lexicon's
 * problems what is wrong with it; leaves it NULL where there is no such file.
 * Without with_lines all problems are told of line 1. */
aw_rc aw_severity_read(struct aw_lexicon *lexicon, const char *dir,
                       struct aw_lexicon_kept *kept, bool with_lines,
                       struct aw_err *err) AW_MUST_USE;

/* Grades each claim of verdict that counts: its severity, its parts, and one
 * more reason. The claims' severity must be their rules'; text is that of doc.
 * severity may be NULL: nothing changes. */
aw_rc aw_severity_grade(const struct aw_severity *severity,
                        const struct aw_document *doc,
                        const struct aw_text *text, struct aw_verdict *verdict,
                        struct aw_err *err) AW_MUST_USE;

#endif
