/* warc.h - the archive: WARC/1.1, one gzip member a record, CDXJ beside it.
 *
 * Source: The WARC Format 1.1 (IIPC, ISO 28500:2017); CDXJ as pywb reads it.
 *
 * The writer owns one open file in a folder. While it grows it is named
 * NAME.warc.gz.open with NAME.cdxj.open beside it; when it is full or closed
 * both lose the suffix, and the index is sorted. A place names a file without
 * the suffix, and stays right. Bytes are on disk only after aw_warc_sync: a
 * caller syncs, then commits the rows that hold the places.
 *
 * Where aw_warc_append or aw_warc_sync fails with AW_IO (a full disk), all
 * that was appended since the last sync that went well is void: the file was
 * cut back to there, and the places given since then mean nothing. What was
 * synced stands, and the writer can be used on. Any other failure of
 * aw_warc_append concerns that one record.
 *
 * A crash may leave *.open files with a torn last record: aw_warc_recover
 * cuts that record off, makes the index anew and closes the files. It is
 * called once before a writer is opened, and never while one is at work in
 * that folder: the caller holds a lock.
 *
 * The index is made from the records alone, so that it can be made again: a
 * line for each response, revisit and resource.
 *
 * Not thread-safe.
 */
#ifndef AW_ARCHIVE_WARC_H
#define AW_ARCHIVE_WARC_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"

#define AW_WARC_NAME_MAX 96
#define AW_WARC_FILE_MAX ((int64_t)1 << 30) /* bytes; then the next file */
#define AW_WARC_INFO_MAX ((size_t)1 << 20)  /* bytes of a warcinfo block */
#define AW_WARC_HEADER_MAX ((size_t)64 << 10)
#define AW_WARC_RECORD_MAX ((size_t)512 << 20) /* bytes of a block, read */

#define AW_WARC_TYPE_LIST(X)    \
    X(WARCINFO, "warcinfo")     \
    X(REQUEST, "request")       \
    X(RESPONSE, "response")     \
    X(METADATA, "metadata")     \
    X(REVISIT, "revisit")       \
    X(RESOURCE, "resource")     \
    X(CONVERSION, "conversion") \
    X(CONTINUATION, "continuation") /* of others: the writer makes none */

enum aw_warc_type {
#define X(name, text) AW_WARC_##name,
    AW_WARC_TYPE_LIST(X)
#undef X
        AW_WARC_TYPE_COUNT
};

/* Why a revisit has no payload (WARC 1.1, 6.7). OTHER comes from a reader
 * alone: a profile that this program does not know. */
enum aw_warc_profile {
    AW_WARC_IDENTICAL_PAYLOAD, /* the payload has the digest of another */
    AW_WARC_NOT_MODIFIED,      /* the server said so: 304 */
    AW_WARC_PROFILE_OTHER
};

/* Where a record lies. Offset and length are bytes of the gzip member. */
struct aw_warc_place {
    char file[AW_WARC_NAME_MAX]; /* NAME.warc.gz */
    int64_t offset;
    int64_t length;
};

/* A record as handed to the writer, and as a reader gives it. Views: the
 * writer copies nothing that outlives the call; a reader's views last until
 * its next call.
 *
 * URIs and ids with white space, control characters or bytes that are not
 * UTF-8 are refused (AW_INVALID), for a URL that was mended would be false
 * evidence; other texts lose their control characters. A content type that
 * is no line of visible ASCII becomes the one that the record's type has. */
