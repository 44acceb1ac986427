#include "evidence/verify_private.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "evidence/bundle_names.h"
#include "evidence/members.h"
#include "review/audit.h"
#include "review/replay.h"

#define REPLAY_MAX ((size_t)4 << 20) /* bytes */
#define EXACT_MAX 9007199254740991.0 /* integers that a double holds */

/* --- JSON -------------------------------------------------------------- */

/* The whole file is one object and a line break; the caller deletes it. */
static aw_rc load(const struct aw_bagit_view *bag, struct aw_str name,
                  cJSON **out, struct aw_err *err)
{
    struct aw_str data = {0};
    const char *end = NULL;
    cJSON *json;

    if (!aw_bagit_find(bag, name, &data))
        return aw_fail(err, AW_INVALID, "there is no '%.*s'",
                       AW_STR_ARG(name));
    json = cJSON_ParseWithLengthOpts(data.ptr, data.len, &end, false);
    if (!cJSON_IsObject(json) || end + 1 != data.ptr + data.len ||
        *end != '\n') {
        cJSON_Delete(json);
        return aw_fail(err, AW_INVALID, "'%.*s' is not JSON",
                       AW_STR_ARG(name));
    }
    *out = json;
    return AW_OK;
}

static struct aw_str text_of(const cJSON *object, const char *name)
{
    return aw_str_of(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name)));
}

/* False where it is no integer that can be held exactly. */
static bool int_of(const cJSON *object, const char *name, int64_t *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    if (!cJSON_IsNumber(item) || item->valuedouble > EXACT_MAX ||
        item->valuedouble < -EXACT_MAX)
        return false;
    *out = (int64_t)item->valuedouble;
    return true;
}

static const cJSON *array_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsArray(item) ? item : NULL;
}

/* --- the finding ------------------------------------------------------- */

static aw_rc check_finding(const cJSON *finding, char what[AW_WHAT_MAX],
                           struct aw_err *err)
{
    const cJSON *claims = array_of(finding, "claims");
    int64_t id;

    if (!int_of(finding, "id", &id) || !claims)
        return aw_fail(err, AW_INVALID, "finding.json has no id or no claims");
    if (!aw_str_eq(text_of(finding, "state"), AW_STR("confirmed")))
        return aw_fail(err, AW_INVALID, "the finding is not confirmed");
    (void)snprintf(what, AW_WHAT_MAX, "finding %lld with %d claims",
                   (long long)id, cJSON_GetArraySize(claims));
    return AW_OK;
}

aw_rc aw_verify_finding(const struct aw_bagit_view *bag,
                        char what[AW_WHAT_MAX], struct aw_err *err)
{
    cJSON *finding = NULL;
    cJSON *law = NULL;
    aw_rc rc = load(bag, AW_STR(AW_BUNDLE_FINDING), &finding, err);

    if (rc == AW_OK)
        rc = check_finding(finding, what, err);
    if (rc == AW_OK)
        rc = load(bag, AW_STR(AW_BUNDLE_PROVISIONS), &law, err);
    cJSON_Delete(finding);
    cJSON_Delete(law);
    return rc;
}

/* --- the captures ------------------------------------------------------ */

static aw_rc check_capture(const struct aw_bagit_view *bag,
                           const cJSON *capture, size_t *records,
                           struct aw_err *err)
{
    struct aw_str file = text_of(capture, "file");
    struct aw_members members;
    struct aw_str bytes;
    aw_rc rc;

    if (!aw_str_starts(file, AW_STR(AW_BUNDLE_CAPTURES_DIR)) ||
        !aw_bagit_find(bag, file, &bytes))
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of '%.*s', which is not there",
                       AW_STR_ARG(file));
    rc = aw_members_check(bytes, &members, err);
    if (rc == AW_OK && !aw_str_eq(text_of(capture, "payload_digest"),
                                  aw_str_of(members.payload_digest)))
        rc = aw_fail(err, AW_INVALID,
                     "the payload is not the one of captures.json");
    if (rc == AW_OK &&
        !aw_str_eq(text_of(capture, "record"), aw_str_of(members.id)))
        rc = aw_fail(err, AW_INVALID,
                     "the record is not the one of captures.json");
    if (rc != AW_OK)
        return aw_fail_in(err, "'%.*s'", AW_STR_ARG(file));
    *records += members.records;
    return AW_OK;
}

