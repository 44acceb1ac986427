#include "extract/party.h"

#include "base/hash.h"
#include "extract/party_scan.h"

#define FOLDED_MAX AW_DOCUMENT_ARENA_MAX

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

static void note_bytes(struct aw_party_scan *scan)
{
    memset(scan->seen, 0, sizeof scan->seen);
    for (size_t i = 0; i < scan->text.len; i++)
        scan->seen[(unsigned char)scan->text.ptr[i]] = true;
}

/* Most blocks are short and lack one of its bytes: they need no search. */
size_t aw_party_find_first(const struct aw_party_scan *scan,
                           struct aw_str mark)
{
    for (size_t i = 0; i < mark.len; i++)
        if (!scan->seen[(unsigned char)mark.ptr[i]])
            return scan->text.len;
    return find_from(scan->text, 0, mark);
}

/* Full-width "！" to "～" are U+FF01 to U+FF5E: as many code points, but one
 * byte each. Brackets stay, since names have them. */
static bool is_full_width(uint32_t cp)
{
    return cp >= 0xFF10 && cp <= 0xFF5A;
}

static aw_rc fold(struct aw_party_scan *scan, struct aw_str text)
{
    aw_buf_reset(&scan->folded);
    scan->text = text;
    if (aw_str_find(text, AW_STR("\xEF\xBC")) < 0 &&
        aw_str_find(text, AW_STR("\xEF\xBD")) < 0)
        return AW_OK;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next(text, &pos);

        aw_utf8_put(&scan->folded, is_full_width(cp) ? cp - 0xFEE0 : cp);
    }
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
    note_bytes(scan);
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
