/* flat_line.h - the plainest lines of JSON, read without a tree.
 *
 * Nearly each line that `classify` is given is one object of strings without
 * escapes. Such a line is read here in one pass, its strings where they stand;
 * of any other line nothing is said, and cJSON reads it (document_line.h),
 * which also tells what is wrong with it.
 */
#ifndef AW_CLI_FLAT_LINE_H
#define AW_CLI_FLAT_LINE_H

#include <stdbool.h>

#include "base/str.h"

/* The members that count, in the order of aw_flat_names. */
enum aw_flat_member {
    AW_FLAT_ID,
    AW_FLAT_CHANNEL,
    AW_FLAT_URL,
    AW_FLAT_TITLE,
    AW_FLAT_TEXT,
    AW_FLAT_HTML,
    AW_FLAT_MEMBERS
};

extern const char *const aw_flat_names[AW_FLAT_MEMBERS];

struct aw_flat_line {
    struct aw_str value[AW_FLAT_MEMBERS]; /* the id may be a number */
    bool is_there[AW_FLAT_MEMBERS];
};

/* True where the line is an object whose members are strings without escapes
 * and NULs, those that count no more than once each; the id may be a whole
 * number of up to 15 digits. */
bool aw_flat_line_read(struct aw_flat_line *out, struct aw_str line);

#endif
