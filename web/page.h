/* page.h - the files of web/page/, built into the program (page_gen.c makes
 * the table).
 */
#ifndef AW_WEB_PAGE_H
#define AW_WEB_PAGE_H

#include "base/str.h"

struct aw_page_file {
    const char *name; /* "app.js" */
    const unsigned char *bytes;
    size_t len;
};

/* By name; ended by one without. */
extern const struct aw_page_file aw_page_files[];

#endif
