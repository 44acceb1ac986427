#include "evidence/verify_private.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "evidence/bundle_names.h"
#include "evidence/parsed.h"
#include "evidence/redacted.h"
#include "evidence/statement.h"

/* ---- for other checks --------------------------------------------------- */

/* A file of the list. */
struct taken {
    struct aw_str name, action;
};

/* The list, sorted: each check asks for each of its files. */
struct aw_redactions {
    struct aw_parsed *json;
    struct taken *files; /* by name */
    int64_t *decisions;
    size_t file_count, decision_count;
};

aw_rc aw_verifying_load(struct aw_verifying *v, struct aw_err *err)
{
    aw_rc rc = AW_OK;

    if (!v->captures)
        rc = aw_parsed_load(v->view, AW_STR(AW_BUNDLE_CAPTURES), &v->captures,
                            err);
    if (rc == AW_OK && !v->redactions)
        rc = aw_redactions_load(v->view, &v->redactions, err);
    return rc;
}

void aw_verifying_deinit(struct aw_verifying *v)
{
    aw_parsed_free(v->captures);
    aw_redactions_free(v->redactions);
    aw_parsed_free(v->decisions);
}

static int by_name(const void *a, const void *b)
{
    return aw_str_cmp(((const struct taken *)a)->name,
                      ((const struct taken *)b)->name);
}

static int by_id(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t two = *(const int64_t *)b;

    return (one > two) - (one < two);
}

static void take_files(struct aw_redactions *taken,
                       const struct aw_parsed *list)
{
    const struct aw_parsed *item;

    for (item = aw_parsed_first(list); item; item = aw_parsed_next(item))
        taken->files[taken->file_count++] =
            (struct taken){aw_parsed_str(item, "name"),
                           aw_parsed_str(item, "action")};
    qsort(taken->files, taken->file_count, sizeof *taken->files, by_name);
}

static void take_decisions(struct aw_redactions *taken,
                           const struct aw_parsed *list)
{
    const struct aw_parsed *item;

    for (item = aw_parsed_first(list); item; item = aw_parsed_next(item))
        if (aw_parsed_whole(item, "id",
                            &taken->decisions[taken->decision_count]))
            taken->decision_count++;
    qsort(taken->decisions, taken->decision_count, sizeof *taken->decisions,
          by_id);
}

static aw_rc take(struct aw_redactions *taken, struct aw_err *err)
{
    const struct aw_parsed *files = aw_parsed_array(taken->json, "files");
    const struct aw_parsed *decisions =
        aw_parsed_array(taken->json, "decisions");

    taken->files =
        calloc((size_t)aw_parsed_count(files) + 1, sizeof *taken->files);
    taken->decisions = calloc((size_t)aw_parsed_count(decisions) + 1,
                              sizeof *taken->decisions);
    if (!taken->files || !taken->decisions)
        return aw_fail(err, AW_NOMEM, "no memory for what was taken out");
    take_files(taken, files);
    take_decisions(taken, decisions);
    for (size_t i = 1; i < taken->file_count; i++)
        if (by_name(&taken->files[i - 1], &taken->files[i]) == 0)
            return aw_fail(err, AW_INVALID, "'%s' tells of '%.*s' twice",
                           AW_REDACTED_LIST,
                           AW_STR_ARG(aw_str_sub(taken->files[i].name, 0,
                                                 AW_ZIP_NAME_MAX)));
    return AW_OK;
}

aw_rc aw_redactions_load(const struct aw_bag_view *view,
                         struct aw_redactions **out, struct aw_err *err)
{
    const struct aw_str name = AW_STR(AW_REDACTED_LIST);
    struct aw_redactions *taken;
    struct aw_str ignored;
    aw_rc rc;

    *out = NULL;
    if (!aw_bag_find(view, name, &ignored))
        return AW_OK;
    taken = calloc(1, sizeof *taken);
    if (!taken)
        return aw_fail(err, AW_NOMEM, "no memory for what was taken out");
    rc = aw_parsed_load(view, name, &taken->json, err);
    if (rc == AW_OK)
        rc = take(taken, err);
    if (rc == AW_OK)
        *out = taken;
    else
        aw_redactions_free(taken);
    return rc;
}

void aw_redactions_free(struct aw_redactions *taken)
{
    if (!taken)
        return;
    aw_parsed_free(taken->json);
    free(taken->files);
    free(taken->decisions);
    free(taken);
}

static bool tells(const struct aw_redactions *taken, struct aw_str name,
                  struct aw_str action)
{
    struct taken key = {.name = name};
    const struct taken *found =
        taken ? bsearch(&key, taken->files, taken->file_count,
                        sizeof *taken->files, by_name)
              : NULL;

    return found && aw_str_eq(found->action, action);
}

bool aw_redactions_left_out(const struct aw_redactions *taken,
                            struct aw_str name)
{
    return tells(taken, name, AW_STR("left_out"));
}

bool aw_redactions_changed(const struct aw_redactions *taken,
                           struct aw_str name)
{
    return tells(taken, name, AW_STR("changed"));
}

bool aw_redactions_decision(const struct aw_redactions *taken, int64_t id)
{
    return taken && bsearch(&id, taken->decisions, taken->decision_count,
                            sizeof *taken->decisions, by_id);
}

bool aw_redactions_same(const struct aw_redactions *taken, struct aw_str a,
                        struct aw_str b)
{
    const struct aw_str mark = AW_STR(AW_REDACT_MARK);
    size_t at = 0;
    size_t other = 0;

