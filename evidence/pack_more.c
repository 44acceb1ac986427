#include "evidence/pack.h"

#include <stdio.h>

#include "evidence/wacz.h"

#define WACZ_MAX ((size_t)600 << 20)
#define PAGE_TEXT_MAX ((size_t)256 << 10) /* bytes, for searching */
#define JSON_MAX ((size_t)16 << 20)

/* ---- WACZ ---------------------------------------------------------------
 */

/* The answer with which the replay of the page begins; 0: there is none. */
static int64_t answer_ms(const struct aw_case_capture *capture)
{
    for (size_t i = 0; i < capture->record_count; i++)
        if (aw_str_eq(capture->records[i].type, AW_STR("response")) &&
            aw_str_eq(capture->records[i].url, capture->capture.url))
            return capture->records[i].date_ms;
    return 0;
}

/* What a visitor could read. */
static void put_page_text(struct aw_buf *out, const struct aw_sighted *seen)
{
    for (size_t i = 0; seen && i < seen->text_count; i++)
        if (seen->texts[i].hidden.len == 0 &&
            out->len + seen->texts[i].text.len + 1 < PAGE_TEXT_MAX) {
            aw_buf_put(out, seen->texts[i].text);
            aw_buf_putc(out, '\n');
        }
}

static aw_rc make_wacz(struct aw_packing *p, struct aw_packed *packed,
                       struct aw_str warc, struct aw_buf *out,
                       struct aw_err *err)
{
    const struct aw_capture *capture = &packed->capture->capture;
    struct aw_buf text;
    struct aw_wacz_page page = {.url = capture->url,
                                .ts_ms = answer_ms(packed->capture),
                                .title = capture->title};
    struct aw_wacz_source source = {.warc = warc,
                                    .pages = &page,
                                    .page_count = 1,
                                    .title = capture->title,
                                    .software = p->c->tool,
                                    .created_ms = capture->fetched_ms};
    aw_rc rc;

    aw_buf_init(&text, PAGE_TEXT_MAX);
    put_page_text(&text, packed->seen);
    page.text = aw_buf_str(&text);
    rc = aw_wacz_make(out, &source, err);
    aw_buf_deinit(&text);
    return rc;
}

/* One that cannot be made is told: the WARC is there all the same. */
aw_rc aw_pack_wacz(struct aw_packing *p, struct aw_packed *packed,
                   struct aw_str warc, struct aw_err *err)
{
    const struct aw_capture *capture = &packed->capture->capture;
    struct aw_buf wacz;
    struct aw_err why;
    aw_rc rc;

    if (answer_ms(packed->capture) == 0 || capture->status >= 300)
        return AW_OK;
    aw_buf_init(&wacz, WACZ_MAX);
    rc = make_wacz(p, packed, warc, &wacz, &why);
    if (rc == AW_INVALID || rc == AW_LIMIT)
        rc = aw_arena_dup(&p->c->arena, aw_str_of(why.msg), &packed->wacz_why,
                          err);
    else if (rc != AW_OK)
        rc = aw_fail(err, rc, "%s", why.msg);
    else
        rc = aw_packing_name(p, &packed->wacz, err,
                             AW_BUNDLE_CAPTURES_DIR "capture-%lld.wacz",
                             (long long)capture->id);
    if (rc == AW_OK && packed->wacz.len > 0)
        rc = aw_packing_put_derived(p, packed->wacz.ptr, aw_buf_str(&wacz),
                                    capture->fetched_ms, err);
    aw_buf_deinit(&wacz);
    return rc;
}

/* ---- plain against browser ----------------------------------------------
 */

static const struct aw_packed *twin_of(const struct aw_packed *packed,
                                       const struct aw_packed *all,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].capture->capture.id == packed->capture->capture.plain)
            return &all[i];
    return NULL;
}

static enum aw_hidden hidden_of(struct aw_str name)
{
    for (int i = 0; i < AW_HIDDEN_COUNT; i++)
        if (aw_str_eq(name, aw_str_of(aw_hidden_name((enum aw_hidden)i))))
            return (enum aw_hidden)i;
    return AW_HIDDEN_NONE;
}

