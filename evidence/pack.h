/* pack.h - the files of a bundle, written from what was gathered.
 *
 * The one place where a file comes into a bundle is aw_packing_put: with it
 * comes a line of the list of evidence (struct aw_item). What tells of many
 * captures (captures.json, decisions.json) is kept aside in a nameless file
 * until all are written, so that a night needs no more memory than a finding.
 */
#ifndef AW_EVIDENCE_PACK_H
#define AW_EVIDENCE_PACK_H

#include "classify/lexicon.h"
#include "evidence/bag.h"
#include "evidence/bundle.h"
#include "evidence/case.h"
#include "evidence/chain.h"
#include "evidence/compare.h"
#include "evidence/environment.h"
#include "evidence/facts.h"
#include "evidence/frozen.h"
#include "evidence/records.h"

/* A JSON array that grows on disk; its members stand on lines of their own. */
struct aw_spool {
    int fd; /* -1: not open */
    bool begun;
};

/* A picture as captures.json tells of it. */
struct aw_packed_shot {
    struct aw_str name, boxed; /* in the bag; boxed may be empty */
    struct aw_str why_not;     /* there is no boxed copy */
};

/* A picture of the bundle, in the file of pictures. */
struct aw_kept_picture {
    struct aw_str name;
    int64_t at, bytes;
};

/* One capture while it is written. */
struct aw_packed {
    struct aw_case_capture *capture;
    struct aw_str warc;
    struct aw_packed_shot *shots; /* one for each of the capture's */
    /* Names, or empty. */
    struct aw_str dom, text, blocks, original, wacz, compared;
    struct aw_str text_why, wacz_why; /* there is none */
    struct aw_facts *facts;           /* how it was fetched */
    struct aw_sighted *seen;          /* NULL: it could not be read */
    size_t left_out;                  /* resources */
};

struct aw_packing {
    const struct aw_bundle_config *config;
    struct aw_case *c;
    struct aw_bag *bag;
    struct aw_spool captures, findings; /* what captures.json and
                                         * decisions.json tell of each */
    struct aw_cited *cited;             /* of all findings */
    size_t cited_count, cited_cap;
    size_t item_cap;
    struct aw_lexicon *lexicon;
    struct aw_str browser; /* that pages were rendered in; may be empty */
    /* Pictures, kept aside for the papers. */
    int pictures_fd; /* -1: there are no papers */
    int64_t pictures_bytes;
    struct aw_kept_picture *pictures;
    size_t picture_count, picture_cap;
    struct aw_buf picture; /* that was asked for last */
};

aw_rc aw_packing_init(struct aw_packing *p,
                      const struct aw_bundle_config *config, struct aw_case *c,
                      struct aw_bag *bag, struct aw_err *err) AW_MUST_USE;
void aw_packing_deinit(struct aw_packing *p);

/* Puts a file into the bundle. made_ms: when what it holds was made. */
aw_rc aw_packing_put(struct aw_packing *p, const char *name,
                     struct aw_str bytes, int64_t made_ms,
                     struct aw_err *err) AW_MUST_USE;

/* The same of what is made now out of data of an earlier time. */
aw_rc aw_packing_put_derived(struct aw_packing *p, const char *name,
                             struct aw_str bytes, int64_t source_ms,
                             struct aw_err *err) AW_MUST_USE;

/* All that belongs to the findings at hand. */
aw_rc aw_packing_case(struct aw_packing *p, struct aw_store *store,
                      struct aw_err *err) AW_MUST_USE;

/* What comes once, behind all of them. */
aw_rc aw_packing_end(struct aw_packing *p, struct aw_store *store,
                     struct aw_err *err) AW_MUST_USE;

/* Where the bundle hangs in the chain of all bundles: its last file, for
 * nobody else may take the link from here on until it is registered. */
aw_rc aw_packing_link(struct aw_packing *p, const struct aw_chain_link *link,
                      struct aw_err *err) AW_MUST_USE;

/* The papers of a case, behind what they tell of; head: the bundle's name. */
aw_rc aw_packing_papers(struct aw_packing *p, struct aw_store *store,
                        struct aw_str head, struct aw_err *err) AW_MUST_USE;

