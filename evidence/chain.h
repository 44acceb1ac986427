/* chain.h - all bundles of a workspace, in a chain that shows where one was
 * taken out, put in or changed.
 *
 * Each bundle has a row with the hash of the row before it and its own:
 * SHA-256 over the canonical JSON (RFC 8785) of
 *
 *     {"case_no","findings","made_ms","manifest","name","number","previous"}
 *
 * where "findings" is an array of numbers, "manifest" the SHA-256 of the
 * bundle's tagmanifest-sha256.txt, and "previous" empty in the first row.
 * Numbers count up from 1 without a gap. A bundle tells in
 * data/04-决定/bundle-chain.json where the chain stood before it: so whoever
 * has the newest one can hold the workspace to all before it.
 *
 * Making a bundle:
 *
 *     ... all else is in the bag ...
 *     rc = aw_chain_take(store, workspace, &taken, err);   waits its turn
 *     ... aw_chain_json(&taken.link, made_ms, out) goes into the bag ...
 *     ... the bag is sealed ...
 *     rc = aw_chain_register(store, clock, &made, bag, err);
 *     aw_chain_let_go(&taken);
 *
 * The rows come before the file has its name: no number is given twice, and
 * what a crash left between the two is finished later (leftovers.h).
 */
#ifndef AW_EVIDENCE_CHAIN_H
#define AW_EVIDENCE_CHAIN_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "store/bundles.h"

#define AW_CHAIN_NAME "data/04-决定/bundle-chain.json"
#define AW_CHAIN_HEAD_MAX                              \
    (AW_SHA256_HEX_MAX + 21) /* "NUMBER:HASH", its NUL \
                              */

/* Where a bundle hangs in the chain. */
struct aw_chain_link {
    int64_t number;                   /* its own, or of a head */
    char previous[AW_SHA256_HEX_MAX]; /* empty before the first */
};

/* The last row of a chain; number 0 and an empty hash: there is none yet. */
struct aw_chain_head {
    int64_t number;
    char hash[AW_SHA256_HEX_MAX];
};

aw_rc aw_chain_head(struct aw_store *store, struct aw_chain_head *out,
                    struct aw_err *err) AW_MUST_USE;

/* Reads "NUMBER:HASH", as it is written below. */
bool aw_chain_head_parse(struct aw_str text, struct aw_chain_head *out);
void aw_chain_head_text(const struct aw_chain_head *head,
                        char out[AW_CHAIN_HEAD_MAX]);

/* Where the next bundle will hang. */
aw_rc aw_chain_next(struct aw_store *store, struct aw_chain_link *out,
                    struct aw_err *err) AW_MUST_USE;

/* What AW_CHAIN_NAME says in the bundle. */
void aw_chain_json(const struct aw_chain_link *link, int64_t made_ms,
                   struct aw_buf *out);

/* Reads it back, strictly. AW_INVALID. */
aw_rc aw_chain_parse(struct aw_str json, struct aw_chain_link *link,
                     int64_t *made_ms, struct aw_err *err) AW_MUST_USE;

/* Registers the bundle that was written: id, previous and hash of row are
 * reckoned here (hash lives in `hash`), the rest is the caller's. Also within
 * the caller's transaction. AW_BUSY: another bundle took the link meanwhile;
 * throw the file away and make it anew. AW_INVALID: the name is taken, or a
 * text is not as it must be. */
aw_rc aw_chain_add(struct aw_store *store, const struct aw_chain_link *link,
                   struct aw_bundle_row *row, char hash[AW_SHA256_HEX_MAX],
                   struct aw_err *err) AW_MUST_USE;

/* The next link, and the lock that keeps others from it; waits until whoever
 * has it has registered its bundle. AW_BUSY: ten minutes were not enough. */
struct aw_chain_taken {
    struct aw_chain_link link;
    int lock; /* -1: none */
};
aw_rc aw_chain_take(struct aw_store *store, const char *workspace,
                    struct aw_chain_taken *out,
                    struct aw_err *err) AW_MUST_USE;
void aw_chain_let_go(struct aw_chain_taken *taken); /* also twice */

/* A bundle that is written and sealed, and has no name yet. */
struct aw_chain_made {
    struct aw_chain_link link; /* number 0: it hangs in no chain of ours */
    int64_t made_ms;
    struct aw_str who, name, case_no; /* who empty: adwatch */
    struct aw_str findings;           /* a JSON array of numbers */
    const char *manifest;             /* SHA-256 of tagmanifest-sha256.txt */
    const char *path;                 /* that the file is to have */
    bool stamp; /* an authority is configured: it is pending */
};

/* Ids as `findings` of a row has them: "[7,12]". */
void aw_chain_put_findings(struct aw_buf *out, const int64_t *ids,
                           size_t count);

/* Finishes the bag's file, writes down in one transaction its row, its making
 * in the custody and the audit of each of its findings, and gives the file its
 * name. Where that transaction fails there is neither row nor file; where the
 * name fails the row is there, and the file keeps its path.tmp. */
struct aw_bag;
aw_rc aw_chain_register(struct aw_store *store, const struct aw_clock *clock,
                        const struct aw_chain_made *made, struct aw_bag *bag,
                        struct aw_err *err) AW_MUST_USE;

/* Reckons the hash of a row from its other fields. AW_INVALID where a text is
 * not UTF-8, or findings is no array of numbers as it must be written. */
aw_rc aw_chain_hash(const struct aw_bundle_row *row,
                    char out[AW_SHA256_HEX_MAX],
                    struct aw_err *err) AW_MUST_USE;

/* Is what sealing sees of a file (sealed.h) the bundle of that row? Name, tag
 * manifest and link. AW_INVALID says what is not. */
struct aw_sealed;
aw_rc aw_chain_check_file(const struct aw_sealed *sealed,
                          const struct aw_bundle_row *row,
                          struct aw_err *err) AW_MUST_USE;

/* What was found of a workspace's bundles. */
struct aw_chain_found {
    int64_t rows;    /* that are right, before the first false one */
    int64_t files;   /* that are there, with the manifest and link told */
    int64_t missing; /* files that are not there */
    int64_t unknown; /* files that tell a place in a chain and have no row, or
                      * were never finished */
    struct aw_chain_head head; /* the last right row */
};

/* Told of each file that is missing or false. */
typedef void aw_chain_fn(void *self, const char *name, const char *why);

/* Walks the whole chain, then the files that lie in `bundles` (a folder).
 * known: a head that stands elsewhere and must be in the chain; NULL: there is
 * none. AW_INVALID names the first false row or file; out is filled also
 * then. AW_PARTLY: all rows are right, and files are missing or unknown. */
aw_rc aw_chain_verify(struct aw_store *store, const char *bundles,
                      const struct aw_chain_head *known, aw_chain_fn *tell,
                      void *self, struct aw_chain_found *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
