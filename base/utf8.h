/* utf8.h - UTF-8 and Unicode code points. (RFC 3629)
 *
 * Offsets that leave the program count code points; inside they count bytes.
 * These functions go from one to the other.
 */
#ifndef AW_BASE_UTF8_H
#define AW_BASE_UTF8_H

#include <endian.h>
#include <string.h>

#include "base/buf.h"

#define AW_REPLACEMENT 0xFFFDu

/* Decodes the code point at *pos and moves *pos behind it. A malformed byte
 * gives AW_REPLACEMENT and moves by one byte. *pos must be below s.len. */
static inline uint32_t aw_utf8_next(struct aw_str s, size_t *pos);

/* Appends a code point; surrogates and values over 10FFFF become U+FFFD. */
void aw_utf8_put(struct aw_buf *out, uint32_t cp);

/* Number of code points, with malformed bytes counting one each. */
size_t aw_utf8_count(struct aw_str s);

/* The byte offset of code point number n, at most s.len. */
size_t aw_utf8_offset(struct aw_str s, size_t n);

/* The first place from pos on where a sequence starts, or the end. */
size_t aw_utf8_align(struct aw_str s, size_t pos);

bool aw_utf8_valid(struct aw_str s);

/* The longest prefix of s of at most max bytes that splits no character. */
struct aw_str aw_utf8_cut(struct aw_str s, size_t max);

/* Appends s with every malformed byte as U+FFFD. */
void aw_utf8_clean(struct aw_buf *out, struct aw_str s);

/* The same, faster, where s is known to be well-formed. */
static inline uint32_t aw_utf8_next_valid(struct aw_str s, size_t *pos);

/* The place of the next byte above ASCII at or behind pos, or s.len. */
size_t aw_utf8_skip_ascii(struct aw_str s, size_t pos);

/* A Chinese character (CJK unified, extensions, compatibility). */
bool aw_is_han(uint32_t cp);

/* What aw_utf8_next does with what it does not read itself. Takes the place
 * by value, so that the caller's stays in a register, and gives it back with
 * the code point. */
struct aw_utf8_char {
    uint32_t cp;
    uint32_t len;
};
struct aw_utf8_char aw_utf8_rare(struct aw_str s, size_t pos);

static inline uint32_t aw_utf8_next_rare(struct aw_str s, size_t *pos)
{
    struct aw_utf8_char rare = aw_utf8_rare(s, *pos);

    *pos += rare.len;
    return rare.cp;
}

/* The code point of three bytes that begin with 1110, 10 and 10. */
static inline uint32_t aw_utf8_of_three(const unsigned char *at)
{
    return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
}

/* The same, of a word whose lowest byte is the first. */
static inline uint32_t aw_utf8_of_word(uint32_t word)
{
    return (word & 0x0F) << 12 | (word >> 2 & 0xFC0) | (word >> 16 & 0x3F);
}

/* Begins the word with a well-formed character of three bytes? Their first
 * bits are compared at once, then that it is neither too long (below U+0800)
 * nor a surrogate. */
static inline bool aw_utf8_is_three(uint32_t word)
{
    uint32_t high = aw_utf8_of_word(word) >> 11;

    return (word & 0xC0C0F0) == 0x8080E0 && high != 0 && high != 0x1B;
}

/* Nearly all of our text is ASCII or has three bytes. */
static inline uint32_t aw_utf8_next(struct aw_str s, size_t *pos)
{
    const unsigned char *at = (const unsigned char *)s.ptr + *pos;
    uint32_t word;

    if (at[0] < 0x80) {
        ++*pos;
        return at[0];
    }
    if (s.len - *pos < sizeof word)
        return aw_utf8_next_rare(s, pos);
    memcpy(&word, at, sizeof word);
    word = le32toh(word);
    if (!aw_utf8_is_three(word))
        return aw_utf8_next_rare(s, pos);
    *pos += 3;
    return aw_utf8_of_word(word);
}

static inline uint32_t aw_utf8_next_valid(struct aw_str s, size_t *pos)
{
    const unsigned char *at = (const unsigned char *)s.ptr + *pos;

    if (at[0] < 0x80) {
        ++*pos;
        return at[0];
    }
    if (at[0] >> 4 != 0xE)
        return aw_utf8_next_rare(s, pos);
    *pos += 3;
    return aw_utf8_of_three(at);
}

#endif
