#include "evidence/redacted_private.h"

#include "base/hash.h"
#include "evidence/bundle_names.h"
#include "evidence/parsed.h"

/* A decision's hash is that of all its words: who knows the others can try out
 * a number. So it goes with the number, in the next one's `previous` too, and
 * the chain is not to be followed from there on: each later hash is made of
 * the one before it. The whole bundle has it. */
struct deciding {
    struct aw_redacting *r;
    int64_t first; /* id of the first one that tells of somebody; 0: none */
    bool hides;
};

static aw_rc hide(struct aw_redacting *r, const struct aw_parsed *decision,
                  int64_t id, struct aw_err *err)
{
    struct aw_str hash = aw_parsed_str(decision, "hash");
    bool ignored;

    if (r->decision_count == AW_REDACTED_DECISIONS_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %d decisions with personal data or behind "
                       "such: bundle fewer findings at once",
                       AW_REDACTED_DECISIONS_MAX);
    r->decisions[r->decision_count++] = id;
    return hash.len == AW_SHA256_HEX_MAX - 1
               ? aw_redact_hide(r->redact, hash, &ignored, err)
               : AW_OK;
}

static aw_rc look_at(struct deciding *d, const struct aw_parsed *decision,
                     struct aw_err *err)
{
    bool taken = false;
    struct aw_str clean;
    int64_t id = 0;
    aw_rc rc;

    if (!aw_parsed_whole(decision, "id", &id))
        return AW_OK;
    if (d->hides)
        return d->first > 0 && id >= d->first ? hide(d->r, decision, id, err)
                                              : AW_OK;
    rc = aw_redacting_word(d->r, aw_parsed_str(decision, "reason"), &clean,
                           &taken, err);
    if (rc == AW_OK && taken && (d->first == 0 || id < d->first))
        d->first = id;
    return rc;
}

static aw_rc look_at_all(struct deciding *d, const struct aw_parsed *list,
                         struct aw_err *err)
{
    const struct aw_parsed *item;
    aw_rc rc = AW_OK;

    for (item = aw_parsed_first(list); item && rc == AW_OK;
         item = aw_parsed_next(item))
        rc = look_at(d, item, err);
    return rc;
}

static aw_rc walk(struct deciding *d, const struct aw_parsed *json,
                  struct aw_err *err)
{
    const struct aw_parsed *findings = aw_parsed_array(json, "findings");
    const struct aw_parsed *item;
    aw_rc rc = AW_OK;

    if (!findings) /* format 1 */
        return look_at_all(d, aw_parsed_array(json, "decisions"), err);
    for (item = aw_parsed_first(findings); item && rc == AW_OK;
         item = aw_parsed_next(item))
        rc = look_at_all(d, aw_parsed_array(item, "decisions"), err);
    return rc;
}

aw_rc aw_redacting_hide_decisions(struct aw_redacting *r, struct aw_err *err)
{
    const struct aw_str name = AW_STR(AW_BUNDLE_DECISIONS);
    struct deciding d = {.r = r};
    struct aw_parsed *json = NULL;
    struct aw_str ignored;
    aw_rc rc;

    if (!aw_bag_find(r->bag, name, &ignored))
        return AW_OK;
    rc = aw_parsed_load(r->bag, name, &json, err);
    if (rc == AW_OK)
        rc = walk(&d, json, err);
    d.hides = true;
    if (rc == AW_OK)
        rc = walk(&d, json, err);
    aw_parsed_free(json);
    return rc;
}
