/* print.h - a page of our own making on paper: HTML to PDF, by a browser.
 *
 * The browser of render_process.h, with a fresh profile and no way to the
 * network. What it shows is given to it through the pipe: the page, and the
 * pictures that it names by a path beside it; all else it asks for is
 * refused. Scripts are off, and a content policy forbids what is not an inline
 * style or such a picture, so that a page made of hostile texts stays paper.
 *
 * A4, with the head and the foot that the caller gives; the fonts that are
 * used are embedded. Each call waits until it is done or its time is up.
 */
#ifndef AW_CRAWLER_PRINT_H
#define AW_CRAWLER_PRINT_H

#include "base/buf.h"
#include "base/clock.h"

#define AW_PRINT_HTML_MAX ((size_t)24 << 20)    /* bytes of a page */
#define AW_PRINT_PICTURE_MAX ((size_t)40 << 20) /* of one picture */
#define AW_PRINT_PDF_MAX ((size_t)64 << 20)

struct aw_printer;

/* The bytes of the picture of that name; they live until the next call.
 * AW_MISSING: there is none. */
typedef aw_rc aw_print_picture_fn(void *self, struct aw_str name,
                                  struct aw_str *bytes, struct aw_err *err);

struct aw_printer_config {
    const char *program; /* path, as aw_browser_find gives it */
    const struct aw_clock *clock;
    int64_t page_ms;              /* for one page, whole */
    aw_print_picture_fn *picture; /* NULL: there are none */
    void *self;
};

/* Names are paths with slashes and without a first one, in UTF-8: those of
 * pictures are told as the page's own leads to them. */
struct aw_print_page {
    struct aw_str name;
    struct aw_str html;
    struct aw_str head; /* a line of text on top of each sheet */
};

/* Starts the browser. AW_FAIL where it does not come up. */
aw_rc aw_printer_new(struct aw_printer **out,
                     const struct aw_printer_config *config,
                     struct aw_err *err) AW_MUST_USE;
void aw_printer_free(struct aw_printer *printer);

/* Appends the PDF. AW_FAIL says what the browser did not do; the printer is
 * of no use after that. */
aw_rc aw_printer_print(struct aw_printer *printer,
                       const struct aw_print_page *page, struct aw_buf *pdf,
                       struct aw_err *err) AW_MUST_USE;

#endif
