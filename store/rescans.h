/* rescans.h - how far a rescan has come, and what it told up to there.
 *
 * A rescan reads captures again, by rising id, with the rules and the model of
 * that moment. Its row names both, and holds the last capture that is done
 * with; what it told is kept until it ends, so that who takes it up after a
 * crash tells nothing twice and leaves nothing out. Part of store.h.
 */
#ifndef AW_STORE_RESCANS_H
#define AW_STORE_RESCANS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct aw_store;

struct aw_rescan_row {
    int64_t id;
    struct aw_str key; /* of rules, model, program and what is rescanned */
    struct aw_str lexicon_hash, model_hash;
    int64_t started_ms;
    int64_t last_capture; /* done with, as are all before it */
    int64_t most_capture; /* the newest when it began */
    int64_t read, failed; /* captures up to there */
};

/* Takes up the rescan of that key (*resumed), or begins one: id and numbers
 * are filled in. Those of other rules or another model are dropped, for they
 * could not be gone on with. */
aw_rc aw_store_rescan_begin(struct aw_store *store, struct aw_rescan_row *row,
                            bool *resumed, struct aw_err *err) AW_MUST_USE;

/* Keeps last_capture, read and failed. */
aw_rc aw_store_rescan_step(struct aw_store *store,
                           const struct aw_rescan_row *row,
                           struct aw_err *err) AW_MUST_USE;

/* It is over: what it told is dropped with it. */
aw_rc aw_store_rescan_end(struct aw_store *store, int64_t rescan,
                          struct aw_err *err) AW_MUST_USE;

/* ---- what is read --------------------------------------------------------
 */

struct aw_rescan_scope {
    const char *source;         /* NULL: of all */
    int64_t since_ms, until_ms; /* fetched from, and before */
};

/* The next capture behind `after`, up to `most`, that a reader had before;
 * channel is that of what was handed in, or empty, in the arena. A hand-in
 * that says the same as another one is left out. AW_MISSING: no more. */
aw_rc aw_store_rescan_next(struct aw_store *store,
                           const struct aw_rescan_scope *scope, int64_t after,
                           int64_t most, struct aw_arena *arena, int64_t *id,
                           struct aw_str *channel,
                           struct aw_err *err) AW_MUST_USE;

/* ---- what is told --------------------------------------------------------
 */

struct aw_rescan_told {
    struct aw_str key;        /* the same thing is told once */
    struct aw_str kind;       /* new, changed, gone */
    int64_t capture, finding; /* finding: the one before, or 0 */
    struct aw_str state;      /* of that finding, or empty */
    struct aw_str url;
    struct aw_str before, after; /* JSON: [{"class":...,"quote":...}] */
};

/* *is_new is false where its key was told before. */
aw_rc aw_store_rescan_tell(struct aw_store *store, int64_t rescan,
                           const struct aw_rescan_told *told, bool *is_new,
                           struct aw_err *err) AW_MUST_USE;

/* In the order in which it was told; of one URL alone where it is not empty.
 */
typedef aw_rc aw_rescan_told_fn(void *self, const struct aw_rescan_told *told,
                                struct aw_err *err);
aw_rc aw_store_rescan_told(struct aw_store *store, int64_t rescan,
                           struct aw_str url, aw_rescan_told_fn *visit,
                           void *self, struct aw_err *err) AW_MUST_USE;

/* Of the findings on this URL that the rescan itself added, those that
 * `capture`, a page as fetched, does not show are gone since now_ms. */
aw_rc aw_store_rescan_gone(struct aw_store *store, int64_t rescan,
                           struct aw_str url, int64_t capture, int64_t now_ms,
                           struct aw_err *err) AW_MUST_USE;

#endif
