/* case.h - what a bundle tells of: findings, what was captured of them, who
 * seals. Gathered from store, archive and lexicon; texts live in the arena.
 *
 * A case holds some findings at once, for people to read as one. A nightly
 * export has thousands: there each finding is a case of its own, gathered,
 * written and let go.
 */
#ifndef AW_EVIDENCE_CASE_H
#define AW_EVIDENCE_CASE_H

#include "base/config.h"
#include "evidence/bundle_names.h"
#include "reports/provisions.h"
#include "review/audit.h"
#include "store/looks.h"
#include "store/store.h"

struct aw_facts; /* evidence/facts.h */

#define AW_CASE_FINDINGS_MAX 200 /* in one case */
#define AW_CASE_OFFICERS 2

/* Who is to seal it; empty texts are not known, and left blank in papers. */
struct aw_officer {
    struct aw_str name;        /* of the user */
    struct aw_str certificate; /* number of the officer's certificate */
    struct aw_str office;      /* place */
};

/* A provision that a claim cites; NULL where the lexicon has none for that
 * day. */
struct aw_cited {
    struct aw_str id;
    const struct aw_provision *provision;
};

struct aw_case_finding {
    struct aw_finding finding;
    struct aw_decision_row *decisions;
    size_t decision_count;
    struct aw_cited *cited;
    size_t cited_count;
    struct aw_look look; /* the second officer's; id 0: there was none */
    /* Indexes into the case's captures. */
    size_t first, last;
};

/* What a capture is to the case. */
enum aw_capture_part {
    AW_PART_PAGE,     /* the claims were seen on it */
    AW_PART_PLAIN,    /* the same page as fetched, without a browser */
    AW_PART_LANDING,  /* where the advertisement leads, one click on */
    AW_PART_REDIRECT, /* a hop on the way to it */
    AW_PART_HAND_IN,  /* a poster, text or listing that was handed in */
    AW_PART_RENDERED  /* a page in a browser, where claims were seen without */
};

/* "page", "plain", "landing", "redirect", "hand-in", "rendered". */
const char *aw_capture_part_name(enum aw_capture_part part);

/* What a record is to its capture. */
#define AW_RECORD_ROLE_LIST(X)                                     \
    X(INFO, "warcinfo")     /* what wrote the archive's file */    \
    X(MAIN, "capture")      /* what the store's row stands for */  \
    X(PLAIN, "plain")       /* the page as fetched */              \
    X(ORIGINAL, "original") /* has the payload of a revisit */     \
    X(RESOURCE, "resource") /* the browser loaded it */            \
    X(REDIRECT, "redirect") /* led to the page, or away from it */ \
    X(LANDING, "landing")   /* where the advertisement leads */    \
    X(ROBOTS, "robots")     /* robots.txt of that time */          \
    X(SCREENSHOT, "screenshot")                                    \
    X(PAGEINFO, "pageinfo") /* what the browser said of it */      \
    X(TLS, "tls-chain")     /* certificates of its server */

enum aw_record_role {
#define X(name, text) AW_RECORD_##name,
    AW_RECORD_ROLE_LIST(X)
#undef X
        AW_RECORD_COUNT
};

/* A record of capture-<id>.warc.gz, in its order. */
struct aw_case_record {
    enum aw_record_role role; /* a request's is that of its response */
    struct aw_str type, id, url;
    struct aw_str payload; /* SHA-256, hex, or empty */
    int64_t date_ms;
    int64_t offset, length; /* of the member there */
    struct aw_str from;     /* the file of the archive */
    int64_t from_offset;
    bool is_style; /* CSS, as HTTP says */
};

struct aw_case_capture {
    struct aw_capture capture;
    enum aw_capture_part part;
    size_t
        of; /* index of the capture that it belongs to; its own for a page */
    /* The claim of a box is its label, counted from 0 over the claims of all
     * findings, one behind the other. */
    struct aw_shot_row *shots;
    size_t shot_count;
    bool rendered;  /* a browser made it */
    bool one_fetch; /* of the answer that its plain twin has: the comparison
                     * is of no second fetch */
    struct aw_case_record *records; /* of its WARC file, once it is packed */
    size_t record_count;
    const struct aw_facts *facts; /* how it was fetched, once it is packed;
                                     NULL: not known */
    struct aw_str compared_json;  /* capture-<id>-对比.json, or empty */
};

/* A file of the bundle as the list of evidence has it (证据清单). */
struct aw_item {
    struct aw_str name; /* in the bag, "data/..." */
    int64_t bytes;
    char sha256[AW_SHA256_HEX_MAX];
    char sm3[AW_SHA256_HEX_MAX]; /* as long as a SHA-256 */
    int64_t made_ms;             /* 制作时间 */
    int64_t source_ms; /* 源数据时间: of what it was derived from; 0: it is
                        * no derived file */
    struct aw_str made_by;  /* 制作人: a person, as far as one is known */
    struct aw_str made_how; /* 制作方法 */
    struct aw_str proves;   /* 证明对象 */
};

struct aw_case {
    struct aw_arena arena; /* of the findings at hand */
    struct aw_arena kept;  /* of what holds for all */
    int64_t made_ms;
    struct aw_str number; /* of the case in the office's books; may be empty */
    struct aw_str name;   /* of the bundle, without .zip */
    struct aw_str office; /* the workspace's name */
    struct aw_str tool;
    struct aw_str maker;   /* who makes it, a person; empty: not known */
    struct aw_str account; /* of the system, under which it is made */
    struct aw_officer officers[AW_CASE_OFFICERS];
    size_t officer_count;
    struct aw_case_finding *findings;
    size_t finding_count;
    size_t night_count; /* findings of a whole night; 0: it is a case */
    struct aw_case_capture *captures;
    size_t capture_count;
    struct aw_item *items;
    size_t item_count;
    struct aw_audit_head audit;
    struct aw_provisions *provisions;
    const struct aw_office_config *contact; /* NULL: not known */
    /* As data/08-环境/ has them, JSON; empty: not known. */
    struct aw_str tool_json, environment_json;
    /* Of the crawl that first saw it, over all sources; run 0: not known. */
    struct aw_coverage coverage;
};

#endif
