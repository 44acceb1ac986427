/* sight.h - captured bytes, looked at again in a cell, for many threads.
 *
 * What the archive holds is hostile, and no thread of the server undoes its
 * codings, charset or tags: a reader process in its cell does
 * (reader/pool.h), one for pages and one for images. They start with the first
 * question and end when none came for AW_SIGHT_IDLE_MS. One service thread
 * speaks with them; who asks waits for the answer, within bounds: at most
 * AW_SIGHT_WAITING_MAX others, AW_SIGHT_WAIT_MS until the page is handed
 * over, and from there what the reader has for a page.
 *
 * docs/decisions/0047 has the reasons.
 */
#ifndef AW_READER_SIGHT_H
#define AW_READER_SIGHT_H

#include "base/config.h"
#include "base/log.h"
#include "reader/pool.h"

#define AW_SIGHT_WAITING_MAX 64
#define AW_SIGHT_WAIT_MS 20000
#define AW_SIGHT_IDLE_MS 300000

/* The texts must outlive it. */
struct aw_sight_config {
    const char *program; /* of this adwatch, for its readers */
    const char *lexicon_dir, *model_path;
    const struct aw_crawl_config *limits; /* of readers */
    const struct aw_clock *clock;
    const struct aw_log *log; /* or NULL */
};

struct aw_sight;

aw_rc aw_sight_new(struct aw_sight **out, const struct aw_sight_config *config,
                   struct aw_err *err) AW_MUST_USE;

/* Nobody asks any more. NULL is allowed. */
void aw_sight_free(struct aw_sight *sight);

/* What was seen; everything lives in the arena of who asked. */
struct aw_sighted {
    struct aw_str charset, charset_why, note;
    struct aw_str text_digest;     /* SHA-256 of its text, hex; or empty */
    struct aw_answer_block *texts; /* AW_SHOW_BLOCKS */
    size_t text_count;
    bool texts_cut;
    struct aw_str source; /* AW_SHOW_SOURCE and what comes behind it */
};

/* Waits. AW_READER: why the page cannot be shown, in the reader's words.
 * AW_BUSY: too many wait. */
aw_rc aw_sight_ask(struct aw_sight *sight,
                   const struct aw_extract_input *input,
                   struct aw_arena *arena, struct aw_sighted *out,
                   struct aw_err *err) AW_MUST_USE;

#endif
