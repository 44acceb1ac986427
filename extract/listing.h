/* listing.h - an app store's listing: the answer of Apple's lookup and search
 * service.
 *
 * An object with "results", an array of objects that have trackName,
 * description, releaseNotes, sellerName, artistName, genres, trackViewUrl and
 * more. Each text field is one block of kind listing; seller and artist are
 * developers as well.
 */
#ifndef AW_EXTRACT_LISTING_H
#define AW_EXTRACT_LISTING_H

#include "base/document.h"

#define AW_LISTING_BYTES_MAX ((size_t)4 << 20)
#define AW_LISTING_VALUES_MAX ((size_t)200000) /* 200 apps hold 50,000 */

/* Do these first bytes of a text begin like a listing? */
bool aw_listing_sniff(struct aw_str head);

/* Adds to doc and sets its channel to AW_CHANNEL_APP; the title is the first
 * app's name. AW_INVALID where json is none; AW_LIMIT beyond
 * AW_LISTING_BYTES_MAX or AW_LISTING_VALUES_MAX. */
aw_rc aw_listing_read(struct aw_str json, struct aw_document *doc,
                      struct aw_err *err) AW_MUST_USE;

#endif
