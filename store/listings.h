/* listings.h - app stores' listings over time.
 *
 * A listing is one app as one page shows it: the same app on a search page
 * and on its own are two, since they show other texts. Of each field every
 * text that was ever seen is a version, from when it was seen first until it
 * was seen last; one that comes back is a version of its own. So a quiet
 * change shows.
 *
 * Part of the interface in store.h, which includes it.
 */
#ifndef AW_STORE_LISTINGS_H
#define AW_STORE_LISTINGS_H

#include "base/app.h"

struct aw_store;

/* Where and when apps were seen. */
struct aw_listing_sight {
    struct aw_str page; /* URL; empty: handed in */
    struct aw_str source;
    int64_t capture, at_ms;
};

/* Keeps what was seen of an app: for each field whose text is not that of its
 * newest version a new one, also where a text went away. */
aw_rc aw_store_listing_seen(struct aw_store *store,
                            const struct aw_listing_sight *sight,
                            const struct aw_app *app,
                            struct aw_err *err) AW_MUST_USE;

/* The page is as it was at this capture: its listings and their newest
 * versions were seen at now_ms as well. */
aw_rc aw_store_listings_same(struct aw_store *store, struct aw_str page,
                             int64_t capture, int64_t now_ms,
                             struct aw_err *err) AW_MUST_USE;

struct aw_listing {
    int64_t id, first_seen_ms, last_seen_ms, last_capture;
    int64_t versions;   /* of all fields */
    int64_t changes;    /* of these: that replaced another one */
    int64_t changed_ms; /* when the last one of these was seen; or 0 */
    struct aw_str key, page, source, name, link;
};

/* Those with this id, key, page or link (NULL: all), in the order in which
 * they came. */
typedef aw_rc aw_store_listing_fn(void *self, const struct aw_listing *listing,
                                  struct aw_err *err);
aw_rc aw_store_listings(struct aw_store *store, const char *what,
                        aw_store_listing_fn *visit, void *self,
                        struct aw_err *err) AW_MUST_USE;

struct aw_listing_version {
    enum aw_app_field field;
    int64_t first_seen_ms, last_seen_ms, first_capture, last_capture;
    struct aw_str digest; /* SHA-256 of the text, hex */
    struct aw_str text;
};

/* Of one listing, by field and in the order in which they came. */
typedef aw_rc aw_store_version_fn(void *self,
                                  const struct aw_listing_version *version,
                                  struct aw_err *err);
aw_rc aw_store_listing_versions(struct aw_store *store, int64_t listing,
                                aw_store_version_fn *visit, void *self,
                                struct aw_err *err) AW_MUST_USE;

#endif
