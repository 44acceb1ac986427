#include "crawler/seen.h"

#include <stdlib.h>
#include <string.h>

struct aw_seen {
    size_t slots, count;
    int64_t hashes[];
};

aw_rc aw_seen_new(struct aw_seen **out, size_t slots, struct aw_err *err)
{
    struct aw_seen *seen =
        calloc(1, sizeof *seen + slots * sizeof *seen->hashes);

    if (!seen)
        return aw_fail(err, AW_NOMEM, "out of memory");
    seen->slots = slots;
    *out = seen;
    return AW_OK;
}

void aw_seen_free(struct aw_seen *seen)
{
    free(seen);
}

/* Where the hash lies, or the free slot where it would. */
static size_t find(const struct aw_seen *seen, int64_t hash)
{
    size_t mask = seen->slots - 1;
    size_t at = (uint64_t)hash / 2 & mask;

    while (seen->hashes[at] && seen->hashes[at] != hash)
        at = (at + 1) & mask;
    return at;
}

bool aw_seen_has(const struct aw_seen *seen, int64_t hash)
{
    return seen->hashes[find(seen, hash)] == hash;
}

bool aw_seen_add(struct aw_seen *seen, int64_t hash)
{
    size_t at = find(seen, hash);

    if (seen->hashes[at] == hash)
        return false;
    if (seen->count >= seen->slots / 2) {
        memset(seen->hashes, 0, seen->slots * sizeof *seen->hashes);
        seen->count = 0;
        at = find(seen, hash);
    }
    seen->hashes[at] = hash;
    seen->count++;
    return true;
}
