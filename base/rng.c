#include "base/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

void aw_rng_init(struct aw_rng *rng, uint64_t seed)
{
    rng->state = seed;
}

void aw_rng_init_entropy(struct aw_rng *rng)
{
    uint64_t seed;

    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        struct timespec now = {0};

        (void)clock_gettime(CLOCK_REALTIME, &now);
        seed = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec << 30;
    }
    aw_rng_init(rng, seed);
}

uint64_t aw_rng_next(struct aw_rng *rng)
{
    uint64_t z = rng->state += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

uint64_t aw_rng_below(struct aw_rng *rng, uint64_t bound)
{
    return (uint64_t)((unsigned __int128)aw_rng_next(rng) * bound >> 64);
}

void aw_rng_uuid_urn(struct aw_rng *rng, char out[AW_UUID_URN_MAX])
{
    uint64_t a = aw_rng_next(rng);
    uint64_t b = aw_rng_next(rng);

    (void)snprintf(out, AW_UUID_URN_MAX,
                   "urn:uuid:%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64
                   "-%04" PRIx64 "-%012" PRIx64,
                   a >> 32, a >> 16 & 0xFFFF, a & 0xFFF,
                   (b >> 48 & 0x3FFF) | 0x8000, b & 0xFFFFFFFFFFFFu);
}
