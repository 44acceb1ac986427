/* sealable.h - which findings of a night can be sealed, before any is written.
 *
 * One record of the archive that is false, or one finding that somebody took
 * back meanwhile, must not cost all others their bundle: it is left out, and
 * the bundle tells which, and why.
 */
#ifndef AW_EVIDENCE_SEALABLE_H
#define AW_EVIDENCE_SEALABLE_H

#include "evidence/bundle.h"

struct aw_sealable {
    int64_t *findings; /* that can be sealed, in the order given */
    size_t count;
    size_t left_out;
    struct aw_buf
        json; /* AW_BUNDLE_LEFT_OUT: {"left_out":[{"finding","why"}]};
               * empty where none is */
};

typedef void aw_left_out_fn(void *self, int64_t finding, const char *why);

/* Looks at each of config->findings, those of one page standing together, and
 * tells each that is left out. What is wrong with the store or the memory is
 * an error, not a finding's. */
aw_rc aw_sealable_check(struct aw_sealable *out, struct aw_store *store,
                        const struct aw_bundle_config *config,
                        aw_left_out_fn *tell, void *self,
                        struct aw_err *err) AW_MUST_USE;
void aw_sealable_free(struct aw_sealable *out);

#endif
