/* literal.h - string literals of JavaScript and JSON. (ECMA-262, 12.9.4)
 */
#ifndef AW_EXTRACT_LITERAL_H
#define AW_EXTRACT_LITERAL_H

#include "base/buf.h"

/* The longest that is taken, in bytes: a longer one is none. */
#define AW_LITERAL_MAX ((size_t)1 << 20)

/* Does a quote begin a literal here: ", ' or `? */
bool aw_literal_begins(struct aw_str code);

/* Takes the literal that begins at the front of *code, and appends its value
 * with escapes undone, as well-formed UTF-8. False, and *code where
 * the search stopped, where it does not end: on its line, but for `. */
bool aw_literal_take(struct aw_str *code, struct aw_buf *out);

/* Behind white space and comments. */
struct aw_str aw_literal_skip_space(struct aw_str code);

/* Undoes what unescape() and decodeURIComponent() undo: "%uXXXX", "%XX". Where
 * the bytes of the latter are no UTF-8 they become U+FFFD. */
void aw_literal_unescape(struct aw_buf *out, struct aw_str text);

#endif
