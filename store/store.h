/* store.h - what adwatch remembers: runs, the frontier's URLs, captures,
 * findings, decisions.
 *
 * Typed calls over db.h, so that no other module writes SQL. Callers that
 * change several things together put aw_store_begin and aw_store_commit
 * around them; what is not committed is gone after a crash, as a whole.
 *
 * Out-parameters with text are copied into the arena that is given.
 */
#ifndef AW_STORE_STORE_H
#define AW_STORE_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/gate.h"
#include "base/str.h"
#include "store/handins.h"
#include "store/listings.h"
#include "store/rendered.h"
#include "store/rescans.h"
#include "store/urls.h"

struct aw_store;

/* Before the first one is opened: see aw_db_one_thread. Without it each thread
 * may open one. */
void aw_store_one_thread(void);

/* Opens the store of a workspace, makes and migrates it as needed. AW_STORE
 * also where another process keeps it locked for BUSY_MS (store.c). */
aw_rc aw_store_open(struct aw_store **out, const char *path,
                    struct aw_err *err) AW_MUST_USE;
void aw_store_close(struct aw_store *store);

/* One of several in this process: what they write waits in one line (see
 * aw_db_share). */
void aw_store_share(struct aw_store *store, struct aw_gate *writers);

aw_rc aw_store_begin(struct aw_store *store, struct aw_err *err) AW_MUST_USE;
/* Likewise for reading alone: all rows are of one moment, and nobody who
 * writes waits for it. Ended by aw_store_rollback. */
