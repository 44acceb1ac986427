#include "evidence/verify_private.h"

#include <stdio.h>
#include <string.h>

#include "archive/warc.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "evidence/bundle_names.h"
#include "evidence/parsed.h"
#include "evidence/wacz.h"
#include "review/audit.h"
#include "review/replay.h"

#define REPLAY_MAX ((size_t)4 << 20) /* bytes */
#define DOM_PREFIX "urn:dom:"        /* crawler/render_record.h */

/* --- the findings ------------------------------------------------------ */

bool aw_is_finding_file(struct aw_str name)
{
    return aw_str_starts(name, AW_STR(AW_BUNDLE_FINDINGS_DIR "finding")) &&
           aw_str_ends(name, AW_STR(".json"));
}

/* What it says of its page and of its rules; format 1 has no rules. */
static aw_rc check_said(const struct aw_parsed *finding, int format,
                        const struct aw_told_pages *pages, struct aw_err *err)
{
    aw_rc rc = aw_told_pages_check(pages, finding, err);

    return rc == AW_OK && format > 1 ? aw_verify_rules(finding, err) : rc;
}

static aw_rc check_finding(const struct aw_parsed *finding, int format,
                           const struct aw_told_pages *pages,
                           struct aw_str name, size_t *claims,
                           struct aw_err *err)
{
    const struct aw_parsed *list = aw_parsed_array(finding, "claims");
    char wanted[AW_ZIP_NAME_MAX];
    int64_t id;

    if (!aw_parsed_whole(finding, "id", &id) || !list)
        return aw_fail(err, AW_INVALID, "'%.*s' has no id or no claims",
                       AW_STR_ARG(name));
    (void)snprintf(wanted, sizeof wanted,
                   AW_BUNDLE_FINDINGS_DIR "finding-%lld.json", (long long)id);
    if (!aw_str_eq(name, AW_STR(AW_BUNDLE_FINDING)) &&
        !aw_str_eq(name, aw_str_of(wanted)))
        return aw_fail(err, AW_INVALID, "'%.*s' tells of finding %lld",
                       AW_STR_ARG(name), (long long)id);
    if (!aw_str_eq(aw_parsed_str(finding, "state"), AW_STR("confirmed")))
        return aw_fail(err, AW_INVALID, "finding %lld is not confirmed",
                       (long long)id);
    *claims += (size_t)aw_parsed_count(list);
    return check_said(finding, format, pages, err) == AW_OK
               ? AW_OK
               : aw_fail_in(err, "finding %lld", (long long)id);
}

static aw_rc check_findings(const struct aw_bag_view *bag,
                            const struct aw_told_pages *pages,
                            char what[AW_WHAT_MAX], struct aw_err *err)
{
    size_t count = 0;
    size_t claims = 0;
    aw_rc rc = AW_OK;

    for (size_t i = 0; i < bag->count && rc == AW_OK; i++) {
        struct aw_str name = bag->files[i].name;
        struct aw_parsed *finding = NULL;

        if (!aw_is_finding_file(name))
            continue;
        rc = aw_parsed_load(bag, name, &finding, err);
        if (rc == AW_OK)
            rc =
                check_finding(finding, bag->format, pages, name, &claims, err);
        aw_parsed_free(finding);
        count++;
    }
    if (rc == AW_OK && count == 0)
        rc = aw_fail(err, AW_INVALID, "there is no finding");
    (void)snprintf(what, AW_WHAT_MAX, "%zu findings with %zu claims", count,
                   claims);
    return rc;
}

aw_rc aw_verify_finding(struct aw_verifying *v, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    struct aw_parsed *law = NULL;
    struct aw_told_pages *pages = NULL;
    aw_rc rc = aw_told_pages_new(&pages, v, err);

    if (rc == AW_OK)
        rc = check_findings(v->view, pages, what, err);
    aw_told_pages_free(pages);
    if (rc == AW_OK)
        rc = aw_parsed_load(v->view, AW_STR(AW_BUNDLE_PROVISIONS), &law, err);
    aw_parsed_free(law);
    return rc;
}

/* --- the captures ------------------------------------------------------ */

/* The records of one WARC file, held against what captures.json tells. */
struct told {
    const struct aw_parsed *capture;
    const struct aw_parsed
        *next;      /* record that is told; NULL: there are no more */
    bool is_listed; /* format 1 tells of the one with a payload alone */
    bool has_main;
    size_t records, payloads;
};

