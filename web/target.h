/* target.h - the target of a request and its cookies, decoded. (RFC 9112, 3.2;
 * RFC 3986, 2.1; RFC 6265, 4.2)
 *
 * What is decoded is UTF-8 without control characters, or it is refused: one
 * text has one meaning, whoever reads it.
 */
#ifndef AW_WEB_TARGET_H
#define AW_WEB_TARGET_H

#include "base/arena.h"

#define AW_TARGET_PAIRS_MAX 64

struct aw_pair {
    struct aw_str name, value;
};

struct aw_target {
    struct aw_str path;
    struct aw_pair pairs[AW_TARGET_PAIRS_MAX]; /* of the query, in order */
    size_t count;
};

/* Decodes "/path?name=value&..."; texts are put into the arena. In the query
 * a plus is a blank. AW_INVALID: it does not begin with a slash, or as said
 * above. AW_LIMIT: too many pairs. */
aw_rc aw_target_parse(struct aw_target *out, struct aw_str raw,
                      struct aw_arena *arena, struct aw_err *err) AW_MUST_USE;

/* The value of the first pair of that name, or empty. */
struct aw_str aw_target_query(const struct aw_target *target,
                              const char *name);

/* The value of the first cookie of that name in the field Cookie, or empty. */
struct aw_str aw_cookie_find(struct aw_str field, const char *name);

#endif
