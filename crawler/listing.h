/* listing.h - app stores' listings: how a source's are read, and what an
 * answer shows of them becomes rows.
 */
#ifndef AW_CRAWLER_LISTING_H
#define AW_CRAWLER_LISTING_H

#include "base/config.h"
#include "reader/protocol.h"
#include "store/store.h"

/* The mapping of a source that has a `listing`, for an aw_extract_input; it
 * lives in the arena. */
aw_rc aw_listing_mapping(const struct aw_source *source,
                         struct aw_arena *arena, struct aw_str *out,
                         struct aw_err *err) AW_MUST_USE;

/* Keeps what the answer shows of apps (store/listings.h). capture is stored;
 * page is its URL, or empty for what was handed in. */
aw_rc aw_listing_record(struct aw_store *store,
                        const struct aw_capture *capture,
                        const struct aw_answer *answer, struct aw_str page,
                        struct aw_err *err) AW_MUST_USE;

#endif
