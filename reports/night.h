/* night.h - the last run, for those who answer for it: what it did for each
 * source, why pages are missing, and which source gave far less than before.
 *
 * A struct aw_night is read from the store as a whole and holds what
 * `adwatch status` tells, in two forms: text for people (tame, in columns) and
 * one line of JSON.
 */
#ifndef AW_REPORTS_NIGHT_H
#define AW_REPORTS_NIGHT_H

#include "base/buf.h"
#include "review/audit.h"
#include "store/store.h"

#define AW_NIGHT_MAX ((size_t)256 << 20) /* bytes of memory, and of text */

/* URLs in a state, or findings; or of these, those with a reason. */
struct aw_night_count {
    struct aw_night_count *next;
    struct aw_str state, reason;
    int64_t count;
};

struct aw_night_source {
    struct aw_night_source *next;
    struct aw_str name;
    bool is_now, was_before, was_rich; /* which of these there are */
    struct aw_coverage now;
    struct aw_coverage before; /* in the run before */
    struct aw_coverage rich;   /* when many of its pages were read last */
    struct aw_night_count *states;
    struct aw_night_count *reasons; /* the largest count first */
    struct aw_night_count *last_reason;
    struct aw_str warning; /* empty: none */
};

struct aw_night_note {
    struct aw_night_note *next;
    struct aw_str source, text;
};

struct aw_night {
    struct aw_arena arena; /* of all texts and lists */
    struct aw_run run;
    int64_t before; /* the run to compare with; 0: there is none */
    struct aw_coverage did, did_before; /* of all sources */
    struct aw_night_source *sources;    /* by name */
    struct aw_night_note *notes;
    struct aw_night_count *findings; /* of all runs, by state */
    struct aw_audit_head audit;      /* where the chain stands now */
};

/* AW_MISSING where there was no crawl yet. The caller frees it also after a
 * failure. */
aw_rc aw_night_load(struct aw_night *night, struct aw_store *store,
                    struct aw_err *err) AW_MUST_USE;
void aw_night_free(struct aw_night *night);

/* now_ms: wall, for how long a run goes on that did not end. */
void aw_night_text(struct aw_buf *out, const struct aw_night *night,
                   int64_t now_ms);
void aw_night_json(struct aw_buf *out, const struct aw_night *night);

/* So many pages must have been read, on both nights, before their mean size
 * says something. */
#define AW_NIGHT_PAGES_LEAST 10

/* Did the source give far less in this run than in the one before? Appends
 * what people should know to why.
 *
 * A page is given where it was read or is as before; a redirect is none. What
 * was skipped by a budget, a trap or the config is not the source's doing.
 * Since pages that do not change are not asked for every night, but those that
 * failed are, neither counts nor shares of two nights can be compared: as many
 * pages as were missing last time may be missing again. It is far less where
 *
 * - a source that gave pages gives none, or is not there any more;
 * - more pages are newly missing than are given. Where as many are planned as
 *   last time, that is: the share of pages given fell below half;
 * - its pages are read, but their mean size fell below a quarter (of the last
 *   run with enough pages): a site that answers every request with a notice.
 */
bool aw_night_has_fallen(const struct aw_night_source *source,
                         struct aw_buf *why);

#endif
