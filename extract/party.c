#include "extract/party.h"

#include "base/hash.h"
#include "extract/party_scan.h"

#define FOLDED_MAX AW_DOCUMENT_ARENA_MAX
#define FULL_WIDTH 0xFEE0u /* from ASCII to the full-width form */

static bool is_same(const struct aw_party *a, const struct aw_party *b)
{
    return a->kind == b->kind && aw_str_eq(a->value, b->value);
}

static aw_rc add_party(struct aw_document *doc, struct aw_party party,
                       struct aw_err *err)
{
    aw_rc rc = aw_document_add_party(doc, party, err);

    return rc == AW_LIMIT ? AW_OK : rc;
}

aw_rc aw_party_add(struct aw_document *doc, struct aw_party party,
                   struct aw_err *err)
{
    for (size_t i = 0; i < doc->party_count; i++)
        if (is_same(&doc->parties[i], &party))
            return AW_OK;
    return add_party(doc, party, err);
}

/* The slot of an equal party, or the free one where it belongs. */
static uint16_t *find_slot(struct aw_party_scan *scan,
                           const struct aw_party *party)
{
    size_t at = (size_t)aw_hash64(party->value) + (size_t)party->kind;

    for (;; at++) {
        uint16_t *slot = &scan->set[at % AW_PARTY_SLOTS];

        if (*slot == 0 || is_same(&scan->doc->parties[*slot - 1], party))
            return slot;
    }
}

static void remember(struct aw_party_scan *scan)
{
    for (size_t i = 0; i < scan->doc->party_count; i++)
        *find_slot(scan, &scan->doc->parties[i]) = (uint16_t)(i + 1);
}

/* Code points before a byte of the block. */
static size_t count_to(struct aw_party_scan *scan, size_t byte)
{
    if (byte < scan->at_byte)
        scan->at_byte = scan->at_cp = 0;
    scan->at_cp += aw_utf8_count(
        aw_str_sub(scan->text, scan->at_byte, byte - scan->at_byte));
    scan->at_byte = byte;
    return scan->at_cp;
}

void aw_party_found(struct aw_party_scan *scan, enum aw_party_kind kind,
                    struct aw_str value, size_t byte)
{
    struct aw_party party = {.kind = kind,
                             .value = value,
                             .block = scan->block};
    uint16_t *slot;
    size_t before = scan->doc->party_count;

    if (scan->rc != AW_OK || before >= AW_DOCUMENT_PARTIES_MAX)
        return;
    slot = find_slot(scan, &party);
    if (*slot != 0)
        return;
    party.start = count_to(scan, byte);
    scan->rc = add_party(scan->doc, party, scan->err);
    if (scan->doc->party_count > before)
        *slot = (uint16_t)(before + 1);
}

/* A block's text is well-formed. */
static void note_seen(struct aw_party_scan *scan)
{
    memset(scan->seen, 0, sizeof scan->seen);
    for (size_t pos = 0; pos < scan->text.len;) {
        uint32_t cp = aw_utf8_next_valid(scan->text, &pos) % AW_PARTY_SEEN;

        scan->seen[cp / 64] |= (uint64_t)1 << cp % 64;
    }
}

/* In Chinese text, most eight bytes in a row hold no ASCII. */
static bool has_alnum(struct aw_str text)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t word;

    for (size_t i = 0; i < text.len; i++) {
        while (text.len - i > sizeof word) {
            memcpy(&word, text.ptr + i, sizeof word);
            if ((word & high) != high)
                break;
            i += sizeof word;
        }
        if (is_alnum(text.ptr[i]))
            return true;
    }
    return false;
}

/* Most blocks are short and lack one of its characters: they need no
 * search. */
size_t aw_party_find_first(const struct aw_party_scan *scan,
                           struct aw_str mark)
{
    if (!scan->alnum && is_alnum(mark.ptr[0]))
        return scan->text.len;
    for (size_t pos = 0; pos < mark.len;) {
        uint32_t cp = aw_utf8_next_valid(mark, &pos) % AW_PARTY_SEEN;

        if (!(scan->seen[cp / 64] >> cp % 64 & 1))
            return scan->text.len;
    }
    return find_from(scan->text, 0, mark);
}

/* The next full-width digit or letter, "０" to "ｚ" (U+FF10 to U+FF5A), and
 * what stands between: as many code points, but three bytes each. Brackets
 * stay, since names have them. */
static size_t find_full_width(struct aw_str text, size_t pos)
{
    for (;; pos++) {
        const unsigned char *at;

        if (pos + 3 > text.len)
            return text.len;
        at = memchr(text.ptr + pos, 0xEF, text.len - pos - 2);
        if (!at)
            return text.len;
        pos = (size_t)((const char *)at - text.ptr);
        if ((at[1] == 0xBC && at[2] >= 0x90) ||
            (at[1] == 0xBD && at[2] <= 0x9A))
            return pos;
    }
}

static aw_rc fold(struct aw_party_scan *scan, struct aw_str text)
{
    size_t from = 0;
    size_t at = find_full_width(text, 0);

    aw_buf_reset(&scan->folded);
    scan->text = text;
    if (at == text.len)
        return AW_OK;
    while (at < text.len) {
        aw_buf_append(&scan->folded, text.ptr + from, at - from);
        aw_utf8_put(&scan->folded, aw_utf8_next(text, &at) - FULL_WIDTH);
        from = at;
        at = find_full_width(text, at);
    }
    aw_buf_append(&scan->folded, text.ptr + from, text.len - from);
    scan->text = aw_buf_str(&scan->folded);
    return aw_buf_check(&scan->folded, scan->err);
}

static void scan_block(struct aw_party_scan *scan)
{
    static void (*const scanners[])(
        struct aw_party_scan *) = {aw_party_scan_names, aw_party_scan_filings,
                                   aw_party_scan_numbers,
                                   aw_party_scan_handles};

    scan->rc = fold(scan, scan->doc->blocks[scan->block].text);
    note_seen(scan);
    scan->alnum = has_alnum(scan->text);
    for (size_t i = 0;
         i < sizeof scanners / sizeof scanners[0] && scan->rc == AW_OK; i++) {
        scan->at_byte = scan->at_cp = 0;
        scanners[i](scan);
    }
}

aw_rc aw_party_scan(struct aw_document *doc, struct aw_err *err)
{
    struct aw_party_scan scan = {.doc = doc, .err = err};

    aw_buf_init(&scan.folded, FOLDED_MAX);
    remember(&scan);
    for (; scan.block < doc->block_count && scan.rc == AW_OK; scan.block++)
        scan_block(&scan);
    aw_buf_deinit(&scan.folded);
    return scan.rc;
}