static size_t count_warcs(const struct aw_bagit_view *bag)
{
    size_t count = 0;

    for (size_t i = 0; i < bag->count; i++)
        count += aw_str_ends(bag->files[i].name, AW_STR(".warc.gz"));
    return count;
}

static aw_rc check_captures(const struct aw_bagit_view *bag,
                            const cJSON *captures, size_t *records,
                            struct aw_err *err)
{
    const cJSON *capture;
    int count = cJSON_GetArraySize(captures);

    if (count == 0 || (size_t)count != count_warcs(bag))
        return aw_fail(err, AW_INVALID,
                       "captures.json tells of %d captures, there are %zu "
                       "WARC files",
                       count, count_warcs(bag));
    cJSON_ArrayForEach (capture, captures) {
        aw_rc rc = check_capture(bag, capture, records, err);

        if (rc != AW_OK)
            return rc;
    }
    return AW_OK;
}

aw_rc aw_verify_captures(const struct aw_bagit_view *bag,
                         char what[AW_WHAT_MAX], struct aw_err *err)
{
    cJSON *json = NULL;
    size_t records = 0;
    aw_rc rc = load(bag, AW_STR(AW_BUNDLE_CAPTURES), &json, err);

    if (rc == AW_OK)
        rc = check_captures(bag, array_of(json, "captures"), &records, err);
    (void)snprintf(what, AW_WHAT_MAX, "%zu WARC records with their digests",
                   records);
    cJSON_Delete(json);
    return rc;
}

/* --- the decisions ----------------------------------------------------- */

/* 0 where it is not told. */
static bool optional_int(const cJSON *object, const char *name, int64_t *out)
{
    *out = 0;
    return !cJSON_HasObjectItem(object, name) || int_of(object, name, out);
}

static aw_rc read_row(const cJSON *json, int64_t finding,
                      struct aw_decision_row *row, struct aw_err *err)
{
    row->who = text_of(json, "who");
    row->action = text_of(json, "action");
    row->reason = text_of(json, "reason");
    row->class = text_of(json, "class");
    row->code = text_of(json, "code");
    row->previous = text_of(json, "previous");
    row->hash = text_of(json, "hash");
    if (!int_of(json, "id", &row->id) || !int_of(json, "at_ms", &row->at_ms) ||
        !int_of(json, "finding", &row->finding) || row->finding != finding)
        return aw_fail(err, AW_INVALID,
                       "a decision has a false id, time or finding");
    if (!optional_int(json, "batch", &row->batch) ||
        !optional_int(json, "undoes", &row->undoes))
        return aw_fail(err, AW_INVALID,
                       "decision %lld has a false batch or undoes",
                       (long long)row->id);
    return AW_OK;
}

static aw_rc check_row(const struct aw_decision_row *row,
                       const struct aw_decision_row *before,
                       struct aw_err *err)
{
    char hash[AW_SHA256_HEX_MAX];
    aw_rc rc = aw_decision_hash(row, hash, err);

    if (rc == AW_OK && !aw_str_eq(row->hash, aw_str_of(hash)))
        rc = aw_fail(err, AW_INVALID,
                     "decision %lld was changed: its hash is not that of its "
                     "text",
                     (long long)row->id);
    if (rc == AW_OK && row->id <= before->id)
        rc = aw_fail(err, AW_INVALID, "decision %lld is out of order",
                     (long long)row->id);
    /* Rows between them belong to other findings and are not here. */
    if (rc == AW_OK && before->id > 0 && row->id == before->id + 1 &&
        !aw_str_eq(row->previous, before->hash))
        rc = aw_fail(err, AW_INVALID,
                     "decision %lld does not follow the one before it",
                     (long long)row->id);
    return rc;
}