/* A document as the comparison looks at one: texts, and which are hidden. */
static aw_rc fill_document(struct aw_packing *p, const struct aw_sighted *seen,
                           struct aw_document *out, struct aw_err *err)
{
    *out = (struct aw_document){.text_digest = seen->text_digest};
    out->blocks = aw_arena_array(&p->c->arena, seen->text_count + 1,
                                 sizeof *out->blocks);
    if (!out->blocks)
        return aw_arena_fail(&p->c->arena, err);
    for (size_t i = 0; i < seen->text_count; i++)
        out->blocks[i] =
            (struct aw_block){.hidden = hidden_of(seen->texts[i].hidden),
                              .text = seen->texts[i].text};
    out->block_count = seen->text_count;
    return AW_OK;
}

static aw_rc list_quotes(struct aw_packing *p,
                         const struct aw_case_capture *capture,
                         struct aw_compare_input *input, struct aw_err *err)
{
    struct aw_str *quotes =
        aw_arena_array(&p->c->arena, AW_COMPARE_QUOTES_MAX, sizeof *quotes);

    if (!quotes)
        return aw_arena_fail(&p->c->arena, err);
    input->quotes = quotes;
    for (size_t i = 0; i < p->c->finding_count; i++) {
        const struct aw_case_finding *f = &p->c->findings[i];

        for (size_t j = 0; aw_case_is_seen_on(p->c, f, capture) &&
                           j < f->finding.claim_count &&
                           input->quote_count < AW_COMPARE_QUOTES_MAX;
             j++)
            if (f->finding.claims[j].quote.len > 0)
                quotes[input->quote_count++] = f->finding.claims[j].quote;
    }
    return AW_OK;
}

/* The answer that the browser got, where it asked by itself. */
static struct aw_str own_answer(const struct aw_packed *packed)
{
    const struct aw_case_capture *c = packed->capture;

    for (size_t i = 0; i < c->record_count; i++)
        if (packed->facts->page_record.len > 0 &&
            aw_str_eq(c->records[i].id, packed->facts->page_record))
            return c->records[i].payload;
    return AW_STR("");
}

static aw_rc compare(struct aw_packing *p, struct aw_packed *packed,
                     const struct aw_packed *plain, struct aw_buf *out,
                     struct aw_err *err)
{
    const struct aw_capture *one = &plain->capture->capture;
    const struct aw_capture *other = &packed->capture->capture;
    struct aw_str own = own_answer(packed);
    struct aw_document documents[2];
    struct aw_compare_input input = {
        .plain = {one->id, one->fetched_ms, one->status, one->payload_digest,
                  &documents[0]},
        .rendered = {other->id, other->fetched_ms, other->status,
                     own.len > 0 ? own : one->payload_digest, &documents[1]},
        .independent = own.len > 0,
    };
    aw_rc rc = fill_document(p, plain->seen, &documents[0], err);

    if (rc == AW_OK)
        rc = fill_document(p, packed->seen, &documents[1], err);
    if (rc == AW_OK)
        rc = list_quotes(p, packed->capture, &input, err);
    return rc == AW_OK ? aw_compare_json(out, &input, err) : rc;
}

aw_rc aw_pack_compared(struct aw_packing *p, struct aw_packed *packed,
                       const struct aw_packed *all, size_t count,
                       struct aw_err *err)
{
    const struct aw_packed *plain = twin_of(packed, all, count);
    const struct aw_capture *capture = &packed->capture->capture;
    struct aw_buf json;
    aw_rc rc;

    if (!packed->capture->rendered || !plain || !plain->seen || !packed->seen)
        return AW_OK;
    aw_buf_init(&json, JSON_MAX);
    packed->capture->one_fetch = own_answer(packed).len == 0;
    rc = compare(p, packed, plain, &json, err);
    if (rc == AW_OK)
        rc = aw_packing_name(p, &packed->compared, err,
                             AW_BUNDLE_CAPTURES_DIR "capture-%lld-对比.json",
                             (long long)capture->id);
    if (rc == AW_OK)
        rc = aw_arena_dup(&p->c->arena, aw_buf_str(&json),
                          &packed->capture->compared_json, err);
    if (rc == AW_OK)
        rc = aw_packing_put_derived(p, packed->compared.ptr, aw_buf_str(&json),
                                    capture->fetched_ms, err);
    aw_buf_deinit(&json);
    return rc;
}
