#include <math.h>

#include "base/utf8.h"
#include "reader/answer_shown.h"
#include "reader/protocol.h"
#include "reader/wire.h"

#define FEW_BYTES 600 /* of text: some 200 Chinese characters */

/* More than four decimals say nothing. */
static void put_score(struct aw_buf *out, double score)
{
    aw_wire_put_real(out, round(score * 1e4) / 1e4);
}

/* Are its images looked at? It is an advertisement, or has next to no text
 * beside them. */
static bool tells_images(const struct aw_document *doc,
                         const struct aw_verdict *verdict)
{
    size_t bytes = 0;

    for (size_t i = 0; i < doc->block_count; i++)
        if (aw_block_visible(&doc->blocks[i]))
            bytes += doc->blocks[i].text.len;
    return verdict->kind == AW_VERDICT_SUSPECTED ||
           verdict->doc_kind == AW_DOC_ADVERT || bytes < FEW_BYTES;
}

/* Marks the links that are told: the first ones, up to a limit, since links
 * alone must not make an answer too long to be given. */
struct told {
    size_t end, count, bytes;
    int images; /* that may still be told */
};

static bool is_told(struct told *told, const struct aw_link *link)
{
    if (link->kind != AW_LINK_IMAGE)
        return true;
    return !link->nofollow && told->images-- > 0;
}

static struct told tell_links(const struct aw_document *doc, int images)
{
    struct told told = {.images = images};

    for (; told.end < doc->link_count; told.end++) {
        if (!is_told(&told, &doc->links[told.end]))
            continue;
        told.bytes += doc->links[told.end].url.len;
        if (told.bytes > AW_ANSWER_LINK_BYTES_MAX)
            break;
        told.count++;
    }
    return told;
}

static void put_links(struct aw_buf *out, const struct aw_document *doc,
                      const struct aw_verdict *verdict)
{
    int images = tells_images(doc, verdict) ? AW_ANSWER_IMAGES_MAX : 0;
    struct told told = tell_links(doc, images);
    struct told now = {.images = images};

    aw_wire_put_number(out, doc->links_cut || told.end < doc->link_count);
    aw_wire_put_number(out, told.count);
    for (size_t i = 0; i < told.end; i++) {
        const struct aw_link *link = &doc->links[i];

        if (!is_told(&now, link))
            continue;
        aw_wire_put_text(out, link->url);
        aw_wire_put_number(out, link->nofollow);
        aw_wire_put_number(out, (uint64_t)link->kind);
        aw_wire_put_number(out, link->lastmod_ms > 0
                                    ? (uint64_t)link->lastmod_ms
                                    : 0);
    }
}

static void put_parties(struct aw_buf *out, const struct aw_document *doc)
{
    aw_wire_put_number(out, doc->party_count);
    for (size_t i = 0; i < doc->party_count; i++) {
        aw_wire_put_number(out, (uint64_t)doc->parties[i].kind);
        aw_wire_put_text(out, doc->parties[i].value);
        aw_wire_put_number(out, doc->parties[i].block);
        aw_wire_put_number(out, doc->parties[i].start);
        aw_wire_put_number(out, doc->parties[i].end);
    }
}

/* The first ones whose texts are not too long together. */
static size_t tell_apps(const struct aw_document *doc)
{
    size_t bytes = 0;
    size_t count = 0;

    for (; count < doc->app_count; count++) {
        bytes += doc->apps[count].key.len;
        for (int i = 0; i < AW_APP_FIELD_COUNT; i++)
            bytes += doc->apps[count].fields[i].len;
        if (bytes > AW_ANSWER_APPS_BYTES_MAX)
            break;
    }
    return count;
}

static void put_apps(struct aw_buf *out, const struct aw_document *doc)
{
    size_t count = tell_apps(doc);

    aw_wire_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        aw_wire_put_text(out, doc->apps[i].key);
        for (int f = 0; f < AW_APP_FIELD_COUNT; f++)
            aw_wire_put_text(out, doc->apps[i].fields[f]);
    }
}

static void put_list(struct aw_buf *out, const struct aw_str *items,
                     size_t count)
{
    aw_wire_put_number(out, count);
    for (size_t i = 0; i < count; i++)
        aw_wire_put_text(out, items[i]);
}

/* What stands in the block on both sides of the claim. */
static void put_context(struct aw_buf *out, const struct aw_document *doc,
                        const struct aw_claim *claim)
{
    struct aw_str text = {0};
    size_t first, start, end, last;

    if (claim->end > 0 && claim->block < doc->block_count)
        text = doc->blocks[claim->block].text;
    first = claim->start > AW_CONTEXT_POINTS ? claim->start - AW_CONTEXT_POINTS
                                             : 0;
    first = aw_utf8_offset(text, first);
    start = aw_utf8_offset(text, claim->start);
    end = aw_utf8_offset(text, claim->end);
    last = end +
           aw_utf8_offset(aw_str_sub(text, end, text.len), AW_CONTEXT_POINTS);
    aw_wire_put_text(out, aw_str_sub(text, first, start - first));
    aw_wire_put_text(out, aw_str_sub(text, end, last - end));
}

