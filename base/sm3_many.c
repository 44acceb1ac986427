#include "base/sm3_many.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)64)
#define BLOCKS_MOST ((size_t)1 << 12) /* in one go: keeps them in the cache \
                                       */

/* ---- by OpenSSL, one after the other ------------------------------------
 */

static aw_rc digest_alone(const struct aw_sm3_job *job, struct aw_err *err)
{
    return EVP_Digest(job->text.ptr, job->text.len, job->digest, NULL,
                      EVP_sm3(), NULL)
               ? AW_OK
               : aw_fail(err, AW_FAIL, "OpenSSL cannot make an SM3");
}

static aw_rc digest_each(const struct aw_sm3_job *jobs, size_t count,
                         struct aw_err *err)
{
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < count && rc == AW_OK; i++)
        rc = digest_alone(&jobs[i], err);
    return rc;
}

/* ---- in lanes -----------------------------------------------------------
 */

#ifdef __x86_64__

#define LANES 8
#define LANES_LEAST 4 /* busy ones that are no slower than OpenSSL */

/* A word of each lane's. */
typedef uint32_t words __attribute__((vector_size(4 * LANES)));

#define ROTATE(x, n) ((x) << (n) | (x) >> (32 - (n)))

struct lane {
    const struct aw_sm3_job *job; /* NULL: it has nothing to do */
    const unsigned char *at;
    size_t blocks; /* that are left there */
    unsigned char tail[2 * BLOCK];
    size_t tail_blocks; /* 0 once they are at hand */
};

static const uint32_t initial[8] = {0x7380166F, 0x4914B2B9, 0x172442D7,
                                    0xDA8A0600, 0xA96F30BC, 0x163138AA,
                                    0xE38DEE4D, 0xB0FB0E4E};

static inline uint32_t load_word(const unsigned char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return __builtin_bswap32(word);
}

/* The message of a block in each lane, spread to 68 words: section 5.3.2. */
static inline __attribute__((always_inline)) void
spread(words w[68], const unsigned char *const at[LANES], size_t block)
{
    for (size_t j = 0; j < 16; j++)
        for (size_t lane = 0; lane < LANES; lane++)
            w[j][lane] = load_word(at[lane] + block * BLOCK + 4 * j);
    for (size_t j = 16; j < 68; j++) {
        words x = w[j - 16] ^ w[j - 9] ^ ROTATE(w[j - 3], 15);

        w[j] = x ^ ROTATE(x, 15) ^ ROTATE(x, 23) ^ ROTATE(w[j - 13], 7) ^
               w[j - 6];
    }
}

/* Rounds from one to another of section 5.3.3; t: the constant, rotated. The
 * names are the standard's. */
#define ROUNDS(from, to, t, ff, gg)                              \
    for (size_t j = (from); j < (to); j++, (t) = ROTATE(t, 1)) { \
        words a12 = ROTATE(a, 12);                               \
        words sum = a12 + e + (t);                               \
        words ss1 = ROTATE(sum, 7);                              \
        words tt1 = (ff) + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]);  \
        words tt2 = (gg) + h + ss1 + w[j];                       \
                                                                 \
        d = c;                                                   \
        c = ROTATE(b, 9);                                        \
        b = a;                                                   \
        a = tt1;                                                 \
        h = g;                                                   \
        g = ROTATE(f, 19);                                       \
        f = e;                                                   \
        e = tt2 ^ ROTATE(tt2, 9) ^ ROTATE(tt2, 17);              \
    }

static inline __attribute__((always_inline)) void
compress(words v[8], const unsigned char *const at[LANES], size_t blocks)
{
    for (size_t block = 0; block < blocks; block++) {
        words w[68];
        words a = v[0], b = v[1], c = v[2], d = v[3];
        words e = v[4], f = v[5], g = v[6], h = v[7];
        uint32_t early = 0x79CC4519;
        uint32_t late = 0x9D8A7A87; /* 0x7A879D8A, rotated by 16 */

        spread(w, at, block);
        ROUNDS(0, 16, early, a ^ b ^ c, e ^ f ^ g)
        ROUNDS(16, 64, late, (a & b) | (c & (a | b)), g ^ (e & (f ^ g)))
        v[0] ^= a, v[1] ^= b, v[2] ^= c, v[3] ^= d;
        v[4] ^= e, v[5] ^= f, v[6] ^= g, v[7] ^= h;
    }
}

typedef void compress_fn(words v[8], const unsigned char *const at[LANES],
                         size_t blocks);

__attribute__((target("avx2"))) static void
compress_avx2(words v[8], const unsigned char *const at[LANES], size_t blocks)
{
    compress(v, at, blocks);
}

/* This one has rotations. */
__attribute__((target("avx2,avx512f,avx512vl"))) static void
compress_avx512(words v[8], const unsigned char *const at[LANES],
                size_t blocks)
{
    compress(v, at, blocks);
}

