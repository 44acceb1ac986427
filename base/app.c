#include "base/app.h"

#include "base/json.h"
#include "base/utf8.h"

static const char *const field_names[] = {
#define X(name, text) text,
    AW_APP_FIELD_LIST(X)
#undef X
};

const char *aw_app_field_name(enum aw_app_field field)
{
    return field_names[field];
}

bool aw_app_field_parse(struct aw_str name, enum aw_app_field *out)
{
    for (int i = 0; i < AW_APP_FIELD_COUNT; i++) {
        if (!aw_str_eq(name, aw_str_of(field_names[i])))
            continue;
        *out = (enum aw_app_field)i;
        return true;
    }
    return false;
}

aw_rc aw_app_dup(const struct aw_app *app, struct aw_arena *arena,
                 struct aw_app *out, struct aw_err *err)
{
    aw_rc rc = aw_arena_dup(arena, aw_utf8_cut(app->key, AW_APP_KEY_MAX),
                            &out->key, err);

    for (int i = 0; i < AW_APP_FIELD_COUNT && rc == AW_OK; i++)
        rc = aw_arena_dup(arena, aw_utf8_cut(app->fields[i], AW_APP_TEXT_MAX),
                          &out->fields[i], err);
    return rc;
}

void aw_apps_json(struct aw_buf *out, const char *name,
                  const struct aw_app *apps, size_t count)
{
    aw_json_open(out, name, '[');
    for (size_t i = 0; i < count; i++) {
        aw_json_open(out, NULL, '{');
        aw_json_text(out, "key", apps[i].key);
        for (int field = 0; field < AW_APP_FIELD_COUNT; field++)
            if (apps[i].fields[field].len > 0)
                aw_json_text(out, field_names[field], apps[i].fields[field]);
        aw_json_close(out, '}');
    }
    aw_json_close(out, ']');
}