static void put_claim(struct aw_buf *out, const struct aw_document *doc,
                      const struct aw_claim *claim)
{
    aw_wire_put_number(out, (uint64_t)claim->class);
    aw_wire_put_text(out, claim->quote);
    put_context(out, doc, claim);
    aw_wire_put_number(out, claim->block);
    aw_wire_put_number(out, claim->start);
    aw_wire_put_number(out, claim->end);
    aw_wire_put_number(out, (uint64_t)claim->severity);
    aw_wire_put_text(out, claim->rule);
    aw_wire_put_text(out, claim->rule_version);
    aw_wire_put_text(out, claim->code);
    aw_wire_put_text(out, claim->exempt_by);
    put_list(out, claim->law, claim->law_count);
    put_list(out, claim->why, claim->why_count);
    put_score(out, claim->score);
}

static void put_verdict(struct aw_buf *out, const struct aw_document *doc,
                        const struct aw_verdict *verdict)
{
    aw_wire_put_number(out, (uint64_t)verdict->kind);
    put_score(out, verdict->score);
    aw_wire_put_number(out, (uint64_t)verdict->doc_kind);
    put_score(out, verdict->doc_score);
    aw_wire_put_number(out, verdict->claim_count);
    for (size_t i = 0; i < verdict->claim_count; i++)
        put_claim(out, doc, &verdict->claims[i]);
}

static size_t shown_in(const struct aw_document *doc)
{
    size_t points = 0;

    for (size_t i = 0; i < doc->block_count; i++)
        if (aw_block_visible(&doc->blocks[i]) &&
            doc->blocks[i].kind != AW_BLOCK_TITLE)
            points += aw_utf8_count(doc->blocks[i].text);
    return points;
}

aw_rc aw_answer_put_shown(struct aw_buf *out, uint32_t job,
                          const struct aw_document *doc,
                          const struct aw_verdict *verdict, enum aw_show show,
                          struct aw_str source, struct aw_err *err)
{
    struct aw_buf head;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_wire_put_number(&head, AW_WIRE_OK);
    aw_wire_put_text(&head, doc->charset);
    aw_wire_put_text(&head, doc->charset_why);
    aw_wire_put_text(&head, aw_utf8_cut(doc->title, AW_ANSWER_TITLE_MAX));
    aw_wire_put_text(&head, doc->note);
    aw_wire_put_number(&head, (uint64_t)doc->channel);
    aw_wire_put_number(&head, doc->nofollow);
    aw_wire_put_text(&head, doc->canonical);
    aw_wire_put_text(&head, doc->text_digest);
    aw_wire_put_number(&head, (uint64_t)doc->sitemap);
    aw_wire_put_number(&head, doc->block_count);
    aw_wire_put_number(&head, shown_in(doc));
    aw_wire_put_number(&head, doc->scripts);
    put_links(&head, doc, verdict);
    put_parties(&head, doc);
    put_apps(&head, doc);
    put_verdict(&head, doc, verdict);
    aw_answer_shown_put(&head, show == AW_SHOW_BLOCKS ? doc : NULL, source);
    return aw_frame_put_head(out, job, &head, AW_STR(""), err);
}

aw_rc aw_answer_put(struct aw_buf *out, uint32_t job,
                    const struct aw_document *doc,
                    const struct aw_verdict *verdict, struct aw_err *err)
{
    return aw_answer_put_shown(out, job, doc, verdict, AW_SHOW_NONE,
                               AW_STR(""), err);
}

aw_rc aw_answer_put_error(struct aw_buf *out, uint32_t job,
                          const struct aw_err *failure, struct aw_err *err)
{
    struct aw_buf head;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_wire_put_number(&head, AW_WIRE_FAILED);
    aw_wire_put_text(&head,
                     aw_str_of(failure->msg[0] ? failure->msg : "failed"));
    return aw_frame_put_head(out, job, &head, AW_STR(""), err);
}

aw_rc aw_answer_put_large(struct aw_buf *out, uint32_t job, struct aw_err *err)
{
    struct aw_buf head;

    aw_buf_init(&head, AW_FRAME_HEAD_MAX);
    aw_wire_put_number(&head, AW_WIRE_LARGE);
    return aw_frame_put_head(out, job, &head, AW_STR(""), err);
}
