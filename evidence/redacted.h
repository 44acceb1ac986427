/* redacted.h - a copy of a bundle without the personal data of third parties.
 *
 * The copy is a bundle of its own, below the folder NAME-redacted, made from a
 * whole one, which stays what it is. redact.h says what is looked for:
 *
 *   texts, JSON, HTML, XML   each character becomes a mark; longer ones than
 *                            AW_REDACT_TEXT_MAX are left out
 *   WARC and WACZ            are left out where a record holds such data: a
 *                            changed record is no record
 *   screenshots              are left out where the text of their capture has
 *                            any: where it stands in a picture is not known
 *   PDF                      is left out where its page of HTML was changed
 *   originals                that are no text are left out where any text of
 *                            the bundle has such data
 *   law, decisions, chains,  stay: they are the office's own, and hashed
 *   environment
 *
 * AW_REDACTED_LIST tells what was taken, where and why, keyed digests of
 * the files as they were, what was kept, and of which bundle it is a copy.
 *
 * Digests are keyed (docs/decisions/0078): who has the rest of a file and its
 * plain digest can try out all mobile numbers.
 */
#ifndef AW_EVIDENCE_REDACTED_H
#define AW_EVIDENCE_REDACTED_H

#include "evidence/bag.h"
#include "evidence/papers.h"
#include "evidence/redact.h"

#define AW_REDACTED_LIST "data/10-隐私/redactions.json"
#define AW_REDACTED_SUFFIX "-redacted"
#define AW_REDACTED_CHAIN "data/04-决定/bundle-chain.json"

struct aw_redacted_told {
    char name[AW_ZIP_NAME_MAX]; /* of the copy: its folder */
    struct aw_bag_digests digests;
    size_t changed, left_out; /* files */
    size_t places, kept;
    struct aw_papers_told papers;
    size_t decisions; /* whose words, and hash, were taken */
};

struct aw_redacted_config {
    const char *in;  /* the whole bundle */
    const char *out; /* where nothing lies */
    int64_t made_ms;
    const char *tool;
    const struct aw_str *keep; /* values that somebody wants kept */
    size_t keep_count;
    struct aw_str key; /* of the digests of what was taken; empty: these are
                        * not told */
    struct aw_str manifest; /* SHA-256 that AW_BAG_SIGNED of the whole one is
                             * to have; empty: any */
    const struct aw_papers_config *papers; /* makes 00-说明 and 09-文书 anew;
                                            * NULL: they are redacted as they
                                            * are, without PDF */
    /* Puts what AW_REDACTED_CHAIN says in the copy, its last file; nothing:
     * there is none. NULL: likewise. */
    aw_rc (*link)(void *self, struct aw_buf *out, struct aw_err *err);
    /* Gives the sealed copy its name (aw_bag_close, aw_chain_register). NULL:
     * aw_bag_close. */
    aw_rc (*close)(void *self, const struct aw_redacted_told *told,
                   struct aw_bag *bag, struct aw_err *err);
    void *self;
};

/* AW_INVALID: it is no bundle, or is redacted already. AW_LIMIT. */
aw_rc aw_redacted_make(const struct aw_redacted_config *config,
                       struct aw_redacted_told *told,
                       struct aw_err *err) AW_MUST_USE;

#endif
