#include "evidence/verify_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "evidence/bundle_names.h"
#include "evidence/parsed.h"
#include "evidence/wacz.h"

/* What stands in for the archive's bytes, so that a person can look at it:
 * each file must be the payload that it says it is, and be told. */

/* ---- files that are payloads --------------------------------------------
 */

/* *files counts those that are there. */
static aw_rc check_digest(const struct aw_verifying *v, struct aw_str file,
                          const char *folder, struct aw_str digest,
                          size_t *files, struct aw_err *err)
{
    char sha256[AW_SHA256_HEX_MAX];
    const struct aw_bag_file *there = aw_bag_file(v->view, file);

    if (aw_redactions_left_out(v->redactions, file))
        return AW_OK;
    ++*files;
    if (!aw_str_starts(file, aw_str_of(folder)) || !there)
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of '%.*s', which is not there",
                       AW_STR_ARG(file));
    aw_digest_hex(there->digests.sha256, sha256);
    return aw_str_eq(digest, aw_str_of(sha256)) ||
                   aw_redactions_changed(v->redactions, file)
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "'%.*s' is not what captures.json tells",
                         AW_STR_ARG(file));
}

/* Of a capture's records, sorted: each of its screenshots is one too. */
struct digests {
    struct aw_str *items;
    size_t count;
};

static int by_text(const void *a, const void *b)
{
    return aw_str_cmp(*(const struct aw_str *)a, *(const struct aw_str *)b);
}

/* The caller frees the items, if that was a success. */
static aw_rc read_digests(struct digests *out, const struct aw_parsed *capture,
                          struct aw_err *err)
{
    const struct aw_parsed *list = aw_parsed_array(capture, "records");
    const struct aw_parsed *record;

    out->count = 0;
    out->items = calloc((size_t)aw_parsed_count(list) + 1, sizeof *out->items);
    if (!out->items)
        return aw_fail(err, AW_NOMEM, "no memory for a capture's records");
    for (record = aw_parsed_first(list); record;
         record = aw_parsed_next(record))
        out->items[out->count++] = aw_parsed_str(record, "payload_digest");
    qsort(out->items, out->count, sizeof *out->items, by_text);
    return AW_OK;
}

static bool has_record(const struct digests *records, struct aw_str digest)
{
    return bsearch(&digest, records->items, records->count,
                   sizeof *records->items, by_text) != NULL;
}

static aw_rc check_boxed(const struct aw_verifying *v,
                         const struct aw_parsed *boxed, size_t *files,
                         struct aw_err *err)
{
    struct aw_str file = aw_parsed_str(boxed, "file");
    struct aw_str bytes;

    if (!boxed || aw_redactions_left_out(v->redactions, file))
        return AW_OK;
    ++*files;
    if (!aw_str_starts(file, AW_STR(AW_BUNDLE_SCREENS_DIR)) ||
        !aw_bag_find(v->view, file, &bytes))
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of '%.*s', which is not there",
                       AW_STR_ARG(file));
    return aw_parsed_true(boxed, "derived")
               ? AW_OK
               : aw_fail(err, AW_INVALID, "'%.*s' is not told as derived",
                         AW_STR_ARG(file));
}

static aw_rc check_shot(const struct aw_verifying *v,
                        const struct digests *records,
                        const struct aw_parsed *shot, size_t *files,
                        struct aw_err *err)
{
    struct aw_str digest = aw_parsed_str(shot, "sha256");
    struct aw_str file = aw_parsed_str(shot, "file");
    aw_rc rc =
        check_digest(v, file, AW_BUNDLE_SCREENS_DIR, digest, files, err);

    if (rc == AW_OK && !has_record(records, digest))
        rc = aw_fail(err, AW_INVALID, "'%.*s' is no record of its capture",
                     AW_STR_ARG(file));
    return rc == AW_OK
               ? check_boxed(v, aw_parsed_member(shot, "boxed"), files, err)
               : rc;
}

static aw_rc check_shots(const struct aw_verifying *v,
                         const struct aw_parsed *capture, size_t *files,
                         struct aw_err *err)
{
    const struct aw_parsed *shot =
        aw_parsed_first(aw_parsed_array(capture, "screenshots"));
    struct digests records;
    aw_rc rc;

