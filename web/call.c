#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "web/route.h"

#define VALUES_MAX ((size_t)100000) /* of a body */
#define INT_MOST 9007199254740992.0 /* 2^53: beyond it doubles have gaps */

/* A struct aw_body is a cJSON under another name: route.h names no library. */
static const cJSON *json_of(const struct aw_body *body)
{
    return (const cJSON *)(const void *)body;
}

static const struct aw_body *body_of(const cJSON *json)
{
    return (const struct aw_body *)(const void *)json;
}

/* ---- replies -------------------------------------------------------------
 */

struct aw_buf *aw_call_json(struct aw_call *call)
{
    call->reply->type = "application/json";
    return &call->reply->body;
}

void aw_call_refuse(struct aw_http_reply *reply, int status, const char *code,
                    const char *fmt, ...)
{
    struct aw_buf *out = &reply->body;
    char message[AW_ERR_MAX];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    reply->status = status;
    reply->type = "application/json";
    aw_buf_reset(out);
    aw_json_open(out, NULL, '{');
    aw_json_open(out, "error", '{');
    aw_json_text(out, "code", aw_str_of(code));
    aw_json_text(out, "message", aw_str_of(message));
    aw_json_close(out, '}');
    aw_json_close(out, '}');
}

void aw_call_end(struct aw_call *call)
{
    cJSON_Delete(call->json);
    call->json = NULL;
}

/* ---- the body ------------------------------------------------------------
 */

/* A page elsewhere can make a browser send other types without asking first. A
 * call that came by no connection has no fields. */
static aw_rc check_type(const struct aw_call *call, struct aw_err *err)
{
    struct aw_str field = aw_http_field(call->request, "Content-Type");
    struct aw_str type = {0};

    if (!call->request->exchange)
        return AW_OK;
    (void)aw_str_split(&field, ';', &type);
    if (aw_str_eq_nocase(aw_str_trim(type), AW_STR("application/json")))
        return AW_OK;
    return aw_fail(err, AW_INVALID,
                   "the body must be JSON, and Content-Type must say so");
}

/* cJSON ends a text at a NUL, however it is written. */
static aw_rc check_text(struct aw_str text, struct aw_err *err)
{
    if (!aw_utf8_valid(text))
        return aw_fail(err, AW_INVALID, "the body is not UTF-8");
    if (aw_str_find(text, AW_STR("\0")) >= 0 ||
        aw_str_find(text, AW_STR("\\u0000")) >= 0)
        return aw_fail(err, AW_INVALID, "the body holds a NUL character");
    if (aw_json_too_many(text, VALUES_MAX))
        return aw_fail(err, AW_LIMIT, "the body has more than %zu values",
                       VALUES_MAX);
    return AW_OK;
}

static cJSON *parse(struct aw_str text)
{
    const char *end = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(text.ptr ? text.ptr : "", text.len,
                                            &end, false);
    struct aw_str rest = {0};

    if (json)
        rest = aw_str_sub(text, (size_t)(end - text.ptr), text.len);
    if (json && cJSON_IsObject(json) && aw_str_trim(rest).len == 0)
        return json;
    cJSON_Delete(json);
    return NULL;
}

aw_rc aw_call_body(struct aw_call *call, struct aw_body **out,
                   struct aw_err *err)
{
    struct aw_str text = call->request->body;
    aw_rc rc = check_type(call, err);

    if (rc == AW_OK)
        rc = check_text(text, err);
    if (rc != AW_OK)
        return rc;
    aw_call_end(call);
    call->json = parse(text);
    if (!call->json)
        return aw_fail(err, AW_INVALID, "the body is no JSON object");
    *out = call->json;
    return AW_OK;
}

/* The member, or NULL where it is not there or null. */
static const cJSON *member(const struct aw_body *body, const char *name)
{
    const cJSON *json = json_of(body);
    const cJSON *found =
        name ? cJSON_GetObjectItemCaseSensitive(json, name) : json;

    return cJSON_IsNull(found) ? NULL : found;
}

