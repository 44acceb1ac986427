/* severity_private.h - the table, between its reader (severity_read.c) and who
 * grades by it (severity.c).
 */
#ifndef AW_CLASSIFY_SEVERITY_PRIVATE_H
#define AW_CLASSIFY_SEVERITY_PRIVATE_H

#include "classify/severity.h"

#define AW_SEVERITY_LEADS 0x10000u /* characters of the basic plane */

struct aw_severity_entry {
    enum aw_severity_part part;
    int number; /* of the class, channel ... that id names */
    struct aw_str id, why;
    int points;
    int line;
};

struct aw_severity_word {
    struct aw_str text;
    size_t entry;
};

struct aw_severity {
    struct aw_severity_entry *entries; /* in order of the file */
    size_t count;
    struct aw_severity_word *words; /* sorted */
    size_t word_count;
    uint64_t lead[AW_SEVERITY_LEADS / 64]; /* first characters of words */
    int clear_from, grave_from;            /* points */
};

/* The entry of that part and number; or NULL. */
const struct aw_severity_entry *
aw_severity_find(const struct aw_severity *severity,
                 enum aw_severity_part part, int number);

const char *aw_severity_part_name(enum aw_severity_part part);

#endif
