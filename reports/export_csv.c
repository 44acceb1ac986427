#include "reports/export_private.h"

#include "reports/text.h"

static aw_rc begin(struct aw_export *export, struct aw_err *err)
{
    aw_buf_puts(&export->out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < aw_export_column_count; i++) {
        if (i > 0)
            aw_buf_putc(&export->out, ',');
        aw_text_csv(&export->out, aw_str_of(aw_export_columns[i].head));
    }
    aw_buf_puts(&export->out, "\r\n");
    return aw_export_flush(export, false, err);
}

static aw_rc put_cell(struct aw_export *export,
                      const struct aw_export_column *column,
                      const struct aw_export_row *row, struct aw_err *err)
{
    aw_rc rc;

    if (column->number) {
        aw_buf_printf(&export->out, "%.*f", column->decimals,
                      column->number(row));
        return AW_OK;
    }
    aw_buf_reset(&export->cell);
    rc = column->text(&export->cell, row, err);
    if (rc == AW_OK)
        rc = aw_buf_check(&export->cell, err);
    if (rc == AW_OK)
        aw_text_csv(&export->out, aw_buf_str(&export->cell));
    return rc;
}

static aw_rc put_row(struct aw_export *export, const struct aw_export_row *row,
                     struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < aw_export_column_count && rc == AW_OK; i++) {
        if (i > 0)
            aw_buf_putc(&export->out, ',');
        rc = put_cell(export, &aw_export_columns[i], row, err);
    }
    aw_buf_puts(&export->out, "\r\n");
    export->told.rows++;
    return rc == AW_OK ? aw_export_flush(export, false, err) : rc;
}

static aw_rc put(struct aw_export *export, const struct aw_finding *finding,
                 const struct aw_export_facts *facts, struct aw_err *err)
{
    return aw_export_rows(export, finding, facts, put_row, err);
}

static aw_rc end(struct aw_export *export, struct aw_err *err)
{
    return aw_export_flush(export, true, err);
}

const struct aw_export_form aw_export_csv = {begin, put, end, NULL};
