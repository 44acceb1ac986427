/* show.h - bytes as a person may look at them: what aw_extract_input.show asks
 * for instead of a document. Runs inside a reader process.
 */
#ifndef AW_EXTRACT_SHOW_H
#define AW_EXTRACT_SHOW_H

#include "extract/extract.h"

#define AW_SHOW_BYTES_MAX ((size_t)32 << 20) /* of what is shown */

/* Appends text (UTF-8, codings undone within the input's limits): the source
 * as it stands, or what replay.h makes of it. Fills charset, charset_why and
 * note of doc. out's limit is AW_SHOW_BYTES_MAX. */
aw_rc aw_extract_show(const struct aw_extract_input *input,
                      struct aw_document *doc, struct aw_buf *out,
                      struct aw_err *err) AW_MUST_USE;

#endif
