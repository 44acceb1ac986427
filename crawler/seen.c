#include "crawler/seen.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST ((size_t)1 << 10)

#define RANK_BITS                                              \
    ((int64_t)AW_SEEN_RANK_MAX << 1) /* the lowest is always 1 \
                                      */

struct aw_seen {
    size_t slots, most, count;
    int64_t ranks; /* RANK_BITS, or 0: there are none */
    int64_t *hashes;
};

aw_rc aw_seen_new(struct aw_seen **out, size_t most, struct aw_err *err)
{
    struct aw_seen *seen = calloc(1, sizeof *seen);

    if (!seen)
        return aw_fail(err, AW_NOMEM, "out of memory");
    seen->most = most;
    seen->slots = most < SLOTS_FIRST ? most : SLOTS_FIRST;
    seen->hashes = calloc(seen->slots, sizeof *seen->hashes);
    if (!seen->hashes) {
        free(seen);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    *out = seen;
    return AW_OK;
}

aw_rc aw_seen_new_ranked(struct aw_seen **out, size_t most, struct aw_err *err)
{
    aw_rc rc = aw_seen_new(out, most, err);

    if (rc == AW_OK)
        (*out)->ranks = RANK_BITS;
    return rc;
}

void aw_seen_free(struct aw_seen *seen)
{
    if (!seen)
        return;
    free(seen->hashes);
    free(seen);
}

/* Where the hash lies, or the free slot where it would. */
static size_t find(const struct aw_seen *seen, int64_t hash)
{
    size_t mask = seen->slots - 1;
    size_t at = (uint64_t)hash / ((uint64_t)seen->ranks + 2) & mask;

    while (seen->hashes[at] && (seen->hashes[at] ^ hash) & ~seen->ranks)
        at = (at + 1) & mask;
    return at;
}

static bool grow(struct aw_seen *seen)
{
    int64_t *before = seen->hashes;
    size_t count = seen->slots;
    int64_t *after = count * 2 > seen->most
                         ? NULL
                         : calloc(count * 2, sizeof *seen->hashes);

    if (!after)
        return false;
    seen->hashes = after;
    seen->slots = count * 2;
    for (size_t i = 0; i < count; i++)
        if (before[i])
            after[find(seen, before[i])] = before[i];
    free(before);
    return true;
}

static void make_room(struct aw_seen *seen)
{
    if (grow(seen))
        return;
    memset(seen->hashes, 0, seen->slots * sizeof *seen->hashes);
    seen->count = 0;
}

bool aw_seen_has(const struct aw_seen *seen, int64_t hash)
{
    return seen->hashes[find(seen, hash)] != 0;
}

bool aw_seen_add(struct aw_seen *seen, int64_t hash)
{
    size_t at = find(seen, hash);

    if (seen->hashes[at])
        return false;
    if (seen->count >= seen->slots / 2) {
        make_room(seen);
        at = find(seen, hash);
    }
    seen->hashes[at] = hash;
    seen->count++;
    return true;
}

static int64_t ranked(int64_t hash, int64_t rank)
{
    if (rank > AW_SEEN_RANK_MAX)
        rank = AW_SEEN_RANK_MAX;
    return (int64_t)(((uint64_t)hash & ~(uint64_t)RANK_BITS) | (uint64_t)rank
                                                                   << 1);
}

bool aw_seen_has_lower(const struct aw_seen *seen, int64_t hash, int64_t rank)
{
    int64_t there = seen->hashes[find(seen, hash)];

    return there && (there & RANK_BITS) <= (ranked(hash, rank) & RANK_BITS);
}

bool aw_seen_add_lower(struct aw_seen *seen, int64_t hash, int64_t rank)
{
    if (aw_seen_has_lower(seen, hash, rank))
        return false;
    hash = ranked(hash, rank);
    if (!aw_seen_add(seen, hash))
        seen->hashes[find(seen, hash)] = hash;
    return true;
}
