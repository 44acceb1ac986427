/* ingest.h - what is handed in: posters' OCR text, listings, messages; as
 * files, or in lists that say of each thing where, when and by whom.
 *
 * The same discipline as for a crawled page: hashed at once, the original
 * kept as a WARC resource record (a list as well), read in a reader process,
 * then rows. Beside each original lies a metadata record with what was said
 * of it. The same thing handed in again is told and linked, and each time is
 * kept (store/handins.h); the very same hand-in is not taken twice, so that a
 * broken run is simply run again.
 */
#ifndef AW_CRAWLER_INGEST_H
#define AW_CRAWLER_INGEST_H

#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/rng.h"
#include "crawler/hand_in.h"
#include "store/store.h"

#define AW_INGEST_FILE_MAX ((size_t)16 << 20) /* bytes */

struct aw_ingest_input {
    const struct aw_config *config;
    struct aw_store *store;
    const char *archive_dir, *program, *lexicon_dir, *model_path;
    const struct aw_clock *clock;
    struct aw_rng *rng; /* for the ids of records */
    const struct aw_log *log;
    struct aw_facts facts; /* of what says nothing itself */
    /* Where it comes from, in words. Where the config has a source of this
     * name with a `listing`, JSON is read by that. */
    const char *source;
};

/* What became of one thing; views that die with the call. */
struct aw_ingest_result {
    const char *path;      /* of the file or list */
    int64_t line;          /* of the list, or 0 */
    struct aw_str name;    /* of the attachment, or empty */
    int64_t capture;       /* of these bytes, the new or the earlier one */
    bool again;            /* this very hand-in was taken before */
    struct aw_str same;    /* "bytes" or "text" of an earlier one; or empty */
    int64_t first_capture; /* then: of that */
    int64_t times;         /* then: it was handed in so often */
    struct aw_str verdict; /* or empty, where it could not be read */
    struct aw_str why;     /* then: the cause */
};
typedef void aw_ingest_fn(void *self, const struct aw_ingest_result *result);

/* Takes the lists (manifest.h, by their names), then the other files but those
 * that a list names. What cannot be taken is told by a result with why, and
 * AW_PARTLY is returned at the end. */
aw_rc aw_ingest(const struct aw_ingest_input *input, const char *const *paths,
                size_t count, aw_ingest_fn *told, void *self,
                struct aw_err *err) AW_MUST_USE;

#endif
