/* person.h - are two names those of one person? */
#ifndef AW_EVIDENCE_PERSON_H
#define AW_EVIDENCE_PERSON_H

#include "base/str.h"

#include <stdbool.h>

/* Folded by NFKC and case, and without spaces. What is too long to fold, or is
 * no UTF-8, is held against the other byte by byte. */
bool aw_same_person(struct aw_str a, struct aw_str b);

#endif
