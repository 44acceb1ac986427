/* leftovers.h - bundles that were never finished.
 *
 * A bundle is written to <name>.zip.tmp, under a lock that ends with its
 * process. One that nobody holds was left by a process that was killed.
 */
#ifndef AW_EVIDENCE_LEFTOVERS_H
#define AW_EVIDENCE_LEFTOVERS_H

#include "base/error.h"

/* Takes away those in the folder, which is there. One that cannot be opened or
 * taken away stays. */
aw_rc aw_leftovers_clear(const char *dir, struct aw_err *err) AW_MUST_USE;

#endif
