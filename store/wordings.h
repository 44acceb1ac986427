/* wordings.h - what rules and provisions of a lexicon said, by name.
 *
 * A lexicon is changed, what was found by it stays: so the words of whatever
 * made a finding are kept, once for each lexicon and each text once.
 */
#ifndef AW_STORE_WORDINGS_H
#define AW_STORE_WORDINGS_H

#include "store/store.h"

/* What a wording is of. Days are of Beijing, YYYY-MM-DD; a rule has none, a
 * provision the first and the last day of its effect, which may be empty; one
 * that was not known has the day on which it was not as both. */
struct aw_wording {
    struct aw_str lexicon; /* its hash */
    struct aw_str kind;    /* "rule", "provision" */
    struct aw_str name;    /* its id */
    struct aw_str from, to;
};

/* Keeps the text, unless one of that lexicon, kind, name and first day is
 * there. Within the caller's transaction, or one of its own. */
aw_rc aw_store_wording_keep(struct aw_store *store,
                            const struct aw_wording *of, struct aw_str text,
                            struct aw_err *err) AW_MUST_USE;

/* The text of that day, in the arena; from and to are not looked at.
 * AW_MISSING: none was kept. AW_STORE: it was changed. */
aw_rc aw_store_wording_get(struct aw_store *store, struct aw_arena *arena,
                           const struct aw_wording *of, struct aw_str day,
                           struct aw_str *text,
                           struct aw_err *err) AW_MUST_USE;

#endif
