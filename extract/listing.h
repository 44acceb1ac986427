/* listing.h - an app store's listing: JSON with one app or many.
 *
 * Known by itself is the answer of Apple's lookup and search service: an
 * object with "results", an array of objects that have trackName,
 * description, releaseNotes, sellerName, artistName, genres, trackViewUrl and
 * more. What another store answers is read by its mapping (mapping.h).
 *
 * Each text is one block of kind listing; what users wrote is of kind review,
 * for their words are not the advertiser's. Developers are parties as well.
 * Each app is kept with its fields (base/app.h), so that a change shows.
 */
#ifndef AW_EXTRACT_LISTING_H
#define AW_EXTRACT_LISTING_H

#include "base/document.h"
#include "extract/mapping.h"

#define AW_LISTING_BYTES_MAX ((size_t)4 << 20)
#define AW_LISTING_VALUES_MAX ((size_t)200000) /* 200 apps hold 50,000 */
#define AW_LISTING_REVIEWS_MAX 1000            /* of one app */

/* Do these first bytes of a text begin like a listing of Apple's? */
bool aw_listing_sniff(struct aw_str head);

/* Adds to doc and sets its channel to AW_CHANNEL_APP; the title is the first
 * app's name. A mapping of a config that finds no app is told in doc->note.
 * AW_INVALID where json is none; AW_LIMIT beyond AW_LISTING_BYTES_MAX or
 * AW_LISTING_VALUES_MAX. */
aw_rc aw_listing_read(struct aw_str json, const struct aw_mapping *mapping,
                      struct aw_document *doc, struct aw_err *err) AW_MUST_USE;

#endif
