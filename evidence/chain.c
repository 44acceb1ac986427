#include "evidence/chain.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "review/text.h"

#define CANON_MAX ((size_t)4 << 20)
#define ARENA_MAX ((size_t)8 << 20)
#define LINK_MAX ((size_t)1 << 10) /* bytes of bundle-chain.json */
#define NAME_MAX_CHARS 200
#define CASE_MAX_CHARS 200
#define HEX_LEN (AW_SHA256_HEX_MAX - 1)

static bool is_hash(struct aw_str text)
{
    bool hex = text.len == HEX_LEN;

    for (size_t i = 0; i < text.len && hex; i++)
        hex = aw_hex_value(text.ptr[i]) >= 0 &&
              aw_ascii_lower(text.ptr[i]) == text.ptr[i];
    return hex;
}

/* ---- a row's hash --------------------------------------------------------
 */

/* "[7,12]", as it is written here and no other way. */
static bool are_findings(struct aw_str text)
{
    struct aw_str rest = aw_str_sub(text, 1, text.len - 2);
    struct aw_str part;

    if (text.len < 3 || text.ptr[0] != '[' || text.ptr[text.len - 1] != ']')
        return false;
    while (aw_str_split(&rest, ',', &part)) {
        int64_t id;

        if (!aw_str_to_int(part, &id) || id < 1 || part.ptr[0] == '0' ||
            !aw_ascii_digit(part.ptr[0]))
            return false;
    }
    return text.ptr[text.len - 2] != ',';
}

static aw_rc check_row(const struct aw_bundle_row *row, struct aw_err *err)
{
    aw_rc rc =
        aw_written_check("the bundle's name", row->name, NAME_MAX_CHARS, err);

    if (rc == AW_OK)
        rc = aw_written_check("the case number", row->case_no, CASE_MAX_CHARS,
                              err);
    if (rc == AW_OK && !are_findings(row->findings))
        rc = aw_fail(err, AW_INVALID, "findings '%.*s' is no array of numbers",
                     AW_STR_ARG(aw_str_sub(row->findings, 0, 100)));
    if (rc == AW_OK && !is_hash(row->manifest))
        rc = aw_fail(err, AW_INVALID, "manifest is no SHA-256");
    if (rc == AW_OK && row->previous.len > 0 && !is_hash(row->previous))
        rc = aw_fail(err, AW_INVALID, "previous is no SHA-256");
    return rc == AW_OK ? AW_OK
                       : aw_fail_in(err, "bundle %lld", (long long)row->id);
}

aw_rc aw_chain_hash(const struct aw_bundle_row *row,
                    char out[AW_SHA256_HEX_MAX], struct aw_err *err)
{
    struct aw_buf canon;
    aw_rc rc = check_row(row, err);

    if (rc != AW_OK)
        return rc;
    aw_buf_init(&canon, CANON_MAX);
    aw_json_open(&canon, NULL, '{'); /* keys in the order of RFC 8785 */
    aw_json_text(&canon, "case_no", row->case_no);
    aw_json_raw(&canon, "findings", row->findings);
    aw_json_int(&canon, "made_ms", row->made_ms);
    aw_json_text(&canon, "manifest", row->manifest);
    aw_json_text(&canon, "name", row->name);
    aw_json_int(&canon, "number", row->id);
    aw_json_text(&canon, "previous", row->previous);
    aw_json_close(&canon, '}');
    return aw_sha256_buf(&canon, out, err);
}

/* ---- head and link -------------------------------------------------------
 */

aw_rc aw_chain_head(struct aw_store *store, struct aw_chain_head *out,
                    struct aw_err *err)
{
    struct aw_bundle_row row = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, ARENA_MAX);
    rc = aw_store_bundle_last(store, &arena, &row, err);
    *out = (struct aw_chain_head){0};
    if (rc == AW_OK && !is_hash(row.hash))
        rc = aw_fail(err, AW_STORE, "bundle %lld has no SHA-256 as its hash",
                     (long long)row.id);
    if (rc == AW_OK) {
        out->number = row.id;
        (void)snprintf(out->hash, sizeof out->hash, "%.*s",
                       AW_STR_ARG(row.hash));
    }
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

bool aw_chain_head_parse(struct aw_str text, struct aw_chain_head *out)
{
    struct aw_str number;
    int64_t id;

    if (!aw_str_split(&text, ':', &number) || !aw_str_to_int(number, &id) ||
        id < 1 || !is_hash(text))
        return false;
    out->number = id;
    (void)snprintf(out->hash, sizeof out->hash, "%.*s", AW_STR_ARG(text));
    return true;
}

