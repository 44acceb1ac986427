#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "crawler/manifest_private.h"
#include "extract/charset.h"

#define ARENA_MAX ((size_t)512 << 20)
#define DECODED_MAX (4 * AW_MANIFEST_BYTES_MAX + AW_CHARSET_ROOM)
#define UNKNOWN_SHOWN ((size_t)500) /* bytes of headings that are told */

/* ---- a row ---------------------------------------------------------------
 */

/* A row on its way: the first thing that is wrong with it stays. */
struct row {
    struct aw_manifest_reading *reading;
    const struct aw_manifest_cells *cells;
    struct aw_manifest_row *row;
    struct aw_err err;
};

static aw_rc read_facts(struct row *r)
{
    const struct aw_str *at = r->cells->at;
    struct aw_arena *arena = &r->reading->manifest->arena;
    struct aw_facts *facts = &r->row->facts;
    aw_rc rc = AW_OK;

    if (at[AW_COLUMN_WHO].len > 0) {
        rc = aw_hand_in_code(at[AW_COLUMN_WHO], &r->err);
        facts->who = at[AW_COLUMN_WHO];
    }
    if (rc == AW_OK && at[AW_COLUMN_TIME].len > 0)
        rc = aw_hand_in_time(at[AW_COLUMN_TIME], r->reading->now_ms, facts,
                             &r->err);
    if (rc == AW_OK && at[AW_COLUMN_CHANNEL].len > 0)
        rc = aw_hand_in_channel(at[AW_COLUMN_CHANNEL], &facts->channel,
                                &r->err);
    if (rc == AW_OK && at[AW_COLUMN_PLACE].len > 0)
        rc = aw_hand_in_text(at[AW_COLUMN_PLACE], "place", arena,
                             &facts->place, &r->err);
    if (rc == AW_OK && at[AW_COLUMN_NOTE].len > 0)
        rc = aw_hand_in_text(at[AW_COLUMN_NOTE], "note", arena, &facts->note,
                             &r->err);
    return rc;
}

aw_rc aw_manifest_keep_cell(struct aw_manifest_reading *reading,
                            struct aw_manifest_cells *cells,
                            enum aw_manifest_column column, struct aw_str text)
{
    struct aw_err none;
    bool has_text = cells->at[column].len > 0;

    text = aw_str_trim(text);
    if (has_text && (column != AW_COLUMN_WHO || text.len == 0 ||
                     aw_hand_in_code(text, &none) == AW_OK))
        return AW_OK;
    return aw_arena_dup(&reading->manifest->arena, text, &cells->at[column],
                        reading->err);
}

/* The next name in a list with ; | 、 or line breaks between. */
static bool next_name(struct aw_str *rest, struct aw_str *name)
{
    static const char *const ends[] = {";", "；", "|", "、", "\n", "\r"};

    *name = (struct aw_str){0};
    while (rest->len > 0 && name->len == 0) {
        size_t at = 0;
        size_t end = 0;

        for (; at < rest->len && end == 0; at += end == 0)
            for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
                if (aw_str_starts(aw_str_sub(*rest, at, rest->len),
                                  aw_str_of(ends[i])))
                    end = aw_str_of(ends[i]).len;
        *name = aw_str_trim(aw_str_sub(*rest, 0, at));
        *rest = aw_str_sub(*rest, at + end, rest->len);
    }
    return name->len > 0;
}

/* As it is written on Windows, too. */
static aw_rc keep_name(struct row *r, struct aw_str name)
{
    struct aw_str *out = r->row->attachments + r->row->attachment_count;
    aw_rc rc;

    if (r->row->attachment_count == AW_MANIFEST_ATTACHMENTS_MAX)
        return aw_fail(&r->err, AW_LIMIT, "more than %d attachments",
                       AW_MANIFEST_ATTACHMENTS_MAX);
    if (name.len > AW_MANIFEST_NAME_MAX)
        return aw_fail(&r->err, AW_LIMIT,
                       "an attachment's name has more than "
                       "%zu bytes",
                       AW_MANIFEST_NAME_MAX);
    rc = aw_arena_dup(&r->reading->manifest->arena, name, out, &r->err);
    if (rc != AW_OK)
        return rc;
    for (size_t i = 0; i < out->len; i++)
        if (out->ptr[i] == '\\')
            ((char *)out->ptr)[i] = '/';
    r->row->attachment_count++;
    return AW_OK;
}

