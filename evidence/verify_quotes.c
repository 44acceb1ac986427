#include "evidence/verify_private.h"

#include <stdlib.h>

#include "base/arena.h"
#include "evidence/parsed.h"

#define QUOTES_MAX ((size_t)512 << 20) /* bytes of what all findings quote */

/* What one finding quotes, claim by claim. */
struct quoted {
    int64_t finding;
    struct aw_str *claims;
    size_t count;
};

struct aw_quotes {
    struct aw_arena arena;
    struct quoted *findings; /* by number */
    size_t count, cap;
};

static int by_finding(const void *a, const void *b)
{
    int64_t one = ((const struct quoted *)a)->finding;
    int64_t two = ((const struct quoted *)b)->finding;

    return (one > two) - (one < two);
}

static aw_rc take_claims(struct aw_quotes *quotes, struct quoted *quoted,
                         const struct aw_parsed *claims, struct aw_err *err)
{
    const struct aw_parsed *claim;
    aw_rc rc = AW_OK;

    quoted->claims =
        aw_arena_array(&quotes->arena, (size_t)aw_parsed_count(claims) + 1,
                       sizeof *quoted->claims);
    if (!quoted->claims)
        return aw_arena_fail(&quotes->arena, err);
    for (claim = aw_parsed_first(claims); claim && rc == AW_OK;
         claim = aw_parsed_next(claim))
        rc = aw_arena_dup(&quotes->arena, aw_parsed_str(claim, "quote"),
                          &quoted->claims[quoted->count++], err);
    return rc;
}

static aw_rc take_finding(struct aw_quotes *quotes,
                          const struct aw_parsed *json, struct aw_err *err)
{
    void *findings = quotes->findings;
    struct quoted quoted = {0};
    aw_rc rc;

    (void)aw_parsed_whole(json, "id", &quoted.finding);
    rc = take_claims(quotes, &quoted, aw_parsed_array(json, "claims"), err);
    if (rc == AW_OK)
        rc = aw_arena_grow(&quotes->arena, &findings, quotes->count,
                           &quotes->cap, sizeof quoted, err);
    quotes->findings = findings;
    if (rc == AW_OK)
        quotes->findings[quotes->count++] = quoted;
    return rc;
}

static aw_rc take_all(struct aw_quotes *quotes, const struct aw_bag_view *view,
                      struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < view->count && rc == AW_OK; i++) {
        struct aw_parsed *json = NULL;

        if (!aw_is_finding_file(view->files[i].name))
            continue;
        rc = aw_parsed_load(view, view->files[i].name, &json, err);
        if (rc == AW_OK)
            rc = take_finding(quotes, json, err);
        aw_parsed_free(json);
    }
    if (rc == AW_OK && quotes->count > 0)
        qsort(quotes->findings, quotes->count, sizeof *quotes->findings,
              by_finding);
    return rc;
}

aw_rc aw_quotes_new(struct aw_quotes **out, const struct aw_bag_view *view,
                    struct aw_err *err)
{
    struct aw_quotes *quotes = calloc(1, sizeof *quotes);
    aw_rc rc;

    if (!quotes)
        return aw_fail(err, AW_NOMEM, "no memory for what is quoted");
    aw_arena_init(&quotes->arena, QUOTES_MAX);
    rc = take_all(quotes, view, err);
    if (rc == AW_OK)
        *out = quotes;
    else
        aw_quotes_free(quotes);
    return rc;
}

void aw_quotes_free(struct aw_quotes *quotes)
{
    if (!quotes)
        return;
    aw_arena_deinit(&quotes->arena);
    free(quotes);
}

struct aw_str aw_quotes_of(const struct aw_quotes *quotes, int64_t finding,
                           int64_t claim)
{
    struct quoted key = {.finding = finding};
    const struct quoted *found =
        quotes->count > 0 ? bsearch(&key, quotes->findings, quotes->count,
                                    sizeof *quotes->findings, by_finding)
                          : NULL;

    return found && claim >= 0 && (uint64_t)claim < found->count
               ? found->claims[claim]
               : AW_STR("");
}