void aw_chain_head_text(const struct aw_chain_head *head,
                        char out[AW_CHAIN_HEAD_MAX])
{
    (void)snprintf(out, AW_CHAIN_HEAD_MAX, "%" PRId64 ":%s", head->number,
                   head->hash);
}

aw_rc aw_chain_next(struct aw_store *store, struct aw_chain_link *out,
                    struct aw_err *err)
{
    struct aw_chain_head head;
    aw_rc rc = aw_chain_head(store, &head, err);

    if (rc != AW_OK)
        return rc;
    out->number = head.number + 1;
    (void)snprintf(out->previous, sizeof out->previous, "%s", head.hash);
    return AW_OK;
}

void aw_chain_json(const struct aw_chain_link *link, int64_t made_ms,
                   struct aw_buf *out)
{
    aw_json_open(out, NULL, '{');
    aw_json_int(out, "made_ms", made_ms);
    aw_json_int(out, "number", link->number);
    aw_json_text(out, "previous", aw_str_of(link->previous));
    aw_json_close(out, '}');
    aw_buf_putc(out, '\n');
}

/* A number that JSON readers which know doubles alone read right. */
static bool read_number(const cJSON *json, const char *name, int64_t *out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    if (!cJSON_IsNumber(item) || item->valuedouble < 0 ||
        item->valuedouble > (double)(INT64_C(1) << 53))
        return false;
    *out = (int64_t)item->valuedouble;
    return true;
}

/* What was read, written again, must be the same bytes. */
static bool is_written_so(struct aw_str json, const struct aw_chain_link *link,
                          int64_t made_ms)
{
    struct aw_buf again;
    bool same;

    aw_buf_init(&again, LINK_MAX);
    aw_chain_json(link, made_ms, &again);
    same = aw_str_eq(json, aw_buf_str(&again));
    aw_buf_deinit(&again);
    return same;
}

aw_rc aw_chain_parse(struct aw_str json, struct aw_chain_link *link,
                     int64_t *made_ms, struct aw_err *err)
{
    struct aw_chain_link read = {0};
    int64_t made = 0;
    cJSON *parsed = NULL;
    const char *previous;
    bool ok;

    if (json.len > 0 && json.len <= LINK_MAX)
        parsed = cJSON_ParseWithLength(json.ptr, json.len);
    previous = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(parsed, "previous"));
    ok = previous && read_number(parsed, "number", &read.number) &&
         read_number(parsed, "made_ms", &made) && read.number > 0 &&
         (read.number == 1 ? previous[0] == '\0'
                           : is_hash(aw_str_of(previous)));
    if (ok)
        (void)snprintf(read.previous, sizeof read.previous, "%s", previous);
    cJSON_Delete(parsed);
    if (!ok || !is_written_so(json, &read, made))
        return aw_fail(err, AW_INVALID,
                       "bundle-chain.json is not as adwatch writes it");
    *link = read;
    *made_ms = made;
    return AW_OK;
}

/* ---- adding --------------------------------------------------------------
 */

static aw_rc add(struct aw_store *store, const struct aw_chain_link *link,
                 const struct aw_bundle_row *row, struct aw_err *err)
{
    struct aw_chain_link now;
    aw_rc rc = aw_chain_next(store, &now, err);

    if (rc == AW_OK && (now.number != link->number ||
                        strcmp(now.previous, link->previous) != 0))
        return aw_fail(err, AW_BUSY,
                       "another bundle was made at the same time: make this "
                       "one anew");
    return rc == AW_OK ? aw_store_bundle_add(store, row, err) : rc;
}

aw_rc aw_chain_add(struct aw_store *store, const struct aw_chain_link *link,
                   struct aw_bundle_row *row, char hash[AW_SHA256_HEX_MAX],
                   struct aw_err *err)
{
    bool alone = !aw_store_in_transaction(store);
    aw_rc rc;

    row->id = link->number;
    row->previous = aw_str_of(link->previous);
    rc = aw_chain_hash(row, hash, err);
    row->hash = aw_str_of(hash);
    if (rc == AW_OK && alone)
        rc = aw_store_begin(store, err);
    if (rc != AW_OK)
        return rc;
    rc = add(store, link, row, err);
    return alone ? aw_store_end(store, rc, err) : rc;
}