static bool has_payload(enum aw_warc_type type)
{
    return type == AW_WARC_RESPONSE || type == AW_WARC_REVISIT ||
           type == AW_WARC_RESOURCE;
}

/* What a person reads of a capture is what its record says. A page of a
 * browser is under its URL with a word before it, and has no status and no
 * address of its own. */
static aw_rc check_read(const struct aw_parsed *capture,
                        const struct aw_warc_record *record,
                        struct aw_err *err)
{
    struct aw_str url = record->target_uri;
    char fetched[AW_TIME_MAX];
    int64_t status = 0;
    const char *what = NULL;

    aw_time_iso_ms(record->date_ms, fetched);
    (void)aw_parsed_whole(capture, "status", &status);
    if (aw_str_starts(url, AW_STR(DOM_PREFIX)))
        url = aw_str_sub(url, sizeof DOM_PREFIX - 1, url.len);
    if (!aw_str_eq(aw_parsed_str(capture, "url"), url))
        what = "URL";
    else if (!aw_str_eq(aw_parsed_str(capture, "fetched"), aw_str_of(fetched)))
        what = "time";
    else if (record->status != 0 && status != record->status)
        what = "status";
    else if (!aw_str_eq(aw_parsed_str(capture, "ip"), record->ip))
        what = "address";
    return what ? aw_fail(err, AW_INVALID,
                          "captures.json tells another %s than the record",
                          what)
                : AW_OK;
}

static aw_rc check_main(struct told *told, const struct aw_warc_record *record,
                        struct aw_err *err)
{
    bool is_main = aw_str_eq(aw_parsed_str(told->capture, "record"),
                             aw_str_of(record->id));

    told->payloads++;
    if (!is_main)
        return told->is_listed
                   ? AW_OK
                   : aw_fail(err, AW_INVALID,
                             "the record is not the one of captures.json");
    told->has_main = true;
    if (!aw_str_eq(aw_parsed_str(told->capture, "payload_digest"),
                   aw_str_of(record->payload_digest)))
        return aw_fail(err, AW_INVALID,
                       "the payload is not the one of captures.json");
    return check_read(told->capture, record, err);
}

static aw_rc check_listed(struct told *told,
                          const struct aw_warc_record *record,
                          const struct aw_warc_place *place,
                          struct aw_err *err)
{
    const struct aw_parsed *item = told->next;
    char date[AW_TIME_MAX];
    int64_t offset = -1;
    int64_t length = -1;

    aw_time_iso_ms(record->date_ms, date);
    if (!item)
        return aw_fail(err, AW_INVALID, "record %s is not in captures.json",
                       record->id);
    told->next = aw_parsed_next(item);
    (void)aw_parsed_whole(item, "offset", &offset);
    (void)aw_parsed_whole(item, "length", &length);
    if (!aw_str_eq(aw_parsed_str(item, "id"), aw_str_of(record->id)) ||
        !aw_str_eq(aw_parsed_str(item, "url"), record->target_uri) ||
        !aw_str_eq(aw_parsed_str(item, "date"), aw_str_of(date)) ||
        !aw_str_eq(aw_parsed_str(item, "payload_digest"),
                   aw_str_of(record->payload_digest)) ||
        offset != place->offset || length != place->length)
        return aw_fail(err, AW_INVALID,
                       "record %s is not as captures.json tells", record->id);
    return AW_OK;
}

static aw_rc check_record(void *self, const struct aw_warc_record *record,
                          const struct aw_warc_place *place,
                          struct aw_err *err)
{
    struct told *told = self;
    aw_rc rc = AW_OK;

    told->records++;
    if (told->is_listed)
        rc = check_listed(told, record, place, err);
    return rc == AW_OK && has_payload(record->type)
               ? check_main(told, record, err)
               : rc;
}

static aw_rc check_told(const struct told *told, struct aw_err *err)
{
    if (!told->is_listed && told->payloads != 1)
        return aw_fail(err, AW_INVALID,
                       "%zu records with a payload where one is wanted",
                       told->payloads);
    if (told->next)
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of records that are not there");
    if (!told->has_main)
        return aw_fail(err, AW_INVALID, "the captured record is not there");
    return AW_OK;
}

/* All of a WARC file's records. Its WACZ wants an index of them: that is made
 * here, so that it need not read them again. */
