/* sm3_many.h - SM3 of many texts at once. (GB/T 32905-2016)
 *
 * One text's blocks hang on each other, so that a processor waits for most of
 * the time; blocks of several texts side by side in the lanes of its vectors
 * take hardly longer than one. (docs/decisions/0080)
 */
#ifndef AW_BASE_SM3_MANY_H
#define AW_BASE_SM3_MANY_H

#include "base/hash.h"

struct aw_sm3_job {
    struct aw_str text;
    unsigned char *digest; /* AW_DIGEST_LEN bytes, of the caller */
};

/* The digests are those of aw_sm3_hex. Sorts the jobs, the longest first.
 * Texts that are too long beside the others for lanes, and all where the
 * processor has none, go through OpenSSL. AW_FAIL, AW_NOMEM: of OpenSSL. */
aw_rc aw_sm3_many(struct aw_sm3_job *jobs, size_t count,
                  struct aw_err *err) AW_MUST_USE;

#endif