/* AW_MISSING (which no caller gets to see): there is none, and need not be. */
static aw_rc take(const struct aw_body *body, const char *name, bool needed,
                  const cJSON **out, struct aw_err *err)
{
    *out = member(body, name);
    if (*out)
        return AW_OK;
    if (needed)
        return aw_fail(err, AW_INVALID, "'%s' is missing", name ? name : "");
    return AW_MISSING;
}

static aw_rc wrong(const char *name, const char *what, struct aw_err *err)
{
    return aw_fail(err, AW_INVALID, "'%s' must be %s", name ? name : "", what);
}

aw_rc aw_body_text(const struct aw_body *body, const char *name, bool needed,
                   struct aw_str *out, struct aw_err *err)
{
    const cJSON *value;
    aw_rc rc = take(body, name, needed, &value, err);

    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    if (!cJSON_IsString(value))
        return wrong(name, "a text", err);
    *out = aw_str_of(value->valuestring);
    return AW_OK;
}

static bool is_whole(double value)
{
    return value >= -INT_MOST && value <= INT_MOST &&
           (double)(int64_t)value == value; /* NOLINT: exact on purpose */
}

aw_rc aw_body_int(const struct aw_body *body, const char *name, bool needed,
                  int64_t least, int64_t most, int64_t *out,
                  struct aw_err *err)
{
    const cJSON *value;
    aw_rc rc = take(body, name, needed, &value, err);

    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    if (!cJSON_IsNumber(value) || !is_whole(value->valuedouble))
        return wrong(name, "a whole number", err);
    if (value->valuedouble < (double)least ||
        value->valuedouble > (double)most)
        return aw_fail(err, AW_INVALID, "'%s' must be from %lld to %lld",
                       name ? name : "", (long long)least, (long long)most);
    *out = (int64_t)value->valuedouble;
    return AW_OK;
}

aw_rc aw_body_real(const struct aw_body *body, const char *name, bool needed,
                   double least, double most, double *out, struct aw_err *err)
{
    const cJSON *value;
    aw_rc rc = take(body, name, needed, &value, err);

    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    if (!cJSON_IsNumber(value))
        return wrong(name, "a number", err);
    if (!(value->valuedouble >= least && value->valuedouble <= most))
        return aw_fail(err, AW_INVALID, "'%s' must be from %g to %g",
                       name ? name : "", least, most);
    *out = value->valuedouble;
    return AW_OK;
}

aw_rc aw_body_bool(const struct aw_body *body, const char *name, bool needed,
                   bool *out, struct aw_err *err)
{
    const cJSON *value;
    aw_rc rc = take(body, name, needed, &value, err);

    if (rc != AW_OK)
        return rc == AW_MISSING ? AW_OK : rc;
    if (!cJSON_IsBool(value))
        return wrong(name, "true or false", err);
    *out = cJSON_IsTrue(value);
    return AW_OK;
}

bool aw_body_has(const struct aw_body *body, const char *name)
{
    return member(body, name) != NULL;
}

size_t aw_body_count(const struct aw_body *body, const char *name)
{
    const cJSON *value = member(body, name);

    return cJSON_IsArray(value) ? (size_t)cJSON_GetArraySize(value) : 0;
}

const struct aw_body *aw_body_at(const struct aw_body *body, const char *name,
                                 size_t i)
{
    const cJSON *value = member(body, name);

    if (!cJSON_IsArray(value) || i > INT32_MAX)
        return NULL;
    return body_of(cJSON_GetArrayItem(value, (int)i));
}

/* ---- the query -----------------------------------------------------------
 */

aw_rc aw_call_query_int(const struct aw_call *call, const char *name,
                        int64_t least, int64_t most, int64_t *out,
                        struct aw_err *err)
{
    struct aw_str text = aw_http_query(call->request, name);
    int64_t value;

    if (text.len == 0)
        return AW_OK;
    if (!aw_str_to_int(text, &value) || value < least || value > most)
        return aw_fail(err, AW_INVALID,
                       "parameter '%s' must be a whole number from %lld to "
                       "%lld",
                       name, (long long)least, (long long)most);
    *out = value;
    return AW_OK;
}
