#include "extract/schema_app.h"

static bool is_one_of(struct aw_str name, const char *const *list)
{
    for (; *list; list++)
        if (aw_str_eq_nocase(name, aw_str_of(*list)))
            return true;
    return false;
}

bool aw_schema_is_app(struct aw_str type)
{
    static const char *const types[] = {"SoftwareApplication",
                                        "MobileApplication", "WebApplication",
                                        NULL};
    static const char *const places[] = {"https://schema.org/",
                                         "http://schema.org/", "schema:"};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (aw_str_starts_nocase(type, aw_str_of(places[i])))
            type = aw_str_sub(type, aw_str_of(places[i]).len, type.len);
    return is_one_of(type, types);
}

enum aw_app_field aw_schema_field(struct aw_str property)
{
    static const struct {
        const char *name;
        enum aw_app_field field;
    } properties[] = {
        {"name", AW_APP_NAME},
        {"author", AW_APP_DEVELOPER},
        {"creator", AW_APP_DEVELOPER},
        {"publisher", AW_APP_DEVELOPER},
        {"description", AW_APP_DESCRIPTION},
        {"releaseNotes", AW_APP_WHATS_NEW},
        {"applicationCategory", AW_APP_CATEGORY},
        {"applicationSubCategory", AW_APP_CATEGORY},
        {"url", AW_APP_LINK},
    };

    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (aw_str_eq_nocase(property, aw_str_of(properties[i].name)))
            return properties[i].field;
    return AW_APP_FIELD_COUNT;
}

bool aw_schema_is_review(struct aw_str property)
{
    static const char *const properties[] = {"review", "reviews", "comment",
                                             NULL};

    return is_one_of(property, properties);
}

static void put_key(const struct aw_document *doc, const struct aw_app *app,
                    struct aw_str url, struct aw_buf *out)
{
    struct aw_str page = doc->url.len > 0 ? doc->url : AW_STR("schema.org");

    if (url.len > 0) {
        aw_buf_put(out, url);
        return;
    }
    aw_buf_put(out, page);
    if (doc->url.len > 0 && doc->app_count == 0)
        return;
    aw_buf_putc(out, doc->url.len > 0 ? '#' : ':');
    aw_buf_put(out, aw_str_sub(app->fields[AW_APP_NAME], 0, AW_APP_KEY_MAX));
}

aw_rc aw_schema_add_app(struct aw_document *doc, struct aw_app *app,
                        struct aw_str url, struct aw_err *err)
{
    struct aw_buf key;
    aw_rc rc;

    doc->channel = AW_CHANNEL_APP;
    aw_buf_init(&key, 4 * AW_APP_KEY_MAX);
    put_key(doc, app, aw_str_sub(url, 0, AW_APP_KEY_MAX), &key);
    rc = key.rc == AW_NOMEM ? aw_buf_check(&key, err) : AW_OK;
    app->key = aw_buf_str(&key);
    if (rc == AW_OK)
        rc = aw_document_add_app(doc, app, err);
    aw_buf_deinit(&key);
    return rc == AW_LIMIT ? AW_OK : rc;
}
