#include "cli/mistakes.h"

#include "base/utf8.h"
#include "reports/text.h"

#define TEXT_SHOWN 80  /* characters */
#define QUOTE_SHOWN 40 /* likewise */

static void put_cut(struct aw_buf *out, struct aw_str text, size_t most)
{
    struct aw_str first = aw_text_first(text, most);

    aw_text_tame(out, first);
    if (first.len < text.len)
        aw_buf_puts(out, "…");
}

/* One that counts before one that is exempt, then by score. */
static const struct aw_claim *strongest(const struct aw_verdict *verdict)
{
    const struct aw_claim *best = NULL;

    for (size_t i = 0; i < verdict->claim_count; i++) {
        const struct aw_claim *claim = &verdict->claims[i];
        bool counts = claim->exempt_by.len == 0;
        bool best_counts = best && best->exempt_by.len == 0;

        if (!best || (counts && !best_counts) ||
            (counts == best_counts && claim->score > best->score))
            best = claim;
    }
    return best;
}

static void put_claim(struct aw_buf *out, const struct aw_claim *claim,
                      size_t others)
{
    aw_buf_printf(out, "    %s by %.*s, %.3f",
                  aw_claim_class_name(claim->class), AW_STR_ARG(claim->rule),
                  claim->score);
    if (claim->exempt_by.len > 0)
        aw_buf_printf(out, ", exempt by %.*s", AW_STR_ARG(claim->exempt_by));
    if (claim->quote.len > 0)
        aw_buf_puts(out, ": ");
    put_cut(out, claim->quote, QUOTE_SHOWN);
    if (others > 0)
        aw_buf_printf(out, " (and %zu more)", others);
    aw_buf_putc(out, '\n');
    for (size_t i = 0; i < claim->why_count; i++) {
        aw_buf_puts(out, "      ");
        aw_text_tame(out, claim->why[i]);
        aw_buf_putc(out, '\n');
    }
}

static void put_mistake(struct aw_buf *out, const struct aw_mistake *mistake)
{
    const struct aw_corpus_text *text = mistake->text;
    const struct aw_verdict *verdict = &mistake->verdict;
    const struct aw_claim *claim = strongest(verdict);

    aw_buf_puts(out, "  ");
    aw_text_tame(out, text->id);
    aw_buf_printf(out, "  score %.4f, labelled %s, %s; judged %s, %s (%.2f)\n",
                  verdict->leaning, aw_verdict_name(text->label),
                  aw_doc_kind_name(text->kind), aw_verdict_name(verdict->kind),
                  aw_doc_kind_name(verdict->doc_kind), verdict->doc_score);
    aw_buf_puts(out, "    ");
    put_cut(out, text->text, TEXT_SHOWN);
    aw_buf_putc(out, '\n');
    if (claim)
        put_claim(out, claim, verdict->claim_count - 1);
    else
        aw_buf_puts(out, "    no claim found\n");
}

static void put_list(struct aw_buf *out, const char *head,
                     const struct aw_mistake_list *list)
{
    aw_buf_printf(out, "\n%s\n", head);
    for (size_t i = 0; i < list->count; i++)
        put_mistake(out, &list->items[i]);
    if (list->count == 0)
        aw_buf_puts(out, "  none\n");
}

void aw_mistakes_text(const struct aw_mistakes *mistakes, struct aw_buf *out)
{
    put_list(out, "false alarms, the highest score first:", &mistakes->alarms);
    put_list(out, "missed, the lowest score first:", &mistakes->misses);
}