    if (!shot)
        return AW_OK;
    rc = read_digests(&records, capture, err);
    if (rc != AW_OK)
        return rc;
    for (; shot && rc == AW_OK; shot = aw_parsed_next(shot))
        rc = check_shot(v, &records, shot, files, err);
    free(records.items);
    return rc;
}

static aw_rc check_payload(const struct aw_verifying *v,
                           const struct aw_parsed *capture, const char *name,
                           const char *folder, size_t *files,
                           struct aw_err *err)
{
    if (!aw_parsed_member(capture, name))
        return AW_OK;
    return check_digest(v, aw_parsed_str(capture, name), folder,
                        aw_parsed_str(capture, "payload_digest"), files, err);
}

static size_t count_below(const struct aw_bag_view *bag, const char *folder,
                          const char *end)
{
    size_t count = 0;

    for (size_t i = 0; i < bag->count; i++)
        count += aw_str_starts(bag->files[i].name, aw_str_of(folder)) &&
                 aw_str_ends(bag->files[i].name, aw_str_of(end));
    return count;
}

/* All that is there is told of: as many files, each of them looked at. */
static aw_rc check_counts(const struct aw_bag_view *bag, size_t shots,
                          size_t doms, size_t originals, struct aw_err *err)
{
    const struct {
        const char *folder, *end;
        size_t told;
    } kinds[] = {{AW_BUNDLE_SCREENS_DIR, "", shots},
                 {AW_BUNDLE_TEXTS_DIR, ".dom.html", doms},
                 {AW_BUNDLE_ORIGINALS_DIR, "", originals}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t there = count_below(bag, kinds[i].folder, kinds[i].end);

        if (there != kinds[i].told)
            return aw_fail(err, AW_INVALID,
                           "captures.json tells of %zu files '%s...%s', there "
                           "are %zu",
                           kinds[i].told, kinds[i].folder, kinds[i].end,
                           there);
    }
    return AW_OK;
}

static aw_rc check_exhibits(const struct aw_verifying *v,
                            const struct aw_parsed *captures,
                            char what[AW_WHAT_MAX], struct aw_err *err)
{
    size_t shots = 0;
    size_t doms = 0;
    size_t originals = 0;
    const struct aw_parsed *capture;
    aw_rc rc = AW_OK;

    for (capture = aw_parsed_first(captures); capture;
         capture = aw_parsed_next(capture)) {
        rc = check_shots(v, capture, &shots, err);
        if (rc == AW_OK)
            rc = check_payload(v, capture, "dom", AW_BUNDLE_TEXTS_DIR, &doms,
                               err);
        if (rc == AW_OK)
            rc = check_payload(v, capture, "original", AW_BUNDLE_ORIGINALS_DIR,
                               &originals, err);
        if (rc != AW_OK)
            return rc;
    }
    (void)snprintf(what, AW_WHAT_MAX,
                   "%zu screenshots and copies, %zu rendered pages, %zu "
                   "originals, as captured",
                   shots, doms, originals);
    return check_counts(v->view, shots, doms, originals, err);
}

aw_rc aw_verify_exhibits(struct aw_verifying *v, char what[AW_WHAT_MAX],
                         struct aw_err *err)
{
    aw_rc rc = aw_verifying_load(v, err);

    return rc == AW_OK
               ? check_exhibits(v, aw_parsed_array(v->captures, "captures"),
                                what, err)
               : rc;
}

/* ---- WACZ files ---------------------------------------------------------
 */

static bool has_wacz(const struct aw_verifying *v,
                     const struct aw_parsed *capture)
{
    return aw_parsed_member(capture, "wacz") &&
           !aw_redactions_left_out(v->redactions,
                                   aw_parsed_str(capture, "wacz"));
}

aw_rc aw_verify_capture_wacz(const struct aw_verifying *v,
                             const struct aw_parsed *capture,
                             const struct aw_wacz_known *known,
                             struct aw_err *err)
{
    struct aw_str file = aw_parsed_str(capture, "wacz");
    char what[AW_WACZ_WHAT_MAX];
    struct aw_str wacz;
    struct aw_str warc;
    aw_rc rc;

    if (!has_wacz(v, capture))
        return AW_OK;
    if (!aw_str_starts(file, AW_STR(AW_BUNDLE_CAPTURES_DIR)) ||
        !aw_bag_find(v->view, file, &wacz) ||
        !aw_bag_find(v->view, aw_parsed_str(capture, "file"), &warc))
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of '%.*s', which is not there",
                       AW_STR_ARG(file));
    rc = aw_wacz_check(wacz, warc, known, what, err);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%.*s'", AW_STR_ARG(file));
}

