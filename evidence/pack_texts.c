#include "evidence/pack.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "crawler/captured.h"
#include "evidence/zip.h"

#define TEXT_MAX ((size_t)64 << 20) /* bytes of one file */
#define NAME_MAX_ 80                /* bytes of what is kept of a name */

/* ---- reading anew -------------------------------------------------------
 */

static struct aw_str channel_of(const struct aw_packing *p,
                                const struct aw_capture *capture)
{
    for (size_t i = 0; i < p->c->finding_count; i++)
        if (aw_str_eq(p->c->findings[i].finding.url, capture->url))
            return p->c->findings[i].finding.channel;
    return AW_STR("web");
}

static aw_rc ask(struct aw_packing *p, struct aw_captured *captured,
                 const struct aw_capture *capture, enum aw_show show,
                 struct aw_sighted *out, struct aw_err *err)
{
    struct aw_extract_input input;
    aw_rc rc =
        aw_captured_input(captured, capture, p->config->config,
                          channel_of(p, capture), &p->c->arena, &input, err);

    input.show = show;
    return rc == AW_OK
               ? aw_sight_ask(p->config->sight, &input, &p->c->arena, out, err)
               : rc;
}

aw_rc aw_pack_sight(struct aw_packing *p, const struct aw_capture *capture,
                    enum aw_show show, struct aw_sighted *out,
                    struct aw_err *err)
{
    struct aw_captured_at at = aw_captured_at(capture);
    struct aw_captured captured = {0};
    aw_rc rc;

    if (!p->config->sight)
        return aw_fail(err, AW_READER, "no reader is there");
    rc = aw_captured_open(&captured, p->config->archive_dir, &at, err);
    if (rc == AW_OK)
        rc = ask(p, &captured, capture, show, out, err);
    aw_captured_close(&captured);
    return rc;
}

/* ---- where the claims stand ---------------------------------------------
 */

bool aw_case_is_seen_on(const struct aw_case *c,
                        const struct aw_case_finding *finding,
                        const struct aw_case_capture *capture)
{
    size_t of = capture->of;

    if (capture->part == AW_PART_LANDING || capture->part == AW_PART_REDIRECT)
        return false;
    return of == c->captures[finding->first].of ||
           of == c->captures[finding->last].of;
}

/* A quote in the text that was read now. */
struct quote_place {
    bool found;
    int64_t block, start, end; /* code points of the block */
};

static struct quote_place as_stored(const struct aw_sighted *seen,
                                    const struct aw_claim_row *claim)
{
    struct quote_place none = {0};
    struct aw_str text;
    size_t from;
    size_t to;

    if (claim->block < 0 || (size_t)claim->block >= seen->text_count ||
        claim->start < 0 || claim->end < claim->start)
        return none;
    text = seen->texts[claim->block].text;
    from = aw_utf8_offset(text, (size_t)claim->start);
    to = aw_utf8_offset(text, (size_t)claim->end);
    if (!aw_str_eq(aw_str_sub(text, from, to - from), claim->quote))
        return none;
    return (struct quote_place){true, claim->block, claim->start, claim->end};
}

/* A browser, or a later version of the page, has other blocks. */
static struct quote_place look_for(const struct aw_sighted *seen,
                                   const struct aw_claim_row *claim)
{
    struct quote_place place = as_stored(seen, claim);

    for (size_t i = 0; i < seen->text_count && !place.found; i++) {
        struct aw_str text = seen->texts[i].text;
        ptrdiff_t at = aw_str_find(text, claim->quote);

        if (at < 0)
            continue;
        place.found = true;
        place.block = (int64_t)i;
        place.start = (int64_t)aw_utf8_count(aw_str_sub(text, 0, (size_t)at));
        place.end = place.start + (int64_t)aw_utf8_count(claim->quote);
    }
    return place;
}

/* What is transparent, clipped or off the page has a place of its own. */
static bool has_place(const struct aw_answer_block *block)
{
    static const enum aw_hidden nowhere[] = {AW_HIDDEN_ELEMENT,
                                             AW_HIDDEN_ATTRIBUTE,
                                             AW_HIDDEN_DISPLAY};

    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        if (aw_str_eq(block->hidden, aw_str_of(aw_hidden_name(nowhere[i]))))
            return false;
    return true;
}

bool aw_pack_is_nowhere(const struct aw_sighted *seen,
                        const struct aw_claim_row *claim)
{
    struct quote_place place = as_stored(seen, claim);

    if (place.found)
        return !has_place(&seen->texts[place.block]);
    place = look_for(seen, claim);
    for (size_t i = 0; place.found && i < seen->text_count; i++)
        if (has_place(&seen->texts[i]) &&
            aw_str_find(seen->texts[i].text, claim->quote) >= 0)
            return false;
    return place.found;
}