static aw_rc walk_decisions(const cJSON *json, struct aw_replay *replay,
                            struct aw_decision_row *last, struct aw_err *err)
{
    const cJSON *item;
    int64_t finding = 0;

    (void)int_of(json, "finding", &finding);
    cJSON_ArrayForEach (item, array_of(json, "decisions")) {
        struct aw_decision_row row = {0};
        aw_rc rc = read_row(item, finding, &row, err);

        if (rc == AW_OK)
            rc = check_row(&row, last, err);
        if (rc == AW_OK)
            rc = aw_replay_add(replay, &row, err);
        if (rc != AW_OK)
            return rc;
        *last = row;
    }
    return AW_OK;
}

static aw_rc check_decisions(const cJSON *json, char what[AW_WHAT_MAX],
                             struct aw_err *err)
{
    struct aw_decision_row last = {0};
    struct aw_arena arena;
    struct aw_replay replay = {.arena = &arena};
    aw_rc rc;

    aw_arena_init(&arena, REPLAY_MAX);
    rc = walk_decisions(json, &replay, &last, err);
    if (rc == AW_OK && strcmp(aw_replay_state(&replay), "confirmed") != 0)
        rc = aw_fail(err, AW_INVALID, "the decisions do not confirm it");
    (void)snprintf(what, AW_WHAT_MAX, "%d decisions, the last one %.64s",
                   cJSON_GetArraySize(array_of(json, "decisions")),
                   last.hash.len > 0 ? last.hash.ptr : "");
    aw_arena_deinit(&arena);
    return rc;
}

/* finding.json tells the same decisions, of the same finding. */
static aw_rc compare_decisions(const cJSON *json, const cJSON *finding,
                               struct aw_err *err)
{
    int64_t one = -1;
    int64_t other = -2;

    (void)int_of(json, "finding", &one);
    (void)int_of(finding, "id", &other);
    if (one == other && cJSON_Compare(array_of(json, "decisions"),
                                      array_of(finding, "decisions"), true))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "finding.json and decisions.json tell other decisions");
}

aw_rc aw_verify_decisions(const struct aw_bagit_view *bag,
                          char what[AW_WHAT_MAX], struct aw_err *err)
{
    cJSON *json = NULL;
    cJSON *finding = NULL;
    aw_rc rc = load(bag, AW_STR(AW_BUNDLE_DECISIONS), &json, err);

    if (rc == AW_OK)
        rc = load(bag, AW_STR(AW_BUNDLE_FINDING), &finding, err);
    if (rc == AW_OK)
        rc = check_decisions(json, what, err);
    if (rc == AW_OK)
        rc = compare_decisions(json, finding, err);
    cJSON_Delete(json);
    cJSON_Delete(finding);
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
static aw_rc check_head(const cJSON *json, char what[AW_WHAT_MAX],
                        struct aw_err *err)
{
    struct aw_str hash = text_of(json, "hash");
    int64_t id = -1;

    if (!int_of(json, "id", &id) || id < 0 ||
        (id == 0 ? hash.len > 0 : !is_hash(hash)))
        return aw_fail(err, AW_INVALID,
                       "audit-head.json has a false id or hash");
    (void)snprintf(what, AW_WHAT_MAX, "%s%lld:%.*s",
                   id > 0 ? "head " : "no row yet: ", (long long)id,
                   AW_STR_ARG(hash));
    return AW_OK;
}

aw_rc aw_verify_audit(const struct aw_bagit_view *bag, char what[AW_WHAT_MAX],
                      struct aw_err *err)
{
    struct aw_str data;
    cJSON *json = NULL;
    aw_rc rc;

    if (!aw_bagit_find(bag, AW_STR(AW_BUNDLE_AUDIT), &data)) {
        (void)snprintf(what, AW_WHAT_MAX,
                       "no head is told: an older adwatch made this");
        return AW_OK;
    }
    rc = load(bag, AW_STR(AW_BUNDLE_AUDIT), &json, err);
    if (rc == AW_OK)
        rc = check_head(json, what, err);
    cJSON_Delete(json);
    return rc;
}
