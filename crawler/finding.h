/* finding.h - what a reader said of a document becomes rows.
 *
 * For every channel alike: a crawled page and a poster that was handed in.
 */
#ifndef AW_CRAWLER_FINDING_H
#define AW_CRAWLER_FINDING_H

#include "reader/protocol.h"
#include "store/store.h"

/* Puts what the answer says of the document (charset, title, verdict ...)
 * into the capture; a document without any text has no verdict. Its texts are
 * views into the answer. */
void aw_capture_fill(struct aw_capture *capture,
                     const struct aw_answer *answer);

struct aw_finding_from {
    const struct aw_capture *capture; /* stored: it has its id */
    const struct aw_answer *answer;
    struct aw_str host; /* or empty */
    const char *lexicon_hash, *model_hash;
};

/* Does it say that the document is suspected? */
bool aw_finding_is_due(const struct aw_answer *answer);

/* The finding with the claims that no exemption covers, as it would be added;
 * its texts are views into capture and answer, or in the arena. */
aw_rc aw_finding_make(const struct aw_finding_from *from,
                      struct aw_arena *arena, struct aw_finding *out,
                      struct aw_err *err) AW_MUST_USE;

/* Where the verdict is `suspected`, adds the finding with the claims that no
 * exemption covers, or marks it as seen again; *added tells which. */
aw_rc aw_finding_record(struct aw_store *store,
                        const struct aw_finding_from *from,
                        struct aw_arena *arena, bool *added,
                        struct aw_err *err) AW_MUST_USE;

#endif
