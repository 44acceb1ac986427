/* written.h - the HTML that a script writes into its page as literals.
 *
 *     document.write('<b>' + name + '</b>')    here, where the script stands
 *     box.innerHTML = "…";  $('#x').html('…')  in some place of the page
 *
 * Nothing is run: of what is put together the literals are taken, one behind
 * the other. unescape('…') and decodeURIComponent('…') of a literal are
 * undone.
 */
#ifndef AW_EXTRACT_WRITTEN_H
#define AW_EXTRACT_WRITTEN_H

#include "base/buf.h"

/* Of one call, in bytes of code: what is behind is left out. */
#define AW_WRITTEN_CODE_MAX ((size_t)1 << 20)

/* Appends the next one's HTML to html; false at the end. *here: by
 * document.write. *code moves behind it. */
bool aw_written_next(struct aw_str *code, struct aw_buf *html, bool *here);

#endif