/* NULL: OpenSSL is as fast. */
static compress_fn *compress_here(void)
{
    if (__builtin_cpu_supports("avx512vl"))
        return compress_avx512;
    return __builtin_cpu_supports("avx2") ? compress_avx2 : NULL;
}

/* ---- which text is in which lane ----------------------------------------
 */

/* The end of the text, a bit, zeros, and the length in bits. */
static void make_tail(struct lane *lane)
{
    struct aw_str text = lane->job->text;
    size_t over = text.len % BLOCK;
    uint64_t bits = (uint64_t)text.len * 8;

    lane->tail_blocks = over + 9 <= BLOCK ? 1 : 2;
    memset(lane->tail, 0, sizeof lane->tail);
    if (over > 0)
        memcpy(lane->tail, text.ptr + text.len - over, over);
    lane->tail[over] = 0x80;
    for (size_t i = 0; i < 8; i++)
        lane->tail[lane->tail_blocks * BLOCK - 1 - i] =
            (unsigned char)(bits >> 8 * i);
}

static void take_tail(struct lane *lane)
{
    lane->at = lane->tail;
    lane->blocks = lane->tail_blocks;
    lane->tail_blocks = 0;
}

static void begin(struct lane *lane, size_t which,
                  const struct aw_sm3_job *job, words v[8])
{
    lane->job = job;
    lane->at = (const unsigned char *)job->text.ptr;
    lane->blocks = job->text.len / BLOCK;
    make_tail(lane);
    if (lane->blocks == 0)
        take_tail(lane);
    for (size_t i = 0; i < 8; i++)
        v[i][which] = initial[i];
}

static void end(struct lane *lane, size_t which, const words v[8])
{
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = __builtin_bswap32(v[i][which]);

        memcpy(lane->job->digest + 4 * i, &word, sizeof word);
    }
    lane->job = NULL;
}

/* How many blocks all lanes have that have any; 0: none has. */
static size_t common_blocks(const struct lane lanes[LANES])
{
    size_t least = 0;

    for (size_t i = 0; i < LANES; i++)
        if (lanes[i].job && (least == 0 || lanes[i].blocks < least))
            least = lanes[i].blocks;
    return least < BLOCKS_MOST ? least : BLOCKS_MOST;
}

/* Where the lanes read: one with nothing to do reads what another does. */
static void places(const struct lane lanes[LANES],
                   const unsigned char *at[LANES])
{
    const unsigned char *some = NULL;

    for (size_t i = 0; i < LANES && !some; i++)
        some = lanes[i].job ? lanes[i].at : NULL;
    for (size_t i = 0; i < LANES; i++)
        at[i] = lanes[i].job ? lanes[i].at : some;
}

static void advance(struct lane *lane, size_t which, size_t blocks,
                    const words v[8])
{
    lane->at += blocks * BLOCK;
    lane->blocks -= blocks;
    if (lane->blocks > 0)
        return;
    if (lane->tail_blocks > 0)
        take_tail(lane);
    else
        end(lane, which, v);
}

static void digest_in_lanes(const struct aw_sm3_job *jobs, size_t count,
                            compress_fn *run)
{
    struct lane lanes[LANES] = {0};
    const unsigned char *at[LANES];
    words v[8] = {0};
    size_t next = 0;
    size_t blocks;

    for (;;) {
        for (size_t i = 0; i < LANES && next < count; i++)
            if (!lanes[i].job)
                begin(&lanes[i], i, &jobs[next++], v);
        blocks = common_blocks(lanes);
        if (blocks == 0)
            return;
        places(lanes, at);
        run(v, at, blocks);
        for (size_t i = 0; i < LANES; i++)
            if (lanes[i].job)
                advance(&lanes[i], i, blocks, v);
    }
}

/* How many of the longest texts would lie alone in their lanes for too long:
 * what is left is as long as LANES_LEAST of its longest. */
static size_t count_alone(const struct aw_sm3_job *jobs, size_t count)
{
    size_t left = 0;
    size_t alone = 0;

    for (size_t i = 0; i < count; i++)
        left += jobs[i].text.len;
    while (alone < count && left < LANES_LEAST * jobs[alone].text.len)
        left -= jobs[alone++].text.len;
    return alone;
}

static int longest_first(const void *a, const void *b)
{
    size_t x = ((const struct aw_sm3_job *)a)->text.len;
    size_t y = ((const struct aw_sm3_job *)b)->text.len;

    return (x < y) - (x > y);
}

aw_rc aw_sm3_many(struct aw_sm3_job *jobs, size_t count, struct aw_err *err)
{
    compress_fn *run = compress_here();
    size_t alone = count;

    if (run && count > 1) {
        qsort(jobs, count, sizeof *jobs, longest_first);
        alone = count_alone(jobs, count);
        digest_in_lanes(jobs + alone, count - alone, run);
    }
    return digest_each(jobs, alone, err);
}

#else

aw_rc aw_sm3_many(struct aw_sm3_job *jobs, size_t count, struct aw_err *err)
{
    return digest_each(jobs, count, err);
}

#endif
