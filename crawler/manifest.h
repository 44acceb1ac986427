/* manifest.h - a list of what is handed in: CSV or JSON Lines.
 *
 * Each row is one hand-in: place, time, who (a code), channel, text,
 * attachments, note. CSV as spreadsheets write it: UTF-8 with a byte order
 * mark or GB18030, separated by comma, semicolon or tab, quoted cells with
 * line breaks in them, headings in Chinese or English. JSON Lines: an object a
 * line, whose keys are those headings.
 *
 * A row that is false has its error and does not stop the others. What is
 * archived of a list is what is kept of it: the good rows, each with what its
 * known columns say. Titles, other columns and false rows may name a person.
 */
#ifndef AW_CRAWLER_MANIFEST_H
#define AW_CRAWLER_MANIFEST_H

#include "base/buf.h"
#include "crawler/hand_in.h"

#define AW_MANIFEST_BYTES_MAX ((size_t)16 << 20)
#define AW_MANIFEST_ROWS_MAX 100000
#define AW_MANIFEST_COLUMNS_MAX 64
#define AW_MANIFEST_CELL_MAX ((size_t)64 << 10)  /* bytes */
#define AW_MANIFEST_ATTACHMENTS_MAX 20           /* of a row */
#define AW_MANIFEST_NAME_MAX ((size_t)1024)      /* bytes of one's path */
#define AW_MANIFEST_KEPT_MAX ((size_t)256 << 20) /* bytes, of all its rows */

#define AW_MANIFEST_COLUMN_LIST(X) \
    X(PLACE, "place")              \
    X(TIME, "time")                \
    X(WHO, "who")                  \
    X(CHANNEL, "channel")          \
    X(TEXT, "text")                \
    X(ATTACHMENTS, "attachments")  \
    X(NOTE, "note")

enum aw_manifest_column {
#define X(name, text) AW_COLUMN_##name,
    AW_MANIFEST_COLUMN_LIST(X)
#undef X
        AW_COLUMN_COUNT,
    AW_COLUMN_UNKNOWN = AW_COLUMN_COUNT,
    AW_COLUMN_PERSONAL /* a name, a telephone, an identity number */
};

/* What a heading means: 地点, 发现时间（必填）, "Who" ... */
enum aw_manifest_column aw_manifest_column(struct aw_str heading);

/* "place"; of those before AW_COLUMN_COUNT. */
const char *aw_manifest_column_name(int column);

struct aw_manifest_row {
    int64_t line, last_line; /* from 1 */
    struct aw_facts facts;
    struct aw_str text;
    struct aw_str said[AW_COLUMN_COUNT]; /* as it stands, but attachments */
    struct aw_str *attachments;          /* as they are named, "\" as "/" */
    size_t attachment_count;
    struct aw_str error; /* empty: the row is good */
};

struct aw_manifest {
    struct aw_arena arena;
    struct aw_buf decoded;
    struct aw_str text; /* all of it, UTF-8 */
    char charset[48];
    struct aw_manifest_row *rows;
    size_t row_count, row_cap;
    struct aw_str unknown; /* headings that are not known, ", " between */
};

enum aw_manifest_form { AW_MANIFEST_NONE, AW_MANIFEST_CSV, AW_MANIFEST_JSONL };

/* By the name of the file: *.csv, *.tsv, *.jsonl, *.ndjson. */
enum aw_manifest_form aw_manifest_form(struct aw_str path);

/* Reads it; `missing` is what counts where a row says nothing (of channel and
 * so on). AW_INVALID or AW_LIMIT where nothing of it can be taken: no heading
 * is known, a heading asks for personal data, too many rows. The caller
 * deinits manifest whatever is returned. */
aw_rc aw_manifest_read(struct aw_manifest *manifest, struct aw_str bytes,
                       enum aw_manifest_form form,
                       const struct aw_facts *missing, int64_t now_ms,
                       struct aw_err *err) AW_MUST_USE;
void aw_manifest_deinit(struct aw_manifest *manifest);

/* Appends what is kept of it, in JSON Lines, whatever form it had: of each
 * good row its line, and what it says by the names of the columns. The same
 * list gives the same bytes. */
aw_rc aw_manifest_kept(const struct aw_manifest *manifest, struct aw_buf *out,
                       struct aw_err *err) AW_MUST_USE;

#endif