static aw_rc read_attachments(struct row *r)
{
    struct aw_str rest = r->cells->at[AW_COLUMN_ATTACHMENTS];
    struct aw_str name;
    aw_rc rc = AW_OK;

    if (rest.len == 0 && r->cells->name_count == 0)
        return AW_OK;
    r->row->attachments =
        aw_arena_array(&r->reading->manifest->arena,
                       AW_MANIFEST_ATTACHMENTS_MAX, sizeof name);
    if (!r->row->attachments)
        return aw_arena_fail(&r->reading->manifest->arena, &r->err);
    for (size_t i = 0; i < r->cells->name_count && rc == AW_OK; i++)
        rc = keep_name(r, r->cells->names[i]);
    while (rc == AW_OK && r->cells->name_count == 0 && next_name(&rest, &name))
        rc = keep_name(r, name);
    return rc;
}

static aw_rc read_row(struct row *r)
{
    aw_rc rc;

    if (r->cells->error)
        return aw_fail(&r->err, AW_INVALID, "%s", r->cells->error);
    for (int i = 0; i < AW_COLUMN_COUNT; i++)
        if (r->cells->at[i].len > AW_MANIFEST_CELL_MAX)
            return aw_fail(&r->err, AW_LIMIT,
                           "a cell of more than %zu bytes: is a quotation "
                           "mark missing?",
                           AW_MANIFEST_CELL_MAX);
    rc = read_facts(r);
    if (rc == AW_OK)
        rc = read_attachments(r);
    r->row->text = r->cells->at[AW_COLUMN_TEXT];
    memcpy(r->row->said, r->cells->at, sizeof r->row->said);
    r->row->said[AW_COLUMN_ATTACHMENTS] = AW_STR("");
    if (rc == AW_OK && r->row->text.len == 0 && r->row->attachment_count == 0)
        rc = aw_fail(&r->err, AW_INVALID,
                     "the row has neither a text nor an attachment");
    return rc;
}

static bool is_blank(const struct aw_manifest_cells *cells)
{
    for (int i = 0; i < AW_COLUMN_COUNT; i++)
        if (cells->at[i].len > 0)
            return false;
    return cells->name_count == 0 && !cells->error;
}

aw_rc aw_manifest_add_row(struct aw_manifest_reading *reading,
                          const struct aw_manifest_cells *cells)
{
    struct aw_manifest *m = reading->manifest;
    struct row r = {.reading = reading, .cells = cells};
    void *rows = m->rows;
    aw_rc rc;

    if (is_blank(cells))
        return AW_OK;
    if (m->row_count == AW_MANIFEST_ROWS_MAX)
        return aw_fail(reading->err, AW_LIMIT,
                       "more than %d rows: hand them in in parts",
                       AW_MANIFEST_ROWS_MAX);
    rc = aw_arena_grow(&m->arena, &rows, m->row_count, &m->row_cap,
                       sizeof *m->rows, reading->err);
    m->rows = rows;
    if (rc != AW_OK)
        return rc;
    r.row = &m->rows[m->row_count++];
    *r.row = (struct aw_manifest_row){.line = cells->line,
                                      .last_line = cells->last_line,
                                      .facts = *reading->missing};
    rc = read_row(&r);
    if (rc == AW_OK)
        return AW_OK;
    if (rc != AW_INVALID && rc != AW_LIMIT) {
        *reading->err = r.err;
        return rc;
    }
    return aw_arena_dup(&m->arena, aw_str_of(r.err.msg), &r.row->error,
                        reading->err);
}

/* ---- headings ------------------------------------------------------------
 */