struct aw_warc_record {
    enum aw_warc_type type;
    int64_t date_ms;          /* 0: the writer's clock */
    char id[AW_UUID_URN_MAX]; /* "urn:uuid:..."; empty: the writer makes it;
                               * from a reader also where it is too long */
    struct aw_str target_uri; /* bare, no angle brackets; empty in warcinfo */
    struct aw_str ip;         /* WARC-IP-Address, or empty */
    struct aw_str protocol;   /* WARC-Protocol: "http/1.1", "h2", or empty */
    struct aw_str content_type;  /* empty: that of the type */
    struct aw_str concurrent_to; /* id of a request's response, or empty */
    /* The record that this one tells of: id, target URI, date; or empty. Of
     * revisit, metadata and conversion alone. A replay finds the payload of a
     * revisit by URI and date, so a revisit should have both. */
    struct aw_str refers_to;
    struct aw_str refers_to_uri;
    int64_t refers_to_date_ms;    /* or 0 */
    enum aw_warc_profile profile; /* of a revisit */
    /* "length", "time", "disconnect", or empty. Of a revisit with the same
     * payload the writer says "length" by itself, as the standard wants. */
    struct aw_str truncated;
    /* The HTTP head up to its first empty line and with it, where the content
     * type is application/http; otherwise empty. From a reader it is the
     * whole block where there is no such line. */
    struct aw_str head;
    /* The payload: without transfer-coding, as coded. That of a revisit is
     * hashed and not written; it may be empty if payload_digest is given. A
     * revisit of AW_WARC_NOT_MODIFIED has no body, and its digest (that of the
     * payload which the client already had) may be given or not. */
    struct aw_str body;
    /* Filled by the writer and by a reader: "sha256:" is not in them. The
     * payload's is empty for types that are not in the index. */
    char payload_digest[AW_SHA256_HEX_MAX];
    char block_digest[AW_SHA256_HEX_MAX];
    /* Filled by both, from the HTTP head of a response or revisit (of a
     * resource, mime alone); 0 and empty otherwise. */
    int status;
    struct aw_str mime; /* without parameters */
    /* From a reader alone. */
    struct aw_str stated_payload; /* "sha1:...": the digest as it stands */
    int64_t segment; /* WARC-Segment-Number from 1, or 0: not segmented */
};

/* The writer copies the texts; clock and rng must outlive it. */
struct aw_warc_config {
    const char *dir;    /* made where it is missing */
    const char *prefix; /* of file names: letters, digits, '-', '_' */
    const char *info;   /* of the warcinfo record, CRLF lines:
                         * "software: adwatch 0.1\r\n..." */
    int64_t file_max;   /* bytes, passed by less than one record and what a
                         * warcinfo takes; 0 means AW_WARC_FILE_MAX */
    int level;          /* of gzip: 0 the fastest, or libdeflate's 1 to 12 */
    const struct aw_clock *clock;
    struct aw_rng *rng;
};

struct aw_warc_writer;

aw_rc aw_warc_writer_new(struct aw_warc_writer **out,
                         const struct aw_warc_config *config,
                         struct aw_err *err) AW_MUST_USE;

/* Writes one record; fills record->id and date where empty, its digests,
 * status and mime, and place. A file is made at the first record. */
aw_rc aw_warc_append(struct aw_warc_writer *writer,
                     struct aw_warc_record *record,
                     struct aw_warc_place *place,
                     struct aw_err *err) AW_MUST_USE;

/* All that was appended is on disk (fdatasync) when this returns AW_OK. */
aw_rc aw_warc_sync(struct aw_warc_writer *writer,
                   struct aw_err *err) AW_MUST_USE;

/* Syncs, sorts the index, drops the .open suffixes. The writer can be used on
 * (in a new file); after a failure close can be tried again. */
aw_rc aw_warc_close(struct aw_warc_writer *writer,
                    struct aw_err *err) AW_MUST_USE;
void aw_warc_writer_free(struct aw_warc_writer *writer); /* without closing */

/* Mends what a crash left in dir; *cut counts the bytes cut off. Where dir is
 * missing there is nothing to do. Where a file is damaged with whole records
 * behind the damage (no crash does that to what was synced), or has the name
 * of a finished one, it is left as it is, all others are mended, and the
 * answer is AW_PARTLY with the first such file in err: a caller tells of it
 * and goes on. */
aw_rc aw_warc_recover(const char *dir, int64_t *cut,
                      struct aw_err *err) AW_MUST_USE;

