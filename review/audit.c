#include "review/audit.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

#define CANON_MAX ((size_t)1 << 20)
#define ARENA_MAX ((size_t)1 << 20)

static const char *const codes[] = {
#define X(name, code) code,
    AW_AUDIT_LIST(X)
#undef X
};

const char *aw_audit_code(enum aw_audit_action action)
{
    return codes[action];
}

static bool is_known(const char *action)
{
    for (size_t i = 0; i < AW_AUDIT_COUNT; i++)
        if (strcmp(codes[i], action) == 0)
            return true;
    return false;
}

aw_rc aw_audit_hash(const struct aw_audit_row *row,
                    char out[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    const struct aw_str texts[] = {row->action, row->detail, row->previous,
                                   row->subject, row->who};
    struct aw_buf canon;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!aw_utf8_valid(texts[i]))
            return aw_fail(err, AW_INVALID, "audit row %lld is not UTF-8",
                           (long long)row->id);
    aw_buf_init(&canon, CANON_MAX);
    aw_json_open(&canon, NULL, '{'); /* keys in the order of RFC 8785 */
    aw_json_text(&canon, "action", row->action);
    aw_json_int(&canon, "at_ms", row->at_ms);
    aw_json_text(&canon, "detail", row->detail);
    aw_json_int(&canon, "id", row->id);
    aw_json_text(&canon, "previous", row->previous);
    aw_json_text(&canon, "subject", row->subject);
    aw_json_text(&canon, "who", row->who);
    aw_json_close(&canon, '}');
    return aw_sha256_buf(&canon, out, err);
}

static aw_rc check(const struct aw_audit_row *row, const char *action,
                   struct aw_err *err)
{
    aw_rc rc = aw_written_check("who", row->who, AW_WHO_MAX, err);

    if (rc == AW_OK)
        rc = aw_written_check("subject", row->subject, AW_AUDIT_SUBJECT_MAX,
                              err);
    if (rc == AW_OK)
        rc = aw_written_check("detail", row->detail, AW_AUDIT_DETAIL_MAX, err);
    if (rc != AW_OK)
        return rc;
    if (aw_str_trim(row->who).len == 0)
        return aw_fail(err, AW_INVALID, "audit: who acts is not given");
    if (!is_known(action))
        return aw_fail(err, AW_INVALID, "audit: action '%s' is not known",
                       action);
    return AW_OK;
}

/* Adds what is said as the next row behind `last`, and moves that on. */
static aw_rc append(struct aw_store *store, struct aw_audit_head *last,
                    const struct aw_audit_row *said, struct aw_err *err)
{
    struct aw_audit_row row = *said;
    struct aw_audit_head next = {.id = last->id + 1};
    aw_rc rc;

    row.id = next.id;
    row.previous = aw_str_of(last->hash);
    rc = aw_audit_hash(&row, next.hash, err);
    row.hash = aw_str_of(next.hash);
    if (rc == AW_OK)
        rc = aw_store_audit_add(store, &row, err);
    if (rc == AW_OK)
        *last = next;
    return rc;
}

/* The chain's first row: what was decided before it. */
static aw_rc begin_chain(struct aw_store *store, int64_t at_ms,
                         struct aw_audit_head *last, struct aw_err *err)
{
    struct aw_audit_row row = {.at_ms = at_ms,
                               .who = AW_STR("adwatch"),
                               .action = aw_str_of(codes[AW_AUDIT_BEGIN])};
    struct aw_decision_row decision = {0};
    struct aw_arena arena;
    struct aw_buf detail;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    aw_buf_init(&detail, AW_AUDIT_DETAIL_MAX);
    rc = aw_store_decision_last(store, &arena, &decision, err);
    if (rc == AW_MISSING)
        rc = AW_OK;
    aw_json_open(&detail, NULL, '{');
    aw_json_int(&detail, "decision", decision.id);
    aw_json_text(&detail, "hash", decision.hash);
    aw_json_close(&detail, '}');
    if (rc == AW_OK)
        rc = aw_buf_check(&detail, err);
    row.detail = aw_buf_str(&detail);
    if (rc == AW_OK)
        rc = append(store, last, &row, err);
    aw_buf_deinit(&detail);
    aw_arena_deinit(&arena);
    return rc;
}

static aw_rc add(struct aw_store *store, const struct aw_audit_row *row,
                 struct aw_err *err)
{
    struct aw_audit_head last;
    aw_rc rc = aw_audit_head(store, &last, err);

    if (rc == AW_OK && last.id == 0)
        rc = begin_chain(store, row->at_ms, &last, err);
    return rc == AW_OK ? append(store, &last, row, err) : rc;
}

aw_rc aw_audit_begin(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_err *err)
{
    struct aw_audit_head last;
    aw_rc rc = aw_audit_head(store, &last, err);

    return rc == AW_OK && last.id == 0
               ? begin_chain(store, aw_clock_wall(clock), &last, err)
               : rc;
}

static aw_rc add_alone(struct aw_store *store, const struct aw_audit_row *row,
                       struct aw_err *err)
{
    aw_rc rc = aw_store_begin(store, err);

    if (rc != AW_OK)
        return rc;
    rc = add(store, row, err);
    if (rc == AW_OK)
        return aw_store_commit(store, err);
    aw_store_rollback(store);
    return rc;
}

aw_rc aw_audit_add(struct aw_store *store, const struct aw_clock *clock,
                   struct aw_str who, const char *action,
                   struct aw_str subject, struct aw_str detail_json,
                   struct aw_err *err)
{
    struct aw_audit_row row = {.at_ms = aw_clock_wall(clock),
                               .who = who,
                               .action = aw_str_of(action),
                               .subject = subject,
                               .detail = detail_json.len > 0 ? detail_json
                                                             : AW_STR("{}")};
    aw_rc rc = check(&row, action, err);

    if (rc != AW_OK)
        return rc;
    return aw_store_in_transaction(store) ? add(store, &row, err)
                                          : add_alone(store, &row, err);
}

aw_rc aw_audit_head(struct aw_store *store, struct aw_audit_head *out,
                    struct aw_err *err)
{
    struct aw_audit_row row = {0};
    struct aw_arena arena;
    aw_rc rc;

    *out = (struct aw_audit_head){0};
    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_store_audit_last(store, &arena, &row, err);
    if (rc == AW_OK) {
        out->id = row.id;
        (void)snprintf(out->hash, sizeof out->hash, "%.*s",
                       AW_STR_ARG(row.hash));
    }
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

void aw_audit_head_text(const struct aw_audit_head *head,
                        char out[AW_AUDIT_HEAD_MAX])
{
    (void)snprintf(out, AW_AUDIT_HEAD_MAX, "%lld:%s", (long long)head->id,
                   head->hash);
}

bool aw_audit_head_parse(struct aw_str text, struct aw_audit_head *out)
{
    struct aw_audit_head head = {0};
    struct aw_str id = {0};

    if (!aw_str_split(&text, ':', &id) || !aw_str_to_int(id, &head.id) ||
        head.id < 1 || text.len != sizeof head.hash - 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (aw_hex_value(text.ptr[i]) < 0)
            return false;
        head.hash[i] = aw_ascii_lower(text.ptr[i]);
    }
    *out = head;
    return true;
}
