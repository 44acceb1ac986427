/* captured.h - a capture's bytes, from the archive, and how they are read.
 *
 * The record must be what was captured: its payload digest is compared.
 */
#ifndef AW_CRAWLER_CAPTURED_H
#define AW_CRAWLER_CAPTURED_H

#include "archive/warc.h"
#include "base/config.h"
#include "extract/extract.h"
#include "store/store.h"

/* A record that is open; views last until it is closed. All zero is one that
 * may be closed. */
struct aw_captured {
    struct aw_warc_reader *reader, *original;
    struct aw_warc_record record;
    struct aw_str head;  /* of HTTP; empty: what was handed in, or a DOM */
    struct aw_str body;  /* as it was coded */
    struct aw_buf pages; /* of a PDF */
};

/* What is known of a capture, to open it. */
struct aw_captured_at {
    struct aw_warc_place place;
    struct aw_str digest; /* SHA-256, hex, of the payload; empty: any */
};

/* AW_INVALID: it is not what was captured. AW_MISSING, AW_IO: it is not
 * there. */
aw_rc aw_captured_open(struct aw_captured *out, const char *archive_dir,
                       const struct aw_captured_at *at,
                       struct aw_err *err) AW_MUST_USE;
void aw_captured_close(struct aw_captured *captured);

/* Of a row of the store. */
struct aw_captured_at aw_captured_at(const struct aw_capture *capture);

/* As the crawler or ingest asked of it (crawler/rescan_read.c), for
 * aw_sight_ask. channel: of the finding. mapping is put into the arena. */
aw_rc aw_captured_input(struct aw_captured *captured,
                        const struct aw_capture *capture,
                        const struct aw_config *config, struct aw_str channel,
                        struct aw_arena *arena, struct aw_extract_input *out,
                        struct aw_err *err) AW_MUST_USE;

#endif
