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
                    struct aw_str value, size_t start, size_t end)
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
    party.start = count_to(scan, start);
    party.end = count_to(scan, end);
    scan->rc = add_party(scan->doc, party, scan->err);
    if (scan->doc->party_count > before)
        *slot = (uint16_t)(before + 1);
}

/* Some in disguise have three bytes, none of them between 2E80 and FE0D. */
static bool is_disguise(uint32_t cp)
{
    return (cp < 0x3000 || cp >= 0xFE0E) && aw_party_fold(cp) != cp;
}

/* What is in the text, in one pass, so that scanners need not look for what is
 * not there; true where there are disguises in it. Its text is well-formed. */
static bool note_seen(struct aw_party_scan *scan)
{
    struct aw_str text = scan->text;
    bool disguised = false;
    uint32_t seen = 0;
    size_t word = 0;

    scan->digits = scan->longest = 0;
    for (size_t pos = 0; pos < text.len;) {
        uint32_t cp = aw_utf8_next_valid(text, &pos);

        seen |= scan->marks[cp % AW_PARTY_LOW];
        if (cp >= 0x80) {
            word = 0;
            disguised |= is_disguise(cp);
            continue;
        }
        scan->digits += cp - '0' < 10;
        word = is_alnum((char)cp) || cp == '_' || cp == '-' ? word + 1 : 0;
        if (word > scan->longest)
            scan->longest = word;
    }
    scan->seen = seen;
    return disguised;
}

/* The block, in folded and seen anew where it has disguises. */
static aw_rc fold(struct aw_party_scan *scan)
{
    struct aw_str text = scan->doc->blocks[scan->block].text;

    scan->text = text;
    if (!note_seen(scan))
        return AW_OK;
    aw_buf_reset(&scan->folded);
    for (size_t pos = 0; pos < text.len;)
        aw_utf8_put(&scan->folded,
                    aw_party_fold(aw_utf8_next_valid(text, &pos)));
    scan->text = aw_buf_str(&scan->folded);
    (void)note_seen(scan);
    return aw_buf_check(&scan->folded, scan->err);
}

static void scan_block(struct aw_party_scan *scan)
{
    static void (*const scanners[])(struct aw_party_scan *) = {
        aw_party_scan_names,   aw_party_scan_filings, aw_party_scan_numbers,
        aw_party_scan_spoken,  aw_party_scan_handles, aw_party_scan_addresses,
        aw_party_scan_domains,
    };

    scan->rc = fold(scan);
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
    aw_party_marks_init(scan.marks);
    aw_party_note_places(scan.marks);
    remember(&scan);
    for (; scan.block < doc->block_count && scan.rc == AW_OK; scan.block++)
        scan_block(&scan);
    if (scan.rc == AW_OK)
        scan.rc = aw_party_add_host(doc, err);
    aw_buf_deinit(&scan.folded);
    return scan.rc;
}
