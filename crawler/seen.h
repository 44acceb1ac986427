/* seen.h - a table of what was seen for sure, in bounded memory.
 *
 * It holds hashes of 64 bits, not 0, which nobody outside can make meet
 * (aw_siphash, aw_store_url_hash). When it is half full it grows, up to the
 * most slots that it may have, and then it forgets all: a "no" means that
 * somebody else, the store, has to be asked.
 */
#ifndef AW_CRAWLER_SEEN_H
#define AW_CRAWLER_SEEN_H

#include "base/error.h"
#include "base/str.h"

struct aw_seen;

/* most: slots, a power of two; each takes 8 bytes. */
aw_rc aw_seen_new(struct aw_seen **out, size_t most,
                  struct aw_err *err) AW_MUST_USE;
void aw_seen_free(struct aw_seen *seen); /* NULL is allowed */

/* A table that keeps a rank with each hash, in its lowest bits: 56 bits of a
 * hash tell it from others. */
#define AW_SEEN_RANK_MAX 127
aw_rc aw_seen_new_ranked(struct aw_seen **out, size_t most,
                         struct aw_err *err) AW_MUST_USE;

/* False where it was there already with this rank or a lower one; else it has
 * this one from now on. Of a table with ranks alone. */
bool aw_seen_add_lower(struct aw_seen *seen, int64_t hash, int64_t rank);

/* Is it there with this rank or a lower one? */
bool aw_seen_has_lower(const struct aw_seen *seen, int64_t hash, int64_t rank);

bool aw_seen_has(const struct aw_seen *seen, int64_t hash);

/* False where it was there already. */
bool aw_seen_add(struct aw_seen *seen, int64_t hash);

#endif
