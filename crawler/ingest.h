/* ingest.h - what is handed in: posters' OCR text, listings, messages.
 *
 * The same discipline as for a crawled page: hashed at once, the original
 * kept as a WARC resource record, read in a reader process, then rows. The
 * same bytes handed in again are told and not taken twice.
 */
#ifndef AW_CRAWLER_INGEST_H
#define AW_CRAWLER_INGEST_H

#include "base/clock.h"
#include "base/config.h"
#include "base/document.h"
#include "base/log.h"
#include "base/rng.h"
#include "store/store.h"

#define AW_INGEST_FILE_MAX ((size_t)16 << 20) /* bytes */

struct aw_ingest_input {
    const struct aw_config *config;
    struct aw_store *store;
    const char *archive_dir, *program, *lexicon_dir, *model_path;
    const struct aw_clock *clock;
    struct aw_rng *rng; /* for the ids of records */
    const struct aw_log *log;
    enum aw_channel channel;
    const char *source; /* where it comes from, in words */
};

/* What became of one file; views that die with the call. */
struct aw_ingest_result {
    const char *path;
    int64_t capture;       /* of these bytes, the new or the earlier one */
    bool again;            /* handed in before */
    struct aw_str verdict; /* or empty, where it could not be read */
    const char *why;       /* then: the cause */
};
typedef void aw_ingest_fn(void *self, const struct aw_ingest_result *result);

/* Takes the files in turn; a file that cannot be read is told by a result
 * with why, and AW_PARTLY is returned at the end. */
aw_rc aw_ingest(const struct aw_ingest_input *input, const char *const *paths,
                size_t count, aw_ingest_fn *told, void *self,
                struct aw_err *err) AW_MUST_USE;

#endif
