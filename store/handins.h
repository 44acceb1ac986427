/* handins.h - what was handed in: each time that somebody did.
 *
 * A hand-in is one thing (a file, a row's text, an attachment) with what is
 * said of it. The same bytes have one capture, however often they come; each
 * time is a row of its own, linked to the first one. So it is with the same
 * text in other bytes, which have a capture of their own. A hand-in is told
 * apart by its key, over the thing and all that is said of it: what a broken
 * run took in already is not taken twice.
 *
 * Part of the interface in store.h, which includes it.
 */
#ifndef AW_STORE_HANDINS_H
#define AW_STORE_HANDINS_H

#include "base/arena.h"

struct aw_store;

#define AW_HAND_INS_SHOWN 100 /* of one thing, with a finding */

struct aw_hand_in {
    int64_t id, run, capture;
    int64_t at_ms;           /* when it was taken in */
    int64_t first;           /* id of the first one of the same thing */
    int64_t manifest;        /* capture of the list that it stood in; or 0 */
    int64_t line;            /* of that list; or 0 */
    int64_t apps;            /* that its capture shows: a listing */
    int64_t seen_ms;         /* as said; see seen_unit */
    struct aw_str seen_unit; /* day, minute, second; empty: not known */
    struct aw_str key, url, text_digest; /* SHA-256, hex; or empty */
    struct aw_str same; /* "bytes" or "text" as the first; empty: it is it */
    struct aw_str place, who, channel, note, source;
    struct aw_str file; /* name of the file, or of the list */
    struct aw_str name; /* of the attachment; or empty */
    /* What its capture was read by, beside the bytes: a digest of its maker's;
     * empty: it is to be read anew when it comes again. */
    struct aw_str reading;
};

/* Adds it and fills its id; where first is 0 it becomes its own. One whose key
 * is known only gets the capture, and how that was read. */
aw_rc aw_store_hand_in_add(struct aw_store *store, struct aw_hand_in *hand_in,
                           struct aw_err *err) AW_MUST_USE;

/* An earlier one, with what its capture says. */
struct aw_hand_in_known {
    int64_t id, first, capture;
    int64_t first_capture; /* of the first one of the same thing */
    int64_t apps;
    bool is_read;     /* and would be read likewise now */
    bool has_finding; /* on the URL of the capture */
};

/* How things are read now. What has a verdict by the same reading is read;
 * what had no text by it, if it was this tool that found none. */
struct aw_hand_in_reader {
    struct aw_str reading, tool;
};

/* AW_MISSING where there is none. By bytes the newest that is read, or else
 * the newest; by text the first one that is not at `url`, whose is_read tells
 * nothing. */
aw_rc aw_store_hand_in_by_key(struct aw_store *store, struct aw_str key,
                              const struct aw_hand_in_reader *reader,
                              struct aw_hand_in_known *out,
                              struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_hand_in_by_url(struct aw_store *store, struct aw_str url,
                              const struct aw_hand_in_reader *reader,
                              struct aw_hand_in_known *out,
                              struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_hand_in_by_text(struct aw_store *store,
                               struct aw_str text_digest, struct aw_str url,
                               struct aw_hand_in_known *out,
                               struct aw_err *err) AW_MUST_USE;

/* How often the same thing was handed in. */
aw_rc aw_store_hand_in_times(struct aw_store *store, int64_t first,
                             int64_t *times, struct aw_err *err) AW_MUST_USE;

/* Those of the thing at url (a capture's), the first `limit` of them (0:
 * all), with those of the same text. */
typedef aw_rc aw_store_hand_in_fn(void *self, const struct aw_hand_in *hand_in,
                                  struct aw_err *err);
aw_rc aw_store_hand_ins(struct aw_store *store, struct aw_str url,
                        int64_t limit, aw_store_hand_in_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

/* The capture of a list with this payload; AW_MISSING. */
aw_rc aw_store_manifest_find(struct aw_store *store, struct aw_str digest,
                             int64_t *capture, struct aw_err *err) AW_MUST_USE;

/* Files that gave this capture of a list, by the SHA-256 (hex) of their bytes:
 * which of them the archive names already. */
aw_rc aw_store_manifest_file_known(struct aw_store *store, int64_t capture,
                                   struct aw_str digest, bool *known,
                                   struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_manifest_file_add(struct aw_store *store, int64_t capture,
                                 struct aw_str digest,
                                 struct aw_err *err) AW_MUST_USE;

/* Runs of ingest that did not end are broken: how many there are by now. The
 * caller holds the workspace's lock. */
aw_rc aw_store_ingests_broken(struct aw_store *store, int64_t *count,
                              struct aw_err *err) AW_MUST_USE;

#endif