struct aw_warc_reader;

/* Opens a .warc.gz (or plain .warc), of WARC 1.0 or 1.1, at a byte offset. */
aw_rc aw_warc_reader_new(struct aw_warc_reader **out, const char *path,
                         int64_t offset, struct aw_err *err) AW_MUST_USE;
void aw_warc_reader_free(struct aw_warc_reader *reader);

/* Reads what lies in memory, which must outlive the reader; name stands for a
 * path in messages and places. */
aw_rc aw_warc_reader_of(struct aw_warc_reader **out, struct aw_str bytes,
                        const char *name, struct aw_err *err) AW_MUST_USE;

/* The next record, passing over types that are not in AW_WARC_TYPE_LIST.
 * AW_MISSING at a clean end; AW_INVALID at a torn or false one (length, gzip,
 * header); AW_LIMIT at a header over AW_WARC_HEADER_MAX or a block over
 * AW_WARC_RECORD_MAX. After these the reader can only be freed. *place, where
 * not NULL, is where the record lies.
 *
 * Digests stated in the record are checked: AW_INVALID. Known are MD5, SHA-1,
 * SHA-256, SHA-384 and SHA-512, in hex, base32 or base64; those of another
 * algorithm are passed over. The payload's may differ where the record was
 * truncated or has a Transfer-Encoding, if the block's is stated and right.
 * So may that of a segment, for it is one of the whole. A revisit's is not
 * checked: it has no payload; nor is its block's where that is the SHA-1 of
 * nothing, which wget 1.21 states for every one. */
aw_rc aw_warc_next(struct aw_warc_reader *reader,
                   struct aw_warc_record *record, struct aw_warc_place *place,
                   struct aw_err *err) AW_MUST_USE;

/* The last record as it stands in the file, unpacked: WARC header, block, and
 * the two line ends behind. A view like those in the record. */
struct aw_str aw_warc_reader_raw(const struct aw_warc_reader *reader);

/* The first value of a field of an HTTP head, trimmed; empty where it is not
 * there. */
struct aw_str aw_warc_http_field(struct aw_str head, struct aw_str name);

/* Appends the payload of a body in chunks (RFC 9112, 7.1), as other programs
 * archive it; ours have it undone already. Where it was cut off, what there
 * is. AW_INVALID where the body is not in chunks: out is as before. */
aw_rc aw_warc_unchunk(struct aw_str body, struct aw_buf *out,
                      struct aw_err *err) AW_MUST_USE;

/* Appends the raw gzip member at place in dir to out (also from an .open). A
 * place whose file is no plain name NAME.warc.gz: AW_INVALID. */
