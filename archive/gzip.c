#include "archive/warc_private.h"

#include <isa-l.h>
#include <libdeflate.h>
#include <stdlib.h>

#define FAST_LEVEL 1 /* of ISA-L's 0 to 3 */
#define FAST_MEMORY ISAL_DEF_LVL1_DEFAULT
#define STORED_MAX ((size_t)65535) /* bytes of a stored block (RFC 1951) */
#define STORED_HEAD 5
#define AROUND 64 /* head and tail of gzip, and more than enough */

struct aw_gzip {
    struct libdeflate_compressor *thorough; /* NULL: the fast one */
    struct isal_zstream stream;
    uint8_t memory[FAST_MEMORY];
};

aw_rc aw_gzip_new(struct aw_gzip **out, int level, struct aw_err *err)
{
    struct aw_gzip *gzip = calloc(1, sizeof *gzip);

    if (!gzip)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (level > 0)
        gzip->thorough = libdeflate_alloc_compressor(level);
    if (level > 0 && !gzip->thorough) {
        free(gzip);
        return aw_fail(err, AW_NOMEM, "out of memory");
    }
    *out = gzip;
    return AW_OK;
}

void aw_gzip_free(struct aw_gzip *gzip)
{
    if (!gzip)
        return;
    libdeflate_free_compressor(gzip->thorough);
    free(gzip);
}

/* What cannot be made smaller is stored. */
static size_t bound(struct aw_gzip *gzip, size_t len)
{
    return gzip->thorough
               ? libdeflate_gzip_compress_bound(gzip->thorough, len)
               : len + (len / STORED_MAX + 1) * STORED_HEAD + AROUND;
}

static size_t pack_fast(struct aw_gzip *gzip, struct aw_str plain, char *at,
                        size_t room)
{
    struct isal_zstream *s = &gzip->stream;

    isal_deflate_stateless_init(s);
    s->level = FAST_LEVEL;
    s->level_buf = gzip->memory;
    s->level_buf_size = FAST_MEMORY;
    s->gzip_flag = IGZIP_GZIP;
    s->end_of_stream = 1;
    s->next_in = (uint8_t *)plain.ptr;
    s->avail_in = (uint32_t)plain.len;
    s->next_out = (uint8_t *)at;
    s->avail_out = (uint32_t)room;
    return isal_deflate_stateless(s) == COMP_OK ? s->total_out : 0;
}

aw_rc aw_gzip_pack(struct aw_gzip *gzip, struct aw_str plain,
                   struct aw_buf *out, size_t *len, struct aw_err *err)
{
    size_t room = bound(gzip, plain.len);
    char *at = aw_buf_reserve(out, room);

    if (!at)
        return aw_buf_check(out, err);
    *len = gzip->thorough ? libdeflate_gzip_compress(gzip->thorough, plain.ptr,
                                                     plain.len, at, room)
                          : pack_fast(gzip, plain, at, room);
    return *len > 0 ? AW_OK
                    : aw_fail(err, AW_FAIL, "gzip: the bound was too small");
}
