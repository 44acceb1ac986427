/* discover.h - the links of a page, from the places where they stand.
 *
 * Each is resolved by the page's linker (link.h) and kept with its kind. What
 * is no link, or over a limit of the document, is left out without a word; the
 * first other failure sticks in rc, and nothing more happens.
 *
 * In scripts and data attributes only what is plain is taken: a whole literal
 * that looks like an address. Nothing is run, and nothing is put together.
 */
#ifndef AW_EXTRACT_DISCOVER_H
#define AW_EXTRACT_DISCOVER_H

#include "base/document.h"

#define AW_DISCOVER_IMAGES_MAX 1000 /* of one page */
#define AW_DISCOVER_SCRIPT_MAX                   \
    ((size_t)64 << 10) /* bytes looked at in one \
                        */

struct aw_linker;

struct aw_discover {
    struct aw_document *doc;
    struct aw_err *err;
    aw_rc rc;
    struct aw_linker *linker;
    size_t images;
};

/* doc and err stay the caller's. AW_OK or AW_NOMEM. */
aw_rc aw_discover_init(struct aw_discover *d, struct aw_document *doc,
                       struct aw_err *err) AW_MUST_USE;
void aw_discover_deinit(struct aw_discover *d);

void aw_discover_add(struct aw_discover *d, struct aw_str href,
                     enum aw_link_kind kind, bool nofollow);

/* The candidates of an img's or source's srcset. (HTML Living Standard,
 * 4.8.4.2.1) */
void aw_discover_srcset(struct aw_discover *d, struct aw_str srcset);

/* <link rel type href>: canonical is kept as a fact, alternate, next and prev
 * are links where type is that of a page or feed. */
void aw_discover_rel(struct aw_discover *d, struct aw_str rel,
                     struct aw_str type, struct aw_str href);

/* location='…', location.href='…', location.replace('…'), window.open('…'). */
void aw_discover_script(struct aw_discover *d, struct aw_str code);

/* data-href, data-url: where it looks like an address. */
void aw_discover_data_attr(struct aw_discover *d, struct aw_str value);

#endif
