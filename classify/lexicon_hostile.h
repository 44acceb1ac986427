/* lexicon_hostile.h - patterns tried on text that is made to hurt them.
 *
 * A pattern such as (?:a|a.)+b takes time that grows with a power of the text:
 * at run time it is given up (pattern.h), and then finds nothing. Here the
 * characters that a pattern itself names are repeated, one by one and all in
 * turn, and it must answer within its steps on each such text.
 */
#ifndef AW_CLASSIFY_LEXICON_HOSTILE_H
#define AW_CLASSIFY_LEXICON_HOSTILE_H

#include "classify/lexicon.h"

/* Adds an error, with file and line, for each rule, context and exemption
 * with a pattern that gives up. */
aw_rc aw_lexicon_hostile_check(const struct aw_lexicon *lexicon,
                               struct aw_problems *problems,
                               struct aw_err *err) AW_MUST_USE;

#endif
