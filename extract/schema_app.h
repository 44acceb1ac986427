/* schema_app.h - schema.org's SoftwareApplication, as JSON-LD or microdata.
 *
 * A page that describes one is a listing: its channel is app, and its fields
 * are kept (base/app.h). What such a page shows is judged wherever it stands:
 * who writes a page writes its markup, too.
 */
#ifndef AW_EXTRACT_SCHEMA_APP_H
#define AW_EXTRACT_SCHEMA_APP_H

#include "base/document.h"

/* SoftwareApplication, MobileApplication or WebApplication; also with the URL
 * of schema.org in front. */
bool aw_schema_is_app(struct aw_str type);

/* Which field a property of such an item is; AW_APP_FIELD_COUNT: none. Of
 * author, creator and publisher it is the name that counts. */
enum aw_app_field aw_schema_field(struct aw_str property);

/* A review of the app, or several. */
bool aw_schema_is_review(struct aw_str property);

/* Adds the app. Its key is its own URL (`url`, absolute, or empty), else that
 * of the page; of further apps on it without a URL with "#name" behind. */
aw_rc aw_schema_add_app(struct aw_document *doc, struct aw_app *app,
                        struct aw_str url, struct aw_err *err) AW_MUST_USE;

#endif
