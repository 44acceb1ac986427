/* seal.h - officers seal a bundle, and an authority stamps it.
 *
 * What a seal is made of: statement.h, seal_check.h. Each statement is signed
 * by the workspace's key, and by the officer's own where the config names one.
 * The bundle's file is written anew beside the old one and takes its place;
 * then the store gets its rows (seal, audit). What a crash in between left in
 * the file alone is written down at the next call.
 *
 * A sealer serves one process; of several at once one gets AW_BUSY.
 */
#ifndef AW_EVIDENCE_SEAL_H
#define AW_EVIDENCE_SEAL_H

#include "base/clock.h"
#include "base/config.h"
#include "review/session.h"
#include "store/bundles.h"

#define AW_SEAL_WORDS_MAX 512

struct aw_sealer_config {
    const char *workspace; /* bundles/ and keys/ lie in it */
    const struct aw_evidence_config *evidence;
    const struct aw_clock *clock;
};

/* All of the config must live as long as the sealer. */
struct aw_sealer;
aw_rc aw_sealer_new(struct aw_sealer **out, struct aw_store *store,
                    const struct aw_sealer_config *config,
                    struct aw_err *err) AW_MUST_USE;
void aw_sealer_free(struct aw_sealer *sealer); /* NULL is allowed */

/* How a bundle stands with the authority. */
struct aw_stamped {
    const char *state;            /* AW_STAMP_* of store/bundles.h */
    char what[AW_SEAL_WORDS_MAX]; /* when and by whom; or why not */
    bool fresh;                   /* it was stamped by this call */
};

/* What a new row's stamp has to be: pending where an authority is configured,
 * else none. */
struct aw_str aw_sealer_first_stamp(const struct aw_sealer *sealer);

/* Asks for the stamp of a bundle whose stamp is pending. That none was had is
 * no failure: the bundle stays as it is and out->what says why. After a
 * fault of the authority's it is not asked again by this sealer. */
aw_rc aw_sealer_stamp(struct aw_sealer *sealer, struct aw_str bundle,
                      struct aw_stamped *out, struct aw_err *err) AW_MUST_USE;

/* The same for all that are pending, `most` at most; tell may be NULL.
 * the first fault of the authority's ends it. AW_PARTLY: some still are. */
typedef aw_rc aw_stamped_fn(void *self, struct aw_str bundle,
                            const struct aw_stamped *stamped,
                            struct aw_err *err);
aw_rc aw_sealer_retry(struct aw_sealer *sealer, size_t most,
                      aw_stamped_fn *tell, void *self,
                      struct aw_err *err) AW_MUST_USE;

/* What sealing did. */
struct aw_sealed_by {
    int officer;                 /* 1 or 2; 2: both have sealed it */
    char key[AW_SEAL_WORDS_MAX]; /* "Ed25519 0123..., SM2 4567..." */
    struct aw_stamped stamped;
};

/* One officer seals the bundle of that name, by her name and password; tries
 * count as those to come in (session.h). AW_BUSY: *wait_ms says when the next
 * try counts, or another process seals.
 *
 * AW_INVALID: the password is wrong, she may not seal (reviewers, second
 * officers and supervisors may, and need a certificate's number), she did so
 * already, two officers did, or the bundle is false. AW_CONFIG: her key. */
aw_rc aw_sealer_seal(struct aw_sealer *sealer, struct aw_str bundle,
                     const struct aw_login *login, int64_t *wait_ms,
                     struct aw_sealed_by *out, struct aw_err *err) AW_MUST_USE;

#endif
