/* disguise.h - claim words that were written so that no filter finds them.
 *
 * 亻呆本, 保夲, 宝本保息, bao本, 稳zhuan, 零疯险, 躺赚💰: where the characters
 * of a block, blanks and marks between them aside, are a word of
 * disguise_table.h with a disguised character in it, the hard view gets the
 * word. Only whole words of claims are put right, never a character by itself.
 *
 * 【保】【本】 is the same with brackets around each character, or around any
 * in a word of three and more: 零（风）险.
 *
 * A strong disguise (夲, parts of a character, pinyin that is no part of a
 * longer word) counts wherever it is. A weak one is a character with a life of
 * its own, and no more of them count than half of the word. At an edge of a
 * word of three characters, and in one of two, it counts only beside nothing
 * but words of adverts: 余额宝本月 and 令风险上升 stay.
 *
 * The plain view stays as it is written, so that a claim that shows only here
 * is known by its view.
 */
#ifndef AW_CLASSIFY_DISGUISE_H
#define AW_CLASSIFY_DISGUISE_H

#include "classify/normalise.h"

/* Fills plain->guises from plain->odds, for the last block of plain. The only
 * failure is memory. */
aw_rc aw_disguise_find(struct aw_normal *plain, struct aw_range block,
                       struct aw_err *err) AW_MUST_USE;

#endif