static aw_rc check_warc(struct aw_verifying *v, struct told *told,
                        const struct aw_bag_file *warc, bool in_order,
                        struct aw_err *err)
{
    struct aw_wacz_known known = {.crc32 = warc->digests.crc32};
    struct aw_err ignored = {0}; /* the item of the WACZ files tells it */
    struct aw_buf index;
    aw_rc rc;

    aw_buf_init(&index, AW_WACZ_INDEX_MAX);
    rc = aw_warc_index_each(warc->bytes, AW_WACZ_WARC_NAME, check_record, told,
                            &index, err);
    known.index = aw_buf_str(&index);
    aw_digest_hex(warc->digests.sha256, known.sha256);
    if (rc == AW_OK && in_order &&
        aw_verify_capture_wacz(v, told->capture, &known, &ignored) == AW_OK)
        v->whole++;
    aw_buf_deinit(&index);
    return rc == AW_OK ? check_told(told, err) : rc;
}

static aw_rc check_capture(struct aw_verifying *v,
                           const struct aw_parsed *capture, bool in_order,
                           size_t *records, struct aw_err *err)
{
    const struct aw_parsed *list = aw_parsed_array(capture, "records");
    struct told told = {.capture = capture,
                        .is_listed = list != NULL,
                        .next = aw_parsed_first(list)};
    struct aw_str file = aw_parsed_str(capture, "file");
    const struct aw_bag_file *warc = aw_bag_file(v->view, file);
    aw_rc rc;

    if (aw_redactions_left_out(v->redactions, file))
        return AW_OK;
    if (!aw_str_starts(file, AW_STR(AW_BUNDLE_CAPTURES_DIR)) || !warc)
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of '%.*s', which is not there",
                       AW_STR_ARG(file));
    rc = check_warc(v, &told, warc, in_order, err);
    if (rc != AW_OK)
        return aw_fail_in(err, "'%.*s'", AW_STR_ARG(file));
    *records += told.records;
    return AW_OK;
}

/* Those that are left out of a copy are told by name. */
static size_t count_warcs(const struct aw_bag_view *bag,
                          const struct aw_redactions *redactions,
                          const struct aw_parsed *captures)
{
    const struct aw_parsed *capture;
    size_t count = 0;

    for (capture = aw_parsed_first(captures); capture;
         capture = aw_parsed_next(capture))
        count +=
            aw_redactions_left_out(redactions, aw_parsed_str(capture, "file"));
    for (size_t i = 0; i < bag->count; i++)
        count += aw_str_ends(bag->files[i].name, AW_STR(".warc.gz"));
    return count;
}

static aw_rc check_captures(struct aw_verifying *v, size_t *records,
                            struct aw_err *err)
{
    const struct aw_parsed *list = aw_parsed_array(v->captures, "captures");
    const struct aw_parsed *capture;
    int count = aw_parsed_count(list);
    size_t there = count_warcs(v->view, v->redactions, list);
    size_t at = 0;

