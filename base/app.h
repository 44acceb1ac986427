/* app.h - an app as its store's listing describes it.
 *
 * What is kept of a listing over time, so that a quiet change of its text
 * shows: the store's own words, field by field. What users wrote about it is
 * no part of it.
 */
#ifndef AW_BASE_APP_H
#define AW_BASE_APP_H

#include "base/arena.h"
#include "base/buf.h"

#define AW_DOCUMENT_APPS_MAX 1000
#define AW_APP_TEXT_MAX ((size_t)32 << 10) /* bytes of one field */
#define AW_APP_KEY_MAX ((size_t)2048)      /* bytes; longer ones are cut */

#define AW_APP_FIELD_LIST(X)      \
    X(NAME, "name")               \
    X(DEVELOPER, "developer")     \
    X(DESCRIPTION, "description") \
    X(WHATS_NEW, "whats_new")     \
    X(CATEGORY, "category")       \
    X(LINK, "link")

enum aw_app_field {
#define X(name, text) AW_APP_##name,
    AW_APP_FIELD_LIST(X)
#undef X
        AW_APP_FIELD_COUNT
};

struct aw_app {
    /* What tells it apart in its store: "apple:1500000001", or the URL of its
     * page. */
    struct aw_str key;
    struct aw_str fields[AW_APP_FIELD_COUNT]; /* several values: a line each */
};

const char *aw_app_field_name(enum aw_app_field field);

/* False where name is none. */
bool aw_app_field_parse(struct aw_str name, enum aw_app_field *out);

/* A copy in the arena, with the limits above. */
aw_rc aw_app_dup(const struct aw_app *app, struct aw_arena *arena,
                 struct aw_app *out, struct aw_err *err) AW_MUST_USE;

/* Appends [{"key":"…","name":"…"}, …]; fields without text are left out. */
void aw_apps_json(struct aw_buf *out, const char *name,
                  const struct aw_app *apps, size_t count);

#endif
