#include "classify/severity_private.h"

#include <string.h>

#include "base/utf8.h"

#define REASON_MAX 1024 /* bytes */
#define HINT 1
#define CLEAR 2
#define GRAVE 3

static const char *const part_names[] = {
#define X(name, text) text,
    AW_SEVERITY_PART_LIST(X)
#undef X
};

const char *aw_severity_part_name(enum aw_severity_part part)
{
    return part_names[part];
}

const struct aw_severity_entry *
aw_severity_find(const struct aw_severity *severity,
                 enum aw_severity_part part, int number)
{
    for (size_t i = 0; i < severity->count; i++)
        if (severity->entries[i].part == part &&
            severity->entries[i].number == number)
            return &severity->entries[i];
    return NULL;
}

/* ---- what the text says --------------------------------------------------
 */

/* For each entry the word by which it was found, or an empty one. */
struct found {
    struct aw_str word[AW_SEVERITY_ENTRIES_MAX];
};

/* The first word that is not before text in order. */
static size_t lower_bound(const struct aw_severity *s, struct aw_str text)
{
    size_t low = 0, high = s->word_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (aw_str_cmp(s->words[mid].text, text) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Words that begin with that character, and stand here. */
static void try_words(const struct aw_severity *s, struct aw_str lead,
                      struct aw_str rest, struct found *found)
{
    for (size_t i = lower_bound(s, lead);
         i < s->word_count && aw_str_starts(s->words[i].text, lead); i++)
        if (found->word[s->words[i].entry].len == 0 &&
            aw_str_starts(rest, s->words[i].text))
            found->word[s->words[i].entry] = s->words[i].text;
}

static void look_through(const struct aw_severity *s, struct aw_str text,
                         struct found *found)
{
    for (size_t pos = 0; pos < text.len;) {
        size_t at = pos;
        uint32_t cp = aw_utf8_next(text, &pos);

        if (cp < AW_SEVERITY_LEADS && s->lead[cp / 64] >> cp % 64 & 1)
            try_words(s, aw_str_sub(text, at, pos - at),
                      aw_str_sub(text, at, text.len), found);
    }
}

/* What a link says is of the page that it leads to. */
static void look(const struct aw_severity *s, const struct aw_document *doc,
                 const struct aw_text *text, struct found *found)
{
    size_t left = AW_SEVERITY_READ_MAX;

    for (size_t i = 0; i < text->count && left > 0; i++) {
        struct aw_str block =
            aw_normal_str(&text->view[AW_VIEW_PLAIN],
                          text->blocks[i].place[AW_VIEW_PLAIN]);

        if (doc->blocks[i].kind == AW_BLOCK_LINK ||
            !aw_block_visible(&doc->blocks[i]))
            continue;
        block.len = block.len < left ? block.len : left;
        left -= block.len;
        look_through(s, block, found);
    }
}

/* Of those found, the one with most points. */
static const struct aw_severity_entry *most_of(const struct aw_severity *s,
                                               enum aw_severity_part part,
                                               const struct found *found)
{
    const struct aw_severity_entry *most = NULL;

    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].part == part && found->word[i].len > 0 &&
            (!most || s->entries[i].points > most->points))
            most = &s->entries[i];
    return most;
}

/* ---- one claim -----------------------------------------------------------
 */

static void add_part(struct aw_claim *claim,
                     const struct aw_severity_entry *entry, struct aw_str word)
{
    if (!entry || (entry->points == 0 && entry->part > AW_SEVERITY_WORDING))
        return; /* what is promised, and how, is told in any case */
    claim->parts[claim->part_count++] =
        (struct aw_claim_part){part_names[entry->part], entry->id, entry->why,
                               entry->points, word};
    claim->points += entry->points;
}

static aw_rc tell(const struct aw_severity *s, struct aw_claim *claim,
                  struct aw_arena *arena, struct aw_err *err)
{
    struct aw_buf reason;
    aw_rc rc;

    if (claim->why_count == AW_CLAIM_WHY_MAX)
        return AW_OK;
    aw_buf_init(&reason, REASON_MAX);
    aw_buf_printf(&reason, "严重程度%d级：", claim->severity);
    for (size_t i = 0; i < claim->part_count; i++) {
        const struct aw_claim_part *part = &claim->parts[i];

        aw_buf_put(&reason, part->why);
        if (part->word.len > 0)
            aw_buf_printf(&reason, "（‘%.*s’）", AW_STR_ARG(part->word));
        aw_buf_printf(&reason, "%+d，", part->points);
    }
    aw_buf_printf(&reason, "合计%d分（%d分起2级，%d分起3级）", claim->points,
                  s->clear_from, s->grave_from);
    rc = aw_buf_check(&reason, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, aw_buf_str(&reason),
                          &claim->why[claim->why_count], err);
    if (rc == AW_OK)
        claim->why_count++;
    aw_buf_deinit(&reason);
    return rc == AW_LIMIT ? AW_OK : rc; /* one that long helps nobody */
}

/* What is the same for all claims of a document. */
struct common {
    const struct aw_severity_entry *audience, *channel, *kind, *sector;
    struct aw_str audience_word, sector_word;
};

static aw_rc grade(const struct aw_severity *s, const struct common *common,
                   struct aw_claim *claim, struct aw_arena *arena,
                   struct aw_err *err)
{
    const struct aw_str none = {0};

    add_part(claim, aw_severity_find(s, AW_SEVERITY_CLASS, (int)claim->class),
             none);
    add_part(claim, aw_severity_find(s, AW_SEVERITY_WORDING, claim->severity),
             none);
    add_part(claim, common->audience, common->audience_word);
    add_part(claim, common->channel, none);
    add_part(claim, common->kind, none);
    add_part(claim, common->sector, common->sector_word);
    claim->severity = claim->points >= s->grave_from   ? GRAVE
                      : claim->points >= s->clear_from ? CLEAR
                                                       : HINT;
    return tell(s, claim, arena, err);
}

static struct common common_of(const struct aw_severity *s,
                               const struct aw_document *doc,
                               const struct aw_text *text,
                               const struct aw_verdict *verdict)
{
    struct found found = {0};
    struct common out = {.channel = aw_severity_find(s, AW_SEVERITY_CHANNEL,
                                                     (int)doc->channel),
                         .kind = aw_severity_find(s, AW_SEVERITY_KIND,
                                                  (int)verdict->doc_kind)};

    look(s, doc, text, &found);
    out.audience = most_of(s, AW_SEVERITY_AUDIENCE, &found);
    out.sector = most_of(s, AW_SEVERITY_SECTOR, &found);
    if (out.audience)
        out.audience_word = found.word[out.audience - s->entries];
    if (out.sector)
        out.sector_word = found.word[out.sector - s->entries];
    return out;
}

aw_rc aw_severity_grade(const struct aw_severity *severity,
                        const struct aw_document *doc,
                        const struct aw_text *text, struct aw_verdict *verdict,
                        struct aw_err *err)
{
    struct common common;
    aw_rc rc = AW_OK;

    if (!severity || verdict->kind != AW_VERDICT_SUSPECTED)
        return AW_OK;
    common = common_of(severity, doc, text, verdict);
    for (size_t i = 0; rc == AW_OK && i < verdict->claim_count; i++)
        if (verdict->claims[i].exempt_by.len == 0)
            rc = grade(severity, &common, &verdict->claims[i], &verdict->arena,
                       err);
    return rc;
}
