/* provisions.h - the provisions of law that findings cite, by day.
 *
 * Read from DIR/provisions/ of a lexicon (lexicons/README.md). An id may
 * stand several times, with dates of effect that do not overlap: a finding
 * cites the version in force on the day on which the advertisement was seen,
 * in Beijing.
 */
#ifndef AW_REPORTS_PROVISIONS_H
#define AW_REPORTS_PROVISIONS_H

#include "base/buf.h"

#define AW_PROVISIONS_MAX 4096
#define AW_PROVISION_CODES_MAX 16

struct aw_provision {
    char *id;      /* "advertising-law-25-1" */
    char *law;     /* full title */
    char *article; /* "第二十五条第（一）项", or empty */
    char *text;    /* wording; empty: only summary is known */
    char *summary;
    char *from;   /* first day of effect, YYYY-MM-DD */
    char *to;     /* last day; empty: still in force */
    char *status; /* full-text, second-hand, general */
    char **codes;
    unsigned codes_count;
    char *source;
};

struct aw_provisions;

/* AW_CONFIG: bad YAML or dates, or two versions in force on one day. */
aw_rc aw_provisions_new(struct aw_provisions **out, const char *lexicon_dir,
                        struct aw_err *err) AW_MUST_USE;
void aw_provisions_free(struct aw_provisions *provisions);

/* The version in force at that moment, or NULL. Lives as long as provisions.
 */
const struct aw_provision *
aw_provisions_at(const struct aw_provisions *provisions, struct aw_str id,
                 int64_t wall_ms);

/* True where the wording was read in the official text; what was not is
 * shown as to be checked. */
bool aw_provision_checked(const struct aw_provision *provision);

/* Appends "广告法第25条第（一）项": no 中华人民共和国, the article's number in
 * digits. */
void aw_provision_short(struct aw_buf *out,
                        const struct aw_provision *provision);

#endif
