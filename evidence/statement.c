#include "evidence/statement.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "review/text.h"
#include "review/user.h"

#define VALUES_MAX 64 /* of the JSON */
#define BUNDLE_NAME_MAX 200

/* What every officer says. */
#define TEXT "本人已查看本证据包，包内文件与清单所列一致。现予签封。"

/* ---- writing -------------------------------------------------------------
 */

static void put_key(struct aw_buf *out, const struct aw_statement_key *key)
{
    aw_json_open(out, NULL, '{');
    aw_json_text(out, "chain", aw_str_of(key->chain));
    aw_json_text(out, "id", aw_str_of(key->id));
    aw_json_text(out, "kind", aw_str_of(aw_key_kind_text(key->kind)));
    aw_json_close(out, '}');
}

void aw_statement_json(const struct aw_statement *statement,
                       struct aw_buf *out)
{
    char at[AW_TIME_MAX];
    char at_beijing[AW_TIME_MAX];

    aw_time_iso(statement->at_ms, at);
    aw_time_beijing(statement->at_ms, at_beijing);
    aw_json_open(out, NULL, '{'); /* keys in the order of RFC 8785 */
    aw_json_text(out, "at", aw_str_of(at));
    aw_json_text(out, "at_beijing", aw_str_of(at_beijing));
    aw_json_text(out, "before", aw_str_of(statement->before));
    aw_json_text(out, "bundle", statement->bundle);
    aw_json_text(out, "certificate", statement->certificate);
    aw_json_open(out, "keys", '[');
    for (size_t i = 0; i < statement->key_count; i++)
        put_key(out, &statement->keys[i]);
    aw_json_close(out, ']');
    aw_json_text(out, "name", statement->name);
    aw_json_int(out, "officer", statement->officer);
    aw_json_text(out, "statement", AW_STR(TEXT));
    aw_json_text(out, "tagmanifest_sha256", aw_str_of(statement->sha256));
    aw_json_text(out, "tagmanifest_sm3", aw_str_of(statement->sm3));
    aw_json_close(out, '}');
}

/* ---- reading: what is not there stays empty, and is found in the end ------
 */

static struct aw_str text_of(const cJSON *json, const char *name)
{
    return aw_str_of(
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name)));
}

static void copy(char *out, size_t size, struct aw_str text)
{
    (void)snprintf(out, size, "%.*s", AW_STR_ARG(text));
}

bool aw_statement_time(struct aw_str text, int64_t *at_ms)
{
    static const struct {
        size_t at;
        int64_t ms;
    } parts[] = {{11, 3600000}, {14, 60000}, {17, 1000}};

    if (text.len < 19 || !aw_date_parse(aw_str_sub(text, 0, 10), at_ms))
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t value;

        if (!aw_str_to_int(aw_str_sub(text, parts[i].at, 2), &value))
            return false;
        *at_ms += value * parts[i].ms;
    }
    return true;
}

static bool read_key(const cJSON *json, struct aw_statement_key *key)
{
    struct aw_str kind = text_of(json, "kind");

    copy(key->id, sizeof key->id, text_of(json, "id"));
    copy(key->chain, sizeof key->chain, text_of(json, "chain"));
    for (int i = 0; i < AW_KEY_KINDS; i++) {
        key->kind = (enum aw_key_kind)i;
        if (aw_str_eq(kind, aw_str_of(aw_key_kind_text(key->kind))))
            return true;
    }
    return false;
}

static bool read_keys(const cJSON *json, struct aw_statement *out)
{
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(json, "keys");
    const cJSON *item;

    cJSON_ArrayForEach (item, keys) {
        if (out->key_count == AW_STATEMENT_KEYS_MAX ||
            !read_key(item, &out->keys[out->key_count]))
            return false;
        out->key_count++;
    }
    return out->key_count > 0;
}

/* Views into json. */
static bool read_all(const cJSON *json, struct aw_statement *out)
{
    const cJSON *officer = cJSON_GetObjectItemCaseSensitive(json, "officer");

    out->name = text_of(json, "name");
    out->certificate = text_of(json, "certificate");
    out->bundle = text_of(json, "bundle");
    copy(out->before, sizeof out->before, text_of(json, "before"));
    copy(out->sha256, sizeof out->sha256, text_of(json, "tagmanifest_sha256"));
    copy(out->sm3, sizeof out->sm3, text_of(json, "tagmanifest_sm3"));
    if (!cJSON_IsNumber(officer) || officer->valuedouble < 1 ||
        officer->valuedouble > AW_OFFICERS_OF_SEAL)
        return false;
    out->officer = (int)officer->valuedouble;
    return aw_statement_time(text_of(json, "at"), &out->at_ms) &&
           read_keys(json, out);
}

static aw_rc check_texts(const struct aw_statement *read, struct aw_err *err)
{
    aw_rc rc = aw_written_check("name", read->name, AW_WHO_MAX, err);

    if (rc == AW_OK)
        rc = aw_written_check("certificate", read->certificate,
                              AW_USER_CERTIFICATE_MAX, err);
    if (rc == AW_OK)
        rc = aw_written_check("bundle", read->bundle, BUNDLE_NAME_MAX, err);
    if (rc == AW_OK && (read->name.len == 0 || read->certificate.len == 0))
        rc = aw_fail(err, AW_INVALID, "a name or a certificate is empty");
    return rc;
}

/* What was read, written again, must be the same bytes. */
static aw_rc check_bytes(const struct aw_statement *read, struct aw_str json,
                         struct aw_err *err)
{
    struct aw_buf again;
    aw_rc rc;

    aw_buf_init(&again, 2 * AW_STATEMENT_MAX);
    aw_statement_json(read, &again);
    rc = aw_buf_check(&again, err);
    if (rc == AW_OK && !aw_str_eq(aw_buf_str(&again), json))
        rc = aw_fail(err, AW_INVALID, "it is not as adwatch writes it");
    aw_buf_deinit(&again);
    return rc;
}

static aw_rc keep_texts(struct aw_statement *read, struct aw_arena *arena,
                        struct aw_err *err)
{
    aw_rc rc = aw_arena_dup(arena, read->name, &read->name, err);

    if (rc == AW_OK)
        rc = aw_arena_dup(arena, read->certificate, &read->certificate, err);
    if (rc == AW_OK)
        rc = aw_arena_dup(arena, read->bundle, &read->bundle, err);
    return rc;
}

aw_rc aw_statement_read(struct aw_str json, struct aw_arena *arena,
                        struct aw_statement *out, struct aw_err *err)
{
    struct aw_statement read = {0};
    cJSON *parsed = NULL;
    aw_rc rc = AW_OK;

    if (json.len > 0 && json.len <= AW_STATEMENT_MAX &&
        !aw_json_too_many(json, VALUES_MAX))
        parsed = cJSON_ParseWithLength(json.ptr, json.len);
    if (!parsed || !read_all(parsed, &read))
        rc = aw_fail(err, AW_INVALID, "it is no statement");
    if (rc == AW_OK)
        rc = check_texts(&read, err);
    if (rc == AW_OK)
        rc = check_bytes(&read, json, err);
    if (rc == AW_OK)
        rc = keep_texts(&read, arena, err);
    cJSON_Delete(parsed);
    if (rc == AW_OK)
        *out = read;
    return rc;
}