aw_rc aw_warc_copy(const char *dir, const struct aw_warc_place *place,
                   struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* Opens a reader of the one record at place in dir (also from an .open). */
aw_rc aw_warc_open_place(struct aw_warc_reader **out, const char *dir,
                         const struct aw_warc_place *place,
                         struct aw_err *err) AW_MUST_USE;

/* ---- finding ------------------------------------------------------------ */

/* Where to look: in the indexes of a folder that the writer filled (binary
 * search; an index that still grows is read from end to end), or in the
 * records of one WARC file, which needs no index. The other one is NULL. */
struct aw_warc_source {
    const char *dir;
    const char *file;
};

#define AW_WARC_NEWEST INT64_C(253402300800000) /* the year 10000 */

struct aw_warc_query {
    struct aw_str urls[2]; /* spellings of one URL; any that fits; or empty */
    int64_t at_ms;         /* the record nearest to this, or AW_WARC_NEWEST */
};

/* The place of a response, revisit or resource; AW_MISSING. */
aw_rc aw_warc_find(const struct aw_warc_source *source,
                   const struct aw_warc_query *query,
                   struct aw_warc_place *place,
                   struct aw_err *err) AW_MUST_USE;

/* The place of the record that has the payload of a revisit, which came from
 * this source: by id in a file; else by URI, date and digest, as far as the
 * revisit states them. AW_MISSING. */
aw_rc aw_warc_find_original(const struct aw_warc_source *source,
                            const struct aw_warc_record *revisit,
                            struct aw_warc_place *place,
                            struct aw_err *err) AW_MUST_USE;

/* The place of the request of a response (or revisit) that lies at `of`, in
 * the same file: behind it, as the writer has it, or else before. */
aw_rc aw_warc_find_request(const struct aw_warc_source *source,
                           const struct aw_warc_record *response,
                           const struct aw_warc_place *of,
                           struct aw_warc_place *place,
                           struct aw_err *err) AW_MUST_USE;

/* Opens a reader that starts with the record at a place of this source. */
aw_rc aw_warc_open_found(struct aw_warc_reader **out,
                         const struct aw_warc_source *source,
                         const struct aw_warc_place *place,
                         struct aw_err *err) AW_MUST_USE;

/* "2026-11-23T02:13:00Z" and shorter, or "20261123021300" and shorter; UTC. */
bool aw_warc_time_parse(struct aw_str text, int64_t *wall_ms);

/* Appends the index of a WARC in memory, sorted as the writer has it beside a
 * file of that name. Every record is read and its digests checked: AW_INVALID,
 * AW_LIMIT. */
aw_rc aw_warc_index(struct aw_str bytes, const char *name, struct aw_buf *out,
                    struct aw_err *err) AW_MUST_USE;

/* The same, and tells of each record in its order, so that both take one
 * reading. A failure of visit ends it. */
typedef aw_rc aw_warc_visit_fn(void *self, const struct aw_warc_record *record,
                               const struct aw_warc_place *place,
                               struct aw_err *err);
aw_rc aw_warc_index_each(struct aw_str bytes, const char *name,
                         aw_warc_visit_fn *visit, void *self,
                         struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* ---- for wget ----------------------------------------------------------- */

/* The first line of a classic CDX with the columns that wget --warc-dedup asks
 * for: a (URL), k (SHA-1 of the payload in base32), u (record id). */
#define AW_WARC_CDX_HEADER " CDX N b a m s k r M S V g u\n"

/* Appends the record's line; nothing for what is no response or resource. A
 * payload in a transfer-coding is taken as it lies there, as wget does. */
aw_rc aw_warc_cdx_put(struct aw_buf *out, const struct aw_warc_record *record,
                      const struct aw_warc_place *place,
                      struct aw_err *err) AW_MUST_USE;

/* ---- checking ----------------------------------------------------------- */

/* What was found of one file. */
struct aw_warc_checked {
    const char *path;
    int64_t records, bytes;  /* that are whole */
    int64_t index_lines;     /* that the records give */
    int64_t digests;         /* stated, and right */
    int64_t digests_unknown; /* stated by an algorithm not known here */
    bool growing;            /* .open: it may end within a record */
    bool indexed;            /* its index is there, and right */
    aw_rc rc;                /* AW_OK: it is whole */
    int64_t offset;          /* of the record that is false, or -1 */
    const char *why;         /* with file and offset; "" where it is whole */
};

/* An answer other than AW_OK ends the check. */
typedef aw_rc aw_warc_checked_fn(void *self,
                                 const struct aw_warc_checked *checked,
                                 struct aw_err *err);

/* Reads one file whole, or every *.warc.gz and *.warc below a folder: lengths,
 * gzip, digests. The CDXJ beside a NAME.warc.gz must be what the records give,
 * byte for byte; where it is missing that is false if index_needed. An index
 * without its WARC is told as a file that is false. Of a file that still grows
 * the index is not looked at.
 *
 * A changed bit of gzip's own that carries no content (the time in its
 * header, the padding of its last byte) is not found: who must know every
 * byte takes a digest of the file. */
aw_rc aw_warc_check_each(const char *path, bool index_needed,
                         aw_warc_checked_fn *visit, void *self,
                         struct aw_err *err) AW_MUST_USE;

#endif
