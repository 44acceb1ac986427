/* party_mark.h - the characters without which a block names no party.
 *
 * Each of the few characters that scanners hang on has a bit. One pass over a
 * block ORs them together (party.c); a scanner runs where all or any of its
 * bits are there. Characters are told apart by the low bits of their code
 * point alone: one more that shares them costs a search, and hides nothing.
 */
#ifndef AW_EXTRACT_PARTY_MARK_H
#define AW_EXTRACT_PARTY_MARK_H

#include <stdint.h>

#define AW_PARTY_LOW 2048 /* values of the low bits; a power of two */

/* The bits, in the order of the table in party_mark.c. */
enum aw_party_mark {
    AW_PARTY_MARK_LIMITED = 1 << 0, /* 限 */
    AW_PARTY_MARK_SHARES = 1 << 1,  /* 股团 */
    AW_PARTY_MARK_COOP = 1 << 2,    /* 社 */
    AW_PARTY_MARK_PARTNER = 1 << 3, /* 伙 */
    AW_PARTY_MARK_OFFICE = 1 << 4,  /* 事 */
    AW_PARTY_MARK_PLACE = 1 << 5,   /* 所 */
    AW_PARTY_MARK_TRADE = 1 << 6,   /* 商 */
    AW_PARTY_MARK_HOUSE = 1 << 7,   /* 行 */
    AW_PARTY_MARK_RUN = 1 << 8,     /* 营 */
    AW_PARTY_MARK_COMPANY = 1 << 9, /* 司 */
    AW_PARTY_MARK_LTD = 1 << 10,    /* L */
    AW_PARTY_MARK_ICP = 1 << 11,    /* C c */
    AW_PARTY_MARK_FILED = 1 << 12,  /* 备 */
    AW_PARTY_MARK_CALL = 1 << 13,   /* of 电话 and its like */
    AW_PARTY_MARK_SPOKEN = 1 << 14, /* numerals that are rare elsewhere */
    AW_PARTY_MARK_HANDLE = 1 << 15, /* of 微信, QQ and their like */
    AW_PARTY_MARK_LABEL = 1 << 16,  /* of 地址 and its like */
    AW_PARTY_MARK_STREET = 1 << 17, /* 路街 … */
    AW_PARTY_MARK_REGION = 1 << 18, /* 市区 … and 号 */
    AW_PARTY_MARK_DOT = 1 << 19,    /* . */
    AW_PARTY_MARK_DIGIT = 1 << 20,  /* 一, and eight more bits up to 九 */
    AW_PARTY_MARK_PART = 1 << 29,   /* begins a part of an address */
    AW_PARTY_MARK_BREAK = 1 << 30   /* begins what an address ends before */
};
#define AW_PARTY_MARK_DIGITS (AW_PARTY_MARK_DIGIT * 0x1FFu)

/* Fills in which bits each value of the low bits has; the last two are noted
 * by party_address.c. */
void aw_party_marks_init(uint32_t marks[AW_PARTY_LOW]);

#endif