static void put_quote(struct aw_buf *out, const struct aw_sighted *seen,
                      const struct aw_case_finding *finding, size_t claim)
{
    const struct aw_claim_row *row = &finding->finding.claims[claim];
    struct quote_place place = look_for(seen, row);

    aw_json_open(out, NULL, '{');
    aw_json_int(out, "finding", finding->finding.id);
    aw_json_int(out, "claim", (int64_t)claim);
    aw_json_bool(out, "found", place.found);
    if (place.found) {
        aw_json_int(out, "block", place.block);
        aw_json_int(out, "start", place.start);
        aw_json_int(out, "end", place.end);
    }
    aw_json_close(out, '}');
}

/* Claims without a quote tell of what is not there. */
static void put_quotes(struct aw_buf *out, const struct aw_case *c,
                       const struct aw_case_capture *capture,
                       const struct aw_sighted *seen)
{
    aw_json_open(out, "quotes", '[');
    for (size_t i = 0; i < c->finding_count; i++) {
        const struct aw_case_finding *finding = &c->findings[i];

        if (!aw_case_is_seen_on(c, finding, capture))
            continue;
        for (size_t j = 0; j < finding->finding.claim_count; j++)
            if (finding->finding.claims[j].quote.len > 0)
                put_quote(out, seen, finding, j);
    }
    aw_json_close(out, ']');
}

/* ---- the text, and its blocks -------------------------------------------
 */

static void put_blocks(struct aw_buf *out, struct aw_buf *text,
                       const struct aw_sighted *seen)
{
    int64_t start = 0;

    aw_json_open(out, "blocks", '[');
    for (size_t i = 0; i < seen->text_count; i++) {
        const struct aw_answer_block *block = &seen->texts[i];
        int64_t points = (int64_t)aw_utf8_count(block->text);

        aw_json_open(out, NULL, '{');
        aw_json_text(out, "kind", block->kind);
        aw_json_text(out, "hidden", block->hidden);
        aw_json_int(out, "start", start);
        aw_json_int(out, "length", points);
        aw_json_text(out, "text", block->text);
        aw_json_close(out, '}');
        aw_buf_put(text, block->text);
        aw_buf_putc(text, '\n');
        start += points + 1;
    }
    aw_json_close(out, ']');
}

static aw_rc put_files(struct aw_packing *p, struct aw_packed *packed,
                       struct aw_str text, struct aw_str json,
                       struct aw_err *err)
{
    const struct aw_capture *capture = &packed->capture->capture;
    aw_rc rc = aw_packing_name(p, &packed->text, err,
                               AW_BUNDLE_TEXTS_DIR "capture-%lld.txt",
                               (long long)capture->id);

    if (rc == AW_OK)
        rc = aw_packing_name(p, &packed->blocks, err,
                             AW_BUNDLE_TEXTS_DIR "capture-%lld.blocks.json",
                             (long long)capture->id);
    if (rc == AW_OK)
        rc = aw_packing_put_derived(p, packed->text.ptr, text,
                                    capture->fetched_ms, err);
    return rc == AW_OK ? aw_packing_put_derived(p, packed->blocks.ptr, json,
                                                capture->fetched_ms, err)
                       : rc;
}

static aw_rc put_text(struct aw_packing *p, struct aw_packed *packed,
                      const struct aw_sighted *seen, struct aw_err *err)
{
    struct aw_buf text;
    struct aw_buf json;
    aw_rc rc;

    aw_buf_init(&text, TEXT_MAX);
    aw_buf_init(&json, 4 * TEXT_MAX);
    aw_json_open(&json, NULL, '{');
    aw_json_int(&json, "capture", packed->capture->capture.id);
    aw_json_text(&json, "charset", seen->charset);
    aw_json_text(&json, "charset_why", seen->charset_why);
    aw_json_text(&json, "note", seen->note);
    aw_json_bool(&json, "cut", seen->texts_cut);
    aw_json_text(&json, "text_digest", seen->text_digest);
    put_blocks(&json, &text, seen);
    put_quotes(&json, p->c, packed->capture, seen);
    aw_json_close(&json, '}');
    aw_buf_putc(&json, '\n');
    rc = aw_buf_check(&text, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&json, err);
    if (rc == AW_OK)
        rc = put_files(p, packed, aw_buf_str(&text), aw_buf_str(&json), err);
    aw_buf_deinit(&text);
    aw_buf_deinit(&json);
    return rc;
}

