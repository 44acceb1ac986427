#include "reports/export.h"

#include <stdlib.h>

#include "base/fs.h"
#include "reports/export_private.h"
#include "store/looks.h"

#define FINDING_MAX ((size_t)64 << 20) /* bytes of one, read and written */
#define CELL_MAX ((size_t)8 << 20)
#define FLUSH_AT ((size_t)64 << 10)

static const struct {
    const char *word, *type;
} formats[] = {
#define X(name, word, type) {word, type},
    AW_EXPORT_LIST(X)
#undef X
};

static const struct aw_export_form *const forms[] = {
    [AW_EXPORT_CSV] = &aw_export_csv,
    [AW_EXPORT_XLSX] = &aw_export_xlsx,
    [AW_EXPORT_JSONL] = &aw_export_jsonl,
};

bool aw_export_parse(struct aw_str word, enum aw_export_format *out)
{
    for (int i = 0; i < AW_EXPORT_COUNT; i++)
        if (aw_str_eq(word, aw_str_of(formats[i].word))) {
            *out = (enum aw_export_format)i;
            return true;
        }
    return false;
}

const char *aw_export_word(enum aw_export_format format)
{
    return formats[format].word;
}

const char *aw_export_type(enum aw_export_format format)
{
    return formats[format].type;
}

aw_rc aw_export_new(struct aw_export **out,
                    const struct aw_export_config *config, struct aw_err *err)
{
    struct aw_export *export = calloc(1, sizeof *export);
    aw_rc rc;

    if (!export)
        return aw_fail(err, AW_NOMEM, "out of memory");
    export->config = *config;
    if (export->config.rows_max <= 0 ||
        export->config.rows_max > AW_XLSX_ROWS_MAX)
        export->config.rows_max = AW_XLSX_ROWS_MAX;
    if (export->config.bytes_max <= 0)
        export->config.bytes_max = AW_EXPORT_BYTES_MAX;
    export->form = forms[config->format];
    aw_arena_init(&export->arena, FINDING_MAX);
    aw_buf_init(&export->out, FINDING_MAX);
    aw_buf_init(&export->cell, CELL_MAX);
    rc = export->form->begin(export, err);
    if (rc != AW_OK) {
        aw_export_free(export);
        return rc;
    }
    *out = export;
    return AW_OK;
}

/* Leaves out the first decision of an open blind look and all that came after
 * it, and the state that it gave. */
static void veil(const struct aw_look *look, struct aw_finding *finding,
                 struct aw_export_facts *facts)
{
    size_t kept = 0;

    while (kept < facts->decision_count &&
           facts->decisions[kept].id < look->first_decision)
        kept++;
    facts->decision_count = kept;
    kept = 0;
    while (kept < facts->comment_count &&
           facts->comments[kept].at_ms < look->first_ms)
        kept++;
    facts->comment_count = kept;
    finding->state = AW_STR("second");
}

static aw_rc veil_from(struct aw_export *export, struct aw_store *store,
                       struct aw_finding *finding,
                       struct aw_export_facts *facts, struct aw_err *err)
{
    struct aw_str who = export->config.veiled_from;
    struct aw_look look = {0};
    struct aw_err none;
    aw_rc rc;

    if (who.len == 0)
        return AW_OK;
    rc =
        aw_store_look_newest(store, &export->arena, finding->id, &look, &none);
    if (rc == AW_MISSING)
        return AW_OK;
    if (rc != AW_OK) {
        *err = none;
        return rc;
    }
    if (look.blind && aw_str_eq(look.state, AW_STR("open")) &&
        !aw_str_eq(look.first_who, who))
        veil(&look, finding, facts);
    return AW_OK;
}

aw_rc aw_export_add(struct aw_export *export, struct aw_store *store,
                    const struct aw_finding *finding, struct aw_err *err)
{
    struct aw_finding shown = *finding;
    struct aw_export_facts facts;
    aw_rc rc;

    aw_arena_reset(&export->arena);
    rc = aw_store_export_facts(store, &export->arena, finding, &facts, err);
    if (rc == AW_OK)
        rc = veil_from(export, store, &shown, &facts, err);
    if (rc == AW_OK)
        rc = export->form->put(export, &shown, &facts, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "finding %lld", (long long)finding->id);
    export->told.findings++;
    return AW_OK;
}

aw_rc aw_export_end(struct aw_export *export, struct aw_export_told *told,
                    struct aw_err *err)
{
    aw_rc rc = export->form->end(export, err);

    if (rc == AW_OK && told)
        *told = export->told;
    return rc;
}

void aw_export_free(struct aw_export *export)
{
    if (!export)
        return;
    if (export->form->drop)
        export->form->drop(export);
    aw_arena_deinit(&export->arena);
    aw_buf_deinit(&export->out);
    aw_buf_deinit(&export->cell);
    free(export);
}

/* ---- what the forms share ------------------------------------------------
 */

int64_t aw_export_due(const struct aw_export *export,
                      const struct aw_finding *finding)
{
    const struct aw_workdays *days = export->config.days;

    if (!days)
        return 0;
    return aw_beijing_day_end(
        aw_workdays_after(days, aw_beijing_day(finding->first_seen_ms),
                          AW_CLUE_DAYS));
}

aw_rc aw_export_rows(struct aw_export *export,
                     const struct aw_finding *finding,
                     const struct aw_export_facts *facts,
                     aw_export_row_fn *put, struct aw_err *err)
{
    static const struct aw_claim_row none;
    struct aw_export_row row = {.finding = finding,
                                .claim = &none,
                                .facts = facts,
                                .provisions = export->config.provisions,
                                .due_ms = aw_export_due(export, finding)};
    aw_rc rc = AW_OK;

    if (finding->claim_count == 0)
        return put(export, &row, err);
    for (size_t i = 0; i < finding->claim_count && rc == AW_OK; i++) {
        row.claim = &finding->claims[i];
        rc = put(export, &row, err);
    }
    return rc;
}

aw_rc aw_export_grow(struct aw_export *export, int64_t bytes,
                     struct aw_err *err)
{
    export->bytes = bytes;
    if (bytes <= export->config.bytes_max)
        return AW_OK;
    return aw_fail(err, AW_LIMIT,
                   "after %lld findings the export is larger than %lld bytes: "
                   "narrow it by class, place, channel or days, and take the "
                   "parts one by one",
                   (long long)export->told.findings,
                   (long long)export->config.bytes_max);
}

aw_rc aw_export_flush(struct aw_export *export, bool all, struct aw_err *err)
{
    struct aw_buf *out = &export->out;
    aw_rc rc = aw_buf_check(out, err);

    if (rc != AW_OK || out->len == 0 || (!all && out->len < FLUSH_AT))
        return rc;
    rc = aw_export_grow(export, export->bytes + (int64_t)out->len, err);
    if (rc != AW_OK)
        return rc;
    rc = aw_write_all(export->config.fd, out->ptr, out->len, err);
    aw_buf_reset(out);
    return rc == AW_OK ? rc : aw_fail_in(err, "the export");
}
