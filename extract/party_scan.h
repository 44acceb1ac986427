/* party_scan.h - the parts of party.c, for themselves alone.
 *
 * A scan goes over a document's blocks. Each scanner looks for its kind of
 * party in the block that is set, moves forward only, and tells what it found
 * by aw_party_found. All are linear in the text.
 */
#ifndef AW_EXTRACT_PARTY_SCAN_H
#define AW_EXTRACT_PARTY_SCAN_H

#include <string.h>

#include "base/document.h"
#include "base/utf8.h"
#include "extract/party_fold.h"
#include "extract/party_mark.h"

#define AW_PARTY_VALUE_MAX 160 /* bytes of one value */
/* A power of two, over AW_DOCUMENT_PARTIES_MAX. */
#define AW_PARTY_SLOTS 4096

/* Scans one block after the other; a scanner moves forward only. */
struct aw_party_scan {
    struct aw_document *doc;
    struct aw_err *err;
    aw_rc rc;
    size_t block;
    struct aw_str text;    /* the block, disguises folded (party_fold.h) */
    size_t at_byte, at_cp; /* the last place that was counted */
    struct aw_buf folded;
    uint32_t marks[AW_PARTY_LOW]; /* of party_mark.h */
    uint32_t seen;                /* those of text */
    size_t digits;                /* of ASCII, in text */
    size_t longest; /* bytes of the longest word of a-z, 0-9, "_" and "-" */
    uint16_t set[AW_PARTY_SLOTS]; /* 1 + index of a party; 0: free */
};

/* Notes what begins a part of an address, and what ends one. */
void aw_party_note_places(uint32_t marks[AW_PARTY_LOW]);

void aw_party_scan_names(struct aw_party_scan *scan);
void aw_party_scan_filings(struct aw_party_scan *scan); /* ICP, PSB */
void aw_party_scan_numbers(struct aw_party_scan *scan); /* codes, telephones */
void aw_party_scan_spoken(struct aw_party_scan *scan);  /* 一三八… */
void aw_party_scan_handles(struct aw_party_scan *scan); /* WeChat, QQ */
void aw_party_scan_addresses(struct aw_party_scan *scan);
void aw_party_scan_domains(struct aw_party_scan *scan);

/* Adds a telephone of so many digits, written as party.h says, that stands
 * from byte start to end; false where the digits are none. */
bool aw_party_found_phone(struct aw_party_scan *scan, struct aw_str digits,
                          size_t start, size_t end);

/* Adds the party that stands from byte start to end of scan->text, unless it
 * is known; value is copied. */
void aw_party_found(struct aw_party_scan *scan, enum aw_party_kind kind,
                    struct aw_str value, size_t start, size_t end);

/* Could there be a character of each of these marks in scan->text? */
static inline bool aw_party_has_all(const struct aw_party_scan *scan,
                                    uint32_t marks)
{
    return (scan->seen & marks) == marks;
}

/* Of one of them at least? */
static inline bool aw_party_has_any(const struct aw_party_scan *scan,
                                    uint32_t marks)
{
    return (scan->seen & marks) != 0;
}

/* NUL behind the end. */
static inline char byte_at(struct aw_str text, size_t pos)
{
    return pos < text.len ? text.ptr[pos] : '\0';
}

/* In ASCII. */
static inline bool is_alnum(char c)
{
    return aw_ascii_alpha(c) || aw_ascii_digit(c);
}

/* The text from byte pos on. */
static inline struct aw_str from(struct aw_str text, size_t pos)
{
    return aw_str_sub(text, pos, text.len);
}

/* Does mark stand at pos? */
static inline bool starts_at(struct aw_str text, size_t pos,
                             struct aw_str mark)
{
    return aw_str_starts(from(text, pos), mark);
}

/* The place of mark at or behind pos, or text.len. */
static inline size_t find_from(struct aw_str text, size_t pos,
                               struct aw_str mark)
{
    ptrdiff_t at = aw_str_find(from(text, pos), mark);

    return at < 0 ? text.len : pos + (size_t)at;
}

/* The first place of a text in scan->text, or its length; marks are bits that
 * it has. */
static inline size_t aw_party_find_first(const struct aw_party_scan *scan,
                                         uint32_t marks, struct aw_str sought)
{
    return aw_party_has_all(scan, marks) ? find_from(scan->text, 0, sought)
                                         : scan->text.len;
}

/* Where the character that ends before pos begins; pos > 0. */
static inline size_t before(struct aw_str text, size_t pos)
{
    do
        pos--;
    while (pos > 0 && ((unsigned char)text.ptr[pos] & 0xC0) == 0x80);
    return pos;
}

/* The code point at pos; 0 behind the end. */
static inline uint32_t cp_at(struct aw_str text, size_t pos)
{
    return pos < text.len ? aw_utf8_next(text, &pos) : 0;
}

static inline size_t skip_digits(struct aw_str text, size_t pos)
{
    while (aw_ascii_digit(byte_at(text, pos)))
        pos++;
    return pos;
}

static inline size_t skip_spaces(struct aw_str text, size_t pos)
{
    while (byte_at(text, pos) == ' ')
        pos++;
    return pos;
}

/* The length of mark where it stands at pos, else 0. Most differ in their
 * first bytes: a call would cost more than it compares. */
static inline size_t mark_at(struct aw_str text, size_t pos, const char *mark)
{
    size_t n = 0;

    while (mark[n] && byte_at(text, pos + n) == mark[n])
        n++;
    return mark[n] ? 0 : n;
}

/* The length of the first of these marks at pos; 0 where there is none. */
static inline size_t mark_len(struct aw_str text, size_t pos,
                              const char *const *marks)
{
    size_t len = 0;

    for (; *marks && len == 0; marks++)
        len = mark_at(text, pos, *marks);
    return len;
}

#endif
