/* zip_private.h - what the files of the zip share, in reading order:
 *
 *     zip_name.c      names that are refused, or one on some system
 *     zip_record.c    the headers: to write, and to compare
 *     zip_write.c     the writer
 *     zip_lay.c       a small zip in memory
 *     zip_read.c      the reader
 *     zip_first.c     the layout of format 1
 *     zip_agree.c     what libarchive sees
 */
#ifndef AW_EVIDENCE_ZIP_PRIVATE_H
#define AW_EVIDENCE_ZIP_PRIVATE_H

#include "base/buf.h"
#include "evidence/zip.h"

#define AW_ZIP_LOCAL_LEN 30u
#define AW_ZIP_CENTRAL_LEN 46u
#define AW_ZIP_END_LEN 22u
#define AW_ZIP_END64_LEN (56u + 20u) /* the record, and where it lies */

#define AW_ZIP_FLAG_ENCRYPTED 0x0001u
#define AW_ZIP_FLAG_DESCRIPTOR 0x0008u
#define AW_ZIP_FLAG_UTF8 0x0800u
#define AW_ZIP_UNIX_REGULAR 0100000u
#define AW_ZIP_UNIX_TYPE 0170000u

/* From here on a number stands in zip64's fields. */
#define AW_ZIP_64 0xFFFFFFFFu
#define AW_ZIP_COUNT_64 0xFFFFu

/* All that differs between two headers. */
struct aw_zip_head {
    struct aw_str name;
    uint64_t size, offset; /* offset: of the local header */
    uint32_t crc32;
    unsigned time, date; /* of DOS */
};

/* Where the central directory lies. */
struct aw_zip_directory {
    uint64_t count, offset, len;
};

/* Fills date and time. */
void aw_zip_set_time(struct aw_zip_head *head, int64_t wall_ms);

void aw_zip_local_put(struct aw_buf *out, const struct aw_zip_head *head);
void aw_zip_central_put(struct aw_buf *out, const struct aw_zip_head *head);
void aw_zip_directory_put(struct aw_buf *out,
                          const struct aw_zip_directory *directory);

/* Bytes of the local header. */
size_t aw_zip_local_len(const struct aw_zip_head *head);

static inline unsigned aw_zip_u16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;

    return b[0] | (unsigned)b[1] << 8;
}

static inline uint32_t aw_zip_u32(const char *at)
{
    return aw_zip_u16(at) | (uint32_t)aw_zip_u16(at + 2) << 16;
}

static inline uint64_t aw_zip_u64(const char *at)
{
    return aw_zip_u32(at) | (uint64_t)aw_zip_u32(at + 4) << 32;
}

/* Fills zip->entries, for which there is room; the directory's count and
 * place were read. */
aw_rc aw_zip_read_first(struct aw_zip *zip,
                        const struct aw_zip_directory *directory,
                        struct aw_err *err) AW_MUST_USE;

#endif
