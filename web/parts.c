#include "web/parts.h"

#include <stdlib.h>

#define ROOM_FIRST 64 /* a power of two, as all that come after */

/* Where the mark is, or would be. Marks are hashes: their low bits do. */
static size_t find(const struct aw_parts *parts, uint64_t mark)
{
    size_t at = (size_t)mark & (parts->room - 1);

    while (parts->marks[at] != 0 && parts->marks[at] != mark)
        at = (at + 1) & (parts->room - 1);
    return at;
}

/* Half of the places stay free, so that few are looked at. */
static bool make_room(struct aw_parts *parts)
{
    struct aw_parts more = {.count = parts->count,
                            .room =
                                parts->room ? 2 * parts->room : ROOM_FIRST};

    if (2 * (parts->count + 1) <= parts->room)
        return true;
    more.marks = calloc(more.room, sizeof *more.marks);
    if (!more.marks)
        return false;
    for (size_t i = 0; i < parts->room; i++)
        if (parts->marks[i] != 0)
            more.marks[find(&more, parts->marks[i])] = parts->marks[i];
    free(parts->marks);
    *parts = more;
    return true;
}

void aw_parts_add(struct aw_parts *parts, uint64_t mark)
{
    if (aw_parts_has(parts, mark) || parts->count == AW_PARTS_MAX ||
        !make_room(parts))
        return;
    parts->marks[find(parts, mark)] = mark;
    parts->count++;
}

void aw_parts_add_all(struct aw_parts *parts, const struct aw_parts *from)
{
    for (size_t i = 0; i < from->room; i++)
        if (from->marks[i] != 0)
            aw_parts_add(parts, from->marks[i]);
}

bool aw_parts_has(const struct aw_parts *parts, uint64_t mark)
{
    return parts->room > 0 && parts->marks[find(parts, mark)] == mark;
}

void aw_parts_free(struct aw_parts *parts)
{
    free(parts->marks);
    *parts = (struct aw_parts){0};
}