    if (count == 0 || (size_t)count != there)
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of %d captures, there are %zu "
                       "WARC files",
                       count, there);
    for (capture = aw_parsed_first(list); capture;
         capture = aw_parsed_next(capture), at++) {
        aw_rc rc = check_capture(v, capture, v->whole == at, records, err);

        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

aw_rc aw_verify_captures(struct aw_verifying *v, char what[AW_WHAT_MAX],
                         struct aw_err *err)
{
    size_t records = 0;
    aw_rc rc = aw_verifying_load(v, err);

    if (rc == AW_OK)
        rc = check_captures(v, &records, err);
    (void)snprintf(what, AW_WHAT_MAX, "%zu WARC records with their digests",
                   records);
    return rc;
}

/* --- the decisions ----------------------------------------------------- */

/* 0 where it is not told. */
static bool optional_int(const struct aw_parsed *object, const char *name,
                         int64_t *out)
{
    *out = 0;
    return !aw_parsed_member(object, name) ||
           aw_parsed_whole(object, name, out);
}

static aw_rc read_row(const struct aw_parsed *json, int64_t finding,
                      struct aw_decision_row *row, struct aw_err *err)
{
    row->who = aw_parsed_str(json, "who");
    row->action = aw_parsed_str(json, "action");
    row->reason = aw_parsed_str(json, "reason");
    row->class = aw_parsed_str(json, "class");
    row->code = aw_parsed_str(json, "code");
    row->previous = aw_parsed_str(json, "previous");
    row->hash = aw_parsed_str(json, "hash");
    if (!aw_parsed_whole(json, "id", &row->id) ||
        !aw_parsed_whole(json, "at_ms", &row->at_ms) ||
        !aw_parsed_whole(json, "finding", &row->finding) ||
        row->finding != finding)
        return aw_fail(err, AW_INVALID,
                       "a decision has a false id, time or finding");
    if (!optional_int(json, "batch", &row->batch) ||
        !optional_int(json, "undoes", &row->undoes))
        return aw_fail(err, AW_INVALID,
                       "decision %lld has a false batch or undoes",
                       (long long)row->id);
    return AW_OK;
}

/* Of a decision whose words were taken out of a copy the hash was, too; its
 * name stands in the list of what was taken. */
static aw_rc check_row(const struct aw_redactions *redactions,
                       const struct aw_decision_row *row,
                       const struct aw_decision_row *before,
                       struct aw_err *err)
{
    char hash[AW_SHA256_HEX_MAX];
    bool taken = aw_redactions_decision(redactions, row->id);
    aw_rc rc = aw_decision_hash(row, hash, err);

    if (rc == AW_OK && !taken && !aw_str_eq(row->hash, aw_str_of(hash)))
        rc = aw_fail(err, AW_INVALID,
                     "decision %lld was changed: its hash is not that of its "
                     "text",
                     (long long)row->id);
    if (rc == AW_OK && row->id <= before->id)
        rc = aw_fail(err, AW_INVALID, "decision %lld is out of order",
                     (long long)row->id);
    /* Rows between them belong to other findings and are not here. */
    if (rc == AW_OK && before->id > 0 && row->id == before->id + 1 &&
        !aw_redactions_same(taken ? redactions : NULL, row->previous,
                            before->hash))
        rc = aw_fail(err, AW_INVALID,
                     "decision %lld does not follow the one before it",
                     (long long)row->id);
    return rc;
}

static aw_rc walk_decisions(const struct aw_redactions *redactions,
                            const struct aw_parsed *json,
                            struct aw_replay *replay,
                            struct aw_decision_row *last, struct aw_err *err)
{
    const struct aw_parsed *item;
    int64_t finding = 0;

    (void)aw_parsed_whole(json, "finding", &finding);
    for (item = aw_parsed_first(aw_parsed_array(json, "decisions")); item;
         item = aw_parsed_next(item)) {
        struct aw_decision_row row = {0};
        aw_rc rc = read_row(item, finding, &row, err);

        if (rc == AW_OK)
            rc = check_row(redactions, &row, last, err);
        if (rc == AW_OK)
            rc = aw_replay_add(replay, &row, err);
        if (rc != AW_OK)
            return rc;
        *last = row;
    }
    return AW_OK;
}

static aw_rc check_decisions(const struct aw_redactions *redactions,
                             const struct aw_parsed *json, size_t *count,
                             struct aw_decision_row *last, struct aw_err *err)
{
    struct aw_arena arena;
    struct aw_replay replay = {.arena = &arena};
    aw_rc rc;

    aw_arena_init(&arena, REPLAY_MAX);
    rc = walk_decisions(redactions, json, &replay, last, err);
    if (rc == AW_OK && strcmp(aw_replay_state(&replay), "confirmed") != 0)
        rc = aw_fail(err, AW_INVALID, "the decisions do not confirm it");
    *count += (size_t)aw_parsed_count(aw_parsed_array(json, "decisions"));
    aw_arena_deinit(&arena);
    return rc;
}

/* The finding's own file tells the same decisions. */
static aw_rc compare_decisions(const struct aw_bag_view *bag,
                               const struct aw_parsed *json, bool old,
                               struct aw_err *err)
{
    char name[AW_ZIP_NAME_MAX] = AW_BUNDLE_FINDING;
    struct aw_parsed *finding = NULL;
    int64_t one = -1;
    int64_t other = -2;
    aw_rc rc;

    (void)aw_parsed_whole(json, "finding", &one);
    if (!old)
        (void)snprintf(name, sizeof name,
                       AW_BUNDLE_FINDINGS_DIR "finding-%lld.json",
                       (long long)one);
    rc = aw_parsed_load(bag, aw_str_of(name), &finding, err);
    if (rc == AW_OK) {
        (void)aw_parsed_whole(finding, "id", &other);
        if (one != other ||
            !aw_parsed_same(aw_parsed_array(json, "decisions"),
                            aw_parsed_array(finding, "decisions")))
            rc = aw_fail(err, AW_INVALID,
                         "'%s' and decisions.json tell other decisions", name);
    }
    aw_parsed_free(finding);
    return rc;
}

static aw_rc check_finding_decisions(const struct aw_bag_view *bag,
                                     const struct aw_redactions *redactions,
                                     const struct aw_parsed *json, bool old,
                                     size_t *count,
                                     struct aw_decision_row *last,
                                     struct aw_err *err)
{
    struct aw_decision_row row = {0};
    aw_rc rc = check_decisions(redactions, json, count, &row, err);

    if (rc == AW_OK)
        rc = compare_decisions(bag, json, old, err);
    if (rc == AW_OK && row.id > last->id)
        *last = row;
    return rc;
}

static size_t count_findings(const struct aw_bag_view *bag)
{
    size_t count = 0;

    for (size_t i = 0; i < bag->count; i++)
        count += aw_is_finding_file(bag->files[i].name);
    return count;
}

/* Format 1 tells of its one finding, without an array. */
static aw_rc check_all_decisions(const struct aw_bag_view *bag,
                                 const struct aw_redactions *redactions,
                                 const struct aw_parsed *json,
                                 char what[AW_WHAT_MAX], struct aw_err *err)
{
    const struct aw_parsed *findings = aw_parsed_array(json, "findings");
    struct aw_decision_row last = {0};
    const struct aw_parsed *item;
    size_t count = 0;
    aw_rc rc = AW_OK;

    if (!findings)
        rc = check_finding_decisions(bag, redactions, json, true, &count,
                                     &last, err);
    else if ((size_t)aw_parsed_count(findings) != count_findings(bag))
        rc = aw_fail(err, AW_INVALID,
                     "decisions.json tells of %d findings, there are %zu",
                     aw_parsed_count(findings), count_findings(bag));
    for (item = aw_parsed_first(findings); item; item = aw_parsed_next(item))
        if (rc == AW_OK)
            rc = check_finding_decisions(bag, redactions, item, false, &count,
                                         &last, err);
    (void)snprintf(what, AW_WHAT_MAX, "%zu decisions, the last one %.*s",
                   count,
                   AW_STR_ARG(aw_utf8_cut(last.hash, AW_SHA256_HEX_MAX - 1)));
    return rc;
}

aw_rc aw_verify_decisions(struct aw_verifying *v, char what[AW_WHAT_MAX],
                          struct aw_err *err)
{
    struct aw_redactions *redactions = NULL;
    aw_rc rc = aw_parsed_load(v->view, AW_STR(AW_BUNDLE_DECISIONS),
                              &v->decisions, err);

    if (rc == AW_OK)
        rc = aw_redactions_load(v->view, &redactions, err);
    if (rc == AW_OK)
        rc = check_all_decisions(v->view, redactions, v->decisions, what, err);
    aw_redactions_free(redactions);
    return rc;
}

/* --- the audit chain --------------------------------------------------- */

static bool is_hash(struct aw_str text)
{
    bool hex = text.len == AW_SHA256_HEX_MAX - 1;

    for (size_t i = 0; i < text.len && hex; i++)
        hex = aw_hex_value(text.ptr[i]) >= 0 &&
              aw_ascii_lower(text.ptr[i]) == text.ptr[i];
    return hex;
}

/* Before the first row there is no hash. */
static aw_rc check_head(const struct aw_parsed *json, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    struct aw_str hash = aw_parsed_str(json, "hash");
    int64_t id = -1;

    if (!aw_parsed_whole(json, "id", &id) || id < 0 ||
        (id == 0 ? hash.len > 0 : !is_hash(hash)))
        return aw_fail(err, AW_INVALID,
                       "audit-head.json has a false id or hash");
    (void)snprintf(what, AW_WHAT_MAX, "%s%lld:%.*s",
                   id > 0 ? "head " : "no row yet: ", (long long)id,
                   AW_STR_ARG(hash));
    return AW_OK;
}

aw_rc aw_verify_audit(struct aw_verifying *v, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    struct aw_str data;
    struct aw_parsed *json = NULL;
    aw_rc rc;

    if (!aw_bag_find(v->view, AW_STR(AW_BUNDLE_AUDIT), &data)) {
        (void)snprintf(what, AW_WHAT_MAX,
                       "no head is told: an older adwatch made this");
        return AW_OK;
    }
    rc = aw_parsed_load(v->view, AW_STR(AW_BUNDLE_AUDIT), &json, err);
    if (rc == AW_OK)
        rc = check_head(json, what, err);
    aw_parsed_free(json);
    return rc;
}
