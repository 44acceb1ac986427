/* rng.h - pseudo-random numbers from a seed (splitmix64; Steele, Lea, Flood,
 * 2014). For jitter, record ids and sampling; never for secrets. The same
 * seed gives the same numbers, so that a run can be repeated.
 */
#ifndef AW_BASE_RNG_H
#define AW_BASE_RNG_H

#include "base/str.h"

struct aw_rng {
    uint64_t state;
};

void aw_rng_init(struct aw_rng *rng, uint64_t seed);
void aw_rng_init_entropy(struct aw_rng *rng); /* seeded by the kernel */
uint64_t aw_rng_next(struct aw_rng *rng);
uint64_t aw_rng_below(struct aw_rng *rng, uint64_t bound); /* bound > 0 */

/* "urn:uuid:..." of version 4, with its NUL. (RFC 4122) */
#define AW_UUID_URN_MAX 46
void aw_rng_uuid_urn(struct aw_rng *rng, char out[AW_UUID_URN_MAX]);

#endif
