/* parsed.h - the JSON files of a bundle, which may be anybody's.
 *
 * Looking for what is not there, or is of another kind, finds nothing: NULL,
 * the empty text, false. Values are views of what was loaded.
 */
#ifndef AW_EVIDENCE_PARSED_H
#define AW_EVIDENCE_PARSED_H

#include "evidence/bag.h"

struct aw_parsed; /* a value */

/* A whole file: one object and a line break. AW_INVALID: it is not there, or
 * is not JSON, or has an object with a key twice. */
aw_rc aw_parsed_load(const struct aw_bag_view *bag, struct aw_str name,
                     struct aw_parsed **out, struct aw_err *err) AW_MUST_USE;
void aw_parsed_free(struct aw_parsed *json); /* or NULL */

/* What kind of value it is; a whole number has no other part. */
enum aw_parsed_kind {
    AW_PARSED_NONE, /* of NULL */
    AW_PARSED_NULL,
    AW_PARSED_TEXT,
    AW_PARSED_WHOLE,
    AW_PARSED_NUMBER,
    AW_PARSED_TRUTH,
    AW_PARSED_ARRAY,
    AW_PARSED_OBJECT
};
enum aw_parsed_kind aw_parsed_kind(const struct aw_parsed *item);

const struct aw_parsed *aw_parsed_member(const struct aw_parsed *object,
                                         const char *name);
/* A member that is an array, and what is in it. */
const struct aw_parsed *aw_parsed_array(const struct aw_parsed *object,
                                        const char *name);
const struct aw_parsed *aw_parsed_first(const struct aw_parsed *array);
const struct aw_parsed *aw_parsed_next(const struct aw_parsed *item);
const struct aw_parsed *aw_parsed_at(const struct aw_parsed *array,
                                     int64_t index);
int aw_parsed_count(const struct aw_parsed *array);

/* Of a text; empty of anything else. */
struct aw_str aw_parsed_text(const struct aw_parsed *item);

struct aw_str aw_parsed_str(const struct aw_parsed *object, const char *name);
/* A number whose whole part a double holds exactly: that one. */
bool aw_parsed_whole(const struct aw_parsed *object, const char *name,
                     int64_t *out);
bool aw_parsed_true(const struct aw_parsed *object, const char *name);

/* Do both say the same? */
bool aw_parsed_same(const struct aw_parsed *a, const struct aw_parsed *b);

#endif
