/* warc_private.h - what the files of archive/ share, in reading order:
 *
 *     surt.c        the key under which an index sorts a URL
 *     http_head.c   where an HTTP head ends, and what the index needs of it
 *     head_write.c  a record's WARC header, out
 *     digest.c      digests as they are stated
 *     head_parse.c  and in
 *     cdxj.c        index lines
 *     files.c       names, sealing a finished file, places
 *     grow.c        one file that grows and can be cut back
 *     gzip.c        one record packed
 *     warc_write.c  the writer
 *     warc_read.c   the reader
 *     scan.c        a whole file read: records, index lines, where it ends;
 *                   the index of one in memory
 *     recover.c, check.c
 *     find.c, find_index.c   a record by its URL
 *     cdx.c         lines for wget
 *     unchunk.c     transfer-coding undone
 */
#ifndef AW_ARCHIVE_WARC_PRIVATE_H
#define AW_ARCHIVE_WARC_PRIVATE_H

#include "archive/warc.h"
#include "base/fs.h"

#define AW_WARC_SUFFIX ".warc.gz"
#define AW_CDXJ_SUFFIX ".cdxj"
#define AW_OPEN_SUFFIX ".open"

#define AW_CDXJ_MAX ((size_t)1 << 30) /* bytes of one file's index */

/* --- surt.c ---------------------------------------------------------- */

/* Appends the SURT of url, without spaces and in lower case:
 * "http://www.Shop.example:8080/A/?b=2&a=1" gives
 * "example,shop:8080)/a?a=1&b=2". As pywb's surt, but for session ids, which
 * stay; other schemes than http and https are only lower-cased. */
void aw_surt_put(struct aw_buf *out, struct aw_str url);

/* --- http_head.c ----------------------------------------------------- */

/* The bytes up to the first empty line and with it; 0 where there is none. */
size_t aw_http_head_len(struct aw_str block);

/* An HTTP message: a block of head and body. */
bool aw_warc_is_http(const struct aw_warc_record *record);

/* Its payload has a digest: response, revisit, resource. These are in the
 * index as well. */
bool aw_warc_has_payload(const struct aw_warc_record *record);

/* Fills status and mime from the HTTP head or the content type. */
void aw_warc_describe(struct aw_warc_record *record);

/* --- head_write.c ---------------------------------------------------- */

#define AW_WARC_INFO_TYPE "application/warc-fields"

/* AW_INVALID where the record cannot be written so that it reads the same. */
aw_rc aw_warc_record_check(const struct aw_warc_record *record,
                           struct aw_err *err) AW_MUST_USE;

/* The media type as stated; where that is empty or no line of ASCII, the one
 * that the record's type has. */
struct aw_str aw_warc_content_type(const struct aw_warc_record *record);

/* Appends the WARC header with its empty line. info_id is the id of the
 * file's warcinfo; file, where not NULL, is WARC-Filename. */
void aw_warc_head_put(struct aw_buf *out, const struct aw_warc_record *record,
                      const char *info_id, const char *file);

/* --- digest.c -------------------------------------------------------- */

#define AW_DIGEST_MAX ((size_t)64) /* bytes */

struct aw_warc_digest {
    const char *algorithm; /* as OpenSSL names it; NULL: none, or unknown */
    size_t len;
    unsigned char bytes[AW_DIGEST_MAX];
};

/* Reads "sha1:", "sha-256:" ... with hex, base32 or base64 (RFC 4648), told
 * apart by their length. AW_INVALID where the rest is none of these. */
aw_rc aw_warc_digest_parse(struct aw_str stated, struct aw_warc_digest *out,
                           struct aw_err *err) AW_MUST_USE;

/* Makes the digest that *out has the algorithm of, over the parts. */
aw_rc aw_warc_digest_make(struct aw_warc_digest *out,
                          const struct aw_str *parts, size_t count,
                          struct aw_err *err) AW_MUST_USE;