aw_rc aw_manifest_note_heading(struct aw_manifest_reading *reading,
                               struct aw_str heading,
                               enum aw_manifest_column column)
{
    struct aw_manifest *m = reading->manifest;
    char both[2 * UNKNOWN_SHOWN + 16];
    int len;

    heading = aw_utf8_cut(aw_str_trim(heading), 100);
    if (column == AW_COLUMN_PERSONAL)
        return aw_fail(reading->err, AW_INVALID,
                       "the column '%.*s' asks for personal data: take it "
                       "out, and give codes in a column 'who' (报送人代码)",
                       AW_STR_ARG(heading));
    if (column != AW_COLUMN_UNKNOWN || heading.len == 0 ||
        m->unknown.len + heading.len > UNKNOWN_SHOWN ||
        aw_str_find(m->unknown, heading) >= 0)
        return AW_OK;
    len = snprintf(both, sizeof both, "%.*s%s%.*s", AW_STR_ARG(m->unknown),
                   m->unknown.len ? ", " : "", AW_STR_ARG(heading));
    return aw_arena_dup(&m->arena, (struct aw_str){both, (size_t)len},
                        &m->unknown, reading->err);
}

/* ---- all -----------------------------------------------------------------
 */

struct aw_str aw_manifest_line(struct aw_str *rest)
{
    size_t len = 0;
    struct aw_str line;

    while (len < rest->len && rest->ptr[len] != '\n' && rest->ptr[len] != '\r')
        len++;
    if (len + 1 < rest->len && rest->ptr[len] == '\r' &&
        rest->ptr[len + 1] == '\n')
        len++;
    line = aw_str_sub(*rest, 0, len + 1);
    *rest = aw_str_sub(*rest, line.len, rest->len);
    return line;
}

enum aw_manifest_form aw_manifest_form(struct aw_str path)
{
    static const struct {
        const char *suffix;
        enum aw_manifest_form form;
    } forms[] = {{".csv", AW_MANIFEST_CSV},
                 {".tsv", AW_MANIFEST_CSV},
                 {".jsonl", AW_MANIFEST_JSONL},
                 {".ndjson", AW_MANIFEST_JSONL}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct aw_str suffix = aw_str_of(forms[i].suffix);

        if (path.len >= suffix.len &&
            aw_str_eq_nocase(aw_str_sub(path, path.len - suffix.len,
                                        suffix.len),
                             suffix))
            return forms[i].form;
    }
    return AW_MANIFEST_NONE;
}

static aw_rc decode(struct aw_manifest *m, struct aw_str bytes,
                    struct aw_err *err)
{
    const struct aw_charset_hints none = {0};
    struct aw_charset charset;
    aw_rc rc = aw_charset_decide(bytes, &none, &charset, err);

    if (rc == AW_OK)
        rc = aw_charset_decode(bytes, &charset, &m->decoded, &m->text, err);
    if (rc == AW_OK)
        (void)snprintf(m->charset, sizeof m->charset, "%s", charset.name);
    return rc;
}

aw_rc aw_manifest_read(struct aw_manifest *manifest, struct aw_str bytes,
                       enum aw_manifest_form form,
                       const struct aw_facts *missing, int64_t now_ms,
                       struct aw_err *err)
{
    struct aw_manifest_reading reading = {manifest, missing, now_ms, err};
    aw_rc rc;

    *manifest = (struct aw_manifest){0};
    aw_arena_init(&manifest->arena, ARENA_MAX);
    aw_buf_init(&manifest->decoded, DECODED_MAX);
    if (bytes.len > AW_MANIFEST_BYTES_MAX)
        return aw_fail(err, AW_LIMIT,
                       "more than %zu bytes: hand it in in parts",
                       AW_MANIFEST_BYTES_MAX);
    rc = decode(manifest, bytes, err);
    if (rc != AW_OK)
        return rc;
    return form == AW_MANIFEST_JSONL ? aw_manifest_read_jsonl(&reading)
                                     : aw_manifest_read_csv(&reading);
}

void aw_manifest_deinit(struct aw_manifest *manifest)
{
    aw_buf_deinit(&manifest->decoded);
    aw_arena_deinit(&manifest->arena);
}
