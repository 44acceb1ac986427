/* manifest_private.h - what the files of a manifest share:
 *
 *     manifest.c         a row's cells become facts
 *     manifest_column.c  headings
 *     manifest_csv.c     CSV, by libcsv
 *     manifest_json.c    JSON Lines
 *     manifest_kept.c    what is archived of it
 */
#ifndef AW_CRAWLER_MANIFEST_PRIVATE_H
#define AW_CRAWLER_MANIFEST_PRIVATE_H

#include "crawler/manifest.h"

/* A manifest that is being read. */
struct aw_manifest_reading {
    struct aw_manifest *manifest;
    const struct aw_facts *missing;
    int64_t now_ms;
    struct aw_err *err;
};

/* The cells of a row by column; of what is missing the empty view. */
struct aw_manifest_cells {
    int64_t line, last_line;
    struct aw_str at[AW_COLUMN_COUNT];
    struct aw_str *names; /* of attachments, each whole; or NULL */
    size_t name_count;
    const char *error; /* the row cannot be cut into cells; or NULL */
};

/* Keeps a copy of the text, trimmed. Of two columns that mean the same the
 * first one with a text counts; but of two codes one that is none, so that
 * the row is refused for it. */
aw_rc aw_manifest_keep_cell(struct aw_manifest_reading *reading,
                            struct aw_manifest_cells *cells,
                            enum aw_manifest_column column,
                            struct aw_str text) AW_MUST_USE;

/* Appends the row: its cells as facts, or its error. A failure ends it all. */
aw_rc aw_manifest_add_row(struct aw_manifest_reading *reading,
                          const struct aw_manifest_cells *cells) AW_MUST_USE;

/* Notes a heading that is not known; AW_INVALID where it is personal. */
aw_rc aw_manifest_note_heading(struct aw_manifest_reading *reading,
                               struct aw_str heading,
                               enum aw_manifest_column column) AW_MUST_USE;

aw_rc aw_manifest_read_csv(struct aw_manifest_reading *reading) AW_MUST_USE;
aw_rc aw_manifest_read_jsonl(struct aw_manifest_reading *reading) AW_MUST_USE;

/* Cuts the next line off *rest, with what ends it: LF, CR LF or CR. */
struct aw_str aw_manifest_line(struct aw_str *rest);

#endif
