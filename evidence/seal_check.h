/* seal_check.h - do the seals, the time stamp and the link of a bundle hold?
 *
 * Files of seal/, and nothing else may be there:
 *
 *     officer-1.json, officer-2.json   statements (statement.h), in the order
 *                                      in which they were made
 *     officer-N.KEYID.sig              the signature of one key over one
 *     keys/KEYID.pem                   its public half
 *     keys/KEYID.chain.pem             its certificates, where there are some
 *     timestamp.tsr                    the authority's answer (stamp.h), over
 *                                      tagmanifest-sha256.txt
 *     timestamp.KEYID.sig              the workspace's signature over all of
 *                                      that answer
 */
#ifndef AW_EVIDENCE_SEAL_CHECK_H
#define AW_EVIDENCE_SEAL_CHECK_H

#include "evidence/sealed.h"
#include "evidence/statement.h"
#include "evidence/trust.h"

#define AW_SEAL_WHAT_MAX 1024
#define AW_SEAL_NAME_MAX 64 /* of a file of seal/, with the NUL */
#define AW_SEAL_STAMP "timestamp.tsr"

/* How far a stamp or a statement may lie before the bundle was made. */
#define AW_SEAL_BEFORE_MS INT64_C(300000)

/* How far a statement may lie behind the verifier's own clock. */
#define AW_SEAL_AHEAD_MS INT64_C(300000)

/* Names of files, without "seal/". */
void aw_seal_name_statement(int officer, char out[AW_SEAL_NAME_MAX]);
void aw_seal_name_signature(int officer, const char *key,
                            char out[AW_SEAL_NAME_MAX]);
void aw_seal_name_key(const char *key, char out[AW_SEAL_NAME_MAX]);
void aw_seal_name_chain(const char *key, char out[AW_SEAL_NAME_MAX]);
void aw_seal_name_stamp(const char *key, char out[AW_SEAL_NAME_MAX]);

/* What was found of the officers. */
struct aw_seals {
    struct aw_arena arena; /* holds the texts */
    struct aw_statement statements[AW_OFFICERS_OF_SEAL];
    bool trusted[AW_OFFICERS_OF_SEAL][AW_STATEMENT_KEYS_MAX]; /* by key */
    size_t count; /* 0: not sealed; 1: half sealed */
};

/* Every statement, every signature of it, and that there is no other file.
 * trust NULL: by the keys in the bundle. AW_INVALID says what is false. The
 * caller deinits also after a failure. */
aw_rc aw_seals_check(const struct aw_sealed *sealed,
                     const struct aw_trust *trust, struct aw_seals *out,
                     struct aw_err *err) AW_MUST_USE;
void aw_seals_deinit(struct aw_seals *seals);

/* The same, in words for `adwatch verify`: what holds. *missing is set where a
 * seal or the stamp is; with a trust that is AW_INVALID, unless the trust goes
 * without a stamp. */
aw_rc aw_seals_verify(const struct aw_sealed *sealed,
                      const struct aw_trust *trust,
                      char what[AW_SEAL_WHAT_MAX], bool *missing,
                      struct aw_err *err) AW_MUST_USE;
aw_rc aw_seal_stamp_verify(const struct aw_sealed *sealed,
                           const struct aw_trust *trust,
                           char what[AW_SEAL_WHAT_MAX], bool *missing,
                           struct aw_err *err) AW_MUST_USE;
/* trust has no say in it. */
aw_rc aw_seal_chain_verify(const struct aw_sealed *sealed,
                           const struct aw_trust *trust,
                           char what[AW_SEAL_WHAT_MAX], bool *missing,
                           struct aw_err *err) AW_MUST_USE;

#endif