bool aw_warc_digest_same(const struct aw_warc_digest *a,
                         const struct aw_warc_digest *b);

/* Lower-case hex of a SHA-256; of any other, the empty text. */
void aw_warc_digest_hex(const struct aw_warc_digest *digest,
                        char out[AW_SHA256_HEX_MAX]);

/* Appends upper-case base32 without padding, as wget and CDX files have it. */
void aw_warc_digest_base32(struct aw_buf *out,
                           const struct aw_warc_digest *digest);

/* --- head_parse.c ---------------------------------------------------- */

/* What a header states that a record has no field for. */
struct aw_warc_stated {
    int64_t length; /* bytes of the block */
    bool known;     /* a type of AW_WARC_TYPE_LIST */
    struct aw_str block_digest, payload_digest; /* "sha1:...", or empty */
};

/* Parses the header in text (changed: folded lines are joined) as views into
 * it. */
aw_rc aw_warc_head_parse(struct aw_buf *text, struct aw_warc_record *record,
                         struct aw_warc_stated *stated,
                         struct aw_err *err) AW_MUST_USE;

/* W3C date of WARC 1.1: from "2026" to "2026-11-23T02:13:00.123456789Z". */
bool aw_warc_date_parse(struct aw_str text, int64_t *wall_ms);

/* --- cdxj.c ---------------------------------------------------------- */

/* Appends the record's index line; nothing for a type that has none. The
 * line comes from the record alone, so that it can be made again. */
void aw_cdxj_put(struct aw_buf *out, const struct aw_warc_record *record,
                 const struct aw_warc_place *place);

/* Appends the lines of in to out in byte order (LC_ALL=C sort). */
aw_rc aw_cdxj_sort(struct aw_str in, struct aw_buf *out,
                   struct aw_err *err) AW_MUST_USE;

/* --- files.c --------------------------------------------------------- */

/* AW_INVALID unless name is one plain file name "NAME.warc.gz". */
aw_rc aw_warc_name_check(const char *name, struct aw_err *err) AW_MUST_USE;

/* The path of the file or its index in dir; suffix is "" or ".open". */
aw_rc aw_warc_path(char out[AW_PATH_MAX], const char *dir, const char *name,
                   const char *suffix, struct aw_err *err) AW_MUST_USE;
aw_rc aw_cdxj_path(char out[AW_PATH_MAX], const char *dir, const char *name,
                   const char *suffix, struct aw_err *err) AW_MUST_USE;

/* Splits path into its folder ("." where there is none) and the name without
 * ".open". */
aw_rc aw_warc_split_path(const char *path, char dir[AW_PATH_MAX],
                         char name[AW_WARC_NAME_MAX],
                         struct aw_err *err) AW_MUST_USE;

/* Makes the names in dir durable. */
aw_rc aw_warc_sync_dir(const char *dir, struct aw_err *err) AW_MUST_USE;

/* Gives a whole, synced NAME.warc.gz.open its last name, with lines sorted
 * beside it. May be called again after a failure or a crash: the index is
 * there before the file has its name. */
aw_rc aw_warc_seal(const char *dir, const char *name, struct aw_str lines,
                   struct aw_err *err) AW_MUST_USE;

/* --- gzip.c ---------------------------------------------------------- */

/* Packs texts, each as one gzip member. Level 0 is ISA-L's, the fastest; 1 to
 * 12 are libdeflate's. (docs/decisions/0021-gzip-by-isa-l.md) */
struct aw_gzip;

aw_rc aw_gzip_new(struct aw_gzip **out, int level,
                  struct aw_err *err) AW_MUST_USE;
void aw_gzip_free(struct aw_gzip *gzip);

/* Puts the member behind what is in out, and leaves it to the caller to add
 * *len to out->len. plain is less than 4 GiB. */
aw_rc aw_gzip_pack(struct aw_gzip *gzip, struct aw_str plain,
                   struct aw_buf *out, size_t *len,
                   struct aw_err *err) AW_MUST_USE;

