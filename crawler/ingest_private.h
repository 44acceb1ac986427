/* ingest_private.h - what the files of one ingest share, in reading order:
 *
 *     ingest.c           setting up; lists, then files
 *     ingest_list.c      a list: archived, then row by row
 *     ingest_thing.c     one thing: known or new, archived, read, its rows
 *     ingest_record.c    the records of a thing
 */
#ifndef AW_CRAWLER_INGEST_PRIVATE_H
#define AW_CRAWLER_INGEST_PRIVATE_H

#include "archive/warc.h"
#include "base/beneath.h"
#include "base/loop.h"
#include "crawler/ingest.h"
#include "reader/pool.h"

#define AW_INGEST_TOOL "adwatch " AW_VERSION
#define AW_HANDED_IN_URI "urn:adwatch:handed-in:sha256:"
#define AW_HANDED_IN_URI_MAX (sizeof AW_HANDED_IN_URI + AW_SHA256_HEX_MAX)

struct aw_ingest {
    const struct aw_ingest_input *in;
    aw_ingest_fn *told;
    void *self;
    struct aw_loop *loop;
    struct aw_reader_pool *readers;
    struct aw_warc_writer *warc;
    int64_t run;
    bool after_crash;      /* records may lie in the archive without rows */
    bool partly;           /* something was not taken */
    struct aw_arena arena; /* of this ingest */
    struct aw_str mapping; /* of the source's listings, or empty */
    void *attachments;     /* files that lists name: tree of tsearch(3) */
    void *counted;         /* hand-ins of a list that say the same: likewise */
    struct aw_arena things; /* of those */
    struct aw_buf bytes;    /* of the file under way */
};

/* One thing that is handed in; views of the caller's. */
struct aw_ingest_thing {
    const char *path;    /* of the file, or of the list */
    int64_t line;        /* of the list, or 0 */
    struct aw_str name;  /* of the attachment, or empty */
    struct aw_str title; /* of its capture */
    struct aw_str type;  /* Content-Type */
    struct aw_str bytes;
    const struct aw_facts *facts;
    int64_t manifest; /* capture of the list, or 0 */
    struct aw_str manifest_url;
};

struct aw_str aw_ingest_file_name(const char *path);

/* By its first bytes, or else by its name. */
struct aw_str aw_ingest_type(struct aw_str bytes, struct aw_str name);

/* Tells that something was not taken. */
void aw_ingest_refuse(struct aw_ingest *g, const struct aw_ingest_thing *thing,
                      const char *why);

/* Forgets which hand-ins there were: a list begins. */
void aw_ingest_begin_list(struct aw_ingest *g);

/* ---- ingest_thing.c ------------------------------------------------------
 */

/* Takes it and tells of it. A failure ends the ingest. */
aw_rc aw_ingest_take(struct aw_ingest *g, const struct aw_ingest_thing *thing,
                     struct aw_err *err) AW_MUST_USE;

/* What the reader says of the thing that is its job. */
void aw_ingest_answered(void *self, void *job, aw_rc rc,
                        const struct aw_answer *answer, const char *why);

/* ---- ingest_list.c -------------------------------------------------------
 */

aw_rc aw_ingest_list(struct aw_ingest *g, const char *path,
                     struct aw_err *err) AW_MUST_USE;

/* Was the file named by a list of this ingest? */
bool aw_ingest_is_attachment(struct aw_ingest *g, const char *path);

/* ---- ingest_record.c -----------------------------------------------------
 */

void aw_ingest_uri(const char *digest, char out[AW_HANDED_IN_URI_MAX]);

/* Archives the bytes: fills url, mime, fetched_ms, digest, size and place of
 * capture. After a crash a record of these bytes that lies there already is
 * taken. */
aw_rc aw_ingest_archive(struct aw_ingest *g, struct aw_str bytes,
                        struct aw_str type, struct aw_arena *arena,
                        struct aw_capture *capture,
                        struct aw_err *err) AW_MUST_USE;

/* Archives what is said of the thing at uri: fields of
 * application/warc-fields, each ended by CR LF. */
aw_rc aw_ingest_note(struct aw_ingest *g, struct aw_str uri, int64_t date_ms,
                     struct aw_str fields, struct aw_err *err) AW_MUST_USE;

/* Appends "NAME: VALUE" CR LF; nothing where value is empty. */
void aw_ingest_field(struct aw_buf *out, const char *name,
                     struct aw_str value);
void aw_ingest_facts(struct aw_buf *out, const struct aw_facts *facts);

#endif
