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
 * A crash may leave *.open files with a torn last record: aw_warc_recover
 * cuts that record off, makes the index anew and closes the files; it is
 * called once before a writer is opened.
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
#define AW_WARC_HEADER_MAX ((size_t)64 << 10)
#define AW_WARC_RECORD_MAX ((size_t)512 << 20) /* bytes of a block, read */

#define AW_WARC_TYPE_LIST(X) \
    X(WARCINFO, "warcinfo")  \
    X(REQUEST, "request")    \
    X(RESPONSE, "response")  \
    X(METADATA, "metadata")  \
    X(REVISIT, "revisit")    \
    X(RESOURCE, "resource")

enum aw_warc_type {
#define X(name, text) AW_WARC_##name,
    AW_WARC_TYPE_LIST(X)
#undef X
        AW_WARC_TYPE_COUNT
};

/* Where a record lies. Offset and length are bytes of the gzip member. */
struct aw_warc_place {
    char file[AW_WARC_NAME_MAX]; /* NAME.warc.gz */
    int64_t offset;
    int64_t length;
};

/* A record as handed to the writer, and as a reader gives it. Views: the
 * writer copies nothing that outlives the call; a reader's views last until
 * its next call. */
struct aw_warc_record {
    enum aw_warc_type type;
    int64_t date_ms;
    char id[AW_UUID_URN_MAX]; /* "urn:uuid:..."; empty: the writer makes it */
    struct aw_str target_uri; /* bare, no angle brackets; empty in warcinfo */
    struct aw_str ip;         /* WARC-IP-Address, or empty */
    struct aw_str protocol;   /* WARC-Protocol: "http/1.1", "h2", or empty */
    struct aw_str content_type;
    struct aw_str
        concurrent_to;       /* id of the response of a request, or empty */
    struct aw_str refers_to; /* id, revisit only; or empty */
    struct aw_str refers_to_uri;
    int64_t refers_to_date_ms;
    struct aw_str truncated; /* "length", "time", "disconnect", or empty */
    struct aw_str head;      /* HTTP head with its empty line, or empty */
    struct aw_str body;      /* payload: without transfer-coding, as coded */
    /* Filled by the writer and by a reader: "sha256:" is not in them. */
    char payload_digest[AW_SHA256_HEX_MAX];
    char block_digest[AW_SHA256_HEX_MAX];
    /* For the index, response and revisit only; 0 and empty otherwise. */
    int status;
    struct aw_str mime;
};

/* What the warcinfo record says: "software: adwatch 0.1\r\n..." lines. */
struct aw_warc_config {
    const char *dir;
    const char *prefix; /* of file names: "adwatch" */
    const char *info;   /* application/warc-fields, CRLF lines */
    int64_t file_max;   /* bytes; 0 means AW_WARC_FILE_MAX */
    int level;          /* of gzip, 1 to 12; 0 means the default */
    const struct aw_clock *clock;
    struct aw_rng *rng;
};

struct aw_warc_writer;

aw_rc aw_warc_writer_new(struct aw_warc_writer **out,
                         const struct aw_warc_config *config,
                         struct aw_err *err) AW_MUST_USE;

/* Writes one record; fills record->id where empty, its digests, and place. */
aw_rc aw_warc_append(struct aw_warc_writer *writer,
                     struct aw_warc_record *record,
                     struct aw_warc_place *place,
                     struct aw_err *err) AW_MUST_USE;

/* All that was appended is on disk (fdatasync) when this returns AW_OK. */
aw_rc aw_warc_sync(struct aw_warc_writer *writer,
                   struct aw_err *err) AW_MUST_USE;

/* Syncs, sorts the index, drops the .open suffixes. */
aw_rc aw_warc_close(struct aw_warc_writer *writer,
                    struct aw_err *err) AW_MUST_USE;
void aw_warc_writer_free(struct aw_warc_writer *writer); /* without closing */

/* Mends what a crash left in dir; *cut counts the bytes cut off. */
aw_rc aw_warc_recover(const char *dir, int64_t *cut,
                      struct aw_err *err) AW_MUST_USE;

struct aw_warc_reader;

/* Opens a .warc.gz (or plain .warc) at a byte offset. */
aw_rc aw_warc_reader_new(struct aw_warc_reader **out, const char *path,
                         int64_t offset, struct aw_err *err) AW_MUST_USE;
void aw_warc_reader_free(struct aw_warc_reader *reader);

/* The next record; AW_MISSING at a clean end, AW_INVALID at a torn or false
 * one (length, gzip, header). *place, where not NULL, gets offset and length
 * of the record. Digests stated in the record are checked: AW_INVALID. */
aw_rc aw_warc_next(struct aw_warc_reader *reader,
                   struct aw_warc_record *record, struct aw_warc_place *place,
                   struct aw_err *err) AW_MUST_USE;

/* Copies the raw gzip member at place in dir to out (also from an .open). */
aw_rc aw_warc_copy(const char *dir, const struct aw_warc_place *place,
                   struct aw_buf *out, struct aw_err *err) AW_MUST_USE;

/* Opens a reader at place in dir (also from an .open file). */
aw_rc aw_warc_open_place(struct aw_warc_reader **out, const char *dir,
                         const struct aw_warc_place *place,
                         struct aw_err *err) AW_MUST_USE;

struct aw_warc_counts {
    int64_t files, records, bytes, index_lines;
};

/* Reads every WARC of dir whole and its CDXJ: digests, lengths, offsets. The
 * first false one ends it, with file and offset in err. */
aw_rc aw_warc_check(const char *dir, struct aw_warc_counts *counts,
                    struct aw_err *err) AW_MUST_USE;

#endif
