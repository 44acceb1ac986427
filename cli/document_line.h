/* document_line.h - a line of JSON as a document, for `classify`.
 *
 *     {"id","channel","url","title","text" or "html"}
 *
 * Other members are passed over. A text is one block, code point for code
 * point as it is written, and a title block 1; html is read as a page. What
 * cannot be taken whole is refused: it would be told as clear.
 */
#ifndef AW_CLI_DOCUMENT_LINE_H
#define AW_CLI_DOCUMENT_LINE_H

#include "extract/extract.h"

#define AW_LINE_MAX ((size_t)64 << 20) /* bytes */
#define AW_LINE_VALUES_MAX ((size_t)100000)

/* Fills doc, which is initialised with the channel of a line that names none;
 * line has no blanks around it. AW_INVALID or AW_LIMIT where it is no such
 * object, with what to do. */
aw_rc aw_document_line_read(struct aw_document *doc, struct aw_str line,
                            struct aw_err *err) AW_MUST_USE;

/* aw_extract, of a page that holds text: a picture, or bytes of another kind,
 * is nothing that could be clear. */
aw_rc aw_document_page_read(const struct aw_extract_input *input,
                            struct aw_document *doc,
                            struct aw_err *err) AW_MUST_USE;

#endif
