/* redacted_private.h - what the files of redacted.h share, in reading order:
 * redacted.c says what becomes of each file, redacted_records.c looks into
 * WARC, redacted_list.c tells.
 */
#ifndef AW_EVIDENCE_REDACTED_PRIVATE_H
#define AW_EVIDENCE_REDACTED_PRIVATE_H

#include "evidence/redacted.h"

#define AW_REDACTED_DECISIONS_MAX 1000

enum aw_fate {
    AW_FATE_AS_IS,
    AW_FATE_CHANGED,
    AW_FATE_LEFT_OUT,
    AW_FATE_DROPPED /* of no bag but the old one: seals, manifests */
};

/* A record for which a WARC file is left out. */
struct aw_fated_record {
    struct aw_str id, type, url; /* the URL without what is taken */
    const char *why;
    struct aw_fated_record *next;
};

/* What becomes of a file. */
struct aw_fated {
    const struct aw_bag_file *file;
    enum aw_fate fate;
    const char *why;
    size_t first, count; /* places */
    struct aw_fated_record *records;
};

struct aw_redacting {
    const struct aw_redacted_config *config;
    struct aw_bag_view *bag;
    struct aw_arena arena;
    struct aw_redact *redact;
    struct aw_redact_places places; /* of all files, one behind the other */
    struct aw_fated *files;         /* one for each of bag */
    int64_t *captures;              /* whose texts have personal data */
    size_t capture_count, capture_cap;
    int64_t decisions[AW_REDACTED_DECISIONS_MAX]; /* whose words were taken */
    size_t decision_count;
    struct aw_redacted_told told;
};

/* Digests of these bytes are taken wherever they stand; *more becomes true
 * where they were not yet. */
aw_rc aw_redacting_hide(struct aw_redacting *r, struct aw_str bytes,
                        bool *more, struct aw_err *err) AW_MUST_USE;

/* Texts of records are learned; then those are told that hold personal data,
 * or cannot be looked into. */
aw_rc aw_redacting_learn_records(struct aw_redacting *r, struct aw_str warc,
                                 struct aw_err *err) AW_MUST_USE;
aw_rc aw_redacting_look_records(struct aw_redacting *r, struct aw_fated *fated,
                                struct aw_err *err) AW_MUST_USE;

/* redacted_papers.c: the page for people and the papers are made anew from the
 * redacted case.xml: their labels are no advertiser's, their officers no third
 * parties. Is this file one of them? */
bool aw_redacting_is_anew(const struct aw_redacting *r, struct aw_str name);
aw_rc aw_redacting_page(struct aw_redacting *r, struct aw_bag *bag,
                        struct aw_err *err) AW_MUST_USE;
aw_rc aw_redacting_papers(struct aw_redacting *r, struct aw_bag *bag,
                          struct aw_err *err) AW_MUST_USE;

/* redacted_decisions.c: the hash of a decision whose words hold personal data
 * is hidden, too. */
aw_rc aw_redacting_hide_decisions(struct aw_redacting *r,
                                  struct aw_err *err) AW_MUST_USE;

/* Appends AW_REDACTED_LIST. */
aw_rc aw_redacting_list(struct aw_redacting *r, struct aw_buf *out,
                        struct aw_err *err) AW_MUST_USE;

/* Does the name or URL hold what is to be taken? The text without it lives in
 * the arena. */
aw_rc aw_redacting_word(struct aw_redacting *r, struct aw_str text,
                        struct aw_str *out, bool *taken,
                        struct aw_err *err) AW_MUST_USE;

#endif
