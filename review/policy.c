#include "review/policy.h"

#include <stddef.h>
#include <stdio.h>

#include "base/json.h"
#include "review/audit.h"
#include "review/words.h"
#include "store/settings.h"

#define VALUE_MAX ((size_t)4096) /* bytes, of a setting */

struct field {
    const char *name;
    size_t offset; /* in struct aw_policy */
    int64_t least, most, first;
};

static const struct field fields[] = {
#define X(name, least, most, first) \
    {#name, offsetof(struct aw_policy, name), least, most, first},
    AW_POLICY_LIST(X)
#undef X
};
#define FIELDS (sizeof fields / sizeof *fields)

static int64_t *value_of(struct aw_policy *policy, const struct field *field)
{
    return (int64_t *)(void *)((char *)policy + field->offset);
}

static bool fits(const struct field *field, int64_t value)
{
    return value >= field->least && value <= field->most;
}

static aw_rc load(struct aw_store *store, const struct field *field,
                  int64_t *value, struct aw_err *err)
{
    struct aw_str text = {0};
    struct aw_arena arena;
    aw_rc rc;

    aw_arena_init(&arena, VALUE_MAX);
    rc = aw_store_setting_get(store, &arena, aw_str_of(field->name), &text,
                              err);
    if (rc == AW_OK && (!aw_str_to_int(text, value) || !fits(field, *value)))
        rc = aw_fail(err, AW_STORE, "setting '%s' is damaged: '%.*s'",
                     field->name, AW_STR_ARG(text));
    if (rc == AW_MISSING)
        *value = field->first;
    aw_arena_deinit(&arena);
    return rc == AW_MISSING ? AW_OK : rc;
}

aw_rc aw_policy_load(struct aw_store *store, struct aw_policy *out,
                     struct aw_err *err)
{
    struct aw_policy policy = {0};

    for (size_t i = 0; i < FIELDS; i++) {
        aw_rc rc = load(store, &fields[i], value_of(&policy, &fields[i]), err);

        if (rc != AW_OK)
            return rc;
    }
    *out = policy;
    return AW_OK;
}

static aw_rc audit(struct aw_store *store, const struct aw_clock *clock,
                   struct aw_str who, const struct field *field,
                   int64_t before, int64_t after, struct aw_err *err)
{
    char detail[80];

    (void)snprintf(detail, sizeof detail, "{\"after\":%lld,\"before\":%lld}",
                   (long long)after, (long long)before);
    return aw_audit_add(store, clock, who, aw_audit_code(AW_AUDIT_SETTING),
                        aw_str_of(field->name), aw_str_of(detail), err);
}

static aw_rc save(struct aw_store *store, const struct aw_clock *clock,
                  struct aw_str who, const struct field *field, int64_t value,
                  struct aw_err *err)
{
    char text[24];
    int64_t before = 0;
    aw_rc rc = load(store, field, &before, err);

    if (rc != AW_OK || before == value)
        return rc;
    (void)snprintf(text, sizeof text, "%lld", (long long)value);
    rc = aw_store_setting_put(store, aw_str_of(field->name), aw_str_of(text),
                              err);
    return rc == AW_OK ? audit(store, clock, who, field, before, value, err)
                       : rc;
}

static aw_rc check(struct aw_policy *policy, struct aw_err *err)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (!fits(&fields[i], *value_of(policy, &fields[i])))
            return aw_fail(err, AW_INVALID, "%s: use %lld to %lld",
                           fields[i].name, (long long)fields[i].least,
                           (long long)fields[i].most);
    return AW_OK;
}

aw_rc aw_policy_save(struct aw_store *store, const struct aw_clock *clock,
                     struct aw_str who, const struct aw_policy *policy,
                     struct aw_err *err)
{
    struct aw_policy copy = *policy;
    aw_rc rc = check(&copy, err);

    if (rc == AW_OK)
        rc = aw_store_begin(store, err);
    if (rc != AW_OK)
        return rc;
    for (size_t i = 0; i < FIELDS && rc == AW_OK; i++)
        rc = save(store, clock, who, &fields[i], *value_of(&copy, &fields[i]),
                  err);
    if (rc == AW_OK)
        return aw_store_commit(store, err);
    aw_store_rollback(store);
    return rc;
}

static void put_lists(struct aw_buf *out)
{
    aw_json_open(out, "reasons", '[');
    for (const struct aw_reason *r = aw_reasons; r->code; r++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "code", aw_str_of(r->code));
        aw_json_text(out, "zh", aw_str_of(r->zh));
        aw_json_text(out, "en", aw_str_of(r->en));
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
    aw_json_open(out, "classes", '[');
#define PUT(code, zh)                        \
    aw_json_open(out, NULL, '{');            \
    aw_json_text(out, "code", AW_STR(code)); \
    aw_json_text(out, "zh", AW_STR(zh));     \
    aw_json_close(out, '}');
    AW_CLASS_LIST(PUT)
#undef PUT
    aw_json_close(out, ']');
}

void aw_policy_json(struct aw_buf *out, const char *name,
                    const struct aw_policy *policy)
{
    aw_json_open(out, name, '{');
    aw_json_int(out, "second_severity", policy->second_severity);
    aw_json_bool(out, "second_new_publisher",
                 policy->second_new_publisher != 0);
    aw_json_int(out, "second_random_percent", policy->second_random_percent);
    aw_json_real(out, "precision_bound",
                 (double)policy->precision_bound / 100);
    aw_json_int(out, "session_hours", policy->session_hours);
    put_lists(out);
    aw_json_close(out, '}');
}