    if (!taken)
        return aw_str_eq(a, b);
    while (at < a.len && other < b.len) {
        bool marked = aw_str_starts(aw_str_sub(a, at, mark.len), mark) ||
                      aw_str_starts(aw_str_sub(b, other, mark.len), mark);

        if (aw_utf8_next(a, &at) != aw_utf8_next(b, &other) && !marked)
            return false;
    }
    return at == a.len && other == b.len;
}

/* ---- the item ----------------------------------------------------------- */

struct counts {
    size_t changed, left_out;
};

static bool is_digest(struct aw_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (aw_hex_value(text.ptr[i]) < 0)
            return false;
    return text.len == AW_SHA256_HEX_MAX - 1;
}

/* Where something is told to be taken there is a mark; places are in their
 * order. Of JSON none is told. */
static bool is_marked(struct aw_str text, const struct aw_parsed *places)
{
    const struct aw_parsed *place;
    int64_t cp = 0;
    size_t at = 0;

    for (place = aw_parsed_first(places); place;
         place = aw_parsed_next(place)) {
        int64_t start;

        if (!aw_parsed_member(place, "start"))
            continue;
        if (!aw_parsed_whole(place, "start", &start) || start < cp)
            return false;
        at += aw_utf8_offset(aw_str_sub(text, at, text.len),
                             (size_t)(start - cp));
        cp = start;
        if (!aw_str_starts(aw_str_sub(text, at, text.len),
                           AW_STR(AW_REDACT_MARK)))
            return false;
    }
    return true;
}

static aw_rc check_changed(const struct aw_parsed *file,
                           const struct aw_bag_file *there, struct aw_err *err)
{
    char sha256[AW_SHA256_HEX_MAX];

    aw_digest_hex(there->digests.sha256, sha256);
    if (aw_str_eq(aw_parsed_str(file, "sha256"), aw_str_of(sha256)))
        return aw_fail(err, AW_INVALID,
                       "'%.*s' is told to be changed, and is not",
                       AW_STR_ARG(there->name));
    return is_marked(there->bytes, aw_parsed_array(file, "places"))
               ? AW_OK
               : aw_fail(err, AW_INVALID,
                         "'%.*s' has no mark where something was taken",
                         AW_STR_ARG(there->name));
}

/* Keyed, or plain as an older adwatch told them; or not told at all. */
static bool has_digest(const struct aw_parsed *file, const char *name)
{
    struct aw_str digest = aw_parsed_str(file, name);

    return digest.len == 0 || is_digest(digest);
}

static aw_rc check_file(const struct aw_bag_view *view,
                        const struct aw_parsed *file, struct counts *counts,
                        struct aw_err *err)
{
    struct aw_str name = aw_parsed_str(file, "name");
    struct aw_str action = aw_parsed_str(file, "action");
    bool changed = aw_str_eq(action, AW_STR("changed"));
    const struct aw_bag_file *there = aw_bag_file(view, name);

    if (!has_digest(file, "hmac_sha256") || !has_digest(file, "hmac_sm3") ||
        !has_digest(file, "sha256") || !has_digest(file, "sm3"))
        return aw_fail(err, AW_INVALID, "'%.*s' is told with a false digest",
                       AW_STR_ARG(name));
    if (!changed && !aw_str_eq(action, AW_STR("left_out")))
        return aw_fail(err, AW_INVALID,
                       "'%.*s' is neither changed nor left out",
                       AW_STR_ARG(name));
    if (changed != (there != NULL))
        return aw_fail(err, AW_INVALID, "'%.*s' is told to be %s",
                       AW_STR_ARG(name),
                       changed ? "changed, and is not there"
                               : "left out, and is there");
    *(changed ? &counts->changed : &counts->left_out) += 1;
    return changed ? check_changed(file, there, err) : AW_OK;
}

static aw_rc check_list(const struct aw_bag_view *view,
                        const struct aw_parsed *list, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    const struct aw_parsed *of = aw_parsed_member(list, "of");
    const struct aw_parsed *files = aw_parsed_array(list, "files");
    struct counts counts = {0, 0};
    const struct aw_parsed *file;
    int64_t at_ms;

    if (!is_digest(aw_parsed_str(of, "tagmanifest_sha256")) || !files)
        return aw_fail(err, AW_INVALID,
                       "'%s' does not tell of what it is a copy, or what was "
                       "taken",
                       AW_REDACTED_LIST);
    if (!aw_statement_time(aw_str_sub(aw_parsed_str(list, "at"), 0, 19),
                           &at_ms) ||
        !aw_zip_is_of(&view->zip, at_ms))
        return aw_fail(err, AW_INVALID,
                       "'%s' tells another time than the entries of the zip",
                       AW_REDACTED_LIST);
    for (file = aw_parsed_first(files); file; file = aw_parsed_next(file)) {
        aw_rc rc = check_file(view, file, &counts, err);

        if (rc != AW_OK)
            return rc;
    }
    (void)snprintf(what, AW_WHAT_MAX,
                   "a copy of %.*s: %zu files changed, %zu left out",
                   AW_STR_ARG(aw_utf8_cut(aw_parsed_str(of, "name"),
                                          AW_WHAT_MAX / 2)),
                   counts.changed, counts.left_out);
    return AW_OK;
}

aw_rc aw_verify_redaction(struct aw_verifying *v, char what[AW_WHAT_MAX],
                          struct aw_err *err)
{
    aw_rc rc = aw_verifying_load(v, err);

    (void)snprintf(what, AW_WHAT_MAX, "a whole bundle: nothing was taken out");
    return rc == AW_OK && v->redactions
               ? check_list(v->view, v->redactions->json, what, err)
               : rc;
}
