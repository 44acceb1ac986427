/* cache.h - bytes that can be made anew at any time, kept for the next start.
 *
 * A cache is a folder of files, each with a head and the checksum of the rest.
 * What is missing, damaged, larger than AW_CACHE_FILE_MAX, a link, of another
 * owner or writable by others is as if it were not there. The checksum guards
 * against damage, not against who may write as this user.
 *
 * Nothing here can fail: without a cache, work is done again. A key is a name
 * of letters, digits and dashes that says all that the bytes depend on.
 */
#ifndef AW_BASE_CACHE_H
#define AW_BASE_CACHE_H

#include <stdbool.h>

#include "base/str.h"

#define AW_CACHE_FILE_MAX ((size_t)64 << 20) /* bytes */
#define AW_CACHE_FILES_MAX 12                /* of one folder; the oldest go */

/* What is kept under a key, as the file is mapped: read-only, at an address
 * that is a multiple of 16. */
struct aw_cached {
    struct aw_str bytes;
    void *mapped;
    size_t mapped_len;
};

/* The caller drops *out. */
bool aw_cache_get(const char *dir, const char *key, struct aw_cached *out);
void aw_cached_drop(struct aw_cached *cached); /* also one of zeros */

/* Makes dir where it is missing. Others see the old file or the new one. */
void aw_cache_put(const char *dir, const char *key, struct aw_str bytes);

#endif