/* --- grow.c ---------------------------------------------------------- */

/* A file that grows. Bytes wait in `wait`, then go to the end of the file;
 * `kept` is what the caller will not give up any more. */
struct aw_grow {
    int fd;
    char path[AW_PATH_MAX];
    struct aw_buf wait;
    int64_t written; /* bytes in the file */
    int64_t kept;
    bool torn; /* there may be bytes behind `written` */
};

void aw_grow_init(struct aw_grow *grow, size_t max);
void aw_grow_deinit(struct aw_grow *grow);

/* Makes path, which must not be there: AW_BUSY. */
aw_rc aw_grow_open(struct aw_grow *grow, const char *path,
                   struct aw_err *err) AW_MUST_USE;
void aw_grow_close(struct aw_grow *grow);

int64_t aw_grow_size(const struct aw_grow *grow); /* with what waits */

/* Writes what waits. */
aw_rc aw_grow_flush(struct aw_grow *grow, struct aw_err *err) AW_MUST_USE;

/* Drops all that came after `kept`. */
void aw_grow_cut(struct aw_grow *grow);

/* --- warc_read.c ----------------------------------------------------- */

/* A reader of fd from offset to end; name is for messages and places. The
 * reader closes fd; where this fails it is closed already. */
aw_rc aw_warc_reader_take(struct aw_warc_reader **out, int fd,
                          const char *name, int64_t offset, int64_t end,
                          struct aw_err *err) AW_MUST_USE;

/* A failure of the last aw_warc_next came from the end of the input: the
 * record is torn off. */
bool aw_warc_reader_torn(const struct aw_warc_reader *reader);

/* How many stated digests were found right, and how many were of an algorithm
 * that is not known here, in all records so far. */
struct aw_warc_sums {
    int64_t digests;
    int64_t unknown;
};
struct aw_warc_sums aw_warc_reader_sums(const struct aw_warc_reader *reader);

/* Where the record starts that aw_warc_next came to last, whole or not, and
 * where the next one does. */
int64_t aw_warc_reader_start(const struct aw_warc_reader *reader);
int64_t aw_warc_reader_tell(const struct aw_warc_reader *reader);

/* --- scan.c ---------------------------------------------------------- */

struct aw_warc_scan {
    struct aw_buf lines; /* of the index, not sorted */
    int64_t records;
    struct aw_warc_sums sums;
    int64_t end;       /* of the last whole record, in bytes */
    int64_t failed_at; /* where the false record starts; -1: there is none */
    bool torn;         /* the input ended within a record */
};

void aw_warc_scan_init(struct aw_warc_scan *scan);
void aw_warc_scan_deinit(struct aw_warc_scan *scan);

/* Reads every record of path. The first false one ends it with AW_INVALID or
 * AW_LIMIT; *scan then tells of those before it. */
aw_rc aw_warc_scan_file(struct aw_warc_scan *scan, const char *path,
                        struct aw_err *err) AW_MUST_USE;

/* --- find.c, find_index.c -------------------------------------------- */

/* A record that may be the wanted one: views, valid for the call. */
struct aw_warc_candidate {
    struct aw_str url, id, digest; /* id: empty from an index; "sha1:..." */
    int64_t date_ms;
    bool revisit;
    struct aw_warc_place place;
};

struct aw_warc_search {
    struct aw_warc_query query;
    struct aw_str id, digest; /* that it must have, where not empty */
    bool original;            /* it is no revisit */
    bool found;
    int64_t found_ms;
    struct aw_warc_place place;
};

/* Takes the candidate where it fits, and better than what was found before. */
void aw_warc_search_take(struct aw_warc_search *search,
                         const struct aw_warc_candidate *candidate);

/* Takes what the indexes of dir have. */
aw_rc aw_warc_search_indexes(struct aw_warc_search *search, const char *dir,
                             struct aw_err *err) AW_MUST_USE;

#endif
