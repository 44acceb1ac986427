/* bundle.h - the evidence of confirmed findings, sealed in one zip.
 *
 * A BagIt bag in a folder of the zip's name; bundle_names.h and
 * docs/09-evidence.md say what lies where. For one finding or the few of a
 * case the file is for people to read; for a night it is a stream, in which
 * each finding is gathered, written and let go.
 *
 * Nothing in it is taken from elsewhere than store, archive and lexicon. The
 * archive's bytes are checked before they are sealed. The same findings give
 * the same bytes again, but for the few files that tell of the time of making:
 * docs/decisions/0064.
 */
#ifndef AW_EVIDENCE_BUNDLE_H
#define AW_EVIDENCE_BUNDLE_H

#include "base/clock.h"
#include "base/config.h"
#include "base/fs.h"
#include "base/log.h"
#include "evidence/environment.h"
#include "evidence/papers.h"
#include "reader/sight.h"
#include "store/store.h"

struct aw_bundle_config {
    const char *workspace;   /* the zip goes to bundles/ in it */
    const char *archive_dir; /* where the WARC files lie */
    const char *lexicon_dir; /* for provisions/ and the rules */
    const char *tool;        /* "adwatch 0.1.0" */
    const struct aw_clock *clock;
    const struct aw_config *config; /* the workspace's; NULL: not known */
    struct aw_sight *sight;         /* reads captures again; NULL: no texts */
    const struct aw_environment *environment; /* NULL: is not told */
    /* Its head is set here. The page for people is by its templates. */
    const struct aw_papers_config *papers;
    bool no_papers;                /* none but that page */
    const struct aw_log *log;      /* or NULL */
    struct aw_str who;             /* makes it: a name, or a system account */
    struct aw_str maker;           /* the person; empty: not known */
    struct aw_str case_no;         /* in the office's books; may be empty */
    const struct aw_str *officers; /* names of users who are to seal it */
    size_t officer_count;
    struct aw_str left_out; /* AW_BUNDLE_LEFT_OUT (sealable.h); may be empty */
    const int64_t *findings;
    size_t count;
    bool night; /* a stream: each page's findings are gathered, written and let
                 * go; no papers, landing pages within their page's WARC */
};

#define AW_BUNDLE_NIGHT_MAX 100000 /* findings */

/* Makes <workspace>/bundles/adwatch-finding-<id>-<YYYYMMDDTHHMMSSZ>.zip, or
 * adwatch-case-<...>.zip of several findings, or adwatch-night-<...>.zip, and
 * takes it into the chain of bundles (chain.h).
 *
 * AW_INVALID: a finding is not confirmed, the chain of decisions or the
 * archive is false, or there is such a file already. AW_MISSING: no such
 * finding or officer, or its archive file is gone. */
aw_rc aw_bundle_make(struct aw_store *store,
                     const struct aw_bundle_config *config,
                     char out_path[AW_PATH_MAX],
                     struct aw_err *err) AW_MUST_USE;

#endif