/* A page that cannot be read is told so: its bytes are there all the same. */
static aw_rc read_text(struct aw_packing *p, struct aw_packed *packed,
                       struct aw_err *err)
{
    struct aw_sighted *seen = aw_arena_alloc(&p->c->arena, sizeof *seen);
    struct aw_err why;
    aw_rc rc;

    if (!seen)
        return aw_arena_fail(&p->c->arena, err);
    rc = aw_pack_sight(p, &packed->capture->capture, AW_SHOW_BLOCKS, seen,
                       &why);
    if (rc == AW_READER)
        return aw_arena_dup(&p->c->arena, aw_str_of(why.msg),
                            &packed->text_why, err);
    if (rc != AW_OK)
        return aw_fail(err, rc, "%s", why.msg);
    packed->seen = seen;
    return put_text(p, packed, seen, err);
}

/* ---- what the capture's bytes are, as a file ----------------------------
 */

/* Letters of ASCII and Chinese ones: no name of a file system of whoever opens
 * the bundle is anything else. Ranges of Han have holes, which the zip
 * refuses. */
static bool is_kept(uint32_t cp, struct aw_str text)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
           (cp >= 'a' && cp <= 'z') || cp == '-' || cp == '_' ||
           (aw_is_han(cp) && !aw_zip_name_fault(text));
}

/* Of the name under which it came. */
static void safe_name(struct aw_str given, char out[NAME_MAX_ + 1])
{
    struct aw_str cut = aw_utf8_cut(given, NAME_MAX_);
    size_t len = 0;
    size_t pos = 0;

    while (pos < cut.len) {
        size_t from = pos;
        uint32_t cp = aw_utf8_next(cut, &pos);
        bool dot = cp == '.' && len > 0 && out[len - 1] != '.';

        if (dot || is_kept(cp, aw_str_sub(cut, from, pos - from))) {
            memcpy(out + len, cut.ptr + from, pos - from);
            len += pos - from;
        } else {
            out[len++] = '_';
        }
    }
    while (len > 0 && out[len - 1] == '.')
        len--;
    out[len] = '\0';
}

static struct aw_str given_name(const struct aw_packing *p,
                                const struct aw_capture *capture)
{
    for (size_t i = 0; i < p->c->finding_count; i++) {
        const struct aw_finding *f = &p->c->findings[i].finding;

        for (size_t j = 0; j < f->hand_in_count; j++)
            if (f->hand_ins[j].capture == capture->id)
                return f->hand_ins[j].name.len > 0 ? f->hand_ins[j].name
                                                   : f->hand_ins[j].file;
    }
    return AW_STR("");
}

static aw_rc put_bytes(struct aw_packing *p, struct aw_packed *packed,
                       struct aw_str name, struct aw_err *err)
{
    const struct aw_capture *capture = &packed->capture->capture;
    struct aw_captured_at at = aw_captured_at(capture);
    struct aw_captured captured = {0};
    aw_rc rc = aw_captured_open(&captured, p->config->archive_dir, &at, err);

    if (rc == AW_OK)
        rc = aw_packing_put(p, name.ptr, captured.body, capture->fetched_ms,
                            err);
    aw_captured_close(&captured);
    return rc;
}

static aw_rc put_original(struct aw_packing *p, struct aw_packed *packed,
                          struct aw_err *err)
{
    const struct aw_capture *capture = &packed->capture->capture;
    char name[NAME_MAX_ + 1];
    aw_rc rc;

    safe_name(given_name(p, capture), name);
    rc = aw_packing_name(p, &packed->original, err,
                         AW_BUNDLE_ORIGINALS_DIR "hand-in-%lld-%s",
                         (long long)capture->id, name[0] ? name : "unnamed");
    return rc == AW_OK ? put_bytes(p, packed, packed->original, err) : rc;
}

static aw_rc put_dom(struct aw_packing *p, struct aw_packed *packed,
                     struct aw_err *err)
{
    aw_rc rc = aw_packing_name(p, &packed->dom, err,
                               AW_BUNDLE_TEXTS_DIR "capture-%lld.dom.html",
                               (long long)packed->capture->capture.id);

    return rc == AW_OK ? put_bytes(p, packed, packed->dom, err) : rc;
}

aw_rc aw_pack_texts(struct aw_packing *p, struct aw_packed *packed,
                    struct aw_err *err)
{
    enum aw_capture_part part = packed->capture->part;
    aw_rc rc = AW_OK;

    if (part == AW_PART_REDIRECT)
        return AW_OK;
    if (part == AW_PART_HAND_IN)
        rc = put_original(p, packed, err);
    else if (packed->capture->rendered)
        rc = put_dom(p, packed, err);
    return rc == AW_OK ? read_text(p, packed, err) : rc;
}