/* ---- for pack*.c alone -------------------------------------------------- */

/* Of what stands in an arena: "data/.../capture-9.warc.gz". */
aw_rc aw_packing_name(struct aw_packing *p, struct aw_str *out,
                      struct aw_err *err, const char *fmt, ...)
    AW_PRINTF(4, 5) AW_MUST_USE;

/* capture-<id>.warc.gz, with all its records. warc: the same bytes, which the
 * caller frees, also after a failure. */
aw_rc aw_pack_records(struct aw_packing *p, struct aw_packed *packed,
                      struct aw_buf *warc, struct aw_err *err) AW_MUST_USE;

/* Adds what the page names and the archive has, nearest in time to it: for one
 * of which no browser listed what it loaded. A page that cannot be read has
 * none. */
aw_rc aw_pack_references(struct aw_packing *p,
                         const struct aw_capture *capture,
                         struct aw_records *records,
                         struct aw_err *err) AW_MUST_USE;

/* capture-<id>.wacz, of pages that can be replayed. */
aw_rc aw_pack_wacz(struct aw_packing *p, struct aw_packed *packed,
                   struct aw_str warc, struct aw_err *err) AW_MUST_USE;

/* capture-<id>-对比.json: the page in a browser against the page as fetched.
 * all: the captures of the case as far as they are packed. */
aw_rc aw_pack_compared(struct aw_packing *p, struct aw_packed *packed,
                       const struct aw_packed *all, size_t count,
                       struct aw_err *err) AW_MUST_USE;

/* The screenshots, behind the texts. */
aw_rc aw_pack_screens(struct aw_packing *p, struct aw_packed *packed,
                      struct aw_err *err) AW_MUST_USE;

/* The page as the browser had it, its text with offsets, and the original of
 * what was handed in. */
aw_rc aw_pack_texts(struct aw_packing *p, struct aw_packed *packed,
                    struct aw_err *err) AW_MUST_USE;

/* What a reader sees in a capture; AW_READER where it cannot be read, or no
 * reader is given. */
aw_rc aw_pack_sight(struct aw_packing *p, const struct aw_capture *capture,
                    enum aw_show show, struct aw_sighted *out,
                    struct aw_err *err) AW_MUST_USE;

/* Does the claim stand where nothing is drawn: in a meta, or in what is not
 * displayed? A box of its words would be another place's. */
bool aw_pack_is_nowhere(const struct aw_sighted *seen,
                        const struct aw_claim_row *claim);

/* Was the claim's finding seen on this capture, or on its twin? */
bool aw_case_is_seen_on(const struct aw_case *c,
                        const struct aw_case_finding *finding,
                        const struct aw_case_capture *capture);

/* history-<id>.json: when the advertisement was seen, in which versions. */
aw_rc aw_pack_history(struct aw_packing *p, struct aw_store *store,
                      const struct aw_case_finding *finding,
                      const struct aw_packed *all, size_t count,
                      struct aw_err *err) AW_MUST_USE;

/* Keeps a picture for the papers. */
aw_rc aw_pack_keep_picture(struct aw_packing *p, const char *name,
                           struct aw_str bytes,
                           struct aw_err *err) AW_MUST_USE;

/* ---- case_json.c -------------------------------------------------------- */

/* lexicon: as it is now. The rules of the finding are told from it where it is
 * the one that found it, else from what was frozen then, if anything was. */
aw_rc aw_case_finding_json(const struct aw_case_finding *finding,
                           const struct aw_lexicon *lexicon,
                           const struct aw_frozen *frozen, struct aw_buf *out,
                           struct aw_err *err) AW_MUST_USE;
void aw_case_capture_json(const struct aw_case *c,
                          const struct aw_packed *packed, struct aw_buf *out);
void aw_case_decisions_json(const struct aw_case_finding *finding,
                            struct aw_buf *out);
void aw_case_cited_json(const struct aw_cited *cited, size_t count,
                        struct aw_buf *out);
void aw_case_audit_json(const struct aw_case *c, struct aw_buf *out);

#endif
