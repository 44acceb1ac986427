/* script.h - the addresses that stand in a script as plain literals.
 *
 * Found are, in the order of the text: location = '…', location.href = '…',
 * location.replace('…'), location.assign('…') and window.open('…'), with any
 * quotes. A literal that is put together with something else, holds an escape
 * other than "\/" or a place to fill in ("{id}", "<%") is none.
 */
#ifndef AW_EXTRACT_SCRIPT_H
#define AW_EXTRACT_SCRIPT_H

#include "base/str.h"

/* The next one of *code, which moves behind it; false at the end. *url is a
 * view of room, which holds size bytes; longer ones are passed over. */
bool aw_script_next(struct aw_str *code, char *room, size_t size,
                    struct aw_str *url);

/* Does it begin like an address: with a scheme of the web, "/", "." or "?"?
 * Of those that hold blanks or a place to fill in: no. */
bool aw_script_is_address(struct aw_str text);

#endif