aw_rc aw_store_begin_read(struct aw_store *store,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_commit(struct aw_store *store, struct aw_err *err) AW_MUST_USE;
void aw_store_rollback(struct aw_store *store);

/* Commits where rc is AW_OK; else rolls back and returns rc. */
aw_rc aw_store_end(struct aw_store *store, aw_rc rc,
                   struct aw_err *err) AW_MUST_USE;
bool aw_store_in_transaction(struct aw_store *store);

/* ---- runs ------------------------------------------------------------- */

struct aw_run {
    int64_t id;
    struct aw_str kind;  /* crawl, ingest */
    struct aw_str state; /* running, done, stopped, broken */
    int64_t started_ms, ended_ms;
    struct aw_str lexicon_hash, model_hash, tool;
};

/* Takes up the last run where it is a crawl that did not end (*resumed), or
 * begins a new one. The caller holds the workspace's lock. */
aw_rc aw_store_run_begin(struct aw_store *store, struct aw_run *run,
                         bool *resumed, struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_run_end(struct aw_store *store, int64_t run, int64_t ended_ms,
                       const char *state, struct aw_err *err) AW_MUST_USE;

/* The newest run; AW_MISSING where there is none. */
aw_rc aw_store_run_last(struct aw_store *store, struct aw_arena *arena,
                        struct aw_run *run, struct aw_err *err) AW_MUST_USE;

/* So many runs of any kind, from that id on, in their order. */
typedef aw_rc aw_store_run_fn(void *self, const struct aw_run *run,
                              struct aw_err *err);
aw_rc aw_store_runs(struct aw_store *store, int64_t from, int64_t limit,
                    aw_store_run_fn *visit, void *self,
                    struct aw_err *err) AW_MUST_USE;

/* When the last crawl that went to its end did; 0: there was none. */
aw_rc aw_store_run_success(struct aw_store *store, int64_t *ended_ms,
                           struct aw_err *err) AW_MUST_USE;

/* ---- captures --------------------------------------------------------- */

struct aw_capture {
    int64_t id, run, fetched_ms;
    struct aw_str url, source;
    int status; /* HTTP, or 0 for what was handed in */
    struct aw_str mime, ip, protocol;
    struct aw_str tls_organisation; /* of the server's certificate, or empty */
    struct aw_str warc_file;
    int64_t warc_offset, warc_length;
    int64_t request_offset, request_length; /* same file; 0, 0: none */
    struct aw_str payload_digest;           /* SHA-256, hex */
    int64_t body_bytes, elapsed_ms;
    struct aw_str reader; /* "ok", "skipped", or why it failed */
    struct aw_str charset, charset_why, title, verdict, doc_kind;
    double doc_score;
    int64_t plain; /* rendered: the capture of the page as fetched; or 0 */
};

/* Fills capture->id. */
aw_rc aw_store_capture_add(struct aw_store *store, struct aw_capture *capture,
                           struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_capture_get(struct aw_store *store, struct aw_arena *arena,
                           int64_t id, struct aw_capture *capture,
                           struct aw_err *err) AW_MUST_USE;

/* ---- findings --------------------------------------------------------- */

struct aw_claim_row {
    int64_t id; /* as it is read */
    struct aw_str class, quote, before, after;
    int64_t block, start, end;
    struct aw_str rule, rule_version, code;
    struct aw_str law, why; /* JSON arrays of strings */
    int64_t severity;
    double score;
};

struct aw_finding {
    int64_t id, first_capture, last_capture, first_seen_ms, last_seen_ms;
    struct aw_str fingerprint, url, host, source, channel, title, doc_kind;
    double doc_score, score, urgency;
    int64_t severity;
    struct aw_str parties; /* JSON object, as in `extract --json` */
    struct aw_str lexicon_hash, model_hash, tool;
    struct aw_str state; /* new, confirmed, dismissed, escalated */
    int64_t gone_ms;     /* since when its page no longer shows it; 0: does */
    struct aw_str gone_why; /* "http 404", "the page no longer says so" ... */
    struct aw_claim_row *claims;
    size_t claim_count;
    struct aw_shot_row *shots; /* of its page, the newest; as it is read */
    size_t shot_count;
    /* Of what was handed in: the first AW_HAND_INS_SHOWN times; filled by
     * aw_store_finding_get and aw_store_findings. */
    struct aw_hand_in *hand_ins;
    size_t hand_in_count;
    int64_t hand_in_times; /* all of them */
};

/* Adds the finding with its claims (*added), or, where its fingerprint is
 * known, moves last_capture and last_seen_ms on: it is no longer gone. Fills
 * finding->id. */
aw_rc aw_store_finding_add(struct aw_store *store, struct aw_finding *finding,
                           bool *added, struct aw_err *err) AW_MUST_USE;
/* Called with each finding that is added, before its transaction ends; its
 * failure is that of adding. NULL: nobody is. */
typedef aw_rc aw_store_finding_fn(void *self, const struct aw_finding *finding,
                                  struct aw_err *err);
void aw_store_on_added(struct aw_store *store, aw_store_finding_fn *visit,
                       void *self);
aw_rc aw_store_finding_get(struct aw_store *store, struct aw_arena *arena,
                           int64_t id, struct aw_finding *finding,
                           struct aw_err *err) AW_MUST_USE;

/* Of the findings on this URL, all but those that `capture` shows are gone
 * since now_ms, with the reason; those that were gone before stay so. What a
 * browser saw last is gone with the page alone (capture 0): a page as fetched
 * need not show it. */
aw_rc aw_store_findings_gone(struct aw_store *store, struct aw_str url,
                             int64_t capture, const char *why, int64_t now_ms,
                             struct aw_err *err) AW_MUST_USE;

/* Findings of a state (NULL: all), most urgent first; visit gets each with
 * its claims. A limit of 0 is none. */
aw_rc aw_store_findings(struct aw_store *store, const char *state,
                        int64_t limit, aw_store_finding_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

/* The same in another order. */
enum aw_findings_by {
    AW_BY_URGENCY,
    AW_BY_UNCERTAINTY, /* the score nearest the threshold first */
    AW_BY_CHANCE       /* the same seed, the same order */
};

struct aw_findings_order {
    enum aw_findings_by by;
    double threshold;
    uint64_t seed;
};

aw_rc aw_store_findings_by(struct aw_store *store,
                           const struct aw_findings_order *order,
                           const char *state, int64_t limit,
                           aw_store_finding_fn *visit, void *self,
                           struct aw_err *err) AW_MUST_USE;

/* ---- decisions -------------------------------------------------------- */

struct aw_decision_row {
    int64_t id, finding, at_ms;
    struct aw_str who, action, reason;
    struct aw_str previous, hash; /* SHA-256, hex; of the row before */
    struct aw_str class;          /* of claim, as the reviewer sees it */
    struct aw_str code;           /* of the reason; both may be empty */
    int64_t batch;                /* decided together; 0: of an older store */
    int64_t undoes;               /* the decision that it takes back, or 0 */
};

/* The newest decision of all; AW_MISSING where there is none. */
aw_rc aw_store_decision_last(struct aw_store *store, struct aw_arena *arena,
                             struct aw_decision_row *row,
                             struct aw_err *err) AW_MUST_USE;

/* Appends the decision and moves the finding to its state, together; the
 * finding's version grows by one, and a lease on it ends. Fills row->id. The
 * caller is in a transaction. */
aw_rc aw_store_decision_add(struct aw_store *store,
                            struct aw_decision_row *row, const char *state,
                            struct aw_err *err) AW_MUST_USE;

typedef aw_rc aw_store_decision_fn(void *self,
                                   const struct aw_decision_row *row,
                                   struct aw_err *err);
/* finding 0: all, in their order. */
aw_rc aw_store_decisions(struct aw_store *store, int64_t finding,
                         aw_store_decision_fn *visit, void *self,
                         struct aw_err *err) AW_MUST_USE;

/* ---- what became of a URL --------------------------------------------- */

struct aw_url_report {
    struct aw_str url, source, state, reason, found_on; /* a URL, or empty */
    struct aw_str via;       /* start, link, redirect, landing, sitemap */
    struct aw_str canonical; /* what the page itself names as its URL */
    int64_t due_ms;          /* when it is looked at again; 0: next run */
    int64_t depth, status;
    int64_t capture; /* the newest, or 0 */
    struct aw_str title, charset, verdict, doc_kind;
    struct aw_str tls_organisation; /* of that capture */
    int64_t finding;                /* the newest of that capture, or 0 */
};
typedef aw_rc aw_store_report_fn(void *self,
                                 const struct aw_url_report *report,
                                 struct aw_err *err);

/* What to report: one URL (url), or all, and what was handed in (NULL); state
 * NULL: any. */
aw_rc aw_store_url_reports(struct aw_store *store, const char *url,
                           const char *state, aw_store_report_fn *visit,
                           void *self, struct aw_err *err) AW_MUST_USE;

/* The URLs of a run that were not fetched: failed, skipped, or queued still;
 * source 0: of all. As they lie on disk; url, source, state and reason are
 * filled. */
aw_rc aw_store_urls_unfetched(struct aw_store *store, int64_t run,
                              int64_t source, aw_store_report_fn *visit,
                              void *self, struct aw_err *err) AW_MUST_USE;

/* The landing pages of the advertisement at url (is_ad false), and the
 * advertisements that lead to url (is_ad true). */
typedef aw_rc aw_store_landing_fn(void *self, struct aw_str other, bool is_ad,
                                  struct aw_err *err);
aw_rc aw_store_landings(struct aw_store *store, struct aw_str url,
                        aw_store_landing_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

/* How long a finding was up. */
struct aw_finding_span {
    int64_t id, first_seen_ms, last_seen_ms;
    int64_t gone_ms; /* 0: its page shows it */
    struct aw_str state, gone_why;
};
typedef aw_rc aw_store_span_fn(void *self, const struct aw_finding_span *span,
                               struct aw_err *err);

/* The findings on a URL, in the order in which they came. */
aw_rc aw_store_finding_spans(struct aw_store *store, struct aw_str url,
                             aw_store_span_fn *visit, void *self,
                             struct aw_err *err) AW_MUST_USE;

/* ---- coverage --------------------------------------------------------- */

/* What a run did for one source. It is kept with every commit. */
#define AW_COVERAGE_LIST(X)                                           \
    X(planned)   /* URLs taken up */                                  \
    X(requests)  /* for pages */                                      \
    X(fetched)   /* answers with a page, or that it is as before */   \
    X(unchanged) /* of these: 304, or the same bytes as last time */  \
    X(read)      /* by a reader */                                    \
    X(refused)   /* by robots.txt */                                  \
    X(skipped)   /* for other reasons */                              \
    X(failed)                                                         \
    X(left)       /* for the next run */                              \
    X(findings)   /* new ones */                                      \
    X(bytes)      /* of bodies, on the wire */                        \
    X(read_bytes) /* of these: of pages that a reader read */         \
    X(taken)      /* links queued or refused: limited by pages_max */ \
    X(rendered)   /* pages that a browser looked at as well */        \
    X(unrendered) /* that one was to look at, and did not */

struct aw_coverage {
    int64_t run, source;
    struct aw_str name; /* of the source; by aw_store_coverages alone */
#define X(name) int64_t name;
    AW_COVERAGE_LIST(X)
#undef X
};

aw_rc aw_store_coverage_put(struct aw_store *store,
                            const struct aw_coverage *coverage,
                            struct aw_err *err) AW_MUST_USE;

/* Of a run, by the name of the source. */
typedef aw_rc aw_store_coverage_fn(void *self, const struct aw_coverage *row,
                                   struct aw_err *err);
aw_rc aw_store_coverages(struct aw_store *store, int64_t run,
                         aw_store_coverage_fn *visit, void *self,
                         struct aw_err *err) AW_MUST_USE;

/* What the newest run before this one that went to its end did for a source,
 * of those in which so many pages or more were read; AW_MISSING. */
aw_rc aw_store_coverage_rich(struct aw_store *store, int64_t run,
                             int64_t source, int64_t least_read,
                             struct aw_coverage *out,
                             struct aw_err *err) AW_MUST_USE;

/* The crawl that ended last before this run; AW_MISSING. */
aw_rc aw_store_run_before(struct aw_store *store, int64_t run, int64_t *before,
                          struct aw_err *err) AW_MUST_USE;

/* What people should know of a source's run: a trap, a host that takes all.
 * The same text twice is kept once: then *added is false. */
aw_rc aw_store_note_add(struct aw_store *store, int64_t run, int64_t source,
                        const char *text, bool *added,
                        struct aw_err *err) AW_MUST_USE;
typedef aw_rc aw_store_note_fn(void *self, struct aw_str source,
                               struct aw_str text, struct aw_err *err);
aw_rc aw_store_notes(struct aw_store *store, int64_t run,
                     aw_store_note_fn *visit, void *self,
                     struct aw_err *err) AW_MUST_USE;

/* Counts of the URLs of a run by source, state and reason, in their order; of
 * findings by state. Texts end with a NUL. */
typedef aw_rc aw_store_count_fn(void *self, struct aw_str source,
                                struct aw_str state, struct aw_str reason,
                                int64_t count, struct aw_err *err);
aw_rc aw_store_url_counts(struct aw_store *store, int64_t run,
                          aw_store_count_fn *visit, void *self,
                          struct aw_err *err) AW_MUST_USE;
aw_rc aw_store_finding_counts(struct aw_store *store, aw_store_count_fn *visit,
                              void *self, struct aw_err *err) AW_MUST_USE;

#endif
