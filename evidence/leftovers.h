/* leftovers.h - bundles that were never finished.
 *
 * A bundle is written to <name>.zip.tmp, under a lock that ends with its
 * process. One that nobody holds was left by a process that was killed.
 */
#ifndef AW_EVIDENCE_LEFTOVERS_H
#define AW_EVIDENCE_LEFTOVERS_H

#include "store/store.h"

/* Takes away those in the folder, which is there; one that is whole, and whose
 * row in the chain was written, gets its name. One that cannot be opened or
 * taken away stays. */
aw_rc aw_leftovers_clear(struct aw_store *store, const char *dir,
                         struct aw_err *err) AW_MUST_USE;

/* Tells of each: its path, which lasts for the call. */
typedef void aw_leftovers_fn(void *self, const char *path);
aw_rc aw_leftovers_tell(const char *dir, aw_leftovers_fn *tell, void *self,
                        struct aw_err *err) AW_MUST_USE;

#endif
