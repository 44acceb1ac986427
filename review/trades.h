/* trades.h - trades and audiences that a finding speaks of, by the words of
 * lexicons/severity.yaml.
 *
 * severity.yaml has one list of trades (its sectors, as the city's order names
 * them) and of audiences; findings are sorted by the same one. A finding keeps
 * no page: its words are looked for in the title, the claims' sentences and
 * the names of firms, and what the classifier found in the whole page is read
 * from its reasons.
 */
#ifndef AW_REVIEW_TRADES_H
#define AW_REVIEW_TRADES_H

#include "base/error.h"
#include "base/str.h"

#define AW_TRADES_MAX 32    /* sectors: a bit each */
#define AW_AUDIENCES_MAX 32 /* likewise */

struct aw_trade {
    struct aw_str id, name; /* name: severity.yaml's why */
    int points;
    char **words;
    size_t word_count;
};

struct aw_trades {
    struct aw_trade sectors[AW_TRADES_MAX];
    size_t sector_count;
    struct aw_trade audiences[AW_AUDIENCES_MAX];
    size_t audience_count;
    void *file; /* owns the texts */
};

/* Reads DIR/severity.yaml; a lexicon without it has no trades. */
aw_rc aw_trades_new(struct aw_trades **out, const char *lexicon_dir,
                    struct aw_err *err) AW_MUST_USE;
void aw_trades_free(struct aw_trades *trades); /* NULL is allowed */

/* The sectors whose words stand in text, which is plain (plain.h). */
uint32_t aw_trades_sectors(const struct aw_trades *trades, struct aw_str text);

/* The sectors, or the audience, that a claim's reasons name: JSON as in its
 * row. The audience is an index, -1 where it names none. */
uint32_t aw_trades_sectors_told(const struct aw_trades *trades,
                                struct aw_str why);
int aw_trades_audience_told(const struct aw_trades *trades, struct aw_str why);

/* Index of an id, or -1. */
int aw_trades_sector(const struct aw_trades *trades, struct aw_str id);
int aw_trades_audience(const struct aw_trades *trades, struct aw_str id);

#endif
