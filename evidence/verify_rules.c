#include "evidence/verify_private.h"

#include <stdlib.h>

#include "evidence/frozen.h"
#include "evidence/parsed.h"

/* What a finding says of the rules and the law that made it. A copy may have
 * marks in all of it: what is held against each other has the same ones. */

/* A member of an array; what is asked of it was looked up once, as it may have
 * as many keys as a file may have values. */
struct word {
    struct aw_str id, version;
    bool asked;
};

struct words {
    struct word *items; /* by id */
    size_t count;
};

static int by_id(const void *a, const void *b)
{
    return aw_str_cmp(((const struct word *)a)->id,
                      ((const struct word *)b)->id);
}

static void words_free(struct words *words)
{
    free(words->items);
}

/* The caller frees them also after a failure. */
static aw_rc words_read(struct words *words, const struct aw_parsed *list,
                        struct aw_err *err)
{
    size_t count = (size_t)aw_parsed_count(list);
    const struct aw_parsed *item;

    *words = (struct words){.items = calloc(count + 1, sizeof *words->items)};
    if (!words->items)
        return aw_fail(err, AW_NOMEM, "no memory for a finding's rules");
    for (item = aw_parsed_first(list); item; item = aw_parsed_next(item))
        words->items[words->count++] =
            (struct word){.id = aw_parsed_str(item, "id"),
                          .version = aw_parsed_str(item, "version")};
    qsort(words->items, words->count, sizeof *words->items, by_id);
    return AW_OK;
}

/* The first of that id; NULL: there is none. */
static const struct word *words_find(struct words *words, struct aw_str id)
{
    size_t from = 0;
    size_t to = words->count;

    while (from < to) {
        size_t mid = from + (to - from) / 2;

        if (aw_str_cmp(words->items[mid].id, id) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    if (from == words->count || !aw_str_eq(words->items[from].id, id))
        return NULL;
    words->items[from].asked = true;
    return &words->items[from];
}

/* ---- rules -------------------------------------------------------------- */

static aw_rc check_rule(struct words *rules, const struct aw_parsed *claim,
                        struct aw_err *err)
{
    struct aw_str id = aw_parsed_str(claim, "rule");
    const struct word *rule;

    if (aw_str_eq(id, AW_STR(AW_NO_RULE)))
        return AW_OK;
    rule = words_find(rules, id);
    if (!rule)
        return aw_fail(err, AW_INVALID, "it does not tell its rule %.*s",
                       AW_STR_ARG(aw_str_sub(id, 0, 100)));
    return aw_str_eq(rule->version, aw_parsed_str(claim, "rule_version"))
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "it tells another version of rule %.*s than that "
                         "which made it",
                         AW_STR_ARG(aw_str_sub(id, 0, 100)));
}

static aw_rc check_rules(struct words *rules, const struct aw_parsed *claims,
                         struct aw_err *err)
{
    const struct aw_parsed *claim;
    aw_rc rc = AW_OK;

    for (claim = aw_parsed_first(claims); claim && rc == AW_OK;
         claim = aw_parsed_next(claim))
        rc = check_rule(rules, claim, err);
    for (size_t i = 0; i < rules->count && rc == AW_OK; i++)
        if (!rules->items[i].asked)
            rc = aw_fail(err, AW_INVALID,
                         "it tells rule %.*s, which made none of its claims",
                         AW_STR_ARG(aw_str_sub(rules->items[i].id, 0, 100)));
    return rc;
}

/* ---- provisions --------------------------------------------------------- */

static aw_rc check_cited(struct words *provisions,
                         const struct aw_parsed *claims, struct aw_err *err)
{
    const struct aw_parsed *claim;
    const struct aw_parsed *id;

    for (claim = aw_parsed_first(claims); claim; claim = aw_parsed_next(claim))
        for (id = aw_parsed_first(aw_parsed_array(claim, "law")); id;
             id = aw_parsed_next(id))
            if (!words_find(provisions, aw_parsed_text(id)))
                return aw_fail(err, AW_INVALID,
                               "it does not tell provision %.*s, which it "
                               "cites",
                               AW_STR_ARG(
                                   aw_str_sub(aw_parsed_text(id), 0, 100)));
    return AW_OK;
}

/* ---- together ----------------------------------------------------------- */

/* Where the rules are others by now, and none were kept, none are told.
 * *is_its is whether they are of the lexicon that made it: then all must be
 * told. */
static aw_rc check_lexicon(const struct aw_parsed *finding, bool told,
                           bool *is_its, struct aw_err *err)
{
    const struct aw_parsed *of = aw_parsed_member(finding, "rules_of");

    *is_its = aw_str_eq(aw_parsed_str(of, "lexicon"),
                        aw_parsed_str(finding, "lexicon"));
    if (!of)
        return aw_fail(err, AW_INVALID,
                       "it does not tell of which lexicon its rules are");
    return *is_its == told || (*is_its && aw_parsed_true(of, "same"))
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         told ? "its rules are of another lexicon than the "
                                "one that made it"
                              : "it leaves out its rules");
}

aw_rc aw_verify_rules(const struct aw_parsed *finding, struct aw_err *err)
{
    const struct aw_parsed *claims = aw_parsed_array(finding, "claims");
    struct words rules = {0};
    struct words provisions = {0};
    aw_rc rc = words_read(&rules, aw_parsed_array(finding, "rules"), err);
    bool is_its = false;

    if (rc == AW_OK)
        rc = words_read(&provisions, aw_parsed_array(finding, "provisions"),
                        err);
    if (rc == AW_OK)
        rc = check_lexicon(finding, rules.count + provisions.count > 0,
                           &is_its, err);
    if (rc == AW_OK && is_its)
        rc = check_rules(&rules, claims, err);
    if (rc == AW_OK && is_its)
        rc = check_cited(&provisions, claims, err);
    words_free(&rules);
    words_free(&provisions);
    return rc;
}
