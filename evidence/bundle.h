/* bundle.h - the evidence of a confirmed finding, sealed in one zip.
 *
 * A BagIt bag (bagit.h) in a folder of the zip's name:
 *
 *     data/00-说明.html                    for people: what, where, when, law
 *     data/01-线索/finding.json            as `triage --json`, and decisions
 *     data/02-网页存档/capture-<id>.warc.gz  the archive's bytes as they are
 *     data/02-网页存档/captures.json       how they were fetched, digests
 *     data/03-法律依据/provisions.json     the versions of those days
 *     data/04-决定/decisions.json          with the chain's hashes
 *     data/04-决定/audit-head.json         where the audit chain stood
 *
 * The captures are the first and the last on which the claims were seen.
 * Nothing in it is taken from elsewhere than store, archive and lexicon, and
 * the archive's bytes are checked before they are sealed.
 */
#ifndef AW_EVIDENCE_BUNDLE_H
#define AW_EVIDENCE_BUNDLE_H

#include "base/clock.h"
#include "base/fs.h"
#include "store/store.h"

struct aw_bundle_config {
    const char *workspace;   /* the zip goes to bundles/ in it */
    const char *archive_dir; /* where the WARC files lie */
    const char *lexicon_dir; /* for provisions/ */
    const char *tool;        /* "adwatch 0.1.0" */
    const struct aw_clock *clock;
};

/* Makes <workspace>/bundles/adwatch-finding-<id>-<YYYYMMDDTHHMMSSZ>.zip.
 *
 * AW_INVALID: the finding is not confirmed, the chain of decisions or the
 * archive is false, or there is such a file already. AW_MISSING: no such
 * finding, or its archive file is gone. */
aw_rc aw_bundle_make(struct aw_store *store,
                     const struct aw_bundle_config *config, int64_t finding,
                     char out_path[AW_PATH_MAX],
                     struct aw_err *err) AW_MUST_USE;

#endif
