/* yaml_lines.h - on which line each value of a lexicon file stands.
 *
 * libcyaml fills structs and forgets lines; this second reading (libyaml's
 * events) keeps them, for errors that show only later. It knows one shape,
 * that of all lexicon files: a mapping with one sequence of mappings, whose
 * values are scalars or sequences of scalars.
 */
#ifndef AW_CLASSIFY_YAML_LINES_H
#define AW_CLASSIFY_YAML_LINES_H

#include "base/arena.h"

#define AW_YAML_WHOLE SIZE_MAX /* not one item of the value, all of it */

struct aw_yaml_lines {
    struct aw_yaml_line *items;
    size_t count, cap;
    struct aw_arena *arena;
};

/* Reads text, which need not outlive this. A text that is no YAML: AW_CONFIG
 * with the line in the message. */
aw_rc aw_yaml_lines_read(struct aw_yaml_lines *out, struct aw_str text,
                         struct aw_arena *arena,
                         struct aw_err *err) AW_MUST_USE;

/* The line (from 1) of mapping number `entry`, of the value of its key, or of
 * that value's item; where that is not known, of the nearest that is. */
int aw_yaml_line(const struct aw_yaml_lines *lines, size_t entry,
                 const char *key, size_t item);

#endif