/* Those that are good were looked at with their WARC files. */
aw_rc aw_verify_wacz(struct aw_verifying *v, char what[AW_WHAT_MAX],
                     struct aw_err *err)
{
    const struct aw_parsed *capture;
    size_t count = 0;
    size_t at = 0;
    aw_rc rc = aw_verifying_load(v, err);

    for (capture = aw_parsed_first(aw_parsed_array(v->captures, "captures"));
         capture && rc == AW_OK; capture = aw_parsed_next(capture), at++) {
        if (at >= v->whole)
            rc = aw_verify_capture_wacz(v, capture, NULL, err);
        count += has_wacz(v, capture);
    }
    if (rc == AW_OK &&
        count != count_below(v->view, AW_BUNDLE_CAPTURES_DIR, ".wacz"))
        rc =
            aw_fail(err, AW_INVALID, "there are WACZ files that are not told");
    (void)snprintf(what, AW_WHAT_MAX, "%zu WACZ files with the WARC's bytes",
                   count);
    return rc;
}

/* ---- texts --------------------------------------------------------------
 */

/* So many code points apart places in a text are known: what is walked through
 * to find a quote is no longer than that. */
#define STEP ((size_t)1024)

/* Bytes of all quotes of one text: as claims may overlap, and many findings
 * may be of one page, some times its own. */
#define QUOTED_FREE ((size_t)16 << 20)
#define QUOTED_TIMES 64

/* Where a block begins, and its length, in code points of the text. */
struct span {
    int64_t start, length;
};

struct texts {
    const struct aw_verifying *v;
    struct aw_quotes *told;
    size_t quotes, lost; /* that are told as not found */
    /* Of the text at hand. */
    struct aw_str text;
    size_t *steps; /* where each STEPth code point begins */
    struct span *blocks;
    size_t block_count;
    size_t quoted; /* bytes */
};

/* The places of one text; the caller frees both. */
static aw_rc begin_text(struct texts *t, size_t blocks, struct aw_err *err)
{
    struct aw_str text = t->text;
    size_t points = 0;

    t->block_count = 0;
    t->quoted = 0;
    t->steps = calloc(text.len / STEP + 2, sizeof *t->steps);
    t->blocks = calloc(blocks + 1, sizeof *t->blocks);
    if (!t->steps || !t->blocks)
        return aw_fail(err, AW_NOMEM, "no memory for the places of a text");
    for (size_t at = 0; at < text.len; points++) {
        if (points % STEP == 0)
            t->steps[points / STEP] = at;
        (void)aw_utf8_next(text, &at);
    }
    return AW_OK;
}

/* Where code point number n begins, which is in the text: behind each block is
 * a line break. */
static size_t offset_of(const struct texts *t, int64_t n)
{
    size_t from = t->steps[(size_t)n / STEP];
    struct aw_str rest = aw_str_sub(t->text, from, t->text.len);

    return from + aw_utf8_offset(rest, (size_t)n % STEP);
}

static struct aw_str points(const struct texts *t, int64_t block,
                            int64_t start, int64_t end)
{
    const struct span *span = &t->blocks[block];
    size_t from;

    if (start < 0 || end < start || end > span->length)
        return AW_STR("");
    from = offset_of(t, span->start + start);
    return aw_str_sub(t->text, from, offset_of(t, span->start + end) - from);
}

/* The blocks, a line each, are the text; each begins where it says. */
static aw_rc check_blocks(struct texts *t, const struct aw_parsed *blocks,
                          struct aw_err *err)
{
    const struct aw_parsed *block;
    struct aw_str text = t->text;
    int64_t at = 0;

    for (block = aw_parsed_first(blocks); block;
         block = aw_parsed_next(block)) {
        struct aw_str part = aw_parsed_str(block, "text");
        struct span span = {-1, -1};

        (void)aw_parsed_whole(block, "start", &span.start);
        (void)aw_parsed_whole(block, "length", &span.length);
        if (span.start != at || span.length != (int64_t)aw_utf8_count(part) ||
            !aw_str_starts(text, part) || text.len == part.len ||
            text.ptr[part.len] != '\n')
            return aw_fail(err, AW_INVALID,
                           "a block is not where it says it is");
        t->blocks[t->block_count++] = span;
        text = aw_str_sub(text, part.len + 1, text.len);
        at += span.length + 1;
    }
    return text.len == 0
               ? AW_OK
               : aw_fail(err, AW_INVALID, "there is text behind the blocks");
}

