/* spots_private.h - what the files of the lists of spots share:
 *
 *     spots.c         lists read and followed; texts that have none yet
 *     spots_made.c    lists written, made anew, and those they replace taken
 *                     away
 *
 * A spot is a number: a row of the index, one of its columns, and the place of
 * the character in it. A list has groups of those of one row and column:
 *
 *     rows since the last group * 4 + column
 *     place * 2 + is there another?, and so on, each as the way from the last
 *
 * each number in sevens of bits, the lowest first. A finding has two rows: its
 * own, 2 * id, and that of what it says in disguise, 2 * id + 1. */
#ifndef AW_STORE_SPOTS_PRIVATE_H
#define AW_STORE_SPOTS_PRIVATE_H

#include "store/private.h"
#include "store/spots.h"

#define AW_SPOT_PLACE_BITS 22 /* a column has at most 4 MiB */
#define AW_SPOT_COLUMN_BITS 2
#define AW_SPOT_ROW_SHIFT (AW_SPOT_PLACE_BITS + AW_SPOT_COLUMN_BITS)
#define AW_SPOT_PLACE_MASK ((UINT64_C(1) << AW_SPOT_PLACE_BITS) - 1)
#define AW_SPOT_COLUMN_MASK ((UINT64_C(1) << AW_SPOT_COLUMN_BITS) - 1)

#define AW_SPOT_CHARACTER_BITS 21
#define AW_SPOT_CHARACTERS 0x110000         /* all of them are done */
#define AW_SPOT_LISTS_MAX ((size_t)1 << 30) /* bytes of a step, or a list */

/* All characters' lists of one making. */
struct aw_spot_lists {
    int64_t id, upto; /* they hold the findings up to this one */
    int64_t next; /* the first character that is not done; -1: none is begun */
};

/* The key of one character's list. */
static inline int64_t aw_spot_list_id(int64_t lists, uint32_t cp)
{
    return lists << AW_SPOT_CHARACTER_BITS | cp;
}

#endif
