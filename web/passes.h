/* passes.h - secrets that open one captured page each, for a while.
 *
 * They are kept in memory alone: a server that starts anew knows none. Safe to
 * use from many threads.
 */
#ifndef AW_WEB_PASSES_H
#define AW_WEB_PASSES_H

#include "archive/warc.h"
#include "base/arena.h"
#include "web/parts.h"

#define AW_PASS_BYTES 32
#define AW_PASS_TEXT_MAX (2 * AW_PASS_BYTES + 1) /* hex, with the NUL */

/* What a pass opens. */
struct aw_pass {
    int64_t expires_ms; /* wall time */
    struct aw_str url;
    struct aw_str channel;
    struct aw_str source; /* as in the capture's row */
    struct aw_warc_place place;
    char digest[AW_SHA256_HEX_MAX];
    char session[AW_SHA256_HEX_MAX]; /* key of the one that it dies with */
    int64_t fetched_ms;
    bool dom; /* a browser wrote it */
};

struct aw_passes;

aw_rc aw_passes_new(struct aw_passes **out, size_t most,
                    struct aw_err *err) AW_MUST_USE;
void aw_passes_free(struct aw_passes *passes); /* NULL is allowed */

/* Copies the pass; where there are `most`, the oldest goes. */
aw_rc aw_passes_add(struct aw_passes *passes, const struct aw_pass *pass,
                    char text[AW_PASS_TEXT_MAX],
                    struct aw_err *err) AW_MUST_USE;

/* Copies the pass with its texts into the arena. AW_MISSING: there is none of
 * that name, or it has expired. Takes the same time for each that is false. */
aw_rc aw_passes_find(struct aw_passes *passes, struct aw_str text,
                     int64_t now_ms, struct aw_arena *arena,
                     struct aw_pass *out, struct aw_err *err) AW_MUST_USE;

/* What a URL is in aw_parts. Nobody outside can tell it, or find another URL
 * that has the same. */
uint64_t aw_passes_mark(const struct aw_passes *passes, struct aw_str url);

/* What the page of a pass was seen to load: the pass opens it as well.
 * Nothing happens where there is no such pass. */
void aw_passes_allow(struct aw_passes *passes, struct aw_str text,
                     const struct aw_parts *parts);
bool aw_passes_allows(struct aw_passes *passes, struct aw_str text,
                      struct aw_str url);

#endif