static aw_rc check_place(struct texts *t, const struct aw_parsed *quote,
                         struct aw_str wanted, struct aw_err *err)
{
    int64_t block = -1;
    int64_t start = -1;
    int64_t end = -1;

    (void)aw_parsed_whole(quote, "block", &block);
    (void)aw_parsed_whole(quote, "start", &start);
    (void)aw_parsed_whole(quote, "end", &end);
    t->quoted += wanted.len;
    if (t->quoted > QUOTED_FREE + QUOTED_TIMES * t->text.len)
        return aw_fail(err, AW_LIMIT,
                       "more quotes than are looked for in a text so long");
    return block >= 0 && block < (int64_t)t->block_count &&
                   aw_redactions_same(t->v->redactions,
                                      points(t, block, start, end), wanted)
               ? AW_OK
               : aw_fail(err, AW_INVALID, "it is not at its place");
}

static aw_rc check_quote(struct texts *t, const struct aw_parsed *quote,
                         struct aw_err *err)
{
    int64_t finding = 0;
    int64_t claim = -1;
    struct aw_str wanted;
    aw_rc rc = AW_OK;

    (void)aw_parsed_whole(quote, "finding", &finding);
    (void)aw_parsed_whole(quote, "claim", &claim);
    wanted = aw_quotes_of(t->told, finding, claim);
    if (wanted.len == 0)
        return aw_fail(err, AW_INVALID, "finding %lld has no claim %lld",
                       (long long)finding, (long long)claim);
    t->quotes++;
    if (aw_parsed_true(quote, "found"))
        rc = check_place(t, quote, wanted, err);
    else
        t->lost++;
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "claim %lld of finding %lld",
                                    (long long)claim, (long long)finding);
}

static aw_rc check_parts(struct texts *t, const struct aw_parsed *json,
                         struct aw_err *err)
{
    const struct aw_parsed *blocks = aw_parsed_array(json, "blocks");
    const struct aw_parsed *quote;
    aw_rc rc = begin_text(t, (size_t)aw_parsed_count(blocks), err);

    if (rc == AW_OK)
        rc = check_blocks(t, blocks, err);
    for (quote = aw_parsed_first(aw_parsed_array(json, "quotes"));
         quote && rc == AW_OK; quote = aw_parsed_next(quote))
        rc = check_quote(t, quote, err);
    free(t->steps);
    free(t->blocks);
    return rc;
}

static aw_rc check_text(struct texts *t, const struct aw_parsed *capture,
                        struct aw_err *err)
{
    struct aw_str file = aw_parsed_str(capture, "blocks");
    struct aw_parsed *json = NULL;
    aw_rc rc;

    if (!aw_bag_find(t->v->view, aw_parsed_str(capture, "text"), &t->text))
        return aw_fail(err, AW_INVALID, "the text of a capture is not there");
    rc = aw_parsed_load(t->v->view, file, &json, err);
    if (rc == AW_OK)
        rc = check_parts(t, json, err);
    aw_parsed_free(json);
    return rc == AW_OK ? AW_OK : aw_fail_in(err, "'%.*s'", AW_STR_ARG(file));
}

aw_rc aw_verify_texts(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    struct texts t = {.v = v};
    const struct aw_parsed *capture;
    size_t count = 0;
    aw_rc rc = aw_verifying_load(v, err);

    if (rc == AW_OK)
        rc = aw_quotes_new(&t.told, v->view, err);
    for (capture = aw_parsed_first(aw_parsed_array(v->captures, "captures"));
         capture; capture = aw_parsed_next(capture)) {
        if (rc != AW_OK || !aw_parsed_member(capture, "blocks"))
            continue;
        rc = check_text(&t, capture, err);
        count++;
    }
    if (rc == AW_OK &&
        count != count_below(v->view, AW_BUNDLE_TEXTS_DIR, ".blocks.json"))
        rc = aw_fail(err, AW_INVALID, "there are texts that are not told");
    (void)snprintf(what, AW_WHAT_MAX,
                   "%zu texts, %zu quotes at their places, %zu told as not "
                   "found",
                   count, t.quotes - t.lost, t.lost);
    aw_quotes_free(t.told);
    return rc;
}
