#include "reports/triage.h"

#include <string.h>

#include "base/json.h"
#include "reports/finding_json.h"
#include "reports/triage_private.h"

#define FINDING_MAX ((size_t)64 << 20) /* bytes of one finding, shown */

struct triage {
    const struct aw_triage_options *options;
    FILE *out;
    struct aw_buf buf;
    int64_t count;
};

static aw_rc put_json(struct aw_buf *out,
                      const struct aw_triage_options *options,
                      const struct aw_finding *finding, struct aw_err *err)
{
    aw_rc rc;

    (void)options;
    aw_json_open(out, NULL, '{');
    rc = aw_finding_json(out, finding, err);
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
    return rc;
}

/* By enum aw_triage_format. */
static aw_rc (*const formats[])(struct aw_buf *,
                                const struct aw_triage_options *,
                                const struct aw_finding *, struct aw_err *) = {
    [AW_TRIAGE_TABLE] = aw_triage_table,
    [AW_TRIAGE_JSON] = put_json,
    [AW_TRIAGE_CSV] = aw_triage_csv};

static aw_rc flush(struct triage *triage, struct aw_err *err)
{
    aw_rc rc = aw_buf_check(&triage->buf, err);

    if (rc == AW_OK && fwrite(triage->buf.ptr, 1, triage->buf.len,
                              triage->out) != triage->buf.len)
        rc = aw_fail_errno(err, AW_IO, "cannot write the queue");
    aw_buf_reset(&triage->buf);
    return rc;
}

static aw_rc put_finding(void *self, const struct aw_finding *finding,
                         struct aw_err *err)
{
    struct triage *triage = self;
    aw_rc rc = formats[triage->options->format](&triage->buf, triage->options,
                                                finding, err);

    triage->count++;
    return rc == AW_OK ? flush(triage, err) : rc;
}

static aw_rc put_head(struct triage *triage, struct aw_err *err)
{
    if (triage->options->format == AW_TRIAGE_TABLE)
        aw_triage_table_head(&triage->buf, triage->options);
    if (triage->options->format == AW_TRIAGE_CSV)
        aw_triage_csv_head(&triage->buf);
    return triage->buf.len > 0 ? flush(triage, err) : AW_OK;
}

static aw_rc put_foot(struct triage *triage, struct aw_err *err)
{
    if (triage->options->format != AW_TRIAGE_TABLE)
        return AW_OK;
    aw_buf_printf(&triage->buf, "\n共 %lld 条。是否违法，由人认定。\n",
                  (long long)triage->count);
    return flush(triage, err);
}

static aw_rc check_state(const char *state, struct aw_err *err)
{
    static const char *const states[] = {"new", "confirmed", "dismissed",
                                         "escalated"};

    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
        if (strcmp(state, states[i]) == 0)
            return AW_OK;
    if (!state)
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "state '%s' is not known: use new, confirmed, dismissed or "
                   "escalated",
                   state);
}

aw_rc aw_triage_write(struct aw_store *store,
                      const struct aw_triage_options *options, FILE *out,
                      struct aw_err *err)
{
    struct triage triage = {.options = options, .out = out};
    aw_rc rc = check_state(options->state, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&triage.buf, FINDING_MAX);
    rc = put_head(&triage, err);
    if (rc == AW_OK)
        rc = aw_store_findings_by(store, &options->order, options->state,
                                  options->limit, put_finding, &triage, err);
    if (rc == AW_OK)
        rc = put_foot(&triage, err);
    if (rc == AW_OK && fflush(out) != 0)
        rc = aw_fail_errno(err, AW_IO, "cannot write the queue");
    aw_buf_deinit(&triage.buf);
    return rc;
}

/* --- what the forms share --------------------------------------------- */

struct laws {
    struct aw_buf *out;
    const struct aw_provisions *provisions;
    int64_t wall_ms;
    size_t start;
};

static void put_law(void *self, struct aw_str id)
{
    struct laws *laws = self;
    const struct aw_provision *provision =
        laws->provisions
            ? aw_provisions_at(laws->provisions, id, laws->wall_ms)
            : NULL;

    if (laws->out->len > laws->start)
        aw_buf_puts(laws->out, "、");
    if (provision)
        aw_provision_short(laws->out, provision);
    else
        aw_buf_put(laws->out, id);
}

aw_rc aw_triage_laws(struct aw_buf *out,
                     const struct aw_provisions *provisions,
                     const struct aw_claim_row *claim, int64_t wall_ms,
                     struct aw_err *err)
{
    struct laws laws = {out, provisions, wall_ms, out->len};

    return aw_json_texts(claim->law, put_law, &laws, err);
}
