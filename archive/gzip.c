#include "archive/warc_private.h"

#include <isa-l.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#define FAST_LEVEL 1 /* of ISA-L's 0 to 3 */
#define FAST_MEMORY ISAL_DEF_LVL1_DEFAULT
#define SMALL_MAX ((size_t)2048)   /* bytes; records without a page */
#define STORED_MAX ((size_t)65535) /* bytes of a stored block (RFC 1951) */
#define STORED_HEAD 5
#define AROUND 64 /* head and tail of gzip, and more than enough */

/* What small records look like: making codes for each of them took four fifths
 * of the time. */
static const char sample[] =
    "WARC/1.1\r\nWARC-Type: request\r\n"
    "WARC-Record-ID: <urn:uuid:1e49c0a8-7b35-4d62-9f0e-5a83d716b2c4>\r\n"
    "WARC-Date: 2026-11-23T08:45:19.672Z\r\n"
    "WARC-Target-URI: https://www.shop.example/news/list-25.html?page=3\r\n"
    "WARC-Warcinfo-ID: <urn:uuid:6d0f52b9-84a7-4c1e-a3d8-f29b07e5c614>\r\n"
    "WARC-IP-Address: 203.0.113.47\r\nWARC-Protocol: http/1.1\r\n"
    "WARC-Concurrent-To: <urn:uuid:93b7e0d2-5f18-4a6c-b4c9-08d1a7f6e352>\r\n"
    "WARC-Block-Digest: sha256:"
    "5d8c0f3ab9e6274170c4d2a8f1b3957e6e02d94c8ab715f3d60e9b2c47a8f531\r\n"
    "Content-Type: application/http;msgtype=request\r\n"
    "Content-Length: 276\r\n\r\nGET /news/list-25.html?page=3 HTTP/1.1\r\n"
    "Host: www.shop.example\r\nUser-Agent: adwatch/0.1.0 (+https://example/; "
    "market supervision)\r\nAccept-Encoding: gzip, deflate\r\n"
    "Accept: text/html,application/xhtml+xml,application/json;q=0.9\r\n"
    "WARC-Type: metadata\r\nContent-Type: application/warc-fields\r\n"
    "via: https://www.shop.example/news/\r\nfoundAs: link\r\n"
    "hopsFromSeed: 2\r\nredirectsInARow: 0\r\nfetchTimeMs: 84\r\n\r\n";

struct aw_gzip {
    struct libdeflate_compressor *thorough; /* NULL: the fast one */
    struct isal_zstream stream;
    struct isal_hufftables small; /* codes that suit the sample */
    uint8_t memory[FAST_MEMORY];
};

static bool make_codes(struct aw_gzip *gzip)
{
    struct isal_huff_histogram histogram = {0};
    char text[sizeof sample]; /* ISA-L does not take const */

    memcpy(text, sample, sizeof sample);
    isal_update_histogram((uint8_t *)text, sizeof sample - 1, &histogram);
    return isal_create_hufftables(&gzip->small, &histogram) == 0;
}

aw_rc aw_gzip_new(struct aw_gzip **out, int level, struct aw_err *err)
{
    struct aw_gzip *gzip = calloc(1, sizeof *gzip);

    if (!gzip)
        return aw_fail(err, AW_NOMEM, "out of memory");
    if (!make_codes(gzip)) {
        free(gzip);
        return aw_fail(err, AW_FAIL, "gzip: no codes for the sample");
    }
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
    if (plain.len <= SMALL_MAX) {
        (void)isal_deflate_set_hufftables(s, &gzip->small,
                                          IGZIP_HUFFTABLE_CUSTOM);
    } else {
        s->level = FAST_LEVEL;
        s->level_buf = gzip->memory;
        s->level_buf_size = FAST_MEMORY;
    }
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
